package traffic

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Query is a parsed filter. The zero Query selects everything.
type Query struct {
	Root Node // nil selects everything
}

// Node is one of And, Or, Not, Compare and Text.
type Node interface{ write(*strings.Builder, int) }

// And holds when all of its nodes hold.
type And struct{ Nodes []Node }

// Or holds when one of its nodes holds.
type Or struct{ Nodes []Node }

// Not holds when its node does not; an exchange without the field is therefore selected by `status!=200`.
type Not struct{ Node Node }

// Compare holds when the named field has one of Values. Fields of type FieldWords appear here only with OpRegex;
// their words are Text nodes.
type Compare struct {
	Field  string // the Name of a QueryField; aliases are resolved
	Key    string // of field header: the header's name, empty for any; otherwise empty
	Op     Op
	Values []Value // one or more; one that holds suffices
}

// Text holds when a text has the words one after the other. Words are compared without case, whole but for the last
// one when Prefix is set.
type Text struct {
	Field  string   // a FieldWords field: "text" for everything that was said and the URL, or system, user, ...
	Words  []string // one or more, as WordsOf splits text
	Prefix bool
}

// Op is how a Compare compares.
type Op uint8

// The operators. Not equal is Not of OpEqual.
const (
	OpContains Op = iota + 1 // `:` on FieldText: the value is part of the text, without case; a Glob matches the whole text
	OpEqual                  // `=`; also `:` on numbers, times, choices and booleans
	OpLess                   // numbers and times, as the next three: use Value.Bounds
	OpLessEqual
	OpGreater
	OpGreaterEqual
	OpRegex // `~`: Value.Regexp finds a match anywhere in the text, with case unless it says (?i)
)

var opSigns = [...]string{
	OpContains: ":", OpEqual: "=", OpLess: "<", OpLessEqual: "<=", OpGreater: ">", OpGreaterEqual: ">=", OpRegex: "~",
}

// String returns the operator as written in a query.
func (o Op) String() string {
	if int(o) < len(opSigns) {
		return opSigns[o]
	}
	return ""
}

// Value is what a field is compared with.
type Value struct {
	Text   string         // as written, without quotes; of OpRegex the pattern (RE2), of booleans "yes" or "no"
	Glob   bool           // Text has * that stand for any run of characters
	Regexp *regexp.Regexp // of OpRegex

	min, max int64 // numbers; the operator is taken into account
	from, to moment
}

// Bounds returns the smallest and the largest number that satisfy a Compare of a number, a time or a boolean with this
// value, in the unit of the field's type: counts, bytes, microseconds of duration, millionths of a US dollar, Unix
// microseconds, 0 and 1. now is the moment and, by its location, the calendar that relative times refer to.
func (v Value) Bounds(now time.Time) (lo, hi int64) {
	lo, hi = v.min, v.max
	if v.from.set() {
		lo = v.from.resolve(now)
	}
	if v.to.set() {
		hi = v.to.resolve(now)
	}
	return lo, hi
}

// Like returns the value as a pattern of SQL's LIKE with backslash as the escape character, for OpContains and
// OpEqual on text.
func (v Value) Like(op Op) string {
	pattern := likeEscaper.Replace(v.Text)
	switch {
	case v.Glob:
		return strings.ReplaceAll(pattern, "*", "%")
	case op == OpContains:
		return "%" + pattern + "%"
	default:
		return pattern
	}
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// unbounded is the Value whose Bounds hold every number.
var unbounded = Value{min: math.MinInt64, max: math.MaxInt64}

// Fields returns the names of the fields a query uses, sorted, each once.
func (q *Query) Fields() []string {
	var names []string
	walk(q.Root, func(n Node) {
		switch n := n.(type) {
		case Compare:
			names = append(names, n.Field)
		case Text:
			names = append(names, n.Field)
		}
	})
	slices.Sort(names)
	return slices.Compact(names)
}

// Aging reports whether the query may select something else at one moment than at another, though no exchange changed:
// since:10m always does, started:today after midnight.
func (q *Query) Aging(from, to time.Time) bool {
	aging := false
	walk(q.Root, func(n Node) {
		c, ok := n.(Compare)
		if !ok {
			return
		}
		for _, v := range c.Values {
			lo1, hi1 := v.Bounds(from)
			lo2, hi2 := v.Bounds(to)
			aging = aging || lo1 != lo2 || hi1 != hi2
		}
	})
	return aging
}

func walk(n Node, visit func(Node)) {
	if n == nil {
		return
	}
	visit(n)
	switch n := n.(type) {
	case And:
		for _, c := range n.Nodes {
			walk(c, visit)
		}
	case Or:
		for _, c := range n.Nodes {
			walk(c, visit)
		}
	case Not:
		walk(n.Node, visit)
	}
}
