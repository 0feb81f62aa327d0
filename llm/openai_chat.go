package llm

import "strings"

// OpenAI's chat completions, and everybody who copied them
// (https://platform.openai.com/docs/api-reference/chat).
var openaiChat = &format{
	family: "openai.chat",
	kind:   KindLLM,
	path: func(c *call) strength {
		switch {
		case c.Method != "POST":
			return silent
		case strings.HasSuffix(c.path, "/chat/completions"):
			return certain
		case strings.HasSuffix(c.path, "/completions") && strings.Contains(c.path, "/prompts/"): // Portkey
			return certain
		default:
			return silent
		}
	},
	request: chatRequest,
	answer:  chatAnswer,
	read:    readChat,
	reply:   func(*call) reply { return &chatReply{} },
}

func chatRequest(c *call) strength {
	messages := c.request.get("messages")
	if !messages.isArray() {
		return silent
	}
	first := messages.item(0)
	if !first.get("role").isString() || first.has("parts") {
		return silent
	}
	if c.request.get("model").isString() {
		return likely
	}
	return maybe
}

func chatAnswer(name string, doc value) strength {
	if o := doc.get("object"); o.is("chat.completion") || o.is("chat.completion.chunk") {
		return certain
	}
	choice := doc.get("choices").item(0)
	if choice.get("message").isObject() || choice.get("delta").isObject() {
		return certain
	}
	return silent
}

func readChat(c *call, conv *Conversation) {
	for key, val := range c.request.fields() {
		switch string(key) {
		case "model":
			conv.Model = val.text()
		case "messages":
			readMessages(c, val, conv)
		case "tools":
			readTools(val, conv)
		case "functions":
			for f := range val.items() {
				conv.Tools = append(conv.Tools, functionTool(f))
			}
		case "stream":
			conv.StreamAsked = val.isTrue()
		}
	}
	conv.Deployment = azureDeployment(c.path)
}

