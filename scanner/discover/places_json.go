package discover

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Bounds of a walk.
const (
	maxWalkDepth   = 10_000 // containers open at once
	maxWalkPending = 8192   // strings that wait for their role
	leastVector    = 64     // numbers of an array that make it an embedding rather than a list
)

// jsonText is a string, or a long number, of a document that was walked.
type jsonText struct {
	raw     []byte // between the quotes, as sent
	node    int32
	role    string
	path    string // of a text that stands at no node
	escaped bool
	number  bool
}

// jsonLevel is an object or array that is being read.
type jsonLevel struct {
	node      int32
	before    int32 // the member before the one that is read; the node itself at first
	array     bool
	role      string // who speaks inside; empty while nobody is known
	from      int    // the first of its texts in pending
	numbers   int
	fractions int
}

// jsonWalk goes through a JSON text once, whatever its size and depth, and tells every string in it. It is lenient: of
// a text that ends early it tells what was there.
type jsonWalk struct {
	paths   *pathTable
	roles   roles
	src     []byte
	pos     int
	stack   []jsonLevel
	pending []jsonText
	text    func(jsonText)
	vector  func(node int32, numbers int) // may be nil, as the next
	opened  func(node int32, array bool)
	broken  bool
}

// run walks src under a node.
func (w *jsonWalk) run(src []byte, root int32) {
	w.src, w.pos, w.broken = src, 0, false
	w.stack, w.pending = w.stack[:0], w.pending[:0]
	node := root
	for {
		w.space()
		if w.pos >= len(w.src) || w.broken {
			break
		}
		switch c := w.src[w.pos]; c {
		case '{', '[':
			w.open(c == '[', node)
		case '}', ']':
			w.pos++
			w.shut()
		case ',':
			w.pos++
		case '"':
			raw, escaped := w.str()
			w.value(jsonText{raw: raw, node: w.here(node), escaped: escaped})
		default:
			w.scalar(node)
		}
		if len(w.stack) == 0 {
			break
		}
		top := &w.stack[len(w.stack)-1]
		if top.array {
			node = top.node
			continue
		}
		var ok bool
		if node, ok = w.member(top); !ok {
			node = top.node
		}
	}
	for len(w.stack) > 0 {
		w.shut()
	}
	w.flush(0)
	w.src = nil
}

// rest lets go of what a walk may hold, but for room for the next one.
func (w *jsonWalk) rest() { *w = jsonWalk{stack: w.stack[:0], pending: w.pending[:0]} }

func (w *jsonWalk) here(node int32) int32 {
	if n := len(w.stack); n > 0 && w.stack[n-1].array {
		return w.paths.element(node)
	}
	return node
}

func (w *jsonWalk) space() {
	for w.pos < len(w.src) {
		switch w.src[w.pos] {
		case ' ', '\t', '\n', '\r':
			w.pos++
		default:
			return
		}
	}
}

// member reads a key and its colon, and returns the node of its value; not ok when none follows.
func (w *jsonWalk) member(top *jsonLevel) (int32, bool) {
	w.space()
	for w.pos < len(w.src) && w.src[w.pos] == ',' {
		w.pos++
		w.space()
	}
	if w.pos >= len(w.src) || w.src[w.pos] != '"' {
		return 0, false
	}
	key, escaped := w.str()
	if escaped {
		key = []byte(unescapeJSON(key))
	}
	w.space()
	if w.pos >= len(w.src) || w.src[w.pos] != ':' {
		w.broken = true
		return 0, false
	}
	w.pos++
	top.before = w.paths.member(top.node, top.before, key)
	return top.before, true
}

func (w *jsonWalk) open(array bool, node int32) {
	w.pos++
	if len(w.stack) >= maxWalkDepth {
		w.broken = true
		return
	}
	node, role := w.here(node), ""
	if n := len(w.stack); n > 0 {
		role = w.stack[n-1].role
	}
	if said := w.roles.of(w.paths, node); said != "" {
		role = said
	}
	if w.opened != nil && len(w.stack) <= 2 {
		w.opened(node, array)
	}
	w.stack = append(w.stack, jsonLevel{node: node, before: node, array: array, role: role, from: len(w.pending)})
}

func (w *jsonWalk) shut() {
	n := len(w.stack)
	if n == 0 {
		w.broken = true
		return
	}
	top := w.stack[n-1]
	w.stack = w.stack[:n-1]
	if top.array && top.numbers >= leastVector && top.fractions*2 > top.numbers && w.vector != nil {
		w.vector(top.node, top.numbers)
	}
	if n <= 2 || len(w.pending) > maxWalkPending {
		w.flush(0)
	}
}

