package storage_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// TestOlderProjectHasNoTests reads a project of format 5 beside an older program, and opens it for writing.
func TestOlderProjectHasNoTests(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p, err := storage.Open(t.Context(), path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.AddModel(t.Context(), &scanner.Model{Name: "kept"}); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	execute(t, path, withoutTests)
	ctx := t.Context()
	old, err := storage.Open(ctx, path, storage.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	runs, err1 := old.Runs(ctx)
	templates, err2 := old.RunTemplates(ctx, 1)
	pending, err3 := old.Pending(ctx, 1)
	cases, total, err4 := old.Cases(ctx, 1, storage.CaseQuery{})
	counts, err5 := old.CountCases(ctx, 1, "template", "mutation")
	trials, err6 := old.Trials(ctx, 1, 1)
	overrules, err7 := old.Overrules(ctx)
	list, found, err8 := old.Findings(ctx, storage.FindingQuery{})
	shows, err9 := old.FindingTrials(ctx, 1, 0)
	severities, err10 := old.CountFindings(ctx)
	roles, err11 := old.Roles(ctx)
	scope, err12 := old.Scope(ctx)
	if err := firstError(err1, err2, err3, err4, err5, err6, err7, err8, err9, err10, err11, err12); err != nil {
		t.Error(err)
	}
	if n := len(runs) + len(templates) + len(pending) + len(cases) + total + len(counts) + len(trials) + len(overrules) + len(list) + found + len(shows) + len(severities) +
		len(roles) + len(scope); n != 0 {
		t.Errorf("%d things in a project that knows no tests", n)
	}
	for of, err := range old.EachTrial(ctx, 1) {
		t.Error(of, err)
	}
	_, err1 = old.Run(ctx, 1)
	_, err2 = old.Case(ctx, 1, 1)
	_, _, err3 = old.Finding(ctx, 1)
	if !errors.Is(err1, storage.ErrNoRun) || !errors.Is(err2, storage.ErrNoCase) || !errors.Is(err3, storage.ErrNoFinding) {
		t.Error(err1, err2, err3)
	}
	wantChecked(t, old)
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}

	p = open(t, path, storage.Options{})
	run := newRun(t, p, 3)
	keep(t, p, run, trialOf(1, 1, scanner.Vulnerable))
	if models, err := p.Models(ctx); err != nil || len(models) != 1 || models[0].Name != "kept" {
		t.Error(models, err)
	}
	wantChecked(t, p)
	if copies, _ := filepath.Glob(path + ".v5"); len(copies) != 1 {
		t.Error("no copy of the old format")
	}
}

// testsOf is everything that can be read of tests.
func testsOf(t *testing.T, p *storage.Project) string {
	t.Helper()
	ctx := t.Context()
	runs, err1 := p.Runs(ctx)
	roles, err2 := p.Roles(ctx)
	scope, err3 := p.Scope(ctx)
	overrules, err4 := p.Overrules(ctx)
	all := []any{runs, roles, scope, overrules}
	for _, r := range runs {
		templates, err := p.RunTemplates(ctx, r.ID)
		cases, _, err2 := p.Cases(ctx, r.ID, storage.CaseQuery{})
		if err := firstError(err, err2); err != nil {
			t.Fatal(err)
		}
		all = append(all, templates, cases)
		for of, err := range p.EachTrial(ctx, r.ID) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, of.Trial)
		}
	}
	for _, f := range findings(t, p, storage.FindingQuery{}) {
		_, events, err := p.Finding(ctx, f.ID)
		shows, err2 := p.FindingTrials(ctx, f.ID, 0)
		if err := firstError(err, err2); err != nil {
			t.Fatal(err)
		}
		all = append(all, f, events, shows)
	}
	if err := firstError(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	return string(jsonOf(t, all))
}

