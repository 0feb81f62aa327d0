package window

import (
	"cmp"
	"math"
	"strings"

	"assay/app"
	"assay/report/redact"
	"assay/scanner"
	"assay/storage"
)

// Home is the screen that says how things stand: the score, what was tested, what has to hold, what to do first.
//
// What it shows is seen by whoever looks over a shoulder or is shared in a call: secrets and personal data in it are
// placeholders, as they are in a report.
type Home struct{ desk *Desk }

// Lists are cut where nobody reads on; More says how many were left out, and `assay posture --json` has all.
const (
	mostReasons   = 1_000
	mostAdvice    = 200
	mostRisky     = 50
	mostNewest    = 6
	mostSnapshots = 120 // a picture of more has no room for them
	mostRefs      = 50  // pieces of evidence of one thing
	mostSentence  = 600 // characters of a sentence
)

// Stood says whether anything can be said of how things stand: something was recorded, a model was imported, a test ran.
func (h *Home) Stood(_ Nothing) (out StoodOut, err error) {
	defer h.desk.guard(&err)
	store, err := h.desk.store()
	if err != nil {
		return out, err
	}
	ctx := h.desk.life()
	total, err := store.Count(ctx, nil)
	if err != nil {
		return out, err
	}
	models, err := store.Models(ctx)
	if err != nil {
		return out, err
	}
	runs, err := store.Runs(ctx)
	return StoodOut{Exchanges: total.N, Models: len(models), Runs: len(runs)}, err
}

// Posture says how things stand in the project, or in a part of it.
func (h *Home) Posture(in HomeIn) (out HomePosture, err error) {
	defer h.desk.guard(&err)
	p, err := h.desk.opened()
	if err != nil {
		return emptyPosture(), err
	}
	posture, err := p.Posture(h.desk.life(), in.Of)
	if err != nil {
		return emptyPosture(), err
	}
	return hiding().posture(posture, h.templates()), nil
}

// templates counts, for each item of the OWASP list, what would test it.
func (h *Home) templates() map[string]int {
	n := map[string]int{}
	if library, _, _, err := h.desk.shelf.Read(); err == nil { // the posture needs it as well, and says what is wrong
		for _, tpl := range library.Templates() {
			for _, id := range tpl.OWASP {
				n[id]++
			}
		}
	}
	return n
}

func emptyPosture() HomePosture {
	return HomePosture{
		Reasons: []HomeReason{}, Areas: []HomeArea{}, Items: []HomeCovered{}, Gaps: []HomeGap{}, Advice: []HomeAdvice{}, Done: []HomeAdvice{},
		Trend: []HomeSnapshot{}, Moved: HomeMoved{Moves: []HomeMove{}},
	}
}

// discreet writes what Home shows: bounded, valid, and without secrets or personal data.
type discreet struct{ redactor *redact.Redactor }

func hiding() discreet { return discreet{redact.New(redact.Options{})} }

func (d discreet) text(s string, most int) string {
	return clip(d.redactor.Text(clip(valid(s), longText)), most)
}

