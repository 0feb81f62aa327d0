package storage

import (
	"context"
	"time"
)

// SavedFilter is a filter that a person gave a name.
type SavedFilter struct{ Name, Query string }

// maxRecentFilters is how many filters are remembered that were used last.
const maxRecentFilters = 20

// SaveFilter keeps a filter under a name, in place of the one that had it. An empty query forgets the name.
func (p *Project) SaveFilter(ctx context.Context, name, query string) error {
	return p.update(ctx, func(t *tx) error {
		if query == "" {
			return t.run("DELETE FROM filter WHERE name = ?", name)
		}
		return t.run("INSERT INTO filter (name, query, saved) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET query = excluded.query, saved = excluded.saved",
			name, query, time.Now().UnixMicro())
	})
}

// UsedFilter remembers that a filter was used. Of those that were used last 20 are kept.
func (p *Project) UsedFilter(ctx context.Context, query string) error {
	return p.update(ctx, func(t *tx) error {
		// Later than all others, whatever the clock says.
		err := t.run("INSERT INTO recent_filter (query, used) SELECT ?, max(?, ifnull(max(used) + 1, 0)) FROM recent_filter WHERE 1 ON CONFLICT (query) DO UPDATE SET used = excluded.used",
			query, time.Now().UnixMicro())
		if err != nil {
			return err
		}
		return t.run("DELETE FROM recent_filter WHERE query NOT IN (SELECT query FROM recent_filter ORDER BY used DESC LIMIT ?)", int64(maxRecentFilters))
	})
}

// Filters returns the saved filters by name, and those used last, newest first. A project that is open for reading only
// and was written before there were filters has none.
func (p *Project) Filters(ctx context.Context) (saved []SavedFilter, recent []string, err error) {
	var known bool
	err = p.readers.QueryRowContext(ctx, "SELECT count(*) = 2 FROM sqlite_schema WHERE name IN ('filter', 'recent_filter')").Scan(&known)
	if err != nil || !known {
		return nil, nil, err
	}
	err = p.each(ctx, "SELECT name, query FROM filter ORDER BY name COLLATE NOCASE, name", nil, func(scan func(...any) error) error {
		var f SavedFilter
		err := scan(&f.Name, &f.Query)
		saved = append(saved, f)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	err = p.each(ctx, "SELECT query FROM recent_filter ORDER BY used DESC", nil, func(scan func(...any) error) error {
		var query string
		err := scan(&query)
		recent = append(recent, query)
		return err
	})
	return saved, recent, err
}
