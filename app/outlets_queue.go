package app

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"assay/report/alert"
	"assay/scanner"
	"assay/storage"
)

// How alerts wait for an outlet that does not take them.
const (
	mostAlerts    = 1000 // that wait for one outlet; what is more is lost, and counted
	mostAttempts  = 6
	firstRetry    = time.Second // then twice as long each time
	outletClosing = 3 * time.Second
	freshThreat   = time.Hour // a threat that was last seen longer ago is history, and is not told
)

// OutletState is how an outlet is doing since the project was opened.
type OutletState struct {
	Outlet
	Sent int64  `json:"sent"`
	Lost int64  `json:"lost"`
	Why  string `json:"why,omitempty"` // of the last one that was lost
}

// outbox brings alerts of one project to the outlets. The zero value brings none.
type outbox struct {
	mu     sync.Mutex
	lines  map[int]*outletLine // by outlet
	closed bool
}

// outletLine is what waits for one outlet.
type outletLine struct {
	outlet  Outlet
	carrier carrier
	queue   chan alert.Alert
	cancel  context.CancelFunc
	done    sync.WaitGroup
	retry   time.Duration

	sent, lost atomic.Int64
	why        atomic.Pointer[string]
}

// tellRulings hands on what the guard ruled.
func (p *Project) tellRulings(rulings []scanner.Ruling) {
	name := filepath.Base(p.store.Path())
	alerts := make([]alert.Alert, len(rulings))
	for i := range rulings {
		alerts[i] = alert.OfRuling(name, &rulings[i])
	}
	p.tellOutlets("rulings", alerts)
}

// tellThreats hands on threats that the watch found just now. Those of traffic that is long over are not told: they were
// imported, or watched anew.
func (p *Project) tellThreats(threats []*scanner.Threat) {
	name, since := filepath.Base(p.store.Path()), time.Now().Add(-freshThreat)
	fresh := slices.DeleteFunc(slices.Clone(threats), func(t *scanner.Threat) bool { return t.Last.Before(since) })
	if len(fresh) == 0 {
		return
	}
	alerts := make([]alert.Alert, len(fresh))
	for i, t := range fresh {
		alerts[i] = alert.OfThreat(name, t)
	}
	p.tellOutlets("threats", alerts)
	p.notices.threats(fresh)
}

// newThreats returns what hands on, of threats that were kept, those that were not there before. One goroutine at a time
// calls it.
func newThreats(ctx context.Context, store *storage.Project, tell func([]*scanner.Threat)) func([]*scanner.Threat) {
	last := scanner.ThreatID(math.MaxInt64) // nothing is told where it cannot be said what is new
	if start, err := store.StartWatch(ctx); err == nil {
		last = start.LastThreat
	}
	return func(kept []*scanner.Threat) {
		before := last
		fresh := slices.DeleteFunc(slices.Clone(kept), func(t *scanner.Threat) bool { return t.ID <= before })
		for _, t := range fresh {
			last = max(last, t.ID)
		}
		if len(fresh) > 0 {
			tell(fresh)
		}
	}
}

// tellOutlets puts alerts among what waits for the outlets that want them. It never waits for one.
func (p *Project) tellOutlets(about string, alerts []alert.Alert) {
	if len(alerts) == 0 {
		return
	}
	outlets, err := p.app.Home.Outlets()
	if err != nil {
		p.app.log().Warn("the outlets cannot be read", "err", err)
		return
	}
	if len(outlets) == 0 {
		return
	}
	b := &p.outbox
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return
	}
	for i := range outlets {
		o := &outlets[i]
		for j := range alerts {
			if o.wants(about, alerts[j].Severity, p.store.Path()) {
				p.lineTo(o).add(alerts[j])
			}
		}
	}
}

// lineTo returns what waits for an outlet, as the outlet is now. The lock is held.
func (p *Project) lineTo(o *Outlet) *outletLine {
	b := &p.outbox
	line := b.lines[o.ID]
	if line != nil && sameOutlet(&line.outlet, o) {
		return line
	}
	if line != nil {
		line.cancel() // another one has its number
	}
	if b.lines == nil {
		b.lines = map[int]*outletLine{}
	}
	ctx, cancel := context.WithCancel(context.Background())
	line = &outletLine{outlet: *o, queue: make(chan alert.Alert, mostAlerts), cancel: cancel, retry: firstRetry}
	b.lines[o.ID] = line
	line.done.Go(func() {
		var err error
		if line.carrier, err = p.app.carrier(ctx, o); err != nil {
			line.carrier = noCarrier{err}
		}
		defer line.carrier.close()
		line.run(ctx, func(err error) {
			p.app.log().Warn("an alert was not delivered", "outlet", o.ID, "kind", o.Kind, "err", err)
		})
	})
	return line
}

