package guard

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// refusal is a whole answer, or a whole stream, in which the model refuses with this text. ok is false where the
// provider's form of it is not known.
func (s *speaker) refusal(text string) (body []byte, contentType string, ok bool) {
	if s.stream {
		return s.refusalStream(text)
	}
	var answer object
	now := time.Now()
	switch s.family {
	case "openai.chat", "llama.chat", "writer.chat":
		answer = object{
			"id", "chatcmpl-assay-guard", "object", "chat.completion", "created", now.Unix(), "model", s.model,
			"choices",
			[]object{{"index", 0, "message", object{"role", "assistant", "content", text, "refusal", nil}, "logprobs", nil, "finish_reason", "stop"}},
			"usage",
			object{"prompt_tokens", 0, "completion_tokens", 0, "total_tokens", 0},
		}
	case "openai.responses":
		answer = s.response("completed", text)
	case "anthropic.messages", "vertex.rawPredict.anthropic":
		answer = object{
			"id", "msg_assay_guard", "type", "message", "role", "assistant", "model", s.model,
			"content",
			[]object{{"type", "text", "text", text}},
			"stop_reason", "refusal", "stop_sequence", nil,
			"usage",
			object{"input_tokens", 0, "output_tokens", 0},
		}
	case "gemini.generateContent":
		answer = s.candidate(text)
	case "ollama.chat", "ollama.generate":
		answer = s.ollama(text, true)
	case "bedrock.converse":
		answer = object{
			"output",
			object{"message", object{"role", "assistant", "content", []object{{"text", text}}}},
			"stopReason", "guardrail_intervened",
			"usage",
			object{"inputTokens", 0, "outputTokens", 0, "totalTokens", 0},
			"metrics",
			object{"latencyMs", 0},
		}
	case "cohere.v2.chat":
		answer = object{
			"id", "assay-guard", "finish_reason", "COMPLETE", "message",
			object{"role", "assistant", "content", []object{{"type", "text", "text", text}}},
			"usage",
			object{"tokens", object{"input_tokens", 0, "output_tokens", 0}},
		}
	default:
		return nil, "", false
	}
	return quoted(answer), "application/json", true
}

// refusalStream is a stream in which the model says nothing but the refusal.
func (s *speaker) refusalStream(text string) (body []byte, contentType string, ok bool) {
	var out []byte
	switch s.family {
	case "anthropic.messages", "vertex.rawPredict.anthropic":
		out = event("message_start", object{"type", "message_start", "message", object{
			"id", "msg_assay_guard", "type", "message", "role", "assistant", "model", s.model, "content",
			[]object{},
			"stop_reason", nil, "stop_sequence", nil, "usage",
			object{"input_tokens", 0, "output_tokens", 0},
		}})
	case "openai.responses":
		out = event("response.created", object{"type", "response.created", "sequence_number", 0, "response", s.response("in_progress", "")})
	}
	end, ok := s.ending(text, &course{next: 1})
	contentType = "text/event-stream; charset=utf-8"
	if s.tongue == tongueOllama {
		contentType = "application/x-ndjson"
	}
	if s.family == "gemini.streamGenerateContent" && !strings.Contains(s.query, "alt=sse") {
		contentType = "application/json"
	}
	return append(out, end...), contentType, ok
}

// course is what is known of a stream that is under way.
type course struct {
	first []byte // the data of its first event that is JSON
	last  []byte // of its last
	block int    // Anthropic: the content block that is open, -1 for none
	text  bool   // and it takes text
	next  int    // Responses: the number of the next event
	used  int    // blocks or output items so far
	begun bool   // something was sent
}

// element is the last one of an array.
func (c *course) element(b []byte) []byte {
	open := byte('[')
	if c.begun {
		open = ','
	}
	return append(append([]byte{open}, b...), ']')
}

// follow learns from an event that goes to the client.
func (c *course) follow(data []byte) {
	if len(data) == 0 || data[0] != '{' {
		return
	}
	if c.first == nil {
		c.first = data
	}
	c.last = data
	switch kind := gjson.GetBytes(data, "type").Str; kind {
	case "content_block_start":
		c.block, c.text = int(gjson.GetBytes(data, "index").Int()), gjson.GetBytes(data, "content_block.type").Str == "text"
		c.used = c.block + 1
	case "content_block_stop":
		c.block = -1
	case "response.output_item.added":
		c.used = int(gjson.GetBytes(data, "output_index").Int()) + 1
	}
	if n := gjson.GetBytes(data, "sequence_number"); n.Exists() {
		c.next = int(n.Int()) + 1
	}
}

