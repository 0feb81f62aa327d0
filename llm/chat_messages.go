package llm

import "strings"

// What formats made after OpenAI's chat share: messages, content parts, tools.

// readMessages reads messages[] of {role, content}. System and developer messages also go to System.
func readMessages(c *call, list value, conv *Conversation) {
	for m := range list.items() {
		conv.MessageCount++
		readMessage(c, m, conv)
	}
}

func readMessage(c *call, m value, conv *Conversation) {
	var msg Message
	var content, calls, function, callID, reasoning, images value
	for key, val := range m.fields() {
		switch string(key) {
		case "role":
			msg.Role = val.word()
		case "name":
			msg.Name = val.text()
		case "content":
			content = val
		case "tool_calls":
			calls = val
		case "function_call":
			function = val
		case "tool_call_id":
			callID = val
		case "images":
			images = val
		case "reasoning_content", "reasoning", "thinking":
			reasoning = val
		}
	}
	if reasoning.isString() && reasoning.node().end-reasoning.node().start > 2 {
		msg.Parts = append(msg.Parts, Part{Kind: PartReasoning, Text: c.text(msg.Role, reasoning)})
	}
	if msg.Role == "tool" || msg.Role == "function" {
		conv.ToolResults++
		msg.Parts = append(msg.Parts, Part{
			Kind: PartToolResult, Text: joinText(c, msg.Role, content), CallID: callID.text(), Name: msg.Name,
		})
	} else {
		msg.Parts = appendContent(c, msg.Parts, msg.Role, content, conv)
	}
	for img := range images.items() { // Ollama's
		if img.isString() {
			part := Part{Kind: PartImage}
			part.setInline(img)
			msg.Parts = append(msg.Parts, part)
		}
	}
	for tc := range calls.items() {
		msg.Parts = append(msg.Parts, callPart(tc.get("id"), tc.get("function")))
	}
	if function.isObject() {
		msg.Parts = append(msg.Parts, callPart(value{}, function))
	}
	conv.add(msg)
}

// add keeps a message, and its texts when it is an instruction.
func (conv *Conversation) add(msg Message) {
	conv.Messages = append(conv.Messages, msg)
	if msg.Role == "system" || msg.Role == "developer" {
		for _, p := range msg.Parts {
			if p.Kind == PartText {
				conv.System = append(conv.System, p.Text)
			}
		}
	}
}

func callPart(id, function value) Part {
	args := function.get("arguments")
	call := ToolCall{ID: id.text(), Name: function.get("name").text(), Arguments: arguments(args)}
	return Part{Kind: PartToolCall, Call: &call}
}

// arguments are JSON in a string, or an object.
func arguments(v value) string {
	if v.isString() {
		return v.text()
	}
	if !v.isSet() {
		return ""
	}
	return v.json()
}

// appendContent reads a content that is a string, one part, or a list of parts and strings.
func appendContent(c *call, parts []Part, role Role, content value, conv *Conversation) []Part {
	switch content.kind() {
	case kindString:
		return append(parts, Part{Kind: PartText, Text: c.text(role, content)})
	case kindObject:
		return append(parts, contentPart(c, role, content, conv))
	default: // a list, or nothing
	}
	for p := range content.items() {
		if p.isString() {
			parts = append(parts, Part{Kind: PartText, Text: c.text(role, p)})
			continue
		}
		parts = append(parts, contentPart(c, role, p, conv))
	}
	return parts
}

// joinText gives the texts of a content as one string.
func joinText(c *call, role Role, content value) string {
	if content.isString() {
		return c.text(role, content)
	}
	var b strings.Builder
	for p := range content.items() {
		if p.isString() {
			b.WriteString(c.text(role, p))
		} else if t := p.get("text"); t.isString() {
			b.WriteString(c.text(role, t))
		} else if t := p.at("document", "data"); t.isString() {
			b.WriteString(c.text(role, t))
		}
	}
	if b.Len() == 0 && content.isObject() {
		if t := content.get("text"); t.isString() {
			return c.text(role, t)
		}
		return content.json()
	}
	return b.String()
}

