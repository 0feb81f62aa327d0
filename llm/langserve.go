package llm

import "strings"

// langserveFormats are LangChain's server (https://python.langchain.com/docs/langserve): a chain's input of any shape
// goes in, its output comes out.
var langserveFormats = []*format{
	langserve("invoke", maybe),
	langserve("batch", maybe),
	langserve("stream", maybe),
	langserve("stream_log", likely),
	langserve("stream_events", likely),
}

func langserve(verb string, path strength) *format {
	return &format{
		family:   "langserve." + verb,
		kind:     KindChatBackend,
		provider: "langserve",
		path:     suffix(path, "/"+verb),
		request:  langserveRequest,
		answer: func(name string, doc value) strength {
			switch {
			case name == "metadata" && doc.has("run_id"), doc.at("metadata", "run_id").isString() && doc.has("output"),
				doc.get("ops").item(0).has("op"), doc.at("metadata", "run_ids").isArray():
				return certain
			case doc.has("output") && (doc.has("callback_events") || doc.has("metadata")):
				return likely
			default:
				return silent
			}
		},
		read: func(c *call, conv *Conversation) {
			readLangserve(c, conv)
			conv.StreamAsked = strings.HasPrefix(verb, "stream")
		},
		reply: func(*call) reply { return &langserveReply{} },
	}
}

func langserveRequest(c *call) strength {
	body := c.request
	if !body.has("input") && !body.get("inputs").isArray() {
		return silent
	}
	switch config, kwargs := body.get("config"), body.get("kwargs"); {
	case config.isObject() && kwargs.isObject():
		return certain
	case config.isObject() || kwargs.isObject():
		return maybe
	default:
		return silent
	}
}

func readLangserve(c *call, conv *Conversation) {
	for input := range c.request.get("inputs").items() {
		conv.Inputs++
		readChainInput(c, input, conv)
	}
	readChainInput(c, c.request.get("input"), conv)
}

// readChainInput reads what goes into a chain: a text, messages, or fields of which some are messages and some the
// question.
func readChainInput(c *call, v value, conv *Conversation) {
	switch v.kind() {
	case kindString:
		conv.add(Message{Role: "user", Parts: []Part{{Kind: PartText, Text: c.text("user", v)}}})
	case kindArray:
		for m := range v.items() {
			conv.MessageCount++
			readChainMessage(c, m, conv)
		}
	case kindObject:
		for key, val := range v.fields() { // what was said before
			if val.isArray() && (string(key) == "messages" || strings.HasSuffix(string(key), "history")) {
				readChainInput(c, val, conv)
			}
		}
		for key, val := range v.fields() {
			if val.isString() && string(key) != "session_id" && string(key) != "language" {
				conv.add(Message{Role: "user", Name: string(key), Parts: []Part{{Kind: PartText, Text: c.text("user", val)}}})
			}
		}
	default:
	}
}

// readChainMessage reads a message as LangChain writes it: {type, content}, {role, content}, ["human", "text"], or
// the constructor form {lc, id, kwargs}.
func readChainMessage(c *call, m value, conv *Conversation) {
	if m.isArray() && m.item(0).isString() && m.item(1).isString() {
		role := chainRole(m.item(0).text())
		conv.add(Message{Role: role, Parts: []Part{{Kind: PartText, Text: c.text(role, m.item(1))}}})
		return
	}
	kind := firstOf(m, "type", "role").text()
	if kwargs := m.get("kwargs"); kwargs.isObject() {
		if id := m.get("id"); id.isArray() && kwargs.get("type").text() == "" {
			kind = id.item(id.len() - 1).text()
		} else {
			kind = kwargs.get("type").text()
		}
		m = kwargs
	}
	msg := Message{Role: chainRole(kind), Name: m.get("name").text()}
	content := firstOf(m, "content")
	if content.kind() == kindAbsent {
		content = m.at("data", "content")
	}
	if msg.Role == "tool" {
		conv.ToolResults++
		msg.Parts = []Part{{Kind: PartToolResult, CallID: m.get("tool_call_id").text(), Name: msg.Name, Text: joinText(c, "tool", content)}}
	} else {
		msg.Parts = appendContent(c, nil, msg.Role, content, conv)
	}
	for tc := range m.get("tool_calls").items() {
		msg.Parts = append(msg.Parts, Part{Kind: PartToolCall, Call: &ToolCall{ID: tc.get("id").text(), Name: tc.get("name").text(), Arguments: tc.get("args").json()}})
	}
	conv.add(msg)
}