func (d discreet) posture(p *app.Posture, templates map[string]int) HomePosture {
	out := emptyPosture()
	out.Of, out.Name, out.At, out.Score, out.Grade, out.List = p.Of, d.text(p.Name, longName), p.At, p.AtMost, p.Grade, p.Version
	out.Missing = d.text(p.Missing, mostSentence)
	if p.Score != nil {
		out.Enough, out.Score = true, *p.Score
	}
	in := map[string]int{}
	for i := range p.Reasons {
		r := &p.Reasons[i]
		if in[r.Area]++; i < mostReasons {
			out.Reasons = append(out.Reasons, HomeReason{Area: r.Area, Code: r.Code, Points: r.Points, Full: r.Full, What: d.text(r.What, mostSentence), Ref: r.Ref})
		}
	}
	for _, a := range p.Areas {
		out.Areas = append(out.Areas, HomeArea{Area: a.Area, Limit: a.Limit, Taken: a.Taken, N: in[a.Area], Why: a.Why})
	}
	for _, c := range p.OWASP {
		out.Items = append(out.Items, HomeCovered{
			ID: c.ID, Title: c.Title, State: c.State, Cases: c.Cases, Vulnerable: c.Vulnerable, Targets: c.Targets, Templates: templates[c.ID], Last: c.Last,
			Why: d.text(c.Why, mostSentence),
		})
	}
	for _, g := range p.Gaps[:min(len(p.Gaps), mostReasons)] {
		out.Gaps = append(out.Gaps, HomeGap{Code: g.Code, What: d.text(g.What, mostSentence), Ref: g.Ref, N: g.N, Advice: d.text(g.Advice, mostSentence)})
	}
	out.Advice, out.Done = d.advice(p.Advice), d.advice(p.Done)
	out.More = len(p.Reasons) - len(out.Reasons) + len(p.Gaps) - len(out.Gaps) + len(p.Advice) - len(out.Advice)
	d.trend(p, &out)
	return out
}

// severityOrder is how snapshots count open weaknesses.
var severityOrder = []scanner.Severity{scanner.SeverityCritical, scanner.SeverityHigh, scanner.SeverityMedium, scanner.SeverityLow, scanner.SeverityInfo}

func (d discreet) trend(p *app.Posture, out *HomePosture) {
	for _, t := range p.Trend[max(0, len(p.Trend)-mostSnapshots):] {
		one := HomeSnapshot{At: t.At, Cause: t.Cause, Score: t.AtMost, Grade: t.Grade, Severities: []int{}}
		if t.Score != nil {
			one.Enough, one.Score = true, *t.Score
		}
		for _, severity := range severityOrder {
			one.Severities = append(one.Severities, t.Severities[string(severity)])
		}
		out.Trend = append(out.Trend, one)
	}
	m := p.Moved
	if m == nil {
		return
	}
	out.Moved.Since, out.Moved.Cause, out.Moved.By = m.Since, m.Cause, math.Round((m.After-m.Before)*10)/10
	for _, move := range m.Moves[:min(len(m.Moves), mostAdvice)] {
		out.Moved.Moves = append(out.Moved.Moves, HomeMove{Points: move.Points, Kind: move.Kind, What: d.text(move.What, mostSentence), Ref: move.Ref})
	}
	out.Moved.More = len(m.Moves) - len(out.Moved.Moves)
}

// refs names evidence for people: what is called by a name may hold anything.
func (d discreet) refs(all []string) []HomeRef {
	list := []HomeRef{}
	for _, ref := range all[:min(len(all), mostRefs)] {
		one := HomeRef{Ref: ref}
		if _, value, _ := strings.Cut(ref, ":"); strings.Trim(value, "0123456789") != "" {
			one.Name = d.text(value, longName)
		}
		list = append(list, one)
	}
	return list
}

func (d discreet) advice(all []app.PostureAdvice) []HomeAdvice {
	list := []HomeAdvice{}
	for _, a := range all[:min(len(all), mostAdvice)] {
		list = append(list, HomeAdvice{
			Priority: a.Priority, Code: a.Code, What: d.text(a.What, mostSentence), Why: d.text(a.Why, mostSentence), Who: a.Who, Check: d.text(a.Check, mostSentence),
			Effort: a.Effort, Gain: a.Reduction, Risk: a.Risk, Refs: d.refs(a.Refs), Run: idText(scanner.RunID(a.Run)), DoneAt: a.DoneAt,
		})
	}
	return list
}

