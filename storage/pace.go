package storage

import "time"

// What makes work that can wait stand back: bytes in the recorder's queue, and exchanges a second. People click and
// agents ask at a tenth of that rate; a scanner or a load test does not.
const (
	busyQueue = 1 << 20
	busyRate  = 200
	paceSpan  = 500 * time.Millisecond // over which the rate is taken
)

// pace is how many exchanges end a second, over the last span.
type pace struct {
	since time.Time
	n     int
	rate  float64
}

func (p *pace) ended(now time.Time) {
	p.n++
	if span := now.Sub(p.since); span >= paceSpan {
		p.rate, p.n, p.since = float64(p.n)/span.Seconds(), 0, now
	}
}

func (p *pace) fast(now time.Time) bool {
	return p.rate > busyRate && now.Sub(p.since) < 2*paceSpan
}

// busyNow reports whether there is much to record. The caller holds r.mu.
func (r *Recorder) busyNow(now time.Time) bool {
	return r.bytes > busyQueue || r.spilling || r.pace.fast(now)
}
