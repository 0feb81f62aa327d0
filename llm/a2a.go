package llm

import (
	"slices"
	"strings"
)

// Agent2Agent, versions 0.2 to 1 (https://a2a-protocol.org/latest/specification/): JSON-RPC at any path, or REST.
var a2aFormats = []*format{
	{
		family:   "a2a.jsonrpc",
		kind:     KindAgent,
		provider: "a2a-server",
		request:  a2aRequest,
		answer: func(_ string, doc value) strength {
			if isRPC(doc) {
				return a2aResult(doc.get("result"))
			}
			return silent
		},
		read: func(c *call, conv *Conversation) {
			m := readRPC(c, conv)
			readA2A(c, m.get("params"), conv)
		},
		reply: func(*call) reply { return &a2aReply{} },
	},
	{
		family:   "a2a.rest",
		kind:     KindAgent,
		provider: "a2a-server",
		path:     a2aPath,
		request: func(c *call) strength {
			m := c.request.get("message")
			if m.isObject() && m.has("messageId") && (m.get("parts").isArray() || m.get("content").isArray()) {
				return certain
			}
			return silent
		},
		answer: func(_ string, doc value) strength {
			if code, ok := doc.get("code").int(); ok && code <= -32001 && code >= -32099 {
				return likely
			}
			if doc.has("jsonrpc") {
				return silent
			}
			return a2aResult(doc)
		},
		read: func(c *call, conv *Conversation) {
			conv.RPC = &RPC{Method: a2aVerb(c.path)}
			readA2A(c, c.request, conv)
		},
		reply: func(*call) reply { return &a2aReply{} },
	},
	{
		family:   "a2a.card",
		kind:     KindAgent,
		provider: "a2a-server",
		path: func(c *call) strength {
			switch {
			case strings.HasSuffix(c.path, "/.well-known/agent-card.json"):
				return certain
			case strings.HasSuffix(c.path, "/.well-known/agent.json"):
				return likely
			default:
				return silent
			}
		},
		answer: func(_ string, doc value) strength {
			if doc.get("skills").isArray() && doc.get("capabilities").isObject() && (doc.has("protocolVersion") || doc.has("defaultInputModes")) {
				return certain
			}
			return silent
		},
		read:  func(_ *call, conv *Conversation) { conv.RPC = &RPC{} },
		reply: func(*call) reply { return &a2aCardReply{} },
	},
}

var a2aMethods = map[string]strength{
	"message/send": certain, "message/stream": certain, "tasks/get": maybe, "tasks/cancel": maybe, "tasks/list": maybe,
	"tasks/resubscribe": certain, "tasks/send": certain, "tasks/sendSubscribe": certain,
	"tasks/pushNotificationConfig/set": certain, "tasks/pushNotificationConfig/get": certain,
	"tasks/pushNotificationConfig/list": certain, "tasks/pushNotificationConfig/delete": certain,
	"tasks/pushNotification/set": certain, "tasks/pushNotification/get": certain,
	"agent/getAuthenticatedExtendedCard": certain, "agent/authenticatedExtendedCard": certain,
	"SendMessage": certain, "SendStreamingMessage": certain, "GetTask": certain, "CancelTask": certain, "ListTasks": certain,
	"SubscribeToTask": certain, "TaskSubscription": certain, "GetExtendedAgentCard": certain,
	"CreateTaskPushNotificationConfig": certain, "GetTaskPushNotificationConfig": certain,
	"ListTaskPushNotificationConfigs": certain, "DeleteTaskPushNotificationConfig": certain,
}

func a2aRequest(c *call) strength {
	m := rpcMessage(c.request)
	if !isRPC(m) {
		return silent
	}
	s := a2aMethods[m.get("method").word()]
	if s == maybe { // MCP has methods of these names; it calls the id taskId
		switch params := m.get("params"); {
		case params.get("taskId").exists():
			return silent
		case params.get("id").isString() || c.RequestHeader.Has("A2A-Version"):
			return certain
		}
	}
	return s
}

