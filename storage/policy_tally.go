package storage

import (
	"context"
	"encoding/json"
	"time"

	"assay/scanner"
)

// RulingTally is how often a policy ruled, and when last.
type RulingTally struct {
	Rulings int64 // that are kept
	Done    int64 // of them those that were carried out
	Last    time.Time
}

// RulingTallies counts the rulings that are kept, by policy. Policies that never ruled are absent.
func (p *Project) RulingTallies(ctx context.Context) (map[scanner.PolicyID]RulingTally, error) {
	tallies := map[scanner.PolicyID]RulingTally{}
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return tallies, err
	}
	err := p.each(ctx, "SELECT policy, count(*), sum(done), max(at) FROM ruling GROUP BY policy", nil, func(scan func(...any) error) error {
		var id, at int64
		var one RulingTally
		err := scan(&id, &one.Rulings, &one.Done, &at)
		one.Last = timeOf(at)
		tallies[scanner.PolicyID(id)] = one
		return err
	})
	return tallies, err
}

// RestorePolicy keeps a policy that was removed under the id it had, so that its rulings are its own again. It does nothing
// where there is a policy of that id.
func (p *Project) RestorePolicy(ctx context.Context, one scanner.Policy) error {
	definition, err := json.Marshal(one)
	if err != nil {
		return err
	}
	return p.updateWoken(ctx, func(t *tx) error {
		return t.run("INSERT OR IGNORE INTO policy (id, definition) VALUES (?, ?)", int64(one.ID), definition)
	})
}
