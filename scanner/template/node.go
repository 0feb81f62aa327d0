package template

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	yaml "github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of one file. A template is written by a person; what is larger is none.
const (
	maxFile  = 256 << 10
	maxDepth = 40
	maxNodes = 20_000 // also the bound of what aliases may stand for
	maxMarks = 6_000  // signs that may be those of keys, entries and aliases: the parser's time grows with their square
)

// nodeKind tells what a node is.
type nodeKind uint8

const (
	scalarNode nodeKind = iota
	mapNode
	listNode
)

// node is a piece of YAML that knows where it stands. The parser's own tree has sixteen types for these three.
type node struct {
	kind      nodeKind
	line, col int
	value     any // of a scalar: string, int64, uint64, float64, bool, or nil
	text      string
	pairs     []pair
	items     []*node
}

type pair struct {
	key   *node
	value *node
}

func (n *node) null() bool { return n == nil || n.kind == scalarNode && n.value == nil }

// plain is the node as Go values: map[string]any, []any, string, int64, float64, bool, nil.
func (n *node) plain() any {
	switch n.kind {
	case mapNode:
		m := make(map[string]any, len(n.pairs))
		for _, p := range n.pairs {
			m[p.key.text] = p.value.plain()
		}
		return m
	case listNode:
		list := make([]any, 0, len(n.items))
		for _, item := range n.items {
			list = append(list, item.plain())
		}
		return list
	default:
		return n.value
	}
}

// what names the kind of a node in a sentence.
func (n *node) what() string {
	switch {
	case n.null():
		return "nothing"
	case n.kind == mapNode:
		return "a mapping"
	case n.kind == listNode:
		return "a list"
	}
	switch n.value.(type) {
	case bool:
		return "true or false"
	case int64, uint64, float64:
		return "a number"
	default:
		return "a text"
	}
}

// parseYAML reads one document. What is no YAML is one Problem, since nothing after it can be trusted.
func parseYAML(file string, data []byte) (n *node, problem *Problem) {
	if len(data) > maxFile {
		return nil, &Problem{File: file, What: fmt.Sprintf("the file has %d bytes; a template may have %d", len(data), maxFile)}
	}
	if !utf8.Valid(data) {
		line, col := position(data, invalidAt(data))
		return nil, &Problem{File: file, Line: line, Column: col, What: "this byte is no UTF-8"}
	}
	// The parser is written for configuration files that people trust; a file from elsewhere must not end the program.
	defer func() {
		if r := recover(); r != nil {
			n, problem = nil, &Problem{File: file, Line: 1, Column: 1, What: fmt.Sprintf("this is no YAML: %v", r)}
		}
	}()
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	switch {
	case depth(data) > maxDepth:
		return nil, &Problem{File: file, Line: 1, Column: 1, What: fmt.Sprintf("brackets are nested deeper than %d", maxDepth)}
	case marks(data) > maxMarks:
		return nil, &Problem{File: file, Line: 1, Column: 1, What: fmt.Sprintf("the file has more than %d keys and entries", maxMarks)}
	}
	parsed, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, syntaxProblem(file, data, err)
	}
	w := walker{anchors: map[string]*node{}}
	for i, doc := range parsed.Docs {
		if doc == nil || doc.Body == nil {
			continue
		}
		if i > 0 && n != nil {
			t := doc.Body.GetToken()
			return nil, &Problem{File: file, Line: t.Position.Line, Column: t.Position.Column, What: "one file holds one template; put this one into a file of its own"}
		}
		if n, err = w.node(doc.Body, 0); err != nil {
			return nil, &Problem{File: file, Line: max(w.line, 1), Column: max(w.col, 1), What: err.Error()}
		}
	}
	return n, nil
}

