package app_test

import (
	"strings"
	"testing"

	"assay/app"
)

// requestTexts are texts that hold requests, as people have them, with the form each is told to be.
var requestTexts = []struct {
	name, form, text string
	requests         int
	prompt, url      string // of the first that fits
}{
	{"curl", "curl", `curl https://api.openai.com/v1/chat/completions -H 'Authorization: Bearer sk-1' -d '{"model":"m","messages":[{"role":"user","content":"hello there"}]}'`, 1, "hello there", "https://api.openai.com/v1/chat/completions"},
	{"curl with a prompt sign", "curl", "  $ curl 'https://a.example/chat?key=sk-secret-000111222' -d '{\"message\":\"what now\"}'", 1, "what now", "https://a.example/chat?key=•••"},
	{"HTTP", "raw", "POST /chat HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\n\r\n{\"message\":\"hi you\"}", 1, "hi you", "https://a.example/chat"},
	{"HTTP to this machine", "raw", "POST /chat HTTP/1.1\nHost: 127.0.0.1:8123\nContent-Type: application/json\n\n{\"message\":\"hi you\"}", 1, "hi you", "http://127.0.0.1:8123/chat"},
	{"Postman", "postman", `{"info":{"name":"c","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[{"name":"q","request":{"method":"POST","url":"https://a.example/ask","header":[{"key":"Content-Type","value":"application/json"}],"body":{"mode":"raw","raw":"{\"question\":\"why is that\"}"}}}]}`, 1, "why is that", "https://a.example/ask"},
	{"OpenAPI in YAML", "openapi", "openapi: 3.0.3\ninfo: {title: Shop, version: '1'}\nservers: [{url: 'https://a.example/v2'}]\npaths:\n  /chat:\n    post:\n      requestBody: {content: {application/json: {schema: {type: object, required: [message], properties: {message: {type: string}}}}}}\n      responses: {'200': {description: ok}}\n", 1, "{{prompt}}", "https://a.example/v2/chat"},
	{"OpenAPI in JSON", "openapi", `{"openapi":"3.0.3","info":{"title":"Shop","version":"1"},"servers":[{"url":"https://a.example"}],"paths":{"/chat":{"post":{"requestBody":{"content":{"application/json":{"schema":{"type":"object","required":["prompt"],"properties":{"prompt":{"type":"string"}}}}}},"responses":{"200":{"description":"ok"}}}}}}`, 1, "{{prompt}}", "https://a.example/chat"},
	{"HAR of two", "har", `{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[` +
		harEntry("GET", "https://a.example/style.css", "") + `,` + harEntry("POST", "https://a.example/v1/chat/completions", `{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"from the file\"}]}`) + `]}}`, 2, "from the file", "https://a.example/v1/chat/completions"},
}

func harEntry(method, url, body string) string {
	post := ""
	if body != "" {
		post = `,"postData":{"mimeType":"application/json","text":"` + body + `"}`
	}
	return `{"startedDateTime":"2026-01-01T00:00:00Z","time":1,"request":{"method":"` + method + `","url":"` + url +
		`","httpVersion":"HTTP/1.1","headers":[{"name":"Content-Type","value":"application/json"}]` + post + `},"response":{"status":200,"headers":[],"content":{}}}`
}

func TestModelRequests(t *testing.T) {
	t.Parallel()
	for _, tc := range requestTexts {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			form, err := app.DetectModelText([]byte(tc.text))
			if err != nil || form != tc.form {
				t.Fatalf("form %q, %v", form, err)
			}
			list, total, left, err := app.ModelRequests(form, []byte(tc.text), "")
			if err != nil || total != tc.requests || left != 0 || len(list) != tc.requests {
				t.Fatalf("%d of %d, %d left: %v", len(list), total, left, err)
			}
			for _, q := range list {
				if strings.Contains(q.URL, "sk-") {
					t.Errorf("a key is told: %s", q.URL)
				}
				if !q.Fits {
					continue
				}
				if q.Prompt != tc.prompt || q.URL != tc.url || q.N == 0 {
					t.Errorf("%+v", q)
				}
				return
			}
			t.Error("no request has a place for a prompt")
		})
	}
}

// TestModelRequestsWrong says what is wrong with a text that holds no request.
func TestModelRequestsWrong(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                             "there is nothing in it",
		"what is this":                 "no request that Assay can read",
		"\x00\x01\x02":                 "no request that Assay can read",
		`{"log":{"entries":[]}}`:       "it holds no request",
		"curl":                         "no request that Assay can read",
		"POST /chat HTTP/1.1\n\nhello": "cannot be read",
		"openapi: 3.0.3\npaths: {}\n":  "no operation that takes a prompt",
		`{"openapi":"3.0.3"`:           "cannot be read",
	} {
		form, err := app.DetectModelText([]byte(text))
		if err == nil {
			_, _, _, err = app.ModelRequests(form, []byte(text), "")
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// FuzzModelRequests reads whatever somebody pastes: it neither panics nor tells more requests than there are.
func FuzzModelRequests(f *testing.F) {
	for _, tc := range requestTexts {
		f.Add(tc.text, "")
	}
	f.Add("POST / HTTP/1.1\nHost: [::1]:99\n\n", "http://127.0.0.1:1")
	f.Add("curl -d @/etc/passwd http://a", "")
	f.Fuzz(func(t *testing.T, text, origin string) {
		form, err := app.DetectModelText([]byte(text))
		if err != nil {
			return
		}
		list, total, left, err := app.ModelRequests(form, []byte(text), origin)
		if err != nil {
			return
		}
		if len(list) > total || len(list) > 500 || left < 0 {
			t.Fatalf("%d of %d, %d left", len(list), total, left)
		}
		for i, q := range list {
			if i > 0 && q.N <= list[i-1].N || q.N > total {
				t.Fatalf("request %d of %d is number %d", i, total, q.N)
			}
		}
	})
}
