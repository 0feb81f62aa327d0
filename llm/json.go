package llm

import (
	"bytes"
	"errors"
	"iter"
	"math"
	"strconv"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits on one JSON document, so that hostile traffic costs bounded memory and time.
const (
	maxDepth = 256     // nesting at which the rest of a document is not read
	maxNodes = 4 << 20 // keys and values, 64 MiB of index
	maxJSON  = 1 << 30
	maxKept  = 1 << 16 // keys and values whose memory is kept for the next document
)

var (
	errTruncated = errors.New("the JSON ends early")
	errSyntax    = errors.New("not JSON")
	errTooLarge  = errors.New("the JSON is too large or too deep to read")
)

// document is one JSON text and an index of its values, made in one walk: reading a value never scans text again.
// A document that ends early keeps what was there, as if every open object and array had been closed.
type document struct {
	src   []byte
	nodes []node
	open  []uint32 // containers being read, innermost last
	err   error
}

// node is one value or key: src[start:end] as sent, quotes included.
type node struct {
	start, end uint32
	next       uint32 // index of the first node after this one and all inside it
	kind       valueKind
	escaped    bool // a string with backslashes
	cut        bool // a string that the end of the text cut off, without its closing quote
}

// inside is where the content of a string node stands.
func (n *node) inside() (start, end uint32) {
	if n.cut {
		return n.start + 1, n.end
	}
	return n.start + 1, n.end - 1
}

type valueKind uint8

const (
	kindAbsent valueKind = iota
	kindNull
	kindFalse
	kindTrue
	kindNumber
	kindString
	kindArray
	kindObject
)

// value is one place in a document. The zero value is absent, and reading anything from it gives absent or zero.
type value struct {
	doc *document
	i   uint32
}

// parseJSON indexes src, which must not change while values of it are in use.
func parseJSON(src []byte) *document {
	d := documents.Get().(*document)
	d.parse(src)
	return d
}

// documents keeps the memory of indexes for the next exchange.
var documents = sync.Pool{New: func() any { return &document{} }}

// release gives a document's memory back; no value of it may be used afterwards. Documents that are never released
// are left to the garbage collector.
func (d *document) release() {
	if d == nil || cap(d.nodes) > maxKept {
		return
	}
	d.src, d.nodes = nil, d.nodes[:0]
	documents.Put(d)
}

// parse indexes src, reusing the memory of the last document.
func (d *document) parse(src []byte) {
	d.src, d.nodes, d.open, d.err = src, d.nodes[:0], d.open[:0], nil
	if len(src) > maxJSON {
		d.err = errTooLarge
		return
	}
	p := parser{document: d}
	p.run()
}

// root is the document's value; absent when the text does not even begin as JSON.
func (d *document) root() value {
	if d == nil || len(d.nodes) == 0 {
		return value{}
	}
	return value{d, 0}
}

// whole reports whether the text was exactly one JSON value.
func (d *document) whole() bool { return d.err == nil && len(d.nodes) > 0 }

func (v value) node() *node { return &v.doc.nodes[v.i] }

func (v value) kind() valueKind {
	if v.doc == nil {
		return kindAbsent
	}
	return v.node().kind
}

func (v value) exists() bool   { return v.doc != nil }
func (v value) isObject() bool { return v.kind() == kindObject }
func (v value) isArray() bool  { return v.kind() == kindArray }
func (v value) isString() bool { return v.kind() == kindString }
func (v value) isNumber() bool { return v.kind() == kindNumber }
func (v value) isTrue() bool   { return v.kind() == kindTrue }

// isSet reports whether the value is there and not null.
func (v value) isSet() bool { return v.kind() > kindNull }

// raw is the value as sent.
func (v value) raw() []byte {
	if v.doc == nil {
		return nil
	}
	n := v.node()
	return v.doc.src[n.start:n.end]
}

// span is where in the document the value stands.
func (v value) span() (start, end int) {
	n := v.node()
	return int(n.start), int(n.end)
}

// json is the value as sent, "" when absent.
func (v value) json() string { return string(v.raw()) }

// text is the content of a string; "" for everything else.
func (v value) text() string {
	if v.kind() != kindString {
		return ""
	}
	return v.doc.decode(v.node())
}

// scalar is the text of a string, or a number or boolean as sent; "" for everything else.
func (v value) scalar() string {
	switch v.kind() {
	case kindString:
		return v.text()
	case kindNumber, kindTrue, kindFalse:
		return v.json()
	default:
		return ""
	}
}

// is reports whether the value is the string s, without allocating.
func (v value) is(s string) bool {
	return v.kind() == kindString && v.doc.equal(v.node(), s)
}

// word is the text of a string that is usually one of a few well-known words, which are not allocated again.
func (v value) word() string {
	if v.kind() != kindString || v.node().escaped {
		return v.text()
	}
	start, end := v.node().inside()
	return intern(v.doc.src[start:end])
}

// int is a number without its fraction; ok is false for everything else, numbers in strings included.
func (v value) int() (n int64, ok bool) {
	if v.kind() != kindNumber {
		return 0, false
	}
	raw := string(v.raw())
	if n, err := strconv.ParseInt(raw, 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.Abs(f) > 1<<62 {
		return 0, false
	}
	return int64(f), true
}

// count is like int, for facts that are nil when they were not said.
func (v value) count() *int64 {
	n, ok := v.int()
	if !ok {
		return nil
	}
	return &n
}

// len is the number of elements of an array or keys of an object.
func (v value) len() int {
	n := 0
	switch v.kind() {
	case kindArray:
		for range v.items() {
			n++
		}
	case kindObject:
		for range v.fields() {
			n++
		}
	default: // nothing is inside
	}
	return n
}

// get finds a member of an object; of duplicate keys the last counts, as in the parsers of Python and JavaScript.
func (v value) get(key string) value {
	if v.kind() != kindObject {
		return value{}
	}
	d, n := v.doc, v.node()
	found := value{}
	for k := v.i + 1; k < n.next; {
		val := k + 1
		if d.equal(&d.nodes[k], key) {
			found = value{d, val}
		}
		k = d.nodes[val].next
	}
	return found
}

// has reports whether an object has the key, even with null.
func (v value) has(key string) bool { return v.get(key).exists() }

// at follows keys, numbers in them being array positions: at("choices", "0", "delta").
func (v value) at(path ...string) value {
	for _, key := range path {
		switch v.kind() {
		case kindObject:
			v = v.get(key)
		case kindArray:
			i, err := strconv.Atoi(key)
			if err != nil {
				return value{}
			}
			v = v.item(i)
		default:
			return value{}
		}
	}
	return v
}

// item is the i-th element of an array.
func (v value) item(i int) value {
	if i < 0 {
		return value{}
	}
	for e := range v.items() {
		if i == 0 {
			return e
		}
		i--
	}
	return value{}
}

// items goes through the elements of an array; there are none in anything else.
func (v value) items() iter.Seq[value] {
	return func(yield func(value) bool) {
		if v.kind() != kindArray {
			return
		}
		end := v.node().next
		for i := v.i + 1; i < end; i = v.doc.nodes[i].next {
			if !yield(value{v.doc, i}) {
				return
			}
		}
	}
}

// fields goes through the members of an object. The key is valid until the next step.
func (v value) fields() iter.Seq2[[]byte, value] {
	return func(yield func([]byte, value) bool) {
		if v.kind() != kindObject {
			return
		}
		d := v.doc
		end := v.node().next
		for k := v.i + 1; k < end; {
			val := k + 1
			if !yield(d.key(&d.nodes[k]), value{d, val}) {
				return
			}
			k = d.nodes[val].next
		}
	}
}

func (d *document) key(n *node) []byte {
	if n.escaped {
		return []byte(d.decode(n))
	}
	start, end := n.inside()
	return d.src[start:end]
}

func (d *document) equal(n *node, s string) bool {
	if n.escaped {
		return d.decode(n) == s
	}
	start, end := n.inside()
	return string(d.src[start:end]) == s
}

// decode gives the content of a string node.
func (d *document) decode(n *node) string {
	start, end := n.inside()
	body := d.src[start:end]
	if n.cut {
		body = wholeRunes(body)
	}
	if !n.escaped {
		if utf8.Valid(body) {
			return string(body)
		}
		return string(bytes.ToValidUTF8(body, []byte("\uFFFD")))
	}
	return unescape(body, n.cut)
}

// unescape undoes JSON's escapes. Lone surrogates and bytes that are no UTF-8 become U+FFFD; an escape JSON does not
// have stands for its second byte. Of a string that was cut off, an escape that may not be all there is left out.
func unescape(body []byte, cut bool) string {
	out := make([]byte, 0, len(body))
	for {
		i := bytes.IndexByte(body, '\\')
		if i < 0 {
			out = append(out, body...)
			break
		}
		out = append(out, body[:i]...)
		body = body[i+1:]
		if len(body) == 0 {
			break
		}
		c := body[0]
		body = body[1:]
		if c == 'u' {
			r, used := escapedRune(body)
			if cut && (len(body) < 4 || utf16.IsSurrogate(r) && len(body) < 10) {
				break
			}
			if utf16.IsSurrogate(r) {
				r = utf8.RuneError
			}
			out, body = utf8.AppendRune(out, r), body[used:]
			continue
		}
		if plain := escapes[c]; plain != 0 {
			c = plain
		}
		out = append(out, c)
	}
	if !utf8.Valid(out) {
		out = bytes.ToValidUTF8(out, []byte("\uFFFD"))
	}
	return string(out)
}

var escapes = [256]byte{'n': '\n', 't': '\t', 'r': '\r', 'b': '\b', 'f': '\f'}

// escapedRune reads what stands after \u, together with the other half of a surrogate pair. A half alone is returned
// as it is.
func escapedRune(body []byte) (r rune, used int) {
	r, ok := hex4(body)
	if !ok {
		return utf8.RuneError, min(4, len(body))
	}
	if !utf16.IsSurrogate(r) || len(body) < 10 || body[4] != '\\' || body[5] != 'u' {
		return r, 4
	}
	if low, ok := hex4(body[6:]); ok {
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			return pair, 10
		}
	}
	return r, 4
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range b[:4] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// wholeRunes leaves out what a cut left of a last character, so that a text which grows never changes.
func wholeRunes(b []byte) []byte {
	for n := 1; n <= min(utf8.UTFMax-1, len(b)); n++ {
		last := b[len(b)-n:]
		if utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				return b[:len(b)-n]
			}
			break
		}
	}
	return b
}
