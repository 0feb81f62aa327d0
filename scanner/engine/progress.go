package engine

import (
	"context"
	"time"

	"assay/scanner"
)

// Progress is how far a run is.
type Progress struct {
	Run     scanner.RunID
	State   scanner.RunState
	Why     string
	Tally   scanner.RunTally
	Spent   time.Duration
	Left    scanner.Range // seconds, likely
	Waiting string        // what it waits for now: "staging.acme.com asked for 12 s"; empty where it does not
}

// Progress is how far it is.
func (e *Execution) Progress() Progress {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := Progress{Run: e.o.Run.ID, State: e.state, Why: e.why, Tally: e.tally, Spent: e.spent()}
	if e.state != scanner.RunRunning {
		return p
	}
	p.Left = e.left()
	for _, l := range e.lanes {
		if text := l.pace.text(); text != "" {
			if p.Waiting != "" {
				p.Waiting += ", "
			}
			p.Waiting += text
		}
	}
	return p
}

func (e *Execution) spent() time.Duration {
	if e.ended.IsZero() {
		return e.o.Run.Spent + time.Since(e.began)
	}
	return e.o.Run.Spent + e.ended.Sub(e.began)
}

// left is how long the rest takes, judged by what is done; by the estimate while little is.
func (e *Execution) left() scanner.Range {
	pending, all := float64(e.tally.Pending()), float64(max(e.tally.Cases, 1))
	if e.finished < 10 {
		s := e.o.Run.Estimate.Seconds
		return scanner.Range{Low: s.Low * pending / all, High: s.High * pending / all}
	}
	each := time.Since(e.began).Seconds() / float64(e.finished)
	return scanner.Range{Low: 0.8 * each * pending, High: 1.5 * each * pending}
}

// told is who tells how far the run is.
type told struct{ end, ended chan struct{} }

// tellEvery is how often at most progress is told, and markEvery how often the time spent is kept.
const (
	tellEvery = 100 * time.Millisecond
	markEvery = 10 * time.Second
)

// tell tells progress until the end, and then once more.
func (e *Execution) tell() told {
	t := told{make(chan struct{}), make(chan struct{})}
	changed := e.o.Changed
	if changed == nil {
		changed = func(Progress) {}
	}
	go func() {
		defer close(t.ended)
		ticker := time.NewTicker(tellEvery)
		defer ticker.Stop()
		marked := time.Now()
		for {
			select {
			case <-ticker.C:
				p := e.Progress()
				changed(p)
				if time.Since(marked) >= markEvery && p.State == scanner.RunRunning {
					marked = time.Now()
					e.mark(p.Spent)
				}
			case <-t.end:
				changed(e.Progress())
				return
			}
		}
	}()
	return t
}

// mark keeps the time spent so far, for a program that is killed.
func (e *Execution) mark(spent time.Duration) {
	if err := e.o.Store.SetRunState(context.Background(), e.o.Run.ID, scanner.RunRunning, "", spent); err != nil {
		e.fail(err)
	}
}