// a2aResult judges what a call gave, in the words of either version.
func a2aResult(v value) strength {
	switch v.get("kind").word() {
	case "task", "message", "status-update", "artifact-update":
		return certain
	}
	for _, key := range []string{"task", "statusUpdate", "artifactUpdate", "message"} {
		inner := v.get(key)
		if inner.get("contextId").isString() || inner.get("taskId").isString() || inner.get("messageId").isString() {
			return certain
		}
	}
	if v.at("status", "state").isString() && v.get("id").isString() && (v.has("contextId") || strings.HasPrefix(v.at("status", "state").text(), "TASK_STATE_")) {
		return certain
	}
	return silent
}

func a2aPath(c *call) strength {
	if c.RequestHeader.Has("A2A-Version") && !isRPC(c.request) {
		return certain
	}
	switch a2aVerb(c.path) {
	case "message:send", "message:stream":
		return certain
	case "tasks:cancel", "tasks:subscribe":
		return likely
	case "tasks":
		return maybe
	default:
		return silent
	}
}

// a2aVerb names what a REST path asks for: message:send, tasks, tasks:cancel, …
func a2aVerb(path string) string {
	segments := strings.Split(strings.TrimSuffix(path, "/"), "/")
	last := segments[len(segments)-1]
	if strings.HasPrefix(last, "message:") {
		return last
	}
	if len(segments) > 1 && segments[len(segments)-2] == "tasks" {
		_, verb, found := strings.Cut(last, ":")
		if found {
			return "tasks:" + verb
		}
		return "tasks"
	}
	if last == "tasks" {
		return "tasks"
	}
	return ""
}

func readA2A(c *call, params value, conv *Conversation) {
	m := params.get("message")
	if !m.isObject() {
		return
	}
	msg := Message{Role: a2aRole(m.get("role").text())}
	for p := range firstOf(m, "parts", "content").items() {
		msg.Parts = append(msg.Parts, a2aPart(c, msg.Role, p))
	}
	conv.MessageCount = 1
	conv.add(msg)
	method := conv.RPC.Method
	conv.StreamAsked = strings.HasSuffix(method, "stream") || method == "SendStreamingMessage" || method == "tasks/sendSubscribe"
}

func a2aRole(word string) Role {
	switch word {
	case "ROLE_USER", "user":
		return "user"
	case "ROLE_AGENT", "agent":
		return "assistant"
	default:
		return word
	}
}

func a2aPart(c *call, role Role, p value) Part {
	if t := p.get("text"); t.isString() {
		return Part{Kind: PartText, Text: c.text(role, t)}
	}
	if d := p.get("data"); d.exists() {
		return Part{Kind: PartOther, Type: "data", Text: d.json()}
	}
	part := mediaPart(PartFile, p, "")
	part.MIME = firstNonEmpty(part.MIME, p.get("mediaType").text())
	return part
}

// a2aReply reads results, whole and as they stream in: a message, or a task with its state and artifacts.
type a2aReply struct {
	draft
	artifacts []a2aText
	status    string // text of the last status
	message   string // text of a message
	past      string // text of the agent's last message in the history
	state     string
}

type a2aText struct {
	id   string
	text []byte
}

func (r *a2aReply) whole(doc value, _ []byte) { r.result(doc) }

func (r *a2aReply) event(_ Event, doc value) { r.result(doc) }

func (r *a2aReply) result(doc value) {
	v := doc
	if isRPC(doc) {
		v = doc.get("result")
		if e := doc.get("error"); e.isObject() {
			r.err = &ProviderError{Code: e.get("code").scalar(), Message: e.get("message").text()}
			r.complete = true
		}
	}
	switch v.get("kind").word() {
	case "message":
		r.speak(v)
	case "task":
		r.task(v)
	case "status-update":
		r.update(v)
	case "artifact-update":
		r.artifact(v.get("artifact"), v.get("append").isTrue())
	default:
		r.resultV1(v)
	}
	r.complete = r.complete || v.get("final").isTrue()
}

