package detect

import (
	"cmp"
	"slices"
	"strings"
)

// Class sorts kinds by what their leak would mean.
type Class string

// The classes.
const (
	Personal Class = "personal" // about a person
	Secret   Class = "secret"   // opens something
)

// Span is a thing found in a text.
type Span struct {
	Kind       string // EMAIL_ADDRESS, IBAN_CODE, … (Kinds lists them)
	Class      Class
	Start, End int     // bytes of the text
	Confidence float64 // 0 to 1
}

// Confidence levels worth a name.
const (
	Weak   = 0.05 // the form alone, which ordinary numbers and words have too
	Form   = 0.3  // a form, or a checksum of one digit, that chance gives now and then
	Likely = 0.6  // a form that is rare by chance, or words nearby say so
	Sure   = 0.9  // a checksum that chance hardly passes, or form and words agree
)

// Options say what Scan reports.
type Options struct {
	Least float64 // only spans at least as sure; zero reports everything
	Key   string  // the name the text stands under (a JSON member, a header, a parameter); empty where it has none
	Only  Class   // only spans of this class, which takes less time; empty: of all
}

// maxKey bounds how much of a name is looked at, in bytes.
const maxKey = 256

// most is how often one kind is looked at closely in a text of so many bytes: a text that is full of one thing costs
// bounded time.
func most(length int) int { return 200 + length/256 }

// Scan finds personal data and secrets in a text, in order of their place. Of spans that overlap and mean the same class
// only the surest stay, unless they are of different kinds and equally sure. Of secrets of one kind, and of telephone
// numbers, it finds the first 200 and then at most one in 256 bytes.
func Scan(text string, o Options) []Span { return (*Detector)(nil).Scan(text, o) }

// Scan finds what the function Scan does, and custom types.
func (d *Detector) Scan(text string, o Options) []Span {
	whole, lead := underName(o.Key, text)
	s := &subject{text: whole, least: o.Least}
	if o.Only != Secret {
		s.personal()
	}
	if o.Only != Personal {
		s.secret()
	}
	spans := s.spans
	if lead > 0 {
		spans = inside(spans, lead, len(text))
	}
	if d != nil {
		spans = append(spans, d.custom(text, o)...)
	}
	return settle(spans)
}

// underName is a text as it is written under its name, and where it begins: the words in the name then stand near, and
// rules that want a name have one.
func underName(key, text string) (whole string, start int) {
	if key == "" {
		return text, 0
	}
	key = key[:min(len(key), maxKey)]
	var b strings.Builder
	b.Grow(3*len(key) + len(text) + 8)
	b.WriteByte('"')
	if spaced(&b, key) {
		b.WriteByte(' ')
		for i := range len(key) {
			if key[i] != '"' {
				b.WriteByte(key[i])
			}
		}
	}
	b.WriteString(`": "`)
	start = b.Len()
	b.WriteString(text)
	b.WriteByte('"')
	return b.String(), start
}

// spaced writes a name with spaces between its words, without quotes, and reports whether there are any: cardNumber,
// card_number and card-number are card number.
func spaced(b *strings.Builder, key string) (several bool) {
	for i := range len(key) {
		c := key[i]
		switch {
		case c == '_' || c == '-' || c == '.':
			c, several = ' ', true
		case c >= 'A' && c <= 'Z' && i > 0 && key[i-1] >= 'a' && key[i-1] <= 'z':
			b.WriteByte(' ')
			several = true
		case c == '"':
			continue
		}
		b.WriteByte(c)
	}
	return several
}

// inside keeps the spans of the value and gives them its offsets.
func inside(spans []Span, from, length int) []Span {
	kept := spans[:0]
	for _, s := range spans {
		s.Start, s.End = s.Start-from, min(s.End-from, length)
		if s.Start >= 0 && s.End > s.Start {
			kept = append(kept, s)
		}
	}
	return kept
}

// settle sorts spans and drops those that a surer one covers.
func settle(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End), cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.Kind, b.Kind))
	})
	var kept []Span
	from, reach := 0, 0 // spans from here on may reach what follows
	for i, x := range spans {
		if x.Start >= reach {
			from = i
		}
		reach = max(reach, x.End)
		covered := false
		for j := max(from, i-maxOverlaps); j < len(spans) && j < i+maxOverlaps && spans[j].Start < x.End && !covered; j++ {
			covered = j != i && covers(spans[j], x, j < i)
		}
		if !covered {
			kept = append(kept, x)
		}
	}
	return kept
}

// maxOverlaps bounds how many neighbours a span is compared with: hostile texts make many that overlap.
const maxOverlaps = 64

// covers reports whether y makes x superfluous; first tells that it comes first of two that are equal.
func covers(y, x Span, first bool) bool {
	if x.Class != y.Class || y.Start >= x.End || x.Start >= y.End {
		return false
	}
	switch {
	case y.Kind == x.Kind:
		longer, equal := y.End-y.Start > x.End-x.Start, y.End-y.Start == x.End-x.Start
		return longer || equal && (first || y.Start == x.Start && y.Confidence > x.Confidence)
	case y.Confidence >= Likely && x.Confidence < Likely/2 && y.Start <= x.Start && y.End >= x.End && y.End-y.Start > x.End-x.Start:
		return true // a card number is no postcode
	}
	return x.Class == Secret && x.Confidence < y.Confidence // the provider's own rule says more than the generic one
}

// subject is a text that is being scanned.
type subject struct {
	text  string
	least float64
	spans []Span

	phoned int // numbers that were looked up in numbering plans

	said   []mention
	worded bool
}

func (s *subject) add(kind string, start, end int, confidence float64) {
	if confidence >= s.least {
		s.spans = append(s.spans, Span{Kind: kind, Class: Personal, Start: start, End: end, Confidence: confidence})
	}
}
