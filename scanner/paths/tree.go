package paths

import (
	"slices"
	"strconv"
	"strings"
)

// Sample is one request as the learner sees it.
type Sample struct {
	Method string
	Path   string // without query
	Shape  string // fingerprint of the answer's structure; empty when unknown or trivial
	Known  []Known
}

// Known is a segment that the asker knows to be a value, and what it is called: the model in an AI provider's path.
type Known struct {
	At   int // the segment, from 0
	Name string
}

// Tree holds what was seen of one host. The zero Tree is not usable; make one with New.
type Tree struct {
	root    *node
	nodes   int
	limit   int // of nodes
	changes int
	// Full says that the host sent more different paths than a Tree remembers; new ones are folded into parameters.
	Full bool
}

// New returns an empty Tree.
func New() *Tree { return &Tree{root: newNode(), limit: maxNodes} }

// node is a place in the tree: a prefix of paths.
type node struct {
	kids   map[string]*node // by literal segment
	params map[string]*node // by what follows the value in its segment: "" or ":verb"
	forms  map[Form]int     // of the values of this parameter
	ends   map[string]*end  // requests that end here, by method
	hits   int
	since  int             // hits when siblings were last compared
	called string          // what this parameter is called, where somebody knows
	fixed  bool            // a person said that what stands here are names
	all    bool            // a person said that what stands here are values
	values map[string]bool // and of these
	past   map[string]bool // literals that turned out to be values: they stay so
}

// end is one method of a path.
type end struct {
	hits   int
	shapes map[string]int
}

// Bounds of what a Tree remembers: a host that sends a million different paths costs no more.
const (
	maxNodes    = 50_000
	maxKids     = 400 // of one place: more are values
	maxSegments = 24
	maxShapes   = 16
	maxVerbs    = 64
)

// overflow is the verb of values whose verbs are too many.
const overflow = ":"

func newNode() *node { return &node{} }

// Split cuts a path into its segments, percent-encoding left as it is.
func Split(path string) []string {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil
	}
	segments := strings.Split(path, "/")
	if len(segments) > maxSegments {
		segments = append(segments[:maxSegments-1:maxSegments-1], strings.Join(segments[maxSegments-1:], "/"))
	}
	return segments
}

// Nodes tells how many places the tree holds.
func (t *Tree) Nodes() int { return t.nodes }

// Changes grows whenever templates that were given out before may be others now.
func (t *Tree) Changes() int { return t.changes }

// Add learns from one request.
func (t *Tree) Add(s Sample) {
	n := t.root
	for i, segment := range Split(s.Path) {
		n.hits++
		if called := s.known(i); called != "" {
			n = t.told(n, segment, called)
			continue
		}
		n = t.step(n, segment)
	}
	n.hits++
	if n.ends == nil {
		n.ends = map[string]*end{}
	}
	e := n.ends[s.Method]
	if e == nil {
		e = &end{shapes: map[string]int{}}
		n.ends[s.Method] = e
	}
	e.hits++
	if s.Shape != "" && (len(e.shapes) < maxShapes || e.shapes[s.Shape] > 0) {
		e.shapes[s.Shape]++
	}
	t.settle(s.Path)
}

func (s *Sample) known(i int) string {
	for _, k := range s.Known {
		if k.At == i {
			return k.Name
		}
	}
	return ""
}

// told goes to the parameter of a segment that is known to be a value.
func (t *Tree) told(n *node, segment, called string) *node {
	value, verb := verbOf(segment)
	if n.kids[segment] != nil && !n.fixed {
		t.fold(n, segment, verb)
	}
	if kid := n.kids[segment]; kid != nil {
		return kid
	}
	p := t.param(n, verb, FormOf(value))
	if p.called != called {
		p.called = called
		t.changes++
	}
	return p
}

// step goes to the child for a segment, making it.
func (t *Tree) step(n *node, segment string) *node {
	value, verb := verbOf(segment)
	if n.all || n.values[segment] || n.past[segment] {
		return t.param(n, verb, FormOf(value))
	}
	if kid := n.kids[segment]; kid != nil {
		return kid
	}
	form := FormOf(value)
	if form == Word && verb == "" && !t.crowded(n) {
		return t.literal(n, segment)
	}
	if form == Word && verb != "" && n.params[verb] == nil && !t.crowded(n) {
		return t.literal(n, segment)
	}
	return t.param(n, verb, form)
}

// crowded reports whether no more literals fit.
func (t *Tree) crowded(n *node) bool {
	if t.nodes >= t.limit {
		t.Full = true
		return true
	}
	return len(n.kids) >= maxKids
}

