package lab

import (
	"net/http"
)

// mistralRoutes are those of api.mistral.ai. The chat shape is OpenAI's with differences a reader must know: usage in
// the last chunk without being asked, calls in one piece without an index, and errors of its own.
func (l *Lab) mistralRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /v1/chat/completions", l.mistralChat)
	mux.HandleFunc("POST /v1/embeddings", l.embeddings)
	mux.HandleFunc("GET /v1/models", l.openAIModels)
}

// mistralProblem writes an error as Mistral does.
func mistralProblem(w http.ResponseWriter, p *problem) {
	kind, code := "invalid_request_error", "1000"
	if p.status == http.StatusNotFound {
		p.status, kind, code = http.StatusBadRequest, "invalid_model", "1500"
	}
	writeJSON(w, p.status, object{"object": "error", "message": p.message, "type": kind, "param": nil, "code": code})
}

func (l *Lab) mistralChat(w http.ResponseWriter, r *http.Request) {
	var request chatRequest
	body, trouble := decode(r, &request)
	if trouble == nil {
		trouble = admit(r, request.Model)
	}
	if trouble != nil {
		mistralProblem(w, trouble)
		return
	}
	q := request.question()
	q.reason = isReasoner(request.Model)
	a := l.think(q)
	chat := chatReply{id: identity("", body), model: request.Model, calls: chatCalls(a, body)}
	if !request.Stream {
		writeJSON(w, http.StatusOK, chat.mistralWhole(a))
		return
	}
	chat.mistralStream(l.newEvents(w, r), a)
}

// mistralText is content as Mistral writes it: a list of thinking and text where there is reasoning, else a string.
func mistralText(reasoning, text string) any {
	if reasoning == "" {
		return text
	}
	parts := []object{{"type": "thinking", "thinking": []object{{"type": "text", "text": reasoning}}}}
	if text != "" {
		parts = append(parts, object{"type": "text", "text": text})
	}
	return parts
}

func (c chatReply) mistralWhole(a answer) object {
	message := object{"role": "assistant", "content": mistralText(a.reasoning, a.text), "tool_calls": nil}
	if len(c.calls) > 0 {
		message["tool_calls"] = c.calls
	}
	return object{
		"id": c.id, "object": "chat.completion", "created": created, "model": c.model, "usage": mistralUsage(a),
		"choices": []object{{"index": 0, "message": message, "finish_reason": openAIFinish(a.end)}},
	}
}

func mistralUsage(a answer) object {
	output := a.output + a.thought
	return object{"prompt_tokens": a.input, "completion_tokens": output, "total_tokens": a.input + output}
}

func (c chatReply) mistralStream(s *stream, a answer) {
	chunk := func(delta object, finish any) object {
		return object{
			"id": c.id, "object": "chat.completion.chunk", "created": created, "model": c.model,
			"choices": []object{{"index": 0, "delta": delta, "finish_reason": finish}},
		}
	}
	s.event("", chunk(object{"role": "assistant", "content": ""}, nil))
	s.tokens(a.reasoning, func(token string) { s.event("", chunk(object{"content": mistralText(token, "")}, nil)) })
	s.tokens(a.text, func(token string) { s.event("", chunk(object{"content": token}, nil)) })
	last := object{"content": ""}
	if len(c.calls) > 0 {
		last["tool_calls"] = c.calls
	}
	end := chunk(last, openAIFinish(a.end))
	end["usage"] = mistralUsage(a)
	s.event("", end)
	s.raw([]byte("data: [DONE]\n\n"))
}
