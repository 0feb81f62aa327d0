package storage_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"assay/storage"
	"assay/traffic"
)

// childVariable makes the test binary a process that records until it is killed.
const childVariable = "ASSAY_STORAGE_CHILD"

func runChild() bool {
	path := os.Getenv(childVariable)
	if path == "" {
		return false
	}
	p, err := storage.Open(context.Background(), path, storage.Options{Log: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	if err != nil {
		_, _ = fmt.Fprintln(os.Stdout, "error", err)
		os.Exit(1)
	}
	if os.Getenv(foldVariable) != "" {
		foldOn(p)
	}
	if os.Getenv(watchVariable) != "" {
		watchOn(p)
	}
	if os.Getenv(trialsVariable) != "" {
		saveTrialsOn(p)
	}
	for {
		recordRound(p.Recorder())
	}
}

// recordRound records a few exchanges of all sorts at once and says on stdout when each ended: id, the time, checksums.
func recordRound(r *storage.Recorder) {
	done := make(chan struct{})
	const sorts = 8
	for i := range sorts {
		go func() {
			defer func() { done <- struct{}{} }()
			id := r.NextID()
			req := random(uint64(id), 2000)
			res := bytes.Repeat(fmt.Appendf(nil, "data: {\"id\":%d,\"text\":\"abcdefgh\"}\n\n", id), 1+i*i)
			if i == 5 {
				res = random(uint64(id)+1, 3<<20)
			}
			x := exchange(fmt.Sprintf("h%d.example", i), "/", 200, req, res)
			begin(r, id, x)
			feed(r, id, traffic.FromClient, req, 1)
			head := *x
			head.State = traffic.StateStreaming
			r.Record(traffic.Event{ID: id, Kind: traffic.EventHead, Exchange: &head})
			for n := range 10 {
				part := res[n*len(res)/10 : (n+1)*len(res)/10]
				r.Record(traffic.Event{ID: id, Kind: traffic.EventData, Side: traffic.FromServer, At: time.Duration(n) * time.Millisecond, Data: bytes.Clone(part)})
				if i >= 6 {
					time.Sleep(30 * time.Millisecond)
				}
			}
			end := *x
			r.Record(traffic.Event{ID: id, Kind: traffic.EventEnd, Exchange: &end})
			_, _ = fmt.Fprintln(os.Stdout, "end", id, time.Now().UnixMicro(), crc32.ChecksumIEEE(req), crc32.ChecksumIEEE(res))
		}()
	}
	for range sorts {
		<-done
	}
}

type endedExchange struct {
	id       traffic.ID
	at       time.Time
	req, res uint32
}

// TestKill kills a process that records, again and again, and finds everything that had ended 250 ms before.
func TestKill(t *testing.T) {
	kills := 4
	if n, err := strconv.Atoi(os.Getenv("ASSAY_KILLS")); err == nil {
		kills = n
	}
	path := temp(t)
	var all []endedExchange
	for i := range kills {
		all = append(all, recordAndKill(t, path, 400*time.Millisecond+time.Duration(i*137%1100)*time.Millisecond)...)
		p := open(t, path, storage.Options{})
		for _, e := range all {
			wantSums(t, p, e)
		}
		open, err := p.List(t.Context(), storage.Filter{Where: query(t, "state:open or state:streaming")})
		if err != nil || len(open) > 0 {
			t.Errorf("after kill %d: %d exchanges are still open (%v)", i, len(open), err)
		}
		cut, err := p.List(t.Context(), storage.Filter{Where: query(t, "has:fault")})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range cut {
			if row.Fault == nil || row.Fault.Stage != traffic.StageCrash {
				t.Errorf("exchange %d: fault %+v", row.ID, row.Fault)
			}
		}
		if i == kills-1 {
			settle(t, p)
			for _, e := range all {
				wantSums(t, p, e)
			}
			if found, err := p.Check(t.Context()); err != nil || len(found) > 0 {
				t.Error(found, err)
			}
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		all = all[max(0, len(all)-300):]
	}
}

func wantSums(t *testing.T, p *storage.Project, e endedExchange) {
	t.Helper()
	for side, want := range []uint32{e.req, e.res} {
		got, _, err := p.ReadBody(t.Context(), e.id, traffic.Side(side), 0)
		if err != nil || crc32.ChecksumIEEE(got) != want {
			t.Errorf("exchange %d, %s: checksum of %d bytes differs (%v)", e.id, traffic.Side(side), len(got), err)
		}
	}
	x, err := p.Exchange(t.Context(), e.id)
	if err != nil || x.State != traffic.StateComplete {
		t.Errorf("exchange %d: %v, %v", e.id, x, err)
	}
}

// recordAndKill returns what the process said had ended 250 ms before it was killed.
func recordAndKill(t *testing.T, path string, after time.Duration) []endedExchange {
	t.Helper()
	cmd, lines := startChild(t, childVariable+"="+path)
	first := <-lines // it records
	time.Sleep(after)
	killed := time.Now()
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	var ended []endedExchange
	add := func(line string) {
		var e endedExchange
		var at int64
		if _, err := fmt.Sscanf(line, "end %d %d %d %d", &e.id, &at, &e.req, &e.res); err != nil {
			if !strings.HasPrefix(line, "end") {
				t.Errorf("the process said %q", line)
			}
			return
		}
		if e.at = time.UnixMicro(at); killed.Sub(e.at) >= 250*time.Millisecond {
			ended = append(ended, e)
		}
	}
	add(first)
	for line := range lines {
		add(line)
	}
	waitChild(t, cmd)
	return ended
}

// startChild starts this test as another process, and returns what it says.
func startChild(t *testing.T, environment ...string) (*exec.Cmd, <-chan string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), environment...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 10_000)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			lines <- s.Text()
		}
		_, _ = io.Copy(io.Discard, out)
	}()
	return cmd, lines
}

func waitChild(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
}

func query(t testing.TB, text string) *traffic.Query {
	t.Helper()
	q, err := traffic.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return q
}
