package discover

import (
	"time"

	"assay/scanner"
	"assay/traffic"
)

// batch gathers what changes while exchanges are folded.
type batch struct {
	now     time.Time
	facts   *facts
	fold    scanner.Fold
	touches map[scanner.EndpointID]*scanner.Endpoint
	assets  map[scanner.AssetID]*scanner.Asset
	edges   map[*scanner.Edge]bool
	places  map[scanner.PlaceID]*scanner.Place
}

func newBatch(now time.Time, f *facts) *batch {
	return &batch{
		now: now, facts: f,
		fold: scanner.Fold{
			Of: map[traffic.ID]scanner.EndpointID{}, Shapes: map[scanner.EndpointID][]byte{},
			Moved: map[scanner.EndpointID]scanner.EndpointID{}, Trees: map[string][]byte{},
		},
		touches: map[scanner.EndpointID]*scanner.Endpoint{}, assets: map[scanner.AssetID]*scanner.Asset{},
		edges: map[*scanner.Edge]bool{}, places: map[scanner.PlaceID]*scanner.Place{},
	}
}

// touch says that an endpoint is another than before.
func (t *batch) touch(e *scanner.Endpoint) { t.touches[e.ID] = e }

func (t *batch) touched() map[scanner.EndpointID]*scanner.Endpoint { return t.touches }

func (t *batch) asset(a *scanner.Asset) { t.assets[a.ID] = a }
func (t *batch) edge(e *scanner.Edge)   { t.edges[e] = true }
func (t *batch) place(p *scanner.Place) { t.places[p.ID] = p }

// change adds a line to the timeline; its id and Found are filled in later.
func (t *batch) change(c scanner.Change) { t.fold.Changes = append(t.fold.Changes, c) }

// done returns everything in the order of ids. What is kept is a copy: the Book goes on while storage writes.
func (t *batch) done() *scanner.Fold {
	for _, e := range t.touches {
		t.fold.Endpoints = append(t.fold.Endpoints, copyEndpoint(e))
	}
	for _, a := range t.assets {
		t.fold.Assets = append(t.fold.Assets, copyOf(a))
	}
	for e := range t.edges {
		t.fold.Edges = append(t.fold.Edges, copyOf(e))
	}
	for _, p := range t.places {
		t.fold.Places = append(t.fold.Places, copyOf(p))
	}
	return &t.fold
}

func copyOf[T any](v *T) *T {
	c := *v
	return &c
}
