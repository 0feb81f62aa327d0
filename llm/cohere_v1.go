package llm

// Cohere's version 1 (https://docs.cohere.com/v1/reference/chat).
var cohereChatV1 = &format{
	family: "cohere.v1.chat",
	kind:   KindLLM,
	path:   suffix(likely, "/v1/chat"),
	request: func(c *call) strength {
		switch {
		case !c.request.get("message").isString():
			return silent
		case c.request.has("chat_history"), c.request.has("preamble"), c.request.has("connectors"):
			return likely
		case c.request.get("model").isString():
			return maybe
		default:
			return silent
		}
	},
	answer: func(_ string, doc value) strength {
		if doc.has("generation_id") && doc.has("text") || doc.get("event_type").is("stream-start") {
			return certain
		}
		return silent
	},
	read:  readCohereV1,
	reply: func(*call) reply { return &cohereReplyV1{} },
}

var cohereGenerateV1 = &format{
	family: "cohere.v1.generate",
	kind:   KindLLM,
	path:   suffix(likely, "/v1/generate"),
	request: func(c *call) strength {
		if c.request.get("prompt").isString() {
			return maybe
		}
		return silent
	},
	answer: func(_ string, doc value) strength {
		if doc.get("generations").item(0).has("text") {
			return certain
		}
		return silent
	},
	read:  func(c *call, conv *Conversation) { readPromptBody(c, c.request, conv) },
	reply: func(*call) reply { return &cohereReplyV1{} },
}

// cohereRole puts version 1's words for roles into everybody else's.
func cohereRole(word string) Role {
	switch word {
	case "USER", "User":
		return "user"
	case "CHATBOT", "Chatbot":
		return "assistant"
	case "SYSTEM", "System":
		return "system"
	case "TOOL", "Tool":
		return "tool"
	default:
		return word
	}
}

func readCohereV1(c *call, conv *Conversation) {
	if p := c.request.get("preamble"); p.isString() {
		conv.System = append(conv.System, c.text("system", p))
	}
	for m := range c.request.get("chat_history").items() {
		conv.MessageCount++
		msg := Message{Role: cohereRole(m.get("role").text())}
		if t := m.get("message"); t.isString() {
			msg.Parts = append(msg.Parts, Part{Kind: PartText, Text: c.text(msg.Role, t)})
		}
		for tc := range m.get("tool_calls").items() {
			msg.Parts = append(msg.Parts, Part{Kind: PartToolCall, Call: &ToolCall{Name: tc.get("name").text(), Arguments: tc.get("parameters").json()}})
		}
		conv.add(msg)
	}
	for key, val := range c.request.fields() {
		switch string(key) {
		case "model":
			conv.Model = val.text()
		case "message":
			conv.MessageCount++
			conv.add(Message{Role: "user", Parts: []Part{{Kind: PartText, Text: c.text("user", val)}}})
		case "tools":
			readTools(val, conv)
		case "tool_results":
			conv.ToolResults += val.len()
		case "stream":
			conv.StreamAsked = val.isTrue()
		}
	}
}

// cohereReplyV1 reads chat and generate, whole and as events.
type cohereReplyV1 struct{ draft }

func (r *cohereReplyV1) whole(doc value, _ []byte) {
	for key, val := range doc.fields() {
		switch string(key) {
		case "text":
			r.say(val.text())
			r.choices = 1
		case "finish_reason":
			r.finish = val.word()
		case "tool_calls":
			for tc := range val.items() {
				r.newCall("", tc.get("name").text(), tc.get("parameters").json())
			}
		case "meta":
			r.usage.cohere(val)
		case "generations":
			r.choices = val.len()
			r.say(val.item(0).get("text").text())
			r.finish = val.item(0).get("finish_reason").word()
		case "model":
			r.model = val.text()
		}
	}
}

func (r *cohereReplyV1) event(_ Event, doc value) {
	switch doc.get("event_type").word() {
	case "stream-start":
		r.choices = 1
	case "text-generation":
		r.say(doc.get("text").text())
	case "tool-calls-generation":
		for tc := range doc.get("tool_calls").items() {
			r.newCall("", tc.get("name").text(), tc.get("parameters").json())
		}
	case "stream-end":
		r.complete = true
		r.finish = doc.get("finish_reason").word()
		r.usage.cohere(doc.at("response", "meta"))
		if len(r.said) == 0 {
			r.say(doc.at("response", "text").text())
		}
	case "":
		r.say(doc.get("text").text()) // generate streams bare pieces
		if doc.get("is_finished").isTrue() {
			r.complete = true
			r.finish = doc.get("finish_reason").word()
		}
	}
}
