package app_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"assay/app"
	"assay/scanner"
)

// TestEnforceable makes a policy of every requirement that the guard can hold, as it is and with the action that is worth it.
func TestEnforceable(t *testing.T) {
	t.Parallel()
	a, project := newApp(t)
	p, err := a.OpenProject(t.Context(), project)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	rows, problems, err := a.ListRequirements("")
	if err != nil || len(problems) > 0 || len(rows) < 25 {
		t.Fatalf("%d requirements, %v, %v", len(rows), problems, err)
	}
	held := 0
	for i := range rows {
		r := &rows[i]
		made, err := p.Enforce(t.Context(), r.ID, "")
		if !r.Enforceable {
			if err == nil || app.CodeOf(err) != app.CodeUsage {
				t.Errorf("%s cannot be held, and is: %+v, %v", r.ID, made, err)
			}
			continue
		}
		held++
		if err != nil {
			t.Errorf("%s: %v", r.ID, err)
			continue
		}
		if made.Action != scanner.Monitor || !made.Made || made.Policy == 0 {
			t.Errorf("%s is held by %+v", r.ID, made)
		}
		again, err := p.Enforce(t.Context(), r.ID, made.Worth)
		if err != nil || again.Policy != made.Policy || again.Made || again.Action != made.Worth || made.Worth == scanner.Monitor {
			t.Errorf("%s with %s: %+v, %v", r.ID, made.Worth, again, err)
		}
	}
	policies, err := p.Policies(t.Context())
	if err != nil || len(policies) != held || held < 8 {
		t.Errorf("%d policies of %d requirements, %v", len(policies), held, err)
	}
	for _, row := range checked(t, p) {
		i := slices.IndexFunc(rows, func(r app.RequirementInfo) bool { return r.ID == row.ID })
		if rows[i].Enforceable != (row.Enforced != "") || strings.Contains(row.Enforced, "only says") {
			t.Errorf("%s is held by %q", row.ID, row.Enforced)
		}
	}
}

func checked(t *testing.T, p *app.Project) []app.RequirementRow {
	t.Helper()
	rows, err := p.Requirements(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestRequirementsOfNothing: in a project that holds nothing only what is known of it fails, and nothing passes.
func TestRequirementsOfNothing(t *testing.T) {
	t.Parallel()
	a, project := newApp(t)
	p, err := a.OpenProject(t.Context(), project)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	rows := checked(t, p)
	for i := range rows {
		r := &rows[i]
		if r.State == "pass" || r.What == "" || r.State == "unknown" && r.Of != 0 {
			t.Errorf("%s: %s of %d, %s", r.ID, r.State, r.Of, r.What)
		}
		if r.State == "fail" && r.What != "There are no policies." {
			t.Errorf("%s fails: %s", r.ID, r.What)
		}
	}
	if !slices.IsSortedFunc(rows, func(a, b app.RequirementRow) int {
		return slices.Index(app.Severities, b.Severity) - slices.Index(app.Severities, a.Severity)
	}) {
		t.Error("the worst does not come first")
	}
}

const ownRequirement = `id: guard-is-on
name: Somebody named a policy
why: Because.
severity: info
of: policies
some: name:forbidden
fix: Add one.
samples: {pass: [{name: forbidden fruit}], fail: [{name: apples}]}
`

// TestOwnRequirements: a person's own stands in place of the shipped one with its id, as soon as it is there and as it is
// changed; what is wrong is told.
func TestOwnRequirements(t *testing.T) {
	t.Parallel()
	a, project := newApp(t)
	p, err := a.OpenProject(t.Context(), project)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	folder := a.RequirementsFolder()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	state := func() (name, state string) {
		for _, r := range checked(t, p) {
			if r.ID == "guard-is-on" {
				return r.Name, r.State
			}
		}
		return "", ""
	}
	write("guard-is-on.yaml", ownRequirement)
	if name, got := state(); name != "Somebody named a policy" || got != "fail" {
		t.Errorf("it is %q: %s", name, got)
	}
	if _, err := p.SavePolicy(t.Context(), app.Policy{Name: "Forbidden fruit", Action: scanner.Monitor, Signs: []app.SignKind{"injection"}}); err != nil {
		t.Fatal(err)
	}
	if _, got := state(); got != "pass" {
		t.Errorf("with a policy it is %s", got)
	}
	write("guard-is-on.yaml", strings.Replace(ownRequirement, "Somebody", "Nobody", 1))
	write("broken.yaml", "id: broken\n")
	if name, _ := state(); name != "Nobody named a policy" {
		t.Errorf("a change is not seen: %q", name)
	}
	rows, problems, err := a.ListRequirements("")
	if err != nil || len(problems) == 0 || problems[0].File != "broken.yaml" {
		t.Errorf("problems are %v, %v", problems, err)
	}
	own := slices.IndexFunc(rows, func(r app.RequirementInfo) bool { return r.Source == "own" })
	if own < 0 || rows[own].ID != "guard-is-on" {
		t.Errorf("own ones are not told apart: %d", own)
	}
}

func TestCoverageOfAFramework(t *testing.T) {
	t.Parallel()
	a, project := newApp(t)
	p, err := a.OpenProject(t.Context(), project)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	all, err := p.Coverage(t.Context(), "")
	if err != nil || len(all) != 8 {
		t.Fatalf("%d frameworks, %v", len(all), err)
	}
	for i := range all {
		for j := range all[i].Items {
			if s := all[i].Items[j].State; s != "not_tested" && s != "not_testable" {
				t.Errorf("%s %s is %s, and nothing was tested", all[i].ID, all[i].Items[j].ID, s)
			}
		}
	}
	_, err = p.Coverage(t.Context(), "owasp-lm")
	if wrong, ok := errors.AsType[*app.Error](err); !ok || !strings.Contains(wrong.Hint, "owasp-llm") {
		t.Errorf("a framework that is none: %v", err)
	}
	all[0].Items[0].Title = "=1+1"
	if rows := app.CoverageRows(&all[0]); rows[1][3] != "'=1+1" {
		t.Errorf("a cell is a formula: %v", rows[1])
	}
}
