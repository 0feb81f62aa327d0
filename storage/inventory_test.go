package storage_test

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"assay/llm"
	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

var foldTime = time.Date(2026, 3, 2, 8, 0, 0, 123000, time.UTC)

// recordRead records n exchanges and keeps that they were read.
func recordRead(t testing.TB, p *storage.Project, n int) []traffic.ID {
	t.Helper()
	ids := make([]traffic.ID, n)
	readings := map[traffic.ID]*llm.Conversation{}
	for i := range n {
		ids[i] = record(p.Recorder(), exchange("a.example", fmt.Sprintf("/users/%d", i), 200, nil, []byte("{}")), 1)
		readings[ids[i]] = &llm.Conversation{Kind: llm.KindPlain}
	}
	flush(t, p)
	if err := p.SaveReadings(t.Context(), readings); err != nil {
		t.Fatal(err)
	}
	return ids
}

func endpointOf(id scanner.EndpointID, path string) *scanner.Endpoint {
	return &scanner.Endpoint{
		ID: id, Key: scanner.Key{Scheme: "https", Host: "a.example", Method: "GET", Path: path}, Protocol: scanner.ProtocolREST, Kind: llm.KindPlain,
		Access: scanner.AccessPublic, Documented: scanner.DocumentedNo, FirstSeen: foldTime, LastSeen: foldTime.Add(time.Hour), First: 1, Last: 2,
		Found: foldTime, Risk: 40, Sample: path, Facts: scanner.Facts{
			Auth:     []scanner.Auth{{Kind: "bearer", Name: "authorization", N: 3, OK: 2, Last: 1}, {Kind: "none", N: 1}},
			Statuses: []scanner.Tally{{Value: "200", N: 3}}, Cut: true,
		},
	}
}

func placeOf(id scanner.PlaceID, endpoint scanner.EndpointID, path, kind string) *scanner.Place {
	return &scanner.Place{
		ID: id, Endpoint: endpoint, Direction: "request", Role: "user", Path: path, Type: kind, Class: "personal", Confidence: 0.75,
		Sample: "a…@e…", FirstSeen: foldTime, LastSeen: foldTime, First: 1, Last: 1,
	}
}

func assetOf(id scanner.AssetID, kind scanner.AssetKind, n int64) *scanner.Asset {
	return &scanner.Asset{
		ID: id, Kind: kind, Key: fmt.Sprint(kind, id), Name: fmt.Sprint("asset ", id), Host: "a.example", FirstSeen: foldTime, LastSeen: foldTime, First: 1,
		Last: 1, Found: foldTime, Count: n, Versions: 1, Fingerprint: "ab", Facts: scanner.AssetFacts{Description: "it", Endpoints: []scanner.EndpointID{1}},
	}
}

