package traffic

import (
	"fmt"
	"regexp"
	"strings"
)

// comparison parses what follows NAME OP; end is the offset after the operator.
func (p *queryParser) comparison(name string, end int, sign string) (Node, error) {
	start := p.pos
	field, key, sign, age, err := p.resolve(name, sign, start)
	if err != nil {
		return nil, err
	}
	p.pos = end
	p.skipSpace()
	if sign == ":" || sign == "!:" { // size:>1MB
		if inner := operatorAt(p.in[p.pos:]); inner != "" && inner[0] != '!' && inner != ":" {
			p.pos += len(inner)
			sign = strings.TrimSuffix(sign, ":") + inner
			p.skipSpace()
		}
	}
	negated := sign[0] == '!'
	op, err := p.operator(field, strings.TrimPrefix(sign, "!"), start, end)
	if err != nil {
		return nil, err
	}
	c := comparing{p: p, field: field, key: key, op: op, age: age}
	n, err := c.values()
	if err != nil {
		return nil, err
	}
	p.skipSpace()
	if negated {
		return negate(n), nil
	}
	return n, nil
}

// resolve finds the field of a name. since, until and age are ways to write started.
func (p *queryParser) resolve(name, sign string, start int) (f *QueryField, key, newSign string, age bool, err error) {
	base, key, dotted := strings.Cut(name, ".")
	short := strings.ToLower(base)
	if p.language != nil {
		short = "" // its fields have no short forms
	}
	switch short {
	case "since", "after":
		if sign == ":" || sign == "=" {
			sign = ">="
		}
		return lookupField("started"), "", sign, false, nil
	case "until", "before":
		if sign == ":" || sign == "=" {
			sign = "<"
		}
		return lookupField("started"), "", sign, false, nil
	case "age":
		return lookupField("started"), "", sign, true, nil
	}
	f = p.language.lookup(base)
	switch {
	case f == nil:
		return nil, "", "", false, p.unknownField(name, start)
	case dotted && f.Name != "header":
		return nil, "", "", false, p.failAt(start, len(name), fmt.Sprintf("field %s has no parts; only header has, as in header.user-agent:python", f.Name))
	case dotted && key == "":
		return nil, "", "", false, p.failAt(start, len(name), "the header's name is missing after the dot, as in header.user-agent:python")
	}
	return f, strings.ToLower(key), sign, false, nil
}

func (p *queryParser) operator(f *QueryField, sign string, start, end int) (Op, error) {
	var op Op
	switch sign {
	case ":", "":
		op = OpContains
		if f.Type != FieldText && f.Type != FieldWords {
			op = OpEqual
		}
	case "=", "==":
		op = OpEqual
	case "~", "=~":
		op = OpRegex
	case "<":
		op = OpLess
	case "<=":
		op = OpLessEqual
	case ">":
		op = OpGreater
	case ">=":
		op = OpGreaterEqual
	}
	ordered := op >= OpLess && op <= OpGreaterEqual
	switch {
	case op == OpRegex && f.Type != FieldText && f.Type != FieldWords:
		return 0, p.failAt(start, end-start, fmt.Sprintf("field %s is a %s and takes no regular expression; use %s", f.Name, f.Type, f.Examples[0]))
	case ordered && (!f.Type.numeric() || f.Type == FieldBool):
		return 0, p.failAt(start, end-start, fmt.Sprintf("field %s cannot be more or less than something; use : = != or ~, as in %s", f.Name, f.Examples[0]))
	}
	return op, nil
}

// comparing parses the values of one comparison.
type comparing struct {
	p     *queryParser
	field *QueryField
	key   string
	op    Op
	age   bool // the value is a duration to count back from now
}

// values parses one value or a list of them.
func (c comparing) values() (Node, error) {
	p := c.p
	if p.atEnd() || p.in[p.pos] != '(' {
		return c.one(false)
	}
	open := p.pos
	if c.op != OpContains && c.op != OpEqual {
		return nil, p.failAt(open, 1, "a list can follow only : = and !=")
	}
	p.pos++
	var nodes []Node
	for {
		p.skipSpace()
		if p.atEnd() {
			return nil, p.failAt(open, 1, "this ( is never closed")
		}
		if p.terms++; p.terms > maxQueryTerms {
			return nil, p.failAt(p.pos, 1, "the filter has more than 1,000 conditions")
		}
		n, err := c.one(true)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
		p.skipSpace()
		if p.atEnd() {
			return nil, p.failAt(open, 1, "this ( is never closed")
		}
		switch {
		case p.in[p.pos] == ')':
			p.pos++
			return joinValues(nodes), nil
		case p.in[p.pos] == ',':
			p.pos++
		case p.peekKeyword("or") == 0:
			return nil, p.failAt(p.pos, 1, "values of a list are separated by commas; put a value with spaces in quotes")
		default:
			p.pos += len("or")
		}
	}
}

