package app

import (
	"cmp"
	"context"
	"math"
	"slices"

	"assay/scanner"
	"assay/scanner/engine"
)

// The nouns of tests for the command line, which knows package app alone.
type (
	// RunID numbers a run within one project.
	RunID = scanner.RunID
	// Verdict is what a trial came to.
	Verdict = scanner.Verdict
	// TestProgress is how far a run is.
	TestProgress = engine.Progress
)

// PlanLine is what `assay test plan --json` prints: a contract (docs/cli.md). Ranges are as little as, as much as.
type PlanLine struct {
	Cases     int         `json:"cases"`
	Requests  [2]float64  `json:"requests"`
	Tokens    [2]float64  `json:"tokens"`
	USD       *[2]float64 `json:"usd"` // null where a price is not known
	Seconds   [2]float64  `json:"seconds"`
	Templates int         `json:"templates"`
	Basis     string      `json:"basis,omitempty"`

	Targets    []PlanTarget   `json:"targets"`
	OutOfScope []string       `json:"out_of_scope"`
	Skipped    []SkippedGroup `json:"skipped"`
	Example    string         `json:"example,omitempty"` // the first request, without secrets
}

// PlanTarget is one target of a plan.
type PlanTarget struct {
	Target   string `json:"target"`
	Name     string `json:"name"`
	Host     string `json:"host"`
	Kind     string `json:"kind"`
	Provider string `json:"provider,omitempty"`
	Model    string `json:"model,omitempty"`
	Family   string `json:"family,omitempty"`
	System   bool   `json:"system"` // its system prompt is known
}

// SkippedGroup is what was chosen and cannot be sent for one reason.
type SkippedGroup struct {
	Why       string   `json:"why"`
	Cases     int      `json:"cases"`
	Templates []string `json:"templates"`
}

// PlanLineOf is a plan for programs.
func PlanLineOf(p *TestPlan) PlanLine {
	pair := func(r scanner.Range) [2]float64 { return [2]float64{r.Low, r.High} }
	whole := func(r scanner.Range) [2]float64 { return [2]float64{math.Floor(r.Low), math.Ceil(r.High)} }
	e := &p.Estimate
	line := PlanLine{
		Cases: e.Cases, Requests: whole(e.Requests), Tokens: whole(e.Tokens), Seconds: pair(e.Seconds), Templates: e.Templates, Basis: e.Basis,
		Targets: []PlanTarget{}, OutOfScope: orNone(p.OutOf), Skipped: SkippedGroups(p.Skipped), Example: string(p.Example),
	}
	if e.Priced {
		usd := pair(e.Dollars)
		line.USD = &usd
	}
	for i := range p.Targets {
		t := &p.Targets[i]
		line.Targets = append(line.Targets, PlanTarget{t.Ref, t.Name, t.Host, t.Kind, t.Provider, t.Model, t.Family, t.System != ""})
	}
	return line
}

// SkippedGroups groups what cannot be sent by its reason, the commonest first.
func SkippedGroups(all []scanner.Skipped) []SkippedGroup {
	groups := []SkippedGroup{}
	for _, s := range all {
		at := slices.IndexFunc(groups, func(g SkippedGroup) bool { return g.Why == s.Why })
		if at < 0 {
			at = len(groups)
			groups = append(groups, SkippedGroup{Why: s.Why, Templates: []string{}})
		}
		g := &groups[at]
		g.Cases += s.Cases
		if !slices.Contains(g.Templates, s.Template) {
			g.Templates = append(g.Templates, s.Template)
		}
	}
	slices.SortStableFunc(groups, func(x, y SkippedGroup) int { return cmp.Compare(y.Cases, x.Cases) })
	return groups
}

// SkippedOf groups what a run did not send by its reason.
func SkippedOf(r *scanner.Run) []SkippedGroup { return SkippedGroups(r.Skipped) }

// MustExist opens a project to read and closes it again: a wrong name is told, and makes no new project.
func (a *App) MustExist(ctx context.Context, path string) error {
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return err
	}
	return p.Close()
}
