package storage_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"assay/llm"
	"assay/scanner"
	"assay/storage"
	"assay/traffic"
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

func TestBehind(t *testing.T) {
	t.Parallel()
	p, err := storage.Open(t.Context(), filepath.Join(t.TempDir(), "p.assay"), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	want := func(want bool, when string) {
		t.Helper()
		if got, err := p.Behind(t.Context()); err != nil || got != want {
			t.Errorf("%s: behind %v, %v; want %v", when, got, err, want)
		}
	}
	want(false, "new")
	id := record(p.Recorder(), exchange("a.example", "/", 200, []byte("x"), []byte("y")), 1)
	flush(t, p)
	want(true, "recorded and not read")
	if err := p.SaveReading(t.Context(), id, &llm.Conversation{Kind: llm.KindPlain}); err != nil {
		t.Fatal(err)
	}
	settle(t, p)
	want(true, "read and not folded")
	save(t, p, &scanner.Fold{Of: map[traffic.ID]scanner.EndpointID{id: 0}})
	want(false, "folded")
	open := p.Recorder().NextID()
	p.Recorder().Record(traffic.Event{ID: open, Kind: traffic.EventBegin, Exchange: exchange("b.example", "/", 0, nil, nil)})
	flush(t, p)
	want(true, "with an exchange that has not ended")
}
