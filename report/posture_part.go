package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"assay/scanner"
)

// PartKind sorts the parts of a project that have a posture of their own.
type PartKind string

// The kinds of part.
const (
	PartEndpoint PartKind = "endpoint"
	PartModel    PartKind = "model"
	PartClient   PartKind = "client"
)

// Part is something of a project that has a posture of its own.
type Part struct {
	Kind     PartKind
	Endpoint scanner.EndpointID // of an endpoint
	Name     string             // of a model or a client
}

// Ref names a part as `assay posture --of` takes it.
func (p Part) Ref() string {
	if p.Kind == PartEndpoint {
		return fmt.Sprint(p.Kind, ":", p.Endpoint)
	}
	return string(p.Kind) + ":" + p.Name
}

// Of is what concerns a part. Its posture follows the same rules:
//
//   - an endpoint has what was sent to it, what that found, and the threats that were first seen at it;
//   - a model has the endpoints that answer as it, what was sent to it, and the threats at it;
//   - a client has the endpoints that it uses, what was sent to those, and the threats that come from it.
//
// What has to hold counts for a part where it names the part among what fails; how much of a part's traffic nobody read is
// not known. It is false where nothing is known of the part.
func (s *Scene) Of(part Part) (*Scene, bool) {
	own := *s
	own.Unread, own.Exchanges, own.Models = 0, 0, 0
	own.Imported = slices.DeleteFunc(slices.Clone(s.Imported), func(m *scanner.Model) bool {
		return part.Kind != PartModel || m.Name != part.Name && m.Model != part.Name
	})
	own.Models = len(own.Imported)
	own.Endpoints = slices.DeleteFunc(slices.Clone(s.Endpoints), func(e *scanner.Endpoint) bool { return !part.has(e) })
	ids := map[scanner.EndpointID]bool{}
	for _, e := range own.Endpoints {
		ids[e.ID] = true
		own.Exchanges += e.Count
	}
	refs := s.targetsOf(part, ids)
	for _, m := range own.Imported {
		refs[fmt.Sprint("model:", m.ID)] = true
	}
	own.Findings, own.Tested = nil, nil
	for i := range s.Findings {
		if refs[s.Findings[i].Target] {
			own.Findings = append(own.Findings, s.Findings[i])
		}
	}
	for i := range s.Tested {
		if refs[s.Tested[i].Target] {
			own.Tested = append(own.Tested, s.Tested[i])
		}
	}
	actors := s.actorsOf(part)
	own.Threats = slices.DeleteFunc(slices.Clone(s.Threats), func(t *scanner.Threat) bool { return !part.threatened(t, actors) })
	own.Assets = slices.DeleteFunc(slices.Clone(s.Assets), func(a *scanner.Asset) bool {
		return !slices.ContainsFunc(a.Facts.Endpoints, func(id scanner.EndpointID) bool { return ids[id] })
	})
	own.Required = slices.DeleteFunc(slices.Clone(s.Required), func(r Requirement) bool {
		return r.State != RequirementFail || !slices.ContainsFunc(r.Refs, func(ref string) bool { return part.named(ref, ids) })
	})
	return &own, len(own.Endpoints)+len(own.Imported)+len(own.Findings)+len(own.Tested)+len(own.Threats) > 0
}

// targetsOf are the targets of runs that are a part, or at one of its endpoints.
func (s *Scene) targetsOf(part Part, ids map[scanner.EndpointID]bool) map[string]bool {
	refs := map[string]bool{}
	for i := range s.Targets {
		t := &s.Targets[i]
		if part.Kind == PartModel {
			refs[t.Ref] = t.Name == part.Name || t.Model == part.Name
		} else {
			refs[t.Ref] = ids[t.Endpoint]
		}
	}
	return refs
}

func (p Part) has(e *scanner.Endpoint) bool {
	switch p.Kind {
	case PartEndpoint:
		return e.ID == p.Endpoint
	case PartModel:
		return e.Merged == 0 && slices.Contains(e.Facts.Models, p.Name)
	case PartClient:
		return e.Merged == 0 && slices.Contains(e.Facts.Clients, p.Name)
	}
	return false
}

// actorsOf are the actors that a client is: the watch knows it by its process, or by what it says of itself.
func (s *Scene) actorsOf(part Part) map[scanner.ActorKey]bool {
	if part.Kind != PartClient {
		return nil
	}
	actors := map[scanner.ActorKey]bool{}
	name := func(names ...string) {
		for _, n := range names {
			actors[scanner.ActorKey("client:"+n)] = n != ""
		}
	}
	name(part.Name, strings.ToLower(part.Name))
	for _, a := range s.Assets {
		if a.Kind == scanner.AssetClient && a.Name == part.Name {
			name(a.Facts.Process)
		}
	}
	return actors
}

