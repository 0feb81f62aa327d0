package llm

import "strings"

// The Model Context Protocol over HTTP (https://modelcontextprotocol.io/specification): streamable HTTP, where the
// answer of a POST is JSON or an event stream, and the older transport, where answers come on one GET.
var mcpFormat = &format{
	family:   "mcp",
	kind:     KindMCP,
	provider: "mcp-server",
	path:     mcpPath,
	request:  mcpRequest,
	answer:   mcpAnswer,
	read:     readMCP,
	reply: func(c *call) reply {
		return &mcpReply{id: rpcID(rpcMessage(c.request)), method: rpcMessage(c.request).get("method").text()}
	},
}

// mcpPath knows the headers of the protocol on any path, and the usual paths.
func mcpPath(c *call) strength {
	if c.RequestHeader.Has("Mcp-Session-Id") || c.RequestHeader.Has("Mcp-Protocol-Version") || c.ResponseHeader.Has("Mcp-Session-Id") {
		return particular
	}
	path := strings.TrimSuffix(c.path, "/")
	switch {
	case strings.HasSuffix(path, "/mcp"):
		return maybe
	case c.Method == "GET" && strings.HasSuffix(path, "/sse"):
		return maybe
	case c.Method == "POST" && strings.HasSuffix(path, "/messages") && (c.param("sessionId") != "" || c.param("session_id") != ""):
		return maybe
	default:
		return silent
	}
}

func mcpRequest(c *call) strength {
	m := rpcMessage(c.request)
	if !isRPC(m) {
		return silent
	}
	params := m.get("params")
	switch method := m.get("method").word(); method {
	case "initialize":
		if params.get("protocolVersion").isString() {
			return certain
		}
		return maybe
	case "tools/list", "tools/call", "resources/list", "resources/read", "resources/templates/list", "resources/subscribe",
		"resources/unsubscribe", "prompts/list", "prompts/get", "completion/complete", "logging/setLevel", "sampling/createMessage",
		"elicitation/create", "roots/list", "tasks/result":
		return certain
	case "tasks/get", "tasks/list", "tasks/cancel":
		if params.get("taskId").isString() {
			return certain
		}
		return silent
	case "ping":
		if mcpPath(c) > silent {
			return likely
		}
		return maybe
	case "":
		return maybe // an answer to the server, or nothing of ours
	default:
		if strings.HasPrefix(method, "notifications/") {
			return certain
		}
		return silent
	}
}

func mcpAnswer(name string, doc value) strength {
	m := rpcMessage(doc)
	if name == "endpoint" && !doc.exists() { // where the older transport wants its messages
		return likely
	}
	if !isRPC(m) {
		return silent
	}
	if method := m.get("method").text(); strings.HasPrefix(method, "notifications/") || method == "sampling/createMessage" ||
		method == "elicitation/create" || method == "roots/list" {
		return certain
	}
	result := m.get("result")
	switch {
	case result.get("protocolVersion").isString() && result.get("serverInfo").isObject():
		return certain
	case result.get("tools").item(0).has("inputSchema"), result.get("resourceTemplates").isArray():
		return certain
	case result.get("content").item(0).get("type").isString(), result.get("contents").item(0).has("uri"),
		result.get("resources").isArray(), result.get("prompts").isArray(), result.get("tools").isArray():
		return likely
	case result.exists(), m.get("error").isObject():
		return maybe
	default:
		return silent
	}
}