func (t *Tree) literal(n *node, segment string) *node {
	kid := newNode()
	t.nodes++
	if n.kids == nil {
		n.kids = map[string]*node{}
	}
	n.kids[segment] = kid
	return kid
}

// valueBefore is the parameter whose values are followed by verb. Where there are too many verbs they are values too.
func (n *node) valueBefore(verb string) *node {
	p := n.params[verb]
	if p == nil && len(n.params) >= maxVerbs {
		for _, verb := range []string{"", overflow} {
			if p := n.params[verb]; p != nil {
				return p
			}
		}
	}
	return p
}

func (t *Tree) param(n *node, verb string, form Form) *node {
	p := n.valueBefore(verb)
	if p == nil && t.nodes >= 2*t.limit {
		return n
	}
	if p == nil {
		p = newNode()
		t.nodes++
		p.forms = map[Form]int{}
		if n.params == nil {
			n.params = map[string]*node{}
		}
		if len(n.params) == maxVerbs {
			verb = overflow
		}
		n.params[verb] = p
	}
	if form == Word {
		form = Slug
	}
	if p.forms[form] == 0 && len(p.forms) == 1 {
		t.changes++ // a parameter of one form may be called after it
	}
	p.forms[form]++
	return p
}

// verbOf splits a custom method off a segment, as in models/gemini-pro:generateContent (Google AIP-136).
func verbOf(segment string) (value, verb string) {
	at := strings.LastIndexByte(segment, ':')
	if at <= 0 || at == len(segment)-1 {
		return segment, ""
	}
	for _, c := range segment[at+1:] {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return segment, ""
		}
	}
	return segment[:at], segment[at:]
}

// Template returns the template of a path as it is known now: its segments, with {name} in place of values. No name
// occurs twice.
func (t *Tree) Template(path string) string {
	var out strings.Builder
	var names []string
	value := func(before string, p *node, verb string) {
		names = append(names, unique(names, name(before, p)))
		out.WriteString("/{" + names[len(names)-1] + "}" + verb)
	}
	n := t.root
	before := ""
	for _, segment := range Split(path) {
		var kid *node
		if n != nil {
			kid = n.kids[segment]
		}
		if kid != nil {
			out.WriteString("/" + segment)
			before, n = segment, kid
			continue
		}
		word, verb := verbOf(segment)
		switch {
		case n != nil && n.valueBefore(verb) != nil:
			p := n.valueBefore(verb)
			if n.params[verb] == nil {
				verb = ""
			}
			n = p
			value(before, n, verb)
		case FormOf(word) != Word:
			n = nil
			value(before, nil, verb)
		default:
			n = nil
			out.WriteString("/" + segment)
		}
		before = ""
	}
	return max(out.String(), "/")
}

// unique adds a number to a name that occurs already.
func unique(names []string, name string) string {
	for n, plain := 2, name; slices.Contains(names, name); n++ {
		name = plain + strconv.Itoa(n)
	}
	return name
}

// name is what a parameter is called: the singular of the word before it, and id.
func name(before string, p *node) string {
	if p != nil && p.called != "" {
		return p.called
	}
	if p != nil && len(p.forms) == 1 {
		for form := range p.forms {
			if form == Date || form == Email || form == Locale {
				return string(form)
			}
		}
	}
	word := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, before)
	switch {
	case word == "" || FormOf(before) != Word || version.MatchString(before):
		return "id"
	case strings.HasSuffix(word, "ies"):
		word = word[:len(word)-3] + "y"
	case strings.HasSuffix(word, "sses"), strings.HasSuffix(word, "xes"), strings.HasSuffix(word, "tches"), strings.HasSuffix(word, "shes"), strings.HasSuffix(word, "rches"):
		word = word[:len(word)-2]
	case strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") && !strings.HasSuffix(word, "us"):
		word = word[:len(word)-1]
	}
	return word + "_id"
}

// Templates lists all templates that requests ended at, sorted.
func (t *Tree) Templates() []string {
	var all []string
	var walk func(n *node, path, before string, names []string)
	walk = func(n *node, path, before string, names []string) {
		if len(n.ends) > 0 {
			all = append(all, max(path, "/"))
		}
		for segment, kid := range n.kids {
			walk(kid, path+"/"+segment, segment, names)
		}
		for verb, p := range n.params {
			called := unique(names, name(before, p))
			walk(p, path+"/{"+called+"}"+verb, "", append(names[:len(names):len(names)], called))
		}
	}
	walk(t.root, "", "", nil)
	slices.Sort(all)
	return all
}
