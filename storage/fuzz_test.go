package storage_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"assay/storage"
	"assay/traffic"
)

// FuzzJournal reads what may lie beside a project as its journal.
func FuzzJournal(f *testing.F) {
	f.Add([]byte("ASSAYJ1\n"))
	f.Add(spilled(f))
	f.Fuzz(func(t *testing.T, journal []byte) {
		name := filepath.Join(t.TempDir(), "p.journal")
		if err := os.WriteFile(name, journal, 0o600); err != nil {
			t.Fatal(err)
		}
		events, err := storage.ReadJournal(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, ev := range events {
			if len(ev.Data) > len(journal) {
				t.Errorf("%d bytes of a journal of %d", len(ev.Data), len(journal))
			}
		}
	})
}

// TestJunkJournals opens projects beside which anything lies as a journal.
func TestJunkJournals(t *testing.T) {
	t.Parallel()
	good := spilled(t)
	for _, journal := range [][]byte{nil, []byte("x"), good[:len(good)-3], good[:20], append([]byte("ASSAYJ1\n"), random(1, 5000)...), good} {
		path := temp(t)
		if err := os.WriteFile(path+".journal", journal, 0o600); err != nil {
			t.Fatal(err)
		}
		p := open(t, path, storage.Options{})
		rows, err := p.List(t.Context(), storage.Filter{Limit: -1})
		if err != nil {
			t.Error(err)
		}
		for _, r := range rows {
			if !r.State.Ended() {
				t.Errorf("exchange %d is %s", r.ID, r.State)
			}
		}
		if len(journal) == len(good) && len(rows) != 1 {
			t.Errorf("%d exchanges", len(rows))
		}
	}
}

// FuzzSplit cuts bodies and joins them again.
func FuzzSplit(f *testing.F) {
	f.Add([]byte(`{"messages":[{"role":"user","content":"a \" b"},{"x":[1,2,{"y":"z"}]}],"n":1}`))
	f.Add(bytes.Repeat([]byte(`[{"a":"bcd"},`), 3000))
	f.Fuzz(func(t *testing.T, body []byte) {
		last := 0
		for _, end := range storage.SplitBody(body) {
			if end <= last || end > len(body) || end-last > 64<<10 {
				t.Fatalf("a cut at %d after %d of %d", end, last, len(body))
			}
			last = end
		}
		if last != len(body) {
			t.Fatalf("the last cut is at %d of %d", last, len(body))
		}
	})
}

// FuzzStored decodes what a damaged file may hold.
func FuzzStored(f *testing.F) {
	f.Add([]byte{1, 0}, []byte{2, 1})
	f.Fuzz(func(t *testing.T, a, b []byte) {
		if head, err := storage.RewriteHead(a); err == nil {
			again, err := storage.RewriteHead(head)
			if err != nil || !bytes.Equal(head, again) {
				t.Errorf("a head changes when it is written again (%v)", err)
			}
		}
		_, _ = storage.DecodeRecipe(a)
		_, _ = storage.OpenBlock(1, a, b)
	})
}

// spilled returns a journal as a recorder leaves it.
func spilled(t testing.TB) []byte {
	t.Helper()
	return storage.JournalOf(t.Context(), exchange("a.example", "/?key=abc", 200, nil, nil), &traffic.Frame{Seq: 1, Data: []byte("x")}, []byte("body"))
}
