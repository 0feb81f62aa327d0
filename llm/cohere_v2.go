package llm

// Cohere's chat, version 2 (https://docs.cohere.com/reference/chat).
var cohereChat = &format{
	family: "cohere.v2.chat",
	kind:   KindLLM,
	path:   suffix(likely, "/v2/chat"),
	request: func(c *call) strength {
		if c.request.get("messages").item(0).get("role").isString() && c.request.get("model").isString() {
			return maybe
		}
		return silent
	},
	answer: cohereAnswer,
	read: func(c *call, conv *Conversation) {
		readChat(c, conv)
	},
	reply: func(*call) reply { return &cohereReply{} },
}

func cohereAnswer(_ string, doc value) strength {
	message, finish := doc.get("message"), doc.get("finish_reason")
	switch {
	case message.isObject() && finish.isString() && (message.has("content") || message.has("tool_calls")):
		return certain
	case doc.get("type").is("message-start") && doc.at("delta", "message").isObject():
		return certain
	case doc.get("type").is("content-delta"), doc.get("type").is("tool-call-start"):
		return certain
	default:
		return silent
	}
}

// cohereReply reads version 2's answers and events.
type cohereReply struct{ draft }

func (r *cohereReply) whole(doc value, _ []byte) {
	message := doc.get("message")
	for key, val := range message.fields() {
		switch string(key) {
		case "tool_plan":
			r.plan = append(r.plan, val.text()...)
		case "content":
			r.content(val)
		case "tool_calls":
			for tc := range val.items() {
				f := tc.get("function")
				r.newCall(tc.get("id").text(), f.get("name").text(), arguments(f.get("arguments")))
			}
		}
	}
	if message.isObject() {
		r.choices = 1
	}
	r.end(doc)
}

func (r *cohereReply) content(v value) {
	if v.isString() {
		r.say(v.text())
	}
	if v.isObject() {
		r.piece(v)
	}
	for p := range v.items() {
		r.piece(p)
	}
}

func (r *cohereReply) piece(p value) {
	r.say(p.get("text").text())
	r.think(p.get("thinking").text())
}

func (r *cohereReply) end(v value) {
	for key, val := range v.fields() {
		switch string(key) {
		case "finish_reason":
			r.finish = val.word()
		case "usage":
			r.usage.cohere(val)
		case "error":
			if val.isString() && r.err == nil {
				r.err = &ProviderError{Message: val.text()}
			}
		}
	}
}

func (r *cohereReply) event(ev Event, doc value) {
	message := doc.at("delta", "message")
	key := doc.get("index").scalar()
	switch doc.get("type").word() {
	case "message-start":
		r.choices = 1
	case "content-start", "content-delta":
		r.content(message.get("content"))
	case "tool-plan-delta":
		r.plan = append(r.plan, message.get("tool_plan").text()...)
	case "tool-call-start", "tool-call-delta":
		tc := message.get("tool_calls")
		call := r.call(key)
		if id := tc.get("id").text(); id != "" {
			call.id = id
		}
		call.name += tc.at("function", "name").text()
		call.args = append(call.args, tc.at("function", "arguments").text()...)
	case "message-end":
		r.end(doc.get("delta"))
		r.complete = true
	}
}

// cohere reads Cohere's usage: what went through the model, and what is paid for.
func (u *Usage) cohere(v value) {
	set(&u.Input, v.at("tokens", "input_tokens"))
	set(&u.Output, v.at("tokens", "output_tokens"))
	set(&u.BilledInput, v.at("billed_units", "input_tokens"))
	set(&u.BilledOutput, v.at("billed_units", "output_tokens"))
	set(&u.CachedInput, v.get("cached_tokens"))
}
