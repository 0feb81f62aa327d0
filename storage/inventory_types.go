package storage

import (
	"context"

	"assay/scanner"
)

// TypeTotal sums up where one type of sensitive data travels.
type TypeTotal struct {
	Type, Class string
	Places      int
	Exchanges   int64 // with data of the type, each once
}

// TypeTotals returns them by type.
func (p *Project) TypeTotals(ctx context.Context) ([]TypeTotal, error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return nil, err
	}
	return eachOf(ctx, p.readers, `SELECT type, max(class), count(*), (SELECT count(DISTINCT h.exchange) FROM place l CROSS JOIN hit h ON h.place = l.id
		CROSS JOIN exchange e ON e.id = h.exchange WHERE l.type = p.type AND max(p.n) > 0) FROM place p GROUP BY type ORDER BY type`, nil,
		func(scan func(...any) error) (t TypeTotal, err error) {
			err = scan(&t.Type, &t.Class, &t.Places, &t.Exchanges)
			return t, err
		})
}

// PlaceFilter selects a page of places, those of the most exchanges first. Empty fields select all.
type PlaceFilter struct {
	Type, Class string
	Endpoint    scanner.EndpointID
	From, Limit int
}

// ListPlaces returns a page of places with counts, and how many there are in all: secrets first, then what is personal, then
// payloads, which every call of a model has.
func (p *Project) ListPlaces(ctx context.Context, f PlaceFilter) (page []*scanner.Place, all int, err error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return nil, 0, err
	}
	const where = "WHERE ?1 IN ('', type) AND ?2 IN ('', class) AND ?3 IN (0, endpoint)"
	err = p.snapshot(ctx, func(q querier) error {
		if err := q.QueryRowContext(ctx, "SELECT count(*) FROM place "+where, f.Type, f.Class, int64(f.Endpoint)).Scan(&all); err != nil {
			return err
		}
		page, err = loadPlaces(ctx, q, where+" ORDER BY class DESC, n DESC, id LIMIT ?4 OFFSET ?5", f.Type, f.Class, int64(f.Endpoint), int64(f.Limit), int64(f.From))
		return err
	})
	return page, all, err
}
