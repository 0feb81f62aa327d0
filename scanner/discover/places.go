package discover

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"assay/scanner"
	"assay/scanner/detect"
	"assay/traffic"
)

// Bounds on places, so that a hostile or odd server costs bounded memory. What is beyond is said to be cut.
const (
	maxEndpointPlaces = 500
	maxPlaces         = 50_000
)

// leastSure is how sure a detector has to be before its finding is a place. Below, forms that ordinary numbers share
// would drown what matters: a place is a claim that a person acts on.
const leastSure = detect.Likely

// Directions of a place.
const (
	inRequest  = "request"
	inResponse = "response"
)

// classPayload is the class of what makes a model do what it does: prompts, schemas, vectors, context, weights.
const classPayload = "payload"

// placeKey is what makes a place one.
type placeKey struct {
	endpoint                    scanner.EndpointID
	direction, role, path, kind string
}

// tallyKey is what an endpoint's facts count by.
type tallyKey struct {
	endpoint    scanner.EndpointID
	kind, where string
}

// places holds where sensitive data travels.
type places struct {
	detector *detect.Detector
	memo     *memo
	nodes    *pathTable
	inside   *pathTable // of JSON in strings
	outer    jsonWalk   // of bodies
	within   jsonWalk   // of JSON in strings

	byKey   map[placeKey]*scanner.Place
	of      map[scanner.EndpointID][]*scanner.Place
	tallies map[tallyKey]*scanner.SensitiveTally
	cut     map[scanner.EndpointID]bool // endpoints of whose places some are missing
	last    scanner.PlaceID
	full    bool // the bound over all was told
}

func newPlaces(inv *scanner.Inventory) (*places, error) {
	custom := make([]detect.Custom, 0, len(inv.Custom))
	for _, c := range inv.Custom {
		custom = append(custom, detectType(c))
	}
	detector, err := detect.New(custom)
	if err != nil {
		return nil, err
	}
	p := &places{
		detector: detector, memo: newMemo(detector, len(custom) > 0), nodes: newPathTable(), inside: newPathTable(),
		byKey: map[placeKey]*scanner.Place{}, of: map[scanner.EndpointID][]*scanner.Place{},
		tallies: map[tallyKey]*scanner.SensitiveTally{}, cut: map[scanner.EndpointID]bool{},
	}
	for _, place := range inv.Places {
		p.last = max(p.last, place.ID)
		p.keep(place)
	}
	for _, e := range inv.Endpoints {
		if e.Merged != 0 {
			continue
		}
		for i := range e.Facts.Sensitive {
			c := e.Facts.Sensitive[i]
			p.tallies[tallyKey{e.ID, c.Type, c.Where}] = &c
		}
	}
	return p, nil
}

// detectType says a person's type in the words of package detect.
func detectType(c scanner.CustomType) detect.Custom {
	class := detect.Personal
	if c.Class == string(detect.Secret) {
		class = detect.Secret
	}
	return detect.Custom{
		Name: c.Name, Class: class, Keys: c.Keys, Pattern: c.Pattern, List: c.List, Validator: c.Validator,
		Match: c.Match, Ignore: c.Ignore,
	}
}

func keyOfPlace(p *scanner.Place) placeKey {
	return placeKey{p.Endpoint, p.Direction, p.Role, p.Path, p.Type}
}

func (p *places) keep(place *scanner.Place) {
	key := keyOfPlace(place)
	if p.byKey[key] == nil {
		p.byKey[key] = place
	}
	p.of[place.Endpoint] = append(p.of[place.Endpoint], place)
}

// sighting is one type at one place of one exchange.
type sighting struct {
	key        placeKey
	class      string
	n          int
	confidence float64
	sample     string
}

// fold looks for sensitive data in an exchange.
func (p *places) fold(s *Seen, e *scanner.Endpoint, t *batch) {
	l := &look{places: p, seen: s, endpoint: e, found: map[placeKey]*sighting{}}
	l.exchange()
	p.outer.rest()
	p.within.rest()
	types := map[tallyKey]bool{}
	for _, found := range l.order {
		place := p.place(found, s, e, t)
		if place == nil {
			continue
		}
		p.sight(place, found, s, t)
		types[tallyKey{e.ID, found.key.kind, found.key.direction}] = true
		p.tell(place, s, e, t)
	}
	for key := range types {
		p.tallies[key].Count++
	}
	if l.cut {
		p.cut[e.ID] = true
	}
}

// place finds or makes the place of a sighting; nil when a bound is reached.
func (p *places) place(found *sighting, s *Seen, e *scanner.Endpoint, t *batch) *scanner.Place {
	if place := p.byKey[found.key]; place != nil {
		return place
	}
	if len(p.of[e.ID]) >= maxEndpointPlaces {
		if !p.cut[e.ID] {
			t.change(scanner.Change{
				At: s.Exchange.Started, Kind: scanner.ChangeFull, Endpoint: e.ID, Exchange: s.Exchange.ID, Severity: "info",
				What: fmt.Sprintf("This endpoint has more than %d places of sensitive data; no further ones are listed", maxEndpointPlaces),
			})
		}
		p.cut[e.ID] = true
		return nil
	}
	if len(p.byKey) >= maxPlaces {
		if !p.full {
			t.change(scanner.Change{
				At: s.Exchange.Started, Kind: scanner.ChangeFull, Exchange: s.Exchange.ID, Severity: "info",
				What: fmt.Sprintf("The project has more than %d places of sensitive data; no further ones are listed", maxPlaces),
			})
		}
		p.full = true
		p.cut[e.ID] = true
		return nil
	}
	p.last++
	place := &scanner.Place{
		ID: p.last, Endpoint: e.ID, Direction: found.key.direction, Role: found.key.role, Path: found.key.path,
		Type: found.key.kind, Class: found.class, FirstSeen: s.Exchange.Started, First: s.Exchange.ID,
	}
	p.keep(place)
	return place
}

