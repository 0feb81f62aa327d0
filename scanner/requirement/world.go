package requirement

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// World is what is known of a project, as requirements are asked of it. Not safe for concurrent use.
type World struct {
	Endpoints []*scanner.Endpoint
	Assets    []*scanner.Asset
	Places    []*scanner.Place
	Imported  []*scanner.Model
	Findings  []scanner.Finding
	Threats   []*scanner.Threat
	Policies  []scanner.Policy
	Guard     scanner.GuardMode
	Tests     []Test
	Exchanges int64 // that the project holds
	Now       time.Time

	made map[Of][]Subject
}

// Test is what was sent to one target, in any run.
type Test struct {
	Target   string // RunTarget.Ref
	Endpoint scanner.EndpointID
	Host     string
	Model    string
	Decided  bool // a case came to a verdict
}

// Subjects are what a requirement of one sort is asked of, and whether that is all there is: somebody looked.
func (w *World) Subjects(of Of) (list []Subject, complete bool) {
	if w.made == nil {
		w.made = map[Of][]Subject{}
	}
	list, known := w.made[of]
	if !known {
		list = w.make(of)
		w.made[of] = list
	}
	switch of {
	case Findings:
		complete = slices.ContainsFunc(w.Tests, func(t Test) bool { return t.Decided }) || len(list) > 0
	case Threats:
		complete = w.Exchanges > 0
	case Policies:
		complete = true
	default: // what was not seen may be there
	}
	return list, complete
}

func (w *World) make(of Of) (list []Subject) {
	switch of {
	case Endpoints:
		for _, e := range w.endpointSubjects() {
			list = append(list, e)
		}
	case Models:
		for _, m := range w.modelSubjects() {
			list = append(list, m)
		}
	case Findings:
		for i := range w.Findings {
			list = append(list, finding{&w.Findings[i]})
		}
	case Threats:
		for _, t := range w.Threats {
			list = append(list, threat{t})
		}
	case Policies:
		for i := range w.Policies {
			list = append(list, policy{&w.Policies[i], w.Guard})
		}
	default:
		for _, a := range w.Assets {
			switch {
			case of == Tools && (a.Kind == scanner.AssetTool || a.Kind == scanner.AssetMCPTool):
				list = append(list, tool{a, approves(w.Policies, a.Name)})
			case of == Keys && a.Kind == scanner.AssetKey:
				list = append(list, key{a})
			case of == Clients && a.Kind == scanner.AssetClient:
				list = append(list, client{a})
			}
		}
	}
	return list
}

func (w *World) endpointSubjects() []*endpoint {
	byID := map[scanner.EndpointID]*endpoint{}
	var list []*endpoint
	for _, e := range w.Endpoints {
		if e.Merged == 0 {
			one := &endpoint{Endpoint: e, now: w.Now}
			byID[e.ID] = one
			list = append(list, one)
		}
	}
	w.tally(func(t *Test) *proof {
		if e := byID[t.Endpoint]; e != nil {
			return &e.proof
		}
		return nil
	})
	for _, p := range w.Places {
		if e := byID[p.Endpoint]; e != nil && p.Role == "system" && p.Direction == "request" && p.Class != payload && p.Count > 0 {
			e.system = append(e.system, p.Type, p.Class)
		}
	}
	return list
}

// payload is the class of data that is no secret of anybody: what every call of a model carries.
const payload = "payload"

// nothing is what a list of types says that is known to be empty.
const nothing = "nothing"

// modelName is what tells models apart.
type modelName struct{ host, name string }

func (w *World) modelSubjects() []*model {
	byName := map[modelName]*model{}
	var list []*model
	meet := func(host, name string) *model {
		k := modelName{strings.ToLower(host), name}
		if byName[k] == nil {
			byName[k] = &model{host: host, name: name}
			list = append(list, byName[k])
		}
		return byName[k]
	}
	at := map[scanner.EndpointID]*scanner.Endpoint{}
	for _, e := range w.Endpoints {
		at[e.ID] = e
	}
	for _, a := range w.Assets {
		if a.Kind == scanner.AssetModel {
			meet(a.Host, a.Name).meet(a, at)
		}
	}
	for _, m := range w.Imported {
		if m.Model == "" {
			continue // what answers names no model: its endpoint is asked, not its model
		}
		u, err := url.Parse(m.URL)
		if err != nil {
			continue
		}
		one := meet(u.Host, m.Model)
		one.imported = true
		if one.provider == "" {
			one.provider = m.Provider
		}
	}
	w.tally(func(t *Test) *proof {
		if m := byName[modelName{strings.ToLower(t.Host), t.Model}]; m != nil && t.Model != "" {
			return &m.proof
		}
		return nil
	})
	return list
}

// tally notes at what was tested what came of it. at tells whose proof a test is, nil where it is of nothing that is known.
func (w *World) tally(at func(t *Test) *proof) {
	targets := map[string]*proof{}
	for i := range w.Tests {
		t := &w.Tests[i]
		if p := at(t); p != nil {
			targets[t.Target] = p
			p.tested = p.tested || t.Decided
		}
	}
	for i := range w.Findings {
		if f := &w.Findings[i]; f.Open() && targets[f.Target] != nil {
			targets[f.Target].findings++
		}
	}
}

// approves reports whether a policy that is on asks a person before a tool is called, or stops it.
func approves(policies []scanner.Policy, name string) bool {
	return slices.ContainsFunc(policies, func(p scanner.Policy) bool {
		return p.On && (p.Action == scanner.Approve || p.Action == scanner.Block) &&
			slices.ContainsFunc(p.Tools, func(pattern string) bool { return traffic.Glob(strings.ToLower(pattern), strings.ToLower(name)) })
	})
}
