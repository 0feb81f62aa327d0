package window_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/app/window"
	"assay/lab"
)

// tests returns the screen of tests of a rig.
func (r *rig) tests() *window.Tests {
	r.t.Helper()
	for _, bound := range r.desk.Bound() {
		if t, ok := bound.(*window.Tests); ok {
			return t
		}
	}
	r.t.Fatal("no tests are bound")
	return nil
}

// model imports a model of a practice target with every weakness, and returns how a plan names it.
func (r *rig) model(weak lab.Weak) string {
	r.t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.t.Context()))
	server, err := lab.New(lab.Options{Weak: weak}).Start(ctx, "127.0.0.1:0", false)
	if err != nil {
		cancel()
		r.t.Fatal(err)
	}
	r.t.Cleanup(cancel)
	for _, bound := range r.desk.Bound() {
		if m, ok := bound.(*window.Models); ok {
			out := must(m.Add(window.ModelForm{Provider: "openai", URL: server.URL() + "/openai/v1", Model: "gpt-4o", Key: "sk-once", Name: "Bot"}))(r.t)
			return "model:" + out.ID
		}
	}
	r.t.Fatal("no models are bound")
	return ""
}

// done waits until a run is no longer running.
func (r *rig) done(id string) window.RunOut {
	r.t.Helper()
	until := time.Now().Add(3 * time.Minute)
	for {
		out := must(r.tests().Run(window.RunIn{ID: id}))(r.t)
		if out.Row.State != "running" {
			return out
		}
		if time.Now().After(until) {
			r.t.Fatalf("after three minutes: %+v", out.Row)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// all are the cases of a run that a query selects.
func (r *rig) all(in window.CasesIn) window.CasesOut {
	r.t.Helper()
	in.Limit = 1_000
	return must(r.tests().Cases(in))(r.t)
}

func TestRunInTheWindow(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	target := r.model(lab.AllWeak)
	if all := must(r.tests().Targets(window.Nothing{}))(t); len(all.Models) != 1 || all.Models[0].Ref != target || all.Models[0].NeedsKey || all.Models[0].Tried != "ok" {
		t.Errorf("%+v", all)
	}
	plan := window.PlanIn{Targets: []string{target}, Suites: []string{"quick"}}
	out := must(r.tests().Plan(plan))(t)
	if out.Forecast.Cases == 0 || out.Forecast.Requests.Low > out.Forecast.Requests.High || len(out.Targets) != 1 || !strings.Contains(out.Example, "POST http://127.0.0.1") {
		t.Fatalf("%+v", out)
	}
	if strings.Contains(out.Example, "sk-once") {
		t.Fatalf("the example shows the key: %s", out.Example)
	}
	started := must(r.tests().Start(plan))(t)
	run := r.done(started.ID)
	n := run.Row.Tally
	if run.Row.State != "done" || n.Cases != out.Forecast.Cases || n.Counts.Vulnerable < 3 || n.Counts.Pending != 0 || len(run.Untested) == 0 || len(run.Untested) == 10 {
		t.Fatalf("%+v", run)
	}
	vulnerable := r.all(window.CasesIn{Run: started.ID, Verdicts: []string{"vulnerable"}})
	if vulnerable.Total != n.Counts.Vulnerable || len(vulnerable.Cases) != vulnerable.Total {
		t.Fatalf("%d of %d", len(vulnerable.Cases), vulnerable.Total)
	}
	if page := must(r.tests().Cases(window.CasesIn{Run: started.ID, From: 2, Limit: 3, Desc: true}))(t); page.Cases[0].N != n.Cases-2 || len(page.Cases) != 3 {
		t.Errorf("%+v", page.Cases)
	}
	r.markedProof(started.ID, vulnerable.Cases)
	r.countedHeat(started.ID, n)
	if told := must(r.tests().Template(window.TemplateIn{ID: vulnerable.Cases[0].Template}))(t); len(told.Results) != 1 || told.Results[0].Counts.Vulnerable == 0 {
		t.Errorf("what it came to is not told: %+v", told.Results)
	}
	r.overruledCase(started.ID, vulnerable.Cases[0])
	r.comparedAndExported(plan, started.ID)
}

// markedProof looks for an answer with its evidence marked, and puts the pieces together again.
func (r *rig) markedProof(run string, rows []window.CaseRow) {
	r.t.Helper()
	marked := false
	for _, row := range rows {
		c := must(r.tests().Case(window.CaseIn{Run: run, N: row.N}))(r.t)
		if len(c.Trials) == 0 || c.Baseline == "" || c.Description == "" || c.Judged == 0 || c.Interval.Low >= c.Interval.High {
			r.t.Fatalf("case %d: %+v", row.N, c)
		}
		for _, trial := range c.Trials {
			for _, piece := range trial.Answer {
				for _, mark := range piece.Marks {
					marked = true
					if e := trial.Judgement.Evidence[mark]; e.Signal == "canary" && e.Text != "" && !strings.Contains(piece.Text, strings.TrimSuffix(e.Text, "…")) && len(piece.Marks) == 1 {
						r.t.Errorf("case %d: %q is marked for %+v", row.N, piece.Text, e)
					}
				}
			}
			if len(trial.Sent) == 0 && len(trial.Exchanges) == 0 {
				r.t.Errorf("case %d: nothing was sent: %+v", row.N, trial)
			}
		}
	}
	if !marked {
		r.t.Error("no answer has its evidence marked")
	}
}

// countedHeat looks that the counts by two words come to the counts of the run.
func (r *rig) countedHeat(run string, n window.RunTally) {
	r.t.Helper()
	for _, by := range []window.HeatIn{{Row: "template", Column: "mutation"}, {Row: "target"}, {Row: "mutation"}, {Row: "severity"}} {
		by.Run = run
		out := must(r.tests().Heat(by))(r.t)
		sum := 0
		for _, row := range out.Rows {
			sum += row.Counts.Vulnerable
		}
		if sum != n.Counts.Vulnerable || by.Column != "" && len(out.Cells) == 0 {
			r.t.Errorf("%+v: %d are vulnerable, not %d", by, sum, n.Counts.Vulnerable)
		}
	}
	if _, err := r.tests().Heat(window.HeatIn{Run: run, Row: "reason"}); err == nil {
		r.t.Error("cases are counted by a word that is none")
	}
}

// overruledCase overrules a verdict, and takes that back as the window's undo does.
func (r *rig) overruledCase(run string, row window.CaseRow) {
	r.t.Helper()
	in := window.OverruleIn{Run: run, N: row.N, Trial: row.Counts.Vulnerable, Verdict: "resisted", Reason: "a mock"}
	before := must(r.tests().Overrule(in))(r.t).Before
	now := must(r.tests().Case(window.CaseIn{Run: run, N: row.N}))(r.t)
	if before.Verdict != "" || now.Row.Verdict != "resisted" || now.Row.By != "person" || now.Trials[in.Trial-1].Rules.Verdict != "vulnerable" || now.Trials[in.Trial-1].Person.Reason != "a mock" {
		r.t.Errorf("%+v %+v", before, now)
	}
	in.Verdict = before.Verdict
	if again := must(r.tests().Overrule(in))(r.t).Before; again.Verdict != "resisted" {
		r.t.Errorf("what was said before is not told: %+v", again)
	}
	if now := must(r.tests().Case(window.CaseIn{Run: run, N: row.N}))(r.t); now.Row.Verdict != "vulnerable" {
		r.t.Errorf("it cannot be taken back: %+v", now.Row)
	}
	accepted := must(r.tests().Accept(window.AcceptIn{Run: run, N: row.N, Reason: "only staff can reach it"}))(r.t)
	if len(accepted.Before) == 0 || accepted.Before[0].State != "new" {
		r.t.Errorf("%+v", accepted)
	}
	must(r.tests().Unaccept(window.UnacceptIn(accepted)))(r.t)
	for _, wrong := range []window.OverruleIn{{Run: run, N: row.N, Trial: 99, Verdict: "resisted", Reason: "x"}, {Run: run, N: row.N, Trial: 1, Verdict: "errored", Reason: "x"}, {Run: "99", N: 1, Trial: 1}} {
		if _, err := r.tests().Overrule(wrong); err == nil {
			r.t.Errorf("%+v is done", wrong)
		}
	}
}

// comparedAndExported sends the same again, compares the two, and saves one.
func (r *rig) comparedAndExported(plan window.PlanIn, first string) {
	r.t.Helper()
	must(r.tests().Star(window.StarRunIn{ID: first, Starred: true}))(r.t)
	second := must(r.tests().Start(plan))(r.t)
	run := r.done(second.ID)
	if run.Baseline != first {
		r.t.Errorf("the baseline is %q", run.Baseline)
	}
	out := must(r.tests().Compare(window.CompareIn{Before: first, After: second.ID, Limit: 500}))(r.t)
	still := 0
	for _, c := range out.Counts {
		if c.Change == "still" {
			still = c.N
		}
	}
	only := must(r.tests().Compare(window.CompareIn{Before: first, After: second.ID, Change: "still", Limit: 2}))(r.t)
	if out.Total != run.Row.Tally.Cases || still < 3 || only.Total != still || len(only.Cases) != 2 || only.Cases[0].Before.N == 0 || only.Cases[0].After.N == 0 {
		r.t.Errorf("%d cases, %d still vulnerable, %+v", out.Total, still, only)
	}
	for format, holds := range map[string]string{"sarif": `"2.1.0"`, "junit": "<testsuite"} {
		saved := must(r.tests().Export(window.ExportRunIn{ID: second.ID, Format: format, Baseline: first}))(r.t)
		w := httptest.NewRecorder()
		r.desk.Handler().ServeHTTP(w, httptest.NewRequestWithContext(r.t.Context(), http.MethodGet, saved.Download, nil))
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), holds) || strings.Contains(w.Body.String(), "sk-once") {
			r.t.Errorf("%s: %d %.300s", format, w.Code, w.Body)
		}
	}
	for _, wrong := range []window.ExportRunIn{{ID: second.ID, Format: "pdf"}, {ID: second.ID, Format: "sarif", Baseline: "/etc/passwd"}, {ID: "0", Format: "sarif"}} {
		if _, err := r.tests().Export(wrong); err == nil {
			r.t.Errorf("%+v is saved", wrong)
		}
	}
	must(r.tests().Remove(window.RunIn{ID: first}))(r.t)
	if left := must(r.tests().Runs(window.Nothing{}))(r.t); len(left.Runs) != 1 || left.Runs[0].ID != second.ID {
		r.t.Errorf("%+v", left)
	}
}

// TestPausedByBudget goes on with a larger budget than the one that is used up.
func TestPausedByBudget(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	plan := window.PlanIn{Targets: []string{r.model(0)}, Suites: []string{"quick"}, Budget: window.Budget{Requests: 6}, Concurrency: 1}
	started := must(r.tests().Start(plan))(t)
	paused := r.done(started.ID)
	if paused.Row.State != "paused" || !paused.Spent || paused.Row.Tally.Counts.Pending == 0 || paused.Row.Tally.Requests > 6 {
		t.Fatalf("%+v", paused)
	}
	must(r.tests().Resume(window.ContinueIn{ID: started.ID, Budget: window.Budget{Requests: 1_000}}))(t)
	if run := r.done(started.ID); run.Row.State != "done" || run.Row.Tally.Counts.Pending != 0 || run.Row.Tally.Counts.Vulnerable > 0 {
		t.Errorf("%+v", run.Row)
	}
	if !r.toldOfTests() {
		t.Error("the window was not told that a run came further")
	}
}

// toldOfTests reports whether a pulse said that a run came further.
func (r *rig) toldOfTests() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.pulses {
		if p.Tests {
			return true
		}
	}
	return false
}

