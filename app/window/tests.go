package window

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"assay/app"
	"assay/scanner"
	"assay/scanner/framework"
	"assay/scanner/template"
	"assay/storage"
)

// Tests is the screen of tests: the library of templates, the plan of a run, the runs and what they came to.
type Tests struct{ desk *Desk }

// Runs lists the runs of the project, newest first.
func (t *Tests) Runs(_ Nothing) (out RunsOut, err error) {
	defer t.desk.guard(&err)
	out.Runs = []RunRow{}
	project, err := t.desk.opened()
	if err != nil {
		return out, err
	}
	runs, err := project.Store().Runs(t.desk.life())
	for _, r := range runs {
		out.Runs = append(out.Runs, runRow(project, r))
	}
	return out, err
}

// runRow is a run as the list shows it; of one that runs here, as it is now.
func runRow(project *app.Project, r *scanner.Run) RunRow {
	row := RunRow{
		ID: idText(r.ID), Name: clip(r.Name, longName), State: string(r.State), Why: sentence(clip(r.Why, longName)), Created: stamp(r.Created), Ended: stamp(r.Ended),
		Spent: r.Spent.Milliseconds(), Targets: []string{}, Suites: namesOf(r.Spec.Suites), Starred: r.Starred, Tally: tallyOf(&r.Tally),
	}
	for i := range r.Targets {
		row.Targets = append(row.Targets, clip(r.Targets[i].Name, longName))
	}
	if progress, here := project.TestProgress(r.ID); here {
		row.Here, row.State, row.Why = true, string(progress.State), sentence(clip(progress.Why, longName))
		row.Spent, row.Tally, row.Left = progress.Spent.Milliseconds(), tallyOf(&progress.Tally), Span(progress.Left)
	}
	return row
}

func tallyOf(t *scanner.RunTally) RunTally {
	return RunTally{
		Cases: t.Cases, Counts: CaseCounts{t.Vulnerable, t.Resisted, t.Unclear, t.Errored, t.Pending()}, Flaky: t.Flaky, Blocked: t.Blocked, Trials: t.Trials,
		Requests: t.Requests, Tokens: t.Input + t.Output, Estimated: t.Estimated, Dollars: t.Dollars, Unpriced: t.Unpriced, Throttled: t.Throttled.Milliseconds(),
	}
}

// run finds the run that the window means, in the open project.
func (t *Tests) run(text string) (*app.Project, *scanner.Run, error) {
	project, err := t.desk.opened()
	if err != nil {
		return nil, nil, err
	}
	id, err := runID(text)
	if err != nil {
		return nil, nil, err
	}
	r, err := project.Store().Run(t.desk.life(), id)
	return project, r, knownRun(err)
}

func runID(text string) (scanner.RunID, error) {
	n, err := numberOf(text, "a run")
	return scanner.RunID(n), err
}

// knownRun says in a sentence that a run is not there.
func knownRun(err error) error {
	if errors.Is(err, storage.ErrNoRun) {
		return &app.Error{Code: app.CodeNotFound, Message: "this run is no longer in the project", Hint: "the list of runs shows those that are"}
	}
	return err
}

// Run tells all about one run.
func (t *Tests) Run(in RunIn) (out RunOut, err error) {
	defer t.desk.guard(&err)
	out = RunOut{Row: noRun(), Targets: []RunTargetRow{}, Skipped: []SkippedGroup{}, Untested: []FrameworkID{}}
	project, r, err := t.run(in.ID)
	if err != nil {
		return out, err
	}
	out = RunOut{
		Row: runRow(project, r), Budget: budgetOf(r.Spec.Budget), Forecast: forecastOf(&r.Estimate), Targets: targetsOf(r.Targets),
		Skipped: t.skipped(r.Skipped), Untested: []FrameworkID{}, Judge: r.Spec.Judge, Authorisation: clip(r.Spec.Authorisation, longText),
	}
	out.Spent = out.Row.State == string(scanner.RunPaused) && strings.Contains(out.Row.Why, "budget")
	for i := range r.Targets {
		out.NeedsKey = out.NeedsKey || t.needsKey(project, r.Targets[i].Request)
	}
	if progress, here := project.TestProgress(r.ID); here {
		out.Waiting = clip(progress.Waiting, longName)
	}
	if out.Baseline, err = t.baseline(project, r.ID); err != nil {
		return out, err
	}
	if out.Row.State != string(scanner.RunRunning) { // while it runs nobody asks what is left out, and a hundred thousand cases are not counted in a moment
		out.Untested, err = t.untested(project, r.ID)
	}
	return out, err
}

