package llm

import "strings"

// OpenAI's responses (https://platform.openai.com/docs/api-reference/responses).
var openaiResponses = &format{
	family: "openai.responses",
	kind:   KindLLM,
	path: func(c *call) strength {
		if s := suffix(certain, "/v1/responses", "/openai/responses", "/codex/responses")(c); s > silent {
			return s
		}
		return suffix(likely, "/responses")(c) // surveys and forms have responses too
	},
	request: responsesRequest,
	answer:  responsesAnswer,
	read:    readResponses,
	reply:   func(*call) reply { return &responsesReply{} },
}

func responsesRequest(c *call) strength {
	input := c.request.get("input")
	if !input.isSet() || c.request.has("messages") {
		return silent
	}
	for _, key := range []string{"instructions", "tools", "stream", "previous_response_id", "reasoning", "text", "max_output_tokens", "store", "conversation", "tool_choice"} {
		if c.request.has(key) {
			if c.request.get("model").isString() {
				return likely
			}
			return maybe
		}
	}
	if first := input.item(0); first.isObject() && (first.get("role").isString() || first.get("type").isString()) {
		return likely
	}
	if c.request.get("model").isString() {
		return maybe
	}
	return silent
}

func responsesAnswer(name string, doc value) strength {
	if doc.get("object").is("response") && doc.has("output") {
		return certain
	}
	if kind := doc.get("type"); kind.isString() && strings.HasPrefix(kind.text(), "response.") && !doc.has("event_id") {
		return certain
	}
	return silent
}

func readResponses(c *call, conv *Conversation) {
	readSystem(c, c.request.get("instructions"), conv)
	for key, val := range c.request.fields() {
		switch string(key) {
		case "model":
			conv.Model = val.text()
		case "input":
			readInput(c, val, conv)
		case "tools":
			readTools(val, conv)
		case "stream":
			conv.StreamAsked = val.isTrue()
		}
	}
	conv.Deployment = azureDeployment(c.path)
}

// readInput reads the input: one string, or a list of items.
func readInput(c *call, input value, conv *Conversation) {
	if input.isString() {
		conv.MessageCount = 1
		conv.Messages = append(conv.Messages, Message{Role: "user", Parts: []Part{{Kind: PartText, Text: c.text("user", input)}}})
		return
	}
	for item := range input.items() {
		conv.MessageCount++
		readItem(c, item, conv)
	}
}

func readItem(c *call, item value, conv *Conversation) {
	kind := item.get("type").word()
	switch {
	case kind == "message", kind == "" && item.get("role").isString():
		msg := Message{Role: item.get("role").word()}
		msg.Parts = appendContent(c, nil, msg.Role, item.get("content"), conv)
		conv.add(msg)
	case kind == "function_call", kind == "custom_tool_call":
		call := responsesCall(item)
		conv.add(Message{Role: "assistant", Parts: []Part{{Kind: PartToolCall, Call: &call}}})
	case strings.HasSuffix(kind, "_output"):
		if kind != "tool_search_output" { // run by the provider
			conv.ToolResults++
		}
		conv.add(Message{Role: "tool", Parts: []Part{{
			Kind: PartToolResult, CallID: item.get("call_id").text(), Text: joinText(c, "tool", item.get("output")), Type: kind,
		}}})
	case kind == "reasoning":
		conv.add(Message{Role: "assistant", Parts: []Part{{Kind: PartReasoning, Text: summaryText(item)}}})
	case strings.HasSuffix(kind, "_call"):
		conv.add(Message{Role: "assistant", Parts: []Part{{Kind: PartToolCall, Call: &ToolCall{ID: item.get("id").text(), Name: kind, Arguments: item.json(), Builtin: true}}}})
	default:
		conv.add(Message{Role: "", Parts: []Part{{Kind: PartOther, Type: kind}}})
	}
}

func responsesCall(item value) ToolCall {
	call := ToolCall{ID: item.get("call_id").text(), Name: item.get("name").text()}
	args := item.get("arguments")
	if !args.exists() {
		args = item.get("input")
	}
	call.Arguments = arguments(args)
	return call
}

// summaryText is what of its reasoning a model shows: its text, or a summary.
func summaryText(item value) string {
	var b strings.Builder
	for part := range item.get("summary").items() {
		b.WriteString(part.get("text").text())
	}
	for part := range item.get("content").items() {
		b.WriteString(part.get("text").text())
	}
	return b.String()
}

// responsesReply reads responses and their events. Items are put together from their pieces as they arrive; the
// object of the last event replaces them, unless its output is empty (as with ChatGPT's own backend).
type responsesReply struct {
	draft
	spoken map[string]bool // items whose text or reasoning arrived in pieces
}

func (r *responsesReply) whole(doc value, _ []byte) {
	r.head(doc)
	for item := range doc.get("output").items() {
		r.item(item)
	}
	if doc.has("output") {
		r.choices = 1
	}
}

