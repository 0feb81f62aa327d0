package storage

import (
	"context"

	"assay/scanner"
	"assay/traffic"
)

// savePlace writes all of a place but its count.
func (t *tx) savePlace(p *scanner.Place) error {
	return t.run(`INSERT INTO place (id, endpoint, direction, role, path, type, class, confidence, sample, first_seen, last_seen, first, last)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET endpoint = excluded.endpoint, direction = excluded.direction, role = excluded.role, path = excluded.path,
		type = excluded.type, class = excluded.class, confidence = excluded.confidence, sample = excluded.sample, first_seen = excluded.first_seen,
		last_seen = excluded.last_seen, first = excluded.first, last = excluded.last`,
		int64(p.ID), int64(p.Endpoint), p.Direction, p.Role, p.Path, p.Type, p.Class, p.Confidence, p.Sample, unixMicro(p.FirstSeen),
		unixMicro(p.LastSeen), int64(p.First), int64(p.Last))
}

// saveHit notes that an exchange has data at a place, and reports whether there is such a place. listed says that the
// exchange is not in the trash.
func (t *tx) saveHit(h scanner.Hit, listed bool) (known bool, err error) {
	n, err := t.changed("INSERT INTO hit (place, exchange, n) SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM place WHERE id = ?1) ON CONFLICT DO NOTHING",
		int64(h.Place), int64(h.Exchange), int64(h.N))
	if err != nil {
		return false, err
	}
	if n > 0 {
		if listed {
			t.count(tallyPlace, int64(h.Place), 1)
		}
		return true, nil
	}
	n, err = t.changed("UPDATE hit SET n = ? WHERE place = ? AND exchange = ?", int64(h.N), int64(h.Place), int64(h.Exchange))
	return n > 0, err
}

// joinPlace makes a place part of an equal one.
func (t *tx) joinPlace(from, to scanner.PlaceID) error {
	for _, query := range []string{
		"UPDATE OR IGNORE hit SET place = ?2 WHERE place = ?1",
		"DELETE FROM hit WHERE place = ?1 AND ?2 <> 0",
		`UPDATE place SET first_seen = min(place.first_seen, f.first_seen), last_seen = max(place.last_seen, f.last_seen),
			first = min(place.first, f.first), last = max(place.last, f.last), confidence = max(place.confidence, f.confidence),
			sample = iif(f.confidence > place.confidence, f.sample, place.sample)
			FROM (SELECT * FROM place WHERE id = ?1) f WHERE place.id = ?2`,
		"DELETE FROM place WHERE id = ?1 AND ?2 <> 0",
	} {
		if err := t.run(query, int64(from), int64(to)); err != nil {
			return err
		}
	}
	return nil
}

// countHits counts the exchanges outside of the trash at place ?1.
const countHits = "(SELECT count(*) FROM hit h JOIN exchange e ON e.id = h.exchange WHERE h.place = place.id)"

func (t *tx) recountPlace(id scanner.PlaceID) error {
	delete(t.tally, tallyKey{tallyPlace, int64(id)})
	return t.run("UPDATE place SET n = "+countHits+" WHERE id = ?", int64(id))
}

// Places returns where sensitive data travels at an endpoint, or everywhere when it is 0, with counts.
func (p *Project) Places(ctx context.Context, endpoint scanner.EndpointID) ([]*scanner.Place, error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return nil, err
	}
	if endpoint == 0 {
		return loadPlaces(ctx, p.readers, "ORDER BY id")
	}
	return loadPlaces(ctx, p.readers, "WHERE endpoint = ? ORDER BY id", int64(endpoint))
}

// loadPlaces loads places; end is what follows FROM place.
func loadPlaces(ctx context.Context, q querier, end string, args ...any) ([]*scanner.Place, error) {
	return eachOf(ctx, q, `SELECT id, endpoint, direction, role, path, type, class, confidence, sample, first_seen, last_seen, first, last, n
		FROM place `+end, args, func(scan func(...any) error) (*scanner.Place, error) {
		p := &scanner.Place{}
		var firstSeen, lastSeen int64
		err := scan(&p.ID, &p.Endpoint, &p.Direction, &p.Role, &p.Path, &p.Type, &p.Class, &p.Confidence, &p.Sample, &firstSeen, &lastSeen,
			&p.First, &p.Last, &p.Count)
		p.FirstSeen, p.LastSeen = fromMicro(firstSeen), fromMicro(lastSeen)
		return p, err
	})
}

// Sensitive returns which types of sensitive data were found in exchanges, sorted; those without are left out.
func (p *Project) Sensitive(ctx context.Context, ids []traffic.ID) (map[traffic.ID][]string, error) {
	found := map[traffic.ID][]string{}
	if has, err := p.hasInventory(ctx); err != nil || !has || len(ids) == 0 {
		return found, err
	}
	list, err := idList(ids)
	if err != nil {
		return nil, err
	}
	err = p.each(ctx, `SELECT DISTINCT h.exchange, p.type FROM json_each(?) j CROSS JOIN hit h ON h.exchange = j.value CROSS JOIN place p ON p.id = h.place
		ORDER BY h.exchange, p.type`, []any{list}, func(scan func(...any) error) error {
		var id traffic.ID
		var kind string
		err := scan(&id, &kind)
		found[id] = append(found[id], kind)
		return err
	})
	return found, err
}
