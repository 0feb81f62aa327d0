package storage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assay/storage"
	"assay/traffic"
)

// TestBusyDatabase records while something else holds the database: events go through the journal, in order, and are
// on disk in time all the same.
func TestBusyDatabase(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p := open(t, path, storage.Options{})
	release := storage.HoldWriter(p)
	var ids []traffic.ID
	body := func(i int) []byte { return bytes.Repeat([]byte{byte('a' + i%26)}, 5000+i) }
	for i := range 200 {
		x := exchange("busy.example", "/", 200, body(i), body(i+1))
		x.Request.Header = append(x.Request.Header, traffic.Field{Name: "Authorization", Value: fmt.Sprint("Bearer plain-secret-", i)})
		ids = append(ids, record(p.Recorder(), x, 3))
	}
	// A stream that goes on through all of it.
	stream := p.Recorder().NextID()
	sx := exchange("busy.example", "/stream", 200, nil, nil)
	begin(p.Recorder(), stream, sx)
	var streamed []byte
	for i := range 20 {
		streamed = append(streamed, body(i)...)
		p.Recorder().Record(traffic.Event{ID: stream, Kind: traffic.EventData, Side: traffic.FromServer, Data: body(i)})
		time.Sleep(20 * time.Millisecond)
		if i == 14 {
			release()
		}
	}
	end := *sx
	p.Recorder().Record(traffic.Event{ID: stream, Kind: traffic.EventEnd, Exchange: &end})
	if s := p.Recorder().Stats(); s.Spills == 0 {
		t.Errorf("nothing went through the journal: %+v", s)
	}
	flush(t, p)
	for i, id := range ids {
		wantBody(t, p, id, traffic.FromClient, body(i))
		wantBody(t, p, id, traffic.FromServer, body(i+1))
	}
	wantBody(t, p, stream, traffic.FromServer, streamed)
	deadline := time.Now().Add(20 * time.Second)
	for p.Recorder().Stats().JournalBytes > 0 && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	if s := p.Recorder().Stats(); s.LostBytes != 0 || s.LostExchanges != 0 || s.JournalBytes != 0 {
		t.Errorf("%+v", s)
	}
}

