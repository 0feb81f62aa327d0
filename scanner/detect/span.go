package detect

import (
	"cmp"
	"slices"
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
}

// Scan finds personal data and secrets in a text, in order of their place. Of spans that overlap and mean the same class
// only the surest stay, unless they are of different kinds and equally sure.
func Scan(text string, o Options) []Span {
	s := &subject{text: text, least: o.Least}
	s.personal()
	s.secret()
	return settle(s.spans)
}

// settle sorts spans and drops those that a surer one covers.
func settle(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End), cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.Kind, b.Kind))
	})
	var kept []Span
	for i, x := range spans {
		covered := false
		for j, y := range spans {
			if i == j || x.Class != y.Class || y.Start >= x.End || x.Start >= y.End {
				continue
			}
			if y.Kind == x.Kind {
				longer := y.End-y.Start > x.End-x.Start
				covered = covered || longer || (y.Start == x.Start && y.End == x.End && j < i) || (y.End-y.Start == x.End-x.Start && j < i)
			} else if y.Confidence >= Likely && x.Confidence < Likely/2 && y.Start <= x.Start && y.End >= x.End && y.End-y.Start > x.End-x.Start {
				covered = true // a card number is no postcode
			} else if x.Class == Secret && x.Confidence < y.Confidence {
				covered = true // the provider's own rule says more than the generic one
			}
		}
		if !covered {
			kept = append(kept, x)
		}
	}
	return kept
}

// subject is a text that is being scanned.
type subject struct {
	text  string
	least float64
	spans []Span
}

func (s *subject) add(kind string, start, end int, confidence float64) {
	if confidence >= s.least {
		s.spans = append(s.spans, Span{Kind: kind, Class: Personal, Start: start, End: end, Confidence: confidence})
	}
}
