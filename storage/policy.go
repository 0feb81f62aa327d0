package storage

import (
	"context"
	"errors"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// ErrNoPolicy says that the project holds no policy of that id.
var ErrNoPolicy = errors.New("this policy is not in the project")

// Policies lists the policies, in the order in which they were made.
func (p *Project) Policies(ctx context.Context) ([]scanner.Policy, error) { return nil, nil }

// SetPolicy keeps a policy, a new one where its ID is 0, and returns its id. ErrNoPolicy where there is none of that id.
func (p *Project) SetPolicy(ctx context.Context, one scanner.Policy) (scanner.PolicyID, error) {
	return 0, errors.ErrUnsupported
}

// RemovePolicy forgets a policy. What it did stays.
func (p *Project) RemovePolicy(ctx context.Context, id scanner.PolicyID) error {
	return errors.ErrUnsupported
}

// RulingQuery selects rulings. Empty fields select everything.
type RulingQuery struct {
	Exchanges []traffic.ID
	Policies  []scanner.PolicyID
	Actions   []scanner.Action
	Since     time.Time
	Offset    int
	Limit     int // 0 for all
}

// AddRulings keeps what the guard did, in one transaction.
func (p *Project) AddRulings(ctx context.Context, rulings []scanner.Ruling) error {
	return errors.ErrUnsupported
}

// Rulings lists what the guard did, the newest first, and how many there are without Offset and Limit.
func (p *Project) Rulings(ctx context.Context, q RulingQuery) (rulings []scanner.Ruling, total int, err error) {
	return nil, 0, nil
}
