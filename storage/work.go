package storage

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"assay/traffic"
)

// Workers do what need not happen at once, in small transactions that leave room for the recorder.
const (
	workDelay       = 400 * time.Millisecond // company is worth waiting for
	checkpointEvery = 500 * time.Millisecond
)

type workers struct {
	p       *Project
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup
	packing chan struct{}
	saying  chan struct{}
	writing chan struct{} // something was committed

	imports  atomic.Int32  // running; packing waits for their end
	packTurn chan struct{} // who has put a token in may make or drop blocks

	mu       sync.Mutex
	packIDs  []traffic.ID // ended and not packed
	alone    bool         // pack them one by one: one of them fails
	packBusy bool
	sayBusy  bool
	changed  chan struct{} // closed and renewed whenever a worker has done something
	settling int           // how many wait in Settle
	hurried  chan struct{} // closed while somebody does
}

func startWorkers(p *Project) *workers {
	ctx, cancel := context.WithCancel(context.Background())
	w := &workers{
		p: p, ctx: ctx, cancel: cancel, packing: make(chan struct{}, 1), saying: make(chan struct{}, 1), writing: make(chan struct{}, 1),
		changed: make(chan struct{}), hurried: make(chan struct{}), packTurn: make(chan struct{}, 1), packBusy: true, sayBusy: true,
	}
	signal(w.packing)
	signal(w.saying)
	w.running.Go(w.packLoop)
	w.running.Go(w.sayLoop)
	w.running.Go(w.checkpointLoop)
	return w
}

func (w *workers) end() {
	w.cancel()
	w.running.Wait()
}

// ended takes note of exchanges to pack.
func (w *workers) ended(ids []traffic.ID) {
	w.mu.Lock()
	w.packIDs = append(w.packIDs, ids...)
	w.packBusy = true
	w.mu.Unlock()
	signal(w.packing)
	signal(w.writing)
}

// said takes note of texts to index.
func (w *workers) said() {
	w.mu.Lock()
	w.sayBusy = true
	w.mu.Unlock()
	signal(w.saying)
	signal(w.writing)
}

func (w *workers) note(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
	close(w.changed)
	w.changed = make(chan struct{})
}

// Settle waits until bodies are packed and texts are indexed, which is then done at once.
func (p *Project) Settle(ctx context.Context) error {
	if p.readOnly {
		return errReadOnly
	}
	if err := p.rec.Flush(ctx); err != nil {
		return err
	}
	w := p.work
	defer w.hurry()()
	for {
		w.mu.Lock()
		busy, changed := w.packBusy || w.sayBusy, w.changed
		w.mu.Unlock()
		if !busy {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-w.ctx.Done():
			return context.Cause(w.ctx)
		}
	}
}

// hurry makes the workers wait for no company until the returned function is called.
func (w *workers) hurry() (calm func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.settling++; w.settling == 1 {
		close(w.hurried)
	}
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.settling--; w.settling == 0 {
			w.hurried = make(chan struct{})
		}
	}
}

// gather waits for company, unless somebody waits for the work; it returns false when the project is being closed.
func (w *workers) gather() bool {
	w.mu.Lock()
	hurried := w.hurried
	w.mu.Unlock()
	select {
	case <-hurried:
		return w.ctx.Err() == nil
	case <-time.After(workDelay):
		return true
	case <-w.ctx.Done():
		return false
	}
}

// wait sleeps; it returns false when the project is being closed.
func (w *workers) wait(d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-w.ctx.Done():
		return false
	}
}

// quiet waits while the recorder has more to do than is good for it.
func (w *workers) quiet() bool {
	for w.ctx.Err() == nil {
		w.p.rec.mu.Lock()
		busy := w.p.rec.busyNow(time.Now())
		w.p.rec.mu.Unlock()
		if !busy {
			return true
		}
		w.wait(workDelay / 4)
	}
	return false
}