// contentPart reads one typed part, in the words of OpenAI, Anthropic and those after them.
func contentPart(c *call, role Role, p value, conv *Conversation) Part {
	kind := p.get("type").word()
	switch kind {
	case "text", "input_text", "output_text", "summary_text":
		return Part{Kind: PartText, Text: c.text(role, p.get("text"))}
	case "refusal":
		return Part{Kind: PartRefusal, Text: c.text(role, p.get("refusal"))}
	case "thinking", "reasoning", "redacted_thinking", "reasoning_text":
		return Part{Kind: PartReasoning, Text: reasoningText(p), Type: kind}
	case "image_url", "input_image", "image":
		return mediaPart(PartImage, p, kind)
	case "input_audio", "audio", "audio_url":
		return mediaPart(PartAudio, p, kind)
	case "video_url", "video", "input_video":
		return mediaPart(PartVideo, p, kind)
	case "file", "input_file", "document", "document_url":
		return mediaPart(PartFile, p, kind)
	case "tool_use", "server_tool_use", "mcp_tool_use":
		call := ToolCall{ID: p.get("id").text(), Name: p.get("name").text(), Arguments: p.get("input").json(), Builtin: kind != "tool_use"}
		return Part{Kind: PartToolCall, Call: &call}
	case "tool_result":
		conv.ToolResults++
		return Part{Kind: PartToolResult, CallID: p.get("tool_use_id").text(), Text: joinText(c, role, p.get("content")), Type: kind}
	case "":
		if t := p.get("text"); t.isString() {
			return Part{Kind: PartText, Text: c.text(role, t)}
		}
	}
	if strings.HasSuffix(kind, "_tool_result") {
		return Part{Kind: PartToolResult, CallID: p.get("tool_use_id").text(), Text: joinText(c, role, p.get("content")), Type: kind}
	}
	return Part{Kind: PartOther, Type: kind}
}

// reasoningText reads the reasoning parts of Anthropic (thinking), Mistral (a list) and OpenAI (text).
func reasoningText(p value) string {
	for _, key := range []string{"thinking", "text", "reasoning"} {
		switch v := p.get(key); v.kind() {
		case kindString:
			return v.text()
		case kindArray:
			var b strings.Builder
			for t := range v.items() {
				b.WriteString(t.get("text").text())
			}
			return b.String()
		default: // the next key
		}
	}
	return ""
}

// mediaPart finds the URL or the inline data of a part, whatever the format calls them.
func mediaPart(kind PartKind, p value, word string) Part {
	part := Part{Kind: kind, Type: word}
	find := func(v value) {
		for key, val := range v.fields() {
			switch string(key) {
			case "url", "image_url", "file_url", "fileUri", "file_uri", "uri", "document_url", "audio_url", "file_id":
				if val.isString() {
					part.setURL(val)
				}
			case "data", "file_data", "bytes":
				if val.isString() {
					part.setInline(val)
				}
			case "media_type", "mimeType", "mime_type", "format":
				if val.isString() && part.MIME == "" {
					part.MIME = val.text()
				}
			}
		}
	}
	find(p)
	for key, val := range p.fields() {
		switch string(key) {
		case "image_url", "input_audio", "file", "source", "video_url", "audio_url", "image", "document", "video", "audio":
			find(val)
			find(val.get("source"))
		}
	}
	return part
}

// setURL keeps a reference; a data URL is media given inline.
func (p *Part) setURL(v value) {
	raw := v.raw()
	if len(raw) < 6 || string(raw[1:6]) != "data:" {
		p.URL = v.text()
		return
	}
	head, _, _ := strings.Cut(string(raw[len(`"data:`):min(len(raw), 200)]), ",")
	p.MIME, _, _ = strings.Cut(head, ";")
	p.Bytes = max(0, len(raw)-len(`"data:,"`)-len(head)) * 3 / 4
}

// setInline keeps the size of base64 data.
func (p *Part) setInline(v value) {
	if raw := v.raw(); len(raw) > 6 && string(raw[1:6]) == "data:" {
		p.setURL(v)
		return
	}
	p.Bytes = inlineSize(v)
}

// inlineSize is how many bytes a string of base64 stands for.
func inlineSize(v value) int { return max(0, len(v.raw())-len(`""`)) * 3 / 4 }
