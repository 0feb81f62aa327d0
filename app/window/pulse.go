package window

import (
	"context"
	"sync"
	"time"

	"assay/app"
	"assay/storage"
	"assay/traffic"
)

// Pulse is the one event the window gets: what changed since the last one, as ids and counters. The window asks for
// what it shows of it.
type Pulse struct {
	Seq     int64    `json:"seq"`
	Ended   []string `json:"ended"`   // exchanges that ended, at most pulseIDs of them
	Changed []string `json:"changed"` // exchanges that began, went on, were read, marked or deleted, at most pulseIDs
	Missed  bool     `json:"missed"`  // there were more than fit: ask for everything on screen
	State   bool     `json:"state"`   // capture, project or jobs changed: ask Session.State
	// Inventory is the newest revision of the inventory when it is another one than before, and 0 otherwise.
	Inventory int64 `json:"inventory"`
	// Tests says that a run came further, or a model, run or finding changed.
	Tests bool `json:"tests"`
	// Guard says that the guard ruled, that something waits or no longer waits for a person, or that mode or policies changed.
	Guard bool `json:"guard"`
	// Watch says that the watch saw something, or that a threat, a rule or an exception changed.
	Watch bool `json:"watch"`
}

// PulseEvent is the event's name.
const PulseEvent = "pulse"

const (
	pulseEvery = 100 * time.Millisecond // at most ten a second
	pulseIDs   = 200
	stateEvery = time.Second            // counters of the capture pill
	pollEvery  = 500 * time.Millisecond // of a project that another process writes
)

// pulse tells the window of changes: at once after a quiet time, and then at most every pulseEvery.
type pulse struct {
	desk *Desk
	wake chan struct{}
	done sync.WaitGroup

	mu      sync.Mutex
	state   bool
	missed  bool
	tests   bool
	guard   bool
	watch   bool
	fresh   []traffic.ID // exchanges that changed and may count in threats now
	feed    *storage.Feed
	foreign *storage.Project // that another process writes; nil when it is ours

	revision  int64 // of the inventory, to be told; 0 when there is nothing to tell
	committed chan struct{}
	saw       chan struct{}
}

func newPulse(d *Desk) *pulse {
	return &pulse{desk: d, wake: make(chan struct{}, 1), committed: make(chan struct{}, 1), saw: make(chan struct{}, 1)}
}

// start begins to tell the window, until ctx ends; nobody is told where emit is nil.
func (p *pulse) start(ctx context.Context, emit func(event string, data any)) {
	p.done.Go(func() { p.run(ctx, emit) })
	p.done.Go(func() { p.watchInventory(ctx) })
	p.done.Go(func() { p.followProject(ctx, (*app.Project).TestsChanged, p.tested) })
	p.done.Go(func() { p.followProject(ctx, (*app.Project).GuardChanged, p.guarded) })
	p.done.Go(func() { p.watchThreats(ctx) })
}

func (p *pulse) wait() { p.done.Wait() }

// changed says that Session.State has news.
func (p *pulse) changed() {
	p.mu.Lock()
	p.state = true
	p.mu.Unlock()
	p.poke()
}

// tested says that a run came further, or a model, run or finding changed.
func (p *pulse) tested() {
	p.mu.Lock()
	p.tests = true
	p.mu.Unlock()
	p.poke()
}

// nudge makes the window ask for everything on screen.
func (p *pulse) nudge() {
	p.mu.Lock()
	p.missed = true
	p.mu.Unlock()
	p.poke()
}

// follow makes the pulse tell of the commits of a project; nil of none.
func (p *pulse) follow(project *storage.Project) {
	life := p.desk.life()
	p.mu.Lock()
	if p.feed != nil {
		p.feed.Close()
		p.feed = nil
	}
	p.foreign = nil
	if project != nil {
		p.feed = project.Committed()
		if ro, _ := project.ReadOnly(); ro {
			p.foreign = project
			_ = project.Look(life) // so that nothing is missed from here on; poll says what is wrong
		}
	}
	p.state = true
	p.mu.Unlock()
	p.poke()
}

func (p *pulse) poke() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *pulse) signal() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.feed == nil {
		return nil
	}
	return p.feed.Signal()
}

func (p *pulse) run(ctx context.Context, emit func(event string, data any)) {
	state := time.NewTicker(stateEvery)
	defer state.Stop()
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	var seq int64
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		case <-p.signal():
		case <-poll.C:
			p.poll(ctx)
			continue
		case <-state.C:
			if !p.desk.counts() {
				continue
			}
			p.mu.Lock()
			p.state = true
			p.mu.Unlock()
		}
		seq++
		if next := p.take(seq); emit != nil {
			emit(PulseEvent, next)
		}
		select { // what comes meanwhile is told together
		case <-ctx.Done():
			return
		case <-time.After(pulseEvery):
		}
	}
}

// poll looks for what another process wrote; the feeds tell of it like of anything else.
func (p *pulse) poll(ctx context.Context) {
	p.mu.Lock()
	defer p.mu.Unlock() // so that the project is not closed meanwhile
	if p.foreign == nil {
		return
	}
	if err := p.foreign.Look(ctx); err != nil && ctx.Err() == nil {
		p.desk.log().Warn("the project cannot be followed while another process writes it", "err", err)
	}
}

func (p *pulse) take(seq int64) Pulse {
	p.mu.Lock()
	next := Pulse{Seq: seq, State: p.state, Missed: p.missed, Inventory: p.revision, Tests: p.tests, Watch: p.watch, Ended: []string{}, Changed: []string{}}
	p.state, p.missed, p.tests, p.watch, p.revision = false, false, false, false, 0
	next.Guard, p.guard = p.guard, false
	feed, foreign := p.feed, p.foreign != nil
	p.mu.Unlock()
	if feed == nil {
		return next
	}
	ended, changed, missed := feed.Take()
	next.Tests = next.Tests || foreign && (missed || len(ended)+len(changed) > 0) // a test of another process leaves exchanges
	p.looked(changed)
	next.Missed = next.Missed || missed || len(ended) > pulseIDs || len(changed) > pulseIDs
	next.Ended, next.Changed = names(ended), names(changed)
	select {
	case p.committed <- struct{}{}:
	default:
	}
	return next
}

// names gives the last pulseIDs ids as strings.
func names(ids []traffic.ID) []string {
	if len(ids) > pulseIDs {
		ids = ids[len(ids)-pulseIDs:]
	}
	list := make([]string, 0, len(ids))
	for _, id := range ids {
		list = append(list, id.String())
	}
	return list
}
