package app

import (
	"context"
	"encoding/json"

	"assay/report"
	"assay/storage"
)

// Trend is how things stood in the project, the oldest first; the latest limit of it, all where that is 0.
func (p *Project) Trend(ctx context.Context, limit int) ([]report.Snapshot, error) {
	return snapshotsOf(ctx, p.store, limit)
}

// snapshotsOf reads the snapshots of a project. One that this program cannot read is left out: a newer one wrote it.
func snapshotsOf(ctx context.Context, p *storage.Project, limit int) ([]report.Snapshot, error) {
	kept, err := p.Snapshots(ctx, limit)
	if err != nil {
		return nil, err
	}
	trend := make([]report.Snapshot, 0, len(kept))
	for i := range kept {
		var one report.Snapshot
		if json.Unmarshal(kept[i].Definition, &one) == nil {
			one.At, one.Cause = kept[i].At, kept[i].Cause
			trend = append(trend, one)
		}
	}
	return trend, nil
}

// mostTrend is how many snapshots a posture comes with.
const mostTrend = 400

// withTrend adds to a posture how things stood before, and what moved the score last.
func withTrend(ctx context.Context, p *storage.Project, out *Posture, now report.Snapshot) error {
	trend, err := snapshotsOf(ctx, p, mostTrend)
	if err != nil {
		return err
	}
	for i := range trend {
		t := &trend[i]
		one := PostureSnapshot{At: stamp(t.At), Cause: t.Cause, AtMost: t.Score, Grade: t.Grade, Severities: t.Severities}
		if t.Enough {
			one.Score = &t.Score
		}
		out.Trend = append(out.Trend, one)
	}
	if since, moves := report.LastMoved(trend, &now); since != nil {
		out.Moved = &PostureMoved{Since: stamp(since.At), Cause: since.Cause, Before: since.Score, After: now.Score, Moves: moves}
	}
	return nil
}
