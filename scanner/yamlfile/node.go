// Package yamlfile reads YAML that people write: templates, suites, rules, policies. Every value knows where it stands, and
// a Reader turns values into Go and gathers everything that is wrong on the way, with its line, column and what would be
// right. Files are hostile: their size, depth and number of values are bounded.
package yamlfile

import "slices"

// Kind tells what a node is.
type Kind uint8

// The kinds of node.
const (
	Scalar Kind = iota
	Map
	List
)

// Node is a piece of YAML that knows where it stands.
type Node struct {
	Kind      Kind
	Line, Col int    // from 1; 0 where nothing tells
	Value     any    // of a scalar: string, int64, uint64, float64, bool, or nil
	Text      string // of a scalar, as it is written
	Quoted    bool   // of a scalar: it stands in quotes
	Block     bool   // of a scalar: it stands below its key, after | or >
	Pairs     []Pair // of a mapping
	Items     []*Node
}

// Pair is a key of a mapping with its value.
type Pair struct{ Key, Value *Node }

// Null reports whether there is nothing.
func (n *Node) Null() bool { return n == nil || n.Kind == Scalar && n.Value == nil }

// Child is the value of a key, nil where the mapping has none.
func (n *Node) Child(key string) *Node {
	if i := slices.IndexFunc(n.Pairs, func(p Pair) bool { return p.Key.Text == key }); i >= 0 {
		return n.Pairs[i].Value
	}
	return nil
}

// Plain is the node as Go values: map[string]any, []any, string, int64, uint64, float64, bool, nil.
func (n *Node) Plain() any {
	switch n.Kind {
	case Map:
		m := make(map[string]any, len(n.Pairs))
		for _, p := range n.Pairs {
			m[p.Key.Text] = p.Value.Plain()
		}
		return m
	case List:
		list := make([]any, 0, len(n.Items))
		for _, item := range n.Items {
			list = append(list, item.Plain())
		}
		return list
	default:
		return n.Value
	}
}

// What names the kind of a node in a sentence.
func (n *Node) What() string {
	switch {
	case n.Null():
		return "nothing"
	case n.Kind == Map:
		return "a mapping"
	case n.Kind == List:
		return "a list"
	}
	switch n.Value.(type) {
	case bool:
		return "true or false"
	case int64, uint64, float64:
		return "a number"
	default:
		return "a text"
	}
}

func (n *Node) size() int {
	size := 1
	for _, p := range n.Pairs {
		size += 1 + p.Value.size()
	}
	for _, item := range n.Items {
		size += item.size()
	}
	return size
}
