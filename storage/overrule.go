package storage

import (
	"context"
	"database/sql"
	"errors"

	"assay/scanner"
)

// byPerson is Judgement.By of what a person said.
const byPerson = "person"

func (t *tx) overrule(print string) (*scanner.Overrule, error) {
	o := &scanner.Overrule{Print: print}
	var verdict string
	var at int64
	err := t.get("SELECT verdict, reason, at FROM overrule WHERE print = ?", []any{print}, &verdict, &o.Reason, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	o.Verdict, o.At = scanner.Verdict(verdict), timeOf(at)
	return o, err
}

// overruled puts what a person said into a trial, and what rules or judge said where rules stand.
func overruled(t *scanner.Trial, verdict scanner.Verdict, reason string) {
	if t.Rules == nil {
		rules := t.Judgement
		t.Rules = &rules
	}
	t.Judgement.Verdict, t.Judgement.Reason, t.Judgement.By = verdict, reason, byPerson
	t.Judgement.Confidence, t.Judgement.Blocked = 1, false
}

// stateOf is what a case needs to know of a trial.
func stateOf(t *scanner.Trial, over *scanner.Overrule) trialState {
	if over != nil {
		return trialState{t.N, over.Verdict, false, over.Reason, byPerson}
	}
	j := &t.Judgement
	return trialState{t.N, j.Verdict, j.Blocked, j.Reason, j.By}
}

// Overrules are what persons said against verdicts, by Trial.Print.
func (p *Project) Overrules(ctx context.Context) (map[string]scanner.Overrule, error) {
	if known, err := p.knowsTests(ctx); err != nil || !known {
		return nil, err
	}
	all := map[string]scanner.Overrule{}
	err := p.each(ctx, "SELECT print, verdict, reason, at FROM overrule", nil, func(scan func(...any) error) error {
		var o scanner.Overrule
		var verdict string
		var at int64
		err := scan(&o.Print, &verdict, &o.Reason, &at)
		o.Verdict, o.At = scanner.Verdict(verdict), timeOf(at)
		all[o.Print] = o
		return err
	})
	return all, err
}

// SetOverrule keeps what a person said against a verdict, and applies it to every trial with that fingerprint, to their
// cases, runs and findings.
func (p *Project) SetOverrule(ctx context.Context, o scanner.Overrule) error {
	return errors.ErrUnsupported
}

// RemoveOverrule takes back what a person said: the verdict of rules or judge counts again.
func (p *Project) RemoveOverrule(ctx context.Context, print string) error {
	return errors.ErrUnsupported
}

// Reopen makes the cases pending again that errored, and forgets the errored trials. It returns how many.
func (p *Project) Reopen(ctx context.Context, id scanner.RunID) (int, error) {
	return 0, errors.ErrUnsupported
}

// RemoveRun forgets a run with its cases and trials. Its exchanges stay, and so do findings that other runs show.
func (p *Project) RemoveRun(ctx context.Context, id scanner.RunID) error {
	return errors.ErrUnsupported
}

