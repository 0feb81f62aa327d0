package lab

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// cohereRoutes are those of api.cohere.com, version 2.
func (l *Lab) cohereRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /v2/chat", l.cohereChat)
	mux.HandleFunc("POST /v2/embed", l.cohereEmbed)
}

// cohereRequest is a chat request: the messages and tools of the OpenAI shape with settings of its own.
type cohereRequest struct {
	chatRequest
	StopSequences []string         `json:"stop_sequences"`
	Documents     []cohereDocument `json:"documents"`
	Thinking      struct {
		Type string `json:"type"`
	} `json:"thinking"`
}

// cohereDocument is a retrieved document: a text, or fields.
type cohereDocument struct{ texts []string }

// UnmarshalJSON takes every text of a document.
func (d *cohereDocument) UnmarshalJSON(data []byte) error {
	var whole any
	if err := json.Unmarshal(data, &whole); err != nil {
		return err
	}
	d.texts = textsIn(whole, 0)
	return nil
}

func (c cohereRequest) question() question {
	q := c.chatRequest.question()
	for _, d := range c.Documents {
		q.fields = append(q.fields, d.texts...)
	}
	q.stop = c.StopSequences
	q.reason = isReasoner(c.Model) || c.Thinking.Type == "enabled"
	switch q.choice {
	case "REQUIRED":
		q.choice = "required"
	case "NONE":
		q.choice = "none"
	}
	return q
}

// cohereProblem writes an error as Cohere does.
func cohereProblem(w http.ResponseWriter, body []byte, p *problem) {
	writeJSON(w, p.status, object{"id": identity("", body), "message": p.message})
}

func (l *Lab) cohereChat(w http.ResponseWriter, r *http.Request) {
	var request cohereRequest
	body, trouble := decode(r, &request)
	if trouble == nil {
		trouble = admit(r, request.Model)
	}
	if trouble == nil && len(request.Messages) == 0 {
		trouble = &problem{http.StatusBadRequest, "messages must be at least 1 element long"}
	}
	if trouble != nil {
		cohereProblem(w, body, trouble)
		return
	}
	a := l.think(request.question())
	reply := cohereReply{id: identity("", body), calls: cohereCalls(a, body)}
	if request.Stream {
		reply.stream(l.newEvents(w, r), a)
		return
	}
	writeJSON(w, http.StatusOK, reply.whole(a))
}

// cohereReply is what all events of one answer share.
type cohereReply struct {
	id    string
	calls []object
}

// coherePlan is what the model says it will do before it calls tools.
func coherePlan(a answer) string { return "I will call " + a.calls[0].name + " to answer." }

func cohereCalls(a answer, body []byte) []object {
	calls := []object{}
	for i, c := range a.calls {
		calls = append(calls, object{
			"id": identity(c.name+"_", body, strconv.Itoa(i)), "type": "function",
			"function": object{"name": c.name, "arguments": c.arguments},
		})
	}
	return calls
}

func (c cohereReply) whole(a answer) object {
	message, parts := object{"role": "assistant"}, []object{}
	if a.reasoning != "" {
		parts = append(parts, object{"type": "thinking", "thinking": a.reasoning})
	}
	if len(c.calls) > 0 {
		message["tool_plan"], message["tool_calls"] = coherePlan(a), c.calls
	} else {
		parts = append(parts, object{"type": "text", "text": a.text})
	}
	if len(parts) > 0 {
		message["content"] = parts
	}
	return object{"id": c.id, "message": message, "finish_reason": cohereFinish(a.end), "usage": cohereUsage(a)}
}

func cohereUsage(a answer) object {
	counts := object{"input_tokens": a.input, "output_tokens": a.output + a.thought}
	return object{"billed_units": counts, "tokens": counts}
}

func cohereFinish(e ending) string {
	switch e {
	case endLength:
		return "MAX_TOKENS"
	case endTools:
		return "TOOL_CALL"
	case endFilter:
		return "ERROR_TOXIC"
	case endStop:
	}
	return "COMPLETE"
}

func (c cohereReply) stream(s *stream, a answer) {
	send := func(name string, fields object) {
		fields["type"] = name
		s.event(name, fields)
	}
	message := func(fields object) object { return object{"message": fields} }
	send("message-start", object{"id": c.id, "delta": message(object{
		"role": "assistant", "content": []object{}, "tool_plan": "", "tool_calls": []object{}, "citations": []object{},
	})})
	index := 0
	block := func(kind, text string) {
		send("content-start", object{"index": index, "delta": message(object{"content": object{"type": kind, kind: ""}})})
		s.tokens(text, func(token string) {
			send("content-delta", object{"index": index, "delta": message(object{"content": object{kind: token}})})
		})
		send("content-end", object{"index": index})
		index++
	}
	if a.reasoning != "" {
		block("thinking", a.reasoning)
	}
	if len(c.calls) == 0 {
		block("text", a.text)
	} else {
		s.tokens(coherePlan(a), func(token string) {
			send("tool-plan-delta", object{"delta": message(object{"tool_plan": token})})
		})
	}
	for i, sent := range c.calls {
		head := object{"id": sent["id"], "type": "function", "function": object{"name": a.calls[i].name, "arguments": ""}}
		send("tool-call-start", object{"index": i, "delta": message(object{"tool_calls": head})})
		s.tokens(a.calls[i].arguments, func(token string) {
			piece := object{"function": object{"arguments": token}}
			send("tool-call-delta", object{"index": i, "delta": message(object{"tool_calls": piece})})
		})
		send("tool-call-end", object{"index": i})
	}
	send("message-end", object{"id": c.id, "delta": object{"finish_reason": cohereFinish(a.end), "usage": cohereUsage(a)}})
	s.raw([]byte("data: [DONE]\n\n"))
}

func (l *Lab) cohereEmbed(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Model string          `json:"model"`
		Texts json.RawMessage `json:"texts"`
	}
	body, trouble := decode(r, &request)
	if trouble == nil {
		trouble = admit(r, request.Model)
	}
	var texts []string
	if trouble == nil {
		texts, trouble = inputs(request.Texts)
	}
	if trouble != nil {
		cohereProblem(w, body, trouble)
		return
	}
	vectors, n := [][]float32{}, 0
	for _, text := range texts {
		vectors = append(vectors, embedText(text, 0))
		n += countTokens(text)
	}
	writeJSON(w, http.StatusOK, object{
		"id": identity("", body), "texts": texts, "embeddings": object{"float": vectors}, "response_type": "embeddings_by_type",
		"meta": object{"api_version": object{"version": "2"}, "billed_units": object{"input_tokens": n}},
	})
}
