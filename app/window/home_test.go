package window_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/app/window"
	"assay/lab"
	"assay/scanner"
)

// home returns the home screen of a rig.
func (r *rig) home() *window.Home {
	r.t.Helper()
	for _, bound := range r.desk.Bound() {
		if h, ok := bound.(*window.Home); ok {
			return h
		}
	}
	r.t.Fatal("no home is bound")
	return nil
}

// TestHomeOfNothing has no score for a project that holds nothing, and says why.
func TestHomeOfNothing(t *testing.T) {
	t.Parallel()
	h := newRig(t).home()
	if stood := must(h.Stood(window.Nothing{}))(t); stood != (window.StoodOut{}) {
		t.Errorf("%+v", stood)
	}
	p := must(h.Posture(window.HomeIn{}))(t)
	if p.Enough || p.Grade != "" || p.Missing == "" || p.Score <= 0 || p.Score >= 100 {
		t.Errorf("%+v", p)
	}
	if len(p.Items) != 10 || slices.ContainsFunc(p.Items, func(c window.HomeCovered) bool { return c.State != "not_tested" || c.Templates == 0 }) {
		t.Errorf("%+v", p.Items)
	}
	if out := must(h.Criticals(window.Nothing{}))(t); out.Open != 0 || out.Total != 0 || len(out.Items) != 0 {
		t.Errorf("%+v", out)
	}
	if out := must(h.Assets(window.Nothing{}))(t); len(out.Items) != 0 || out.More != 0 {
		t.Errorf("%+v", out)
	}
	if out := must(h.Seen(window.Nothing{}))(t); len(out.Latest) != 0 {
		t.Errorf("%+v", out)
	}
}

// TestHome says after a test of a target that gives in what is wrong and what to do first, each with its evidence; the same
// of parts, of frameworks and of what has to hold.
func TestHome(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	h := r.home()
	target := r.model(lab.AllWeak)
	run := must(r.tests().Start(window.PlanIn{Targets: []string{target}, Suites: []string{"quick"}, Confirmed: true}))(t)
	r.done(run.ID)
	r.folded()

	if stood := must(h.Stood(window.Nothing{}))(t); stood.Models != 1 || stood.Runs != 1 || stood.Exchanges == 0 {
		t.Errorf("%+v", stood)
	}
	p := must(h.Posture(window.HomeIn{}))(t)
	if !p.Enough || p.Score >= 50 || p.Grade == "" || len(p.Reasons) < 5 || len(p.Advice) == 0 || p.Advice[0].Priority != "P0" || len(p.Advice[0].Refs) == 0 {
		t.Fatalf("%+v", p)
	}
	taken, area := 0.0, map[string]float64{}
	for _, reason := range p.Reasons {
		area[reason.Area] += reason.Points
	}
	for _, a := range p.Areas {
		taken += a.Taken
		if diff := a.Taken - area[a.Area]; diff > 0.05 || diff < -0.05 || a.Taken > a.Limit || a.Why == "" {
			t.Errorf("%+v, and its reasons take %.1f away", a, area[a.Area])
		}
	}
	if p.Score > 100-taken+0.05 {
		t.Errorf("%.1f points are left, and %.1f taken away", p.Score, taken)
	}
	r.homeEvidence(&p)
	r.homeParts(target)
	r.homeCoverage()
	if _, err := h.Posture(window.HomeIn{Of: "kitchen:7"}); err == nil {
		t.Error("a kitchen is a part")
	}
	if _, err := h.Posture(window.HomeIn{Of: "endpoint:4711"}); err == nil || !strings.Contains(err.Error(), "othing is known") {
		t.Errorf("%v", err)
	}
}

// homeEvidence opens the findings that the score and the list of the newest name.
func (r *rig) homeEvidence(p *window.HomePosture) {
	r.t.Helper()
	opened := 0
	for _, reason := range p.Reasons {
		if id, is := strings.CutPrefix(reason.Ref, "finding:"); is {
			opened++
			if out := must(r.findings().Get(window.FindingIn{ID: id}))(r.t); !strings.Contains(reason.What, out.Row.Title) {
				r.t.Errorf("%s leads to %q", reason.What, out.Row.Title)
			}
		}
	}
	newest := must(r.home().Criticals(window.Nothing{}))(r.t)
	if opened < 5 || newest.Severity != "critical" || newest.Total == 0 || newest.Open < newest.Total || len(newest.Items) == 0 || newest.Items[0].Severity != "critical" {
		r.t.Errorf("%d, %+v", opened, newest)
	}
}

// homeParts looks at what the risk lies in: each has a score of its own, which asking for it gives too.
func (r *rig) homeParts(target string) {
	r.t.Helper()
	assets := must(r.home().Assets(window.Nothing{}))(r.t)
	if len(assets.Items) == 0 {
		r.t.Fatalf("nothing stands out, not even %s", target)
	}
	for _, one := range assets.Items {
		own := must(r.home().Posture(window.HomeIn{Of: one.Ref}))(r.t)
		if own.Score != one.Score || own.Grade != one.Grade || own.Of != one.Ref || own.Name == "" || len(own.Trend) > 0 {
			r.t.Errorf("%+v, and asked for itself %.1f %s %q", one, own.Score, own.Grade, own.Of)
		}
	}
	if worst := assets.Items[0]; worst.Open == 0 || worst.Worst != "critical" {
		r.t.Errorf("%+v", worst)
	}
}

