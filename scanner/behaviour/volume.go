package behaviour

import (
	"math"
	"slices"
)

// measure is a quantity that adds up within an hour.
type measure int

// The measures.
const (
	requests measure = iota
	tokens
	money
	paths
	measures
)

// scale is what is known of a measure before anything was seen.
type scale struct {
	modest float64 // what no actor is asked about, however little it used to do: an hour of one busy person
	ample  float64 // how much an hour of a newcomer may have where there is no crowd to compare with
	oneIn  float64 // with a crowd: what one in so many of its hours exceeds,
	times  float64 // so many times
	far    float64 // how many deviations above the median are unusual of somebody who is known,
	most   float64 // but no more than so many times the median
}

var scales = [measures]scale{
	requests: {150, 3000, 3000, 3, 6.5, 180},
	tokens:   {600_000, 12_000_000, 3000, 2, 6, 150},
	money:    {7_000_000, 20_000_000, 1500, 2, 5.2, 70},
	paths:    {55, 150, 150, 1, 4.2, 25},
}

// hoursKept is how many hours with requests a baseline rests on; daysKept, how many days.
const (
	hoursKept = 48
	daysKept  = 21
	coldDays  = 4  // fewer days are none for a change of level
	coldHours = 10 // fewer than that are no baseline,
	coldTimes = 4  // but so many times as much as in the largest of them is unusual at the least
)

// ring keeps the last values, as logarithms.
type ring[A [hoursKept]float32 | [daysKept]float32] struct {
	values A
	next   uint16
	filled uint16
}

// baseline is what is usual of a measure.
type baseline struct {
	hours    ring[[hoursKept]float32]
	now      float64 // of this hour
	today    float64 // of this day
	days     ring[[daysKept]float32]
	ewma     float32     // of the logarithm of days
	drift    float32     // CUSUM over days that are standardised: how long it has been more than usual
	seasonal [24]float32 // EWMA of the logarithm by hour of the day
	limit    float64     // of this hour; 0: not worked out yet
}

func pushHour(r *ring[[hoursKept]float32], v float64) {
	r.values[r.next%hoursKept] = float32(v)
	r.next = (r.next + 1) % hoursKept
	r.filled = min(r.filled+1, hoursKept)
}

func pushDay(r *ring[[daysKept]float32], v float64) {
	r.values[r.next%daysKept] = float32(v)
	r.next = (r.next + 1) % daysKept
	r.filled = min(r.filled+1, daysKept)
}

// middle returns the median of values and their median absolute deviation, made comparable with a standard deviation.
func middle(values []float32) (median, deviation float64) {
	if len(values) == 0 {
		return 0, 0
	}
	var buffer [hoursKept]float32
	sorted := buffer[:copy(buffer[:], values)]
	slices.Sort(sorted)
	m := sorted[len(sorted)/2]
	for i, v := range sorted {
		sorted[i] = float32(math.Abs(float64(v - m)))
	}
	slices.Sort(sorted)
	return float64(m), 1.4826 * float64(sorted[len(sorted)/2])
}

// leastWide is the least that a deviation is taken for.
const leastWide = 0.4

// unusual is the logarithm of what is too much for an hour.
func (b *baseline) unusual(m measure) float64 {
	median, wide := middle(b.hours.values[:b.hours.filled])
	return median + min(scales[m].far*max(wide, leastWide), math.Log(scales[m].most))
}

// of works out how much is too much in an hour of the day.
func (b *baseline) of(m measure, hour int, c *Crowd) float64 {
	if b.limit > 0 {
		return b.limit
	}
	floor := scales[m].modest
	if int(b.hours.filled) < coldHours {
		b.limit = scales[m].ample
		if c != nil {
			if rare := c.volumes[m].above(scales[m].oneIn); rare > 0 {
				b.limit = max(scales[m].times*rare, floor)
			}
		}
		for _, v := range b.hours.values[:b.hours.filled] {
			b.limit = max(b.limit, coldTimes*math.Exp(float64(v)))
		}
		return b.limit
	}
	b.limit = max(floor, math.Exp(b.unusual(m)), 4*math.Exp(float64(b.seasonal[hour])))
	return b.limit
}

// closeHour learns an hour that is over.
func (b *baseline) closeHour(m measure, hour int, c *Crowd) {
	if b.now > 0 {
		v := math.Log(b.now)
		if c != nil {
			c.volumes[m].add(b.now)
		}
		if b.hours.filled >= coldHours {
			v = min(v, b.unusual(m)) // an attack is not learnt as it is
		}
		pushHour(&b.hours, v)
		if b.seasonal[hour] == 0 {
			b.seasonal[hour] = float32(v) / 2
		} else {
			b.seasonal[hour] += 0.3 * (float32(v) - b.seasonal[hour])
		}
	}
	b.now, b.limit = 0, 0
}

// enoughDrift is the sum of deviations that is a change, and changeTimes what the last day must have of the median.
const (
	enoughDrift = 6
	changeTimes = 4
)

// closeDay learns a day that is over and reports whether the level has changed for good: a CUSUM over standardised days.
func (b *baseline) closeDay(m measure) (changed bool) {
	if b.today <= 0 {
		return false
	}
	v := math.Log(b.today)
	b.today = 0
	if b.days.filled == 0 {
		b.ewma = float32(v)
	}
	if b.days.filled >= coldDays {
		median, wide := middle(b.days.values[:b.days.filled])
		wide = max(wide, 0.5)
		centre := max(median, float64(b.ewma))
		b.drift = max(0, b.drift+float32(min((v-centre)/wide, 3)-1))
		changed = b.drift > enoughDrift && v > median+math.Log(changeTimes) && v > math.Log(4*scales[m].modest)
		v = min(v, median+4*wide)
	}
	b.ewma += 0.2 * (float32(v) - b.ewma)
	pushDay(&b.days, v)
	if changed {
		b.drift = 0
	}
	return changed
}
