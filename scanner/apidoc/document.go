package apidoc

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Document is what was read of a description of an API.
type Document struct {
	Name       string      `json:"name"` // of the file
	Form       string      `json:"form"` // "OpenAPI 3.0.3", "Swagger 2.0", "Postman 2.1"
	Title      string      `json:"title,omitempty"`
	Version    string      `json:"version,omitempty"`
	Servers    []Server    `json:"servers,omitempty"`
	Operations []Operation `json:"operations,omitempty"`
	Problems   []Problem   `json:"problems,omitempty"` // what could not be read; bounded
	More       int         `json:"more,omitempty"`     // problems beyond those
}

// Server is where an API is served, as far as the document says. An empty Host means that it does not.
type Server struct {
	Host string `json:"host,omitempty"` // lower case, with the port where it is written; * stands for a variable
	Base string `json:"base,omitempty"` // path before those of operations, without a slash at its end
}

// Operation is one method of one path.
type Operation struct {
	ID         string      `json:"id,omitempty"`
	Summary    string      `json:"summary,omitempty"`
	Method     string      `json:"method"`
	Path       string      `json:"path"`              // template, below Server.Base
	Servers    []Server    `json:"servers,omitempty"` // where it differs from the document's
	Deprecated bool        `json:"deprecated,omitempty"`
	Parameters []Parameter `json:"parameters,omitempty"`
	Open       bool        `json:"open,omitempty"` // the body may hold more members than are described, or is not described
	Auth       []string    `json:"auth,omitempty"` // none, bearer, basic, api-key, cookie, oauth2, mtls; empty: not said
}

// Parameter is one input of an operation; of a body its top-level members.
type Parameter struct {
	In       string   `json:"in"` // path, query, header, cookie, form, body
	Name     string   `json:"name"`
	Types    []string `json:"types,omitempty"` // JSON types; none: any
	Required bool     `json:"required,omitempty"`
}

// Problem is something in a document that could not be read. It is an error too: of a document of which nothing can be
// used.
type Problem struct {
	Line   int    `json:"line,omitempty"` // from 1; 0 when not known
	Column int    `json:"column,omitempty"`
	Where  string `json:"where,omitempty"` // JSON pointer
	What   string `json:"what"`
}

// Error says line, column, place and what was expected.
func (p *Problem) Error() string { return p.String() }

// String says line, column, place and what was expected.
func (p Problem) String() string {
	var b strings.Builder
	if p.Line > 0 {
		fmt.Fprintf(&b, "line %d", p.Line)
		if p.Column > 0 {
			fmt.Fprintf(&b, ", column %d", p.Column)
		}
		b.WriteString(": ")
	}
	if p.Where != "" {
		b.WriteString(p.Where + ": ")
	}
	b.WriteString(p.What)
	return b.String()
}

// Bounds of what is kept of a document.
const (
	maxBytes      = 64 << 20
	maxProblems   = 100
	maxOperations = 20_000
	maxParameters = 500 // of one operation
	maxText       = 300
)

// Read reads a document. It fails (with *Problem) only where nothing of it can be used; everything else that is wrong is
// in Problems.
func Read(name string, data []byte) (*Document, error) {
	if len(data) > maxBytes {
		return nil, &Problem{What: fmt.Sprintf("the file is larger than %d MiB", maxBytes>>20)}
	}
	root, err := parse(data)
	if err != nil {
		return nil, err
	}
	r := &reader{doc: &Document{Name: name}, root: root}
	switch {
	case root.kind != isMap:
		return nil, &Problem{Line: root.line, Column: root.col, What: "expected an object with \"openapi\", \"swagger\" or \"item\", found " + kindNames[root.kind]}
	case root.get("openapi") != nil:
		err = r.openapi()
	case root.get("swagger") != nil:
		err = r.swagger()
	case root.get("item") != nil, root.get("collection").get("item") != nil:
		err = r.postman()
	default:
		err = &Problem{Line: root.line, Column: root.col, What: "expected \"openapi\" (OpenAPI 3), \"swagger\" (2.0) or \"item\" (a Postman collection) at the top, found " + found(root)}
	}
	if err != nil {
		return nil, err
	}
	return r.doc, nil
}

