package window

import (
	"cmp"
	"slices"

	"assay/app"
	"assay/report"
	"assay/scanner/framework"
)

// Coverage says how a framework stands, item by item and asset by asset.
func (h *Home) Coverage(in HomeCoverageIn) (out HomeCoverage, err error) {
	defer h.desk.guard(&err)
	out = HomeCoverage{Frameworks: []HomeFramework{}, ID: cmp.Or(in.Framework, framework.OWASPLLM), Assets: []string{}, Rows: []HomeRow{}}
	p, err := h.desk.opened()
	if err != nil {
		return out, err
	}
	for _, f := range framework.All() {
		out.Frameworks = append(out.Frameworks, HomeFramework{ID: f.ID, Name: f.Name, Version: f.Version, Source: f.Address})
	}
	all, err := p.Coverage(h.desk.life(), out.ID)
	if err != nil {
		return out, err
	}
	d := hiding()
	for i := range all {
		d.coverage(&all[i], &out)
	}
	return out, nil
}

func (d discreet) coverage(c *report.Coverage, out *HomeCoverage) {
	out.Note = d.text(c.Note, longName)
	for _, name := range c.Assets {
		out.Assets = append(out.Assets, d.text(name, longName))
	}
	for i := range c.Items {
		row := HomeRow{Item: d.covered(&c.Items[i]), Cells: []HomeCell{}}
		for _, cell := range c.Cells[i] {
			row.Cells = append(row.Cells, HomeCell{State: string(cell.State), Cases: cell.Cases, Ref: cell.Ref})
		}
		out.Rows = append(out.Rows, row)
	}
}

func (d discreet) covered(c *report.Covered) HomeCovered {
	return HomeCovered{
		ID: c.ID, Title: c.Title, State: string(c.State), Cases: c.Cases, Vulnerable: c.Vulnerable, Targets: c.Targets, Templates: c.Templates, Last: stamp(c.Last),
		Why: d.text(c.Why, mostSentence),
	}
}

// Requirements says of everything that has to hold whether it does.
func (h *Home) Requirements(_ Nothing) (out HomeRequirements, err error) {
	defer h.desk.guard(&err)
	out.Items = []HomeRequirement{}
	p, err := h.desk.opened()
	if err != nil {
		return out, err
	}
	all, err := p.Requirements(h.desk.life())
	if err != nil {
		return out, err
	}
	holdable, d := h.holdable(), hiding()
	for i := range all {
		one := d.requirement(&all[i])
		one.CanHold = holdable[one.ID]
		out.Items = append(out.Items, one)
	}
	slices.SortStableFunc(out.Items, func(a, b HomeRequirement) int {
		return slices.Index(badFirst, a.State) - slices.Index(badFirst, b.State)
	})
	return out, nil
}

// holdable are the requirements that the guard can be made to hold.
func (h *Home) holdable() map[string]bool {
	can := map[string]bool{}
	known, _, err := h.desk.app.ListRequirements("")
	if err != nil {
		return can // nothing is offered that may fail
	}
	for i := range known {
		can[known[i].ID] = known[i].Enforceable
	}
	return can
}

// badFirst are the states of requirements in the order in which they are shown.
var badFirst = []string{report.RequirementFail, report.RequirementUnknown, report.RequirementPass}

func (d discreet) requirement(r *report.Requirement) HomeRequirement {
	return HomeRequirement{
		ID: r.ID, Name: d.text(r.Name, longName), Why: d.text(r.Why, longName), Severity: r.Severity, OWASP: namesOf(r.OWASP), State: r.State, Of: r.Of, Failing: r.Failing,
		What: d.text(r.What, mostSentence), Refs: d.refs(r.Refs), Fix: d.text(r.Fix, longName), Enforced: d.text(r.Enforced, longName),
	}
}

// Enforce adds a policy by which the guard holds a requirement. Whether the guard is at work stays as it is.
func (h *Home) Enforce(in HomeEnforceIn) (out HomeEnforced, err error) {
	defer h.desk.guard(&err)
	if _, err = h.desk.writable(); err != nil {
		return out, err
	}
	p, err := h.desk.opened()
	if err != nil {
		return out, err
	}
	made, err := p.Enforce(h.desk.life(), in.ID, app.Action(in.Action))
	if err != nil {
		return out, err
	}
	h.desk.pulse.guarded()
	return HomeEnforced{Policy: idText(made.Policy), Name: clip(valid(made.Name), longName), Action: string(made.Action), Made: made.Made}, nil
}
