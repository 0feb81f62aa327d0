package lab_test

import (
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assay/lab"
)

var update = flag.Bool("update", false, "write the golden files")

const (
	askCount  = `"messages":[{"role":"user","content":"Count to 3"}]`
	toolChat  = `"messages":[{"role":"user","content":"What is the weather in Paris?"}],"tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}]`
	askGemini = `"contents":[{"role":"user","parts":[{"text":"Count to 3"}]}]`
)

// shapes are one request of every kind; testdata holds the answers, byte for byte.
var shapes = []struct{ name, method, path, body string }{
	{"openai-chat", "POST", "/v1/chat/completions", `{"model":"gpt-4o",` + askCount + `}`},
	{"openai-chat-stream", "POST", "/v1/chat/completions", `{"model":"gpt-4o","stream":true,"stream_options":{"include_usage":true},` + askCount + `}`},
	{"openai-chat-reasoning-stream", "POST", "/v1/chat/completions", `{"model":"lab-reasoner","stream":true,` + askCount + `}`},
	{"openai-chat-tools", "POST", "/v1/chat/completions", `{"model":"gpt-4o",` + toolChat + `}`},
	{"openai-chat-tools-stream", "POST", "/v1/chat/completions", `{"model":"gpt-4o","stream":true,` + toolChat + `}`},
	{"openai-responses", "POST", "/v1/responses", `{"model":"gpt-4o","input":"Count to 3","instructions":"Be brief."}`},
	{"openai-responses-stream", "POST", "/v1/responses", `{"model":"gpt-4o","stream":true,"reasoning":{"effort":"low"},"input":[{"role":"user","content":[{"type":"input_text","text":"Count to 3"}]}]}`},
	{"openai-responses-incomplete", "POST", "/v1/responses", `{"model":"gpt-4o","max_output_tokens":2,"input":"Count to 3"}`},
	{"openai-completions", "POST", "/v1/completions", `{"model":"davinci-002","prompt":"Count to 3"}`},
	{"openai-completions-stream", "POST", "/v1/completions", `{"model":"davinci-002","stream":true,"prompt":"Count to 3"}`},
	{"openai-embeddings", "POST", "/v1/embeddings", `{"model":"text-embedding-3-small","input":["a loaf"],"dimensions":4}`},
	{"openai-moderations", "POST", "/v1/moderations", `{"input":"How do I build a bomb?"}`},
	{"openai-models", "GET", "/v1/models", ""},
	{"openai-unknown-model", "POST", "/v1/chat/completions", `{"model":"nothing-like-it",` + askCount + `}`},
	{"openai-busy", "POST", "/v1/chat/completions", `{"model":"lab-busy",` + askCount + `}`},
	{"openai-bad-json", "POST", "/v1/chat/completions", `{"model":`},
	{"anthropic-messages", "POST", "/v1/messages", `{"model":"claude-sonnet-4-6","max_tokens":99,` + askCount + `}`},
	{"anthropic-thinking-stream", "POST", "/v1/messages", `{"model":"claude-sonnet-4-6","max_tokens":99,"stream":true,"thinking":{"type":"enabled"},` + askCount + `}`},
	{"anthropic-tools-stream", "POST", "/v1/messages", `{"model":"claude-sonnet-4-6","max_tokens":99,"stream":true,"messages":[{"role":"user","content":"The weather in Paris?"}],"tools":[{"name":"weather","input_schema":{"type":"object","properties":{"city":{"type":"string"}}}}]}`},
	{"anthropic-count", "POST", "/v1/messages/count_tokens", `{"model":"claude-sonnet-4-6",` + askCount + `}`},
	{"anthropic-no-limit", "POST", "/v1/messages", `{"model":"claude-sonnet-4-6",` + askCount + `}`},
	{"gemini", "POST", "/v1beta/models/gemini-2.5-flash:generateContent", `{` + askGemini + `}`},
	{"gemini-sse", "POST", "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", `{"generationConfig":{"thinkingConfig":{"includeThoughts":true}},` + askGemini + `}`},
	{"gemini-array", "POST", "/v1beta/models/gemini-2.5-flash:streamGenerateContent", `{` + askGemini + `}`},
	{"gemini-embed", "POST", "/v1beta/models/gemini-embedding-001:embedContent", `{"content":{"parts":[{"text":"a loaf"}]}}`},
	{"gemini-unknown-model", "POST", "/v1beta/models/nothing:generateContent", `{` + askGemini + `}`},
	{"ollama-chat", "POST", "/api/chat", `{"model":"llama3.2","stream":false,` + askCount + `}`},
	{"ollama-chat-stream", "POST", "/api/chat", `{"model":"llama3.2","think":true,` + askCount + `}`},
	{"ollama-tools", "POST", "/api/chat", `{"model":"llama3.2",` + toolChat + `}`},
	{"ollama-generate", "POST", "/api/generate", `{"model":"llama3.2","prompt":"Count to 3"}`},
	{"ollama-embed", "POST", "/api/embed", `{"model":"nomic-embed-text","input":"a loaf"}`},
	{"ollama-tags", "GET", "/api/tags", ""},
	{"ollama-show", "POST", "/api/show", `{"model":"llama3.2"}`},
	{"cohere-chat", "POST", "/v2/chat", `{"model":"command-a-03-2025",` + askCount + `}`},
	{"cohere-tools-stream", "POST", "/v2/chat", `{"model":"command-a-03-2025","stream":true,` + toolChat + `}`},
	{"mistral-stream", "POST", "/mistral/v1/chat/completions", `{"model":"magistral-small","stream":true,` + askCount + `}`},
	{"mistral-tools", "POST", "/mistral/v1/chat/completions", `{"model":"mistral-small",` + toolChat + `}`},
	{"bedrock-converse", "POST", "/model/amazon.nova-lite-v1%3A0/converse", `{"messages":[{"role":"user","content":[{"text":"Count to 3"}]}]}`},
	{"backend-chat", "POST", "/api/chat", `{"message":"Count to 3"}`},
	{"backend-chat-stream", "POST", "/app/api/chat/stream", `{"message":"Count to 3"}`},
	{"vercel-ui", "POST", "/api/chat", `{"id":"1","messages":[{"id":"a","role":"user","parts":[{"type":"text","text":"What is the weather in Paris?"}]}]}`},
	{"a2a-card", "GET", "/.well-known/agent-card.json", ""},
	{"a2a-send", "POST", "/a2a", `{"jsonrpc":"2.0","id":1,"method":"message/send","params":{"message":{"parts":[{"kind":"text","text":"Count to 3"}]}}}`},
	{"a2a-stream", "POST", "/a2a", `{"jsonrpc":"2.0","id":"s","method":"message/stream","params":{"message":{"parts":[{"kind":"text","text":"Count to 3"}]}}}`},
	{"people", "GET", "/api/people", ""},
}

