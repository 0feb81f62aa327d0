package app

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"assay/scanner"
)

// Actions are the words for what a policy does, the mildest first.
var Actions = []string{string(scanner.Monitor), string(scanner.Throttle), string(scanner.Redact), string(scanner.Approve), string(scanner.Block)}

// Severest returns the index in Actions of the severest action of rulings; -1 where there are none.
func Severest(rulings []Ruling) int {
	worst := -1
	for i := range rulings {
		for n, word := range Actions {
			if string(rulings[i].Action) == word {
				worst = max(worst, n)
			}
		}
	}
	return worst
}

var allowance = regexp.MustCompile(`(?i)^\s*(?:(\$)\s*([0-9][0-9_]*(?:\.[0-9]+)?)|([0-9][0-9_]*(?:\.[0-9]+)?)\s*(requests?|tokens?|usd|dollars?))\s*(?:/|\bin\b|\bwithin\b|\ba\b|\ban\b|\bper\b)\s*([0-9a-z.]+)(?:\s+per\s+([a-z]+))?\s*$`)

// spans are words for how long, beside those of time.ParseDuration.
var spans = map[string]time.Duration{
	"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour,
	"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour,
}

// ParseAllowance reads how much is let through: "200 requests/1h per actor", "$5/day per model", "100000 tokens/hour".
func ParseAllowance(text string) (*scanner.Allowance, error) {
	found := allowance.FindStringSubmatch(text)
	if found == nil {
		return nil, usagef("200 requests/1h per actor, 100000 tokens/day per model, $5/24h", "%q is no budget", Harmless(text, 80))
	}
	a := &scanner.Allowance{Of: "usd", Per: strings.ToLower(found[6])}
	number := found[2]
	if found[1] == "" {
		number = found[3]
		switch strings.ToLower(found[4])[0] {
		case 'r':
			a.Of = "requests"
		case 't':
			a.Of = "tokens"
		}
	}
	if a.Per == "" {
		a.Per = "actor"
	}
	most, err := strconv.ParseFloat(strings.ReplaceAll(number, "_", ""), 64)
	if err != nil {
		return nil, usagef("for example 200", "%q is no number", Harmless(number, 40))
	}
	a.Most = most
	within, err := parseSpan(found[5])
	if err != nil {
		return nil, err
	}
	a.Within = scanner.Duration(within)
	if problem := allowanceProblem(a); problem != "" {
		return nil, usagef("200 requests/1h per actor", "the budget %q cannot be used: %s", Harmless(text, 80), problem)
	}
	return a, nil
}

// parseSpan reads how long: 90s, 1h30m, 7d, hour, 2w.
func parseSpan(text string) (time.Duration, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	if d, ok := spans[text]; ok {
		return d, nil
	}
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return d, nil
	}
	for _, unit := range []string{"d", "w"} {
		if number, ok := strings.CutSuffix(text, unit); ok {
			if n, err := strconv.ParseFloat(number, 64); err == nil && n > 0 && n < 10_000 {
				return time.Duration(n * float64(spans[unit])), nil
			}
		}
	}
	return 0, usagef("90s, 15m, 1h, 7d or hour", "%q does not say how long", Harmless(text, 40))
}

// ParseSpan reads how long ago: 90s, 15m, 1h, 7d.
func ParseSpan(text string) (time.Duration, error) { return parseSpan(text) }

// mostWithin bounds how far back a budget counts.
const mostWithin = 31 * 24 * time.Hour

func allowanceProblem(a *scanner.Allowance) string {
	switch {
	case a.Of != "requests" && a.Of != "tokens" && a.Of != "usd":
		return "it counts requests, tokens or usd"
	case !(a.Most > 0) || a.Most > 1e15:
		return "it needs a number above 0"
	case a.Within <= 0 || time.Duration(a.Within) > mostWithin:
		return "it is for a time of at most 31 days"
	case a.Per != "actor" && a.Per != "model" && a.Per != "host" && a.Per != "all":
		return "it is counted per actor, model, host, or all"
	}
	return ""
}

// AllowanceWords says a budget as ParseAllowance reads it.
func AllowanceWords(a *scanner.Allowance) string {
	if a == nil {
		return ""
	}
	return fmt.Sprintf("%s %s/%s per %s", strconv.FormatFloat(a.Most, 'f', -1, 64), a.Of, spanWords(time.Duration(a.Within)), a.Per)
}

// spanWords says how long, without parts that are zero: 1h, 90s, 7d.
func spanWords(d time.Duration) string {
	day := 24 * time.Hour
	if d >= day && d%day == 0 {
		return strconv.FormatInt(int64(d/day), 10) + "d"
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// PolicyWords says in a line what a policy looks for.
func PolicyWords(one *Policy) string {
	var words []string
	add := func(label string, list []string) {
		if len(list) > 0 {
			words = append(words, label+" "+strings.Join(list, ", "))
		}
	}
	signs := make([]string, len(one.Signs))
	for i, s := range one.Signs {
		signs[i] = string(s)
	}
	add("signs", signs)
	add("rules", one.Rules)
	add("types", one.Types)
	add("tools", one.Tools)
	add("models", one.Models)
	if one.Where != "" {
		words = append(words, "where "+one.Where)
	}
	if one.Budget != nil {
		words = append(words, "more than "+AllowanceWords(one.Budget))
	}
	if len(words) == 0 {
		return "everything"
	}
	return strings.Join(words, "; ")
}

// notOneOf says that a word is none of those that an option takes.
func notOneOf(option, word string, words []string) error {
	hint := "it takes " + list(words)
	if near := Nearest(word, words); near != "" {
		hint = "did you mean " + near + "?"
	}
	return usagef(hint, "%s %s is unknown", option, Harmless(word, 40))
}
