package mutate

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// none is the chain that changes nothing, as it is written.
const none = "none"

// Parse reads a chain:
//
//	chain   = "none" | step { "|" step }
//	step    = name [ "(" value { "," value } ")" ] [ "@" part ] [ "+ask" [ "(" number ")" ] ]
//	part    = risky | half | share(0..1) | nth(n) | first(n) | last(n) | longest(n) | quoted | "/" regular expression "/" [ "i" ]
//
// Of a regular expression the first 10,000 matches count. Values are numbers, words, or texts in double quotes. Spaces between the signs do not count. The error is an [*Error].
func Parse(spec string) (Chain, error) {
	p := parser{in: spec}
	if len(spec) > MaxSpec {
		return Chain{}, p.fail(0, fmt.Sprintf("longer than %d bytes", MaxSpec))
	}
	p.spaces()
	if rest := strings.TrimRight(p.in[p.at:], " \t"); rest == "" || rest == none {
		return Chain{}, nil
	}
	var c Chain
	for {
		if len(c.steps) == MaxSteps {
			return Chain{}, p.fail(p.at, fmt.Sprintf("more than %d mutations", MaxSteps))
		}
		s, err := p.step()
		if err != nil {
			return Chain{}, err
		}
		c.steps = append(c.steps, s)
		if err := p.decodable(c, s); err != nil {
			return Chain{}, err
		}
		p.spaces()
		if p.at == len(p.in) {
			return c, nil
		}
		if !p.take('|') {
			return Chain{}, p.fail(p.at, fmt.Sprintf("%s is not expected here; mutations are separated by |", p.here()))
		}
	}
}

type parser struct {
	in  string
	at  int
	ask int // where the last +ask was written
}

func (p *parser) fail(at int, message string) *Error {
	return &Error{Column: utf8.RuneCountInString(p.in[:at]) + 1, Message: message}
}

func (p *parser) spaces() {
	for p.at < len(p.in) && (p.in[p.at] == ' ' || p.in[p.at] == '\t') {
		p.at++
	}
}

// take moves past a sign and the spaces before it.
func (p *parser) take(sign byte) bool {
	p.spaces()
	if p.at < len(p.in) && p.in[p.at] == sign {
		p.at++
		return true
	}
	return false
}

// here quotes the character that is next.
func (p *parser) here() string {
	if p.at == len(p.in) {
		return "the end"
	}
	r, _ := utf8.DecodeRuneInString(p.in[p.at:])
	return strconv.Quote(string(r))
}

// word reads a name. It is empty where none begins.
func (p *parser) word() (string, int) {
	p.spaces()
	start := p.at
	for p.at < len(p.in) && isWordByte(p.in[p.at]) {
		p.at++
	}
	return p.in[start:p.at], start
}

func (p *parser) step() (step, error) {
	name, start := p.word()
	if name == "" {
		return step{}, p.fail(start, fmt.Sprintf("a mutation's name is missing before %s", p.here()))
	}
	m, wrong := find(name)
	if wrong != nil {
		return step{}, p.place(start, wrong)
	}
	s := step{m: m, args: m.defaults()}
	var err error
	if p.take('(') {
		if s.given, err = p.arguments(m, s.args); err != nil {
			return step{}, err
		}
	}
	if p.take('@') {
		if s.part, err = p.part(m); err != nil {
			return step{}, err
		}
	}
	if p.take('+') {
		if s.ask, err = p.asking(); err != nil {
			return step{}, err
		}
	}
	return s, nil
}

// place gives an error from a look-up its column.
func (p *parser) place(start int, e *Error) *Error {
	e.Column = p.fail(start, "").Column
	return e
}

// arguments reads values up to the closing parenthesis over the defaults.
func (p *parser) arguments(m *Mutation, args []argument) (int, error) {
	for i := 0; ; i++ {
		p.spaces()
		start := p.at
		if i == len(m.Params) {
			return 0, p.fail(start, fmt.Sprintf("%s takes %s", m.Name, m.takes()))
		}
		written, err := p.value()
		if err != nil {
			return 0, err
		}
		a, wrong, words := m.Params[i].read(written)
		if wrong != "" {
			e := p.fail(start, wrong)
			if e.Nearest = nearest(written, words); e.Nearest != "" {
				e.Message += fmt.Sprintf("; did you mean %q?", e.Nearest)
			}
			return 0, e
		}
		args[i] = a
		if p.take(')') {
			return i + 1, nil
		}
		if !p.take(',') {
			return 0, p.fail(p.at, fmt.Sprintf("the value ends with , or ), not with %s", p.here()))
		}
	}
}

// takes says in words which values a mutation takes.
func (m *Mutation) takes() string {
	if len(m.Params) == 0 {
		return "no value in parentheses"
	}
	names := make([]string, len(m.Params))
	for i, p := range m.Params {
		names[i] = p.Name
	}
	return fmt.Sprintf("at most %d: %s", len(names), strings.Join(names, ", "))
}