func save(t testing.TB, p *storage.Project, f *scanner.Fold) {
	t.Helper()
	if err := p.SaveFold(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func inventory(t testing.TB, p *storage.Project) *scanner.Inventory {
	t.Helper()
	inv, err := p.Inventory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

func wantChecked(t testing.TB, p *storage.Project) {
	t.Helper()
	if found, err := p.Check(t.Context()); err != nil || len(found) > 0 {
		t.Error(found, err)
	}
}

// of says that exchanges belong to an endpoint.
func of(ids []traffic.ID, endpoint scanner.EndpointID) map[traffic.ID]scanner.EndpointID {
	m := map[traffic.ID]scanner.EndpointID{}
	for _, id := range ids {
		m[id] = endpoint
	}
	return m
}

// wholeFold is a fold with something of everything.
func wholeFold(ids []traffic.ID) *scanner.Fold {
	return &scanner.Fold{
		Of: of(ids, 1), Endpoints: []*scanner.Endpoint{endpointOf(1, "/users/{id}")},
		Shapes: map[scanner.EndpointID][]byte{1: []byte("shape")}, Trees: map[string][]byte{"a.example": []byte("tree")},
		Assets:   []*scanner.Asset{assetOf(1, scanner.AssetClient, 2), assetOf(2, scanner.AssetPrompt, 7)},
		Versions: []scanner.Version{{Asset: 2, N: 1, Fingerprint: "x", Seen: foldTime, Exchange: ids[0], Text: "You are"}},
		Edges:    []*scanner.Edge{{From: 1, To: 2, Count: 3, First: 1, Last: 2, LastSeen: foldTime}},
		Uses:     []scanner.Use{{Asset: 1, Exchange: ids[0]}, {Asset: 1, Exchange: ids[1]}},
		Places:   []*scanner.Place{placeOf(1, 1, "/mail", "EMAIL_ADDRESS")},
		Hits:     []scanner.Hit{{Place: 1, Exchange: ids[0], N: 2}, {Place: 1, Exchange: ids[1], N: 1}},
		Changes: []scanner.Change{
			{ID: 1, At: foldTime, Found: foldTime, Kind: scanner.ChangeEndpoint, Endpoint: 1, Exchange: ids[0], What: "new", Detail: "d", Severity: "info"},
			{ID: 2, At: foldTime, Found: foldTime.Add(time.Minute), Kind: scanner.ChangeClient, Asset: 1, Exchange: ids[0], What: "new client", Severity: "low"},
		},
	}
}

// TestFoldIsKept writes something of everything and reads it back, also from beside and after opening again.
func TestFoldIsKept(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p := open(t, path, storage.Options{})
	ids := recordRead(t, p, 3)
	feed := p.Committed()
	defer feed.Close()
	f := wholeFold(ids)
	save(t, p, f)
	if _, changed, _ := feed.Take(); len(changed) != 3 {
		t.Errorf("feeds heard of %v", changed)
	}
	if waiting, err := p.Unfolded(t.Context(), 0); err != nil || len(waiting) > 0 {
		t.Error(waiting, err)
	}
	wantWhole(t, p, f)
	wantChecked(t, p)
	beside, err := storage.Open(t.Context(), path, storage.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	wantWhole(t, beside, f)
	if err := firstError(beside.Close(), p.Close()); err != nil {
		t.Fatal(err)
	}
	wantWhole(t, open(t, path, storage.Options{}), f)
}

func wantWhole(t *testing.T, p *storage.Project, f *scanner.Fold) {
	t.Helper()
	want := &scanner.Inventory{
		Endpoints: []*scanner.Endpoint{new(*f.Endpoints[0])}, Assets: f.Assets, Edges: f.Edges, Places: []*scanner.Place{new(*f.Places[0])}, LastChange: 2,
	}
	want.Endpoints[0].Count, want.Places[0].Count = int64(len(f.Of)), 2
	inv := inventory(t, p)
	if diff := cmp.Diff(want, inv, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	ctx := t.Context()
	shape, err1 := p.Shape(ctx, 1)
	none, err2 := p.Shape(ctx, 9)
	tree, err3 := p.Tree(ctx, "a.example")
	if err := firstError(err1, err2, err3); err != nil || string(shape) != "shape" || none != nil || string(tree) != "tree" {
		t.Error(shape, none, tree, err)
	}
	versions, err := p.Versions(ctx, 2)
	if diff := cmp.Diff(f.Versions, versions); diff != "" || err != nil {
		t.Error(diff, err)
	}
	assets, err := p.Assets(ctx, "")
	if err != nil || len(assets) != 2 || assets[0].ID != 2 {
		t.Error("the most used asset comes first", assets, err)
	}
	if assets, err = p.Assets(ctx, scanner.AssetClient); err != nil || len(assets) != 1 || assets[0].ID != 1 {
		t.Error(assets, err)
	}
	for _, c := range []struct {
		filter storage.ChangeFilter
		want   []int64
	}{
		{storage.ChangeFilter{}, []int64{2, 1}},
		{storage.ChangeFilter{Endpoint: 1}, []int64{1}},
		{storage.ChangeFilter{Asset: 1}, []int64{2}},
		{storage.ChangeFilter{Before: 2}, []int64{1}},
		{storage.ChangeFilter{Since: foldTime}, []int64{2}},
		{storage.ChangeFilter{Kinds: []scanner.ChangeKind{scanner.ChangeEndpoint}}, []int64{1}},
		{storage.ChangeFilter{Limit: 1}, []int64{2}},
		{storage.ChangeFilter{Limit: -1}, []int64{2, 1}},
	} {
		changes, err := p.Changes(ctx, c.filter)
		var got []int64
		for _, change := range changes {
			got = append(got, change.ID)
			if diff := cmp.Diff(f.Changes[change.ID-1], change); diff != "" {
				t.Error(diff)
			}
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, %v", c.filter, got, err)
		}
	}
	if n, err := p.CountChanges(ctx, foldTime); err != nil || n != 1 {
		t.Error(n, err)
	}
	found, err := p.Sensitive(ctx, []traffic.ID{f.Hits[0].Exchange, f.Hits[1].Exchange, 3})
	if diff := cmp.Diff(map[traffic.ID][]string{f.Hits[0].Exchange: {"EMAIL_ADDRESS"}, f.Hits[1].Exchange: {"EMAIL_ADDRESS"}}, found); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

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

func mustCount(t *testing.T, want int) func(int, error) {
	return func(n int, err error) {
		t.Helper()
		if err != nil || n != want {
			t.Fatalf("%d exchanges, %v; want %d", n, err, want)
		}
	}
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

// TestFoldOfWhatIsGone folds exchanges that were purged, or lie in the trash, meanwhile.
func TestFoldOfWhatIsGone(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	ids := recordRead(t, p, 3)
	mustCount(t, 1)(p.Delete(t.Context(), ids[0]))
	mustCount(t, 1)(p.Purge(t.Context()))
	mustCount(t, 1)(p.Delete(t.Context(), ids[1]))
	save(t, p, wholeFold(ids))
	count := func() [2]int64 {
		inv := inventory(t, p)
		return [2]int64{inv.Endpoints[0].Count, inv.Places[0].Count}
	}
	if n := count(); n != [2]int64{1, 0} {
		t.Error(n)
	}
	wantChecked(t, p)
	mustCount(t, 1)(p.Undelete(t.Context(), ids[1]))
	if n := count(); n != [2]int64{2, 1} {
		t.Error(n)
	}
	err := p.SaveFold(t.Context(), &scanner.Fold{Hits: []scanner.Hit{{Place: 77, Exchange: ids[2], N: 1}}})
	if err == nil {
		t.Error("a hit at a place that was never kept is kept")
	}
	wantChecked(t, p)
}

// TestRevisions brings a list of endpoints up to date by what changed.
func TestRevisions(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	ids := recordRead(t, p, 3)
	since := func(revision int64, want ...scanner.EndpointID) int64 {
		t.Helper()
		list, newest, err := p.EndpointsSince(t.Context(), revision)
		var got []scanner.EndpointID
		for _, e := range list {
			got = append(got, e.ID)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("since %d: %v, %v, want %v", revision, got, err, want)
		}
		return newest
	}
	since(0)
	save(t, p, &scanner.Fold{Of: of(ids[:2], 1), Endpoints: []*scanner.Endpoint{endpointOf(1, "/a"), endpointOf(2, "/b")}})
	first := since(0, 1, 2)
	since(first)
	save(t, p, &scanner.Fold{Of: of(ids[2:], 2), Endpoints: []*scanner.Endpoint{endpointOf(2, "/b")}})
	second := since(first, 2)
	mustCount(t, 1)(p.Delete(t.Context(), ids[0]))
	third := since(second, 1)
	merged := endpointOf(1, "/a")
	merged.Merged = 2
	save(t, p, &scanner.Fold{Endpoints: []*scanner.Endpoint{merged}, Moved: map[scanner.EndpointID]scanner.EndpointID{1: 2}})
	fourth := since(third, 1, 2)
	if err := p.ForgetInventory(t.Context()); err != nil {
		t.Fatal(err)
	}
	since(fourth, 1, 2)
	since(0)
	if inv := inventory(t, p); len(inv.Endpoints) != 1 || inv.Endpoints[0].ID != 2 || inv.Endpoints[0].Merged != scanner.EndpointGone {
		t.Error("the largest id was forgotten", inv.Endpoints)
	}
}

// TestDecisions folds anew what a person decided about, and nothing else.
func TestDecisions(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	ids := recordRead(t, p, 6)
	f := wholeFold(ids[:2])
	f.Endpoints = append(f.Endpoints, endpointOf(2, "/users"), endpointOf(3, "/usersettings"), endpointOf(4, "/orders/{id}"))
	f.Of[ids[2]], f.Of[ids[3]], f.Of[ids[4]], f.Of[ids[5]] = 2, 3, 4, 0
	save(t, p, f)
	mustCount(t, 1)(p.Delete(t.Context(), ids[1]))
	d := scanner.Decision{Host: "a.example", Merge: true, At: "/users", Names: []string{"me", "a\nb"}}
	id, err := p.Decide(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.SaveFold(t.Context(), f); !errors.Is(err, storage.ErrInventoryChanged) {
		t.Errorf("a fold over endpoints that are gone says %v", err)
	}
	wantWaiting := func(want ...traffic.ID) {
		t.Helper()
		waiting, err := p.Unfolded(t.Context(), 10)
		if err != nil || !slices.Equal(waiting, want) {
			t.Errorf("%v wait, %v; want %v", waiting, err, want)
		}
	}
	wantAgain := func(want map[traffic.ID]bool) {
		t.Helper()
		again, err := p.Again(t.Context(), ids)
		if diff := cmp.Diff(want, again); diff != "" || err != nil {
			t.Error(diff, err)
		}
	}
	wantWaiting(ids[0], ids[2])
	wantAgain(map[traffic.ID]bool{ids[0]: true, ids[2]: true})
	inv := inventory(t, p)
	var kept []scanner.EndpointID
	for _, e := range inv.Endpoints {
		kept = append(kept, e.ID)
	}
	d.ID = id
	if !slices.Equal(kept, []scanner.EndpointID{3, 4}) || len(inv.Assets) != 2 || len(inv.Places) != 0 || !cmp.Equal(inv.Decisions, []scanner.Decision{d}) {
		t.Errorf("%+v", inv)
	}
	if tree, err := p.Tree(t.Context(), "a.example"); err != nil || tree == nil {
		t.Error("what was learned of paths is gone", err)
	}
	wantChecked(t, p)
	mustCount(t, 1)(p.Undelete(t.Context(), ids[1]))
	wantWaiting(ids[0], ids[1], ids[2])
	save(t, p, &scanner.Fold{Of: of(ids[:3], 5), Endpoints: []*scanner.Endpoint{endpointOf(5, "/users/{id}")}})
	wantWaiting()
	wantAgain(map[traffic.ID]bool{})

	if err := p.Undecide(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if err := p.Undecide(t.Context(), id); !errors.Is(err, storage.ErrNoDecision) {
		t.Error(err)
	}
	wantWaiting(ids[:5]...)
	if tree, err := p.Tree(t.Context(), "a.example"); err != nil || tree != nil {
		t.Error("what was learned of paths is kept", err)
	}
	wantChecked(t, p)
}

// TestForget empties the inventory but for what a person said.
func TestForget(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p := open(t, path, storage.Options{})
	ids := recordRead(t, p, 5)
	ctx := t.Context()
	save(t, p, wholeFold(ids))
	mustCount(t, 1)(p.Delete(ctx, ids[4]))
	custom := scanner.CustomType{Name: "STAFF", Class: "personal", Pattern: `S-\d+`, Match: []string{"S-1"}, Ignore: []string{"S"}}
	document := scanner.Document{Name: "api.yaml", Form: "openapi-3.0", Imported: foldTime, Data: []byte("what was read")}
	if visited, err := p.Visited(ctx); err != nil || !visited.IsZero() {
		t.Error(visited, err)
	}
	id, err := p.AddDocument(ctx, document)
	if err := firstError(err, p.SetCustomType(ctx, custom), p.Visit(ctx, foldTime)); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Decide(ctx, scanner.Decision{Host: "b.example", At: "/"}); err != nil {
		t.Fatal(err)
	}
	if err := p.ForgetInventory(ctx); err != nil {
		t.Fatal(err)
	}
	wantForgotten := func(p *storage.Project) {
		t.Helper()
		inv := inventory(t, p)
		if len(inv.Assets)+len(inv.Edges)+len(inv.Places) > 0 || inv.LastChange != 0 || len(inv.Decisions) != 1 || !cmp.Equal(inv.Custom, []scanner.CustomType{custom}) {
			t.Errorf("%+v", inv)
		}
		document.ID = id
		documents, err := p.Documents(ctx)
		if diff := cmp.Diff([]scanner.Document{document}, documents); diff != "" || err != nil {
			t.Error(diff, err)
		}
		if visited, err := p.Visited(ctx); err != nil || !visited.Equal(foldTime) {
			t.Error(visited, err)
		}
		waiting, err1 := p.Unfolded(ctx, 0)
		again, err2 := p.Again(ctx, ids)
		if err := firstError(err1, err2); err != nil || !slices.Equal(waiting, ids[:4]) || len(again) > 0 {
			t.Error(waiting, again, err)
		}
		wantChecked(t, p)
	}
	wantForgotten(p)
	// Saving readings again folds nothing again.
	save(t, p, &scanner.Fold{Of: of(ids[:4], 2), Endpoints: []*scanner.Endpoint{endpointOf(2, "/x")}})
	if err := p.SaveReading(ctx, ids[0], &llm.Conversation{Kind: llm.KindLLM}); err != nil {
		t.Fatal(err)
	}
	if waiting, err := p.Unfolded(ctx, 0); err != nil || len(waiting) > 0 {
		t.Error(waiting, err)
	}
	// A process that was killed while it emptied the inventory left this behind; opening ends it.
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	execute(t, path, "INSERT INTO meta VALUES ('inventory_emptying', 0); UPDATE endpoint SET merged = -1")
	p = open(t, path, storage.Options{})
	wantForgotten(p)
	if err := firstError(p.RemoveDocument(ctx, id), p.RemoveCustomType(ctx, "STAFF")); err != nil {
		t.Error(err)
	}
	if err := p.RemoveDocument(ctx, id); !errors.Is(err, storage.ErrNoDocument) {
		t.Error(err)
	}
	if err := p.RemoveCustomType(ctx, "STAFF"); !errors.Is(err, storage.ErrNoType) {
		t.Error(err)
	}
}

// execute changes a project that nobody has open.
func execute(t testing.TB, path, script string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), script)
	if err := firstError(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestProjectWithoutInventory opens a project of format 3 beside nobody, for reading only and then for writing.
func TestProjectWithoutInventory(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p, err := storage.Open(t.Context(), path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ids := recordRead(t, p, 2)
	mustCount(t, 1)(p.Delete(t.Context(), ids[1]))
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	execute(t, path, withoutInventory)
	ctx := t.Context()
	old, err := storage.Open(ctx, path, storage.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	list, _, err1 := old.EndpointsSince(ctx, 0)
	_, err2 := old.Inventory(ctx)
	rows, err3 := old.List(ctx, storage.Filter{Where: query(t, "-sensitive:secret -endpoint:1 -risk>5")})
	_, err4 := old.Changes(ctx, storage.ChangeFilter{})
	err = firstError(err1, err2, err3, err4, old.Look(ctx))
	if err != nil || len(list) > 0 || len(rows) != 1 {
		t.Error(list, rows, err)
	}
	wantChecked(t, old)
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	p = open(t, path, storage.Options{})
	if waiting, err := p.Unfolded(ctx, 0); err != nil || !slices.Equal(waiting, ids[:1]) {
		t.Error(waiting, err)
	}
	mustCount(t, 1)(p.Undelete(ctx, ids[1]))
	save(t, p, wholeFold(ids))
	wantChecked(t, p)
	if copies, _ := filepath.Glob(path + ".v3"); len(copies) != 1 {
		t.Error("no copy of the old format")
	}
}

// TestCheckAgain checks a project whose text index was changed since it was checked last.
func TestCheckAgain(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	for range 4 {
		recordRead(t, p, 30)
		settle(t, p)
		wantChecked(t, p)
		if err := p.Compact(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantChecked(t, p)
	}
}
