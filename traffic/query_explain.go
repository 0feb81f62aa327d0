package traffic

import (
	"fmt"
	"strconv"
	"strings"
)

// Explain says in English what the filter selects: "exchanges to openai.com that used more than 1,000 tokens".
func (q *Query) Explain() string {
	if q.Root == nil {
		return "all exchanges"
	}
	return "exchanges " + speaker{}.explain(q.Root, false)
}

// ExplainEndpoints says what the filter selects of endpoints: "endpoints that are shadow with a risk of at least 50".
func (q *Query) ExplainEndpoints() string {
	if q.Root == nil {
		return "all endpoints"
	}
	return "endpoints " + speaker{endpoints: true}.explain(q.Root, false)
}

// speaker explains filters.
type speaker struct{ endpoints bool }

// ofEndpoints turns what is said of the endpoint of an exchange into what is said of an endpoint.
var ofEndpoints = strings.NewReplacer("whose endpoint's ", "whose ", "whose endpoint is ", "that are ", "whose endpoint was ", "that were ",
	"whose endpoint has ", "with ", "whose endpoint does ", "that do ")

// template is the phrase of a field in which %s stands for its values.
func (s speaker) template(f *QueryField, negated bool) string {
	phrase := f.phrase
	if negated {
		phrase = f.negated
	}
	if s.endpoints {
		phrase = ofEndpoints.Replace(phrase)
	}
	return phrase
}

func (s speaker) explain(n Node, inner bool) string {
	switch n := n.(type) {
	case And:
		return parenthesised(s.joinPhrases(n.Nodes), inner)
	case Or:
		phrases := make([]string, len(n.Nodes))
		for i, c := range n.Nodes {
			phrases[i] = s.explain(c, true)
		}
		return parenthesised(strings.Join(phrases, " or "), inner)
	case Not:
		switch c := n.Node.(type) {
		case Compare:
			return s.compare(c, true)
		case Text:
			return s.text(c, true)
		default:
			return "except those " + s.explain(c, true)
		}
	case Compare:
		return s.compare(n, false)
	case Text:
		return s.text(n, false)
	}
	return ""
}

func parenthesised(s string, inner bool) string {
	if inner {
		return "(" + s + ")"
	}
	return s
}

// joinPhrases puts "and" only between phrases of the same build: "to a that used b tokens and whose model is c".
func (s speaker) joinPhrases(nodes []Node) string {
	var b strings.Builder
	before := ""
	for i, n := range nodes {
		phrase := s.explain(n, true)
		build := phraseBuild(phrase)
		if i > 0 {
			if build == before || build == "(" || before == "(" {
				b.WriteString(" and")
			}
			b.WriteByte(' ')
		}
		b.WriteString(phrase)
		before = build
	}
	return b.String()
}

func phraseBuild(phrase string) string {
	first, _, _ := strings.Cut(phrase, " ")
	switch {
	case strings.HasPrefix(first, "("):
		return "("
	case first == "that" || first == "whose" || first == "in":
		return "clause"
	case first == "not":
		return "not"
	default:
		return first
	}
}

func (s speaker) text(n Text, negated bool) string {
	f := lookupField(n.Field)
	words := strconv.Quote(strings.Join(n.Words, " "))
	if n.Prefix {
		words = strings.TrimSuffix(words, `"`) + `…"`
	}
	return fmt.Sprintf(s.template(f, negated), words)
}

func (s speaker) compare(n Compare, negated bool) string {
	f := lookupField(n.Field)
	template := s.template(f, negated)
	phrases := make([]string, len(n.Values))
	for i, v := range n.Values {
		switch {
		case f.Name == "host":
			phrases[i] = v.object(n.Op)
		case f.Type == FieldWords: // only a regular expression gets here
			phrases[i] = "something that matches " + v.pattern()
		case f.Type == FieldText:
			phrases[i] = v.verb(n.Op, negated && f.phrase == f.negated)
		case f.Type == FieldChoice:
			phrases[i] = strings.ReplaceAll(v.Text, "_", " ")
		case f.Type == FieldTime:
			phrases[i] = v.when(n.Op)
		default:
			phrases[i] = v.amount(f.Type, n.Op)
		}
	}
	if f.Type == FieldBool {
		return s.bool(f, n.Values, negated)
	}
	if n.Key != "" {
		template = strings.Replace(template, "a header that", "a header "+n.Key+" that", 1)
	}
	by := " or "
	if negated && f.phrase == f.negated {
		by = " and "
	}
	return fmt.Sprintf(template, strings.Join(phrases, by))
}

// bool drops the yes of a phrase such as "that were streamed: yes".
func (s speaker) bool(f *QueryField, values []Value, negated bool) string {
	if len(values) > 1 {
		return fmt.Sprintf(s.template(f, negated), "yes or no")
	}
	phrase := s.template(f, negated != (values[0].max == 0))
	return strings.TrimSuffix(phrase, ": %s")
}

