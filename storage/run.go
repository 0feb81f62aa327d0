package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"assay/scanner"
)

// ErrNoRun says that the project holds no run of that id.
var ErrNoRun = errors.New("this run is not in the project")

// runDefinition is what is kept of a run beside the columns: what was asked for, and what that was sent to.
type runDefinition struct {
	Spec     scanner.RunSpec     `json:"spec"`
	Targets  []scanner.RunTarget `json:"targets"`
	Skipped  []scanner.Skipped   `json:"skipped"`
	Estimate scanner.Estimate    `json:"estimate"`
}

// CreateRun keeps a run with all its cases and the files its templates were read from, in one transaction, and returns its
// id, which it also sets in r. Nothing has been sent by then.
func (p *Project) CreateRun(ctx context.Context, r *scanner.Run, cases iter.Seq[scanner.Case], templates map[string][]byte) (scanner.RunID, error) {
	definition, err := json.Marshal(runDefinition{p.seal.spec(r.Spec), r.Targets, r.Skipped, r.Estimate})
	if err != nil {
		return 0, err
	}
	var id int64
	n := 0
	err = p.update(ctx, func(t *tx) error {
		err := t.get("INSERT INTO run (name, state, why, created, since, definition) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
			[]any{r.Name, string(r.State), r.Why, unixMicro(r.Created), sinceOf(r.State, r.Created), definition}, &id)
		if err != nil {
			return err
		}
		for name, source := range templates {
			if err := t.run("INSERT INTO run_template (run, id, source) VALUES (?, ?, ?)", id, name, notNil(source)); err != nil {
				return err
			}
		}
		n = 0
		for c := range cases {
			n++
			if err := t.insertCase(id, &c); err != nil {
				return err
			}
		}
		return t.run("INSERT INTO run_tally (run, last, cases) VALUES (?, ?, ?)", id, unixMicro(r.Created), n)
	})
	if err != nil {
		return 0, err
	}
	r.ID = scanner.RunID(id)
	r.Tally = scanner.RunTally{Cases: n}
	p.feeds.wake()
	return r.ID, nil
}

// sinceOf is since when a run of that state runs; 0 where it does not.
func sinceOf(state scanner.RunState, now time.Time) int64 {
	if state == scanner.RunRunning {
		return unixMicro(now)
	}
	return 0
}

const selectRun = `SELECT r.id, r.name, r.state, r.why, r.created, r.ended, r.since, r.spent, r.starred, r.definition,
 t.last, t.cases, t.vulnerable, t.resisted, t.unclear, t.errored, t.flaky, t.blocked, t.trials, t.requests, t.input, t.output,
 t.estimated, t.cost, t.unpriced, t.throttled FROM run r JOIN run_tally t ON t.run = r.id`

// Runs lists the runs, newest first.
func (p *Project) Runs(ctx context.Context) ([]*scanner.Run, error) {
	if known, err := p.knowsTests(ctx); err != nil || !known {
		return nil, err
	}
	return eachOf(ctx, p.readers, selectRun+" ORDER BY r.id DESC", nil, scanRun)
}

