package traffic

import (
	"slices"
	"strings"
	"time"
)

// Facts is what an exchange says about itself in the words of the filter language.
type Facts interface {
	// Strings returns the texts of a field of type text, choice or words; none when it is not known. key is the
	// header's name in lower case for field header, and empty otherwise.
	Strings(field, key string) []string
	// Number returns the number of any other field in the unit of its type (Value.Bounds), and whether it is known.
	Number(field string) (int64, bool)
}

// Match reports whether the facts satisfy the filter. now is what relative times refer to.
func (q *Query) Match(f Facts, now time.Time) bool {
	return q.Root == nil || match(q.Root, f, now, nil)
}

func match(n Node, f Facts, now time.Time, l *Language) bool {
	switch n := n.(type) {
	case And:
		return !slices.ContainsFunc(n.Nodes, func(c Node) bool { return !match(c, f, now, l) })
	case Or:
		return slices.ContainsFunc(n.Nodes, func(c Node) bool { return match(c, f, now, l) })
	case Not:
		return !match(n.Node, f, now, l)
	case Text:
		return slices.ContainsFunc(f.Strings(n.Field, ""), n.in)
	case Compare:
		return n.match(f, now, l)
	}
	return false
}

func (n Compare) match(f Facts, now time.Time, l *Language) bool {
	field := l.lookup(n.Field)
	if field == nil {
		return false
	}
	if field.Type.numeric() {
		number, ok := f.Number(n.Field)
		return ok && slices.ContainsFunc(n.Values, func(v Value) bool {
			lo, hi := v.Bounds(now)
			return lo <= number && number <= hi
		})
	}
	for _, s := range f.Strings(n.Field, n.Key) {
		if slices.ContainsFunc(n.Values, func(v Value) bool { return v.matchText(n.Op, s) }) {
			return true
		}
	}
	return false
}

func (v Value) matchText(op Op, s string) bool {
	switch {
	case op == OpRegex:
		return v.Regexp.MatchString(s)
	case v.Glob:
		return Glob(strings.ToLower(v.Text), strings.ToLower(s))
	case op == OpContains:
		return strings.Contains(strings.ToLower(s), strings.ToLower(v.Text))
	default:
		return strings.EqualFold(s, v.Text)
	}
}

// Glob matches the whole of s against a pattern in which * stands for any run, in time linear in both but for
// the number of stars.
func Glob(pattern, s string) bool {
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(s, parts[0])
	if !ok || len(parts) == 1 {
		return ok && rest == ""
	}
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}

// in reports whether the text has the words, one after the other.
func (n Text) in(s string) bool {
	words := WordsOf(s)
	for i := 0; i+len(n.Words) <= len(words); i++ {
		if n.at(words[i:]) {
			return true
		}
	}
	return false
}

func (n Text) at(words []string) bool {
	for i, w := range n.Words {
		if n.Prefix && i == len(n.Words)-1 {
			return strings.HasPrefix(strings.ToLower(words[i]), strings.ToLower(w))
		}
		if !strings.EqualFold(words[i], w) {
			return false
		}
	}
	return true
}
