package window

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"assay/app"
	"assay/scanner"
)

// ruled remembers the rules of the open project for a moment: reading a hundred of them anew with each pulse would cost more
// than everything else.
type ruled struct {
	mu       sync.Mutex
	of       *app.Project
	at       time.Time
	rows     []app.RuleRow
	problems []error
}

// ruledFor is for how long rules are remembered that another program may change.
const ruledFor = 2 * time.Second

// read gives the rules of a project. They are not to be changed.
func (r *ruled) read(ctx context.Context, project *app.Project) ([]app.RuleRow, []error, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.of == project && time.Since(r.at) < ruledFor {
		return r.rows, r.problems, nil
	}
	rows, problems, err := project.RuleRows(ctx)
	if err == nil {
		r.of, r.at, r.rows, r.problems = project, time.Now(), rows, problems
	}
	return rows, problems, err
}

// forget makes the next one who asks read them anew.
func (r *ruled) forget() {
	r.mu.Lock()
	r.of, r.rows = nil, nil
	r.mu.Unlock()
}

// Rules lists all rules as this project sets them, how often each spoke, and what a person called harmless.
func (t *Threats) Rules(_ Nothing) (out ThreatRulesOut, err error) {
	defer t.desk.guard(&err)
	out = ThreatRulesOut{Rules: []ThreatRule{}, Problems: []string{}, Exceptions: []ThreatException{}}
	project, err := t.desk.opened()
	if err != nil {
		return out, err
	}
	ctx := t.desk.life()
	rows, problems, err := t.desk.ruled.read(ctx, project)
	if err != nil {
		return out, err
	}
	spoke, err := project.Store().RulesSpoke(ctx)
	if err != nil {
		return out, err
	}
	names := map[string]string{}
	for i := range rows {
		row := threatRule(&rows[i])
		of := spoke[row.ID]
		row.Threats, row.Moments, row.Last = of.Threats, of.Moments, stamp(of.Last)
		names[row.ID] = row.Name
		out.Rules = append(out.Rules, row)
	}
	slices.SortStableFunc(out.Rules, func(a, b ThreatRule) int {
		return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	for _, problem := range problems {
		out.Problems = append(out.Problems, clip(valid(problem.Error()), longName))
	}
	exceptions, err := project.Store().Exceptions(ctx)
	for i := range exceptions {
		out.Exceptions = append(out.Exceptions, threatException(&exceptions[i], names))
	}
	return out, err
}

func threatRule(r *app.RuleRow) ThreatRule {
	return ThreatRule{
		ID: clip(valid(r.ID), longName), Name: clip(valid(r.Name), longName), Meaning: clip(valid(r.Meaning), longText), Advice: clip(valid(r.Advice), longText),
		Severity: r.Severity, Shipped: cmp.Or(r.Shipped, r.Severity), On: r.On, Threshold: finite(r.Threshold), Usually: finite(cmp.Or(r.Usually, r.Threshold)),
		Of: r.Of, When: clip(valid(r.When), longText), Where: clip(valid(r.Where), longText), Window: clip(valid(r.Window), longName), Cooldown: r.Cooldown,
		Single: r.Single, Samples: r.Samples, Own: r.Source == "own", File: clip(valid(r.File), longName), Tags: namesOf(r.Tags), OWASP: namesOf(r.OWASP),
		Framework: frameworkWords(r.OWASP, r.ASI, r.ATLAS),
	}
}

func threatException(e *scanner.Exception, names map[string]string) ThreatException {
	return ThreatException{
		ID: idText(e.ID), Rule: clip(valid(e.Rule), longName), Name: names[e.Rule], Actor: valid(string(e.Actor)), Where: clip(valid(e.Where), longText),
		Words: clip(valid(explained(e.Where)), longText), Reason: clip(valid(e.Reason), longText), Added: stamp(e.Added),
	}
}

// SetRule changes how this project sets a rule, from the next exchange on, and tells how it was set.
func (t *Threats) SetRule(in SetThreatRuleIn) (out SetThreatRuleIn, err error) {
	defer t.desk.guard(&err)
	project, err := t.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	ctx := t.desk.life()
	rows, _, err := t.desk.ruled.read(ctx, project)
	if err != nil {
		return out, err
	}
	out.ID = in.ID
	for i := range rows {
		if r := &rows[i]; r.ID == in.ID {
			out.On = r.On
			if r.Usually != 0 {
				out.Threshold = r.Threshold
			}
			if r.Shipped != "" {
				out.Severity = r.Severity
			}
		}
	}
	change := app.RuleChange{On: &in.On, Threshold: &in.Threshold, Severity: cmp.Or(in.Severity, "default")}
	err = project.SetRule(ctx, in.ID, change)
	t.desk.ruled.forget()
	if err != nil {
		return out, err
	}
	t.desk.pulse.watched()
	return out, nil
}

// RemoveException makes a rule speak again of what a person called harmless, and returns what AddException brings back.
func (t *Threats) RemoveException(in ExceptionIn) (out AddExceptionIn, err error) {
	defer t.desk.guard(&err)
	project, err := t.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	id, err := numberOf(in.ID, "an exception")
	if err != nil {
		return out, err
	}
	all, err := project.Store().Exceptions(t.desk.life())
	if err != nil {
		return out, err
	}
	for i := range all {
		if all[i].ID == id {
			out.Exception = threatException(&all[i], nil)
		}
	}
	if err := project.RemoveException(t.desk.life(), id); err != nil {
		return out, watchError(err)
	}
	t.desk.pulse.watched()
	return out, nil
}

// AddException brings back an exception that was removed.
func (t *Threats) AddException(in AddExceptionIn) (out ExceptionIn, err error) {
	defer t.desk.guard(&err)
	project, err := t.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	e := in.Exception
	added, _ := time.Parse(time.RFC3339, e.Added) // now, where it cannot be read
	id, err := project.AddException(t.desk.life(), scanner.Exception{
		Rule: e.Rule, Actor: scanner.ActorKey(e.Actor), Where: e.Where, Reason: e.Reason, Added: added,
	})
	if err != nil {
		return out, err
	}
	out.ID = idText(id)
	t.desk.pulse.watched()
	return out, nil
}

// Rewatch looks at everything in the project anew with today's rules.
func (t *Threats) Rewatch(_ Nothing) (out Job, err error) {
	defer t.desk.guard(&err)
	project, err := t.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	return t.rewatch(project, func(ctx context.Context, report func(done, all int64)) error {
		return project.Rewatch(ctx, report)
	}), nil
}

// rewatch is a job that watches everything anew.
func (t *Threats) rewatch(project *app.Project, work func(ctx context.Context, report func(done, all int64)) error) Job {
	return t.desk.job("rewatch", "", func(ctx context.Context, report func(done, all int64)) (string, error) {
		defer t.desk.pulse.watched()
		if err := work(ctx, report); err != nil {
			return "", err
		}
		counts, err := project.Store().CountThreats(ctx)
		out := ThreatsSummary{}
		out.count(counts)
		if out.Total == 1 {
			return "one threat", err
		}
		return strconv.Itoa(out.Total) + " threats", err
	})
}