// Run returns one run. ErrNoRun where there is none.
func (p *Project) Run(ctx context.Context, id scanner.RunID) (*scanner.Run, error) {
	if known, err := p.knowsTests(ctx); err != nil || !known {
		return nil, errors.Join(err, ErrNoRun)
	}
	r, err := scanRun(p.readers.QueryRowContext(ctx, selectRun+" WHERE r.id = ?", int64(id)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoRun
	}
	return r, err
}

// knowsTests reports whether the file has the tables of tests: one that an older program made and that is only read has
// not.
func (p *Project) knowsTests(ctx context.Context) (known bool, err error) {
	if !p.readOnly {
		return true, nil
	}
	err = p.readers.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'run_tally'").Scan(&known)
	return known, err
}

func scanRun(scan func(...any) error) (*scanner.Run, error) {
	r := &scanner.Run{}
	var id, created, ended, since, spent, last, cost, throttled int64
	var state string
	var definition []byte
	t := &r.Tally
	err := scan(&id, &r.Name, &state, &r.Why, &created, &ended, &since, &spent, &r.Starred, &definition,
		&last, &t.Cases, &t.Vulnerable, &t.Resisted, &t.Unclear, &t.Errored, &t.Flaky, &t.Blocked, &t.Trials, &t.Requests, &t.Input, &t.Output,
		&t.Estimated, &cost, &t.Unpriced, &throttled)
	if err != nil {
		return nil, err
	}
	r.ID, r.State = scanner.RunID(id), scanner.RunState(state)
	r.Created, r.Ended = timeOf(created), timeOf(ended)
	if err := decodeRun(definition, r); err != nil {
		return nil, err
	}
	if r.State == scanner.RunRunning {
		spent += max(last-since, 0)
	}
	r.Spent = time.Duration(spent) * time.Microsecond
	t.Dollars, t.Throttled = dollars(cost), time.Duration(throttled)
	return r, nil
}

func decodeRun(definition []byte, r *scanner.Run) error {
	var d runDefinition
	if err := json.Unmarshal(definition, &d); err != nil {
		return fmt.Errorf("the run %d: %w: %w", r.ID, errCodec, err)
	}
	r.Spec, r.Targets, r.Skipped, r.Estimate = d.Spec, d.Targets, d.Skipped, d.Estimate
	return nil
}

// timeOf is the moment of a column; the zero time for 0.
func timeOf(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

// RunTemplates returns the files that the templates of a run were read from, by template id.
func (p *Project) RunTemplates(ctx context.Context, id scanner.RunID) (map[string][]byte, error) {
	if known, err := p.knowsTests(ctx); err != nil || !known {
		return nil, err
	}
	templates := map[string][]byte{}
	err := p.each(ctx, "SELECT id, source FROM run_template WHERE run = ?", []any{int64(id)}, func(scan func(...any) error) error {
		var name string
		var source []byte
		err := scan(&name, &source)
		templates[name] = source
		return err
	})
	return templates, err
}

// SetRunState notes where a run stands. spent is all the time it ran.
func (p *Project) SetRunState(ctx context.Context, id scanner.RunID, state scanner.RunState, why string, spent time.Duration) error {
	now := time.Now()
	return p.changeRun(ctx, id, "UPDATE run SET state = ?, why = ?, spent = ?, since = ?, ended = CASE WHEN ?1 = 'running' THEN ended ELSE ? END WHERE id = ?",
		string(state), why, spent.Microseconds(), sinceOf(state, now), unixMicro(now))
}

// SetRunTargets replaces the targets of a run: their baselines become known when they have been asked.
func (p *Project) SetRunTargets(ctx context.Context, id scanner.RunID, targets []scanner.RunTarget) error {
	return p.updateWoken(ctx, func(t *tx) error {
		var definition []byte
		err := t.get("SELECT definition FROM run WHERE id = ?", []any{int64(id)}, &definition)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNoRun
		}
		if err != nil {
			return err
		}
		var d runDefinition
		if err := json.Unmarshal(definition, &d); err != nil {
			return fmt.Errorf("the run %d: %w: %w", id, errCodec, err)
		}
		d.Targets = targets
		if definition, err = json.Marshal(d); err != nil {
			return err
		}
		return t.run("UPDATE run SET definition = ? WHERE id = ?", definition, int64(id))
	})
}

// NameRun renames a run.
func (p *Project) NameRun(ctx context.Context, id scanner.RunID, name string) error {
	return p.changeRun(ctx, id, "UPDATE run SET name = ? WHERE id = ?", name)
}

// StarRun makes a run the one that others are compared with, or no longer. At most one run has a star.
func (p *Project) StarRun(ctx context.Context, id scanner.RunID, starred bool) error {
	return p.updateWoken(ctx, func(t *tx) error {
		if starred {
			if err := t.run("UPDATE run SET starred = 0 WHERE starred = 1"); err != nil {
				return err
			}
		}
		return changedRun(t.changed("UPDATE run SET starred = ? WHERE id = ?", number(starred), int64(id)))
	})
}

// changeRun changes the run whose id is the query's last argument.
func (p *Project) changeRun(ctx context.Context, id scanner.RunID, query string, args ...any) error {
	return p.updateWoken(ctx, func(t *tx) error { return changedRun(t.changed(query, append(args, int64(id))...)) })
}

// updateWoken is update for what is no exchange: feeds are told that there is something new.
func (p *Project) updateWoken(ctx context.Context, f func(*tx) error) error {
	err := p.update(ctx, f)
	if err == nil {
		p.feeds.wake()
	}
	return err
}

func changedRun(n int, err error) error {
	if err == nil && n == 0 {
		err = ErrNoRun
	}
	return err
}

// interruptRuns ends runs that nobody is carrying out any more: the project was just opened for writing.
func (p *Project) interruptRuns(ctx context.Context) error {
	return p.update(ctx, func(t *tx) error {
		return t.run(`UPDATE run SET state = ?, why = ?, since = 0,
			ended = max(since, (SELECT last FROM run_tally WHERE run = run.id)),
			spent = spent + max((SELECT last FROM run_tally WHERE run = run.id) - since, 0) WHERE state = ?`,
			string(scanner.RunInterrupted), "Assay ended while it ran", string(scanner.RunRunning))
	})
}
