package storage_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assay/llm"
	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

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
