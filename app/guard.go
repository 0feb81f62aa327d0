package app

import (
	"context"
	"errors"
	"iter"

	"assay/scanner"
	"assay/scanner/guard"
)

// SetGuard changes how far the guard of the recorder at work goes, and keeps that for the next one. Off by default.
func (p *Project) SetGuard(ctx context.Context, mode scanner.GuardMode) error {
	return errors.ErrUnsupported
}

// Guard tells how far the guard of this project goes.
func (p *Project) Guard(ctx context.Context) (scanner.GuardMode, error) { return scanner.GuardOff, nil }

// Waiting returns what waits for a person's approval, the oldest first.
func (p *Project) Waiting() []Approval { return nil }

// Answer says yes or no to what waits. False where it no longer does.
func (p *Project) Answer(id int64, yes bool) bool { return false }

// Approval is something that waits for a person.
type Approval struct {
	ID int64
	guard.Question
}

// Preview says what policies would have done with the recorded traffic that a filter selects, the oldest first.
func (p *Project) Preview(ctx context.Context, policies []scanner.Policy, filter string) iter.Seq2[scanner.Ruling, error] {
	return func(yield func(scanner.Ruling, error) bool) {}
}

// PoliciesChanged makes the guard at work read the project's policies again.
func (p *Project) PoliciesChanged(ctx context.Context) error { return nil }
