package storage_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// TestFullDiskWhileTesting keeps trials until the disk is full: what was kept is whole, and the rest is kept when there is
// room again.
func TestFullDiskWhileTesting(t *testing.T) {
	dir := smallDisk(t)
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 12<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "p.assay")
	p := open(t, path, storage.Options{})
	run := newRun(t, p, 100)
	batch := func(i int) []*scanner.TrialRecord {
		records := make([]*scanner.TrialRecord, 4)
		for j := range records {
			n := 4*i + j + 1
			r := trialOf(n, 1, verdicts[n%4])
			r.Exchanges = []*traffic.Record{{Exchange: *exchange("lab.example", "/", 200, random(uint64(n), 100<<10), nil)}}
			if j == 2 { // lies in a file of its own
				r.Exchanges[0].Response.Body.Data = random(uint64(n)+1000, 1100<<10)
			}
			records[j] = r
		}
		return records
	}
	kept := 0
	var full error
	for full == nil && kept < 25 {
		if full = p.SaveTrials(t.Context(), run, batch(kept)); full == nil {
			kept++
		}
	}
	if full == nil || !strings.Contains(full.Error(), "the disk is full") {
		t.Fatalf("after %d batches: %v", kept, full)
	}
	if got := getRun(t, p, run).Tally; got.Trials != 4*kept || kept == 0 {
		t.Errorf("%d batches of four are kept, and %d trials", kept, got.Trials)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	keep(t, p, run, batch(kept)...)
	trials, err := p.Trials(t.Context(), run, 4*kept+3)
	if err != nil || len(trials) != 1 {
		t.Fatal(err, trials)
	}
	wantBody(t, p, trials[0].Exchanges[0], traffic.FromServer, random(uint64(4*kept+3)+1000, 1100<<10))
	wantChecked(t, p)
}

// TestBatchThatFailsLeavesNothing keeps trials of which the last is of no case: nothing of the others is left, not even
// files of large bodies.
func TestBatchThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p := open(t, path, storage.Options{})
	run := newRun(t, p, 3)
	large := trialOf(1, 1, scanner.Vulnerable)
	large.Exchanges[0].Response.Body.Data = bytes.Repeat([]byte("large "), 400_000)
	for name, bad := range map[string]*scanner.TrialRecord{"no case": trialOf(9, 1, scanner.Resisted), "no verdict": trialOf(2, 1, "perhaps")} {
		if err := p.SaveTrials(t.Context(), run, []*scanner.TrialRecord{large, bad}); err == nil || len(large.Trial.Exchanges) > 0 {
			t.Error(name, err, large.Trial.Exchanges)
		}
	}
	list := findings(t, p, storage.FindingQuery{})
	all, err := p.Count(t.Context(), nil)
	if tally := getRun(t, p, run).Tally; err != nil || tally != (scanner.RunTally{Cases: 3}) || len(list) > 0 || all.N > 0 {
		t.Error(fmt.Sprintf("%+v", tally), list, all, err)
	}
	if parts, _ := filepath.Glob(path + ".blobs/part/*"); len(parts) > 0 {
		t.Error(parts)
	}
	keep(t, p, run, large)
	wantChecked(t, p)
}
