package llm

import "strings"

// Bedrock's Converse: messages whose parts are objects with one telling key ({text}, {toolUse}, {image}, …). Nova
// models speak it behind invoke too.

func converseRequest(c *call) strength { return converseShape(c.request) }

// converseShape judges a request body.
func converseShape(body value) strength {
	messages := body.get("messages")
	if !messages.isArray() {
		return silent
	}
	shaped := body.get("inferenceConfig").isObject() || body.get("toolConfig").isObject() || body.get("schemaVersion").is("messages-v1")
	part := messages.item(0).get("content").item(0)
	if !part.isObject() || part.has("type") {
		return silent
	}
	for _, key := range []string{"toolUse", "toolResult", "cachePoint", "guardContent", "reasoningContent", "document", "image", "video"} {
		if part.get(key).isObject() {
			return certain
		}
	}
	switch {
	case part.get("text").isString() && shaped:
		return certain
	case part.get("text").isString():
		return maybe
	default:
		return silent
	}
}

func converseAnswer(_ string, doc value) strength {
	if doc.at("output", "message", "content").isArray() && doc.has("stopReason") {
		return certain
	}
	return silent
}

func converseEvent(name string, doc value) strength {
	switch name {
	case "messageStart":
		if doc.get("role").isString() {
			return certain
		}
	case "contentBlockDelta", "contentBlockStart", "contentBlockStop":
		if doc.has("contentBlockIndex") {
			return certain
		}
	}
	return silent
}

func readConverse(c *call, conv *Conversation) {
	conv.Model = bedrockModel(c.path)
	readConverseBody(c, c.request, conv)
}

func readConverseBody(c *call, body value, conv *Conversation) {
	for key, val := range body.fields() {
		switch string(key) {
		case "modelId":
			if conv.Model == "" {
				conv.Model = val.text()
			}
		case "system":
			for part := range val.items() {
				if t := firstOf(part, "text"); t.isString() {
					conv.System = append(conv.System, c.text("system", t))
				} else if t := part.at("guardContent", "text", "text"); t.isString() {
					conv.System = append(conv.System, c.text("system", t))
				}
			}
		case "messages":
			for m := range val.items() {
				conv.MessageCount++
				readConverseMessage(c, m, conv)
			}
		case "toolConfig":
			readConverseTools(val.get("tools"), conv)
		}
	}
}

func readConverseMessage(c *call, m value, conv *Conversation) {
	msg := Message{Role: m.get("role").word()}
	content := m.get("content")
	if content.isString() { // Nova's own examples
		msg.Parts = append(msg.Parts, Part{Kind: PartText, Text: c.text(msg.Role, content)})
	}
	for p := range content.items() {
		part := conversePart(c, msg.Role, p)
		if part.Kind == PartToolResult {
			conv.ToolResults++
		}
		msg.Parts = append(msg.Parts, part)
	}
	conv.add(msg)
}

// conversePart reads one part, of a request or of an answer.
func conversePart(c *call, role Role, p value) Part {
	for key, val := range p.fields() {
		switch string(key) {
		case "text":
			return Part{Kind: PartText, Text: c.text(role, val)}
		case "toolUse":
			call := ToolCall{ID: val.get("toolUseId").text(), Name: val.get("name").text(), Arguments: val.get("input").json()}
			return Part{Kind: PartToolCall, Call: &call}
		case "toolResult":
			return Part{Kind: PartToolResult, CallID: val.get("toolUseId").text(), Text: converseResult(c, val.get("content")), Type: val.get("status").text()}
		case "reasoningContent":
			return Part{Kind: PartReasoning, Text: val.at("reasoningText", "text").text()}
		case "guardContent":
			return Part{Kind: PartText, Text: c.text(role, val.at("text", "text")), Type: "guardContent"}
		case "image":
			return converseMedia(PartImage, val)
		case "video":
			return converseMedia(PartVideo, val)
		case "audio":
			return converseMedia(PartAudio, val)
		case "document":
			return converseMedia(PartFile, val)
		}
	}
	kind := ""
	for key := range p.fields() {
		kind = string(key)
		break
	}
	return Part{Kind: PartOther, Type: kind}
}

