package llm

import (
	"strconv"
	"strings"
)

// historyOf is how an application's own backend writes a conversation, read off one request: a list of messages with a
// role and a text, or of pairs of question and answer. What it does not show is not guessed.
type historyOf struct {
	noPlace
	list      string // pointer of the list of messages
	role      string // member of a message that names who says it
	text      string // member with what is said
	parts     bool   // that is a list of parts with a type and a text
	user      string // the words for both
	assistant string
	pairs     bool // the list holds pairs of texts, not messages
	beside    bool // the prompt stands beside the list, not in it
}

// The names that backends have for these things, the likeliest first.
var (
	historyNames = []string{"messages", "history", "chat_history", "chatHistory", "conversation", "conversation_history", "conversationHistory", "previous_messages", "turns", "dialog"}
	roleNames    = []string{"role", "sender", "from", "author", "speaker", "type"}
	textNames    = []string{"content", "text", "message", "parts", "body", "value"}
	systemNames  = []string{"system_prompt", "systemPrompt", "system", "instructions", "persona", "system_message", "systemMessage"}
	nameNames    = []string{"user_name", "userName", "username", "display_name", "displayName", "customer_name", "name"}
	contextNames = []string{"documents", "context", "contexts", "passages", "sources", "knowledge", "retrieved"}
	// otherSide says which word answers which.
	otherSide = map[string]string{
		"user": "assistant", "human": "ai", "USER": "ASSISTANT", "HUMAN": "AI", "User": "Assistant", "Human": "AI", "customer": "agent", "me": "bot", "client": "bot",
		"assistant": "user", "ai": "human", "ASSISTANT": "USER", "AI": "HUMAN", "Assistant": "User", "agent": "customer", "bot": "user", "model": "user", "BOT": "USER",
	}
)

// historyDialect reads how a request in no provider's format writes its conversation: at the top of the body, or in an
// object there.
func historyDialect(body value) dialect {
	for name, within := range envelopes(body) {
		for _, list := range historyNames {
			messages := within.get(list)
			if !messages.isArray() {
				continue
			}
			if h, ok := historyIn(name+"/"+list, messages); ok {
				h.beside = h.pairs || !h.endsWithUser(messages)
				return h
			}
		}
	}
	return historyOf{}
}

// maxEnvelopes bounds how many objects of a body are looked into.
const maxEnvelopes = 20

// envelopes are the body and the objects at its top, with their pointers.
func envelopes(body value) func(yield func(string, value) bool) {
	return func(yield func(string, value) bool) {
		if !yield("", body) {
			return
		}
		n := 0
		for key, v := range body.fields() {
			if n++; n > maxEnvelopes {
				return
			}
			if v.isObject() && !yield("/"+escapePointer(string(key)), v) {
				return
			}
		}
	}
}

// historyIn reads the words of a list of messages.
func historyIn(name string, messages value) (historyOf, bool) {
	h := historyOf{list: name}
	for m := range messages.items() {
		if m.isArray() && m.len() == 2 && m.item(0).isString() {
			h.pairs = true
			return h, true
		}
		h.learn(m)
	}
	if messages.len() == 0 { // an empty one: by far most write it so
		h.role, h.text, h.user, h.assistant = "role", "content", "user", "assistant"
	}
	if h.user == "" {
		h.user = otherSide[h.assistant]
	}
	if h.assistant == "" {
		h.assistant = otherSide[h.user]
	}
	return h, h.role != "" && h.text != "" && h.user != "" && h.assistant != ""
}

// learn takes one message.
func (h *historyOf) learn(m value) {
	for _, role := range roleNames {
		word := m.get(role).text()
		if otherSide[word] == "" {
			continue
		}
		for _, text := range textNames {
			t := m.get(text)
			parts := t.item(0).get("text").isString()
			if !t.isString() && !parts {
				continue
			}
			h.role, h.text, h.parts = role, text, parts
			switch strings.ToLower(word) {
			case "user", "human", "customer", "me", "client":
				h.user = word
			default:
				h.assistant = word
			}
			return
		}
	}
}

