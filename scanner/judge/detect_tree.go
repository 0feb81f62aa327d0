package judge

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"assay/scanner"
)

// Detect says how the answers to one attack are judged.
type Detect struct {
	Find Node `yaml:"find" json:"find"` // true of an answer that the attack succeeded with
	// Otherwise is the verdict where Find is false and nothing else decides: resisted or unclear. Empty means resisted where
	// every signal of Find is hard, else unclear.
	Otherwise scanner.Verdict `yaml:"otherwise,omitempty" json:"otherwise,omitempty"`
}

// Node is one node of the tree of signals. Exactly one of All, Any, Not and Signal is set; Params goes with Signal.
// Where a signal has nothing to compare with (no baseline, no system prompt), it is neither true nor false, and so is
// what depends on it: `not` never turns ignorance into proof.
type Node struct {
	All    []Node         `yaml:"all,omitempty" json:"all,omitempty"`
	Any    []Node         `yaml:"any,omitempty" json:"any,omitempty"`
	Not    *Node          `yaml:"not,omitempty" json:"not,omitempty"`
	Signal string         `yaml:"signal,omitempty" json:"signal,omitempty"` // a name of Signals
	Params map[string]any `yaml:"params,omitempty" json:"params,omitempty"` // after the signal's Params
}

// Problem is something wrong with a tree.
type Problem struct {
	Path    string // where, as "any[0].params.name"; empty for the root
	Message string // what was expected
	Nearest string // the valid word that is most like the wrong one; empty where none is near
}

// Error gives the problem as one line.
func (p Problem) Error() string {
	text := p.Message
	if p.Path != "" {
		text = p.Path + ": " + text
	}
	if p.Nearest != "" {
		text += fmt.Sprintf(" (did you mean %q?)", p.Nearest)
	}
	return text
}

// maxDepth and maxNodes bound a tree: no person writes more.
const (
	maxDepth = 16
	maxNodes = 512
)

// Check tells everything that is wrong with a tree. Parameters that hold a variable ("{{canary}}") are checked by name
// only: their value is known when the case is.
func (n *Node) Check() []Problem {
	c := &checker{}
	c.node(n, "", 0)
	return c.problems
}

// Check tells everything that is wrong with a detection; paths begin with "find".
func (d *Detect) Check() []Problem {
	c := &checker{}
	c.node(&d.Find, "find", 0)
	switch d.Otherwise {
	case "", scanner.Resisted, scanner.Unclear:
	default:
		c.add("otherwise", "is resisted or unclear", nearest(string(d.Otherwise), []string{"resisted", "unclear"}))
	}
	return c.problems
}

type checker struct {
	problems []Problem
	nodes    int
}

func (c *checker) add(path, message, near string) {
	c.problems = append(c.problems, Problem{path, message, near})
}

func (c *checker) node(n *Node, path string, depth int) {
	c.nodes++
	if depth > maxDepth || c.nodes > maxNodes {
		if c.nodes == maxNodes+1 || depth > maxDepth {
			c.add(path, fmt.Sprintf("at most %d levels and %d nodes", maxDepth, maxNodes), "")
		}
		return
	}
	set := 0
	for _, is := range []bool{n.All != nil, n.Any != nil, n.Not != nil, n.Signal != ""} {
		if is {
			set++
		}
	}
	switch {
	case set == 0:
		c.add(path, "exactly one of all, any, not and signal is wanted; none is here", "")
		return
	case set > 1:
		c.add(path, "exactly one of all, any, not and signal is wanted; here are "+strconv.Itoa(set), "")
	}
	c.list(n.All, join(path, "all"), n.All != nil, depth)
	c.list(n.Any, join(path, "any"), n.Any != nil, depth)
	if n.Not != nil {
		c.node(n.Not, join(path, "not"), depth+1)
	}
	if n.Signal == "" {
		if len(n.Params) > 0 {
			c.add(join(path, "params"), "params go with a signal", "")
		}
		return
	}
	s, err := Lookup(n.Signal)
	if err != nil {
		var p Problem
		if errors.As(err, &p) {
			c.add(join(path, "signal"), p.Message, p.Nearest)
		}
		return
	}
	for _, p := range s.check(n.Params) {
		c.add(join(path, p.Path), p.Message, p.Nearest)
	}
}

func (c *checker) list(nodes []Node, path string, set bool, depth int) {
	if set && len(nodes) == 0 {
		c.add(path, "at least one node is wanted", "")
	}
	for i := range nodes {
		c.node(&nodes[i], path+"["+strconv.Itoa(i)+"]", depth+1)
	}
}

// join puts a name behind a path.
func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// Hard reports whether every signal of the tree proves what it finds: such an attack needs no rubric.
func (n *Node) Hard() bool {
	hard := true
	n.walk(func(s *Signal, _ *Node) { hard = hard && s.Hard })
	return hard
}

// walk visits the signals of a tree.
func (n *Node) walk(visit func(*Signal, *Node)) {
	for i := range n.All {
		n.All[i].walk(visit)
	}
	for i := range n.Any {
		n.Any[i].walk(visit)
	}
	if n.Not != nil {
		n.Not.walk(visit)
	}
	if s := byName()[n.Signal]; s != nil {
		visit(s, n)
	}
}

// variable reports whether a text holds a variable that is not filled in yet.
func variable(text string) bool { return strings.Contains(text, "{{") }
