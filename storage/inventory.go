package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// ErrInventoryChanged says that a person decided something about paths, or the inventory was emptied, since Inventory was
// called: what was folded rests on endpoints that are gone. Call Inventory again and fold anew.
var ErrInventoryChanged = errors.New("the inventory was changed meanwhile")

// stock guards the inventory against those who fold while it is being changed.
type stock struct {
	upheaval
	// became are places that turned out to be another one: who folds still knows both until the inventory is loaded anew.
	became map[scanner.PlaceID]scanner.PlaceID
}

// load remembers that somebody knows the inventory as it is after so many changes.
func (s *stock) load(changes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known, s.became = changes, nil
}

// joined returns what places became that who folds may still name.
func (s *stock) joined() map[scanner.PlaceID]scanner.PlaceID {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.became)
}

// join remembers what places became.
func (s *stock) join(became map[scanner.PlaceID]scanner.PlaceID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.became = became
}

func (s *stock) changed() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changes
}

// Inventory loads what folds left behind, but for what is loaded when it is needed. Who folds calls it first, and again
// after ErrInventoryChanged. The endpoint with the largest id is in it also when it is gone, so that ids are not given
// twice.
func (p *Project) Inventory(ctx context.Context) (*scanner.Inventory, error) {
	inv := &scanner.Inventory{}
	changes := p.stock.changed()
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return inv, err
	}
	err := p.snapshot(ctx, func(q querier) (err error) {
		const known = "WHERE merged IS NULL OR merged > 0 OR id = (SELECT max(id) FROM endpoint) ORDER BY id"
		if inv.Endpoints, err = loadEndpoints(ctx, q, known); err != nil {
			return err
		}
		if inv.Assets, err = loadAssets(ctx, q, "ORDER BY id"); err != nil {
			return err
		}
		if inv.Edges, err = loadEdges(ctx, q); err != nil {
			return err
		}
		if inv.Places, err = loadPlaces(ctx, q, "ORDER BY id"); err != nil {
			return err
		}
		if inv.Decisions, err = loadDecisions(ctx, q); err != nil {
			return err
		}
		if inv.Custom, err = loadCustomTypes(ctx, q); err != nil {
			return err
		}
		return q.QueryRowContext(ctx, "SELECT ifnull(max(id), 0) FROM change").Scan(&inv.LastChange)
	})
	if err != nil {
		return nil, err
	}
	p.stock.load(changes)
	return inv, nil
}

// unfolded are exchanges that wait to be folded: exchange_unfolded is an index of them.
const unfolded = "ifnull(endpoint, -1) < 0 AND read > 0 AND state >= 3"

// again marks an exchange that is to be folded anew and whose assets are counted.
const again = -1

// Unfolded returns exchanges that ended, were read, and are in no endpoint yet, oldest first. See Again.
func (p *Project) Unfolded(ctx context.Context, limit int) ([]traffic.ID, error) {
	if emptying, _ := p.stock.stale(); emptying {
		return nil, nil
	}
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return nil, err
	}
	if limit <= 0 {
		limit = -1
	}
	return eachOf(ctx, p.readers, "SELECT id FROM exchange WHERE "+unfolded+" ORDER BY id LIMIT ?", []any{limit},
		func(scan func(...any) error) (id traffic.ID, err error) { return id, scan(&id) })
}

// Again tells which of the exchanges were folded before a person decided something about their paths: their assets are
// counted, and nothing of them is new.
func (p *Project) Again(ctx context.Context, ids []traffic.ID) (map[traffic.ID]bool, error) {
	found := map[traffic.ID]bool{}
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return found, err
	}
	list, err := idList(ids)
	if err != nil {
		return nil, err
	}
	err = p.each(ctx, "SELECT e.id FROM json_each(?) j CROSS JOIN exchange e WHERE e.id = j.value AND e.endpoint = ?", []any{list, again},
		func(scan func(...any) error) error {
			var id traffic.ID
			err := scan(&id)
			found[id] = true
			return err
		})
	return found, err
}

// Visited returns when a person last looked at the inventory; zero when never.
func (p *Project) Visited(ctx context.Context) (time.Time, error) {
	var at int64
	err := p.readers.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = ?", metaVisited).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return fromMicro(at), err
}

// Visit remembers that a person looked at the inventory now.
func (p *Project) Visit(ctx context.Context, now time.Time) error {
	return p.update(ctx, func(t *tx) error { return t.setMeta(metaVisited, now.UnixMicro()) })
}

// What meta holds of the inventory.
const (
	metaVisited  = "inventory_visited"  // Unix microseconds
	metaRevision = "inventory_revision" // of endpoints
	metaEmptying = "inventory_emptying" // while the inventory is being emptied: up to which exchange that is done
)

// packFacts writes facts as compressed JSON; nothing known is no bytes.
func packFacts(facts any) ([]byte, error) {
	b, err := json.Marshal(facts)
	if err != nil || string(b) == "{}" {
		return []byte{}, err
	}
	return squeezeFast(b)
}

func unpackFacts(b []byte, into any) error {
	if len(b) == 0 {
		return nil
	}
	text, err := inflate(b)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%w: %w", errCodec, err)
	}
	return nil
}

// fromMicro is the time of Unix microseconds; 0 is none.
func fromMicro(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

// timeOrNull writes a time; none is NULL.
func timeOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// eachOf collects what one makes of every row of a query.
func eachOf[T any](ctx context.Context, q querier, query string, args []any, one func(scan func(...any) error) (T, error)) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	var list []T
	err = eachRow(rows, func(scan func(...any) error) error {
		v, err := one(scan)
		list = append(list, v)
		return err
	})
	return list, err
}
