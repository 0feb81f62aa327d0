package window_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/app/window"
	"assay/scanner"
)

// aKey looks like a key of a service.
const aKey = "sk-proj-Zq8vT2mLr5XcW1nKb7YhT3BlbkFJd4GsP9aQe6RuVj0oIx2M"

func (r *rig) policies() *window.Policies {
	r.t.Helper()
	for _, bound := range r.desk.Bound() {
		if p, ok := bound.(*window.Policies); ok {
			return p
		}
	}
	r.t.Fatal("policies are not bound")
	return nil
}

func secretsForm() window.PolicyForm {
	return window.PolicyForm{Name: "No keys", Action: "redact", Side: "request", Types: []string{"secret"}, FailClosed: true, Patience: 0, Budget: ""}
}

// savedPolicy keeps a policy that has nothing wrong.
func (r *rig) savedPolicy(form window.PolicyForm) string {
	r.t.Helper()
	out := must(r.policies().Save(form))(r.t)
	if out.ID == "" || len(out.Faults) > 0 {
		r.t.Fatalf("it was not kept: %+v", out)
	}
	return out.ID
}

// TestPolicyLife keeps, changes, switches and removes a policy, and brings it back as what it was: its rulings are its own.
func TestPolicyLife(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.policies()
	first := r.savedPolicy(secretsForm())
	form := secretsForm()
	form.ID, form.On, form.Action, form.Patience, form.Finish, form.Budget = first, true, "approve", 90, true, ""
	form.Say, form.Models, form.Least, form.Where = "Not so.", []string{"gpt-*", " "}, 0.75, "host:a.example"
	if id := r.savedPolicy(form); id != first {
		t.Errorf("a change made the policy %s of %s", id, first)
	}
	must(p.Switch(window.PolicySwitch{ID: first}))(t)
	second := r.savedPolicy(window.PolicyForm{Name: "Slow", Action: "throttle", Budget: "$5/day per model"})
	ruled := []scanner.Ruling{{At: time.Now(), Policy: 1, Name: "No keys", Action: scanner.Approve, Done: true, Reason: "It was."}, {At: time.Now(), Policy: 1, Action: scanner.Redact}}
	if err := r.store.AddRulings(t.Context(), ruled); err != nil {
		t.Fatal(err)
	}
	look := func() []window.PolicyRow { return must(p.List(window.Nothing{}))(t).Items }
	before := look()
	form.On, form.Models = false, []string{"gpt-*"}
	if len(before) != 2 || before[0].ID != first || before[0].Rulings != 2 || before[0].Done != 1 || before[0].Last == "" || before[1].ID != second || before[1].Form.Budget == "" {
		t.Fatalf("the list is %+v", before)
	}
	if got := before[0].Form; got.On || got.Action != "approve" || got.Patience != 90 || !got.Finish || !got.FailClosed || got.Least != 0.75 || got.Say != "Not so." ||
		got.Where != "host:a.example" || !slices.Equal(got.Models, form.Models) || !slices.Equal(got.Types, form.Types) {
		t.Errorf("it reads as %+v", got)
	}
	gone := must(p.Remove(window.PolicyIDs{IDs: []string{first}}))(t)
	if now := look(); len(now) != 1 || now[0].ID != second {
		t.Errorf("removed, the list is %+v", now)
	}
	must(p.Restore(window.PoliciesBack(gone)))(t)
	if now := look(); len(now) != 2 || now[0].ID != first || now[0].Rulings != 2 || now[0].Added != before[0].Added {
		t.Errorf("brought back, the list is %+v", now)
	}
	if _, err := p.Restore(window.PoliciesBack(gone)); err == nil {
		t.Error("it can be brought back twice")
	}
	out := must(p.Rulings(window.RulingsIn{Actions: []string{"redact"}}))(t)
	if out.Total != 1 || out.All != 2 || len(out.Items) != 1 || out.Items[0].Action != "redact" || out.Items[0].Done {
		t.Errorf("the rulings are %+v", out)
	}
}

