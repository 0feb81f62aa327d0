package paths

import (
	"slices"
	"strings"
)

// Sample is one request as the learner sees it.
type Sample struct {
	Method string
	Path   string // without query
	Shape  string // fingerprint of the answer's structure; empty when unknown or trivial
}

// Tree holds what was seen of one host. The zero Tree is not usable; make one with New.
type Tree struct {
	root  *node
	nodes int
	limit int // of nodes
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
	since  int // hits when siblings were last compared
	fixed  bool
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
)

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

// Add learns from one request.
func (t *Tree) Add(s Sample) {
	n := t.root
	for _, segment := range Split(s.Path) {
		n.hits++
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

// step goes to the child for a segment, making it.
func (t *Tree) step(n *node, segment string) *node {
	value, verb := verbOf(segment)
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

func (t *Tree) param(n *node, verb string, form Form) *node {
	p := n.params[verb]
	if p == nil {
		p = newNode()
		t.nodes++
		p.forms = map[Form]int{}
		if n.params == nil {
			n.params = map[string]*node{}
		}
		n.params[verb] = p
	}
	if form == Word {
		form = Slug
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

// Template returns the template of a path as it is known now: its segments, with {name} in place of values.
func (t *Tree) Template(path string) string {
	var out []string
	n := t.root
	before := ""
	for _, segment := range Split(path) {
		var kid *node
		if n != nil {
			kid = n.kids[segment]
		}
		switch {
		case kid != nil:
			out = append(out, segment)
			before = segment
			n = kid
		default:
			value, verb := verbOf(segment)
			if n != nil && n.params[verb] != nil {
				out = append(out, "{"+name(before, n.params[verb])+"}"+verb)
				n = n.params[verb]
			} else {
				if FormOf(value) != Word {
					segment = "{" + name(before, nil) + "}" + verb
				}
				out = append(out, segment)
				n = nil
			}
			before = ""
		}
	}
	return "/" + strings.Join(out, "/")
}

// name is what a parameter is called: the singular of the word before it, and id.
func name(before string, p *node) string {
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
	case strings.HasSuffix(word, "sses"), strings.HasSuffix(word, "xes"):
		word = word[:len(word)-2]
	case strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") && !strings.HasSuffix(word, "us"):
		word = word[:len(word)-1]
	}
	return word + "_id"
}

// Templates lists all templates that requests ended at, sorted.
func (t *Tree) Templates() []string {
	var all []string
	var walk func(n *node, path, before string)
	walk = func(n *node, path, before string) {
		if len(n.ends) > 0 {
			all = append(all, max(path, "/"))
		}
		for segment, kid := range n.kids {
			walk(kid, path+"/"+segment, segment)
		}
		for verb, p := range n.params {
			walk(p, path+"/{"+name(before, p)+"}"+verb, "")
		}
	}
	walk(t.root, "", "")
	slices.Sort(all)
	return all
}
