package llm

import (
	"bytes"
	"slices"
	"strings"
)

// customChat is what applications build for themselves: one text from a person goes in, one text comes out. Many
// ordinary APIs look a little like that, so it takes evidence on both sides, and a person should confirm it.
var customChat = &format{
	family:   "custom.chat",
	kind:     KindChatBackend,
	provider: "custom-chat",
	path: func(c *call) strength {
		if textual(c) && customScore(c) >= 4 {
			return maybe
		}
		return silent
	},
	request: func(c *call) strength {
		switch score := customScore(c); {
		case score >= 4 && textual(c):
			return likely
		case score >= 3:
			return maybe
		default:
			return silent
		}
	},
	answer: customAnswer,
	echoes: givesBack,
	read:   readCustom,
	reply:  func(*call) reply { return &customReply{} },
}

// maxQuestionForm bounds the form bodies that are searched for a question.
const maxQuestionForm = 1 << 20

// textual reports whether the answer is text or a stream, whose single pieces prove nothing, or the question stands
// outside a JSON body.
func textual(c *call) bool {
	switch c.answerType {
	case "text/plain", "text/event-stream", "application/x-ndjson", "application/ndjson":
		return true
	}
	return !c.request.isObject() && c.answerType == "application/json"
}

// questionWords name what a person typed, and how much each says for that.
var (
	questionWords = map[string]int{
		"question": 3, "prompt": 3, "user_input": 3, "userInput": 3, "user_message": 3, "userMessage": 3, "chatInput": 3, "user_query": 3,
		"userQuery": 3, "user_prompt": 3, "userPrompt": 3, "utterance": 3, "ask": 3, "input_value": 3,
		"message": 2, "query": 2, "msg": 2, "inputText": 2, "input_text": 2,
		"input": 1, "text": 1, "content": 1, "q": 1, "inputs": 1,
	}
	// talkWords are what a request carries when it belongs to a conversation or to a model.
	talkWords = map[string]bool{
		"conversation_id": true, "conversationId": true, "conversation": true, "session_id": true, "sessionId": true, "chat_id": true, "chatId": true,
		"thread_id": true, "threadId": true, "history": true, "chat_history": true, "chatHistory": true, "messages": true, "bot_id": true, "botId": true,
		"assistant_id": true, "assistantId": true, "agent_id": true, "agentId": true, "model": true, "temperature": true, "stream": true,
		"system_prompt": true, "systemPrompt": true, "persona": true, "max_tokens": true, "parent_message_id": true, "parentMessageId": true,
		"response_mode": true, "top_k": true, "chatbot_id": true, "chatbotId": true, "tenant": true, "use_rag": true, "documents": true,
	}
	// otherWords belong to forms, mail, chat between people, translation, databases.
	otherWords = map[string]bool{
		"email": true, "password": true, "subject": true, "to": true, "from": true, "recipient": true, "channel": true, "phone": true, "cc": true,
		"target": true, "target_lang": true, "targetLanguage": true, "source_lang": true, "variables": true, "operationName": true, "sql": true,
		"rating": true, "author": true, "title": true, "level": true, "severity": true, "stack": true, "timestamp": true, "event": true,
		"answer": true, "commit": true, "branch": true, "sha": true, "amount": true, "currency": true, "username": true, "attachments_url": true, "logger": true,
	}
	talkPaths = []string{"chat", "ask", "assistant", "bot", "conversation", "converse", "copilot", "llm", "genai", "gpt", "rag", "talk", "/webhooks/rest/"}
	someTalk  = []string{"query", "message", "generate", "predict", "prompt", "agent", "answer", "completion", "infer", "/ai", "qa"}
)

// customScore adds up what speaks for a request to be a person's question to a machine.
func customScore(c *call) int {
	if c.provider != "" || c.Method != "POST" && c.Method != "GET" && c.Method != "PUT" {
		return 0
	}
	if !c.request.exists() && len(c.RequestBody) > maxQuestionForm {
		return 0
	}
	score, text := 0, ""
	weigh := func(name, val string, isText bool) {
		switch {
		case otherWords[name]:
			score -= 3
		case isText && questionWords[name] > 0:
			if text == "" {
				text = val
				score += questionWords[name]
			}
		case talkWords[name]:
			score++
		}
	}
	fields := customFields(c, weigh)
	if text == "" && customHistory(c) {
		text = "?"
		score += 2
	}
	if text == "" || !question(text) {
		return 0
	}
	if strings.HasSuffix(strings.TrimSpace(text), "?") {
		score++
		if fields <= 3 {
			score++
		}
	}
	return score + pathScore(c.path)
}