func chainRole(kind string) Role {
	switch strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(kind), "chunk"), "message") {
	case "human", "user":
		return "user"
	case "ai", "assistant":
		return "assistant"
	default:
		return strings.TrimSuffix(strings.ToLower(kind), "message")
	}
}

// langserveReply reads outputs: whole, in pieces, or as changes to a log.
type langserveReply struct {
	draft
	final string // of a log, the output as a whole
}

func (r *langserveReply) whole(doc value, _ []byte) {
	output := doc.get("output")
	if output.isArray() { // of a batch the first
		output = output.item(0)
	}
	r.output(output)
}

// output reads what a chain gives: a text, a message, or fields with the text among them.
func (r *langserveReply) output(v value) {
	switch v.kind() {
	case kindString:
		r.say(v.text())
		r.choices = 1
	case kindObject:
		if kwargs := v.get("kwargs"); kwargs.isObject() {
			v = kwargs
		}
		content := firstOf(v, "content", "answer", "output", "result", "text", "response")
		if content.isObject() {
			r.output(content)
			return
		}
		r.choices = 1
		r.text(content)
		r.message(v)
	default:
	}
}

func (r *langserveReply) text(v value) {
	r.say(v.text())
	for p := range v.items() {
		r.say(p.get("text").text())
	}
}

// message reads what a LangChain message carries beside its text.
func (r *langserveReply) message(v value) {
	for tc := range v.get("tool_calls").items() {
		if tc.get("name").text() != "" {
			r.newCall(tc.get("id").text(), tc.get("name").text(), tc.get("args").json())
		}
	}
	if u := v.get("usage_metadata"); u.isObject() {
		set(&r.usage.Input, u.get("input_tokens"))
		set(&r.usage.Output, u.get("output_tokens"))
		set(&r.usage.Total, u.get("total_tokens"))
	}
	meta := v.get("response_metadata")
	r.model = firstNonEmpty(meta.get("model_name").text(), r.model)
	r.finish = firstNonEmpty(meta.get("finish_reason").text(), r.finish)
}

func (r *langserveReply) event(ev Event, doc value) {
	switch ev.Name {
	case "end":
		r.complete = true
	case "error":
		r.err = &ProviderError{Code: doc.get("status_code").scalar(), Message: firstNonEmpty(doc.get("message").text(), string(ev.Data))}
	case "metadata":
	default:
		switch {
		case doc.get("ops").isArray():
			r.patch(doc.get("ops"))
		case doc.get("event").isString():
			r.happened(doc)
		default:
			r.output(doc)
		}
	}
}

// patch applies what matters of a JSON Patch to the log of a run.
func (r *langserveReply) patch(ops value) {
	for op := range ops.items() {
		switch val := op.get("value"); op.get("path").text() {
		case "/streamed_output/-":
			r.output(val)
		case "/final_output":
			r.final = firstNonEmpty(val.text(), firstOf(val, "content", "output", "answer").text(), r.final)
		}
	}
}

// happened reads one of the events of stream_events.
func (r *langserveReply) happened(doc value) {
	switch doc.get("event").word() {
	case "on_chat_model_stream", "on_llm_stream":
		r.output(doc.at("data", "chunk"))
	case "on_tool_start":
		r.newCall("", doc.get("name").text(), doc.at("data", "input").json())
	}
}

func (r *langserveReply) into(conv *Conversation) {
	if len(r.said) == 0 && r.final != "" {
		r.say(r.final)
		r.final = ""
	}
	r.draft.into(conv)
}
