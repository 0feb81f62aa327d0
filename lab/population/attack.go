package population

import (
	"cmp"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// attack is one that was planted.
type attack struct {
	Truth
	who   int
	seed  uint64
	model int
	size  float64
	talks int // conversations that it is spread over
	when  []time.Duration

	threads [mostTalks]traffic.ID
}

// mostTalks is how many conversations an attack is spread over at most.
const mostTalks = 4

// method says how a kind of attack goes about.
type method struct {
	fresh float64  // share of attackers without a past
	hosts []string // roles whose past the others have; none: any that chats
	plan  func(r *rand.Rand, room time.Duration) []time.Duration
}

var methods = map[Kind]method{
	Stuffing:    {0.7, []string{"client"}, burst(150, 1500, 5*time.Minute, 40*time.Minute)},
	Jailbreaks:  {0.5, nil, burst(20, 120, 15*time.Minute, 100*time.Minute)},
	TokenFlood:  {0.4, nil, burst(30, 200, 20*time.Minute, 90*time.Minute)},
	CostSpike:   {0.2, nil, burst(80, 500, 40*time.Minute, 3*time.Hour)},
	ToolAbuse:   {0.3, []string{"agent", "office", "security"}, burst(30, 150, 15*time.Minute, 80*time.Minute)},
	Scraping:    {0.5, []string{"client"}, burst(200, 2000, 30*time.Minute, 150*time.Minute)},
	Crescendo:   {0.5, nil, sessions(3, 8, 40, 120, 6)},
	Probing:     {0.5, nil, daily(4, 9, 4, 12)},
	Extraction:  {0.6, []string{"office", "client", "agent", "evening"}, steady(2, 7, 8, 30)},
	Enumeration: {0.5, []string{"client", "office", "agent"}, sessions(3, 9, 60, 400, 10)},
	Refusals:    {0.5, nil, daily(3, 9, 7, 20)},
	StolenKey:   {0, []string{"office"}, nil},
}

// past is how long an actor with a past had been there before it attacks.
const past = 5 * 24 * time.Hour

// plant chooses attackers and writes down every request of theirs.
func (p *Population) plant(r *rand.Rand) {
	o := p.options
	if o.Share < 0 {
		return
	}
	taken := map[int]bool{}
	for i, kind := range deal(o.Mix, max(int(math.Round(o.Share*float64(o.Actors))), 1)) {
		m := methods[kind]
		fresh := r.Float64() < m.fresh
		who := p.host(r, m, fresh, taken)
		if who < 0 {
			continue // too few actors of a kind that has a past
		}
		taken[who] = true
		a := &attack{who: who, seed: mix(o.Seed ^ uint64(i+1)*977), model: r.IntN(len(models)), size: math.Exp(r.NormFloat64() * 0.4), talks: 1 + r.IntN(mostTalks)}
		a.Kind, a.Fresh = kind, fresh
		p.schedule(a, m, r)
		if one := p.people[who]; fresh {
			one.role = nil
			one.key = nameOf([]scanner.ActorKey{"user:", "address:"}[r.IntN(2)], "stranger", who)
		}
		a.Actor = p.people[who].key
		p.attacks = append(p.attacks, a)
	}
	slices.SortStableFunc(p.attacks, func(a, b *attack) int { return a.From.Compare(b.From) })
	for i, a := range p.attacks {
		for n, at := range a.when {
			p.steps = append(p.steps, step{at: at, who: int32(a.who), attack: int32(i), n: int32(n), part: float32(n) / float32(a.Count)})
		}
	}
	slices.SortStableFunc(p.steps, func(a, b step) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.attack, b.attack)) })
}

// deal returns n kinds in the proportions of the mix.
func deal(mix map[Kind]float64, n int) []Kind {
	if len(mix) == 0 {
		mix = map[Kind]float64{}
		for _, k := range Kinds() {
			mix[k] = 1
		}
	}
	var sum float64
	for k := range maps.Values(mix) {
		sum += max(k, 0)
	}
	if sum == 0 {
		return nil
	}
	given := map[Kind]int{}
	var all []Kind
	for i := range n {
		// The kind that is furthest behind its share is next.
		best, behind := Kind(""), math.Inf(-1)
		for _, k := range Kinds() {
			if d := max(mix[k], 0)/sum*float64(i+1) - float64(given[k]); d > behind && mix[k] > 0 {
				best, behind = k, d
			}
		}
		given[best]++
		all = append(all, best)
	}
	return all
}