// customFields shows the fields of a request, wherever they stand, and counts them.
func customFields(c *call, weigh func(name, val string, isText bool)) (n int) {
	for key, val := range c.request.fields() {
		if n++; n > 40 {
			return n
		}
		text := ""
		if val.isString() && len(val.raw()) < 64<<10 {
			text = val.text()
		}
		weigh(string(key), text, text != "")
	}
	if c.request.exists() {
		return n
	}
	for _, p := range c.form() {
		n++
		weigh(p.name, string(p.data), p.file == "" && len(p.data) < 64<<10)
	}
	for pair := range strings.SplitSeq(c.query, "&") {
		if n++; n > 40 {
			return n
		}
		name, _, _ := strings.Cut(pair, "=")
		weigh(name, c.param(name), true)
	}
	return n
}

// customHistory reports whether the request is a list of messages whose last one is a user's.
func customHistory(c *call) bool {
	messages := firstOf(c.request, "messages", "history", "conversation")
	if !messages.isArray() {
		return false
	}
	last := value{}
	for m := range messages.items() {
		last = m
	}
	role := firstOf(last, "role", "sender", "from", "type").text()
	return (role == "user" || role == "human" || role == "USER") && firstOf(last, "content", "text", "message", "parts").exists()
}

// question reports whether a text may be said by a person: not a query language, an address, a number, a path.
func question(text string) bool {
	text = strings.TrimSpace(text)
	if text == "" || strings.HasPrefix(text, "{") || strings.HasPrefix(text, "<") || strings.HasPrefix(text, "http") {
		return false
	}
	head, _, _ := strings.Cut(text, " ")
	switch strings.ToLower(head) {
	case "select", "insert", "update", "delete", "with", "mutation", "query", "subscription", "fragment", "match", "create":
		return !strings.ContainsAny(text, "{}();=*")
	}
	letters := 0
	for _, r := range text[:min(len(text), 300)] {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80 || r == ' ' || r == '?' {
			letters++
		}
	}
	return letters*10 >= min(len(text), 300)*6
}

func pathScore(path string) int {
	path = strings.ToLower(path)
	for _, word := range talkPaths {
		if strings.Contains(path, word) {
			return 2
		}
	}
	for _, word := range someTalk {
		if strings.Contains(path, word) {
			return 1
		}
	}
	return 0
}

// The names under which applications answer. A strong one is enough, a weak one takes a sentence.
var (
	strongReplies = []string{
		"reply", "answer", "response", "completion", "output", "output_text", "generated_text", "bot_message", "botMessage", "bot_response",
		"botResponse", "assistant", "assistant_message", "ai_response", "aiResponse", "bot", "textResponse", "response_text", "responseText", "answer_text", "ai_message",
	}
	weakReplies = []string{"message", "text", "content", "result", "msg", "data"}
	allReplies  = slices.Concat(strongReplies, weakReplies)
	pieceWords  = []string{"token", "delta", "content", "text", "chunk", "answer", "response", "message", "output", "reply", "data", "value", "completion"}
	wrappers    = []string{"data", "result", "response", "message", "output", "payload"}
)

// customAnswer judges an answer, or one event of it.
func customAnswer(name string, doc value) strength {
	doc = firstItem(doc) // some answer with a list of utterances
	if !doc.isObject() || doc.len() > 24 || isRPC(doc) {
		return silent
	}
	for _, key := range []string{"author", "channel", "channel_id", "errors", "stack", "trace", "access_token", "email", "likes"} {
		if doc.has(key) {
			return silent
		}
	}
	switch text, strong := customText(doc); {
	case strong && question(text):
		return likely
	case text != "" && sentence(text) && !doc.has("error") && !doc.has("success") && !doc.has("ok") && !doc.has("code") && !doc.has("statusCode"):
		return likely
	}
	if len(doc.get("token").raw()) < 200 && doc.len() <= 4 && (doc.get("token").isString() || doc.get("delta").isString()) {
		return likely
	}
	if p := piece(doc); p.isString() && doc.len() <= 8 && !doc.has("id") {
		switch name {
		case "", "message", "token", "chunk", "delta", "data", "answer", "text", "content":
			return maybe
		}
	}
	return silent
}

// givesBack reports whether the text of an answer is one that was sent: people's messages and notes are kept so.
func givesBack(c *call, doc value) bool {
	text, _ := customText(firstItem(doc))
	if text == "" {
		return false
	}
	same := false
	customFields(c, func(_, val string, isText bool) { same = same || isText && val == text })
	return same
}

// sentence reports whether a text is at least four words of prose.
func sentence(text string) bool {
	return len(text) >= 20 && strings.Count(text, " ") >= 3 && question(text)
}

// customText finds the text of a whole answer, at the top or one level down.
func customText(doc value) (text string, strong bool) {
	for _, key := range strongReplies {
		if t := doc.get(key); t.isString() && t.text() != "" {
			return t.text(), true
		}
	}
	for _, key := range wrappers {
		inner := doc.get(key)
		if !inner.isObject() {
			continue
		}
		for _, key := range allReplies {
			if t := inner.get(key); t.isString() && t.text() != "" {
				return t.text(), false
			}
		}
	}
	for _, key := range weakReplies {
		if t := doc.get(key); t.isString() && t.text() != "" {
			return t.text(), false
		}
	}
	messages := doc.get("messages")
	var last value
	for m := range messages.items() {
		last = m
	}
	if r := firstOf(last, "role", "sender").text(); r == "assistant" || r == "bot" || r == "ai" {
		return firstOf(last, "content", "text").text(), true
	}
	return "", false
}

