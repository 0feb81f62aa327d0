package app

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"assay/scanner"
	"assay/scanner/judge"
	"assay/storage"
	"assay/traffic"
)

// TestSummary is what `assay test run --json` ends with: a contract (docs/cli.md).
type TestSummary struct {
	Run        int64    `json:"run"`
	Cases      int      `json:"cases"`
	Vulnerable int      `json:"vulnerable"`
	Resisted   int      `json:"resisted"`
	Unclear    int      `json:"unclear"`
	Errored    int      `json:"errored"`
	Pending    int      `json:"pending"`
	Requests   int64    `json:"requests"`
	Tokens     int64    `json:"tokens"`
	Cost       *float64 `json:"cost"` // dollars; null where the price of a request is not known
	DurationMS float64  `json:"duration_ms"`
	State      string   `json:"state"`
	Why        string   `json:"why,omitempty"`
	Name       string   `json:"name"`
	Flaky      int      `json:"flaky"`
	Blocked    int      `json:"blocked"` // of the resisted: by a guard, before the model spoke
	Skipped    int      `json:"skipped"` // cases that cannot be sent: not tested
	Trials     int      `json:"trials"`
	Throttled  float64  `json:"throttled_ms,omitempty"`
	Created    string   `json:"created"`
	Targets    []string `json:"targets"`
	Starred    bool     `json:"starred,omitempty"`
}

