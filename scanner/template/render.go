package template

import (
	"fmt"
	"maps"
	"slices"

	"assay/scanner/judge"
	"assay/scanner/mutate"
)

// Rendered is a case with every variable filled in: what is sent, and how the answer is judged.
type Rendered struct {
	Turns   []RenderedTurn
	Request *Request // nil where the request is not edited
	Setup   Setup
	Detect  judge.Detect
}

// RenderedTurn is one message. Plain is its text before the mutation.
type RenderedTurn struct {
	Plain string
	Text  string
	Slot  string
	When  *judge.Node
	Stop  *judge.Node
}

// Sent lists the texts that the attack put in, before and after mutation: what an answer quotes of them proves nothing. A
// system prompt that the setup gave is not among them: what of it comes back was leaked.
func (r *Rendered) Sent() []string {
	var all []string
	for _, t := range r.Turns {
		all = append(all, t.Plain)
		if t.Text != t.Plain {
			all = append(all, t.Text)
		}
	}
	if r.Setup.User != "" {
		all = append(all, r.Setup.User)
	}
	if r.Request != nil {
		all = append(all, r.Request.texts()...)
	}
	return all
}

// Render fills in variables and mutates. The same case, values and seed give the same bytes. Values hold the variables
// of Variables as far as the target has them; one that is missing is an error.
func (c *Case) Render(values map[string]string, seed uint64) (*Rendered, error) {
	all := maps.Clone(values)
	if all == nil {
		all = map[string]string{}
	}
	for name, value := range c.Values {
		text, err := Render(value, values)
		if err != nil {
			return nil, fmt.Errorf("%s: payload %s: %w", c.ID, name, err)
		}
		all[name] = text
	}
	f := filler{values: all}
	out := &Rendered{}
	chain, err := mutate.Parse(c.Mutation)
	if err != nil {
		return nil, fmt.Errorf("%s: mutation %s: %w", c.ID, c.Mutation, err)
	}
	for i, turn := range c.turns() {
		plain := f.text(turn.Prompt)
		made := RenderedTurn{Plain: plain, Text: chain.Apply(plain, seed+uint64(i)), Slot: turn.Slot, When: f.tree(turn.When), Stop: f.tree(turn.Stop)}
		out.Turns = append(out.Turns, made)
	}
	out.Setup = f.setup(c.Template.Attack.Setup)
	if c.Request >= 0 {
		out.Request = f.request(c.Template.Attack.Requests[c.Request])
	}
	out.Detect = judge.Detect{Find: *f.tree(&c.Template.Detect.Find), Otherwise: c.Template.Detect.Otherwise}
	if f.err != nil {
		return nil, fmt.Errorf("%s: %w", c.ID, f.err)
	}
	return out, nil
}

// turns are the messages of a case; none where the recorded prompt goes out as it was.
func (c *Case) turns() []Turn {
	a := &c.Template.Attack
	if c.Prompt >= 0 {
		return []Turn{{Prompt: a.Prompts[c.Prompt], Slot: a.Slot}}
	}
	turns := make([]Turn, len(a.Turns))
	for i, t := range a.Turns {
		if t.Slot == "" {
			t.Slot = a.Slot
		}
		turns[i] = t
	}
	return turns
}

// filler fills in variables and keeps the first error.
type filler struct {
	values map[string]string
	err    error
}

func (f *filler) text(s string) string {
	out, err := Render(s, f.values)
	if err != nil && f.err == nil {
		f.err = err
	}
	return out
}

func (f *filler) any(v any) any {
	out, err := RenderValue(v, f.values)
	if err != nil && f.err == nil {
		f.err = err
	}
	return out
}

func (f *filler) tree(n *judge.Node) *judge.Node {
	if n == nil {
		return nil
	}
	out := &judge.Node{Signal: n.Signal, Not: f.tree(n.Not)}
	for i := range n.All {
		out.All = append(out.All, *f.tree(&n.All[i]))
	}
	for i := range n.Any {
		out.Any = append(out.Any, *f.tree(&n.Any[i]))
	}
	if n.Params != nil {
		out.Params, _ = f.any(n.Params).(map[string]any)
	}
	return out
}

func (f *filler) setup(s Setup) Setup {
	s.System, s.Document, s.User = f.text(s.System), f.text(s.Document), f.text(s.User)
	tools := make([]Tool, 0, len(s.Tools))
	for _, t := range s.Tools {
		tools = append(tools, Tool{t.Name, f.text(t.Description), f.any(t.Parameters)})
	}
	s.Tools = tools
	if s.Call != nil {
		s.Call = &ToolCall{f.text(s.Call.Name), f.any(s.Call.Arguments)}
	}
	return s
}

func (f *filler) request(q Request) *Request {
	q.Model = f.text(q.Model)
	q.Parameters = f.parameters(q.Parameters)
	q.Query, q.Headers, q.Body = f.fields(q.Query), f.fields(q.Headers), f.fields(q.Body)
	if q.Raw != nil {
		raw := f.text(*q.Raw)
		q.Raw = &raw
	}
	if q.Path != nil {
		q.Path = &PathEdit{f.text(q.Path.Set), f.text(q.Path.Append), q.Path.Find, f.text(q.Path.Replace)}
	}
	if q.Size != nil {
		q.Size = &Size{q.Size.Bytes, f.text(q.Size.Fill)}
	}
	return &q
}

func (f *filler) fields(e *FieldEdit) *FieldEdit {
	if e == nil {
		return nil
	}
	return &FieldEdit{f.parameters(e.Set), e.Remove}
}

func (f *filler) parameters(list []Parameter) []Parameter {
	var out []Parameter
	for _, p := range list {
		out = append(out, Parameter{f.text(p.Name), f.any(p.Value)})
	}
	return out
}

// texts are the texts that an edit puts into a request.
func (q *Request) texts() []string {
	var all []string
	if q.Raw != nil {
		all = append(all, *q.Raw)
	}
	for _, e := range []*FieldEdit{q.Query, q.Headers, q.Body} {
		if e != nil {
			for _, p := range e.Set {
				all = append(all, leaves(p.Value)...)
			}
		}
	}
	return all
}

// leaves are the texts in a value.
func leaves(v any) []string {
	var all []string
	switch v := v.(type) {
	case string:
		all = append(all, v)
	case []any:
		for _, item := range v {
			all = append(all, leaves(item)...)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			all = append(all, leaves(v[key])...)
		}
	}
	return all
}
