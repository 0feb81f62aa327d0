package engine

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/judge"
)

// What ends a worker.
var (
	errHalted = errors.New("no more is sent")
	errDead   = errors.New("the host is left alone")
)

// Execution is a run while it runs.
type Execution struct {
	o      Options
	spec   *scanner.RunSpec
	lanes  []*lane
	by     map[string]*fighter // by RunTarget.Ref
	meter  *meter
	keeper *committer

	halt chan struct{} // closed when no more trial begins
	cut  chan struct{} // closed when trials under way send no more either
	done chan struct{} // closed when everything is kept

	mu        sync.Mutex
	state     scanner.RunState
	why       string
	tally     scanner.RunTally
	counts    map[int]*scanner.Case // what pending cases came to so far, by number
	nano      int64                 // billionths of a dollar
	broken    bool                  // cut is closed
	finished  int                   // cases since the start
	began     time.Time
	ended     time.Time
	overrules map[string]scanner.Overrule
	failed    error // what could not be kept
}

// lane is the cases of one host.
type lane struct {
	pace *pace

	mu    sync.Mutex
	cases []scanner.Case // that nobody has taken, in order
	at    int
}

// take gives the next case.
func (l *lane) take() (*scanner.Case, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.at == len(l.cases) {
		return nil, false
	}
	l.at++
	return &l.cases[l.at-1], true
}

// fighter is a victim with what its trials share.
type fighter struct {
	*Victim
	lane   *lane
	maker  *maker
	named  scanner.RunTarget
	others []judge.Tenant
	price  llm.Price
	priced bool
	// declines is the status that the request without an attack is answered with, from 400 on; 0 where it is taken.
	declines int
}

// Start carries out what is pending of a run, in the background. Cancelling ctx interrupts it: what was answered is kept.
func Start(ctx context.Context, o Options) (*Execution, error) {
	if o.Run == nil || o.Store == nil || o.Library == nil {
		return nil, errors.New("a run needs its templates and a project")
	}
	pending, err := o.Store.Pending(ctx, o.Run.ID)
	if err != nil {
		return nil, err
	}
	e := &Execution{
		o: o, spec: &o.Run.Spec, by: map[string]*fighter{}, meter: newMeter(o.Run.Spec.Budget, &o.Run.Tally), halt: make(chan struct{}), cut: make(chan struct{}), done: make(chan struct{}),
		state: scanner.RunRunning, tally: o.Run.Tally, nano: scanner.Nano(o.Run.Tally.Dollars), counts: map[int]*scanner.Case{}, began: time.Now(),
	}
	if e.overrules, err = o.Store.Overrules(ctx); err != nil {
		return nil, err
	}
	if err := e.assemble(pending); err != nil {
		return nil, err
	}
	if err := o.Store.SetRunState(ctx, o.Run.ID, scanner.RunRunning, "", o.Run.Spent); err != nil {
		return nil, err
	}
	go e.run(ctx)
	return e, nil
}

// assemble puts every case into the lane of its host.
func (e *Execution) assemble(pending []scanner.Case) error {
	lanes := map[string]*lane{}
	for _, v := range e.o.Victims {
		f := &fighter{Victim: v, maker: newMaker(v, e.o.Callback)}
		i := slices.IndexFunc(e.o.Run.Targets, func(t scanner.RunTarget) bool { return t.Ref == v.Subject.Ref })
		if i < 0 {
			return fmt.Errorf("%s is no target of the run", v.Subject.Ref)
		}
		f.named = e.o.Run.Targets[i]
		f.price, f.priced = priceOf(v)
		if v.Other != nil && v.Other.Role != nil {
			f.others = []judge.Tenant{{Name: v.Other.Role.Name, Values: v.Other.Role.Knows}}
		}
		host := hostOf(v)
		if lanes[host] == nil {
			lanes[host] = &lane{pace: newPace(host, e.spec.Concurrency, e.spec.Rate, e.cut)}
			e.lanes = append(e.lanes, lanes[host])
		}
		f.lane = lanes[host]
		e.by[v.Subject.Ref] = f
	}
	for _, c := range pending {
		f := e.by[c.Target]
		if f == nil {
			return fmt.Errorf("the run has cases for %s, which is not there", c.Target)
		}
		if _, err := e.o.Library.Template(c.Template); err != nil {
			return err
		}
		f.lane.cases = append(f.lane.cases, c)
	}
	return nil
}

func hostOf(v *Victim) string {
	u, err := url.Parse(v.Subject.Model.URL)
	if err != nil {
		return v.Subject.Model.URL
	}
	return u.Host
}

// Pause lets requests that were sent be answered, and sends no more. A conversation that it breaks off is held anew when
// the run goes on.
func (e *Execution) Pause(why string) { e.stop(scanner.RunPaused, why, true) }

