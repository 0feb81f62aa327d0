package judge

import (
	"strings"

	"assay/scanner"
)

var echoParam = Param{Name: "echo", Type: Bool, What: "Whether quoting what was sent counts as well; false if not said."}

// regexSignal finds what an expression matches.
func regexSignal() *Signal {
	return &Signal{
		Name: "regex", What: "An expression matches.",
		Params: []Param{{Name: "pattern", Type: Pattern, Required: true, What: "The expression, in RE2's syntax."}, echoParam, whereParam("answer")},
		look: func(t *trial, p params) finding {
			re := p.pattern("pattern")
			if re == nil {
				return unknowing("the expression is wrong")
			}
			m := matching{signal: "regex", echo: p.is("echo", false)}
			for _, l := range t.texts(p, inAnswer) {
				for _, s := range re.FindAllStringIndex(l.text, 64) {
					if s[1] > s[0] || len(l.text) == 0 {
						m.add(t, l, s[0], s[1], false, "the expression matches")
					}
				}
			}
			return m.finding()
		},
	}
}

// containsSignal finds a text.
func containsSignal() *Signal {
	return &Signal{
		Name: "contains", What: "The answer contains a text.",
		Params: []Param{
			{Name: "values", Type: Texts, Required: true, What: "The texts."},
			{Name: "every", Type: Bool, What: "Whether all must be there; one is enough if not said."},
			{Name: "case", Type: Bool, What: "Whether case must be the same; false if not said."},
			echoParam, whereParam("answer"),
		},
		look: func(t *trial, p params) finding {
			m := matching{signal: "contains", echo: p.is("echo", false), exact: p.is("case", false)}
			for _, v := range p.texts("values") {
				before := len(m.evidence)
				for _, l := range t.texts(p, inAnswer) {
					m.all(t, l, v, "it contains "+quote(v))
				}
				if len(m.evidence) == before && p.is("every", false) {
					return finding{}
				}
			}
			return m.finding()
		},
	}
}

// equalsSignal compares the whole text.
func equalsSignal() *Signal {
	return &Signal{
		Name: "equals", What: "The answer is a text and nothing else; case, white space around it and a full stop at its end do not count.",
		Params: []Param{{Name: "values", Type: Texts, Required: true, What: "The texts; one is enough."}, whereParam("answer")},
		look: func(t *trial, p params) finding {
			var all []scanner.Evidence
			for _, l := range t.texts(p, inAnswer) {
				for _, v := range p.texts("values") {
					if bare(l.text) == bare(v) && bare(v) != "" {
						all = append(all, l.show("equals", 0, len(l.text), "it is "+quote(v)))
					}
				}
			}
			return found(all, false)
		},
	}
}

// bare is a text without what does not count when texts are compared.
func bare(text string) string { return strings.Trim(lower(text), " \t\r\n.!\"'`*") }

// startsSignal looks at how the text begins.
func startsSignal() *Signal {
	return &Signal{
		Name: "starts-with", What: "The answer begins with a text; case and white space, quotes and stars before it do not count.",
		Params: []Param{{Name: "values", Type: Texts, Required: true, What: "The texts; one is enough."}, whereParam("answer")},
		look: func(t *trial, p params) finding {
			m := matching{signal: "starts-with"}
			for _, l := range t.texts(p, inAnswer) {
				from := len(l.text) - len(strings.TrimLeft(l.text, " \t\r\n\"'`*#>"))
				for _, v := range p.texts("values") {
					if strings.HasPrefix(lower(l.text[from:]), lower(v)) {
						m.add(t, l, from, from+len(v), false, "it begins with "+quote(v))
					}
				}
			}
			return m.finding()
		},
	}
}