func readMCP(c *call, conv *Conversation) {
	m := readRPC(c, conv)
	rpc := conv.RPC
	rpc.Session = firstNonEmpty(c.RequestHeader.Get("Mcp-Session-Id"), c.ResponseHeader.Get("Mcp-Session-Id"),
		c.param("sessionId"), c.param("session_id"))
	rpc.ProtocolVersion = c.RequestHeader.Get("Mcp-Protocol-Version")
	params := m.get("params")
	switch rpc.Method {
	case "initialize":
		rpc.ProtocolVersion = params.get("protocolVersion").text()
	case "tools/call":
		rpc.Tool, rpc.Arguments = params.get("name").text(), params.get("arguments").json()
		readArguments(c, params.get("arguments"), 16)
	case "prompts/get", "completion/complete":
		readArguments(c, firstOf(params, "arguments", "argument"), 16)
	case "resources/read":
		c.text("user", params.get("uri"))
	case "": // an answer to what the server asked: a sampled message, what a person typed
		readArguments(c, m.get("result"), 16)
	}
}

func firstNonEmpty(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

// mcpReply reads the result of a call, and what else the server says on its stream.
type mcpReply struct {
	draft
	id, method string
	found      RPC
	said       []string // texts of the result
}

func (r *mcpReply) whole(doc value, _ []byte) {
	if doc.isArray() {
		for m := range doc.items() {
			r.message(m)
		}
		return
	}
	r.message(doc)
}

func (r *mcpReply) event(_ Event, doc value) { r.message(doc) }

func (r *mcpReply) message(m value) {
	if !isRPC(m) {
		return
	}
	if method := m.get("method"); method.isString() {
		r.add(Part{Kind: PartOther, Type: method.text(), Text: m.get("params").json()})
		return
	}
	if r.method != "" && rpcID(m) != r.id {
		return
	}
	r.complete = true
	if e := m.get("error"); e.isObject() {
		r.err = &ProviderError{Code: e.get("code").scalar(), Message: e.get("message").text()}
	}
	r.result(m.get("result"))
}

func (r *mcpReply) result(v value) {
	for key, val := range v.fields() {
		switch string(key) {
		case "protocolVersion":
			r.found.ProtocolVersion = val.text()
		case "serverInfo":
			r.found.ServerName, r.found.ServerVersion = val.get("name").text(), val.get("version").text()
		case "instructions":
			r.add(Part{Kind: PartText, Text: val.text(), Type: "instructions"})
		case "tools":
			for t := range val.items() {
				r.found.ToolsListed = append(r.found.ToolsListed, functionTool(t))
			}
		case "isError":
			r.found.IsError = val.isTrue()
		case "content":
			if val.isObject() { // a sampled message
				r.content(val)
			}
			for p := range val.items() {
				r.content(p)
			}
		case "contents":
			for p := range val.items() {
				r.content(p)
			}
		case "messages":
			for p := range val.items() {
				r.content(p.get("content"))
			}
		case "structuredContent":
			r.add(Part{Kind: PartOther, Type: "structuredContent", Text: val.json()})
		}
	}
}

// content reads a block of a result: text, media, a link, an embedded resource.
func (r *mcpReply) content(p value) {
	switch p.get("type").word() {
	case "image":
		r.add(mediaPart(PartImage, p, "image"))
	case "audio":
		r.add(mediaPart(PartAudio, p, "audio"))
	case "resource":
		r.content(p.get("resource"))
	case "resource_link":
		r.add(Part{Kind: PartFile, URL: p.get("uri").text(), MIME: p.get("mimeType").text(), Type: "resource_link"})
	default:
		if t := p.get("text"); t.isString() {
			r.said = append(r.said, t.text())
			r.add(Part{Kind: PartToolResult, Text: t.text(), URL: p.get("uri").text(), MIME: p.get("mimeType").text()})
		}
	}
}

func (r *mcpReply) into(conv *Conversation) {
	r.draft.into(conv)
	rpc := r.found
	if conv.RPC != nil {
		rpc = *conv.RPC
		rpc.IsError, rpc.ServerName, rpc.ServerVersion = r.found.IsError, r.found.ServerName, r.found.ServerVersion
		rpc.ToolsListed = r.found.ToolsListed
		if r.found.ProtocolVersion != "" {
			rpc.ProtocolVersion = r.found.ProtocolVersion
		}
	}
	rpc.ResultText = strings.Join(r.said, "")
	conv.RPC = &rpc
}
