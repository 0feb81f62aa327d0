package storage_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assay/scanner"
	"assay/storage"
)

// history is what happened to a finding, oldest first, without the times.
func history(t testing.TB, p *storage.Project, id scanner.FindingID) (state scanner.FindingState, lines []string) {
	t.Helper()
	f, events, err := p.Finding(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(events) - 1; i >= 0; i-- {
		e := events[i]
		if time.Since(e.At) > time.Minute {
			t.Errorf("an event of %v", e.At)
		}
		lines = append(lines, fmt.Sprintf("%s %s>%s run %d", e.What, e.From, e.To, e.Run))
	}
	return f.State, lines
}

func findings(t testing.TB, p *storage.Project, q storage.FindingQuery) []scanner.Finding {
	t.Helper()
	list, total, err := p.Findings(t.Context(), q)
	if err != nil || q.Limit == 0 && q.Offset == 0 && total != len(list) {
		t.Fatal(err, total, len(list))
	}
	return list
}

func TestFinding(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	run := newRun(t, p, 6)
	keep(t, p, run, trialOf(2, 1, scanner.Vulnerable), trialOf(4, 1, scanner.Vulnerable), trialOf(3, 1, scanner.Vulnerable))
	list := findings(t, p, storage.FindingQuery{})
	if len(list) != 2 {
		t.Fatalf("%+v", list)
	}
	leak := list[0]
	want := scanner.Finding{
		ID: leak.ID, Print: scanner.Fingerprint("leak", "model:1", "canary"), Source: "test", Template: "leak", Title: "It leaks", Severity: scanner.SeverityHigh,
		OWASP: []string{"LLM07:2025"}, Target: "model:1", Name: "lab", Class: "canary", State: scanner.FindingNew,
		First: time.Date(2026, 5, 4, 3, 2, 3, 0, time.UTC), Last: time.Date(2026, 5, 4, 3, 2, 5, 0, time.UTC), Count: 2, Run: run, Case: 4, Trial: 1, Reason: "because 4/1",
	}
	if d := cmp.Diff(want, leak); d != "" {
		t.Error(d)
	}
	shows, err := p.FindingTrials(t.Context(), leak.ID, 1)
	if d := cmp.Diff([]storage.FindingTrial{{Run: run, Case: 4, Trial: 1}}, shows); d != "" || err != nil {
		t.Error(d, err)
	}

	for _, err := range []error{
		p.SetFindings(t.Context(), []scanner.FindingID{leak.ID, list[1].ID}, scanner.FindingFixed, "patched"), p.NoteFinding(t.Context(), leak.ID, "ask Ada"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	second := newRun(t, p, 6)
	keep(t, p, second, trialOf(2, 1, scanner.Vulnerable))
	keep(t, p, second, trialOf(4, 1, scanner.Vulnerable))
	third := newRun(t, p, 6)
	keep(t, p, third, trialOf(2, 1, scanner.Vulnerable))
	state, lines := history(t, p, leak.ID)
	wantLines := []string{
		fmt.Sprintf("seen >new run %d", run), "state new>fixed run 0", "note > run 0", fmt.Sprintf("seen again fixed>new run %d", second), fmt.Sprintf("seen again > run %d", third),
	}
	if d := cmp.Diff(wantLines, lines); d != "" || state != scanner.FindingNew {
		t.Error(state, d)
	}
	for name, err := range map[string]error{
		"no such finding": p.NoteFinding(t.Context(), 99, ""), "one of several": p.SetFindings(t.Context(), []scanner.FindingID{leak.ID, 99}, scanner.FindingVerified, ""),
	} {
		if !errors.Is(err, storage.ErrNoFinding) {
			t.Error(name, err)
		}
	}
	if err := p.SetFindings(t.Context(), []scanner.FindingID{leak.ID}, "gone", ""); err == nil {
		t.Error("a finding came into a state that there is not")
	}
	if state, _ := history(t, p, leak.ID); state != scanner.FindingNew {
		t.Error("a step that failed changed something")
	}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	run := newRun(t, p, 4)
	var records []*scanner.TrialRecord
	for i, s := range []scanner.Severity{scanner.SeverityLow, scanner.SeverityCritical, scanner.SeverityInfo, scanner.SeverityMedium} {
		r := trialOf(i+1, 1, scanner.Vulnerable)
		r.Trial.Started = r.Trial.Started.Add(time.Duration(-i) * time.Hour)
		r.Finding.Title, r.Finding.Severity, r.Finding.Class = fmt.Sprint("t", 4-i), s, fmt.Sprint("class", i)
		r.Finding.Print = scanner.Fingerprint(r.Finding.Template, r.Finding.Target, r.Finding.Class)
		if i == 2 {
			r.Finding.OWASP, r.Finding.Target, r.Finding.Name, r.Finding.Reason = []string{"LLM01:2025", "LLM10:2025"}, "model:2", "Other", "It said 100% \\_/"
		}
		records = append(records, r)
	}
	keep(t, p, run, records...)
	empty := newRun(t, p, 1)
	if err := p.SetFindings(t.Context(), []scanner.FindingID{findings(t, p, storage.FindingQuery{Text: "t1"})[0].ID}, scanner.FindingVerified, ""); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		q    storage.FindingQuery
		want string
	}{
		"usual":          {storage.FindingQuery{}, "t3 t1 t4 t2"},
		"mildest first":  {storage.FindingQuery{Sort: "-severity"}, "t2 t4 t1 t3"},
		"last":           {storage.FindingQuery{Sort: "last"}, "t4 t3 t2 t1"},
		"first":          {storage.FindingQuery{Sort: "-first"}, "t1 t2 t3 t4"},
		"count":          {storage.FindingQuery{Sort: "count"}, "t4 t3 t2 t1"},
		"title":          {storage.FindingQuery{Sort: "title"}, "t1 t2 t3 t4"},
		"target":         {storage.FindingQuery{Sort: "-target"}, "t2 t1 t3 t4"},
		"page":           {storage.FindingQuery{Sort: "title", Offset: 1, Limit: 2}, "t2 t3"},
		"states":         {storage.FindingQuery{States: []scanner.FindingState{"verified", "fixed"}}, "t1"},
		"severities":     {storage.FindingQuery{Severities: []scanner.Severity{"info", "low"}}, "t4 t2"},
		"source":         {storage.FindingQuery{Sources: []string{"live"}}, ""},
		"a target":       {storage.FindingQuery{Targets: []string{"model:2"}}, "t2"},
		"owasp":          {storage.FindingQuery{OWASP: []string{"LLM10:2025"}}, "t2"},
		"either":         {storage.FindingQuery{OWASP: []string{"LLM10:2025", "LLM07:2025"}}, "t3 t1 t4 t2"},
		"part of a word": {storage.FindingQuery{OWASP: []string{"LLM10"}}, ""},
		"run":            {storage.FindingQuery{Run: run, Text: "T4"}, "t4"},
		"other run":      {storage.FindingQuery{Run: empty}, ""},
		"percent":        {storage.FindingQuery{Text: "100% \\_"}, "t2"},
		"no wildcard":    {storage.FindingQuery{Text: "b%se"}, ""},
	} {
		list, total, err := p.Findings(t.Context(), c.q)
		got := ""
		for i := range list {
			got += " " + list[i].Title
		}
		if err != nil || got != "" && got[1:] != c.want || got == "" && c.want != "" {
			t.Errorf("%s: %q, want %q (%v)", name, got, c.want, err)
		}
		if c.q.Limit > 0 && total != 4 {
			t.Errorf("%s: %d in all", name, total)
		}
	}
	if _, _, err := p.Findings(t.Context(), storage.FindingQuery{Sort: "print"}); err == nil {
		t.Error("there is no order by print")
	}
	counts, err := p.CountFindings(t.Context())
	want := map[scanner.Severity]map[scanner.FindingState]int{"low": {"new": 1}, "critical": {"new": 1}, "info": {"new": 1}, "medium": {"verified": 1}}
	if d := cmp.Diff(want, counts); d != "" || err != nil {
		t.Error(d, err)
	}
}

// TestOverruledFinding overrules one of two trials that show a finding, then both, and takes it back.
func TestOverruledFinding(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	run := newRun(t, p, 6)
	keep(t, p, run, trialOf(2, 1, scanner.Vulnerable), trialOf(4, 1, scanner.Vulnerable))
	id := findings(t, p, storage.FindingQuery{})[0].ID
	if err := p.SetFindings(t.Context(), []scanner.FindingID{id}, scanner.FindingVerified, ""); err != nil {
		t.Fatal(err)
	}
	step := func(name string, err error, want scanner.FindingState, tally scanner.RunTally) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if state, _ := history(t, p, id); state != want {
			t.Errorf("%s: %s, want %s", name, state, want)
		}
		got := getRun(t, p, run).Tally
		if got.Vulnerable != tally.Vulnerable || got.Resisted != tally.Resisted {
			t.Errorf("%s: %+v", name, got)
		}
	}
	resisted := func(print string) error {
		return p.SetOverrule(t.Context(), scanner.Overrule{Print: print, Verdict: scanner.Resisted, Reason: "it only quotes", At: time.Now()})
	}
	step("one", resisted("print2"), scanner.FindingVerified, scanner.RunTally{Vulnerable: 1, Resisted: 1})
	step("both", resisted("print4"), scanner.FindingFalsePositive, scanner.RunTally{Resisted: 2})
	trials, err := p.Trials(t.Context(), run, 2)
	if err != nil || trials[0].Judgement.By != "person" || trials[0].Judgement.Verdict != scanner.Resisted || trials[0].Judgement.Reason != "it only quotes" ||
		trials[0].Rules == nil || trials[0].Rules.Verdict != scanner.Vulnerable || trials[0].Rules.By != "rules" {
		t.Errorf("%+v, %v", trials, err)
	}
	c, err := p.Case(t.Context(), run, 2)
	if err != nil || c.By != "person" || c.Reason != "it only quotes" || c.Verdict != scanner.Resisted {
		t.Errorf("%+v, %v", c, err)
	}
	// Another run says the same: it is overruled as it is kept, also when the engine did so itself.
	again := newRun(t, p, 6)
	said := trialOf(2, 1, scanner.Vulnerable)
	rules := said.Trial.Judgement
	said.Trial.Judgement, said.Trial.Rules = scanner.Judgement{Verdict: scanner.Resisted, Reason: "it only quotes", By: "person"}, &rules
	keep(t, p, again, said, trialOf(4, 1, scanner.Vulnerable))
	step("kept overruled", nil, scanner.FindingFalsePositive, scanner.RunTally{Resisted: 2})
	if got := getRun(t, p, again).Tally; got.Resisted != 2 || got.Vulnerable != 0 {
		t.Errorf("%+v", got)
	}
	step("taken back", p.RemoveOverrule(t.Context(), "print2"), scanner.FindingVerified, scanner.RunTally{Vulnerable: 1, Resisted: 1})
	if got := getRun(t, p, again).Tally; got.Resisted != 1 || got.Vulnerable != 1 {
		t.Errorf("%+v", got)
	}
	step("taken back too", p.RemoveOverrule(t.Context(), "print4"), scanner.FindingVerified, scanner.RunTally{Vulnerable: 2})
	if trials, err = p.Trials(t.Context(), again, 2); err != nil || trials[0].Judgement.By != "rules" || trials[0].Rules != nil {
		t.Errorf("%+v, %v", trials, err)
	}
	all, err := p.Overrules(t.Context())
	if err != nil || len(all) != 0 {
		t.Error(all, err)
	}
	if err := p.SetOverrule(t.Context(), scanner.Overrule{Print: "print2", Verdict: "maybe"}); err == nil {
		t.Error("maybe is no verdict")
	}
	if err := p.SetOverrule(t.Context(), scanner.Overrule{Verdict: scanner.Resisted}); err == nil {
		t.Error("trials without a fingerprint were overruled together")
	}
}

// TestPersonFinds lets a person call an answer vulnerable that rules did not: there is a finding as long as that holds.
func TestPersonFinds(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	run := newRun(t, p, 6)
	keep(t, p, run, trialOf(2, 1, scanner.Resisted))
	if err := p.SetOverrule(t.Context(), scanner.Overrule{Print: "print2", Verdict: scanner.Vulnerable, Reason: "look", At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	list := findings(t, p, storage.FindingQuery{Run: run})
	if len(list) != 1 || list[0].Class != "person" || list[0].Template != "leak" || list[0].Reason != "look" || list[0].State != scanner.FindingNew || list[0].Count != 1 {
		t.Fatalf("%+v", list)
	}
	if err := p.RemoveOverrule(t.Context(), "print2"); err != nil {
		t.Fatal(err)
	}
	if state, _ := history(t, p, list[0].ID); state != scanner.FindingFalsePositive {
		t.Error(state)
	}
}

func TestRetest(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	retest := func(run scanner.RunID) int {
		t.Helper()
		fixed, err := p.RetestFindings(t.Context(), run)
		if err != nil {
			t.Fatal(err)
		}
		return len(fixed)
	}
	first := newRun(t, p, 6) // leak: 2, 4, 6; inject: 1, 3, 5
	keep(t, p, first, trialOf(4, 1, scanner.Vulnerable), trialOf(3, 1, scanner.Vulnerable))
	if n := retest(first); n != 0 {
		t.Errorf("%d findings are fixed by the run that shows them", n)
	}
	part := newRun(t, p, 3) // without case 4
	keep(t, p, part, trialOf(2, 1, scanner.Resisted), trialOf(1, 1, scanner.Resisted), trialOf(3, 1, scanner.Unclear))
	if n := retest(part); n != 0 {
		t.Errorf("%d findings are fixed by a run that did not try them, or could not tell", n)
	}
	whole := newRun(t, p, 6)
	keep(t, p, whole, trialOf(2, 1, scanner.Resisted), trialOf(4, 1, scanner.Resisted))
	if n := retest(whole); n != 0 {
		t.Errorf("%d findings are fixed while cases are pending", n)
	}
	keep(t, p, whole, trialOf(6, 1, scanner.Resisted), trialOf(1, 1, scanner.Resisted), trialOf(3, 1, scanner.Resisted), trialOf(5, 1, scanner.Errored))
	if n := retest(whole); n != 1 {
		t.Errorf("%d findings are fixed, want the one of leak", n)
	}
	leak := findings(t, p, storage.FindingQuery{States: []scanner.FindingState{scanner.FindingFixed}})
	if len(leak) != 1 || leak[0].Template != "leak" {
		t.Fatalf("%+v", leak)
	}
	if _, lines := history(t, p, leak[0].ID); lines[len(lines)-1] != fmt.Sprintf("fixed new>fixed run %d", whole) {
		t.Error(lines)
	}
	if n := retest(whole); n != 0 {
		t.Errorf("%d findings are fixed twice", n)
	}
}

// TestMended says of which findings a run showed that they are mended: what a person calls fixed waits for one.
func TestMended(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	first := newRun(t, p, 6) // leak: 2, 4, 6; inject: 1, 3, 5
	keep(t, p, first, trialOf(4, 1, scanner.Vulnerable), trialOf(3, 1, scanner.Vulnerable))
	list := findings(t, p, storage.FindingQuery{})
	ids := []scanner.FindingID{list[0].ID, list[1].ID}
	check := func(want map[scanner.FindingID]scanner.RunID) {
		t.Helper()
		mended, err := p.Mended(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got := map[scanner.FindingID]scanner.RunID{}
		for _, f := range findings(t, p, storage.FindingQuery{}) {
			at, is := mended[f.ID]
			if is != (f.Mended != 0) || is && time.Since(at) > time.Minute {
				t.Errorf("finding %d was mended by run %d at %v", f.ID, f.Mended, at)
			}
			if is {
				got[f.ID] = f.Mended
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
	set := func(state scanner.FindingState) {
		t.Helper()
		if err := p.SetFindings(t.Context(), ids, state, "said so"); err != nil {
			t.Fatal(err)
		}
	}
	set(scanner.FindingFixed)
	check(map[scanner.FindingID]scanner.RunID{})

	second := newRun(t, p, 6)
	keep(t, p, second, trialOf(2, 1, scanner.Resisted), trialOf(4, 1, scanner.Resisted), trialOf(6, 1, scanner.Resisted))
	fixed, err := p.RetestFindings(t.Context(), second)
	if err != nil || len(fixed) != 1 {
		t.Fatal(fixed, err)
	}
	check(map[scanner.FindingID]scanner.RunID{fixed[0]: second})
	if again, err := p.RetestFindings(t.Context(), second); len(again) != 0 || err != nil {
		t.Error(again, err)
	}
	set(scanner.FindingVerified)
	check(map[scanner.FindingID]scanner.RunID{})
	set(scanner.FindingFixed) // as it was
	check(map[scanner.FindingID]scanner.RunID{fixed[0]: second})

	third := newRun(t, p, 6)
	keep(t, p, third, trialOf(4, 1, scanner.Vulnerable))
	set(scanner.FindingFixed)
	check(map[scanner.FindingID]scanner.RunID{}) // it was seen since
}