func (r *responsesReply) head(doc value) {
	for key, val := range doc.fields() {
		switch string(key) {
		case "model":
			if s := val.text(); s != "" {
				r.model = s
			}
		case "status":
			r.finish = val.word()
		case "incomplete_details":
			if reason := val.get("reason"); reason.isString() {
				r.detail = reason.text()
			}
		case "usage":
			r.usage.responses(val)
		case "error":
			if val.isObject() {
				r.err = documentError(0, doc, nil)
			}
		}
	}
}

func (r *responsesReply) item(item value) {
	switch kind := item.get("type").word(); {
	case kind == "message":
		for part := range item.get("content").items() {
			if part.get("type").is("refusal") {
				r.refuse(part.get("refusal").text())
			} else {
				r.say(part.get("text").text())
			}
		}
	case kind == "function_call", kind == "custom_tool_call":
		call := responsesCall(item)
		r.newCall(call.ID, call.Name, call.Arguments)
	case kind == "reasoning":
		r.think(summaryText(item))
	case kind == "image_generation_call":
		r.newCall(item.get("id").text(), kind, "").builtin = true
		r.add(Part{Kind: PartImage, Bytes: inlineSize(item.get("result")), Type: kind})
	case strings.HasSuffix(kind, "_call"), kind == "mcp_list_tools":
		r.builtin(item, kind)
	case strings.HasSuffix(kind, "_output"):
		r.add(Part{Kind: PartToolResult, Type: kind, CallID: item.get("call_id").text(), Text: blockText(item.get("output"))})
	case kind != "":
		r.add(Part{Kind: PartOther, Type: kind})
	}
}

func (r *responsesReply) builtin(item value, kind string) {
	args := item.get("action").json()
	for _, key := range []string{"arguments", "code", "queries"} {
		if v := item.get(key); args == "" && v.isSet() {
			args = arguments(v)
		}
	}
	r.newCall(item.get("id").text(), kind, args).builtin = true
}

func (r *responsesReply) event(ev Event, doc value) {
	kind := doc.get("type").word()
	if kind == "" {
		kind = ev.Name
	}
	key := doc.get("output_index").scalar()
	switch kind {
	case "response.created", "response.in_progress", "response.queued":
		r.head(doc.get("response"))
		r.choices = 1
	case "response.completed", "response.incomplete", "response.failed", "response.done", "response.cancelled":
		r.final(doc.get("response"))
	case "response.output_text.delta":
		r.spoke(key + "text")
		r.say(doc.get("delta").text())
	case "response.refusal.delta":
		r.spoke(key + "text")
		r.refuse(doc.get("delta").text())
	case "response.reasoning_summary_text.delta", "response.reasoning_text.delta":
		r.spoke(key + "reasoning")
		r.think(doc.get("delta").text())
	case "response.function_call_arguments.delta", "response.custom_tool_call_input.delta":
		call := r.call(key)
		call.args = append(call.args, doc.get("delta").text()...)
	case "response.output_item.added":
		r.added(key, doc.get("item"))
	case "response.output_item.done":
		r.done(key, doc.get("item"))
	}
}

func (r *responsesReply) spoke(key string) {
	if r.spoken == nil {
		r.spoken = map[string]bool{}
	}
	r.spoken[key] = true
}

// added takes an item as it begins.
func (r *responsesReply) added(key string, item value) {
	if kind := item.get("type"); kind.is("function_call") || kind.is("custom_tool_call") {
		call := r.call(key)
		call.id, call.name = item.get("call_id").text(), item.get("name").text()
	}
}

// done takes an item as it ended: what of it did not come in pieces.
func (r *responsesReply) done(key string, item value) {
	switch item.get("type").word() {
	case "function_call", "custom_tool_call":
		whole, call := responsesCall(item), r.call(key)
		call.id, call.name, call.args = whole.ID, whole.Name, []byte(whole.Arguments)
	case "message":
		if !r.spoken[key+"text"] {
			r.item(item)
		}
	case "reasoning":
		if !r.spoken[key+"reasoning"] {
			r.item(item)
		}
	default:
		r.item(item)
	}
}

// final takes the whole response at the end of a stream.
func (r *responsesReply) final(doc value) {
	if doc.get("output").len() > 0 {
		kept := r.draft
		r.draft = draft{model: kept.model, usage: kept.usage}
	}
	r.whole(doc, nil)
	r.complete, r.choices = true, 1
}

// responses reads the usage of responses.
func (u *Usage) responses(v value) {
	for key, val := range v.fields() {
		switch string(key) {
		case "input_tokens":
			set(&u.Input, val)
		case "output_tokens":
			set(&u.Output, val)
		case "total_tokens":
			set(&u.Total, val)
		case "input_tokens_details":
			set(&u.CachedInput, val.get("cached_tokens"))
		case "output_tokens_details":
			set(&u.Reasoning, val.get("reasoning_tokens"))
		}
	}
}