func syntaxProblem(file string, data []byte, err error) *Problem {
	p := &Problem{File: file, Line: 1, Column: 1, What: "this is no YAML: " + firstLine(err.Error())}
	var located yaml.Error
	if errors.As(err, &located) {
		p.What = "this is no YAML: " + located.GetMessage()
		if t := located.GetToken(); t != nil && t.Position != nil {
			p.Line, p.Column = max(t.Position.Line, 1), max(t.Position.Column, 1)
		}
	}
	lines := bytes.Split(data, []byte("\n"))
	if p.Line <= len(lines) && bytes.Contains(lines[p.Line-1], []byte("{{")) {
		p.What += `; a text that begins with {{ must stand in quotes or under "|"`
	}
	return p
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// depth is how deep brackets nest, wherever they stand: an upper bound of the parser's recursion in flow style.
func depth(data []byte) int {
	deep, most := 0, 0
	for _, c := range data {
		switch c {
		case '[', '{':
			deep++
			most = max(most, deep)
		case ']', '}':
			deep = max(deep-1, 0)
		}
	}
	return most
}

// marks counts what may be keys and entries of lists.
func marks(data []byte) int {
	n := 0
	for _, sign := range []string{": ", ":\n", ":\t", "- ", "-\n", "-\t", "? ", ",", "[", "{", "*", "&", "!"} {
		n += bytes.Count(data, []byte(sign))
	}
	return n
}

func invalidAt(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
	return len(data)
}

// position is the line and column of a byte, both from 1.
func position(data []byte, at int) (line, col int) {
	before := data[:min(at, len(data))]
	line = 1 + bytes.Count(before, []byte("\n"))
	return line, 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
}

// walker turns the parser's tree into ours.
type walker struct {
	anchors   map[string]*node
	nodes     int
	line, col int // of the last node, for an error
}

func (w *walker) node(from ast.Node, deep int) (*node, error) {
	n := &node{}
	if from == nil {
		return n, nil
	}
	if t := from.GetToken(); t != nil && t.Position != nil {
		n.line, n.col = t.Position.Line, t.Position.Column
		w.line, w.col = n.line, n.col
	}
	if w.nodes++; w.nodes > maxNodes {
		return nil, fmt.Errorf("the file has more than %d values", maxNodes)
	}
	if deep > maxDepth {
		return nil, fmt.Errorf("the file is nested deeper than %d", maxDepth)
	}
	switch v := from.(type) {
	case *ast.MappingNode:
		return n, w.mapping(n, v.Values, deep)
	case *ast.MappingValueNode:
		return n, w.mapping(n, []*ast.MappingValueNode{v}, deep)
	case *ast.SequenceNode:
		return n, w.list(n, v, deep)
	case *ast.AnchorNode:
		return w.anchor(v, deep)
	case *ast.AliasNode:
		return w.alias(n, v)
	case *ast.TagNode:
		return w.node(v.Value, deep+1)
	default:
		scalar(n, from)
		return n, nil
	}
}

func (w *walker) mapping(n *node, values []*ast.MappingValueNode, deep int) error {
	n.kind = mapNode
	for i, v := range values {
		key, err := w.node(v.Key, deep+1)
		if err != nil {
			return err
		}
		if key.kind != scalarNode {
			return errors.New("a key must be a word")
		}
		value, err := w.node(v.Value, deep+1)
		if err != nil {
			return err
		}
		if value.line == 0 {
			value.line, value.col = key.line, key.col
		}
		if i == 0 { // the parser's token of a mapping is its first colon
			n.line, n.col = key.line, key.col
		}
		n.pairs = append(n.pairs, pair{key, value})
	}
	return nil
}

func (w *walker) list(n *node, v *ast.SequenceNode, deep int) error {
	n.kind = listNode
	for _, item := range v.Values {
		child, err := w.node(item, deep+1)
		if err != nil {
			return err
		}
		n.items = append(n.items, child)
	}
	return nil
}

func (w *walker) anchor(v *ast.AnchorNode, deep int) (*node, error) {
	n, err := w.node(v.Value, deep+1)
	if err == nil && v.Name != nil {
		w.anchors[v.Name.GetToken().Value] = n
	}
	return n, err
}

func (w *walker) alias(n *node, v *ast.AliasNode) (*node, error) {
	name := ""
	if v.Value != nil {
		name = v.Value.GetToken().Value
	}
	to, ok := w.anchors[name]
	if !ok {
		return nil, fmt.Errorf("*%s stands for nothing: no &%s before it", name, name)
	}
	if w.nodes += to.size(); w.nodes > maxNodes {
		return nil, fmt.Errorf("the file has more than %d values once its aliases are written out", maxNodes)
	}
	copied := *to
	copied.line, copied.col = n.line, n.col
	return &copied, nil
}

func (n *node) size() int {
	size := 1
	for _, p := range n.pairs {
		size += 1 + p.value.size()
	}
	for _, item := range n.items {
		size += item.size()
	}
	return size
}

func scalar(n *node, from ast.Node) {
	switch v := from.(type) {
	case *ast.NullNode:
		n.text = tokenText(v.Token)
	case *ast.StringNode:
		n.value, n.text = v.Value, v.Value
	case *ast.LiteralNode:
		if v.Value != nil {
			n.text = v.Value.Value
		}
		n.value = n.text
	case *ast.IntegerNode:
		n.value, n.text = v.Value, tokenText(v.Token)
	case *ast.FloatNode:
		n.value, n.text = v.Value, tokenText(v.Token)
	case *ast.BoolNode:
		n.value, n.text = v.Value, tokenText(v.Token)
	case *ast.CommentGroupNode:
	default: // .inf, .nan and merge keys are words here
		if t := from.GetToken(); t != nil {
			n.value, n.text = t.Value, t.Value
		}
	}
}

func tokenText(t *token.Token) string {
	if t == nil {
		return ""
	}
	return t.Value
}
