package engine

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"assay/scanner/judge"
	"assay/scanner/target"
	"assay/scanner/template"
	"assay/traffic"
)

// mostExchanges bounds how many exchanges of one trial are kept where the same request is repeated: the first ones and
// the last. How many were sent is counted.
const (
	mostExchanges = 16
	mostHeld      = 8 << 20 // bytes of their answers
)

// send sends one request of the conversation and reads its answer. failed tells that nothing can follow; the error, that
// nothing more is sent at all.
func (a *attempt) send(ctx context.Context, call target.Call) (failed bool, err error) {
	ans, err := a.exchange(ctx, call)
	if err != nil && stops(ctx, err) {
		return true, err
	}
	return a.read(ans, err), nil
}

// stops tells errors that end the trial from failures that are an answer of sorts.
func stops(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, errHalted) || errors.Is(err, errDead)
}

// exchange sends a request, again where the host puts it off or is not reached, and keeps every exchange.
func (a *attempt) exchange(ctx context.Context, call target.Call) (*target.Answer, error) {
	a.credentials(&call)
	pace := a.f.lane.pace
	for try := 0; ; try++ {
		held, err := pace.enter(ctx)
		a.trial.Throttled += held
		if err != nil {
			return nil, err
		}
		ans, err := a.f.Target.Do(ctx, call)
		pace.leave()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		a.count(ans, err)
		if a.keyless(err) {
			return ans, errHalted
		}
		if code := codeOf(err); unreached(code) {
			if pace.missed(err.Error()) {
				return ans, errDead
			}
			if !a.again() {
				return ans, errHalted
			}
			if stop := pace.sleep(ctx, min(connectBackoff<<min(try, 8), mostBackoff), false); stop != nil {
				return ans, stop
			}
			continue
		}
		pace.reached()
		if ans == nil || !a.putOff(ans) {
			pace.served()
			return ans, err
		}
		if more, failed := a.later(ans, try); !more {
			if failed != nil {
				return ans, failed
			}
			return ans, err
		}
	}
}

// credentials says who the request is sent as.
func (a *attempt) credentials(call *target.Call) {
	if call.As != nil {
		return
	}
	call.As = a.f.Identity
	if call.Auth == "swap" {
		call.As = a.f.Other
	}
}

// keyless pauses the run where a key is missing: every other case would fail alike.
func (a *attempt) keyless(err error) bool {
	if codeOf(err) != target.CodeNoSecret {
		return false
	}
	a.e.Pause(err.Error())
	return true
}

func codeOf(err error) target.Code {
	if f, ok := target.FailureOf(err); ok && err != nil {
		return f.Code
	}
	return ""
}

// unreached tells failures before the first byte was sent.
func unreached(code target.Code) bool {
	return code == target.CodeRefused || code == target.CodeUnreachable || code == target.CodeDNS
}

// again reserves one more request.
func (a *attempt) again() bool {
	if why := a.e.meter.reserve(1); why != "" {
		a.e.spare(why)
		return false
	}
	a.promised++
	return true
}

// putOff reports whether a host wants to be asked later. Where a template looks for that status, it is its answer.
func (a *attempt) putOff(ans *target.Answer) bool {
	if ans.Status != http.StatusTooManyRequests && ans.Status != http.StatusServiceUnavailable {
		return false
	}
	return !a.rendered.Detect.Names(ans.Status)
}

// later makes the host's requests wait as it asks, and reports whether this one is sent again. failed is set where it asks
// for more than is waited, and where the budget ends.
func (a *attempt) later(ans *target.Answer, try int) (more bool, failed error) {
	pace := a.f.lane.pace
	wait, asked := askedWait(ans.Header, time.Now())
	if !asked {
		wait = firstBackoff << try
	}
	if wait > MostWait {
		pace.gaveUp(true)
		return false, fmt.Errorf("%s asks to wait %s, and no more than %s is waited", pace.host, wait.Round(time.Second), MostWait)
	}
	again := try < pace.retries()
	if asked || again {
		pace.holdFor(wait)
	}
	switch {
	case !again:
		pace.gaveUp(asked)
		return false, nil
	case !a.again():
		return false, errHalted
	}
	return true, nil
}

// count counts a request, with those that opened its session, and keeps their exchanges.
func (a *attempt) count(ans *target.Answer, err error) {
	a.trial.Requests++
	a.e.meter.sent(a.promised > 0)
	if a.promised > 0 {
		a.promised--
	}
	if ans == nil {
		return
	}
	for _, before := range ans.Before {
		a.trial.Requests++
		a.e.meter.sent(false)
		a.keep(before, nil)
	}
	a.keep(ans, err)
	a.usage(ans)
}

