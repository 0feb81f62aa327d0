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
	"assay/scanner/yamlfile"
)

func (r *decoder) attack(n *yamlfile.Node, where string) {
	a := &r.t.Attack
	r.Object(n, where, map[string]yamlfile.Field{
		"slot":      func(n *yamlfile.Node, where string) { a.Slot = r.slot(n, where) },
		"prompts":   func(n *yamlfile.Node, where string) { a.Prompts = r.prompts(n, where) },
		"turns":     func(n *yamlfile.Node, where string) { a.Turns = r.turns(n, where) },
		"payloads":  func(n *yamlfile.Node, where string) { a.Payloads = r.payloads(n, where) },
		"mutations": func(n *yamlfile.Node, where string) { a.Mutations = r.mutations(n, where) },
		"requests":  func(n *yamlfile.Node, where string) { a.Requests = r.requests(n, where) },
		"setup":     func(n *yamlfile.Node, where string) { r.setup(n, where) },
	})
	switch {
	case len(a.Prompts) > 0 && len(a.Turns) > 0:
		r.Fail(n, where, "an attack has prompts, each sent alone, or turns, which are one conversation; this one has both")
	case len(a.Prompts)+len(a.Turns)+len(a.Requests) == 0:
		r.Fail(n, where, "there is nothing to send: prompts, turns or requests are missing")
	case len(a.Prompts)+len(a.Turns) == 0 && len(a.Mutations) > 0:
		r.Fail(n, where, "mutations change prompts or turns, and there are none")
	}
	if len(a.Turns) > 1 {
		r.need("multi-turn")
	}
}

func (r *decoder) slot(n *yamlfile.Node, where string) string {
	t := r.Text(n, where, 300)
	if what, near := checkSlot(t); what != "" && t != "" {
		r.Add(n, where, near, what)
		return SlotLastUser
	}
	return t
}

func (r *decoder) prompts(n *yamlfile.Node, where string) []string {
	var all []string
	r.List(n, where, maxPrompts, func(n *yamlfile.Node, where string) {
		t := r.fill(n, where, maxPrompt)
		t = strings.TrimSuffix(t, "\n")
		if slices.Contains(all, t) {
			r.Fail(n, where, "this prompt stands in the list already")
			return
		}
		all = append(all, t)
	})
	return all
}

func (r *decoder) turns(n *yamlfile.Node, where string) []Turn {
	var all []Turn
	r.List(n, where, maxTurns, func(n *yamlfile.Node, where string) {
		var t Turn
		if n.Kind == yamlfile.Scalar {
			t.Prompt = strings.TrimSuffix(r.fill(n, where, maxPrompt), "\n")
			all = append(all, t)
			return
		}
		r.Object(n, where, map[string]yamlfile.Field{
			"prompt": func(n *yamlfile.Node, where string) { t.Prompt = strings.TrimSuffix(r.fill(n, where, maxPrompt), "\n") },
			"slot":   func(n *yamlfile.Node, where string) { t.Slot = r.slot(n, where) },
			"when":   func(n *yamlfile.Node, where string) { t.When = r.condition(n, where, len(all)) },
			"stop": func(n *yamlfile.Node, where string) {
				tree := r.tree(n, where)
				t.Stop = &tree
			},
		}, "prompt")
		all = append(all, t)
	})
	return all
}

// condition reads what the answer before must have been; the first turn has none before it.
func (r *decoder) condition(n *yamlfile.Node, where string, before int) *judge.Node {
	if before == 0 {
		r.Fail(n, where, "the first turn has no answer before it that could be looked at")
	}
	tree := r.tree(n, where)
	return &tree
}

