package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"assay/scanner"
	"assay/scanner/detect"
	"assay/traffic"
)

// PolicyProblem says what is wrong with one field of a policy.
type PolicyProblem struct {
	Field   string `json:"field"` // as JSON names it; empty for the whole
	Message string `json:"message"`
}

// Error names the field and what is wrong with it.
func (p PolicyProblem) Error() string {
	if p.Field == "" {
		return p.Message
	}
	return p.Field + ": " + p.Message
}

// Bounds of one policy: a person writes it.
const (
	mostPolicyName  = 120
	mostPolicySay   = 500
	mostPolicyWords = 200 // in one list
	mostPolicyWord  = 300 // bytes of one
	mostPatience    = time.Hour
)

// SignKinds are the words for what detectors see.
var SignKinds = []string{
	string(scanner.SignInjection), string(scanner.SignHidden), string(scanner.SignLeak), string(scanner.SignExfil), string(scanner.SignOutput),
	string(scanner.SignAttack), string(scanner.SignToolCall), string(scanner.SignPoisoned), string(scanner.SignSecret), string(scanner.SignPersonal),
	string(scanner.SignRefusal), string(scanner.SignGibberish), string(scanner.SignDrift), string(scanner.SignRepetition),
}

// policyProblems looks at the fields of a policy, also at what the project alone knows: its rules and types.
func (p *Project) policyProblems(ctx context.Context, one *Policy) []PolicyProblem {
	c := checking{}
	c.fields(one)
	c.together(one)
	var custom []string
	if inv, err := p.store.Inventory(ctx); err == nil {
		for _, t := range inv.Custom {
			custom = append(custom, t.Name)
		}
	}
	c.types(one, custom)
	c.rules(ctx, p, one)
	return c.problems
}

// checking collects what is wrong.
type checking struct{ problems []PolicyProblem }

func (c *checking) add(field, format string, args ...any) {
	c.problems = append(c.problems, PolicyProblem{field, fmt.Sprintf(format, args...)})
}

// oneOf complains about a word that is none of those known, and names the nearest.
func (c *checking) oneOf(field, word string, words []string) {
	if slices.Contains(words, word) {
		return
	}
	if near := Nearest(word, words); near != "" {
		c.add(field, "%q is unknown; did you mean %q?", Harmless(word, 60), near)
	} else {
		c.add(field, "%q is unknown; there are %s", Harmless(word, 60), list(words))
	}
}

func (c *checking) fields(one *Policy) {
	switch n := utf8.RuneCountInString(strings.TrimSpace(one.Name)); {
	case n == 0:
		c.add("name", "a policy needs a name, which clients and rulings are told")
	case n > mostPolicyName:
		c.add("name", "a name has at most %d characters", mostPolicyName)
	}
	if one.Action == "" {
		c.add("action", "it needs an action: %s", list(Actions))
	} else {
		c.oneOf("action", string(one.Action), Actions)
	}
	if one.Side != "" {
		c.oneOf("side", string(one.Side), []string{string(scanner.InRequest), string(scanner.InAnswer)})
	}
	if one.Where != "" {
		if _, err := traffic.Parse(one.Where); err != nil {
			c.add("where", "%v", err)
		}
	}
	for _, s := range one.Signs {
		c.oneOf("signs", string(s), SignKinds)
	}
	for _, l := range []struct {
		field string
		words []string
	}{{"rules", one.Rules}, {"types", one.Types}, {"tools", one.Tools}, {"models", one.Models}} {
		if len(l.words) > mostPolicyWords {
			c.add(l.field, "there are more than %d", mostPolicyWords)
		}
		if slices.ContainsFunc(l.words, func(w string) bool { return strings.TrimSpace(w) == "" || len(w) > mostPolicyWord }) {
			c.add(l.field, "one of them is empty or longer than %d bytes", mostPolicyWord)
		}
	}
	if !(one.Least >= 0 && one.Least <= 1) {
		c.add("least", "it is a number from 0 to 1")
	}
	if one.Budget != nil {
		if problem := allowanceProblem(one.Budget); problem != "" {
			c.add("budget", "%s", problem)
		}
	}
	if d := time.Duration(one.Patience); d < 0 || d > mostPatience {
		c.add("patience", "a person is waited for at most an hour")
	}
	if utf8.RuneCountInString(one.Say) > mostPolicySay {
		c.add("say", "clients are told at most %d characters", mostPolicySay)
	}
}

// together looks at what fits together.
func (c *checking) together(one *Policy) {
	if one.Action == scanner.Throttle && one.Budget == nil {
		c.add("budget", "a policy that throttles needs a budget, as 200 requests/1h per actor")
	}
	if one.Action == scanner.Redact && len(one.Signs)+len(one.Types)+len(one.Rules) == 0 {
		c.add("types", "a policy that redacts names what it takes out: types or signs")
	}
	if one.Finish && one.Action != scanner.Block && one.Action != scanner.Approve {
		c.add("finish", "only a policy that blocks, or asks whether to, finishes an answer as a refusal")
	}
	if one.Patience != 0 && one.Action != scanner.Approve {
		c.add("patience", "only a policy that asks a person has to wait for one")
	}
}

// types looks at types of sensitive data: a class, a kind that is built in, or one of the project's own.
func (c *checking) types(one *Policy, custom []string) {
	if len(one.Types) == 0 {
		return
	}
	known := []string{string(detect.Personal), string(detect.Secret)}
	for _, k := range detect.Kinds() {
		known = append(known, k.Name)
	}
	known = append(known, custom...)
	for _, word := range one.Types {
		if slices.Contains(known, word) {
			continue
		}
		near := Nearest(word, known)
		if near == "" {
			near = Nearest(strings.ToUpper(word), known)
		}
		if near == "" {
			c.add("types", "%q is no type of sensitive data; personal and secret are all of their class", Harmless(word, 60))
		} else {
			c.add("types", "%q is no type of sensitive data; did you mean %q?", Harmless(word, 60), near)
		}
	}
}

// rules looks at rules: they must be there, and look at one exchange alone.
func (c *checking) rules(ctx context.Context, p *Project, one *Policy) {
	if len(one.Rules) == 0 {
		return
	}
	set, _ := p.Rules(ctx)
	if set == nil {
		c.add("rules", "there are no rules")
		return
	}
	var known []string
	single := map[string]bool{}
	for _, r := range set.Rules() {
		known = append(known, r.ID)
		single[r.ID] = r.Single
	}
	for _, word := range one.Rules {
		if ok, known := single[word]; known {
			if !ok {
				c.add("rules", "%s counts many exchanges; a policy decides about one", word)
			}
			continue
		}
		if near := Nearest(word, known); near != "" {
			c.add("rules", "there is no rule %q; did you mean %q?", Harmless(word, 60), near)
		} else {
			c.add("rules", "there is no rule %q; `assay threats rules` lists them", Harmless(word, 60))
		}
	}
}
