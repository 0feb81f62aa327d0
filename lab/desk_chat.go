package lab

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// deskRequest is what a customer may decide: the messages, and whether the answer is streamed.
type deskRequest struct {
	Model    string `json:"model"`
	Stream   bool   `json:"stream"`
	Messages []struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	} `json:"messages"`
}

// conversation is POST /v1/tickets/{id}: the next message of a customer, in the shape of OpenAI's chat.
func (l *Lab) conversation(w http.ResponseWriter, r *http.Request) {
	weak := l.options.Weak
	body, _ := io.ReadAll(r.Body) // it has been read once already
	if r.Method != http.MethodPost {
		if !weak.has(API5 | API8) {
			w.Header().Set("Allow", http.MethodPost)
			refuse(w, http.StatusMethodNotAllowed, "Method not allowed.")
			return
		}
		l.otherMethod(w, r)
		return
	}
	if kind := r.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/json") && !weak.has(API8) {
		refuse(w, http.StatusUnsupportedMediaType, "The content type must be application/json.")
		return
	}
	owner, ok := l.owner(w, r, r.PathValue("id"))
	if !ok {
		return
	}
	q, extra, trouble := l.deskQuestion(r, body)
	if trouble != nil {
		if weak.has(API8) {
			trouble.message += "\nTraceback (most recent call last):\n  File \"/srv/desk/app.py\", line 88, in chat\n    message = parse(body)"
		}
		refuse(w, trouble.status, trouble.message)
		return
	}
	if asked, found := extra["file_ids"]; weak.has(API1) && found || weak.has(API1|LLM08) && extra["vector_store_ids"] != nil {
		q.system += "\n" + ownedBy(fmt.Sprint(asked, extra["vector_store_ids"]))
		l.deskAnswer(w, r, q, extra, ownedBy(fmt.Sprint(asked, extra["vector_store_ids"])))
		return
	}
	greeting := ""
	if caller, known := customerOf(apiKey(r)); known && caller.Number != owner.Number {
		greeting = owner.told() + "\n" + owner.record()
	}
	l.deskAnswer(w, r, q, extra, greeting)
}

// ask is POST /v1/ask: the same mind behind {"message"} and {"reply"}.
func (l *Lab) ask(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // it has been read once already
	weak := l.options.Weak
	if kind := r.Header.Get("Content-Type"); r.Method != http.MethodPost || !strings.HasPrefix(kind, "application/json") && !weak.has(API8) {
		refuse(w, http.StatusUnsupportedMediaType, "Send a message as application/json.")
		return
	}
	var asked struct {
		Message      string `json:"message"`
		Conversation string `json:"conversation_id"`
	}
	var err error
	if weak.has(API3) {
		err = json.Unmarshal(body, &asked)
	} else {
		err = strictJSON(body, &asked)
	}
	if err != nil || asked.Message == "" {
		refuse(w, http.StatusBadRequest, "Send a JSON object with a message.")
		return
	}
	owner, ok := l.owner(w, r, asked.Conversation)
	if !ok {
		return
	}
	a := l.think(question{model: deskModel, system: DeskSystem, turns: []turn{{"user", asked.Message}}})
	if caller, known := customerOf(apiKey(r)); known && caller.Number != owner.Number {
		a.text = owner.told() + "\n" + a.text
	}
	writeJSON(w, http.StatusOK, object{"conversation_id": owner.Number, "reply": a.text})
}

// owner finds whose conversation a number names, and checks that it is the caller's.
func (l *Lab) owner(w http.ResponseWriter, r *http.Request, number string) (customer, bool) {
	caller, known := customerOf(apiKey(r))
	for _, c := range customers {
		if c.Number == number && (known && c.Number == caller.Number || l.options.Weak.has(API1|API2)) {
			return c, true
		}
	}
	refuse(w, http.StatusNotFound, "There is no such conversation.")
	return customer{}, false
}

// deskQuestion reads a body: strictly, or by weakness whatever is in it.
func (l *Lab) deskQuestion(r *http.Request, body []byte) (question, map[string]any, *problem) {
	if l.options.Weak.has(API3) {
		return l.looseQuestion(r, body)
	}
	var asked deskRequest
	if err := strictJSON(body, &asked); err != nil {
		return question{}, nil, &problem{http.StatusBadRequest, "The body is not what this path takes."}
	}
	switch {
	case asked.Model != "" && asked.Model != deskModel:
		return question{}, nil, &problem{http.StatusBadRequest, "The model cannot be chosen."}
	case len(asked.Messages) == 0:
		return question{}, nil, &problem{http.StatusBadRequest, "There is no message."}
	}
	q := question{model: deskModel, system: DeskSystem}
	for _, m := range asked.Messages {
		if m.Role != "user" && m.Role != "assistant" {
			return question{}, nil, &problem{http.StatusBadRequest, "The role of a message must be user."}
		}
		q.turns = append(q.turns, turn{m.Role, m.Content})
	}
	return q, map[string]any{"stream": asked.Stream}, nil
}