func noRun() RunRow { return RunRow{Targets: []string{}, Suites: []string{}} }

// baseline is the starred run when it is another one.
func (t *Tests) baseline(project *app.Project, than scanner.RunID) (string, error) {
	runs, err := project.Store().Runs(t.desk.life())
	for _, r := range runs {
		if r.Starred && r.ID != than {
			return idText(r.ID), nil
		}
	}
	return "", err
}

// untested are the items of OWASP of which a run has no case.
func (t *Tests) untested(project *app.Project, id scanner.RunID) ([]FrameworkID, error) {
	counts, err := project.Store().CountCases(t.desk.life(), id, "template", "target")
	if err != nil {
		return nil, err
	}
	library, _, _, err := t.desk.shelf.Read()
	if err != nil {
		return nil, err
	}
	sent := map[string]bool{}
	for _, c := range counts {
		if tpl, err := library.Template(c.Row); err == nil {
			for _, item := range tpl.OWASP {
				sent[item] = true
			}
		}
	}
	rest := []FrameworkID{}
	for _, item := range framework.OWASPItems() {
		if !sent[item] {
			rest = append(rest, FrameworkID{item, framework.Title(item)})
		}
	}
	return rest, nil
}

// skipped groups what was chosen and not sent by the reason.
func (t *Tests) skipped(all []scanner.Skipped) []SkippedGroup {
	groups := []SkippedGroup{}
	library, _, _, _ := t.desk.shelf.Read() // without it, ids stand for names
	at := map[string]int{}
	for _, s := range all {
		i, known := at[s.Why]
		if !known {
			i = len(groups)
			at[s.Why] = i
			groups = append(groups, SkippedGroup{Why: clip(s.Why, longName), Templates: []string{}})
		}
		groups[i].Cases += s.Cases
		if name := templateName(library, s.Template); !slices.Contains(groups[i].Templates, name) {
			groups[i].Templates = append(groups[i].Templates, name)
		}
	}
	slices.SortStableFunc(groups, func(a, b SkippedGroup) int { return cmp.Compare(len(b.Templates), len(a.Templates)) })
	return groups
}

func templateName(library *template.Library, id string) string {
	if library != nil {
		if tpl, err := library.Template(id); err == nil {
			return tpl.Name
		}
	}
	return clip(id, longName)
}

func targetsOf(targets []scanner.RunTarget) []RunTargetRow {
	rows := []RunTargetRow{}
	for i := range targets {
		each := &targets[i]
		row := RunTargetRow{Ref: each.Ref, Name: clip(each.Name, longName), Host: clip(each.Host, longName), Kind: each.Kind, Model: clip(each.Model, longName)}
		if each.Baseline != 0 {
			row.Baseline = each.Baseline.String()
		}
		rows = append(rows, row)
	}
	return rows
}

func forecastOf(e *scanner.Estimate) Forecast {
	return Forecast{e.Templates, e.Cases, Span(e.Requests), Span(e.Tokens), Span(e.Dollars), Span(e.Seconds), e.Priced, e.Basis}
}

func budgetOf(b scanner.Budget) Budget {
	return Budget{b.Requests, b.Tokens, b.Dollars, b.Time.Minutes()}
}

func (b Budget) spec() scanner.Budget {
	return scanner.Budget{Requests: b.Requests, Tokens: b.Tokens, Dollars: b.Dollars, Time: time.Duration(b.Minutes * float64(time.Minute))}
}

