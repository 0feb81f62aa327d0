package craft_test

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"assay/scanner"
	"assay/scanner/craft"
	"assay/scanner/target"
	"assay/scanner/template"
	"assay/traffic"
)

// backend is a chat box that keeps conversations, by an id in the body, or by a cookie.
type backend struct {
	mu    sync.Mutex
	talks map[string][]string
}

func (b *backend) say(id, text string) (string, []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.talks == nil {
		b.talks = map[string][]string{}
	}
	if b.talks[id] == nil {
		id = "c-" + rand.Text()
	}
	b.talks[id] = append(b.talks[id], text)
	return id, b.talks[id]
}

func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Message      string `json:"message"`
		Conversation string `json:"conversation_id"`
	}
	body, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(body, &q)
	answer := func(said []string, more map[string]any) {
		more["reply"] = "So far you told me: " + strings.Join(said, " | ")
		_ = json.NewEncoder(w).Encode(more)
	}
	w.Header().Set("Content-Type", "application/json")
	switch r.URL.Path {
	case "/api/chat/body":
		id, said := b.say(q.Conversation, q.Message)
		answer(said, map[string]any{"conversation_id": id})
	case "/api/chat/stream":
		id, said := b.say(q.Conversation, q.Message)
		w.Header().Set("Content-Type", "text/event-stream")
		for _, piece := range strings.SplitAfter("So far you told me: "+strings.Join(said, " | "), " ") {
			data, _ := json.Marshal(map[string]string{"conversation_id": id, "answer": piece, "event": "message"})
			_, _ = w.Write([]byte("data: " + string(data) + "\n\n"))
		}
		_, _ = w.Write([]byte("data: {\"event\":\"message_end\"}\n\n"))
	case "/api/chat/cookie":
		id := ""
		if c, err := r.Cookie("chat"); err == nil {
			id = c.Value
		}
		id, said := b.say(id, q.Message)
		http.SetCookie(w, &http.Cookie{Name: "chat", Value: id, Path: "/"})
		answer(said, map[string]any{})
	case "/api/sessions":
		id, _ := b.say("", "(opened)")
		_ = json.NewEncoder(w).Encode(map[string]any{"data": map[string]string{"token": id}})
	case "/api/chat/minted":
		token, bearer := strings.CutPrefix(r.Header.Get("X-Chat"), "Session ")
		b.mu.Lock()
		known := b.talks[token] != nil
		b.mu.Unlock()
		if !bearer || !known {
			http.Error(w, `{"error":"no session"}`, http.StatusForbidden)
			return
		}
		_, said := b.say(token, q.Message)
		answer(said, map[string]any{})
	default:
		http.NotFound(w, r)
	}
}

func serveBackend(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(&backend{})
	t.Cleanup(server.Close)
	return server.URL
}

