package app

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"assay/report"
	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// stock gathers what was discovered.
func (g *reportGatherer) stock(ctx context.Context) error {
	s := &g.doc.Stock
	info, err := g.store.Info(ctx)
	if err != nil {
		return err
	}
	s.Exchanges, s.Conversations = info.Exchanges, info.Conversations
	if s.From, s.To, err = g.span(ctx); err != nil {
		return err
	}
	kinds, access, hosts, sensitive := map[string]int64{}, map[string]int64{}, map[string]int64{}, map[string]int64{}
	for _, e := range g.scene.Endpoints {
		s.Endpoints++
		kinds[string(e.Kind)]++
		access[string(e.Access)]++
		if e.Documented == scanner.DocumentedNo {
			s.Shadow++
		}
		if report.Testable(e) {
			hosts[e.Host] += e.Count
		}
		for _, t := range e.Facts.Sensitive {
			sensitive[t.Type] += t.Count
		}
	}
	s.Kinds, s.Access = g.named("kinds", kinds), g.named("kinds of access", access)
	s.Hosts, s.Sensitive = g.named("AI hosts", hosts), g.named("types of sensitive data", sensitive)
	models, tools, clients := map[string]int64{}, map[string]int64{}, map[string]int64{}
	for _, a := range g.scene.Assets {
		switch a.Kind {
		case scanner.AssetModel:
			models[a.Name] += a.Count
		case scanner.AssetTool, scanner.AssetMCPTool:
			tools[a.Name] += a.Facts.Calls
		case scanner.AssetClient:
			clients[a.Name] += a.Count
		case scanner.AssetService, scanner.AssetPrompt, scanner.AssetMCPResource, scanner.AssetMCPPrompt, scanner.AssetKey:
		}
	}
	s.Models, s.Tools, s.Clients = g.named("models", models), g.named("tools", tools), g.named("clients", clients)
	g.endpoints()
	return nil
}

// span is when the first and the last exchange began.
func (g *reportGatherer) span(ctx context.Context) (from, to time.Time, err error) {
	for i, filter := range []storage.Filter{{OldestFirst: true, Limit: 1}, {Limit: 1}} {
		rows, err := g.store.List(ctx, filter)
		if err != nil || len(rows) == 0 {
			return from, to, err
		}
		if i == 0 {
			from = rows[0].Started
		} else {
			to = rows[0].Started
		}
	}
	return from, to, nil
}

// named sorts counts by how many there are, and says when names are left out.
func (g *reportGatherer) named(what string, counts map[string]int64) []report.Named {
	all := []report.Named{}
	for name, n := range counts {
		if name != "" {
			all = append(all, report.Named{Name: name, N: n})
		}
	}
	slices.SortFunc(all, func(a, b report.Named) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name)) })
	if len(all) > mostNamed {
		g.shortened("Of %d %s, the %d most frequent are named.", len(all), what, mostNamed)
		all = all[:mostNamed]
	}
	return all
}

// endpoints lists AI endpoints with how they stand, the riskiest first.
func (g *reportGatherer) endpoints() {
	s := &g.doc.Stock
	tested, open := map[scanner.EndpointID]bool{}, map[scanner.EndpointID]int{}
	reached := map[string]scanner.EndpointID{}
	for i := range g.scene.Tested {
		t := &g.scene.Tested[i]
		tested[t.Endpoint] = tested[t.Endpoint] || t.Unfit == ""
		if t.Endpoint != 0 { // a template that had no place in the target says nothing of where it is
			reached[t.Target] = t.Endpoint
		}
	}
	for i := range g.scene.Findings {
		if f := &g.scene.Findings[i]; f.Open() {
			open[reached[f.Target]]++
		}
	}
	all := slices.SortedFunc(slices.Values(g.scene.Endpoints), func(a, b *scanner.Endpoint) int {
		return cmp.Or(cmp.Compare(b.Risk, a.Risk), cmp.Compare(a.ID, b.ID))
	})
	s.Riskiest = []report.RiskyAsset{}
	listed := 0
	for _, e := range all {
		name := e.Method + " " + e.Host + e.Path
		if len(s.Riskiest) < mostRisky && e.Risk > 0 {
			risky := report.RiskyAsset{ID: e.ID, Name: name, Risk: e.Risk, Why: []string{}}
			for _, r := range e.Facts.Risks {
				risky.Why = append(risky.Why, r.What)
			}
			s.Riskiest = append(s.Riskiest, risky)
		}
		if !report.Testable(e) {
			continue
		}
		if listed++; listed <= mostListed {
			s.Listed = append(s.Listed, report.ListedAsset{
				ID: e.ID, Name: name, Kind: string(e.Kind), Access: string(e.Access), Provider: e.Provider, Models: e.Facts.Models, Risk: e.Risk,
				Tested: tested[e.ID], Findings: open[e.ID],
			})
		}
	}
	if listed > mostListed {
		g.shortened("Of %d AI endpoints, the riskiest %d are listed.", listed, mostListed)
	}
}

