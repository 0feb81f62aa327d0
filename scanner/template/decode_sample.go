package template

import (
	"strings"

	"assay/scanner"
)

// samples reads the lists by verdict.
func (r *decoder) samples(n *node, where string) []Sample {
	var all []Sample
	read := func(verdict scanner.Verdict) field {
		return func(n *node, where string) {
			r.list(n, where, 100, func(n *node, where string) {
				s := r.sample(n, where)
				s.Verdict = verdict
				all = append(all, s)
			})
		}
	}
	r.object(n, where, map[string]field{
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
		r.fail(n, where, "at least one answer that is vulnerable and two that are not are wanted; here are %d and %d", vulnerable, innocent)
	}
	return all
}

// sample reads one answer: a text alone is its answer.
func (r *decoder) sample(n *node, where string) Sample {
	s := Sample{line: n.line, col: n.col}
	if n.kind == scalarNode && !n.null() {
		s.Answer = strings.TrimSuffix(r.answer(n, where), "\n")
		return s
	}
	r.object(n, where, map[string]field{
		"why":       func(n *node, where string) { s.Why = r.text(n, where, 300) },
		"prompt":    func(n *node, where string) { s.Prompt = r.answer(n, where) },
		"answer":    func(n *node, where string) { s.Answer = strings.TrimSuffix(r.answer(n, where), "\n") },
		"reasoning": func(n *node, where string) { s.Reasoning = r.answer(n, where) },
		"tool_calls": func(n *node, where string) {
			r.list(n, where, 20, func(n *node, where string) { s.ToolCalls = append(s.ToolCalls, *r.call(n, where)) })
		},
		"finish":     func(n *node, where string) { s.Finish = r.text(n, where, 60) },
		"refusal":    func(n *node, where string) { s.Refusal = r.answer(n, where) },
		"status":     func(n *node, where string) { s.Status = r.number(n, where, 100, 599) },
		"headers":    func(n *node, where string) { s.Headers = r.parameters(n, where) },
		"body":       func(n *node, where string) { s.Body = r.answer(n, where) },
		"error":      func(n *node, where string) { s.Error = r.text(n, where, 300) },
		"latency_ms": func(n *node, where string) { s.LatencyMS = r.number(n, where, 1, 3_600_000) },
		"tokens":     func(n *node, where string) { s.Tokens = r.number(n, where, 1, 10_000_000) },
		"callback":   func(n *node, where string) { s.Callback = r.truth(n, where) },
		"system":     func(n *node, where string) { s.System = r.answer(n, where) },
		"baseline": func(n *node, where string) {
			b := r.sample(n, where)
			s.Baseline = &b
		},
	})
	return s
}

// answer reads a text of a sample; it may name {{prompt}}, what was sent, too.
func (r *decoder) answer(n *node, where string) string {
	t := r.text(n, where, maxPrompt)
	r.using(n, where, strings.ReplaceAll(t, "{{prompt}}", ""))
	return t
}
