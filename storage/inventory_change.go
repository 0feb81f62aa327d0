package storage

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"assay/scanner"
)

// saveChange adds a line to the timeline. It gets the next id, which is the one that who folds counts on.
func (t *tx) saveChange(c *scanner.Change) error {
	return t.run("INSERT INTO change (at, found, kind, endpoint, asset, exchange, what, detail, severity) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		unixMicro(c.At), unixMicro(c.Found), string(c.Kind), int64(c.Endpoint), int64(c.Asset), int64(c.Exchange), c.What, c.Detail, c.Severity)
}

// ChangeFilter selects lines of the timeline.
type ChangeFilter struct {
	Endpoint scanner.EndpointID   // 0: all
	Asset    scanner.AssetID      // 0: all
	Kinds    []scanner.ChangeKind // none: all
	Before   int64                // only ids smaller than this; 0: from the newest
	Since    time.Time            // only those found later; zero: all
	Limit    int                  // 0 means 100; less than 0 means all
}

// where is the condition of the filter with its arguments.
func (f *ChangeFilter) where() (string, []any, error) {
	conditions := []string{"1"}
	var args []any
	add := func(condition string, values ...any) {
		conditions = append(conditions, condition)
		args = append(args, values...)
	}
	if f.Endpoint != 0 {
		add("endpoint > 0 AND endpoint = ?", int64(f.Endpoint))
	}
	if f.Asset != 0 {
		add("asset > 0 AND asset = ?", int64(f.Asset))
	}
	if len(f.Kinds) > 0 {
		list, err := json.Marshal(f.Kinds)
		if err != nil {
			return "", nil, err
		}
		add("kind IN (SELECT value FROM json_each(?))", string(list))
	}
	if f.Before > 0 {
		add("id < ?", f.Before)
	}
	if !f.Since.IsZero() {
		add("found > ?", f.Since.UnixMicro())
	}
	return strings.Join(conditions, " AND "), args, nil
}

// Changes returns lines of the timeline, newest first.
func (p *Project) Changes(ctx context.Context, f ChangeFilter) ([]scanner.Change, error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return nil, err
	}
	where, args, err := f.where()
	if err != nil {
		return nil, err
	}
	limit := f.Limit
	if limit == 0 {
		limit = defaultLimit
	}
	return eachOf(ctx, p.readers, "SELECT id, at, found, kind, endpoint, asset, exchange, what, detail, severity FROM change WHERE "+where+
		" ORDER BY id DESC LIMIT ?", append(args, max(limit, -1)), func(scan func(...any) error) (c scanner.Change, err error) {
		var at, found int64
		var kind string
		err = scan(&c.ID, &at, &found, &kind, &c.Endpoint, &c.Asset, &c.Exchange, &c.What, &c.Detail, &c.Severity)
		c.At, c.Found, c.Kind = fromMicro(at), fromMicro(found), scanner.ChangeKind(kind)
		return c, err
	})
}

// CountChanges counts lines of the timeline that were found after a moment.
func (p *Project) CountChanges(ctx context.Context, since time.Time) (n int64, err error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return 0, err
	}
	err = p.readers.QueryRowContext(ctx, "SELECT count(*) FROM change WHERE found > ?", unixMicro(since)).Scan(&n)
	return n, err
}
