package storage

import (
	"slices"
	"time"
)

// How long events may wait for the database before they go to the journal. What ended 250 ms ago is on disk.
const (
	queuePatience = 150 * time.Millisecond // from their arrival to the assembler
	takenPatience = 200 * time.Millisecond // from their arrival to the end of the transaction
	watchInterval = 30 * time.Millisecond
)

// watch is the goroutine that moves events to the journal when the one that writes is held up.
func (r *Recorder) watch() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		select {
		case <-r.busy:
		case <-r.stop:
			return
		}
		for waiting := true; waiting; {
			timer.Reset(watchInterval)
			select {
			case <-timer.C:
			case <-r.stop:
				return
			}
			var late bool
			if waiting, late = r.lateness(time.Now()); late {
				if err := r.spill(); err != nil {
					r.p.log.Warn("the overflow journal cannot be written", "err", err)
				}
			}
		}
	}
}

// lateness reports whether events wait, and whether they have waited too long.
func (r *Recorder) lateness(now time.Time) (waiting, late bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case len(r.queue) > 0 && (r.spilling || r.bytes > queueBudget/2 || now.Sub(r.queue[0].at) > queuePatience):
		late = true
	case !r.spilling && len(r.taken) > 0 && now.Sub(r.taken[0].at) > takenPatience:
		late = true
	}
	return len(r.queue) > 0 || len(r.taken) > 0 || r.spilling, late
}

// spill moves what waits to the journal, behind what is there. From then on all events go through it until it is empty.
func (r *Recorder) spill() error {
	r.journal.mu.Lock()
	defer r.journal.mu.Unlock()
	r.mu.Lock()
	first := !r.spilling
	queued := r.queue
	r.queue = nil
	var inHand []item
	if first {
		inHand = slices.Clone(r.taken)
		r.spilling = true
		r.stats.Spills++
	}
	r.mu.Unlock()
	err := r.journal.append(r.p.seal, inHand, queued)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.queue = append(queued, r.queue...)
		r.spilling = !first
		return err
	}
	for i := range queued {
		r.bytes -= queued[i].cost
	}
	r.journal.upTo = r.accepted - uint64(len(r.queue))
	signal(r.wake)
	signal(r.full)
	return nil
}

// take returns the next events to write: from the journal while it holds any, from the queue otherwise. upTo is how
// many of the accepted events are then taken, 0 when not known; last says that the journal has nothing more.
func (r *Recorder) take() (items []item, upTo uint64, last bool, err error) {
	r.mu.Lock()
	spilling, troubled := r.spilling, r.stats.Trouble != ""
	r.mu.Unlock()
	if spilling {
		r.journal.mu.Lock()
		defer r.journal.mu.Unlock()
		var sealedToo []sealed
		items, sealedToo, last, err = r.journal.next(batchItems, batchBytes)
		for _, c := range sealedToo {
			r.p.seal.adopt(c)
		}
		if last {
			upTo = r.journal.upTo
		}
		return items, upTo, last, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if troubled && len(r.asm.dirty) > 0 {
		return nil, r.accepted - uint64(len(r.queue)), false, nil // first what failed before
	}
	n, size := 0, int64(0)
	for n < len(r.queue) && n < batchItems && size < batchBytes {
		size += r.queue[n].cost
		n++
	}
	items = slices.Clone(r.queue[:n])
	if n == len(r.queue) {
		clear(r.queue)
		r.queue = r.queue[:0]
	} else {
		r.queue = slices.Delete(r.queue, 0, n)
	}
	r.bytes -= size
	r.taken = append(r.taken, items...)
	return items, r.accepted - uint64(len(r.queue)), false, nil
}

// leaveJournal goes back to writing from the queue when the journal has been written to its end.
func (r *Recorder) leaveJournal() error {
	r.journal.mu.Lock()
	defer r.journal.mu.Unlock()
	if !r.journal.drained() {
		return nil // more was spilled meanwhile
	}
	if err := r.journal.reset(); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.spilling = false
	return nil
}
