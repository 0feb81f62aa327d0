package storage

import (
	"context"

	"assay/scanner"
)

func (t *tx) saveAsset(a *scanner.Asset) error {
	facts, err := packFacts(&a.Facts)
	if err != nil {
		return err
	}
	return t.run(`INSERT INTO asset (id, kind, key, name, host, provider, first_seen, last_seen, first, last, found, n, versions, fingerprint, facts)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, key = excluded.key, name = excluded.name, host = excluded.host,
		provider = excluded.provider, first_seen = excluded.first_seen, last_seen = excluded.last_seen, first = excluded.first,
		last = excluded.last, found = excluded.found, n = excluded.n, versions = excluded.versions, fingerprint = excluded.fingerprint,
		facts = excluded.facts`,
		int64(a.ID), string(a.Kind), a.Key, a.Name, a.Host, a.Provider, unixMicro(a.FirstSeen), unixMicro(a.LastSeen), int64(a.First),
		int64(a.Last), unixMicro(a.Found), a.Count, int64(a.Versions), a.Fingerprint, facts)
}

func (t *tx) saveVersion(v *scanner.Version) error {
	text, err := squeezeFast([]byte(v.Text))
	if err != nil {
		return err
	}
	return t.run(`INSERT INTO asset_version (asset, n, fingerprint, seen, exchange, text) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (asset, n) DO UPDATE SET fingerprint = excluded.fingerprint, seen = excluded.seen, exchange = excluded.exchange, text = excluded.text`,
		int64(v.Asset), int64(v.N), v.Fingerprint, unixMicro(v.Seen), int64(v.Exchange), text)
}

func (t *tx) saveEdge(e *scanner.Edge) error {
	return t.run(`INSERT INTO edge (source, target, n, first, last, last_seen) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (source, target) DO UPDATE SET n = excluded.n, first = excluded.first, last = excluded.last, last_seen = excluded.last_seen`,
		int64(e.From), int64(e.To), e.Count, int64(e.First), int64(e.Last), unixMicro(e.LastSeen))
}

// Assets returns assets of a kind, or all when it is empty, most used first.
func (p *Project) Assets(ctx context.Context, kind scanner.AssetKind) ([]*scanner.Asset, error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return nil, err
	}
	return loadAssets(ctx, p.readers, "WHERE ? IN ('', kind) ORDER BY n DESC, id", string(kind))
}

// loadAssets loads assets; end is what follows FROM asset.
func loadAssets(ctx context.Context, q querier, end string, args ...any) ([]*scanner.Asset, error) {
	return eachOf(ctx, q, `SELECT id, kind, key, name, host, provider, first_seen, last_seen, first, last, found, n, versions, fingerprint, facts
		FROM asset `+end, args, func(scan func(...any) error) (*scanner.Asset, error) {
		a := &scanner.Asset{}
		var kind string
		var firstSeen, lastSeen, found int64
		var facts []byte
		err := scan(&a.ID, &kind, &a.Key, &a.Name, &a.Host, &a.Provider, &firstSeen, &lastSeen, &a.First, &a.Last, &found, &a.Count, &a.Versions,
			&a.Fingerprint, &facts)
		if err != nil {
			return nil, err
		}
		a.Kind = scanner.AssetKind(kind)
		a.FirstSeen, a.LastSeen, a.Found = fromMicro(firstSeen), fromMicro(lastSeen), fromMicro(found)
		return a, unpackFacts(facts, &a.Facts)
	})
}

// Versions returns the texts or definitions an asset had, oldest first.
func (p *Project) Versions(ctx context.Context, id scanner.AssetID) ([]scanner.Version, error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return nil, err
	}
	return eachOf(ctx, p.readers, "SELECT asset, n, fingerprint, seen, exchange, text FROM asset_version WHERE asset = ? ORDER BY n", []any{int64(id)},
		func(scan func(...any) error) (v scanner.Version, err error) {
			var seen int64
			var packed []byte
			if err := scan(&v.Asset, &v.N, &v.Fingerprint, &seen, &v.Exchange, &packed); err != nil {
				return v, err
			}
			v.Seen = fromMicro(seen)
			text, err := inflate(packed)
			v.Text = string(text)
			return v, err
		})
}

// Edges returns all arrows of the map.
func (p *Project) Edges(ctx context.Context) ([]*scanner.Edge, error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return nil, err
	}
	return loadEdges(ctx, p.readers)
}

func loadEdges(ctx context.Context, q querier) ([]*scanner.Edge, error) {
	return eachOf(ctx, q, "SELECT source, target, n, first, last, last_seen FROM edge ORDER BY source, target", nil,
		func(scan func(...any) error) (*scanner.Edge, error) {
			e := &scanner.Edge{}
			var lastSeen int64
			err := scan(&e.From, &e.To, &e.Count, &e.First, &e.Last, &lastSeen)
			e.LastSeen = fromMicro(lastSeen)
			return e, err
		})
}
