package storage

import (
	"context"
	"time"
)

// Snapshot is how things stood at a time. What it says is opaque here.
type Snapshot struct {
	ID         int64
	At         time.Time
	Cause      string // why it was taken: day, run:7
	Definition []byte // JSON
}

// mostSnapshots are kept: a daily one for years, and one of each run. The oldest go first.
const mostSnapshots = 5000

// SaveSnapshot keeps how things stand. A second one with a cause of a run takes the place of the first.
func (p *Project) SaveSnapshot(ctx context.Context, s Snapshot) error {
	return p.update(ctx, func(t *tx) error {
		if s.Cause != causeDay {
			if err := t.run("DELETE FROM posture_snapshot WHERE cause = ?", s.Cause); err != nil {
				return err
			}
		}
		if err := t.run("INSERT INTO posture_snapshot (at, cause, definition) VALUES (?, ?, ?)", unixMicro(s.At), s.Cause, s.Definition); err != nil {
			return err
		}
		return t.run("DELETE FROM posture_snapshot WHERE id <= (SELECT id FROM posture_snapshot ORDER BY id DESC LIMIT 1 OFFSET ?)", mostSnapshots)
	})
}

// causeDay is of snapshots that are taken each day: every one of them stays.
const causeDay = "day"

// Snapshots returns the latest snapshots, the oldest of them first; all of them where limit is 0.
func (p *Project) Snapshots(ctx context.Context, limit int) ([]Snapshot, error) {
	if known, err := p.knowsPosture(ctx); err != nil || !known {
		return nil, err
	}
	return eachOf(ctx, p.readers, "SELECT id, at, cause, definition FROM (SELECT * FROM posture_snapshot ORDER BY at DESC, id DESC LIMIT ?) ORDER BY at, id",
		[]any{limitOf(limit)}, func(scan func(...any) error) (s Snapshot, err error) {
			var at int64
			err = scan(&s.ID, &at, &s.Cause, &s.Definition)
			s.At = timeOf(at)
			return s, err
		})
}

// LatestSnapshot says when the newest snapshot was taken; the zero time where there is none.
func (p *Project) LatestSnapshot(ctx context.Context) (at time.Time, err error) {
	if known, err := p.knowsPosture(ctx); err != nil || !known {
		return at, err
	}
	var micro int64
	err = p.readers.QueryRowContext(ctx, "SELECT ifnull(max(at), 0) FROM posture_snapshot").Scan(&micro)
	if micro != 0 {
		at = timeOf(micro)
	}
	return at, err
}

// knowsPosture reports whether the file has the tables of postures: one that an older program made and that is only read
// has not.
func (p *Project) knowsPosture(ctx context.Context) (known bool, err error) {
	if !p.readOnly {
		return true, nil
	}
	err = p.readers.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'report_made'").Scan(&known)
	return known, err
}
