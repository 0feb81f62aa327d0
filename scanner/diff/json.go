package diff

import (
	"bytes"
	"encoding/json"
	"errors"
	"hash/maphash"
	"io"
	"strings"
)

// node is one value of a JSON document.
type node struct {
	keys   []string // of an object, in order; of duplicate keys the last counts
	kids   []*node  // of an object or an array
	object bool
	array  bool
	text   string // of a scalar: as JSON
	hash   uint64 // of the value without noise
}

// Bounds of a document that is compared value by value.
const (
	maxDocument = 8 << 20
	maxNodes    = 400_000
	maxDepth    = 200
)

var errNotCompared = errors.New("too large or too deep to be compared value by value")

type treeReader struct {
	d     *json.Decoder
	noise *noise
	left  int
}

// parse reads one JSON document; an error means that it is none, or too large.
func parse(data []byte, n *noise) (*node, error) {
	if len(data) > maxDocument {
		return nil, errNotCompared
	}
	r := treeReader{d: json.NewDecoder(bytes.NewReader(data)), noise: n, left: maxNodes}
	r.d.UseNumber()
	root, err := r.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := r.d.Token(); !errors.Is(err, io.EOF) {
		return nil, errNotCompared
	}
	return root, nil
}

func (r *treeReader) value(depth int) (*node, error) {
	if r.left--; r.left < 0 || depth > maxDepth {
		return nil, errNotCompared
	}
	token, err := r.d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return r.object(depth)
	case json.Delim('['):
		n := &node{array: true}
		for r.d.More() {
			kid, err := r.value(depth + 1)
			if err != nil {
				return nil, err
			}
			n.kids = append(n.kids, kid)
		}
		_, err := r.d.Token()
		n.seal()
		return n, err
	}
	return scalar(token), nil
}

func (r *treeReader) object(depth int) (*node, error) {
	n := &node{object: true}
	at := map[string]int{}
	for r.d.More() {
		token, err := r.d.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string)
		kid, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if i, twice := at[key]; twice {
			n.kids[i] = kid
			continue
		}
		at[key] = len(n.keys)
		n.keys, n.kids = append(n.keys, key), append(n.kids, kid)
	}
	_, err := r.d.Token()
	n.sealObject(r.noise)
	return n, err
}

func scalar(v any) *node {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // strings, numbers, booleans and null always can be
	n := &node{text: strings.TrimSuffix(out.String(), "\n")}
	n.hash = maphash.String(seed, n.text)
	return n
}

var seed = maphash.MakeSeed()

func (n *node) seal() {
	var h maphash.Hash
	h.SetSeed(seed)
	h.WriteByte('[')
	for _, kid := range n.kids {
		maphash.WriteComparable(&h, kid.hash)
	}
	n.hash = h.Sum64()
}

// sealObject adds up what its members say, because their order means nothing.
func (n *node) sealObject(noisy *noise) {
	n.hash = '{'
	for i, key := range n.keys {
		if kind := kindOf(key); kind != "" && noisy.kinds[kind] {
			continue
		}
		var h maphash.Hash
		h.SetSeed(seed)
		_, _ = h.WriteString(key)
		maphash.WriteComparable(&h, n.kids[i].hash)
		n.hash += h.Sum64()
	}
}

// json writes a value, at most about maxValue bytes of it.
func (n *node) json() string {
	var b strings.Builder
	n.write(&b)
	return shorten(b.String(), maxValue)
}

func (n *node) write(b *strings.Builder) {
	if b.Len() > maxValue {
		return
	}
	if !n.object && !n.array {
		b.WriteString(n.text)
		return
	}
	open, end := "[", "]"
	if n.object {
		open, end = "{", "}"
	}
	b.WriteString(open)
	for i, kid := range n.kids {
		if i > 0 {
			b.WriteString(", ")
		}
		if n.object {
			b.WriteString(scalar(n.keys[i]).text + ": ")
		}
		kid.write(b)
		if b.Len() > maxValue {
			return
		}
	}
	b.WriteString(end)
}

// index finds the members of an object by name.
func (n *node) index() map[string]*node {
	at := make(map[string]*node, len(n.keys))
	for i, key := range n.keys {
		at[key] = n.kids[i]
	}
	return at
}

func escapeKey(key string) string {
	if !strings.ContainsAny(key, "~/") {
		return key
	}
	return strings.ReplaceAll(strings.ReplaceAll(key, "~", "~0"), "/", "~1")
}
