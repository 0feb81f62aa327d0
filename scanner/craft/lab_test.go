package craft_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"assay/lab"
	"assay/llm"
	"assay/scanner"
	"assay/scanner/craft"
	"assay/scanner/target"
	"assay/scanner/template"
	"assay/traffic"
)

// serveLab starts the lab and gives its address.
func serveLab(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(lab.New(lab.Options{}).Handler())
	t.Cleanup(server.Close)
	return server.URL
}

// spoken is a model of the lab in one family's words.
type spoken struct {
	family string
	path   string
	body   string
	slot   string
}

// families are requests of every family that the lab answers, with some prompt.
var families = []spoken{
	{"openai.chat", "/openai/v1/chat/completions", `{"model":"lab-small","messages":[{"role":"user","content":"Hello there"}]}`, "json:/messages/0/content"},
	{"openai.chat", "/openai/v1/chat/completions", `{"model":"lab-small","stream":true,"messages":[{"role":"user","content":[{"type":"text","text":"Hello there"}]}]}`, "json:/messages/0/content/0/text"},
	{"openai.chat", "/mistral/v1/chat/completions", `{"model":"lab-small","messages":[{"role":"user","content":"Hello there"}]}`, "json:/messages/0/content"},
	{"openai.responses", "/openai/v1/responses", `{"model":"lab-small","input":"Hello there"}`, "json:/input"},
	{"openai.responses", "/openai/v1/responses", `{"model":"lab-small","input":[{"role":"user","content":"Hello there"}]}`, "json:/input/0/content"},
	{"anthropic.messages", "/anthropic/v1/messages", `{"model":"lab-small","max_tokens":200,"messages":[{"role":"user","content":"Hello there"}]}`, "json:/messages/0/content"},
	{"gemini.generateContent", "/gemini/v1beta/models/lab-small:generateContent", `{"contents":[{"role":"user","parts":[{"text":"Hello there"}]}]}`, "json:/contents/0/parts/0/text"},
	{"gemini.streamGenerateContent", "/gemini/v1beta/models/lab-small:streamGenerateContent?alt=sse", `{"contents":[{"role":"user","parts":[{"text":"Hello there"}]}]}`, "json:/contents/0/parts/0/text"},
	{"ollama.chat", "/ollama/api/chat", `{"model":"lab-small","stream":false,"messages":[{"role":"user","content":"Hello there"}]}`, "json:/messages/0/content"},
	{"cohere.v2.chat", "/cohere/v2/chat", `{"model":"lab-small","messages":[{"role":"user","content":"Hello there"}]}`, "json:/messages/0/content"},
	{"bedrock.converse", "/bedrock/model/lab-small/converse", `{"messages":[{"role":"user","content":[{"text":"Hello there"}]}]}`, "json:/messages/0/content/0/text"},
	{"bedrock.converse_stream", "/bedrock/model/lab-small/converse-stream", `{"messages":[{"role":"user","content":[{"text":"Hello there"}]}]}`, "json:/messages/0/content/0/text"},
}

func (f *spoken) model(at string) *scanner.Model {
	return &scanner.Model{
		Name: f.family, Provider: "custom", Method: http.MethodPost, URL: at + f.path, Body: []byte(f.body), Slot: f.slot,
		Header: traffic.Header{
			{Name: "Content-Type", Value: "application/json"},
			{Name: "Authorization", Value: "Bearer lab-key-123456"},
			{Name: "x-api-key", Value: "lab-key-123456"},
			{Name: "anthropic-version", Value: "2023-06-01"},
		},
		Auth: scanner.ModelAuth{Form: target.AuthNone},
	}
}

