package population

import (
	"cmp"
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// Kind names what an attacker does.
type Kind string

// The kinds of attack: six that are over within hours, and six that take days.
const (
	Stuffing    Kind = "credential-stuffing" // many log-ins that fail
	Jailbreaks  Kind = "jailbreak-burst"     // one jailbreak after the other
	TokenFlood  Kind = "token-flood"         // prompts and answers as long as they get
	CostSpike   Kind = "cost-spike"          // a dear model, as fast as it answers
	ToolAbuse   Kind = "tool-abuse"          // calls of tools that nobody asked for
	Scraping    Kind = "scraping"            // reads record after record
	Crescendo   Kind = "crescendo"           // few conversations, led on over days
	Probing     Kind = "prompt-probing"      // asks for the system prompt, a few times a day
	Extraction  Kind = "model-extraction"    // steady and diverse questions round the clock
	Enumeration Kind = "slow-enumeration"    // guesses paths and numbers, a few an hour
	Refusals    Kind = "refusal-probing"     // looks for what is refused and what is not
	StolenKey   Kind = "stolen-key"          // somebody else at night
)

// Kinds lists every kind, fast ones first.
func Kinds() []Kind {
	return []Kind{
		Stuffing, Jailbreaks, TokenFlood, CostSpike, ToolAbuse, Scraping,
		Crescendo, Probing, Extraction, Enumeration, Refusals, StolenKey,
	}
}

// Slow reports whether the kind takes days.
func (k Kind) Slow() bool { return slices.Index(Kinds(), k) >= 6 }

// Options say which population. The zero value is 10,000 actors over 14 days.
type Options struct {
	Seed   uint64
	Actors int       // 0: 10,000
	Days   int       // 0: 14; at least 10
	Start  time.Time // its day is the first; zero: Monday, 2 March 2026
	// Share of actors that are part of an attack, 0 to 0.5; 0: 0.024. Negative: no attack.
	Share float64
	// Mix weighs the kinds against each other; nil: all alike.
	Mix map[Kind]float64
}

// Bounds of a population.
const (
	mostActors = 200_000
	mostDays   = 120
	leastDays  = 10
)

func (o Options) settled() Options {
	o.Actors = min(cmp.Or(max(o.Actors, 0), 10_000), mostActors)
	o.Days = min(max(cmp.Or(o.Days, 14), leastDays), mostDays)
	if o.Start.IsZero() {
		o.Start = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	}
	o.Start = o.Start.UTC().Truncate(24 * time.Hour)
	o.Share = min(cmp.Or(o.Share, 0.024), 0.5)
	return o
}

// Truth is one attack that was planted.
type Truth struct {
	Kind  Kind             `json:"kind"`
	Actor scanner.ActorKey `json:"actor"`
	Fresh bool             `json:"fresh"` // the actor does nothing but attack; others have a past, and go on with it
	From  time.Time        `json:"from"`
	To    time.Time        `json:"to"`
	First int64            `json:"first"` // sights counted from 0, known once they were made
	Last  int64            `json:"last"`
	Count int              `json:"count"` // requests
}

// Population is actors and what they do.
type Population struct {
	options Options
	people  []*person
	attacks []*attack
	steps   []step // of all attacks, in the order of time
}

// New makes up a population.
func New(o Options) *Population {
	p := &Population{options: o.settled()}
	r := dice(p.options.Seed, 1, 0)
	for i := range p.options.Actors {
		p.people = append(p.people, newPerson(p.options, i, r))
	}
	p.plant(r)
	return p
}

// Actors returns the keys of all actors, those that only attack too.
func (p *Population) Actors() []scanner.ActorKey {
	keys := make([]scanner.ActorKey, len(p.people))
	for i, one := range p.people {
		keys[i] = one.key
	}
	return keys
}

// Truth returns the attacks in the order in which they begin. First and Last are those of the last pass over Sights.
func (p *Population) Truth() []Truth {
	all := make([]Truth, len(p.attacks))
	for i, a := range p.attacks {
		all[i] = a.Truth
	}
	return all
}

// Sights yields what is seen, in the order of time, and for requests of an attack its place in Truth; −1 for all others.
// A sight is valid until the next one. Only one pass may be under way at a time.
func (p *Population) Sights() iter.Seq2[int, *scanner.Sight] {
	return func(yield func(int, *scanner.Sight) bool) {
		s := newSighted()
		for e := range p.events() {
			if !yield(e.attack, s.see(&e)) {
				return
			}
		}
	}
}

// events yields what happens, hour by hour.
func (p *Population) events() iter.Seq[event] {
	return func(yield func(event) bool) {
		for _, one := range p.people {
			one.begin()
		}
		for _, a := range p.attacks {
			a.threads = [mostTalks]traffic.ID{}
		}
		w := newWeather(p.options)
		var hour []step
		var index int64
		planted := p.steps
		for h := range p.options.Days * 24 {
			hour = hour[:0]
			end := time.Duration(h+1) * time.Hour
			for i, one := range p.people {
				hour = one.hour(hour, i, h, p.options)
			}
			for len(planted) > 0 && planted[0].at < end {
				hour, planted = append(hour, planted[0]), planted[1:]
			}
			slices.SortFunc(hour, func(a, b step) int {
				return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.who, b.who), cmp.Compare(a.n, b.n))
			})
			r := dice(p.options.Seed, 3, uint64(h))
			for _, s := range hour {
				e := p.event(s, w, r)
				e.id = traffic.ID(index + 1)
				p.mark(&e, index)
				if !yield(e) {
					return
				}
				index++
			}
		}
	}
}

// mark notes where an attack begins and ends, and gives a conversation the number of its first turn.
func (p *Population) mark(e *event, index int64) {
	if e.talk == -1 {
		e.talk, e.who.talk = e.id, e.id
	}
	if e.attack < 0 {
		return
	}
	a := p.attacks[e.attack]
	if e.n == 0 {
		a.First = index
	}
	a.Last = index
	if e.talk < -1 {
		thread := &a.threads[-2-e.talk]
		*thread = cmp.Or(*thread, e.id)
		e.talk = *thread
	}
}

// step is one request that somebody is going to make.
type step struct {
	at     time.Duration // since the start
	who    int32
	attack int32 // -1: none
	n      int32 // which of the attack, or of the hour
	part   float32
}

// dice returns randomness that follows from its numbers.
func dice(seed, a, b uint64) *rand.Rand {
	return rand.New(rand.NewPCG(mix(seed^mix(a)), mix(b+0x9e3779b97f4a7c15*a)))
}

// mix is the finaliser of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
