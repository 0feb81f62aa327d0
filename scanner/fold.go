package scanner

import (
	"time"

	"assay/traffic"
)

// Fold is what a batch of exchanges changed in the inventory: storage keeps it in one transaction, so that every
// exchange counts once.
type Fold struct {
	Of        map[traffic.ID]EndpointID // every exchange of the batch; 0 when it belongs to none (tunnels)
	Endpoints []*Endpoint               // new and changed ones
	Shapes    map[EndpointID][]byte     // schemas of those whose schemas changed, opaque
	Moved     map[EndpointID]EndpointID // merged endpoints: their exchanges and places go to the other
	Trees     map[string][]byte         // learned paths by host, opaque
	Assets    []*Asset
	Versions  []Version
	Edges     []*Edge
	Uses      []Use
	Places    []*Place
	Hits      []Hit
	Changes   []Change
}

// EndpointGone stands in Endpoint.Merged of an endpoint that is no more and became part of none: a person decided
// something about its paths, or the inventory was made anew. Its ID is not given again; nothing else is known of it.
const EndpointGone EndpointID = -1

// Decision is what a person said about paths of a host. It stays.
type Decision struct {
	ID    int64
	Host  string
	Merge bool     // or split
	At    string   // the template up to the place
	Names []string // the segments there
}

// Inventory is what storage gives back: all that Fold ever got, but for what is loaded when it is needed (Shapes, Trees,
// Versions, Hits).
type Inventory struct {
	Endpoints  []*Endpoint // merged ones too
	Assets     []*Asset
	Edges      []*Edge
	Places     []*Place
	Decisions  []Decision
	Custom     []CustomType
	LastChange int64 // the largest id of a change
}

// Document is an API document that was imported. Data is what package apidoc read of it.
type Document struct {
	ID       int64
	Name     string
	Form     string
	Imported time.Time
	Data     []byte
}
