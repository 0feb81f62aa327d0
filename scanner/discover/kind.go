package discover

import (
	"assay/llm"
	"assay/scanner"
)

// learnKind adds what an exchange was taken for, and settles what the endpoint is.
func (l *lesson) learnKind() {
	c := l.s.Conversation
	r := scanner.Reading{Kind: c.Kind, Provider: c.Provider, Family: c.Family, Confidence: c.Confidence, N: 1}
	if r.Kind == "" {
		r.Kind = llm.KindPlain
	}
	l.listen(&r)
	addReading(l.e, r)
}

// addReading counts a reading, and settles which one the endpoint goes by.
func addReading(e *scanner.Endpoint, r scanner.Reading) {
	f := &e.Facts
	i := 0
	for i < len(f.Readings) && !sameReading(&f.Readings[i], &r) {
		i++
	}
	switch {
	case i < len(f.Readings):
		f.Readings[i].N += r.N
		f.Readings[i].Confidence = max(f.Readings[i].Confidence, r.Confidence)
	case i >= maxReadings:
		f.Cut = true
		return
	default:
		r.Provider, r.Family = keep(r.Provider), keep(r.Family)
		f.Readings = append(f.Readings, r)
	}
	settleKind(e)
}

func sameReading(a, b *scanner.Reading) bool {
	return a.Family == b.Family && a.Kind == b.Kind && a.Provider == b.Provider
}

// settleKind chooses the most certain reading, and of equally certain ones the most frequent. One that was chosen stays
// until another is surer or more than twice as frequent: an endpoint does not change back and forth.
func settleKind(e *scanner.Endpoint) {
	all := e.Facts.Readings
	var plain int64
	for i := range all {
		if all[i].Kind == llm.KindPlain {
			plain += all[i].N
		}
	}
	var best *scanner.Reading
	for i := range all {
		r := &all[i]
		if r.Kind == e.Kind && r.Provider == e.Provider && r.Family == e.Family {
			best = r
		}
	}
	current := best
	for i := range all {
		r := &all[i]
		switch a, b := certainty(r, plain, r == current), certaintyOf(best, plain, best == current); {
		case a > b,
			a == b && best != current && r.N > best.N,
			a == b && best == current && r != current && r.N > 2*best.N:
			best = r
		}
	}
	if best != nil {
		e.Kind, e.Provider, e.Family = best.Kind, best.Provider, best.Family
	}
}

func certaintyOf(r *scanner.Reading, plain int64, chosen bool) int {
	if r == nil {
		return -1
	}
	return certainty(r, plain, chosen)
}

// certainty ranks readings. A reading that rests on a shape alone must be frequent beside exchanges that are plain:
// one of a hundred that looks like a chat is a coincidence. The one that was chosen may become rarer before it goes.
func certainty(r *scanner.Reading, plain int64, chosen bool) int {
	rank := int(r.Confidence) * 2
	share := int64(0) // how many plain exchanges one such may stand against
	switch {
	case r.Kind == llm.KindPlain:
		return 1
	case r.Kind == llm.KindSaaS:
		return int(llm.Sure) * 2 // its host says so
	case r.Confidence == llm.Low || r.Confidence == 0:
		share = 4
	case r.Confidence == llm.Likely:
		share = 20
	}
	if chosen {
		share *= 3
	}
	if share > 0 && r.N*share < plain {
		return 0
	}
	if !ownServers[r.Provider] {
		rank++ // who says more knows more
	}
	return rank
}
