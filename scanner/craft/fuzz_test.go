package craft_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/craft"
	"assay/scanner/target"
	"assay/scanner/template"
	"assay/traffic"
)

// slotsOfAll are the slots that every template may name.
var slotsOfAll = []string{
	"last_user", "system", "tool_result", "tool_description", "document", "file", "file_name", "history", "prefill", "user_name", "header:X-A", "query:q", "form:f", "part:p",
	"json:/messages/*/content", "json:/a", "graphql:v", "nonsense:x", "",
}

// FuzzScript makes the requests of whatever case for whatever request: none panics, what does not fit says so, and a
// body that was JSON stays JSON.
func FuzzScript(f *testing.F) {
	for i, s := range families {
		f.Add(s.path, s.body, s.slot, attack, i, "max_tokens")
	}
	f.Add("/api/chat", `{"message":"hi there","conversation_id":"c-123456789","history":[{"sender":"bot","text":"x"}]}`, "json:/message", "x\r\n\x00", 8, "/a/-")
	f.Add("/mcp", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"f","arguments":{"a":"b"}}}`, "", "x", 14, "/params/arguments/a")
	f.Add("/graphql", `{"query":"{a}","variables":{"v":"b"}}`, "json:/variables/v", "x", 16, "")
	f.Fuzz(func(t *testing.T, path, body, slot, text string, kind int, name string) {
		if len(body) > 8<<10 || len(text) > 8<<10 {
			return
		}
		m := &scanner.Model{
			Method: http.MethodPost, URL: "http://127.0.0.1:1" + path, Body: []byte(body), Slot: slot, Before: name, Kind: "chat-backend",
			Header: traffic.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "Cookie", Value: name}},
		}
		s, err := craft.New("model:1", m, text)
		if err != nil {
			return
		}
		s.Have()
		s.Values()
		at := slotsOfAll[max(kind, -kind, 0)%len(slotsOfAll)]
		turns := []template.RenderedTurn{{Text: text, Plain: text, Slot: at}, {Text: name, Plain: name, Slot: slotsOfAll[max(kind/7, 0)%len(slotsOfAll)]}}
		setup := template.Setup{System: text, User: name, Document: name, Call: &template.ToolCall{Name: name, Arguments: text}, Tools: []template.Tool{{Name: name, Parameters: map[string]any{name: text}}}}
		field := &template.FieldEdit{Set: []template.Parameter{{Name: name, Value: text}}, Remove: []string{text}}
		edits := []*template.Request{
			nil,
			{Model: name},
			{Parameters: []template.Parameter{{Name: name, Value: text}}},
			{Body: field},
			{Query: field},
			{Headers: field},
			{Path: &template.PathEdit{Set: name, Append: text}},
			{Size: &template.Size{Bytes: 100, Fill: text}},
		}
		for _, edit := range edits {
			script, err := craft.Begin(s, &template.Rendered{Turns: turns[:1+max(kind, 0)%2], Setup: setup, Request: edit})
			for turn := 0; err == nil && turn < script.Turns(); turn++ {
				var call target.Call
				if call, err = script.Call(turn); err == nil {
					if json.Valid(m.Body) && !json.Valid(call.Input.RequestBody) {
						t.Fatalf("%q became %q", body, call.Input.RequestBody)
					}
					answer := &target.Answer{Text: text, Body: []byte(body), Header: traffic.Header{{Name: "Set-Cookie", Value: name + "=" + text}}}
					answer.Said.ToolCalls = []llm.ToolCall{{Name: name, Arguments: text}}
					err = script.Answered(turn, answer)
				}
			}
			if _, unfit := errors.AsType[*craft.Unfit](err); err != nil && !unfit {
				t.Fatalf("%v is not told as unfit", err)
			}
			if string(m.Body) != body {
				t.Fatal("the model was changed")
			}
		}
	})
}

// FuzzRecipe looks for sessions in whatever flow.
func FuzzRecipe(f *testing.F) {
	f.Add("https://a.example/t/thread_abc123def456?session_id=abcdefgh1", `{"conversation_id":"abcdefgh1"}`, `{"id":"abcdefgh1"}`)
	f.Fuzz(func(t *testing.T, url, request, answer string) {
		r := craft.Recipe(llm.Input{URL: url, RequestBody: []byte(request)}, []llm.Input{{Method: "POST", URL: url, ResponseBody: []byte(answer)}})
		if r != nil && (r.Token == "" || len(r.Into) != 1) {
			t.Fatalf("%+v", r)
		}
	})
}
