package template

import (
	"errors"
	"fmt"
	"mime"
	"regexp"
	"slices"
	"strings"
	"time"

	"assay/scanner/judge"
	"assay/scanner/mutate"
)

func (r *decoder) attack(n *node, where string) {
	a := &r.t.Attack
	r.object(n, where, map[string]field{
		"slot":      func(n *node, where string) { a.Slot = r.slot(n, where) },
		"prompts":   func(n *node, where string) { a.Prompts = r.prompts(n, where) },
		"turns":     func(n *node, where string) { a.Turns = r.turns(n, where) },
		"payloads":  func(n *node, where string) { a.Payloads = r.payloads(n, where) },
		"mutations": func(n *node, where string) { a.Mutations = r.mutations(n, where) },
		"requests":  func(n *node, where string) { a.Requests = r.requests(n, where) },
		"setup":     func(n *node, where string) { r.setup(n, where) },
	})
	switch {
	case len(a.Prompts) > 0 && len(a.Turns) > 0:
		r.fail(n, where, "an attack has prompts, each sent alone, or turns, which are one conversation; this one has both")
	case len(a.Prompts)+len(a.Turns)+len(a.Requests) == 0:
		r.fail(n, where, "there is nothing to send: prompts, turns or requests are missing")
	case len(a.Prompts)+len(a.Turns) == 0 && len(a.Mutations) > 0:
		r.fail(n, where, "mutations change prompts or turns, and there are none")
	}
	if len(a.Turns) > 1 {
		r.need("multi-turn")
	}
}

func (r *decoder) slot(n *node, where string) string {
	t := r.text(n, where, 300)
	if what, near := checkSlot(t); what != "" && t != "" {
		r.add(n, where, near, what)
		return SlotLastUser
	}
	return t
}

func (r *decoder) prompts(n *node, where string) []string {
	var all []string
	r.list(n, where, maxPrompts, func(n *node, where string) {
		t := r.fill(n, where, maxPrompt)
		t = strings.TrimSuffix(t, "\n")
		if slices.Contains(all, t) {
			r.fail(n, where, "this prompt stands in the list already")
			return
		}
		all = append(all, t)
	})
	return all
}

func (r *decoder) turns(n *node, where string) []Turn {
	var all []Turn
	r.list(n, where, maxTurns, func(n *node, where string) {
		var t Turn
		if n.kind == scalarNode {
			t.Prompt = strings.TrimSuffix(r.fill(n, where, maxPrompt), "\n")
			all = append(all, t)
			return
		}
		r.object(n, where, map[string]field{
			"prompt": func(n *node, where string) { t.Prompt = strings.TrimSuffix(r.fill(n, where, maxPrompt), "\n") },
			"slot":   func(n *node, where string) { t.Slot = r.slot(n, where) },
			"when":   func(n *node, where string) { t.When = r.condition(n, where, len(all)) },
			"stop": func(n *node, where string) {
				tree := r.tree(n, where)
				t.Stop = &tree
			},
		}, "prompt")
		all = append(all, t)
	})
	return all
}

// condition reads what the answer before must have been; the first turn has none before it.
func (r *decoder) condition(n *node, where string, before int) *judge.Node {
	if before == 0 {
		r.fail(n, where, "the first turn has no answer before it that could be looked at")
	}
	tree := r.tree(n, where)
	return &tree
}

var namePattern = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func (r *decoder) payloads(n *node, where string) []Payload {
	var all []Payload
	if n.null() || n.kind != mapNode {
		r.fail(n, where, "a mapping of names to lists is wanted, here is %s", n.what())
		return nil
	}
	for _, p := range n.pairs {
		name, at := p.key.text, under(where, p.key.text)
		taken := isVariable(name)
		switch {
		case !namePattern.MatchString(name):
			r.fail(p.key, where, "%q cannot be named in a prompt: small letters, digits and _ can", clip(name))
		case taken:
			r.fail(p.key, where, "%q is a variable of its own; name the list otherwise", name)
		case slices.ContainsFunc(all, func(p Payload) bool { return p.Name == name }):
			r.fail(p.key, where, "%q stands here twice", name)
		default:
			values := r.texts(p.value, at, maxValues, maxPrompt)
			for i, v := range values {
				r.using(p.value, fmt.Sprintf("%s[%d]", at, i), v)
				if slices.ContainsFunc(names(v), func(name string) bool { return !isVariable(name) }) {
					r.fail(p.value, at, "a payload may name variables, no other payload list")
				}
			}
			all = append(all, Payload{Name: name, Values: values})
		}
	}
	return all
}

