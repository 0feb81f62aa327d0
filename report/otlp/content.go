package otlp

import (
	"bytes"
	"cmp"
	"encoding/json"

	"assay/llm"
)

// message and part are as the conventions' JSON schemas have them. They are written as JSON in a text attribute, which every
// store takes.
type message struct {
	Role   string `json:"role"`
	Name   string `json:"name,omitempty"`
	Parts  []part `json:"parts"`
	Finish string `json:"finish_reason,omitempty"`
}

type part struct {
	Type      string          `json:"type"`
	Content   *string         `json:"content,omitempty"`
	ID        string          `json:"id,omitempty"`
	Name      string          `json:"name,omitempty"`
	Arguments json.RawMessage `json:"arguments,omitempty"`
	Response  *string         `json:"response,omitempty"`
	Modality  string          `json:"modality,omitempty"`
	MIME      string          `json:"mime_type,omitempty"`
	URI       string          `json:"uri,omitempty"`
	Bytes     int             `json:"bytes,omitempty"` // of media, which is not sent
}

// content adds what was said.
func (c *Converter) content(a *attributes, op string, x *Call) {
	v := x.Conversation
	if op == opTool {
		a.text("gen_ai.tool.call.arguments", c.said(v.RPC.Arguments))
		a.text("gen_ai.tool.call.result", c.said(v.RPC.ResultText))
		return
	}
	if instructions := c.instructions(v); len(instructions) > 0 {
		a.text("gen_ai.system_instructions", encoded(instructions))
	}
	var input []message
	for i := range v.Messages {
		m := &v.Messages[i]
		input = append(input, message{Role: cmp.Or(c.name(m.Role), "user"), Name: c.name(m.Name), Parts: c.parts(m.Parts)})
	}
	for _, p := range v.Prompts {
		input = append(input, message{Role: "user", Parts: []part{c.textPart("text", p)}})
	}
	if dropped := c.messages(a, "gen_ai.input.messages", input); dropped > 0 {
		a.number("assay.input.messages.left_out", int64(dropped))
	}
	if out := c.answer(v); len(out.Parts) > 0 {
		out.Finish = cmp.Or(c.name(v.Finish), "unknown")
		c.messages(a, "gen_ai.output.messages", []message{out})
	}
}

// instructions are the system texts of APIs that have a place of their own for them; others have them among the messages.
func (c *Converter) instructions(v *llm.Conversation) (parts []part) {
	for i := range v.Messages {
		if role := v.Messages[i].Role; role == "system" || role == "developer" {
			return nil
		}
	}
	for _, s := range v.System {
		parts = append(parts, c.textPart("text", s))
	}
	return parts
}

// messages adds messages, and leaves out the oldest where they are too long together.
func (c *Converter) messages(a *attributes, key string, list []message) (dropped int) {
	if len(list) == 0 {
		return 0
	}
	pieces, size := make([][]byte, len(list)), 0
	for i := len(list) - 1; i >= 0; i-- {
		pieces[i] = []byte(encoded(list[i]))
		if size += len(pieces[i]); size > mostContent && i < len(list)-1 {
			dropped = i + 1
			break
		}
	}
	a.text(key, "["+string(bytes.Join(pieces[dropped:], []byte(",")))+"]")
	return dropped
}

func (c *Converter) answer(v *llm.Conversation) message {
	out := message{Role: "assistant", Parts: c.parts(v.Parts)}
	if len(out.Parts) > 0 {
		return out
	}
	if v.Reasoning != "" {
		out.Parts = append(out.Parts, c.textPart("reasoning", v.Reasoning))
	}
	if text := cmp.Or(v.Answer, v.Refusal); text != "" {
		out.Parts = append(out.Parts, c.textPart("text", text))
	}
	for i := range v.ToolCalls {
		out.Parts = append(out.Parts, c.callPart(&v.ToolCalls[i]))
	}
	return out
}

func (c *Converter) parts(list []llm.Part) []part {
	out := []part{}
	for i := range list {
		p := &list[i]
		switch p.Kind {
		case llm.PartText, llm.PartRefusal:
			out = append(out, c.textPart("text", p.Text))
		case llm.PartReasoning:
			out = append(out, c.textPart("reasoning", p.Text))
		case llm.PartToolCall:
			if p.Call != nil {
				out = append(out, c.callPart(p.Call))
			}
		case llm.PartToolResult:
			text := c.said(p.Text)
			out = append(out, part{Type: "tool_call_response", ID: c.name(p.CallID), Name: c.name(p.Name), Response: &text})
		case llm.PartImage, llm.PartAudio, llm.PartVideo, llm.PartFile:
			out = append(out, c.mediaPart(p))
		default:
			out = append(out, part{Type: cmp.Or(c.name(p.Type), "other")})
		}
	}
	return out
}

func (c *Converter) textPart(kind, text string) part {
	text = c.said(text)
	return part{Type: kind, Content: &text}
}

func (c *Converter) callPart(call *llm.ToolCall) part {
	p := part{Type: "tool_call", ID: c.name(call.ID), Name: cmp.Or(c.name(call.Name), "unknown")}
	if arguments := c.said(call.Arguments); json.Valid([]byte(arguments)) {
		p.Arguments = json.RawMessage(arguments)
	} else if arguments != "" {
		p.Arguments = json.RawMessage(encoded(arguments))
	}
	return p
}

// mediaPart tells of an image, a sound or a file without sending it.
func (c *Converter) mediaPart(p *llm.Part) part {
	modality := string(p.Kind)
	if p.Kind == llm.PartFile {
		modality = "document"
	}
	if p.URL != "" {
		return part{Type: "uri", Modality: modality, MIME: c.name(p.MIME), URI: c.said(p.URL)}
	}
	return part{Type: "media_left_out", Modality: modality, MIME: c.name(p.MIME), Bytes: p.Bytes}
}

// encoded is a value as JSON. What is encoded here can always be.
func encoded(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "null"
	}
	return string(bytes.TrimRight(b.Bytes(), "\n"))
}