// value takes a string. A member that says who speaks counts for all of its object, what stood before it too.
func (w *jsonWalk) value(t jsonText) {
	if n := len(w.stack); n > 0 {
		top := &w.stack[n-1]
		t.role = top.role
		if !top.array && len(t.raw) <= 40 {
			if said := w.roles.said(w.paths.nodes[t.node].speaker, t.raw); said != "" {
				if top.role == roleSystem && said == roleUser { // Gemini's instruction is said by a "user"
					return
				}
				top.role = said
				for i := min(top.from, len(w.pending)); i < len(w.pending); i++ {
					if w.pending[i].role == "" || !roleFixed(w.pending[i].role) {
						w.pending[i].role = said
					}
				}
				return
			}
		}
	}
	if said := w.roles.of(w.paths, t.node); said != "" {
		t.role = said
	}
	if len(t.raw) < leastText {
		return
	}
	w.pending = append(w.pending, t)
	if len(w.pending) > 2*maxWalkPending {
		w.flush(0)
	}
}

func (w *jsonWalk) flush(from int) {
	for i := from; i < len(w.pending); i++ {
		w.text(w.pending[i])
	}
	clear(w.pending[from:])
	w.pending = w.pending[:from]
	for i := range w.stack {
		w.stack[i].from = min(w.stack[i].from, from)
	}
}

// str reads a string and returns what is between its quotes.
func (w *jsonWalk) str() (raw []byte, escaped bool) {
	start := w.pos + 1
	at := start
	for {
		i := bytes.IndexByte(w.src[at:], '"')
		if i < 0 {
			w.pos = len(w.src)
			return w.src[start:], bytes.IndexByte(w.src[start:], '\\') >= 0
		}
		at += i
		slashes := 0
		for at-1-slashes >= start && w.src[at-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			w.pos = at + 1
			raw = w.src[start:at]
			return raw, bytes.IndexByte(raw, '\\') >= 0
		}
		at++
	}
}

// scalar reads a number or a word.
func (w *jsonWalk) scalar(node int32) {
	start := w.pos
	fraction, digits := false, 0
	for w.pos < len(w.src) {
		c := w.src[w.pos]
		if c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '"' || c == '{' || c == '[' {
			break
		}
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' || c == 'e' || c == 'E':
			fraction = true
		}
		w.pos++
	}
	if w.pos == start { // nothing that belongs here
		w.broken = true
		return
	}
	n := len(w.stack)
	if n == 0 {
		return
	}
	top := &w.stack[n-1]
	switch {
	case digits == 0:
	case top.array:
		top.numbers++
		if fraction {
			top.fractions++
		}
	case !fraction && digits >= leastText && digits == w.pos-start:
		w.value(jsonText{raw: w.src[start:w.pos], node: node, number: true})
	}
}

// unescapeJSON undoes the escapes of a JSON string; what is no escape stays.
func unescapeJSON(raw []byte) string {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		c := raw[i]
		if c != '\\' || i+1 >= len(raw) {
			next := bytes.IndexByte(raw[i+1:], '\\')
			if next < 0 {
				out = append(out, raw[i:]...)
				break
			}
			out = append(out, raw[i:i+1+next]...)
			i += 1 + next
			continue
		}
		switch e := raw[i+1]; e {
		case 'n':
			out = append(out, '\n')
		case 't':
			out = append(out, '\t')
		case 'r':
			out = append(out, '\r')
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case '"', '\\', '/':
			out = append(out, e)
		case 'u':
			r, n := unicodeEscape(raw[i:])
			if n == 0 {
				out = append(out, raw[i], e)
				break
			}
			out = utf8.AppendRune(out, r)
			i += n
			continue
		default:
			out = append(out, c, e)
		}
		i += 2
	}
	return string(out)
}

// unicodeEscape reads \uXXXX, or two of them that are one character, and how long they are; 0 when there is none.
func unicodeEscape(b []byte) (rune, int) {
	unit := func(b []byte) (rune, bool) {
		if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
			return 0, false
		}
		n, err := strconv.ParseUint(string(b[2:6]), 16, 16)
		return rune(n), err == nil //nolint:gosec // 16 bits
	}
	first, ok := unit(b)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(first) {
		return first, 6
	}
	if second, ok := unit(b[6:]); ok {
		if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
			return r, 12
		}
	}
	return utf8.RuneError, 6
}