// TestPolicyFaults names the field that is wrong, and keeps nothing.
func TestPolicyFaults(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for field, change := range map[string]func(*window.PolicyForm){
		"name":     func(f *window.PolicyForm) { f.Name = "  " },
		"action":   func(f *window.PolicyForm) { f.Action = "blok" },
		"side":     func(f *window.PolicyForm) { f.Side = "sideways" },
		"where":    func(f *window.PolicyForm) { f.Where = "hst:(" },
		"signs":    func(f *window.PolicyForm) { f.Signs = []string{"injektion"} },
		"rules":    func(f *window.PolicyForm) { f.Rules = []string{"no-such-rule-at-all"} },
		"types":    func(f *window.PolicyForm) { f.Types = []string{"CREDITCARD"} },
		"least":    func(f *window.PolicyForm) { f.Least = 2 },
		"budget":   func(f *window.PolicyForm) { f.Budget = "much" },
		"finish":   func(f *window.PolicyForm) { f.Finish = true },
		"patience": func(f *window.PolicyForm) { f.Action, f.Patience = "approve", 90_000 },
		"say":      func(f *window.PolicyForm) { f.Say = strings.Repeat("x", 600) },
	} {
		form := secretsForm()
		change(&form)
		out := must(r.policies().Save(form))(t)
		if len(out.Faults) == 0 || out.Faults[0].Field != field || out.ID != "" || strings.ContainsAny(out.Faults[0].Message, "`") {
			t.Errorf("%s: %+v", field, out)
		}
	}
	if list := must(r.policies().List(window.Nothing{}))(t); len(list.Items) > 0 {
		t.Errorf("these were kept: %+v", list.Items)
	}
	form := secretsForm()
	form.ID = "99"
	if _, err := r.policies().Save(form); err == nil {
		t.Error("a policy that is not there was changed")
	}
}

// TestPresetsInTheWindow adds every preset: what is in it can be carried out, is off, and is not added twice.
func TestPresetsInTheWindow(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.policies()
	presets := must(p.Presets(window.Nothing{}))(t).Items
	if len(presets) != 4 {
		t.Fatalf("there are %d presets", len(presets))
	}
	all := 0
	for _, one := range presets {
		added := must(p.AddPreset(window.PolicyPresetIn{Name: one.Name}))(t)
		if len(added.IDs) != len(one.Items) {
			t.Errorf("of %s %d were added", one.Name, len(added.IDs))
		}
		all += len(one.Items)
		if again := must(p.AddPreset(window.PolicyPresetIn{Name: one.Name}))(t); len(again.IDs) > 0 {
			t.Errorf("%s was added twice", one.Name)
		}
	}
	list := must(p.List(window.Nothing{}))(t).Items
	if len(list) != all || slices.ContainsFunc(list, func(row window.PolicyRow) bool { return row.Form.On }) {
		t.Errorf("%d policies, or some are on", len(list))
	}
	for _, row := range list { // what was read can be written
		if out := must(p.Save(row.Form))(t); len(out.Faults) > 0 {
			t.Errorf("%s: %+v", row.Form.Name, out.Faults)
		}
	}
	for _, one := range must(p.Presets(window.Nothing{}))(t).Items {
		if one.Have != len(one.Items) {
			t.Errorf("%s has %d of %d", one.Name, one.Have, len(one.Items))
		}
	}
}

