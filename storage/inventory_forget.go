package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"assay/scanner"
)

// ErrNoDecision says that the project holds no decision of that id.
var ErrNoDecision = errors.New("the project holds no decision of that id")

// Decide keeps a person's decision about paths and returns its id. The endpoints at and below the place are gone, with
// their places of sensitive data and schemas, and their exchanges wait to be folded anew (see Again); endpoints elsewhere
// at the host keep their ids.
func (p *Project) Decide(ctx context.Context, d scanner.Decision) (id int64, err error) {
	names, err := json.Marshal(d.Names)
	if err != nil {
		return 0, err
	}
	err = p.reconsider(ctx, func(t *tx) error {
		err := t.get("INSERT INTO path_decision (host, merge, place, names) VALUES (?, ?, ?, ?) RETURNING id",
			[]any{d.Host, number(d.Merge), d.At, string(names)}, &id)
		if err != nil {
			return err
		}
		return t.doom(d.Host, d.At)
	})
	return id, err
}

// Undecide takes a decision back. All endpoints of the host are gone, and what was learned of its paths: it is learned
// anew.
func (p *Project) Undecide(ctx context.Context, id int64) error {
	return p.reconsider(ctx, func(t *tx) error {
		var host string
		err := t.get("DELETE FROM path_decision WHERE id = ? RETURNING host", []any{id}, &host)
		if errors.Is(err, sql.ErrNoRows) {
			err = ErrNoDecision
		}
		if err != nil {
			return err
		}
		if err := t.run("DELETE FROM path_tree WHERE host = ?", host); err != nil {
			return err
		}
		return t.doom(host, "")
	})
}

// Decisions returns what a person said about the paths of hosts, oldest first.
func (p *Project) Decisions(ctx context.Context) ([]scanner.Decision, error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return nil, err
	}
	return loadDecisions(ctx, p.readers)
}

func loadDecisions(ctx context.Context, q querier) ([]scanner.Decision, error) {
	return eachOf(ctx, q, "SELECT id, host, merge, place, names FROM path_decision ORDER BY id", nil,
		func(scan func(...any) error) (d scanner.Decision, err error) {
			var names string
			if err := scan(&d.ID, &d.Host, &d.Merge, &d.At, &names); err != nil {
				return d, err
			}
			if err := json.Unmarshal([]byte(names), &d.Names); err != nil {
				return d, fmt.Errorf("the decision %d: %w: %w", d.ID, errCodec, err)
			}
			return d, nil
		})
}

// reconsider makes endpoints go, and all that belonged to them.
func (p *Project) reconsider(ctx context.Context, f func(*tx) error) error {
	if p.readOnly {
		return errReadOnly
	}
	defer p.stock.begin()()
	if err := p.update(ctx, f); err != nil {
		return err
	}
	// What has begun is ended, whoever asked for it: half an inventory is of no use.
	if err := p.tidy(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	p.feeds.miss()
	return nil
}

// doom marks the endpoints of a host at and below a place as gone; sweep does the rest.
func (t *tx) doom(host, place string) error {
	revision, err := t.nextRevision()
	if err != nil {
		return err
	}
	place = strings.TrimRight(place, "/")
	below := place + "/"
	const gone = " SET merged = -1, revision = ?1 WHERE "
	err = t.run("UPDATE endpoint"+gone+"host = ?2 AND merged IS NULL AND (path = ?3 OR substr(path, 1, length(?4)) = ?4 OR ?4 = '/')", revision, host, place, below)
	if err != nil {
		return err
	}
	return t.run("UPDATE endpoint"+gone+"merged IN (SELECT id FROM endpoint WHERE merged = -1)", revision)
}

// sweepBatch is how many rows change in one transaction while endpoints go.
const sweepBatch = 5000

// sweep takes away what belonged to endpoints that are gone. Their exchanges wait to be folded again.
func (p *Project) sweep(ctx context.Context) error {
	ids, err := eachOf(ctx, p.readers, "SELECT id FROM endpoint WHERE merged = -1 AND host <> ''", nil,
		func(scan func(...any) error) (id int64, err error) { return id, scan(&id) })
	if err != nil {
		return err
	}
	for _, id := range ids {
		for done := false; !done; {
			err := p.update(ctx, func(t *tx) error {
				done, err = t.sweepSome(id)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// sweepSome takes away some of what belonged to an endpoint and reports whether that was all.
func (t *tx) sweepSome(id int64) (done bool, err error) {
	for _, table := range []string{"exchange", "trash"} {
		n, err := t.changed("UPDATE "+table+" SET endpoint = ? WHERE id IN (SELECT id FROM "+table+" WHERE endpoint > 0 AND endpoint = ? LIMIT ?)",
			again, id, sweepBatch)
		if err != nil {
			return false, err
		}
		if table == "exchange" {
			t.count(tallyEndpoint, id, int64(-n))
		}
		if n == sweepBatch {
			return false, nil
		}
	}
	n, err := t.changed(`DELETE FROM hit WHERE (place, exchange) IN (SELECT h.place, h.exchange FROM place p JOIN hit h ON h.place = p.id
		WHERE p.endpoint = ? LIMIT ?)`, id, sweepBatch)
	if err != nil || n == sweepBatch {
		return false, err
	}
	for _, query := range []string{
		"DELETE FROM place WHERE endpoint = ?", "DELETE FROM endpoint_shape WHERE id = ?", "UPDATE change SET endpoint = 0 WHERE endpoint > 0 AND endpoint = ?",
	} {
		if err := t.run(query, id); err != nil {
			return false, err
		}
	}
	revision, err := t.nextRevision()
	if err != nil {
		return false, err
	}
	return true, t.run("UPDATE endpoint SET revision = ?1, found = ?2, "+blank+" WHERE id = ?3", revision, time.Now().UnixMicro(), id)
}

// blank leaves nothing of an endpoint that is gone but its id, which is never given again.
const blank = `scheme = '', host = '', method = '', path = '', operation = '', protocol = '', kind = '', provider = '', family = '', access = '',
 documented = '', first_seen = NULL, last_seen = NULL, first = NULL, last = NULL, risk = 0, sample = '', auth = '', facts = x''`

// ForgetInventory empties the inventory, but for what a person said (decisions, custom types, documents, when the
// inventory was last looked at): everything is folded anew. Nobody can fold meanwhile.
func (p *Project) ForgetInventory(ctx context.Context) error {
	return p.reconsider(ctx, func(t *tx) error {
		for _, table := range []string{
			"hit", "place", "asset", "asset_version", "asset_use", "edge", "change", "endpoint_shape", "path_tree",
		} {
			if err := t.run("DELETE FROM " + table); err != nil {
				return err
			}
		}
		revision, err := t.nextRevision()
		if err != nil {
			return err
		}
		err = t.run("UPDATE endpoint SET merged = -1, n = 0, revision = ?1, found = ?2, "+blank+" WHERE merged IS NOT -1 OR host <> ''", revision, time.Now().UnixMicro())
		if err != nil {
			return err
		}
		return t.setMeta(metaEmptying, 0)
	})
}

// tidy ends what was begun, also by an earlier process that was killed.
func (p *Project) tidy(ctx context.Context) error {
	for _, end := range []func(context.Context) error{
		func(ctx context.Context) error { return p.waitAgain(ctx, "endpoint", metaEmptying) },
		func(ctx context.Context) error { return p.waitAgain(ctx, "watched", metaWatchEmptying) },
		p.sweep,
	} {
		if err := end(ctx); err != nil {
			return err
		}
	}
	return nil
}
