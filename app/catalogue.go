package app

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"assay/scanner"
	"assay/scanner/apidoc"
	"assay/storage"
	"assay/traffic"
)

// Catalogue is the endpoints of a project, and those that documents have and nobody saw (their ids are negative), ready
// to be listed and filtered: kept in memory, brought up to date by what changed since it was last asked. It is safe for concurrent use. What Find and Endpoint return must not be changed.
type Catalogue struct {
	store *storage.Project

	mu       sync.Mutex
	revision int64
	visited  time.Time
	order    []*scanner.Endpoint // by id, those that were never seen first; never changed once it is here, only replaced
	unseen   int                 // how many those are
	moved    map[scanner.EndpointID]scanner.EndpointID
	matcher  *apidoc.Matcher // of the documents; nil until they are loaded
}

func newCatalogue(p *storage.Project) *Catalogue { return &Catalogue{store: p} }

// Refresh brings the catalogue up to date and returns the newest revision.
func (c *Catalogue) Refresh(ctx context.Context) (int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	visited, err := c.store.Visited(ctx)
	if err != nil {
		return c.revision, err
	}
	changed, revision, err := c.store.EndpointsSince(ctx, c.revision)
	if err != nil {
		return c.revision, err
	}
	c.visited = visited
	if revision < c.revision { // the inventory was made anew
		c.order, c.unseen, c.moved = nil, 0, nil
		if changed, revision, err = c.store.EndpointsSince(ctx, 0); err != nil {
			c.revision = 0
			return 0, err
		}
	}
	seen := c.order[c.unseen:]
	grown := c.matcher == nil
	if len(changed) > 0 {
		before := len(seen)
		seen = updated(seen, changed)
		c.move(changed)
		grown = grown || len(seen) != before
	}
	if err := c.settle(ctx, seen, grown || len(changed) > 0 && c.unseen > 0); err != nil {
		return c.revision, err
	}
	c.revision = revision
	return revision, nil
}

// settle puts the endpoints that documents have and nobody saw before those that were seen. anew says that they may be
// others than before.
func (c *Catalogue) settle(ctx context.Context, seen []*scanner.Endpoint, anew bool) error {
	if c.matcher == nil {
		docs, err := loadDocuments(ctx, c.store)
		if err != nil {
			return err
		}
		c.matcher = docs.matcher
	}
	unseen := c.order[:c.unseen]
	if anew {
		unseen = c.matcher.Unseen(seen)
		slices.SortFunc(unseen, byID)
	}
	c.order, c.unseen = slices.Concat(unseen, seen), len(unseen)
	return nil
}

// seenOnly are the endpoints that were seen.
func (c *Catalogue) seenOnly() []*scanner.Endpoint {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.order[c.unseen:]
}

// forgetDocuments makes the next Refresh load the documents again.
func (c *Catalogue) forgetDocuments() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.matcher = nil
}

// updated is the list with the endpoints that changed in their places, without those that became part of others.
func updated(order, changed []*scanner.Endpoint) []*scanner.Endpoint {
	order, changed = slices.Clone(order), slices.Clone(changed)
	slices.SortFunc(changed, byID)
	for _, e := range changed {
		at, found := slices.BinarySearchFunc(order, e, byID)
		switch {
		case found && e.Merged != 0:
			order = slices.Delete(order, at, at+1)
		case found:
			order[at] = e
		case e.Merged == 0:
			order = slices.Insert(order, at, e)
		}
	}
	return order
}

// move notes which endpoints became part of others. What reads it may hold the map it had.
func (c *Catalogue) move(changed []*scanner.Endpoint) {
	var moved map[scanner.EndpointID]scanner.EndpointID
	for _, e := range changed {
		if e.Merged <= 0 {
			continue
		}
		if moved == nil {
			moved = make(map[scanner.EndpointID]scanner.EndpointID, len(c.moved)+1)
			maps.Copy(moved, c.moved)
		}
		moved[e.ID] = e.Merged
	}
	if moved != nil {
		c.moved = moved
	}
}

func byID(a, b *scanner.Endpoint) int { return cmp.Compare(a.ID, b.ID) }

// Find returns the endpoints that a filter selects, in the order of their ids; nil selects all. The filter should come
// from ParseEndpointQuery: a field that says nothing about endpoints matches none.
func (c *Catalogue) Find(q *traffic.Query) []*scanner.Endpoint {
	c.mu.Lock()
	all, visited := c.order, c.visited
	c.mu.Unlock()
	if q == nil || q.Root == nil {
		return slices.Clone(all)
	}
	var found []*scanner.Endpoint
	facts, now := EndpointFacts{visited: visited}, time.Now()
	for _, e := range all {
		facts.Endpoint = e
		if facts.match(q.Root, now) {
			found = append(found, e)
		}
	}
	return found
}

// Endpoint returns one endpoint; of one that became part of another, the one that it is part of now.
func (c *Catalogue) Endpoint(id scanner.EndpointID) (*scanner.Endpoint, bool) {
	c.mu.Lock()
	all, moved := c.order, c.moved
	c.mu.Unlock()
	for range moved { // no chain is longer
		into, merged := moved[id]
		if !merged {
			break
		}
		id = into
	}
	at, found := slices.BinarySearchFunc(all, &scanner.Endpoint{ID: id}, byID)
	if !found {
		return nil, false
	}
	return all[at], true
}

// New reports whether something was found since a person last looked at the inventory. Where nobody ever did, everything
// is new.
func (c *Catalogue) New(found time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return found.After(c.visited)
}