// Stop is Pause for somebody who wants no more of the run: what is pending stays so.
func (e *Execution) Stop(why string) { e.stop(scanner.RunStopped, why, true) }

// spare pauses the run for a budget: trials under way have their requests promised, and are finished.
func (e *Execution) spare(why string) { e.stop(scanner.RunPaused, why, false) }

func (e *Execution) stop(state scanner.RunState, why string, cut bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.ended.IsZero() {
		return
	}
	if !e.halted() {
		e.state, e.why = state, why
		close(e.halt)
	}
	if cut && !e.broken {
		e.broken = true
		close(e.cut)
	}
}

func (e *Execution) halted() bool {
	select {
	case <-e.halt:
		return true
	default:
		return false
	}
}

// Overruled tells a running execution what a person said against a verdict: it holds for later trials too. An empty
// verdict takes it back.
func (e *Execution) Overruled(o scanner.Overrule) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if o.Verdict == "" {
		delete(e.overrules, o.Print)
		return
	}
	if e.overrules == nil {
		e.overrules = map[string]scanner.Overrule{}
	}
	e.overrules[o.Print] = o
}

// Wait returns when it is done, paused or stopped, and everything is kept.
func (e *Execution) Wait() (scanner.RunState, error) {
	<-e.done
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.state, e.failed
}

// run is the whole of an execution.
func (e *Execution) run(ctx context.Context) {
	defer close(e.done)
	e.keeper = newCommitter(e.workers(), func(records []*scanner.TrialRecord) error { return e.save(ctx, records) })
	told := e.tell()
	var timer *time.Timer
	if limit := e.spec.Budget.Time; limit > 0 {
		timer = time.AfterFunc(max(0, limit-e.o.Run.Spent), func() { e.Pause(timeUp(limit)) })
	}
	if e.baselines(ctx) {
		var workers sync.WaitGroup
		for _, l := range e.lanes {
			for range min(cap(l.pace.slots), len(l.cases)) {
				workers.Go(func() { e.work(ctx, l) })
			}
		}
		workers.Wait()
	}
	if timer != nil {
		timer.Stop()
	}
	e.keeper.close()
	e.finish(ctx)
	close(told.end)
	<-told.ended
}

func (e *Execution) workers() int {
	n := 0
	for _, l := range e.lanes {
		n += min(cap(l.pace.slots), len(l.cases))
	}
	return max(n, 1)
}

// work takes one case of a host after the other.
func (e *Execution) work(ctx context.Context, l *lane) {
	for !e.halted() && ctx.Err() == nil {
		c, more := l.take()
		if !more {
			return
		}
		if !e.conduct(ctx, c) {
			return
		}
	}
}

// conduct makes the trials of a case until it is done, and reports whether more may be sent.
func (e *Execution) conduct(ctx context.Context, c *scanner.Case) bool {
	t, err := e.o.Library.Template(c.Template)
	if err != nil { // looked at before the start
		e.Pause(err.Error())
		return false
	}
	for !e.halted() && ctx.Err() == nil {
		a := newAttempt(e, c, t)
		if why := e.meter.reserve(a.most()); why != "" {
			e.spare(why)
			return false
		}
		record := a.run(ctx)
		e.meter.release(a.promised)
		if record == nil { // interrupted before anything was sent
			return false
		}
		if err := e.keeper.keep(ctx, record); err != nil {
			e.fail(err)
			return false
		}
		if record.Done {
			return true
		}
		if a.ended != nil {
			return false
		}
	}
	return false
}

// fail ends a run that cannot be kept.
func (e *Execution) fail(err error) {
	e.mu.Lock()
	if e.failed == nil {
		e.failed = err
	}
	e.mu.Unlock()
	e.Pause("the project cannot be written: " + err.Error())
}

// finish works out where the run stands and keeps it.
func (e *Execution) finish(ctx context.Context) {
	e.mu.Lock()
	e.ended = time.Now()
	if !e.halted() {
		e.state, e.why = scanner.RunDone, ""
		if e.tally.Pending() > 0 {
			e.state, e.why = scanner.RunInterrupted, "the program ended while it ran"
		}
	} else if e.tally.Pending() == 0 {
		e.state, e.why = scanner.RunDone, ""
	}
	state, why, spent := e.state, e.why, e.spent()
	e.mu.Unlock()
	if err := e.o.Store.SetRunState(context.WithoutCancel(ctx), e.o.Run.ID, state, why, spent); err != nil {
		e.mu.Lock()
		e.failed = errors.Join(e.failed, err)
		e.mu.Unlock()
	}
}

// reason tells why no more is sent to a host.
func (e *Execution) reason(l *lane) string {
	if dead := l.pace.deadWhy(); dead != "" {
		return dead
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.why
}
