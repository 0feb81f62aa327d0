package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"assay/scanner"
)

// Limits of one file.
type Limits struct {
	Of      string // what one file holds, in words: "rule"
	Bytes   int
	Depth   int
	Nodes   int  // values, those that aliases stand for too
	Aliases bool // anchors (&) and aliases (*) are taken
}

// Parse reads one document; nil where the file is empty. What is no YAML is one Problem, since nothing after it can be
// trusted.
func Parse(file string, data []byte, l Limits) (*Node, *scanner.Problem) {
	all, problem := ParseAll(file, data, l)
	if problem != nil || len(all) == 0 {
		return nil, problem
	}
	if len(all) > 1 {
		at := all[1]
		return nil, &scanner.Problem{File: file, Line: max(at.Line, 1), Column: max(at.Col, 1), What: "one file holds one " + l.Of + "; put this one into a file of its own"}
	}
	return all[0], nil
}

// ParseAll reads every document of a file; those with nothing in them are left out.
func ParseAll(file string, data []byte, l Limits) (all []*Node, problem *scanner.Problem) {
	if len(data) > l.Bytes {
		return nil, &scanner.Problem{File: file, What: fmt.Sprintf("the file has %d bytes; a %s may have %d", len(data), l.Of, l.Bytes)}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if at := invalidAt(data); at < len(data) {
		line, col := position(data, at)
		return nil, &scanner.Problem{File: file, Line: line, Column: col, What: "this byte is no UTF-8"}
	}
	// The parser is written for files that people trust; a file from elsewhere must not end the program.
	defer func() {
		if r := recover(); r != nil {
			all, problem = nil, &scanner.Problem{File: file, Line: 1, Column: 1, What: fmt.Sprintf("this is no YAML: %v", r)}
		}
	}()
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	w := walker{file: file, limits: l, anchors: map[*yaml.Node]*Node{}}
	for {
		var doc yaml.Node
		if err := decoder.Decode(&doc); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, syntaxProblem(file, data, err)
		}
		if len(doc.Content) == 0 {
			continue
		}
		n, problem := w.node(doc.Content[0], 0)
		if problem != nil {
			return nil, problem
		}
		if !n.Null() {
			all = append(all, n)
		}
	}
}

var unknownAnchor = regexp.MustCompile(`unknown anchor '([^']*)' referenced`)

func syntaxProblem(file string, data []byte, err error) *scanner.Problem {
	p := &scanner.Problem{File: file, Line: 1, Column: 1}
	what := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(what, "line "); ok { // which it leaves out of the first
		if number, after, ok := strings.Cut(rest, ":"); ok {
			if line, err := strconv.Atoi(number); err == nil {
				p.Line, what = max(line, 1), strings.TrimSpace(after)
			}
		}
	}
	if name := unknownAnchor.FindStringSubmatch(what); name != nil {
		p.What = fmt.Sprintf("*%s stands for nothing: no &%s before it", name[1], name[1])
		if at := bytes.Index(data, []byte("*"+name[1])); at >= 0 {
			p.Line, p.Column = position(data, at)
		}
		return p
	}
	p.What = "this is no YAML: " + what
	switch lines := bytes.Split(data, []byte("\n")); {
	case braces(lines, p.Line):
		p.What += `; a text that begins with {{ must stand in quotes or under "|"`
	case strings.Contains(what, "',' or"):
		p.What += "; within braces put texts that hold signs such as { } [ ] , : ? into quotes"
	}
	return p
}

// braces reports whether {{ stands in a line or the one before: the parser names the line where it gave up.
func braces(lines [][]byte, line int) bool {
	for i := max(line-2, 0); i < min(line, len(lines)); i++ {
		if bytes.Contains(lines[i], []byte("{{")) {
			return true
		}
	}
	return false
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
	file    string
	limits  Limits
	anchors map[*yaml.Node]*Node
	nodes   int
}

func (w *walker) fail(y *yaml.Node, format string, args ...any) *scanner.Problem {
	return &scanner.Problem{File: w.file, Line: max(y.Line, 1), Column: max(y.Column, 1), What: fmt.Sprintf(format, args...)}
}

func (w *walker) node(y *yaml.Node, deep int) (*Node, *scanner.Problem) {
	switch w.nodes++; {
	case w.nodes > w.limits.Nodes:
		return nil, w.fail(y, "the file has more than %d values", w.limits.Nodes)
	case deep > w.limits.Depth:
		return nil, w.fail(y, "the file is nested deeper than %d", w.limits.Depth)
	case !w.limits.Aliases && (y.Kind == yaml.AliasNode || y.Anchor != ""):
		return nil, w.fail(y, "anchors (&) and aliases (*) are not taken; write it out, or put the text in quotes")
	case y.Kind == yaml.AliasNode:
		return w.alias(y)
	}
	n := &Node{Line: y.Line, Col: y.Column}
	var problem *scanner.Problem
	switch y.Kind {
	case yaml.MappingNode:
		problem = w.mapping(n, y, deep)
	case yaml.SequenceNode:
		n.Kind = List
		for _, each := range y.Content {
			var item *Node
			if item, problem = w.node(each, deep+1); problem != nil {
				break
			}
			n.Items = append(n.Items, item)
		}
	default:
		n.Text, n.Value = y.Value, scalar(y)
		n.Quoted = y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0
		n.Block = y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
	}
	if problem != nil {
		return nil, problem
	}
	if y.Anchor != "" {
		w.anchors[y] = n
	}
	return n, nil
}

func (w *walker) mapping(n *Node, y *yaml.Node, deep int) *scanner.Problem {
	n.Kind = Map
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, problem := w.node(y.Content[i], deep+1)
		if problem != nil {
			return problem
		}
		if key.Kind != Scalar {
			return w.fail(y.Content[i], "a key must be a word")
		}
		value, problem := w.node(y.Content[i+1], deep+1)
		if problem != nil {
			return problem
		}
		if value.Null() && value.Text == "" {
			value.Line, value.Col = key.Line, key.Col
		}
		n.Pairs = append(n.Pairs, Pair{key, value})
	}
	return nil
}

func (w *walker) alias(y *yaml.Node) (*Node, *scanner.Problem) {
	to, ok := w.anchors[y.Alias]
	if !ok {
		return nil, w.fail(y, "*%s stands for what it is a part of", y.Value)
	}
	if w.nodes += to.size(); w.nodes > w.limits.Nodes {
		return nil, w.fail(y, "the file has more than %d values once its aliases are written out", w.limits.Nodes)
	}
	copied := *to
	copied.Line, copied.Col = y.Line, y.Column
	return &copied, nil
}

// scalar is the value of a scalar; dates, .inf, .nan and merge keys are words here.
func scalar(y *yaml.Node) any {
	var v any
	switch y.ShortTag() {
	case "!!null":
		return nil
	case "!!int", "!!float", "!!bool":
		if err := y.Decode(&v); err != nil {
			return y.Value
		}
	}
	switch x := v.(type) {
	case int:
		return int64(x)
	case float64:
		if x-x != 0 { // infinite, or no number
			return y.Value
		}
		return x
	case bool, int64, uint64:
		return x
	default:
		return y.Value
	}
}
