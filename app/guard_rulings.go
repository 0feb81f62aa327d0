package app

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"assay/scanner"
)

// How rulings get to the disk: apart from the traffic they are about, some at a time.
const (
	mostRulings   = 8192                   // that wait; what is more is lost, and counted
	rulingBatch   = 512                    // kept in one step
	rulingPause   = 100 * time.Millisecond // company is worth waiting for
	rulingPatient = 10 * time.Second       // the disk has
)

// rulingBook keeps what a guard rules.
type rulingBook struct {
	project *Project
	queue   chan scanner.Ruling
	kept    atomic.Int64
	lost    atomic.Int64
	flushes chan chan struct{}
	quit    chan struct{}
	done    sync.WaitGroup
}

func newRulingBook(p *Project) *rulingBook {
	b := &rulingBook{
		project: p, queue: make(chan scanner.Ruling, mostRulings), flushes: make(chan chan struct{}), quit: make(chan struct{}),
	}
	b.done.Go(b.run)
	return b
}

// add takes a ruling. It is called on the path of the traffic, and never waits.
func (b *rulingBook) add(r scanner.Ruling) {
	select {
	case b.queue <- r:
	default:
		b.lost.Add(1)
	}
}

// flush returns when everything that was added before is kept.
func (b *rulingBook) flush() {
	done := make(chan struct{})
	select {
	case b.flushes <- done:
		<-done
	case <-b.quit:
	}
}

// stop keeps what is left and ends. It is called once.
func (b *rulingBook) stop() {
	close(b.quit)
	b.done.Wait()
}

func (b *rulingBook) run() {
	for {
		select {
		case r := <-b.queue:
			timer := time.NewTimer(rulingPause)
			select {
			case <-timer.C:
			case <-b.quit:
			case done := <-b.flushes:
				b.keep(r)
				close(done)
				continue
			}
			timer.Stop()
			b.keep(r)
		case done := <-b.flushes:
			b.keep()
			close(done)
		case <-b.quit:
			b.keep()
			return
		}
	}
}

// keep writes what waits, after first.
func (b *rulingBook) keep(first ...scanner.Ruling) {
	batch := first
	for {
		for len(batch) < rulingBatch {
			select {
			case r := <-b.queue:
				batch = append(batch, r)
				continue
			default:
			}
			break
		}
		if len(batch) == 0 {
			return
		}
		b.write(batch)
		batch = nil
	}
}

func (b *rulingBook) write(batch []scanner.Ruling) {
	ctx, cancel := context.WithTimeout(context.Background(), rulingPatient)
	defer cancel()
	if err := b.project.store.AddRulings(ctx, batch); err != nil {
		b.lost.Add(int64(len(batch)))
		b.project.app.log().Warn("rulings of the guard could not be kept", "rulings", len(batch), "err", err)
	} else {
		b.kept.Add(int64(len(batch)))
	}
	b.project.tellRulings(batch)
	b.project.guarding.tell()
}
