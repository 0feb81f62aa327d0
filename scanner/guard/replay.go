package guard

import (
	"context"
	"slices"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/watch"
	"assay/traffic"
)

// CheckText says what the policies would do with a text of a role: user, assistant, tool, system, document. Of the
// exchange nothing is known: what a policy asks for beyond the text (where, model) is taken to hold, and budgets are not
// counted.
func (g *Guard) CheckText(text, role string) []scanner.Ruling {
	st := g.active()
	if st == nil {
		return nil
	}
	text = text[:min(len(text), mostBody)]
	p := &passage{g: g, ctx: context.Background(), st: st, mode: scanner.GuardMonitor, began: g.o.Now(), whole: true}
	p.x = &traffic.Exchange{Started: p.began, Source: traffic.SourceProxy, Kind: traffic.KindHTTP, Request: traffic.Request{Method: "POST"}}
	conv := &llm.Conversation{Kind: llm.KindLLM}
	side := scanner.InRequest
	seen := &watch.Seen{Exchange: p.x, Conversation: conv}
	switch role {
	case "assistant":
		side, conv.Answer, conv.Complete = scanner.InAnswer, text, true
		p.x.Response = &traffic.Response{Status: 200}
	case "system", "developer":
		conv.System = []string{text}
		conv.Messages = []llm.Message{{Role: role, Parts: []llm.Part{{Kind: llm.PartText, Text: text}}}}
	case "tool", "document":
		conv.Messages = []llm.Message{{Role: "tool", Parts: []llm.Part{{Kind: llm.PartToolResult, Text: text}}}}
	default:
		conv.Messages = []llm.Message{{Role: "user", Parts: []llm.Part{{Kind: llm.PartText, Text: text}}}}
	}
	p.conv = conv
	for _, c := range st.policies {
		if c.Budget == nil && (side == scanner.InRequest && c.onRequest || side == scanner.InAnswer && c.onAnswer) && holds(c.where, traffic.Facts(nothing{}), knownNone, p.began) != no {
			p.live = append(p.live, c)
		}
	}
	var rulings []scanner.Ruling
	if !g.safely("a check of a text", func() {
		rulings = p.decide(p.live, p.see(p.live, seen, side, []byte(text), "text/plain")).rulings
	}) {
		rulings = p.blind(side, "a detector failed").rulings
	}
	for i := range rulings {
		rulings[i].Host, rulings[i].Done = "", false
	}
	return rulings
}

// nothing are the facts of an exchange of which nothing is known.
type nothing struct{}

func (nothing) Strings(string, string) []string { return nil }
func (nothing) Number(string) (int64, bool)     { return 0, false }

func knownNone(string) bool { return false }

// Replay says what the policies would have done with a recorded exchange: with its answer too, unless its request would
// not have been sent. Budgets are counted by the exchanges' own times, in this guard's books: a replay wants a guard of
// its own, and exchanges in the order in which they began. Nobody is asked or told; no ruling was carried out.
func (g *Guard) Replay(s *watch.Seen) []scanner.Ruling {
	st := g.active()
	if st == nil || s.Exchange == nil || s.Exchange.Kind == traffic.KindTunnel {
		return nil
	}
	x := *s.Exchange
	x.Response = nil
	p := &passage{g: g, ctx: context.Background(), st: st, mode: st.mode, began: x.Started, x: &x}
	facts := x.Facts()
	for _, c := range st.policies {
		if holds(c.where, facts, knownByHead, p.began) != no {
			p.live = append(p.live, c)
		}
	}
	if len(p.live) == 0 {
		return nil
	}
	var rulings []scanner.Ruling
	if !g.safely("a replay", func() { rulings = p.replay(s) }) {
		rulings = p.blind(scanner.InRequest, "a detector failed").rulings
	}
	for i := range rulings {
		rulings[i].Done, rulings[i].Took = false, 0
	}
	return rulings
}

func (p *passage) replay(s *watch.Seen) []scanner.Ruling {
	body := &held{plain: s.Request, whole: s.Exchange.Request.Body.Lost == ""}
	if !body.whole {
		body.why = "it was not recorded in full"
	}
	if len(s.Request) > mostBody {
		body = &held{why: "it is larger than 4 MiB"}
	}
	p.input = llm.Input{Method: p.x.Request.Method, URL: p.x.Request.URL, RequestHeader: p.x.Request.Header}
	p.read(body.plain, body.whole)
	if s.Exchange.Kind == traffic.KindWebSocket {
		return p.session().rulings
	}
	d := p.decideRequest(p.live, body)
	rulings := d.rulings
	if d.stop != nil && p.mode == scanner.GuardEnforce || s.Exchange.Response == nil {
		return rulings
	}
	p.x.Response = s.Exchange.Response
	p.input.Status, p.input.ResponseHeader = s.Exchange.Response.Status, s.Exchange.Response.Header
	p.began = s.Exchange.Started.Add(s.Exchange.Timing.Done)
	if policies := p.answering(); len(policies) > 0 {
		if len(s.Response) > mostBody {
			rulings = append(rulings, p.blind(scanner.InAnswer, "it is larger than 4 MiB").rulings...)
		} else {
			rulings = append(rulings, p.decide(policies, p.seeAnswer(policies, s.Response)).rulings...)
		}
	}
	p.spend(s.Response)
	return rulings
}

// session decides about the opening of a WebSocket session. Its frames pass unread.
func (p *passage) session() *decision {
	frames := func(c *policy) bool { return c.content }
	d := p.decide(slices.DeleteFunc(slices.Clone(p.live), frames), &view{side: scanner.InRequest, conv: p.conv})
	for _, c := range p.live {
		if frames(c) {
			p.unlooked(d, c, scanner.InRequest, "the guard does not read the frames of WebSocket sessions")
		}
	}
	return d
}
