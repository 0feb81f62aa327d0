package window

import (
	"cmp"
	"context"
	"slices"

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
	mostReasons  = 1_000
	mostAdvice   = 200
	mostRisky    = 12
	mostNewest   = 6
	mostSentence = 600 // characters of a sentence
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
	return hiding(h.desk).posture(in.Of, posture), nil
}

func emptyPosture() HomePosture {
	return HomePosture{
		Reasons: []HomeReason{}, Areas: []HomeArea{}, Items: []HomeCovered{}, Gaps: []HomeGap{}, Advice: []HomeAdvice{}, Done: []HomeAdvice{},
	}
}

// discreet writes what Home shows: bounded, valid, and without secrets or personal data.
type discreet struct{ redactor *redact.Redactor }

func hiding(_ *Desk) discreet { return discreet{redact.New(redact.Options{})} }

func (d discreet) text(s string, most int) string { return d.redactor.Text(clip(valid(s), most)) }

func (d discreet) posture(of string, p *app.Posture) HomePosture {
	out := emptyPosture()
	out.Of, out.At, out.Score, out.Grade, out.Missing, out.List = of, p.At, p.AtMost, p.Grade, d.text(p.Missing, mostSentence), p.Version
	if p.Score != nil {
		out.Enough, out.Score = true, *p.Score
	}
	areas := map[string]*HomeArea{}
	for i := range p.Reasons {
		r := &p.Reasons[i]
		area := areas[r.Area]
		if area == nil {
			area = &HomeArea{Area: r.Area}
			areas[r.Area] = area
		}
		area.Taken += r.Points
		area.N++
		if i >= mostReasons {
			out.More++
			continue
		}
		out.Reasons = append(out.Reasons, HomeReason{Area: r.Area, Code: r.Code, Points: r.Points, Full: r.Full, What: d.text(r.What, mostSentence), Ref: r.Ref})
	}
	for _, a := range areas {
		out.Areas = append(out.Areas, *a)
	}
	slices.SortFunc(out.Areas, func(a, b HomeArea) int { return cmp.Or(cmp.Compare(b.Limit, a.Limit), cmp.Compare(a.Area, b.Area)) })
	for _, c := range p.OWASP {
		out.Items = append(out.Items, HomeCovered{
			ID: c.ID, Title: c.Title, State: c.State, Cases: c.Cases, Vulnerable: c.Vulnerable, Targets: c.Targets, Last: c.Last, Why: d.text(c.Why, mostSentence),
		})
	}
	for _, g := range p.Gaps[:min(len(p.Gaps), mostReasons)] {
		out.Gaps = append(out.Gaps, HomeGap{Code: g.Code, What: d.text(g.What, mostSentence), Ref: g.Ref, N: g.N})
	}
	out.Advice = d.advice(p.Advice)
	out.More += len(p.Gaps) - len(out.Gaps) + len(p.Advice) - len(out.Advice)
	return out
}

func (d discreet) advice(all []app.PostureAdvice) []HomeAdvice {
	list := []HomeAdvice{}
	for _, a := range all[:min(len(all), mostAdvice)] {
		list = append(list, HomeAdvice{
			Priority: a.Priority, Code: a.Code, What: d.text(a.What, mostSentence), Why: d.text(a.Why, mostSentence), Who: a.Who, Check: d.text(a.Check, mostSentence),
			Effort: a.Effort, Gain: a.Reduction, Refs: append([]string{}, a.Refs[:min(len(a.Refs), mostRisky)]...),
		})
	}
	return list
}

// Trend says how things stood before, and what moved the score.
func (h *Home) Trend(_ Nothing) (out HomeTrend, err error) {
	defer h.desk.guard(&err)
	out = HomeTrend{Items: []HomeSnapshot{}, Moves: []HomeMove{}}
	_, err = h.desk.store()
	return out, err
}

// Assets lists what the risk lies in, the worst first.
func (h *Home) Assets(_ Nothing) (out HomeAssets, err error) {
	defer h.desk.guard(&err)
	out.Items = []HomeAsset{}
	store, err := h.desk.store()
	if err != nil {
		return out, err
	}
	return h.risky(h.desk.life(), store)
}

func (h *Home) risky(ctx context.Context, store *storage.Project) (out HomeAssets, err error) {
	out.Items = []HomeAsset{}
	inventory, err := store.Inventory(ctx)
	if err != nil {
		return out, err
	}
	all := slices.DeleteFunc(slices.Clone(inventory.Endpoints), func(e *scanner.Endpoint) bool { return e.Merged != 0 || e.Risk < risky/2 })
	slices.SortFunc(all, func(a, b *scanner.Endpoint) int { return cmp.Or(cmp.Compare(b.Risk, a.Risk), cmp.Compare(a.ID, b.ID)) })
	d := hiding(h.desk)
	for _, e := range all[:min(len(all), mostRisky)] {
		out.Items = append(out.Items, HomeAsset{Ref: "endpoint:" + idText(e.ID), Kind: "endpoint", Name: d.text(e.Method+" "+e.Host+e.Path, longName), Risk: e.Risk})
	}
	out.More = len(all) - len(out.Items)
	return out, nil
}

// Criticals are the newest open weaknesses that are critical; where none is, those that are high.
func (h *Home) Criticals(_ Nothing) (out HomeCriticals, err error) {
	defer h.desk.guard(&err)
	out = HomeCriticals{Items: []HomeFinding{}, Severity: string(scanner.SeverityCritical)}
	store, err := h.desk.store()
	if err != nil {
		return out, err
	}
	ctx, d := h.desk.life(), hiding(h.desk)
	if _, out.Open, err = store.Findings(ctx, storage.FindingQuery{States: openStates, Limit: 1}); err != nil {
		return out, err
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