// TestJournalOfACrash finds what was only in the journal, without secrets in it.
func TestJournalOfACrash(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p := open(t, path, storage.Options{Keys: &keys{}})
	release := storage.HoldWriter(p)
	x := exchange("crash.example", "/?api_key=plain-secret-q", 200, []byte("request"), []byte("response"))
	x.Request.Header = append(x.Request.Header, traffic.Field{Name: "x-api-key", Value: "plain-secret-h"})
	id := record(p.Recorder(), x, 2)
	half := p.Recorder().NextID()
	begin(p.Recorder(), half, x)
	feed(p.Recorder(), half, traffic.FromClient, []byte("half of"), 1)
	deadline := time.Now().Add(20 * time.Second)
	for p.Recorder().Stats().QueuedBytes > 0 && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	// As after a crash: the files as they are now, elsewhere.
	crashed := filepath.Join(t.TempDir(), "p.assay")
	for _, suffix := range []string{"", "-wal", ".journal"} {
		data, err := os.ReadFile(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte("plain-secret")) {
			t.Errorf("p.assay%s holds a secret", suffix)
		}
		if suffix == ".journal" {
			data = data[:len(data):len(data)]
			data = append(data, "torn frame"...)
		}
		if err := os.WriteFile(crashed+suffix, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	release()
	again := open(t, crashed, storage.Options{})
	wantBody(t, again, id, traffic.FromServer, []byte("response"))
	wantBody(t, again, half, traffic.FromClient, []byte("half of"))
	got, err := again.Exchange(t.Context(), half)
	if err != nil || got.State != traffic.StateFailed || got.Fault == nil || got.Fault.Stage != traffic.StageCrash {
		t.Error(got, err)
	}
	if next := again.Recorder().NextID(); next <= half {
		t.Errorf("the next id is %d", next)
	}
	if _, err := os.Stat(crashed + ".journal"); !errors.Is(err, os.ErrNotExist) {
		t.Error("the journal is still there", err)
	}
}

// TestFullDisk records onto a file system of 24 MiB until it is full and makes room again.
func TestFullDisk(t *testing.T) {
	dir := smallDisk(t)
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 12<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := storage.Open(t.Context(), filepath.Join(dir, "p.assay"), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := p.Recorder()
	before := record(r, exchange("full.example", "/before", 200, []byte("a"), []byte("b")), 1)
	flush(t, p)
	body := random(1, 256<<10)
	var slowest time.Duration
	var ids []traffic.ID
	for range 400 { // 100 MiB
		start := time.Now()
		ids = append(ids, record(r, exchange("full.example", "/", 200, body, nil), 4))
		slowest = max(slowest, time.Since(start))
		time.Sleep(2 * time.Millisecond)
	}
	s := r.Stats()
	if s.LostBytes == 0 || s.LostExchanges == 0 || s.LostReason != "the disk is full" {
		t.Errorf("the loss is not told: %+v", s)
	}
	if slowest > time.Second {
		t.Errorf("recording waited %v for the disk", slowest)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	wantBody(t, p, before, traffic.FromServer, []byte("b"))
	// There is not room for all that waits. What is recorded says what it lacks, and what was read is what travelled.
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_ = r.Flush(ctx)
	whole := 0
	for _, id := range ids {
		x, err := p.Exchange(t.Context(), id)
		if errors.Is(err, storage.ErrNoExchange) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := p.ReadBody(t.Context(), id, traffic.FromClient, 0)
		if err != nil || !bytes.HasPrefix(body, got) {
			t.Fatalf("exchange %d: %d bytes, %v", id, len(got), err)
		}
		if len(got) == len(body) {
			whole++
		} else if x.State.Ended() && x.Request.Body.Lost == "" {
			t.Errorf("exchange %d misses bytes and does not say so", id)
		}
	}
	if whole == 0 {
		t.Error("nothing was kept")
	}
	if err := p.Close(); err == nil {
		t.Log("all that waited found room")
	} else if !strings.Contains(err.Error(), "full") {
		t.Error(err)
	}
}

// smallDisk mounts a file system of 24 MiB; the test is not run where that is not allowed.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("LOUD: no file system could be mounted, so nothing is known about full disks here: %s", out)
	}
	t.Cleanup(func() {
		if out, err := exec.CommandContext(context.Background(), "umount", dir).CombinedOutput(); err != nil {
			t.Errorf("%s", out)
		}
	})
	return dir
}

func TestWhoMayOpen(t *testing.T) {
	t.Parallel()
	path := temp(t)
	if _, err := storage.Open(t.Context(), path, storage.Options{MustExist: true}); err == nil || !strings.Contains(err.Error(), "there is no project") {
		t.Error(err)
	}
	p := open(t, path, storage.Options{})
	id := record(p.Recorder(), exchange("a.example", "/", 200, nil, []byte("x")), 1)
	flush(t, p)
	var locked *storage.LockedError
	if _, err := storage.Open(t.Context(), path, storage.Options{}); !errors.As(err, &locked) || locked.PID != os.Getpid() ||
		!strings.Contains(err.Error(), fmt.Sprintf("is open in another process (pid %d)", os.Getpid())) {
		t.Error(err)
	}
	reader := open(t, path, storage.Options{ReadOnly: true})
	wantBody(t, reader, id, traffic.FromServer, []byte("x"))
	if reader.Recorder() != nil {
		t.Error("a reader has a recorder")
	}
	if err := reader.SetNote(t.Context(), id, "n"); err == nil {
		t.Error("a reader writes")
	}
	other := record(p.Recorder(), exchange("a.example", "/", 200, nil, []byte("y")), 1)
	flush(t, p)
	wantBody(t, reader, other, traffic.FromServer, []byte("y"))

	foreign := filepath.Join(t.TempDir(), "x.assay")
	if err := os.WriteFile(foreign, []byte("this is no database at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := storage.Open(t.Context(), foreign, storage.Options{}); err == nil || !strings.Contains(err.Error(), "not an Assay project") {
		t.Error(err)
	}
	if _, err := storage.Open(t.Context(), filepath.Dir(foreign), storage.Options{}); err == nil || !strings.Contains(err.Error(), "is a folder") {
		t.Error(err)
	}
	if _, err := storage.Open(t.Context(), filepath.Join(filepath.Dir(foreign), "no", "x.assay"), storage.Options{}); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Error(err)
	}
}

// TestNewerFile reads a project of a later format and does not write to it.
func TestNewerFile(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p := open(t, path, storage.Options{})
	id := record(p.Recorder(), exchange("a.example", "/", 200, nil, []byte("x")), 1)
	settle(t, p)
	if err := storage.SetSchemaVersion(p, 99); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	newer := open(t, path, storage.Options{})
	readOnly, why := newer.ReadOnly()
	if !readOnly || !strings.Contains(why, "newer Assay") {
		t.Error(readOnly, why)
	}
	wantBody(t, newer, id, traffic.FromServer, []byte("x"))
}
