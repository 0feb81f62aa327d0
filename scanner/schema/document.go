package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"unicode/utf8"
)

// ErrLarge says that a document is larger than Parse takes apart; nothing of it was added.
var ErrLarge = errors.New("too large to look into")

// Bounds of one document.
const (
	maxDocument = 32 << 20  // bytes
	maxItems    = 1 << 20   // values and names
	maxNesting  = 10_000    // levels; deeper is no document anybody writes
	keepItems   = 1 << 14   // of a Document that is used again
	jsonSpace   = " \t\r\n" // RFC 8259
)

// Kind is the type of a JSON value. Its letters are those with which the values begin.
type Kind byte

// The kinds. Deep is a composite value further down than shapes are looked at.
const (
	Null   Kind = 'n'
	Bool   Kind = 't'
	Number Kind = '0'
	String Kind = '"'
	Object Kind = '{'
	Array  Kind = '['
	Deep   Kind = '~'
)

// Document is a JSON document taken apart. It points into the text it was made of.
type Document struct {
	text  []byte
	at    int
	items []item
}

// item is a value, or the name of a member, which stands before its value.
type item struct {
	start, end int32 // of strings without the quotes
	next       int32 // the item after this value
	kind       Kind
	escaped    bool
}

// Parse takes a document apart. It fails with ErrNotJSON or ErrLarge. text must not change while the Document is used.
func Parse(text []byte) (*Document, error) {
	d := &Document{}
	return d, d.Parse(text)
}

// Parse does the same with the memory of an earlier one.
func (d *Document) Parse(text []byte) error {
	if cap(d.items) > keepItems {
		d.items = nil
	}
	d.text, d.at, d.items = text, 0, d.items[:0]
	if len(text) > maxDocument {
		return ErrLarge
	}
	d.space()
	if err := d.value(0); err != nil {
		d.items = d.items[:0]
		return err
	}
	if d.space(); d.at < len(text) {
		d.items = d.items[:0]
		return fmt.Errorf("%w: something follows the document", ErrNotJSON)
	}
	return nil
}

func (d *Document) fail(want string) error {
	if d.at >= len(d.text) {
		return fmt.Errorf("%w: it ends where %s should be", ErrNotJSON, want)
	}
	return fmt.Errorf("%w: byte %d is not %s", ErrNotJSON, d.at, want)
}

func (d *Document) space() {
	for d.at < len(d.text) {
		switch d.text[d.at] {
		case ' ', '\t', '\r', '\n':
			d.at++
		default:
			return
		}
	}
}

func (d *Document) peek() byte {
	if d.at < len(d.text) {
		return d.text[d.at]
	}
	return 0
}

// add keeps an item; what is too deep is only checked.
func (d *Document) add(depth int, i item) error {
	if depth > maxDepth {
		return nil
	}
	if len(d.items) >= maxItems {
		return ErrLarge
	}
	i.next = int32(len(d.items) + 1)
	d.items = append(d.items, i)
	return nil
}

func (d *Document) value(depth int) error {
	if depth > maxNesting {
		return fmt.Errorf("%w: more than %d levels", ErrLarge, maxNesting)
	}
	start := d.at
	switch c := d.peek(); {
	case c == '{', c == '[':
		return d.composite(depth, c)
	case c == '"':
		return d.string(depth)
	case c == '-', c >= '0' && c <= '9':
		if !d.number() {
			return d.fail("a digit")
		}
		return d.add(depth, item{start: int32(start), end: int32(d.at), kind: Number})
	case d.word("true"), d.word("false"):
		return d.add(depth, item{start: int32(start), end: int32(d.at), kind: Bool})
	case d.word("null"):
		return d.add(depth, item{start: int32(start), end: int32(d.at), kind: Null})
	}
	return d.fail("a value")
}

func (d *Document) word(w string) bool {
	if len(d.text)-d.at < len(w) || string(d.text[d.at:d.at+len(w)]) != w {
		return false
	}
	d.at += len(w)
	return true
}

func (d *Document) composite(depth int, open byte) error {
	self := len(d.items)
	kind := Kind(open)
	if depth >= maxDepth {
		kind = Deep
	}
	if err := d.add(depth, item{start: int32(d.at), kind: kind}); err != nil {
		return err
	}
	d.at++
	closing := open + 2 // '{' and '}', '[' and ']' are two apart
	d.space()
	for first := true; d.peek() != closing; first = false {
		if !first {
			if d.peek() != ',' {
				return d.fail("a comma or the end")
			}
			d.at++
			d.space()
		}
		if open == '{' {
			if err := d.name(depth + 1); err != nil {
				return err
			}
		}
		if err := d.value(depth + 1); err != nil {
			return err
		}
		d.space()
	}
	d.at++
	if depth <= maxDepth {
		d.items[self].end, d.items[self].next = int32(d.at), int32(len(d.items))
	}
	return nil
}

