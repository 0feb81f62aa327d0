package storage

import (
	"context"

	"assay/traffic"
)

// checkInventory looks for what does not belong together in the inventory.
func (p *Project) checkInventory(ctx context.Context, add func(id traffic.ID, format string, args ...any)) error {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return err
	}
	for what, query := range map[string]string{
		"the endpoint it belongs to is not known": `SELECT id FROM (SELECT id, endpoint FROM exchange WHERE endpoint > 0 UNION ALL SELECT id, endpoint FROM trash WHERE endpoint > 0)
			WHERE endpoint NOT IN (SELECT id FROM endpoint)`,
		"the endpoint it belongs to became part of another": `SELECT e.id FROM endpoint p JOIN exchange e ON e.endpoint > 0 AND e.endpoint = p.id
			WHERE p.merged IS NOT NULL`,
		"it has sensitive data at a place that is not known":  "SELECT DISTINCT exchange FROM hit WHERE place NOT IN (SELECT id FROM place)",
		"sensitive data was found in it, and it is not there": "SELECT DISTINCT exchange FROM hit WHERE exchange NOT IN (SELECT id FROM exchange UNION ALL SELECT id FROM trash)",
		"it has to do with an asset that is not known":        "SELECT DISTINCT exchange FROM asset_use WHERE asset NOT IN (SELECT id FROM asset)",
		"it has to do with an asset, and it is not there":     "SELECT DISTINCT exchange FROM asset_use WHERE exchange NOT IN (SELECT id FROM exchange UNION ALL SELECT id FROM trash)",
	} {
		err := p.each(ctx, query, nil, func(scan func(...any) error) error {
			var id traffic.ID
			err := scan(&id)
			add(id, "%s", what)
			return err
		})
		if err != nil {
			return err
		}
	}
	for what, query := range map[string]string{
		"endpoint %d says that it has %d exchanges, and has %d": `SELECT p.id, p.n, count(e.id) AS has FROM endpoint p
			LEFT JOIN exchange e ON e.endpoint > 0 AND e.endpoint = p.id WHERE p.merged IS NULL GROUP BY p.id HAVING p.n <> has`,
		"place %d says that it has %d exchanges, and has %d": "SELECT id, n, " + countHits + " AS has FROM place WHERE n <> has",
		"place %d is at endpoint %d, which is not there%.0d": "SELECT id, endpoint, 0 FROM place WHERE endpoint NOT IN (SELECT id FROM endpoint WHERE merged IS NULL)",
		"endpoint %d and %d are one, as %d are":              `SELECT min(id), max(id), count(*) FROM endpoint WHERE merged IS NULL GROUP BY scheme, host, method, path, operation HAVING count(*) > 1`,
	} {
		err := p.each(ctx, query, nil, func(scan func(...any) error) error {
			var id, says, has int64
			err := scan(&id, &says, &has)
			add(0, what, id, says, has)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
