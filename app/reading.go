package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/discover"
	"assay/scanner/watch"
	"assay/storage"
	"assay/traffic"
)

// reader reads exchanges once they are committed and folds them into the inventory: one goroutine, idempotent by
// exchange id, out of the way of the recorder.
type reader struct {
	*analyst
	app    *App
	wake   chan struct{} // something other than a commit left work
	done   sync.WaitGroup
	cancel context.CancelFunc
}

// How the reader shares the machine with the recorder.
const (
	readBatch   = 32
	busyBatch   = 128                    // while the recorder is busy: many together cost less
	readPause   = 50 * time.Millisecond  // company is worth waiting for
	busyPause   = 500 * time.Millisecond // most between batches while the recorder is busy: the list stays alive, the traffic fast
	busyShare   = 2                      // the reader then rests twice as long as it works
	catchUpRead = 512                    // exchanges asked for at a time when nobody records
)

// startReader reads what is unread now and then whatever the project commits, until stop is called. threats is told of those
// that the watch finds meanwhile.
func (a *App) startReader(ctx context.Context, p *storage.Project, threats func([]*scanner.Threat)) *reader {
	ctx, cancel := context.WithCancel(ctx)
	r := &reader{analyst: a.newAnalyst(p), app: a, wake: make(chan struct{}, 1), cancel: cancel}
	r.tellNew = newThreats(ctx, p, threats)
	feed := p.Committed()
	r.done.Go(func() {
		defer feed.Close()
		for {
			r.pass(ctx)
			select {
			case <-ctx.Done():
				return
			case <-r.wake:
			case <-feed.Signal():
				feed.Take()
			}
			r.sleep(ctx, readPause)
		}
	})
	return r
}

// stop ends the reader. What is unread stays so.
func (r *reader) stop() {
	r.cancel()
	r.done.Wait()
}

// rouse makes the reader look for work.
func (r *reader) rouse() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

func (r *reader) sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// pass reads, folds and watches everything there is, a batch at a time. What was just recorded comes before what an earlier run
// left.
func (r *reader) pass(ctx context.Context) {
	batch := readBatch
	for ctx.Err() == nil {
		began := time.Now()
		read, err := r.read(ctx, batch)
		folded := 0
		if err == nil && read < batch {
			folded, err = r.fold(ctx, batch)
		}
		watched := 0
		if err == nil && read < batch && folded < batch {
			watched, err = r.watch(ctx, batch)
		}
		if errors.Is(err, storage.ErrInventoryChanged) || errors.Is(err, storage.ErrWatchChanged) {
			r.sleep(ctx, readPause) // it is being emptied; then everything waits to be folded
			continue
		}
		if err != nil && ctx.Err() == nil {
			r.app.log().Warn("exchanges could not be read", "err", err) // the next commit tries again
			return
		}
		if read < batch && folded < batch && watched < batch {
			return
		}
		batch = readBatch
		if r.store.Recorder().Stats().Busy {
			batch = busyBatch
			r.sleep(ctx, min(max(busyShare*time.Since(began), readPause), busyPause))
		}
	}
}

// analyst works out what exchanges mean, folds them into the inventory and watches them. Its lock is held for one batch at
// a time.
type analyst struct {
	store      *storage.Project
	rules      *ruleShelf
	analysing  atomic.Bool // everything is being folded anew, in order: nobody else takes what waits
	rewatching atomic.Bool // everything is being watched anew, in order

	mu          sync.Mutex
	book        *discover.Book          // nil until it is needed, and after what it rests on changed
	last        traffic.ID              // the first of the batch that was last folded from what waited
	watcher     *watch.Book             // nil until it is needed, and after what it rests on changed
	ruled       string                  // the rules that the watcher has: ruleShelf.read
	tellNew     func([]*scanner.Threat) // is told of threats that are kept; nil: nobody is
	lastWatched traffic.ID              // the first of the batch that was last watched from what waited
}

