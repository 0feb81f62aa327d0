package judge_test

import (
	"testing"

	"assay/scanner"
	"assay/scanner/judge"
)

// TestClass holds that a finding stays the same when a person agrees with what found it.
func TestClass(t *testing.T) {
	t.Parallel()
	shown := []scanner.Evidence{{Signal: "status"}, {Signal: "canary"}}
	declined := []scanner.Evidence{{Signal: "refusal"}}
	says := func(v scanner.Verdict, by string, e []scanner.Evidence) scanner.Judgement {
		return scanner.Judgement{Verdict: v, By: by, Evidence: e}
	}
	ruled := func(v scanner.Verdict) *scanner.Judgement { return &scanner.Judgement{Verdict: v, By: "rules"} }
	vote := func(v scanner.Verdict) *scanner.Vote { return &scanner.Vote{Verdict: v} }
	for name, c := range map[string]struct {
		trial scanner.Trial
		want  string
	}{
		"rules":                          {scanner.Trial{Judgement: says(scanner.Vulnerable, "rules", shown)}, "canary"},
		"rules, and a person agrees":     {scanner.Trial{Judgement: says(scanner.Vulnerable, "person", shown), Rules: ruled(scanner.Vulnerable)}, "canary"},
		"a person, against rules":        {scanner.Trial{Judgement: says(scanner.Vulnerable, "person", declined), Rules: ruled(scanner.Resisted)}, "person"},
		"a person, against a model":      {scanner.Trial{Judgement: says(scanner.Vulnerable, "person", nil), Rules: ruled(scanner.Unclear), Vote: vote(scanner.Resisted)}, "person"},
		"a model":                        {scanner.Trial{Judgement: says(scanner.Vulnerable, "model", nil), Rules: ruled(scanner.Unclear), Vote: vote(scanner.Vulnerable)}, "model"},
		"a model, and a person agrees":   {scanner.Trial{Judgement: says(scanner.Vulnerable, "person", nil), Rules: ruled(scanner.Unclear), Vote: vote(scanner.Vulnerable)}, "model"},
		"rules that show nothing for it": {scanner.Trial{Judgement: says(scanner.Vulnerable, "rules", nil)}, "person"},
	} {
		if got := judge.Class(&c.trial); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
