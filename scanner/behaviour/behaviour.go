package behaviour

import (
	"math"

	"assay/scanner"
)

// Profile is what is known of one actor. The zero value is nobody yet; New gives one a crowd to compare itself with. It is
// not safe for concurrent use.
type Profile struct {
	crowd *Crowd

	last      int64 // seconds since 1970, of the traffic
	faded     int64 // when the windows were last made to fade
	hour, day int64 // that are going on
	seen      int64 // requests
	active    int64 // days with requests, before this one

	volumes [measures]baseline
	size    size

	fast, slow, usual window
	pending           [lag]window // days that are not learnt yet, the oldest first
	alarmed           bool        // today
	changed           uint8       // measures whose level changed with the day that was closed just now, as bits

	clock  clock
	known  [2][32]uint64 // endpoints, models, programs and tools: the younger generation first
	topics topics
	paths  [2][64]uint64
	list   uint64         // what stands before the number of the last path
	number int64          // of the last path
	grants [grants]uint16 // new things that were taken for granted

	risk    [traits]float32 // what each trait adds to the slow risk
	talks   [mostTalks]talk
	moments []moment
	alarms  [kinds]episode
}

// New returns the profile of somebody who was not seen yet. With a crowd it is compared with the other actors of the
// project while it has no past of its own, and the crowd learns from it; nil is no crowd. UnmarshalBinary leaves the
// crowd as it is.
func New(crowd *Crowd) *Profile { return &Profile{crowd: crowd} }

// window counts traits: how many requests could have had one, and how many had.
type window struct{ k, n [traits]float32 }

// lag is how many days pass until a day is learnt, so that an attack does not become usual while it goes on.
const lag = 2

// The half-lives of what is counted.
const (
	fastHalf  = 3600.0      // seconds
	slowHalf  = 60 * 3600.0 // seconds: two and a half days
	usualHalf = 20.0        // days
)

func (w *window) fade(by float64) {
	f := float32(by)
	for t := range w.k {
		w.k[t] *= f
		w.n[t] *= f
	}
}

func (w *window) add(o *window, most [traits]float32) {
	for t := range w.k {
		w.k[t] += min(o.k[t], most[t])
		w.n[t] += o.n[t]
	}
}

// size is how large a request usually is: the mean of the logarithm of its tokens, and how far they stray.
type size struct{ mean, wide, of float32 }

const (
	enoughSizes = 20
	largeSize   = 24_000 // tokens: large for somebody of whom nothing is known
	smallSize   = 6_000  // tokens: not large for anybody
)

// unusual learns the tokens of a request and reports whether they are many times what is usual.
func (z *size) unusual(count float64, c *Crowd) bool {
	v := float32(math.Log(count))
	limit := math.Log(largeSize)
	if c != nil {
		if rare := c.sizes.above(200); rare > 0 {
			limit = math.Log(rare)
		}
		c.sizes.add(count)
	}
	if z.of >= enoughSizes {
		limit = float64(z.mean + max(4*z.wide, 2.1))
	}
	limit = max(limit, math.Log(smallSize))
	if z.of == 0 {
		z.mean, z.wide = v, 0.7
	}
	step := 1 / min(z.of+1, 64)
	off := min(max(v-z.mean, -1.5), 1.5) // one book does not make books usual
	z.mean += step * off
	z.wide += step * (float32(math.Abs(float64(off))) - z.wide)
	z.of = min(z.of+1, 1000)
	return float64(v) > limit
}

// Observe takes one exchange into account and returns what is unusual about it. Exchanges come in the order in which they
// began; one that is late counts where it comes.
func (p *Profile) Observe(s *scanner.Sight) []scanner.Alarm {
	now := s.At.Unix()
	if p.seen == 0 && now < 0 {
		now = 0
	}
	now = max(now, p.last)
	fresh := p.pass(now)
	p.seen++
	p.last = now
	o := p.look(s, now, fresh)
	var found []scanner.Alarm
	p.grow(s, now, o.path, &found)
	for t := range traits {
		if o.can&(1<<t) == 0 {
			continue
		}
		p.fast.n[t]++
		p.slow.n[t]++
		p.pending[lag-1].n[t]++
		if o.has&(1<<t) != 0 {
			p.fast.k[t]++
			p.slow.k[t]++
			p.pending[lag-1].k[t]++
		}
	}
	p.crowd.weather(now, o.has&(1<<broken) != 0)
	if o.has != 0 {
		p.bursts(s, now, o.has, &found)
		p.weigh(s, now, o.has, &found)
	}
	return found
}

// sane bounds a number that traffic says.
func sane(v int64) float64 { return float64(min(max(v, 0), 1e12)) }

// grow adds to what is counted by the hour.
func (p *Profile) grow(s *scanner.Sight, now int64, path bool, found *[]scanner.Alarm) {
	hour := int(now / 3600 % 24)
	p.shifts(s, now, found)
	values := [measures]float64{requests: 1, tokens: sane(s.Input) + sane(s.Output)}
	if s.Priced {
		values[money] = sane(s.Cost)
		if p.crowd != nil {
			p.crowd.prices.add(values[money])
		}
	}
	if path {
		values[paths] = 1
	}
	for m := range measures {
		b := &p.volumes[m]
		b.now += values[m]
		b.today += values[m]
		if b.now < scales[m].modest {
			continue
		}
		limit := b.of(m, hour, p.crowd)
		if m == money {
			limit = p.worth(limit)
		}
		if b.now >= limit {
			p.raise(volumeKinds[m], s, now, b.now/limit, found, func(a *scanner.Alarm) {
				a.Usual, a.Seen = b.usually(m, limit), amount(m, b.now)+" this hour"
			})
		}
	}
}

