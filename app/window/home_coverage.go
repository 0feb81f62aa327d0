package window

import (
	"slices"

	"assay/app"
	"assay/report"
)

// Coverage says how every framework stands, item by item and asset by asset.
func (h *Home) Coverage(_ Nothing) (out HomeCoverage, err error) {
	defer h.desk.guard(&err)
	out.Items = []HomeFramework{}
	_, err = h.desk.opened()
	return out, err
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
	d := hiding(h.desk)
	for i := range all {
		out.Items = append(out.Items, d.requirement(&all[i]))
	}
	slices.SortStableFunc(out.Items, func(a, b HomeRequirement) int { return slices.Index(badFirst, a.State) - slices.Index(badFirst, b.State) })
	return out, nil
}

// badFirst are the states of requirements in the order in which they are shown.
var badFirst = []string{report.RequirementFail, report.RequirementUnknown, report.RequirementPass}

func (d discreet) requirement(r *report.Requirement) HomeRequirement {
	return HomeRequirement{
		ID: r.ID, Name: d.text(r.Name, longName), Why: d.text(r.Why, longName), Severity: r.Severity, OWASP: namesOf(r.OWASP), State: r.State, Of: r.Of, Failing: r.Failing,
		What: d.text(r.What, mostSentence), Refs: namesOf(r.Refs[:min(len(r.Refs), mostRefs)]), Fix: d.text(r.Fix, longName), Enforced: d.text(r.Enforced, longName),
	}
}

// mostRefs is how many pieces of evidence of one requirement are listed.
const mostRefs = 50

// Enforce makes the guard hold a requirement.
func (h *Home) Enforce(_ HomeRequirementIn) (out HomeEnforced, err error) {
	defer h.desk.guard(&err)
	if _, err = h.desk.openedToWrite(); err != nil {
		return out, err
	}
	return out, &app.Error{Code: app.CodeUsage, Message: "this requirement cannot be held by the guard"}
}
