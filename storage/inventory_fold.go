package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"assay/scanner"
	"assay/traffic"
)

// SaveFold keeps what a batch of exchanges changed in the inventory, in one transaction. Exchanges that were deleted for
// good meanwhile are left out. It fails with ErrInventoryChanged when the batch rests on an inventory that is no more.
func (p *Project) SaveFold(ctx context.Context, f *scanner.Fold) error {
	s := saver{f: f, held: map[traffic.ID]whereabouts{}, moved: map[scanner.PlaceID]bool{}}
	err := p.update(ctx, func(t *tx) error {
		if emptying, old := p.stock.stale(); emptying || old {
			return ErrInventoryChanged
		}
		s.t, s.became = t, p.stock.joined()
		return s.save()
	})
	if err != nil {
		return fmt.Errorf("save what was folded into the inventory: %w", err)
	}
	p.stock.join(s.became)
	p.feeds.publish(nil, slices.Sorted(maps.Keys(f.Of)))
	if len(f.Of) == 0 {
		p.feeds.wake()
	}
	return nil
}

// whereabouts tells where an exchange lies.
type whereabouts uint8

const (
	nowhere whereabouts = iota + 1
	inList
	inTrash
)

// saver writes one fold.
type saver struct {
	t      *tx
	f      *scanner.Fold
	held   map[traffic.ID]whereabouts
	became map[scanner.PlaceID]scanner.PlaceID // places that turned out to be another one
	moved  map[scanner.PlaceID]bool            // places of merged endpoints
}

