package app

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"assay/report"
	"assay/scanner"
	"assay/scanner/requirement"
	"assay/scanner/template"
	"assay/storage"
	"assay/traffic"
)

// RequirementRow is how one requirement stands, as `assay requirements check --json` prints it.
type RequirementRow = report.Requirement

// Requirements says of everything that has to hold in the open project whether it does.
func (p *Project) Requirements(ctx context.Context) ([]RequirementRow, error) {
	return p.app.requirementsOf(ctx, p.store)
}

// CheckRequirements says of everything that has to hold in a project whether it does, and what is wrong with requirements
// that were left out.
func (a *App) CheckRequirements(ctx context.Context, path string) (rows []RequirementRow, problems []scanner.Problem, err error) {
	p, err := a.upToDate(ctx, path)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	_, problems = a.requirements()
	rows, err = a.requirementsOf(ctx, p)
	return rows, problems, err
}

func (a *App) requirementsOf(ctx context.Context, p *storage.Project) ([]RequirementRow, error) {
	library, _, err := a.Library("")
	if err != nil {
		return nil, err
	}
	scene, err := a.sceneOf(ctx, p, library)
	if err != nil {
		return nil, err
	}
	return scene.Required, nil
}

// sceneOf gathers what a posture is worked out from, with what has to hold.
func (a *App) sceneOf(ctx context.Context, p *storage.Project, library *template.Library) (*report.Scene, error) {
	s, err := gatherScene(ctx, p, library)
	if err != nil {
		return nil, err
	}
	all, _ := a.requirements()
	s.Required, err = checkAll(ctx, p, s, all)
	return s, err
}