func (p Part) threatened(t *scanner.Threat, actors map[scanner.ActorKey]bool) bool {
	switch p.Kind {
	case PartEndpoint:
		return t.Endpoint == p.Endpoint
	case PartModel:
		return t.Model == p.Name
	case PartClient:
		return actors[t.Actor]
	}
	return false
}

// named reports whether a reference is to a part, or to one of its endpoints.
func (p Part) named(ref string, ids map[scanner.EndpointID]bool) bool {
	if text, is := strings.CutPrefix(ref, "endpoint:"); is {
		id, err := strconv.ParseInt(text, 10, 64)
		return err == nil && ids[scanner.EndpointID(id)]
	}
	return ref == p.Ref()
}

// Standing is how a part stands, in short.
type Standing struct {
	Part    Part
	Name    string                   // for people
	Posture *Posture                 // of it alone
	Risk    int                      // of its riskiest endpoint, 0 to 100
	Open    map[scanner.Severity]int // open weaknesses
	Threats int                      // open ones
	Tested  []string                 // items of the OWASP list that came to a verdict
}

// mostParts bounds how many endpoints, models and clients each Standings works out.
const mostParts = 100

// Standings are the AI endpoints, the models and the clients that use any, each with how it stands; the worst first. Of
// each kind the riskiest or most used hundred are there; cut is how many more there are.
func (s *Scene) Standings() (all []Standing, cut int) {
	for _, kind := range [][]Part{s.endpointParts(), s.modelParts(), s.clientParts()} {
		cut += max(len(kind)-mostParts, 0)
		for _, part := range kind[:min(len(kind), mostParts)] {
			own, known := s.Of(part)
			if !known {
				continue
			}
			all = append(all, own.standing(part))
		}
	}
	slices.SortStableFunc(all, func(a, b Standing) int {
		return cmp.Or(cmp.Compare(a.Posture.Score, b.Posture.Score), cmp.Compare(b.Risk, a.Risk), cmp.Compare(a.Part.Kind, b.Part.Kind), cmp.Compare(a.Name, b.Name))
	})
	return all, cut
}

func (s *Scene) standing(part Part) Standing {
	p := s.score()
	one := Standing{Part: part, Name: part.Name, Posture: &p, Open: map[scanner.Severity]int{}}
	for _, e := range s.Endpoints {
		one.Risk = max(one.Risk, e.Risk)
		if part.Kind == PartEndpoint {
			one.Name = nameOf(e)
		}
	}
	for i := range s.Findings {
		if f := &s.Findings[i]; f.Open() {
			one.Open[f.Severity]++
		}
	}
	for _, t := range s.Threats {
		if openThreat(t) {
			one.Threats++
		}
	}
	for _, c := range p.OWASP {
		if c.State == StateResisted || c.State == StateVulnerable {
			one.Tested = append(one.Tested, c.ID)
		}
	}
	return one
}

// endpointParts are the AI endpoints, the riskiest first.
func (s *Scene) endpointParts() (parts []Part) {
	list := slices.DeleteFunc(slices.Clone(s.Endpoints), func(e *scanner.Endpoint) bool { return !Testable(e) })
	slices.SortFunc(list, func(a, b *scanner.Endpoint) int { return cmp.Or(cmp.Compare(b.Risk, a.Risk), cmp.Compare(a.ID, b.ID)) })
	for _, e := range list {
		parts = append(parts, Part{Kind: PartEndpoint, Endpoint: e.ID})
	}
	return parts
}

// modelParts are the imported models by name, then those that were met, the most used first.
func (s *Scene) modelParts() (parts []Part) {
	for _, m := range s.Imported {
		parts = append(parts, Part{Kind: PartModel, Name: m.Name})
	}
	uses := map[string]int64{}
	for _, e := range s.Endpoints {
		if Testable(e) {
			for _, name := range e.Facts.Models {
				uses[name] += e.Count
			}
		}
	}
	return distinct(parts, PartModel, uses)
}

// clientParts are the clients that use an AI endpoint, the most used first.
func (s *Scene) clientParts() []Part {
	uses := map[string]int64{}
	for _, e := range s.Endpoints {
		if Testable(e) {
			for _, name := range e.Facts.Clients {
				uses[name] += e.Count
			}
		}
	}
	return distinct(nil, PartClient, uses)
}

// distinct adds parts by use, each once.
func distinct(parts []Part, kind PartKind, uses map[string]int64) []Part {
	seen := map[Part]bool{}
	for _, name := range slices.SortedFunc(maps.Keys(uses), func(a, b string) int { return cmp.Or(cmp.Compare(uses[b], uses[a]), cmp.Compare(a, b)) }) {
		parts = append(parts, Part{Kind: kind, Name: name})
	}
	return slices.DeleteFunc(parts, func(p Part) bool {
		again := seen[p] || p.Kind != PartEndpoint && p.Name == ""
		seen[p] = true
		return again
	})
}
