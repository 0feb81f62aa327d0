package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// nextRevision returns the number that endpoints get that this transaction changes.
func (t *tx) nextRevision() (int64, error) {
	if t.revision != 0 {
		return t.revision, nil
	}
	err := t.get("INSERT INTO meta (key, value) VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET value = value + 1 RETURNING value",
		[]any{metaRevision}, &t.revision)
	return t.revision, err
}

// saveEndpoint writes all of an endpoint but its count.
func (t *tx) saveEndpoint(e *scanner.Endpoint, revision int64) error {
	facts, err := packEndpointFacts(&e.Facts)
	if err != nil {
		return err
	}
	var merged any
	if e.Merged != 0 {
		merged = int64(e.Merged)
	}
	var auth []string
	for _, a := range e.Facts.Auth {
		auth = append(auth, a.Kind)
	}
	return t.run(`INSERT INTO endpoint (id, revision, scheme, host, method, path, operation, protocol, kind, provider, family, access, documented,
		first_seen, last_seen, first, last, found, risk, sample, merged, auth, facts)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, scheme = excluded.scheme, host = excluded.host, method = excluded.method,
		path = excluded.path, operation = excluded.operation, protocol = excluded.protocol, kind = excluded.kind, provider = excluded.provider,
		family = excluded.family, access = excluded.access, documented = excluded.documented, first_seen = excluded.first_seen,
		last_seen = excluded.last_seen, first = excluded.first, last = excluded.last, found = excluded.found, risk = excluded.risk,
		sample = excluded.sample, merged = excluded.merged, auth = excluded.auth, facts = excluded.facts`,
		int64(e.ID), revision, e.Scheme, e.Host, e.Method, e.Path, e.Operation, string(e.Protocol), string(e.Kind), e.Provider, e.Family,
		string(e.Access), string(e.Documented), timeOrNull(e.FirstSeen), timeOrNull(e.LastSeen), orNull(e.First), orNull(e.Last),
		unixMicro(e.Found), int64(e.Risk), e.Sample, merged, lines(auth), facts)
}

// moveEndpoint gives exchanges and places of an endpoint to another, which it becomes part of.
func (t *tx) moveEndpoint(from, to scanner.EndpointID) error {
	n, err := t.changed("UPDATE exchange SET endpoint = ?1 WHERE endpoint > 0 AND endpoint = ?2", int64(to), int64(from))
	if err != nil {
		return err
	}
	t.count(tallyEndpoint, int64(from), int64(-n))
	t.count(tallyEndpoint, int64(to), int64(n))
	revision, err := t.nextRevision()
	if err != nil {
		return err
	}
	if err := t.run("UPDATE endpoint SET merged = ?1, revision = ?3 WHERE id = ?2 OR merged = ?2", int64(to), int64(from), revision); err != nil {
		return err
	}
	for _, query := range []string{
		"UPDATE trash SET endpoint = ?1 WHERE endpoint > 0 AND endpoint = ?2", "UPDATE place SET endpoint = ?1 WHERE endpoint = ?2",
	} {
		if err := t.run(query, int64(to), int64(from)); err != nil {
			return err
		}
	}
	return t.run("DELETE FROM endpoint_shape WHERE id = ?", int64(from))
}

func (t *tx) saveShape(id scanner.EndpointID, data []byte) error {
	packed, err := squeezeFast(data)
	if err != nil {
		return err
	}
	return t.run("INSERT INTO endpoint_shape (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data", int64(id), packed)
}

func (t *tx) saveTree(host string, data []byte) error {
	packed, err := squeezeFast(data)
	if err != nil {
		return err
	}
	return t.run("INSERT INTO path_tree (host, data) VALUES (?, ?) ON CONFLICT (host) DO UPDATE SET data = excluded.data", host, packed)
}

// Shape returns what SaveFold got in Fold.Shapes; nil when there is none.
func (p *Project) Shape(ctx context.Context, id scanner.EndpointID) ([]byte, error) {
	return p.packed(ctx, "SELECT data FROM endpoint_shape WHERE id = ?", int64(id))
}

// Tree returns what SaveFold got in Fold.Trees; nil when there is none.
func (p *Project) Tree(ctx context.Context, host string) ([]byte, error) {
	return p.packed(ctx, "SELECT data FROM path_tree WHERE host = ?", host)
}

