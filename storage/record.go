package storage

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"assay/traffic"
)

const (
	queueBudget = 32 << 20               // bytes of payload that may wait in memory
	headReserve = 16 << 20               // heads may go over the budget by this
	batchItems  = 4096                   // events of one transaction
	batchBytes  = 4 << 20                // payload of one transaction
	batchDelay  = 20 * time.Millisecond  // how long a transaction waits for company
	holdTime    = 120 * time.Millisecond // how long what has not ended waits to be written at once with its end
	holdFirst   = 25 * time.Millisecond  // the same for words of a stream after silence: somebody may be watching
	holdBytes   = 256 << 10              // unless so much of it waits
	retryDelay  = 250 * time.Millisecond // between attempts when the disk refuses
	itemCost    = 256                    // bytes of memory an event takes beside its payload
	headCost    = 2 << 10                // bytes of memory a head takes
)

// Recorder writes events to the project without ever holding up who records: they wait in memory, in a journal beside
// the project when the database is slow or busy, and are dropped and counted only when neither takes more.
type Recorder struct {
	p       *Project
	journal *journal
	wake    chan struct{} // something waits
	full    chan struct{} // a whole transaction waits
	busy    chan struct{} // the queue is no longer empty
	stop    chan struct{}
	running sync.WaitGroup
	asm     assembler

	mu       sync.Mutex
	queue    []item
	bytes    int64
	taken    []item // in the assembler and not all committed
	spilling bool   // events go through the journal
	ordinals map[traffic.ID]uint32
	lost     map[flowKey]*loss
	closed   bool
	accepted uint64
	settled  uint64 // so many of accepted are committed
	target   uint64 // of settled; somebody waits for it
	changed  chan struct{}
	stats    RecorderStats
	pace     pace
}

// item is one event with its number within the exchange, from 1.
type item struct {
	ev      traffic.Event
	ordinal uint32
	cost    int64
	at      time.Time
	again   bool // read from the journal: it may have been written already
}

type flowKey struct {
	id   traffic.ID
	side traffic.Side
}

// loss is what was dropped of one body.
type loss struct {
	bytes  int64
	reason string
}

// RecorderStats says how the recorder is doing.
type RecorderStats struct {
	QueuedBytes   int64         // waiting in memory
	JournalBytes  int64         // waiting in the overflow journal
	WrittenEvents int64         // committed
	WrittenBytes  int64         // payload bytes committed
	LostExchanges int64         // exchanges that miss bytes, or are missing
	LostBytes     int64         // payload bytes that were dropped
	LostReason    string        // the latest reason; empty when nothing was lost
	Commits       int64         // transactions
	LastCommit    time.Duration // how long the latest took
	SlowestCommit time.Duration // how long the slowest took
	Spills        int64         // how often events had to go through the journal
	Busy          bool          // there is much to record: what can wait should
	Trouble       string        // what keeps the recorder from writing now; empty when it writes
}

func newRecorder(p *Project) *Recorder {
	return &Recorder{
		p: p, journal: newJournal(p.path + ".journal"), asm: newAssembler(),
		wake: make(chan struct{}, 1), full: make(chan struct{}, 1), busy: make(chan struct{}, 1), stop: make(chan struct{}),
		ordinals: map[traffic.ID]uint32{}, lost: map[flowKey]*loss{}, changed: make(chan struct{}),
	}
}

func (r *Recorder) start() {
	r.running.Go(r.run)
	r.running.Go(r.watch)
}

// NextID returns the id for an exchange that begins.
func (r *Recorder) NextID() traffic.ID { return traffic.ID(r.p.nextID.Add(1)) }

