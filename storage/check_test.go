package storage_test

import (
	"testing"

	"assay/storage"
)

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
