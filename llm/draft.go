package llm

import "slices"

// draft is an answer while it is being read: what replies of chat formats gather, in order. Embed it in a reply.
type draft struct {
	model     string
	said      []byte
	thought   []byte
	refused   []byte
	calls     []*callDraft
	keyed     map[string]*callDraft // by what the format tells the pieces of different calls apart by
	parts     []partDraft
	finish    string
	detail    string
	plan      []byte
	usage     Usage
	choices   int
	complete  bool
	err       *ProviderError
	embedding int
	flagged   bool
}

// callDraft is a tool call whose pieces are still arriving.
type callDraft struct {
	id      string
	name    string
	args    []byte
	builtin bool
}

// partDraft is a stretch of said, thought or refused, a call, or a part that arrived whole.
type partDraft struct {
	kind       PartKind
	start, end int
	call       *callDraft
	other      Part
}

// say adds text to the answer.
func (d *draft) say(s string) { d.stretch(PartText, &d.said, s) }

// think adds reasoning text.
func (d *draft) think(s string) { d.stretch(PartReasoning, &d.thought, s) }

// refuse adds text of the provider's own refusal field.
func (d *draft) refuse(s string) { d.stretch(PartRefusal, &d.refused, s) }

func (d *draft) stretch(kind PartKind, to *[]byte, s string) {
	if s == "" {
		return
	}
	start := len(*to)
	*to = append(*to, s...)
	if last := len(d.parts) - 1; last >= 0 && d.parts[last].kind == kind {
		d.parts[last].end = len(*to)
		return
	}
	d.parts = append(d.parts, partDraft{kind: kind, start: start, end: len(*to)})
}

// call finds the tool call with this key, or begins it.
func (d *draft) call(key string) *callDraft {
	if call := d.keyed[key]; call != nil {
		return call
	}
	call := d.newCall("", "", "")
	d.key(key, call)
	return call
}

// key says by which key the next pieces of a call will be known.
func (d *draft) key(key string, call *callDraft) {
	if d.keyed == nil {
		d.keyed = map[string]*callDraft{}
	}
	d.keyed[key] = call
}

// newCall begins a tool call that has no key, because it arrives whole.
func (d *draft) newCall(id, name, args string) *callDraft {
	call := &callDraft{id: id, name: name, args: []byte(args)}
	d.calls = append(d.calls, call)
	d.parts = append(d.parts, partDraft{kind: PartToolCall, call: call})
	return call
}

// add adds a part that arrived whole: an image, a tool result, ...
func (d *draft) add(p Part) { d.parts = append(d.parts, partDraft{kind: p.Kind, other: p}) }

func (c *callDraft) toolCall() ToolCall {
	return ToolCall{ID: c.id, Name: c.name, Arguments: string(c.args), Builtin: c.builtin}
}

// into writes the draft as it stands.
func (d *draft) into(conv *Conversation) {
	conv.AnswerModel = d.model
	conv.Answer, conv.Reasoning, conv.Refusal = string(d.said), string(d.thought), string(d.refused)
	conv.Finish, conv.Usage, conv.Choices = d.finish, d.usage, d.choices
	conv.Complete, conv.Error = d.complete, d.err
	conv.FinishDetail, conv.Plan = d.detail, string(d.plan)
	conv.Embeddings, conv.Flagged = d.embedding, d.flagged
	conv.ToolCalls, conv.Parts = nil, nil
	for _, call := range d.calls {
		conv.ToolCalls = append(conv.ToolCalls, call.toolCall())
	}
	for _, p := range d.parts {
		conv.Parts = append(conv.Parts, d.part(p))
	}
	conv.Parts = slices.Clip(conv.Parts)
}

func (d *draft) part(p partDraft) Part {
	switch {
	case p.call != nil:
		call := p.call.toolCall()
		return Part{Kind: PartToolCall, Call: &call}
	case p.kind == PartText && p.end > 0:
		return Part{Kind: PartText, Text: string(d.said[p.start:p.end])}
	case p.kind == PartReasoning && p.end > 0:
		return Part{Kind: PartReasoning, Text: string(d.thought[p.start:p.end])}
	case p.kind == PartRefusal && p.end > 0:
		return Part{Kind: PartRefusal, Text: string(d.refused[p.start:p.end])}
	default:
		return p.other
	}
}
