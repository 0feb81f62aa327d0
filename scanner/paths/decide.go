package paths

import (
	"maps"
	"strings"
)

// Merge makes a parameter of segments at a place, for good: those that were seen and those that will be. place is the
// template up to there; without names all that stands there is a value.
func (t *Tree) Merge(place string, names ...string) {
	n := t.make(place)
	n.fixed = false
	if len(names) == 0 {
		n.all = true
		for name := range maps.Clone(n.kids) {
			_, verb := verbOf(name)
			t.fold(n, name, verb)
		}
		return
	}
	if n.values == nil {
		n.values = map[string]bool{}
	}
	for _, name := range names {
		n.values[name] = true
		if n.kids[name] != nil {
			_, verb := verbOf(name)
			t.fold(n, name, verb)
		}
	}
}

// Split keeps names at a place literals, for good, and no others are joined there; those that were folded become
// literals again when they are next seen.
func (t *Tree) Split(place string, names ...string) {
	n := t.make(place)
	n.fixed, n.all = true, false
	for _, name := range names {
		delete(n.values, name)
		if n.past[name] {
			delete(n.past, name)
			t.nodes--
		}
		if n.kids[name] == nil {
			t.literal(n, name)
			t.changes++
		}
	}
}

// make goes to a place that a template names, and makes what is missing.
func (t *Tree) make(place string) *node {
	n := t.root
	for _, segment := range Split(place) {
		switch kid := n.kids[segment]; {
		case kid != nil:
			n = kid
		case strings.HasPrefix(segment, "{"), n.params[""] != nil:
			n = t.place(n, segment)
		default:
			n = t.literal(n, segment)
		}
	}
	return n
}

// place goes to the parameter that a segment of a template names, making it.
func (t *Tree) place(n *node, segment string) *node {
	called, verb, _ := strings.Cut(strings.TrimPrefix(segment, "{"), "}")
	if p := n.params[verb]; p != nil {
		return p
	}
	return t.param(n, verb, formCalled(called))
}

// formCalled is the form a parameter is called after.
func formCalled(name string) Form {
	if form := Form(name); form == Date || form == Email || form == Locale {
		return form
	}
	return Slug
}

// Learned makes sure that the tree knows a template it gave out in an earlier life, when more had been seen than what
// was kept of it.
func (t *Tree) Learned(template string) {
	if t.nodes >= t.limit {
		return
	}
	n := t.root
	before := ""
	for _, segment := range Split(template) {
		if !strings.HasPrefix(segment, "{") {
			kid := n.kids[segment]
			if kid == nil {
				kid = t.literal(n, segment)
				kid.hits = 2 // so it was seen before
			}
			n, before = kid, segment
			continue
		}
		called, _, _ := strings.Cut(segment[1:], "}")
		fresh := len(n.params) == 0
		n = t.place(n, segment)
		if fresh && strings.TrimRight(name(before, n), "23456789") != strings.TrimRight(called, "23456789") {
			n.called = called
		}
		before = ""
	}
}

// decided takes over what was decided about another place.
func (n *node) decided(t *Tree, other *node) {
	for name := range other.past {
		if n.past[name] || len(n.past) >= maxKids {
			t.nodes--
			continue
		}
		if n.past == nil {
			n.past = map[string]bool{}
		}
		n.past[name] = true
	}
	n.fixed, n.all = n.fixed || other.fixed, n.all || other.all
	for name := range other.values {
		if n.values == nil {
			n.values = map[string]bool{}
		}
		n.values[name] = true
	}
}
