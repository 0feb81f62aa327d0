package discover

import (
	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// knownAfter is how many exchanges make an endpoint so well known that something new in it is worth a line of the
// timeline.
const knownAfter = 5

// lesson is what one exchange teaches about its endpoint.
type lesson struct {
	e     *scanner.Endpoint
	s     *Seen
	t     *batch
	fresh bool // the endpoint's first exchange
	known bool // the endpoint was known well before this batch
}

// learn adds what an exchange says to the facts of its endpoint: kind, auth, access, TLS, CORS, limits, statuses. It
// tells the timeline what is new in an endpoint that was known before. What comes in one go with the endpoint itself
// (an import) is not told: all of it would be new.
func learn(e *scanner.Endpoint, s *Seen, t *batch) {
	l := &lesson{e: e, s: s, t: t, fresh: observed(&e.Facts) == 0}
	l.known = !l.fresh && !e.Found.Equal(t.now) && observed(&e.Facts) >= knownAfter
	l.learnKind()
	l.learnAccess()
	if l.fresh {
		l.learnHost()
		l.learnDynamic()
	}
	l.learnAuth()
	l.learnStatus()
	l.learnMedia()
	l.learnTLS()
	l.learnAnswerHeader()
	l.learnNames()
	l.learnURLs()
}

// status is the answer's; 0 when there is none.
func (l *lesson) status() int {
	if r := l.s.Exchange.Response; r != nil {
		return r.Status
	}
	return 0
}

// answerType is the media type of the answer; empty when there is none or it does not say.
func (l *lesson) answerType() string {
	if r := l.s.Exchange.Response; r != nil {
		return traffic.MediaType(r.Header.Get("Content-Type"))
	}
	return ""
}

// name is how a sentence calls the endpoint.
func (l *lesson) name() string { return endpointName(l.e) }

func endpointName(e *scanner.Endpoint) string {
	name := e.Method + " " + short(e.Host) + short(e.Path)
	if e.Operation != "" {
		name += " (" + short(e.Operation) + ")"
	}
	return name
}

// tell adds a line to the timeline.
func (l *lesson) tell(kind scanner.ChangeKind, severity, what string) {
	l.t.change(scanner.Change{
		At: l.s.Exchange.Started, Kind: kind, Endpoint: l.e.ID, Exchange: l.s.Exchange.ID, What: what, Severity: severity,
	})
}

// learnNames adds the models, tools and clients of an exchange, and the address that answered.
func (l *lesson) learnNames() {
	f, c := &l.e.Facts, l.s.Conversation
	model := c.Model
	if model == "" {
		model = c.Deployment
	}
	if model == "" {
		model = c.AnswerModel
	}
	var cut bool
	f.Models, cut = add(f.Models, model, maxModels)
	f.Cut = f.Cut || cut
	for i := range c.Tools {
		f.Tools, cut = add(f.Tools, c.Tools[i].Name, maxTools)
		f.Cut = f.Cut || cut
		if cut {
			break
		}
	}
	if c.RPC != nil {
		for i := range c.RPC.ToolsListed {
			if f.Tools, cut = add(f.Tools, c.RPC.ToolsListed[i].Name, maxTools); cut {
				f.Cut = true
				break
			}
		}
		f.Tools, cut = add(f.Tools, c.RPC.Tool, maxTools)
		f.Cut = f.Cut || cut
	}
	f.Clients, cut = add(f.Clients, l.t.facts.callers.caller(l.s.Exchange).name, maxClients)
	f.Cut = f.Cut || cut
	if c.Streamed || streamType(l.answerType()) && l.status() < 400 {
		f.Streamed++
	}
}

func streamType(mediaType string) bool {
	switch mediaType {
	case "text/event-stream", "application/x-ndjson", "application/ndjson", "application/vnd.amazon.eventstream", "application/jsonl",
		"application/x-jsonlines", "application/stream+json":
		return true
	}
	return false
}

// isAI reports whether a kind is part of an AI system.
func isAI(kind llm.Kind) bool { return kind != llm.KindPlain && kind != "" }