// SummaryOf is a run in a few numbers.
func SummaryOf(r *scanner.Run) TestSummary {
	t := &r.Tally
	s := TestSummary{
		Run: int64(r.ID), Cases: t.Cases, Vulnerable: t.Vulnerable, Resisted: t.Resisted, Unclear: t.Unclear, Errored: t.Errored,
		Pending: t.Pending(), Requests: t.Requests, Tokens: t.Input + t.Output, DurationMS: milliseconds(r.Spent), State: string(r.State), Why: r.Why,
		Name: r.Name, Flaky: t.Flaky, Blocked: t.Blocked, Trials: t.Trials, Throttled: milliseconds(t.Throttled),
		Created: r.Created.UTC().Format(time.RFC3339), Targets: []string{}, Starred: r.Starred,
	}
	if t.Unpriced == 0 && t.Requests > 0 {
		s.Cost = &t.Dollars
	}
	for i := range r.Skipped {
		s.Skipped += r.Skipped[i].Cases
	}
	for i := range r.Targets {
		s.Targets = append(s.Targets, r.Targets[i].Ref)
	}
	return s
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// TestResult is one trial as `assay test show RUN --json` prints it: a contract (docs/cli.md).
type TestResult struct {
	Case        int                `json:"case"`
	Template    string             `json:"template"`
	Mutation    string             `json:"mutation"`
	Target      string             `json:"target"`
	Trial       int                `json:"trial"`
	Verdict     scanner.Verdict    `json:"verdict"`
	Reason      string             `json:"reason"`
	Evidence    []scanner.Evidence `json:"evidence"`
	RequestID   string             `json:"request_id,omitempty"` // of the exchange that was judged; `assay show` takes it
	ResponseID  string             `json:"response_id,omitempty"`
	OWASP       []string           `json:"owasp"`
	Severity    scanner.Severity   `json:"severity"`
	Rate        *float64           `json:"rate,omitempty"`     // of the case: vulnerable among the decided trials
	Interval    *[2]float64        `json:"interval,omitempty"` // that holds the true rate in 95 of 100 cases
	Key         string             `json:"key"`                // the same in every run that sends the same to the same target
	Fingerprint string             `json:"fingerprint,omitempty"`
	By          string             `json:"by"`
	Blocked     bool               `json:"blocked,omitempty"`
	Strategy    string             `json:"strategy,omitempty"`
	Sent        []scanner.Sent     `json:"sent,omitempty"`
	Answer      string             `json:"answer,omitempty"`
	Exchanges   []string           `json:"exchanges,omitempty"`
	Rules       *scanner.Judgement `json:"rules,omitempty"` // what rules said, where a model or a person said otherwise
	TookMS      float64            `json:"took_ms"`
}

// findingOf says which finding a trial shows; empty where it shows none.
func findingOf(c *scanner.Case, t *scanner.Trial) string {
	if t.Judgement.Verdict != scanner.Vulnerable {
		return ""
	}
	return scanner.Fingerprint(c.Template, c.Target, judge.Class(t))
}

func resultOf(ct *storage.CaseTrial) TestResult {
	c, t := &ct.Case, &ct.Trial
	r := TestResult{
		Case: c.N, Template: c.Template, Mutation: c.Mutation, Target: c.Target, Trial: t.N, Verdict: t.Judgement.Verdict, Reason: t.Judgement.Reason,
		Evidence: orNone(t.Judgement.Evidence), OWASP: orNone(c.OWASP), Severity: c.Severity, Key: c.Key, Fingerprint: findingOf(c, t), By: t.Judgement.By,
		Blocked: t.Judgement.Blocked, Strategy: c.Strategy, Sent: t.Sent, Answer: t.Answer, Rules: t.Rules, TookMS: milliseconds(t.Took),
	}
	if n := len(t.Exchanges); n > 0 {
		r.RequestID = t.Exchanges[n-1].String()
		r.ResponseID = r.RequestID
	}
	for _, id := range t.Exchanges {
		r.Exchanges = append(r.Exchanges, id.String())
	}
	if rate := rateOf(c); rate.Known {
		r.Rate, r.Interval = &rate.Value, &[2]float64{rate.Low, rate.High}
	}
	return r
}

// rateOf is how often the trials of a case were vulnerable.
func rateOf(c *scanner.Case) judge.Rate { return judge.Trials(c.Counts).Rate() }

// TestRuns lists the runs of a project, newest first.
func (a *App) TestRuns(ctx context.Context, path string) (rows []TestSummary, err error) {
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	runs, err := p.Runs(ctx)
	if slices.ContainsFunc(runs, func(r *scanner.Run) bool { return r.State == scanner.RunRunning }) && a.noteDead(ctx, p.Path()) {
		runs, err = p.Runs(ctx)
	}
	for _, r := range runs {
		rows = append(rows, SummaryOf(r))
	}
	return rows, err
}

// noteDead notes that runs were interrupted which nobody carries out: opening the project to write does so. It reports
// whether that was possible; it is not while another process writes it.
func (a *App) noteDead(ctx context.Context, path string) bool {
	w, err := a.project(ctx, path, toWrite)
	return err == nil && w.Close() == nil
}

// ShowTest gives a run, and every trial of it in order.
func (a *App) ShowTest(ctx context.Context, path, which string, each func(*TestResult) error) (*scanner.Run, error) {
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	r, err := pickRun(ctx, p, which)
	if err != nil {
		return nil, err
	}
	for ct, err := range p.EachTrial(ctx, r.ID) {
		if err != nil {
			return nil, err
		}
		result := resultOf(&ct)
		if err := each(&result); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// TestCases lists the cases of a run that ended so, the worst first.
func (a *App) TestCases(ctx context.Context, path, which string, verdict scanner.Verdict) (cases []scanner.Case, err error) {
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	r, err := pickRun(ctx, p, which)
	if err != nil {
		return nil, err
	}
	cases, _, err = p.Cases(ctx, r.ID, storage.CaseQuery{Verdicts: []scanner.Verdict{verdict}})
	slices.SortStableFunc(cases, func(x, y scanner.Case) int { return cmp.Compare(severityRank(y.Severity), severityRank(x.Severity)) })
	return cases, err
}

// severities in order, the least first.
var severities = []string{"info", "low", "medium", "high", "critical"}

func severityRank(s scanner.Severity) int { return slices.Index(severities, string(s)) }

// SeverityOf reads a severity; option says where it was written.
func SeverityOf(option, written string) (scanner.Severity, error) {
	if written == "" || slices.Contains(severities, written) {
		return scanner.Severity(written), nil
	}
	return "", usagef(nearOr(written, severities, "the severities are "+list(severities)), "%s does not take %q", option, Harmless(written, 40))
}

// RunIDOf finds a run of the project: a number, latest, or starred.
func (p *Project) RunIDOf(ctx context.Context, which string) (scanner.RunID, error) {
	r, err := pickRun(ctx, p.store, which)
	if err != nil {
		return 0, err
	}
	return r.ID, nil
}

// pickRun finds a run as people name it: its number, latest, or starred.
func pickRun(ctx context.Context, p *storage.Project, which string) (*scanner.Run, error) {
	if n, err := strconv.ParseInt(which, 10, 64); err == nil {
		return findRun(ctx, p, scanner.RunID(n))
	}
	runs, err := p.Runs(ctx)
	if err != nil {
		return nil, err
	}
	words := []string{"latest", "starred"}
	if !slices.Contains(words, which) {
		return nil, usagef(nearOr(which, words, "`assay test ls` lists them; latest and starred are taken too"), "%q is no run", Harmless(which, 60))
	}
	for _, r := range runs {
		if which == "latest" || r.Starred {
			return r, nil
		}
	}
	return nil, &Error{Code: CodeNotFound, Message: "there is no " + which + " run", Hint: "`assay test run` begins one"}
}

// CompareTests compares two runs case by case.
func (a *App) CompareTests(ctx context.Context, path, before, after string) (*TestComparison, error) {
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	var ids [2]scanner.RunID
	for i, which := range []string{before, after} {
		r, err := pickRun(ctx, p, which)
		if err != nil {
			return nil, err
		}
		ids[i] = r.ID
	}
	c, err := compareRuns(ctx, p, ids[0], ids[1])
	if err != nil {
		return nil, err
	}
	out := &TestComparison{Before: int64(ids[0]), After: int64(ids[1]), Counts: map[string]int{}, Cases: []ComparedCase{}}
	for change, n := range c.Counts {
		out.Counts[string(change)] = n
	}
	for i := range c.Cases {
		out.Cases = append(out.Cases, comparedCase(c.Cases[i].Key, string(c.Cases[i].Change), c.Cases[i].Why, c.Cases[i].Before, c.Cases[i].After))
	}
	return out, nil
}

// TestComparison is what `assay test compare A B --json` prints: a contract (docs/cli.md).
type TestComparison struct {
	Before int64          `json:"before"`
	After  int64          `json:"after"`
	Counts map[string]int `json:"counts"` // new, fixed, still, flaky, same, not_comparable
	Cases  []ComparedCase `json:"cases"`
}

// ComparedCase is one case in two runs.
type ComparedCase struct {
	Key      string           `json:"key"`
	Change   string           `json:"change"`
	Why      string           `json:"why,omitempty"`
	Template string           `json:"template"`
	Mutation string           `json:"mutation"`
	Target   string           `json:"target"`
	Severity scanner.Severity `json:"severity"`
	Before   scanner.Verdict  `json:"before,omitempty"` // absent where the run has no such case
	After    scanner.Verdict  `json:"after,omitempty"`
	CaseA    int              `json:"case_before,omitempty"`
	CaseB    int              `json:"case_after,omitempty"`
	Reason   string           `json:"reason,omitempty"` // of the run after
}

func comparedCase(key, change, why string, before, after *scanner.Case) ComparedCase {
	c := ComparedCase{Key: key, Change: change, Why: why}
	for _, side := range []*scanner.Case{before, after} {
		if side != nil {
			c.Template, c.Mutation, c.Target, c.Severity, c.Reason = side.Template, side.Mutation, side.Target, side.Severity, side.Reason
		}
	}
	if before != nil {
		c.Before, c.CaseA = before.Verdict, before.N
	}
	if after != nil {
		c.After, c.CaseB = after.Verdict, after.N
	}
	return c
}

// OverruleTest sets a person's verdict for a trial and all like it; an empty verdict takes it back.
func (a *App) OverruleTest(ctx context.Context, path, which string, n, trial int, verdict scanner.Verdict, reason string) error {
	return a.change(ctx, path, func(p *storage.Project) error {
		r, err := pickRun(ctx, p, which)
		if err != nil {
			return err
		}
		_, err = overrule(ctx, p, r.ID, n, trial, verdict, reason)
		return err
	})
}

// StarTest makes a run the one that others are compared with.
func (a *App) StarTest(ctx context.Context, path, which string, starred bool) error {
	return a.change(ctx, path, func(p *storage.Project) error {
		r, err := pickRun(ctx, p, which)
		if err != nil {
			return err
		}
		return p.StarRun(ctx, r.ID, starred)
	})
}

// RemoveTest forgets a run with its cases and trials.
func (a *App) RemoveTest(ctx context.Context, path, which string) (id int64, err error) {
	err = a.change(ctx, path, func(p *storage.Project) error {
		r, err := pickRun(ctx, p, which)
		if err != nil {
			return err
		}
		id = int64(r.ID)
		return p.RemoveRun(ctx, r.ID)
	})
	return id, err
}

// exchangeText is the id of the last of some exchanges; empty where there are none.
func exchangeText(ids []traffic.ID) string {
	if len(ids) == 0 {
		return ""
	}
	return ids[len(ids)-1].String()
}
