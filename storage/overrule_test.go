package storage_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assay/scanner"
	"assay/scanner/judge"
	"assay/storage"
)

var verdicts = []scanner.Verdict{scanner.Vulnerable, scanner.Resisted, scanner.Unclear, scanner.Errored}

// TestTalliesAreExact does random things to a few runs. After each, what is kept of every case, the tally of every run and
// every finding are what the trials say; what was used up never gets less.
func TestTalliesAreExact(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := &randomTests{r: rand.New(rand.NewPCG(seed, 3)), p: open(t, temp(t), storage.Options{}), used: map[scanner.RunID]scanner.RunTally{}, next: map[string]int{}}
			for step := range 150 {
				what := s.step(t)
				s.wantExact(t, fmt.Sprintf("step %d, %s", step, what))
				if t.Failed() {
					return
				}
			}
			wantChecked(t, s.p)
		})
	}
}

const randomCases = 8

type randomTests struct {
	r    *rand.Rand
	p    *storage.Project
	runs []scanner.RunID
	used map[scanner.RunID]scanner.RunTally // what trials used up, those among it that were forgotten
	next map[string]int                     // number of the next trial of a case
}

func (s *randomTests) step(t *testing.T) string {
	t.Helper()
	if len(s.runs) == 0 || len(s.runs) < 3 && s.r.IntN(8) == 0 {
		s.runs = append(s.runs, newRun(t, s.p, randomCases))
		return "a new run"
	}
	at := s.r.IntN(len(s.runs))
	run := s.runs[at]
	print := fmt.Sprint("print", s.r.IntN(10))
	var err error
	what := ""
	switch s.r.IntN(20) {
	case 0, 1, 2:
		what = "overrule " + print
		err = s.p.SetOverrule(t.Context(), scanner.Overrule{Print: print, Verdict: verdicts[s.r.IntN(4)], Reason: what, At: time.Now()})
	case 3, 4:
		what = "take back " + print
		err = s.p.RemoveOverrule(t.Context(), print)
	case 5, 6:
		what = fmt.Sprint("reopen ", run)
		_, err = s.p.Reopen(t.Context(), run)
		s.renumber(t, run)
	case 7:
		what = fmt.Sprint("remove ", run)
		err = s.p.RemoveRun(t.Context(), run)
		s.runs = append(s.runs[:at], s.runs[at+1:]...)
		delete(s.used, run)
	case 8:
		what = fmt.Sprint("retest ", run)
		_, err = s.p.RetestFindings(t.Context(), run)
	default:
		what = fmt.Sprint("trials of ", run)
		s.trials(t, run)
	}
	if err != nil {
		t.Fatal(what, err)
	}
	return what
}

// renumber begins anew with the trials of cases that were reopened.
func (s *randomTests) renumber(t *testing.T, run scanner.RunID) {
	t.Helper()
	pending, err := s.p.Pending(t.Context(), run)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range pending {
		s.next[fmt.Sprint(run, "/", c.N)] = c.Counts.Vulnerable + c.Counts.Resisted + c.Counts.Unclear + c.Counts.Errored
	}
}

// trials keeps a few trials, some of them twice.
func (s *randomTests) trials(t *testing.T, run scanner.RunID) {
	t.Helper()
	var batch []*scanner.TrialRecord
	for range s.r.IntN(4) {
		n := s.r.IntN(randomCases) + 1
		key := fmt.Sprint(run, "/", n)
		s.next[key]++
		r := trialOf(n, s.next[key], verdicts[s.r.IntN(4)])
		r.Trial.Print, r.Done, r.Exchanges = fmt.Sprint("print", s.r.IntN(10)), s.r.IntN(2) == 0, nil
		r.Trial.Judgement.Blocked = s.r.IntN(2) == 0 && r.Trial.Judgement.Verdict == scanner.Resisted
		r.Trial.Estimated = s.r.IntN(2) == 0
		if s.r.IntN(3) == 0 {
			r.Trial.Dollars = nil
		}
		price := float64(s.r.IntN(1000)) / 1e6
		if s.r.IntN(3) == 0 {
			r.Trial.Vote = &scanner.Vote{Input: 3, Output: 4, Dollars: &price}
		}
		r.Trial.Throttled = time.Duration(s.r.IntN(1000))
		used := s.used[run]
		use(&used, &r.Trial)
		s.used[run] = used
		batch = append(batch, r)
		if s.r.IntN(4) == 0 {
			batch = append(batch, r)
		}
	}
	s.r.Shuffle(len(batch), func(i, j int) { batch[i], batch[j] = batch[j], batch[i] })
	keep(t, s.p, run, batch...)
}