// TestPreviewInTheWindow asks a policy that is off, and a draft, about recorded traffic; nothing is kept or changed by it.
func TestPreviewInTheWindow(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.policies()
	if _, err := p.Preview(window.PreviewIn{}); err == nil {
		t.Error("nobody is asked, and that is no error")
	}
	if out := must(p.Previewed(window.PreviewPage{}))(t); out.State != "none" {
		t.Errorf("nothing was asked, and it is %s", out.State)
	}
	for n := range 5 {
		said := "no key"
		if n%2 == 0 {
			said = aKey
		}
		r.add(exchange("POST", "https://api.example/v1/chat/completions", 200, `{"model":"gpt-4o","messages":[{"role":"user","content":"take `+said+`"}]}`, `{}`))
	}
	id := r.savedPolicy(secretsForm())
	if _, err := p.Preview(window.PreviewIn{Asked: window.PolicyAsked{IDs: []string{id}}, Filter: "hst:("}); err == nil {
		t.Error("a filter that cannot be read is no error")
	}
	draft := secretsForm()
	draft.Name, draft.Action = "Draft", "block"
	must(p.Preview(window.PreviewIn{Asked: window.PolicyAsked{IDs: []string{id}, Drafts: []window.PolicyForm{draft}}, Filter: "host:api.example"}))(t)
	var out window.PreviewOut
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if out = must(p.Previewed(window.PreviewPage{Limit: 2, From: 1, Action: "block"}))(t); out.State != "running" {
			break
		}
		if time.Now().After(end) {
			t.Fatal("it never ends")
		}
	}
	if out.State != "done" || out.Exchanges != 5 || out.All != 5 || out.Touched != 3 || out.Total != 3 || len(out.Items) != 2 || out.Left != 0 {
		t.Fatalf("it came to %+v", out)
	}
	for _, one := range out.Policies {
		if one.Rulings != 3 {
			t.Errorf("%s has %d rulings", one.Name, one.Rulings)
		}
	}
	if row := out.Items[0]; row.Done || row.Exchange == "" || row.Reason == "" || row.Host != "api.example" || strings.Contains(row.Reason, aKey) {
		t.Errorf("a ruling is %+v", row)
	}
	if kept := must(p.Rulings(window.RulingsIn{}))(t); kept.All != 0 {
		t.Errorf("a preview kept %d rulings", kept.All)
	}
	if n := len(must(p.List(window.Nothing{}))(t).Items); n != 1 {
		t.Errorf("there are %d policies now", n)
	}
}

// TestCheckTextInTheWindow marks what decided in units of the window.
func TestCheckTextInTheWindow(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.policies()
	if out := must(p.CheckText(window.PolicyCheckIn{Text: "x", Role: "user"}))(t); out.Policies != 0 || len(out.Items) > 0 {
		t.Errorf("nobody was asked, and the answer is %+v", out)
	}
	id := r.savedPolicy(secretsForm())
	before := "ключ 🔑 "
	out := must(p.CheckText(window.PolicyCheckIn{Asked: window.PolicyAsked{IDs: []string{id}}, Text: before + aKey + "!", Role: "user"}))(t)
	if out.Action != "redact" || len(out.Items) != 1 || len(out.Items[0].Signs) == 0 {
		t.Fatalf("it came to %+v", out)
	}
	if s := out.Items[0].Signs[0]; s.Start != 8 || s.End != 8+len(aKey) { // five letters, a space, a key of two units, a space
		t.Errorf("it is marked from %d to %d", s.Start, s.End)
	}
	if _, err := p.CheckText(window.PolicyCheckIn{Text: "x", Role: "nobody"}); err == nil {
		t.Error("anybody may say a text")
	}
}

