package llm

// Anthropic's text completions, from before messages (https://docs.anthropic.com/en/api/complete).
var anthropicComplete = &format{
	family: "anthropic.complete",
	kind:   KindLLM,
	path:   suffix(likely, "/v1/complete"),
	request: func(c *call) strength {
		if c.request.get("prompt").isString() && c.request.has("max_tokens_to_sample") {
			return certain
		}
		return silent
	},
	answer: func(_ string, doc value) strength {
		if doc.get("completion").isString() && doc.has("stop_reason") {
			return certain
		}
		return silent
	},
	read: func(c *call, conv *Conversation) {
		readPromptBody(c, c.request, conv)
	},
	reply: func(*call) reply { return &completeReply{} },
}

// readPromptBody reads the requests of APIs that take one prompt, or a list of them.
func readPromptBody(c *call, body value, conv *Conversation) {
	for key, val := range body.fields() {
		switch string(key) {
		case "model":
			conv.Model = val.text()
		case "prompt":
			readPrompts(c, val, conv)
		case "stream":
			conv.StreamAsked = val.isTrue()
		case "system":
			readSystem(c, val, conv)
		}
	}
}

func readPrompts(c *call, v value, conv *Conversation) {
	if v.isString() {
		conv.Prompts = append(conv.Prompts, c.text("user", v))
	}
	for p := range v.items() {
		if p.isString() {
			conv.Prompts = append(conv.Prompts, c.text("user", p))
		}
	}
}

type completeReply struct{ draft }

func (r *completeReply) whole(doc value, _ []byte) { r.piece(doc) }

func (r *completeReply) event(_ Event, doc value) { r.piece(doc) }

func (r *completeReply) piece(doc value) {
	for key, val := range doc.fields() {
		switch string(key) {
		case "completion":
			r.say(val.text())
			r.choices = 1
		case "stop_reason":
			if val.isString() {
				r.finish = val.word()
				r.complete = true
			}
		case "model":
			if val.isString() {
				r.model = val.text()
			}
		case "usage":
			r.usage.anthropic(val)
		}
	}
}
