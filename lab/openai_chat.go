package lab

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// chatRequest is a request of the chat completions API and of those that copied it.
type chatRequest struct {
	Model    string `json:"model"`
	Messages []struct {
		Role    string  `json:"role"`
		Name    string  `json:"name"`
		Content content `json:"content"`
	} `json:"messages"`
	Tools      []openAITool    `json:"tools"`
	ToolChoice json.RawMessage `json:"tool_choice"`
	Stream     bool            `json:"stream"`
	Options    struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
	MaxTokens           int             `json:"max_tokens"`
	MaxCompletionTokens int             `json:"max_completion_tokens"`
	ReasoningEffort     string          `json:"reasoning_effort"`
	Stop                json.RawMessage `json:"stop"`
	Format              struct {
		Type string `json:"type"`
	} `json:"response_format"`
}

func (c chatRequest) question() question {
	q := question{
		model:  c.Model,
		tools:  openAITools(c.Tools),
		choice: openAIChoice(c.ToolChoice),
		reason: isReasoner(c.Model) || c.ReasoningEffort != "" && c.ReasoningEffort != "none",
		limit:  max(c.MaxTokens, c.MaxCompletionTokens),
		stop:   stops(c.Stop),
		json:   c.Format.Type == "json_object" || c.Format.Type == "json_schema",
	}
	for _, m := range c.Messages {
		if systemRole(m.Role) {
			q.system = joinTexts(q.system, m.Content.text)
			continue
		}
		if m.Name != "" {
			q.fields = append(q.fields, m.Name)
		}
		q.turns = append(q.turns, turn{plainRole(m.Role), m.Content.text})
	}
	return q
}

func (l *Lab) chatCompletions(w http.ResponseWriter, r *http.Request) {
	var request chatRequest
	body, trouble := decode(r, &request)
	if trouble == nil {
		trouble = admit(r, request.Model)
	}
	if trouble == nil && len(request.Messages) == 0 {
		trouble = &problem{http.StatusBadRequest, "Missing required parameter: 'messages'."}
	}
	if trouble != nil {
		openAIProblem(w, trouble)
		return
	}
	openAIHead(w, body)
	a := l.think(request.question())
	chat := chatReply{id: identity("chatcmpl-", body), model: request.Model, calls: chatCalls(a, body)}
	if request.Stream {
		chat.stream(l.newEvents(w, r), a, request.Options.IncludeUsage)
		return
	}
	writeJSON(w, http.StatusOK, chat.whole(a))
}

// chatReply is what all chunks of one chat answer share.
type chatReply struct {
	id    string
	model string
	calls []object
}

// chatCalls writes the calls of an answer in the chat shape.
func chatCalls(a answer, body []byte) []object {
	var calls []object
	for i, c := range a.calls {
		calls = append(calls, object{
			"id":       identity("call_", body, strconv.Itoa(i)),
			"type":     "function",
			"function": object{"name": c.name, "arguments": c.arguments},
		})
	}
	return calls
}

func (c chatReply) whole(a answer) object {
	message := object{"role": "assistant", "content": a.text, "refusal": nil}
	if len(c.calls) > 0 {
		message["content"], message["tool_calls"] = nil, c.calls
	}
	if a.reasoning != "" {
		message["reasoning_content"] = a.reasoning
	}
	return object{
		"id": c.id, "object": "chat.completion", "created": created, "model": c.model,
		"choices": []object{{"index": 0, "message": message, "logprobs": nil, "finish_reason": openAIFinish(a.end)}},
		"usage":   openAIUsage(a), "system_fingerprint": "fp_lab",
	}
}

func (c chatReply) chunk(delta object, finish any) object {
	return object{
		"id": c.id, "object": "chat.completion.chunk", "created": created, "model": c.model,
		"system_fingerprint": "fp_lab",
		"choices":            []object{{"index": 0, "delta": delta, "logprobs": nil, "finish_reason": finish}},
	}
}

func (c chatReply) stream(s *stream, a answer, usage bool) {
	s.event("", c.chunk(object{"role": "assistant", "content": "", "refusal": nil}, nil))
	s.tokens(a.reasoning, func(token string) { s.event("", c.chunk(object{"reasoning_content": token}, nil)) })
	s.tokens(a.text, func(token string) { s.event("", c.chunk(object{"content": token}, nil)) })
	for i, sent := range c.calls {
		head := object{"index": i, "id": sent["id"], "type": "function", "function": object{"name": a.calls[i].name, "arguments": ""}}
		s.event("", c.chunk(object{"tool_calls": []object{head}}, nil))
		s.tokens(a.calls[i].arguments, func(token string) {
			piece := object{"index": i, "function": object{"arguments": token}}
			s.event("", c.chunk(object{"tool_calls": []object{piece}}, nil))
		})
	}
	s.event("", c.chunk(object{}, openAIFinish(a.end)))
	if usage {
		last := c.chunk(nil, nil)
		last["choices"], last["usage"] = []object{}, openAIUsage(a)
		s.event("", last)
	}
	s.raw([]byte("data: [DONE]\n\n"))
}
