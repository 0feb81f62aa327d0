package report

import (
	"fmt"
	"slices"
	"strings"

	"assay/scanner"
)

// mostTargets is how many targets a command names.
const mostTargets = 3

// retest is the command that tries weaknesses again as they were found: what a run has to show before they are mended. With
// an item it tries everything of that category.
func (s *Scene) retest(findings []*scanner.Finding, item string) string {
	var targets, templates, flags []string
	if item != "" {
		flags = append(flags, "--owasp "+shellWord(item))
	}
	for _, f := range findings {
		targets = append(targets, f.Target)
		if item == "" {
			templates = append(templates, f.Template)
		}
		spec := s.Asked[f.Run]
		if spec == nil {
			continue
		}
		for _, m := range spec.Mutations {
			flags = append(flags, "--mutation "+shellWord(m))
		}
		for _, m := range spec.Strategies {
			flags = append(flags, "--strategy "+shellWord(m))
		}
		for _, option := range []struct{ name, value string }{{"--attacker", spec.Attacker}, {"--judge", spec.Judge}, {"--role", spec.Role}, {"--other", spec.Other}} {
			if option.value != "" {
				flags = append(flags, option.name+" "+shellWord(option.value))
			}
		}
		if spec.Recorded {
			flags = append(flags, "--use-recorded-key")
		}
	}
	return command(unique(targets), unique(templates), unique(flags))
}

// command writes `assay test run`. Targets beyond the first few are said, not named.
func command(targets, templates, flags []string) string {
	b := strings.Builder{}
	b.WriteString("assay test run")
	for _, target := range targets[:min(len(targets), mostTargets)] {
		b.WriteString(" --target " + shellWord(target))
	}
	if len(templates) > 0 {
		b.WriteString(" --template " + shellWord(strings.Join(templates, ",")))
	}
	for _, flag := range flags {
		b.WriteString(" " + flag)
	}
	if more := len(targets) - mostTargets; more > 0 {
		fmt.Fprintf(&b, " # and %d more", more)
	}
	return b.String()
}

func unique(list []string) []string {
	list = slices.DeleteFunc(list, func(s string) bool { return s == "" })
	slices.Sort(list)
	return slices.Compact(list)
}

// shellWord writes a word for a shell: what others chose is no command.
func shellWord(word string) string {
	plain := word != "" && strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+=,") == ""
	if plain {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// testing is the command that tests the items without a verdict: on the imported models, else on what was recorded.
func (s *Scene) testing() string {
	var items, targets []string
	for _, c := range s.covered() {
		if c.State == StateNotTested || c.State == StateTested {
			items = append(items, c.ID)
		}
	}
	for _, m := range s.Imported {
		targets = append(targets, fmt.Sprint("model:", m.ID))
	}
	if len(targets) == 0 {
		targets = recorded(slices.DeleteFunc(slices.Clone(s.Endpoints), func(e *scanner.Endpoint) bool { return !Testable(e) }))
	}
	if len(targets) == 0 {
		return "assay models add, then assay test run --suite owasp-llm-top-10"
	}
	if len(items) == len(s.Items) {
		return command(targets, nil, []string{"--suite owasp-llm-top-10"})
	}
	return command(targets, nil, []string{"--owasp " + strings.Join(items, ",")})
}

// recorded are the latest exchanges of endpoints, as runs take them for targets.
func recorded(endpoints []*scanner.Endpoint) (targets []string) {
	for _, e := range endpoints {
		if e.Last != 0 {
			targets = append(targets, "exchange:"+e.Last.String())
		}
	}
	return targets
}

func (s *Scene) testingEndpoints() string {
	targets := recorded(s.neverTested())
	if len(targets) == 0 {
		return "assay posture"
	}
	return command(targets, nil, nil)
}