func subjectOf(t *testing.T, m *scanner.Model) *craft.Subject {
	t.Helper()
	s, err := craft.New("model:1", m, "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func reach(t *testing.T, m *scanner.Model) *target.Target {
	t.Helper()
	made, err := target.New(m, target.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(made.Close)
	return made
}

func say(text string) template.RenderedTurn {
	return template.RenderedTurn{Plain: text, Text: text, Slot: template.SlotLastUser}
}

// TestTurnsOfLab holds a conversation with every family: what was said in the first turn is known in the third.
func TestTurnsOfLab(t *testing.T) {
	t.Parallel()
	at := serveLab(t)
	for _, f := range families {
		t.Run(f.family, func(t *testing.T) {
			t.Parallel()
			m := f.model(at)
			s := subjectOf(t, m)
			if s.Said.Family != f.family {
				t.Fatalf("family %s", s.Said.Family)
			}
			script, err := craft.Begin(s, &template.Rendered{
				Turns: []template.RenderedTurn{say("My name is Zebulon."), say("Count to 3."), say("What is my name?")},
				Setup: template.Setup{System: "You are Kestrel, a pilot."},
			})
			if err != nil {
				t.Fatal(err)
			}
			made := reach(t, m)
			var last *target.Answer
			for turn := range script.Turns() {
				call, err := script.Call(turn)
				if err != nil {
					t.Fatal(err)
				}
				if last, err = made.Do(t.Context(), call); err != nil {
					t.Fatalf("turn %d: %v\n%s", turn, err, call.Input.RequestBody)
				}
				if err := script.Answered(turn, last); err != nil {
					t.Fatal(err)
				}
			}
			if !strings.Contains(last.Text, "Zebulon") {
				t.Errorf("the third answer is %q", last.Text)
			}
			call, err := script.CallText("Who are you?")
			if err != nil {
				t.Fatal(err)
			}
			if last, err = made.Do(t.Context(), call); err != nil || !strings.Contains(last.Text, "Kestrel") {
				t.Errorf("%v: the system prompt does not tell: %q", err, last.Text)
			}
			read := llm.Parse(call.Input)
			if len(read.System) != 1 || read.System[0] != "You are Kestrel, a pilot." || strings.Join(read.LastUser(), "") != "Who are you?" || !json.Valid(call.Input.RequestBody) {
				t.Errorf("the request reads %v, %v:\n%s", read.System, read.LastUser(), call.Input.RequestBody)
			}
		})
	}
}

// TestOtherTurnsOfLab holds a conversation where no system prompt can be given: the SDK of a web page, one text.
func TestOtherTurnsOfLab(t *testing.T) {
	t.Parallel()
	at := serveLab(t)
	tests := []spoken{
		{"vercel.ui", "/app/api/ui", `{"id":"c1","messages":[{"id":"m1","role":"user","parts":[{"type":"text","text":"Hello there"}]}],"trigger":"submit-message"}`, "json:/messages/0/parts/0/text"},
		{"ollama.generate", "/ollama/api/generate", `{"model":"lab-small","prompt":"Hello there","stream":false}`, "json:/prompt"},
		{"openai.completions", "/openai/v1/completions", `{"model":"lab-small","prompt":"Hello there"}`, "json:/prompt"},
	}
	for _, f := range tests {
		t.Run(f.family, func(t *testing.T) {
			t.Parallel()
			m := f.model(at)
			m.Header = m.Header[:1] // a page sends no key
			s := subjectOf(t, m)
			if s.Said.Family != f.family {
				t.Fatalf("family %s", s.Said.Family)
			}
			a := hold(t, reach(t, m), s, "My name is Zebulon.", "What is my name?")
			sent := string(a.Sent.Body.Data)
			if first := strings.Index(sent, "Zebulon"); first < 0 || strings.Index(sent, "What is my name?") < first || a.Text == "" {
				t.Errorf("answered %q to %s", a.Text, sent)
			}
			if f.family == "vercel.ui" && !strings.Contains(a.Text, "Zebulon") {
				t.Errorf("answered %q to %s", a.Text, sent)
			}
		})
	}
}

// TestToolResultOfLab puts a tool's result before the model: it speaks of it.
func TestToolResultOfLab(t *testing.T) {
	t.Parallel()
	at := serveLab(t)
	for _, f := range families {
		t.Run(f.family, func(t *testing.T) {
			t.Parallel()
			m := f.model(at)
			s := subjectOf(t, m)
			r := &template.Rendered{
				Turns: []template.RenderedTurn{{Text: "The zip broke on Tuesday.", Plain: "The zip broke on Tuesday.", Slot: template.SlotToolResult}, say("Count to 3.")},
				Setup: template.Setup{
					User: "What does the ticket say?", Call: &template.ToolCall{Name: "get_ticket", Arguments: map[string]any{"id": "5512"}},
					Tools: []template.Tool{{Name: "get_ticket", Description: "Reads a ticket.", Parameters: map[string]any{
						"type": "object", "properties": map[string]any{"id": map[string]any{"type": "string"}}, "required": []any{"id"},
					}}},
				},
			}
			script, err := craft.Begin(s, r)
			if err != nil {
				t.Fatal(err)
			}
			made := reach(t, m)
			call, err := script.Call(0)
			if err != nil {
				t.Fatal(err)
			}
			read := llm.Parse(call.Input)
			if read.ToolResults != 1 || len(read.Tools) != 1 || read.Tools[0].Name != "get_ticket" || strings.Join(read.LastUser(), "") != r.Setup.User {
				t.Errorf("the request reads %d results, tools %v, %v\n%s", read.ToolResults, read.Tools, read.LastUser(), call.Input.RequestBody)
			}
			a, err := made.Do(t.Context(), call)
			if err != nil {
				t.Fatalf("%v\n%s", err, call.Input.RequestBody)
			}
			if err := script.Answered(0, a); err != nil {
				t.Fatal(err)
			}
			if call, err = script.Call(1); err != nil {
				t.Fatal(err)
			}
			if a, err = made.Do(t.Context(), call); err != nil {
				t.Fatalf("%v\n%s", err, call.Input.RequestBody)
			}
			if read := llm.Parse(call.Input); read.ToolResults < 1 || strings.Join(read.LastUser(), "") != "Count to 3." || a.Text == "" {
				t.Errorf("the second request reads %d results, %v\n%s", read.ToolResults, read.LastUser(), call.Input.RequestBody)
			}
		})
	}
}
