package llm

import "strings"

// Google's interactions, which keep the conversation on the server (https://ai.google.dev/api/interactions-api).
var geminiInteractions = &format{
	family: "gemini.interactions",
	kind:   KindLLM,
	path: func(c *call) strength {
		if s := suffix(certain, "/v1beta/interactions", "/v1beta1/interactions")(c); s > silent {
			return s
		}
		return suffix(likely, "/v1/interactions")(c)
	},
	request: func(c *call) strength {
		if c.request.has("input") && (c.request.has("model") || c.request.has("agent")) {
			return maybe
		}
		return silent
	},
	answer: func(_ string, doc value) strength {
		if doc.get("object").is("interaction") || strings.HasPrefix(doc.get("event_type").text(), "interaction.") {
			return certain
		}
		return silent
	},
	read:  readInteraction,
	reply: func(*call) reply { return &interactionReply{} },
}

func readInteraction(c *call, conv *Conversation) {
	readSystem(c, c.request.get("system_instruction"), conv)
	for key, val := range c.request.fields() {
		switch string(key) {
		case "model", "agent":
			conv.Model = val.text()
		case "stream":
			conv.StreamAsked = val.isTrue()
		case "tools":
			readTools(val, conv)
		case "input":
			readInteractionInput(c, val, conv)
		}
	}
}

// readInteractionInput reads one text, one content, a list of contents, or a list of turns or steps.
func readInteractionInput(c *call, input value, conv *Conversation) {
	if !input.isArray() {
		conv.MessageCount = 1
		conv.add(Message{Role: "user", Parts: appendContent(c, nil, "user", input, conv)})
		return
	}
	var loose []Part
	for item := range input.items() {
		conv.MessageCount++
		kind := item.get("type").word()
		switch {
		case strings.HasSuffix(kind, "_result"):
			conv.ToolResults++
			conv.add(Message{Role: "tool", Parts: []Part{{
				Kind: PartToolResult, CallID: item.get("call_id").text(), Name: item.get("name").text(), Text: joinText(c, "tool", item.get("result")),
			}}})
		case item.has("content") || item.has("parts"):
			role := interactionRole(kind, item.get("role"))
			content := item.get("content")
			if !content.exists() {
				content = item.get("parts")
			}
			conv.add(Message{Role: role, Parts: appendContent(c, nil, role, content, conv)})
		default:
			loose = append(loose, contentPart(c, "user", item, conv))
		}
	}
	if loose != nil {
		conv.add(Message{Role: "user", Parts: loose})
	}
}

func interactionRole(kind string, role value) Role {
	switch {
	case role.isString():
		return role.word()
	case kind == "model_output":
		return "model"
	default:
		return "user"
	}
}

// interactionReply reads an interaction's steps (before 2026: outputs), whole or as events.
type interactionReply struct {
	draft
	steps map[string]string // type by index
}

func (r *interactionReply) whole(doc value, _ []byte) {
	r.head(doc)
	for _, key := range []string{"steps", "outputs"} {
		for step := range doc.get(key).items() {
			r.step(step)
		}
	}
	r.choices = 1
}

func (r *interactionReply) head(doc value) {
	for key, val := range doc.fields() {
		switch string(key) {
		case "model":
			r.model = val.text()
		case "status":
			r.finish = val.word()
		case "usage":
			set(&r.usage.Input, val.get("total_input_tokens"))
			set(&r.usage.Output, val.get("total_output_tokens"))
			set(&r.usage.Total, val.get("total_tokens"))
			set(&r.usage.Reasoning, val.get("total_thought_tokens"))
			set(&r.usage.CachedInput, val.get("total_cached_tokens"))
		}
	}
}

func (r *interactionReply) step(step value) {
	switch kind := step.get("type").word(); {
	case kind == "model_output":
		for p := range step.get("content").items() {
			r.piece(p)
		}
	case kind == "thought":
		for p := range step.get("summary").items() {
			r.think(p.get("text").text())
		}
	case kind == "function_call":
		r.newCall(step.get("id").text(), step.get("name").text(), step.get("arguments").json())
	case strings.HasSuffix(kind, "_call"):
		r.newCall(step.get("id").text(), kind, step.get("arguments").json()).builtin = true
	case kind == "text":
		r.piece(step)
	case kind != "":
		r.add(Part{Kind: PartOther, Type: kind})
	}
}

func (r *interactionReply) piece(p value) {
	switch kind := p.get("type").word(); kind {
	case "text":
		r.say(p.get("text").text())
	case "image", "audio", "video":
		r.add(mediaPart(PartKind(kind), p, kind))
	}
}

func (r *interactionReply) event(_ Event, doc value) {
	index := doc.get("index").scalar()
	switch doc.get("event_type").word() {
	case "interaction.created", "interaction.start", "interaction.status_update":
		r.head(doc.get("interaction"))
		r.choices = 1
	case "step.start", "content.start":
		step := doc.get("step")
		if r.steps == nil {
			r.steps = map[string]string{}
		}
		r.steps[index] = step.get("type").word()
		if step.get("type").is("function_call") {
			call := r.call(index)
			call.id, call.name = step.get("id").text(), step.get("name").text()
			if a := step.get("arguments"); a.len() > 0 {
				call.args = append(call.args, a.raw()...)
			}
		} else {
			r.step(step)
		}
	case "step.delta", "content.delta":
		r.delta(index, doc.get("delta"))
	case "interaction.completed", "interaction.complete":
		r.head(doc.get("interaction"))
		r.complete = true
	}
}

func (r *interactionReply) delta(index string, d value) {
	switch kind := d.get("type").word(); {
	case kind == "text":
		r.say(d.get("text").text())
	case strings.HasPrefix(kind, "thought"):
		r.think(d.at("content", "text").text() + d.get("text").text())
	case strings.HasPrefix(kind, "arguments"), kind == "function_call":
		call := r.call(index)
		if name := d.get("name").text(); name != "" {
			call.name = name
		}
		call.args = append(call.args, arguments(firstOf(d, "partial_arguments", "arguments", "delta"))...)
	case kind == "image" || kind == "audio" || kind == "video":
		r.add(mediaPart(PartKind(kind), d, kind))
	}
}

// firstOf is the first of some keys that is there.
func firstOf(v value, keys ...string) value {
	for _, key := range keys {
		if found := v.get(key); found.isSet() {
			return found
		}
	}
	return value{}
}
