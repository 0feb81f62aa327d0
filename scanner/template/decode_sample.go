package template

import (
	"strings"

	"assay/scanner"
	"assay/scanner/yamlfile"
)

// samples reads the lists by verdict.
func (r *decoder) samples(n *yamlfile.Node, where string) []Sample {
	var all []Sample
	read := func(verdict scanner.Verdict) yamlfile.Field {
		return func(n *yamlfile.Node, where string) {
			r.List(n, where, 100, func(n *yamlfile.Node, where string) {
				s := r.sample(n, where)
				s.Verdict = verdict
				all = append(all, s)
			})
		}
	}
	r.Object(n, where, map[string]yamlfile.Field{
		"vulnerable": read(scanner.Vulnerable),
		"resisted":   read(scanner.Resisted),
		"unclear":    read(scanner.Unclear),
		"errored":    read(scanner.Errored),
	})
	vulnerable, innocent := 0, 0
	for _, s := range all {
		if s.Verdict == scanner.Vulnerable {
			vulnerable++
		} else {
			innocent++
		}
	}
	if vulnerable < 1 || innocent < 2 {
		r.Fail(n, where, "at least one answer that is vulnerable and two that are not are wanted; here are %d and %d", vulnerable, innocent)
	}
	return all
}

// sample reads one answer: a text alone is its answer.
func (r *decoder) sample(n *yamlfile.Node, where string) Sample {
	s := Sample{line: n.Line, col: n.Col}
	if n.Kind == yamlfile.Scalar && !n.Null() {
		s.Answer = strings.TrimSuffix(r.answer(n, where), "\n")
		return s
	}
	r.Object(n, where, map[string]yamlfile.Field{
		"why":       func(n *yamlfile.Node, where string) { s.Why = r.Text(n, where, 300) },
		"prompt":    func(n *yamlfile.Node, where string) { s.Prompt = r.answer(n, where) },
		"answer":    func(n *yamlfile.Node, where string) { s.Answer = strings.TrimSuffix(r.answer(n, where), "\n") },
		"reasoning": func(n *yamlfile.Node, where string) { s.Reasoning = r.answer(n, where) },
		"tool_calls": func(n *yamlfile.Node, where string) {
			r.List(n, where, 20, func(n *yamlfile.Node, where string) { s.ToolCalls = append(s.ToolCalls, *r.call(n, where)) })
		},
		"finish":     func(n *yamlfile.Node, where string) { s.Finish = r.Text(n, where, 60) },
		"refusal":    func(n *yamlfile.Node, where string) { s.Refusal = r.answer(n, where) },
		"status":     func(n *yamlfile.Node, where string) { s.Status = r.Whole(n, where, 100, 599) },
		"headers":    func(n *yamlfile.Node, where string) { s.Headers = r.parameters(n, where) },
		"body":       func(n *yamlfile.Node, where string) { s.Body = r.answer(n, where) },
		"error":      func(n *yamlfile.Node, where string) { s.Error = r.Text(n, where, 300) },
		"latency_ms": func(n *yamlfile.Node, where string) { s.LatencyMS = r.Whole(n, where, 1, 3_600_000) },
		"tokens":     func(n *yamlfile.Node, where string) { s.Tokens = r.Whole(n, where, 1, 10_000_000) },
		"callback":   func(n *yamlfile.Node, where string) { s.Callback = r.Truth(n, where) },
		"system":     func(n *yamlfile.Node, where string) { s.System = r.answer(n, where) },
		"baseline": func(n *yamlfile.Node, where string) {
			b := r.sample(n, where)
			s.Baseline = &b
		},
	})
	return s
}

// answer reads a text of a sample; it may name {{prompt}}, what was sent, too.
func (r *decoder) answer(n *yamlfile.Node, where string) string {
	t := r.Text(n, where, maxPrompt)
	r.using(n, where, strings.ReplaceAll(t, "{{prompt}}", ""))
	return t
}
