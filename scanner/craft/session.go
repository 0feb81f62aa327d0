package craft

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/target"
)

// idNames are what backends call the conversation that a request belongs to.
var idNames = []string{
	"conversation_id", "conversationId", "conversationID", "session_id", "sessionId", "sessionID", "thread_id", "threadId", "threadID", "chat_id", "chatId", "chatID",
	"conversation", "session", "thread", "chat", "parent_message_id", "parentMessageId", "conversation_token",
}

// keepsHistory reports whether a backend of its own making seems to keep the conversation: the request names one, or
// carries a cookie.
func (s *Subject) keepsHistory() bool {
	switch llm.Kind(s.Kind) {
	case llm.KindChatBackend, llm.KindAgent, llm.KindRAG, llm.KindSaaS, llm.KindPlain:
	default:
		return false
	}
	return len(idsIn(s.base)) > 0 || s.base.RequestHeader.Has("Cookie") || s.Kind == string(llm.KindChatBackend)
}

// idsIn are the members of a request that name its conversation.
func idsIn(in llm.Input) []string {
	var found []string
	for _, name := range idNames {
		if llm.ValueText(in.RequestBody, "/"+name) != "" {
			found = append(found, name)
		}
	}
	return found
}

// usualSession is how formats that keep the conversation at the server open one and carry it on; nil for the others.
func usualSession(m *scanner.Model, said *llm.Conversation) *scanner.ModelSession {
	switch {
	case said.Kind == llm.KindMCP:
		return mcpSession(m, said)
	case strings.HasPrefix(said.Family, "a2a."):
		at := "json:/params/message/"
		if said.Family == "a2a.rest" {
			at = "json:/message/"
		}
		return &scanner.ModelSession{Fresh: []string{at + "contextId", at + "taskId"}, Carry: []scanner.SessionField{{From: "name:contextId", To: at + "contextId"}}}
	case said.Family == "bedrock.agent":
		_, rest, found := strings.Cut(m.URL, "/sessions/")
		if id, _, _ := strings.Cut(rest, "/"); found && id != "" {
			return &scanner.ModelSession{Token: target.RandomToken, Into: []string{"path:" + id}}
		}
	case said.Family == "gemini.interactions":
		const before = "json:/previous_interaction_id"
		return &scanner.ModelSession{Fresh: []string{before}, Carry: []scanner.SessionField{{From: "/id", To: before}}}
	}
	return nil
}

// carried is what answers handed on to the next request.
type carried struct {
	cookies []*http.Cookie
	fields  map[string]string // place to text
}

// take keeps what an answer hands on: cookies, what the recipe names, and ids of the conversation.
func (c *carried) take(a *target.Answer, s *Subject) {
	if a == nil {
		return
	}
	now := target.Cookies(a)
	for _, cookie := range now {
		c.cookies = slices.DeleteFunc(c.cookies, func(old *http.Cookie) bool { return old.Name == cookie.Name })
	}
	c.cookies = append(c.cookies, now...)
	put := func(place, text string) {
		if c.fields == nil {
			c.fields = map[string]string{}
		}
		c.fields[place] = text
	}
	if s.session != nil {
		for _, f := range s.session.Carry {
			if text, ok := target.ValueAt(a, f.From); ok && text != "" {
				put(f.To, text)
			}
		}
	}
	if s.memory != remembers || s.session != nil && len(s.session.Carry) > 0 {
		return
	}
	for name, text := range a.Named(append(slices.Clone(idNames), "message_id", "messageId")...) {
		switch name {
		case "message_id":
			name = "parent_message_id"
		case "messageId":
			name = "parentMessageId"
		}
		known := llm.ValueText(s.base.RequestBody, "/"+name) != ""
		if known || strings.HasSuffix(strings.ToLower(name), "id") && !strings.HasPrefix(name, "parent") {
			put("json:/"+name, text)
		}
	}
}

// into puts what was handed on into the next request. A place that is not there any more is left out.
func (c *carried) into(in llm.Input) llm.Input {
	in.RequestHeader = target.WithCookies(in.RequestHeader, c.cookies)
	for _, place := range slices.Sorted(maps.Keys(c.fields)) {
		if out, err := target.PutPlace(in, place, c.fields[place]); err == nil {
			in = out
		}
	}
	return in
}

// open begins the session of a trial: places whose value is another conversation's are emptied.
func (sc *Script) open() error {
	recipe := sc.subject.session
	for _, place := range recipe.Fresh {
		in, err := target.RemovePlace(sc.base, place)
		if err != nil {
			return err
		}
		sc.base = in
	}
	if len(recipe.Open) > 0 || recipe.Token == target.RandomToken {
		sc.session = target.NewSession(recipe)
	}
	return nil
}
