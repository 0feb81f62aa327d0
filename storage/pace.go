package storage

import "time"

// What makes work that can wait stand back: bytes in the recorder's queue, exchanges and bytes a second. People click
// and agents ask at a tenth of that rate; a scanner, a load test or a download does not.
const (
	busyQueue = 1 << 20
	busyRate  = 200
	busyBytes = 20 << 20
	paceSpan  = 500 * time.Millisecond // over which the rate is taken
)

// pace tells whether much was recorded over the last span.
type pace struct {
	since time.Time
	n     int
	bytes int64
	fast  bool
}

func (p *pace) event(ended bool, size int64, now time.Time) {
	if ended {
		p.n++
	}
	p.bytes += size
	if span := now.Sub(p.since); span >= paceSpan {
		s := span.Seconds()
		p.fast = float64(p.n)/s > busyRate || float64(p.bytes)/s > busyBytes
		p.n, p.bytes, p.since = 0, 0, now
	}
}

func (p *pace) isFast(now time.Time) bool { return p.fast && now.Sub(p.since) < 2*paceSpan }

// busyNow reports whether there is much to record. The caller holds r.mu.
func (r *Recorder) busyNow(now time.Time) bool {
	return r.bytes > busyQueue || r.spilling || r.pace.isFast(now)
}

// sent takes note of exchanges that a test kept at once: work that can wait stands back for a fast run as for fast
// traffic.
func (r *Recorder) sent(n int, size int64) {
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pace.n += n
	r.pace.event(false, size, now)
}