// packed inflates the one value a query returns; nil when there is none.
func (p *Project) packed(ctx context.Context, query string, arg any) ([]byte, error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return nil, err
	}
	var b []byte
	err := p.readers.QueryRowContext(ctx, query, arg).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return inflate(b)
}

// EndpointsSince returns endpoints that changed after a revision (0: all), merged ones too, and the newest revision. Of
// endpoints that are gone since then it returns the ids, with Merged set to scanner.EndpointGone.
func (p *Project) EndpointsSince(ctx context.Context, revision int64) (list []*scanner.Endpoint, newest int64, err error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return nil, 0, err
	}
	err = p.snapshot(ctx, func(q querier) error {
		err := q.QueryRowContext(ctx, "SELECT ifnull((SELECT value FROM meta WHERE key = ?), 0)", metaRevision).Scan(&newest)
		if err != nil || newest == revision {
			return err
		}
		where := "WHERE revision > ? ORDER BY id"
		if revision == 0 {
			where = "WHERE revision > ? AND (merged IS NULL OR merged > 0) ORDER BY id"
		}
		list, err = loadEndpoints(ctx, q, where, revision)
		return err
	})
	return list, newest, err
}

const endpointColumns = `id, scheme, host, method, path, operation, protocol, kind, provider, family, access, documented, first_seen, last_seen,
 first, last, found, n, risk, sample, merged, facts`

// loadEndpoints loads endpoints; end is what follows FROM endpoint.
func loadEndpoints(ctx context.Context, q querier, end string, args ...any) ([]*scanner.Endpoint, error) {
	shared := newWords()
	return eachOf(ctx, q, "SELECT "+endpointColumns+" FROM endpoint "+end, args, func(scan func(...any) error) (*scanner.Endpoint, error) {
		return scanEndpoint(scan, shared)
	})
}

func scanEndpoint(scan func(...any) error, shared *words) (*scanner.Endpoint, error) {
	e := &scanner.Endpoint{}
	var protocol, kind, access, documented string
	var firstSeen, lastSeen, first, last, merged sql.NullInt64
	var found int64
	var facts sql.RawBytes
	if err := scan(&e.ID, &e.Scheme, &e.Host, &e.Method, &e.Path, &e.Operation, &protocol, &kind, &e.Provider, &e.Family, &access, &documented,
		&firstSeen, &lastSeen, &first, &last, &found, &e.Count, &e.Risk, &e.Sample, &merged, &facts); err != nil {
		return e, err
	}
	for _, s := range []*string{&e.Scheme, &e.Host, &e.Method, &e.Operation, &e.Provider, &e.Family, &protocol, &kind, &access, &documented} {
		*s = shared.of(*s)
	}
	e.Protocol, e.Kind = scanner.Protocol(protocol), llm.Kind(kind)
	e.Access, e.Documented = scanner.Access(access), scanner.Documented(documented)
	e.FirstSeen, e.LastSeen, e.Found = microOrZero(firstSeen), microOrZero(lastSeen), fromMicro(found)
	e.First, e.Last = traffic.ID(first.Int64), traffic.ID(last.Int64)
	e.Merged = scanner.EndpointID(merged.Int64)
	return e, unpackEndpointFacts(facts, &e.Facts, shared)
}

func microOrZero(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.UnixMicro(n.Int64).UTC()
}

// Operations tells what exchanges asked for where one path stands for everything: methods of JSON-RPC, operations of
// GraphQL. Exchanges of which that cannot be said are left out.
func (p *Project) Operations(ctx context.Context, ids []traffic.ID) (map[traffic.ID]string, error) {
	operations := map[traffic.ID]string{}
	if has, err := p.hasInventory(ctx); err != nil || !has || len(ids) == 0 {
		return operations, err
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	err = p.each(ctx, "SELECT e.id, p.operation FROM exchange e JOIN endpoint p ON p.id = e.endpoint WHERE p.operation <> '' AND e.id IN (SELECT value FROM json_each(?))",
		[]any{string(list)}, func(scan func(...any) error) error {
			var id traffic.ID
			var operation string
			err := scan(&id, &operation)
			operations[id] = operation
			return err
		})
	return operations, err
}
