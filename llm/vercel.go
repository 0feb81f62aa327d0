package llm

import (
	"bytes"
	"strings"
)

// vercelUI is how applications made with the Vercel AI SDK talk to their own server
// (https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol): messages of parts, answered by a stream of parts.
var vercelUI = &format{
	family:   "vercel.ui",
	kind:     KindChatBackend,
	provider: "vercel-ai-sdk",
	path: func(c *call) strength {
		switch {
		case c.ResponseHeader.Has("X-Vercel-Ai-Ui-Message-Stream"), c.ResponseHeader.Has("X-Vercel-Ai-Data-Stream"):
			return particular
		case c.Method == "POST" && strings.HasSuffix(c.path, "/api/chat"):
			return maybe
		default:
			return silent
		}
	},
	request: func(c *call) strength {
		first := c.request.get("messages").item(0)
		part := first.get("parts").item(0)
		switch {
		case first.get("role").isString() && part.get("type").isString() && first.has("id"):
			return certain
		case first.get("role").isString() && part.get("type").isString():
			return likely
		default:
			return silent
		}
	},
	answer: func(_ string, doc value) strength {
		switch doc.get("type").word() {
		case "text-delta", "reasoning-delta":
			if doc.get("delta").isString() && doc.has("id") {
				return certain
			}
		case "text-start", "text-end", "start-step", "finish-step", "tool-input-available", "tool-output-available", "tool-input-start":
			return likely
		case "start":
			if doc.get("messageId").isString() {
				return likely
			}
		}
		return silent
	},
	read:  readVercel,
	reply: func(*call) reply { return &vercelReply{} },
}

func readVercel(c *call, conv *Conversation) {
	conv.StreamAsked = true
	conv.Model = c.request.get("model").text()
	if s := c.request.get("system"); s.isString() {
		conv.System = append(conv.System, c.text("system", s))
	}
	messages := c.request.get("messages")
	if m := c.request.get("message"); !messages.exists() && m.isObject() { // only the last one is sent
		conv.MessageCount = 1
		readVercelMessage(c, m, conv)
		return
	}
	for m := range messages.items() {
		conv.MessageCount++
		readVercelMessage(c, m, conv)
	}
}

func readVercelMessage(c *call, m value, conv *Conversation) {
	parts := m.get("parts")
	if !parts.isArray() {
		readMessage(c, m, conv)
		return
	}
	msg := Message{Role: m.get("role").word()}
	for p := range parts.items() {
		kind := p.get("type").text()
		name, isTool := strings.CutPrefix(kind, "tool-")
		switch {
		case kind == "text":
			msg.Parts = append(msg.Parts, Part{Kind: PartText, Text: c.text(msg.Role, p.get("text"))})
		case kind == "reasoning":
			msg.Parts = append(msg.Parts, Part{Kind: PartReasoning, Text: p.get("text").text()})
		case kind == "file":
			part := mediaPart(PartFile, p, kind)
			part.MIME = firstNonEmpty(part.MIME, p.get("mediaType").text())
			msg.Parts = append(msg.Parts, part)
		case isTool && name != "invocation", kind == "dynamic-tool":
			msg.Parts = vercelTool(c, msg.Parts, firstNonEmpty(p.get("toolName").text(), name), p, conv)
		case kind == "tool-invocation": // version 4
			in := p.get("toolInvocation")
			msg.Parts = vercelTool(c, msg.Parts, in.get("toolName").text(), in, conv)
		case kind != "step-start":
			msg.Parts = append(msg.Parts, Part{Kind: PartOther, Type: kind})
		}
	}
	conv.add(msg)
}

// vercelTool reads a part that holds a call and, later, its result.
func vercelTool(c *call, parts []Part, name string, p value, conv *Conversation) []Part {
	id := p.get("toolCallId").text()
	parts = append(parts, Part{Kind: PartToolCall, Call: &ToolCall{ID: id, Name: name, Arguments: firstOf(p, "input", "args").json()}})
	if out := firstOf(p, "output", "result"); out.exists() {
		conv.ToolResults++
		text := out.json()
		if out.isString() {
			text = c.text("tool", out)
		}
		parts = append(parts, Part{Kind: PartToolResult, CallID: id, Name: name, Text: text})
	}
	return parts
}

// vercelReply reads the stream of parts of version 5 and later, and the coded lines of version 4.
type vercelReply struct {
	draft
	line document
}

func (r *vercelReply) whole(_ value, body []byte) {
	if !looksJSON(body) && (len(body) > 3 && body[1] != ':') {
		r.say(plainText(body)) // the text stream: nothing but the answer
	}
}

func (r *vercelReply) event(ev Event, doc value) {
	if ev.Done() {
		r.complete = true
		return
	}
	if code, data, found := bytes.Cut(ev.Data, []byte{':'}); found && len(code) == 1 && !doc.isObject() {
		r.line.parse(data)
		r.coded(code[0], r.line.root())
		return
	}
	switch doc.get("type").word() {
	case "text-delta":
		r.choices = 1
		r.say(doc.get("delta").text())
	case "reasoning-delta":
		r.think(doc.get("delta").text())
	case "tool-input-start":
		call := r.call(doc.get("toolCallId").text())
		call.id, call.name = doc.get("toolCallId").text(), doc.get("toolName").text()
	case "tool-input-available":
		call := r.call(doc.get("toolCallId").text())
		call.id, call.name = doc.get("toolCallId").text(), doc.get("toolName").text()
		call.args = []byte(doc.get("input").json())
	case "tool-output-available":
		r.add(Part{Kind: PartToolResult, CallID: doc.get("toolCallId").text(), Text: arguments(doc.get("output"))})
	case "error", "tool-output-error":
		r.err = &ProviderError{Message: doc.get("errorText").text()}
	case "file":
		part := mediaPart(PartFile, doc, "file")
		part.MIME = doc.get("mediaType").text()
		r.add(part)
	case "finish":
		r.finish = doc.get("finishReason").text()
		r.complete = true
	case "abort":
		r.finish = "abort"
	}
}

// coded reads a line of version 4: 0 text, g reasoning, 9 a call, a its result, 3 an error, d the end.
func (r *vercelReply) coded(code byte, v value) {
	switch code {
	case '0':
		r.choices = 1
		r.say(v.text())
	case 'g':
		r.think(v.text())
	case '9':
		r.newCall(v.get("toolCallId").text(), v.get("toolName").text(), v.get("args").json())
	case 'a':
		r.add(Part{Kind: PartToolResult, CallID: v.get("toolCallId").text(), Text: arguments(v.get("result"))})
	case '3':
		r.err = &ProviderError{Message: v.text()}
	case 'd', 'e':
		r.finish = firstNonEmpty(v.get("finishReason").text(), r.finish)
		set(&r.usage.Input, firstOf(v.get("usage"), "promptTokens", "inputTokens"))
		set(&r.usage.Output, firstOf(v.get("usage"), "completionTokens", "outputTokens"))
		r.complete = r.complete || code == 'd'
	}
}
