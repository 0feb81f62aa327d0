package storage

import (
	"context"
	"os"
)

// Behind reports whether the project holds something that only a writer brings up to date: exchanges that were never
// read or are not in the inventory, texts that are not in the search index, exchanges and events that a recorder left when
// it was killed. A filter may miss them. It costs the same for any number of exchanges.
func (p *Project) Behind(ctx context.Context) (bool, error) {
	if info, err := os.Stat(p.path + ".journal"); err == nil && info.Size() > 0 {
		return true, nil
	}
	var behind bool
	err := p.readers.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM exchange WHERE state < 3) OR EXISTS (SELECT 1 FROM unsaid)
		OR (SELECT total(n) FROM tally WHERE field = ?) > (SELECT total(n) FROM tally WHERE field = ?)`,
		int64(tallyAll), int64(tallyKind)).Scan(&behind)
	if err != nil || behind {
		return behind, err
	}
	waiting, err := p.Unfolded(ctx, 1)
	return len(waiting) > 0, err
}

// mostWaiting bounds how far Waiting counts.
const mostWaiting = 10_000

// Waiting counts exchanges that ended and were never read, and texts that are not in the search index: a filter may miss
// so many. It counts to 10,000.
func (p *Project) Waiting(ctx context.Context) (unread, unsaid int64, err error) {
	err = p.readers.QueryRowContext(ctx, `SELECT CAST((SELECT total(n) FROM tally WHERE field = ?) - (SELECT total(n) FROM tally WHERE field = ?) AS INTEGER)
		- (SELECT count(*) FROM exchange WHERE state < 3), (SELECT count(*) FROM (SELECT 1 FROM unsaid LIMIT ?))`,
		int64(tallyAll), int64(tallyKind), int64(mostWaiting)).Scan(&unread, &unsaid)
	return min(max(unread, 0), mostWaiting), unsaid, err
}
