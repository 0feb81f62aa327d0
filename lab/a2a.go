package lab

import (
	"encoding/json"
	"net/http"
	"strings"
)

// a2aRoutes are those of an A2A agent, protocol 0.3, JSON-RPC binding.
func (l *Lab) a2aRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /.well-known/agent-card.json", l.agentCard)
	mux.HandleFunc("GET /.well-known/agent.json", l.agentCard)
	mux.HandleFunc("POST /a2a", l.agent)
}

func (l *Lab) agentCard(w http.ResponseWriter, r *http.Request) {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	writeJSON(w, http.StatusOK, object{
		"protocolVersion": "0.3.0", "name": "Lab agent", "description": "Answers questions by rule, for practice",
		"url": scheme + r.Host + "/a2a", "preferredTransport": "JSONRPC", "version": "1.0.0",
		"capabilities":      object{"streaming": true, "pushNotifications": false, "stateTransitionHistory": false},
		"defaultInputModes": []string{"text/plain"}, "defaultOutputModes": []string{"text/plain"},
		"skills": []object{{
			"id": "answer", "name": "Answer", "description": "Answers a question", "tags": []string{"chat"},
			"examples": []string{"What is the capital of France?"},
		}},
	})
}

// a2aParams are those of message/send and message/stream.
type a2aParams struct {
	Message struct {
		Context string `json:"contextId"`
		Parts   []struct {
			Kind string `json:"kind"`
			Text string `json:"text"`
		} `json:"parts"`
	} `json:"message"`
}

func (l *Lab) agent(w http.ResponseWriter, r *http.Request) {
	message, body, ok := readRPC(w, r)
	if !ok {
		return
	}
	switch message.Method {
	case "message/send", "message/stream":
	case "tasks/get":
		writeJSON(w, http.StatusOK, rpcFailed(message.ID, &rpcFailure{a2aTaskNotFound, "Task not found"}))
		return
	case "tasks/cancel":
		writeJSON(w, http.StatusOK, rpcFailed(message.ID, &rpcFailure{a2aNotCancelable, "Task cannot be canceled"}))
		return
	default:
		writeJSON(w, http.StatusOK, rpcFailed(message.ID, &rpcFailure{rpcNoMethod, "Method not found"}))
		return
	}
	var params a2aParams
	if err := json.Unmarshal(message.Params, &params); err != nil || len(params.Message.Parts) == 0 {
		writeJSON(w, http.StatusOK, rpcFailed(message.ID, &rpcFailure{rpcBadParams, "Invalid params: a message needs parts"}))
		return
	}
	var texts []string
	for _, p := range params.Message.Parts {
		texts = append(texts, p.Text)
	}
	a := l.think(question{model: "lab-agent", turns: []turn{{"user", strings.TrimSpace(strings.Join(texts, "\n"))}}})
	task := a2aTask{id: identity("task-", body), context: params.Message.Context}
	if task.context == "" {
		task.context = identity("context-", body)
	}
	if message.Method == "message/send" {
		writeJSON(w, http.StatusOK, rpcResult(message.ID, task.whole(a.text)))
		return
	}
	task.stream(l.newEvents(w, r), message.ID, a.text)
}

// a2aTask names a piece of work and the talk it belongs to.
type a2aTask struct {
	id, context string
}

func a2aStatus(state string) object { return object{"state": state, "timestamp": createdText} }

func (t a2aTask) artifact(text string) object {
	return object{"artifactId": t.id + "-answer", "name": "answer", "parts": []object{{"kind": "text", "text": text}}}
}

func (t a2aTask) whole(text string) object {
	return object{
		"kind": "task", "id": t.id, "contextId": t.context, "status": a2aStatus("completed"),
		"artifacts": []object{t.artifact(text)},
	}
}

// stream sends a task's life: submitted, working, the answer in pieces, completed.
func (t a2aTask) stream(s *stream, id json.RawMessage, text string) {
	send := func(result object) { s.event("", rpcResult(id, result)) }
	status := func(state string, final bool) {
		send(object{"kind": "status-update", "taskId": t.id, "contextId": t.context, "status": a2aStatus(state), "final": final})
	}
	send(object{"kind": "task", "id": t.id, "contextId": t.context, "status": a2aStatus("submitted")})
	status("working", false)
	more := false
	s.tokens(text, func(token string) {
		send(object{
			"kind": "artifact-update", "taskId": t.id, "contextId": t.context, "artifact": t.artifact(token),
			"append": more, "lastChunk": false,
		})
		more = true
	})
	status("completed", true)
}
