package lab

import (
	"encoding/json"
	"net/http"
)

// rpcMessage is a JSON-RPC 2.0 request or notification.
type rpcMessage struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
}

// rpcError codes of JSON-RPC, MCP and A2A.
const (
	rpcParse         = -32700
	rpcNoMethod      = -32601
	rpcBadParams     = -32602
	mcpNoResource    = -32002
	a2aTaskNotFound  = -32001
	a2aNotCancelable = -32002
)

// rpcFailure is an error to answer with.
type rpcFailure struct {
	code    int
	message string
}

func rpcResult(id json.RawMessage, result any) object {
	return object{"jsonrpc": "2.0", "id": id, "result": result}
}

func rpcFailed(id json.RawMessage, failure *rpcFailure) object {
	if len(id) == 0 {
		id = json.RawMessage("null")
	}
	return object{"jsonrpc": "2.0", "id": id, "error": object{"code": failure.code, "message": failure.message}}
}

// readRPC reads one JSON-RPC message; false means the error has been written.
func readRPC(w http.ResponseWriter, r *http.Request) (rpcMessage, []byte, bool) {
	var message rpcMessage
	body, trouble := decode(r, &message)
	if trouble != nil || message.Version != "2.0" {
		writeJSON(w, http.StatusBadRequest, rpcFailed(message.ID, &rpcFailure{rpcParse, "Send one JSON-RPC 2.0 message."}))
		return message, nil, false
	}
	return message, body, true
}
