package storage_test

import (
	"slices"
	"testing"

	"assay/scanner"
	"assay/storage"
)

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
