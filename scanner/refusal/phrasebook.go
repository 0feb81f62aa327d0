package refusal

import (
	"slices"
	"strings"
	"sync"
)

// class says what an English phrase speaks for.
type class uint8

// The classes; each has a list of phrases.
const (
	clsRuling class = iota
	clsTerms
	clsIdiom
	clsBounding
	clsMoral
	clsMoralWeak
	clsRedirect
	clsCrisis
	clsStance
	clsPointing
	clsWilling
	clsGiving
	clsReversal
	clsNonsense
	clsSorry
	clsAccess
	clsAsking
	clsPrivate
	clsButting
	clsSinking
	clsBelief
	clsEnglish
	clsForm
	clsNegation
	classes
)

// phrase is one entry of the book, with a space before and after it.
type phrase struct {
	text  string
	class class
	index int // of a negation
}

// book finds all phrases by their first word, in one pass over a sentence.
var book = sync.OnceValue(func() map[string][]phrase {
	all := map[string][]phrase{}
	put := func(c class, index int, texts ...string) {
		for _, t := range texts {
			first, _, _ := strings.Cut(t[1:], " ")
			all[first] = append(all[first], phrase{t, c, index})
		}
	}
	for c, list := range [][]string{
		clsRuling: ruling, clsTerms: {" terms and "}, clsIdiom: idioms, clsBounding: bounding, clsMoral: moralStrong, clsMoralWeak: moralWeak,
		clsRedirect: redirecting, clsCrisis: crises, clsStance: stances, clsPointing: pointings, clsWilling: willings, clsGiving: givings,
		clsReversal: reversals, clsNonsense: nonsenses, clsSorry: sorries, clsAccess: accesses, clsAsking: asking, clsPrivate: private,
		clsButting: butting, clsSinking: sinking, clsBelief: beliefs, clsEnglish: englishWords,
		clsForm: slices.Concat(notMineWords, breakingWords, keptWords, []string{" answer ", " so no "}),
	} {
		put(class(c), 0, list...) //nolint:gosec // few
	}
	for i, n := range negations {
		put(clsNegation, i, " "+n.words+" ")
	}
	return all
})

// hits are the phrases of one sentence.
type hits struct {
	count   [classes]uint8
	denials []denial
}

// denial is where a negation stands among the words.
type denial struct{ start, end, index int }

func (h *hits) has(c class) bool      { return h.count[c] > 0 }
func (h *hits) many(c class) float64  { return float64(h.count[c]) }
func (h *hits) whole(c class) float64 { return b2f(h.count[c] > 0) }

// lookUp finds the phrases of a sentence, written as tokens writes it.
func lookUp(words string) hits {
	var h hits
	known := book()
	for i := 0; i+1 < len(words); {
		end := strings.IndexByte(words[i+1:], ' ')
		if end < 0 {
			break
		}
		for _, p := range known[words[i+1:i+1+end]] {
			if !strings.HasPrefix(words[i:], p.text) {
				continue
			}
			if h.count[p.class] < 250 {
				h.count[p.class]++
			}
			if p.class == clsNegation && len(h.denials) < 32 {
				h.denials = append(h.denials, denial{i + 1, i + len(p.text) - 1, p.index})
			}
		}
		i += end + 1
	}
	return h
}
