package craft_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/craft"
	"assay/scanner/target"
	"assay/scanner/template"
	"assay/traffic"
)

// TestMCP lists the tools of an MCP server and calls each: every trial has a session of its own.
func TestMCP(t *testing.T) {
	t.Parallel()
	at := serveLab(t)
	m, err := target.Build(&target.Draft{Provider: target.Custom, URL: at + "/mcp"})
	if err != nil {
		t.Fatal(err)
	}
	s := subjectOf(t, m)
	if s.Kind != "mcp-server" || s.Said.RPC.Method != "tools/list" {
		t.Fatalf("%s %+v", s.Kind, s.Said.RPC)
	}
	made := reach(t, m)
	script, err := craft.Begin(s, &template.Rendered{})
	if err != nil {
		t.Fatal(err)
	}
	call, err := script.Call(0)
	if err != nil {
		t.Fatal(err)
	}
	a, err := made.Do(t.Context(), call)
	if err != nil || len(a.Before) != 2 || len(a.Said.RPC.ToolsListed) == 0 {
		t.Fatalf("%v %+v", err, a)
	}
	again, err := made.Do(t.Context(), call)
	if err != nil || len(again.Before) != 0 || again.Sent.Header.Get("Mcp-Session-Id") != a.Sent.Header.Get("Mcp-Session-Id") {
		t.Errorf("%v: the session of the trial was opened again", err)
	}
	for _, tool := range craft.ToolCalls(m, a.Said.RPC.ToolsListed) {
		tool.Source, tool.Header = 1, append(tool.Header, traffic.Field{Name: "Mcp-Session-Id", Value: "of-the-recording"})
		s := subjectOf(t, tool)
		if s.Said.RPC == nil || s.Said.RPC.Method != "tools/call" {
			t.Fatalf("%s: %s", tool.Name, tool.Body)
		}
		if tool.Slot == "" {
			continue
		}
		script, err := craft.Begin(s, &template.Rendered{Turns: []template.RenderedTurn{{Plain: "EVIL", Text: "EVIL", Slot: "json:/params/arguments/*"}}})
		if err != nil {
			t.Fatal(err)
		}
		if call, err = script.Call(0); err != nil {
			t.Fatal(err)
		}
		a, err := reach(t, tool).Do(t.Context(), call)
		if a == nil || a.Status != http.StatusOK || !strings.Contains(string(a.Sent.Body.Data), "EVIL") || a.Sent.Header.Get("Mcp-Session-Id") == "of-the-recording" {
			t.Errorf("%s: %v %+v", tool.Name, err, a)
		}
	}
}

// TestRecipe finds how the session of a recorded request was opened, and opens one.
func TestRecipe(t *testing.T) {
	t.Parallel()
	at := serveBackend(t)
	jsonHeader := traffic.Header{{Name: "Content-Type", Value: "application/json"}}
	opened := llm.Input{Method: http.MethodPost, URL: at + "/api/chat/body", RequestHeader: jsonHeader, RequestBody: []byte(`{"message":"(opened)"}`), ResponseBody: []byte(`{"reply":"x","conversation_id":"c-ABCDEFGHIJ"}`)}
	other := llm.Input{Method: http.MethodGet, URL: at + "/api/people", ResponseBody: []byte(`[{"id":"c-ZZZZZZZZZZ"}]`)}
	m := &scanner.Model{Method: http.MethodPost, URL: at + "/api/chat/body", Header: jsonHeader, Body: []byte(`{"message":"Hello there","conversation_id":"c-ABCDEFGHIJ"}`), Slot: "json:/message", Source: 1, Kind: "chat-backend"}
	request := llm.Input{Method: m.Method, URL: m.URL, RequestHeader: m.Header, RequestBody: m.Body}
	m.Session = craft.Recipe(request, []llm.Input{other, opened, other})
	if m.Session == nil || m.Session.Token != "/conversation_id" || len(m.Session.Into) != 1 || m.Session.Into[0] != "json:/conversation_id" {
		t.Fatalf("%+v", m.Session)
	}
	made := reach(t, m)
	for range 2 {
		if a := hold(t, made, subjectOf(t, m), "My name is Zebulon.", "What is my name?"); a.Text != "So far you told me: (opened) | My name is Zebulon. | What is my name?" {
			t.Errorf("answered %q", a.Text)
		}
	}
	if r := craft.Recipe(request, []llm.Input{other}); r != nil {
		t.Errorf("%+v", r)
	}
	own := request
	own.RequestBody = []byte(`{"message":"Hello there","sessionId":"1b4e28ba-2fa1-41d2-883f-0016d3cca427"}`)
	if r := craft.Recipe(own, []llm.Input{other}); r == nil || r.Token != target.RandomToken || r.Into[0] != "json:/sessionId" {
		t.Errorf("%+v", r)
	}
	rpc := llm.Input{URL: at + "/mcp", RequestHeader: traffic.Header{{Name: "Mcp-Session-Id", Value: "abcdefghijkl"}}, ResponseHeader: traffic.Header{{Name: "Mcp-Session-Id", Value: "abcdefghijkl"}}}
	if r := craft.Recipe(rpc, []llm.Input{rpc}); r != nil {
		t.Errorf("%+v", r)
	}
	thread := llm.Input{Method: http.MethodPost, URL: "https://a.example/threads", ResponseBody: []byte(`{"id":"thread_abc123def456"}`)}
	r := craft.Recipe(llm.Input{Method: http.MethodPost, URL: "https://a.example/threads/thread_abc123def456/messages"}, []llm.Input{thread})
	if r == nil || r.Token != "/id" {
		t.Fatalf("%+v", r)
	}
	in, err := target.PutPlace(llm.Input{URL: "https://a.example/threads/thread_abc123def456/messages?x=1"}, r.Into[0], "thread_new")
	if err != nil || in.URL != "https://a.example/threads/thread_new/messages?x=1" {
		t.Errorf("%s %v", in.URL, err)
	}
}

