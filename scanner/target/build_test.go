package target_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"assay/llm"
	"assay/scanner/target"
	"assay/traffic"
)

func TestEndpoint(t *testing.T) {
	t.Parallel()
	tests := []struct{ provider, address, model, want string }{
		{"openai", "https://api.openai.com/v1", "m", "https://api.openai.com/v1/chat/completions"},
		{"openai", "api.openai.com", "m", "https://api.openai.com/v1/chat/completions"},
		{"openai", "localhost:8000", "m", "http://localhost:8000/v1/chat/completions"},
		{"openai", "127.0.0.1:8000/v1/", "m", "http://127.0.0.1:8000/v1/chat/completions"},
		{"openai", "https://a.example/x/v3?api-version=1", "m", "https://a.example/x/v3/chat/completions?api-version=1"},
		{"openai", "https://a.example/gw/chat/completions", "m", "https://a.example/gw/chat/completions"},
		{"groq", "https://api.groq.com/openai/v1", "m", "https://api.groq.com/openai/v1/chat/completions"},
		{"azure", "https://r.openai.azure.com", "m", "https://r.openai.azure.com/openai/v1/chat/completions"},
		{"azure", "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21", "m", "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21"},
		{"anthropic", "https://api.anthropic.com", "m", "https://api.anthropic.com/v1/messages"},
		{"gemini", "https://generativelanguage.googleapis.com", "gemini-x", "https://generativelanguage.googleapis.com/v1beta/models/gemini-x:generateContent"},
		{"gemini", "https://h/v1", "gemini-x", "https://h/v1/models/gemini-x:generateContent"},
		{"bedrock", "https://bedrock-runtime.eu-west-1.amazonaws.com", "arn:aws:bedrock:eu/x", "https://bedrock-runtime.eu-west-1.amazonaws.com/model/arn:aws:bedrock:eu%2Fx/converse"},
		{"cohere", "https://api.cohere.com", "m", "https://api.cohere.com/v2/chat"},
		{"ollama", "127.0.0.1:11434", "m", "http://127.0.0.1:11434/api/chat"},
		{"ollama", "http://127.0.0.1:11434/api", "m", "http://127.0.0.1:11434/api/chat"},
	}
	for _, test := range tests {
		got, err := target.PresetFor(test.provider).Endpoint(test.address, test.model)
		if err != nil || got != test.want {
			t.Errorf("%s %s: %s, %v\nwant %s", test.provider, test.address, got, err, test.want)
		}
	}
	for _, address := range []string{"", "ftp://a.example", "https://", "http://[::1", "://x"} {
		if got, err := target.PresetFor("openai").Endpoint(address, "m"); err == nil {
			t.Errorf("%q became %s", address, got)
		}
	}
}