// TestErrorsByCause groups what has no answer by what kept it from one.
func TestErrorsByCause(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	target := r.model(0)
	down := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
	t.Cleanup(down.Close)
	for _, wrong := range []window.PlanIn{
		{},
		{Targets: []string{target}, Templates: []string{"no-such-template"}},
		{Targets: []string{target}, Trials: 5_000},
		{Targets: []string{target}, Strategies: []string{"crescendo"}},
		{Targets: []string{target}, Mutations: []string{"no-such-mutation"}},
		{Targets: []string{"model:99"}},
	} {
		if _, err := r.tests().Plan(wrong); err == nil || strings.Contains(err.Error(), "--") || strings.Contains(err.Error(), "assay ") {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
	started := must(r.tests().Start(window.PlanIn{Targets: []string{target, down.URL + "/v1/chat/completions"}, Templates: []string{"persona-without-rules"}, Trials: 1}))(t)
	run := r.done(started.ID)
	if run.Row.Tally.Counts.Errored == 0 || run.Row.Tally.Counts.Resisted == 0 {
		t.Fatalf("%+v", run.Row)
	}
	out := must(r.tests().Errors(window.RunIn{ID: started.ID}))(t)
	if len(out.Groups) != 1 || out.Groups[0].N != run.Row.Tally.Counts.Errored || len(out.Groups[0].Cases) == 0 || !strings.Contains(out.Groups[0].Cause, "502") {
		t.Errorf("%+v", out)
	}
}

func TestLibraryInTheWindow(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	library := must(r.tests().Library(window.Nothing{}))(t)
	if len(library.Templates) < 200 || len(library.OWASP) != 10 || len(library.Suites) < 5 || len(library.Mutations) < 20 || library.Broken == nil {
		t.Fatalf("%d templates, %d items, %d suites", len(library.Templates), len(library.OWASP), len(library.Suites))
	}
	from := library.Templates[0].ID
	one := must(r.tests().Template(window.TemplateIn{ID: from}))(t)
	if one.Description == "" || one.Remediation == "" || len(one.Frameworks) == 0 || one.Text == "" || one.Row.Own {
		t.Errorf("%+v", one)
	}
	proved := must(r.tests().Examples(window.TemplateText{File: one.File, Text: one.Text}))(t)
	for _, e := range proved.Examples {
		if !e.Correct {
			t.Errorf("%+v", e)
		}
	}
	kept := must(r.tests().Copy(window.CopyTemplateIn{From: from, ID: "mine"}))(t)
	if len(kept.Problems) != 0 {
		t.Fatalf("%+v", kept)
	}
	file := filepath.Join(library.Folder, "mine.yaml")
	if again := must(r.tests().Library(window.Nothing{}))(t); again.Revision == library.Revision || len(again.Templates) != len(library.Templates)+1 {
		t.Errorf("the copy is not in the library")
	}
	if !must(r.tests().Template(window.TemplateIn{ID: "mine"}))(t).Row.Own {
		t.Error("the copy is not one's own")
	}

	// Written by another program, and wrong: it is seen, and said where.
	text := strings.Replace(one.Text, "severity:", "severty:", 1)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := must(r.tests().Library(window.Nothing{}))(t).Broken
	if len(broken) != 1 || !broken[0].Own || broken[0].Problems[0].Line == 0 {
		t.Fatalf("%+v", broken)
	}
	checked := must(r.tests().Check(window.TemplateText{File: "mine.yaml", Text: text}))(t)
	if !slices.ContainsFunc(checked.Problems, func(f window.TemplateFault) bool { return f.Nearest == "severity" && f.Line > 1 && f.Column == 1 }) {
		t.Errorf("%+v", checked)
	}
	if examples := must(r.tests().Examples(window.TemplateText{File: "mine.yaml", Text: text}))(t); len(examples.Problems) == 0 || len(examples.Examples) != 0 {
		t.Errorf("%+v", examples)
	}
	gone := must(r.tests().Discard(window.FileIn{File: "mine.yaml"}))(t)
	if _, err := os.Stat(file); err == nil || gone.Text != text {
		t.Errorf("it is still there: %v", err)
	}
	must(r.tests().Save(gone))(t)
	if back := must(r.tests().Source(window.FileIn{File: "mine.yaml"}))(t); back.Text != text {
		t.Errorf("%q", back.Text)
	}
}

// TestTemplatesStayInTheirFolder refuses names that lead elsewhere, ids that are taken and what comes with the program.
func TestTemplatesStayInTheirFolder(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	library := must(r.tests().Library(window.Nothing{}))(t)
	one := must(r.tests().Template(window.TemplateIn{ID: library.Templates[0].ID}))(t)
	for _, file := range []string{"../out.yaml", "/tmp/out.yaml", "", ".yaml", "a b.yaml", "mine.exe", "sub/../../out.yaml", illWilled + ".yaml"} {
		if _, err := r.tests().Save(window.TemplateText{File: file, Text: one.Text}); err == nil {
			t.Errorf("%.40q is kept", file)
		}
		if _, err := r.tests().Source(window.FileIn{File: file}); err == nil {
			t.Errorf("%.40q is read", file)
		}
	}
	for _, id := range []string{one.Row.ID, "../x", "", "A b"} {
		if _, err := r.tests().Copy(window.CopyTemplateIn{From: one.Row.ID, ID: id}); err == nil {
			t.Errorf("a copy is called %q", id)
		}
	}
	if _, err := r.tests().Discard(window.FileIn{File: one.File}); err == nil {
		t.Error("what comes with the program is removed")
	}
	if _, err := r.tests().Save(window.TemplateText{File: "big.yaml", Text: strings.Repeat("x", 2<<20)}); err == nil {
		t.Error("a file of 2 MiB is kept")
	}
	if entries, err := os.ReadDir(library.Folder); err == nil && len(entries) > 0 {
		t.Errorf("there is something in the folder: %v", entries)
	}
}
