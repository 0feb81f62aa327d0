// Package engine plans tests and carries them out: every case is kept before the first request, each is finished once,
// whatever stops the program in between, and nothing is counted that did not happen.
package engine

import (
	"context"
	"errors"
	"time"

	"assay/scanner"
	"assay/scanner/callback"
	"assay/scanner/craft"
	"assay/scanner/judge"
	"assay/scanner/strategy"
	"assay/scanner/target"
	"assay/scanner/template"
)

// Store is what the engine needs of a project.
type Store interface {
	// SaveTrials keeps trials with their exchanges and findings in one transaction, finishes their cases where the record
	// says so, and brings the run's tally up to date. It fills in Trial.Exchanges.
	SaveTrials(ctx context.Context, run scanner.RunID, records []*scanner.TrialRecord) error
	// SetRunState notes where a run stands. spent is all the time it ran.
	SetRunState(ctx context.Context, run scanner.RunID, state scanner.RunState, why string, spent time.Duration) error
	// Pending lists the cases of a run that are not done, in order, with the counts of their trials.
	Pending(ctx context.Context, run scanner.RunID) ([]scanner.Case, error)
	// Overrules are what persons said against verdicts, by Trial.Print.
	Overrules(ctx context.Context) (map[string]scanner.Overrule, error)
}

// Victim is one target of a run with everything needed to attack it.
type Victim struct {
	Subject  *craft.Subject
	Target   *target.Target
	Baseline *judge.Baseline // nil while none is known
	Guard    *judge.Guard    // nil where nothing is known of one
	Identity *target.Identity
	Other    *target.Identity // second role
}

// Plan is what would be sent.
type Plan struct {
	Cases    []scanner.Case
	Skipped  []scanner.Skipped
	Choices  []template.Choice
	Estimate scanner.Estimate
}

// NewPlan works out the cases of a run: breadth first, so that a budget that ends it early has let it try much. facts
// tells what the run has beside its targets: oob, role.
func NewPlan(lib *template.Library, victims []*Victim, spec *scanner.RunSpec, facts []string) (*Plan, error) {
	return nil, errors.ErrUnsupported
}

// Options of an execution.
type Options struct {
	Run      *scanner.Run
	Library  *template.Library // made of the run's own templates
	Victims  []*Victim
	Store    Store
	Callback *callback.Listener // nil for none
	Judge    judge.Asker        // nil for none
	Attacker strategy.Asker     // nil for none
	Changed  func(Progress)     // told at most 10 times a second, never while it is told
}

// Progress is how far a run is.
type Progress struct {
	Run     scanner.RunID
	State   scanner.RunState
	Why     string
	Tally   scanner.RunTally
	Spent   time.Duration
	Left    scanner.Range // seconds, likely
	Waiting string        // what it waits for now: "staging.acme.com asked for 12 s"; empty where it does not
}

// Execution is a run while it runs.
type Execution struct{}

// Start carries out what is pending of a run, in the background. Cancelling ctx interrupts it: what was answered is kept.
func Start(ctx context.Context, o Options) (*Execution, error) { return nil, errors.ErrUnsupported }

// Pause lets requests that were sent be answered, and sends no more.
func (e *Execution) Pause(why string) {}

// Progress is how far it is.
func (e *Execution) Progress() Progress { return Progress{} }

// Wait returns when it is done, paused or stopped, and everything is kept.
func (e *Execution) Wait() (scanner.RunState, error) { return "", errors.ErrUnsupported }