// keep takes an exchange along; of a repeated request the last in place of one that is too many.
func (a *attempt) keep(ans *target.Answer, err error) {
	n := len(a.record.Exchanges)
	much := n >= mostExchanges || n > 0 && a.held+len(ans.Body) > mostHeld
	if much && a.script != nil && a.script.Repeat() != nil {
		a.record.Exchanges[n-1] = ans.Record(traffic.SourceTest, err)
	} else {
		a.record.Exchanges = append(a.record.Exchanges, ans.Record(traffic.SourceTest, err))
		a.held += len(ans.Body)
	}
	for _, s := range ans.Secrets() {
		if !slices.Contains(a.record.Secrets, s) {
			a.record.Secrets = append(a.record.Secrets, s)
		}
	}
}

// usage counts the tokens and the price of an answer: as the service counted, else as we do.
func (a *attempt) usage(ans *target.Answer) {
	if ans.Status == 0 || ans.Status >= 400 {
		zero := 0.0
		a.tokens(0, 0, &zero) // nobody charges for an error
		return
	}
	said := ans.Said
	if said.Usage.Input == nil && said.Usage.Output == nil {
		input, output := a.estimate(ans)
		said.Usage.Input, said.Usage.Output = &input, &output
		a.trial.Estimated = true
	}
	var dollars *float64
	if a.f.priced {
		if cost, ok := a.f.price.Cost(&said); ok {
			dollars = &cost
		}
	}
	a.tokens(value(said.Usage.Input), value(said.Usage.Output), dollars)
}

func value(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

// estimate counts tokens where the service does not say.
func (a *attempt) estimate(ans *target.Answer) (input, output int64) {
	for i := range ans.Said.Messages {
		input += 4 // what marks a message
		for _, p := range ans.Said.Messages[i].Parts {
			input += Tokens(p.Text)
		}
	}
	if input == 0 {
		for _, s := range a.sent() {
			input += Tokens(s)
		}
	}
	return input, Tokens(answerOf(&judge.Input{Said: &ans.Said, Body: ans.Body}))
}

// repeat sends the same request many times; the last answer is judged, or the last that was not let through.
func (a *attempt) repeat(ctx context.Context, call target.Call, r *template.Repeat) error {
	a.credentials(&call)
	more, cancel := context.WithCancel(ctx) // what was sent is answered, also when no more is sent
	defer cancel()
	b := &burst{a: a, n: -1, cancel: cancel}
	next := make(chan int)
	var senders sync.WaitGroup
	for range max(1, min(r.Parallel, r.Times)) {
		senders.Go(func() {
			for n := range next {
				ans, held, err := a.once(ctx, call)
				b.take(ctx, n, ans, held, err)
			}
		})
	}
	a.tick(more, r, next)
	close(next)
	senders.Wait()
	switch {
	case b.stop != nil:
		return b.stop
	case b.n < 0:
		return errHalted
	}
	a.read(b.last, b.err)
	return nil
}

// tick gives the number of each request when it is due.
func (a *attempt) tick(ctx context.Context, r *template.Repeat, next chan<- int) {
	var gap time.Duration
	if r.Within > 0 && r.Times > 1 {
		gap = r.Within / time.Duration(r.Times-1)
	}
	began := time.Now()
	for n := range r.Times {
		if wait := time.Until(began.Add(time.Duration(n) * gap)); wait > 0 && a.f.lane.pace.sleep(ctx, wait, false) != nil {
			return
		}
		select {
		case next <- n:
		case <-ctx.Done():
			return
		}
	}
}

// burst gathers what came of a repeated request.
type burst struct {
	a      *attempt
	cancel context.CancelFunc

	mu   sync.Mutex
	stop error // what ended it
	last *target.Answer
	err  error // of last
	n    int   // of last

	through bool // last was let through
}

func (b *burst) take(ctx context.Context, n int, ans *target.Answer, held time.Duration, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.a.trial.Throttled += held
	if err != nil && stops(ctx, err) {
		if b.stop == nil {
			b.stop = err
		}
		b.cancel()
		return
	}
	b.a.count(ans, err)
	// One that was not let through counts more than any that was: a limit that lifts again is one.
	through := err == nil && ans != nil && ans.Status < 400
	if was := b.n < 0 || b.through; was && !through || was == through && n > b.n {
		b.last, b.err, b.n, b.through = ans, err, n, through
	}
}

// once sends one of many.
func (a *attempt) once(ctx context.Context, call target.Call) (*target.Answer, time.Duration, error) {
	held, err := a.f.lane.pace.enter(ctx)
	if err != nil {
		return nil, held, err
	}
	defer a.f.lane.pace.leave()
	ans, err := a.f.Target.Do(ctx, call)
	if unreached(codeOf(err)) && a.f.lane.pace.missed(err.Error()) {
		return ans, held, errDead
	}
	return ans, held, err
}
