package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"assay/scanner"
	"assay/scanner/callback"
	"assay/scanner/engine"
	"assay/scanner/mutate"
	"assay/scanner/strategy"
	"assay/scanner/template"
	"assay/storage"
	"assay/templates"
)

// TestOptions say what is tested. The specification is kept with the run; the rest holds for this call.
type TestOptions struct {
	Spec      scanner.RunSpec
	Name      string   // of the run; empty for one made of suite and target
	Key       ModelKey // of targets whose key was not kept
	Reach     ModelReach
	Yes       bool   // the person confirmed that the hosts of the targets may be attacked
	Templates string // a folder of templates beside those that are built in; empty for the project's

	Problems func([]TemplateProblem) // told which template files were left out; nil for nobody
}

// TestPlan is what would be sent.
type TestPlan struct {
	Estimate scanner.Estimate
	Skipped  []scanner.Skipped
	Targets  []scanner.RunTarget
	OutOf    []string // hosts that are not in scope: nothing is sent to them until a person says so
	Example  []byte   // the first request as it would be sent, without secrets
	Cases    []scanner.Case
	Problems []TemplateProblem // of template files that were left out
}

// PlanTest works out what a test would send, and sends nothing.
func (p *Project) PlanTest(ctx context.Context, o TestOptions) (*TestPlan, error) {
	b, err := p.bench(ctx, &o)
	if err != nil {
		return nil, err
	}
	defer b.close()
	plan, err := b.plan(&o.Spec)
	if err != nil {
		return nil, err
	}
	out, err := outOfScope(ctx, p.store, b.hosts(), o.Spec.Scope)
	if err != nil {
		return nil, err
	}
	return &TestPlan{
		Estimate: plan.Estimate, Skipped: orNone(plan.Skipped), Targets: b.targets(), OutOf: orNone(out), Cases: plan.Cases,
		Problems: b.problems, Example: b.example(plan),
	}, nil
}

// StartTest keeps a run with all its cases and begins to send them, in the background. A suite that says how long it
// should take bounds the run where the person did not.
func (p *Project) StartTest(ctx context.Context, o TestOptions) (scanner.RunID, error) {
	if ro, _ := p.store.ReadOnly(); ro {
		return 0, p.readOnly()
	}
	b, err := p.bench(ctx, &o)
	if err != nil {
		return 0, err
	}
	run, err := p.begin(ctx, &o, b)
	if err != nil {
		b.close()
		return 0, err
	}
	return run.ID, p.launch(ctx, run, b)
}

// begin checks the scope and the keys, asks tool servers for their tools, and keeps the run.
func (p *Project) begin(ctx context.Context, o *TestOptions, b *bench) (*scanner.Run, error) {
	if o.Yes {
		o.Spec.Scope = append(slices.Clone(o.Spec.Scope), b.hosts()...)
	}
	if err := p.mayAttack(ctx, b, o); err != nil {
		return nil, err
	}
	if o.Spec.Seed == 0 {
		o.Spec.Seed = uint64(time.Now().UnixNano()) //nolint:gosec // any number will do, and it is kept with the run
	}
	for _, t := range b.aims {
		if err := t.ready(ctx, o.Reach.CA); err != nil {
			return nil, err
		}
	}
	if err := b.addTools(ctx, o); err != nil {
		return nil, err
	}
	plan, err := b.plan(&o.Spec)
	if err != nil {
		return nil, err
	}
	run := &scanner.Run{
		Name: o.Name, State: scanner.RunRunning, Created: time.Now(), Spec: o.Spec, Targets: b.targets(), Skipped: orNone(plan.Skipped),
		Estimate: plan.Estimate, Tally: scanner.RunTally{Cases: len(plan.Cases)},
	}
	if run.Name == "" {
		run.Name = runName(run)
	}
	sources, err := p.app.sources(o.Templates, plan.Choices)
	if err != nil {
		return nil, err
	}
	_, err = p.store.CreateRun(ctx, run, slices.Values(plan.Cases), sources)
	return run, err
}

