package storage_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"assay/scanner"
	"assay/storage"
)

// trialsVariable makes the child carry out a run until it is killed.
const trialsVariable = "ASSAY_STORAGE_TRIALS"

// killBatch is how many trials the child keeps at once.
const killBatch = 16

// saveTrialsOn keeps trials of a run in batches and says after each how many are kept. It goes on with the run it finds.
func saveTrialsOn(p *storage.Project) {
	ctx := context.Background()
	fail := func(err error) {
		if err != nil {
			_, _ = fmt.Fprintln(os.Stdout, "error", err)
			os.Exit(1)
		}
	}
	runs, err := p.Runs(ctx)
	fail(err)
	var id scanner.RunID
	if len(runs) == 0 {
		id, err = p.CreateRun(ctx, runOf(), casesOf(20_000), nil)
	} else {
		id = runs[0].ID
		err = p.SetRunState(ctx, id, scanner.RunRunning, "", runs[0].Spent)
	}
	fail(err)
	for {
		pending, err := p.Pending(ctx, id)
		fail(err)
		for from := 0; from+killBatch <= min(len(pending), 4000); from += killBatch {
			batch := make([]*scanner.TrialRecord, killBatch)
			for i := range batch {
				batch[i] = trialOf(pending[from+i].N, 1, verdicts[(from+i)%4])
			}
			fail(p.SaveTrials(ctx, id, batch))
			_, _ = fmt.Fprintln(os.Stdout, "kept", batch[killBatch-1].Trial.Case)
		}
	}
}

// TestKillWhileTesting kills a process that carries out a run: what it said it kept is there, in whole batches, and the
// tally is what the trials say.
func TestKillWhileTesting(t *testing.T) {
	path := temp(t)
	said := 0
	for i := range 4 {
		cmd, lines := startChild(t, childVariable+"="+path, trialsVariable+"=1")
		for range 2 + 7*i {
			said = keptOf(t, <-lines)
		}
		time.Sleep(time.Duration(i*2) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for line := range lines {
			said = keptOf(t, line)
		}
		waitChild(t, cmd)
		p := open(t, path, storage.Options{})
		wantWholeBatches(t, p, said)
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func keptOf(t *testing.T, line string) int {
	t.Helper()
	var n int
	if _, err := fmt.Sscanf(line, "kept %d", &n); err != nil {
		t.Fatalf("the process said %q", line)
	}
	return n
}

func wantWholeBatches(t *testing.T, p *storage.Project, least int) {
	t.Helper()
	runs, err := p.Runs(t.Context())
	if err != nil || len(runs) != 1 {
		t.Fatal(err, runs)
	}
	run := runs[0]
	if run.State != scanner.RunInterrupted || run.Why == "" {
		t.Errorf("the run is %s (%s)", run.State, run.Why)
	}
	n := run.Tally.Trials
	if n < least || n%killBatch != 0 {
		t.Errorf("%d trials are kept, and %d were said to be", n, least)
	}
	kept, err := p.Count(t.Context(), query(t, "source:test"))
	if err != nil || kept.N != int64(n) {
		t.Errorf("%d exchanges of %d trials (%v)", kept.N, n, err)
	}
	var want scanner.RunTally
	cases, _, err := p.Cases(t.Context(), run.ID, storage.CaseQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		count(&want, c)
		if c.Done != (c.N <= n) {
			t.Fatalf("of %d trials, case %d is done: %v", n, c.N, c.Done)
		}
	}
	got := run.Tally
	if got.Cases != want.Cases || got.Vulnerable != want.Vulnerable || got.Resisted != want.Resisted || got.Unclear != want.Unclear || got.Errored != want.Errored {
		t.Errorf("%+v, want %+v", got, want)
	}
	wantChecked(t, p)
}

// TestInterrupted opens a project whose run was going on when nobody closed it.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p, err := storage.Open(t.Context(), path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	run := newRun(t, p, 3)
	paused := newRun(t, p, 3)
	for id, state := range map[scanner.RunID]scanner.RunState{run: scanner.RunRunning, paused: scanner.RunPaused} {
		if err := p.SetRunState(t.Context(), id, state, "as it was", time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(20 * time.Millisecond) // what it ran before the last trial counts as time it ran
	keep(t, p, run, trialOf(1, 1, scanner.Resisted))
	reader := open(t, path, storage.Options{ReadOnly: true})
	if got := getRun(t, reader, run); got.State != scanner.RunRunning || got.Spent < time.Minute+20*time.Millisecond {
		t.Errorf("%s after %v", got.State, got.Spent)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	p = open(t, path, storage.Options{})
	got := getRun(t, p, run)
	if got.State != scanner.RunInterrupted || got.Why != "Assay ended while it ran" || got.Spent < time.Minute+20*time.Millisecond || got.Spent > 2*time.Minute || time.Since(got.Ended) > time.Minute {
		t.Errorf("%+v", got)
	}
	if got := getRun(t, p, paused); got.State != scanner.RunPaused || got.Why != "as it was" || got.Spent != time.Minute {
		t.Errorf("%+v", got)
	}
}
