package judge

import "assay/scanner"

// RefusalKind says how much of an answer declines.
type RefusalKind string

// The kinds of refusal.
const (
	None    RefusalKind = "none"    // it answers, or asks back, or says what it cannot know
	Partial RefusalKind = "partial" // it declines and answers in part
	Full    RefusalKind = "full"    // it declines, and nothing of what was asked follows
)

// Refusal is what is found of declining in an answer.
type Refusal struct {
	Kind       RefusalKind
	Spans      []RefusalSpan
	Phrase     string
	Language   string
	Confidence float64
}

// RefusalSpan is where an answer declines.
type RefusalSpan struct {
	Start, End int
}

// Guard is what is known of a target's own guard.
type Guard struct{}

// Is reports whether an answer is one of the guard's.
func (g *Guard) Is(string) bool { return false }

// FindRefusal tells whether an answer declines.
func FindRefusal(text string, _ *Guard) Refusal { return Refusal{Kind: None} }

func (r *Refusal) evidence(t *trial) []scanner.Evidence {
	var all []scanner.Evidence
	l := located{inAnswer, t.text}
	for _, s := range r.Spans {
		all = append(all, l.show("refusal", s.Start, s.End, "the target declines here"))
	}
	return all
}

func refusingSentence(string) bool { return false }

// Language tells the language of a text.
func Language(string) string { return "" }
