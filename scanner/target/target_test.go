package target_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"assay/lab"
	"assay/llm"
	"assay/scanner/target"
	"assay/traffic"
)

func startLab(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(lab.New(lab.Options{}).Handler())
	t.Cleanup(server.Close)
	return server.URL
}

// TestPresetsOnLab asks the lab with every preset whose API it has.
func TestPresetsOnLab(t *testing.T) {
	t.Parallel()
	base := startLab(t)
	const openAI = "/choices/0/message/content"
	tests := []struct{ provider, prefix, model, slot, answer string }{
		{"openai", "/openai/v1", "gpt-4o", "/messages/0/content", openAI},
		{"openai", "/openai", "gpt-4o", "/messages/0/content", openAI},
		{"openai", "/openai/v1/chat/completions", "gpt-4o", "/messages/0/content", openAI},
		{"deepseek", "/openai", "deepseek-chat", "/messages/0/content", openAI},
		{"llama", "/openai/v1", "llama", "/messages/0/content", openAI},
		{"grok", "/openai/v1", "grok-4", "/messages/0/content", openAI},
		{"mistral", "/mistral", "mistral-small-latest", "/messages/0/content", openAI},
		{"groq", "/openai/v1", "llama-3.1-8b-instant", "/messages/0/content", openAI},
		{"openrouter", "/openai/v1", "openai/gpt-4o", "/messages/0/content", openAI},
		{"azure", "", "gpt-4o", "/messages/0/content", openAI},
		{"vllm", "/openai/v1", "qwen", "/messages/0/content", openAI},
		{"lmstudio", "/openai/v1", "qwen", "/messages/0/content", openAI},
		{"custom", "/openai/v1/chat/completions", "gpt-4o", "/messages/0/content", openAI},
		{"anthropic", "/anthropic", "claude-haiku-4-5", "/messages/0/content", "/content/0/text"},
		{"gemini", "/gemini", "gemini-2.5-flash", "/contents/0/parts/0/text", "/candidates/0/content/parts/0/text"},
		{"cohere", "/cohere", "command-r7b-12-2024", "/messages/0/content", "/message/content/0/text"},
		{"bedrock", "/bedrock", "amazon.nova-micro-v1:0", "/messages/0/content/0/text", "/output/message/content/0/text"},
		{"ollama", "/ollama", "llama3.2", "/messages/0/content", "/message/content"},
	}
	for _, test := range tests {
		t.Run(test.provider+test.prefix, func(t *testing.T) {
			t.Parallel()
			m := build(t, target.Draft{Provider: test.provider, URL: base + test.prefix, Model: test.model, Secret: "env:KEY"})
			made := reach(t, m, target.Options{Secret: func(context.Context, string) (string, error) { return "AKID:secret", nil }})
			tried, err := made.Try(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			a := tried.Answer
			if !strings.Contains(a.Text, "Paris") || m.Answer != test.answer || target.PlaceText(m.Slot) != test.slot || tried.Requests != 1 {
				t.Errorf("answered %q at %s, prompt at %s, %d requests", a.Text, m.Answer, m.Slot, tried.Requests)
			}
			input, output := a.Tokens()
			if input == nil || output == nil || a.Total <= 0 || a.FirstByte <= 0 || a.FirstByte > a.Total {
				t.Errorf("tokens %v %v, first byte %s of %s", input, output, a.FirstByte, a.Total)
			}
			encoded, err := json.Marshal(m)
			if err != nil || strings.Contains(string(encoded), "AKID") {
				t.Errorf("the model holds its key: %s, %v", encoded, err)
			}
		})
	}
}

// TestNames lists the models of the lab through every list it has.
func TestNames(t *testing.T) {
	t.Parallel()
	base := startLab(t)
	for provider, prefix := range map[string]string{"openai": "/openai/v1", "anthropic": "/anthropic", "gemini": "/gemini", "ollama": "/ollama", "mistral": "/mistral"} {
		m := build(t, target.Draft{Provider: provider, URL: base + prefix, Model: "lab", Secret: "env:KEY"})
		names, err := reach(t, m, target.Options{}).Models(t.Context())
		if err != nil || len(names) == 0 || slices.Contains(names, "") {
			t.Errorf("%s: %v, %v", provider, names, err)
		}
	}
	bad := build(t, target.Draft{Provider: "openai", URL: base + "/openai/v1", Model: "lab", Secret: "env:KEY"})
	_, err := reach(t, bad, target.Options{Secret: func(context.Context, string) (string, error) { return "bad", nil }}).Models(t.Context())
	if f, ok := target.FailureOf(err); !ok || f.Code != target.CodeUnauthorized {
		t.Errorf("a wrong key: %v", err)
	}
	none := build(t, target.Draft{Provider: "bedrock", Secret: "env:KEY"})
	if _, err := reach(t, none, target.Options{}).Models(t.Context()); !errors.Is(err, target.ErrNoList) {
		t.Errorf("a service without a list: %v", err)
	}
}

// TestBytes sends bodies as they were given, but for the prompt.
func TestBytes(t *testing.T) {
	t.Parallel()
	base := faulty(t)
	tests := map[string]struct{ body, kind, slot, want string }{
		"spaces and order": {"{ \"b\" : 1.0,\n\t\"q\":\"old words here\" , \"a\":[ ] }", "", "/q", "{ \"b\" : 1.0,\n\t\"q\":\"new \\\"words\\\"\" , \"a\":[ ] }"},
		"marked":           {`{"x":"Say: {{prompt}} please","id":"a long text that is no prompt"}`, "", "", `{"x":"Say: new \"words\" please","id":"a long text that is no prompt"}`},
		"form":             {"a=1&q=old+words&b=2", "application/x-www-form-urlencoded", "form:q", "a=1&q=new+%22words%22&b=2"},
		"text":             {"{{prompt}}", "text/plain", "", `new "words"`},
		"marked form":      {"a=1&zz=Say:+{{prompt}}!", "", "", "a=1&zz=Say%3A+new+%22words%22%21"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := target.Draft{Provider: "custom", URL: base + "/echo", Body: []byte(test.body), Slot: test.slot, Answer: "/raw"}
			if test.kind != "" {
				d.Header = traffic.Header{{Name: "Content-Type", Value: test.kind}}
			}
			a, err := reach(t, build(t, d), target.Options{}).Send(t.Context(), target.Request{Prompt: `new "words"`})
			if err != nil {
				t.Fatal(err)
			}
			if a.Text != test.want || string(a.Sent.Body.Data) != test.want {
				t.Errorf("arrived %q, said to be sent %q, want %q", a.Text, a.Sent.Body.Data, test.want)
			}
		})
	}
}