// hold sends every turn of a script and gives the last answer.
func hold(t *testing.T, made *target.Target, s *craft.Subject, turns ...string) *target.Answer {
	t.Helper()
	r := &template.Rendered{}
	for _, text := range turns {
		r.Turns = append(r.Turns, say(text))
	}
	script, err := craft.Begin(s, r)
	if err != nil {
		t.Fatal(err)
	}
	var a *target.Answer
	for turn := range script.Turns() {
		call, err := script.Call(turn)
		if err != nil {
			t.Fatal(err)
		}
		if a, err = made.Do(t.Context(), call); err != nil {
			t.Fatalf("turn %d: %v (%s)", turn, err, call.Input.RequestBody)
		}
		if err := script.Answered(turn, a); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// TestSessions holds conversations with backends that keep them: a second turn belongs to the first, and no trial hears
// what another one said.
func TestSessions(t *testing.T) {
	t.Parallel()
	at := serveBackend(t)
	header := traffic.Header{{Name: "Content-Type", Value: "application/json"}}
	tests := []struct {
		name    string
		model   scanner.Model
		session *scanner.ModelSession
	}{
		{name: "id in the body", model: scanner.Model{URL: at + "/api/chat/body", Body: []byte(`{"message":"Hello there","conversation_id":null}`)}},
		{name: "id that the recording has not", model: scanner.Model{URL: at + "/api/chat/body", Body: []byte(`{"message":"Hello there"}`)}},
		{name: "id in a stream", model: scanner.Model{URL: at + "/api/chat/stream", Body: []byte(`{"message":"Hello there","conversation_id":""}`)}},
		{name: "cookie", model: scanner.Model{URL: at + "/api/chat/cookie", Body: []byte(`{"message":"Hello there"}`)}},
		{
			name:  "cookie of another conversation",
			model: scanner.Model{URL: at + "/api/chat/cookie", Body: []byte(`{"message":"Hello there"}`), Header: traffic.Header{{Name: "Cookie", Value: "theme=dark; chat=gone"}}},
			session: &scanner.ModelSession{
				Fresh: []string{"cookie:chat"},
			},
		},
		{
			name: "minted", model: scanner.Model{URL: at + "/api/chat/minted", Body: []byte(`{"message":"Hello there"}`), Header: traffic.Header{{Name: "X-Chat", Value: "old"}}},
			session: &scanner.ModelSession{
				Open:  []scanner.SessionRequest{{Method: http.MethodPost, URL: at + "/api/sessions", Header: header, Body: []byte("{}")}},
				Token: "/data/token",
			},
		},
		{
			name: "carried", model: scanner.Model{URL: at + "/api/chat/body", Body: []byte(`{"message":"Hello there","conversation_id":"c-of-somebody"}`)},
			session: &scanner.ModelSession{
				Fresh: []string{"json:/conversation_id"},
				Carry: []scanner.SessionField{{From: "/conversation_id", To: "json:/conversation_id"}},
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := tt.model
			m.Method, m.Slot, m.Source, m.Session, m.Kind = http.MethodPost, "json:/message", 1, tt.session, "chat-backend"
			m.Header = append(m.Header, header...)
			if tt.name == "minted" {
				m.Header[0].Value = "Session {{session}}"
			}
			s := subjectOf(t, &m)
			if !strings.Contains(strings.Join(s.Have(), " "), "multi-turn") {
				t.Errorf("it has %v", s.Have())
			}
			made := reach(t, &m)
			for range 2 { // the second trial hears nothing of the first
				a := hold(t, made, s, "My name is Zebulon.", "What is my name?")
				want := "So far you told me: My name is Zebulon. | What is my name?"
				if tt.name == "minted" {
					want = strings.Replace(want, "me: ", "me: (opened) | ", 1)
				}
				if a.Text != want {
					t.Errorf("answered %q", a.Text)
				}
			}
		})
	}
}

// TestHistories continues conversations as backends of their own making write them.
func TestHistories(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, body, slot, want string }{
		{
			"roles", `{"messages":[{"role":"user","content":"Hi, who are you?"}],"stream":false}`, "json:/messages/0/content",
			`{"messages":[{"role":"user","content":"ONE"},{"role":"assistant","content":"ANSWER"},{"role":"user","content":"TWO"}],"stream":false}`,
		},
		{
			"words of its own", `{"history":[{"sender":"bot","text":"Hi!","id":"m1","ts":1},{"sender":"customer","text":"Hi?","id":"m2","ts":2}]}`, "json:/history/1/text",
			`{"history":[{"sender":"bot","text":"Hi!","id":"m1","ts":1},{"sender":"customer","text":"ONE","id":"m2","ts":2},{"sender":"bot","text":"ANSWER","id":"assay-2","ts":1},{"sender":"customer","text":"TWO","id":"assay-3","ts":2}]}`,
		},
		{
			"beside", `{"question":"Where is my order?","chat_history":[]}`, "json:/question",
			`{"question":"TWO","chat_history":[{"role":"user","content":"ONE"},{"role":"assistant","content":"ANSWER"}]}`,
		},
		{
			"pairs", `{"question":"Where is my order?","history":[["Hi","Hello"]]}`, "json:/question",
			`{"question":"TWO","history":[["Hi","Hello"],["ONE","ANSWER"]]}`,
		},
		{
			"parts", `{"id":"x","messages":[{"id":"a1","role":"user","parts":[{"type":"text","text":"Where is my order?"}]}]}`, "json:/messages/0/parts/0/text",
			`{"id":"x","messages":[{"id":"a1","role":"user","parts":[{"type":"text","text":"ONE"}]},{"id":"assay-1","role":"assistant","parts":[{"type":"text","text":"ANSWER"}]},{"id":"assay-2","role":"user","parts":[{"type":"text","text":"TWO"}]}]}`,
		},
		{
			"cohere", `{"message":"Where is my order?","model":"command-r"}`, "json:/message",
			`{"message":"TWO","model":"command-r","chat_history":[{"role":"USER","message":"ONE"},{"role":"CHATBOT","message":"ANSWER"}]}`,
		},
		{
			"in an envelope", `{"config":{"system_prompt":"S"},"input":{"messages":[{"type":"human","content":"Where is my order?"}]}}`, "json:/input/messages/0/content",
			`{"config":{"system_prompt":"S"},"input":{"messages":[{"type":"human","content":"ONE"},{"type":"ai","content":"ANSWER"},{"type":"human","content":"TWO"}]}}`,
		},
		{
			"escapes", `{"messages":[{"role":"user","content":"Gr\u00fc\u00df dich, wer bist du?"}]}`, "json:/messages/0/content",
			`{"messages":[{"role":"user","content":"ONE"},{"role":"assistant","content":"ANSWER"},{"role":"user","content":"TWO"}]}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			url := "https://app.example/api/chat"
			if tt.name == "cohere" {
				url = "https://api.cohere.com/v1/chat"
			}
			m := &scanner.Model{Method: http.MethodPost, URL: url, Body: []byte(tt.body), Slot: tt.slot, Source: 1, Header: traffic.Header{{Name: "Content-Type", Value: "application/json"}}}
			s := subjectOf(t, m)
			script, err := craft.Begin(s, &template.Rendered{Turns: []template.RenderedTurn{say("ONE"), say("TWO")}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := script.Call(0); err != nil {
				t.Fatal(err)
			}
			if err := script.Answered(0, answerWith("ANSWER")); err != nil {
				t.Fatal(err)
			}
			call, err := script.Call(1)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(call.Input.RequestBody); got != tt.want {
				t.Errorf("%s\nwant\n%s", got, tt.want)
			}
			script.Back()
			if call, err = script.CallText("ONE"); err != nil || strings.Contains(string(call.Input.RequestBody), "ANSWER") {
				t.Errorf("%v: what was taken back is still there: %s", err, call.Input.RequestBody)
			}
		})
	}
}