func TestShapes(t *testing.T) {
	t.Parallel()
	handler := lab.New(lab.Options{}).Handler()
	for _, shape := range shapes {
		t.Run(shape.name, func(t *testing.T) {
			t.Parallel()
			request := httptest.NewRequestWithContext(t.Context(), shape.method, "http://lab.example"+shape.path, strings.NewReader(shape.body))
			recorder := httptest.NewRecorder()
			handler.ServeHTTP(recorder, request)
			got := http.StatusText(recorder.Code) + "\n" + recorder.Header().Get("Content-Type") + "\n\n" + recorder.Body.String() + "\n"
			file := filepath.Join("testdata", shape.name+".golden")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("answered\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestBadKeys checks that every provider refuses the key "bad" in its own way of sending keys.
func TestBadKeys(t *testing.T) {
	t.Parallel()
	root := open(t)
	for _, c := range []struct {
		path, header string
		status       int
	}{
		{"/v1/chat/completions", "Authorization", 401},
		{"/v1/responses", "Authorization", 401},
		{"/v1/messages", "X-Api-Key", 401},
		{"/v1beta/models/gemini-2.5-flash:generateContent", "X-Goog-Api-Key", 400},
		{"/v2/chat", "Authorization", 401},
		{"/mistral/v1/chat/completions", "Authorization", 401},
		{"/model/amazon.nova-lite-v1:0/converse", "Authorization", 403},
		{"/api/generate", "Authorization", 401},
		{"/mcp", "Authorization", 401},
	} {
		key := "bad"
		if c.header == "Authorization" {
			key = "Bearer bad"
		}
		response, answer := send(t, "POST", root+c.path, `{"model":"gpt-4o"}`, c.header, key)
		if response.StatusCode != c.status || len(answer) < 10 {
			t.Errorf("%s: status %d, want %d: %s", c.path, response.StatusCode, c.status, answer)
		}
	}
}

func TestHostDecides(t *testing.T) {
	t.Parallel()
	handler := lab.New(lab.Options{}).Handler()
	for host, mark := range map[string]string{
		"api.mistral.ai":     `"object":"error"`,
		"api.mistral.ai:443": `"object":"error"`,
		"api.openai.com":     `"code":"model_not_found"`,
	} {
		request := httptest.NewRequestWithContext(t.Context(), "POST", "https://"+host+"/v1/chat/completions", strings.NewReader(`{"model":"nothing"}`))
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		if !strings.Contains(recorder.Body.String(), mark) {
			t.Errorf("%s answered %s", host, recorder.Body)
		}
	}
}

// TestPace checks that tokens come one by one, at the pace a request asks for.
func TestPace(t *testing.T) {
	t.Parallel()
	start := time.Now()
	_, answer := send(t, "POST", open(t)+"/v1/chat/completions", `{"model":"gpt-4o","stream":true,`+askCount+`}`, "X-Lab-Pace", "20ms")
	if took, events := time.Since(start), strings.Count(answer, "data: "); took < 100*time.Millisecond || events < 7 {
		t.Errorf("%d events in %v", events, took)
	}
}

func TestImage(t *testing.T) {
	t.Parallel()
	_, answer := send(t, "POST", open(t)+"/v1/images/generations", `{"prompt":"a loaf","n":2}`)
	var decoded struct {
		Data []struct {
			Picture []byte `json:"b64_json"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(answer), &decoded); err != nil || len(decoded.Data) != 2 {
		t.Fatalf("%v in %.200s", err, answer)
	}
	if kind := http.DetectContentType(decoded.Data[0].Picture); kind != "image/png" {
		t.Errorf("the picture is %s", kind)
	}
}

func TestWeb(t *testing.T) {
	t.Parallel()
	root := open(t)
	for path, mark := range map[string]string{
		"/": "/static/shop.js", "/static/shop.js": "/api/chat", "/static/shop.css": "body", "/api/people/2": "bruno@example.org",
		"/api/orders": "A-1001", "/healthz": "ok",
	} {
		if response, answer := send(t, "GET", root+path, ""); response.StatusCode != 200 || !strings.Contains(answer, mark) {
			t.Errorf("%s: status %d: %.200s", path, response.StatusCode, answer)
		}
	}
	response, _ := send(t, "POST", root+"/api/login", `{"user":"ada","password":"x"}`)
	if response.StatusCode != 200 || len(response.Cookies()) != 1 {
		t.Errorf("login: status %d, cookies %v", response.StatusCode, response.Cookies())
	}
	for path, want := range map[string]int{"/api/people/9": 404, "/nothing": 404, "/static/": 200} {
		if response, _ := send(t, "GET", root+path, ""); response.StatusCode != want {
			t.Errorf("%s: status %d, want %d", path, response.StatusCode, want)
		}
	}
}

// TestCompression checks that whole answers are compressed for those who accept it, and streams are not.
func TestCompression(t *testing.T) {
	t.Parallel()
	root := open(t)
	for stream, coding := range map[string]string{"false": "gzip", "true": ""} {
		response, _ := send(t, "POST", root+"/v1/chat/completions", `{"model":"gpt-4o","stream":`+stream+`,`+askCount+`}`, "Accept-Encoding", "gzip, br")
		if got := response.Header.Get("Content-Encoding"); got != coding {
			t.Errorf("stream %s: coding %q, want %q", stream, got, coding)
		}
	}
}
