package craft_test

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/craft"
	"assay/scanner/judge"
	"assay/scanner/target"
	"assay/scanner/template"
	"assay/traffic"
)

// recorded is a request as somebody's SDK wrote it: with spaces, odd order, escapes.
const recorded = `{ "messages": [ {"content": "What\u0027s the weather?", "role": "user"} ],  "model":"m-1" , "temperature" : 0.70 }`

func recordedModel() *scanner.Model {
	return &scanner.Model{
		Name: "m", Method: http.MethodPost, URL: "https://api.example/v1/chat/completions?trace=1&x=%20y#f", Body: []byte(recorded), Slot: "json:/messages/0/content", Source: 7,
		Header: traffic.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "authorization", Value: "⟨cred:1⟩"}, {Name: "X-Trace", Value: "a"}},
	}
}

func ptr(s string) *string { return &s }

// TestRequestEdits changes one thing of a request at a time.
func TestRequestEdits(t *testing.T) {
	t.Parallel()
	set := func(name string, value any) *template.FieldEdit {
		return &template.FieldEdit{Set: []template.Parameter{{Name: name, Value: value}}}
	}
	remove := func(names ...string) *template.FieldEdit { return &template.FieldEdit{Remove: names} }
	body := func(old, now string) string { return strings.Replace(recorded, old, now, 1) }
	tests := []struct {
		name  string
		edit  template.Request
		body  string // "" for the recorded one
		url   string
		other func(in llm.Input) bool
		unfit string
	}{
		{name: "method", edit: template.Request{Method: "PUT"}, other: func(in llm.Input) bool { return in.Method == "PUT" }},
		{name: "model", edit: template.Request{Model: "gpt-\"5"}, body: body(`"m-1"`, `"gpt-\"5"`)},
		{name: "same model", edit: template.Request{Model: "m-1"}, unfit: "already"},
		{name: "parameter", edit: template.Request{Parameters: []template.Parameter{{Name: "temperature", Value: 2}}}, body: body("0.70", "2")},
		{name: "new parameter", edit: template.Request{Parameters: []template.Parameter{{Name: "logprobs", Value: true}}}, body: body("0.70", `0.70,"logprobs":true`)},
		{name: "field", edit: template.Request{Body: set("/messages/0/role", "system")}, body: body(`"user"`, `"system"`)},
		{name: "behind the last", edit: template.Request{Body: set("/messages/-", map[string]any{"role": "system", "content": "<b>"})}, body: body(`"user"}`, `"user"},{"content":"<b>","role":"system"}`)},
		{name: "deep and new", edit: template.Request{Body: set("/a/b~1c/d", []any{1, nil})}, body: body("0.70", `0.70,"a":{"b/c":{"d":[1,null]}}`)},
		{name: "no list", edit: template.Request{Body: set("/input/-", 1)}, unfit: "no list"},
		{name: "first member", edit: template.Request{Body: remove("/messages")}, body: `{ "model":"m-1" , "temperature" : 0.70 }`},
		{name: "last member", edit: template.Request{Body: remove("/temperature")}, body: `{ "messages": [ {"content": "What\u0027s the weather?", "role": "user"} ],  "model":"m-1" }`},
		{name: "element", edit: template.Request{Body: remove("/messages/0")}, body: body(`{"content": "What\u0027s the weather?", "role": "user"}`, "")},
		{name: "nothing to remove", edit: template.Request{Body: remove("/filter", "/where")}, unfit: "none of the fields"},
		{name: "raw", edit: template.Request{Raw: ptr("[[[")}, body: "[[["},
		{name: "path set", edit: template.Request{Path: &template.PathEdit{Set: "/docs"}}, url: "https://api.example/docs?trace=1&x=%20y#f"},
		{name: "path with query", edit: template.Request{Path: &template.PathEdit{Set: "/models?url=http://127.0.0.1:1/x"}}, url: "https://api.example/models?url=http://127.0.0.1:1/x"},
		{name: "path replaced", edit: template.Request{Path: &template.PathEdit{Find: "^/", Replace: "//"}}, url: "https://api.example//v1/chat/completions?trace=1&x=%20y#f"},
		{name: "path appended", edit: template.Request{Path: &template.PathEdit{Append: ";x=1"}}, url: "https://api.example/v1/chat/completions;x=1?trace=1&x=%20y#f"},
		{name: "path without a match", edit: template.Request{Path: &template.PathEdit{Find: "/[0-9]+$", Replace: "/1"}}, unfit: "nothing that matches"},
		{name: "query", edit: template.Request{Query: set("x", "a b")}, url: "https://api.example/v1/chat/completions?trace=1&x=a%20b#f"},
		{name: "query added", edit: template.Request{Query: set("id", 4)}, url: "https://api.example/v1/chat/completions?trace=1&x=%20y&id=4#f"},
		{name: "query removed", edit: template.Request{Query: remove("trace")}, url: "https://api.example/v1/chat/completions?x=%20y#f"},
		{name: "header", edit: template.Request{Headers: set("x-trace", "b\r\nEvil: 1")}, other: func(in llm.Input) bool { return in.RequestHeader.Get("X-Trace") == "b  Evil: 1" }},
		{name: "header removed", edit: template.Request{Headers: remove("content-type")}, other: func(in llm.Input) bool { return !in.RequestHeader.Has("Content-Type") }},
		{name: "no such header", edit: template.Request{Headers: remove("X-None")}, unfit: "none of the headers"},
		{name: "content type", edit: template.Request{ContentType: "text/plain"}, other: func(in llm.Input) bool { return in.RequestHeader.Get("Content-Type") == "text/plain" }},
		{name: "size", edit: template.Request{Size: &template.Size{Bytes: 40, Fill: "lamp "}}, body: body(`What\u0027s the weather?`, "What's the weather?lamp lamp lamp lamp l")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := recordedModel()
			s, err := craft.New("exchange:7", m, "")
			if err != nil {
				t.Fatal(err)
			}
			script, err := craft.Begin(s, &template.Rendered{Request: &tt.edit})
			if err != nil {
				t.Fatal(err)
			}
			call, err := script.Call(0)
			if tt.unfit != "" {
				if unfit, is := errors.AsType[*craft.Unfit](err); !is || !strings.Contains(unfit.Why, tt.unfit) {
					t.Errorf("%v, want it to say %q", err, tt.unfit)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			wantBody, wantURL := tt.body, tt.url
			if wantBody == "" {
				wantBody = recorded
			}
			if wantURL == "" {
				wantURL = m.URL
			}
			if in := call.Input; string(in.RequestBody) != wantBody || in.URL != wantURL || tt.other != nil && !tt.other(in) {
				t.Errorf("%s %s %v\n%s\nwant %s\n%s", in.Method, in.URL, in.RequestHeader, in.RequestBody, wantURL, wantBody)
			}
			if string(m.Body) != recorded || !bytes.Equal(s.Model.Body, m.Body) || m.Header.Get("X-Trace") != "a" {
				t.Error("the model was changed")
			}
		})
	}
}

// TestPlaces puts a text into places that a template names.
func TestPlaces(t *testing.T) {
	t.Parallel()
	jsonHeader := traffic.Header{{Name: "Content-Type", Value: "application/json"}}
	form := traffic.Header{{Name: "Content-Type", Value: "application/x-www-form-urlencoded"}}
	multi := traffic.Header{{Name: "Content-Type", Value: "multipart/form-data; boundary=B"}}
	const parts = "--B\r\nContent-Disposition: form-data; name=\"question\"\r\n\r\nWhat is it?\r\n--B\r\nContent-Disposition: form-data; name=\"doc\"; filename=\"a \\\"b\\\".txt\"\r\nContent-Type: text/plain\r\n\r\nold\r\n--B--\r\n"
	tests := []struct {
		name, url, slot, place, body, want string
		header                             traffic.Header
		other                              func(in llm.Input) bool
		unfit                              string
	}{
		{name: "header", header: jsonHeader, body: `{"message":"Hello there you"}`, slot: "json:/message", place: "header:X-User", other: func(in llm.Input) bool { return in.RequestHeader.Get("X-User") == "EVIL" }},
		{name: "query", header: jsonHeader, body: `{"message":"Hello there you"}`, slot: "json:/message", place: "query:lang", other: func(in llm.Input) bool { return strings.HasSuffix(in.URL, "?lang=EVIL") }},
		{name: "leaf", header: jsonHeader, body: `{"message":"Hello there you","meta":{"page":"x"}}`, slot: "json:/message", place: "json:/meta/page", want: `{"message":"Hello there you","meta":{"page":"EVIL"}}`},
		{name: "no leaf", header: jsonHeader, body: `{"message":"Hello there you"}`, slot: "json:/message", place: "json:/meta/page", unfit: "no such place"},
		{
			name: "every argument", header: jsonHeader, body: `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read","arguments":{"path":"a","n":1,"mode":"b"}}}`, slot: "json:/params/arguments/path",
			place: "json:/params/arguments/*", want: `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read","arguments":{"path":"EVIL","n":1,"mode":"EVIL"}}}`,
		},
		{
			name: "variable", header: jsonHeader, body: `{"query":"query($q:String){ask(q:$q)}","variables":{"q":"Hello there you"}}`, slot: "json:/variables/q", place: "graphql:q",
			want: `{"query":"query($q:String){ask(q:$q)}","variables":{"q":"EVIL"}}`,
		},
		{name: "field", header: form, body: "message=Hello+there+you&a=1", slot: "form:message", place: "form:a", want: "message=Hello+there+you&a=EVIL"},
		{name: "new field", header: form, body: "message=Hello+there+you", slot: "form:message", place: "form:b", want: "message=Hello+there+you&b=EVIL"},
		{name: "no form", header: jsonHeader, body: `{"message":"Hello there you"}`, slot: "json:/message", place: "form:b", unfit: "no form"},
		{name: "part", header: multi, body: parts, slot: "part:question", place: "part:question", want: strings.Replace(parts, "What is it?", "EVIL", 1)},
		{name: "file", header: multi, body: parts, slot: "part:question", place: "file", want: strings.Replace(parts, "old", "EVIL", 1)},
		{name: "file name", header: multi, body: parts, slot: "part:question", place: "file_name", want: strings.Replace(parts, `a \"b\".txt`, "EVIL", 1)},
		{name: "context", header: jsonHeader, body: `{"question":"What is it?","context":"old"}`, slot: "json:/question", place: "document", want: `{"question":"What is it?","context":"EVIL"}`},
		{
			name: "documents", header: jsonHeader, body: `{"question":"What is it?","documents":[{"id":1,"title":"t","text":"x"}]}`, slot: "json:/question", place: "document",
			want: `{"question":"What is it?","documents":[{"id":1,"title":"t","text":"x"},{"id":1,"title":"document","text":"EVIL"}]}`,
		},
		{name: "name", header: jsonHeader, body: `{"question":"What is it?","user_name":"Ann"}`, slot: "json:/question", place: "user_name", want: `{"question":"What is it?","user_name":"EVIL"}`},
		{name: "system", header: jsonHeader, body: `{"question":"What is it?","system_prompt":null}`, slot: "json:/question", place: "system", want: `{"question":"What is it?","system_prompt":"EVIL"}`},
		{name: "no tools", header: jsonHeader, body: `{"question":"What is it?"}`, slot: "json:/question", place: "tool_result", unfit: "no tool"},
		{name: "no history", header: jsonHeader, body: `{"question":"What is it?"}`, slot: "json:/question", place: "history", unfit: "no history"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := &scanner.Model{Method: http.MethodPost, URL: "https://app.example/ask", Header: tt.header, Body: []byte(tt.body), Slot: tt.slot, Source: 1}
			s, err := craft.New("exchange:1", m, "")
			if err != nil {
				t.Fatal(err)
			}
			script, err := craft.Begin(s, &template.Rendered{Turns: []template.RenderedTurn{{Plain: "EVIL", Text: "EVIL", Slot: tt.place}}})
			var in llm.Input
			if err == nil {
				call, callErr := script.Call(0)
				in, err = call.Input, callErr
			}
			if tt.unfit != "" {
				if unfit, is := errors.AsType[*craft.Unfit](err); !is || !strings.Contains(unfit.Why, tt.unfit) {
					t.Errorf("%v, want it to say %q; %s", err, tt.unfit, in.RequestBody)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if want := tt.want; want != "" && string(in.RequestBody) != want || tt.other != nil && !tt.other(in) {
				t.Errorf("%s %v\n%s\nwant\n%s", in.URL, in.RequestHeader, in.RequestBody, want)
			}
		})
	}
}

// TestPointless refuses cases whose answers could show nothing.
func TestPointless(t *testing.T) {
	t.Parallel()
	overlap, called := judge.Node{Signal: "system-prompt-overlap"}, judge.Node{Signal: "tool-call"}
	tests := []struct {
		name   string
		system string
		setup  template.Setup
		find   judge.Node
		want   string
	}{
		{name: "nothing to leak", find: overlap, want: "no system prompt"},
		{name: "a person knows it", system: "Be kind.", find: overlap},
		{name: "the setup gives it", setup: template.Setup{System: "Be kind."}, find: overlap},
		{name: "something else would do", find: judge.Node{Any: []judge.Node{overlap, {Signal: "canary"}}}},
		{name: "nothing else would do", find: judge.Node{All: []judge.Node{{Signal: "canary"}, {Any: []judge.Node{overlap}}}}, want: "no system prompt"},
		{name: "the text is told", find: judge.Node{Signal: "system-prompt-overlap", Params: map[string]any{"texts": []any{"x"}}}},
		{name: "not is no proof", find: judge.Node{Not: &overlap}},
		{name: "nothing to call", find: called, want: "no functions"},
		{name: "the setup offers it", setup: template.Setup{Tools: []template.Tool{{Name: "f"}}}, find: called},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, err := craft.New("exchange:7", recordedModel(), tt.system)
			if err != nil {
				t.Fatal(err)
			}
			_, err = craft.Begin(s, &template.Rendered{Turns: []template.RenderedTurn{say("Hi")}, Setup: tt.setup, Detect: judge.Detect{Find: tt.find}})
			unfit, is := errors.AsType[*craft.Unfit](err)
			if tt.want == "" && err != nil || tt.want != "" && (!is || !strings.Contains(unfit.Why, tt.want)) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

// TestWithoutPrompt edits a request that nobody speaks in.
func TestWithoutPrompt(t *testing.T) {
	t.Parallel()
	in := &llm.Input{Method: http.MethodGet, URL: "https://app.example/api/orders/4711?full=1", RequestHeader: traffic.Header{{Name: "Cookie", Value: "⟨cred:1⟩"}}, Status: 200, ResponseBody: []byte(`[]`)}
	if _, err := target.Build(&target.Draft{Recorded: in}); err == nil {
		t.Error("a model without a prompt was made")
	}
	m, err := target.Build(&target.Draft{Recorded: in, Bare: true})
	if err != nil {
		t.Fatal(err)
	}
	m.Source = 3
	s, err := craft.New("exchange:3", m, "")
	if err != nil || s.Kind != "plain" || !slices.Equal(s.Have(), []string{"auth"}) {
		t.Fatalf("%v %s %v", err, s.Kind, s.Have())
	}
	script, err := craft.Begin(s, &template.Rendered{Request: &template.Request{Auth: "swap", Path: &template.PathEdit{Find: "/[0-9]+$", Replace: "/4712"}}})
	if err != nil {
		t.Fatal(err)
	}
	call, err := script.Call(0)
	if err != nil || call.Auth != "swap" || call.Input.URL != "https://app.example/api/orders/4712?full=1" || call.Input.Method != http.MethodGet || len(call.Input.RequestBody) > 0 {
		t.Errorf("%v %+v", err, call)
	}
	for _, r := range []*template.Rendered{{Turns: []template.RenderedTurn{say("Hi")}}, {Request: &template.Request{Body: &template.FieldEdit{Remove: []string{"/a"}}}}, {Request: &template.Request{Size: &template.Size{Bytes: 10, Fill: "a"}}}} {
		script, err := craft.Begin(s, r)
		if err == nil {
			_, err = script.Call(0)
		}
		if _, is := errors.AsType[*craft.Unfit](err); !is {
			t.Errorf("%+v: %v", r, err)
		}
	}
}

// TestSlotOfParts knows the prompt where the slot names a list of parts.
func TestSlotOfParts(t *testing.T) {
	t.Parallel()
	m := &scanner.Model{
		Method: http.MethodPost, URL: "https://api.example/v1/chat/completions", Slot: "json:/messages/0/content", Source: 1,
		Body: []byte(`{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"What is it?"}]}]}`),
	}
	s, err := craft.New("exchange:1", m, "")
	if err != nil || s.Prompt != "What is it?" {
		t.Fatalf("%v %q", err, s.Prompt)
	}
	script, err := craft.Begin(s, &template.Rendered{Turns: []template.RenderedTurn{{Plain: "DOC", Text: "DOC", Slot: "document"}}})
	if err != nil {
		t.Fatal(err)
	}
	call, err := script.Call(0)
	if body := string(call.Input.RequestBody); err != nil || !strings.Contains(body, "DOC") || !strings.Contains(body, "Question: What is it?") {
		t.Errorf("%v %s", err, body)
	}
}
