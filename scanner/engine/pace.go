package engine

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Bounds of waiting for a host.
const (
	DefaultConcurrency = 8               // requests at once to one host
	MostWait           = 2 * time.Minute // that a host may ask for; a longer one is not waited for
	mostRetries        = 3               // of one request that a host put off or that reached nobody
	firstBackoff       = 500 * time.Millisecond
	connectBackoff     = 250 * time.Millisecond

	mostBackoff = 2 * time.Second  // between two attempts to reach somebody
	deadAfter   = 5                // connections in a row that reached nobody,
	deadFor     = 15 * time.Second // over at least so long, make a host count as dead
	probeEvery  = 5 * time.Second  // one request is let through to see whether a dead host is back
	stubborn    = 3                // requests in a row that a host put off to the last: it is not asked again for each
	mostPutOff  = 10 * time.Minute
	putOffLeast = 30 // requests in a row, beside mostPutOff
)

// pace keeps the requests to one host within what a person allows and what the host asks for.
type pace struct {
	host  string
	slots chan struct{}
	gap   time.Duration // between two requests; 0 for none
	halt  <-chan struct{}

	mu      sync.Mutex
	next    time.Time // when the rate allows another request
	hold    time.Time // what the host asked to wait for
	waiting int       // requests that wait for hold

	failures int // connections in a row that reached nobody
	since    time.Time
	dead     string // why hardly anything more is sent; empty while something is
	probe    time.Time

	putOff  int // requests in a row that were put off to the last
	refused time.Time
}

func newPace(host string, concurrency int, rate float64, halt <-chan struct{}) *pace {
	if concurrency <= 0 {
		concurrency = DefaultConcurrency
	}
	p := &pace{host: host, slots: make(chan struct{}, concurrency), halt: halt}
	if rate > 0 {
		p.gap = time.Duration(float64(time.Second) / rate)
	}
	return p
}

// enter waits until a request may be sent; leave must follow. held is how long the host's own wish made it wait. The
// error is errHalted, errDead or that of ctx.
func (p *pace) enter(ctx context.Context) (held time.Duration, err error) {
	select {
	case p.slots <- struct{}{}:
	case <-p.halt:
		return 0, errHalted
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	for {
		wait, asked := p.turn()
		if wait <= 0 {
			break
		}
		began := time.Now()
		err := p.sleep(ctx, wait, asked)
		if asked {
			held += time.Since(began)
		}
		if err != nil {
			p.leave()
			return held, err
		}
	}
	select {
	case <-p.halt: // while it waited for its place
		p.leave()
		return held, errHalted
	default:
	}
	if p.leftAlone() {
		p.leave()
		return held, errDead
	}
	return held, nil
}

func (p *pace) leave() { <-p.slots }

// turn is how long to wait before asking again; zero takes the turn. asked tells that the host wants it so.
func (p *pace) turn() (wait time.Duration, asked bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if wait := p.hold.Sub(now); wait > 0 {
		return wait, true
	}
	if wait := p.next.Sub(now); wait > 0 {
		return wait, false
	}
	if p.gap > 0 {
		p.next = now.Add(p.gap)
	}
	return 0, false
}

func (p *pace) sleep(ctx context.Context, wait time.Duration, asked bool) error {
	if asked {
		p.mu.Lock()
		p.waiting++
		p.mu.Unlock()
		defer func() {
			p.mu.Lock()
			p.waiting--
			p.mu.Unlock()
		}()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-p.halt:
		return errHalted
	case <-ctx.Done():
		return ctx.Err()
	}
}

// holdFor makes all requests to the host wait.
func (p *pace) holdFor(wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := time.Now().Add(wait); until.After(p.hold) {
		p.hold = until
	}
}

// reached notes that the host answered.
func (p *pace) reached() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failures > 0 {
		p.failures, p.dead = 0, ""
	}
}

// served notes an answer that put nothing off.
func (p *pace) served() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.putOff, p.dead = 0, ""
}

// missed notes a connection that reached nobody, and reports whether the host counts as dead by now.
func (p *pace) missed(why string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.failures++; p.failures == 1 {
		p.since = now
	}
	if p.failures >= deadAfter && now.Sub(p.since) >= deadFor && p.dead == "" {
		p.die(fmt.Sprintf("%s cannot be reached (%s)", p.host, why))
	}
	return p.dead != ""
}

// gaveUp notes a request that was put off to the last. A host that answers nothing else for long is left alone.
func (p *pace) gaveUp(asked bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.putOff++; p.putOff == 1 {
		p.refused = now
	}
	if asked && p.putOff >= putOffLeast && now.Sub(p.refused) >= mostPutOff && p.dead == "" {
		p.die(fmt.Sprintf("%s has answered nothing for %s but that it wants to be asked later", p.host, mostPutOff))
	}
}

func (p *pace) die(why string) {
	p.dead, p.probe = why, time.Now().Add(probeEvery)
}

// leftAlone reports whether a request to the host is not sent: it is dead, and it is not the turn of one that sees whether
// it is back.
func (p *pace) leftAlone() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.dead == "" {
		return false
	}
	if now.Before(p.probe) {
		return true
	}
	p.probe = now.Add(probeEvery)
	return false
}

// retries is how often a request that is put off is sent again: less and less for a host that always does.
func (p *pace) retries() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.putOff >= stubborn {
		return 0
	}
	return mostRetries
}

// deadWhy is why hardly anything more is sent to the host; empty while something is.
func (p *pace) deadWhy() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

// text tells what requests to the host wait for now; empty where they do not.
func (p *pace) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	left := time.Until(p.hold)
	if p.waiting == 0 || left <= 0 {
		return ""
	}
	return fmt.Sprintf("%s asked for %d s", p.host, int((left+time.Second-1)/time.Second))
}