// knownFields are those that a loose desk understands itself; the texts of all others become part of the prompt.
var knownFields = wordSet("model messages stream temperature top_p n max_tokens")

// looseQuestion takes everything that a body holds: system messages, tools, models, forms of the answer, metadata.
func (l *Lab) looseQuestion(r *http.Request, body []byte) (question, map[string]any, *problem) {
	var asked chatRequest
	extra := map[string]any{}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	err := decoder.Decode(&extra)
	if err != nil && l.options.Weak.has(API8) && len(body) == 0 {
		err = nil
	}
	if err == nil {
		err = json.Unmarshal(body, &asked)
	}
	if err != nil {
		return question{}, nil, &problem{http.StatusBadRequest, "The body cannot be read: " + err.Error()}
	}
	q := asked.question()
	q.fields = append(q.fields, q.system)
	q.system = DeskSystem
	if q.model == "" {
		q.model = deskModel
	}
	for name, value := range extra {
		if !knownFields[name] {
			q.fields = append(q.fields, textsIn(value, 0)...)
		}
	}
	slices.Sort(q.fields)
	q.fields = append(q.fields, r.Header.Get("Accept-Language"), r.UserAgent())
	return q, extra, nil
}

// textsIn are the texts within a value of JSON.
func textsIn(v any, depth int) []string {
	if depth > deepestSchema*2 {
		return nil
	}
	var texts []string
	switch v := v.(type) {
	case string:
		texts = append(texts, v)
	case []any:
		for _, item := range v {
			texts = append(texts, textsIn(item, depth+1)...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			texts = append(texts, textsIn(v[name], depth+1)...)
		}
	}
	return texts
}

// ownedBy is what belongs to the customer that a text names: a file or a collection has its owner's number.
func ownedBy(text string) string {
	if c, found := customerNamed(text); found {
		return "File " + c.Number + ": " + c.record()
	}
	return ""
}

// deskAnswer says what the mind makes of a question, in the shape of OpenAI's chat.
func (l *Lab) deskAnswer(w http.ResponseWriter, r *http.Request, q question, extra map[string]any, greeting string) {
	weak := l.options.Weak
	for _, name := range []string{"lora", "adapter", "adapter_id"} {
		if asked, ok := extra[name].(string); ok {
			refuse(w, http.StatusNotFound, "adapter "+clip(asked, 60)+" not found; available: base, support-v2")
			return
		}
	}
	a := l.think(q)
	a.text = joinTexts(greeting, a.text)
	if weak.has(LLM10) && (extra["logit_bias"] != nil || fmt.Sprint(extra["temperature"]) == "2") {
		a.text += strings.Repeat(" parcel winter lamp forward under bright", 200)
		a.output = countTokens(a.text)
	}
	body := []byte(q.model + a.text)
	chat := chatReply{id: identity("chatcmpl-", body), model: q.model, calls: chatCalls(a, body)}
	if stream, _ := extra["stream"].(bool); stream {
		chat.stream(l.newEvents(w, r), a, false)
		return
	}
	if weak.has(API8) && strings.Contains(r.Header.Get("Accept"), "text/html") {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, "<p>%s</p>", a.text) // the weakness: nothing is escaped
		return
	}
	reply := chat.whole(a)
	if weak.has(API3) {
		l.looseFields(reply, a, extra)
	}
	if host := claimedHost(r); host != "" && weak.has(API8) {
		reply["help"] = "https://" + host + "/help"
	}
	writeJSON(w, http.StatusOK, reply)
}

// looseFields adds to an answer what its request asked for: more answers, probabilities, the caller's own words for who
// it is, and what helps to find faults.
func (l *Lab) looseFields(reply object, a answer, extra map[string]any) {
	choices, _ := reply["choices"].([]object)
	if extra["logprobs"] != nil && len(choices) > 0 {
		choices[0]["logprobs"] = object{"content": []object{{"token": "Hello", "logprob": -0.03}}}
	}
	if n, ok := extra["n"].(json.Number); ok {
		many, _ := n.Int64()
		for i := 1; i < int(min(many, 16)); i++ {
			choices = append(choices, object{"index": i, "message": object{"role": "assistant", "content": a.text}, "finish_reason": "stop"})
		}
		reply["choices"] = choices
	}
	for _, name := range []string{"role", "user_id", "tenant_id", "plan", "account"} {
		if extra[name] != nil {
			reply[name] = extra[name]
		}
	}
	if debug, _ := extra["debug"].(bool); debug {
		reply["prompt"] = DeskSystem
	}
}

// otherMethod answers methods that no client of the desk uses.
func (l *Lab) otherMethod(w http.ResponseWriter, r *http.Request) {
	owner, ok := l.owner(w, r, r.PathValue("id"))
	if !ok {
		return
	}
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, "<!doctype html><title>Help desk</title><h1>Conversation %s</h1><p>%s</p>", owner.Number, html.EscapeString(owner.Asked))
		return
	}
	writeJSON(w, http.StatusOK, object{"conversation": owner.Number, "messages": []string{owner.Asked}})
}
