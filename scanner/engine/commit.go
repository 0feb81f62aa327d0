package engine

import (
	"context"
	"time"

	"assay/scanner"
)

// Bounds of what goes into one transaction.
const (
	mostGathered = 256
	gatherFor    = 500 * time.Microsecond
)

// committer keeps what workers bring: those that come while a transaction runs share the next one. A worker waits until
// its trial is kept before it sends anything more, so that what stops the program loses no more than is in flight.
type committer struct {
	in   chan *waiting
	done chan struct{} // closed when everything is kept
}

// waiting is a record on its way.
type waiting struct {
	record *scanner.TrialRecord
	kept   chan error
}

// newCommitter starts one. save keeps records in one transaction; most is how many workers there are.
func newCommitter(most int, save func([]*scanner.TrialRecord) error) *committer {
	c := &committer{in: make(chan *waiting), done: make(chan struct{})}
	go c.run(min(most, mostGathered), save)
	return c
}

// keep returns when a record is kept.
func (c *committer) keep(_ context.Context, r *scanner.TrialRecord) error {
	w := &waiting{r, make(chan error, 1)}
	c.in <- w
	return <-w.kept
}

// close waits for what is under way. Nothing may be brought afterwards.
func (c *committer) close() {
	close(c.in)
	<-c.done
}

func (c *committer) run(most int, save func([]*scanner.TrialRecord) error) {
	defer close(c.done)
	for first := range c.in {
		batch := c.gather(first, most)
		records := make([]*scanner.TrialRecord, len(batch))
		for i, w := range batch {
			records[i] = w.record
		}
		err := save(records)
		for _, w := range batch {
			w.kept <- err
		}
	}
}

// gather takes what waits already, and what comes within a moment, as long as anybody is left who could bring something.
func (c *committer) gather(first *waiting, most int) []*waiting {
	batch := []*waiting{first}
	timer := time.NewTimer(gatherFor)
	defer timer.Stop()
	for len(batch) < most {
		select {
		case w, open := <-c.in:
			if !open {
				return batch
			}
			batch = append(batch, w)
		case <-timer.C:
			return batch
		}
	}
	return batch
}
