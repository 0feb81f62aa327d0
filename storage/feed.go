package storage

import (
	"sync"

	"assay/traffic"
)

// maxFeedIDs bounds what a feed that nobody reads remembers.
const maxFeedIDs = 1 << 16

// Feed tells what was committed since it was last asked. It holds ids, never content, and merges what it tells twice.
type Feed struct {
	feeds  *feeds
	signal chan struct{}

	mu      sync.Mutex
	ended   []traffic.ID
	changed map[traffic.ID]struct{}
	missed  bool
}

// feeds are all feeds of a project.
type feeds struct {
	mu   sync.Mutex
	open map[*Feed]struct{}
}

// Committed returns a new feed of commits. Close it when done.
func (p *Project) Committed() *Feed {
	f := &Feed{feeds: &p.feeds, signal: make(chan struct{}, 1), changed: map[traffic.ID]struct{}{}}
	p.feeds.mu.Lock()
	defer p.feeds.mu.Unlock()
	if p.feeds.open == nil {
		p.feeds.open = map[*Feed]struct{}{}
	}
	p.feeds.open[f] = struct{}{}
	return f
}

// Signal returns a channel that gets a value when there is something to take.
func (f *Feed) Signal() <-chan struct{} { return f.signal }

// Take returns and forgets what was committed: exchanges that ended, exchanges that changed otherwise (began, went on,
// were read, became searchable, were marked or deleted), and whether ids were left out because nobody took them for too long; then Unread and
// List tell.
func (f *Feed) Take() (ended, changed []traffic.ID, missed bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	ended, missed = f.ended, f.missed
	f.ended, f.missed = nil, false
	if len(f.changed) > 0 {
		changed = make([]traffic.ID, 0, len(f.changed))
		for id := range f.changed {
			changed = append(changed, id)
		}
		f.changed = map[traffic.ID]struct{}{}
	}
	return ended, changed, missed
}

// Close ends the feed.
func (f *Feed) Close() {
	f.feeds.mu.Lock()
	defer f.feeds.mu.Unlock()
	delete(f.feeds.open, f)
}

func (s *feeds) publish(ended, changed []traffic.ID) {
	if len(ended) == 0 && len(changed) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for f := range s.open {
		f.add(ended, changed)
	}
}

// wake tells every feed that something changed that is no exchange.
func (s *feeds) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for f := range s.open {
		signal(f.signal)
	}
}

func (f *Feed) add(ended, changed []traffic.ID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.ended)+len(ended) > maxFeedIDs {
		f.missed = true
	} else {
		f.ended = append(f.ended, ended...)
	}
	for _, id := range changed {
		if len(f.changed) >= maxFeedIDs {
			f.missed = true
			break
		}
		f.changed[id] = struct{}{}
	}
	select {
	case f.signal <- struct{}{}:
	default:
	}
}
