package llm

import "strings"

// llamaChat is the native form of Meta's Llama API (https://llama.developer.meta.com/docs/api/chat); its request is
// OpenAI's.
var llamaChat = &format{
	family:   "llama.chat",
	kind:     KindLLM,
	provider: "llama-api",
	path: func(c *call) strength {
		switch {
		case c.Method != "POST" || !strings.HasSuffix(c.path, "/chat/completions"):
			return silent
		case c.provider == "llama-api" && !strings.Contains(c.path, "/compat/"):
			return particular
		default:
			return certain // as OpenAI's; the answers differ
		}
	},
	request: func(c *call) strength {
		if c.provider == "llama-api" {
			return chatRequest(c)
		}
		return silent
	},
	answer: func(_ string, doc value) strength {
		if doc.get("completion_message").isObject() || doc.at("event", "event_type").isString() {
			return particular * 2 // OpenAI's path and request fit as well
		}
		return silent
	},
	read:  readChat,
	reply: func(*call) reply { return &llamaReply{} },
}

type llamaReply struct{ draft }

func (r *llamaReply) whole(doc value, _ []byte) {
	message := doc.get("completion_message")
	r.choices = 1
	r.piece(message.get("content"))
	for tc := range message.get("tool_calls").items() {
		r.newCall(tc.get("id").text(), tc.at("function", "name").text(), arguments(tc.at("function", "arguments")))
	}
	r.stop(message)
	r.metrics(doc.get("metrics"))
}

func (r *llamaReply) event(_ Event, doc value) {
	event := doc.get("event")
	r.choices = 1
	switch delta := event.get("delta"); delta.get("type").word() {
	case "text":
		r.piece(delta)
	case "tool_call":
		call := r.call(delta.get("id").text())
		if call.id == "" {
			call.id = delta.get("id").text()
		}
		call.name += delta.at("function", "name").text()
		call.args = append(call.args, arguments(delta.at("function", "arguments"))...)
	}
	r.stop(event)
	r.metrics(event.get("metrics"))
	if event.get("event_type").is("complete") || event.get("event_type").is("metrics") {
		r.complete = true
	}
}

func (r *llamaReply) piece(v value) {
	if v.isString() {
		r.say(v.text())
	}
	r.say(v.get("text").text())
}

func (r *llamaReply) stop(v value) {
	if s := v.get("stop_reason"); s.isString() {
		r.finish = s.word()
	}
}

func (r *llamaReply) metrics(list value) {
	for m := range list.items() {
		switch m.get("metric").word() {
		case "num_prompt_tokens":
			set(&r.usage.Input, m.get("value"))
		case "num_completion_tokens":
			set(&r.usage.Output, m.get("value"))
		case "num_total_tokens":
			set(&r.usage.Total, m.get("value"))
		}
	}
}
