package storage

import (
	"context"
	"database/sql"
	"errors"

	"assay/scanner"
)

// Reopen makes the cases pending again that errored, and forgets the errored trials. It returns how many. What those
// trials used up stays in the tally, and a run that was done is paused.
func (p *Project) Reopen(ctx context.Context, id scanner.RunID) (reopened int, err error) {
	err = p.updateWoken(ctx, func(t *tx) error {
		const errored = "run = ?1 AND done = 1 AND verdict = 'errored'"
		var d tallyDelta
		trials, err := t.forgetTrials("run = ?1 AND n IN (SELECT n FROM run_case WHERE "+errored+")", int64(id))
		if err != nil {
			return err
		}
		reopened, err = t.changed("UPDATE run_case SET done = 0, verdict = '', errored = 0, blocked = 0, decider = 0, reason = '', decided = '' WHERE "+errored, int64(id))
		if err != nil {
			return err
		}
		d.done.Errored, d.use.trials = -reopened, -trials
		if err := t.addTally(int64(id), 0, &d); err != nil || reopened == 0 {
			return err
		}
		return t.run("UPDATE run SET state = ?, why = ? WHERE id = ? AND state = ?", string(scanner.RunPaused), "what errored waits to be sent again", int64(id), string(scanner.RunDone))
	})
	return reopened, err
}

// RemoveRun forgets a run with its cases and trials. Its exchanges stay, and so do findings that other runs show.
func (p *Project) RemoveRun(ctx context.Context, id scanner.RunID) error {
	return p.updateWoken(ctx, func(t *tx) error {
		if _, err := t.forgetTrials("run = ?1", int64(id)); err != nil {
			return err
		}
		return changedRun(t.changed("DELETE FROM run WHERE id = ?", int64(id))) // its cases and tally go with it
	})
}

// forgetTrials forgets trials and brings up to date the findings they show. It returns how many there were.
func (t *tx) forgetTrials(where string, run int64) (int, error) {
	findings, err := t.ids("SELECT DISTINCT finding FROM finding_trial WHERE "+where+" ORDER BY 1", run)
	if err != nil {
		return 0, err
	}
	if err := t.run("DELETE FROM finding_trial WHERE "+where, run); err != nil {
		return 0, err
	}
	n, err := t.changed("DELETE FROM trial WHERE "+where, run)
	for _, finding := range findings {
		if err == nil {
			err = t.recountFinding(finding)
		}
	}
	return n, err
}

// recountFinding brings a finding up to date that lost trials. One that no trial shows any more goes.
func (t *tx) recountFinding(id int64) error {
	var latest trialKey
	err := t.get("SELECT run, n, trial FROM finding_trial WHERE finding = ? ORDER BY run DESC, n DESC, trial DESC LIMIT 1", []any{id}, &latest.run, &latest.n, &latest.no)
	if errors.Is(err, sql.ErrNoRows) {
		return t.run("DELETE FROM finding WHERE id = ?", id)
	}
	if err != nil {
		return err
	}
	var definition []byte
	if err := t.get("SELECT definition FROM trial WHERE run = ? AND n = ? AND trial = ?", []any{latest.run, latest.n, latest.no}, &definition); err != nil {
		return err
	}
	trial, err := unpackTrial(definition)
	if err != nil {
		return err
	}
	err = t.run("UPDATE finding SET count = (SELECT count(*) FROM finding_trial WHERE finding = ?1), run = ?2, n = ?3, trial = ?4, reason = ?5 WHERE id = ?1",
		id, latest.run, latest.n, latest.no, trial.Judgement.Reason)
	if err != nil {
		return err
	}
	return t.settleFinding(id, "")
}