// azureDeployment reads the deployment from /openai/deployments/{deployment}/…
func azureDeployment(path string) string {
	_, rest, found := strings.Cut(path, "/openai/deployments/")
	if !found {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return unescapePath(name)
}

// readTools reads tools[] in the forms of OpenAI's chat (nested), Responses (flat) and their built-in types.
func readTools(list value, conv *Conversation) {
	for t := range list.items() {
		kind := t.get("type")
		switch f := t.get("function"); {
		case f.isObject():
			conv.Tools = append(conv.Tools, functionTool(f))
		case kind.is("custom") && t.get("custom").isObject():
			conv.Tools = append(conv.Tools, functionTool(t.get("custom")))
		case kind.is("function"), kind.is("custom"), !kind.exists() && t.get("name").isString():
			conv.Tools = append(conv.Tools, functionTool(t))
		case kind.isString():
			conv.Tools = append(conv.Tools, Tool{Name: kind.text(), Builtin: true})
		}
	}
}

func functionTool(f value) Tool {
	tool := Tool{}
	for key, val := range f.fields() {
		switch string(key) {
		case "name":
			tool.Name = val.text()
		case "description":
			tool.Description = val.text()
		case "parameters", "input_schema", "parameter_definitions", "parametersJsonSchema", "inputSchema":
			tool.Schema = val.json()
		}
	}
	return tool
}

// chatReply reads chat completions and their chunks.
type chatReply struct {
	draft
	seen map[int64]bool // choices
}

func (r *chatReply) whole(doc value, _ []byte) {
	r.head(doc)
	choices := doc.get("choices")
	r.choices = choices.len()
	choice := choices.item(0)
	r.choice(choice, choice.get("message"))
	r.complete = true
}

func (r *chatReply) event(ev Event, doc value) {
	if ev.Done() {
		r.complete = true
		return
	}
	r.head(doc)
	for choice := range doc.get("choices").items() {
		index, _ := choice.get("index").int()
		if r.seen == nil {
			r.seen = map[int64]bool{}
		}
		if !r.seen[index] && len(r.seen) < 1024 {
			r.seen[index] = true
			r.choices = len(r.seen)
		}
		if index != 0 {
			continue
		}
		delta := choice.get("delta")
		if !delta.isObject() {
			delta = choice.get("message") // some gateways answer a stream with whole messages
		}
		r.choice(choice, delta)
	}
}

// head reads what stands beside the choices.
func (r *chatReply) head(doc value) {
	for key, val := range doc.fields() {
		switch string(key) {
		case "model":
			if s := val.text(); s != "" {
				r.model = s
			}
		case "usage":
			r.usage.chat(val)
		case "x_groq":
			r.usage.chat(val.get("usage"))
		}
	}
}

// choice reads a message or a delta, and why it ended.
func (r *chatReply) choice(choice, message value) {
	reasoned := false
	for key, val := range message.fields() {
		switch string(key) {
		case "reasoning_content", "reasoning":
			if !reasoned && val.isString() {
				r.think(val.text())
				reasoned = true
			}
		}
	}
	for key, val := range message.fields() {
		switch string(key) {
		case "content":
			r.content(val)
		case "refusal":
			r.refuse(val.text())
		case "tool_calls":
			for tc := range val.items() {
				r.toolCall(tc)
			}
		case "function_call":
			if val.get("name").text() != "" || len(r.calls) > 0 || val.get("arguments").text() != "" {
				call := r.call("function_call")
				call.name += val.get("name").text()
				call.args = append(call.args, arguments(val.get("arguments"))...)
			}
		case "images":
			for img := range val.items() {
				r.add(mediaPart(PartImage, img, img.get("type").text()))
			}
		case "audio":
			if t := val.get("transcript"); t.isString() {
				r.add(Part{Kind: PartAudio, Text: t.text(), Bytes: inlineSize(val.get("data"))})
			}
		}
	}
	if f := choice.get("finish_reason"); f.isSet() {
		r.finish = f.scalar()
		r.complete = true // not everybody sends [DONE]
	}
}

// content is a string, or a list of text and thinking parts (Mistral, Databricks).
func (r *chatReply) content(v value) {
	if v.isString() {
		r.say(v.text())
		return
	}
	for p := range v.items() {
		switch kind := p.get("type"); {
		case kind.is("thinking"), kind.is("reasoning"):
			r.think(chatThinking(p))
		case p.get("text").isString():
			r.say(p.get("text").text())
		}
	}
}

func chatThinking(p value) string {
	if summary := p.get("summary"); summary.isArray() {
		var b strings.Builder
		for s := range summary.items() {
			b.WriteString(s.get("text").text())
		}
		return b.String()
	}
	return reasoningText(p)
}

// toolCall adds a call or a piece of one: pieces belong together by index, or by id where there is no index.
func (r *chatReply) toolCall(tc value) {
	f := tc.get("function")
	if !f.isObject() {
		f = tc.get("custom")
	}
	id, key := tc.get("id").text(), tc.get("index").scalar()
	var call *callDraft
	switch {
	case key != "":
		call = r.call(key)
	case id != "":
		call = r.call("id:" + id)
	default: // such calls arrive whole
		call = r.newCall("", "", "")
	}
	if call.id == "" {
		call.id = id
	}
	if name := f.get("name").text(); name != "" && call.name == "" {
		call.name = name
	}
	args := f.get("arguments")
	if !args.exists() {
		args = f.get("input")
	}
	call.args = append(call.args, arguments(args)...)
}

// chat reads OpenAI's usage. Streams may repeat it: the last counts.
func (u *Usage) chat(v value) {
	for key, val := range v.fields() {
		switch string(key) {
		case "prompt_tokens":
			set(&u.Input, val)
		case "completion_tokens":
			set(&u.Output, val)
		case "total_tokens":
			set(&u.Total, val)
		case "prompt_tokens_details":
			set(&u.CachedInput, val.get("cached_tokens"))
		case "completion_tokens_details":
			set(&u.Reasoning, val.get("reasoning_tokens"))
		}
	}
}

// set keeps a count that was said.
func set(to **int64, v value) {
	if n := v.count(); n != nil {
		*to = n
	}
}
