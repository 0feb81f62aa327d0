package window

import (
	"context"
	"slices"
	"sync"
	"time"

	"assay/llm"
	"assay/storage"
	"assay/traffic"
)

const (
	openPatience = 120 * time.Millisecond // Open then answers with what it knows
	enough       = 500                    // lines that are worth answering with, though more are to come
	enoughAfter  = 40 * time.Millisecond
	tellEvery    = time.Second     // while older exchanges are looked for, news of them
	anewEvery    = 3 * time.Second // between two searches of everything, at least
	anewShare    = 10              // and so many times as long as one takes
	keptAfter    = 2 * time.Second // a query that stood so long is worth remembering
	mostFollowed = 20_000          // more are not looked at one by one
)

// view is one order of exchanges. Its lines change in sync and toggle only, which the window calls; between those, what
// the store commits waits in the feed, and what a search finds in scan.
type view struct {
	id    string
	in    ViewIn
	query *traffic.Query // nil for everything
	store *storage.Project
	feed  *storage.Feed

	ctx    context.Context //nolint:containedctx // the life of the view
	cancel context.CancelFunc
	work   sync.WaitGroup
	news   func() // tells the window to ask
	part   func() // see views
	early  early
	gists  gists

	syncing sync.Mutex // one sync at a time; held before mu
	mu      sync.Mutex
	order   *order
	scan    *scan
	whole   bool // a search of everything has come to its end once
	touched map[traffic.ID]struct{}
	adopted time.Time // when lines were taken over from a search last
	began   time.Time // the last search of everything
	anew    time.Time // not before this the next one begins
	missed  bool      // it has to
	fault   error     // of the last search
}

// scan is a search for all exchanges of a view.
type scan struct {
	began time.Time
	done  chan struct{} // closed at its end

	mu    sync.Mutex
	parts []found // newest first
	n     int     // shown
	err   error
	over  bool
	fresh bool // found something since it was last looked at
}

// openView begins a view and waits until it has something to show.
func openView(ctx context.Context, id string, in ViewIn, query *traffic.Query, store *storage.Project, news, part func()) *view {
	v := &view{id: id, in: in, query: query, store: store, feed: store.Committed(), news: news, part: part}
	v.ctx, v.cancel = context.WithCancel(ctx)
	v.order = newOrder(found{}, in.Group)
	v.mu.Lock()
	s := v.begin()
	v.mu.Unlock()
	late, soon := time.After(openPatience), time.NewTicker(enoughAfter)
	defer soon.Stop()
	for waiting := true; waiting; {
		select {
		case <-s.done:
			waiting = false
		case <-late:
			waiting = false
		case <-soon.C:
			waiting = s.shown() < enough
		}
	}
	v.mu.Lock()
	v.adopt()
	v.mu.Unlock()
	v.work.Go(v.watch)
	return v
}

// watch remembers the query once it stood for a while, and tells when everything has to be looked at anew.
func (v *view) watch() {
	tick := time.NewTicker(anewEvery)
	defer tick.Stop()
	keep := time.NewTimer(keptAfter)
	defer keep.Stop()
	for {
		select {
		case <-v.ctx.Done():
			return
		case <-keep.C:
			if ro, _ := v.store.ReadOnly(); v.query != nil && !ro {
				_ = v.store.UsedFilter(v.ctx, v.in.Query) // a convenience
			}
		case <-tick.C:
			v.mu.Lock()
			due := v.due(time.Now())
			v.mu.Unlock()
			if due {
				v.news()
			}
		}
	}
}

// due reports whether everything has to be looked at anew, and may be.
func (v *view) due(now time.Time) bool {
	return v.scan == nil && now.After(v.anew) && (v.missed || v.query != nil && v.query.Aging(v.began, now))
}

// sync brings the view up to date with what was committed, and returns the first line that may have changed.
func (v *view) sync() (from int, err error) {
	v.syncing.Lock()
	defer v.syncing.Unlock()
	ended, changed, missed := v.feed.Take()
	ids := slices.Concat(ended, changed)
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) > mostFollowed {
		ids, missed = nil, true
	}
	v.gists.drop(ids, missed)
	now := time.Now()
	var hits []storage.Hit
	if len(ids) > 0 {
		if hits, err = v.store.Match(v.ctx, v.query, now, ids); err != nil {
			if v.ctx.Err() != nil {
				return 0, errNoView
			}
			v.mu.Lock()
			v.missed = true
			v.mu.Unlock()
			return 0, err
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	from = v.order.change(ids, v.sort(hits))
	if v.scan != nil {
		for _, id := range ids {
			v.touched[id] = struct{}{}
		}
	}
	from = min(from, v.adopt())
	v.missed = v.missed || missed
	if v.due(now) {
		v.begin()
	}
	return from, v.fault
}

// close ends what the view does and waits for it.
func (v *view) close() {
	v.cancel()
	v.work.Wait()
	v.feed.Close()
}

// begin starts a search of everything.
func (v *view) begin() *scan {
	s := &scan{began: time.Now(), done: make(chan struct{})}
	v.scan, v.began, v.touched, v.missed = s, s.began, map[traffic.ID]struct{}{}, false
	first := !v.whole
	v.work.Go(func() {
		told := s.began
		err := v.store.Find(v.ctx, v.query, s.began, func(hits []storage.Hit) error {
			s.add(v.sort(hits))
			if v.part != nil {
				v.part()
			}
			if first && time.Since(told) > tellEvery {
				told = time.Now()
				v.news()
			}
			return v.ctx.Err()
		})
		s.mu.Lock()
		s.err, s.over = err, true
		s.mu.Unlock()
		close(s.done)
		if v.ctx.Err() == nil {
			v.news()
		}
	})
	return s
}

func (s *scan) add(f found) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parts = append(s.parts, f)
	s.n += len(f.shown)
	s.fresh = s.fresh || len(f.shown) > 0
}

