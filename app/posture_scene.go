package app

import (
	"context"
	"maps"
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

// gatherScene gathers what a posture is worked out from, but for what has to hold.
func gatherScene(ctx context.Context, p *storage.Project, library *template.Library) (*report.Scene, error) {
	s := &report.Scene{At: time.Now(), Fixes: map[string]string{}, Definitions: map[scanner.AssetID]string{}, Asked: map[scanner.RunID]*scanner.RunSpec{}}
	for _, id := range framework.OWASPItems() {
		s.Items = append(s.Items, report.Item{ID: id, Title: framework.Title(id)})
	}
	for _, tpl := range library.Templates() {
		s.Library = append(s.Library, report.Attack{ID: tpl.ID, OWASP: tpl.OWASP, ASI: tpl.ASI, ATLAS: tpl.ATLAS, CWE: tpl.CWE})
		s.Fixes[tpl.ID] = tpl.Remediation
		for i := range s.Items {
			if slices.Contains(tpl.OWASP, s.Items[i].ID) {
				s.Items[i].Templates++
			}
		}
	}
	for _, gather := range []func(context.Context, *storage.Project, *report.Scene) error{gatherInventory, gatherSaid, gatherTraffic} {
		if err := gather(ctx, p, s); err != nil {
			return nil, err
		}
	}
	return s, gatherTests(ctx, p, library, s)
}

// gatherInventory takes endpoints and assets. It loads no places: nothing is said of them here. An open project's reader
// goes on folding meanwhile.
func gatherInventory(ctx context.Context, p *storage.Project, s *report.Scene) (err error) {
	all, _, err := p.EndpointsSince(ctx, 0)
	if err != nil {
		return err
	}
	s.Endpoints = slices.DeleteFunc(all, func(e *scanner.Endpoint) bool { return e.Merged != 0 })
	if s.Assets, err = p.Assets(ctx, ""); err != nil {
		return err
	}
	for _, kind := range []scanner.AssetKind{scanner.AssetTool, scanner.AssetMCPTool} {
		texts, err := p.Definitions(ctx, kind)
		if err != nil {
			return err
		}
		for id, text := range texts {
			s.Definitions[id] = text
		}
	}
	return gatherNamed(ctx, p, s)
}

// gatherNamed finds the endpoints whose answers named the addresses of others.
func gatherNamed(ctx context.Context, p *storage.Project, s *report.Scene) error {
	var ids []traffic.ID
	for _, e := range s.Endpoints {
		if d := e.Facts.Dynamic; d != nil && d.By != 0 {
			ids = append(ids, d.By)
		}
	}
	folded, err := p.Folded(ctx, ids)
	if err != nil {
		return err
	}
	s.Named = map[scanner.EndpointID]scanner.EndpointID{}
	for _, e := range s.Endpoints {
		if d := e.Facts.Dynamic; d != nil && folded[d.By] != 0 {
			s.Named[e.ID] = folded[d.By]
		}
	}
	return nil
}

// gatherSaid takes what tests and the watch found.
func gatherSaid(ctx context.Context, p *storage.Project, s *report.Scene) (err error) {
	if s.Findings, _, err = p.Findings(ctx, storage.FindingQuery{}); err != nil {
		return err
	}
	if s.Mended, err = p.Mended(ctx); err != nil {
		return err
	}
	s.Threats, err = p.ThreatHeads(ctx, scanner.ThreatNew, scanner.ThreatConfirmed)
	return err
}

func gatherTraffic(ctx context.Context, p *storage.Project, s *report.Scene) (err error) {
	if s.Imported, err = p.Models(ctx); err != nil {
		return err
	}
	s.Models = len(s.Imported)
	total, err := p.Count(ctx, nil)
	if err != nil {
		return err
	}
	own, err := p.Own(ctx)
	if err != nil {
		return err
	}
	s.Exchanges = max(total.N-own, 0)
	s.Unread, err = p.Outside(ctx)
	return err
}

// gatherTests takes what the newest run of each template on each target came to.
func gatherTests(ctx context.Context, p *storage.Project, library *template.Library, s *report.Scene) error {
	runs, err := p.Runs(ctx)
	if err != nil {
		return err
	}
	slices.SortFunc(runs, func(a, b *scanner.Run) int { return int(b.ID - a.ID) })
	reached, err := targetEndpoints(ctx, p, runs, s.Endpoints)
	if err != nil {
		return err
	}
	done, known := map[[2]string]bool{}, map[string]bool{}
	for _, r := range runs {
		s.Asked[r.ID] = &r.Spec
		names := map[string]string{}
		for i := range r.Targets {
			t := &r.Targets[i]
			names[t.Ref] = t.Name
			if !known[t.Ref] { // the newest run tells what it is called
				known[t.Ref] = true
				s.Targets = append(s.Targets, report.Target{Ref: t.Ref, Name: t.Name, Model: t.Model, Endpoint: reached[t.Ref]})
			}
		}
		counts, err := p.CountCases(ctx, r.ID, "template", "target")
		if err != nil {
			return err
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
			s.Tested = append(s.Tested, report.Tested{
				Template: c.Row, Target: c.Column, Name: names[c.Column], Endpoint: reached[c.Column], Run: r.ID, OWASP: tpl.OWASP, Verdicts: c.Verdicts, At: at,
			})
		}
		for _, skipped := range r.Skipped {
			key := [2]string{skipped.Template, skipped.Target}
			if tpl, err := library.Template(skipped.Template); err == nil && skipped.Target != "" && !done[key] {
				done[key] = true
				s.Tested = append(s.Tested, report.Tested{
					Template: skipped.Template, Target: skipped.Target, Name: names[skipped.Target], Run: r.ID, OWASP: tpl.OWASP, Unfit: skipped.Why, At: at,
				})
			}
		}
	}
	return nil
}

// targetEndpoints says which endpoint of the inventory each target of runs is; those that are none are left out.
func targetEndpoints(ctx context.Context, p *storage.Project, runs []*scanner.Run, endpoints []*scanner.Endpoint) (map[string]scanner.EndpointID, error) {
	targets, ids := map[string]*scanner.RunTarget{}, map[string]traffic.ID{}
	for _, r := range runs {
		for i := range r.Targets {
			t := &r.Targets[i]
			if targets[t.Ref] != nil {
				continue
			}
			targets[t.Ref] = t
			if number, is := strings.CutPrefix(t.Ref, "exchange:"); is {
				if id, err := traffic.ParseID(number); err == nil {
					ids[t.Ref] = id
				}
			}
			if t.Request != nil && t.Request.Source != 0 {
				ids[t.Ref] = t.Request.Source
			}
		}
	}
	folded, err := p.Folded(ctx, slices.Collect(maps.Values(ids)))
	if err != nil {
		return nil, err
	}
	reached := map[string]scanner.EndpointID{}
	for ref, t := range targets {
		if e := folded[ids[ref]]; e != 0 {
			reached[ref] = e
			continue
		}
		if t.Request == nil {
			continue
		}
		for _, e := range endpoints {
			if sameEndpoint(e, t.Request.Method, t.Request.URL) {
				reached[ref] = e.ID
				break
			}
		}
	}
	return reached, nil
}

// sameEndpoint reports whether a request would be one of an endpoint, by method, host and the segments of its path.
func sameEndpoint(e *scanner.Endpoint, method, address string) bool {
	if e.Method != method {
		return false
	}
	u, err := url.Parse(address)
	if err != nil || !strings.EqualFold(e.Host, u.Host) {
		return false
	}
	want, got := strings.Split(e.Path, "/"), strings.Split(u.Path, "/")
	return slices.EqualFunc(want, got, func(w, g string) bool { return w == g || strings.HasPrefix(w, "{") })
}
