package rule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"assay/scanner"
)

// Match is one rule that holds.
type Match struct {
	Rule     *Rule
	Severity scanner.Severity // with what a person set
	Group    string           // within which it was counted: actor, endpoint…; one threat for each
	Signs    []scanner.Sign   // that count; of this exchange
	Alarm    *scanner.Alarm   // of a rule over a baseline
	Count    float64          // of a window
	Seen     string           // one sentence; it quotes nothing of the traffic
	Usual    string
	Past     []scanner.Moment // of a window: what it counted before this exchange, oldest first, as far as kept
}

// Bounds of what a Set remembers, for floods of actors.
const (
	mostGroups   = 50_000    // all rules together
	mostWeight   = 4_000_000 // of all groups, in values of 16 bytes
	mostArrivals = 100_000   // actors whose first exchange is known
	mostSigns    = 32        // of one match
)

// Set is all rules that are on, with what they have counted so far. It is not safe for concurrent use; Single is.
type Set struct {
	rules    []*Rule
	active   []*active
	single   []*active
	arrivals arrivals
	groups   int
	weight   int
	now      int64 // when the exchange began that was seen last, Unix milliseconds
	cut      int64
	unread   atomic.Int64
	view     *view
	views    sync.Pool
}

// active is a rule that is on, as a person set it, with what it counts.
type active struct {
	*Rule
	severity scanner.Severity
	whereAt  int     // which of the set's filters is this rule's
	least    float64 // of signs and alarms, in place of the rule's own; 0: nothing
	limit    float64 // of the window
	groups   map[string]*group
	sweep    int     // so many groups are worth looking for those that are over
	most     float64 // what a group came to, at most
}

// NewSet returns a set of rules as a person set them. Settings of rules that are not there are ignored. It fails where
// two rules have one id, and where there are too many.
func NewSet(rules []*Rule, settings []scanner.RuleSetting) (*Set, error) {
	if len(rules) > maxRules {
		return nil, fmt.Errorf("there are %d rules; there may be %d", len(rules), maxRules)
	}
	s := &Set{rules: slices.Clone(rules), view: &view{}, arrivals: arrivals{first: map[uint64]int64{}}}
	s.view.set = s
	filters := map[string]int{}
	set := map[string]scanner.RuleSetting{}
	for _, setting := range settings {
		set[setting.Rule] = setting
	}
	taken := map[string]*Rule{}
	for _, r := range rules {
		if first := taken[r.ID]; first != nil {
			return nil, fmt.Errorf("two rules have the id %q: %s and %s", r.ID, first.File, r.File)
		}
		taken[r.ID] = r
		setting := set[r.ID]
		if setting.Off {
			continue
		}
		a := &active{Rule: r, severity: cmp.Or(setting.Severity, r.Severity), sweep: 1000}
		if r.window != nil {
			a.groups, a.limit = map[string]*group{}, r.window.limit
			if setting.Threshold > 0 {
				a.limit = setting.Threshold
			}
		} else {
			a.least = max(setting.Threshold, 0)
		}
		if r.where != nil {
			at, known := filters[r.where.text]
			if !known {
				at = len(filters)
				filters[r.where.text] = at
			}
			a.whereAt = at
		}
		s.active = append(s.active, a)
		if r.Single {
			s.single = append(s.single, a)
		}
		s.arrivals.asked = s.arrivals.asked || r.asksArrival()
	}
	s.view.wheres = make([]int8, len(filters))
	s.views.New = func() any { return &view{wheres: make([]int8, len(filters))} }
	return s, nil
}

// Rules returns all rules, those that are off too.
func (s *Set) Rules() []*Rule { return slices.Clone(s.rules) }

// Cut is how many counters were dropped because there were too many.
func (s *Set) Cut() int64 { return s.cut + s.arrivals.cut }

// Unread is how many bytes of texts rules did not search because there were too many.
func (s *Set) Unread() int64 { return s.unread.Load() }

// Single returns the rules that hold for one exchange alone. It counts nothing, and is safe for concurrent use.
func (s *Set) Single(sight *scanner.Sight) []Match {
	v := s.views.Get().(*view)
	defer s.views.Put(v)
	v.reset(sight, nil)
	var matches []Match
	for _, a := range s.single {
		if a.met(v) {
			matches = append(matches, a.match(v))
		}
	}
	s.unread.Add(int64(v.unread))
	v.sight = nil
	return matches
}

// Observe takes one exchange into account and returns the rules that hold now. A rule with a window holds again with
// every exchange that counts, as long as the window has enough.
func (s *Set) Observe(sight *scanner.Sight, alarms []scanner.Alarm) []Match {
	v := s.view
	v.reset(sight, alarms)
	s.now = sight.At.UnixMilli()
	s.arrivals.note(sight.Actor, sight.At)
	var matches []Match
	for _, a := range s.active {
		if a.window == nil {
			if a.met(v) {
				matches = append(matches, a.match(v))
			}
			continue
		}
		if m, holds := s.counted(a, v); holds {
			matches = append(matches, m)
		}
	}
	s.unread.Add(int64(v.unread))
	v.sight, v.alarms = nil, nil
	return matches
}

