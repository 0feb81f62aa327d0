package storage

import (
	"context"
	"errors"

	"assay/scanner"
	"assay/traffic"
)

// Unwatched returns exchanges that are in the inventory and that the watch did not look at yet, the oldest first.
func (p *Project) Unwatched(ctx context.Context, limit int) ([]traffic.ID, error) {
	return nil, nil
}

// SaveWatched keeps what a batch of exchanges changed, in one transaction. What belongs to exchanges that were deleted for
// good meanwhile is left out. Threats keep the state and the note that a person gave them. It fails with ErrWatchChanged
// when the watch was forgotten meanwhile.
func (p *Project) SaveWatched(ctx context.Context, w *scanner.Watched) error {
	return errors.ErrUnsupported
}

// ForgetWatch forgets threats, actors and what was learned, so that everything is watched anew. What a person said
// (exceptions, settings of rules) stays.
func (p *Project) ForgetWatch(ctx context.Context) error { return errors.ErrUnsupported }

// WatchState returns an entry of scanner.Watched.States; nil where there is none.
func (p *Project) WatchState(ctx context.Context, name string) ([]byte, error) { return nil, nil }