// tested is a project with something of everything about tests, and its run.
func tested(t *testing.T, path string) (*storage.Project, scanner.RunID) {
	t.Helper()
	p := open(t, path, storage.Options{})
	run := newRun(t, p, 6)
	keep(t, p, run, trialOf(1, 1, scanner.Vulnerable), trialOf(2, 1, scanner.Vulnerable), trialOf(3, 1, scanner.Errored))
	for _, err := range []error{
		p.SetRole(t.Context(), scanner.Role{Name: "admin"}), p.SetScope(t.Context(), storage.ScopeHost{Host: "a.example", Added: time.UnixMicro(5).UTC()}),
		p.SetOverrule(t.Context(), scanner.Overrule{Print: "print1", Verdict: scanner.Resisted, Reason: "no", At: time.UnixMicro(6).UTC()}),
		p.SetRunState(t.Context(), run, scanner.RunPaused, "", time.Second),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return p, run
}

func TestTestsSurviveBackupAndCompact(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p, _ := tested(t, path)
	want := testsOf(t, p)
	copied := filepath.Join(t.TempDir(), "copy.assay")
	if err := firstError(p.Compact(t.Context()), p.Backup(t.Context(), copied)); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, testsOf(t, p)); d != "" {
		t.Error(d)
	}
	again := open(t, copied, storage.Options{})
	if d := cmp.Diff(want, testsOf(t, again)); d != "" {
		t.Error(d)
	}
	wantChecked(t, again)
}

// TestTrialsOutliveTheirExchanges deletes and purges what trials sent.
func TestTrialsOutliveTheirExchanges(t *testing.T) {
	t.Parallel()
	p, run := tested(t, temp(t))
	want := testsOf(t, p)
	trials, err := p.Trials(t.Context(), run, 2)
	if err != nil {
		t.Fatal(err)
	}
	mustCount(t, 1)(p.Delete(t.Context(), trials[0].Exchanges...))
	if d := cmp.Diff(want, testsOf(t, p)); d != "" {
		t.Error(d)
	}
	mustCount(t, 1)(p.Purge(t.Context()))
	if d := cmp.Diff(want, testsOf(t, p)); d != "" {
		t.Error(d)
	}
	if _, err := p.Exchange(t.Context(), trials[0].Exchanges[0]); !errors.Is(err, storage.ErrNoExchange) {
		t.Error(err)
	}
	wantChecked(t, p)
}

