package behaviour

import (
	"strconv"

	"assay/scanner"
)

// oddities are the traits of one request, as bits: which it could have had, and which it has.
type oddities struct {
	can, has uint32
	path     bool // it was never asked for before
}

func (o *oddities) ask(t trait, has bool) {
	o.can |= 1 << t
	if has {
		o.has |= 1 << t
	}
}

// always are the traits that every request could have.
const always = 1<<firm | 1<<faint | 1<<classic | 1<<leaked | 1<<harm | 1<<garbled | 1<<refused | 1<<denied | 1<<missing | 1<<broken

// look finds the traits of a request.
func (p *Profile) look(s *scanner.Sight, now int64, fresh bool) oddities {
	o := oddities{can: always}
	for i := range s.Signs {
		if t, ok := ofSign(&s.Signs[i]); ok {
			o.has |= 1 << t
		}
	}
	if o.has&(1<<firm) != 0 {
		o.has &^= 1 << faint // one request is one sign
	}
	if t, ok := ofStatus(s); ok {
		o.has |= 1 << t
	}
	if count := sane(s.Input) + sane(s.Output); count > 0 {
		o.ask(heavy, p.size.unusual(count, p.crowd))
	}
	p.novelties(s, &o)
	o.path = p.path(s, &o)
	if fresh {
		if odd, ok := p.clock.odd(now, p.active); ok {
			o.ask(oddHour, odd)
		}
		p.clock.mark(now)
	}
	return o
}

// What may be new before it counts: an actor begins somewhere.
const (
	placeGrant = iota // endpoints, models, programs
	toolGrant
	topicGrant // words
	pathGrant
	grants
)

var granted = [grants]uint16{placeGrant: 8, toolGrant: 8, topicGrant: 60, pathGrant: 40}

// mostAsked is how many tools or words of one request are looked at.
const mostAsked = 32

// novelties looks for what was never seen before.
func (p *Profile) novelties(s *scanner.Sight, o *oddities) {
	place := s.Endpoint != 0 && p.novel(placeGrant, mingle(uint64(s.Endpoint)))
	if s.Model != "" && p.novel(placeGrant, hash('m', s.Model)) {
		place = true
	}
	if s.Facts != nil {
		if client := s.Facts.Strings("client", ""); len(client) > 0 && p.novel(placeGrant, hash('c', client[0])) {
			place = true
		}
	}
	o.ask(newPlace, place)
	if len(s.Tools) > 0 {
		tool := false
		for _, name := range s.Tools[:min(len(s.Tools), mostAsked)] {
			tool = p.novel(toolGrant, hash('t', name)) || tool
		}
		o.ask(newTool, tool)
	}
	if len(s.Topic) >= 3 {
		p.topic(s.Topic[:min(len(s.Topic), mostAsked)], o)
	}
}

// novel remembers a value and reports whether it is new beyond what is taken for granted.
func (p *Profile) novel(grant int, v uint64) bool {
	if !remember(p.known[0][:], p.known[1][:], v) {
		return false
	}
	if p.grants[grant] < granted[grant] {
		p.grants[grant]++
		return false
	}
	return true
}

// path asks whether a path was never asked for before, and reports it.
func (p *Profile) path(s *scanner.Sight, o *oddities) bool {
	if s.Facts == nil || s.Kind == "llm" || s.Kind == "embedding" {
		return false // a model's path says nothing
	}
	path := s.Facts.Strings("path", "")
	if len(path) == 0 {
		return false
	}
	p.step(path[0], o)
	fresh := remember(p.paths[0][:], p.paths[1][:], hash('p', path[0]))
	if p.grants[pathGrant] < granted[pathGrant] {
		p.grants[pathGrant]++
	} else {
		o.ask(newPath, fresh)
	}
	return fresh
}

// mostStep is how far apart two numbers may be to follow each other.
const mostStep = 3

// step asks whether the number at the end of a path follows the number of the request before.
func (p *Profile) step(path string, o *oddities) {
	end := len(path)
	for end > 0 && path[end-1] >= '0' && path[end-1] <= '9' {
		end--
	}
	number, err := strconv.ParseInt(path[end:], 10, 64)
	if err != nil {
		return // no number, or one that is too long
	}
	list := hash('n', path[:end])
	if list == p.list {
		gone := number - p.number
		o.ask(stepped, gone != 0 && gone <= mostStep && gone >= -mostStep)
	}
	p.list, p.number = list, number
}

// topic asks whether what a request is about is new: most of its words were never used before, or not until lately.
func (p *Profile) topic(words []uint64, o *oddities) {
	fresh, foreign := 0, 0
	for _, w := range words {
		unheard, unusual := p.topics.add(w)
		if unheard {
			fresh++
		}
		if unusual {
			foreign++
		}
	}
	if p.grants[topicGrant] < granted[topicGrant] {
		p.grants[topicGrant] += uint16(len(words))
		return
	}
	o.ask(newTopic, fresh*4 >= len(words)*3)
	if p.usual.n[newTopic] >= enoughTopics {
		o.ask(otherTopic, foreign*4 >= len(words)*3)
	}
}

// enoughTopics is how many requests must be learnt before their words are taken for what the actor speaks of.
const enoughTopics = 15

// clock is at which hours of the day something is done.
type clock struct {
	hours [24]float32 // days on which something was done in that hour, older ones less
	late  [lag]uint32 // hours of the last days, as bits: not learnt yet, the oldest first
}

// Bounds of what an odd hour is.
const (
	enoughActive = 3    // days, before hours can be odd
	enoughHours  = 10   // hours
	enoughEach   = 4    // times each hour of the day, of somebody who comes in more than half of them
	seldom       = 0.03 // of the hours
)

// odd reports whether nothing is usually done in this hour of the day, nor in those beside it; ok is whether enough is
// known to say.
func (c *clock) odd(now, active int64) (odd, ok bool) {
	sum, wide := float32(c.sum()), 0
	for _, v := range c.hours {
		if v > 0 {
			wide++
		}
	}
	// Of somebody who comes at any hour more must be known until one hour is odd.
	if active < enoughActive || sum < enoughHours || wide > 12 && sum < float32(wide)*enoughEach {
		return false, false
	}
	h := int(now / 3600 % 24)
	near := c.hours[(h+23)%24] + c.hours[h] + c.hours[(h+1)%24]
	return near < seldom*sum, true
}

// sum is how many hours were learnt.
func (c *clock) sum() float64 {
	var sum float32
	for _, v := range c.hours {
		sum += v
	}
	return float64(sum)
}

func (c *clock) mark(now int64) { c.late[lag-1] |= 1 << (now / 3600 % 24) }

// close learns days that are over.
func (c *clock) close(days int64) {
	for i := range c.hours {
		c.hours[i] *= 0.97
	}
	for range min(days, lag) {
		for h := range c.hours {
			if c.late[0]>>h&1 == 1 {
				c.hours[h]++
			}
		}
		copy(c.late[:], c.late[1:])
		c.late[lag-1] = 0
	}
}
