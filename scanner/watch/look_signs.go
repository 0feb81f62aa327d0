package watch

import (
	"cmp"
	"slices"
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/detect"
	"assay/scanner/injection"
	"assay/traffic"
)

// Bounds of one exchange.
const (
	mostLooked = 4 << 20 // bytes that each group of detectors looks at
	keptSigns  = 256
	mostTexts  = 4096 // texts and values
)

// Scores from which on signs are told. A faint one alone is nothing; many of them over days are something.
const (
	faintInjection = 0.35
	faintSign      = 0.1
)

// look is one exchange that is being looked at.
type look struct {
	seen         *Seen
	conversation *llm.Conversation
	sight        *scanner.Sight
	left         int // bytes that detectors of attacks on models may still look at
	leftOfData   int // bytes that may still be searched for secrets and personal data
	texts        int // texts and values that may still be looked at
	memory       *memory
}

// exchange runs all detectors. Their order is that of what they cost if they are cut short: the request's own first.
func (l *look) exchange() {
	l.texts = mostTexts
	l.leftOfData = mostLooked
	c := l.conversation
	l.memory = &memory{of: l}
	from := l.news()
	for _, t := range l.heard(from) {
		l.told(&t)
	}
	l.tools()
	l.request()
	l.calls(from)
	l.answer()
	l.mcp()
	if c.Kind == llm.KindPlain || c.Kind == llm.KindVectorDB {
		l.page()
	}
	if c.Kind != llm.KindPlain && len(c.Messages) > 0 {
		l.drift(from)
	}
	slices.SortStableFunc(l.sight.Signs, func(a, b scanner.Sign) int {
		return cmp.Or(-strings.Compare(string(a.Side), string(b.Side)), strings.Compare(a.Where, b.Where), cmp.Compare(a.Start, b.Start))
	})
}

// said is a text that somebody said.
type said struct {
	side  scanner.Side
	role  string
	where string
	text  string
}

// sign notes a sign of a text. Of signs of one kind and name in one place the surest stays.
func (l *look) sign(t *said, kind scanner.SignKind, name string, start, end int, score float64, why string) {
	if score < faintSign {
		return
	}
	signs := l.sight.Signs
	for i := range signs {
		if s := &signs[i]; s.Kind == kind && s.Name == name && s.Where == t.where && s.Side == t.side {
			if score > s.Score {
				s.Start, s.End, s.Score, s.Why = start, end, score, why
			}
			return
		}
	}
	if len(signs) >= keptSigns {
		l.sight.Cut += end - start
		return
	}
	l.sight.Signs = append(signs, scanner.Sign{
		Kind: kind, Name: name, Side: t.side, Role: t.role, Where: t.where, Start: start, End: end, Score: min(score, 1), Why: why,
	})
}

// allow takes a text off what may still be looked at, and cuts it to that.
func (l *look) allow(left *int, text string) string {
	if len(text) > *left {
		l.sight.Cut += len(text) - *left
		text = strings.ToValidUTF8(text[:*left], "")
	}
	*left -= len(text)
	return text
}

// injection looks for attacks on the model, and for what is hidden in the text. The score is the text's.
func (l *look) injection(t *said) injection.Result {
	text := l.allow(&l.left, t.text)
	if text == "" {
		return injection.Result{}
	}
	r := injection.Scan(text, injection.Options{Role: roleOf(t.role)})
	l.sight.Cut += r.Cut
	if r.Score >= faintInjection {
		for _, name := range r.Techniques {
			best := injection.Span{}
			for _, s := range r.Spans {
				if s.Technique == name && s.Confidence > best.Confidence {
					best = s
				}
			}
			l.sign(t, scanner.SignInjection, string(name), best.Start, best.End, r.Score, sentence(name, best.Why))
		}
	}
	for i := range r.Decoded {
		d := &r.Decoded[i]
		// Encoded text is everyday: what counts is whether it was hidden from people, or speaks to the model.
		score := 0.2
		switch {
		case d.Form == "tags" || d.Form == "variation-selectors" || d.Form == "sneaky-bits":
			score = 0.9
		case r.Attack:
			score = max(0.5, r.Score)
		case strings.Contains(d.Form, " "):
			score = 0.5 // encoded twice
		case len(d.Text) < 12:
			score = 0.1
		}
		l.sign(t, scanner.SignHidden, d.Form, d.Start, d.End, score, "Text is hidden in another as "+d.Form)
	}
	return r
}

// does says what a text of a technique does.
var does = map[injection.Technique]string{
	injection.Override: "tries to set the model's instructions aside", injection.Persona: "gives the model a role without rules",
	injection.Marker: "pretends to be a turn of the system", injection.Leak: "asks for what the model keeps to itself",
	injection.Suppress: "forbids the model to refuse", injection.Prefix: "dictates how the answer begins",
	injection.Fiction: "asks for something forbidden as a story", injection.Authority: "claims an authority",
	injection.Puppetry: "gives orders in the form of a policy", injection.Splitting: "puts orders together from pieces",
	injection.Suffix: "ends in signs as optimisers leave them", injection.Exfil: "wants data carried away",
	injection.Markup: "wants markup that runs in the answer", injection.Hidden: "hides text from people",
	injection.Addressed: "speaks to the model behind the user's back", injection.Encoded: "hides text in an encoding",
	injection.Lookalike: "hides words in look-alike letters",
}

// sentence says what a text does, and by what that was told.
func sentence(name injection.Technique, why string) string {
	what := cmp.Or(does[name], "tries to steer the model")
	if why == "" {
		return "The text " + what
	}
	return "The text " + what + ": " + why
}

// roleOf is who speaks, in the words of package injection.
func roleOf(role string) injection.Role {
	switch role {
	case "system", "developer":
		return injection.System
	case "assistant", "model", "ai", "bot":
		return injection.Assistant
	case "tool", "function":
		return injection.Tool
	case "document":
		return injection.Document
	}
	return injection.User
}

// dull are kinds of personal data that are in every second text and tell nothing by themselves.
var dull = map[string]bool{"URL": true, "DATE_TIME": true, "IP_ADDRESS": true, "MAC_ADDRESS": true, "DE_PLZ": true, "UK_POSTCODE": true}

// sensitive looks for secrets and personal data.
func (l *look) sensitive(t *said) {
	text := l.allow(&l.leftOfData, t.text)
	if len(text) < 4 {
		return
	}
	for _, s := range detect.Scan(text, detect.Options{Least: detect.Likely}) {
		if dull[s.Kind] {
			continue
		}
		kind, why := scanner.SignPersonal, "Personal data: "
		if s.Class == detect.Secret {
			kind, why = scanner.SignSecret, "A secret: "
		}
		l.sign(t, kind, s.Kind, s.Start, s.End, s.Confidence, why+s.Kind)
	}
}

// isAssistant reports whether a role is the model's.
func isAssistant(role string) bool { return roleOf(role) == injection.Assistant }

// host is the host that the request went to.
func (l *look) host() string { return traffic.SplitURL(l.seen.Exchange.Request.URL).Host }
