package lab

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// anthropicRoutes are those of api.anthropic.com.
func (l *Lab) anthropicRoutes(mux *http.ServeMux) {
	l.anthropicMessagesRoutes(mux)
	mux.HandleFunc("GET /v1/models", l.anthropicModels)
}

// anthropicMessagesRoutes are those no other provider has, too.
func (l *Lab) anthropicMessagesRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /v1/messages", l.messages)
	mux.HandleFunc("POST /v1/messages/count_tokens", l.countMessages)
}

// messagesRequest is a request of the Messages API.
type messagesRequest struct {
	Model     string  `json:"model"`
	MaxTokens int     `json:"max_tokens"`
	System    content `json:"system"`
	Messages  []struct {
		Role    string  `json:"role"`
		Content content `json:"content"`
	} `json:"messages"`
	Tools []struct {
		Name        string         `json:"name"`
		Description string         `json:"description"`
		Schema      map[string]any `json:"input_schema"`
	} `json:"tools"`
	ToolChoice struct {
		Type string `json:"type"`
		Name string `json:"name"`
	} `json:"tool_choice"`
	Thinking struct {
		Type string `json:"type"`
	} `json:"thinking"`
	Stop   []string `json:"stop_sequences"`
	Stream bool     `json:"stream"`
}

func (c messagesRequest) question() question {
	q := question{
		model:  c.Model,
		system: c.System.text,
		choice: c.ToolChoice.Type,
		reason: isReasoner(c.Model) || c.Thinking.Type == "enabled" || c.Thinking.Type == "adaptive",
		limit:  c.MaxTokens,
		stop:   c.Stop,
	}
	switch c.ToolChoice.Type {
	case "any":
		q.choice = "required"
	case "tool":
		q.choice = c.ToolChoice.Name
	}
	for _, t := range c.Tools {
		if t.Schema != nil { // tools without a schema are run by the provider
			q.tools = append(q.tools, tool{t.Name, t.Description, t.Schema})
		}
	}
	for _, m := range c.Messages {
		q.turns = append(q.turns, messageTurn(m.Role, m.Content))
	}
	return q
}

// messageTurn reads a message; one that brings tool results is a turn of the tool.
func messageTurn(role string, sent content) turn {
	var results []string
	for _, p := range sent.parts {
		var result content
		if p.Type == "tool_result" && json.Unmarshal(p.Content, &result) == nil {
			results = append(results, result.text)
		}
	}
	if len(results) > 0 {
		return turn{"tool", joinTexts(results...)}
	}
	return turn{plainRole(role), sent.text}
}

func (l *Lab) messages(w http.ResponseWriter, r *http.Request) {
	request, body, trouble := readMessages(r)
	if trouble == nil && request.MaxTokens <= 0 {
		trouble = &problem{http.StatusBadRequest, "max_tokens: Field required"}
	}
	if trouble != nil {
		anthropicProblem(w, body, trouble)
		return
	}
	w.Header().Set("Request-Id", identity("req_", body))
	a := l.think(request.question())
	reply := messageReply{id: identity("msg_", body), model: request.Model, blocks: messageBlocks(a, body)}
	if request.Stream {
		reply.stream(l.newEvents(w, r), a)
		return
	}
	writeJSON(w, http.StatusOK, reply.whole(a))
}

func readMessages(r *http.Request) (messagesRequest, []byte, *problem) {
	var request messagesRequest
	body, trouble := decode(r, &request)
	if trouble == nil {
		trouble = admit(r, request.Model)
	}
	if trouble == nil && len(request.Messages) == 0 {
		trouble = &problem{http.StatusBadRequest, "messages: at least one message is required"}
	}
	return request, body, trouble
}

func (l *Lab) countMessages(w http.ResponseWriter, r *http.Request) {
	request, body, trouble := readMessages(r)
	if trouble != nil {
		anthropicProblem(w, body, trouble)
		return
	}
	writeJSON(w, http.StatusOK, object{"input_tokens": request.question().tokens()})
}

// anthropicProblem writes an error as Anthropic does.
func anthropicProblem(w http.ResponseWriter, body []byte, p *problem) {
	kind := "invalid_request_error"
	switch p.status {
	case http.StatusUnauthorized:
		kind = "authentication_error"
	case http.StatusNotFound:
		kind = "not_found_error"
	case http.StatusTooManyRequests:
		kind = "rate_limit_error"
		w.Header().Set("Retry-After", "1")
	}
	writeJSON(w, p.status, object{
		"type": "error", "error": object{"type": kind, "message": p.message}, "request_id": identity("req_", body),
	})
}

// messageReply is what all events of one message share.
type messageReply struct {
	id     string
	model  string
	blocks []object
}

// messageBlocks writes an answer as content blocks.
func messageBlocks(a answer, body []byte) []object {
	blocks := []object{}
	if a.reasoning != "" {
		blocks = append(blocks, object{"type": "thinking", "thinking": a.reasoning, "signature": identity("sig", body)})
	}
	if len(a.calls) == 0 {
		blocks = append(blocks, object{"type": "text", "text": a.text})
	}
	for i, c := range a.calls {
		blocks = append(blocks, object{
			"type": "tool_use", "id": identity("toolu_", body, strconv.Itoa(i)), "name": c.name, "input": json.RawMessage(c.arguments),
		})
	}
	return blocks
}

func (c messageReply) whole(a answer) object {
	return object{
		"id": c.id, "type": "message", "role": "assistant", "model": c.model, "content": c.blocks,
		"stop_reason": anthropicStop(a.end), "stop_sequence": nil, "usage": anthropicUsage(a.input, a.output+a.thought),
	}
}

func anthropicUsage(input, output int) object {
	return object{
		"input_tokens": input, "output_tokens": output,
		"cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
	}
}

// anthropicStop is an ending in Anthropic's words.
func anthropicStop(e ending) string {
	switch e {
	case endLength:
		return "max_tokens"
	case endTools:
		return "tool_use"
	case endFilter:
		return "refusal"
	case endStop:
	}
	return "end_turn"
}

func (l *Lab) anthropicModels(w http.ResponseWriter, r *http.Request) {
	if p := admit(r, "lab-small"); p != nil {
		anthropicProblem(w, nil, p)
		return
	}
	list := []object{}
	for _, name := range []string{"claude-opus-4-6", "claude-sonnet-4-6", "claude-haiku-4-5", "lab-small"} {
		list = append(list, object{"type": "model", "id": name, "display_name": name, "created_at": createdText})
	}
	writeJSON(w, http.StatusOK, object{"data": list, "has_more": false, "first_id": "claude-opus-4-6", "last_id": "lab-small"})
}