// tests gathers the runs.
func (g *reportGatherer) tests(ctx context.Context) error {
	runs := g.runs
	if g.run != nil {
		runs = []*scanner.Run{g.run}
	}
	if len(runs) > mostTests {
		g.shortened("Of %d runs, the latest %d are told.", len(runs), mostTests)
		runs = runs[:mostTests]
	}
	g.doc.Tests = []report.Test{}
	models, err := g.store.Models(ctx)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, m := range models {
		names[fmt.Sprint("model:", m.ID)] = m.Name
	}
	for _, r := range runs {
		g.doc.Tests = append(g.doc.Tests, testOf(r, names))
	}
	if len(runs) == 0 {
		return nil
	}
	if g.doc.Of, err = g.app.gather(ctx, g.store, runs[0], nil); err == nil {
		g.doc.Of.Found = nil // the report has the findings of all its runs
	}
	return err
}

func testOf(r *scanner.Run, models map[string]string) report.Test {
	t := report.Test{
		ID: r.ID, Name: r.Name, State: string(r.State), Started: r.Created, Ended: r.Ended, Targets: []string{}, Suites: r.Spec.Suites, Templates: r.Estimate.Templates,
		Trials: r.Spec.Trials, Requests: r.Tally.Requests, Tokens: r.Tally.Input + r.Tally.Output, Cost: r.Tally.Dollars, Allowed: r.Spec.Authorisation,
		Cases: map[string]int{"vulnerable": r.Tally.Vulnerable, "resisted": r.Tally.Resisted, "unclear": r.Tally.Unclear, "errored": r.Tally.Errored},
	}
	if n := r.Tally.Pending(); n > 0 {
		t.Cases["pending"] = n
	}
	if r.Spec.Judge != "" {
		t.Judge = cmp.Or(models[r.Spec.Judge], r.Spec.Judge)
	}
	for i := range r.Targets {
		t.Targets = append(t.Targets, cmp.Or(r.Targets[i].Name, r.Targets[i].Ref))
	}
	why := map[string]int{}
	for _, s := range r.Skipped {
		why[s.Why] += max(s.Cases, 1)
	}
	for _, reason := range slices.Sorted(maps.Keys(why)) {
		t.Skipped = append(t.Skipped, report.Skipped{Why: reason, Cases: why[reason]})
	}
	slices.SortStableFunc(t.Skipped, func(a, b report.Skipped) int { return cmp.Compare(b.Cases, a.Cases) })
	return t
}

// limits says what nobody could look at.
func (g *reportGatherer) limits(ctx context.Context) error {
	g.doc.Limits = []string{}
	say := func(n int64, one, many string) {
		switch {
		case n == 1:
			g.doc.Limits = append(g.doc.Limits, one)
		case n > 1:
			g.doc.Limits = append(g.doc.Limits, fmt.Sprintf(many, n))
		}
	}
	for _, each := range []struct{ query, one, many string }{
		{"has:lost", "The body of one exchange was not kept whole.", "The bodies of %d exchanges were not kept whole."},
		{"has:fault", "One exchange could be read only in part.", "%d exchanges could be read only in part."},
		{"state:failed", "One exchange was never answered.", "%d exchanges were never answered."},
	} {
		q, err := traffic.Parse(each.query)
		if err != nil {
			return err
		}
		total, err := g.store.CountWithin(ctx, q, limitsPatience)
		if err != nil {
			return err
		}
		say(total.N, each.one, each.many)
	}
	say(g.scene.Unread, "One exchange passed through unread: nothing is known of it.", "%d exchanges passed through unread: nothing is known of them.")
	if len(g.doc.Tests) > 0 {
		g.doc.Limits = append(g.doc.Limits, "How often verdicts are right was not measured on answers of these targets.")
	}
	var unparsed, cut int64
	for _, e := range g.scene.Endpoints {
		unparsed += e.Facts.Unparsed
		if e.Facts.Cut {
			cut++
		}
	}
	say(unparsed, "One body said that it was JSON and was not.", "%d bodies said that they were JSON and were not.")
	say(cut, "Of one endpoint only a part of what it takes and answers was kept: there is too much of it.",
		"Of %d endpoints only a part of what they take and answer was kept: there is too much of it.")
	return nil
}