func isVariable(name string) bool {
	_, is := variable(name)
	return is
}

// mutations reads specs; the error of the package that owns them knows its column.
func (r *decoder) mutations(n *node, where string) []string {
	var all []string
	r.list(n, where, 200, func(n *node, where string) {
		t := r.text(n, where, mutate.MaxSpec)
		chain, err := mutate.Parse(t)
		if err != nil {
			at, what, near := *n, err.Error(), ""
			if e, ok := errors.AsType[*mutate.Error](err); ok {
				at.col += max(e.Column-1, 0) + quoted(r.lines, n)
				what, near = e.Message, e.Nearest
				what, _, _ = strings.Cut(what, "; did you mean")
			}
			r.add(&at, where, near, what)
			return
		}
		if slices.Contains(all, chain.String()) {
			r.fail(n, where, "%q stands in this list already", clip(t))
			return
		}
		all = append(all, chain.String())
	})
	return all
}

// quoted is 1 where a text stands in quotes: its first character is one further.
func quoted(lines []string, n *node) int {
	if n.line < 1 || n.line > len(lines) {
		return 0
	}
	line := lines[n.line-1]
	if at := byteOf(line, n.col); at < len(line) && (line[at] == '"' || line[at] == '\'') {
		return 1
	}
	return 0
}

func (r *decoder) setup(n *node, where string) {
	s := &r.t.Attack.Setup
	r.object(n, where, map[string]field{
		"system":   func(n *node, where string) { s.System = strings.TrimSpace(r.fill(n, where, maxPrompt)) },
		"document": func(n *node, where string) { s.Document = r.fill(n, where, 200) },
		"user":     func(n *node, where string) { s.User = strings.TrimSpace(r.fill(n, where, maxPrompt)) },
		"call":     func(n *node, where string) { s.Call = r.call(n, where) },
		"tools": func(n *node, where string) {
			r.list(n, where, 50, func(n *node, where string) {
				var t Tool
				r.object(n, where, map[string]field{
					"name":        func(n *node, where string) { t.Name = r.text(n, where, 64) },
					"description": func(n *node, where string) { t.Description = strings.TrimSpace(r.fill(n, where, maxProse)) },
					"parameters":  func(n *node, where string) { t.Parameters = r.schema(n, where) },
				}, "name", "description")
				s.Tools = append(s.Tools, t)
			})
		},
	})
}

// schema reads a JSON Schema, or the short form "name: what it is" for an object of texts that are all required.
func (r *decoder) schema(n *node, where string) any {
	if n.kind != mapNode {
		r.fail(n, where, "a JSON Schema, or a mapping of names to descriptions, is wanted")
		return nil
	}
	properties, required := map[string]any{}, []any{}
	for _, p := range n.pairs {
		if p.value.kind != scalarNode || p.key.text == "type" {
			return r.value(n, where)
		}
		properties[p.key.text] = map[string]any{"type": "string", "description": p.value.text}
		required = append(required, p.key.text)
	}
	return map[string]any{"type": "object", "properties": properties, "required": required}
}

func (r *decoder) call(n *node, where string) *ToolCall {
	var c ToolCall
	r.object(n, where, map[string]field{
		"name":      func(n *node, where string) { c.Name = r.fill(n, where, 200) },
		"arguments": func(n *node, where string) { c.Arguments = r.value(n, where) },
	}, "name")
	return &c
}

func (r *decoder) requests(n *node, where string) []Request {
	var all []Request
	r.list(n, where, maxRequests, func(n *node, where string) {
		req := r.request(n, where)
		if slices.ContainsFunc(all, func(other Request) bool { return other.Name == req.Name }) {
			r.fail(n, where, "a request named %q stands here already", req.Name)
		}
		if n.kind == mapNode && len(n.pairs) < 2 {
			r.fail(n, where, "this request changes nothing")
		}
		all = append(all, req)
	})
	return all
}

var methodPattern = regexp.MustCompile(`^[A-Za-z][A-Za-z-]{0,30}$`)