// host finds somebody to be the attacker; −1 where there is nobody.
func (p *Population) host(r *rand.Rand, m method, fresh bool, taken map[int]bool) int {
	for range 20_000 {
		who := r.IntN(len(p.people))
		one := p.people[who]
		switch {
		case taken[who] || one.role == nil:
		case fresh:
			return who
		case one.from > 0 || one.until < p.options.Days*24:
		case m.hosts == nil && one.role.chat, slices.Contains(m.hosts, one.role.name):
			return who
		}
	}
	return -1
}

// schedule decides when an attack's requests are made.
func (p *Population) schedule(a *attack, m method, r *rand.Rand) {
	o := p.options
	room := time.Duration(o.Days) * 24 * time.Hour
	earliest := 8 * time.Hour
	if !a.Fresh {
		earliest = past
	}
	if m.plan == nil {
		a.when = p.people[a.who].nights(r, room)
	} else {
		a.when = m.plan(r, room-earliest)
	}
	slices.Sort(a.when)
	length := a.when[len(a.when)-1]
	begin := earliest + time.Duration(r.Float64()*float64(room-earliest-length))
	if m.plan == nil {
		begin = 0
	}
	for i := range a.when {
		a.when[i] += begin
	}
	a.Count = len(a.when)
	a.From, a.To = o.Start.Add(a.when[0]), o.Start.Add(a.when[a.Count-1])
}

// burst spreads requests over minutes or hours.
func burst(least, most int, short, long time.Duration) func(*rand.Rand, time.Duration) []time.Duration {
	return func(r *rand.Rand, _ time.Duration) []time.Duration {
		n := between(r, least, most)
		length := float64(short) + r.Float64()*float64(long-short)
		when := make([]time.Duration, n)
		for i := range when {
			when[i] = time.Duration(r.Float64() * length)
		}
		return when
	}
}

// between draws a number whose logarithm is even.
func between(r *rand.Rand, least, most int) int {
	return int(float64(least) * math.Pow(float64(most)/float64(least), r.Float64()))
}

// daily makes few requests a day, at any hour of the attacker's twelve.
func daily(days, most, few, many int) func(*rand.Rand, time.Duration) []time.Duration {
	return func(r *rand.Rand, room time.Duration) []time.Duration {
		var when []time.Duration
		n := min(days+r.IntN(most-days+1), int(room/(24*time.Hour)))
		for day := range n {
			for range few + r.IntN(many-few+1) {
				when = append(when, time.Duration((float64(day)*24+12*r.Float64())*float64(time.Hour)))
			}
		}
		return when
	}
}

// sessions makes its requests in some sittings of an hour or so, spread over days.
func sessions(days, most, least, many, sittings int) func(*rand.Rand, time.Duration) []time.Duration {
	return func(r *rand.Rand, room time.Duration) []time.Duration {
		length := float64(min(days+r.IntN(most-days+1), int(room/(24*time.Hour)))) * 24
		starts := make([]float64, max(sittings, int(length/24*2)))
		for i := range starts {
			starts[i] = r.Float64() * (length - 2)
		}
		when := make([]time.Duration, between(r, least, many))
		for i := range when {
			when[i] = time.Duration((starts[i%len(starts)] + 1.5*r.Float64()) * float64(time.Hour))
		}
		return when
	}
}

// steady makes as many requests in every hour.
func steady(days, most, few, many int) func(*rand.Rand, time.Duration) []time.Duration {
	return func(r *rand.Rand, room time.Duration) []time.Duration {
		hours := min(24*days+r.IntN(24*(most-days)+1), int(room/time.Hour))
		rate := float64(between(r, few, many))
		var when []time.Duration
		for h := range hours {
			for range 1 + poisson(r, rate-1) {
				when = append(when, time.Duration((float64(h)+r.Float64())*float64(time.Hour)))
			}
		}
		return when
	}
}

// nights uses the key of somebody who sleeps.
func (p *person) nights(r *rand.Rand, room time.Duration) []time.Duration {
	var when []time.Duration
	most := int((room-past)/(24*time.Hour)) - 1
	n := min(4+r.IntN(6), most)
	day := int(past/(24*time.Hour)) + r.IntN(most-n+1)
	asleep := p.role.to + p.shift + 3
	for range n {
		first := float64(day*24 + asleep + r.IntN(4))
		length := 1.5 + 2.5*r.Float64()
		for range between(r, 10, 60) {
			at := time.Duration((first + length*r.Float64()) * float64(time.Hour))
			when = append(when, min(at, room-time.Second))
		}
		day++
	}
	return when
}
