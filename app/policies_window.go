package app

import (
	"context"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// RulingTally is how often a policy ruled, and when last.
type RulingTally = storage.RulingTally

// RulingTallies counts the rulings that are kept, by policy.
func (p *Project) RulingTallies(ctx context.Context) (map[PolicyID]RulingTally, error) {
	return p.store.RulingTallies(ctx)
}

// RestorePolicies brings policies back that were removed, under the ids they had, and the guard at work obeys them at once.
func (p *Project) RestorePolicies(ctx context.Context, list []Policy) error {
	if ro, _ := p.store.ReadOnly(); ro {
		return p.readOnly()
	}
	for i := range list {
		if err := p.CheckPolicy(ctx, list[i]); err != nil {
			return err
		}
	}
	for i := range list {
		if err := p.store.RestorePolicy(ctx, list[i]); err != nil {
			return err
		}
	}
	return p.PoliciesChanged(ctx)
}

// PreviewSum replays the recorded traffic that a filter selects through policies, and counts what they would have done. each
// is told of every ruling and ends it with an error, progress how many exchanges were looked at. What was counted until
// then is returned with an error, too.
func (p *Project) PreviewSum(ctx context.Context, list []Policy, filter string, progress func(int64), each func(*Ruling) error) (PreviewSum, error) {
	sum := newPreviewSum(list)
	looked := func(n int64) {
		sum.Exchanges = n
		progress(n)
	}
	last := traffic.ID(0)
	var told error
	err := p.preview(ctx, list, filter, looked, func(r scanner.Ruling, err error) bool {
		if told = err; told != nil {
			return false
		}
		if r.Exchange != last || r.Exchange == 0 {
			sum.Touched, last = sum.Touched+1, r.Exchange
		}
		sum.add(&r)
		told = each(&r)
		return told == nil
	})
	if err == nil {
		err = told
	}
	return sum, err
}
