package app

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"assay/report"
	"assay/scanner"
	"assay/scanner/framework"
	"assay/scanner/template"
	"assay/storage"
	"assay/traffic"
)

// Posture is what `assay posture --json` prints: a contract (docs/cli.md).
type Posture struct {
	At      string            `json:"at"`
	Score   *float64          `json:"score"`             // null while there is not enough evidence
	AtMost  float64           `json:"at_most"`           // what the score cannot be above, as things stand
	Grade   string            `json:"grade,omitempty"`   // A to F
	Missing string            `json:"missing,omitempty"` // why there is no score
	Reasons []PostureReason   `json:"reasons"`
	OWASP   []PostureItem     `json:"owasp"`
	Version string            `json:"owasp_version"`
	Gaps    []PostureGap      `json:"gaps"`
	Advice  []PostureAdvice   `json:"recommendations"`
	Trend   []PostureSnapshot `json:"trend"`
}

// PostureReason is one thing that takes points away.
type PostureReason struct {
	Area   string  `json:"area"`
	Code   string  `json:"code"`
	Points float64 `json:"points"`
	Full   float64 `json:"full"` // what it would take away if its area had no limit
	What   string  `json:"what"`
	Ref    string  `json:"ref,omitempty"` // finding:3, endpoint:7, threat:9, owasp:LLM01:2025
}

// PostureItem is one category of the OWASP list.
type PostureItem struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	State      string `json:"state"`
	Cases      int    `json:"cases"`
	Vulnerable int    `json:"vulnerable"`
	Targets    int    `json:"targets"`
	Last       string `json:"last,omitempty"`
	Why        string `json:"why,omitempty"`
}

// PostureGap is something that nobody knows, or that nothing guards.
type PostureGap struct {
	Code string `json:"code"`
	What string `json:"what"`
	Ref  string `json:"ref,omitempty"`
	N    int    `json:"n"`
}

// PostureAdvice is one thing to do.
type PostureAdvice struct {
	Priority  string   `json:"priority"`
	Code      string   `json:"code"`
	What      string   `json:"what"`
	Why       string   `json:"why"`
	Who       string   `json:"who"`
	Check     string   `json:"check"`
	Effort    string   `json:"effort"`
	Reduction float64  `json:"risk_reduction"`
	Refs      []string `json:"refs"`
}

// PostureSnapshot is how things stood at a time.
type PostureSnapshot struct {
	At    string   `json:"at"`
	Score *float64 `json:"score"`
}