// Record takes one event; what it points to belongs to the recorder from then on. It never waits for a disk. Events
// of exchanges that have not begun, or have ended, are ignored.
func (r *Recorder) Record(ev traffic.Event) {
	now := time.Now()
	cost := costOf(&ev)
	r.mu.Lock()
	defer r.mu.Unlock()
	n, known := r.ordinals[ev.ID]
	if r.closed || known == (ev.Kind == traffic.EventBegin) || !r.admit(&ev, cost) {
		return
	}
	if ev.Kind == traffic.EventEnd {
		delete(r.ordinals, ev.ID)
		r.confess(&ev)
	} else {
		r.ordinals[ev.ID] = n + 1
	}
	r.queue = append(r.queue, item{ev: ev, ordinal: n + 1, cost: cost, at: now})
	r.bytes += cost
	r.accepted++
	r.pace.event(ev.Kind == traffic.EventEnd, cost, now)
	if len(r.queue) == 1 {
		signal(r.wake)
		signal(r.busy)
	}
	if len(r.queue) == batchItems || r.bytes >= batchBytes && r.bytes-cost < batchBytes {
		signal(r.full)
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func costOf(ev *traffic.Event) int64 {
	cost := int64(itemCost + len(ev.Data))
	if ev.Exchange != nil {
		cost += headCost
	}
	if ev.Frame != nil {
		cost += int64(len(ev.Frame.Data))
	}
	return cost
}

// admit decides whether there is room for an event, and counts what is dropped. After the first bytes of a body that
// were dropped, the rest of it is too: what is kept is where it began.
func (r *Recorder) admit(ev *traffic.Event, cost int64) bool {
	full := r.bytes+cost > queueBudget
	switch ev.Kind {
	case traffic.EventData:
		key := flowKey{ev.ID, ev.Side}
		l := r.lost[key]
		if l == nil && !full {
			return true
		}
		if l == nil {
			l = &loss{reason: r.fullReason()}
			r.lost[key] = l
			r.stats.LostExchanges++
		}
		l.bytes += int64(len(ev.Data))
		r.countLost(int64(len(ev.Data)), l.reason)
		return false
	case traffic.EventFrame:
		if full && ev.Frame != nil && len(ev.Frame.Data) > 0 {
			reason := r.fullReason()
			r.countLost(int64(len(ev.Frame.Data)), reason)
			ev.Frame.Data, ev.Frame.Lost = nil, reason
		}
		return r.bytes+cost <= queueBudget+headReserve
	case traffic.EventEnd:
		return true
	case traffic.EventBegin, traffic.EventHead:
	}
	if r.bytes+cost <= queueBudget+headReserve {
		return true
	}
	if ev.Kind == traffic.EventBegin {
		r.stats.LostExchanges++
		r.countLost(0, r.fullReason())
	}
	return false
}

func (r *Recorder) countLost(n int64, reason string) {
	r.stats.LostBytes += n
	r.stats.LostReason = reason
}

func (r *Recorder) fullReason() string {
	if r.stats.Trouble != "" {
		return r.stats.Trouble
	}
	return "the disk was too slow: 32 MiB were waiting to be written"
}

// confess writes into the end of an exchange what was dropped of its bodies.
func (r *Recorder) confess(ev *traffic.Event) {
	if len(r.lost) == 0 || ev.Exchange == nil {
		return
	}
	for side, body := range [2]*traffic.Body{bodyOf(ev.Exchange, traffic.FromClient), bodyOf(ev.Exchange, traffic.FromServer)} {
		key := flowKey{ev.ID, traffic.Side(side)}
		l := r.lost[key]
		delete(r.lost, key)
		if l == nil || body == nil {
			continue
		}
		if body.Lost == "" {
			body.Lost = fmt.Sprintf("%d bytes were not kept: %s", l.bytes, l.reason)
		}
	}
}

// bodyOf returns a body of an exchange; nil when there is no answer.
func bodyOf(x *traffic.Exchange, side traffic.Side) *traffic.Body {
	switch {
	case side == traffic.FromClient:
		return &x.Request.Body
	case x.Response != nil:
		return &x.Response.Body
	}
	return nil
}

// Stats returns how the recorder is doing.
func (r *Recorder) Stats() RecorderStats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stats
	s.QueuedBytes = r.bytes
	s.JournalBytes = r.journal.size()
	s.Busy = r.busyNow(time.Now())
	return s
}

// Flush waits until everything recorded so far is committed.
func (r *Recorder) Flush(ctx context.Context) error {
	r.mu.Lock()
	target := r.accepted
	for r.settled < target {
		r.target = max(r.target, target)
		changed, trouble := r.changed, r.stats.Trouble
		closed := r.closed
		r.mu.Unlock()
		signal(r.wake)
		signal(r.full)
		select {
		case <-changed:
		case <-ctx.Done():
			err := context.Cause(ctx)
			if trouble != "" {
				err = fmt.Errorf("%s: %w", trouble, err)
			}
			return err
		}
		r.mu.Lock()
		if closed && r.settled < target {
			r.mu.Unlock()
			return errors.New("the recorder is closed")
		}
	}
	r.mu.Unlock()
	return nil
}

// Close writes what waits and ends the recorder. Events recorded later are ignored. It fails when something could be
// written neither to the project nor to the journal, from which the next Open takes it.
func (r *Recorder) Close() error {
	r.mu.Lock()
	already := r.closed
	r.closed = true
	r.mu.Unlock()
	if already {
		return nil
	}
	close(r.stop)
	r.running.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.changed)
	var err error
	if r.settled < r.accepted && (len(r.queue) > 0 || !r.spilling) {
		r.stats.LostExchanges += int64(len(r.asm.dirty))
		err = fmt.Errorf("what was recorded last could not be written: %s", r.stats.Trouble)
	}
	return errors.Join(err, r.journal.close())
}
