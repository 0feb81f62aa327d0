package storage

import "assay/scanner"

// caseState is what the trials of a case come to.
type caseState struct {
	n       int
	done    bool
	verdict scanner.Verdict // empty while there is no trial
	counts  scanner.Verdicts
	blocked bool
	decider int // the first trial with that verdict
	reason  string
	by      string
}

// trialState is what a case needs to know of a trial.
type trialState struct {
	n       int
	verdict scanner.Verdict
	blocked bool
	reason  string
	by      string
}

// add counts a trial. In which order trials come makes no difference.
func (c *caseState) add(t trialState) {
	c.counts.Add(t.verdict, 1)
	verdict := c.counts.Verdict()
	if t.verdict == verdict && (c.verdict != verdict || t.n < c.decider) {
		c.decider, c.reason, c.blocked, c.by = t.n, t.reason, t.blocked, t.by
	}
	c.verdict = verdict
}

// of works out a case from all its trials.
func (c *caseState) of(trials []trialState) {
	*c = caseState{n: c.n, done: c.done}
	for _, t := range trials {
		c.add(t)
	}
}

// tallyDelta is what changes in a run's tally.
type tallyDelta struct {
	cases          int // that are there
	done           scanner.Verdicts
	flaky, blocked int
	use            trialUse
}

// trialUse is what trials used up.
type trialUse struct {
	trials                             int
	requests, input, output, estimated int64
	cost                               int64 // billionths of a US dollar
	unpriced, throttled                int64
}

// count adds a case to the tally, or takes it out with n = -1.
func (d *tallyDelta) count(c *caseState, n int) {
	if !c.done {
		return
	}
	d.done.Add(c.verdict, n)
	switch {
	case c.verdict == scanner.Vulnerable && c.counts.Resisted > 0:
		d.flaky += n
	case c.verdict == scanner.Resisted && c.blocked:
		d.blocked += n
	}
}

// add counts what a trial used up, the question to the model judge among it.
func (u *trialUse) add(t *scanner.Trial) {
	u.trials++
	u.requests += int64(t.Requests)
	u.input += t.Input
	u.output += t.Output
	if t.Estimated {
		u.estimated += t.Input + t.Output
	}
	if t.Dollars != nil {
		u.cost += scanner.Nano(*t.Dollars)
	} else {
		u.unpriced += int64(t.Requests)
	}
	u.throttled += int64(t.Throttled)
	if v := t.Vote; v != nil {
		u.input += v.Input
		u.output += v.Output
		if v.Dollars != nil {
			u.cost += scanner.Nano(*v.Dollars)
		}
	}
}

func dollars(nano int64) float64 { return float64(nano) / 1e9 }

const updateRunTally = `UPDATE run_tally SET last = max(last, ?), cases = cases + ?, vulnerable = vulnerable + ?, resisted = resisted + ?,
 unclear = unclear + ?, errored = errored + ?, flaky = flaky + ?, blocked = blocked + ?, trials = trials + ?, requests = requests + ?,
 input = input + ?, output = output + ?, estimated = estimated + ?, cost = cost + ?, unpriced = unpriced + ?, throttled = throttled + ?
 WHERE run = ?`

func (t *tx) addTally(run, now int64, d *tallyDelta) error {
	u := &d.use
	return changedRun(t.changed(updateRunTally, now, d.cases, d.done.Vulnerable, d.done.Resisted, d.done.Unclear, d.done.Errored, d.flaky, d.blocked,
		u.trials, u.requests, u.input, u.output, u.estimated, u.cost, u.unpriced, u.throttled, run))
}
