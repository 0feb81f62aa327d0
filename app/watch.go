package app

import (
	"context"
	"errors"

	"assay/scanner/rule"
)

// Rules returns all rules, shipped and own (folder of the home), as this project sets them, and an error for each that is
// not good.
func (p *Project) Rules(ctx context.Context) (*rule.Set, []error) { return nil, nil }

// Rewatch watches everything in the project anew, in order, with today's rules. progress is told how far it came.
func (p *Project) Rewatch(ctx context.Context, progress func(done, all int64)) error {
	return errors.ErrUnsupported
}

// watch lets the watch look at up to limit exchanges that are in the inventory, and returns how many there were.
func (a *analyst) watch(ctx context.Context, limit int) (int, error) { return 0, nil }