// value reads a text in double quotes, as Go writes them, or everything up to the next comma or parenthesis.
func (p *parser) value() (string, error) {
	if p.at < len(p.in) && p.in[p.at] == '"' {
		quoted, err := strconv.QuotedPrefix(p.in[p.at:])
		if err != nil {
			return "", p.fail(p.at, `the quote is not closed, or has a \ before something else than n, t, r, ", \, x.., u...., U........`)
		}
		p.at += len(quoted)
		text, err := strconv.Unquote(quoted)
		if err != nil {
			return "", p.fail(p.at-len(quoted), "this quoted text cannot be read")
		}
		return text, nil
	}
	end := strings.IndexAny(p.in[p.at:], `,()"|`)
	if end < 0 {
		end = len(p.in) - p.at
	}
	written := strings.TrimRight(p.in[p.at:p.at+end], " \t")
	if written == "" {
		return "", p.fail(p.at, fmt.Sprintf("a value is missing before %s", p.here()))
	}
	p.at += len(written)
	return written, nil
}

// asking reads what follows the plus.
func (p *parser) asking() (ask, error) {
	word, start := p.word()
	p.ask = start
	if word != "ask" {
		e := p.fail(start, fmt.Sprintf(`after + stands "ask", not %q`, shorten(word)))
		e.Nearest = "ask"
		return askNothing, e
	}
	if !p.take('(') {
		return askAny, nil
	}
	n, err := p.count(len(asks), "ask")
	return ask(n), err
}

// count reads a whole number from 1 to most and the parenthesis that closes it.
func (p *parser) count(most int, what string) (int, error) {
	p.spaces()
	start := p.at
	written, err := p.value()
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(written)
	if err != nil || n < 1 || n > most {
		return 0, p.fail(start, fmt.Sprintf("%s takes a whole number from 1 to %d, not %q", what, most, shorten(written)))
	}
	if !p.take(')') {
		return 0, p.fail(p.at, fmt.Sprintf("a ) is missing before %s", p.here()))
	}
	return n, nil
}

// decodable refuses a request to decode after steps that hide nothing.
func (p *parser) decodable(c Chain, s step) error {
	i := len(c.steps) - 1
	if s.ask == askNothing || called(c.steps[c.asked(i):]) != "" {
		return nil
	}
	return p.fail(p.ask, fmt.Sprintf("%s leaves nothing to decode, so nobody can be asked to", s.m.Name))
}

// part reads what follows the at sign.
func (p *parser) part(m *Mutation) (part, error) {
	p.spaces()
	start := p.at
	if m.Whole {
		return part{}, p.fail(start, fmt.Sprintf("%s is for the whole text, not for a part of it", m.Name))
	}
	if p.take('/') {
		return p.expression(start)
	}
	word, start := p.word()
	kind, ok := partKinds[strings.ToLower(word)]
	if !ok {
		return part{}, p.place(start, unknown("part", word, partNames()))
	}
	t := part{kind: kind}
	var err error
	switch kind {
	case countFirst, countLast, countNth, countLongest:
		if !p.take('(') {
			return part{}, p.fail(p.at, fmt.Sprintf("%s needs a number in parentheses, such as %s(20)", word, word))
		}
		t.count, err = p.count(maxCount, word)
	case shareOfWords:
		t.share, err = p.share()
	default:
	}
	return t, err
}

// share reads the share of the words in parentheses.
func (p *parser) share() (float64, error) {
	if !p.take('(') {
		return 0, p.fail(p.at, "share needs a number in parentheses, such as share(0.3)")
	}
	p.spaces()
	start := p.at
	written, err := p.value()
	if err != nil {
		return 0, err
	}
	a, wrong, _ := Param{Name: "share", Kind: Share}.read(written)
	if wrong != "" {
		return 0, p.fail(start, wrong)
	}
	if !p.take(')') {
		return 0, p.fail(p.at, fmt.Sprintf("a ) is missing before %s", p.here()))
	}
	return a.number, nil
}

// expression reads a regular expression up to its slash. It is kept as written: \/ means a slash to RE2 too.
func (p *parser) expression(start int) (part, error) {
	from := p.at
	for p.at < len(p.in) && p.in[p.at] != '/' {
		if p.in[p.at] == '\\' && p.at+1 < len(p.in) {
			p.at++
		}
		p.at++
	}
	t := part{kind: matches, source: p.in[from:p.at]}
	if p.at == len(p.in) {
		return part{}, p.fail(start, "the regular expression is not closed by /")
	}
	p.at++
	if p.at < len(p.in) && p.in[p.at] == 'i' {
		t.fold = true
		p.at++
	}
	if t.source == "" || len(t.source) > maxExpression {
		return part{}, p.fail(start, fmt.Sprintf("a regular expression has 1 to %d bytes", maxExpression))
	}
	source := t.source
	if t.fold {
		source = "(?i:" + source + ")"
	}
	re, err := regexp.Compile(source)
	if err != nil {
		return part{}, p.fail(start, "no regular expression (RE2): "+shorten(strings.TrimPrefix(err.Error(), "error parsing regexp: ")))
	}
	t.re = re
	return t, nil
}
