package judge

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// params are the parameters of one node.
type params map[string]any

func (p params) text(name string) string {
	if t := p.texts(name); len(t) > 0 {
		return t[0]
	}
	return ""
}

// texts reads a list of texts, or one text. Numbers and truth values are written out.
func (p params) texts(name string) []string {
	switch v := p[name].(type) {
	case nil:
		return nil
	case string:
		if v == "" {
			return nil
		}
		return []string{v}
	case []string:
		return v
	case []any:
		var all []string
		for _, x := range v {
			if t := written(x); t != "" {
				all = append(all, t)
			}
		}
		return all
	default:
		return []string{written(v)}
	}
}

// written is a value as text.
func written(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case map[string]any, []any:
		b, err := json.Marshal(v)
		if err != nil {
			return ""
		}
		return string(b)
	}
	return fmt.Sprint(v)
}

func (p params) has(name string) bool { _, ok := p[name]; return ok }

func (p params) number(name string, otherwise float64) float64 {
	if n, ok := numberOf(p[name]); ok {
		return n
	}
	return otherwise
}

func numberOf(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case uint64:
		return float64(v), true
	case float64:
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	case string:
		n, err := strconv.ParseFloat(v, 64)
		return n, err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
	}
	return 0, false
}

func (p params) is(name string, otherwise bool) bool {
	switch v := p[name].(type) {
	case bool:
		return v
	case string:
		if b, err := strconv.ParseBool(v); err == nil {
			return b
		}
	}
	return otherwise
}

// object reads a mapping, or JSON written as text.
func (p params) object(name string) any {
	if t, ok := p[name].(string); ok {
		var v any
		if json.Unmarshal([]byte(t), &v) != nil {
			return nil
		}
		return v
	}
	return p[name]
}

func (p params) pattern(name string) *regexp.Regexp { return compiled(p.text(name)) }

// patterns remembers compiled expressions: a run asks for the same few again and again.
var patterns struct {
	sync.Mutex
	known map[string]*regexp.Regexp
}

// maxPatterns bounds what is remembered, maxPattern one expression in bytes.
const (
	maxPatterns = 1024
	maxPattern  = 4096
)

// compiled compiles an expression; nil where it is wrong or empty.
func compiled(text string) *regexp.Regexp {
	if text == "" || len(text) > maxPattern {
		return nil
	}
	patterns.Lock()
	defer patterns.Unlock()
	if re, ok := patterns.known[text]; ok {
		return re
	}
	re, err := regexp.Compile(text)
	if err != nil {
		re = nil
	}
	if patterns.known == nil || len(patterns.known) >= maxPatterns {
		patterns.known = map[string]*regexp.Regexp{}
	}
	patterns.known[text] = re
	return re
}

// check tells what is wrong with the parameters of a node; paths begin with "params".
func (s *Signal) check(given map[string]any) []Problem {
	var problems []Problem
	names := make([]string, 0, len(s.Params))
	for _, p := range s.Params {
		names = append(names, p.Name)
		value, ok := given[p.Name]
		switch {
		case !ok && p.Required:
			problems = append(problems, Problem{"params", fmt.Sprintf("%s wants %s: %s", s.Name, p.Name, p.What), ""})
		case ok:
			if message, near := p.check(value); message != "" {
				problems = append(problems, Problem{"params." + p.Name, message, near})
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(names, name) {
			problems = append(problems, Problem{"params." + name, fmt.Sprintf("%s has no parameter %q", s.Name, name), nearest(name, names)})
		}
	}
	return problems
}

// check tells what is wrong with a value, and the word that is near to it.
func (p *Param) check(value any) (message, near string) {
	if t, ok := value.(string); ok && variable(t) {
		return "", ""
	}
	given := params{p.Name: value}
	switch p.Type {
	case Number, Numbers:
		list, many := value.([]any)
		if !many {
			list = []any{value}
		} else if p.Type == Number {
			return "one number is wanted", ""
		}
		for _, x := range list {
			if _, ok := numberOf(x); !ok {
				return fmt.Sprintf("%v is not a number", x), ""
			}
		}
	case Bool:
		if _, ok := value.(bool); !ok {
			return "true or false is wanted", ""
		}
	case Pattern:
		if len(given.text(p.Name)) > maxPattern {
			return fmt.Sprintf("an expression has at most %d bytes", maxPattern), ""
		}
		if _, err := regexp.Compile(given.text(p.Name)); err != nil {
			return strings.TrimPrefix(err.Error(), "error parsing regexp: "), ""
		}
	case Object:
		if given.object(p.Name) == nil {
			return "a mapping, or JSON as text, is wanted", ""
		}
	case Text, Texts:
		return p.checkWords(value)
	}
	return "", ""
}

func (p *Param) checkWords(value any) (message, near string) {
	list, many := value.([]any)
	if _, is := value.(map[string]any); is {
		return "a text is wanted", ""
	}
	if many && p.Type == Text {
		return "one text is wanted", ""
	}
	if !many {
		list = []any{value}
	}
	if len(list) == 0 {
		return "at least one text is wanted", ""
	}
	for _, x := range list {
		word := written(x)
		if word == "" {
			return "an empty text finds everything", ""
		}
		if len(p.OneOf) > 0 && !variable(word) && !slices.Contains(p.OneOf, word) {
			return fmt.Sprintf("%q is not one of %s", word, strings.Join(p.OneOf, ", ")), nearest(word, p.OneOf)
		}
	}
	return "", ""
}

// nearest is the word most like another one, where one is near enough to be meant.
func nearest(word string, words []string) string {
	best, least := "", len(word)/2+1
	for _, w := range words {
		if d := distance(strings.ToLower(word), w); d < least {
			best, least = w, d
		}
	}
	return best
}

// distance counts the letters to insert, drop, change or swap between two short words.
func distance(a, b string) int {
	const longest = 64
	a, b = a[:min(len(a), longest)], b[:min(len(b), longest)]
	prev2, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}
