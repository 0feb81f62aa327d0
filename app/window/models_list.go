package window

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"assay/app"
	"assay/llm"
	"assay/scanner"
	"assay/scanner/template"
	"assay/storage"
)

// List lists the models of the project: the imported ones first, then what was discovered, most used first. One that was
// discovered and imported is one row.
func (m *Models) List(_ Nothing) (out ModelsOut, err error) {
	defer m.desk.guard(&err)
	out.Items = []ModelRow{}
	s, err := m.stock()
	if err != nil {
		return out, err
	}
	out.Items, err = s.modelRows()
	return out, err
}

func (m *Models) stock() (*stock, error) { return (&Inventory{m.desk}).stock() }

// modelRows are all models, discovered and imported.
func (s *stock) modelRows() ([]ModelRow, error) {
	found, err := s.project.Models(s.ctx)
	if err != nil {
		return nil, err
	}
	around, err := s.neighbours()
	if err != nil {
		return nil, err
	}
	tests, err := s.tested()
	if err != nil {
		return nil, err
	}
	rows, taken := make([]ModelRow, 0, len(found)), map[scanner.EndpointID]bool{}
	for i := range found {
		row := around.row(&found[i])
		if row.State == "imported" {
			tests.add(&row)
			if row.Asset == "" {
				s.met(&row, found[i].URL, taken)
			}
		}
		rows = append(rows, row)
	}
	return append(rows, s.backends(taken)...), nil
}

// neighbours are the assets of a project and the arrows between them.
type neighbours struct {
	assets map[string]*scanner.Asset // by id
	tools  map[string][]string       // names of the tools that a model was given
	calls  map[string][]string       // names of the clients that called the endpoints of a model
	keys   map[string][]string       // placeholders of the keys that went to a host
}

func (s *stock) neighbours() (*neighbours, error) {
	all, err := s.assets()
	if err != nil {
		return nil, err
	}
	edges, err := s.store.Edges(s.ctx)
	if err != nil {
		return nil, err
	}
	n := &neighbours{map[string]*scanner.Asset{}, map[string][]string{}, map[string][]string{}, map[string][]string{}}
	for id, a := range all {
		n.assets[idText(id)] = a
		if a.Kind == scanner.AssetKey {
			for _, host := range a.Facts.Hosts {
				n.keys[host] = append(n.keys[host], clip(a.Name, longName))
			}
		}
		if a.Kind == scanner.AssetModel {
			n.calls[idText(id)] = s.clientsOf(a)
		}
	}
	for _, e := range edges {
		if to := all[e.To]; to != nil && to.Kind == scanner.AssetTool {
			n.tools[idText(e.From)] = append(n.tools[idText(e.From)], clip(to.Name, longName))
		}
	}
	return n, nil
}

