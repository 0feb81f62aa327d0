package llm

import "bytes"

// parser builds a document's index. It keeps its own stack, so that depth costs no goroutine stack.
type parser struct {
	*document
	pos int
	key bool // the last node is a key whose value has not come yet
}

func (p *parser) run() {
	if bytes.HasPrefix(p.src, []byte(byteOrderMark)) {
		p.pos = len(byteOrderMark)
	}
	p.space()
	if p.pos == len(p.src) {
		p.err = errTruncated
		return
	}
	p.err = p.values()
	if p.key { // ended early: a key without its value says nothing
		p.nodes = p.nodes[:len(p.nodes)-1]
	}
	for len(p.open) > 0 {
		p.close(min(p.pos, len(p.src)))
	}
	if p.err != nil {
		return
	}
	p.space()
	if p.pos < len(p.src) {
		p.err = errSyntax
	}
}

// values reads one value and everything inside it.
func (p *parser) values() error {
	for {
		opened, err := p.value()
		if err != nil {
			return err
		}
		if opened {
			p.space()
			if p.pos < len(p.src) && p.src[p.pos] == p.closer() {
				p.pos++
				p.close(p.pos)
			} else {
				if err := p.keyIfObject(); err != nil {
					return err
				}
				continue
			}
		}
		for {
			if len(p.open) == 0 {
				return nil
			}
			more, err := p.after()
			if err != nil {
				return err
			}
			if more {
				break
			}
		}
	}
}

// after reads what may follow an element: a comma and the next key, or the end of the container.
func (p *parser) after() (more bool, err error) {
	p.space()
	if p.pos == len(p.src) {
		return false, errTruncated
	}
	switch c := p.src[p.pos]; c {
	case ',':
		p.pos++
		p.space()
		return true, p.keyIfObject()
	case '}', ']':
		if c != p.closer() {
			return false, errSyntax
		}
		p.pos++
		p.close(p.pos)
		return false, nil
	default:
		return false, errSyntax
	}
}

func (p *parser) keyIfObject() error {
	if p.closer() != '}' {
		return nil
	}
	if p.pos == len(p.src) {
		return errTruncated
	}
	if p.src[p.pos] != '"' {
		return errSyntax
	}
	p.key = true
	if err := p.string(); err != nil {
		return err
	}
	p.space()
	if p.pos == len(p.src) {
		return errTruncated
	}
	if p.src[p.pos] != ':' {
		return errSyntax
	}
	p.pos++
	return nil
}

// value reads a scalar, or opens a container.
func (p *parser) value() (opened bool, err error) {
	p.space()
	if p.pos == len(p.src) {
		return false, errTruncated
	}
	if len(p.nodes) >= maxNodes {
		return false, errTooLarge
	}
	c := p.src[p.pos]
	if c == '"' {
		p.key = false
		return false, p.string()
	}
	switch c {
	case '{':
		return true, p.begin(kindObject)
	case '[':
		return true, p.begin(kindArray)
	case 't':
		return false, p.literal("true", kindTrue)
	case 'f':
		return false, p.literal("false", kindFalse)
	case 'n':
		return false, p.literal("null", kindNull)
	default:
		if c == '-' || c >= '0' && c <= '9' {
			return false, p.number()
		}
		return false, errSyntax
	}
}

func (p *parser) begin(kind valueKind) error {
	if len(p.open) == maxDepth {
		return errTooLarge
	}
	p.open = append(p.open, uint32(len(p.nodes)))
	p.key = false
	p.nodes = append(p.nodes, node{start: uint32(p.pos), kind: kind})
	p.pos++
	return nil
}

func (p *parser) closer() byte {
	if n := len(p.open); n > 0 && p.nodes[p.open[n-1]].kind == kindObject {
		return '}'
	}
	return ']'
}

func (p *parser) close(end int) {
	last := len(p.open) - 1
	n := &p.nodes[p.open[last]]
	p.open = p.open[:last]
	n.end, n.next = uint32(end), uint32(len(p.nodes))
}

func (p *parser) add(n node) {
	n.end, n.next = uint32(p.pos), uint32(len(p.nodes))+1
	p.nodes = append(p.nodes, n)
}

// string reads a string. One cut off by the end of the text is kept as far as it goes.
func (p *parser) string() error {
	n := node{start: uint32(p.pos), kind: kindString}
	p.pos++
	for {
		i := bytes.IndexByte(p.src[p.pos:], '"')
		if i < 0 {
			n.escaped = n.escaped || bytes.IndexByte(p.src[p.pos:], '\\') >= 0
			n.cut = true
			p.pos = len(p.src)
			p.add(n)
			return errTruncated
		}
		run := p.src[p.pos : p.pos+i]
		p.pos += i + 1
		if !n.escaped {
			n.escaped = bytes.IndexByte(run, '\\') >= 0
		}
		if !oddBackslashes(run) {
			p.add(n)
			return nil
		}
	}
}

// oddBackslashes reports whether the quote after run is escaped.
func oddBackslashes(run []byte) bool {
	n := 0
	for i := len(run) - 1; i >= 0 && run[i] == '\\'; i-- {
		n++
	}
	return n%2 == 1
}

func (p *parser) literal(word string, kind valueKind) error {
	rest := p.src[p.pos:]
	if len(rest) < len(word) {
		if word[:len(rest)] == string(rest) {
			return errTruncated
		}
		return errSyntax
	}
	if string(rest[:len(word)]) != word {
		return errSyntax
	}
	n := node{start: uint32(p.pos), kind: kind}
	p.pos += len(word)
	p.key = false
	p.add(n)
	return nil
}

// number reads a number loosely: digits, signs, points and exponents in any order. One that the end of the text may
// have cut off is not kept.
func (p *parser) number() error {
	n := node{start: uint32(p.pos), kind: kindNumber}
	for p.pos < len(p.src) && numeric[p.src[p.pos]] {
		p.pos++
	}
	if p.pos == len(p.src) && len(p.open) > 0 {
		return errTruncated
	}
	p.key = false
	p.add(n)
	return nil
}

var numeric = [256]bool{
	'0': true, '1': true, '2': true, '3': true, '4': true, '5': true, '6': true, '7': true, '8': true, '9': true,
	'-': true, '+': true, '.': true, 'e': true, 'E': true,
}

func (p *parser) space() {
	for p.pos < len(p.src) {
		switch p.src[p.pos] {
		case ' ', '\n', '\r', '\t':
			p.pos++
		default:
			return
		}
	}
}