func sameOutlet(a, b *Outlet) bool {
	return a.Kind == b.Kind && a.To == b.To && a.As == b.As && a.Signed == b.Signed
}

// noCarrier is an outlet that cannot be used, and says why for each alert.
type noCarrier struct{ err error }

func (n noCarrier) send(context.Context, *alert.Alert) error { return lastingError{n.err} }
func (noCarrier) close()                                     {}

func (l *outletLine) add(a alert.Alert) {
	select {
	case l.queue <- a:
	default:
		l.lose(errors.New("too many wait for it"), nil)
	}
}

func (l *outletLine) lose(err error, say func(error)) {
	why := err.Error()
	l.why.Store(&why)
	if n := l.lost.Add(1); say != nil && (n == 1 || n%100 == 0) {
		say(err)
	}
}

// run sends what waits until ctx ends.
func (l *outletLine) run(ctx context.Context, say func(error)) {
	for {
		select {
		case <-ctx.Done():
			return
		case a, open := <-l.queue:
			if !open {
				return
			}
			if err := l.deliver(ctx, &a); err != nil {
				l.lose(err, say)
			} else {
				l.sent.Add(1)
			}
		}
	}
}

// deliver sends one alert, and tries again where that may help.
func (l *outletLine) deliver(ctx context.Context, a *alert.Alert) error {
	pause := l.retry
	for attempt := 1; ; attempt++ {
		err := l.carrier.send(ctx, a)
		if err == nil {
			return nil
		}
		if _, lasting := errors.AsType[lastingError](err); lasting || attempt == mostAttempts || ctx.Err() != nil {
			return err
		}
		wait := pause
		if later, ok := errors.AsType[laterError](err); ok && later.after > wait {
			wait = later.after
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return err
		case <-timer.C:
		}
		pause *= 2
	}
}

// stop sends what waits, as far as patience goes.
func (b *outbox) stop(patience time.Duration) (lost int64) {
	b.mu.Lock()
	b.closed = true
	lines := b.lines
	b.mu.Unlock()
	for _, line := range lines {
		close(line.queue)
	}
	over := time.AfterFunc(patience, func() {
		for _, line := range lines {
			line.cancel()
		}
	})
	defer over.Stop()
	for _, line := range lines {
		line.done.Wait()
		line.cancel()
		left := int64(len(line.queue))
		line.lost.Add(left)
		lost += line.lost.Load()
	}
	return lost
}

// Outlets tells how the outlets are doing that alerts of this project were sent to since it was opened.
func (p *Project) Outlets() []OutletState {
	b := &p.outbox
	b.mu.Lock()
	defer b.mu.Unlock()
	list := []OutletState{}
	for _, line := range b.lines {
		s := OutletState{Outlet: line.outlet, Sent: line.sent.Load(), Lost: line.lost.Load()}
		if why := line.why.Load(); why != nil {
			s.Why = *why
		}
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b OutletState) int { return a.ID - b.ID })
	return list
}

// TryOutlets sends a trial to outlets, or to all where none is named, and tells how each went. Nothing is tried twice.
func (a *App) TryOutlets(ctx context.Context, ids []int) ([]OutletState, error) {
	outlets, err := a.Home.Outlets()
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if !slices.ContainsFunc(outlets, func(o Outlet) bool { return o.ID == id }) {
			return nil, noOutlet(id)
		}
	}
	var states []OutletState
	for i := range outlets {
		o := &outlets[i]
		if len(ids) > 0 && !slices.Contains(ids, o.ID) {
			continue
		}
		s := OutletState{Outlet: *o}
		if err := a.tryOutlet(ctx, o); err != nil {
			s.Lost, s.Why = 1, err.Error()
		} else {
			s.Sent = 1
		}
		states = append(states, s)
	}
	return states, nil
}

func (a *App) tryOutlet(ctx context.Context, o *Outlet) error {
	c, err := a.carrier(ctx, o)
	if err != nil {
		return err
	}
	defer c.close()
	trial := alert.OfTrial("", time.Now())
	return c.send(ctx, &trial)
}
