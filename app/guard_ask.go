package app

import (
	"context"
	"slices"
	"sync"
	"time"

	"assay/scanner/guard"
)

// mostAsked is how many things may wait for a person at a time. What is more waits for nobody: the policy says whether it
// passes then.
const mostAsked = 256

// approvals are what waits for a person. The zero value is ready.
type approvals struct {
	mu      sync.Mutex
	last    int64
	waiting map[int64]*question
}

type question struct {
	Approval
	answer chan bool // holds one
}

// add takes a question among those that wait. False where there are too many.
func (a *approvals) add(q guard.Question) (*question, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.waiting) >= mostAsked {
		return nil, false
	}
	if a.waiting == nil {
		a.waiting = map[int64]*question{}
	}
	a.last++
	one := &question{Approval: Approval{a.last, q}, answer: make(chan bool, 1)}
	a.waiting[a.last] = one
	return one, true
}

func (a *approvals) remove(id int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.waiting, id)
}

func (a *approvals) answer(id int64, yes bool) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	one, ok := a.waiting[id]
	if ok {
		delete(a.waiting, id)
		one.answer <- yes // the first and only one: it is no longer among those that wait
	}
	return ok
}

func (a *approvals) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.waiting)
}

func (a *approvals) list() []Approval {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := make([]Approval, 0, len(a.waiting))
	for _, one := range a.waiting {
		list = append(list, one.Approval)
	}
	slices.SortFunc(list, func(a, b Approval) int { return int(a.ID - b.ID) })
	return list
}

// ask waits for a person's answer to what the guard wants to know: until there is one, the question's time is over, or
// whoever sent the request is gone.
func (p *Project) ask(ctx context.Context, q guard.Question) (yes, answered bool) {
	g := &p.guarding
	one, ok := g.asked.add(q)
	if !ok {
		return false, false
	}
	g.tell()
	p.tellWaiting(one.Approval)
	defer func() {
		g.asked.remove(one.ID)
		g.tell()
	}()
	over := time.NewTimer(time.Until(q.Until))
	defer over.Stop()
	select {
	case yes = <-one.answer:
		return yes, true
	case <-ctx.Done():
	case <-over.C:
	}
	select { // a person was as quick
	case yes = <-one.answer:
		return yes, true
	default:
		return false, false
	}
}
