package watch

import (
	"cmp"
	"slices"
	"strings"

	"assay/scanner"
	"assay/scanner/rule"
)

// A slow risk is one alarm for as long as it lasts. What else its actor does meanwhile that could add to it is part of
// the timeline of the threat, so that a person sees how it went on.

// faintKinds are signs that add to a slow risk.
var faintKinds = []scanner.SignKind{
	scanner.SignInjection, scanner.SignHidden, scanner.SignLeak, scanner.SignExfil, scanner.SignAttack, scanner.SignToolCall, scanner.SignPoisoned,
	scanner.SignRefusal, scanner.SignGibberish, scanner.SignDrift,
}

// becameFaint notes that a threat came together out of faint signs.
func (b *Book) becameFaint(o *open, r *rule.Rule) {
	actor := o.threat.Actor
	if o.faint = true; actor != "" && !slices.Contains(b.faint[actor], r) {
		b.faint[actor] = append(b.faint[actor], r)
	}
}

// goOn adds what could belong to a slow threat of the actor that goes on, unless the rule has just spoken of it.
func (b *Book) goOn(s *scanner.Sight, matches []rule.Match, t *batch) {
	if s.Actor == "" {
		return
	}
	for _, r := range b.faint[s.Actor] {
		o := b.open[cause{r.ID, string(s.Actor)}]
		if o == nil || !o.faint || !o.goesOn(r, s.At) || slices.ContainsFunc(matches, func(m rule.Match) bool { return m.Rule.ID == r.ID }) {
			continue
		}
		var signs []scanner.Sign
		for i := range s.Signs {
			if slices.Contains(faintKinds, s.Signs[i].Kind) {
				signs = append(signs, s.Signs[i])
			}
		}
		if len(signs) == 0 {
			return
		}
		best := slices.MaxFunc(signs, func(x, y scanner.Sign) int { return cmp.Compare(x.Score, y.Score) })
		one := o.threat
		one.Count++
		one.Last = later(one.Last, s.At)
		o.until = one.Last
		t.watched.Moments = append(t.watched.Moments, scanner.Moment{
			Threat: one.ID, Exchange: s.Exchange, At: s.At, What: strings.TrimSuffix(whatOf(&best), "."), Weight: best.Score, Signs: few(signs),
		})
		t.keep(one)
	}
}

// whatOf says what a sign is, for a line of a timeline.
func whatOf(s *scanner.Sign) string {
	if s.Why != "" {
		return s.Why
	}
	return strings.TrimSpace(string(s.Kind) + " " + s.Name)
}
