package storage_test

import (
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// casesOf makes n cases of two templates and two mutations.
func casesOf(n int) iter.Seq[scanner.Case] {
	return func(yield func(scanner.Case) bool) {
		for i := 1; i <= n && yield(caseOf(i)); i++ { //nolint:revive // everything is in the head of the loop
		}
	}
}

func caseOf(n int) scanner.Case {
	return scanner.Case{
		N: n, Key: fmt.Sprint("key", n), Template: []string{"leak", "inject"}[n%2], Severity: []scanner.Severity{scanner.SeverityHigh, scanner.SeverityLow}[n%2],
		OWASP: []string{"LLM07:2025"}, Target: "model:1", Mutation: []string{"none", "base64", "rot13"}[n%3], Request: -1, Prompt: n, Values: map[string]string{"p": "x"}, Trials: 3,
	}
}

func runOf() *scanner.Run {
	at := time.Date(2026, 5, 4, 3, 2, 1, 5000, time.UTC)
	return &scanner.Run{
		Name: "quick", State: scanner.RunRunning, Created: at, Spec: scanner.RunSpec{Targets: []string{"model:1"}, Seed: 1 << 63, Patience: time.Second},
		Targets:  []scanner.RunTarget{{Ref: "model:1", Name: "lab", Host: "127.0.0.1", Request: &scanner.Model{Name: "lab", Body: []byte{0, 0xff}}}},
		Skipped:  []scanner.Skipped{{Template: "rag", Cases: 4, Why: "it needs documents"}},
		Estimate: scanner.Estimate{Cases: 9, Requests: scanner.Range{Low: 1, High: 2}},
	}
}

// newRun keeps a run of n cases.
func newRun(t testing.TB, p *storage.Project, n int) scanner.RunID {
	t.Helper()
	id, err := p.CreateRun(t.Context(), runOf(), casesOf(n), map[string][]byte{"leak": []byte("id: leak"), "inject": nil})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// trialOf makes a record of one trial with one exchange.
func trialOf(n, trial int, verdict scanner.Verdict) *scanner.TrialRecord {
	price := 0.0000123
	r := &scanner.TrialRecord{
		Trial: scanner.Trial{
			Case: n, N: trial, Started: time.Date(2026, 5, 4, 3, 2, n%60, 0, time.UTC), Took: time.Second,
			Sent:      []scanner.Sent{{Slot: "json:/q", Plain: "say it", Text: "c2F5IGl0"}},
			Judgement: scanner.Judgement{Verdict: verdict, Reason: fmt.Sprint("because ", n, "/", trial), By: "rules", Confidence: 0.9},
			Answer:    "the answer", Print: fmt.Sprint("print", n), Requests: 1, Input: 10, Output: 20, Dollars: &price,
		},
		Exchanges: []*traffic.Record{{Exchange: *exchange("lab.example", "/v1/chat", 200, []byte(`{"q":"c2F5IGl0"}`), []byte(`{"a":"the answer"}`))}},
		Done:      true,
	}
	if verdict == scanner.Vulnerable {
		c := caseOf(n)
		r.Finding = &scanner.Finding{
			Print: scanner.Fingerprint(c.Template, c.Target, "canary"), Source: "test", Template: c.Template, Title: "It leaks", Severity: c.Severity, OWASP: c.OWASP,
			Target: c.Target, Name: "lab", Class: "canary", Reason: r.Trial.Judgement.Reason,
		}
	}
	return r
}

func keep(t testing.TB, p *storage.Project, run scanner.RunID, records ...*scanner.TrialRecord) {
	t.Helper()
	if err := p.SaveTrials(t.Context(), run, records); err != nil {
		t.Fatal(err)
	}
}

func getRun(t testing.TB, p *storage.Project, id scanner.RunID) *scanner.Run {
	t.Helper()
	r, err := p.Run(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRun(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	want := runOf()
	id, err := p.CreateRun(t.Context(), want, casesOf(9), map[string][]byte{"leak": []byte("id: leak"), "inject": []byte("x")})
	if err != nil || want.ID != id || want.Tally.Cases != 9 {
		t.Fatal(err, want)
	}
	if d := cmp.Diff(want, getRun(t, p, id)); d != "" {
		t.Error(d)
	}
	pending, err := p.Pending(t.Context(), id)
	if err != nil || len(pending) != 9 {
		t.Fatal(err, len(pending))
	}
	if d := cmp.Diff(caseOf(4), pending[3]); d != "" {
		t.Error(d)
	}
	templates, err := p.RunTemplates(t.Context(), id)
	if d := cmp.Diff(map[string][]byte{"leak": []byte("id: leak"), "inject": []byte("x")}, templates); d != "" || err != nil {
		t.Error(d, err)
	}
	targets := []scanner.RunTarget{{Ref: "model:1", Baseline: 7}}
	other := newRun(t, p, 1)
	for _, err := range []error{
		p.SetRunTargets(t.Context(), id, targets), p.NameRun(t.Context(), id, "deep"), p.StarRun(t.Context(), other, true), p.StarRun(t.Context(), id, true),
		p.SetRunState(t.Context(), id, scanner.RunPaused, "by a person", 3*time.Second),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	runs, err := p.Runs(t.Context())
	if err != nil || len(runs) != 2 || runs[0].ID != other || runs[0].Starred {
		t.Fatal(err, runs)
	}
	got := runs[1]
	if got.Name != "deep" || !got.Starred || got.State != scanner.RunPaused || got.Why != "by a person" || got.Spent != 3*time.Second || time.Since(got.Ended) > time.Minute ||
		got.Targets[0].Baseline != 7 || got.Spec.Seed != 1<<63 || got.Skipped[0].Cases != 4 {
		t.Errorf("%+v", got)
	}
	for _, err := range []error{
		p.SetRunTargets(t.Context(), 99, nil), p.NameRun(t.Context(), 99, ""), p.StarRun(t.Context(), 99, true), p.SetRunState(t.Context(), 99, scanner.RunDone, "", 0),
		p.SaveTrials(t.Context(), 99, []*scanner.TrialRecord{trialOf(1, 1, scanner.Resisted)}),
	} {
		if !errors.Is(err, storage.ErrNoRun) {
			t.Error(err)
		}
	}
	if _, err := p.Run(t.Context(), 99); !errors.Is(err, storage.ErrNoRun) {
		t.Error(err)
	}
}

func TestSaveTrials(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	id := newRun(t, p, 5)
	first, second := trialOf(1, 1, scanner.Resisted), trialOf(1, 2, scanner.Vulnerable)
	first.Done = false
	blocked := trialOf(2, 1, scanner.Resisted)
	blocked.Trial.Judgement.Blocked = true
	failed := trialOf(3, 1, scanner.Errored)
	failed.Exchanges, failed.Trial.Dollars, failed.Trial.Estimated, failed.Trial.Throttled = nil, nil, true, time.Minute
	keep(t, p, id, first)
	keep(t, p, id, second, blocked, failed)
	keep(t, p, id, trialOf(1, 2, scanner.Resisted), blocked) // kept already
	want := scanner.RunTally{
		Cases: 5, Vulnerable: 1, Resisted: 1, Errored: 1, Flaky: 1, Blocked: 1, Trials: 4, Requests: 4, Input: 40, Output: 80, Estimated: 30,
		Dollars: 0.0000369, Unpriced: 1, Throttled: time.Minute,
	}
	if d := cmp.Diff(want, getRun(t, p, id).Tally); d != "" {
		t.Error(d)
	}
	c, err := p.Case(t.Context(), id, 1)
	if err != nil || c.Verdict != scanner.Vulnerable || !c.Done || c.Counts != (scanner.Verdicts{Vulnerable: 1, Resisted: 1}) || c.Reason != "because 1/2" || c.By != "rules" {
		t.Errorf("%+v, %v", c, err)
	}
	trials, err := p.Trials(t.Context(), id, 1)
	if err != nil || len(trials) != 2 {
		t.Fatal(err, trials)
	}
	if d := cmp.Diff(second.Trial, trials[1]); d != "" {
		t.Error(d)
	}
	if len(second.Trial.Exchanges) != 1 || second.Trial.Exchanges[0] == 0 {
		t.Fatal(second.Trial.Exchanges)
	}
	rows, err := p.List(t.Context(), storage.Filter{Where: query(t, "source:test")})
	if err != nil || len(rows) != 3 {
		t.Error(err, len(rows))
	}
	wantBody(t, p, second.Trial.Exchanges[0], traffic.FromServer, []byte(`{"a":"the answer"}`))
	var order []string
	for of, err := range p.EachTrial(t.Context(), id) {
		if err != nil {
			t.Fatal(err)
		}
		order = append(order, fmt.Sprint(of.Case.N, "/", of.Trial.N))
	}
	if d := cmp.Diff([]string{"1/1", "1/2", "2/1", "3/1"}, order); d != "" {
		t.Error(d)
	}
	if err := p.SaveTrials(t.Context(), id, []*scanner.TrialRecord{trialOf(4, 1, scanner.Resisted), trialOf(77, 1, scanner.Resisted)}); !errors.Is(err, storage.ErrNoCase) {
		t.Error(err)
	}
	if got := getRun(t, p, id).Tally; got != want {
		t.Errorf("a batch that failed left %+v", got)
	}
}
