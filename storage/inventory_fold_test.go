package storage_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

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
