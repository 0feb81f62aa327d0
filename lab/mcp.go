package lab

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// mcpRoutes are those of an MCP server with the streamable HTTP transport.
func (l *Lab) mcpRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /mcp", l.mcpPost)
	mux.HandleFunc("GET /mcp", l.mcpListen)
	mux.HandleFunc("DELETE /mcp", l.mcpClose)
}

// mcpVersions are the protocol versions the lab speaks, newest first.
var mcpVersions = []string{"2025-11-25", "2025-06-18", "2025-03-26"}

// mcpSession carries the session of a client in both directions.
const mcpSession = "Mcp-Session-Id"

func (l *Lab) mcpPost(w http.ResponseWriter, r *http.Request) {
	if apiKey(r) == "bad" {
		writeJSON(w, http.StatusUnauthorized, rpcFailed(nil, &rpcFailure{rpcBadParams, "The token is not valid."}))
		return
	}
	message, _, ok := readRPC(w, r)
	if !ok {
		return
	}
	if message.Method != "initialize" && !l.mcpKnown(w, r) {
		return
	}
	if len(message.ID) == 0 { // notifications, and answers to requests the lab never makes
		w.WriteHeader(http.StatusAccepted)
		return
	}
	result, failure := l.mcpAnswer(message)
	if message.Method == "initialize" && failure == nil {
		w.Header().Set(mcpSession, l.sessions.open())
	}
	reply := rpcResult(message.ID, result)
	if failure != nil {
		reply = rpcFailed(message.ID, failure)
	}
	if !strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
		writeJSON(w, http.StatusOK, reply)
		return
	}
	s := l.newEvents(w, r)
	l.mcpProgress(s, message)
	s.event("message", reply)
}

// mcpKnown checks the session of a request: 404 tells a client to begin again.
func (l *Lab) mcpKnown(w http.ResponseWriter, r *http.Request) bool {
	id := r.Header.Get(mcpSession)
	switch {
	case id == "":
		writeJSON(w, http.StatusBadRequest, rpcFailed(nil, &rpcFailure{rpcBadParams, "The header Mcp-Session-Id is missing."}))
	case !l.sessions.has(id):
		writeJSON(w, http.StatusNotFound, rpcFailed(nil, &rpcFailure{rpcBadParams, "The session is not known."}))
	default:
		return true
	}
	return false
}

// mcpProgress reports how far a tool has come, to clients that asked for it.
func (l *Lab) mcpProgress(s *stream, message rpcMessage) {
	var params struct {
		Meta struct {
			Token json.RawMessage `json:"progressToken"`
		} `json:"_meta"`
	}
	if message.Method != "tools/call" || json.Unmarshal(message.Params, &params) != nil || len(params.Meta.Token) == 0 {
		return
	}
	for step := range 3 {
		s.event("message", object{"jsonrpc": "2.0", "method": "notifications/progress", "params": object{
			"progressToken": params.Meta.Token, "progress": step + 1, "total": 3,
		}})
		s.rest()
	}
}

// mcpListen is the stream on which a server may speak first; the lab only keeps it open.
func (l *Lab) mcpListen(w http.ResponseWriter, r *http.Request) {
	if !l.mcpKnown(w, r) {
		return
	}
	s := l.newEvents(w, r)
	s.raw([]byte(": open\n\n"))
	<-r.Context().Done()
}

func (l *Lab) mcpClose(w http.ResponseWriter, r *http.Request) {
	if l.mcpKnown(w, r) {
		l.sessions.close(r.Header.Get(mcpSession))
		w.WriteHeader(http.StatusOK)
	}
}

func (l *Lab) mcpAnswer(message rpcMessage) (any, *rpcFailure) {
	switch message.Method {
	case "initialize":
		return mcpInitialize(message.Params), nil
	case "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe":
		return object{}, nil
	case "tools/list":
		return object{"tools": mcpToolCards()}, nil
	case "tools/call":
		return mcpCall(message.Params)
	case "resources/list":
		return object{"resources": mcpResourceCards()}, nil
	case "resources/templates/list":
		return object{"resourceTemplates": []object{}}, nil
	case "resources/read":
		return mcpRead(message.Params)
	case "prompts/list":
		return object{"prompts": []object{mcpPromptCard}}, nil
	case "prompts/get":
		return mcpPrompt(message.Params)
	case "completion/complete":
		return object{"completion": object{"values": []string{"Paris", "Berlin"}, "hasMore": false}}, nil
	}
	return nil, &rpcFailure{rpcNoMethod, "Method not found: " + clip(message.Method, 60)}
}

func mcpInitialize(params json.RawMessage) object {
	var asked struct {
		Version string `json:"protocolVersion"`
	}
	_ = json.Unmarshal(params, &asked) // a client that names no version gets the newest
	version := mcpVersions[0]
	if slices.Contains(mcpVersions, asked.Version) {
		version = asked.Version
	}
	return object{
		"protocolVersion": version,
		"serverInfo":      object{"name": "assay-lab", "title": "Assay lab", "version": "1.0.0"},
		"capabilities":    object{"tools": object{}, "resources": object{}, "prompts": object{}, "logging": object{}, "completions": object{}},
		"instructions":    "A practice server: the weather, orders of the Lab Store and a calculator.",
	}
}
