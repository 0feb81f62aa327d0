package apidoc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// kind of a node.
type kind uint8

const (
	isNull kind = iota
	isText
	isNumber
	isBool
	isList
	isMap
)

var kindNames = [...]string{"nothing", "a text", "a number", "true or false", "a list", "an object"}

// node is one value of a document with the place it was read from; the same for JSON and YAML.
type node struct {
	kind  kind
	text  string
	names []string // of a map, in order
	items []*node  // of a map or list
	line  int
	col   int
}

// Bounds of a document.
const (
	maxDepth = 200
	maxNodes = 1 << 20
)

func (n *node) get(name string) *node {
	if n == nil || n.kind != isMap {
		return nil
	}
	for i := len(n.names) - 1; i >= 0; i-- { // of the same name the last counts
		if n.names[i] == name {
			return n.items[i]
		}
	}
	return nil
}

func (n *node) str(name string) string {
	if v := n.get(name); v != nil && v.kind == isText {
		return v.text
	}
	return ""
}

func (n *node) yes(name string) bool {
	v := n.get(name)
	return v != nil && v.kind == isBool && v.text == "true"
}

// parse reads JSON or YAML.
func parse(data []byte) (*node, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if trimmed := bytes.TrimSpace(data); len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') {
		n, err := parseJSON(data)
		if err == nil {
			return n, nil
		}
		if other, yamlErr := parseYAML(data); yamlErr == nil && other.kind == isMap { // YAML may begin with a brace too
			return other, nil
		}
		return nil, err
	}
	return parseYAML(data)
}

// jsonReader builds nodes from tokens.
type jsonReader struct {
	data  []byte
	d     *json.Decoder
	at    int // what lines were counted up to
	line  int
	start int // of the line
	nodes int
}

func parseJSON(data []byte) (*node, error) {
	r := &jsonReader{data: data, d: json.NewDecoder(bytes.NewReader(data)), line: 1}
	r.d.UseNumber()
	n, err := r.value(0)
	if err == nil {
		if _, more := r.d.Token(); more == nil {
			err = errors.New("something follows the end of the document")
		} else if !errors.Is(more, io.EOF) {
			err = more
		}
	}
	if err != nil {
		return nil, r.fault(err)
	}
	return n, nil
}

// place is where the token that comes next begins.
func (r *jsonReader) place() (line, col int) {
	at := int(r.d.InputOffset())
	for at < len(r.data) && strings.IndexByte(" \t\r\n,:", r.data[at]) >= 0 {
		at++
	}
	return r.position(at)
}

// position turns an offset into line and column, both from 1. Offsets may only grow.
func (r *jsonReader) position(at int) (line, col int) {
	at = min(at, len(r.data))
	for r.at < at {
		next := bytes.IndexByte(r.data[r.at:at], '\n')
		if next < 0 {
			r.at = at
			break
		}
		r.at += next + 1
		r.line, r.start = r.line+1, r.at
	}
	return r.line, len([]rune(string(r.data[min(r.start, at):at]))) + 1
}

func (r *jsonReader) fault(err error) error {
	at := int(r.d.InputOffset())
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = max(at, int(syntax.Offset)-1)
	}
	what := err.Error()
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		at, what = len(r.data), "the file ends in the middle of the document"
	}
	line, col := r.position(at)
	return &Problem{Line: line, Column: col, What: "not valid JSON: " + what}
}

func (r *jsonReader) value(depth int) (*node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("it is nested deeper than %d", maxDepth)
	}
	if r.nodes++; r.nodes > maxNodes {
		return nil, errors.New("it holds more values than can be read")
	}
	n := &node{}
	n.line, n.col = r.place()
	token, err := r.d.Token()
	if err != nil {
		return nil, err
	}
	switch v := token.(type) {
	case nil:
	case string:
		n.kind, n.text = isText, v
	case json.Number:
		n.kind, n.text = isNumber, v.String()
	case bool:
		n.kind, n.text = isBool, strconv.FormatBool(v)
	case json.Delim:
		return n, r.inside(n, v, depth)
	}
	return n, nil
}

func (r *jsonReader) inside(n *node, open json.Delim, depth int) error {
	n.kind = isList
	if open == '{' {
		n.kind = isMap
	}
	for r.d.More() {
		if n.kind == isMap {
			name, err := r.d.Token()
			if err != nil {
				return err
			}
			text, _ := name.(string)
			n.names = append(n.names, text)
		}
		item, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
	}
	_, err := r.d.Token() // the end
	return err
}

// yamlReader turns yaml's nodes into ours. Aliases are followed, with a bound on how much that makes of them.
type yamlReader struct{ nodes int }

func parseYAML(data []byte) (*node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		line := 1 // which the message leaves out
		what := strings.TrimPrefix(err.Error(), "yaml: ")
		if rest, ok := strings.CutPrefix(what, "line "); ok {
			if number, after, ok := strings.Cut(rest, ":"); ok {
				line, _ = strconv.Atoi(number)
				what = strings.TrimSpace(after)
			}
		}
		return nil, &Problem{Line: line, What: "neither valid JSON nor YAML: " + what}
	}
	if len(doc.Content) == 0 {
		return nil, &Problem{What: "the file is empty"}
	}
	r := &yamlReader{}
	return r.value(doc.Content[0], 0)
}

func (r *yamlReader) value(y *yaml.Node, depth int) (*node, error) {
	if r.nodes++; depth > maxDepth || r.nodes > maxNodes {
		return nil, &Problem{Line: y.Line, Column: y.Column, What: fmt.Sprintf("it is nested deeper than %d, or holds more values than can be read", maxDepth)}
	}
	n := &node{line: y.Line, col: y.Column}
	switch y.Kind {
	case yaml.DocumentNode: // stands only around all others
	case yaml.AliasNode:
		return r.value(y.Alias, depth+1)
	case yaml.ScalarNode:
		n.text = y.Value
		n.kind = scalarKind(y)
	case yaml.SequenceNode:
		n.kind = isList
		for _, each := range y.Content {
			item, err := r.value(each, depth+1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
		}
	case yaml.MappingNode:
		n.kind = isMap
		for i := 0; i+1 < len(y.Content); i += 2 {
			item, err := r.value(y.Content[i+1], depth+1)
			if err != nil {
				return nil, err
			}
			n.names = append(n.names, y.Content[i].Value)
			n.items = append(n.items, item)
		}
	}
	return n, nil
}

func scalarKind(y *yaml.Node) kind {
	switch y.Tag {
	case "!!null":
		return isNull
	case "!!int", "!!float":
		return isNumber
	case "!!bool":
		return isBool
	}
	return isText
}