// TestGuardInTheWindow switches the guard, which the session and a pulse tell, and is kept.
func TestGuardInTheWindow(t *testing.T) {
	t.Parallel()
	project := filepath.Join(t.TempDir(), "p.assay")
	r := openRig(t, project)
	p := r.policies()
	form := secretsForm()
	form.On = true
	r.savedPolicy(form)
	r.seen()
	if out := must(p.SetMode(window.GuardModeIn{Mode: "monitor"}))(t); out.Mode != "monitor" || out.AtWork || out.Policies != 1 || out.Closed != 1 {
		t.Errorf("it is %+v", out)
	}
	for end := time.Now().Add(10 * time.Second); !slices.ContainsFunc(r.seen(), func(p window.Pulse) bool { return p.Guard && p.State }); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("no pulse tells")
		}
	}
	if mode, err := r.store.GuardMode(t.Context()); err != nil || mode != scanner.GuardMonitor {
		t.Errorf("it was kept as %s (%v)", mode, err)
	}
	if _, err := p.SetMode(window.GuardModeIn{Mode: "shout"}); err == nil {
		t.Error("any mode will do")
	}
	if out := must(p.Waiting(window.Nothing{}))(t); len(out.Items) > 0 {
		t.Errorf("something waits: %+v", out)
	}
	if out := must(p.Answer(window.ApprovalIn{ID: "7", Yes: true}))(t); out.Answered {
		t.Error("what does not wait was answered")
	}
	beside := openRig(t, project) // another window has it open for reading
	if ro, _ := beside.store.ReadOnly(); !ro {
		t.Fatal("it is not read-only")
	}
	for name, try := range map[string]func() error{
		"Save":    func() error { _, err := beside.policies().Save(secretsForm()); return err },
		"Switch":  func() error { _, err := beside.policies().Switch(window.PolicySwitch{ID: "1"}); return err },
		"Remove":  func() error { _, err := beside.policies().Remove(window.PolicyIDs{IDs: []string{"1"}}); return err },
		"SetMode": func() error { _, err := beside.policies().SetMode(window.GuardModeIn{Mode: "off"}); return err },
		"AddPreset": func() error {
			_, err := beside.policies().AddPreset(window.PolicyPresetIn{Name: "Secrets"})
			return err
		},
	} {
		if err := try(); err == nil || !strings.Contains(err.Error(), "reading only") {
			t.Errorf("%s in a project that is only read: %v", name, err)
		}
	}
	if rows := must(beside.policies().List(window.Nothing{}))(t).Items; len(rows) != 1 {
		t.Errorf("it reads %+v", rows)
	}
}

// TestOutletsInTheWindow names a file, tries it, and takes it away.
func TestOutletsInTheWindow(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.policies()
	for name, form := range map[string]window.OutletForm{
		"of nothing": {Kind: "webhook", To: "https://siem.example/hook"},
		"nowhere":    {Kind: "webhook", To: "siem", Threats: true},
		"unknown":    {Kind: "pigeon", To: "x", Threats: true},
	} {
		if _, err := p.AddOutlet(form); err == nil || strings.Contains(err.Error(), "--") {
			t.Errorf("%s: %v", name, err)
		}
	}
	file := filepath.Join(t.TempDir(), "out.jsonl")
	added := must(p.AddOutlet(window.OutletForm{Kind: "jsonl", To: file, Rulings: true, Only: true, Least: "high"}))(t)
	rows := must(p.Outlets(window.Nothing{}))(t).Items
	if len(rows) != 1 || rows[0].ID != added.ID || rows[0].About != "rulings" || rows[0].Project == "" || rows[0].Least != "high" || rows[0].Plain {
		t.Errorf("the outlets are %+v", rows)
	}
	if out := must(p.TryOutlet(window.OutletID{ID: added.ID}))(t); !out.Sent {
		t.Errorf("the trial came to %+v", out)
	}
	if out := must(p.RemoveOutlet(window.OutletID{ID: added.ID}))(t); out != (window.Nothing{}) {
		t.Error(out)
	}
	if rows := must(p.Outlets(window.Nothing{}))(t).Items; len(rows) != 0 {
		t.Errorf("the outlets are %+v", rows)
	}
	if plain := must(p.AddOutlet(window.OutletForm{Kind: "webhook", To: "http://siem.example/hook", Threats: true, Rulings: true}))(t); plain.ID != "" {
		if rows := must(p.Outlets(window.Nothing{}))(t).Items; !rows[0].Plain || rows[0].About != "both" {
			t.Errorf("the outlets are %+v", rows)
		}
	}
}