// Assets lists what the risk lies in, the worst first.
func (h *Home) Assets(_ Nothing) (out HomeAssets, err error) {
	defer h.desk.guard(&err)
	out.Items = []HomeAsset{}
	p, err := h.desk.opened()
	if err != nil {
		return out, err
	}
	all, err := p.PostureAssets(h.desk.life())
	if err != nil {
		return out, err
	}
	d := hiding()
	for i := range all.Assets[:min(len(all.Assets), mostRisky)] {
		out.Items = append(out.Items, d.asset(&all.Assets[i]))
	}
	out.More = len(all.Assets) - len(out.Items) + all.More
	return out, nil
}

func (d discreet) asset(a *app.PostureAsset) HomeAsset {
	one := HomeAsset{
		Ref: a.Ref, Kind: a.Kind, Name: d.text(a.Name, longName), Score: a.AtMost, Grade: a.Grade, Missing: d.text(a.Missing, mostSentence), Risk: a.Risk,
		Worst: a.Worst, Threats: a.Threats, Tested: len(a.Tested), Of: a.Items,
	}
	if a.Score != nil {
		one.Enough, one.Score = true, *a.Score
	}
	for _, n := range a.Open {
		one.Open += n
	}
	return one
}

// Seen is what was recorded: who talks to what, and the conversations that began last.
func (h *Home) Seen(_ Nothing) (out HomeSeen, err error) {
	defer h.desk.guard(&err)
	out = HomeSeen{Latest: []HomeLatest{}, Providers: []HomeTally{}, Models: []HomeTally{}, Hosts: []HomeTally{}}
	session := Session(*h)
	summary, err := session.Summary(Nothing{})
	if err != nil {
		return out, err
	}
	latest, err := session.Latest(Nothing{})
	if err != nil {
		return out, err
	}
	d := hiding()
	out.Providers, out.Models, out.Hosts = d.tallies(summary.Providers), d.tallies(summary.Models), d.tallies(summary.Hosts)
	for i := range latest.Rows {
		r := &latest.Rows[i]
		out.Latest = append(out.Latest, HomeLatest{
			ID: r.ID, Said: d.text(cmp.Or(r.LastUser, r.Method+" "+r.Path), mostSentence), From: d.text(cmp.Or(r.Model, r.Provider, r.Host), longName), Started: r.Started,
		})
	}
	return out, nil
}

func (d discreet) tallies(all []Tally) []HomeTally {
	list := []HomeTally{}
	for _, t := range all {
		list = append(list, HomeTally{Value: t.Value, Name: d.text(t.Value, longName), N: t.N})
	}
	return list
}

// Criticals are the newest open weaknesses that are critical; where none is, those that are high.
func (h *Home) Criticals(_ Nothing) (out HomeCriticals, err error) {
	defer h.desk.guard(&err)
	out = HomeCriticals{Items: []HomeFinding{}, Severity: string(scanner.SeverityCritical), Severities: []int{}}
	store, err := h.desk.store()
	if err != nil {
		return out, err
	}
	ctx, d := h.desk.life(), hiding()
	counts, err := store.CountFindings(ctx)
	if err != nil {
		return out, err
	}
	for _, severity := range severityOrder {
		n := 0
		for _, state := range openStates {
			n += counts[severity][state]
		}
		out.Severities = append(out.Severities, n)
		out.Open += n
	}
	for _, severity := range []scanner.Severity{scanner.SeverityCritical, scanner.SeverityHigh} {
		found, total, err := store.Findings(ctx, storage.FindingQuery{States: openStates, Severities: []scanner.Severity{severity}, Sort: "-last", Limit: mostNewest})
		if err != nil {
			return out, err
		}
		if total == 0 {
			continue
		}
		out.Severity, out.Total = string(severity), total
		for i := range found {
			f := &found[i]
			out.Items = append(out.Items, HomeFinding{
				ID: idText(f.ID), Title: d.text(f.Title, longName), Severity: string(f.Severity), Target: d.text(cmp.Or(f.Name, f.Target), longName),
				First: stamp(f.First), Last: stamp(f.Last),
			})
		}
		break
	}
	return out, nil
}
