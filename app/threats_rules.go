package app

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"assay/scanner"
	"assay/scanner/rule"
	"assay/scanner/watch"
	"assay/storage"
)

// RuleRow is one rule as `assay threats rules --json` prints it.
type RuleRow struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Meaning   string   `json:"meaning"`
	Severity  string   `json:"severity"` // as this project sets it
	Shipped   string   `json:"shipped_severity,omitempty"`
	OWASP     []string `json:"owasp"`
	ASI       []string `json:"asi,omitempty"`
	ATLAS     []string `json:"atlas,omitempty"`
	On        bool     `json:"on"`
	Threshold float64  `json:"threshold,omitempty"` // as this project sets it; absent where the rule has none
	Usually   float64  `json:"shipped_threshold,omitempty"`
	Of        string   `json:"threshold_of,omitempty"` // what the threshold counts
	Window    string   `json:"window,omitempty"`
	When      string   `json:"when,omitempty"`
	Where     string   `json:"where,omitempty"`
	Cooldown  string   `json:"cooldown,omitempty"`
	Single    bool     `json:"single"` // it looks at one exchange alone: a policy may name it
	Samples   int      `json:"samples"`
	Source    string   `json:"source"` // shipped, own
	File      string   `json:"file"`
	Tags      []string `json:"tags,omitempty"`
	Advice    string   `json:"advice,omitempty"`
}

// RuleRows lists all rules as a project sets them, by id, and says what is wrong with those that were left out.
func (a *App) RuleRows(ctx context.Context, path string) (rows []RuleRow, problems []error, err error) {
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return nil, nil, err
	}
	defer p.Close()
	set, problems := watchRulesOf(ctx, p, &ruleShelf{folder: a.RulesFolder()})
	settings, err := p.RuleSettings(ctx)
	return ruleRows(set, settings), problems, err
}

// RuleRows lists all rules as the open project sets them, by id.
func (p *Project) RuleRows(ctx context.Context) (rows []RuleRow, problems []error, err error) {
	set, problems := p.Rules(ctx)
	settings, err := p.store.RuleSettings(ctx)
	return ruleRows(set, settings), problems, err
}

func ruleRows(set *rule.Set, settings []scanner.RuleSetting) []RuleRow {
	of := map[string]scanner.RuleSetting{}
	for _, s := range settings {
		of[s.Rule] = s
	}
	var rows []RuleRow
	for _, r := range set.Rules() {
		rows = append(rows, ruleRow(r, of[r.ID]))
	}
	slices.SortFunc(rows, func(x, y RuleRow) int { return cmp.Compare(x.ID, y.ID) })
	return rows
}

func ruleRow(r *rule.Rule, s scanner.RuleSetting) RuleRow {
	row := RuleRow{
		ID: r.ID, Name: r.Name, Meaning: r.Meaning, Severity: string(cmp.Or(s.Severity, r.Severity)), OWASP: orNone(r.OWASP), ASI: r.ASI, ATLAS: r.ATLAS,
		On: !s.Off, Threshold: cmp.Or(s.Threshold, r.Limit), Of: r.LimitOf, Window: r.Window, When: r.When, Where: r.Where, Single: r.Single,
		Samples: r.Samples, Source: "shipped", File: r.File, Tags: r.Tags, Advice: r.Advice,
	}
	if row.Severity != string(r.Severity) {
		row.Shipped = string(r.Severity)
	}
	if row.Threshold != r.Limit {
		row.Usually = r.Limit
	}
	if r.Cooldown > 0 {
		row.Cooldown = r.Cooldown.String()
	}
	if r.Own {
		row.Source = "own"
	}
	return row
}

// RuleChange is what a person changes about a rule; nil and empty fields leave what there is.
type RuleChange struct {
	On        *bool
	Threshold *float64 // 0: as the rule says
	Severity  string   // "default": as the rule says
}

// SetRule changes how a project sets a rule. What was watched stays as it is until it is watched anew.
func (a *App) SetRule(ctx context.Context, path, id string, c RuleChange) error {
	rules, _ := allRules(a.RulesFolder())
	return a.change(ctx, path, func(p *storage.Project) error { return setRule(ctx, p, rules, id, c) })
}

