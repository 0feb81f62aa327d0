package report

import (
	"cmp"
	"slices"

	"assay/scanner"
)

// shown is a document without what belongs to sections that are off: what somebody left out stands in no format.
func (d *Document) shown() *Document {
	out := *d
	for _, s := range []struct {
		section Section
		leave   func()
	}{
		{SectionComparison, func() { out.Comparison = nil }},
		{SectionAdvice, func() { out.Standing.Advice, out.Standing.Done = nil, nil }},
		{SectionFindings, func() { out.Weaknesses = nil }},
		{SectionThreats, func() { out.Threats = nil }},
		{SectionCoverage, func() { out.Coverage, out.Standing.OWASP = nil, nil }},
		{SectionRequirements, func() { out.Requirements = nil }},
		{SectionInventory, func() { out.Stock = Stock{} }},
		{SectionScope, func() { out.Tests = nil }},
		{SectionMethod, func() { out.Method, out.Judge = nil, nil }},
		{SectionNotTested, func() { out.Standing.Gaps = nil }},
		{SectionRedaction, func() { out.Hidden = nil }},
	} {
		if !d.Has(s.section) {
			s.leave()
		}
	}
	return &out
}

// run is a document as SARIF and JUnit tell it: its findings, with the rules, cases and targets of the run behind it where
// there is one.
func (d *Document) run() *Run {
	r := &Run{Run: &scanner.Run{State: scanner.RunDone}}
	if d.Of != nil {
		copied := *d.Of
		r = &copied
	} else {
		r.Run = d.allTests()
	}
	r.Version, r.Found = d.Version, nil
	r.Rules = slices.Clone(r.Rules)
	if !d.Has(SectionFindings) {
		r.Cases, r.Rules = nil, nil
	}
	for i := range d.Weaknesses {
		f := &d.Weaknesses[i]
		r.Found = append(r.Found, f.found())
		if !slices.ContainsFunc(r.Rules, func(one Rule) bool { return one.ID == f.Template }) {
			r.Rules = append(r.Rules, f.rule())
		}
		if !slices.ContainsFunc(r.Run.Targets, func(t scanner.RunTarget) bool { return t.Ref == f.Target }) {
			target := *r.Run
			target.Targets = append(slices.Clip(target.Targets), scanner.RunTarget{Ref: f.Target, Name: cmp.Or(f.Name, f.Target)})
			r.Run = &target
		}
	}
	r.Against, r.gone, r.document = "", nil, true
	if d.Comparison != nil {
		r.Against, r.gone = d.Comparison.Against, d.Comparison.Gone
	}
	return r
}

// allTests are the runs of a document as one.
func (d *Document) allTests() *scanner.Run {
	all := &scanner.Run{Name: d.Project, State: scanner.RunDone, Created: d.Made}
	for i := range d.Tests {
		t := &d.Tests[i]
		if t.Started.Before(all.Created) {
			all.Created = t.Started
		}
		if t.Ended.After(all.Ended) {
			all.Ended = t.Ended
		}
		all.Tally.Vulnerable += t.Cases[string(scanner.Vulnerable)]
		all.Tally.Resisted += t.Cases[string(scanner.Resisted)]
		all.Tally.Unclear += t.Cases[string(scanner.Unclear)]
		all.Tally.Errored += t.Cases[string(scanner.Errored)]
		all.Tally.Requests += t.Requests
		for _, s := range t.Skipped {
			all.Skipped = append(all.Skipped, scanner.Skipped{Template: cmp.Or(t.Name, "run"), Cases: s.Cases, Why: s.Why})
		}
	}
	all.Tally.Cases = all.Tally.Vulnerable + all.Tally.Resisted + all.Tally.Unclear + all.Tally.Errored
	return all
}

func (f *Weakness) found() Found {
	out := Found{
		Print: f.Print, Template: f.Template, Severity: f.Severity, OWASP: f.OWASP, Target: f.Target, State: f.State, Note: f.Note, New: f.Change == "new", Trials: f.Count,
		Reason: f.Reason, change: f.Change,
	}
	if f.Rate != nil {
		out.Rate, out.Interval = finite(f.Rate.Value), [2]float64{finite(f.Rate.Low), finite(f.Rate.High)}
	}
	if len(f.Proofs) == 0 {
		return out
	}
	p := &f.Proofs[0]
	out.Case, out.Trial, out.Answer = p.Case, p.Trial, whole(p.Answer)
	if len(p.Exchanges) > 0 {
		out.Exchange = p.Exchanges[len(p.Exchanges)-1]
	}
	for _, m := range p.Sent {
		out.Sent = append(out.Sent, scanner.Sent{Text: whole(m)})
	}
	for _, t := range p.Evidence {
		out.Evidence = append(out.Evidence, scanner.Evidence{Signal: t.Signal, Where: t.Where, Text: t.Text, Why: t.Why})
	}
	return out
}

func (f *Weakness) rule() Rule {
	return Rule{
		ID: f.Template, Name: f.Title, Description: cmp.Or(f.Description, f.Title), Remediation: f.Fix, Severity: f.Severity, OWASP: f.OWASP, ASI: f.ASI, ATLAS: f.ATLAS,
		CWE: f.CWE, References: f.References,
	}
}
