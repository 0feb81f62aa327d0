package llm

import "strings"

// Anthropic's messages (https://docs.anthropic.com/en/api/messages), also on Vertex AI and behind gateways.
var anthropicMessages = &format{
	family:  "anthropic.messages",
	kind:    KindLLM,
	path:    suffix(likely, "/v1/messages"),
	request: messagesRequest,
	answer:  messagesAnswer,
	read:    readAnthropic,
	reply:   func(*call) reply { return &anthropicReply{} },
}

// anthropicCount asks how many tokens a request would take.
var anthropicCount = &format{
	family:  "anthropic.count_tokens",
	kind:    KindAPI,
	path:    suffix(certain, "/messages/count_tokens"),
	request: messagesRequest,
	read:    readAnthropic,
	reply:   func(*call) reply { return &anthropicReply{} },
}

func messagesRequest(c *call) strength {
	if c.RequestHeader.Has("anthropic-version") {
		return certain
	}
	messages := c.request.get("messages")
	if !messages.isArray() {
		return silent
	}
	if strings.HasPrefix(c.request.get("anthropic_version").text(), "vertex-") ||
		strings.HasPrefix(c.request.get("anthropic_version").text(), "bedrock-") {
		return certain
	}
	first := messages.item(0)
	if !first.get("role").isString() || !c.request.get("max_tokens").isNumber() {
		return silent
	}
	if c.request.has("system") || hasBlocks(messages) || c.request.get("tools").item(0).has("input_schema") {
		return certain
	}
	return maybe
}

// hasBlocks looks for content blocks only Anthropic has.
func hasBlocks(messages value) bool {
	n := 0
	for m := range messages.items() {
		for b := range m.get("content").items() {
			switch b.get("type").word() {
			case "tool_use", "tool_result", "thinking":
				return true
			}
		}
		if n++; n == 20 {
			break
		}
	}
	return false
}

func messagesAnswer(name string, doc value) strength {
	kind := doc.get("type")
	switch {
	case kind.is("message") && doc.get("content").isArray() && doc.has("stop_reason"):
		return certain
	case kind.is("message_start") && doc.get("message").isObject():
		return certain
	case kind.is("content_block_start"), kind.is("content_block_delta"):
		return certain
	case kind.is("error") && doc.get("error").isObject():
		return likely
	default:
		return silent
	}
}

func readAnthropic(c *call, conv *Conversation) {
	readAnthropicBody(c, c.request, conv)
}

// readAnthropicBody reads a request, which Bedrock and Vertex send with their own envelope.
func readAnthropicBody(c *call, body value, conv *Conversation) {
	readSystem(c, body.get("system"), conv)
	for key, val := range body.fields() {
		switch string(key) {
		case "model":
			conv.Model = val.text()
		case "messages":
			readMessages(c, val, conv)
		case "tools":
			readAnthropicTools(val, conv)
		case "stream":
			conv.StreamAsked = val.isTrue()
		}
	}
}

// readSystem reads top-level instructions, which are kept apart from the messages.
func readSystem(c *call, v value, conv *Conversation) {
	if v.isString() {
		conv.System = append(conv.System, c.text("system", v))
		return
	}
	for block := range v.items() {
		if t := block.get("text"); t.isString() {
			conv.System = append(conv.System, c.text("system", t))
		} else if block.isString() {
			conv.System = append(conv.System, c.text("system", block))
		}
	}
}

func readAnthropicTools(list value, conv *Conversation) {
	for t := range list.items() {
		kind := t.get("type")
		if kind.isString() && !kind.is("custom") && !t.get("input_schema").isObject() {
			conv.Tools = append(conv.Tools, Tool{Name: kind.text(), Builtin: true})
			continue
		}
		conv.Tools = append(conv.Tools, functionTool(t))
	}
}

// anthropicReply reads messages and their events.
type anthropicReply struct {
	draft
	blocks map[string]string // type by index
}

func (r *anthropicReply) whole(doc value, _ []byte) {
	if doc.get("type").is("error") {
		return
	}
	r.message(doc)
	for block := range doc.get("content").items() {
		r.block("", block)
	}
	if n := doc.get("input_tokens"); n.isNumber() { // count_tokens
		set(&r.usage.Input, n)
	}
	if doc.get("role").exists() {
		r.choices = 1
	}
}

func (r *anthropicReply) event(ev Event, doc value) {
	index := doc.get("index").scalar()
	switch doc.get("type").word() {
	case "message_start":
		r.message(doc.get("message"))
		r.choices = 1
	case "content_block_start":
		r.block(index, doc.get("content_block"))
	case "content_block_delta":
		r.delta(index, doc.get("delta"))
	case "message_delta":
		r.message(doc.get("delta"))
		r.usage.anthropic(doc.get("usage"))
	case "message_stop":
		r.complete = true
	}
}

// message reads what a message says beside its content.
func (r *anthropicReply) message(doc value) {
	for key, val := range doc.fields() {
		switch string(key) {
		case "model":
			r.model = val.text()
		case "stop_reason":
			if val.isString() {
				r.finish = val.word()
			}
		case "usage":
			r.usage.anthropic(val)
		}
	}
}

// block reads a content block, whole or as it begins.
func (r *anthropicReply) block(index string, b value) {
	kind := b.get("type").word()
	if index != "" {
		if r.blocks == nil {
			r.blocks = map[string]string{}
		}
		r.blocks[index] = kind
	}
	switch kind {
	case "text":
		r.say(b.get("text").text())
	case "thinking":
		r.think(b.get("thinking").text())
	case "tool_use", "server_tool_use", "mcp_tool_use":
		call := r.newCall(b.get("id").text(), b.get("name").text(), "")
		call.builtin = kind != "tool_use"
		r.key(index, call)
		if input := b.get("input"); index == "" || input.len() > 0 {
			call.args = append(call.args, input.raw()...)
		}
	case "redacted_thinking", "compaction":
		r.add(Part{Kind: PartOther, Type: kind})
	default:
		if strings.HasSuffix(kind, "_tool_result") {
			r.add(Part{Kind: PartToolResult, Type: kind, CallID: b.get("tool_use_id").text(), Text: blockText(b.get("content"))})
		} else if kind != "" {
			r.add(Part{Kind: PartOther, Type: kind})
		}
	}
}

func (r *anthropicReply) delta(index string, d value) {
	switch d.get("type").word() {
	case "text_delta":
		r.say(d.get("text").text())
	case "thinking_delta":
		r.think(d.get("thinking").text())
	case "input_json_delta":
		call := r.call(index)
		call.args = append(call.args, d.get("partial_json").text()...)
	}
}

// blockText joins the texts of a tool result.
func blockText(v value) string {
	if v.isString() {
		return v.text()
	}
	var b strings.Builder
	for p := range v.items() {
		b.WriteString(p.get("text").text())
	}
	return b.String()
}

// into gives calls whose input never came their empty object, as the SDKs do.
func (r *anthropicReply) into(conv *Conversation) {
	r.draft.into(conv)
	for i := range conv.ToolCalls {
		if conv.ToolCalls[i].Arguments == "" {
			conv.ToolCalls[i].Arguments = "{}"
		}
	}
}

// anthropic reads Anthropic's usage. The counts of a stream are cumulative.
func (u *Usage) anthropic(v value) {
	for key, val := range v.fields() {
		switch string(key) {
		case "input_tokens":
			set(&u.Input, val)
		case "output_tokens":
			set(&u.Output, val)
		case "cache_creation_input_tokens":
			set(&u.CacheCreation, val)
		case "cache_read_input_tokens":
			set(&u.CachedInput, val)
		}
	}
}