// sight adds an exchange to a place.
func (p *places) sight(place *scanner.Place, found *sighting, s *Seen, t *batch) {
	if found.confidence > place.Confidence {
		place.Confidence, place.Sample = found.confidence, found.sample
	}
	place.LastSeen, place.Last = s.Exchange.Started, s.Exchange.ID
	place.Count++
	t.place(place)
	t.fold.Hits = append(t.fold.Hits, scanner.Hit{Place: place.ID, Exchange: s.Exchange.ID, N: found.n})
}

// tell makes sure that a type of an endpoint is counted, and tells the timeline when an endpoint that is known has it for
// the first time.
func (p *places) tell(place *scanner.Place, s *Seen, e *scanner.Endpoint, t *batch) {
	key := tallyKey{e.ID, place.Type, place.Direction}
	if p.tallies[key] != nil {
		return
	}
	p.tallies[key] = &scanner.SensitiveTally{Type: place.Type, Class: place.Class, Where: place.Direction}
	if !worthTelling(s, e, place.Class) {
		return
	}
	where := place.Path
	if place.Role != "" {
		where += ", " + place.Role
	}
	t.change(scanner.Change{
		At: s.Exchange.Started, Kind: scanner.ChangeSensitive, Endpoint: e.ID, Exchange: s.Exchange.ID,
		What:     fmt.Sprintf("%s appeared in the %s of %s %s%s", place.Type, place.Direction, e.Method, e.Host, e.Path),
		Detail:   fmt.Sprintf("%s at %s", place.Sample, where),
		Severity: severity(place, e),
	})
}

// worthTelling reports whether an endpoint is known well enough for a new type in it to be news. What is recorded comes one
// by one: its second exchange is. Most of what is imported is new, and any call of a model may bring tools: there it takes as
// many as other news do.
func worthTelling(s *Seen, e *scanner.Endpoint, class string) bool {
	before := observed(&e.Facts) - 1
	if s.Exchange.Source == traffic.SourceImport || class == classPayload {
		return before >= knownAfter
	}
	return before > 0
}

// severity is how bad it is that a type appears: a secret that leaves or comes back is the worst.
func severity(place *scanner.Place, e *scanner.Endpoint) string {
	switch {
	case place.Class == string(detect.Secret) && (place.Direction == inResponse || e.Access == scanner.AccessThirdParty):
		return "high"
	case place.Class == classPayload:
		return "info"
	}
	return "medium"
}

// tally sums up an endpoint's places in its facts.
func (p *places) tally(e *scanner.Endpoint) {
	seen := map[tallyKey]bool{}
	var all []scanner.SensitiveTally
	for _, place := range p.of[e.ID] {
		key := tallyKey{e.ID, place.Type, place.Direction}
		if c := p.tallies[key]; c != nil && !seen[key] {
			seen[key] = true
			all = append(all, *c)
		}
	}
	slices.SortFunc(all, func(a, b scanner.SensitiveTally) int {
		// Secrets first, then what is personal, then payloads, which every call of a model has.
		return cmp.Or(strings.Compare(b.Class, a.Class), strings.Compare(a.Type, b.Type), strings.Compare(a.Where, b.Where))
	})
	e.Facts.Sensitive = all
	e.Facts.Cut = e.Facts.Cut || p.cut[e.ID]
}

// move gives the places of a merged endpoint to the one it became part of.
func (p *places) move(from, to *scanner.Endpoint, t *batch) {
	for _, place := range p.of[from.ID] {
		if p.byKey[keyOfPlace(place)] == place {
			delete(p.byKey, keyOfPlace(place))
		}
		place.Endpoint = to.ID
		if kept := p.byKey[keyOfPlace(place)]; kept != nil {
			join(kept, place)
			t.place(kept)
		} else {
			p.keep(place)
			t.place(place)
		}
		key := tallyKey{from.ID, place.Type, place.Direction}
		moved := p.tallies[key]
		if moved == nil {
			continue
		}
		delete(p.tallies, key)
		key.endpoint = to.ID
		if kept := p.tallies[key]; kept != nil {
			kept.Count += moved.Count
		} else {
			p.tallies[key] = moved
		}
	}
	delete(p.of, from.ID)
	if p.cut[from.ID] {
		p.cut[to.ID] = true
		delete(p.cut, from.ID)
	}
}

// join adds to a place what is known of another that turned out to be the same. Storage does so with their hits.
func join(into, from *scanner.Place) {
	into.Count += from.Count
	if from.Confidence > into.Confidence {
		into.Confidence, into.Sample = from.Confidence, from.Sample
	}
	if from.FirstSeen.Before(into.FirstSeen) {
		into.FirstSeen, into.First = from.FirstSeen, from.First
	}
	if from.LastSeen.After(into.LastSeen) {
		into.LastSeen, into.Last = from.LastSeen, from.Last
	}
}
