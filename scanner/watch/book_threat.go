package watch

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"assay/scanner"
	"assay/scanner/rule"
	"assay/traffic"
)

// cause is what makes matches one threat, as long as the rule's cool-down is not over.
type cause struct{ rule, group string }

// open is a threat that may go on.
type open struct {
	threat *scanner.Threat
	until  time.Time // of its timeline: what a window counted up to then is told
	faint  bool      // it came together out of faint signs: those that follow belong to it
}

// flood counts how many threats a rule made of one day, so that whoever makes up a new group for each request cannot make
// a threat of each.
type flood struct {
	day time.Time
	n   int
}

// mostPerDay is how many threats a rule makes of a day of traffic. What else it sees that day is one threat more.
const mostPerDay = 200

// all is the group of what is beyond mostPerDay.
const all = "*"

// reopen takes back a threat that was kept.
func (b *Book) reopen(t *scanner.Threat) {
	c := cause{t.Rule, t.Group}
	if had := b.open[c]; had == nil || had.threat.Last.Before(t.Last) {
		b.open[c] = &open{threat: t, until: t.Last}
		if r := b.rules[t.Rule]; r != nil && t.Slow && t.Score > 0 {
			b.becameFaint(b.open[c], r)
		}
	}
}

// raise makes a match part of a threat: of one that goes on, or of a new one.
func (b *Book) raise(m *rule.Match, s *scanner.Sight, t *batch) {
	c := cause{m.Rule.ID, m.Group}
	o := b.open[c]
	if o == nil || !o.goesOn(m.Rule, s.At) {
		if b.flooded(m.Rule.ID, s.At) {
			c.group = all
			t.watched.Cut++
			o = b.open[c]
		}
		if o == nil || !o.goesOn(m.Rule, s.At) {
			o = b.begin(m, s, c.group)
			b.open[c] = o
		}
	}
	b.add(o, m, s, t)
}

// goesOn reports whether what is seen at a moment is the same threat still.
func (o *open) goesOn(r *rule.Rule, at time.Time) bool {
	if o.threat.State == scanner.ThreatClosed {
		return false
	}
	return !at.After(o.threat.Last.Add(min(r.Cooldown, openFor)))
}

// mostOpen is how many threats are held that may go on.
const mostOpen = 20_000

// restThreats forgets threats that are over, when there are many; where they are not over yet, those seen last least
// recently.
func (b *Book) restThreats() {
	if len(b.open) <= mostOpen {
		return
	}
	causes := slices.SortedFunc(maps.Keys(b.open), func(x, y cause) int {
		return cmp.Or(b.open[x].threat.Last.Compare(b.open[y].threat.Last), cmp.Compare(x.rule, y.rule), cmp.Compare(x.group, y.group))
	})
	for i, c := range causes {
		if i >= mostOpen/5 && b.open[c].threat.Last.Add(openFor).After(b.newest) {
			break
		}
		delete(b.faint, b.open[c].threat.Actor)
		delete(b.open, c)
	}
}

func (b *Book) flooded(id string, at time.Time) bool {
	f, day := b.flood[id], at.Truncate(24*time.Hour)
	if f == nil || !f.day.Equal(day) {
		f = &flood{day: day}
		b.flood[id] = f
	}
	f.n++
	return f.n > mostPerDay
}

// begin makes a new threat of a match.
func (b *Book) begin(m *rule.Match, s *scanner.Sight, group string) *open {
	b.last++
	r := m.Rule
	t := &scanner.Threat{
		ID: b.last, Rule: r.ID, Title: cmp.Or(r.Name, r.ID), Severity: m.Severity, OWASP: r.OWASP, ASI: r.ASI, ATLAS: r.ATLAS, Advice: r.Advice,
		Actor: s.Actor, Group: group, Host: s.Host, Endpoint: s.Endpoint, Model: s.Model, Conversation: s.Conversation,
		First: s.At, Last: s.At, Raised: s.At, State: scanner.ThreatNew,
	}
	if group == all {
		t.Actor, t.Conversation = "", 0
	}
	return &open{threat: t}
}

// slowFrom is from how long a past on a threat came together slowly.
const slowFrom = 6 * time.Hour

// add makes a match part of a threat, with what the rule counted before.
func (b *Book) add(o *open, m *rule.Match, s *scanner.Sight, t *batch) {
	one := o.threat
	past := m.Past
	if len(past) == 0 && m.Alarm != nil {
		past = m.Alarm.Past
	}
	for _, p := range past {
		if p.Exchange == s.Exchange && p.Exchange != 0 || !o.until.IsZero() && !p.At.After(o.until) {
			continue
		}
		p.Threat = one.ID
		t.watched.Moments = append(t.watched.Moments, p)
		one.Count++
		one.First = earlier(one.First, p.At)
	}
	one.Count++
	one.First = earlier(one.First, s.At)
	one.Last = later(one.Last, s.At)
	o.until = one.Last
	if m.Alarm != nil && m.Alarm.Slow {
		b.becameFaint(o, m.Rule)
	}
	one.Slow = one.Slow || m.Alarm != nil && m.Alarm.Slow || len(past) > 1 && one.Raised.Sub(one.First) >= slowFrom
	one.Severity = cmp.Or(m.Severity, one.Severity)
	one.Usual, one.Seen = cmp.Or(m.Usual, one.Usual), cmp.Or(m.Seen, one.Seen, one.Title)
	if m.Alarm != nil {
		one.Score = max(one.Score, m.Alarm.Score)
	}
	t.watched.Moments = append(t.watched.Moments, scanner.Moment{
		Threat: one.ID, Exchange: s.Exchange, At: s.At, What: cmp.Or(m.Seen, one.Title), Weight: weight(m), Signs: few(m.Signs),
	})
	t.keep(one)
}

// keep notes that a threat changed: it is kept as it is now.
func (t *batch) keep(one *scanner.Threat) {
	if t.threats[one.ID] == nil {
		kept := *one
		t.threats[one.ID] = &kept
		t.watched.Threats = append(t.watched.Threats, &kept)
	} else {
		*t.threats[one.ID] = *one
	}
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// weight is what a match adds to its threat.
func weight(m *rule.Match) float64 {
	if m.Alarm != nil {
		return m.Alarm.Weight
	}
	most := 0.0
	for i := range m.Signs {
		most = max(most, m.Signs[i].Score)
	}
	return cmp.Or(most, 1)
}

// mostSigns is how many signs a moment names.
const mostSigns = 20

func few(signs []scanner.Sign) []scanner.Sign {
	return slices.Clone(signs[:min(len(signs), mostSigns)])
}

// except is an exception, read.
type except struct {
	scanner.Exception
	where *traffic.Query
}

func readExceptions(list []scanner.Exception) ([]except, error) {
	var read []except
	for _, e := range list {
		x := except{Exception: e}
		if e.Where != "" {
			q, err := traffic.Parse(e.Where)
			if err != nil {
				return nil, fmt.Errorf("the exception %d: %w", e.ID, err)
			}
			x.where = q
		}
		read = append(read, x)
	}
	return read, nil
}

// excepted reports whether a person called this harmless.
func (b *Book) excepted(m *rule.Match, s *scanner.Sight) bool {
	return slices.ContainsFunc(b.excepts, func(x except) bool {
		return (x.Rule == "*" || x.Rule == m.Rule.ID) && (x.Actor == "" || x.Actor == s.Actor) &&
			(x.where == nil || s.Facts != nil && x.where.Match(s.Facts, s.At))
	})
}