// checkAll asks requirements of a project whose scene is gathered.
func checkAll(ctx context.Context, p *storage.Project, s *report.Scene, all []*requirement.Requirement) ([]RequirementRow, error) {
	world, err := worldOf(ctx, p, s)
	if err != nil {
		return nil, err
	}
	rows := make([]RequirementRow, 0, len(all))
	for _, r := range all {
		row := RequirementRow{
			ID: r.ID, Name: r.Name, Why: r.Why, Severity: string(r.Severity), OWASP: orNone(r.OWASP), Fix: r.Fix, Enforced: enforcedBy(r, world.Policies), Apart: r.Apart,
		}
		if r.Of == requirement.Exchanges {
			err = countRequirement(ctx, p, r, &row)
		} else {
			subjects, complete := world.Subjects(r.Of)
			sayOutcome(r, r.Check(subjects, complete, world.Now), &row)
		}
		if err != nil {
			return nil, fmt.Errorf("the requirement %s: %w", r.ID, err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// worldOf is what requirements are asked of.
func worldOf(ctx context.Context, p *storage.Project, s *report.Scene) (w *requirement.World, err error) {
	w = &requirement.World{
		Endpoints: s.Endpoints, Assets: s.Assets, Imported: s.Imported, Findings: s.Findings, Threats: s.Threats, Exchanges: s.Exchanges, Now: s.At,
		Tests: testsOf(s),
	}
	if w.Places, err = p.SaidPlaces(ctx, "system"); err != nil {
		return nil, err
	}
	if w.Policies, err = p.Policies(ctx); err != nil {
		return nil, err
	}
	w.Guard, err = p.GuardMode(ctx)
	return w, err
}

// testsOf says what the targets of runs are, and whether anything came of what was sent to them.
func testsOf(s *report.Scene) []requirement.Test {
	decided, hosts := map[string]bool{}, map[scanner.EndpointID]string{}
	for i := range s.Tested {
		t := &s.Tested[i]
		decided[t.Target] = decided[t.Target] || t.Verdicts.Vulnerable+t.Verdicts.Resisted > 0
	}
	for _, e := range s.Endpoints {
		hosts[e.ID] = e.Host
	}
	imported := map[string]string{}
	for _, m := range s.Imported {
		if u, err := url.Parse(m.URL); err == nil {
			imported[fmt.Sprint("model:", m.ID)] = u.Host
		}
	}
	tests := make([]requirement.Test, 0, len(s.Targets))
	for _, t := range s.Targets {
		host := hosts[t.Endpoint]
		if host == "" {
			host = imported[t.Ref]
		}
		tests = append(tests, requirement.Test{Target: t.Ref, Endpoint: t.Endpoint, Host: host, Model: t.Model, Decided: decided[t.Ref]})
	}
	return tests
}

// mostRefs is how many of those that fail are named by their refs.
const mostRefs = 50

// countingPatience is how long exchanges of one requirement are counted; Home waits for all of them.
const countingPatience = 2 * time.Second

// countRequirement asks a requirement of exchanges: storage counts them.
func countRequirement(ctx context.Context, p *storage.Project, r *requirement.Requirement, row *RequirementRow) error {
	asked, failing := r.Queries()
	all, err := p.CountWithin(ctx, asked, countingPatience)
	if err != nil {
		return err
	}
	var fails storage.Total
	if failing != nil {
		if fails, err = p.CountWithin(ctx, failing, countingPatience); err != nil {
			return err
		}
	}
	row.Of, row.Failing = int(all.N), int(fails.N)
	o := requirement.Outcome{State: requirement.Pass, Of: row.Of, Fails: row.Failing}
	switch {
	case row.Failing > 0:
		o.State = requirement.Fail
		some, err := p.List(ctx, storage.Filter{Where: failing, Limit: mostSaid})
		if err != nil {
			return err
		}
		for i := range some {
			o.Failing = append(o.Failing, exchangeSubject(some[i].ID))
		}
	case row.Of == 0 || all.AtLeast || fails.AtLeast:
		o.State = requirement.Unknown
	}
	sayOutcome(r, o, row)
	if o.State == requirement.Unknown && row.Of > 0 {
		row.What = fmt.Sprintf("Counting took too long: none of the first %d exchanges fails.", row.Of)
	}
	return nil
}

// exchangeSubject names an exchange that fails.
type exchangeSubject traffic.ID

func (e exchangeSubject) Ref() string                     { return "exchange:" + traffic.ID(e).String() }
func (e exchangeSubject) Name() string                    { return traffic.ID(e).String() }
func (e exchangeSubject) Strings(string, string) []string { return nil }
func (e exchangeSubject) Number(string) (int64, bool)     { return 0, false }

// mostSaid is how many of those that fail a sentence names.
const mostSaid = 3

// sayOutcome says in one sentence what came of asking a requirement.
func sayOutcome(r *requirement.Requirement, o requirement.Outcome, row *RequirementRow) {
	row.State, row.Of, row.Failing = string(o.State), o.Of, o.Fails
	for _, s := range o.Failing[:min(len(o.Failing), mostRefs)] {
		row.Refs = append(row.Refs, s.Ref())
	}
	all, counted, verb := string(r.Of), fmt.Sprint(o.Of, " ", r.Of), "fail"
	if o.Of == 1 {
		counted = "1 " + singular[r.Of]
	}
	if o.Fails == 1 {
		verb = "fails"
	}
	switch {
	case o.State == requirement.Unknown && o.Of == 0:
		row.What = "Nothing was seen to ask it of: no " + all + askedOf(r) + "."
	case o.State == requirement.Unknown:
		row.What = fmt.Sprintf("It is not known of %d of %s: %s.", o.Unknown, counted, namesOf(o.Dark, o.Unknown))
	case o.Of == 0:
		row.What = "There are no " + all + askedOf(r) + "."
	case o.State == requirement.Fail && r.Some != "":
		row.What = fmt.Sprintf("None of %s does it.", counted)
	case o.State == requirement.Fail:
		row.What = fmt.Sprintf("%d of %s %s: %s.", o.Fails, counted, verb, namesOf(o.Failing, o.Fails))
	case r.Some != "":
		row.What = fmt.Sprintf("At least one of %s does it.", counted)
	default:
		row.What = fmt.Sprintf("It holds for %s.", counted)
	}
}

// singular is the word for one of what a requirement is asked of.
var singular = map[requirement.Of]string{
	requirement.Exchanges: "exchange", requirement.Endpoints: "endpoint", requirement.Models: "model", requirement.Tools: "tool", requirement.Keys: "key",
	requirement.Clients: "client", requirement.Findings: "finding", requirement.Threats: "threat", requirement.Policies: "policy",
}

// askedOf says which subjects a requirement is asked of; empty where it is all.
func askedOf(r *requirement.Requirement) string {
	if r.Where == "" {
		return ""
	}
	return " with " + r.Where
}

func namesOf(some []requirement.Subject, all int) string {
	var names []string
	for _, s := range some[:min(len(some), mostSaid)] {
		names = append(names, Harmless(s.Name(), 100))
	}
	text := strings.Join(names, ", ")
	if more := all - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// RequirementInfo is one requirement as `assay requirements ls --json` prints it.
type RequirementInfo struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Why         string   `json:"why"`
	Severity    string   `json:"severity"`
	OWASP       []string `json:"owasp"`
	ASI         []string `json:"asi,omitempty"`
	ATLAS       []string `json:"atlas,omitempty"`
	Of          string   `json:"of"`
	Where       string   `json:"where,omitempty"`
	Must        string   `json:"must,omitempty"`
	Some        string   `json:"some,omitempty"`
	Fix         string   `json:"fix"`
	Enforceable bool     `json:"enforceable"` // the guard can hold it
	Samples     int      `json:"samples"`
	Source      string   `json:"source"` // shipped, own
	File        string   `json:"file"`
}

// ListRequirements lists what has to hold, the worst first: all of it, or the requirements of a folder or file; and what is
// wrong with those that were left out.
func (a *App) ListRequirements(path string) (rows []RequirementInfo, problems []scanner.Problem, err error) {
	var all []*requirement.Requirement
	if path == "" {
		all, problems = a.requirements()
	} else if all, problems, err = lintRequirements(path); err != nil {
		return nil, nil, err
	}
	for _, r := range all {
		row := RequirementInfo{
			ID: r.ID, Name: r.Name, Why: r.Why, Severity: string(r.Severity), OWASP: orNone(r.OWASP), ASI: r.ASI, ATLAS: r.ATLAS, Of: string(r.Of), Where: r.Where,
			Must: r.Must, Some: r.Some, Fix: r.Fix, Enforceable: r.Enforce != nil, Samples: r.Samples, Source: "shipped", File: r.File,
		}
		if r.Own || path != "" {
			row.Source = "own"
		}
		rows = append(rows, row)
	}
	return rows, problems, nil
}

// findRequirement is a requirement by its id.
func (a *App) findRequirement(id string) (*requirement.Requirement, error) {
	all, _ := a.requirements()
	ids := make([]string, len(all))
	for i, r := range all {
		ids[i] = r.ID
	}
	if at := slices.Index(ids, id); at >= 0 {
		return all[at], nil
	}
	return nil, &Error{Code: CodeNotFound, Message: "there is no requirement " + quoted(id), Hint: nearOr(id, ids, "`assay requirements ls` lists them")}
}

// ChosenRequirements are those of the ids and in the states given; all where none is given.
func ChosenRequirements(rows []RequirementRow, ids, states []string) ([]RequirementRow, error) {
	known := make([]string, len(rows))
	for i := range rows {
		known[i] = rows[i].ID
	}
	for _, id := range ids {
		if !slices.Contains(known, id) {
			return nil, &Error{Code: CodeNotFound, Message: "there is no requirement " + quoted(id), Hint: nearOr(id, known, "`assay requirements ls` lists them")}
		}
	}
	words := []string{report.RequirementFail, report.RequirementUnknown, report.RequirementPass}
	for _, state := range states {
		if !slices.Contains(words, state) {
			return nil, notOneOf("--state", state, words)
		}
	}
	return slices.DeleteFunc(slices.Clone(rows), func(r RequirementRow) bool {
		return len(ids) > 0 && !slices.Contains(ids, r.ID) || len(states) > 0 && !slices.Contains(states, r.State)
	}), nil
}
