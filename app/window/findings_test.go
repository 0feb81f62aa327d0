package window_test

import (
	"slices"
	"strings"
	"testing"

	"assay/app/window"
	"assay/lab"
)

// findings returns the findings screen of a rig.
func (r *rig) findings() *window.Findings {
	r.t.Helper()
	for _, bound := range r.desk.Bound() {
		if f, ok := bound.(*window.Findings); ok {
			return f
		}
	}
	r.t.Fatal("no findings are bound")
	return nil
}

// TestFindingsInTheWindow lists what a run proved, says what it holds of it, takes that back, and says what was tested.
func TestFindingsInTheWindow(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	f := r.findings()
	before := must(f.Summary(window.Nothing{}))(t)
	if before.Total != 0 || before.Runs != 0 || len(before.Coverage) != 10 || slices.ContainsFunc(before.Coverage, func(c window.Coverage) bool { return c.Cases > 0 }) {
		t.Fatalf("%+v", before)
	}
	target := r.model(lab.AllWeak)
	run := must(r.tests().Start(window.PlanIn{Targets: []string{target}, Suites: []string{"quick"}, Confirmed: true}))(t)
	r.done(run.ID)

	list := must(f.List(window.FindingsIn{}))(t)
	if list.Total < 5 || len(list.Items) != list.Total || list.Items[0].Severity != "critical" || list.Items[0].Target != target {
		t.Fatalf("%+v", list)
	}
	page := must(f.List(window.FindingsIn{From: 1, Limit: 2}))(t)
	if page.Total != list.Total || len(page.Items) != 2 || page.Items[0].ID != list.Items[1].ID {
		t.Errorf("%+v", page)
	}
	if few := must(f.List(window.FindingsIn{Severities: []string{"critical"}, Targets: []string{target}, States: []string{"new"}}))(t); few.Total == 0 || few.Total == list.Total {
		t.Errorf("%d of %d are critical", few.Total, list.Total)
	}
	at := slices.IndexFunc(list.Items, func(row window.FindingRow) bool { return row.Template == "markdown-image-exfiltration" })
	if at < 0 {
		t.Fatalf("%+v", list.Items)
	}
	r.oneFinding(list.Items[at])
	r.findingStates([]string{list.Items[0].ID, list.Items[1].ID, list.Items[2].ID})

	sum := must(f.Summary(window.Nothing{}))(t)
	tested := 0
	for _, c := range sum.Coverage {
		if c.Judged > 0 {
			tested++
		}
	}
	if sum.Total != list.Total || sum.Runs != 1 || tested < 3 || tested > 9 {
		t.Errorf("%d tested: %+v", tested, sum)
	}
	if row := r.modelRow(strings.TrimPrefix(target, "model:")); row.State != "tested" || row.Worst != "critical" || row.Findings != list.Total || row.Runs != 1 {
		t.Errorf("%+v", row)
	}
	if _, err := f.Get(window.FindingIn{ID: "999999"}); err == nil || !strings.Contains(err.Error(), "no longer in the project") {
		t.Errorf("%v", err)
	}
}

// oneFinding looks at all of a finding.
func (r *rig) oneFinding(row window.FindingRow) {
	r.t.Helper()
	f := r.findings()
	must(f.Note(window.NoteFindingIn{ID: row.ID, Note: "seen on staging"}))(r.t)
	out := must(f.Get(window.FindingIn{ID: row.ID}))(r.t)
	if out.Remediation == "" || out.Description == "" || len(out.Frameworks) < 3 || len(out.Evidence) == 0 || len(out.History) < 2 || out.Note != "seen on staging" || !out.Row.Noted {
		r.t.Fatalf("%+v", out)
	}
	for _, id := range out.Frameworks {
		if id.Title == "" {
			r.t.Errorf("%s has no title", id.ID)
		}
	}
	trial := out.Evidence[0].Trial
	marked := slices.ContainsFunc(trial.Answer, func(p window.AnswerPiece) bool { return len(p.Marks) > 0 && strings.Contains(p.Text, "https://") })
	if !marked || len(trial.Exchanges) == 0 || len(trial.Sent) == 0 || out.Evidence[0].Case.Template != row.Template {
		r.t.Errorf("%+v", out.Evidence[0])
	}
}

// findingStates says what a person holds of several findings, and takes it back: each has the state that it had.
func (r *rig) findingStates(ids []string) {
	r.t.Helper()
	f := r.findings()
	states := func() string {
		var all []string
		for _, id := range ids {
			all = append(all, must(f.Get(window.FindingIn{ID: id}))(r.t).Row.State)
		}
		return strings.Join(all, " ")
	}
	must(f.SetState(window.SetFindingsIn{IDs: ids[:1], State: "verified", Why: "seen myself"}))(r.t)
	set := must(f.SetState(window.SetFindingsIn{IDs: ids, State: "false_positive"}))(r.t)
	if now := states(); now != "false_positive false_positive false_positive" {
		r.t.Error(now)
	}
	must(f.Restore(window.RestoreFindingsIn(set)))(r.t)
	if now := states(); now != "verified new new" {
		r.t.Error(now)
	}
	for _, wrong := range []window.SetFindingsIn{{IDs: ids, State: "gone"}, {State: "fixed"}, {IDs: []string{"x"}, State: "fixed"}, {IDs: []string{"999999"}, State: "fixed"}} {
		if _, err := f.SetState(wrong); err == nil {
			r.t.Errorf("%+v was done", wrong)
		}
	}
	if now := states(); now != "verified new new" {
		r.t.Error(now)
	}
}
