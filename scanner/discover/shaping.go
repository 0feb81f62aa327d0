package discover

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/schema"
	"assay/traffic"
)

// What makes something new in an endpoint worth a line of the timeline, and how many lines there may be.
const (
	newsAfter   = 8  // documents
	newsAtOnce  = 3  // lines by one exchange
	maxNews     = 40 // lines by one endpoint, ever
	newsDepth   = 3  // levels down in a request
	maxEvents   = 5000
	maxMessages = 2000
)

// shaping adds the shapes of one exchange to those of its endpoint.
type shaping struct {
	e   *scanner.Endpoint
	s   *Seen
	t   *batch
	own *shapes
	doc schema.Document
}

// add looks at all sides of an exchange.
func (p *shaping) add() {
	p.own.n++
	q := &p.s.Exchange.Request
	u := traffic.SplitURL(q.URL)
	p.fields(SidePath, pathFields(p.e.Path, canonicalPath(u.Path)))
	p.fields(SideQuery, pairs(u.Query[:min(len(u.Query), maxForm)]))
	p.fields(SideHeader, headerFields(q.Header))
	p.fields(SideCookie, cookieFields(q.Header))
	p.request(traffic.MediaType(q.Header.Get("Content-Type")))
	p.response()
	p.messages()
}

// request looks at the body of the request.
func (p *shaping) request(mediaType string) {
	body := p.s.Request
	switch {
	case len(body) == 0:
	case mediaType == "application/x-www-form-urlencoded", mediaType == "multipart/form-data":
		p.fields(SideForm, formFields(body, mediaType, p.s.Exchange.Request.Header.Get("Content-Type")))
	case mayBeJSON(body):
		p.document(SideRequest, "", body)
	}
}

// response looks at the answer: a document, or the events of a stream.
func (p *shaping) response() {
	r := p.s.Exchange.Response
	body := p.s.Response
	if r == nil || len(body) == 0 {
		return
	}
	status := strconv.Itoa(r.Status/100) + "xx"
	contentType := r.Header.Get("Content-Type")
	if mediaType := traffic.MediaType(contentType); mediaType == "application/json" && mayBeJSON(body) && p.document(SideResponse, status, body) {
		return
	}
	splitter := llm.SplitterFor(contentType, body[:min(len(body), 512)])
	switch splitter.Framing() {
	case llm.FramingSSE, llm.FramingLines, llm.FramingAWS:
		events := splitter.Write(body)
		events = append(events, splitter.Close()...)
		for i, ev := range events {
			if i == maxEvents {
				p.own.side(SideEvent, status).Skipped += int64(len(events) - i)
				break
			}
			if mayBeJSON(ev.Data) {
				p.document(SideEvent, status, ev.Data)
			}
		}
	default:
		if mayBeJSON(body) {
			p.document(SideResponse, status, body)
		}
	}
}

// messages looks at the frames of a WebSocket session.
func (p *shaping) messages() {
	for i := range p.s.Frames {
		f := &p.s.Frames[i]
		side := SideSent
		if f.Side == traffic.FromServer {
			side = SideReceived
		}
		if i >= maxMessages {
			p.own.side(side, "").Skipped++
			continue
		}
		if f.Opcode <= 2 && f.Lost == "" && mayBeJSON(f.Data) {
			p.document(side, "", f.Data)
		}
	}
}

func mayBeJSON(body []byte) bool {
	for _, c := range body[:min(len(body), 64)] {
		switch c {
		case ' ', '\t', '\r', '\n', 0xef, 0xbb, 0xbf:
		default:
			return c == '{' || c == '['
		}
	}
	return false
}

// document adds a JSON document to a side and reports whether it was one.
func (p *shaping) document(side Side, status string, text []byte) bool {
	if len(text) > 3 && string(text[:3]) == "\xef\xbb\xbf" {
		text = text[3:]
	}
	if err := p.doc.Parse(text); err != nil {
		if errors.Is(err, schema.ErrLarge) {
			p.own.side(side, status).Skipped++
			return true
		}
		return false
	}
	v := p.doc.Root()
	side, v = p.inner(side, v)
	shape := p.own.side(side, status)
	shape.N++
	w := p.watch(side)
	if shape.Schema.AddValue(v, w) {
		p.own.changed = true
	}
	p.tell(side, w)
	return true
}

// inner unpacks what JSON-RPC and GraphQL wrap.
func (p *shaping) inner(side Side, v schema.Value) (Side, schema.Value) {
	rpc := p.e.Protocol == scanner.ProtocolRPC
	if params := v.Get("params"); rpc && side == SideRequest && params.Kind() != 0 {
		return SideParams, params
	}
	if result := v.Get("result"); rpc && (side == SideResponse || side == SideEvent) && result.Kind() != 0 {
		return SideResult, result
	}
	if p.e.Protocol == scanner.ProtocolGraphQL && side == SideRequest {
		if variables := v.Get("variables"); variables.Kind() == schema.Object {
			return SideParams, variables
		}
	}
	return side, v
}

// unwatched are sides on which something new is nothing to tell of.
var unwatched = []Side{SideHeader, SideCookie, SidePath, SideEvent}

// watch asks for what is new on a side, nil when enough was told already.
func (p *shaping) watch(side Side) *schema.Watch {
	if p.own.lines >= maxNews || slices.Contains(unwatched, side) {
		return nil
	}
	return &schema.Watch{After: newsAfter, Most: newsAtOnce, TypesOnly: !incoming(side)}
}

// incoming reports whether a side is what callers send.
func incoming(side Side) bool {
	return side != SideResponse && side != SideResult && side != SideEvent && side != SideReceived
}

// tell writes what is new to the timeline.
func (p *shaping) tell(side Side, w *schema.Watch) {
	if w == nil {
		return
	}
	for _, n := range w.News {
		if p.own.lines >= maxNews {
			return
		}
		if n.New && strings.Count(n.Path, "/") > newsDepth {
			continue
		}
		c := scanner.Change{
			At: p.s.Exchange.Started, Kind: scanner.ChangeType, Endpoint: p.e.ID, Exchange: p.s.Exchange.ID, Severity: "info",
			What: endpointName(p.e) + ": " + string(side) + " " + short(n.Path) + " may be " + article(n.Type), Detail: string(side) + " " + short(n.Path),
		}
		if n.New {
			c.Kind = scanner.ChangeParameter
			c.What = endpointName(p.e) + ": new parameter " + short(strings.TrimPrefix(n.Path, "/")) + " of " + sideNames[side]
			c.Detail = string(side) + " " + short(n.Path) + " (" + n.Type + ")"
		}
		p.own.lines++
		p.t.change(c)
	}
}

// sideNames are what sentences call the sides that callers send.
var sideNames = map[Side]string{
	SideRequest: "the body", SideParams: "the body", SideQuery: "the query", SideForm: "the form", SideSent: "messages",
}

func article(word string) string {
	if strings.IndexByte("aeiou", word[0]) >= 0 {
		return "an " + word
	}
	return "a " + word
}

// fields adds parameters to a side: every value as the JSON type it reads as.
func (p *shaping) fields(side Side, fields []formField) {
	if len(fields) == 0 {
		if i := slices.IndexFunc(p.own.list, func(s *Shape) bool { return s.Side == side }); i < 0 || side == SidePath {
			return
		}
	}
	if err := p.doc.Parse(record(fields)); err != nil {
		return
	}
	shape := p.own.side(side, "")
	shape.N++
	w := p.watch(side)
	if shape.Schema.AddRecord(p.doc.Root(), w) {
		p.own.changed = true
	}
	p.tell(side, w)
}
