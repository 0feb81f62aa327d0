package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"assay/scanner"
	"assay/scanner/rule"
	"assay/scanner/watch"
	"assay/storage"
	"assay/traffic"
)

// Rules returns all rules, shipped and own (folder of the home), as this project sets them, and an error for each that is
// not good.
func (p *Project) Rules(ctx context.Context) (*rule.Set, []error) {
	shelf := &ruleShelf{folder: p.app.RulesFolder()}
	if p.reader != nil {
		shelf = p.reader.rules
	}
	return watchRulesOf(ctx, p.store, shelf)
}

// watchRulesOf is all rules as a project sets them. There is always a set.
func watchRulesOf(ctx context.Context, store *storage.Project, shelf *ruleShelf) (*rule.Set, []error) {
	rules, problems, _ := shelf.read()
	settings, err := store.RuleSettings(ctx)
	set, setErr := rule.NewSet(rules, settings)
	if setErr != nil {
		set, _ = rule.NewSet(nil, nil)
	}
	for _, err := range []error{err, setErr} {
		if err != nil {
			problems = append(problems[:len(problems):len(problems)], err)
		}
	}
	return set, problems
}

// Rewatch watches everything in the project anew, in order, with today's rules. progress is told how far it came.
func (p *Project) Rewatch(ctx context.Context, progress func(done, all int64)) error {
	if p.reader == nil {
		return p.readOnly()
	}
	defer p.reader.rouse() // for what came meanwhile
	return p.reader.rewatch(ctx, progress)
}

// watchRecorded lets the watch look at exchanges that were just read and folded. What it cannot keep is left to a later
// pass: reading goes on.
func (a *analyst) watchRecorded(ctx context.Context, bite []*storage.Witness) {
	if a.rewatching.Load() {
		return
	}
	if err := a.look(ctx, bite); err != nil {
		a.watcher = nil
	}
}

// watch lets the watch look at up to limit exchanges that are in the inventory, and returns how many there were.
func (a *analyst) watch(ctx context.Context, limit int) (int, error) {
	if a.rewatching.Load() {
		return 0, nil
	}
	ids, err := a.store.Unwatched(ctx, limit)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if ids[0] == a.lastWatched {
		return 0, fmt.Errorf("exchange %d was watched and waits for the watch", ids[0])
	}
	n := len(ids)
	first := ids[0]
	if err := a.lookAt(ctx, ids); err != nil {
		return 0, err
	}
	a.lastWatched = first
	return n, nil
}

// rewatch forgets what was watched and looks at everything in the order in which it began.
func (a *analyst) rewatch(ctx context.Context, progress func(done, all int64)) error {
	if !a.rewatching.CompareAndSwap(false, true) {
		return &Error{Code: CodeBusy, Message: "everything is being watched anew already", Hint: "wait until that is done"}
	}
	defer a.rewatching.Store(false)
	if err := a.changeWatch(func() error { return a.store.ForgetWatch(ctx) }); err != nil {
		return err
	}
	ids, err := a.store.InOrder(ctx, nil)
	if err != nil {
		return err
	}
	all, done := int64(len(ids)), int64(0)
	for len(ids) > 0 {
		n := min(len(ids), mostBite)
		err := func() error {
			a.mu.Lock()
			defer a.mu.Unlock()
			return a.lookAt(ctx, ids[:n])
		}()
		if err != nil {
			return err
		}
		ids, done = ids[n:], done+int64(n)
		if progress != nil {
			progress(done, all)
		}
	}
	return nil
}

// lookAt loads exchanges and lets the watch look at them, a bite at a time.
func (a *analyst) lookAt(ctx context.Context, ids []traffic.ID) error {
	for len(ids) > 0 {
		bite, n, err := a.bite(ctx, ids)
		if err != nil {
			return err
		}
		ids = ids[n:]
		if err := a.look(ctx, bite); err != nil {
			return err
		}
	}
	return nil
}

// look lets the watch look at exchanges that are in memory, and keeps what it saw.
func (a *analyst) look(ctx context.Context, bite []*storage.Witness) error {
	seen, err := seenOf(ctx, a.store, bite, false)
	if err != nil || len(seen) == 0 {
		return err
	}
	err = a.lookOnce(ctx, seen)
	if errors.Is(err, storage.ErrWatchChanged) {
		err = a.lookOnce(ctx, seen)
	}
	if err != nil {
		return fmt.Errorf("watch exchanges: %w", err)
	}
	return nil
}

