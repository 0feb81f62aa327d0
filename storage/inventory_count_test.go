package storage_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// TestCountsFollow deletes, brings back and purges at random, moves endpoints, and counts by hand.
func TestCountsFollow(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	rnd := rand.New(rand.NewPCG(5, 6))
	ids := recordRead(t, p, 240)
	const endpoints, kinds = 8, 3
	m := model{where: map[traffic.ID]scanner.EndpointID{}, hits: map[traffic.ID]map[scanner.PlaceID]bool{}, trashed: map[traffic.ID]bool{}}
	placeAt := func(e scanner.EndpointID, kind int) scanner.PlaceID {
		return scanner.PlaceID(int(e-1)*kinds + kind + 1)
	}
	for from := 0; from < len(ids); from += 60 {
		f := &scanner.Fold{Of: map[traffic.ID]scanner.EndpointID{}}
		for i := range endpoints {
			e := scanner.EndpointID(i + 1)
			f.Endpoints = append(f.Endpoints, endpointOf(e, fmt.Sprint("/", e)))
			for kind := range kinds {
				f.Places = append(f.Places, placeOf(placeAt(e, kind), e, "/x", fmt.Sprint("TYPE", kind)))
			}
		}
		for _, id := range ids[from : from+60] {
			e := scanner.EndpointID(rnd.IntN(endpoints + 1)) // 0: none
			f.Of[id], m.where[id] = e, e
			for kind := range kinds {
				if e > 0 && rnd.IntN(2) == 0 {
					f.Hits = append(f.Hits, scanner.Hit{Place: placeAt(e, kind), Exchange: id, N: 1})
					m.hit(id, placeAt(e, kind))
				}
			}
			f.Uses = append(f.Uses, scanner.Use{Asset: 1, Exchange: id})
		}
		f.Assets = []*scanner.Asset{assetOf(1, scanner.AssetKey, int64(from+60))}
		save(t, p, f)
	}
	m.want(t, p, "folded")
	var deleted []traffic.ID
	for _, id := range ids {
		if rnd.IntN(3) == 0 {
			deleted = append(deleted, id)
			m.trashed[id] = true
		}
	}
	mustCount(t, len(deleted))(p.Delete(t.Context(), deleted...))
	m.want(t, p, "deleted")

	// 1 and 2 become part of 3, 3 and 4 of 5: also what lies in the trash goes there.
	f := &scanner.Fold{Moved: map[scanner.EndpointID]scanner.EndpointID{1: 3, 2: 3, 3: 5, 4: 5}}
	for _, id := range []scanner.EndpointID{1, 2, 3, 4} {
		e := endpointOf(id, fmt.Sprint("/", id))
		e.Merged = 5
		f.Endpoints = append(f.Endpoints, e)
	}
	save(t, p, f)
	for id, e := range m.where {
		if e > 0 && e < 5 {
			m.where[id] = 5
			hits := m.hits[id]
			m.hits[id] = map[scanner.PlaceID]bool{}
			for place := range hits {
				m.hit(id, placeAt(5, int(place-1)%kinds))
			}
		}
	}
	m.want(t, p, "merged")
	// Who folded still knows the place by its old name.
	again := recordRead(t, p, 1)[0]
	save(t, p, &scanner.Fold{
		Of: of([]traffic.ID{again}, 5), Places: []*scanner.Place{placeOf(placeAt(1, 0), 5, "/x", "TYPE0")},
		Hits: []scanner.Hit{{Place: placeAt(1, 0), Exchange: again, N: 4}},
	})
	m.where[again] = 5
	m.hit(again, placeAt(5, 0))
	m.want(t, p, "named by the old name")

	back := deleted[:len(deleted)/2]
	for _, id := range back {
		delete(m.trashed, id)
	}
	mustCount(t, len(back))(p.Undelete(t.Context(), back...))
	m.want(t, p, "brought back")
	for id := range m.trashed {
		m.forget(id)
	}
	mustCount(t, len(deleted)-len(back))(p.Purge(t.Context()))
	m.want(t, p, "purged")
	if err := p.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.want(t, p, "compacted")
	n, err := p.Retain(t.Context(), storage.Policy{Hosts: []string{"a.example"}})
	if err != nil || n != len(m.where) {
		t.Fatal(n, len(m.where), err)
	}
	m = model{}
	m.want(t, p, "all gone")
}

// model is what the test knows of exchanges.
type model struct {
	where   map[traffic.ID]scanner.EndpointID
	hits    map[traffic.ID]map[scanner.PlaceID]bool
	trashed map[traffic.ID]bool
}

func (m *model) hit(id traffic.ID, place scanner.PlaceID) {
	if m.hits[id] == nil {
		m.hits[id] = map[scanner.PlaceID]bool{}
	}
	m.hits[id][place] = true
}

func (m *model) forget(id traffic.ID) {
	delete(m.where, id)
	delete(m.hits, id)
	delete(m.trashed, id)
}

func (m *model) want(t *testing.T, p *storage.Project, when string) {
	t.Helper()
	endpoints, places := map[scanner.EndpointID]int64{}, map[scanner.PlaceID]int64{}
	for id, e := range m.where {
		if m.trashed[id] {
			continue
		}
		if e > 0 {
			endpoints[e]++
		}
		for place := range m.hits[id] {
			places[place]++
		}
	}
	gotEndpoints, gotPlaces := map[scanner.EndpointID]int64{}, map[scanner.PlaceID]int64{}
	list, _, err := p.EndpointsSince(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if e.Count != 0 {
			gotEndpoints[e.ID] = e.Count
		}
		if n, err := p.Count(t.Context(), query(t, fmt.Sprint("endpoint:", e.ID))); err != nil || n.N != e.Count {
			t.Errorf("%s: endpoint %d counts %d, the filter %d (%v)", when, e.ID, e.Count, n.N, err)
		}
	}
	found, err := p.Places(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, place := range found {
		if place.Count != 0 {
			gotPlaces[place.ID] = place.Count
		}
		if n, err := p.Count(t.Context(), query(t, fmt.Sprint("place:", place.ID))); err != nil || n.N != place.Count {
			t.Errorf("%s: place %d counts %d, the filter %d (%v)", when, place.ID, place.Count, n.N, err)
		}
	}
	if diff := cmp.Diff(endpoints, gotEndpoints); diff != "" {
		t.Errorf("%s: endpoints: %s", when, diff)
	}
	if diff := cmp.Diff(places, gotPlaces); diff != "" {
		t.Errorf("%s: places: %s", when, diff)
	}
	wantChecked(t, p)
}