// TestAgentKeepsContext talks with an A2A agent: the second message belongs to the context that the first answer named.
func TestAgentKeepsContext(t *testing.T) {
	t.Parallel()
	at := serveLab(t)
	m := &scanner.Model{
		Method: http.MethodPost, URL: at + "/a2a", Header: traffic.Header{{Name: "Content-Type", Value: "application/json"}}, Slot: "json:/params/message/parts/0/text",
		Body: []byte(`{"jsonrpc":"2.0","id":1,"method":"message/send","params":{"message":{"role":"user","messageId":"m1","contextId":"of-the-recording","parts":[{"kind":"text","text":"Hello there"}]}}}`),
	}
	s := subjectOf(t, m)
	script, err := craft.Begin(s, &template.Rendered{Turns: []template.RenderedTurn{say("My name is Zebulon."), say("What is my name?")}})
	if err != nil {
		t.Fatal(err)
	}
	made := reach(t, m)
	for turn := range 2 {
		call, err := script.Call(turn)
		if err != nil {
			t.Fatal(err)
		}
		context := llm.ValueText(call.Input.RequestBody, "/params/message/contextId")
		if context == "of-the-recording" || (turn == 1) != (context != "") {
			t.Errorf("turn %d belongs to %q", turn, context)
		}
		a, err := made.Do(t.Context(), call)
		if err != nil {
			t.Fatalf("%v %s", err, a.Body)
		}
		if err := script.Answered(turn, a); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMadeUpSessions gives every trial a session of its own where the caller makes up its name.
func TestMadeUpSessions(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var seen []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		seen = append(seen, r.URL.Path)
		mu.Unlock()
		_, _ = w.Write([]byte(`{"answer":"Paris is the capital."}`))
	}))
	t.Cleanup(server.Close)
	m := &scanner.Model{
		Method: http.MethodPost, URL: server.URL + "/agents/A/agentAliases/B/sessions/default-session1/text", Slot: "json:/inputText", Body: []byte(`{"enableTrace":false,"inputText":"What is it?"}`),
		Header:  traffic.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "Host", Value: "bedrock-agent-runtime.us-east-1.amazonaws.com"}},
		Session: &scanner.ModelSession{Token: target.RandomToken, Into: []string{"path:default-session1"}},
	}
	made := reach(t, m)
	for range 2 {
		hold(t, made, subjectOf(t, m), "One.", "Two.")
	}
	if len(seen) != 4 || seen[0] != seen[1] || seen[2] != seen[3] || seen[0] == seen[2] || strings.Contains(seen[0], "default-session1") {
		t.Errorf("%v", seen)
	}
}
