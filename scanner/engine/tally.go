package engine

import (
	"context"

	"assay/scanner"
	"assay/scanner/judge"
)

// save keeps trials and counts them.
func (e *Execution) save(ctx context.Context, records []*scanner.TrialRecord) error {
	// What was answered is kept, also when the program is about to end.
	if err := e.o.Store.SaveTrials(context.WithoutCancel(ctx), e.o.Run.ID, records); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, r := range records {
		e.count(r)
	}
	return nil
}

// count brings the tally up to date as the project does.
func (e *Execution) count(r *scanner.TrialRecord) {
	t := &r.Trial
	e.tally.Trials++
	e.tally.Requests += int64(t.Requests)
	e.tally.Input += t.Input
	e.tally.Output += t.Output
	if t.Estimated {
		e.tally.Estimated += t.Input + t.Output
	}
	if t.Dollars != nil {
		e.nano += scanner.Nano(*t.Dollars)
	} else {
		e.tally.Unpriced += int64(t.Requests)
	}
	e.tally.Throttled += t.Throttled
	if v := t.Vote; v != nil {
		e.tally.Input += v.Input
		e.tally.Output += v.Output
		if v.Dollars != nil {
			e.nano += scanner.Nano(*v.Dollars)
		}
	}
	e.tally.Dollars = float64(e.nano) / 1e9
	c := e.counts[t.Case]
	if !r.Done || c == nil {
		return
	}
	delete(e.counts, t.Case)
	e.finished++
	trials := judge.Trials(c.Counts)
	switch trials.Verdict() {
	case scanner.Vulnerable:
		e.tally.Vulnerable++
		if trials.Flaky() {
			e.tally.Flaky++
		}
	case scanner.Resisted:
		e.tally.Resisted++
		if c.Blocked {
			e.tally.Blocked++
		}
	case scanner.Unclear:
		e.tally.Unclear++
	case scanner.Errored:
		e.tally.Errored++
	}
}

// note adds a trial to what a case came to, and reports whether the case needs another.
func (e *Execution) note(c *scanner.Case, j *scanner.Judgement) (done bool) {
	trials := judge.Trials(c.Counts)
	if j.Verdict == scanner.Resisted && trials.Resisted == 0 {
		c.Blocked = j.Blocked // the first one of the case's verdict tells
	}
	trials.Add(j.Verdict)
	c.Counts = scanner.Verdicts(trials)
	e.mu.Lock()
	e.counts[c.N] = c
	e.mu.Unlock()
	return caseDone(trials, max(c.Trials, 1), e.spec.Limit)
}

// caseDone reports whether a case needs no further trial. Errors do not count as tries, and there may be as many of them
// as tries.
func caseDone(t judge.Trials, most int, limit float64) bool {
	if t.Errored >= most {
		return true
	}
	t.Errored = 0
	stop, _ := judge.Stopping{Limit: limit, Most: most}.Stop(t)
	return stop
}
