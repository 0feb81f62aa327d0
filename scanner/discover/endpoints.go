package discover

import (
	"slices"
	"strings"

	"assay/scanner"
	"assay/scanner/schema"
)

// Bounds of an inventory. What comes above is folded together under overflowPath, and one line of the timeline says so.
const (
	maxEndpoints     = 200_000
	maxHostEndpoints = 2_000
	overflowPath     = "/{path}"
	overflowHost     = "*" // of hosts that are too many
)

// endpoints holds all endpoints of a project and what it takes to tell them apart.
type endpoints struct {
	archive Archive
	byKey   map[scanner.Key]*scanner.Endpoint
	last    scanner.EndpointID
	trees   *trees
	shapes  *shapeStore
	ids     []found // of the exchanges of a batch, in their order
	doc     schema.Document
	full    bool
	most    int // endpoints
}

// found is what prepare worked out for an exchange.
type found struct {
	identity
	ok bool
}

func newEndpoints(inv *scanner.Inventory, archive Archive) *endpoints {
	e := &endpoints{
		archive: archive, byKey: map[scanner.Key]*scanner.Endpoint{},
		trees: newTrees(inv, archive), shapes: newShapeStore(archive), most: maxEndpoints,
	}
	for _, each := range inv.Endpoints {
		e.last = max(e.last, each.ID)
		if each.Merged == 0 {
			e.enter(each)
		}
	}
	return e
}

func (e *endpoints) enter(each *scanner.Endpoint) {
	e.byKey[each.Key] = each
	e.trees.host(each.Host).enter(each)
	e.full = e.full || each.Host == overflowHost
}

// prepare learns the paths of a batch before any of it is folded, and merges endpoints that turned out to be one: what
// comes together is told apart by all that is known of it.
func (e *endpoints) prepare(seen []Seen, t *batch, p *places) error {
	e.ids = e.ids[:0]
	for i := range seen {
		id, ok := keyOf(&seen[i])
		if ok && e.roomless(id.key.Host) {
			id.key.Host, id.fixed, id.key.Path, id.key.Operation = overflowHost, true, overflowPath, ""
		}
		e.ids = append(e.ids, found{id, ok})
		if ok && !id.fixed {
			if err := e.trees.learn(&id, answerShape(&seen[i], &e.doc)); err != nil {
				return err
			}
		}
	}
	return e.settle(t, p)
}

// roomless reports whether a host is one too many.
func (e *endpoints) roomless(host string) bool {
	return len(e.byKey) >= e.most && !e.trees.knows(host)
}

// fold finds or makes the endpoint of the i-th exchange of the batch that was prepared, and adds what the exchange says
// about it; nil for one that belongs to none.
func (e *endpoints) fold(i int, s *Seen, t *batch) (*scanner.Endpoint, error) {
	id := &e.ids[i]
	if !id.ok {
		return nil, nil //nolint:nilnil // nil is the answer
	}
	sample := id.key.Path
	if !id.fixed {
		template, err := e.trees.template(id.key.Host, id.key.Path)
		if err != nil {
			return nil, err
		}
		id.key.Path = template
	}
	if id.protocol == scanner.ProtocolGraphQL {
		e.sameOperation(id, t)
	}
	each := e.byKey[id.key]
	if each == nil {
		each = e.create(id, sample, s, t)
	}
	at := s.Exchange.Started
	if each.First == 0 || at.Before(each.FirstSeen) {
		each.FirstSeen, each.First = at, s.Exchange.ID
	}
	if !at.Before(each.LastSeen) {
		each.LastSeen, each.Last = at, s.Exchange.ID
	}
	each.Protocol = protocolOf(each.Protocol, id.protocol, s)
	learn(each, s, t)
	return each, e.shapes.add(each, s, t)
}

// sameOperation finds what is known by its name alone, because its text was kept by the server, under its type and name,
// and the other way round.
func (e *endpoints) sameOperation(id *found, t *batch) {
	key := id.key
	kind, name, typed := strings.Cut(key.Operation, " ")
	if typed {
		key.Operation = name
		if each := e.byKey[key]; each != nil && slices.Contains(graphKinds, kind) && e.byKey[id.key] == nil {
			delete(e.byKey, each.Key)
			each.Key = id.key
			e.byKey[each.Key] = each
			t.touch(each)
		}
		return
	}
	for _, kind := range graphKinds {
		key.Operation = kind + " " + id.key.Operation
		if e.byKey[key] != nil {
			id.key = key
			return
		}
	}
}

// create makes the endpoint of an exchange, or finds the one that stands for all that are too many.
func (e *endpoints) create(id *found, sample string, s *Seen, t *batch) *scanner.Endpoint {
	if e.overflow(id, s, t) {
		sample = ""
		if each := e.byKey[id.key]; each != nil {
			return each
		}
	}
	e.last++
	each := &scanner.Endpoint{ID: e.last, Key: id.key, Found: t.now, Sample: sample}
	e.enter(each)
	e.tell(each, s, t)
	return each
}

func (e *endpoints) tell(each *scanner.Endpoint, s *Seen, t *batch) {
	t.change(scanner.Change{
		At: s.Exchange.Started, Kind: scanner.ChangeEndpoint, Endpoint: each.ID, Exchange: s.Exchange.ID, What: endpointName(each), Severity: "info",
	})
}

// overflow gives an exchange the key of all that are too many for its host, or for the project, and tells once.
func (e *endpoints) overflow(id *found, s *Seen, t *batch) bool {
	h := e.trees.host(id.key.Host)
	everywhere := id.key.Host == overflowHost
	if len(h.endpoints) < maxHostEndpoints && len(e.byKey) < e.most && !everywhere {
		return false
	}
	id.key.Path, id.key.Operation = overflowPath, ""
	if told := &h.full; everywhere && !e.full || !everywhere && !*told {
		what := id.key.Host + " has more endpoints than the inventory holds of one host: further ones are " + overflowPath
		if everywhere || len(h.endpoints) < maxHostEndpoints {
			what = "there are more endpoints than the inventory holds: further ones are " + overflowPath
		}
		*told, e.full = true, e.full || everywhere
		t.change(scanner.Change{At: s.Exchange.Started, Kind: scanner.ChangeFull, Exchange: s.Exchange.ID, What: what, Severity: "medium"})
	}
	switch id.key.Method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
	default:
		id.key.Method = "OTHER"
	}
	return true
}

// protocolOf is what is spoken at an endpoint after one more exchange. Answers that are streams make it an event stream
// as long as no other answers came, or it is asked by GET.
func protocolOf(was, is scanner.Protocol, s *Seen) scanner.Protocol {
	if is != scanner.ProtocolREST {
		return is
	}
	r := s.Exchange.Response
	if r == nil || r.Status >= 300 {
		if was == "" {
			return is
		}
		return was
	}
	stream := strings.HasPrefix(strings.ToLower(r.Header.Get("Content-Type")), "text/event-stream")
	switch {
	case stream && (was == "" || s.Exchange.Request.Method == "GET"):
		return scanner.ProtocolSSE
	case was == "" || was == scanner.ProtocolSSE && !stream && s.Exchange.Request.Method != "GET":
		return is
	}
	return was
}

// finish writes what changed beside the endpoints themselves.
func (e *endpoints) finish(t *batch) error {
	if err := e.shapes.finish(t); err != nil {
		return err
	}
	return e.trees.finish(t)
}