// met tells whether filter and condition hold.
func (a *active) met(v *view) bool {
	if a.needs != 0 && a.needs&v.mask == 0 {
		return false
	}
	v.least, v.when = a.least, a.when
	if a.when == nil {
		return v.passes(a)
	}
	// What costs least is tried first: signs and addresses are there already, other texts have to be searched.
	if a.needs != 0 || a.cheap {
		return a.when.holds(v) && v.passes(a)
	}
	return v.passes(a) && a.when.holds(v)
}

// counted lets a rule with a window take an exchange into account.
func (s *Set) counted(a *active, v *view) (Match, bool) {
	w := a.window
	met := a.met(v)
	switch {
	case met:
	case w.by == byRate:
		if !v.passes(a) {
			return Match{}, false
		}
	case w.by == byRow:
		if len(a.groups) > 0 && v.passes(a) { // the row is broken
			if key, known := w.group(v); known {
				s.drop(a, key)
			}
		}
		return Match{}, false
	default:
		return Match{}, false
	}
	key, known := w.group(v)
	if !known {
		return Match{}, false
	}
	g := s.group(a, key)
	before := g.weight()
	count, enough := w.count(g, v, met, a.limit, a.what(v, met))
	s.weight += g.weight() - before
	a.most = max(a.most, count)
	if s.weight > mostWeight {
		s.shed()
	}
	if !enough || !met {
		return Match{}, false
	}
	m := a.match(v)
	m.Group, m.Count, m.Past = key, count, g.past(v.sight)
	if w.by == byChange {
		m.Seen = saidOfTools(v.changed)
	}
	m.Seen = a.saidOf(count, m.Seen)
	return m, true
}

// past are the marks that no match has named yet, but for that of the exchange itself.
func (g *group) past(now *scanner.Sight) []scanner.Moment {
	var past []scanner.Moment
	for i := range g.marks {
		m := &g.marks[i]
		own := i == len(g.marks)-1 && m.exchange == now.Exchange && m.at == now.At.UnixMilli()
		if !m.told && !own && m.v > 0 {
			past = append(past, scanner.Moment{Exchange: m.exchange, At: time.UnixMilli(m.at).UTC(), What: m.what, Weight: m.v})
		}
		m.told = true
	}
	return past
}

// group finds what was counted, or makes room for it.
func (s *Set) group(a *active, key string) *group {
	if g := a.groups[key]; g != nil {
		return g
	}
	if len(a.groups) >= a.sweep {
		s.sweep(a)
	}
	if s.groups >= mostGroups {
		s.shed()
	}
	g := &group{}
	a.groups[strings.Clone(key)] = g
	s.groups++
	s.weight += g.weight()
	return g
}

func (s *Set) drop(a *active, key string) {
	if g := a.groups[key]; g != nil {
		delete(a.groups, key)
		s.groups--
		s.weight -= g.weight()
	}
}

// sweep drops the groups of a rule in which nothing counts any more, at the time of the exchange that was seen last.
func (s *Set) sweep(a *active) {
	if a.window.within > 0 && s.now > 0 {
		from := s.now - a.window.within.Milliseconds()
		for key, g := range a.groups {
			if g.newest <= from {
				s.drop(a, key)
			}
		}
	}
	a.sweep = max(1000, 2*len(a.groups))
}

// shed makes room: it drops the fifth of all groups that was not counted in for longest.
func (s *Set) shed() {
	type held struct {
		a      *active
		key    string
		newest int64
	}
	for _, a := range s.active {
		if a.window != nil {
			s.sweep(a)
		}
	}
	var all []held
	for _, a := range s.active {
		for key, g := range a.groups {
			all = append(all, held{a, key, g.newest})
		}
	}
	slices.SortFunc(all, func(x, y held) int {
		return cmp.Or(cmp.Compare(x.newest, y.newest), cmp.Compare(x.a.ID, y.a.ID), cmp.Compare(x.key, y.key))
	})
	for _, h := range all[:(len(all)+4)/5] {
		s.drop(h.a, h.key)
		s.cut++
	}
}

// arrivals are when actors were first seen, for rules that ask for it.
type arrivals struct {
	asked bool
	began int64            // the first exchange of all, Unix milliseconds; 0: none yet
	first map[uint64]int64 // by the hash of the actor's key
	cut   int64
}

func (a *arrivals) note(actor scanner.ActorKey, at time.Time) {
	if !a.asked || actor == "" {
		return
	}
	ms := at.UnixMilli()
	if a.began == 0 || ms < a.began {
		a.began = ms
	}
	hash := hashOf(string(actor))
	if known, ok := a.first[hash]; ok {
		if ms < known {
			a.first[hash] = ms
		}
		return
	}
	if len(a.first) >= mostArrivals { // who is not known is not called new
		a.cut++
		return
	}
	a.first[hash] = ms
}

// young tells whether an actor is new. While the watch itself is younger than that, everybody would be.
func (a *arrivals) young(actor scanner.ActorKey, at time.Time, most time.Duration) bool {
	first, known := a.first[hashOf(string(actor))]
	return known && at.UnixMilli()-first <= most.Milliseconds() && first-a.began > most.Milliseconds()
}
