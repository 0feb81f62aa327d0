package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"assay/scanner"
	"assay/scanner/callback"
	"assay/scanner/engine"
	"assay/scanner/template"
)

// testRuns are the runs that an open project carries out. The zero value holds none.
type testRuns struct {
	mu      sync.Mutex
	live    map[scanner.RunID]*liveRun
	closed  bool
	changed chan struct{}
}

// liveRun is one run while it is carried out.
type liveRun struct {
	execution *engine.Execution
	interrupt context.CancelFunc
	stopped   bool          // a person wants no more of it
	done      chan struct{} // closed when everything is kept
	err       error         // set before done is closed
}

// changes is the channel that is told when a run came further.
func (r *testRuns) changes() chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.changed == nil {
		r.changed = make(chan struct{}, 1)
	}
	return r.changed
}

func (r *testRuns) tell() {
	select {
	case r.changes() <- struct{}{}:
	default: // it was told already and has not looked yet
	}
}

func (r *testRuns) get(id scanner.RunID) *liveRun {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.live[id]
}

// busy reports whether any run is carried out.
func (r *testRuns) busy() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.live) > 0
}

// add takes a run among those that are carried out, unless it is there already or the project closes.
func (r *testRuns) add(id scanner.RunID, run *liveRun) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return &Error{Code: CodeBusy, Message: "the project is being closed"}
	}
	if r.live[id] != nil {
		return &Error{Code: CodeBusy, Message: fmt.Sprintf("run %d is running already", id)}
	}
	if r.live == nil {
		r.live = map[scanner.RunID]*liveRun{}
	}
	r.live[id] = run
	return nil
}

// overruled tells the runs at work what a person said against a verdict.
func (r *testRuns) overruled(o scanner.Overrule) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, run := range r.live {
		if run.execution != nil {
			run.execution.Overruled(o)
		}
	}
}

func (r *testRuns) remove(id scanner.RunID) {
	r.mu.Lock()
	delete(r.live, id)
	r.mu.Unlock()
	r.tell()
}

// stop interrupts every run and waits until what was answered is kept.
func (r *testRuns) stop() {
	r.mu.Lock()
	r.closed = true
	var all []*liveRun
	for _, run := range r.live {
		all = append(all, run)
	}
	r.mu.Unlock()
	for _, run := range all {
		run.interrupt()
	}
	for _, run := range all {
		<-run.done
	}
}

// bench is a test that is ready to be planned or sent: its targets, its templates, and the models that help.
type bench struct {
	aims     []*aim
	library  *template.Library
	problems []TemplateProblem
	callback *callback.Listener
	judge    *askedModel
	attacker *askedModel
}

func (b *bench) victims() []*engine.Victim {
	list := make([]*engine.Victim, len(b.aims))
	for i, t := range b.aims {
		list[i] = t.victim
	}
	return list
}

func (b *bench) targets() []scanner.RunTarget {
	list := make([]scanner.RunTarget, len(b.aims))
	for i, t := range b.aims {
		list[i] = t.target
	}
	return list
}

func (b *bench) hosts() []string {
	var hosts []string
	for _, t := range b.aims {
		if !slices.Contains(hosts, t.target.Host) {
			hosts = append(hosts, t.target.Host)
		}
	}
	return hosts
}

// close ends connections and the listener.
func (b *bench) close() {
	for _, t := range b.aims {
		if t.victim != nil && t.victim.Target != nil {
			t.victim.Target.Close()
		}
	}
	if b.callback != nil {
		_ = b.callback.Close() // nothing was kept in it
	}
	b.judge.close()
	b.attacker.close()
}