// change does something to a run of a project that may be written to, and has the window told.
func (t *Tests) change(text string, do func(ctx context.Context, project *app.Project, id scanner.RunID) error) error {
	project, err := t.desk.openedToWrite()
	if err != nil {
		return err
	}
	id, err := runID(text)
	if err != nil {
		return err
	}
	defer t.desk.pulse.tested()
	return aboutTests(knownRun(do(t.desk.life(), project, id)))
}

// Rename gives a run another name.
func (t *Tests) Rename(in NameRunIn) (out Nothing, err error) {
	defer t.desk.guard(&err)
	if in.Name == "" {
		return out, &app.Error{Code: app.CodeUsage, Message: "a run has a name"}
	}
	return out, t.change(in.ID, func(ctx context.Context, project *app.Project, id scanner.RunID) error {
		return project.Store().NameRun(ctx, id, clip(in.Name, longName))
	})
}

// Star makes a run the one that others are compared with, or no longer.
func (t *Tests) Star(in StarRunIn) (out Nothing, err error) {
	defer t.desk.guard(&err)
	return out, t.change(in.ID, func(ctx context.Context, project *app.Project, id scanner.RunID) error {
		return project.Store().StarRun(ctx, id, in.Starred)
	})
}

// Remove forgets a run with its cases and trials. Its exchanges stay.
func (t *Tests) Remove(in RunIn) (out Nothing, err error) {
	defer t.desk.guard(&err)
	return out, t.change(in.ID, func(ctx context.Context, project *app.Project, id scanner.RunID) error {
		if progress, here := project.TestProgress(id); here && progress.State == scanner.RunRunning {
			return &app.Error{Code: app.CodeBusy, Message: "this run is still running", Hint: "stop it first"}
		}
		return project.Store().RemoveRun(ctx, id)
	})
}

// Pause lets what was sent be answered, and sends no more until the run is resumed.
func (t *Tests) Pause(in RunIn) (out Nothing, err error) {
	defer t.desk.guard(&err)
	return out, t.change(in.ID, func(ctx context.Context, project *app.Project, id scanner.RunID) error {
		return project.PauseTest(ctx, id)
	})
}

// Stop ends a run.
func (t *Tests) Stop(in RunIn) (out Nothing, err error) {
	defer t.desk.guard(&err)
	return out, t.change(in.ID, func(ctx context.Context, project *app.Project, id scanner.RunID) error {
		return project.StopTest(ctx, id)
	})
}

// Resume goes on with what is pending.
func (t *Tests) Resume(in ContinueIn) (out Nothing, err error) {
	defer t.desk.guard(&err)
	return out, t.change(in.ID, func(ctx context.Context, project *app.Project, id scanner.RunID) error {
		return project.ResumeTest(ctx, id, in.options())
	})
}

// Retry sends again what errored.
func (t *Tests) Retry(in ContinueIn) (out Nothing, err error) {
	defer t.desk.guard(&err)
	return out, t.change(in.ID, func(ctx context.Context, project *app.Project, id scanner.RunID) error {
		return project.RetryTest(ctx, id, in.options())
	})
}

func (in *ContinueIn) options() app.TestOptions {
	return app.TestOptions{Key: app.ModelKey{Value: in.Key}, Spec: scanner.RunSpec{Budget: in.Budget.spec()}}
}

// Running lists the runs that run in this program: what the status bar tells of.
func (t *Tests) Running(_ Nothing) (out RunsOut, err error) {
	defer t.desk.guard(&err)
	out.Runs = []RunRow{}
	project, err := t.desk.opened()
	if err != nil {
		return out, err
	}
	runs, err := project.Store().Runs(t.desk.life())
	for _, r := range runs {
		if progress, here := project.TestProgress(r.ID); here && progress.State == scanner.RunRunning {
			out.Runs = append(out.Runs, runRow(project, r))
		}
	}
	return out, err
}
