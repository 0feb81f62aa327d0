package paths

import (
	"cmp"
	"slices"
)

// When siblings are compared, and what proves that they are values of one parameter.
const (
	firstLook  = 4  // siblings
	alikeWords = 5  // words that were answered alike
	alikeLooks = 3  // the same, of segments that look less like names
	structured = 8  // siblings with the same names below, answers unknown
	perValue   = 8  // requests a value may have on average: names are asked for again and again
	surely     = 14 // siblings answered alike are values however often they are asked for
)

// reserved are names that stand beside the values of a parameter.
var reserved = map[string]bool{
	"me": true, "self": true, "current": true, "search": true, "new": true, "count": true, "export": true, "import": true, "latest": true,
	"bulk": true, "batch": true, "stats": true, "all": true, "default": true, "health": true, "status": true, "config": true, "login": true,
	"logout": true, "active": true, "recent": true, "summary": true, "schema": true, "validate": true, "upload": true, "download": true,
}

// settle looks again at the places along a path whose siblings grew in number.
func (t *Tree) settle(path string) {
	n := t.root
	for _, segment := range Split(path) {
		if !n.fixed && len(n.kids) > 0 {
			if n.due() {
				t.join(n)
			} else if n.sameAsBeside(segment) {
				t.foldNew(n, segment)
			}
		}
		kid := n.kids[segment]
		if kid == nil {
			_, verb := verbOf(segment)
			kid = n.valueBefore(verb)
		}
		if kid == nil {
			return
		}
		n = kid
	}
}

// foldNew folds a word beside its like. When this request was the first to use it, nobody was told of it before.
func (t *Tree) foldNew(n *node, segment string) {
	_, verb := verbOf(segment)
	if n.kids[segment].hits == 1 {
		t.changes--
	}
	t.fold(n, segment, verb)
}

// sameAsBeside reports whether a word that is new at a place is asked for and answered as the values there are: then it
// is one, and nobody has to wait for the next comparison of all.
func (n *node) sameAsBeside(name string) bool {
	_, verb := verbOf(name)
	kid, p := n.kids[name], n.params[verb]
	if kid == nil || p == nil || kid.hits > perValue || reserved[name] || verb == "" && version.MatchString(name) {
		return false
	}
	if n.leaves(kid) {
		return false
	}
	marks := kid.marks()
	if len(marks) == 0 {
		return len(p.forms) > 0 && p.takes(kid)
	}
	return answered(marks) && shared(p.marks(), marks)
}

// leaves reports whether a name stays beside a parameter that a person made: who says that two branches are one says
// nothing about the other branches, however alike what is below them was answered.
func (n *node) leaves(kid *node) bool { return len(n.values) > 0 && len(kid.ends) == 0 }

// answered reports whether marks hold an answer and not only names.
func answered(marks map[string]bool) bool {
	for m := range marks {
		if m[0] == '=' {
			return true
		}
	}
	return false
}

// due spaces the looks: comparing costs as much as there are siblings.
func (n *node) due() bool {
	if len(n.kids) < firstLook && (len(n.params) == 0 || len(n.kids) == 0) {
		return false
	}
	if n.hits-n.since < max(2, len(n.kids)/2, n.since/8) {
		return false
	}
	n.since = n.hits
	return true
}

// join folds siblings that were answered alike into a parameter.
func (t *Tree) join(n *node) {
	names := make([]string, 0, len(n.kids))
	for name := range n.kids {
		if _, verb := verbOf(name); !reserved[name] && (verb != "" || !version.MatchString(name)) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, group := range alike(n, names) {
		verb := group.verb
		if t.proven(n, group) {
			for _, name := range group.names {
				t.fold(n, name, verb)
			}
		}
	}
}

// group is siblings that share answers or what is below them.
type group struct {
	verb     string
	names    []string
	marks    map[string]bool
	hits     int
	answered bool // they share answers, not only names below
	known    bool // a parameter of this place shares them too
}

// alike groups siblings by what they have in common.
func alike(n *node, names []string) []*group {
	var groups []*group
	for verb, p := range n.params {
		groups = append(groups, &group{verb: verb, marks: p.marks(), known: true})
	}
	for _, name := range names {
		_, verb := verbOf(name)
		kid := n.kids[name]
		marks := kid.marks()
		if len(marks) == 0 { // nothing tells, but that the values beside it are asked for in the same way
			if p := n.params[verb]; p != nil && len(p.forms) > 0 && p.takes(kid) {
				groups = append(groups, &group{verb: verb, names: []string{name}, known: true, answered: true})
			}
			continue
		}
		var best *group
		for _, g := range groups {
			if g.verb == verb && shared(g.marks, marks) && (!g.known || !n.leaves(kid)) {
				best = g
				break
			}
		}
		if best == nil {
			best = &group{verb: verb, marks: map[string]bool{}}
			groups = append(groups, best)
		}
		for m := range marks {
			best.marks[m] = true
			best.answered = best.answered || m[0] == '='
		}
		best.names = append(best.names, name)
		best.hits += kid.hits
	}
	return groups
}

// takes reports whether every method of other is one of n, and other is seldom asked for.
func (n *node) takes(other *node) bool {
	if len(other.ends) == 0 || len(other.kids)+len(other.params) > 0 || other.hits > perValue {
		return false
	}
	for method := range other.ends {
		if n.ends[method] == nil {
			return false
		}
	}
	return true
}

// shared reports whether one holds most of what the other does.
func shared(a, b map[string]bool) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	common := 0
	for m := range a {
		if b[m] {
			common++
		}
	}
	return common*10 >= len(a)*6 && common > 0
}

