package storage

import (
	"context"
	"errors"
	"iter"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// ErrNoRun says that the project holds no run of that id.
var ErrNoRun = errors.New("this run is not in the project")

// CreateRun keeps a run with all its cases and the files its templates were read from, in one transaction, and returns its
// id, which it also sets in r. Nothing has been sent by then.
func (p *Project) CreateRun(ctx context.Context, r *scanner.Run, cases iter.Seq[scanner.Case], templates map[string][]byte) (scanner.RunID, error) {
	return 0, errors.ErrUnsupported
}

// Runs lists the runs, newest first.
func (p *Project) Runs(ctx context.Context) ([]*scanner.Run, error) {
	return nil, errors.ErrUnsupported
}

// Run returns one run. ErrNoRun where there is none.
func (p *Project) Run(ctx context.Context, id scanner.RunID) (*scanner.Run, error) {
	return nil, errors.ErrUnsupported
}

// RunTemplates returns the files that the templates of a run were read from, by template id.
func (p *Project) RunTemplates(ctx context.Context, id scanner.RunID) (map[string][]byte, error) {
	return nil, errors.ErrUnsupported
}

// SetRunState notes where a run stands. spent is all the time it ran.
func (p *Project) SetRunState(ctx context.Context, id scanner.RunID, state scanner.RunState, why string, spent time.Duration) error {
	return errors.ErrUnsupported
}

// SetRunTargets replaces the targets of a run: their baselines become known when they have been asked.
func (p *Project) SetRunTargets(ctx context.Context, id scanner.RunID, targets []scanner.RunTarget) error {
	return errors.ErrUnsupported
}

// NameRun renames a run; StarRun makes it the one that others are compared with, or no longer.
func (p *Project) NameRun(ctx context.Context, id scanner.RunID, name string) error {
	return errors.ErrUnsupported
}

// StarRun makes a run the one that others are compared with, or no longer. At most one run has a star.
func (p *Project) StarRun(ctx context.Context, id scanner.RunID, starred bool) error {
	return errors.ErrUnsupported
}

// RemoveRun forgets a run with its cases and trials. Its exchanges stay, and so do findings that other runs show.
func (p *Project) RemoveRun(ctx context.Context, id scanner.RunID) error {
	return errors.ErrUnsupported
}

// Pending lists the cases of a run that are not done, in order, with the counts of their trials.
func (p *Project) Pending(ctx context.Context, id scanner.RunID) ([]scanner.Case, error) {
	return nil, errors.ErrUnsupported
}

// Reopen makes the cases pending again that errored, and forgets the errored trials. It returns how many.
func (p *Project) Reopen(ctx context.Context, id scanner.RunID) (int, error) {
	return 0, errors.ErrUnsupported
}

// SaveTrials keeps trials with their exchanges and findings in one transaction, finishes their cases where the record says
// so, and brings the run's tally up to date: a run holds each case once, by the verdict of all its trials. It fills in
// Trial.Exchanges. Values named as secrets are sealed wherever they stand in the exchanges and texts. A trial that is kept
// already changes nothing.
func (p *Project) SaveTrials(ctx context.Context, run scanner.RunID, records []*scanner.TrialRecord) error {
	return errors.ErrUnsupported
}

// SaveExchange keeps one exchange that a test sent outside of any trial: a baseline, a login.
func (p *Project) SaveExchange(ctx context.Context, r *traffic.Record, secrets []string) (traffic.ID, error) {
	return 0, errors.ErrUnsupported
}

// CaseQuery selects cases of a run. Empty fields select everything.
type CaseQuery struct {
	Verdicts  []scanner.Verdict // pending cases have none: asked for with the empty verdict
	Templates []string
	Mutations []string
	Targets   []string
	Text      string // within template, mutation or reason
	Sort      string // n (usual), severity, verdict, template, mutation, target; "-" before it turns it round
	Offset    int    // into the sorted list
	Limit     int    // 0 for all
}

// Cases lists cases of a run, and how many there are without Offset and Limit.
func (p *Project) Cases(ctx context.Context, id scanner.RunID, q CaseQuery) (cases []scanner.Case, total int, err error) {
	return nil, 0, errors.ErrUnsupported
}

// CaseCounts are the cases of a run by two words of theirs and verdict: for the heat map of template and mutation.
type CaseCounts struct {
	Row, Column string
	Verdicts    scanner.Verdicts
	Pending     int
}

// CountCases counts the cases of a run by two of template, mutation, target, severity.
func (p *Project) CountCases(ctx context.Context, id scanner.RunID, row, column string) ([]CaseCounts, error) {
	return nil, errors.ErrUnsupported
}

// Case returns one case.
func (p *Project) Case(ctx context.Context, id scanner.RunID, n int) (scanner.Case, error) {
	return scanner.Case{}, errors.ErrUnsupported
}

// Trials lists the trials of a case, in order.
func (p *Project) Trials(ctx context.Context, id scanner.RunID, n int) ([]scanner.Trial, error) {
	return nil, errors.ErrUnsupported
}

// EachTrial gives every trial of a run with its case, in order, without holding them all.
func (p *Project) EachTrial(ctx context.Context, id scanner.RunID) iter.Seq2[CaseTrial, error] {
	return func(yield func(CaseTrial, error) bool) {}
}

// CaseTrial is one trial with its case.
type CaseTrial struct {
	Case  scanner.Case
	Trial scanner.Trial
}

// SetOverrule keeps what a person said against a verdict, and applies it to every trial with that fingerprint, to their
// cases, runs and findings. RemoveOverrule takes it back.
func (p *Project) SetOverrule(ctx context.Context, o scanner.Overrule) error {
	return errors.ErrUnsupported
}

// RemoveOverrule takes back what a person said: the verdict of rules or judge counts again.
func (p *Project) RemoveOverrule(ctx context.Context, print string) error {
	return errors.ErrUnsupported
}

// Overrules are what persons said against verdicts, by Trial.Print.
func (p *Project) Overrules(ctx context.Context) (map[string]scanner.Overrule, error) {
	return nil, errors.ErrUnsupported
}
