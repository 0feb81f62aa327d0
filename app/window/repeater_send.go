package window

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"

	"assay/app"
	"assay/proxy"
	"assay/storage"
	"assay/traffic"
)

const (
	mostTimes = 50 // how often one request is sent at once
	atOnce    = 2  // so many of them at the same time
)

// repeats is what the Repeater is doing: which tabs are sending, and through what.
type repeats struct {
	editing sync.Mutex // one change of a tab at a time

	mu      sync.Mutex
	sender  *proxy.Sender
	options app.RecordOptions // of sender
	scope   *proxy.Scope      // of sender
	running map[int64]*repeat
	busy    sync.WaitGroup
}

// repeat is one request that is being sent, perhaps several times.
type repeat struct {
	left   int
	cancel context.CancelFunc
}

func newRepeats() *repeats { return &repeats{running: map[int64]*repeat{}} }

// sending is how many requests of a tab are still to be sent or answered.
func (s *repeats) sending(tab int64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if run := s.running[tab]; run != nil {
		return run.left
	}
	return 0
}

// cancel stops what a tab is sending.
func (s *repeats) cancel(tab int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if run := s.running[tab]; run != nil {
		run.cancel()
	}
}

// stop cuts off everything that is being sent, and waits for it. The next sender is made for another project.
func (s *repeats) stop() {
	s.mu.Lock()
	for _, run := range s.running {
		run.cancel()
	}
	sender := s.sender
	s.sender = nil
	s.mu.Unlock()
	s.busy.Wait()
	if sender != nil {
		sender.Close()
	}
}

// begin notes that a tab is sending; false says that it already is.
func (s *repeats) begin(tab int64, times int, cancel context.CancelFunc) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[tab] != nil {
		return false
	}
	s.running[tab] = &repeat{left: times, cancel: cancel}
	s.busy.Add(1)
	return true
}

func (s *repeats) one(tab int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running[tab].left--
}

func (s *repeats) end(tab int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running[tab].cancel()
	delete(s.running, tab)
	s.busy.Done()
}

// sendWith gives the sender for the open project and today's settings.
func (d *Desk) sendWith(ctx context.Context) (*proxy.Sender, error) {
	options, err := d.recordOptions(ctx)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	project, recording := d.project, d.recording
	d.mu.Unlock()
	if project == nil {
		return nil, &app.Error{Code: app.CodeNotFound, Message: "no project is open"}
	}
	var scope *proxy.Scope // a certificate accepted while recording is accepted here, too
	if recording != nil {
		scope = recording.Scope()
	}
	s := d.repeats
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sender != nil && s.scope == scope && reflect.DeepEqual(s.options, options) {
		return s.sender, nil
	}
	sender, err := project.Sender(options, scope)
	if err != nil {
		return nil, err
	}
	if old := s.sender; old != nil {
		s.busy.Go(old.Settle)
	}
	s.sender, s.scope, s.options = sender, scope, options
	return sender, nil
}

// Send sends the request of a tab, several times where that is asked for. It returns when the first exchange has begun;
// what comes of it is an exchange like any other.
func (r *Repeater) Send(in SendIn) (out SendOut, err error) {
	defer r.desk.guard(&err)
	id, err := tabID(in.Tab)
	if err != nil {
		return out, err
	}
	if in.Times < 1 || in.Times > mostTimes {
		return out, &app.Error{Code: app.CodeUsage, Message: fmt.Sprintf("a request is sent 1 to %d times, not %d", mostTimes, in.Times)}
	}
	p, err := r.desk.writable()
	if err != nil {
		return out, err
	}
	b, err := r.batch(p, id, in.Times)
	if err != nil {
		return out, err
	}
	ctx, cancel := context.WithCancel(r.desk.life())
	if !r.desk.repeats.begin(id, in.Times, cancel) {
		cancel()
		return out, &app.Error{Code: app.CodeBusy, Message: "this tab is sending already", Hint: "wait for it, or stop it"}
	}
	first := make(chan begun, 1)
	go b.run(ctx, func(what begun) {
		select {
		case first <- what:
		default: // only the first counts
		}
	})
	what := <-first
	return SendOut{ID: idOrNone(what.id)}, asError(what.err)
}