// TestRemoveRun removes the newer of two runs: its exchanges stay, and so does what the other shows.
func TestRemoveRun(t *testing.T) {
	t.Parallel()
	p, first := tested(t, temp(t))
	want := testsOf(t, p)
	second := newRun(t, p, 6)
	keep(t, p, second, trialOf(2, 1, scanner.Vulnerable), trialOf(3, 1, scanner.Vulnerable))
	if err := p.RemoveRun(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	if err := p.RemoveRun(t.Context(), second); !errors.Is(err, storage.ErrNoRun) {
		t.Error(err)
	}
	list := findings(t, p, storage.FindingQuery{})
	if len(list) != 2 || list[0].Template != "leak" || list[0].Count != 1 || list[0].Run != first || list[0].Case != 2 || list[0].Reason != "because 2/1" {
		t.Errorf("%+v", list)
	}
	// The finding of case 3 joined the one of case 1, which is overruled: what it says of the time it was last seen stays.
	if list[1].State != scanner.FindingFalsePositive || list[1].Count != 1 {
		t.Errorf("%+v", list[1])
	}
	rows, err := p.List(t.Context(), storage.Filter{Where: query(t, "source:test")})
	if err != nil || len(rows) != 5 {
		t.Errorf("%d exchanges (%v)", len(rows), err)
	}
	wantChecked(t, p)
	if third := newRun(t, p, 1); third <= second {
		t.Errorf("run %d has the number of one that is gone", third)
	} else if err := p.RemoveRun(t.Context(), third); err != nil {
		t.Error(err)
	}
	if err := p.RemoveRun(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if list := findings(t, p, storage.FindingQuery{}); len(list) != 0 {
		t.Errorf("findings that no run shows: %+v, before %s", list, want)
	}
	wantChecked(t, p)
}

// TestReopen sends again what errored: those trials are forgotten, what they used up is not.
func TestReopen(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	run := newRun(t, p, 4)
	half := trialOf(4, 1, scanner.Errored)
	half.Done = false
	keep(t, p, run, trialOf(1, 1, scanner.Errored), trialOf(1, 2, scanner.Errored), trialOf(2, 1, scanner.Resisted), trialOf(3, 1, scanner.Errored), trialOf(3, 2, scanner.Vulnerable), half)
	if err := p.SetRunState(t.Context(), run, scanner.RunDone, "", time.Second); err != nil {
		t.Fatal(err)
	}
	mustCount(t, 1)(p.Reopen(t.Context(), run))
	r := getRun(t, p, run)
	want := scanner.RunTally{Cases: 4, Vulnerable: 1, Resisted: 1, Trials: 4, Requests: 6, Input: 60, Output: 120, Dollars: 0.0000738}
	if d := cmp.Diff(want, r.Tally); d != "" || r.State != scanner.RunPaused || r.Why == "" {
		t.Error(d, r.State, r.Why)
	}
	pending, err := p.Pending(t.Context(), run)
	if err != nil || len(pending) != 2 || pending[0].N != 1 || pending[0].Counts != (scanner.Verdicts{}) || pending[0].Verdict != "" || pending[1].Counts.Errored != 1 {
		t.Errorf("%+v, %v", pending, err)
	}
	keep(t, p, run, trialOf(1, 1, scanner.Resisted))
	if c, err := p.Case(t.Context(), run, 1); err != nil || c.Verdict != scanner.Resisted || !c.Done {
		t.Errorf("%+v, %v", c, err)
	}
	mustCount(t, 0)(p.Reopen(t.Context(), run))
	if _, err := p.Reopen(t.Context(), 99); !errors.Is(err, storage.ErrNoRun) {
		t.Error(err)
	}
	wantChecked(t, p)
}

// TestCheckFindsDamagedTests damages what is kept of tests, one thing after the other.
func TestCheckFindsDamagedTests(t *testing.T) {
	t.Parallel()
	for _, damage := range []string{
		"UPDATE run_tally SET vulnerable = vulnerable + 1", "UPDATE run_tally SET trials = 7", "UPDATE run_tally SET cases = 7", "UPDATE run_tally SET flaky = 1",
		"UPDATE run_case SET vulnerable = 9 WHERE n = 5", "DELETE FROM trial WHERE n = 3", "DELETE FROM run_case WHERE n = 2", "UPDATE trial SET verdict = 'unclear' WHERE n = 2",
		"DELETE FROM overrule", "UPDATE finding SET count = 3 WHERE template = 'leak'", "INSERT INTO finding_trial SELECT id, 1, 77, 1 FROM finding LIMIT 1",
		"UPDATE trial SET definition = x'28b52f' WHERE n = 1", "UPDATE run SET definition = '['", "INSERT INTO role VALUES ('broken', '{')",
		"DELETE FROM run_tally", "UPDATE run_case SET definition = '' WHERE n = 1",
	} {
		t.Run(damage, func(t *testing.T) {
			t.Parallel()
			path := temp(t)
			p, err := storage.Open(t.Context(), path, storage.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
			p, _ = tested(t, path)
			wantChecked(t, p)
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
			execute(t, path, damage)
			p = open(t, path, storage.Options{ReadOnly: true})
			found, err := p.Check(t.Context())
			if err != nil || len(found) == 0 {
				t.Error(found, err)
			}
		})
	}
}

// TestBaselines keeps an exchange that belongs to no trial.
func TestBaselines(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	feed := p.Committed()
	defer feed.Close()
	id, err := p.SaveExchange(t.Context(), &traffic.Record{Exchange: *exchange("a.example", "/", 200, []byte("q"), []byte("a"))}, nil)
	if err != nil {
		t.Fatal(err)
	}
	x, err := p.Exchange(t.Context(), id)
	if err != nil || x.Source != traffic.SourceTest {
		t.Error(x, err)
	}
	run := newRun(t, p, 1)
	r := trialOf(1, 1, scanner.Resisted)
	keep(t, p, run, r)
	ended, _, _ := feed.Take()
	if d := cmp.Diff([]traffic.ID{id, r.Trial.Exchanges[0]}, ended); d != "" {
		t.Error(fmt.Sprint("what is told of commits: ", d))
	}
	unread, err := p.Unread(t.Context(), 0)
	if d := cmp.Diff([]traffic.ID{id, r.Trial.Exchanges[0]}, unread); d != "" || err != nil {
		t.Error(d, err)
	}
}
