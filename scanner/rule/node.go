package rule

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Bounds of one file. A rule is written by a person; what is larger is none.
const (
	maxFile  = 64 << 10
	maxDepth = 24
	maxNodes = 4_000
)

// nodeKind tells what a node is.
type nodeKind uint8

const (
	scalarNode nodeKind = iota
	mapNode
	listNode
)

// node is a piece of YAML that knows where it stands.
type node struct {
	kind      nodeKind
	line, col int
	tag       string // of a scalar: !!str, !!int, !!float, !!bool, !!null, …
	text      string
	quoted    bool
	block     bool // of a scalar: it stands below its key, after | or >
	pairs     []pair
	items     []*node
}

type pair struct{ key, value *node }

func (n *node) null() bool { return n == nil || n.kind == scalarNode && n.tag == "!!null" }

// child is the value of a key, nil where the mapping has none.
func (n *node) child(key string) *node {
	if i := slices.IndexFunc(n.pairs, func(p pair) bool { return p.key.text == key }); i >= 0 {
		return n.pairs[i].value
	}
	return nil
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
	switch n.tag {
	case "!!bool":
		return "true or false"
	case "!!int", "!!float":
		return "a number"
	default:
		return "a text"
	}
}

// parseYAML reads one document. What is no YAML is one Problem, since nothing after it can be trusted.
func parseYAML(file string, data []byte) (n *node, problem *Problem) {
	if len(data) > maxFile {
		return nil, &Problem{File: file, What: fmt.Sprintf("the file is larger than the %d bytes that a rule may have", maxFile)}
	}
	if at := invalidAt(data); at < len(data) {
		line := 1 + bytes.Count(data[:at], []byte("\n"))
		col := 1 + utf8.RuneCount(data[bytes.LastIndexByte(data[:at], '\n')+1:at])
		return nil, &Problem{File: file, Line: line, Column: col, What: "this byte is no UTF-8"}
	}
	// The parser is written for files that people trust; a file from elsewhere must not end the program.
	defer func() {
		if r := recover(); r != nil {
			n, problem = nil, &Problem{File: file, Line: 1, Column: 1, What: fmt.Sprintf("this is no YAML: %v", r)}
		}
	}()
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	switch err := decoder.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, &Problem{File: file, What: "the file is empty"}
	case err != nil:
		return nil, syntaxProblem(file, err)
	case len(doc.Content) == 0:
		return nil, &Problem{File: file, What: "the file is empty"}
	}
	if err := decoder.Decode(&more); err == nil {
		return nil, &Problem{File: file, Line: max(more.Line, 1), Column: max(more.Column, 1), What: "one file holds one rule; put this one into a file of its own"}
	} else if !errors.Is(err, io.EOF) {
		return nil, syntaxProblem(file, err)
	}
	w := walker{file: file}
	return w.node(doc.Content[0], 0)
}

func syntaxProblem(file string, err error) *Problem {
	p := &Problem{File: file, Line: 1, Column: 1}
	what := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(what, "line "); ok { // which it leaves out of the first
		if number, after, ok := strings.Cut(rest, ":"); ok {
			if line, err := strconv.Atoi(number); err == nil {
				p.Line, what = max(line, 1), strings.TrimSpace(after)
			}
		}
	}
	p.What = "this is no YAML: " + what
	if strings.Contains(what, "',' or") {
		p.What += "; within braces put texts that hold signs such as { } [ ] , : ? into quotes"
	}
	return p
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

// walker turns the parser's tree into ours.
type walker struct {
	file  string
	nodes int
}

func (w *walker) node(y *yaml.Node, deep int) (*node, *Problem) {
	n := &node{line: y.Line, col: y.Column}
	fail := func(what string) (*node, *Problem) {
		return nil, &Problem{File: w.file, Line: max(y.Line, 1), Column: max(y.Column, 1), What: what}
	}
	switch w.nodes++; {
	case w.nodes > maxNodes:
		return fail(fmt.Sprintf("the file has more than %d values", maxNodes))
	case deep > maxDepth:
		return fail(fmt.Sprintf("the file is nested deeper than %d", maxDepth))
	case y.Kind == yaml.AliasNode || y.Anchor != "":
		return fail("anchors (&) and aliases (*) are not taken; write it out, or put the text in quotes")
	}
	switch y.Kind {
	case yaml.MappingNode:
		n.kind = mapNode
		for i := 0; i+1 < len(y.Content); i += 2 {
			key, problem := w.node(y.Content[i], deep+1)
			if problem != nil {
				return nil, problem
			}
			if key.kind != scalarNode {
				return fail("a key must be a word")
			}
			value, problem := w.node(y.Content[i+1], deep+1)
			if problem != nil {
				return nil, problem
			}
			n.pairs = append(n.pairs, pair{key, value})
		}
	case yaml.SequenceNode:
		n.kind = listNode
		for _, each := range y.Content {
			item, problem := w.node(each, deep+1)
			if problem != nil {
				return nil, problem
			}
			n.items = append(n.items, item)
		}
	default:
		n.tag, n.text = y.ShortTag(), y.Value
		n.quoted = y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0
		n.block = y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
	}
	return n, nil
}
