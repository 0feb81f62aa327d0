package app

import (
	"context"
	"slices"
	"sync"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// Catalogue is the endpoints of a project, ready to be listed and filtered: kept in memory, brought up to date by what
// changed since it was last asked. It is safe for concurrent use. What Find and Endpoint return must not be changed.
type Catalogue struct {
	store *storage.Project

	mu       sync.Mutex
	revision int64
	byID     map[scanner.EndpointID]*scanner.Endpoint
	order    []*scanner.Endpoint // by id
}

func newCatalogue(p *storage.Project) *Catalogue {
	return &Catalogue{store: p, byID: map[scanner.EndpointID]*scanner.Endpoint{}}
}

// Refresh brings the catalogue up to date and returns the newest revision.
func (c *Catalogue) Refresh(ctx context.Context) (int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	changed, revision, err := c.store.EndpointsSince(ctx, c.revision)
	if err != nil {
		return c.revision, err
	}
	for _, e := range changed {
		if e.Merged != 0 {
			delete(c.byID, e.ID)
			continue
		}
		c.byID[e.ID] = e
	}
	if len(changed) > 0 {
		c.order = c.order[:0:0]
		for _, e := range c.byID {
			c.order = append(c.order, e)
		}
		slices.SortFunc(c.order, func(a, b *scanner.Endpoint) int { return int(a.ID - b.ID) })
	}
	c.revision = revision
	return revision, nil
}

// Find returns the endpoints that a filter selects, in the order of their ids; nil selects all.
func (c *Catalogue) Find(q *traffic.Query) []*scanner.Endpoint {
	c.mu.Lock()
	all := c.order
	c.mu.Unlock()
	return slices.Clone(all) // filtering comes with EndpointFacts
}

// Endpoint returns one endpoint.
func (c *Catalogue) Endpoint(id scanner.EndpointID) (*scanner.Endpoint, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byID[id]
	return e, ok
}