// endsWithUser reports whether the prompt is the last of the messages.
func (h historyOf) endsWithUser(messages value) bool {
	last := value{}
	for m := range messages.items() {
		last = m
	}
	return last.exists() && last.get(h.role).text() == h.user
}

// Beside reports whether the history is a list beside the prompt: then the next prompt takes the place of the one before
// it, which goes into the history.
func (e *Editor) Beside() bool {
	switch h := e.dialect.(type) {
	case historyOf:
		return h.beside && h.list != ""
	case cohereV1Dialect:
		return true
	}
	return false
}

func (h historyOf) insert(r *rewrite, before int, turns []Turn) error {
	messages := r.at(h.list)
	if h.list == "" || !messages.isArray() {
		return errNoPlace
	}
	if h.beside {
		before = -1
	}
	var items []written
	for i, t := range turns {
		if t.Role == "tool" {
			return errNoPlace
		}
		if h.pairs {
			if t.Role == "user" && i+1 < len(turns) {
				items = append(items, list(quote(t.Text, r.ascii), quote(turns[i+1].Text, r.ascii)))
			}
			continue
		}
		items = append(items, h.message(messages, t, messages.len()+len(items)))
	}
	if len(items) > 0 {
		r.insert(messages, before, items...)
	}
	return nil
}

// message is written as the latest one of the same role was; where there is none, with no more than role and text.
func (h historyOf) message(messages value, t Turn, n int) written {
	word := h.user
	if t.Role == "assistant" {
		word = h.assistant
	}
	like := value{}
	for m := range messages.items() {
		if m.get(h.role).text() == word {
			like = m
		}
	}
	if copied, err := newRewrite(like.raw()); like.exists() && err == nil {
		if text := copied.root().get(h.text); text.isString() {
			copied.replace(text, quote(t.Text, false))
			return h.renamed(copied, n)
		} else if text.item(0).get("text").isString() && text.len() == 1 {
			copied.replace(text.item(0).get("text"), quote(t.Text, false))
			return h.renamed(copied, n)
		}
	}
	var said any = t.Text
	if h.parts {
		said = list(object("type", "text", "text", t.Text))
	}
	if messages.item(0).has("id") {
		return object("id", "assay-"+strconv.Itoa(n), h.role, word, h.text, said)
	}
	return object(h.role, word, h.text, said)
}

// renamed gives a copied message an id of its own.
func (h historyOf) renamed(r *rewrite, n int) written {
	if id := r.root().get("id"); id.isString() {
		r.replace(id, quote("assay-"+strconv.Itoa(n), false))
	}
	return r.body
}

func (historyOf) system(r *rewrite, text string) error { return setFirst(r, systemNames, text) }

func (historyOf) userName(r *rewrite, _ place, name string) error {
	return setFirst(r, nameNames, name)
}

// setFirst fills the first of these members that is there and is a text or nothing. What an object at the top calls a
// name is not the user's.
func setFirst(r *rewrite, names []string, text string) error {
	for at, within := range envelopes(r.root()) {
		if at != "" && names[0] == nameNames[0] {
			break
		}
		for _, name := range names {
			if v := within.get(name); v.isString() || v.exists() && !v.isSet() {
				r.replace(v, quote(text, r.ascii))
				return nil
			}
		}
	}
	return errNoPlace
}

func (historyOf) document(r *rewrite, _ place, name, text string) error {
	for _, key := range contextNames {
		v := r.root().get(key)
		switch first := v.item(0); {
		case v.isString():
			r.replace(v, quote(text, r.ascii))
			return nil
		case first.isString():
			r.push(v, quote(text, r.ascii))
			return nil
		case first.isObject():
			copied, err := newRewrite(first.raw())
			if err != nil {
				return err
			}
			at := firstOf(copied.root(), "text", "content", "snippet", "page_content", "pageContent", "body", "chunk", "passage")
			if !at.isString() {
				return errNoPlace
			}
			copied.replace(at, quote(text, r.ascii))
			if title := firstOf(copied.root(), "title", "name", "source", "filename"); title.isString() && name != "" {
				copied.replace(title, quote(name, r.ascii))
			}
			r.push(v, copied.body)
			return nil
		}
	}
	return errNoPlace
}
