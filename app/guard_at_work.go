package app

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"assay/proxy"
	"assay/scanner"
	"assay/scanner/guard"
	"assay/scanner/rule"
	"assay/traffic"
)

// guarding is what the recorders of a project ask before they let something pass: the guard, or nobody while it is off.
// The zero value lets everything pass. It implements proxy.Guard, so that a guard can be switched while it records.
type guarding struct {
	guard atomic.Pointer[guard.Guard] // nil while it is off
	asked approvals

	mu        sync.Mutex
	recorders int
	state     GuardState  // its counters are elsewhere
	ruled     bool        // the guard has the project's rules
	rulings   *rulingBook // nil until there is a guard
	changed   chan struct{}
}

// Request implements proxy.Guard.
func (g *guarding) Request(req *http.Request) *http.Response {
	if now := g.guard.Load(); now != nil {
		return now.Request(req)
	}
	return nil
}

// Response implements proxy.Guard.
func (g *guarding) Response(resp *http.Response) {
	if now := g.guard.Load(); now != nil {
		now.Response(resp)
	}
}

// recording reports whether a recorder is at work.
func (g *guarding) recording() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.recorders > 0
}

// now returns how the guard is doing.
func (g *guarding) now() GuardState {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.state
	if s.Mode == "" || g.recorders == 0 {
		s.Mode = scanner.GuardOff
	}
	if g.rulings != nil {
		s.Rulings, s.Lost = g.rulings.kept.Load(), g.rulings.lost.Load()
	}
	s.Waiting = g.asked.count()
	return s
}

// changes is the channel that is told when there is news.
func (g *guarding) changes() chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.changed == nil {
		g.changed = make(chan struct{}, 1)
	}
	return g.changed
}

func (g *guarding) tell() {
	select {
	case g.changes() <- struct{}{}:
	default: // it was told already and has not looked yet
	}
}

// stop ends what goes on around the guard. There are no recorders any more.
func (g *guarding) stop() {
	g.guard.Store(nil)
	g.mu.Lock()
	rulings := g.rulings
	g.rulings = nil
	g.mu.Unlock()
	if rulings != nil {
		rulings.stop()
	}
}

// guardRecorder begins to guard a recorder as mode says, or as the project has it where mode is empty. Whoever called it
// calls what it returns when the recorder has ended.
func (p *Project) guardRecorder(ctx context.Context, mode scanner.GuardMode) (done func(), err error) {
	if mode == "" {
		if mode, err = p.store.GuardMode(ctx); err != nil {
			return nil, err
		}
	}
	if err := p.guardWith(ctx, mode); err != nil {
		return nil, err
	}
	g := &p.guarding
	g.mu.Lock()
	g.recorders++
	g.mu.Unlock()
	return func() {
		g.mu.Lock()
		g.recorders--
		last := g.recorders == 0
		rulings := g.rulings
		g.mu.Unlock()
		if last {
			g.guard.Store(nil)
			if rulings != nil {
				rulings.flush()
			}
		}
		g.tell()
	}, nil
}

// rulesChanged makes the guard at work take the project's rules anew, where a policy asks for one. Budgets begin anew then.
func (p *Project) rulesChanged(ctx context.Context) error {
	g := &p.guarding
	if g.guard.Load() == nil {
		return nil
	}
	policies, err := p.store.Policies(ctx)
	if err != nil || !nameRules(policies) {
		return err
	}
	defer g.tell()
	return p.guardAnew(ctx, g.now().Mode, true)
}

// guardWith makes the guard go as far as mode says, with the policies that the project holds now.
func (p *Project) guardWith(ctx context.Context, mode scanner.GuardMode) error {
	return p.guardAnew(ctx, mode, false)
}

// guardAnew is guardWith; anew makes another guard in place of the one at work.
func (p *Project) guardAnew(ctx context.Context, mode scanner.GuardMode, anew bool) error {
	policies, err := p.store.Policies(ctx)
	if err != nil {
		return err
	}
	g := &p.guarding
	state := GuardState{Mode: mode}
	for i := range policies {
		if policies[i].On {
			state.Policies++
			if policies[i].FailClosed {
				state.Closed++
			}
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.guard.Load()
	switch {
	case mode == scanner.GuardOff:
		g.guard.Store(nil)
	case now != nil && !anew && (g.ruled || !nameRules(policies)):
		if err := now.Set(mode, policies); err != nil {
			return badPolicy(err)
		}
	default:
		if g.rulings == nil {
			g.rulings = newRulingBook(p)
		}
		made, err := p.newGuard(ctx, mode, policies, g.rulings.add)
		if err != nil {
			return badPolicy(err)
		}
		g.guard.Store(made)
		g.ruled = nameRules(policies)
	}
	g.state = state
	return nil
}

// newGuard makes a guard over the project's rules. tell is told of its rulings.
func (p *Project) newGuard(ctx context.Context, mode scanner.GuardMode, policies []scanner.Policy, tell func(scanner.Ruling)) (*guard.Guard, error) {
	var rules *rule.Set // reading them takes time, and most policies name none
	if nameRules(policies) {
		rules, _ = p.Rules(ctx) // those that are not good are named where rules are listed; a policy that needs one says so
	}
	identity, err := p.store.Identity(ctx)
	if err != nil {
		return nil, err
	}
	return guard.New(guard.Options{
		Mode: mode, Policies: policies, Rules: rules, Identity: identity, Tell: tell, Ask: p.ask, ID: proxy.ExchangeID, Log: p.app.log(),
		Exchange: func(ctx context.Context) *traffic.Exchange { return p.store.Sealed(proxy.ExchangeOf(ctx)) },
	})
}

func nameRules(policies []scanner.Policy) bool {
	return slices.ContainsFunc(policies, func(one scanner.Policy) bool { return len(one.Rules) > 0 })
}

func badPolicy(err error) error {
	return &Error{
		Code: CodeInput, Message: "the guard cannot work with the policies of this project", Err: err,
		Hint: "`assay policy ls` lists them, `assay policy off ID` switches one off", InWindow: "mend the policy or switch it off",
	}
}