func (s *scan) shown() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}

// joined returns what was found up to now, in the order of ids.
func (s *scan) joined() (f found) {
	folded := 0
	for i := range s.parts {
		folded += len(s.parts[i].folded)
	}
	f.shown, f.folded = make([]entry, 0, s.n+s.n/8), make([]traffic.ID, 0, folded)
	for i := len(s.parts) - 1; i >= 0; i-- {
		f.shown = append(f.shown, s.parts[i].shown...)
		f.folded = append(f.folded, s.parts[i].folded...)
	}
	return f
}

// sort tells what of the hits is shown and what is folded away.
func (v *view) sort(hits []storage.Hit) (f found) {
	for i := range hits {
		if v.in.All || inSight(&hits[i]) {
			f.shown = append(f.shown, entry{hits[i].ID, hits[i].Conversation})
		} else {
			f.folded = append(f.folded, hits[i].ID)
		}
	}
	return f
}

// inSight reports whether an exchange is shown where traffic that is no call of a model is folded away. Three things are:
// calls of models and of other services of that kind; exchanges that are not read yet, above all those that still
// stream, where method and URL alone say that they are such calls, or a stream answers a POST; and clients that refused
// our certificate, because of which calls of models may be missing.
func inSight(h *storage.Hit) bool {
	switch h.Sort {
	case storage.Call, storage.Refused:
		return true
	case storage.Unread:
		return likelyCall(h.Method, h.URL, h.MIME)
	case storage.Plain:
	}
	return false
}

func likelyCall(method, url, mime string) bool {
	if method == "CONNECT" {
		return false
	}
	if method == "POST" && (mime == "text/event-stream" || mime == "application/x-ndjson") {
		return true
	}
	kind := llm.Parse(llm.Input{Method: method, URL: url}).Kind
	return kind != llm.KindPlain && kind != ""
}

// adopt takes over what the search has found: everything when it is over, the newest part while the first one runs. It
// returns the first line that may have changed.
func (v *view) adopt() int {
	s := v.scan
	if s == nil {
		return v.order.len()
	}
	s.mu.Lock()
	over, err := s.over, s.err
	useful := over && err == nil || !v.whole && s.fresh && time.Since(v.adopted) >= tellEvery
	var f found
	if useful {
		f = s.joined()
		s.fresh = false
	}
	s.mu.Unlock()
	if over {
		v.scan, v.fault = nil, err
		v.whole = v.whole || err == nil
		v.anew = time.Now().Add(max(anewEvery, anewShare*time.Since(s.began)))
	}
	if !useful {
		return v.order.len()
	}
	v.adopted = time.Now()
	next := newOrder(f, false)
	next.change(sortedIDs(v.touched), v.order.only(v.touched)) // these were looked at later
	if v.in.Group {
		next.groups = newGroups(next.shown)
		next.groups.keepExpanded(v.order.groups, next.shown)
	}
	from := v.order.differ(next)
	v.order = next
	return from
}

// state says how many lines there are.
func (v *view) state() SyncOut {
	v.mu.Lock()
	defer v.mu.Unlock()
	return SyncOut{Count: v.order.len(), Folded: int64(len(v.order.folded)), Looking: !v.whole && v.scan != nil}
}

// lines returns some lines and how many there are.
func (v *view) lines(from, limit int) ([]line, int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.order.lines(from, from+limit), v.order.len()
}

func (v *view) find(id traffic.ID) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.order.find(id)
}

func (v *view) toggle(thread traffic.ID, expand bool) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.order.toggle(thread, expand)
}

// searches reports whether the query looks into the index of texts.
func (v *view) searches() bool {
	if v.query == nil {
		return false
	}
	return slices.ContainsFunc(v.query.Fields(), func(name string) bool {
		f, _ := traffic.LookupField(name)
		return f.Type == traffic.FieldWords
	})
}
