package window

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"assay/app"
	"assay/scanner"
	"assay/scanner/strategy"
	models "assay/scanner/target"
)

// planning lets one plan be worked out at a time: the newest, for a person has changed their mind about the others.
type planning struct {
	mu     sync.Mutex
	cancel context.CancelFunc
}

func (p *planning) begin(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cancel != nil {
		p.cancel()
	}
	p.cancel = cancel
	return ctx, cancel
}

// needsKey reports whether a model can only be reached with a key that is given again: it was not kept, and not given while
// the project is open.
func (t *Tests) needsKey(project *app.Project, m *scanner.Model) bool {
	if m == nil {
		return false
	}
	if _, ready, err := project.Model(t.desk.life(), "model:"+idText(m.ID)); err == nil && ready {
		return false
	}
	refs := models.References(m.URL)
	for _, h := range m.Header {
		refs = append(refs, models.References(h.Value)...)
	}
	return slices.ContainsFunc(append(refs, m.Auth.Secret), func(ref string) bool { return strings.HasPrefix(ref, "ask:") })
}

// Targets lists what can be attacked, and as whom.
func (t *Tests) Targets(_ Nothing) (out TargetsOut, err error) {
	defer t.desk.guard(&err)
	out = TargetsOut{Models: []TargetRow{}, Roles: []string{}, Strategies: []StrategyRow{}}
	project, err := t.desk.opened()
	if err != nil {
		return out, err
	}
	store, ctx := project.Store(), t.desk.life()
	models, err := store.Models(ctx)
	if err != nil {
		return out, err
	}
	for _, m := range models {
		row := TargetRow{
			Ref: "model:" + idText(m.ID), Name: clip(m.Name, longName), Provider: m.Provider, Model: clip(m.Model, longName), Host: clip(hostOf(m.URL), longName),
			Tried: "untried", NeedsKey: t.needsKey(project, m),
		}
		if m.Tried != nil {
			if row.Tried = "ok"; m.Tried.Error != "" {
				row.Tried, row.Problem = "failed", clip(m.Tried.Error, longName)
			}
		}
		out.Models = append(out.Models, row)
	}
	roles, err := store.Roles(ctx)
	if err != nil {
		return out, err
	}
	for i := range roles {
		out.Roles = append(out.Roles, clip(roles[i].Name, longName))
	}
	for _, each := range strategy.Strategies() {
		out.Strategies = append(out.Strategies, StrategyRow{each.Name, each.What})
	}
	return out, nil
}

func (in *PlanIn) options() app.TestOptions {
	return app.TestOptions{
		Name: strings.TrimSpace(in.Name), Key: app.ModelKey{Value: in.Key}, Yes: in.Confirmed,
		Spec: scanner.RunSpec{
			Targets: in.Targets, Suites: in.Suites, Templates: in.Templates, OWASP: in.OWASP, Severity: scanner.Severity(in.Severity), Mutations: in.Mutations,
			Strategies: in.Strategies, Trials: in.Trials, Concurrency: in.Concurrency, Rate: in.Rate, Patience: time.Duration(in.Patience) * time.Second,
			Budget: in.Budget.spec(), Judge: in.Judge, Attacker: in.Attacker, Role: in.Role, Other: in.Other, System: in.System,
			Authorisation: strings.TrimSpace(in.Authorisation),
		},
	}
}

// mostExample is how many characters of the example are shown.
const mostExample = 20_000

// Plan works out what would be sent, and sends nothing.
func (t *Tests) Plan(in PlanIn) (out PlanOut, err error) {
	defer t.desk.guard(&err)
	out = PlanOut{Targets: []RunTargetRow{}, Skipped: []SkippedGroup{}, OutOf: []string{}}
	project, err := t.desk.opened()
	if err != nil {
		return out, err
	}
	if len(in.Targets) == 0 {
		return out, &app.Error{Code: app.CodeUsage, Message: "nothing is chosen that could be tested", Hint: "choose a model, or send an exchange here from Traffic"}
	}
	ctx, done := t.desk.planning.begin(t.desk.life())
	defer done()
	plan, err := project.PlanTest(ctx, in.options())
	if err != nil {
		return out, aboutTests(err)
	}
	example := valid(string(plan.Example))
	out = PlanOut{
		Forecast: forecastOf(&plan.Estimate), Targets: targetsOf(plan.Targets), Skipped: t.skipped(plan.Skipped), OutOf: namesOf(plan.OutOf),
		Example: clip(example, mostExample), Cut: len(clip(example, mostExample)) < len(example),
	}
	return out, nil
}

// Start keeps a run and begins to send it.
func (t *Tests) Start(in PlanIn) (out RunIn, err error) {
	defer t.desk.guard(&err)
	project, err := t.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	id, err := project.StartTest(t.desk.life(), in.options())
	if err != nil {
		return out, aboutTests(err)
	}
	t.desk.pulse.tested()
	return RunIn{idText(id)}, nil
}
