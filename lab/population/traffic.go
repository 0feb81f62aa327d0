package population

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"assay/traffic"
)

// exchange is one line of what `assay import jsonl` reads (docs/formats.md).
type exchange struct {
	Started  string            `json:"started"`
	Method   string            `json:"method"`
	URL      string            `json:"url"`
	Header   map[string]string `json:"request_headers"`
	Body     string            `json:"request_body,omitempty"`
	Status   int               `json:"status"`
	Answered map[string]string `json:"response_headers"`
	Answer   string            `json:"response_body"`
	Duration int64             `json:"duration_ms"`
}

// message is one of a chat.
type message struct {
	Role    string     `json:"role"`
	Content string     `json:"content"`
	Calls   []toolCall `json:"tool_calls,omitempty"`
}

type toolCall struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Function struct {
		Name      string `json:"name"`
		Arguments string `json:"arguments"`
	} `json:"function"`
}

// Bounds of what is resent: how long a chat gets before the client begins another one, and how many are remembered.
const (
	mostMessages = 40
	mostChats    = 20_000
)

// Write writes the same population as exchanges, one JSON object a line, with prose that real detectors read, and returns
// its attacks. What the sights say is seen, is said here; detectors may see it or not. First and Last of a truth count
// lines from 0. A request names its user, or comes from its address; Truth.Actor says which.
func Write(w io.Writer, o Options) ([]Truth, error) {
	out := bufio.NewWriterSize(w, 1<<20)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	p := New(o)
	t := &talks{said: map[traffic.ID][]message{}}
	for e := range p.events() {
		if err := lines.Encode(t.exchange(&e)); err != nil {
			return nil, fmt.Errorf("write the population: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return nil, fmt.Errorf("write the population: %w", err)
	}
	return p.Truth(), nil
}

// talks remembers conversations that go on.
type talks struct {
	said  map[traffic.ID][]message
	order []traffic.ID
}

func (t *talks) exchange(e *event) *exchange {
	x := &exchange{
		Started: e.at.Format(time.RFC3339Nano), Method: "POST", URL: "https://" + e.host() + e.path, Status: e.status,
		Header:   map[string]string{"Content-Type": "application/json"},
		Answered: map[string]string{"Content-Type": "application/json"}, Duration: e.took().Milliseconds(),
	}
	kind, name, _ := strings.Cut(string(e.who.key), ":")
	user := ""
	if kind == "address" {
		x.Header["X-Forwarded-For"] = name
	} else {
		user = name
		x.Header["User-Agent"] = e.client + "/1.0"
	}
	if e.plain {
		e.call(x, user)
		return x
	}
	x.URL = fmt.Sprintf("https://%s/team-%d/v1/chat/completions", e.host(), e.place)
	said := append(t.before(e.talk), message{Role: "user", Content: e.text()})
	body := map[string]any{"model": models[e.model].name, "messages": append([]message{{Role: "system", Content: instructions}}, said...)}
	if user != "" {
		body["user"] = user
	}
	if len(e.tools) > 0 {
		body["tools"] = offered(e.tools)
	}
	x.Body = plain(body)
	if e.status != 200 {
		x.Answer = plain(map[string]any{"error": map[string]any{"message": "The request could not be served.", "type": "error", "code": e.status}})
		return x
	}
	reply := message{Role: "assistant", Content: e.answer(), Calls: e.calls()}
	finish := "stop"
	if len(reply.Calls) > 0 {
		reply.Content, finish = "", "tool_calls"
	}
	x.Answer = plain(map[string]any{
		"id": fmt.Sprintf("chatcmpl-%d", e.id), "object": "chat.completion", "created": e.at.Unix(), "model": models[e.model].name,
		"choices": []any{map[string]any{"index": 0, "message": reply, "finish_reason": finish}},
		"usage":   map[string]any{"prompt_tokens": e.input, "completion_tokens": e.output, "total_tokens": e.input + e.output},
	})
	reply.Calls = nil // what the tool said is not told again
	if reply.Content == "" {
		reply.Content = "Done."
	}
	t.after(e.talk, append(said, reply))
	return x
}

// call is a request to an ordinary API.
func (e *event) call(x *exchange, user string) {
	body := map[string]any{}
	if user != "" {
		body["user"] = user
	} else if e.place != loginPlace {
		x.Method = "GET"
	}
	if e.place == loginPlace {
		body["name"], body["secret"] = fmt.Sprintf("customer%d", mix(uint64(e.id))%90_000), fmt.Sprintf("winter%d", mix(uint64(e.id)*7)%9000)
	}
	if x.Method != "GET" {
		x.Body = plain(body)
	}
	if e.status == 200 {
		x.Answer = plain(map[string]any{"path": e.path, "state": "open", "of": word(uint64(e.id))})
	} else {
		x.Answer = plain(map[string]any{"error": "no"})
	}
}

// before returns what was said in a conversation, as the client sends it again.
func (t *talks) before(id traffic.ID) []message {
	said := t.said[id]
	if len(said) >= mostMessages {
		return nil
	}
	return append([]message(nil), said...)
}

func (t *talks) after(id traffic.ID, said []message) {
	if id == 0 {
		return
	}
	if t.said[id] == nil {
		t.order = append(t.order, id)
		if len(t.order) > mostChats {
			delete(t.said, t.order[0])
			t.order = t.order[1:]
		}
	}
	t.said[id] = said
}

// offered describes tools as a client offers them.
func offered(names []string) []any {
	var all []any
	for _, name := range names {
		all = append(all, map[string]any{"type": "function", "function": map[string]any{
			"name": name, "description": "Does what its name says.",
			"parameters": map[string]any{"type": "object", "properties": map[string]any{"input": map[string]any{"type": "string"}}},
		}})
	}
	return all
}

// calls are the tool calls of an answer.
func (e *event) calls() []toolCall {
	var all []toolCall
	for i, name := range e.tools {
		one := toolCall{ID: fmt.Sprintf("call_%d_%d", e.id, i), Type: "function"}
		one.Function.Name = name
		input := "orders of " + word(uint64(e.id))
		if e.harm {
			input = "rm -rf / --no-preserve-root"
		}
		one.Function.Arguments = plain(map[string]any{"input": input})
		all = append(all, one)
	}
	return all
}

// plain writes JSON of what can always be written.
func plain(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}
