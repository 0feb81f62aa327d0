package window

import (
	"context"

	"assay/traffic"
)

// mostFresh bounds of how many exchanges is asked whether they count in threats: of more it is taken for granted.
const mostFresh = 2_000

// watched says that the watch saw something, or that a person said something of it.
func (p *pulse) watched() {
	p.mu.Lock()
	p.watch = true
	p.mu.Unlock()
	p.poke()
}

// looked notes exchanges that changed: the watch may have seen something in them.
func (p *pulse) looked(ids []traffic.ID) {
	if len(ids) == 0 {
		return
	}
	p.mu.Lock()
	if len(p.fresh) <= mostFresh {
		p.fresh = append(p.fresh, ids...)
	}
	p.mu.Unlock()
	select {
	case p.saw <- struct{}{}:
	default:
	}
}

// watchThreats has the window told when exchanges that changed count in threats.
func (p *pulse) watchThreats(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.saw:
		}
		p.mu.Lock()
		fresh := p.fresh
		p.fresh = nil
		p.mu.Unlock()
		if len(fresh) <= mostFresh {
			store, err := p.desk.store()
			if err != nil {
				continue
			}
			if of, err := store.ThreatsOf(ctx, fresh); err == nil && len(of) == 0 {
				continue
			}
		}
		p.watched()
	}
}