// clientsOf names the clients that called the endpoints where an asset was met.
func (s *stock) clientsOf(a *scanner.Asset) []string {
	var names []string
	for _, id := range a.Facts.Endpoints {
		if e, ok := s.catalogue.Endpoint(id); ok {
			names = append(names, namesOf(e.Facts.Clients)...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// row is a row of package app with what is around it.
func (n *neighbours) row(m *app.ModelRow) ModelRow {
	row := ModelRow{
		ID: m.ID, State: m.State, Kind: string(llm.KindLLM), Name: clip(m.Name, longName), Provider: m.Provider, Model: clip(m.Model, longName),
		Host: clip(m.Host, longName), URL: clip(app.HiddenReferences(m.URL), longName), Asset: m.Asset, Exchange: m.Exchange, Count: m.Count, Tokens: m.Tokens,
		Clients: []string{}, Keys: []string{}, Tools: []string{}, First: m.FirstSeen, Last: m.LastSeen, Status: m.Status, Error: clip(m.Error, longName),
		Latency: m.LatencyMS, Tried: m.Tried,
	}
	if m.State == "discovered" {
		row.From, row.Asset = m.ID, strings.TrimPrefix(m.ID, "asset:")
	}
	if a := n.assets[row.Asset]; a != nil {
		row.Query = assetQuery(a)
		row.Tools = append(row.Tools, n.tools[row.Asset]...)
		row.Keys = append(row.Keys, n.keys[a.Host]...)
		row.Clients = append(row.Clients, n.calls[row.Asset]...)
		slices.Sort(row.Tools)
		slices.Sort(row.Keys)
	}
	return row
}

// met adds what the traffic tells of an imported model that names no model the inventory knows: its endpoint.
func (s *stock) met(row *ModelRow, address string, taken map[scanner.EndpointID]bool) {
	u, err := url.Parse(address)
	if err != nil {
		return
	}
	for _, e := range s.catalogue.Find(nil) {
		if e.Count == 0 || !takesPrompts(e) || !strings.EqualFold(e.Host, u.Host) || e.Path != u.Path && e.Sample != u.Path {
			continue
		}
		s.seenAt(row, e)
		taken[e.ID] = true
		return
	}
}

// takesPrompts reports whether an endpoint answers prompts.
func takesPrompts(e *scanner.Endpoint) bool {
	return e.Kind == llm.KindLLM || e.Kind == llm.KindChatBackend || e.Kind == llm.KindRAG
}

func (s *stock) seenAt(row *ModelRow, e *scanner.Endpoint) {
	row.Kind, row.Endpoint, row.Query, row.Count = string(e.Kind), idText(e.ID), endpointQuery(e.ID), e.Count
	row.Clients, row.Tools = namesOf(e.Facts.Clients), namesOf(e.Facts.Tools)
	row.First, row.Last = stamp(e.FirstSeen), stamp(e.LastSeen)
}

// backends are the endpoints that answer prompts and name no model, but for those that were imported.
func (s *stock) backends(taken map[scanner.EndpointID]bool) []ModelRow {
	var rows []ModelRow
	for _, e := range s.catalogue.Find(nil) {
		if e.Count == 0 || !takesPrompts(e) || len(e.Facts.Models) > 0 || taken[e.ID] {
			continue
		}
		row := ModelRow{
			ID: "endpoint:" + idText(e.ID), State: "discovered", Name: clip(e.Path, longName), Provider: e.Provider, Host: clip(e.Host, longName),
			From: "exchange:" + e.Last.String(), Exchange: e.Last.String(), Keys: []string{},
		}
		s.seenAt(&row, e)
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b ModelRow) int { return cmp.Compare(b.Count, a.Count) })
	return rows
}

// testedModels is what tests came to, by target.
type testedModels struct {
	runs  map[string]int
	open  map[string]int
	worst map[string]scanner.Severity
}

func (s *stock) tested() (*testedModels, error) {
	t := &testedModels{map[string]int{}, map[string]int{}, map[string]scanner.Severity{}}
	runs, err := s.store.Runs(s.ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range runs {
		for _, target := range r.Targets {
			if r.Tally.Trials > 0 {
				t.runs[target.Ref]++
			}
		}
	}
	findings, _, err := s.store.Findings(s.ctx, storage.FindingQuery{States: openStates})
	if err != nil {
		return nil, err
	}
	for i := range findings {
		f := &findings[i]
		t.open[f.Target]++
		if worst := t.worst[f.Target]; worst == "" || template.Worse(f.Severity, worst) {
			t.worst[f.Target] = f.Severity
		}
	}
	return t, nil
}

// openStates are those of findings that are still to be dealt with.
var openStates = []scanner.FindingState{scanner.FindingNew, scanner.FindingVerified}

func (t *testedModels) add(row *ModelRow) {
	ref := "model:" + row.ID
	row.Runs, row.Findings, row.Worst = t.runs[ref], t.open[ref], string(t.worst[ref])
	if row.Runs > 0 {
		row.State = "tested"
	}
}

// errNoModel says that a model was removed meanwhile.
var errNoModel = &app.Error{Code: app.CodeNotFound, Message: "this model is no longer in the project"}
