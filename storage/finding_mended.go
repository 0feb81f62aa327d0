package storage

import (
	"context"
	"time"

	"assay/scanner"
)

// mendedBy selects what a retest said of a finding: a run later than the latest that showed it tried it again, and it
// resisted. What a person says of the finding meanwhile does not take that back.
const mendedBy = "FROM finding_event e WHERE e.finding = f.id AND e.what = '" + eventFixed + "' AND e.run > f.run"

// Mended tells of findings that a run showed to be fixed when that was (see scanner.Finding.Mended).
func (p *Project) Mended(ctx context.Context) (map[scanner.FindingID]time.Time, error) {
	mended := map[scanner.FindingID]time.Time{}
	if known, err := p.knowsTests(ctx); err != nil || !known {
		return mended, err
	}
	err := p.each(ctx, "SELECT f.id, (SELECT max(e.at) "+mendedBy+") FROM finding f WHERE f.state = 'fixed' AND EXISTS (SELECT 1 "+mendedBy+")",
		nil, func(scan func(...any) error) error {
			var id, at int64
			err := scan(&id, &at)
			mended[scanner.FindingID(id)] = timeOf(at)
			return err
		})
	return mended, err
}
