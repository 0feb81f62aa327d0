package storage_test

import (
	"path/filepath"
	"slices"
	"testing"

	"assay/storage"
)

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
