package traffic

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func (p *queryParser) atEnd() bool { return p.pos >= len(p.in) }

func (p *queryParser) skipSpace() {
	for p.pos < len(p.in) {
		r, n := utf8.DecodeRuneInString(p.in[p.pos:])
		if !unicode.IsSpace(r) {
			return
		}
		p.pos += n
	}
}

func isSpaceAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsSpace(r)
}

// peekKeyword returns the length of the keyword at the position, or 0.
func (p *queryParser) peekKeyword(words ...string) int {
	rest := p.in[p.pos:]
	for _, w := range words {
		if len(rest) < len(w) || !strings.EqualFold(rest[:len(w)], w) {
			continue
		}
		if len(rest) == len(w) || w == "&&" || w == "||" || strings.ContainsRune("()\"", rune(rest[len(w)])) || isSpaceAt(rest, len(w)) {
			return len(w)
		}
	}
	return 0
}

// keyword eats one of the words, and the space around it, when it is next. A keyword that is followed by an operator
// of comparison is a field's name.
func (p *queryParser) keyword(words ...string) bool {
	p.skipSpace()
	n := p.peekKeyword(words...)
	if n == 0 {
		return false
	}
	p.pos += n
	p.skipSpace()
	return true
}

// fieldAhead recognises NAME OP at the position without eating it. op is empty where there is none; end is the offset
// after the operator.
func (p *queryParser) fieldAhead() (name string, end int, op string) {
	i := p.pos
	for i < len(p.in) && isNameByte(p.in[i], i == p.pos) {
		i++
	}
	if i == p.pos {
		return "", 0, ""
	}
	name = p.in[p.pos:i]
	for i < len(p.in) && isSpaceAt(p.in, i) {
		_, n := utf8.DecodeRuneInString(p.in[i:])
		i += n
	}
	op = operatorAt(p.in[i:])
	if op == "" || (op == ":" && strings.HasPrefix(p.in[i:], "://")) {
		return "", 0, ""
	}
	return name, i + len(op), op
}

func isNameByte(c byte, first bool) bool {
	letter := 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_'
	return letter || !first && ('0' <= c && c <= '9' || c == '-' || c == '.')
}

// operators are the signs of comparison, longer ones first.
var operators = []string{"!=", "!~", "!:", ">=", "<=", "==", "=~", ":", "=", ">", "<", "~"}

func operatorAt(s string) string {
	for _, op := range operators {
		if strings.HasPrefix(s, op) {
			return op
		}
	}
	return ""
}

// bare eats a value or word without quotes.
func (p *queryParser) bare(inList bool) string {
	start := p.pos
	for p.pos < len(p.in) {
		r, n := utf8.DecodeRuneInString(p.in[p.pos:])
		if r == '(' || r == ')' || r == '"' || inList && r == ',' || unicode.IsSpace(r) {
			break
		}
		p.pos += n
	}
	return p.in[start:p.pos]
}

// quoted eats a text in double quotes. Backslash takes the meaning of a quote or backslash away; before anything else
// it stands for itself.
func (p *queryParser) quoted() (string, error) {
	start := p.pos
	p.pos++
	var b strings.Builder
	for p.pos < len(p.in) {
		switch c := p.in[p.pos]; {
		case c == '"':
			p.pos++
			return b.String(), nil
		case c == '\\' && p.pos+1 < len(p.in) && (p.in[p.pos+1] == '"' || p.in[p.pos+1] == '\\'):
			b.WriteByte(p.in[p.pos+1])
			p.pos += 2
		default:
			b.WriteByte(c)
			p.pos++
		}
	}
	return "", p.failAt(start, 1, "this quote is never closed")
}

// slashed eats a /regular expression/ with its flags and returns the pattern.
func (p *queryParser) slashed() (string, error) {
	start := p.pos
	p.pos++
	var b strings.Builder
	for p.pos < len(p.in) {
		switch c := p.in[p.pos]; {
		case c == '/':
			p.pos++
			if p.pos < len(p.in) && p.in[p.pos] == 'i' {
				p.pos++
				return "(?i)" + b.String(), nil
			}
			return b.String(), nil
		case c == '\\' && p.pos+1 < len(p.in) && p.in[p.pos+1] == '/':
			b.WriteByte('/')
			p.pos += 2
		case c == '\\' && p.pos+1 < len(p.in):
			b.WriteString(p.in[p.pos : p.pos+2])
			p.pos += 2
		default:
			b.WriteByte(c)
			p.pos++
		}
	}
	return "", p.failAt(start, 1, "this regular expression is never closed with /")
}