// SetRule changes how the open project sets a rule.
func (p *Project) SetRule(ctx context.Context, id string, c RuleChange) error {
	err := p.changeWatch(func() error {
		rules, _, _ := p.reader.rules.read()
		return setRule(ctx, p.store, rules, id, c)
	})
	if err != nil {
		return err
	}
	return p.rulesChanged(ctx) // policies may ask for it
}

func setRule(ctx context.Context, p *storage.Project, rules []*rule.Rule, id string, c RuleChange) error {
	at := slices.IndexFunc(rules, func(r *rule.Rule) bool { return r.ID == id })
	if at < 0 {
		return noRule(id, rules)
	}
	settings, err := p.RuleSettings(ctx)
	if err != nil {
		return err
	}
	s := scanner.RuleSetting{Rule: id}
	if was := slices.IndexFunc(settings, func(s scanner.RuleSetting) bool { return s.Rule == id }); was >= 0 {
		s = settings[was]
	}
	if c.On != nil {
		s.Off = !*c.On
	}
	if c.Threshold != nil {
		if *c.Threshold < 0 {
			return usagef("0 takes the rule's own", "a threshold of %g is less than nothing", *c.Threshold)
		}
		if s.Threshold = *c.Threshold; s.Threshold == rules[at].Limit {
			s.Threshold = 0
		}
	}
	switch c.Severity {
	case "":
	case "default", string(rules[at].Severity):
		s.Severity = ""
	default:
		if s.Severity, err = SeverityOf("--severity", c.Severity); err != nil {
			return err
		}
	}
	return p.SetRule(ctx, s)
}

func noRule(id string, rules []*rule.Rule) error {
	ids := make([]string, len(rules))
	for i, r := range rules {
		ids[i] = r.ID
	}
	return &Error{Code: CodeNotFound, Message: "there is no rule " + Harmless(id, 60), Hint: nearOr(id, ids, "`assay threats rules` lists them")}
}

// RuleCheck is what lint says of one file of rules, or of one thing wrong in it.
type RuleCheck struct {
	File   string `json:"file"`
	ID     string `json:"id,omitempty"` // empty where it could not be read
	Status string `json:"status"`       // ok or wrong
	Reason string `json:"reason"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// LintRules reads every rule of a folder or file and proves its samples. An empty path means the shipped rules and the
// person's own.
func (a *App) LintRules(path string) (checks []RuleCheck, err error) {
	rules, problems, err := a.lintRules(path)
	if err != nil {
		return nil, err
	}
	for _, problem := range problems {
		check := RuleCheck{Status: "wrong", Reason: problem.Error()}
		if p, ok := errors.AsType[*rule.Problem](problem); ok {
			check.File, check.Line, check.Column = p.File, p.Line, p.Column
			check.Reason = strings.TrimPrefix(check.Reason, ": ")
		}
		checks = append(checks, check)
	}
	for _, r := range rules {
		checks = append(checks, RuleCheck{File: r.File, ID: r.ID, Status: "ok", Reason: howMany(r.Samples, "sample") + " as they should be"})
	}
	slices.SortStableFunc(checks, func(x, y RuleCheck) int { return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line)) })
	return checks, nil
}

func (a *App) lintRules(path string) ([]*rule.Rule, []error, error) {
	if path == "" {
		rules, problems := allRules(a.RulesFolder())
		return rules, problems, nil
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, nil, noFolder(path, err)
	case info.IsDir():
		rules, problems := rule.Load(os.DirFS(path), watch.LookAt)
		return rules, problems, nil
	case !info.Mode().IsRegular():
		return nil, nil, noFolder(path, nil)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, noFolder(path, err)
	}
	one, err := rule.Parse(filepath.Base(path), data, watch.LookAt)
	if err != nil {
		if all, ok := err.(interface{ Unwrap() []error }); ok {
			return nil, all.Unwrap(), nil
		}
		return nil, []error{err}, nil
	}
	return []*rule.Rule{one}, nil, nil
}
