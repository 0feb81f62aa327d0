package llm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// written is JSON that goes into a request.
type written []byte

// MarshalJSON lets written stand inside other values.
func (w written) MarshalJSON() ([]byte, error) { return w, nil }

// write puts a value of Go into JSON, without the escapes that only web pages need.
func write(v any) written {
	switch v := v.(type) {
	case written:
		return v
	case string:
		return quote(v, false)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil { // NaN, a function: nothing a template can say
		return written("null")
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// object writes an object of names and values in this order. Values that are nil are left out.
func object(pairs ...any) written {
	out := written{'{'}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == nil {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		name, _ := pairs[i].(string)
		out = append(append(append(out, quote(name, false)...), ':'), write(pairs[i+1])...)
	}
	return append(out, '}')
}

// list writes an array.
func list(items ...written) written {
	return append(append(written{'['}, bytes.Join(plainBytes(items), []byte{','})...), ']')
}

func plainBytes(items []written) [][]byte {
	out := make([][]byte, len(items))
	for i, item := range items {
		out[i] = item
	}
	return out
}

// asciiOnly escapes what is outside ASCII in a JSON text: it stands in strings only.
func asciiOnly(w written) written {
	if !bytes.ContainsFunc(w, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return w
	}
	out := make(written, 0, len(w)+len(w)/2)
	for _, r := range string(w) {
		switch {
		case r < utf8.RuneSelf:
			out = append(out, byte(r))
		case r < 0x10000:
			out = appendEscape(out, r)
		default:
			high, low := utf16.EncodeRune(r)
			out = appendEscape(appendEscape(out, high), low)
		}
	}
	return out
}

var errNotWhole = errors.New("the body is not one whole JSON document, it cannot be edited")

// rewrite is a JSON body while it is edited. Every edit keeps the bytes around it, and makes values that were looked up
// before useless.
type rewrite struct {
	body  []byte
	ascii bool
	doc   *document
}

func newRewrite(body []byte) (*rewrite, error) {
	r := &rewrite{body: body, doc: parseJSON(body)}
	if !r.doc.whole() || !r.root().isObject() && !r.root().isArray() {
		return nil, errNotWhole
	}
	r.ascii = escapesAll(body)
	return r, nil
}

func (r *rewrite) root() value { return r.doc.root() }

// at finds what stands at a pointer.
func (r *rewrite) at(pointer string) value { return r.root().resolve(pointer) }

func (r *rewrite) splice(start, end int, with written) {
	if r.ascii {
		with = asciiOnly(with)
	}
	r.body = splice(r.body, start, end, with)
	r.doc = parseJSON(r.body) // the one before is left to whoever still holds values of it
}

// replace puts another value in the place of one.
func (r *rewrite) replace(v value, with written) {
	start, end := v.span()
	r.splice(start, end, with)
}

// wrap puts texts before and behind a value, whose bytes stay.
func (r *rewrite) wrap(v value, before, after string) {
	start, end := v.span()
	if r.ascii {
		before, after = string(asciiOnly(written(before))), string(asciiOnly(written(after)))
	}
	r.splice(start, end, append(append(written(before), r.body[start:end]...), after...))
}

// set gives a member of an object a value, and adds it where it is missing.
func (r *rewrite) set(object value, name string, with written) {
	if old := object.get(name); old.exists() {
		r.replace(old, with)
		return
	}
	r.push(object, append(append(quote(name, r.ascii), ':'), with...))
}

// push adds items behind the last of a list or object.
func (r *rewrite) push(container value, items ...written) {
	if len(items) > 0 {
		r.insert(container, -1, items...)
	}
}

// insert adds items to a list or object before its element i, or behind the last when there is no such.
func (r *rewrite) insert(container value, i int, items ...written) {
	start, _ := container.span()
	text := bytes.Join(plainBytes(items), []byte{','})
	var last value
	n := 0
	for e := range container.members() {
		if n == i {
			at, _ := e.span()
			if container.isObject() {
				return // an object has no order to insert into
			}
			r.splice(at, at, append(text, ','))
			return
		}
		last = e
		n++
	}
	if !last.exists() {
		r.splice(start+1, start+1, text)
		return
	}
	_, end := last.span()
	r.splice(end, end, append(written{','}, text...))
}

// members are the elements of an array or the values of an object.
func (v value) members() func(yield func(value) bool) {
	if v.isArray() {
		return v.items()
	}
	return func(yield func(value) bool) {
		for _, e := range v.fields() {
			if !yield(e) {
				return
			}
		}
	}
}

// remove takes a member or an element out, with one comma beside it. Of duplicate names all go.
func (r *rewrite) remove(container value, name string) bool {
	gone, once := false, container.isArray()
	for {
		start, end, found := r.extent(container, name)
		if !found {
			return gone
		}
		pointerStart, _ := container.span()
		r.splice(start, end, nil)
		gone = true
		if once {
			return true
		}
		container = r.starting(pointerStart)
	}
}

// starting is the container that begins at a byte.
func (r *rewrite) starting(at int) value {
	for i := range r.doc.nodes {
		if int(r.doc.nodes[i].start) == at {
			return value{r.doc, uint32(i)}
		}
	}
	return value{}
}

// extent is what goes when a member or element is removed.
func (r *rewrite) extent(container value, name string) (start, end int, found bool) {
	d := container.doc
	if d == nil {
		return 0, 0, false
	}
	last, index, n := -1, -1, container.node()
	if container.isArray() {
		i, err := strconv.Atoi(name)
		if err != nil {
			return 0, 0, false
		}
		index = i
	}
	k := container.i + 1
	for at := 0; k < n.next; at++ {
		val, hit := k, at == index
		if container.isObject() {
			val, hit = k+1, d.equal(&d.nodes[k], name)
		}
		next := d.nodes[val].next
		switch {
		case hit && last >= 0:
			return last, int(d.nodes[val].end), true
		case hit && next < n.next:
			return int(d.nodes[k].start), int(d.nodes[next].start), true
		case hit:
			return int(d.nodes[k].start), int(d.nodes[val].end), true
		}
		last = int(d.nodes[val].end)
		k = next
	}
	return 0, 0, false
}

// put gives the place at a pointer a value. Missing members are added, with the objects around them; "-" stands for the
// place behind the last element of a list (RFC 6902).
func (r *rewrite) put(pointer string, with written) error {
	if pointer == "" {
		r.body = with
		r.doc = parseJSON(r.body)
		return nil
	}
	if pointer[0] != '/' {
		return fmt.Errorf("%q is no JSON pointer: it begins with /", pointer)
	}
	steps := strings.Split(pointer[1:], "/")
	if len(steps) > maxPointer {
		return fmt.Errorf("%.60s…: the pointer is too long", pointer)
	}
	v := r.root()
	for i, step := range steps {
		step = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
		switch {
		case v.isArray() && step == "-" && i == len(steps)-1:
			r.push(v, with)
			return nil
		case v.isArray():
			n, err := strconv.Atoi(step)
			if next := v.item(n); err == nil && next.exists() {
				v = next
				continue
			}
			return fmt.Errorf("%s: the list has no such element", pointer)
		case v.isObject():
			if next := v.get(step); next.exists() {
				v = next
				continue
			}
			return r.add(v, pointer, steps[i:], with)
		default:
			return fmt.Errorf("%s: what stands there has nothing inside", pointer)
		}
	}
	r.replace(v, with)
	return nil
}

// maxPointer bounds the steps of a pointer.
const maxPointer = 64

// add puts what is missing of a pointer into an object.
func (r *rewrite) add(v value, pointer string, steps []string, with written) error {
	for i := len(steps) - 1; i > 0; i-- {
		if steps[i] == "-" {
			return fmt.Errorf("the body has no list where %s puts something behind the last", pointer)
		}
		with = object(plainStep(steps[i]), with)
	}
	r.push(v, append(append(quote(plainStep(steps[0]), r.ascii), ':'), with...))
	return nil
}

func plainStep(step string) string {
	return strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
}

// PutJSON gives the place at a JSON pointer a value written as JSON, and keeps every other byte of the body. Missing
// members are added, with the objects around them; "-" is the place behind the last element of a list (RFC 6902).
func PutJSON(body []byte, pointer, value string) ([]byte, error) {
	if !json.Valid([]byte(value)) {
		return body, fmt.Errorf("%q is no JSON", value)
	}
	r, err := newRewrite(body)
	if err != nil {
		return body, err
	}
	if err := r.put(pointer, written(strings.TrimSpace(value))); err != nil {
		return body, err
	}
	return r.body, nil
}

// RemoveJSON takes what stands at a JSON pointer out of a body, and keeps every other byte but one comma. removed is
// false where nothing stood there.
func RemoveJSON(body []byte, pointer string) (out []byte, removed bool, err error) {
	r, err := newRewrite(body)
	if err != nil {
		return body, false, err
	}
	i := strings.LastIndexByte(pointer, '/')
	if i < 0 || pointer[0] != '/' {
		return body, false, fmt.Errorf("%q is no JSON pointer to a part of the body", pointer)
	}
	if !r.remove(r.at(pointer[:i]), plainStep(pointer[i+1:])) {
		return body, false, nil
	}
	return r.body, true, nil
}
