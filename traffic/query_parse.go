package traffic

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a query: no filter a person writes comes near them, and nothing that parses costs more than they allow.
const (
	MaxQueryBytes = 16 << 10
	maxQueryDepth = 50
	maxQueryTerms = 1000 // comparisons, texts and values together
)

// Parse reads a filter. Errors are of type *QueryError. The empty filter selects everything.
func Parse(text string) (*Query, error) { return parse(text, nil) }

func parse(text string, l *Language) (*Query, error) {
	p := &queryParser{in: text, language: l}
	if len(text) > MaxQueryBytes {
		return nil, p.failAt(0, 0, "the filter is longer than 16 KiB")
	}
	if !utf8.ValidString(text) {
		return nil, p.failAt(invalidAt(text), 1, "the filter is not valid UTF-8")
	}
	p.skipSpace()
	if p.pos == len(p.in) {
		return &Query{}, nil
	}
	root, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.pos < len(p.in) {
		return nil, p.failAt(p.pos, 1, "this ) closes nothing; put it in quotes to search for it")
	}
	return &Query{Root: root}, nil
}

func invalidAt(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return i
			}
		}
	}
	return len(s)
}

type queryParser struct {
	in    string
	pos   int // byte offset
	depth int
	terms int

	language *Language // nil for that of exchanges
}

func (p *queryParser) or() (Node, error) {
	var nodes []Node
	for {
		n, err := p.and()
		if err != nil {
			return nil, err
		}
		if sub, ok := n.(Or); ok {
			nodes = append(nodes, sub.Nodes...)
		} else {
			nodes = append(nodes, n)
		}
		if !p.keyword("or", "||") {
			break
		}
	}
	if len(nodes) == 1 {
		return nodes[0], nil
	}
	return Or{nodes}, nil
}

func (p *queryParser) and() (Node, error) {
	var nodes []Node
	for {
		n, err := p.not()
		if err != nil {
			return nil, err
		}
		if sub, ok := n.(And); ok {
			nodes = append(nodes, sub.Nodes...)
		} else {
			nodes = append(nodes, n)
		}
		explicit := p.keyword("and", "&&")
		if !explicit && (p.atEnd() || p.in[p.pos] == ')' || p.peekKeyword("or", "||") > 0) {
			break
		}
	}
	if len(nodes) == 1 {
		return nodes[0], nil
	}
	return And{nodes}, nil
}

func (p *queryParser) not() (Node, error) {
	p.skipSpace()
	negated := false
	for {
		if p.keyword("not") {
			negated = !negated
			continue
		}
		if p.pos+1 < len(p.in) && (p.in[p.pos] == '-' || p.in[p.pos] == '!') && !isSpaceAt(p.in, p.pos+1) {
			p.pos++
			negated = !negated
			continue
		}
		break
	}
	n, err := p.primary()
	if err != nil {
		return nil, err
	}
	if negated {
		return negate(n), nil
	}
	return n, nil
}

func negate(n Node) Node {
	if inner, ok := n.(Not); ok {
		return inner.Node
	}
	return Not{n}
}

func (p *queryParser) primary() (Node, error) {
	p.skipSpace()
	if p.atEnd() {
		return nil, p.failAt(p.pos, 0, "the filter ends where a condition should follow")
	}
	if p.terms++; p.terms > maxQueryTerms {
		return nil, p.failAt(p.pos, 1, "the filter has more than 1,000 conditions")
	}
	switch p.in[p.pos] {
	case '(':
		return p.group()
	case ')':
		return nil, p.failAt(p.pos, 1, "a condition should stand before this )")
	case '"':
		return p.quotedText()
	}
	if n := p.peekKeyword("and", "or", "&&", "||"); n > 0 {
		return nil, p.failAt(p.pos, n, "a condition should stand before this word; put it in quotes to search for it")
	}
	if name, end, op := p.fieldAhead(); op != "" {
		return p.comparison(name, end, op)
	}
	return p.bareText()
}

func (p *queryParser) group() (Node, error) {
	open := p.pos
	if p.depth++; p.depth > maxQueryDepth {
		return nil, p.failAt(open, 1, "parentheses are nested deeper than 50")
	}
	p.pos++
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.atEnd() {
		return nil, p.failAt(open, 1, "this ( is never closed")
	}
	p.pos++
	p.depth--
	p.skipSpace()
	return n, nil
}

func (p *queryParser) quotedText() (Node, error) {
	start := p.pos
	s, err := p.quoted()
	if err != nil {
		return nil, err
	}
	if p.language != nil {
		return nil, p.wordAlone(start)
	}
	return p.text("text", s, p.star(), start)
}

// star eats a * right after a quoted text, which makes its last word a prefix.
func (p *queryParser) star() bool {
	if p.pos < len(p.in) && p.in[p.pos] == '*' {
		p.pos++
		return true
	}
	return false
}

func (p *queryParser) bareText() (Node, error) {
	start := p.pos
	word := p.bare(false)
	if p.language != nil {
		return nil, p.wordAlone(start)
	}
	p.skipSpace()
	if isAddress(word) {
		return Compare{Field: "url", Op: OpContains, Values: []Value{textValue(word, true)}}, nil
	}
	word, prefix := strings.CutSuffix(word, "*")
	return p.text("text", word, prefix, start)
}

// isAddress reports whether a word is the beginning of a URL, which is looked for in URLs, not among words.
func isAddress(word string) bool {
	scheme, _, ok := strings.Cut(word, "://")
	return ok && (scheme == "http" || scheme == "https" || scheme == "ws" || scheme == "wss")
}

// text makes a Text node of what was written at start.
func (p *queryParser) text(field, s string, prefix bool, start int) (Node, error) {
	p.skipSpace()
	words := WordsOf(s)
	if len(words) == 0 {
		return nil, p.failAt(start, p.pos-start, "there is no word to search for here; use text ~ /…/ for signs")
	}
	return Text{Field: field, Words: words, Prefix: prefix}, nil
}

// WordsOf splits text into the words that Text nodes search for: runs of letters and digits with the marks on them.
func WordsOf(text string) []string {
	var words []string
	start := -1
	for i, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Co, r):
			if start < 0 {
				start = i
			}
		case start >= 0 && unicode.IsMark(r):
		case start >= 0:
			words = append(words, text[start:i])
			start = -1
		}
	}
	if start >= 0 {
		words = append(words, text[start:])
	}
	return words
}
