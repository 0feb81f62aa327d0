// Package engine plans tests and carries them out: every case is kept before the first request, each is finished once,
// whatever stops the program in between, and nothing is counted that did not happen.
package engine

import (
	"context"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/callback"
	"assay/scanner/craft"
	"assay/scanner/judge"
	"assay/scanner/strategy"
	"assay/scanner/target"
	"assay/scanner/template"
	"assay/traffic"
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
	// SaveExchange keeps one exchange that belongs to no trial: a baseline.
	SaveExchange(ctx context.Context, r *traffic.Record, secrets []string) (traffic.ID, error)
	// SetRunTargets replaces the targets of a run, when their baselines have become known.
	SetRunTargets(ctx context.Context, run scanner.RunID, targets []scanner.RunTarget) error
	// Understand reads an exchange that is kept, and what it meant: a baseline of an earlier start.
	Understand(ctx context.Context, id traffic.ID) (*traffic.Exchange, *llm.Conversation, error)
	// ReadBody reads at most limit bytes of a body.
	ReadBody(ctx context.Context, id traffic.ID, side traffic.Side, limit int64) (data []byte, more bool, err error)
}

// Victim is one target of a run with everything needed to attack it.
type Victim struct {
	Subject  *craft.Subject
	Target   *target.Target
	Baseline *judge.Baseline // nil while none is known: then the run asks for one before its first case
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