var namePattern = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func (r *decoder) payloads(n *yamlfile.Node, where string) []Payload {
	var all []Payload
	if n.Null() || n.Kind != yamlfile.Map {
		r.Fail(n, where, "a mapping of names to lists is wanted, here is %s", n.What())
		return nil
	}
	for _, p := range n.Pairs {
		name, at := p.Key.Text, yamlfile.Under(where, p.Key.Text)
		taken := isVariable(name)
		switch {
		case !namePattern.MatchString(name):
			r.Fail(p.Key, where, "%q cannot be named in a prompt: small letters, digits and _ can", yamlfile.Clip(name))
		case taken:
			r.Fail(p.Key, where, "%q is a variable of its own; name the list otherwise", name)
		case slices.ContainsFunc(all, func(p Payload) bool { return p.Name == name }):
			r.Fail(p.Key, where, "%q stands here twice", name)
		default:
			values := r.Texts(p.Value, at, maxValues, maxPrompt)
			for i, v := range values {
				r.using(p.Value, fmt.Sprintf("%s[%d]", at, i), v)
				if slices.ContainsFunc(names(v), func(name string) bool { return !isVariable(name) }) {
					r.Fail(p.Value, at, "a payload may name variables, no other payload list")
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
func (r *decoder) mutations(n *yamlfile.Node, where string) []string {
	var all []string
	r.List(n, where, 200, func(n *yamlfile.Node, where string) {
		t := r.Text(n, where, mutate.MaxSpec)
		chain, err := mutate.Parse(t)
		if err != nil {
			at, what, near := *n, err.Error(), ""
			if e, ok := errors.AsType[*mutate.Error](err); ok {
				at.Col += max(e.Column-1, 0)
				if n.Quoted {
					at.Col++
				}
				what, near = e.Message, e.Nearest
				what, _, _ = strings.Cut(what, "; did you mean")
			}
			r.Add(&at, where, near, what)
			return
		}
		if slices.Contains(all, chain.String()) {
			r.Fail(n, where, "%q stands in this list already", yamlfile.Clip(t))
			return
		}
		all = append(all, chain.String())
	})
	return all
}

func (r *decoder) setup(n *yamlfile.Node, where string) {
	s := &r.t.Attack.Setup
	r.Object(n, where, map[string]yamlfile.Field{
		"system":   func(n *yamlfile.Node, where string) { s.System = strings.TrimSpace(r.fill(n, where, maxPrompt)) },
		"document": func(n *yamlfile.Node, where string) { s.Document = r.fill(n, where, 200) },
		"user":     func(n *yamlfile.Node, where string) { s.User = strings.TrimSpace(r.fill(n, where, maxPrompt)) },
		"call":     func(n *yamlfile.Node, where string) { s.Call = r.call(n, where) },
		"tools": func(n *yamlfile.Node, where string) {
			r.List(n, where, 50, func(n *yamlfile.Node, where string) {
				var t Tool
				r.Object(n, where, map[string]yamlfile.Field{
					"name":        func(n *yamlfile.Node, where string) { t.Name = r.Text(n, where, 64) },
					"description": func(n *yamlfile.Node, where string) { t.Description = strings.TrimSpace(r.fill(n, where, maxProse)) },
					"parameters":  func(n *yamlfile.Node, where string) { t.Parameters = r.schema(n, where) },
				}, "name", "description")
				s.Tools = append(s.Tools, t)
			})
		},
	})
}

// schema reads a JSON Schema, or the short form "name: what it is" for an object of texts that are all required.
func (r *decoder) schema(n *yamlfile.Node, where string) any {
	if n.Kind != yamlfile.Map {
		r.Fail(n, where, "a JSON Schema, or a mapping of names to descriptions, is wanted")
		return nil
	}
	properties, required := map[string]any{}, []any{}
	for _, p := range n.Pairs {
		if p.Value.Kind != yamlfile.Scalar || p.Key.Text == "type" {
			return r.value(n, where)
		}
		properties[p.Key.Text] = map[string]any{"type": "string", "description": p.Value.Text}
		required = append(required, p.Key.Text)
	}
	return map[string]any{"type": "object", "properties": properties, "required": required}
}

func (r *decoder) call(n *yamlfile.Node, where string) *ToolCall {
	var c ToolCall
	r.Object(n, where, map[string]yamlfile.Field{
		"name":      func(n *yamlfile.Node, where string) { c.Name = r.fill(n, where, 200) },
		"arguments": func(n *yamlfile.Node, where string) { c.Arguments = r.value(n, where) },
	}, "name")
	return &c
}

func (r *decoder) requests(n *yamlfile.Node, where string) []Request {
	var all []Request
	r.List(n, where, maxRequests, func(n *yamlfile.Node, where string) {
		req := r.request(n, where)
		if slices.ContainsFunc(all, func(other Request) bool { return other.Name == req.Name }) {
			r.Fail(n, where, "a request named %q stands here already", req.Name)
		}
		if n.Kind == yamlfile.Map && len(n.Pairs) < 2 {
			r.Fail(n, where, "this request changes nothing")
		}
		all = append(all, req)
	})
	return all
}

var methodPattern = regexp.MustCompile(`^[A-Za-z][A-Za-z-]{0,30}$`)

func (r *decoder) request(n *yamlfile.Node, where string) Request {
	var q Request
	r.Object(n, where, map[string]yamlfile.Field{
		"name": func(n *yamlfile.Node, where string) { q.Name = r.slug(n, where) },
		"method": func(n *yamlfile.Node, where string) {
			if q.Method = r.Text(n, where, 31); !methodPattern.MatchString(q.Method) {
				r.Fail(n, where, "%q is no method", yamlfile.Clip(q.Method))
			}
		},
		"path":    func(n *yamlfile.Node, where string) { q.Path = r.path(n, where) },
		"query":   func(n *yamlfile.Node, where string) { q.Query = r.fields(n, where) },
		"headers": func(n *yamlfile.Node, where string) { q.Headers = r.fields(n, where) },
		"body":    func(n *yamlfile.Node, where string) { q.Body = r.fields(n, where) },
		"raw": func(n *yamlfile.Node, where string) {
			raw := ""
			if n.Value != "" {
				raw = r.fill(n, where, maxPrompt)
			}
			q.Raw = &raw
		},
		"content_type": func(n *yamlfile.Node, where string) {
			q.ContentType = r.Text(n, where, 200)
			if _, _, err := mime.ParseMediaType(q.ContentType); err != nil && q.ContentType != "" {
				r.Fail(n, where, "%q is no media type", yamlfile.Clip(q.ContentType))
			}
		},
		"auth": func(n *yamlfile.Node, where string) {
			q.Auth = r.Word(n, where, AuthEdits)
			r.need(map[bool]string{true: "role", false: "auth"}[q.Auth == "swap"])
		},
		"model":      func(n *yamlfile.Node, where string) { q.Model = r.fill(n, where, 200) },
		"parameters": func(n *yamlfile.Node, where string) { q.Parameters = r.parameters(n, where) },
		"size":       func(n *yamlfile.Node, where string) { q.Size = r.size(n, where) },
		"repeat":     func(n *yamlfile.Node, where string) { q.Repeat = r.repeat(n, where) },
	}, "name")
	return q
}

func (r *decoder) need(need string) {
	if !slices.Contains(r.t.Needs, need) {
		r.t.Needs = append(r.t.Needs, need)
	}
}

func (r *decoder) path(n *yamlfile.Node, where string) *PathEdit {
	var p PathEdit
	r.Object(n, where, map[string]yamlfile.Field{
		"set":    func(n *yamlfile.Node, where string) { p.Set = r.fill(n, where, 2000) },
		"append": func(n *yamlfile.Node, where string) { p.Append = r.fill(n, where, 2000) },
		"find": func(n *yamlfile.Node, where string) {
			p.Find = r.Text(n, where, 500)
			if _, err := regexp.Compile(p.Find); err != nil {
				r.Fail(n, where, "this is no regular expression: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
			}
		},
		"replace": func(n *yamlfile.Node, where string) {
			if n.Value != "" { // nothing is a replacement too
				p.Replace = r.fill(n, where, 2000)
			}
		},
	})
	if p == (PathEdit{}) {
		r.Fail(n, where, "set, append, or find with replace is wanted")
	}
	return &p
}

// fields reads set and remove.
func (r *decoder) fields(n *yamlfile.Node, where string) *FieldEdit {
	var f FieldEdit
	r.Object(n, where, map[string]yamlfile.Field{
		"set":    func(n *yamlfile.Node, where string) { f.Set = r.parameters(n, where) },
		"remove": func(n *yamlfile.Node, where string) { f.Remove = r.Texts(n, where, 100, 500) },
	})
	if len(f.Set)+len(f.Remove) == 0 {
		r.Fail(n, where, "set or remove is wanted")
	}
	return &f
}

func (r *decoder) parameters(n *yamlfile.Node, where string) []Parameter {
	if n.Null() || n.Kind != yamlfile.Map {
		r.Fail(n, where, "a mapping of names to values is wanted, here is %s", n.What())
		return nil
	}
	var all []Parameter
	for _, p := range n.Pairs {
		if slices.ContainsFunc(all, func(other Parameter) bool { return other.Name == p.Key.Text }) {
			r.Fail(p.Key, where, "%q stands here twice", yamlfile.Clip(p.Key.Text))
			continue
		}
		r.using(p.Key, where, p.Key.Text)
		all = append(all, Parameter{p.Key.Text, r.value(p.Value, yamlfile.Under(where, p.Key.Text))})
	}
	return all
}

func (r *decoder) size(n *yamlfile.Node, where string) *Size {
	s := Size{Fill: "A "}
	r.Object(n, where, map[string]yamlfile.Field{
		"bytes": func(n *yamlfile.Node, where string) { s.Bytes = r.Whole(n, where, 1, maxSize) },
		"fill":  func(n *yamlfile.Node, where string) { s.Fill = r.fill(n, where, 10_000) },
	}, "bytes")
	return &s
}

func (r *decoder) repeat(n *yamlfile.Node, where string) *Repeat {
	rep := Repeat{Times: 2, Parallel: 1}
	r.Object(n, where, map[string]yamlfile.Field{
		"times":    func(n *yamlfile.Node, where string) { rep.Times = r.Whole(n, where, 2, maxRepeat) },
		"parallel": func(n *yamlfile.Node, where string) { rep.Parallel = r.Whole(n, where, 1, 100) },
		"within": func(n *yamlfile.Node, where string) {
			d, err := time.ParseDuration(r.Text(n, where, 20))
			if err != nil || d <= 0 || d > 10*time.Minute {
				r.Fail(n, where, "a time such as 10s, at most 10m, is wanted")
				return
			}
			rep.Within = d
		},
	}, "times")
	return &rep
}
