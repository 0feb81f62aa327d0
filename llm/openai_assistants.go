package llm

import "strings"

// openaiAssistants is OpenAI's Assistants: threads, their messages and runs
// (https://platform.openai.com/docs/api-reference/assistants).
var openaiAssistants = &format{
	family: "openai.assistants",
	kind:   KindAgent,
	path: func(c *call) strength {
		switch {
		case pathEnds(c.path, "/threads/*/messages"), pathEnds(c.path, "/threads/*/messages/*"), pathEnds(c.path, "/threads/*/runs"),
			pathEnds(c.path, "/threads/runs"), strings.Contains(c.path, "/threads/") && strings.Contains(c.path, "/runs/"):
			if strings.Contains(c.path, "/threads/thread_") || c.provider != "" {
				return certain
			}
			return likely
		case pathEnds(c.path, "/assistants"), pathEnds(c.path, "/assistants/*"), pathEnds(c.path, "/threads"), pathEnds(c.path, "/threads/*"):
			if strings.Contains(c.RequestHeader.Get("OpenAI-Beta"), "assistants") || strings.Contains(c.path, "/asst_") || strings.Contains(c.path, "/thread_") {
				return certain
			}
			return likely
		default:
			return silent
		}
	},
	request: func(c *call) strength {
		switch {
		case strings.Contains(c.RequestHeader.Get("OpenAI-Beta"), "assistants"), strings.HasPrefix(c.request.get("assistant_id").text(), "asst_"):
			return certain
		case c.known():
			return maybe
		default:
			return silent
		}
	},
	answer: func(name string, doc value) strength {
		object := doc.get("object").word()
		if object == "list" {
			object = doc.get("data").item(0).get("object").word()
		}
		switch {
		case strings.HasPrefix(object, "thread"), strings.HasPrefix(object, "assistant"), strings.HasPrefix(name, "thread."):
			return certain
		default:
			return silent
		}
	},
	read:  readAssistants,
	reply: func(*call) reply { return &assistantsReply{} },
}

func readAssistants(c *call, conv *Conversation) {
	for key, val := range c.request.fields() {
		switch string(key) {
		case "model":
			conv.Model = val.text()
		case "instructions", "additional_instructions":
			if val.isString() {
				conv.System = append(conv.System, c.text("system", val))
			}
		case "tools":
			readTools(val, conv)
		case "stream":
			conv.StreamAsked = val.isTrue()
		case "messages", "additional_messages":
			readMessages(c, val, conv)
		case "thread":
			readMessages(c, val.get("messages"), conv)
		case "content":
			readMessage(c, c.request, conv)
			conv.MessageCount++
		case "tool_outputs":
			for out := range val.items() {
				conv.ToolResults++
				conv.add(Message{Role: "tool", Parts: []Part{{Kind: PartToolResult, CallID: out.get("tool_call_id").text(), Text: c.text("tool", out.get("output"))}}})
			}
		}
	}
}

// assistantsReply reads runs, messages and lists of them.
type assistantsReply struct{ draft }

func (r *assistantsReply) whole(doc value, _ []byte) {
	for item := range doc.get("data").items() {
		r.object(item)
	}
	r.object(doc)
}

func (r *assistantsReply) event(ev Event, doc value) {
	switch {
	case ev.Done():
		r.complete = true
	case ev.Name == "thread.message.delta":
		for p := range doc.at("delta", "content").items() {
			r.say(p.at("text", "value").text())
		}
	case ev.Name == "thread.message.completed" && len(r.said) > 0, ev.Name == "thread.run.step.delta":
	default:
		r.object(doc)
	}
}

func (r *assistantsReply) object(doc value) {
	switch doc.get("object").word() {
	case "thread.message":
		if doc.get("role").is("assistant") {
			for p := range doc.get("content").items() {
				r.say(p.at("text", "value").text())
			}
		}
	case "thread.run":
		r.model = doc.get("model").text()
		r.finish = doc.get("status").word()
		r.usage.chat(doc.get("usage"))
		if e := doc.get("last_error"); e.isObject() {
			r.err = &ProviderError{Code: e.get("code").text(), Message: e.get("message").text()}
		}
		for tc := range doc.at("required_action", "submit_tool_outputs", "tool_calls").items() {
			call := r.call(tc.get("id").text())
			call.id, call.name = tc.get("id").text(), tc.at("function", "name").text()
			call.args = []byte(arguments(tc.at("function", "arguments")))
		}
	case "assistant":
		r.model = doc.get("model").text()
	}
}