// lookOnce saves what the watch sees. Whatever fails, it is opened anew: it may know what the project does not.
func (a *analyst) lookOnce(ctx context.Context, seen []watch.Seen) error {
	if err := a.openWatch(ctx); err != nil {
		return err
	}
	w, err := a.watcher.Watch(seen)
	if err == nil {
		err = a.store.SaveWatched(ctx, w)
	}
	if err != nil {
		a.watcher = nil
	} else if a.tellNew != nil && !a.rewatching.Load() {
		a.tellNew(w.Threats)
	}
	return err
}

// openWatch opens the watch where it is not open, and anew where a rule was changed meanwhile.
func (a *analyst) openWatch(ctx context.Context) error {
	_, _, revision := a.rules.read()
	if a.watcher != nil && revision == a.ruled {
		return nil
	}
	a.watcher, a.ruled = nil, revision
	book, err := openBookOf(ctx, a.store, a.rules, watchArchive{a.store})
	a.watcher = book
	return err
}

// openBookOf opens a watch over what a project keeps, or without an archive over nothing.
func openBookOf(ctx context.Context, store *storage.Project, shelf *ruleShelf, archive watch.Archive) (*watch.Book, error) {
	start, err := store.StartWatch(ctx)
	if err != nil {
		return nil, err
	}
	rules, _, _ := shelf.read()
	set, err := rule.NewSet(rules, start.Settings)
	if err != nil {
		return nil, err
	}
	o := watch.Options{Rules: set, Exceptions: start.Exceptions, Identity: start.Identity}
	if archive != nil {
		o.LastThreat = start.LastThreat
	}
	return watch.Open(archive, o)
}

// changeWatch changes what the watch rests on, between two batches; it is opened anew for the next one.
func (a *analyst) changeWatch(do func() error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.watcher, a.lastWatched = nil, 0
	return do()
}

// seenOf is what the watch needs to know of exchanges, in the order in which they began; of those that wait for it, or
// anew of all.
func seenOf(ctx context.Context, store *storage.Project, bite []*storage.Witness, anew bool) ([]watch.Seen, error) {
	ids := make([]traffic.ID, len(bite))
	for i, w := range bite {
		ids[i] = w.Exchange.ID
	}
	known, err := store.ToWatch(ctx, ids, anew)
	if err != nil {
		return nil, err
	}
	seen := make([]watch.Seen, 0, len(known))
	for _, w := range bite {
		at, waits := known[w.Exchange.ID]
		if !waits {
			continue
		}
		seen = append(seen, watch.Seen{
			Exchange: w.Exchange, Conversation: w.Conversation, Request: w.Request, Response: w.Response, Frames: w.Frames,
			Endpoint: at.Endpoint, Thread: at.Thread, Cost: at.Cost, Priced: at.Priced,
		})
	}
	slices.SortStableFunc(seen, func(x, y watch.Seen) int {
		return cmp.Or(x.Exchange.Started.Compare(y.Exchange.Started), cmp.Compare(x.Exchange.ID, y.Exchange.ID))
	})
	return seen, nil
}

// watchArchive gives a watch what it does not hold in memory.
type watchArchive struct{ store *storage.Project }

func (a watchArchive) WatchState(name string) ([]byte, error) {
	return a.store.WatchState(context.Background(), name)
}

func (a watchArchive) OpenThreats() ([]*scanner.Threat, error) {
	return a.store.OpenThreats(context.Background())
}

// Actor returns nil for one that was never seen.
func (a watchArchive) Actor(key scanner.ActorKey) (*scanner.Actor, error) {
	actor, err := a.store.Actor(context.Background(), key)
	if errors.Is(err, storage.ErrNoActor) {
		return nil, nil
	}
	return actor, err
}

// Seen loads exchanges again.
func (a watchArchive) Seen(ids []traffic.ID) ([]watch.Seen, error) {
	var bite []*storage.Witness
	for _, id := range ids {
		w, err := a.store.Witness(context.Background(), id)
		if errors.Is(err, storage.ErrNoExchange) {
			continue
		}
		if err != nil {
			return nil, err
		}
		bite = append(bite, w)
	}
	return seenOf(context.Background(), a.store, bite, true)
}
