package storage

import (
	"context"
	"errors"
	"sync"
	"time"

	"assay/traffic"
)

// unreadMark remembers up to where everything is read. Exchanges are committed out of the order of their ids, so it
// follows at a distance.
type unreadMark struct {
	mu       sync.Mutex
	mark     int64
	next     int64
	nextTime time.Time
}

// unreadLag is longer than any exchange waits between getting its id and being in the file.
const unreadLag = 15 * time.Second

// Unread returns exchanges that ended and have no reading of Options.ReadingVersion, oldest first.
func (p *Project) Unread(ctx context.Context, limit int) ([]traffic.ID, error) {
	u := &p.unread
	u.mu.Lock()
	defer u.mu.Unlock()
	version := max(p.options.ReadingVersion, 1)
	var ids []traffic.ID
	clean := p.nextID.Load()
	err := p.each(ctx, "SELECT id, state FROM exchange WHERE id > ? AND (read <> ? OR state < 3) ORDER BY id", []any{u.mark, version},
		func(scan func(...any) error) error {
			var id, state int64
			if err := scan(&id, &state); err != nil {
				return err
			}
			clean = min(clean, id-1)
			if state >= stateEnded {
				ids = append(ids, traffic.ID(id))
			}
			if len(ids) >= limit && limit > 0 {
				return errEnough
			}
			return nil
		})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	switch now := time.Now(); {
	case u.nextTime.IsZero():
		u.next, u.nextTime = clean, now
	case now.Sub(u.nextTime) > unreadLag:
		u.mark, u.next, u.nextTime = min(u.next, clean), clean, now
	}
	return ids, nil
}

// errEnough ends a walk over rows early.
var errEnough = errors.New("enough")

// forgetUnreadMark makes Unread look at everything again.
func (p *Project) forgetUnreadMark() {
	p.unread.mu.Lock()
	defer p.unread.mu.Unlock()
	p.unread.mark, p.unread.next, p.unread.nextTime = 0, 0, time.Time{}
}