// How far down, and at how many places, marks are looked for: a place with more than that below tells enough.
const (
	depthOfMarks = 3
	mostMarked   = 2000
)

// marks are the answers at and below a place with their distance, and the names two and more steps below.
func (n *node) marks() map[string]bool {
	marks := map[string]bool{}
	room := mostMarked
	n.mark(marks, 0, &room)
	return marks
}

func (n *node) mark(marks map[string]bool, depth int, room *int) {
	if *room--; *room < 0 {
		return
	}
	level := string(rune('0' + depth))
	for method, e := range n.ends {
		for shape, hits := range e.shapes {
			if hits*4 >= e.hits {
				marks["="+level+method+shape] = true
			}
		}
	}
	if depth >= depthOfMarks {
		return
	}
	for name, kid := range n.kids {
		if depth == 0 && len(kid.ends) > 0 {
			for method := range kid.ends {
				marks["/"+name+" "+method] = true
			}
		}
		kid.mark(marks, depth+1, room)
	}
	for _, p := range n.params {
		p.mark(marks, depth+1, room)
	}
}

// proven reports whether a group is values of one parameter.
func (t *Tree) proven(n *node, g *group) bool {
	count := len(g.names)
	if count == 0 {
		return false
	}
	if g.known { // what is answered as the values beside it is one of them
		return g.answered
	}
	odd := 0
	for _, name := range g.names {
		if unlikeName(name) {
			odd++
		}
	}
	often := g.hits > perValue*count
	switch {
	case !g.answered:
		return count >= structured && !often
	case count >= surely:
		return true
	case often:
		return false
	case odd*2 > count:
		return count >= alikeLooks
	}
	return count >= alikeWords
}

// unlikeName reports whether a segment looks less like a name somebody gave to an endpoint: several words, capitals,
// digits, dots, signs.
func unlikeName(s string) bool {
	hyphens, signs := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c == '-':
			hyphens++
		case c >= '0' && c <= '9', c == '%', c == '.', c == '@', c == '+', c == '~', c == ',', c >= 0x80:
			signs++
		}
	}
	return hyphens >= 2 || signs > 0 || s != "" && s[0] >= 'A' && s[0] <= 'Z'
}

// fold makes a literal a value of the parameter beside it.
func (t *Tree) fold(n *node, name, verb string) {
	kid := n.kids[name]
	delete(n.kids, name)
	p := t.param(n, verb, Slug)
	t.nodes--
	t.changes++
	if len(n.past) < maxKids && !n.past[name] {
		if n.past == nil {
			n.past = map[string]bool{}
		}
		n.past[name] = true
		t.nodes++
	}
	p.merge(t, kid)
}

// merge adds everything below other.
func (n *node) merge(t *Tree, other *node) {
	n.hits += other.hits
	for method, e := range other.ends {
		if n.ends == nil {
			n.ends = map[string]*end{}
		}
		mine := n.ends[method]
		if mine == nil {
			n.ends[method] = e
			continue
		}
		mine.hits += e.hits
		for shape, hits := range e.shapes {
			if len(mine.shapes) < maxShapes || mine.shapes[shape] > 0 {
				mine.shapes[shape] += hits
			}
		}
	}
	for name, kid := range other.kids {
		if mine := n.kids[name]; mine != nil {
			t.nodes--
			mine.merge(t, kid)
			continue
		}
		if n.kids == nil {
			n.kids = map[string]*node{}
		}
		n.kids[name] = kid
	}
	for verb, p := range other.params {
		mine := n.params[verb]
		if mine == nil {
			if n.params == nil {
				n.params = map[string]*node{}
			}
			n.params[verb] = p
			continue
		}
		for form, hits := range p.forms {
			mine.forms[form] += hits
		}
		mine.called = cmp.Or(mine.called, p.called)
		t.nodes--
		mine.merge(t, p)
	}
	n.decided(t, other)
	if len(n.kids) >= firstLook && !n.fixed {
		t.join(n)
	}
}

// Settle compares all siblings once more, however few came since. Call it before templates are listed.
func (t *Tree) Settle() {
	var walk func(n *node)
	walk = func(n *node) {
		for _, kid := range n.kids {
			walk(kid)
		}
		for _, p := range n.params {
			walk(p)
		}
		if !n.fixed && len(n.kids) > 0 {
			t.join(n)
		}
	}
	walk(t.root)
}
