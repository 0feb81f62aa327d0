package storage

import (
	"cmp"
	"context"
	"slices"
	"time"

	"assay/traffic"
)

// assembler joins events to exchanges, so that what begins and ends within one transaction is written once.
type assembler struct {
	lives map[traffic.ID]*live
	dirty map[traffic.ID]*live // with events that are not committed
}

func newAssembler() assembler {
	return assembler{lives: map[traffic.ID]*live{}, dirty: map[traffic.ID]*live{}}
}

func (a *assembler) apply(t *tx, items []item, now time.Time) error {
	for i := range items {
		it := &items[i]
		l := a.lives[it.ev.ID]
		if l == nil && (it.again || it.ordinal > 1) {
			var err error
			if l, err = t.loadLive(it.ev.ID); err != nil {
				return err
			}
			if l != nil && l.ended {
				continue
			}
		}
		if l == nil {
			l = &live{id: it.ev.ID}
		}
		a.lives[it.ev.ID] = l
		l.apply(it, now)
		if l.dirty() {
			a.dirty[it.ev.ID] = l
		}
	}
	return nil
}

// due returns the exchanges to write now, in the order of their ids.
func (a *assembler) due(now time.Time, all bool) []*live {
	var list []*live
	for _, l := range a.dirty {
		if all || l.ended || now.Sub(l.since) >= l.hold() || l.pendingBytes() >= holdBytes {
			list = append(list, l)
		}
	}
	slices.SortFunc(list, func(x, y *live) int { return cmp.Compare(x.id, y.id) })
	return list
}

// nextDue returns how long until something that waits is due, and whether anything waits.
func (a *assembler) nextDue(now time.Time) (time.Duration, bool) {
	var first time.Time
	for _, l := range a.dirty {
		if due := l.since.Add(l.hold()); first.IsZero() || due.Before(first) {
			first = due
		}
	}
	return first.Sub(now), !first.IsZero()
}

func (a *assembler) commit(list []writtenLive) (ended, changed []traffic.ID) {
	for _, w := range list {
		w.commit()
		delete(a.dirty, w.l.id)
		if w.l.ended {
			delete(a.lives, w.l.id)
			ended = append(ended, w.l.id)
		} else {
			changed = append(changed, w.l.id)
		}
	}
	return ended, changed
}

// run is the goroutine that writes.
func (r *Recorder) run() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		if wait, some := r.asm.nextDue(time.Now()); some {
			timer.Reset(max(wait, time.Millisecond))
		} else {
			timer.Reset(time.Hour)
		}
		select {
		case <-r.wake:
			r.gather(timer)
		case <-timer.C:
		case <-r.stop:
			r.drain()
			return
		}
		for r.step(false) == nil && r.more() {
		}
		r.pause()
	}
}

// gather waits for company of the first event, but not long.
func (r *Recorder) gather(timer *time.Timer) {
	timer.Reset(batchDelay)
	select {
	case <-r.full:
	case <-timer.C:
	case <-r.stop:
	}
}

// more reports whether a whole transaction waits, or somebody for the last of it.
func (r *Recorder) more() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.spilling || len(r.queue) >= batchItems || r.bytes >= batchBytes || r.settled < r.target
}

// pause waits a while when the disk refused.
func (r *Recorder) pause() {
	r.mu.Lock()
	trouble := r.stats.Trouble != ""
	r.mu.Unlock()
	if !trouble {
		return
	}
	select {
	case <-time.After(retryDelay):
	case <-r.stop:
	}
	signal(r.wake)
}

// drain writes all that is left. It gives up when the disk keeps refusing.
func (r *Recorder) drain() {
	for refused := 0; refused < 3; {
		if err := r.step(true); err != nil {
			refused++
			time.Sleep(retryDelay / 5)
			continue
		}
		r.mu.Lock()
		done := len(r.queue) == 0 && !r.spilling
		r.mu.Unlock()
		if done {
			return
		}
	}
	if err := r.spill(); err != nil {
		r.p.log.Error("what was recorded last could be written neither to the project nor to its journal", "err", err)
	}
}

// step writes one transaction.
func (r *Recorder) step(all bool) error {
	if err := r.p.write.lock(context.Background()); err != nil {
		return err
	}
	items, upTo, last, err := r.take()
	if err == nil {
		err = r.commit(items, upTo, last, all)
	}
	r.p.write.release()
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		trouble := diskSentence(err)
		if r.stats.Trouble != trouble {
			r.p.log.Error("the recorder cannot write", "err", err)
		}
		r.stats.Trouble = trouble
		return err
	}
	if r.stats.Trouble != "" {
		r.p.log.Info("the recorder writes again")
		r.stats.Trouble = ""
	}
	return nil
}

// commit applies events and writes what is due. Events stay with the assembler when that fails.
func (r *Recorder) commit(items []item, upTo uint64, last, all bool) error {
	now := time.Now()
	if err := r.asm.apply(&tx{p: r.p, w: r.p.write}, items, now); err != nil {
		return err
	}
	r.mu.Lock()
	all = all || last || r.settled < r.target
	r.mu.Unlock()
	due := r.asm.due(now, all)
	done := make([]writtenLive, 0, len(due))
	if len(due) > 0 || last && len(r.p.seal.waiting()) > 0 {
		err := r.p.transact(func(t *tx) error {
			done = done[:0]
			for _, l := range due {
				w, err := l.write(t)
				if err != nil {
					return err
				}
				done = append(done, w)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	ended, changed := r.asm.commit(done)
	// First, so that who waits in Flush finds it in the feeds and with the workers.
	r.p.feeds.publish(ended, changed)
	if len(ended) > 0 && r.p.work != nil {
		r.p.work.ended(ended)
	}
	r.account(items, done, upTo, time.Since(now))
	if last {
		return r.leaveJournal()
	}
	return nil
}

// account keeps the numbers and forgets what is committed.
func (r *Recorder) account(items []item, done []writtenLive, upTo uint64, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range items {
		r.stats.WrittenEvents++
		r.stats.WrittenBytes += items[i].cost
	}
	if len(done) > 0 {
		r.stats.Commits++
		r.stats.LastCommit = took
		r.stats.SlowestCommit = max(r.stats.SlowestCommit, took)
	}
	if len(r.asm.dirty) == 0 {
		r.taken = nil
		if upTo > r.settled {
			r.settled = upTo
		}
		close(r.changed)
		r.changed = make(chan struct{})
		return
	}
	r.taken = slices.DeleteFunc(r.taken, func(it item) bool {
		l := r.asm.dirty[it.ev.ID]
		return l == nil || l.saved >= it.ordinal
	})
}

// diskSentence says in words for a person why the disk refused.
func diskSentence(err error) string {
	if diskFull(err) {
		return "the disk is full"
	}
	return "the project cannot be written: " + err.Error()
}