func converseMedia(kind PartKind, v value) Part {
	part := mediaPart(kind, v, "")
	if kind != PartFile && part.MIME != "" && !strings.Contains(part.MIME, "/") {
		part.MIME = string(kind) + "/" + part.MIME
	}
	if uri := v.at("source", "s3Location", "uri"); uri.isString() {
		part.URL = uri.text()
	}
	return part
}

// converseResult joins what a tool said: texts, and JSON as it stands.
func converseResult(c *call, content value) string {
	var text strings.Builder
	for p := range content.items() {
		switch t := p.get("text"); {
		case t.isString():
			text.WriteString(c.text("tool", t))
		case p.has("json"):
			text.Write(p.get("json").raw())
		}
	}
	return text.String()
}

func readConverseTools(list value, conv *Conversation) {
	for t := range list.items() {
		spec := t.get("toolSpec")
		switch {
		case spec.isObject():
			conv.Tools = append(conv.Tools, Tool{
				Name: spec.get("name").text(), Description: spec.get("description").text(), Schema: spec.at("inputSchema", "json").json(),
			})
		case t.at("systemTool", "name").isString():
			conv.Tools = append(conv.Tools, Tool{Name: t.at("systemTool", "name").text(), Builtin: true})
		}
	}
}

// converseReply reads answers and their events, also those of Nova behind invoke.
type converseReply struct{ draft }

func (r *converseReply) whole(doc value, _ []byte) {
	message := doc.at("output", "message")
	if message.isObject() {
		r.choices = 1
	}
	for p := range message.get("content").items() {
		r.part(p)
	}
	r.piece("messageStop", doc)
	r.piece("metadata", doc)
}

func (r *converseReply) part(p value) {
	for key, val := range p.fields() {
		switch string(key) {
		case "text":
			r.say(val.text())
		case "toolUse":
			call := r.newCall(val.get("toolUseId").text(), val.get("name").text(), val.get("input").json())
			call.builtin = val.get("type").is("server_tool_use")
		case "reasoningContent":
			r.think(val.at("reasoningText", "text").text())
		case "image":
			r.add(converseMedia(PartImage, val))
		case "audio":
			r.add(converseMedia(PartAudio, val))
		case "citationsContent":
			for t := range val.get("content").items() {
				r.say(t.get("text").text())
			}
		case "toolResult":
			r.add(Part{Kind: PartToolResult, CallID: val.get("toolUseId").text()})
		}
	}
}

func (r *converseReply) event(ev Event, doc value) { r.piece(ev.Name, doc) }

func (r *converseReply) piece(name string, doc value) {
	index := doc.get("contentBlockIndex").scalar()
	switch name {
	case "messageStart":
		r.choices = 1
	case "contentBlockStart":
		if use := doc.at("start", "toolUse"); use.isObject() {
			call := r.newCall(use.get("toolUseId").text(), use.get("name").text(), "")
			r.key(index, call)
			call.builtin = use.get("type").is("server_tool_use")
		}
	case "contentBlockDelta":
		delta := doc.get("delta")
		r.say(delta.get("text").text())
		r.think(delta.at("reasoningContent", "text").text())
		if input := delta.at("toolUse", "input"); input.exists() {
			call := r.call(index)
			call.args = append(call.args, arguments(input)...)
		}
	case "messageStop":
		if s := doc.get("stopReason"); s.isString() {
			r.finish = s.word()
			r.complete = true
		}
	case "metadata":
		r.usage.bedrock(doc.get("usage"))
	}
}

func (u *Usage) bedrock(v value) {
	for key, val := range v.fields() {
		switch string(key) {
		case "inputTokens":
			set(&u.Input, val)
		case "outputTokens":
			set(&u.Output, val)
		case "totalTokens":
			set(&u.Total, val)
		case "cacheReadInputTokens", "cacheReadInputTokenCount":
			set(&u.CachedInput, val)
		case "cacheWriteInputTokens", "cacheWriteInputTokenCount":
			set(&u.CacheCreation, val)
		}
	}
}
