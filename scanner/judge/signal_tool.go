package judge

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"assay/internal/excerpt"
	"assay/llm"
	"assay/scanner"
)

// toolSignal looks at the tools that the target called.
func toolSignal() *Signal {
	return &Signal{
		Name: "tool-call", Hard: true,
		What: "The target called a tool, with this name and these arguments.",
		Params: []Param{
			{Name: "name", Type: Texts, What: "The tool's name, without case; one is enough. Any tool if neither this nor name_matches is said."},
			{Name: "name_matches", Type: Pattern, What: "An expression that the name must match."},
			{Name: "path", Type: Text, What: `Where in the arguments, as a JSON pointer; "*" stands for every member. Anywhere if not said.`},
			{Name: "equals", Type: Texts, What: "One of the values, without case."},
			{Name: "contains", Type: Texts, What: "One of the texts, without case."},
			{Name: "matches", Type: Pattern, What: "An expression."},
			{Name: "count", Type: Number, What: "At least so many calls; 1 if not said."},
			{Name: "usual", Type: Bool, What: "Whether calls that the baseline makes as well count; false if not said."},
		},
		look: lookCalls,
	}
}

func lookCalls(t *trial, p params) finding {
	w := matcher{equals: p.texts("equals"), contains: p.texts("contains"), matches: p.pattern("matches")}
	usual := map[string]bool{}
	if b := t.in.Baseline; b != nil && b.Said != nil && !p.is("usual", false) {
		for _, c := range b.Said.ToolCalls {
			usual[c.Name+"\x00"+c.Arguments] = true
		}
	}
	var all []scanner.Evidence
	hits := 0
	for _, c := range t.calls() {
		if !named(c, p.texts("name"), p.pattern("name_matches")) || usual[c.Name+"\x00"+c.Arguments] {
			continue
		}
		l := located{inCall, excerpt.Bytes(c.Arguments, maxText)}
		start, end, ok := w.arguments(l.text, p.text("path"))
		if !ok {
			continue
		}
		hits++
		if len(all) < maxEvidence {
			e := l.show("tool-call", start, end, "the target called "+quote(c.Name))
			if start == end {
				e.Text = excerpt.Bytes(strings.ToValidUTF8(c.Name+"("+l.text+")", "�"), maxShown)
			}
			all = append(all, e)
		}
	}
	if float64(hits) < p.number("count", 1) {
		return finding{}
	}
	return found(all, true)
}

func named(c llm.ToolCall, names []string, re *regexp.Regexp) bool {
	if len(names) > 0 && !slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, c.Name) }) {
		return false
	}
	return re == nil || re.MatchString(c.Name)
}

// matcher matches a value; where nothing is wanted every value matches.
type matcher struct {
	equals, contains []string
	matches          *regexp.Regexp
}

func (w *matcher) empty() bool { return len(w.equals) == 0 && len(w.contains) == 0 && w.matches == nil }

// find tells where a value matches, in bytes. One of equals, one of contains and the expression must all match.
func (w *matcher) find(value string) (start, end int, ok bool) {
	start, end = 0, len(value)
	if len(w.equals) > 0 && !slices.ContainsFunc(w.equals, func(e string) bool { return strings.EqualFold(strings.TrimSpace(value), strings.TrimSpace(e)) }) {
		return 0, 0, false
	}
	if len(w.contains) > 0 {
		folded, hit := lower(value), false
		for _, c := range w.contains {
			if i := strings.Index(folded, lower(c)); i >= 0 {
				start, end, hit = i, i+len(c), true
				break
			}
		}
		if !hit {
			return 0, 0, false
		}
	}
	if w.matches != nil {
		span := w.matches.FindStringIndex(value)
		if span == nil {
			return 0, 0, false
		}
		start, end = span[0], span[1]
	}
	return start, end, true
}

// maxArguments bounds how many values of one call's arguments are looked at.
const maxArguments = 4096

// arguments tells whether a value in JSON matches. The span is of the JSON's text where the value stands in it as it
// is, else empty.
func (w *matcher) arguments(text, path string) (start, end int, ok bool) {
	if path == "" && w.empty() {
		return 0, 0, true
	}
	var root any
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	if dec.Decode(&root) != nil {
		if path != "" {
			return 0, 0, false
		}
		return w.find(text) // no JSON: the text is the value
	}
	budget := maxArguments
	value, ok := w.walk(root, pointer(path), path == "", &budget)
	if !ok {
		return 0, 0, false
	}
	if value != "" {
		if i := strings.Index(text, value); i >= 0 {
			return i, i + len(value), true
		}
	}
	return 0, 0, true
}

// pointer splits a JSON pointer.
func pointer(path string) []string {
	path = strings.TrimPrefix(path, "/")
	if path == "" {
		return nil
	}
	steps := strings.Split(path, "/")
	for i, s := range steps {
		steps[i] = strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
	}
	return steps
}

// walk looks at the value at a path, or at every value below it.
func (w *matcher) walk(v any, path []string, deep bool, budget *int) (string, bool) {
	if *budget--; *budget < 0 {
		return "", false
	}
	if len(path) > 0 {
		return w.step(v, path, budget)
	}
	switch v := v.(type) {
	case map[string]any:
		if !deep {
			return w.leaf(written(v))
		}
		for _, x := range v {
			if text, ok := w.walk(x, nil, true, budget); ok {
				return text, true
			}
		}
		return "", false
	case []any:
		for _, x := range v {
			if text, ok := w.walk(x, nil, deep, budget); ok {
				return text, true
			}
		}
		return "", false
	}
	return w.leaf(written(v))
}

func (w *matcher) step(v any, path []string, budget *int) (string, bool) {
	switch v := v.(type) {
	case map[string]any:
		if path[0] != "*" {
			x, ok := v[path[0]]
			if !ok {
				return "", false
			}
			return w.walk(x, path[1:], false, budget)
		}
		for _, x := range v {
			if text, ok := w.walk(x, path[1:], false, budget); ok {
				return text, true
			}
		}
	case []any:
		i, err := strconv.Atoi(path[0])
		switch {
		case path[0] == "*":
			for _, x := range v {
				if text, ok := w.walk(x, path[1:], false, budget); ok {
					return text, true
				}
			}
		case err == nil && i >= 0 && i < len(v):
			return w.walk(v[i], path[1:], false, budget)
		}
	}
	return "", false
}

func (w *matcher) leaf(text string) (string, bool) {
	start, end, ok := w.find(text)
	if !ok {
		return "", false
	}
	return text[start:end], true
}