// joinValues makes one Compare of a list of them, or an Or of Text nodes.
func joinValues(nodes []Node) Node {
	if len(nodes) == 1 {
		return nodes[0]
	}
	first, ok := nodes[0].(Compare)
	if !ok {
		return Or{nodes}
	}
	for _, n := range nodes[1:] {
		first.Values = append(first.Values, n.(Compare).Values...)
	}
	return first
}

func (c comparing) one(inList bool) (Node, error) {
	p := c.p
	start := p.pos
	var text string
	var quoted, star bool
	var err error
	switch {
	case p.atEnd():
	case p.in[p.pos] == '"':
		quoted = true
		if text, err = p.quoted(); err == nil && c.field.Type == FieldWords {
			star = p.star()
		}
	case p.in[p.pos] == '/' && c.op == OpRegex:
		text, err = p.slashed()
	default:
		text = p.bare(inList)
	}
	if err != nil {
		return nil, err
	}
	if text == "" && !quoted {
		return nil, p.failAt(start, 0, fmt.Sprintf("a value should follow, as in %s", c.field.Examples[0]))
	}
	if !p.atEnd() && (p.in[p.pos] == '"' || p.in[p.pos] == '(') {
		return nil, p.failAt(p.pos, 1, "put quotes around the whole value, or a space after it")
	}
	var v Value
	var msg string
	switch {
	case c.op == OpRegex:
		v, msg = regexValue(text)
	case c.field.Type == FieldWords:
		if !quoted {
			text, star = strings.CutSuffix(text, "*")
		}
		return p.text(c.field.Name, text, star, start)
	case c.field.Type == FieldText:
		v = textValue(text, quoted)
	case c.field.Type == FieldChoice:
		v, msg = choiceValue(c.field, text)
	default:
		v, msg = numericValue(c.field.Type, c.op, text, c.age)
	}
	if msg != "" {
		return nil, p.failAt(start, p.pos-start, msg)
	}
	op := c.op
	if c.age {
		op = turned(op)
	}
	return Compare{Field: c.field.Name, Key: c.key, Op: op, Values: []Value{v}}, nil
}

// turned is the operator for started where op was one for age.
func turned(op Op) Op {
	switch op {
	case OpLess:
		return OpGreater
	case OpLessEqual:
		return OpGreaterEqual
	case OpGreater:
		return OpLess
	case OpGreaterEqual:
		return OpLessEqual
	default:
		return op
	}
}

func textValue(text string, quoted bool) Value {
	return Value{Text: text, Glob: !quoted && strings.Contains(text, "*")}
}

const maxPattern = 1000

func regexValue(pattern string) (Value, string) {
	if len(pattern) > maxPattern {
		return Value{}, "the regular expression is longer than 1,000 bytes"
	}
	pattern = plainSlashes(pattern)
	re, err := regexp.Compile(pattern)
	if err != nil {
		return Value{}, strings.TrimPrefix(err.Error(), "error parsing regexp: ")
	}
	return Value{Text: pattern, Regexp: re}, ""
}

// plainSlashes takes the backslash from \/ so that a pattern reads the same however it was quoted.
func plainSlashes(pattern string) string {
	if !strings.Contains(pattern, `\/`) {
		return pattern
	}
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] == '\\' && i+1 < len(pattern) {
			i++
			if pattern[i] != '/' {
				b.WriteByte('\\')
			}
		}
		b.WriteByte(pattern[i])
	}
	return b.String()
}

func choiceValue(f *QueryField, text string) (Value, string) {
	for _, v := range f.Values {
		if strings.EqualFold(v, text) {
			return Value{Text: v}, ""
		}
	}
	if near := nearest(text, f.Values); near != "" {
		return Value{}, fmt.Sprintf("%s is never %q; did you mean %q?", f.Name, text, near)
	}
	return Value{}, fmt.Sprintf("%s is never %q; it is one of %s", f.Name, text, strings.Join(f.Values, ", "))
}
