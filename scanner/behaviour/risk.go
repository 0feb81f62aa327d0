package behaviour

import (
	"math"
	"slices"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// alarmKind is a kind of alarm, by its place in kindNames.
type alarmKind int

var kindNames = [...]string{"requests", "tokens", "cost", "refusals", "injection", "topics", "endpoints", "tools", "hours", "errors", "risk"}

const (
	kinds    = len(kindNames)
	riskKind = alarmKind(kinds - 1)
)

var volumeKinds = [measures]alarmKind{0, 1, 2, 6}

func kindOf(name string) alarmKind { return alarmKind(slices.Index(kindNames[:], name)) }

// episode is something unusual that goes on: it is one alarm, until it was over for a day, or three.
type episode struct {
	until int64   // seconds since 1970
	level float32 // the score of its last alarm
}

// What ends an episode, and what makes another alarm of one that goes on.
const (
	quiet = 24 * 3600 // seconds without it
	lasts = 72 * 3600 // of more requests, tokens and money: who does more does so for days
	worse = 4         // times the score
)

// raise makes an alarm of a score of 1 or more, unless it belongs to an episode that goes on. A score of half as much
// keeps an episode going.
func (p *Profile) raise(k alarmKind, s *scanner.Sight, now int64, score float64, found *[]scanner.Alarm, say func(*scanner.Alarm)) {
	e, pause := &p.alarms[k], int64(quiet)
	volume := slices.Contains(volumeKinds[:paths], k)
	if volume {
		pause = lasts
	}
	goes := now < e.until
	if goes && score >= 0.5 {
		e.until = now + pause
	}
	if volume {
		// More requests are more tokens and more money: that is one thing.
		for _, other := range volumeKinds[:paths] {
			if v := &p.alarms[other]; now < v.until && score < worse*float64(v.level) {
				return
			}
		}
	}
	if k == riskKind {
		// A risk fades over days: it is the same one until it is small again, however long nothing was said.
		if score < 0.5 {
			e.level = 0
		}
		goes = e.level > 0
	}
	if score < 1 || goes && score < worse*float64(e.level) {
		return
	}
	p.alarmed = true
	e.until, e.level = now+pause, float32(score)
	a := scanner.Alarm{Kind: kindNames[k], Actor: s.Actor, At: s.At, Score: score}
	say(&a)
	*found = append(*found, a)
}

// moment is something that added to the risk.
type moment struct {
	exchange int64
	at       int64 // milliseconds since 1970
	trait    trait
	weight   float32
}

const mostMoments = 32

// weigh adds to the risk that comes together over days, of the actor and of the conversation.
func (p *Profile) weigh(s *scanner.Sight, now int64, has uint32, found *[]scanner.Alarm) {
	before := p.sum()
	best, most := trait(0), float32(0)
	for t := range traits {
		if natures[t].slow == 0 || p.slow.k[t] < 0.5 && p.risk[t] == 0 {
			continue
		}
		was := p.risk[t]
		surprise := p.odds(t).capped(natures[t].slow).surprise(float64(p.slow.k[t]), float64(p.slow.n[t]))
		p.risk[t] = float32(min(max(0, surprise-idle), natures[t].most))
		if has&(1<<t) != 0 && p.risk[t]-was >= most {
			best, most = t, p.risk[t]-was
		}
	}
	sum := p.sum()
	talked := p.converse(s, now, has)
	if has&slowTraits != 0 && natures[best].slow > 0 && has&(1<<best) != 0 {
		p.note(moment{int64(s.Exchange), s.At.UnixMilli(), best, most})
	}
	score := max(sum/p.enough(), talked/enoughTalk)
	p.raise(riskKind, s, now, score, found, func(a *scanner.Alarm) {
		a.Weight = max(0, sum-before)
		alone := talked/enoughTalk > sum/p.enough()
		a.Past = p.past(now, alone)
		a.Slow = len(a.Past) > 1 && a.At.Sub(a.Past[0].At) >= 3*time.Hour
		a.Usual, a.Seen = p.explain(has, alone)
	})
}

// slowTraits are those that say something over days, as bits.
var slowTraits = func() (bits uint32) {
	for t := range traits {
		if natures[t].slow > 0 {
			bits |= 1 << t
		}
	}
	return bits
}()

// families are traits that often come together for one harmless reason: somebody who writes about security, a client that
// is out of date, a new project. Within one the largest counts, and little of the others; families add up.
var families = [...][]trait{
	{firm, faint, classic, leaked, garbled, refused},
	{denied, missing},
	{newPlace, newTool, newTopic, otherTopic, oddHour},
	{harm},
}

// sum is the risk as of the last oddity.
func (p *Profile) sum() float64 {
	var sum float64
	for _, family := range families {
		var all, most float64
		for _, t := range family {
			all += float64(p.risk[t])
			most = max(most, float64(p.risk[t]))
		}
		sum += most + along*(all-most)
	}
	return sum
}

func (p *Profile) note(m moment) {
	if len(p.moments) == mostMoments {
		p.moments = append(p.moments[:0], p.moments[1:]...)
	}
	p.moments = append(p.moments, m)
}

// longAgo is how old a moment may be to be part of a timeline: by then an eighth of its weight is left.
const longAgo = 3 * slowHalf * 1000

// past returns the timeline, oldest first: what happened of the traits that the risk is made of, or of those that a
// conversation is led on with.
func (p *Profile) past(now int64, talked bool) []scanner.Moment {
	var all []scanner.Moment
	for _, m := range p.moments {
		part := p.risk[m.trait] > 0 || talked && spoken>>m.trait&1 == 1
		if !part || float64(now*1000-m.at) > longAgo {
			continue
		}
		all = append(all, scanner.Moment{
			Exchange: traffic.ID(m.exchange), At: time.UnixMilli(m.at).UTC(), What: natures[m.trait].what, Weight: float64(m.weight),
		})
	}
	return all
}

// talk is a conversation in which something was odd.
type talk struct {
	id   int64
	last int64
	k, n float32
}

const (
	mostTalks = 6
	talkShape = 0.15
)

// spoken are the traits that conversations are led on with.
const spoken = 1<<firm | 1<<faint | 1<<leaked | 1<<harm | 1<<refused

// converse adds to the risk of the conversation that a request belongs to, and returns it.
func (p *Profile) converse(s *scanner.Sight, now int64, has uint32) float64 {
	if s.Conversation == 0 {
		return 0
	}
	at := slices.IndexFunc(p.talks[:], func(t talk) bool { return t.id == int64(s.Conversation) })
	odd := has&spoken != 0
	switch {
	case at >= 0:
	case !odd:
		return 0
	default:
		at = 0
		for i := range p.talks {
			if p.talks[i].weight(now) < p.talks[at].weight(now) {
				at = i
			}
		}
		// The oddity that makes a conversation interesting proves nothing: it is not counted.
		p.talks[at] = talk{id: int64(s.Conversation), last: now}
		return 0
	}
	t := &p.talks[at]
	fade := float32(math.Exp2(-float64(max(now-t.last, 0)) / slowHalf))
	t.k, t.n, t.last = t.k*fade, t.n*fade+1, now
	if !odd {
		return 0
	}
	t.k++
	var usual float64
	for one := range traits {
		if spoken>>one&1 == 1 {
			usual += p.odds(one).mean()
		}
	}
	return priorOdds(min(usual, 0.5), talkShape).surprise(float64(t.k), float64(t.n))
}

// weight says how much a conversation is worth remembering.
func (t *talk) weight(now int64) float64 {
	if t.id == 0 {
		return -1
	}
	return float64(t.k+1) * math.Exp2(-float64(max(now-t.last, 0))/slowHalf)
}