func (a *App) newAnalyst(p *storage.Project) *analyst {
	return &analyst{store: p, rules: &ruleShelf{folder: a.RulesFolder()}}
}

// A bite is what is in memory at a time: so many exchanges, or so many bytes of bodies.
const (
	mostBite      = 256
	mostBiteBytes = 64 << 20
)

// read reads up to limit unread exchanges, folds them, and returns how many there were.
func (a *analyst) read(ctx context.Context, limit int) (int, error) {
	ids, err := a.store.Unread(ctx, limit)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return len(ids), a.learn(ctx, ids, true, nil)
}

// fold folds up to limit exchanges that were read by an earlier run and not folded, or are to be folded anew.
func (a *analyst) fold(ctx context.Context, limit int) (int, error) {
	if a.analysing.Load() {
		return 0, nil
	}
	ids, err := a.store.Unfolded(ctx, limit)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return len(ids), a.learn(ctx, ids, false, nil)
}

// learn reads exchanges once, in the given order, keeps what they meant when save is set, and folds those that are not in
// the inventory. each, unless nil, is told what they meant.
func (a *analyst) learn(ctx context.Context, ids []traffic.ID, save bool, each func(*llm.Conversation)) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	folded, err := a.store.Folded(ctx, ids)
	if err != nil {
		return err
	}
	again, err := a.store.Again(ctx, ids)
	if err != nil {
		return err
	}
	first := ids[0]
	if _, done := folded[first]; !save && !done && first == a.last {
		return fmt.Errorf("exchange %d was folded into the inventory and is not there", first)
	}
	for len(ids) > 0 {
		bite, n, err := a.bite(ctx, ids)
		if err != nil {
			return err
		}
		ids = ids[n:]
		readings, seen := make(map[traffic.ID]*llm.Conversation, len(bite)), make([]discover.Seen, 0, len(bite))
		for _, w := range bite {
			id := w.Exchange.ID
			readings[id] = w.Conversation
			if each != nil {
				each(w.Conversation)
			}
			if _, done := folded[id]; !done {
				seen = append(seen, discover.Seen{
					Exchange: w.Exchange, Conversation: w.Conversation, Request: w.Request, Response: w.Response, Frames: w.Frames, Again: again[id],
				})
			}
		}
		if save {
			if err := a.store.SaveReadings(ctx, readings); err != nil {
				return err
			}
		}
		if err := a.enter(ctx, seen); err != nil {
			return err
		}
		a.watchRecorded(ctx, bite)
	}
	if !save {
		a.last = first
	}
	return nil
}

// bite loads exchanges until it has enough, and says how many of the ids that took.
func (a *analyst) bite(ctx context.Context, ids []traffic.ID) (bite []*storage.Witness, n int, err error) {
	size := int64(0)
	for n < len(ids) && n < mostBite && size < mostBiteBytes {
		w, err := a.store.Witness(ctx, ids[n])
		n++
		if errors.Is(err, storage.ErrNoExchange) {
			continue // deleted meanwhile
		}
		if err != nil {
			return nil, n, err
		}
		size += w.Size()
		bite = append(bite, w)
	}
	return bite, n, nil
}

// enter adds exchanges to the inventory.
func (a *analyst) enter(ctx context.Context, seen []discover.Seen) error {
	if len(seen) == 0 {
		return nil
	}
	return a.keep(ctx, func(b *discover.Book) (*scanner.Fold, error) { return b.Fold(seen) })
}

// keep saves what a book makes. Whatever fails, the book is opened anew: it may know what the project does not.
func (a *analyst) keep(ctx context.Context, fold func(*discover.Book) (*scanner.Fold, error)) error {
	err := a.keepOnce(ctx, fold)
	if errors.Is(err, storage.ErrInventoryChanged) || errors.Is(err, storage.ErrWatchChanged) {
		err = a.keepOnce(ctx, fold)
	}
	if err != nil {
		return fmt.Errorf("fold exchanges into the inventory: %w", err)
	}
	return nil
}