func found(n *node) string {
	if len(n.names) == 0 {
		return "nothing"
	}
	return strings.Join(n.names[:min(len(n.names), 5)], ", ")
}

// Encode writes what Decode reads.
func (d *Document) Encode() ([]byte, error) { return json.Marshal(d) }

// Decode reads what Encode wrote.
func Decode(data []byte) (*Document, error) {
	d := &Document{}
	return d, json.Unmarshal(data, d)
}

// Hosts lists where the document says the API is served, * for a variable; none when it does not say.
func (d *Document) Hosts() []string {
	var hosts []string
	add := func(servers []Server) {
		for _, s := range servers {
			if s.Host != "" && !slices.Contains(hosts, s.Host) {
				hosts = append(hosts, s.Host)
			}
		}
	}
	add(d.Servers)
	for i := range d.Operations {
		add(d.Operations[i].Servers)
	}
	slices.Sort(hosts)
	return hosts
}

// ServedAt sets where the API is served, for a document that does not say: hosts, or URLs with a base path.
func (d *Document) ServedAt(places ...string) {
	var bases []string
	for _, s := range d.Servers {
		if s.Host == "" && s.Base != "" {
			bases = append(bases, s.Base)
		}
	}
	for _, place := range places {
		s := serverOf(place)
		if s.Host == "" {
			s = serverOf("https://" + place)
		}
		if s.Host == "" {
			continue
		}
		if s.Base == "" && len(bases) > 0 {
			s.Base = bases[0]
		}
		d.Servers = append(d.Servers, s)
	}
}

// reader gathers a document from nodes.
type reader struct {
	doc  *Document
	root *node
}

func (r *reader) problem(n *node, where, what string) {
	if len(r.doc.Problems) >= maxProblems {
		r.doc.More++
		return
	}
	p := Problem{Where: where, What: what}
	if n != nil {
		p.Line, p.Column = n.line, n.col
	}
	r.doc.Problems = append(r.doc.Problems, p)
}

// want reports whether a node is of a kind, and what is wrong when it is there and is not.
func (r *reader) want(n *node, k kind, where string) bool {
	if n == nil {
		return false
	}
	if n.kind != k {
		r.problem(n, where, "expected "+kindNames[k]+", found "+kindNames[n.kind])
		return false
	}
	return true
}

// add keeps an operation.
func (r *reader) add(o Operation) bool {
	if len(r.doc.Operations) >= maxOperations {
		return false
	}
	o.ID, o.Summary = short(o.ID), short(o.Summary)
	if len(o.Parameters) > maxParameters {
		o.Parameters, o.Open = o.Parameters[:maxParameters], true
	}
	r.doc.Operations = append(r.doc.Operations, o)
	return true
}

func short(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText], "") + "…"
}

// follow resolves a reference into the same document, a few deep; nil with a problem where it leads nowhere.
func (r *reader) follow(n *node, where string) *node {
	for range 20 {
		ref := n.get("$ref")
		if ref == nil {
			return n
		}
		if ref.kind != isText {
			r.problem(ref, where+"/$ref", "expected a text, found "+kindNames[ref.kind])
			return nil
		}
		path, local := strings.CutPrefix(ref.text, "#/")
		if !local {
			r.problem(ref, where+"/$ref", fmt.Sprintf("%q is in another file, which is not loaded", short(ref.text)))
			return nil
		}
		n = r.root
		for step := range strings.SplitSeq(path, "/") {
			step = strings.NewReplacer("~1", "/", "~0", "~", "%7B", "{", "%7D", "}").Replace(step)
			if n = n.get(step); n == nil {
				r.problem(ref, where+"/$ref", fmt.Sprintf("%q is not in the document", short(ref.text)))
				return nil
			}
		}
	}
	r.problem(n, where, "the reference leads in a circle")
	return nil
}

// pointer adds a step to a JSON pointer.
func pointer(where, step string) string {
	return where + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(short(step))
}