func (r *decoder) request(n *node, where string) Request {
	var q Request
	r.object(n, where, map[string]field{
		"name": func(n *node, where string) { q.Name = r.slug(n, where) },
		"method": func(n *node, where string) {
			if q.Method = r.text(n, where, 31); !methodPattern.MatchString(q.Method) {
				r.fail(n, where, "%q is no method", clip(q.Method))
			}
		},
		"path":    func(n *node, where string) { q.Path = r.path(n, where) },
		"query":   func(n *node, where string) { q.Query = r.fields(n, where) },
		"headers": func(n *node, where string) { q.Headers = r.fields(n, where) },
		"body":    func(n *node, where string) { q.Body = r.fields(n, where) },
		"raw": func(n *node, where string) {
			raw := ""
			if n.value != "" {
				raw = r.fill(n, where, maxPrompt)
			}
			q.Raw = &raw
		},
		"content_type": func(n *node, where string) {
			q.ContentType = r.text(n, where, 200)
			if _, _, err := mime.ParseMediaType(q.ContentType); err != nil && q.ContentType != "" {
				r.fail(n, where, "%q is no media type", clip(q.ContentType))
			}
		},
		"auth": func(n *node, where string) {
			q.Auth = r.word(n, where, AuthEdits)
			r.need(map[bool]string{true: "role", false: "auth"}[q.Auth == "swap"])
		},
		"model":      func(n *node, where string) { q.Model = r.fill(n, where, 200) },
		"parameters": func(n *node, where string) { q.Parameters = r.parameters(n, where) },
		"size":       func(n *node, where string) { q.Size = r.size(n, where) },
		"repeat":     func(n *node, where string) { q.Repeat = r.repeat(n, where) },
	}, "name")
	return q
}

func (r *decoder) need(need string) {
	if !slices.Contains(r.t.Needs, need) {
		r.t.Needs = append(r.t.Needs, need)
	}
}

func (r *decoder) path(n *node, where string) *PathEdit {
	var p PathEdit
	r.object(n, where, map[string]field{
		"set":    func(n *node, where string) { p.Set = r.fill(n, where, 2000) },
		"append": func(n *node, where string) { p.Append = r.fill(n, where, 2000) },
		"find": func(n *node, where string) {
			p.Find = r.text(n, where, 500)
			if _, err := regexp.Compile(p.Find); err != nil {
				r.fail(n, where, "this is no regular expression: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
			}
		},
		"replace": func(n *node, where string) {
			if n.value != "" { // nothing is a replacement too
				p.Replace = r.fill(n, where, 2000)
			}
		},
	})
	if p == (PathEdit{}) {
		r.fail(n, where, "set, append, or find with replace is wanted")
	}
	return &p
}

// fields reads set and remove.
func (r *decoder) fields(n *node, where string) *FieldEdit {
	var f FieldEdit
	r.object(n, where, map[string]field{
		"set":    func(n *node, where string) { f.Set = r.parameters(n, where) },
		"remove": func(n *node, where string) { f.Remove = r.texts(n, where, 100, 500) },
	})
	if len(f.Set)+len(f.Remove) == 0 {
		r.fail(n, where, "set or remove is wanted")
	}
	return &f
}

func (r *decoder) parameters(n *node, where string) []Parameter {
	if n.null() || n.kind != mapNode {
		r.fail(n, where, "a mapping of names to values is wanted, here is %s", n.what())
		return nil
	}
	var all []Parameter
	for _, p := range n.pairs {
		if slices.ContainsFunc(all, func(other Parameter) bool { return other.Name == p.key.text }) {
			r.fail(p.key, where, "%q stands here twice", clip(p.key.text))
			continue
		}
		r.using(p.key, where, p.key.text)
		all = append(all, Parameter{p.key.text, r.value(p.value, under(where, p.key.text))})
	}
	return all
}

func (r *decoder) size(n *node, where string) *Size {
	s := Size{Fill: "A "}
	r.object(n, where, map[string]field{
		"bytes": func(n *node, where string) { s.Bytes = r.number(n, where, 1, maxSize) },
		"fill":  func(n *node, where string) { s.Fill = r.fill(n, where, 10_000) },
	}, "bytes")
	return &s
}

func (r *decoder) repeat(n *node, where string) *Repeat {
	rep := Repeat{Times: 2, Parallel: 1}
	r.object(n, where, map[string]field{
		"times":    func(n *node, where string) { rep.Times = r.number(n, where, 2, maxRepeat) },
		"parallel": func(n *node, where string) { rep.Parallel = r.number(n, where, 1, 100) },
		"within": func(n *node, where string) {
			d, err := time.ParseDuration(r.text(n, where, 20))
			if err != nil || d <= 0 || d > 10*time.Minute {
				r.fail(n, where, "a time such as 10s, at most 10m, is wanted")
				return
			}
			rep.Within = d
		},
	}, "times")
	return &rep
}