// launch carries out what is pending of a run. It owns the bench from now on.
func (p *Project) launch(ctx context.Context, run *scanner.Run, b *bench) error {
	ctx, interrupt := context.WithCancel(context.WithoutCancel(ctx))
	live := &liveRun{interrupt: interrupt, done: make(chan struct{})}
	if err := p.tests.add(run.ID, live); err != nil {
		interrupt()
		b.close()
		return err
	}
	o := engine.Options{
		Run: run, Library: b.library, Victims: b.victims(), Store: p.store, Callback: b.callback,
		Changed: func(engine.Progress) { p.tests.tell() },
	}
	if b.judge != nil {
		o.Judge = judgeModel{b.judge}
	}
	if b.attacker != nil {
		o.Attacker = attackerModel{b.attacker}
	}
	execution, err := engine.Start(ctx, o)
	if err != nil {
		interrupt()
		p.tests.remove(run.ID)
		close(live.done)
		b.close()
		return err
	}
	p.tests.mu.Lock()
	live.execution = execution
	p.tests.mu.Unlock()
	go func() {
		defer close(live.done)
		defer b.close()
		defer interrupt()
		var state scanner.RunState
		if state, live.err = execution.Wait(); state == scanner.RunDone && live.err == nil {
			live.err = p.noteFixed(run.ID)
		}
		p.tests.mu.Lock()
		stopped := live.stopped
		p.tests.mu.Unlock()
		if stopped {
			live.err = errors.Join(live.err, p.noteStopped(run.ID))
		}
		p.snapshots.want(causeRun(run.ID)) // before Close can believe that there is nothing to wait for
		p.tests.remove(run.ID)
	}()
	return nil
}

// noteFixed marks what a run that is done has tried again, and what resisted, as fixed.
func (p *Project) noteFixed(id scanner.RunID) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_, err := p.store.RetestFindings(ctx, id)
	return err
}

// noteStopped makes a stop of a pause that a person asked for.
func (p *Project) noteStopped(id scanner.RunID) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	run, err := p.store.Run(ctx, id)
	if err != nil || run.State == scanner.RunDone {
		return err
	}
	return p.store.SetRunState(ctx, id, scanner.RunStopped, "you stopped it", run.Spent)
}

// PauseTest lets a run finish what it has sent. StopTest also says that no more of it is wanted.
func (p *Project) PauseTest(ctx context.Context, id scanner.RunID) error {
	_, err := p.halt(ctx, id, "you paused it", false)
	return err
}

// StopTest ends a run: what is pending stays so, and can be resumed all the same.
func (p *Project) StopTest(ctx context.Context, id scanner.RunID) error {
	live, err := p.halt(ctx, id, "you stopped it", true)
	if err != nil || live != nil {
		return err
	}
	run, err := p.run(ctx, id)
	if err != nil || run.State == scanner.RunDone {
		return err
	}
	return p.store.SetRunState(ctx, id, scanner.RunStopped, "you stopped it", run.Spent)
}

// halt asks a live run to send no more; nil for one that is not live.
func (p *Project) halt(ctx context.Context, id scanner.RunID, why string, stop bool) (*liveRun, error) {
	p.tests.mu.Lock()
	live := p.tests.live[id]
	if live != nil && stop {
		live.stopped = true
	}
	var execution *engine.Execution
	if live != nil {
		execution = live.execution
	}
	p.tests.mu.Unlock()
	if live == nil {
		_, err := p.run(ctx, id)
		return nil, err
	}
	if execution != nil {
		execution.Pause(why)
	}
	return live, nil
}

// InterruptTest breaks a run off at once: what was answered is kept, what is on its way is sent again when it is resumed.
// It returns when everything is kept.
func (p *Project) InterruptTest(id scanner.RunID) {
	if live := p.tests.get(id); live != nil {
		live.interrupt()
		<-live.done
	}
}

// WaitTest returns the run when it is no longer running.
func (p *Project) WaitTest(ctx context.Context, id scanner.RunID) (*scanner.Run, error) {
	if live := p.tests.get(id); live != nil {
		select {
		case <-live.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if live.err != nil {
			return nil, live.err
		}
	}
	return p.run(ctx, id)
}

// TestProgress tells how far a run is that runs in this program; false for others.
func (p *Project) TestProgress(id scanner.RunID) (engine.Progress, bool) {
	p.tests.mu.Lock()
	live := p.tests.live[id]
	var execution *engine.Execution
	if live != nil {
		execution = live.execution
	}
	p.tests.mu.Unlock()
	if execution == nil {
		return engine.Progress{}, false
	}
	return execution.Progress(), true
}

// TestsChanged returns a channel that is told when any run of this program came further, at most 10 times a second.
func (p *Project) TestsChanged() <-chan struct{} { return p.tests.changes() }
