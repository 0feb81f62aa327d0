package template

import (
	"regexp/syntax"
	"strings"

	"assay/scanner"
)

// aktoSample is an answer that a test's validate is true of, as far as it was read.
type aktoSample struct {
	status  int
	words   []string
	length  int // of the body, at least
	headers entries
}

func (s *aktoSample) says(words ...string) { s.words = append(s.words, words...) }

// longestSample bounds the body of a sample.
const longestSample = 40_000

// fields is the answer as a sample of a template.
func (s *aktoSample) fields() entries {
	status := s.status
	if status < 100 {
		status = 200
	}
	body := strings.Join(s.words, "\n")
	if missing := min(s.length, longestSample) - len(body); missing > 0 {
		body += strings.Repeat(".", missing)
	}
	if body == "" {
		body = "ok"
	}
	fields := entries{{Key: "why", Value: "made of what the test looks for"}, {Key: "status", Value: status}, {Key: "body", Value: body}}
	if len(s.headers) > 0 {
		fields = append(fields, entry{Key: "headers", Value: s.headers})
	}
	return fields
}

// innocent are answers that a test should find nothing in. Which of them it leaves alone is tried.
var innocent = []entries{
	{{Key: "status", Value: 403}, {Key: "body", Value: `{"error":"forbidden"}`}},
	{{Key: "status", Value: 404}, {Key: "body", Value: `{"error":"not found"}`}},
	{{Key: "status", Value: 200}, {Key: "body", Value: `{"ok":true}`}},
	{{Key: "status", Value: 200}, {Key: "body", Value: `{"message":"Your last order arrives on Thursday between nine and noon."}`}},
	{{Key: "status", Value: 500}, {Key: "body", Value: `{"error":"internal"}`}},
}

// proven writes the template with samples that its own detection judges as they say. A test for which no such answers
// can be made is not imported: nobody could tell whether it still does what it did.
func (a *akto) proven() ([]byte, error) {
	draft := entries{{Key: "vulnerable", Value: []any{a.sample.fields()}}, {Key: "resisted", Value: asAny(innocent)}}
	data, err := a.document(draft)
	if err != nil {
		return nil, &NotImported{"it cannot be written: " + err.Error()}
	}
	t, problems := Parse(a.id+".yaml", data)
	if len(problems) > 0 {
		return nil, &NotImported{"it makes no template: " + problems[0].Where + ": " + problems[0].What}
	}
	proofs, err := Prove(t)
	if err != nil {
		return nil, &NotImported{"its answers cannot be judged: " + err.Error()}
	}
	kept := map[scanner.Verdict][]any{}
	left := 0
	for i, p := range proofs {
		switch {
		case i == 0 && p.Judgement.Verdict != scanner.Vulnerable:
			return nil, &NotImported{"no answer could be made that its validate finds: " + p.Judgement.Reason}
		case i > 0 && p.Judgement.Verdict != scanner.Vulnerable && left < 3:
			kept[p.Judgement.Verdict] = append(kept[p.Judgement.Verdict], innocent[i-1])
			left++
		}
	}
	if left < 2 {
		return nil, &NotImported{"its validate finds nearly every answer"}
	}
	samples := entries{{Key: "vulnerable", Value: []any{a.sample.fields()}}}
	for _, verdict := range []scanner.Verdict{scanner.Resisted, scanner.Unclear, scanner.Errored} {
		if len(kept[verdict]) > 0 {
			samples = append(samples, entry{Key: string(verdict), Value: kept[verdict]})
		}
	}
	return a.document(samples)
}

func asAny(list []entries) []any {
	all := make([]any, len(list))
	for i, item := range list {
		all[i] = item
	}
	return all
}

// exampleOf is a text that an expression matches, as a rule: what it asserts about its surroundings is not looked at.
func exampleOf(e *syntax.Regexp, depth int) string {
	if depth > 30 {
		return ""
	}
	var b strings.Builder
	switch e.Op {
	case syntax.OpLiteral:
		return string(e.Rune)
	case syntax.OpCharClass:
		if len(e.Rune) > 0 {
			return string(readable(e.Rune))
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "x"
	case syntax.OpCapture, syntax.OpPlus:
		return exampleOf(e.Sub[0], depth+1)
	case syntax.OpRepeat:
		for range min(e.Min, 200) {
			b.WriteString(exampleOf(e.Sub[0], depth+1))
		}
	case syntax.OpConcat:
		for _, sub := range e.Sub {
			b.WriteString(exampleOf(sub, depth+1))
		}
	case syntax.OpAlternate:
		return exampleOf(e.Sub[0], depth+1)
	default: // empty matches, and what may be missing
	}
	return b.String()
}

// readable is a letter or digit of a class, else its first character.
func readable(ranges []rune) rune {
	for _, want := range "a1A " {
		for i := 0; i+1 < len(ranges); i += 2 {
			if want >= ranges[i] && want <= ranges[i+1] {
				return want
			}
		}
	}
	return ranges[0]
}