func (s *saver) save() error {
	for _, step := range []func() error{
		s.endpoints, s.enter, s.places, s.merge, s.hits, s.opaque, s.assets, s.uses, s.changes,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (s *saver) endpoints() error {
	revision, err := s.t.nextRevision()
	if err != nil {
		return err
	}
	for _, e := range s.f.Endpoints {
		if err := s.t.saveEndpoint(e, revision); err != nil {
			return fmt.Errorf("endpoint %d: %w", e.ID, err)
		}
	}
	return nil
}

// enter notes the endpoint of every exchange.
func (s *saver) enter() error {
	for _, id := range slices.Sorted(maps.Keys(s.f.Of)) {
		if err := s.enterOne(id, s.f.Of[id]); err != nil {
			return fmt.Errorf("exchange %d: %w", id, err)
		}
	}
	return nil
}

func (s *saver) enterOne(id traffic.ID, endpoint scanner.EndpointID) error {
	var was sql.NullInt64
	err := s.t.get("SELECT endpoint FROM exchange WHERE id = ?", []any{int64(id)}, &was)
	if errors.Is(err, sql.ErrNoRows) {
		n, err := s.t.changed("UPDATE trash SET endpoint = ? WHERE id = ?", int64(endpoint), int64(id))
		s.held[id] = nowhere
		if n > 0 {
			s.held[id] = inTrash
		}
		return err
	}
	if err != nil {
		return err
	}
	s.held[id] = inList
	if was.Int64 > 0 {
		s.t.count(tallyEndpoint, was.Int64, -1)
	}
	if endpoint > 0 {
		s.t.count(tallyEndpoint, int64(endpoint), 1)
	}
	return s.t.run("UPDATE exchange SET endpoint = ? WHERE id = ?", int64(endpoint), int64(id))
}

// where tells where an exchange lies, also one that is not of the batch.
func (s *saver) where(id traffic.ID) (whereabouts, error) {
	if w := s.held[id]; w != 0 {
		return w, nil
	}
	var listed, trashed bool
	err := s.t.get("SELECT EXISTS (SELECT 1 FROM exchange WHERE id = ?1), EXISTS (SELECT 1 FROM trash WHERE id = ?1)", []any{int64(id)}, &listed, &trashed)
	switch {
	case listed:
		s.held[id] = inList
	case trashed:
		s.held[id] = inTrash
	default:
		s.held[id] = nowhere
	}
	return s.held[id], err
}

func (s *saver) places() error {
	for from := range s.f.Moved {
		err := s.t.each("SELECT id FROM place WHERE endpoint = ?", []any{int64(from)}, func(scan func(...any) error) error {
			var id scanner.PlaceID
			err := scan(&id)
			s.moved[id] = true
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, p := range s.f.Places {
		if to, ok := s.became[p.ID]; ok {
			p = new(*p)
			p.ID = to
		}
		if err := s.t.savePlace(p); err != nil {
			return fmt.Errorf("place %d: %w", p.ID, err)
		}
	}
	return nil
}

// merge gives what merged endpoints had to those they became part of.
func (s *saver) merge() error {
	moved := map[scanner.EndpointID]bool{}
	for _, from := range slices.Sorted(maps.Keys(s.f.Moved)) {
		to := s.target(from)
		if to == from {
			return fmt.Errorf("endpoint %d was merged into itself", from)
		}
		if err := s.t.moveEndpoint(from, to); err != nil {
			return fmt.Errorf("merge endpoint %d into %d: %w", from, to, err)
		}
		moved[to] = true
	}
	for _, to := range slices.Sorted(maps.Keys(moved)) {
		if err := s.joinPlaces(to); err != nil {
			return fmt.Errorf("places of endpoint %d: %w", to, err)
		}
	}
	return nil
}

// target is where a chain of merges leads.
func (s *saver) target(id scanner.EndpointID) scanner.EndpointID {
	for range len(s.f.Moved) {
		to, ok := s.f.Moved[id]
		if !ok {
			break
		}
		id = to
	}
	return id
}

// joinPlaces makes one of the equal places of an endpoint: the one that was there before, otherwise the oldest.
func (s *saver) joinPlaces(endpoint scanner.EndpointID) error {
	type key struct{ direction, role, path, kind string }
	equal := map[key][]scanner.PlaceID{}
	err := s.t.each("SELECT id, direction, role, path, type FROM place WHERE endpoint = ? ORDER BY id", []any{int64(endpoint)}, func(scan func(...any) error) error {
		var id scanner.PlaceID
		var k key
		err := scan(&id, &k.direction, &k.role, &k.path, &k.kind)
		equal[k] = append(equal[k], id)
		return err
	})
	if err != nil {
		return err
	}
	for _, ids := range equal {
		if len(ids) < 2 {
			continue
		}
		slices.SortStableFunc(ids, func(a, b scanner.PlaceID) int { return cmp.Compare(number(s.moved[a]), number(s.moved[b])) })
		for _, id := range ids[1:] {
			if err := s.t.joinPlace(id, ids[0]); err != nil {
				return err
			}
			s.become(id, ids[0])
		}
		if err := s.t.recountPlace(ids[0]); err != nil {
			return err
		}
	}
	return nil
}

// become remembers that a place is another one now.
func (s *saver) become(from, to scanner.PlaceID) {
	if s.became == nil {
		s.became = map[scanner.PlaceID]scanner.PlaceID{}
	}
	for id, was := range s.became {
		if was == from {
			s.became[id] = to
		}
	}
	s.became[from] = to
}

func (s *saver) hits() error {
	missing := 0
	for _, h := range s.f.Hits {
		w, err := s.where(h.Exchange)
		if err != nil {
			return err
		}
		if w == nowhere {
			continue
		}
		if to, ok := s.became[h.Place]; ok {
			h.Place = to
		}
		known, err := s.t.saveHit(h, w == inList)
		if err != nil {
			return err
		}
		if !known {
			missing++
		}
	}
	if missing > 0 {
		return fmt.Errorf("%d hits are at places that were never kept", missing)
	}
	return nil
}

// opaque keeps schemas and what was learned about paths.
func (s *saver) opaque() error {
	for _, id := range slices.Sorted(maps.Keys(s.f.Shapes)) {
		if err := s.t.saveShape(id, s.f.Shapes[id]); err != nil {
			return err
		}
	}
	for _, host := range slices.Sorted(maps.Keys(s.f.Trees)) {
		if err := s.t.saveTree(host, s.f.Trees[host]); err != nil {
			return err
		}
	}
	return nil
}

func (s *saver) assets() error {
	for _, a := range s.f.Assets {
		if err := s.t.saveAsset(a); err != nil {
			return fmt.Errorf("asset %d: %w", a.ID, err)
		}
	}
	for i := range s.f.Versions {
		if err := s.t.saveVersion(&s.f.Versions[i]); err != nil {
			return err
		}
	}
	for _, e := range s.f.Edges {
		if err := s.t.saveEdge(e); err != nil {
			return err
		}
	}
	return nil
}

func (s *saver) uses() error {
	for _, u := range s.f.Uses {
		w, err := s.where(u.Exchange)
		if err != nil {
			return err
		}
		if w == nowhere {
			continue
		}
		if err := s.t.run("INSERT INTO asset_use (asset, exchange) VALUES (?, ?) ON CONFLICT DO NOTHING", int64(u.Asset), int64(u.Exchange)); err != nil {
			return err
		}
	}
	return nil
}

func (s *saver) changes() error {
	for i := range s.f.Changes {
		if err := s.t.saveChange(&s.f.Changes[i]); err != nil {
			return err
		}
	}
	return nil
}