func (r *a2aReply) resultV1(v value) {
	switch {
	case v.get("task").isObject():
		r.task(v.get("task"))
	case v.get("message").isObject():
		r.speak(firstOf(v, "message"))
	case v.get("statusUpdate").isObject():
		r.update(v.get("statusUpdate"))
	case v.get("artifactUpdate").isObject():
		u := v.get("artifactUpdate")
		r.artifact(u.get("artifact"), u.get("append").isTrue())
	case v.get("status").isObject():
		r.task(v)
	}
}

// speak keeps a message, the whole answer where there is no task.
func (r *a2aReply) speak(m value) {
	r.message = a2aTextOf(m)
	r.complete = true
}

func (r *a2aReply) task(v value) {
	for m := range v.get("history").items() {
		if a2aRole(m.get("role").text()) == "assistant" {
			r.past = a2aTextOf(m)
		}
	}
	for a := range v.get("artifacts").items() {
		r.artifact(a, false)
	}
	r.update(v)
}

func (r *a2aReply) update(v value) {
	status := v.get("status")
	r.state = status.get("state").text()
	if m := firstOf(status, "message", "update"); m.isObject() {
		r.status = a2aTextOf(m)
	}
	switch strings.TrimPrefix(strings.ToLower(strings.ReplaceAll(r.state, "-", "_")), "task_state_") {
	case "completed", "failed", "canceled", "cancelled", "rejected", "input_required", "auth_required":
		r.complete = true
	}
}

func (r *a2aReply) artifact(a value, more bool) {
	id, text := a.get("artifactId").text(), a2aTextOf(a)
	i := slices.IndexFunc(r.artifacts, func(t a2aText) bool { return t.id == id })
	switch {
	case i < 0 && len(r.artifacts) < 1000:
		r.artifacts = append(r.artifacts, a2aText{id, []byte(text)})
	case i >= 0 && more:
		r.artifacts[i].text = append(r.artifacts[i].text, text...)
	case i >= 0:
		r.artifacts[i].text = []byte(text)
	}
}

func a2aTextOf(v value) string {
	var b strings.Builder
	for p := range firstOf(v, "parts", "content").items() {
		b.WriteString(p.get("text").text())
	}
	return b.String()
}

func (r *a2aReply) into(conv *Conversation) {
	said := draft{complete: r.complete, err: r.err}
	for _, a := range r.artifacts {
		said.say(string(a.text))
	}
	if r.status != string(said.said) {
		said.say(r.status)
	}
	if r.message != "" || len(said.said) == 0 {
		said.say(firstNonEmpty(r.message, r.past))
	}
	if len(said.said) > 0 {
		said.choices = 1
	}
	said.into(conv)
	if conv.RPC != nil {
		rpc := *conv.RPC
		rpc.TaskState, rpc.ResultText = r.state, conv.Answer
		conv.RPC = &rpc
	}
}

// a2aCardReply reads what an agent says of itself.
type a2aCardReply struct {
	draft
	card RPC
}

func (r *a2aCardReply) whole(doc value, _ []byte) {
	r.card.ServerName, r.card.ServerVersion = doc.get("name").text(), doc.get("version").text()
	r.card.ProtocolVersion = doc.get("protocolVersion").text()
	for s := range doc.get("skills").items() {
		r.card.ToolsListed = append(r.card.ToolsListed, Tool{Name: firstOf(s, "name", "id").text(), Description: s.get("description").text()})
	}
}

func (r *a2aCardReply) event(Event, value) {}

func (r *a2aCardReply) into(conv *Conversation) {
	r.draft.into(conv)
	card := r.card
	conv.RPC = &card
}