// Posture works out how things stand in a project, or in a part of it: endpoint:7, model:NAME, client:NAME. of is empty
// for all of it.
func (a *App) Posture(ctx context.Context, path, of string) (_ *Posture, err error) {
	p, err := a.upToDate(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	return a.postureIn(ctx, p, of)
}

// Posture works out how things stand in the open project, or in a part of it: endpoint:7, model:NAME, client:NAME. of is
// empty for all of it.
func (p *Project) Posture(ctx context.Context, of string) (*Posture, error) {
	return p.app.postureIn(ctx, p.store, of)
}

func (a *App) postureIn(ctx context.Context, p *storage.Project, of string) (*Posture, error) {
	library, _, err := a.Library("")
	if err != nil {
		return nil, err
	}
	scene, err := sceneOf(ctx, p, library)
	if err != nil {
		return nil, err
	}
	if of != "" {
		return nil, usagef("endpoint:7, model:NAME or client:NAME", "%q is no part of a project", of)
	}
	return postureOf(scene.Posture()), nil
}

// sceneOf gathers what a posture is worked out from.
func sceneOf(ctx context.Context, p *storage.Project, library *template.Library) (*report.Scene, error) {
	s := &report.Scene{At: time.Now()}
	for _, id := range framework.OWASPItems() {
		s.Items = append(s.Items, report.Item{ID: id, Title: framework.Title(id)})
	}
	for _, tpl := range library.Templates() {
		s.Library = append(s.Library, report.Attack{ID: tpl.ID, OWASP: tpl.OWASP, ASI: tpl.ASI, ATLAS: tpl.ATLAS, CWE: tpl.CWE})
		for i := range s.Items {
			if slices.Contains(tpl.OWASP, s.Items[i].ID) {
				s.Items[i].Templates++
			}
		}
	}
	inv, err := p.Inventory(ctx)
	if err != nil {
		return nil, err
	}
	s.Endpoints = slices.DeleteFunc(inv.Endpoints, func(e *scanner.Endpoint) bool { return e.Merged != 0 })
	if s.Findings, _, err = p.Findings(ctx, storage.FindingQuery{}); err != nil {
		return nil, err
	}
	if s.Threats, _, err = p.Threats(ctx, storage.ThreatQuery{}); err != nil {
		return nil, err
	}
	models, err := p.Models(ctx)
	if err != nil {
		return nil, err
	}
	s.Models = len(models)
	total, err := p.Count(ctx, nil)
	if err != nil {
		return nil, err
	}
	s.Exchanges = total.N
	if s.Unread, err = p.Outside(ctx); err != nil {
		return nil, err
	}
	s.Tested, err = testedOf(ctx, p, library, s.Endpoints)
	return s, err
}

// testedOf is what the newest run of each template on each target came to.
func testedOf(ctx context.Context, p *storage.Project, library *template.Library, endpoints []*scanner.Endpoint) (all []report.Tested, err error) {
	runs, err := p.Runs(ctx)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(runs, func(a, b *scanner.Run) int { return int(b.ID - a.ID) })
	done := map[[2]string]bool{}
	for _, r := range runs {
		reached, err := targetEndpoints(ctx, p, r.Targets, endpoints)
		if err != nil {
			return nil, err
		}
		names := map[string]string{}
		for i := range r.Targets {
			names[r.Targets[i].Ref] = r.Targets[i].Name
		}
		counts, err := p.CountCases(ctx, r.ID, "template", "target")
		if err != nil {
			return nil, err
		}
		at := r.Created
		if !r.Ended.IsZero() {
			at = r.Ended
		}
		for _, c := range counts {
			key := [2]string{c.Row, c.Column}
			tpl, err := library.Template(c.Row)
			if err != nil || done[key] || c.Verdicts.Verdict() == "" {
				continue // a template that is no more tells nothing of the list
			}
			done[key] = true
			all = append(all, report.Tested{
				Template: c.Row, Target: c.Column, Name: names[c.Column], Endpoint: reached[c.Column], Run: r.ID, OWASP: tpl.OWASP, Verdicts: c.Verdicts, At: at,
			})
		}
		for _, skipped := range r.Skipped {
			key := [2]string{skipped.Template, skipped.Target}
			if tpl, err := library.Template(skipped.Template); err == nil && skipped.Target != "" && !done[key] {
				done[key] = true
				all = append(all, report.Tested{
					Template: skipped.Template, Target: skipped.Target, Name: names[skipped.Target], Run: r.ID,
					OWASP: tpl.OWASP, Unfit: skipped.Why, At: at,
				})
			}
		}
	}
	return all, nil
}

// targetEndpoints says which endpoint of the inventory each target of a run is; those that are none are left out.
func targetEndpoints(ctx context.Context, p *storage.Project, targets []scanner.RunTarget, endpoints []*scanner.Endpoint) (map[string]scanner.EndpointID, error) {
	reached, ids := map[string]scanner.EndpointID{}, map[string]traffic.ID{}
	for i := range targets {
		t := &targets[i]
		if number, is := strings.CutPrefix(t.Ref, "exchange:"); is {
			if id, err := traffic.ParseID(number); err == nil {
				ids[t.Ref] = id
			}
		}
		if t.Request != nil && t.Request.Source != 0 {
			ids[t.Ref] = t.Request.Source
		}
	}
	var list []traffic.ID
	for _, id := range ids {
		list = append(list, id)
	}
	folded, err := p.Folded(ctx, list)
	if err != nil {
		return nil, err
	}
	for i := range targets {
		t := &targets[i]
		if e := folded[ids[t.Ref]]; e != 0 {
			reached[t.Ref] = e
		} else if t.Request != nil {
			for _, e := range endpoints {
				if sameEndpoint(e, t.Request.Method, t.Request.URL) {
					reached[t.Ref] = e.ID
					break
				}
			}
		}
	}
	return reached, nil
}

// sameEndpoint reports whether a request would be one of an endpoint, by method, host and the segments of its path.
func sameEndpoint(e *scanner.Endpoint, method, address string) bool {
	u, err := url.Parse(address)
	if err != nil || e.Method != method || !strings.EqualFold(e.Host, u.Host) {
		return false
	}
	want, got := strings.Split(e.Path, "/"), strings.Split(u.Path, "/")
	return slices.EqualFunc(want, got, func(w, g string) bool { return w == g || strings.HasPrefix(w, "{") })
}

func postureOf(p report.Posture) *Posture {
	out := &Posture{
		At: stamp(p.At), AtMost: p.Score, Grade: p.Grade, Missing: p.Missing, Version: framework.OWASPVersion,
		Reasons: []PostureReason{}, OWASP: []PostureItem{}, Gaps: []PostureGap{}, Advice: []PostureAdvice{}, Trend: []PostureSnapshot{},
	}
	if p.Enough {
		out.Score = &p.Score
	}
	for _, r := range p.Reasons {
		out.Reasons = append(out.Reasons, PostureReason{Area: string(r.Area), Code: r.Code, Points: r.Points, Full: r.Full, What: r.What, Ref: r.Ref})
	}
	for _, c := range p.OWASP {
		out.OWASP = append(out.OWASP, PostureItem{
			ID: c.ID, Title: c.Title, State: string(c.State), Cases: c.Cases, Vulnerable: c.Vulnerable, Targets: c.Targets, Last: stamp(c.Last), Why: c.Why,
		})
	}
	for _, g := range p.Gaps {
		out.Gaps = append(out.Gaps, PostureGap{Code: g.Code, What: g.What, Ref: g.Ref, N: g.N})
	}
	for _, a := range p.Advice {
		out.Advice = append(out.Advice, PostureAdvice{
			Priority: string(a.Priority), Code: a.Code, What: a.What, Why: a.Why, Who: a.Who, Check: a.Check, Effort: string(a.Effort), Reduction: a.Reduction,
			Refs: orNone(a.Refs),
		})
	}
	return out
}
