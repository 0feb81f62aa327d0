package watch

import (
	"fmt"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/injection"
)

// mostLooked bounds how much of one exchange detectors look at, in bytes.
const mostLooked = 4 << 20

// keptSigns bounds how many signs of one exchange are kept.
const keptSigns = 256

// look is one exchange that is being looked at.
type look struct {
	seen         *Seen
	conversation *llm.Conversation
	sight        *scanner.Sight
	left         int // bytes that may still be looked at
}

func (l *look) exchange() {
	for _, t := range l.heard() {
		l.injection(t)
	}
}

// said is a text that somebody said.
type said struct {
	side  scanner.Side
	role  string
	where string
	text  string
}

// heard lists what the model was told that is new in this exchange.
func (l *look) heard() []said {
	c := l.conversation
	from := 0
	if l.seen.Thread != l.seen.Exchange.ID && l.seen.Thread != 0 {
		for i := range c.Messages {
			switch c.Messages[i].Role {
			case "assistant", "model", "ai", "bot":
				from = i + 1
			}
		}
	}
	var all []said
	for i := from; i < len(c.Messages); i++ {
		m := &c.Messages[i]
		for j := range m.Parts {
			p := &m.Parts[j]
			role := m.Role
			switch p.Kind {
			case llm.PartToolResult:
				role = "tool"
			case llm.PartText, llm.PartOther:
			default:
				continue
			}
			if p.Text != "" {
				all = append(all, said{scanner.InRequest, role, fmt.Sprintf("message:%d", i), p.Text})
			}
		}
	}
	for _, text := range c.Prompts {
		all = append(all, said{scanner.InRequest, "user", "body", text})
	}
	return all
}

// injection looks for attacks on the model.
func (l *look) injection(t said) {
	r := injection.Scan(t.text, injection.Options{Role: injection.Role(t.role)})
	l.sight.Cut += r.Cut
	best := map[injection.Technique]injection.Span{}
	for _, s := range r.Spans {
		if b, ok := best[s.Technique]; !ok || s.Confidence > b.Confidence {
			best[s.Technique] = s
		}
	}
	for _, name := range r.Techniques {
		s := best[name]
		l.sign(&t, scanner.SignInjection, string(name), s.Start, s.End, r.Score, "The text "+s.Why)
	}
}

// sign notes a sign of a text.
func (l *look) sign(t *said, kind scanner.SignKind, name string, start, end int, score float64, why string) {
	if len(l.sight.Signs) >= keptSigns {
		return
	}
	l.sight.Signs = append(l.sight.Signs, scanner.Sign{Kind: kind, Name: name, Side: t.side, Role: t.role, Where: t.where, Start: start, End: end, Score: score, Why: why})
}