// mayAttack refuses hosts that nobody put in scope.
func (p *Project) mayAttack(ctx context.Context, b *bench, o *TestOptions) error {
	out, err := outOfScope(ctx, p.store, b.hosts(), o.Spec.Scope)
	if err == nil && len(out) > 0 {
		err = notInScope(out)
	}
	return err
}

// runName is what a run is called when nobody named it.
func runName(r *scanner.Run) string {
	what := list(slices.Concat(r.Spec.Suites, r.Spec.Templates, r.Spec.Tags, r.Spec.OWASP))
	if len(what) > 60 {
		what = count(r.Estimate.Templates, "template", "templates")
	}
	if what == "" {
		what = engine.DefaultSuite
	}
	var names []string
	for i := range r.Targets {
		names = append(names, r.Targets[i].Name)
	}
	if len(names) > 3 {
		names = append(names[:2:2], count(len(names)-2, "more", "more"))
	}
	return what + " on " + list(names)
}

// bench makes a test ready: targets, templates, and the models that help. Nothing is sent to the targets.
func (p *Project) bench(ctx context.Context, o *TestOptions) (*bench, error) {
	if err := checkSpec(&o.Spec); err != nil {
		return nil, err
	}
	for i, host := range o.Spec.Scope {
		var err error
		if o.Spec.Scope[i], err = scopeHost(host); err != nil {
			return nil, err
		}
	}
	b := &bench{}
	var err error
	if b.library, b.problems, err = p.app.Library(o.Templates); err != nil {
		return nil, err
	}
	if o.Problems != nil {
		o.Problems(b.problems)
	}
	if o.Spec.Budget.Time == 0 {
		o.Spec.Budget.Time = minutes(b.library, o.Spec.Suites)
	}
	if b.aims, err = p.aims(ctx, o); err != nil {
		return nil, err
	}
	if err := p.equip(ctx, b, o); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

// minutes is how long the suites of a run should take together; 0 where one of them has no bound.
func minutes(l *template.Library, suites []string) time.Duration {
	total := 0
	for _, name := range suites {
		s, err := l.Suite(name)
		if err != nil || s.Minutes == 0 {
			return 0
		}
		total += s.Minutes
	}
	return time.Duration(total) * time.Minute
}

// equip opens the ways to targets, roles and models of a run.
func (p *Project) equip(ctx context.Context, b *bench, o *TestOptions) error {
	for _, t := range b.aims {
		if err := t.reach(o); err != nil {
			return err
		}
		if err := t.learn(ctx, p.store); err != nil {
			return err
		}
	}
	if err := p.takeRoles(ctx, b, &o.Spec); err != nil {
		return err
	}
	var err error
	if b.judge, err = p.asked(ctx, o.Spec.Judge, o); err != nil {
		return err
	}
	if b.attacker, err = p.asked(ctx, o.Spec.Attacker, o); err != nil {
		return err
	}
	if b.callback, err = callback.Listen(""); err != nil {
		p.app.log().Warn("no listener for callbacks: templates that need one are left out", "err", err)
		b.callback = nil
	}
	return nil
}

// checkSpec refuses what cannot be meant.
func checkSpec(s *scanner.RunSpec) error {
	for _, v := range []struct {
		option string
		wrong  bool
	}{
		{"--trials", s.Trials < 0 || s.Trials > 1000},
		{"--concurrency", s.Concurrency < 0 || s.Concurrency > 1000},
		{"--rate", s.Rate < 0},
		{"--timeout", s.Patience < 0},
		{"--limit", s.Limit < 0 || s.Limit >= 1},
		{"--budget-requests", s.Budget.Requests < 0},
		{"--budget-tokens", s.Budget.Tokens < 0},
		{"--budget-usd", s.Budget.Dollars < 0},
		{"--budget-time", s.Budget.Time < 0},
	} {
		if v.wrong {
			return usagef("leave it away for the usual", "the value of %s makes no sense", v.option)
		}
	}
	for _, spec := range s.Mutations {
		if _, err := mutate.Parse(spec); err != nil {
			return &Error{Code: CodeUsage, Message: "--mutation does not take " + Harmless(spec, 60), Err: err, Hint: "docs/mutations.md lists them"}
		}
	}
	if len(s.Strategies) > 0 && s.Attacker == "" {
		return usagef("name an imported model with --attacker model:ID", "strategies need a model that thinks up the attacks")
	}
	var names []string
	for _, st := range strategy.Strategies() {
		names = append(names, st.Name)
	}
	for _, name := range s.Strategies {
		if slices.Contains(names, name) {
			continue
		}
		return usagef(nearOr(name, names, "the strategies are "+list(names)), "there is no strategy %q", Harmless(name, 40))
	}
	return nil
}

// plan works out the cases.
func (b *bench) plan(spec *scanner.RunSpec) (*engine.Plan, error) {
	var facts []string
	if b.callback != nil {
		facts = append(facts, "oob")
	}
	if spec.Role != "" {
		facts = append(facts, "auth")
	}
	if spec.Other != "" {
		facts = append(facts, "role")
	}
	plan, err := engine.NewPlan(b.library, b.victims(), spec, facts)
	if err != nil {
		return nil, templateError(err)
	}
	if len(plan.Cases) == 0 {
		hint := "`assay templates ls` lists what there is"
		if len(plan.Skipped) > 0 {
			hint = plan.Skipped[0].Template + ": " + plan.Skipped[0].Why
		}
		return nil, usagef(hint, "nothing can be sent: no template that was chosen fits the target")
	}
	return plan, nil
}

// sources are the files that the chosen templates were read from.
func (a *App) sources(dir string, choices []template.Choice) (map[string][]byte, error) {
	own := a.templatesFolder(dir)
	files := map[string][]byte{}
	for _, c := range choices {
		data, err := fs.ReadFile(templates.Files, c.Template.File)
		if errors.Is(err, fs.ErrNotExist) && own != "" {
			data, err = fs.ReadFile(os.DirFS(own), c.Template.File)
		}
		if err != nil {
			return nil, &Error{Code: CodeInput, Message: "the template " + c.Template.ID + " cannot be read again", Err: err}
		}
		files[c.Template.ID] = data
	}
	return files, nil
}

// templatesFolder is where a person's own templates are.
func (a *App) templatesFolder(dir string) string {
	if dir == "" && a.Home != nil {
		return a.Home.templatesDir()
	}
	return dir
}

// example is the first request of a plan as it would go out, with references in place of secrets.
func (b *bench) example(plan *engine.Plan) []byte {
	if len(plan.Cases) == 0 {
		return nil
	}
	c := &plan.Cases[0]
	at := slices.IndexFunc(b.aims, func(t *aim) bool { return t.target.Ref == c.Target })
	t, err := b.library.Template(c.Template)
	if at < 0 || err != nil {
		return nil
	}
	in, err := exampleCall(b.aims[at].victim.Subject, t, c)
	if err != nil {
		return nil // the run will say so of this case
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s %s\n", in.Method, in.URL)
	for _, f := range in.RequestHeader {
		fmt.Fprintf(&out, "%s: %s\n", f.Name, f.Value)
	}
	out.WriteString("\n")
	out.Write(in.RequestBody)
	return out.Bytes()
}

// run finds a run of the project.
func (p *Project) run(ctx context.Context, id scanner.RunID) (*scanner.Run, error) {
	return findRun(ctx, p.store, id)
}

func findRun(ctx context.Context, p *storage.Project, id scanner.RunID) (*scanner.Run, error) {
	run, err := p.Run(ctx, id)
	if errors.Is(err, storage.ErrNoRun) {
		return nil, &Error{Code: CodeNotFound, Message: fmt.Sprintf("there is no run %d", id), Hint: "`assay test ls` lists them"}
	}
	return run, err
}

// OverruleTrial sets a person's verdict for a trial and all like it; an empty verdict takes it back.
func (p *Project) OverruleTrial(ctx context.Context, id scanner.RunID, n, trial int, verdict scanner.Verdict, reason string) error {
	said, err := overrule(ctx, p.store, id, n, trial, verdict, reason)
	if err == nil {
		p.tests.overruled(said)
	}
	return err
}

func overrule(ctx context.Context, p *storage.Project, id scanner.RunID, n, trial int, verdict scanner.Verdict, reason string) (said scanner.Overrule, err error) {
	if _, err := findRun(ctx, p, id); err != nil {
		return said, err
	}
	trials, err := p.Trials(ctx, id, n)
	if err != nil {
		return said, err
	}
	at := slices.IndexFunc(trials, func(t scanner.Trial) bool { return t.N == trial })
	if trial == 0 {
		at = meant(trials, verdict == "")
	}
	if at < 0 {
		return said, &Error{Code: CodeNotFound, Message: fmt.Sprintf("run %d has no trial %d.%d", id, n, trial), Hint: fmt.Sprintf("`assay test show %d` lists them", id)}
	}
	if verdict == "" {
		return scanner.Overrule{Print: trials[at].Print}, p.RemoveOverrule(ctx, trials[at].Print)
	}
	words := []string{string(scanner.Vulnerable), string(scanner.Resisted), string(scanner.Unclear)}
	if !slices.Contains(words, string(verdict)) {
		return said, usagef(nearOr(string(verdict), words, "the verdicts are "+list(words)), "%q is no verdict", Harmless(string(verdict), 40))
	}
	if strings.TrimSpace(reason) == "" {
		return said, usagef("--reason says why", "a verdict that overrules another needs a reason")
	}
	said = scanner.Overrule{Print: trials[at].Print, Verdict: verdict, Reason: reason, At: time.Now()}
	return said, p.SetOverrule(ctx, said)
}

// meant is the trial that a person means who names none: the first that decided the case, or, where a verdict is taken back,
// the first that a person overruled. It is -1 where there is no trial.
func meant(trials []scanner.Trial, back bool) int {
	var counts scanner.Verdicts
	for i := range trials {
		if back && trials[i].Judgement.By == "person" {
			return i
		}
		counts.Add(trials[i].Judgement.Verdict, 1)
	}
	decided := counts.Verdict()
	return slices.IndexFunc(trials, func(t scanner.Trial) bool { return t.Judgement.Verdict == decided })
}

// CompareRuns compares two runs case by case.
func (p *Project) CompareRuns(ctx context.Context, before, after scanner.RunID) (*engine.Comparison, error) {
	return compareRuns(ctx, p.store, before, after)
}

func compareRuns(ctx context.Context, p *storage.Project, before, after scanner.RunID) (*engine.Comparison, error) {
	var runs [2]*scanner.Run
	var cases [2][]scanner.Case
	var sources [2]map[string][]byte
	for i, id := range []scanner.RunID{before, after} {
		var err error
		if runs[i], err = findRun(ctx, p, id); err != nil {
			return nil, err
		}
		if cases[i], _, err = p.Cases(ctx, id, storage.CaseQuery{}); err != nil {
			return nil, err
		}
		if sources[i], err = p.RunTemplates(ctx, id); err != nil {
			return nil, err
		}
	}
	var changed []string
	for id, text := range sources[1] {
		if was, both := sources[0][id]; both && !bytes.Equal(was, text) {
			changed = append(changed, id)
		}
	}
	// Two runs on one target each are compared attack by attack, also where the targets differ: that is what was asked.
	if len(runs[0].Targets) == 1 && len(runs[1].Targets) == 1 {
		for i := range cases {
			for j := range cases[i] {
				cases[i][j].Key = strings.TrimSuffix(cases[i][j].Key, " @ "+runs[i].Targets[0].Ref)
			}
		}
	}
	c := engine.Compare(slices.Values(cases[0]), slices.Values(cases[1]), changed...)
	c.Before, c.After = before, after
	return c, nil
}