// piece finds the text of one event of a streamed answer.
func piece(doc value) value {
	for _, key := range pieceWords {
		switch v := doc.get(key); {
		case v.isString():
			return v
		case v.isObject():
			if t := firstOf(v, "content", "text", "answer", "token", "delta"); t.isString() {
				return t
			}
		}
	}
	return value{}
}

func readCustom(c *call, conv *Conversation) {
	conv.Confidence = Low
	body := c.request
	conv.Model = body.get("model").text()
	conv.StreamAsked = body.get("stream").isTrue()
	for _, key := range []string{"system_prompt", "systemPrompt", "system", "instructions", "persona"} {
		if t := body.get(key); t.isString() {
			conv.System = append(conv.System, c.text("system", t))
		}
	}
	for _, key := range []string{"history", "chat_history", "chatHistory", "messages", "conversation"} {
		for m := range body.get(key).items() {
			conv.MessageCount++
			readCustomMessage(c, m, conv)
		}
	}
	best, question := 0, value{}
	for key, val := range body.fields() {
		if n := questionWords[string(key)]; n > best && val.isString() {
			best, question = n, val
		}
	}
	if best == 0 {
		readCustomFields(c, conv)
		return
	}
	conv.add(Message{Role: "user", Parts: []Part{{Kind: PartText, Text: c.text("user", question)}}})
}

// readCustomFields reads a question that stands in a form or in the URL.
func readCustomFields(c *call, conv *Conversation) {
	if c.request.exists() {
		return
	}
	for _, p := range c.form() {
		if questionWords[p.name] > 0 && p.file == "" {
			if c.collect != nil {
				c.collect(slot{role: "user", field: p.name})
			}
			conv.add(Message{Role: "user", Parts: []Part{{Kind: PartText, Text: string(p.data)}}})
			return
		}
	}
	for pair := range strings.SplitSeq(c.query, "&") {
		if name, _, _ := strings.Cut(pair, "="); questionWords[name] > 0 {
			conv.add(Message{Role: "user", Parts: []Part{{Kind: PartText, Text: c.param(name)}}})
			return
		}
	}
}

func readCustomMessage(c *call, m value, conv *Conversation) {
	if m.get("role").isString() && m.get("content").exists() {
		readMessage(c, m, conv)
		return
	}
	role := strings.ToLower(firstOf(m, "role", "sender", "from", "type").text())
	switch role {
	case "human":
		role = "user"
	case "bot", "ai", "agent", "model":
		role = "assistant"
	}
	if t := firstOf(m, "content", "text", "message"); t.isString() {
		conv.add(Message{Role: role, Parts: []Part{{Kind: PartText, Text: c.text(role, t)}}})
	}
}

// customReply reads the one text of an answer, or puts it together from its pieces.
type customReply struct{ draft }

func (r *customReply) whole(doc value, body []byte) {
	r.choices = 1
	for utterance := range doc.items() {
		text, _ := customText(utterance)
		r.say(text)
	}
	switch text, _ := customText(doc); {
	case text != "":
		r.say(text)
	case !doc.exists():
		r.say(plainText(body))
	}
}

func (r *customReply) event(ev Event, doc value) {
	r.choices = 1
	kind := firstNonEmpty(doc.get("type").text(), doc.get("event").text(), ev.Name)
	switch strings.ToLower(kind) {
	case "done", "end", "complete", "completed", "finish", "finished", "message_end", "final":
		r.complete = true
		if len(r.said) > 0 {
			return
		}
	case "metadata", "sources", "ping", "heartbeat", "start", "status", "thinking":
		return
	case "error":
		r.err = &ProviderError{Message: firstNonEmpty(firstOf(doc, "message", "error", "detail").text(), string(ev.Data))}
		return
	}
	switch {
	case ev.Done(), doc.get("done").isTrue():
		r.complete = true
	}
	switch {
	case ev.Done():
	case doc.isString():
		r.more(doc.text())
	case !doc.exists() && looksJSON(ev.Data): // cut off
	case !doc.isObject() && !doc.isArray():
		r.more(string(bytes.ToValidUTF8(ev.Data, []byte("\uFFFD"))))
	default:
		r.more(piece(doc).text())
	}
}

// more adds a piece; a server may also repeat all it has said so far.
func (r *customReply) more(text string) {
	if n := len(r.said); n > 16 && len(text) > n && text[:n] == string(r.said) {
		text = text[n:]
	}
	r.say(text)
}

// into keeps the confidence low: only a person knows.
func (r *customReply) into(conv *Conversation) {
	r.draft.into(conv)
	conv.Confidence = Low
}