func (a *analyst) keepOnce(ctx context.Context, fold func(*discover.Book) (*scanner.Fold, error)) error {
	if err := a.openBook(ctx); err != nil {
		return err
	}
	f, err := fold(a.book)
	if err == nil {
		err = a.store.SaveFold(ctx, f)
	}
	if err != nil {
		a.book = nil
	}
	return err
}

func (a *analyst) openBook(ctx context.Context) error {
	if a.book != nil {
		return nil
	}
	inv, err := a.store.Inventory(ctx)
	if err != nil {
		return err
	}
	documents, err := loadDocuments(ctx, a.store)
	if err != nil {
		return err
	}
	book, err := discover.Open(inv, archive{a.store}, discover.Options{Cost: cost, Describe: documents.matcher.Describe})
	if err == nil {
		a.book = book
	}
	return err
}

// change changes what the book rests on, between two batches; it is opened anew for the next one.
func (a *analyst) change(do func() error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.book, a.last = nil, 0
	a.watcher, a.lastWatched = nil, 0
	return do()
}

// document changes which documents there are, and looks at all endpoints with them.
func (a *analyst) document(ctx context.Context, do func() error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.book = nil
	if err := do(); err != nil {
		return err
	}
	return a.keep(ctx, func(b *discover.Book) (*scanner.Fold, error) { return b.Describe(), nil })
}

// catchUp reads, folds and watches everything and waits for the search index.
func (a *analyst) catchUp(ctx context.Context) error {
	for {
		read, err := a.read(ctx, catchUpRead)
		if err != nil {
			return err
		}
		folded, err := a.fold(ctx, catchUpRead)
		if err != nil {
			return err
		}
		watched, err := a.watch(ctx, catchUpRead)
		if err != nil {
			return err
		}
		if read == 0 && folded == 0 && watched == 0 {
			return a.store.Settle(ctx)
		}
	}
}

// analyse reads every exchange again with today's rules, makes the inventory anew, and watches everything anew.
func (a *analyst) analyse(ctx context.Context, progress func(done, all int64)) (sum Analysis, err error) {
	total, err := a.store.Count(ctx, nil)
	if err != nil {
		return sum, err
	}
	a.analysing.Store(true)
	defer a.analysing.Store(false)
	if err := a.change(func() error { return errors.Join(a.store.ForgetInventory(ctx), a.store.ForgetWatch(ctx)) }); err != nil {
		return sum, err
	}
	filter := storage.Filter{OldestFirst: true, Limit: mostBite}
	for {
		rows, err := a.store.List(ctx, filter)
		if err != nil || len(rows) == 0 {
			return sum, err
		}
		ids := make([]traffic.ID, len(rows))
		for i := range rows {
			ids[i] = rows[i].ID
		}
		if err := a.learn(ctx, ids, true, sum.add); err != nil {
			return sum, err
		}
		progress(sum.Read, total.N)
		filter.After = rows[len(rows)-1].ID
	}
}

func (s *Analysis) add(c *llm.Conversation) {
	s.Read++
	if c.Family != "" {
		s.Conversations++
	}
	if len(c.Notes) > 0 {
		s.Partly++
	}
}

// archive gives a book what it does not hold in memory.
type archive struct{ store *storage.Project }

func (a archive) Shape(id scanner.EndpointID) ([]byte, error) {
	return a.store.Shape(context.Background(), id)
}

func (a archive) Tree(host string) ([]byte, error) { return a.store.Tree(context.Background(), host) }

// LatestVersion returns the zero Version for an asset that has none.
func (a archive) LatestVersion(id scanner.AssetID) (scanner.Version, error) {
	versions, err := a.store.Versions(context.Background(), id)
	if err != nil || len(versions) == 0 {
		return scanner.Version{}, err
	}
	return versions[len(versions)-1], nil
}
