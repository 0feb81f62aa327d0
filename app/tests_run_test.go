package app_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"assay/app"
	"assay/lab"
	"assay/scanner"
	"assay/storage"
)

// slowLab answers some requests and holds those that follow until it is opened, or their client is gone.
type slowLab struct {
	http.Handler
	mu     sync.Mutex
	passes int
	held   chan struct{}
	opened chan struct{}
	once   sync.Once
}

func newSlowLab(t *testing.T, passes int) (*slowLab, string) {
	t.Helper()
	s := &slowLab{Handler: lab.New(lab.Options{Weak: lab.AllWeak}).Handler(), passes: passes, held: make(chan struct{}, 1), opened: make(chan struct{})}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	t.Cleanup(s.open) // before the server is closed
	return s, server.URL
}

func (s *slowLab) open() { s.once.Do(func() { close(s.opened) }) }

func (s *slowLab) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.passes--
	pass := s.passes >= 0
	s.mu.Unlock()
	if !pass {
		select {
		case s.held <- struct{}{}:
		default: // it is told already
		}
		select {
		case <-s.opened:
		case <-r.Context().Done():
			return
		}
	}
	s.Handler.ServeHTTP(w, r)
}

// await returns when a request is held.
func (s *slowLab) await(t *testing.T) {
	t.Helper()
	select {
	case <-s.held:
	case <-time.After(time.Minute):
		t.Fatal("no request came")
	}
}

