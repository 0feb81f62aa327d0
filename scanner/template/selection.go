package template

import (
	"fmt"
	"slices"
	"strings"

	"assay/scanner"
	"assay/scanner/framework"
)

// Selection is what a person chose for a run. Nothing named means every template.
type Selection struct {
	Suites    []string         // ids or names
	Templates []string         // ids
	Tags      []string         // templates with any of these
	OWASP     []string         // LLM01 or LLM01:2025
	Severity  scanner.Severity // this or worse
	Kind      string           // of the target; "" when it is not known
	Have      []string         // which needs the target and the run meet; nil when nothing is known about it
	Trials    int              // 0 leaves it to template and suite
}

// Skip is a template that was chosen and cannot be run, with the reason: what was not tested is said.
type Skip struct {
	Template *Template
	Why      string
}

// Select chooses templates. The order is that of severity, the worst first, then of ids.
func (l *Library) Select(s Selection) (choices []Choice, skipped []Skip, err error) {
	suites, sel, err := l.check(s)
	if err != nil {
		return nil, nil, err
	}
	for _, t := range l.templates {
		choice, wanted := choose(t, suites, sel, s)
		if !wanted {
			continue
		}
		if why := s.unfit(t); why != "" {
			skipped = append(skipped, Skip{t, why})
			continue
		}
		choices = append(choices, choice)
	}
	slices.SortStableFunc(choices, func(a, b Choice) int {
		return slices.Index(severities, b.Template.Severity) - slices.Index(severities, a.Template.Severity)
	})
	return choices, skipped, nil
}

// check finds what a selection names.
func (l *Library) check(s Selection) ([]*Suite, *Selector, error) {
	var suites []*Suite
	for _, id := range s.Suites {
		suite, err := l.Suite(id)
		if err != nil {
			return nil, nil, err
		}
		suites = append(suites, suite)
	}
	sel := &Selector{Severity: s.Severity, Tags: s.Tags}
	for _, id := range s.Templates {
		if _, err := l.Template(id); err != nil {
			return nil, nil, err
		}
	}
	tags := l.Tags()
	for _, tag := range s.Tags {
		if !slices.Contains(tags, tag) {
			return nil, nil, unknown("tag", tag, tags)
		}
	}
	for _, item := range s.OWASP {
		id := framework.OWASPID(item)
		if id == "" {
			return nil, nil, unknown("item of "+framework.OWASPVersion, item, framework.OWASPItems())
		}
		sel.OWASP = append(sel.OWASP, id)
	}
	if s.Severity != "" && !slices.Contains(severities, s.Severity) {
		return nil, nil, unknown("severity", string(s.Severity), []string{"info", "low", "medium", "high", "critical"})
	}
	if s.Kind != "" && !slices.Contains(Kinds, s.Kind) {
		return nil, nil, unknown("kind of service", s.Kind, Kinds)
	}
	return suites, sel, nil
}

// choose tells whether a template is wanted, and how much of it: the suite that wants the most of it decides.
func choose(t *Template, suites []*Suite, sel *Selector, s Selection) (Choice, bool) {
	if slices.Contains(s.Templates, t.ID) {
		return Choice{t, Limits{}, trials(s.Trials, t.Trials, 1)}, true
	}
	if len(s.Templates) > 0 && len(suites) == 0 && len(s.Tags) == 0 && len(s.OWASP) == 0 {
		return Choice{}, false // templates were named, and this is none of them
	}
	if !sel.Matches(t) {
		return Choice{}, false
	}
	if len(suites) == 0 {
		return Choice{t, Limits{}, trials(s.Trials, t.Trials, 1)}, true
	}
	var best *Choice
	for _, suite := range suites {
		if !suite.Holds(t) {
			continue
		}
		c := Choice{t, suite.Limits, trials(s.Trials, t.Trials, suite.Trials)}
		if best == nil || len(t.Cases(c.Limits))*c.Trials > len(t.Cases(best.Limits))*best.Trials {
			best = &c
		}
	}
	if best == nil {
		return Choice{}, false
	}
	return *best, true
}

// trials is what the person said, else the larger of what template and suite say.
func trials(person, template, suite int) int {
	if person > 0 {
		return person
	}
	return max(template, suite, 1)
}

// unfit says why a template makes no sense for the target, "" when it does.
func (s *Selection) unfit(t *Template) string {
	if s.Kind != "" && !t.Fits(s.Kind) {
		return fmt.Sprintf("it is for %s, the target is %s", strings.Join(t.Kinds, ", "), s.Kind)
	}
	if s.Have == nil {
		return ""
	}
	var missing []string
	for _, need := range t.Needs {
		if !slices.Contains(s.Have, need) {
			missing = append(missing, need)
		}
	}
	if len(missing) > 0 {
		return "it needs " + strings.Join(missing, ", ")
	}
	return ""
}
