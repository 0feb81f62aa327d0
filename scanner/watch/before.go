package watch

import (
	"assay/llm"
	"assay/scanner"
	"assay/scanner/injection"
	"assay/scanner/payload"
	"assay/scanner/prose"
	"assay/traffic"
)

// ActorOf tells whose exchange it is, without looking for anything in it; "" where nothing tells.
func ActorOf(s *Seen, by Identity) scanner.ActorKey { return actorOf(s, by) }

// FactsOf returns an exchange in the words of the filter language, without what detectors would find in it.
func FactsOf(s *Seen) traffic.Facts {
	return newFacts(s, &scanner.Sight{Exchange: s.Exchange.ID, At: s.Exchange.Started, Source: s.Exchange.Source})
}

// LookFor is Look for who cannot wait for all of it: it runs the detectors of one half that find signs of the kinds that
// are wanted, and may return others too. Sensitive data, the topic and the facts are left out.
func LookFor(s *Seen, side scanner.Side, wants func(scanner.SignKind) bool) *scanner.Sight {
	x, c := s.Exchange, s.conversation()
	sight := &scanner.Sight{
		Exchange: x.ID, At: x.Started, Source: x.Source, Host: traffic.SplitURL(x.Request.URL).Host, Kind: string(c.Kind), Model: c.Model,
	}
	l := &look{seen: s, conversation: c, sight: sight, left: mostLooked, texts: mostTexts}
	l.memory = &memory{of: l}
	if side == scanner.InRequest {
		l.before(wants)
	} else {
		l.after(wants)
	}
	if wants(scanner.SignDrift) && c.Kind != llm.KindPlain && len(c.Messages) > 0 {
		l.drift(l.news())
	}
	return sight
}

// before looks at what a request brings.
func (l *look) before(wants func(scanner.SignKind) bool) {
	from := l.news()
	if wants(scanner.SignInjection) || wants(scanner.SignHidden) || wants(scanner.SignGibberish) {
		for _, t := range l.heard(from) {
			r := l.injection(&t)
			switch roleOf(t.role) {
			case injection.Tool, injection.Document:
				l.unshown(&t)
			case injection.User:
				if wants(scanner.SignGibberish) {
					l.gibberish(&t, &r)
				}
			case injection.Assistant, injection.System:
			}
		}
	}
	if wants(scanner.SignPoisoned) {
		l.tools()
	}
	if wants(scanner.SignAttack) {
		l.request()
	}
	if wants(scanner.SignToolCall) {
		l.calls(from)
		l.mcp()
	}
}

// after looks at what an answer brings.
func (l *look) after(wants func(scanner.SignKind) bool) {
	if wants(scanner.SignRefusal) {
		l.refusal()
	}
	if c := l.conversation; c.Answer != "" {
		l.answered(&said{scanner.InAnswer, "assistant", "answer", l.allow(&l.left, c.Answer)}, wants)
	}
	if wants(scanner.SignInjection) || wants(scanner.SignHidden) {
		l.mcp()
	}
	if wants(scanner.SignToolCall) {
		l.calls(len(l.conversation.Messages))
	}
	if k := l.conversation.Kind; k == llm.KindPlain || k == llm.KindVectorDB {
		l.page()
	}
}

// answered looks at the words of an answer.
func (l *look) answered(t *said, wants func(scanner.SignKind) bool) {
	if wants(scanner.SignOutput) && !data(t.text) {
		found, cut := payload.Output(t.text)
		l.sight.Cut += cut
		l.findings(t, scanner.SignOutput, found)
	}
	if wants(scanner.SignExfil) {
		found, _ := payload.Exfiltration(t.text, payload.Context{Named: l.memory.named, Told: l.memory.heard})
		l.findings(t, scanner.SignExfil, found)
	}
	if wants(scanner.SignRepetition) {
		if p, found := prose.Repetition(t.text); found {
			l.sign(t, scanner.SignRepetition, "", p.Start, p.End, p.Score, "The answer says one thing over and over")
		}
	}
	if wants(scanner.SignLeak) {
		l.leak(t)
	}
	if wants(scanner.SignHidden) {
		for _, d := range injection.Scan(t.text, injection.Options{Role: injection.Assistant}).Decoded {
			if d.Form == "tags" || d.Form == "variation-selectors" || d.Form == "sneaky-bits" {
				l.sign(t, scanner.SignHidden, d.Form, d.Start, d.End, 0.9, "Text is hidden in the answer as "+d.Form)
			}
		}
	}
}

// findings notes what detectors of payloads found in a text.
func (l *look) findings(t *said, kind scanner.SignKind, found []payload.Find) {
	for _, f := range found {
		l.sign(t, kind, f.Name, f.Start, f.End, f.Score, f.Why)
	}
}