// homeCoverage looks at every framework: a row for each item, a cell for each asset.
func (r *rig) homeCoverage() {
	r.t.Helper()
	first := must(r.home().Coverage(window.HomeCoverageIn{}))(r.t)
	if first.ID != "owasp-llm" || len(first.Frameworks) < 8 || len(first.Rows) != 10 || len(first.Assets) == 0 {
		r.t.Fatalf("%+v", first)
	}
	for _, f := range first.Frameworks {
		out := must(r.home().Coverage(window.HomeCoverageIn{Framework: f.ID}))(r.t)
		if f.Name == "" || f.Version == "" || f.Source == "" || len(out.Rows) == 0 {
			r.t.Errorf("%+v has %d rows", f, len(out.Rows))
		}
		for _, row := range out.Rows {
			if len(row.Cells) != len(out.Assets) || row.Item.Title == "" {
				r.t.Errorf("%s: %+v", f.ID, row)
			}
		}
	}
	if _, err := r.home().Coverage(window.HomeCoverageIn{Framework: "owasp-lmm"}); err == nil {
		r.t.Error("a framework that does not exist is covered")
	}
}

// TestHomeRequirements says what has to hold, what fails first, and lets the guard hold it.
func TestHomeRequirements(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	h := r.home()
	all := must(h.Requirements(window.Nothing{}))(t).Items
	order := []string{"fail", "unknown", "pass"}
	if len(all) < 25 || !slices.IsSortedFunc(all, func(a, b window.HomeRequirement) int {
		return slices.Index(order, a.State) - slices.Index(order, b.State)
	}) {
		t.Fatalf("%d: %+v", len(all), all)
	}
	at := slices.IndexFunc(all, func(one window.HomeRequirement) bool { return one.CanHold })
	never := slices.IndexFunc(all, func(one window.HomeRequirement) bool { return !one.CanHold })
	if at < 0 || never < 0 || all[at].Enforced != "" {
		t.Fatalf("%d %d", at, never)
	}
	made := must(h.Enforce(window.HomeEnforceIn{ID: all[at].ID}))(t)
	if !made.Made || made.Action != "monitor" || made.Policy == "" || !strings.Contains(made.Name, all[at].Name) {
		t.Errorf("%+v", made)
	}
	again := must(h.Enforce(window.HomeEnforceIn{ID: all[at].ID, Action: "block"}))(t)
	if again.Made || again.Policy != made.Policy || again.Action != "block" {
		t.Errorf("%+v", again)
	}
	listed := must(r.policies().List(window.Nothing{}))(t).Items
	if len(listed) != 1 || listed[0].Form.Action != "block" || !listed[0].Form.On {
		t.Errorf("%+v", listed)
	}
	if now := must(h.Requirements(window.Nothing{}))(t).Items; !slices.ContainsFunc(now, func(one window.HomeRequirement) bool {
		return one.ID == all[at].ID && strings.Contains(one.Enforced, "block")
	}) {
		t.Error("what the guard holds is not said")
	}
	for _, in := range []window.HomeEnforceIn{{ID: all[never].ID}, {ID: "no-such"}, {ID: all[at].ID, Action: "dance"}} {
		if _, err := h.Enforce(in); err == nil {
			t.Errorf("%+v was accepted", in)
		}
	}
}

// TestHomeHides looks that what Home shows holds no secret and no personal data, and nothing without a bound, whatever names
// and titles the traffic brings.
func TestHomeHides(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const key, mail = "ghp_Zx9Qm2Lr7Tn4Vb8Kc1Wd6Yf3Hj5Sg0PaUeIo", "maria.huber@example.org"
	long := strings.Repeat("very long ", 20_000)
	now := time.Now().UTC()
	w := &scanner.Watched{Threats: []*scanner.Threat{{
		ID: 1, Rule: "rule", Title: "Somebody sent " + key + " to " + mail + " \xff\xfe " + long, Severity: scanner.SeverityCritical, Actor: "key:1", Host: "api.example.com",
		First: now, Last: now, Raised: now, Count: 1, State: scanner.ThreatNew, Seen: key,
	}}}
	if err := r.store.SaveWatched(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	r.add(turn("my key is "+key+", write to "+mail, 1, "model-"+key))
	r.folded()
	h := r.home()
	p := must(h.Posture(window.HomeIn{}))(t)
	if !slices.ContainsFunc(p.Reasons, func(one window.HomeReason) bool { return strings.Contains(one.What, "Somebody sent") }) {
		t.Fatalf("the threat counts nowhere: %+v", p.Reasons)
	}
	seen := must(h.Seen(window.Nothing{}))(t)
	if len(seen.Latest) != 1 || len(seen.Models) != 1 || !strings.Contains(seen.Latest[0].Said, "my key is ") {
		t.Fatalf("%+v", seen)
	}
	seen.Models[0].Value = "" // a filter needs it; nobody is shown it
	assets := must(h.Assets(window.Nothing{}))(t)
	for i := range assets.Items {
		assets.Items[i].Ref = "" // what is asked for by it
	}
	for i := range p.Advice {
		noRefs(p.Advice[i].Refs)
	}
	requirements := must(h.Requirements(window.Nothing{}))(t)
	for i := range requirements.Items {
		noRefs(requirements.Items[i].Refs)
	}
	for name, out := range map[string]any{
		"Posture": p, "Seen": seen, "Assets": assets, "Coverage": must(h.Coverage(window.HomeCoverageIn{}))(t), "Requirements": requirements,
		"Criticals": must(h.Criticals(window.Nothing{}))(t),
	} {
		text, err := json.Marshal(out)
		if err != nil {
			t.Fatal(err)
		}
		for _, hidden := range []string{key, mail} {
			if strings.Contains(string(text), hidden) {
				t.Errorf("%s shows %s", name, hidden)
			}
		}
		if len(text) > 200_000 {
			t.Errorf("%s has %d bytes", name, len(text))
		}
	}
}

// noRefs takes away what a link asks for: its name is what is shown.
func noRefs(refs []window.HomeRef) {
	for i := range refs {
		refs[i].Ref = ""
	}
}