// ending ends a stream as if the model refused, with the refusal as its last words. ok is false where the provider's form
// of it is not known.
func (s *speaker) ending(text string, c *course) (out []byte, ok bool) {
	switch {
	case s.family == "openai.chat" || s.family == "llama.chat" || s.family == "writer.chat":
		out = event("", s.chunk(c, object{"role", "assistant", "content", text}, nil))
		out = append(out, event("", s.chunk(c, object{}, "stop"))...)
		return append(out, "data: [DONE]\n\n"...), true
	case s.family == "openai.responses":
		return s.responseEnding(text, c), true
	case s.family == "anthropic.messages" || s.family == "vertex.rawPredict.anthropic":
		return anthropicEnding(text, c), true
	case s.family == "gemini.streamGenerateContent" && strings.Contains(s.query, "alt=sse"):
		return event("", s.candidate(text)), true
	case s.family == "gemini.streamGenerateContent":
		return c.element(quoted(s.candidate(text))), true
	case s.family == "ollama.chat" || s.family == "ollama.generate":
		out = append(quoted(s.ollama(text, false)), '\n')
		return append(append(out, quoted(s.ollama("", true))...), '\n'), true
	}
	return nil, false
}

// event writes one event of an event stream.
func event(name string, data object) []byte {
	var out []byte
	if name != "" {
		out = append(append(out, "event: "...), name...)
		out = append(out, '\n')
	}
	out = append(append(out, "data: "...), quoted(data)...)
	return append(out, "\n\n"...)
}

// chunk is an event of OpenAI's chat, with the names of those before it.
func (s *speaker) chunk(c *course, delta object, finish any) object {
	id, created, model := "chatcmpl-assay-guard", time.Now().Unix(), s.model
	if v := gjson.GetBytes(c.first, "id"); v.Type == gjson.String {
		id = v.Str
	}
	if v := gjson.GetBytes(c.first, "created"); v.Type == gjson.Number {
		created = v.Int()
	}
	if v := gjson.GetBytes(c.first, "model"); v.Type == gjson.String {
		model = v.Str
	}
	return object{
		"id", id, "object", "chat.completion.chunk", "created", created, "model", model,
		"choices",
		[]object{{"index", 0, "delta", delta, "logprobs", nil, "finish_reason", finish}},
	}
}

// anthropicEnding closes the open block, says the refusal in one that takes text, and ends the message.
func anthropicEnding(text string, c *course) []byte {
	var out []byte
	index := c.block
	if index < 0 || !c.text {
		if index >= 0 && c.used > 0 {
			out = event("content_block_stop", object{"type", "content_block_stop", "index", index})
		}
		index = c.used
		out = append(out, event("content_block_start", object{
			"type", "content_block_start", "index", index, "content_block", object{"type", "text", "text", ""},
		})...)
	}
	for _, e := range []struct {
		name string
		data object
	}{
		{"content_block_delta", object{"type", "content_block_delta", "index", index, "delta", object{"type", "text_delta", "text", text}}},
		{"content_block_stop", object{"type", "content_block_stop", "index", index}},
		{"message_delta", object{"type", "message_delta", "delta", object{"stop_reason", "refusal", "stop_sequence", nil}, "usage", object{"output_tokens", 0}}},
		{"message_stop", object{"type", "message_stop"}},
	} {
		out = append(out, event(e.name, e.data)...)
	}
	return out
}

// response is OpenAI's response object with one message.
func (s *speaker) response(status, text string) object {
	output := []object{}
	if text != "" {
		output = append(output, s.message(text, status))
	}
	return object{
		"id", "resp_assay_guard", "object", "response", "created_at", time.Now().Unix(), "status", status, "error", nil,
		"incomplete_details", nil, "instructions", nil, "metadata",
		object{},
		"model", s.model, "output", output,
		"parallel_tool_calls", true, "temperature", nil, "tool_choice", "auto", "tools",
		[]object{},
		"top_p", nil,
		"usage",
		object{"input_tokens", 0, "input_tokens_details", object{"cached_tokens", 0}, "output_tokens", 0, "output_tokens_details", object{"reasoning_tokens", 0}, "total_tokens", 0},
	}
}

