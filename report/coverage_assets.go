package report

import (
	"cmp"
	"fmt"
	"slices"

	"assay/scanner"
)

// mostAssets is how many columns a coverage has; a table with more is read by nobody.
const mostAssets = 60

// assetList is what was tested or can be: AI endpoints, and targets that are none of the inventory's.
type assetList struct {
	names []string
	at    map[string]int // by RunTarget.Ref
}

// assetList gathers the assets of a scene, sorted: those that were tested first, then the riskiest.
func (s *Scene) assetList() *assetList {
	g := assetGatherer{endpoints: map[scanner.EndpointID]*scanner.Endpoint{}, of: map[string]string{}, found: map[string]*asset{}}
	for _, e := range s.Endpoints {
		g.endpoints[e.ID] = e
		if Testable(e) {
			g.endpoint(e.ID)
		}
	}
	for i := range s.Tested { // where a target leads, whichever test says it
		if t := &s.Tested[i]; t.Endpoint != 0 && g.endpoints[t.Endpoint] != nil {
			g.of[t.Target] = g.endpoint(t.Endpoint).key
		}
	}
	for i := range s.Tested {
		t := &s.Tested[i]
		a := g.target(t.Target, t.Name)
		v := t.Verdicts
		a.tested = a.tested || v.Vulnerable+v.Resisted+v.Unclear > 0
	}
	for i := range s.Findings {
		if f := &s.Findings[i]; f.Open() {
			g.target(f.Target, f.Name).tested = true
		}
	}
	return g.list()
}

type asset struct {
	key, name string
	tested    bool
	risk      int
}

type assetGatherer struct {
	endpoints map[scanner.EndpointID]*scanner.Endpoint
	of        map[string]string // the asset that a target is
	found     map[string]*asset
}

func (g *assetGatherer) endpoint(id scanner.EndpointID) *asset {
	key := fmt.Sprint("endpoint:", id)
	if g.found[key] == nil {
		e := g.endpoints[id]
		g.found[key] = &asset{key: key, name: nameOf(e), risk: e.Risk}
	}
	return g.found[key]
}

func (g *assetGatherer) target(ref, name string) *asset {
	key := g.of[ref]
	if key == "" {
		key = ref
		g.of[ref] = ref
	}
	if g.found[key] == nil {
		g.found[key] = &asset{key: key, name: cmp.Or(name, ref)}
	} else if a := g.found[key]; key == ref && name != "" && (a.name == ref || name < a.name) { // whatever the order
		a.name = name
	}
	return g.found[key]
}

func (g *assetGatherer) list() *assetList {
	all := make([]*asset, 0, len(g.found))
	for _, a := range g.found {
		all = append(all, a)
	}
	rank := func(a *asset) int {
		if a.tested {
			return 0
		}
		return 1
	}
	slices.SortFunc(all, func(a, b *asset) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.risk, a.risk), cmp.Compare(a.name, b.name), cmp.Compare(a.key, b.key))
	})
	l := &assetList{at: map[string]int{}}
	at := map[string]int{}
	for i, a := range all {
		at[a.key] = i
		l.names = append(l.names, a.name)
	}
	for ref, key := range g.of {
		l.at[ref] = at[key]
	}
	return l
}

// of is the place of a target among the assets.
func (l *assetList) of(target string) int { return l.at[target] }