// Stop stops what a tab is sending: what has begun is recorded as far as it came.
func (r *Repeater) Stop(in TabIn) (out Nothing, err error) {
	defer r.desk.guard(&err)
	id, err := tabID(in.Tab)
	if err != nil {
		return out, err
	}
	r.desk.repeats.cancel(id)
	return out, nil
}

// asError says in the window's words why a request could not be sent.
func asError(err error) error {
	if refused, ok := errors.AsType[*proxy.RequestError](err); ok {
		return &app.Error{Code: app.CodeInput, Message: "This request cannot be sent: " + refused.Reason}
	}
	return err
}

// begun is the first exchange of a batch, or why there is none.
type begun struct {
	id  traffic.ID
	err error
}

// batch is one request on its way, one or more times.
type batch struct {
	desk    *Desk
	project *storage.Project
	sender  *proxy.Sender
	tab     int64
	request traffic.Request
	times   int
	number  int
	changed []string
}

func (r *Repeater) batch(p *storage.Project, id int64, times int) (*batch, error) {
	ctx := r.desk.life()
	t, err := p.Tab(ctx, id)
	if err != nil {
		return nil, told(err)
	}
	q, problem := parseHead(t.Head)
	if problem.Message != "" {
		return nil, &app.Error{Code: app.CodeInput, Message: fmt.Sprintf("%s (line %d)", problem.Message, problem.Line)}
	}
	q.Body.Data = t.Body
	b := &batch{desk: r.desk, project: p, tab: id, request: q, times: times}
	if b.changed, err = changedSince(ctx, p, cmp.Or(t.Last, t.Source), q, t.Body); err != nil {
		return nil, err
	}
	sent, err := p.Sent(ctx, id, 1)
	if err != nil {
		return nil, err
	}
	b.number = 1
	if len(sent) > 0 {
		b.number = sent[0].Batch + 1
	}
	b.sender, err = r.desk.sendWith(ctx)
	return b, err
}

// run sends; first is told of the first exchange, or of the error that kept it from beginning.
func (b *batch) run(ctx context.Context, first func(begun)) {
	s := b.desk.repeats
	defer b.desk.pulse.changed()
	defer s.end(b.tab)
	defer func() { // the history shows what is on the disk: until then it is still sending
		if err := b.project.Recorder().Flush(context.WithoutCancel(ctx)); err != nil {
			b.desk.log().Warn("what was sent is not on the disk yet", "err", err)
		}
	}()
	var mu sync.Mutex
	left, began := b.times, 0
	take := func() bool {
		mu.Lock()
		defer mu.Unlock()
		left--
		return left >= 0 && ctx.Err() == nil
	}
	note := func(id traffic.ID) {
		mu.Lock()
		defer mu.Unlock()
		began++
		sent := storage.TabSent{Batch: b.number, Exchange: id}
		if began == 1 {
			sent.Changed = b.changed
		}
		if _, err := b.project.AddSent(context.WithoutCancel(ctx), b.tab, sent); err != nil {
			b.desk.log().Warn("the history of a tab could not be kept", "err", err)
		}
		if began == 1 {
			first(begun{id: id})
		}
	}
	var workers sync.WaitGroup
	for range min(atOnce, b.times) {
		workers.Go(func() {
			for take() {
				_, err := b.sender.Send(ctx, b.request, traffic.SourceRepeater, note)
				s.one(b.tab)
				if err != nil {
					first(begun{err: err})
					return
				}
			}
		})
	}
	workers.Wait()
	first(begun{err: &app.Error{Code: app.CodeFailed, Message: "sending was stopped before anything was sent"}})
}
