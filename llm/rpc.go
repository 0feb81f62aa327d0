package llm

// What MCP and A2A share: JSON-RPC 2.0 (https://www.jsonrpc.org/specification).

// rpcMessage is the message of a request; of a batch the first that calls a method and wants an answer.
func rpcMessage(body value) value {
	if !body.isArray() {
		return body
	}
	for m := range body.items() {
		if m.get("method").isString() && m.has("id") {
			return m
		}
	}
	return body.item(0)
}

// isRPC reports whether a document is a JSON-RPC message.
func isRPC(doc value) bool { return doc.get("jsonrpc").is("2.0") }

// rpcID is an id as text: numbers and strings are different ids only to machines.
func rpcID(m value) string { return m.get("id").scalar() }

// readRPC begins the facts of a call.
func readRPC(c *call, conv *Conversation) value {
	m := rpcMessage(c.request)
	conv.RPC = &RPC{Method: m.get("method").text(), ID: rpcID(m)}
	return m
}

// readArguments tells where the texts of a JSON value stand, whatever its shape.
func readArguments(c *call, v value, depth int) {
	switch v.kind() {
	case kindString:
		c.text("user", v)
	case kindArray:
		for e := range v.items() {
			if depth > 0 {
				readArguments(c, e, depth-1)
			}
		}
	case kindObject:
		for _, e := range v.fields() {
			if depth > 0 {
				readArguments(c, e, depth-1)
			}
		}
	default:
	}
}