// shifts speaks of days that changed for good.
func (p *Profile) shifts(s *scanner.Sight, now int64, found *[]scanner.Alarm) {
	for m := range measures {
		if p.changed>>m&1 == 0 {
			continue
		}
		b := &p.volumes[m]
		p.raise(volumeKinds[m], s, now, 1, found, func(a *scanner.Alarm) {
			a.Slow = true
			median, _ := middle(b.days.values[:b.days.filled])
			last := b.days.values[(b.days.next+daysKept-1)%daysKept]
			a.Usual, a.Seen = amount(m, math.Exp(median))+" a day", "days of "+amount(m, math.Exp(float64(last)))+" and more"
		})
	}
	p.changed = 0
}

// cheap is how much more an hour may cost in which requests cost what they always do: that there are many is another
// alarm.
const cheap = 3

// worth is the limit of what an hour may cost, seeing what each of its requests costs.
func (p *Profile) worth(limit float64) float64 {
	cold := p.volumes[money].hours.filled < coldHours
	switch dear := p.dear(); {
	case cold && dear:
		return scales[money].modest
	case !cold && !dear:
		return limit * cheap
	}
	return limit
}

// dear reports whether the requests of this hour are among the dearest of all, and cost several times as much as they used
// to, each.
func (p *Profile) dear() bool {
	all, count := &p.volumes[money], &p.volumes[requests]
	if count.now == 0 {
		return false
	}
	each, rare := all.now/count.now, 0.0
	if p.crowd != nil {
		rare = p.crowd.prices.above(200)
	}
	if all.hours.filled < coldHours {
		return rare > 0 && each >= max(rare, dearest)
	}
	cost, _ := middle(all.hours.values[:all.hours.filled])
	number, _ := middle(count.hours.values[:count.hours.filled])
	return each >= rare && each >= 4*math.Exp(cost-number)
}

// dearest is what a request may cost in any project, in millionths of a US dollar.
const dearest = 50_000

// bursts looks for traits that are many within an hour.
func (p *Profile) bursts(s *scanner.Sight, now int64, has uint32, found *[]scanner.Alarm) {
	for t := range traits {
		nature := &natures[t]
		if has&(1<<t) == 0 || nature.burst == 0 {
			continue
		}
		usual := p.odds(t)
		k, n := float64(p.fast.k[t]), float64(p.fast.n[t])
		if k < nature.least*0.7 { // it fades while it is counted
			continue
		}
		if score := usual.capped(nature.burst).surprise(k, n) / enoughFast; score >= 0.5 {
			p.raise(kindOf(nature.kind), s, now, score, found, func(a *scanner.Alarm) {
				a.Usual, a.Seen = share(usual.mean(), nature.many), counted(k, n, nature.many)+" lately"
			})
		}
	}
}

// odds returns what is usual of the actor: what it did until two days ago, leaning on what others do.
func (p *Profile) odds(t trait) odds {
	if t == broken {
		if all, bad := p.crowd.storm(); bad {
			return all
		}
	}
	n := float64(p.usual.n[t])
	if t == oddHour {
		n = max(n, p.clock.sum()) // the hours from which it was learnt were not odd
	}
	return p.crowd.odds(t).after(float64(p.usual.k[t]), n)
}

// pass lets time go by, and reports whether an hour begins.
func (p *Profile) pass(now int64) (fresh bool) {
	hour, day := now/3600, now/86400
	if p.seen == 0 {
		p.last, p.faded, p.hour, p.day = now, now, hour, day
		return true
	}
	if gone := now - p.faded; gone >= 60 {
		p.fast.fade(math.Exp2(-float64(gone) / fastHalf))
		p.slow.fade(math.Exp2(-float64(gone) / slowHalf))
		p.faded = now
	}
	if hour == p.hour {
		return false
	}
	for m := range measures {
		p.volumes[m].closeHour(m, int(p.hour%24), p.crowd)
	}
	p.hour = hour
	if day != p.day {
		p.close(day)
	}
	return true
}

// close learns the days that are over.
func (p *Profile) close(day int64) {
	gone := max(day-p.day, 0)
	today := &p.pending[lag-1]
	if p.crowd != nil && !p.alarmed {
		for t := range traits {
			p.crowd.learn(t, float64(today.k[t]), float64(today.n[t]))
		}
	}
	for range min(gone, lag) {
		p.learn(&p.pending[0])
		copy(p.pending[:], p.pending[1:])
		p.pending[lag-1] = window{}
	}
	p.usual.fade(math.Exp2(-float64(gone) / usualHalf))
	for m := range measures {
		if p.volumes[m].closeDay(m) {
			p.changed |= 1 << m
		}
	}
	p.clock.close(gone)
	p.topics.close(gone)
	p.active++
	p.day, p.alarmed = day, false
}

// learn adds a day to what is usual. What is far more than usual is learnt slowly: an attack that goes on for days must
// not teach the profile that it is usual, and a harmless change should, in the end.
func (p *Profile) learn(w *window) {
	var most [traits]float32
	for t := range traits {
		most[t] = float32(2*p.odds(t).mean())*w.n[t] + 0.5
	}
	p.usual.add(w, most)
}

// enough is the surprise that makes a risk an alarm.
func (p *Profile) enough() float64 {
	if p.usual.n[firm] < fewLearnt {
		return enoughCold
	}
	return enoughSlow
}

// fewLearnt is how many requests are too few to know an actor.
const fewLearnt = 30

// enoughFast and enoughSlow are the surprises that make an alarm: logarithms of a Bayes factor.
const (
	enoughFast = 9.0
	enoughSlow = 7.0
	enoughCold = 8.6  // of somebody of whom less than a day or two is learnt
	along      = 0.45 // of what the lesser traits of a family count
	enoughTalk = 11.0
	idle       = 1.5 // what a trait's surprise may be without saying anything
)
