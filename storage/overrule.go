package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

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
	if !isVerdict(o.Verdict) {
		return fmt.Errorf("%q is no verdict", o.Verdict)
	}
	if o.Print == "" {
		return errors.New("nothing says which trials are overruled")
	}
	return p.updateWoken(ctx, func(t *tx) error {
		err := t.run(`INSERT INTO overrule (print, verdict, reason, at) VALUES (?, ?, ?, ?)
			ON CONFLICT (print) DO UPDATE SET verdict = excluded.verdict, reason = excluded.reason, at = excluded.at`,
			o.Print, string(o.Verdict), o.Reason, unixMicro(o.At))
		if err != nil {
			return err
		}
		if err := t.run("UPDATE trial SET verdict = ? WHERE print = ?", string(o.Verdict), o.Print); err != nil {
			return err
		}
		if err := t.judgeAnew(o.Print); err != nil {
			return err
		}
		if o.Verdict == scanner.Vulnerable {
			if err := t.findByPerson(&o); err != nil {
				return err
			}
		}
		return t.settleLike(o.Print, o.Reason)
	})
}

// RemoveOverrule takes back what a person said: the verdict of rules or judge counts again.
func (p *Project) RemoveOverrule(ctx context.Context, print string) error {
	return p.updateWoken(ctx, func(t *tx) error {
		if err := t.run("DELETE FROM overrule WHERE print = ?", print); err != nil {
			return err
		}
		if err := t.run("UPDATE trial SET verdict = ruled WHERE print = ?", print); err != nil {
			return err
		}
		if err := t.judgeAnew(print); err != nil {
			return err
		}
		return t.settleLike(print, "")
	})
}

func isVerdict(v scanner.Verdict) bool {
	switch v {
	case scanner.Vulnerable, scanner.Resisted, scanner.Unclear, scanner.Errored:
		return true
	}
	return false
}

// trialKey names a trial within a project.
type trialKey struct {
	run int64
	n   int // of the case
	no  int
}

// judgeAnew works out the cases anew that have trials with a fingerprint, and the tallies of their runs.
func (t *tx) judgeAnew(print string) error {
	var cases []trialKey
	err := t.each("SELECT DISTINCT run, n FROM trial WHERE print = ? ORDER BY run, n", []any{print}, func(scan func(...any) error) error {
		var k trialKey
		err := scan(&k.run, &k.n)
		cases = append(cases, k)
		return err
	})
	if err != nil {
		return err
	}
	deltas := map[int64]*tallyDelta{}
	for _, k := range cases {
		c, err := t.caseState(k.run, k.n)
		if err != nil {
			return err
		}
		d := deltas[k.run]
		if d == nil {
			d = &tallyDelta{}
			deltas[k.run] = d
		}
		d.count(c, -1)
		trials, err := t.trialStates(k.run, k.n)
		if err != nil {
			return err
		}
		c.of(trials)
		d.count(c, 1)
		if err := t.saveCase(k.run, c); err != nil {
			return err
		}
	}
	for run, d := range deltas {
		if err := t.addTally(run, 0, d); err != nil {
			return err
		}
	}
	return nil
}

// trialStates are the trials of a case, as its verdict needs them.
func (t *tx) trialStates(run int64, n int) (trials []trialState, err error) {
	err = t.each(selectTrial+" WHERE t.run = ? AND t.n = ? ORDER BY t.trial", []any{run, n}, func(scan func(...any) error) error {
		trial, err := scanTrial(scan)
		trials = append(trials, stateOf(&trial, nil))
		return err
	})
	return trials, err
}

// settleLike brings the findings up to date that trials with a fingerprint show.
func (t *tx) settleLike(print, why string) error {
	ids, err := t.ids(`SELECT DISTINCT f.finding FROM trial t JOIN finding_trial f ON f.run = t.run AND f.n = t.n AND f.trial = t.trial
		WHERE t.print = ? ORDER BY 1`, print)
	for _, id := range ids {
		if err := t.settleFinding(id, why); err != nil {
			return err
		}
	}
	return err
}

// ids are the numbers that a query gives.
func (t *tx) ids(query string, args ...any) (ids []int64, err error) {
	err = t.each(query, args, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}