// TestQuery puts the prompt into a query.
func TestQuery(t *testing.T) {
	t.Parallel()
	m := build(t, target.Draft{Provider: "custom", URL: faulty(t) + "/echo?zz={{prompt}}&b=2", Method: "POST", Answer: "/path"})
	a, err := reach(t, m, target.Options{}).Send(t.Context(), target.Request{Prompt: "a & b"})
	if err != nil || a.Text != "/echo?zz=a+%26+b&b=2" {
		t.Errorf("%+v, %v", a, err)
	}
	if m := build(t, target.Draft{Provider: "custom", URL: "https://a.example/ask?q={{prompt}}"}); m.Method != "GET" || m.Slot != "query:q" {
		t.Errorf("%+v", m)
	}
}

// TestKeyInAddress tells nothing of a key that travels in the address when the network fails.
func TestKeyInAddress(t *testing.T) {
	t.Parallel()
	m := build(t, target.Draft{Provider: "custom", URL: "http://127.0.0.1:1/ask?q={{prompt}}", Auth: "query:key", Secret: "env:K"})
	_, err := reach(t, m, target.Options{}).Send(t.Context(), target.Request{Prompt: "x"})
	f, ok := target.FailureOf(err)
	if !ok || f.Code != target.CodeRefused || strings.Contains(f.Error()+f.Err.Error(), "secret-key-1") {
		t.Errorf("%v, cause %v", err, f.Err)
	}
}

// TestOtherSlot puts a prompt elsewhere in another request.
func TestOtherSlot(t *testing.T) {
	t.Parallel()
	m := build(t, target.Draft{Provider: "custom", URL: faulty(t) + "/echo", Body: []byte(`{"q":"{{prompt}}"}`), Answer: "/raw"})
	made := reach(t, m, target.Options{})
	in := made.Input()
	in.RequestBody = []byte(`{"system":"be good","q":"hello"}`)
	a, err := made.Send(t.Context(), target.Request{Prompt: "be bad", At: llm.Ref{In: llm.PlaceJSON, Name: "/system"}, Base: &in})
	if err != nil || a.Text != `{"system":"be bad","q":"hello"}` {
		t.Errorf("%v, %v", a, err)
	}
	_, err = made.Send(t.Context(), target.Request{Prompt: "x", At: llm.Ref{In: llm.PlaceJSON, Name: "/none"}})
	if f, ok := target.FailureOf(err); !ok || f.Code != target.CodeNotSent {
		t.Errorf("a place that is not there: %v", err)
	}
}

