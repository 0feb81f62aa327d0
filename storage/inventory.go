package storage

import (
	"context"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// Inventory loads what folds left behind, but for what is loaded when it is needed.
func (p *Project) Inventory(ctx context.Context) (*scanner.Inventory, error) {
	return &scanner.Inventory{}, nil
}

// SaveFold keeps what a batch of exchanges changed in the inventory, in one transaction. Exchanges that were deleted
// meanwhile are left out.
func (p *Project) SaveFold(ctx context.Context, f *scanner.Fold) error { return nil }

// Unfolded returns exchanges that were read and are in no endpoint yet, oldest first.
func (p *Project) Unfolded(ctx context.Context, limit int) ([]traffic.ID, error) { return nil, nil }

// Shape returns what SaveFold got in Fold.Shapes; nil when there is none.
func (p *Project) Shape(ctx context.Context, id scanner.EndpointID) ([]byte, error) { return nil, nil }

// Tree returns what SaveFold got in Fold.Trees; nil when there is none.
func (p *Project) Tree(ctx context.Context, host string) ([]byte, error) { return nil, nil }

// Versions returns the texts or definitions an asset had, oldest first.
func (p *Project) Versions(ctx context.Context, id scanner.AssetID) ([]scanner.Version, error) {
	return nil, nil
}

// EndpointsSince returns endpoints that changed after a revision (0: all), merged ones too, and the newest revision.
func (p *Project) EndpointsSince(ctx context.Context, revision int64) ([]*scanner.Endpoint, int64, error) {
	return nil, 0, nil
}

// Assets returns assets of a kind, or all when it is empty, most used first.
func (p *Project) Assets(ctx context.Context, kind scanner.AssetKind) ([]*scanner.Asset, error) {
	return nil, nil
}

// Edges returns all arrows of the map.
func (p *Project) Edges(ctx context.Context) ([]*scanner.Edge, error) { return nil, nil }

// Places returns where sensitive data travels at an endpoint, or everywhere when it is 0, with counts.
func (p *Project) Places(ctx context.Context, endpoint scanner.EndpointID) ([]*scanner.Place, error) {
	return nil, nil
}

// ChangeFilter selects lines of the timeline.
type ChangeFilter struct {
	Endpoint scanner.EndpointID   // 0: all
	Asset    scanner.AssetID      // 0: all
	Kinds    []scanner.ChangeKind // none: all
	Before   int64                // only ids smaller than this; 0: from the newest
	Since    time.Time            // only those found later; zero: all
	Limit    int                  // 0 means 100; less than 0 means all
}

// Changes returns lines of the timeline, newest first.
func (p *Project) Changes(ctx context.Context, f ChangeFilter) ([]scanner.Change, error) {
	return nil, nil
}

// CountChanges counts lines of the timeline that were found after a moment.
func (p *Project) CountChanges(ctx context.Context, since time.Time) (int64, error) { return 0, nil }

// Sensitive returns which types of sensitive data were found in exchanges, sorted; those without are left out.
func (p *Project) Sensitive(ctx context.Context, ids []traffic.ID) (map[traffic.ID][]string, error) {
	return nil, nil
}

// Decide keeps a person's decision about paths and returns its id. The exchanges of the host are folded anew.
func (p *Project) Decide(ctx context.Context, d scanner.Decision) (int64, error) { return 0, nil }

// Undecide takes a decision back.
func (p *Project) Undecide(ctx context.Context, id int64) error { return nil }

// SetCustomType keeps a type of sensitive data in place of the one of its name.
func (p *Project) SetCustomType(ctx context.Context, t scanner.CustomType) error { return nil }

// RemoveCustomType forgets a type; places of it stay until the project is analysed again.
func (p *Project) RemoveCustomType(ctx context.Context, name string) error { return nil }

// Documents returns the imported documents.
func (p *Project) Documents(ctx context.Context) ([]scanner.Document, error) { return nil, nil }

// AddDocument keeps a document and returns its id.
func (p *Project) AddDocument(ctx context.Context, d scanner.Document) (int64, error) { return 0, nil }

// RemoveDocument forgets a document.
func (p *Project) RemoveDocument(ctx context.Context, id int64) error { return nil }

// ForgetInventory empties the inventory, but for what a person said (decisions, custom types, documents, when the
// inventory was last looked at): everything is folded anew.
func (p *Project) ForgetInventory(ctx context.Context) error { return nil }

// Visited returns when a person last looked at the inventory; zero when never.
func (p *Project) Visited(ctx context.Context) (time.Time, error) { return time.Time{}, nil }

// Visit remembers that a person looked at the inventory now.
func (p *Project) Visit(ctx context.Context, now time.Time) error { return nil }
