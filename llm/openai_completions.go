package llm

import "strings"

// OpenAI's text completions (https://platform.openai.com/docs/api-reference/completions).
var openaiCompletions = &format{
	family: "openai.completions",
	kind:   KindLLM,
	path: func(c *call) strength {
		if c.Method != "POST" || !strings.HasSuffix(c.path, "/completions") || strings.HasSuffix(c.path, "/chat/completions") {
			return silent
		}
		return likely
	},
	request: func(c *call) strength {
		if p := c.request.get("prompt"); (p.isString() || p.isArray()) && c.request.get("model").isString() {
			return maybe
		}
		return silent
	},
	answer: func(_ string, doc value) strength {
		choice := doc.get("choices").item(0)
		switch {
		case doc.get("object").is("text_completion"):
			return certain
		case choice.get("text").isString() && choice.has("finish_reason"):
			return likely
		default:
			return silent
		}
	},
	read: func(c *call, conv *Conversation) {
		readPromptBody(c, c.request, conv)
		conv.Deployment = azureDeployment(c.path)
	},
	reply: func(*call) reply { return &completionsReply{} },
}

type completionsReply struct {
	draft
	seen map[int64]bool
}

func (r *completionsReply) whole(doc value, _ []byte) { r.piece(doc) }

func (r *completionsReply) event(ev Event, doc value) {
	if ev.Done() {
		r.complete = true
		return
	}
	r.piece(doc)
}

func (r *completionsReply) piece(doc value) {
	for key, val := range doc.fields() {
		switch string(key) {
		case "model":
			r.model = val.text()
		case "usage":
			r.usage.chat(val)
		case "choices":
			for choice := range val.items() {
				r.choice(choice)
			}
		}
	}
}

func (r *completionsReply) choice(v value) {
	index, _ := v.get("index").int()
	if r.seen == nil {
		r.seen = map[int64]bool{}
	}
	if len(r.seen) < 1024 {
		r.seen[index] = true
	}
	r.choices = len(r.seen)
	if index != 0 {
		return
	}
	r.say(v.get("text").text())
	if f := v.get("finish_reason"); f.isSet() {
		r.finish = f.scalar()
	}
}