// use adds what a trial used up.
func use(tally *scanner.RunTally, t *scanner.Trial) {
	tally.Requests += int64(t.Requests)
	tally.Input += t.Input
	tally.Output += t.Output
	if t.Estimated {
		tally.Estimated += t.Input + t.Output
	}
	if t.Dollars == nil {
		tally.Unpriced += int64(t.Requests)
	} else {
		tally.Dollars += *t.Dollars
	}
	if t.Vote != nil {
		tally.Input += t.Vote.Input
		tally.Output += t.Vote.Output
		tally.Dollars += *t.Vote.Dollars
	}
	tally.Throttled += t.Throttled
}

func (s *randomTests) wantExact(t *testing.T, when string) {
	t.Helper()
	standing := map[storage.FindingTrial]bool{}
	for _, run := range s.runs {
		trials := map[int][]scanner.Trial{}
		for of, err := range s.p.EachTrial(t.Context(), run) {
			if err != nil {
				t.Fatal(err)
			}
			trials[of.Case.N] = append(trials[of.Case.N], of.Trial)
			if of.Trial.Judgement.Verdict == scanner.Vulnerable {
				standing[storage.FindingTrial{Run: run, Case: of.Case.N, Trial: of.Trial.N}] = true
			}
		}
		cases, _, err := s.p.Cases(t.Context(), run, storage.CaseQuery{})
		if err != nil {
			t.Fatal(err)
		}
		want := s.used[run]
		for _, c := range cases {
			wantCase(t, when, c, trials[c.N])
			count(&want, c)
			want.Trials += len(trials[c.N])
		}
		got := getRun(t, s.p, run).Tally
		if d := got.Dollars - want.Dollars; d > 1e-9 || d < -1e-9 {
			t.Errorf("%s: run %d: %g dollars, want %g", when, run, got.Dollars, want.Dollars)
		}
		got.Dollars, want.Dollars = 0, 0
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: run %d: %s", when, run, d)
		}
	}
	s.wantFindings(t, when, standing)
}

// wantCase works a case out anew.
func wantCase(t *testing.T, when string, got scanner.Case, trials []scanner.Trial) {
	t.Helper()
	want := got
	var of judge.Trials
	for _, trial := range trials {
		of.Add(trial.Judgement.Verdict)
	}
	want.Verdict, want.Counts, want.Reason, want.By, want.Blocked = "", scanner.Verdicts(of), "", "", false
	if len(trials) > 0 {
		want.Verdict = of.Verdict()
	}
	for _, trial := range trials {
		if trial.Judgement.Verdict == want.Verdict {
			want.Reason, want.By, want.Blocked = trial.Judgement.Reason, trial.Judgement.By, trial.Judgement.Blocked
			break
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s: case %d: %s", when, got.N, d)
	}
}

// count counts a case in a tally.
func count(tally *scanner.RunTally, c scanner.Case) {
	tally.Cases++
	if !c.Done {
		return
	}
	switch c.Verdict {
	case scanner.Vulnerable:
		tally.Vulnerable++
		if c.Counts.Resisted > 0 {
			tally.Flaky++
		}
	case scanner.Resisted:
		tally.Resisted++
		if c.Blocked {
			tally.Blocked++
		}
	case scanner.Unclear:
		tally.Unclear++
	case scanner.Errored:
		tally.Errored++
	}
}

func (s *randomTests) wantFindings(t *testing.T, when string, standing map[storage.FindingTrial]bool) {
	t.Helper()
	for _, f := range findings(t, s.p, storage.FindingQuery{}) {
		shows, err := s.p.FindingTrials(t.Context(), f.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		stands := false
		for _, k := range shows {
			stands = stands || standing[k]
		}
		if f.Count != len(shows) || f.Count == 0 || stands == (f.State == scanner.FindingFalsePositive) {
			t.Errorf("%s: finding %d is %s, counts %d of %d trials, and its evidence stands: %v", when, f.ID, f.State, f.Count, len(shows), stands)
		}
	}
}
