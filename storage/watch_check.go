package storage

import (
	"context"

	"assay/traffic"
)

// checkWatch looks for what does not belong together in threats, actors and rulings.
func (p *Project) checkWatch(ctx context.Context, add func(id traffic.ID, format string, args ...any)) error {
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return err
	}
	for what, query := range map[string]string{
		"it counts in a threat, and it is not there": "SELECT DISTINCT exchange FROM threat_moment WHERE exchange > 0 AND exchange NOT IN (SELECT id FROM exchange UNION ALL SELECT id FROM trash)",
		"it counts in a threat that is not there":    "SELECT DISTINCT exchange FROM threat_moment WHERE threat NOT IN (SELECT id FROM threat)",
		"a policy was used on it, and it is not there": `SELECT DISTINCT exchange FROM ruling WHERE exchange > 0 AND exchange <= (SELECT max(id) FROM exchange)
			AND exchange NOT IN (SELECT id FROM exchange UNION ALL SELECT id FROM trash)`,
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
		"threat %d says that it has %d moments, and has %d":      "SELECT t.id, t.n, count(m.threat) AS has FROM threat t LEFT JOIN threat_moment m ON m.threat = t.id GROUP BY t.id HAVING has > t.n",
		"actor %d says that it has %d exchanges, and has %d":     "SELECT a.id, a.n, count(e.id) AS has FROM actor a LEFT JOIN exchange e ON e.watched > 0 AND e.watched = a.id GROUP BY a.id HAVING has > a.n",
		"threat %d was seen last at %d, before it was first, %d": "SELECT id, last, first FROM threat WHERE last < first",
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
	return p.checkWatchDefinitions(ctx, add)
}

// checkWatchDefinitions reads what is kept of the watch beside its columns.
func (p *Project) checkWatchDefinitions(ctx context.Context, add func(id traffic.ID, format string, args ...any)) error {
	for _, read := range []func() error{
		func() error { _, _, err := p.Threats(ctx, ThreatQuery{}); return err },
		func() error { _, _, err := p.Actors(ctx, ActorQuery{}); return err },
		func() error { _, err := p.Exceptions(ctx); return err },
		func() error { _, err := p.RuleSettings(ctx); return err },
		func() error { _, err := p.Policies(ctx); return err },
		func() error { _, _, err := p.Rulings(ctx, RulingQuery{}); return err },
		func() error { _, err := p.Identity(ctx); return err },
		func() error {
			return p.each(ctx, "SELECT threat, at, exchange, definition FROM threat_moment", nil, func(scan func(...any) error) error {
				var threat int64
				_, err := scanMoment(0, func(into ...any) error { return scan(append([]any{&threat}, into...)...) })
				return err
			})
		},
		func() error {
			return p.each(ctx, "SELECT data FROM watch_state", nil, func(scan func(...any) error) error {
				var data []byte
				if err := scan(&data); err != nil {
					return err
				}
				_, err := inflate(data)
				return err
			})
		},
	} {
		if err := read(); err != nil {
			if ctx.Err() != nil {
				return err
			}
			add(0, "%v", err)
		}
	}
	return nil
}
