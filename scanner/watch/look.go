package watch

import (
	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// Seen is one exchange that ended, with what it meant and where it belongs.
type Seen struct {
	Exchange     *traffic.Exchange // without bodies
	Conversation *llm.Conversation
	Request      []byte // the body, its content coding undone, as far as it was read
	Response     []byte
	Frames       []traffic.Frame // of a WebSocket session
	Endpoint     scanner.EndpointID
	Thread       traffic.ID // the first turn of the conversation; 0 where it is none
	Cost         int64      // millionths of a US dollar
	Priced       bool
}

// conversation is what the exchange meant; of plain traffic an empty one.
func (s *Seen) conversation() *llm.Conversation {
	if s.Conversation == nil {
		return &nothingSaid
	}
	return s.Conversation
}

var nothingSaid = llm.Conversation{Kind: llm.KindPlain}

// Look runs every detector over one exchange. It is safe for concurrent use; what it looks at is bounded, and Sight.Cut
// counts what it left out. A request can be looked at before it is answered: Exchange.Response is then nil.
func Look(s *Seen, by Identity) *scanner.Sight {
	x, c := s.Exchange, s.conversation()
	sight := &scanner.Sight{
		Exchange: x.ID, At: x.Started, Ended: x.Started.Add(x.Timing.Done), Source: x.Source,
		Actor: actorOf(s, by), Endpoint: s.Endpoint, Conversation: s.Thread, Host: traffic.SplitURL(x.Request.URL).Host,
		Kind: string(c.Kind), Model: c.Model, Failed: x.State == traffic.StateFailed, Cost: s.Cost, Priced: s.Priced,
		Topic: topicOf(c),
	}
	if x.Response != nil {
		sight.Status = x.Response.Status
	}
	if n := c.Usage.Input; n != nil {
		sight.Input = *n
	}
	if n := c.Usage.Output; n != nil {
		sight.Output = *n
	}
	for i := range c.ToolCalls {
		sight.Tools = append(sight.Tools, c.ToolCalls[i].Name)
	}
	if c.RPC != nil && c.RPC.Tool != "" {
		sight.Tools = append(sight.Tools, c.RPC.Tool)
	}
	l := look{seen: s, conversation: c, sight: sight, left: mostLooked}
	l.exchange()
	sight.Facts = newFacts(s, sight)
	return sight
}
