package paths

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// ErrDamaged says that bytes are not what MarshalBinary wrote.
var ErrDamaged = errors.New("paths: not a tree")

const (
	kept         = 1 // version of the form
	mostNodes    = 2*maxNodes + maxSegments + 1
	maxKeptDepth = 64   // more than Split gives
	maxKeptText  = 8192 // bytes of one segment, verb or shape
)

// MarshalBinary writes what was learned, but for what a person decided: that is told again with Merge and Split.
func (t *Tree) MarshalBinary() ([]byte, error) {
	b := []byte{kept, 0}
	if t.Full {
		b[1] = 1
	}
	return t.root.keep(b), nil
}

func (n *node) keep(b []byte) []byte {
	b = number(b, n.hits)
	b = number(b, n.since)
	b = text(b, n.called)
	b = number(b, len(n.forms))
	for _, form := range slices.Sorted(maps.Keys(n.forms)) {
		b = number(text(b, string(form)), n.forms[form])
	}
	b = number(b, len(n.ends))
	for _, method := range slices.Sorted(maps.Keys(n.ends)) {
		e := n.ends[method]
		b = number(text(b, method), e.hits)
		b = number(b, len(e.shapes))
		for _, shape := range slices.Sorted(maps.Keys(e.shapes)) {
			b = number(text(b, shape), e.shapes[shape])
		}
	}
	b = number(b, len(n.past))
	for _, name := range slices.Sorted(maps.Keys(n.past)) {
		b = text(b, name)
	}
	for _, below := range []map[string]*node{n.kids, n.params} {
		b = number(b, len(below))
		for _, name := range slices.Sorted(maps.Keys(below)) {
			b = below[name].keep(text(b, name))
		}
	}
	return b
}

func number(b []byte, n int) []byte { return binary.AppendUvarint(b, uint64(max(n, 0))) }

func text(b []byte, s string) []byte { return append(number(b, len(s)), s...) }

// UnmarshalBinary reads what MarshalBinary wrote into an empty Tree. What is no tree, or more than a Tree may hold,
// fails with ErrDamaged and leaves the Tree as it was.
func (t *Tree) UnmarshalBinary(data []byte) error {
	if len(data) < 2 || data[0] != kept || data[1] > 1 {
		return fmt.Errorf("%w of version %d", ErrDamaged, kept)
	}
	r := &reader{rest: data[2:], room: mostNodes}
	root := r.node(0)
	if r.failed || len(r.rest) > 0 {
		return ErrDamaged
	}
	t.root, t.nodes, t.Full = root, mostNodes-r.room-1, data[1] == 1
	t.limit = max(t.limit, maxNodes)
	return nil
}

// reader takes a tree apart. After a failure it gives zeros.
type reader struct {
	rest   []byte
	room   int // nodes
	failed bool
}

func (r *reader) number() int {
	n, used := binary.Uvarint(r.rest)
	if used <= 0 || n > 1<<48 {
		r.failed, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[used:]
	return int(n)
}

// count reads how many things follow, each at least one byte.
func (r *reader) count(most int) int {
	n := r.number()
	if n > most || n > len(r.rest) {
		r.failed, r.rest = true, nil
		return 0
	}
	return n
}

func (r *reader) text() string {
	n := r.count(maxKeptText)
	s := string(r.rest[:n])
	r.rest = r.rest[n:]
	return s
}

func (r *reader) node(depth int) *node {
	r.room--
	n := newNode()
	if r.room < 0 || depth > maxKeptDepth {
		r.failed, r.rest = true, nil
		return n
	}
	n.hits, n.since, n.called = r.number(), r.number(), r.text()
	if count := r.count(len(forms) + 8); count > 0 {
		n.forms = map[Form]int{}
		for range count {
			n.forms[Form(r.text())] = r.number()
		}
	}
	r.ends(n)
	if count := r.count(maxKids); count > 0 {
		n.past = map[string]bool{}
		for range count {
			n.past[r.text()] = true
		}
		r.room -= len(n.past)
	}
	n.kids = r.below(depth, false)
	n.params = r.below(depth, true)
	return n
}

func (r *reader) ends(n *node) {
	count := r.count(maxNodes)
	if count == 0 {
		return
	}
	n.ends = map[string]*end{}
	for range count {
		method := r.text()
		e := &end{hits: r.number(), shapes: map[string]int{}}
		for range r.count(maxShapes) {
			e.shapes[r.text()] = r.number()
		}
		n.ends[method] = e
		if r.failed {
			return
		}
	}
}

func (r *reader) below(depth int, params bool) map[string]*node {
	count := r.count(maxNodes)
	if count == 0 {
		return nil
	}
	m := map[string]*node{}
	for range count {
		name := r.text()
		n := r.node(depth + 1)
		if params && n.forms == nil {
			n.forms = map[Form]int{}
		}
		if r.failed {
			return m
		}
		m[name] = n
	}
	return m
}
