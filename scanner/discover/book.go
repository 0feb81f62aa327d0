package discover

import (
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// Seen is one exchange that ended, with what it meant.
type Seen struct {
	Exchange     *traffic.Exchange // without bodies
	Conversation *llm.Conversation
	Request      []byte // the body, its content coding undone, as far as it was read
	Response     []byte
	Frames       []traffic.Frame // of a WebSocket session
	// Again says that it was folded before a person decided something about its path: its assets are counted, and nothing
	// of it is new.
	Again bool
}

// Archive gives back what a Book does not hold in memory. Nil means that there is none.
type Archive interface {
	Shape(id scanner.EndpointID) ([]byte, error) // of Fold.Shapes
	Tree(host string) ([]byte, error)            // of Fold.Trees
	LatestVersion(id scanner.AssetID) (scanner.Version, error)
}

// Options say how a Book folds. The zero value is usable.
type Options struct {
	Now  func() time.Time                                // nil means time.Now
	Cost func(*llm.Conversation) (micros int64, ok bool) // nil means unknown

	// Describe says in an endpoint how it stands to the documents of its API. Nil where there are none.
	Describe func(*scanner.Endpoint)
}

// Book is the inventory of one project while it grows. It is not safe for concurrent use.
//
// A person's decisions about paths are read when it is opened. After one is made or taken back the caller drops the kept
// tree of the host, sets its exchanges back to unfolded, removes its endpoints, and opens the Book anew: what was folded
// under the old templates cannot be told apart in memory. After an error the Book is of no more use either.
type Book struct {
	options   Options
	archive   Archive
	endpoints *endpoints
	assets    *assets
	places    *places
	changes   *changes
	facts     *facts
}

// Open returns a Book over what was kept. inv may be nil.
func Open(inv *scanner.Inventory, archive Archive, o Options) (*Book, error) {
	if inv == nil {
		inv = &scanner.Inventory{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	b := &Book{options: o, archive: archive}
	b.changes = newChanges(inv)
	b.facts = newFacts(inv)
	b.endpoints = newEndpoints(inv, archive)
	b.assets = newAssets(inv, archive)
	var err error
	b.places, err = newPlaces(inv)
	return b, err
}

// Fold adds exchanges, each once, and returns what changed. Exchanges should come in the order in which they began.
func (b *Book) Fold(seen []Seen) (*scanner.Fold, error) {
	t := newBatch(b.options.Now(), b.facts)
	for i := range seen {
		if seen[i].Conversation == nil {
			seen[i].Conversation = &llm.Conversation{}
		}
	}
	if err := b.endpoints.prepare(seen, t, b.places); err != nil {
		return nil, err
	}
	for i := range seen {
		s, told := &seen[i], len(t.fold.Changes)
		e, err := b.endpoints.fold(i, s, t)
		if err != nil {
			return nil, err
		}
		if e == nil {
			t.fold.Of[s.Exchange.ID] = 0
			continue
		}
		t.fold.Of[s.Exchange.ID] = e.ID
		if !s.Again {
			if err := b.assets.fold(s, e, t, b.options); err != nil {
				return nil, err
			}
		}
		b.places.fold(s, e, t)
		if s.Again {
			t.fold.Changes = t.fold.Changes[:told]
		}
		t.touch(e)
	}
	if err := b.endpoints.finish(t); err != nil {
		return nil, err
	}
	for _, e := range t.touched() {
		if e.Merged != 0 {
			continue
		}
		b.places.tally(e)
		b.describe(e)
		assess(e)
	}
	b.changes.number(t)
	return t.done(), nil
}
