package storage_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"assay/storage"
)

func TestRemoveTakesWhatBelongsToTheProjectAndNothingElse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "a[1].assay")
	p, err := storage.Open(t.Context(), path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if locked, is := errors.AsType[*storage.LockedError](storage.Remove(path)); !is {
		t.Errorf("an open project: got %v, want a LockedError", locked)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	stays := []string{"a[1].assay.vast", "a[1].assay2", "b.assay", "a[1].assay.v2.txt"}
	for _, name := range append(stays, "a[1].assay.v2", "a[1].assay.journal") {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(path+".blobs", "aa"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := storage.Remove(path); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != len(stays) {
		t.Errorf("left are %v, %v; want %v", left, err, stays)
	}
	if err := storage.Remove(path); err == nil {
		t.Error("removing what is not there is no error")
	}
}
