package app

import (
	"context"
	"errors"

	"assay/scanner"
	"assay/scanner/engine"
)

// TestOptions say what is tested. The specification is kept with the run; the rest holds for this call.
type TestOptions struct {
	Spec      scanner.RunSpec
	Name      string   // of the run; empty for one made of suite and target
	Key       ModelKey // of targets whose key was not kept
	Reach     ModelReach
	Yes       bool   // the person confirmed that the hosts of the targets may be attacked
	Templates string // a folder of templates beside those that are built in; empty for the project's
}

// TestPlan is what would be sent.
type TestPlan struct {
	Estimate scanner.Estimate
	Skipped  []scanner.Skipped
	Targets  []scanner.RunTarget
	OutOf    []string // hosts that are not in scope: nothing is sent to them until a person says so
	Example  []byte   // the first request as it would be sent, without secrets
	Cases    []scanner.Case
}

// PlanTest works out what a test would send, and sends nothing.
func (p *Project) PlanTest(ctx context.Context, o TestOptions) (*TestPlan, error) {
	return nil, errors.ErrUnsupported
}

// StartTest keeps a run with all its cases and begins to send them, in the background.
func (p *Project) StartTest(ctx context.Context, o TestOptions) (scanner.RunID, error) {
	return 0, errors.ErrUnsupported
}

// ResumeTest goes on with a run that was paused, stopped or interrupted. Options may bring keys and a larger budget; the
// rest is the run's own.
func (p *Project) ResumeTest(ctx context.Context, id scanner.RunID, o TestOptions) error {
	return errors.ErrUnsupported
}

// RetryTest sends again what errored.
func (p *Project) RetryTest(ctx context.Context, id scanner.RunID, o TestOptions) error {
	return errors.ErrUnsupported
}

// PauseTest lets a run finish what it has sent. StopTest also says that no more of it is wanted.
func (p *Project) PauseTest(ctx context.Context, id scanner.RunID) error {
	return errors.ErrUnsupported
}

// StopTest ends a run: what is pending stays so, and can be resumed all the same.
func (p *Project) StopTest(ctx context.Context, id scanner.RunID) error { return errors.ErrUnsupported }

// WaitTest returns the run when it is no longer running.
func (p *Project) WaitTest(ctx context.Context, id scanner.RunID) (*scanner.Run, error) {
	return nil, errors.ErrUnsupported
}

// TestProgress tells how far a run is that runs in this program; false for others.
func (p *Project) TestProgress(id scanner.RunID) (engine.Progress, bool) {
	return engine.Progress{}, false
}

// TestsChanged returns a channel that is told when any run of this program came further, at most 10 times a second.
func (p *Project) TestsChanged() <-chan struct{} { return nil }

// OverruleTrial sets a person's verdict for a trial and all like it; an empty verdict takes it back.
func (p *Project) OverruleTrial(ctx context.Context, id scanner.RunID, n, trial int, verdict scanner.Verdict, reason string) error {
	return errors.ErrUnsupported
}

// CompareRuns compares two runs case by case.
func (p *Project) CompareRuns(ctx context.Context, before, after scanner.RunID) (*engine.Comparison, error) {
	return nil, errors.ErrUnsupported
}