func (w *workers) packLoop() {
	k := &packer{p: w.p}
	if err := k.reset(w.ctx); err != nil {
		w.complain("bodies cannot be packed", err)
	}
	if err := w.scanUnpacked(); err != nil {
		w.complain("bodies of earlier sessions cannot be packed", err)
	}
	for {
		select {
		case <-w.packing:
		case <-w.ctx.Done():
			return
		}
		if !w.gather() {
			return
		}
		for w.quiet() && w.packSome(k) {
		}
		if err := w.reclaim(); err != nil {
			w.complain("free space cannot be given back", err)
		}
		w.note(func() { w.packBusy = len(w.packIDs) > 0 })
	}
}

// packSome packs one transaction's worth and reports whether there is more.
func (w *workers) packSome(k *packer) bool {
	if w.imports.Load() > 0 {
		w.wait(workDelay)
		return w.ctx.Err() == nil
	}
	w.mu.Lock()
	n := min(len(w.packIDs), packBatch)
	ids := slices.Clone(w.packIDs[:n])
	w.mu.Unlock()
	if n > 0 {
		if w.alone {
			ids = ids[:1]
		}
		w.packTurn <- struct{}{}
		done, err := k.pack(w.ctx, ids)
		<-w.packTurn
		if err != nil {
			w.complain("bodies cannot be packed", err)
			if !w.alone || diskFull(err) || w.ctx.Err() != nil { // find out which one it is
				w.alone = true
				return w.wait(time.Second)
			}
			done = 1 // this one stays as it is
		}
		n = done
	}
	var left int
	w.note(func() {
		w.packIDs = w.packIDs[n:]
		left = len(w.packIDs)
		if left == 0 {
			w.packIDs, w.alone = nil, false
		}
	})
	return left > 0
}

// scanUnpacked finds what earlier processes left to pack.
func (w *workers) scanUnpacked() error {
	var ids []traffic.ID
	err := w.p.each(w.ctx, "SELECT id FROM fresh WHERE id <= ? ORDER BY id", []any{w.p.nextID.Load()}, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		ids = append(ids, traffic.ID(id))
		return err
	})
	w.note(func() {
		w.packIDs = append(ids, w.packIDs...)
		w.packBusy = len(w.packIDs) > 0
	})
	if len(ids) > 0 {
		signal(w.packing)
	}
	return err
}

const (
	vacuumPages = 400 // moved in one transaction
	spareFree   = 256 // free pages that may stay, for what comes next
)

// reclaim gives pages back that packing has freed, when they are many.
func (w *workers) reclaim() error {
	for w.quiet() {
		var free, all int64
		err := w.p.readers.QueryRowContext(w.ctx, "SELECT (SELECT freelist_count FROM pragma_freelist_count), (SELECT page_count FROM pragma_page_count)").Scan(&free, &all)
		if err != nil || free < spareFree || free < all/20 {
			return err
		}
		err = w.p.update(w.ctx, func(t *tx) error { return t.vacuum(min(vacuumPages, free-spareFree/2)) })
		if err != nil {
			return err
		}
	}
	return w.ctx.Err()
}

// vacuum moves pages from the end of the file to free ones.
func (t *tx) vacuum(pages int64) error {
	// The pragma gives a row for each page, and stops when nobody takes them.
	return t.each("PRAGMA incremental_vacuum("+strconv.FormatInt(pages, 10)+")", nil, func(func(...any) error) error { return nil })
}

// checkpointLoop folds the write-ahead log into the file, on a connection of its own: waiting for a disk there keeps
// nobody from writing.
func (w *workers) checkpointLoop() {
	for {
		select {
		case <-w.writing:
		case <-w.ctx.Done():
			return
		}
		if !w.wait(checkpointEvery) {
			return
		}
		if _, err := w.p.folder.ExecContext(w.ctx, "PRAGMA wal_checkpoint(PASSIVE)"); err != nil && w.ctx.Err() == nil {
			w.complain("the write-ahead log cannot be folded into the project", err)
		}
	}
}

func (w *workers) complain(what string, err error) {
	if w.ctx.Err() == nil {
		w.p.log.Warn(what, "err", err)
	}
}
