package storage

import (
	"context"
	"time"

	"assay/scanner"
)

// Mended is the run that showed a weakness to be mended.
type Mended struct {
	Run scanner.RunID
	At  time.Time
}

// mendedBy selects what a retest said of a finding: a run later than the latest that showed it tried it again, and it
// resisted. What a person says of the finding meanwhile does not take that back.
const mendedBy = "FROM finding_event e WHERE e.finding = f.id AND e.what = '" + eventFixed + "' AND e.run > f.run"

// Mended tells of findings that are fixed which run showed it. Those that a person called fixed, and no run, are absent.
func (p *Project) Mended(ctx context.Context) (map[scanner.FindingID]Mended, error) {
	mended := map[scanner.FindingID]Mended{}
	if known, err := p.knowsTests(ctx); err != nil || !known {
		return mended, err
	}
	err := p.each(ctx, "SELECT f.id, (SELECT max(e.run) "+mendedBy+"), (SELECT max(e.at) "+mendedBy+") FROM finding f WHERE f.state = 'fixed' AND EXISTS (SELECT 1 "+mendedBy+")",
		nil, func(scan func(...any) error) error {
			var id, at int64
			var one Mended
			err := scan(&id, (*int64)(&one.Run), &at)
			one.At = timeOf(at)
			mended[scanner.FindingID(id)] = one
			return err
		})
	return mended, err
}
