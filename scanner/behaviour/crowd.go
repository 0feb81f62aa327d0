package behaviour

import "math"

// Crowd is what is usual of the actors of one project taken together. Profiles made with it learn from each other what a
// newcomer may do. It is not safe for concurrent use. The zero value has seen nobody; New uses what is built in until then.
type Crowd struct {
	days    [traits]spread // one contribution for each actor's day
	volumes [measures]levels
	sizes   levels // tokens of single requests
	prices  levels // what single requests cost
	sky     sky
	fitted  [traits]odds
	stale   [traits]int // days since fitted was worked out
}

// learn takes an actor's day into account.
func (c *Crowd) learn(t trait, k, n float64) {
	c.days[t].add(k, n)
	c.stale[t]++
}

// spread is how the shares of actors differ: sums that a beta distribution is fitted to.
type spread struct{ k, n, kk, nn, count float64 }

// Limits of a crowd's memory: what one actor's day may weigh, and after how many days the older half weighs half.
const (
	mostOfDay  = 100
	mostOfDays = 50_000
	mostStale  = 50
	enoughDays = 300 // of actors, for the crowd to weigh as much as what is built in
)

// add takes an actor's day into account: k of n requests.
func (s *spread) add(k, n float64) {
	if n < 1 {
		return
	}
	if n > mostOfDay {
		k, n = k*mostOfDay/n, mostOfDay
	}
	k = min(k, n)
	s.k += k
	s.n += n
	s.kk += max(k*(k-1), 0)
	s.nn += n * (n - 1)
	if s.count++; s.count > mostOfDays {
		s.k, s.n, s.kk, s.nn, s.count = s.k/2, s.n/2, s.kk/2, s.nn/2, s.count/2
	}
}

// odds fits a beta distribution by its moments, leaning on what is built in while little was seen.
func (s *spread) odds(built nature) odds {
	if s.count < enoughDays/10 || s.n <= 0 || s.nn <= 0 {
		return priorOdds(built.rate, built.shape)
	}
	trust := s.count / (s.count + enoughDays)
	mean := trust*(s.k/s.n) + (1-trust)*built.rate
	mean = min(max(mean, built.rate/20, 1e-5), 0.9)
	shape := built.shape
	share := s.k / s.n
	if variance := s.kk/s.nn - share*share; variance > 0 && share > 0 {
		fitted := share * (share*(1-share)/variance - 1)
		fitted = min(max(fitted, built.shape/5), built.shape*4)
		shape = math.Exp(trust*math.Log(fitted) + (1-trust)*math.Log(built.shape))
	}
	return priorOdds(mean, shape)
}

// sky is how many requests of anybody fail just now: what happens to all is no actor's doing.
type sky struct {
	k, n float64
	at   int64
}

// skyHalf is its half-life in seconds.
const skyHalf = 15 * 60

// weather takes one request into account.
func (c *Crowd) weather(now int64, failed bool) {
	if c == nil {
		return
	}
	if gone := now - c.sky.at; gone > 0 {
		fade := math.Exp2(-float64(gone) / skyHalf)
		c.sky.k, c.sky.n, c.sky.at = c.sky.k*fade, c.sky.n*fade, now
	}
	c.sky.n++
	if failed {
		c.sky.k++
	}
}

// storm returns what is usual while much fails that nobody is to blame for.
func (c *Crowd) storm() (usual odds, bad bool) {
	if c == nil || c.sky.n < 20 || c.sky.k < 0.04*c.sky.n {
		return odds{}, false
	}
	return priorOdds(min(2*c.sky.k/c.sky.n, 0.9), 2), true
}

// odds returns what is usual of a trait. A nil crowd knows what is built in.
func (c *Crowd) odds(t trait) odds {
	if c == nil {
		return priorOdds(natures[t].rate, natures[t].shape)
	}
	if c.stale[t] > mostStale || c.fitted[t].a == 0 {
		c.fitted[t], c.stale[t] = c.days[t].odds(natures[t]), 0
	}
	return c.fitted[t]
}

// levels is how often values of a size were seen: three buckets to a doubling.
type levels struct {
	counts [levelCount]float32
	total  float32
}

const (
	levelCount = 96
	perOctave  = 3
	mostLevels = 200_000
)

func (l *levels) add(v float64) {
	if v <= 0 {
		return
	}
	at := min(max(int(math.Log2(v)*perOctave), 0), levelCount-1)
	l.counts[at]++
	if l.total++; l.total > mostLevels {
		l.total = 0
		for i := range l.counts {
			l.counts[i] /= 2
			l.total += l.counts[i]
		}
	}
}

// above returns the value that only one in so many exceeds; 0 while fewer than three times as many were seen.
func (l *levels) above(oneIn float64) float64 {
	if float64(l.total) < 3*oneIn {
		return 0
	}
	left := float64(l.total) / oneIn
	for i := levelCount - 1; i >= 0; i-- {
		if left -= float64(l.counts[i]); left <= 0 {
			return math.Exp2(float64(i+1) / perOctave)
		}
	}
	return 1
}
