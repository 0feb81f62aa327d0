package storage_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"assay/storage"
)

func TestProjectIsForItsOwner(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p, err := storage.Open(t.Context(), filepath.Join(dir, "p.assay"), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
			t.Errorf("%s has rights %v", e.Name(), info.Mode().Perm())
		}
	}
}
