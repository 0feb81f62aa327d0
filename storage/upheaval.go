package storage

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// upheaval counts what takes away what others rest on while they work: they learn that they have to begin anew.
type upheaval struct {
	mu       sync.Mutex
	changes  int64 // that took something away
	known    int64 // changes when somebody last began with what there is
	emptying int   // changes that are under way
}

// begin says that something is about to go. The returned function says that it is done.
func (u *upheaval) begin() (done func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.changes++
	u.emptying++
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		u.changes++
		u.emptying--
	}
}

// stale reports whether something is going, and whether who works has to begin anew.
func (u *upheaval) stale() (emptying, old bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.emptying > 0, u.known != u.changes
}

// waitAgain makes every exchange wait once more for those who fill a column, when key says that this was begun. It goes on
// where an earlier process was killed.
func (p *Project) waitAgain(ctx context.Context, column, key string) error {
	var done, last int64
	err := p.readers.QueryRowContext(ctx, `SELECT (SELECT value FROM meta WHERE key = ?),
		max(ifnull((SELECT max(id) FROM exchange), 0), ifnull((SELECT max(id) FROM trash), 0)) WHERE EXISTS (SELECT 1 FROM meta WHERE key = ?)`,
		key, key).Scan(&done, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	for ; done < last; done += sweepBatch {
		err := p.update(ctx, func(t *tx) error {
			for _, table := range []string{"exchange", "trash"} {
				if err := t.run("UPDATE "+table+" SET "+column+" = NULL WHERE id BETWEEN ? AND ? AND "+column+" IS NOT NULL", done+1, done+sweepBatch); err != nil {
					return err
				}
			}
			return t.setMeta(key, done+sweepBatch)
		})
		if err != nil {
			return err
		}
	}
	return p.update(ctx, func(t *tx) error { return t.run("DELETE FROM meta WHERE key = ?", key) })
}