func (s *speaker) message(text, status string) object {
	return object{
		"id", "msg_assay_guard", "type", "message", "status", status, "role", "assistant",
		"content",
		[]object{{"type", "output_text", "text", text, "annotations", []object{}}},
	}
}

// responseEnding says the refusal in a message of its own and completes the response.
func (s *speaker) responseEnding(text string, c *course) []byte {
	var out []byte
	send := func(name string, more object) {
		out = append(out, event(name, append(object{"type", name, "sequence_number", c.next}, more...))...)
		c.next++
	}
	place := object{"item_id", "msg_assay_guard", "output_index", c.used, "content_index", 0}
	part := object{"type", "output_text", "text", text, "annotations", []object{}}
	empty := object{"id", "msg_assay_guard", "type", "message", "status", "in_progress", "role", "assistant", "content", []object{}}
	send("response.output_item.added", object{"output_index", c.used, "item", empty})
	send("response.content_part.added", append(place, "part", object{"type", "output_text", "text", "", "annotations", []object{}}))
	send("response.output_text.delta", append(place, "delta", text))
	send("response.output_text.done", append(place, "text", text))
	send("response.content_part.done", append(place, "part", part))
	send("response.output_item.done", object{"output_index", c.used, "item", s.message(text, "completed")})
	whole := quoted(s.response("completed", text))
	if begun := gjson.GetBytes(c.first, "response"); begun.IsObject() {
		whole = completed([]byte(begun.Raw), quoted([]object{s.message(text, "completed")}))
	}
	send("response.completed", object{"response", json.RawMessage(whole)})
	return out
}

// completed is a response that began, with another status and output.
func completed(begun, output []byte) []byte {
	members := map[string]json.RawMessage{}
	if json.Unmarshal(begun, &members) != nil {
		return begun
	}
	members["status"], members["output"] = json.RawMessage(`"completed"`), output
	return quoted(members)
}

// candidate is an answer of Gemini.
func (s *speaker) candidate(text string) object {
	return object{
		"candidates",
		[]object{{"content", object{"parts", []object{{"text", text}}, "role", "model"}, "finishReason", "STOP", "index", 0}},
		"usageMetadata",
		object{"promptTokenCount", 0, "candidatesTokenCount", 0, "totalTokenCount", 0},
		"modelVersion", s.model,
	}
}

// ollama is an answer of Ollama, or a piece of one.
func (s *speaker) ollama(text string, done bool) object {
	o := object{"model", s.model, "created_at", time.Now().UTC().Format(time.RFC3339Nano)}
	if s.family == "ollama.generate" {
		o = append(o, "response", text)
	} else {
		o = append(o, "message", object{"role", "assistant", "content", text})
	}
	o = append(o, "done", done)
	if done {
		o = append(o, "done_reason", "stop", "total_duration", 0, "load_duration", 0, "prompt_eval_count", 0, "eval_count", 0)
	}
	return o
}

// broken ends a stream with an error of the provider's shape. alone says that the SDK reads it only where it comes by
// itself, a moment after what came before it.
func (s *speaker) broken(text string, framing framing, c *course) (out []byte, alone bool) {
	kind := s.kind(http.StatusForbidden)
	switch framing {
	case framingAWS:
		return awsFailure(text), false
	case framingArray:
		return c.element(quoted(s.problem(http.StatusForbidden, text))), true
	case framingLines:
		return append(quoted(object{"error", text}), '\n'), false
	case framingPlain:
		return []byte("\n[" + text + "]\n"), false
	case framingSSE, framingWhole:
	}
	switch s.tongue {
	case tongueAnthropic:
		return event("error", object{"type", "error", "error", object{"type", kind, "message", text}}), false
	case tongueResponses:
		fault := object{"message", text, "type", kind, "param", nil, "code", "stopped_by_policy"}
		return event("error", object{"type", "error", "code", "stopped_by_policy", "message", text, "param", nil, "sequence_number", 0, "error", fault}), false
	case tongueGemini:
		return append(quoted(s.problem(http.StatusForbidden, text)), "\n\n"...), true
	case tongueRPC:
		return event("message", object{"jsonrpc", "2.0", "id", json.RawMessage(s.rpc), "error", object{"code", rpcDenied, "message", text}}), false
	case tongueOpenAI:
		return event("", object{"error", object{"message", text, "type", kind, "param", nil, "code", "stopped_by_policy"}}), false
	case tongueOllama, tongueBedrock, tongueCohere, tonguePlain:
	}
	return event("error", object{"error", object{"message", text, "type", kind}}), false
}
