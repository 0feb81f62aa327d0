package storage

import (
	"context"
	"database/sql"
	"sync"
	"time"

	"assay/traffic"
)

// How a project is followed that another process writes.
const (
	lookBack  = 4000            // exchanges are compared with how they were seen last
	lookWhole = 5 * time.Second // feeds are told that something was missed, at most
)

// onlooker remembers what it saw of a project that another process writes.
type onlooker struct {
	mu      sync.Mutex
	db      *sql.DB // one connection: what SQLite tells of changes is about other connections
	version int64   // of the file, as that connection counts
	seen    map[traffic.ID]sighting
	told    time.Time // when feeds were told that something was missed
	behind  bool      // something changed since
}

// sighting is what an exchange looked like.
type sighting struct{ state, read, flags, bytes, colour, tags, note, endpoint int64 }

// Look finds out what another process wrote into a project that is open for reading only, and tells the feeds: of the
// newest exchanges which ones changed, of older ones that something did, now and then. The first call only takes note of
// what there is. It costs next to nothing when nothing changed.
func (p *Project) Look(ctx context.Context) error {
	if p.still {
		return nil
	}
	o := &p.onlooker
	o.mu.Lock()
	defer o.mu.Unlock()
	first := o.db == nil
	if first {
		var err error
		if o.db, err = openPool(dsn(p.path, true, readerPragmas...), 1); err != nil {
			return err
		}
	}
	before := o.version
	if err := o.db.QueryRowContext(ctx, "PRAGMA data_version").Scan(&o.version); err != nil {
		return err
	}
	changed := first || o.version != before
	if changed {
		if err := p.compare(ctx, o); err != nil {
			o.version = before // look again
			return err
		}
	}
	o.behind = o.behind || changed && !first
	if now := time.Now(); o.behind && now.Sub(o.told) >= lookWhole {
		o.told, o.behind = now, false
		p.feeds.miss()
	}
	return nil
}

// compare looks at the newest exchanges and publishes those that are new or not as they were.
func (p *Project) compare(ctx context.Context, o *onlooker) error {
	seen := make(map[traffic.ID]sighting, lookBack)
	var ended, changed []traffic.ID
	endpoint := "0"
	if has, err := p.hasInventory(ctx); err != nil {
		return err
	} else if has {
		endpoint = "ifnull(endpoint, -2)"
	}
	rows, err := o.db.QueryContext(ctx, `SELECT id, state, read, flags, req_bytes + res_bytes, ifnull(colour, 0), ifnull(tags, 0), ifnull(length(note), 0), `+endpoint+`
		FROM exchange WHERE id > (SELECT max(id) FROM exchange) - ? ORDER BY id`, int64(lookBack))
	if err != nil {
		return err
	}
	err = eachRow(rows, func(scan func(...any) error) error {
		var id traffic.ID
		var s sighting
		if err := scan(&id, &s.state, &s.read, &s.flags, &s.bytes, &s.colour, &s.tags, &s.note, &s.endpoint); err != nil {
			return err
		}
		seen[id] = s
		if was, ok := o.seen[id]; was == s && ok || o.seen == nil {
			return nil
		} else if s.state >= stateEnded && was.state < stateEnded {
			ended = append(ended, id)
		} else {
			changed = append(changed, id)
		}
		return nil
	})
	if err != nil {
		return err
	}
	lowest := traffic.ID(0)
	for id := range seen {
		if lowest == 0 || id < lowest {
			lowest = id
		}
	}
	for id := range o.seen {
		if _, ok := seen[id]; !ok && id >= lowest {
			changed = append(changed, id) // deleted
		}
	}
	o.seen = seen
	p.feeds.publish(ended, changed)
	return nil
}

func (o *onlooker) close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.db == nil {
		return nil
	}
	return o.db.Close()
}

// miss tells every feed that it was not told everything.
func (s *feeds) miss() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for f := range s.open {
		f.mu.Lock()
		f.missed = true
		f.mu.Unlock()
		signal(f.signal)
	}
}
