package window

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"assay/app"
	"assay/scanner"
)

// endpointList is one filtered order of endpoints. What they are is looked up when a page is asked for: they change
// while they are looked at, their order does not.
type endpointList struct {
	id      string
	project *app.Project
	ids     []scanner.EndpointID
}

// endpointLists are the lists that stay open; the one that was not used for longest goes first.
type endpointLists struct {
	mu   sync.Mutex
	next int
	open []*endpointList // used last: last
}

// add keeps a list in place of another one, and returns its name.
func (l *endpointLists) add(project *app.Project, ids []scanner.EndpointID, replaces string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next++
	added := &endpointList{strconv.Itoa(l.next), project, ids}
	l.open = slices.DeleteFunc(l.open, func(each *endpointList) bool { return each.id == replaces || each.project != project })
	l.open = append(l.open, added)
	if len(l.open) > mostViews {
		l.open = slices.Delete(l.open, 0, 1)
	}
	return added.id
}

// get returns a list of a project.
func (l *endpointLists) get(project *app.Project, id string) (*endpointList, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.open, func(each *endpointList) bool { return each.id == id && each.project == project })
	if i < 0 {
		return nil, errNoView
	}
	used := l.open[i]
	l.open = append(slices.Delete(l.open, i, i+1), used)
	return used, nil
}

// endpointOrders are the ways to sort endpoints.
var endpointOrders = map[string]func(a, b *scanner.Endpoint) int{
	"path":  byPath,
	"host":  byHost,
	"kind":  func(a, b *scanner.Endpoint) int { return strings.Compare(string(a.Kind), string(b.Kind)) },
	"count": func(a, b *scanner.Endpoint) int { return cmp.Compare(a.Count, b.Count) },
	"risk":  func(a, b *scanner.Endpoint) int { return cmp.Compare(a.Risk, b.Risk) },
	"first": func(a, b *scanner.Endpoint) int { return a.FirstSeen.Compare(b.FirstSeen) },
	"last":  func(a, b *scanner.Endpoint) int { return a.LastSeen.Compare(b.LastSeen) },
	"new":   func(a, b *scanner.Endpoint) int { return a.Found.Compare(b.Found) },
}

// sortEndpoints sorts by what a person chose; what is equal there stands in the order in which it was found.
func sortEndpoints(all []*scanner.Endpoint, by string, desc bool) error {
	if by == "" { // the most dangerous first
		by, desc = "risk", true
	}
	order, ok := endpointOrders[by]
	if !ok {
		return &app.Error{
			Code: app.CodeUsage, Message: "endpoints cannot be sorted by " + strconv.Quote(clip(by, 40)),
			Hint: "by " + strings.Join(slices.Sorted(maps.Keys(endpointOrders)), ", ") + " they can",
		}
	}
	compare := func(a, b *scanner.Endpoint) int {
		c := order(a, b)
		if desc {
			c = -c
		}
		if c != 0 {
			return c
		}
		return cmp.Compare(a.ID, b.ID)
	}
	if by == "host" {
		sortByHost(all, desc, compare)
	} else {
		slices.SortFunc(all, compare)
	}
	return nil
}

// sortByHost sorts the endpoints of each host apart: there are few hosts, and their names need no comparing then.
func sortByHost(all []*scanner.Endpoint, desc bool, compare func(a, b *scanner.Endpoint) int) {
	byHost := map[string][]*scanner.Endpoint{}
	for _, e := range all {
		byHost[e.Host] = append(byHost[e.Host], e)
	}
	hosts := slices.Sorted(maps.Keys(byHost))
	if desc {
		slices.Reverse(hosts)
	}
	sorted := all[:0] // what was in it is in the map
	for _, host := range hosts {
		slices.SortFunc(byHost[host], compare)
		sorted = append(sorted, byHost[host]...)
	}
}

func byHost(a, b *scanner.Endpoint) int {
	if c := strings.Compare(a.Host, b.Host); c != 0 {
		return c
	}
	if c := strings.Compare(a.Path, b.Path); c != 0 {
		return c
	}
	return strings.Compare(a.Method, b.Method)
}

func byPath(a, b *scanner.Endpoint) int {
	if c := strings.Compare(a.Path, b.Path); c != 0 {
		return c
	}
	return byHost(a, b)
}

// Endpoints lists endpoints that a query selects. The list stays as it is: ask anew, naming it in Replaces, when a pulse
// tells of a newer revision.
func (i *Inventory) Endpoints(in EndpointsIn) (out EndpointsOut, err error) {
	defer i.desk.guard(&err)
	query, err := app.ParseEndpointQuery(in.Query)
	if out.Problem = queryFault(err); out.Problem.Message != "" {
		return out, nil
	}
	s, err := i.stock()
	if err != nil {
		return out, err
	}
	all := s.catalogue.Find(nil)
	out.Total, out.Revision = len(all), s.revision
	if query != nil {
		all, out.Explain = s.catalogue.Find(query), query.ExplainEndpoints()
	}
	if err := sortEndpoints(all, in.Sort, in.Desc); err != nil {
		return out, err
	}
	ids := make([]scanner.EndpointID, len(all))
	for n, e := range all {
		ids[n] = e.ID
	}
	out.View, out.Count = i.desk.lists.add(s.project, ids, in.Replaces), len(ids)
	return out, nil
}

// Page gives a part of a list. An endpoint that is no longer there is a row with nothing but its id.
func (i *Inventory) Page(in EndpointsPageIn) (out EndpointsPageOut, err error) {
	defer i.desk.guard(&err)
	out.Items = []EndpointRow{}
	s, err := i.stock()
	if err != nil {
		return out, err
	}
	l, err := i.desk.lists.get(s.project, in.View)
	if err != nil {
		return out, err
	}
	out.Count = len(l.ids)
	from := min(max(in.From, 0), len(l.ids))
	for _, id := range l.ids[from:min(from+max(min(in.Limit, mostPaged), 0), len(l.ids))] {
		e, ok := s.catalogue.Endpoint(id)
		if !ok || e.ID != id { // merged since
			e = &scanner.Endpoint{ID: id}
		}
		out.Items = append(out.Items, s.row(e))
	}
	return out, nil
}