// TestPresetTable checks that no preset is half a preset.
func TestPresetTable(t *testing.T) {
	t.Parallel()
	for _, p := range target.Presets() {
		if p.Title == "" || p.Auth == "" || p.Auth == "header" && p.Header == "" {
			t.Errorf("%s: %+v", p.Name, p)
		}
		if p.Name == "custom" {
			continue
		}
		if p.Base == "" && p.Name != "azure" {
			t.Errorf("%s has no address", p.Name)
		}
		body, ref, err := p.Request("m", "words of a prompt")
		if err != nil {
			t.Errorf("%s: %v", p.Name, err)
			continue
		}
		in := llm.Input{Method: "POST", URL: "https://a.example/", RequestHeader: traffic.Header{{Name: "Content-Type", Value: "application/json"}}, RequestBody: body}
		if changed, err := llm.SetPrompt(in, ref, "other words"); err != nil || strings.Contains(string(changed.RequestBody), "words of a prompt") {
			t.Errorf("%s: the prompt is not at %s of %s: %v", p.Name, ref, body, err)
		}
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	body := []byte(`{"q":"{{prompt}}"}`)
	tests := map[string]target.Draft{
		"there is no provider":           {Provider: "opena"},
		"has no address":                 {Provider: "azure", Model: "m"},
		"nothing says what a request":    {Provider: "custom", URL: "https://a.example/ask"},
		"no model is named":              {Provider: "ollama"},
		"form of authentication":         {Provider: "openai", Auth: "kerberos"},
		"no key is given":                {Provider: "openai", Auth: "bearer"},
		"the name of the header":         {Provider: "custom", URL: "https://a.example", Body: body, Auth: "header", Secret: "env:K"},
		"no such place":                  {Provider: "custom", URL: "https://a.example", Body: body, Slot: "/nowhere"},
		"names no place":                 {Provider: "custom", URL: "https://a.example", Body: body, Slot: "q"},
		"is no JSON pointer":             {Provider: "custom", URL: "https://a.example", Body: body, Answer: "a.b"},
		"no text that could be a prompt": {Provider: "custom", URL: "https://a.example", Body: []byte(`{"n":1}`)},
		"the request has no address":     {Recorded: &llm.Input{Method: "POST", URL: "/chat", RequestBody: body}},
		"does not say which model":       {Model: "x", Recorded: &llm.Input{Method: "POST", URL: "https://a.example/chat", RequestBody: body}},
		"is no address of a service":     {Provider: "openai", URL: "gopher://a"},
	}
	for want, draft := range tests {
		m, err := target.Build(&draft)
		if p, ok := errors.AsType[*target.Problem](err); !ok || !strings.Contains(p.What, want) || p.Fix == "" {
			t.Errorf("%+v, %v; want %q", m, err, want)
		}
	}
}

// TestRecorded makes models of requests that were seen.
func TestRecorded(t *testing.T) {
	t.Parallel()
	in := &llm.Input{
		Method: "POST", URL: "https://api.openai.com/v1/chat/completions",
		RequestHeader: traffic.Header{
			{Name: "Host", Value: "api.openai.com"},
			{Name: "Authorization", Value: "Bearer ⟨cred:0123456789abcdef⟩"},
			{Name: "Content-Length", Value: "9"},
			{Name: "Content-Type", Value: "application/json"},
			{Name: "X-Team", Value: "red"},
			{Name: "Accept-Encoding", Value: "br"},
		},
		RequestBody: []byte(`{"model":"gpt-4o", "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi there, friend"}]}`),
	}
	m := build(t, target.Draft{Recorded: in})
	if m.Provider != "openai" || m.Model != "gpt-4o" || m.Slot != "json:/messages/1/content" || m.Auth.Form != target.AuthNone {
		t.Errorf("%+v", m)
	}
	if len(m.Header) != 3 || m.Header.Get("X-Team") != "red" || m.Header.Get("Authorization") == "" {
		t.Errorf("headers %v", m.Header)
	}
	m = build(t, target.Draft{Recorded: in, Model: "gpt-5", Secret: "env:KEY", URL: "https://staging.example"})
	if m.URL != "https://staging.example/v1/chat/completions" || m.Header.Has("Authorization") || m.Auth.Form != target.AuthBearer || !strings.Contains(string(m.Body), `{"model":"gpt-5", "mess`) {
		t.Errorf("%+v %s", m, m.Body)
	}
}

func FuzzEndpoint(f *testing.F) {
	for _, seed := range []string{"https://api.openai.com/v1", "localhost:8000", "http://[::1]:80/a%2Fb?x=1#y", "https://a.example/chat/completions"} {
		f.Add(seed, "model/with:odd name")
	}
	f.Fuzz(func(t *testing.T, address, model string) {
		for _, p := range target.Presets() {
			endpoint, err := p.Endpoint(address, model)
			if err != nil {
				continue
			}
			u, err := url.Parse(endpoint)
			if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
				t.Fatalf("%s %q: %q, %v", p.Name, address, endpoint, err)
			}
		}
	})
}

// FuzzBuild makes models of hostile requests: one that is made can carry a prompt.
func FuzzBuild(f *testing.F) {
	f.Add("https://a.example/v1/chat/completions?x=1", "application/json", []byte(`{"model":"m","messages":[{"role":"user","content":"Hi there"}]}`))
	f.Add("http://a.example/ask?q={{prompt}}", "", []byte{})
	f.Add("http://a.example/f", "application/x-www-form-urlencoded", []byte("a=1&q=Say {{prompt}}&q=%zz"))
	f.Add("http://a.example/t", "text/plain", []byte("{{prompt}} {{env:A}}"))
	f.Add("http://a.example/j", "application/json", []byte(`{"a~/b":["{{prompt}}"]}`))
	f.Fuzz(func(t *testing.T, address, contentType string, body []byte) {
		if len(body) > 64<<10 {
			return
		}
		in := &llm.Input{Method: "POST", URL: address, RequestHeader: traffic.Header{{Name: "Content-Type", Value: contentType}}, RequestBody: body}
		m, err := target.Build(&target.Draft{Recorded: in})
		if err != nil {
			if _, ok := errors.AsType[*target.Problem](err); !ok {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		ref, err := llm.ParseRef(m.Slot)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := llm.SetPrompt(llm.Input{URL: m.URL, RequestHeader: m.Header, RequestBody: m.Body}, ref, "words"); err != nil {
			t.Fatal(err)
		}
	})
}