// TestProof sends a key in every form.
func TestProof(t *testing.T) {
	t.Parallel()
	base := faulty(t)
	tests := map[string]struct{ auth, secret, name, want string }{
		"bearer": {"bearer", "key-1", "Authorization", "Bearer key-1"},
		"header": {"header:X-My-Key", "key-1", "X-My-Key", "key-1"},
		"basic":  {"basic", "ada:pw", "Authorization", "Basic YWRhOnB3"},
	}
	for name, test := range tests {
		m := build(t, target.Draft{Provider: "custom", URL: base + "/echo", Body: []byte(`{"q":"{{prompt}}"}`), Auth: test.auth, Secret: "env:K", Answer: "/raw"})
		a, err := reach(t, m, target.Options{Secret: func(context.Context, string) (string, error) { return test.secret, nil }}).Send(t.Context(), target.Request{Prompt: "x"})
		if err != nil {
			t.Fatal(err)
		}
		found := ""
		for _, h := range gjson.GetBytes(a.Body, "headers").Array() {
			if strings.EqualFold(h.Get("0").Str, test.name) {
				found = h.Get("1").Str
			}
		}
		if found != test.want || strings.Contains(a.Hide(string(a.Body)), test.secret) {
			t.Errorf("%s: %q arrived, want %q", name, found, test.want)
		}
	}
	m := build(t, target.Draft{Provider: "custom", URL: base + "/echo?a=1", Body: []byte(`{"q":"{{prompt}}"}`), Auth: "query:key", Secret: "env:K", Answer: "/path"})
	a, err := reach(t, m, target.Options{Secret: func(context.Context, string) (string, error) { return "k&1", nil }}).Send(t.Context(), target.Request{Prompt: "x"})
	if err != nil || a.Text != "/echo?a=1&key=k%261" {
		t.Errorf("query: %+v, %v", a, err)
	}
}

// TestReferences puts secrets into headers, and sends nothing without them.
func TestReferences(t *testing.T) {
	t.Parallel()
	d := target.Draft{
		Provider: "custom", URL: faulty(t) + "/echo", Body: []byte(`{"q":"{{prompt}}"}`), Answer: "/raw",
		Header: traffic.Header{{Name: "X-Tenant", Value: "a {{env:TENANT}} {{unknown}}"}, {Name: "Cookie", Value: "sid=⟨cred:0123456789abcdef⟩"}},
	}
	known := map[string]string{"env:TENANT": "seven", "⟨cred:0123456789abcdef⟩": "cookie-value"}
	get := func(_ context.Context, ref string) (string, error) {
		if v, ok := known[ref]; ok {
			return v, nil
		}
		return "", errors.New("unknown " + ref)
	}
	a, err := reach(t, build(t, d), target.Options{Secret: get}).Send(t.Context(), target.Request{Prompt: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Sent.Header.Get("X-Tenant") + ", " + a.Sent.Header.Get("Cookie"); got != "a seven {{unknown}}, sid=cookie-value" {
		t.Errorf("sent %q", got)
	}
	known["env:TENANT"] = "line\r\nend"
	if _, err := reach(t, build(t, d), target.Options{Secret: get}).Send(t.Context(), target.Request{Prompt: "x"}); err == nil {
		t.Error("a secret with a line end was sent")
	}
	delete(known, "env:TENANT")
	a, err = reach(t, build(t, d), target.Options{Secret: get}).Send(t.Context(), target.Request{Prompt: "x"})
	if f, ok := target.FailureOf(err); !ok || f.Code != target.CodeNoSecret || a != nil {
		t.Errorf("without the secret: %v, %v", a, err)
	}
}

// TestProxyOfEnvironment goes straight to the host although the environment names a proxy that is not there.
func TestProxyOfEnvironment(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	t.Setenv("ALL_PROXY", "http://127.0.0.1:1")
	if _, err := reach(t, openAIAt(t, faulty(t)+"/openai"), target.Options{}).Try(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestGzip reads an answer whose coding is undone.
func TestGzip(t *testing.T) {
	t.Parallel()
	tried, err := reach(t, openAIAt(t, faulty(t)+"/gzip"), target.Options{}).Try(t.Context())
	if err != nil || tried.Answer.Text != "Paris is the capital." {
		t.Errorf("%+v, %v", tried.Answer, err)
	}
}