func openTestProject(t *testing.T, url string) (*app.App, string, *app.Project) {
	t.Helper()
	a, path := newApp(t)
	project, err := a.OpenProject(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = project.AddModel(t.Context(), app.ModelOptions{
		Provider: "openai", URL: url + "/openai/v1", Model: "gpt-4o", Name: "slow", Key: app.ModelKey{Value: "sk-run-test"}, NoTry: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return a, path, project
}

func quick() app.TestOptions {
	return app.TestOptions{
		Spec: scanner.RunSpec{Targets: []string{"slow"}, Suites: []string{"quick"}, Seed: 5, Concurrency: 2},
		Key:  app.ModelKey{Value: "sk-run-test"},
	}
}

func wait(t *testing.T, p *app.Project, id scanner.RunID) *scanner.Run {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	run, err := p.WaitTest(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func TestRunIsPausedStoppedAndResumed(t *testing.T) {
	t.Parallel()
	target, url := newSlowLab(t, 6)
	_, _, project := openTestProject(t, url)
	defer project.Close()
	ctx := t.Context()
	id, err := project.StartTest(ctx, quick())
	if err != nil {
		t.Fatal(err)
	}
	target.await(t)
	if at, here := project.TestProgress(id); !here || at.State != scanner.RunRunning || at.Tally.Cases == 0 {
		t.Errorf("progress %+v, %v", at, here)
	}
	if err := project.ResumeTest(ctx, id, quick()); app.CodeOf(err) != app.CodeBusy {
		t.Errorf("a run that runs is resumed: %v", err)
	}
	if err := project.PauseTest(ctx, id); err != nil {
		t.Fatal(err)
	}
	target.open()
	run := wait(t, project, id)
	if run.State != scanner.RunPaused || run.Tally.Pending() == 0 {
		t.Fatalf("paused: %s (%s), %d left", run.State, run.Why, run.Tally.Pending())
	}
	if _, here := project.TestProgress(id); here {
		t.Error("a run that is over is called live")
	}
	select {
	case <-project.TestsChanged():
	default:
		t.Error("nobody was told that a run changed")
	}
	if err := project.StopTest(ctx, id); err != nil {
		t.Fatal(err)
	}
	if run := wait(t, project, id); run.State != scanner.RunStopped {
		t.Errorf("stopped: %s", run.State)
	}
	before := run.Tally.Requests
	if err := project.ResumeTest(ctx, id, quick()); err != nil {
		t.Fatal(err)
	}
	run = wait(t, project, id)
	if run.State != scanner.RunDone || run.Tally.Pending() != 0 || run.Tally.Requests <= before || run.Tally.Vulnerable == 0 {
		t.Errorf("resumed: %s, %+v", run.State, run.Tally)
	}
	if err := project.ResumeTest(ctx, id, quick()); app.CodeOf(err) != app.CodeUsage {
		t.Errorf("a run that is done is resumed: %v", err)
	}
	for _, err := range []error{project.PauseTest(ctx, 77), project.StopTest(ctx, 77), project.ResumeTest(ctx, 77, quick()), project.RetryTest(ctx, 77, quick())} {
		if app.CodeOf(err) != app.CodeNotFound {
			t.Errorf("a run that is not there: %v", err)
		}
	}
}

func TestClosingAProjectInterruptsItsRuns(t *testing.T) {
	t.Parallel()
	target, url := newSlowLab(t, 6)
	a, path, project := openTestProject(t, url)
	ctx := t.Context()
	id, err := project.StartTest(ctx, quick())
	if err != nil {
		t.Fatal(err)
	}
	target.await(t)
	if err := project.Close(); err != nil {
		t.Fatal(err)
	}
	project, err = a.OpenProject(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer project.Close()
	run := wait(t, project, id)
	if run.State != scanner.RunInterrupted || run.Tally.Pending() == 0 || run.Tally.Requests == 0 {
		t.Errorf("%s, %+v", run.State, run.Tally)
	}
	target.open()
	if err := project.ResumeTest(ctx, id, quick()); err != nil {
		t.Fatal(err)
	}
	if run = wait(t, project, id); run.State != scanner.RunDone || run.Tally.Pending() != 0 {
		t.Errorf("resumed: %s, %+v", run.State, run.Tally)
	}
	trials := 0
	for ct, err := range project.Store().EachTrial(ctx, id) {
		if err != nil {
			t.Fatal(err)
		}
		if ct.Trial.N != 1 && ct.Trial.N > ct.Case.Trials {
			t.Errorf("case %d has trial %d of %d", ct.Case.N, ct.Trial.N, ct.Case.Trials)
		}
		trials++
	}
	if trials != run.Tally.Trials {
		t.Errorf("%d trials are kept, the run says %d", trials, run.Tally.Trials)
	}
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	target, url := newSlowLab(t, 0)
	_, _, project := openTestProject(t, url)
	defer project.Close()
	id, err := project.StartTest(t.Context(), quick())
	if err != nil {
		t.Fatal(err)
	}
	target.await(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := project.WaitTest(ctx, id); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	project.InterruptTest(id)
	if run := wait(t, project, id); run.State != scanner.RunInterrupted {
		t.Errorf("%s", run.State)
	}
}

// TestFoundAreFindings holds the fingerprints of reports to those of the findings that the project keeps.
func TestFoundAreFindings(t *testing.T) {
	t.Parallel()
	target, url := newSlowLab(t, 0)
	target.open()
	_, _, project := openTestProject(t, url)
	defer project.Close()
	ctx := t.Context()
	o := quick()
	o.Spec.Suites = []string{"standard"}
	id, err := project.StartTest(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	wait(t, project, id)
	kept, _, err := project.Store().Findings(ctx, storage.FindingQuery{Run: id})
	if err != nil || len(kept) < 20 {
		t.Fatalf("%d findings, %v", len(kept), err)
	}
	counts := map[string]int{}
	for i := range kept {
		counts[kept[i].Print] = kept[i].Count
	}
	r, err := project.ReportTest(ctx, id, app.TestReportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Found {
		f := &r.Found[i]
		if counts[f.Print] != f.Trials {
			t.Errorf("%s is shown by %d trials in the report, by %d in the project", f.Template, f.Trials, counts[f.Print])
		}
		delete(counts, f.Print)
	}
	if len(counts) > 0 {
		t.Errorf("%d findings of the project are not in the report", len(counts))
	}
}

func TestComparedAndOverruled(t *testing.T) {
	t.Parallel()
	target, url := newSlowLab(t, 0)
	target.open()
	_, _, project := openTestProject(t, url)
	defer project.Close()
	ctx := t.Context()
	o := quick()
	o.Spec.Suites, o.Spec.Templates = nil, []string{"script-in-answer"}
	var ids [2]scanner.RunID
	for i := range ids {
		var err error
		if ids[i], err = project.StartTest(ctx, o); err != nil {
			t.Fatal(err)
		}
		if run := wait(t, project, ids[i]); run.Tally.Vulnerable == 0 || run.Tally.Errored > 0 {
			t.Fatalf("%+v", run.Tally)
		}
	}
	c, err := project.CompareRuns(ctx, ids[0], ids[1])
	if err != nil || c.Counts["still"] == 0 || c.Counts["new"]+c.Counts["fixed"]+c.Counts["not_comparable"] != 0 {
		t.Errorf("%+v, %v", c, err)
	}
	base, err := project.TestBaseline(ctx, "1")
	if err != nil {
		t.Fatal(err)
	}
	for _, known := range []*app.TestBaseline{nil, base} {
		r, err := project.ReportTest(ctx, ids[1], app.TestReportOptions{FailOn: "low", Baseline: known})
		if err != nil || len(r.Found) == 0 {
			t.Fatalf("%+v, %v", r, err)
		}
		if failing := len(r.Failing); (failing > 0) != (known == nil) {
			t.Errorf("%d findings fail the run where what is known is %v", failing, known)
		}
	}
	n := 0
	for ct, err := range project.Store().EachTrial(ctx, ids[1]) {
		if err != nil {
			t.Fatal(err)
		}
		if ct.Trial.Judgement.Verdict == scanner.Vulnerable {
			n = ct.Case.N
			break
		}
	}
	if err := project.OverruleTrial(ctx, ids[1], n, 0, scanner.Vulnerable, "seen by a person, too"); err != nil {
		t.Fatal(err)
	}
	if r, err := project.ReportTest(ctx, ids[1], app.TestReportOptions{FailOn: "low", Baseline: base}); err != nil || len(r.Failing) > 0 {
		t.Errorf("what a person agrees with is another finding: %+v, %v", r, err)
	}
	if err := project.OverruleTrial(ctx, ids[1], n, 0, "", ""); err != nil {
		t.Fatal(err)
	}
	before := wait(t, project, ids[1]).Tally.Vulnerable
	if err := project.OverruleTrial(ctx, ids[1], n, 0, scanner.Resisted, "shown as text"); err != nil {
		t.Fatal(err)
	}
	if after := wait(t, project, ids[1]).Tally.Vulnerable; after >= before {
		t.Errorf("%d cases are vulnerable, were %d", after, before)
	}
	if err := project.OverruleTrial(ctx, ids[1], n, 0, "", ""); err != nil {
		t.Fatal(err)
	}
	if after := wait(t, project, ids[1]).Tally.Vulnerable; after != before {
		t.Errorf("%d cases are vulnerable again, were %d", after, before)
	}
}