func (d *Document) name(depth int) error {
	if d.peek() != '"' {
		return d.fail("a name")
	}
	if err := d.string(depth); err != nil {
		return err
	}
	d.space()
	if d.peek() != ':' {
		return d.fail("a colon")
	}
	d.at++
	d.space()
	return nil
}

func (d *Document) string(depth int) error {
	d.at++
	start, escaped := d.at, false
	for d.at < len(d.text) {
		switch c := d.text[d.at]; {
		case c == '"':
			end := d.at
			d.at++
			return d.add(depth, item{start: int32(start), end: int32(end), kind: String, escaped: escaped})
		case c == '\\':
			escaped = true
			if !d.escape() {
				return d.fail("an escape")
			}
		case c < ' ':
			return d.fail("a character of a string")
		default:
			d.at++
		}
	}
	return d.fail("the end of a string")
}

func (d *Document) escape() bool {
	d.at++
	switch d.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		d.at++
		return true
	case 'u':
		d.at++
		for range 4 {
			c := d.peek()
			if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
				return false
			}
			d.at++
		}
		return true
	}
	return false
}

func (d *Document) number() bool {
	if d.peek() == '-' {
		d.at++
	}
	if d.peek() == '0' {
		d.at++
	} else if !d.digits() {
		return false
	}
	if d.peek() == '.' {
		d.at++
		if !d.digits() {
			return false
		}
	}
	if c := d.peek(); c == 'e' || c == 'E' {
		d.at++
		if c := d.peek(); c == '+' || c == '-' {
			d.at++
		}
		return d.digits()
	}
	return true
}

func (d *Document) digits() bool {
	start := d.at
	for d.at < len(d.text) && d.text[d.at] >= '0' && d.text[d.at] <= '9' {
		d.at++
	}
	return d.at > start
}

// Value is a value of a Document. The zero Value is absent.
type Value struct {
	d *Document
	i int32
}

// Root returns the document's value; absent when nothing was parsed.
func (d *Document) Root() Value {
	if len(d.items) == 0 {
		return Value{}
	}
	return Value{d, 0}
}

// Kind returns the kind of a value; 0 when it is absent.
func (v Value) Kind() Kind {
	if v.d == nil {
		return 0
	}
	return v.d.items[v.i].kind
}

// Raw is the value as written, a string without its quotes and with its escapes.
func (v Value) Raw() []byte {
	if v.d == nil {
		return nil
	}
	it := v.d.items[v.i]
	return v.d.text[it.start:it.end]
}

// Text returns the text of a string; "" for anything else.
func (v Value) Text() string {
	if v.Kind() != String {
		return ""
	}
	raw := v.Raw()
	if v.d.items[v.i].escaped {
		if s, ok := simply(raw); ok {
			return s
		}
		var s string
		quoted := v.d.text[v.d.items[v.i].start-1 : v.d.items[v.i].end+1]
		if json.Unmarshal(quoted, &s) == nil {
			return s
		}
	}
	if !utf8.Valid(raw) {
		return strings.ToValidUTF8(string(raw), "\ufffd")
	}
	return string(raw)
}

// simply undoes escapes of a string where they are those of one character and the rest is UTF-8.
func simply(raw []byte) (string, bool) {
	if !utf8.Valid(raw) {
		return "", false
	}
	var b strings.Builder
	b.Grow(len(raw))
	for {
		i := bytes.IndexByte(raw, '\\')
		if i < 0 {
			b.Write(raw)
			return b.String(), true
		}
		b.Write(raw[:i])
		c := unescaped[raw[i+1]] // the document is JSON: something follows
		if c == 0 {
			return "", false
		}
		b.WriteByte(c)
		raw = raw[i+2:]
	}
}

var unescaped = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// plain returns the bytes of a string's text, its own where nothing is escaped.
func (v Value) plain() []byte {
	if !v.d.items[v.i].escaped {
		return v.Raw()
	}
	return []byte(v.Text())
}

// Members yields the members of an object in order, those of the same name each. The names are values too.
func (v Value) Members() iter.Seq2[Value, Value] {
	return func(yield func(name, member Value) bool) {
		if v.Kind() != Object {
			return
		}
		for i := v.i + 1; i < v.d.items[v.i].next; i = v.d.items[i+1].next {
			if !yield(Value{v.d, i}, Value{v.d, i + 1}) {
				return
			}
		}
	}
}

// Items yields the items of an array.
func (v Value) Items() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if v.Kind() != Array {
			return
		}
		for i := v.i + 1; i < v.d.items[v.i].next; i = v.d.items[i].next {
			if !yield(Value{v.d, i}) {
				return
			}
		}
	}
}

// Get returns the member of an object; of those with the same name the last, as most parsers do. Absent when there is
// none.
func (v Value) Get(name string) (found Value) {
	for n, member := range v.Members() {
		if string(n.plain()) == name {
			found = member
		}
	}
	return found
}
