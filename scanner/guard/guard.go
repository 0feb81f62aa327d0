package guard

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"assay/scanner"
	"assay/scanner/detect"
	"assay/scanner/rule"
	"assay/scanner/watch"
	"assay/traffic"
)

// Bounds of what is looked at. What is larger or takes longer is not looked at: the policy's FailClosed decides.
const (
	mostBody    = 4 << 20         // bytes of a body, as it travels and decoded
	mostLooking = 2 * time.Second // from the head of a message to the decision about it, a person's answer not counted
	mostAtOnce  = 64              // looks under way, those that nobody waits for any more among them
)

// usualPatience is how long a person has to answer where the policy does not say.
const usualPatience = time.Minute

// Question is what a person is asked before something passes.
type Question struct {
	Ruling scanner.Ruling
	Shown  string    // what it is about, with secrets and personal data taken out, shortened
	Until  time.Time // then nobody has answered
}

// Options of a Guard. Mode and Policies are needed.
type Options struct {
	Mode     scanner.GuardMode
	Policies []scanner.Policy
	Rules    *rule.Set        // for policies that name rules; nil: there are none
	Identity watch.Identity   // nil: watch.UsualIdentity
	Detector *detect.Detector // for types of sensitive data that a person added; nil: those that are built in

	ID       func(context.Context) traffic.ID                     // the exchange of a request; nil: 0
	Exchange func(context.Context) *traffic.Exchange              // what is known of it; nil: what the request itself says
	Tell     func(scanner.Ruling)                                 // is told of every ruling; it must not block
	Ask      func(context.Context, Question) (yes, answered bool) // asks a person; nil: nobody answers
	Now      func() time.Time                                     // nil: time.Now
	Log      *slog.Logger                                         // nil: silent
}

// Guard decides about traffic. It is safe for concurrent use, and implements proxy.Guard.
type Guard struct {
	o    Options
	look func(*watch.Seen, watch.Identity) *scanner.Sight

	lookFor func(*watch.Seen, scanner.Side, func(scanner.SignKind) bool) *scanner.Sight
	state   atomic.Pointer[state]
	mu      sync.Mutex    // of Set
	long    time.Duration // mostLooking
	books   *books
	busy    chan struct{} // one for each look under way
	memo    memo
	stats   counters

	beside sync.WaitGroup // what is looked at after it has passed
}

// state is a mode with its policies, made ready. It is never changed.
type state struct {
	mode     scanner.GuardMode
	policies []*policy
	answers  bool // some may match an answer
}

// Stats count what a guard has done since it was made.
type Stats struct {
	Looked   int64 // requests that were held to be looked at
	Answers  int64 // answers, whole or streamed, that were looked at
	Rulings  int64
	Stopped  int64 // requests and answers that the client got something else for
	Redacted int64 // places that were taken out
	Asked    int64 // questions put to a person
	Unlooked int64 // messages that could not be looked at: too large, too late, in a form that is not read, a session's frames
}

type counters struct {
	looked, answers, rulings, stopped, redacted, asked, unlooked atomic.Int64
}

// New returns a guard. It fails for a policy that cannot be carried out, and says which and why.
func New(o Options) (*Guard, error) {
	if o.ID == nil {
		o.ID = func(context.Context) traffic.ID { return 0 }
	}
	if o.Tell == nil {
		o.Tell = func(scanner.Ruling) {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Identity == nil {
		o.Identity = watch.UsualIdentity
	}
	g := &Guard{o: o, look: watch.Look, lookFor: watch.LookFor, long: mostLooking, books: newBooks(), busy: make(chan struct{}, mostAtOnce)}
	return g, g.Set(o.Mode, o.Policies)
}

// Set changes mode and policies of a guard at work. What is under way ends as it began; what budgets have counted is
// kept for policies with the same ID and allowance.
func (g *Guard) Set(mode scanner.GuardMode, policies []scanner.Policy) error {
	next := &state{mode: mode}
	switch mode {
	case scanner.GuardOff, scanner.GuardMonitor, scanner.GuardEnforce:
	case "":
		next.mode = scanner.GuardOff
	default:
		return fmt.Errorf("%q is no mode of the guard: off, monitor or enforce", mode)
	}
	for i := range policies {
		p, err := newPolicy(policies[i], g.o.Rules)
		if err != nil {
			return fmt.Errorf("policy %q: %w", policies[i].Name, err)
		}
		if p.On {
			next.policies = append(next.policies, p)
			next.answers = next.answers || p.onAnswer
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.books.keep(next.policies)
	g.state.Store(next)
	return nil
}

// Mode is how far the guard goes now.
func (g *Guard) Mode() scanner.GuardMode { return g.state.Load().mode }

// Stats gives the counts of now.
func (g *Guard) Stats() Stats {
	c := &g.stats
	return Stats{
		Looked: c.looked.Load(), Answers: c.answers.Load(), Rulings: c.rulings.Load(), Stopped: c.stopped.Load(),
		Redacted: c.redacted.Load(), Asked: c.asked.Load(), Unlooked: c.unlooked.Load(),
	}
}

// tell hands a ruling on.
func (g *Guard) tell(r scanner.Ruling) {
	g.stats.rulings.Add(1)
	g.o.Tell(r)
}

// safely runs what must not break traffic, and reports whether it came to its end.
func (g *Guard) safely(what string, do func()) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			ok = false
			g.o.Log.Error("the guard failed", "at", what, "panic", r)
		}
	}()
	do()
	return true
}

// active gives the state where the guard has something to do.
func (g *Guard) active() *state {
	st := g.state.Load()
	if st == nil || st.mode == scanner.GuardOff || len(st.policies) == 0 {
		return nil
	}
	return st
}

type passageKey struct{}

// passageOf finds what Request noted for Response.
func passageOf(resp *http.Response) *passage {
	if resp.Request == nil {
		return nil
	}
	p, _ := resp.Request.Context().Value(passageKey{}).(*passage)
	return p
}