// verb is what a text does or does not: contains gpt, is not gpt, matches /gpt/.
func (v Value) verb(op Op, negated bool) string {
	does, doesNot, what := "is ", "is not ", shown(v.Text)
	switch {
	case op == OpRegex:
		does, doesNot, what = "matches ", "does not match ", v.pattern()
	case v.Glob:
		does, doesNot, what = "is like ", "is not like ", v.Text
	case op == OpContains:
		does, doesNot = "contains ", "does not contain "
	}
	if negated {
		return doesNot + what
	}
	return does + what
}

// pattern is the regular expression between slashes.
func (v Value) pattern() string {
	var b strings.Builder
	v.write(&b, OpRegex)
	return b.String()
}

// object is a text as the aim of a preposition: "to openai.com".
func (v Value) object(op Op) string {
	switch {
	case op == OpRegex:
		return "hosts matching " + v.pattern()
	case v.Glob:
		return "hosts like " + v.Text
	case op == OpContains:
		return shown(v.Text)
	default:
		return "exactly " + shown(v.Text)
	}
}

// shown quotes a text that would not read as one thing.
func shown(s string) string {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == '"' }) {
		return strconv.Quote(s)
	}
	return s
}

// amount is a number with what the operator says about it: more than 1,000.
func (v Value) amount(t FieldType, op Op) string {
	if lo, hi, ok := strings.Cut(v.Text, ".."); ok {
		switch {
		case lo == "":
			return "at most " + number(t, hi)
		case hi == "":
			return "at least " + number(t, lo)
		default:
			return "between " + number(t, lo) + " and " + number(t, hi)
		}
	}
	n := number(t, v.Text)
	switch op {
	case OpLess:
		return "less than " + n
	case OpLessEqual:
		return "at most " + n
	case OpGreater:
		return "more than " + n
	case OpGreaterEqual:
		return "at least " + n
	default:
		return n
	}
}

// number writes a number as a person would: 1,000, 250 ms, 1.5 MB, $0.25.
func number(t FieldType, text string) string {
	digits := strings.TrimRightFunc(strings.TrimPrefix(text, "$"), func(r rune) bool { return r > '9' })
	unit := strings.TrimPrefix(text, "$")[len(digits):]
	switch {
	case t == FieldMoney:
		return "$" + digits
	case t == FieldBytes && unit == "":
		unit = " bytes"
	case t == FieldDuration && unit == "":
		unit = " ms"
	case t != FieldNumber && unit != "":
		unit = " " + unit
	}
	return thousands(digits) + unit
}

func thousands(digits string) string {
	digits = strings.ReplaceAll(digits, "_", "")
	if strings.Contains(digits, ".") || len(digits) < 4 {
		return digits
	}
	var b strings.Builder
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 && digits[i-1] >= '0' {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// when is a time with what the operator says about it: in the last 15 minutes, before yesterday.
func (v Value) when(op Op) string {
	if lo, hi, ok := strings.Cut(v.Text, ".."); ok {
		switch {
		case lo == "":
			return "until " + timeWords(hi)
		case hi == "":
			return "since " + timeWords(lo)
		default:
			return "between " + timeWords(lo) + " and " + timeWords(hi)
		}
	}
	ago, relative := strings.CutPrefix(v.Text, "-")
	switch {
	case relative && (op == OpGreater || op == OpGreaterEqual || op == OpEqual):
		return "in the last " + durationWords(ago)
	case relative:
		return "more than " + timeWords(v.Text)
	case op == OpLess:
		return "before " + timeWords(v.Text)
	case op == OpLessEqual:
		return "until " + timeWords(v.Text)
	case op == OpGreater:
		return "after " + timeWords(v.Text)
	case op == OpGreaterEqual:
		return "since " + timeWords(v.Text)
	case v.Text[0] >= '0' && v.Text[0] <= '9':
		return "on " + v.Text
	default:
		return v.Text
	}
}

func timeWords(text string) string {
	if ago, ok := strings.CutPrefix(text, "-"); ok {
		return durationWords(ago) + " ago"
	}
	return strings.Replace(text, "T", " ", 1)
}

var durationUnits = map[string]string{
	"ms": "millisecond", "s": "second", "m": "minute", "min": "minute", "h": "hour", "d": "day", "w": "week",
}

func durationWords(text string) string {
	digits := strings.TrimRightFunc(text, func(r rune) bool { return r > '9' })
	unit, ok := durationUnits[strings.ToLower(text[len(digits):])]
	if !ok {
		return text
	}
	if digits != "1" {
		unit += "s"
	}
	return digits + " " + unit
}
