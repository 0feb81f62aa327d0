package discover

import (
	"cmp"
	"slices"
	"strconv"

	"assay/scanner"
)

// settle gives endpoints the templates their paths have now, and merges those that turned out to be one.
func (e *endpoints) settle(t *batch, p *places) error {
	for _, h := range e.trees.changed() {
		list := make([]*scanner.Endpoint, 0, len(h.endpoints))
		for _, each := range h.endpoints {
			if templated(each) {
				list = append(list, each)
			}
		}
		slices.SortFunc(list, func(a, b *scanner.Endpoint) int { return cmp.Compare(a.ID, b.ID) })
		joined := map[*scanner.Endpoint][]string{}
		for _, each := range list {
			if each.Merged != 0 {
				continue
			}
			if err := e.rehome(h, each, joined, t, p); err != nil {
				return err
			}
		}
		for _, into := range list {
			e.tellMerged(into, joined[into], t)
		}
	}
	return nil
}

// rehome gives one endpoint the template its path has now.
func (e *endpoints) rehome(h *host, each *scanner.Endpoint, joined map[*scanner.Endpoint][]string, t *batch, p *places) error {
	key := each.Key
	key.Path = h.tree.Template(each.Sample)
	if key == each.Key {
		return nil
	}
	other := e.byKey[key]
	into := each
	if other != nil && other.ID < each.ID {
		into = other
	}
	if err := e.shapes.retemplate(each, key.Path); err != nil {
		return err
	}
	delete(e.byKey, each.Key)
	if other != nil {
		from := each
		if into == each {
			from = other
			delete(e.byKey, other.Key)
		}
		joined[into] = append(append(joined[into], endpointName(from)), joined[from]...)
		delete(joined, from)
		if err := e.merge(into, from, h, t, p); err != nil {
			return err
		}
	}
	into.Key = key
	e.byKey[key] = into
	t.touch(into)
	return nil
}

// merge makes an endpoint part of another. Its exchanges and places go there.
func (e *endpoints) merge(into, from *scanner.Endpoint, h *host, t *batch, p *places) error {
	if err := e.shapes.merge(into, from, t); err != nil {
		return err
	}
	p.move(from, into, t)
	mergeEndpoint(into, from)
	from.Merged, from.Facts = into.ID, scanner.Facts{}
	delete(h.endpoints, from.ID)
	t.fold.Moved[from.ID] = into.ID
	for was, is := range t.fold.Moved {
		if is == from.ID {
			t.fold.Moved[was] = into.ID
		}
	}
	t.touch(from)
	t.touch(into)
	return nil
}

// tellMerged writes one line for all endpoints that became part of one.
func (e *endpoints) tellMerged(into *scanner.Endpoint, names []string, t *batch) {
	if len(names) == 0 || into.Merged != 0 {
		return
	}
	what := names[0]
	if n := len(names) - 1; n > 0 {
		what += " and " + strconv.Itoa(n) + " more"
	}
	t.change(scanner.Change{
		At: into.LastSeen, Kind: scanner.ChangeMerged, Endpoint: into.ID, Exchange: into.Last, Severity: "info",
		What: what + " became part of " + endpointName(into),
	})
}
