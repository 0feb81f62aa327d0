package snippet_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"assay/app/snippet"
	"assay/llm"
	"assay/traffic"
)

const placeholder = "⟨cred:3f9a1b2c⟩"

func post(url, body string, header ...string) *traffic.Record {
	h := traffic.Header{{Name: "Content-Type", Value: "application/json"}}
	for i := 0; i+1 < len(header); i += 2 {
		h = append(h, traffic.Field{Name: header[i], Value: header[i+1]})
	}
	return &traffic.Record{Exchange: traffic.Exchange{Request: traffic.Request{
		Method: "POST", URL: url, Header: h, Body: traffic.Body{Size: int64(len(body)), Kept: int64(len(body)), Data: []byte(body)},
	}}}
}

func conversation(r *traffic.Record) *llm.Conversation {
	c := llm.Parse(llm.Input{Method: r.Request.Method, URL: r.Request.URL, RequestHeader: r.Request.Header, RequestBody: r.Request.Body.Data})
	return &c
}

const (
	chatBody   = `{"model":"gpt-4o","messages":[{"role":"user","content":"Grüße \"you\" 🙂\n\u202eevil"}],"temperature":0.5,"odd_one":{"a":[1,null,true]}}`
	claudeBody = `{"model":"claude-sonnet-4-5","max_tokens":100,"messages":[{"role":"user","content":"hello"}]}`
	geminiBody = `{"contents":[{"role":"user","parts":[{"text":"hello"}]}],"generationConfig":{"maxOutputTokens":50,"temperature":0.1},"systemInstruction":{"parts":[{"text":"brief"}]}}`
)

// samples are requests of several providers, and of nobody we know.
func samples() map[string]*traffic.Record {
	hostile := "`${process.exit(7)}` '''\"\"\"\\\r\n\x00\x1b[31m\u2028\u202e */ <!-- </script> {{x}} %s $(id) \\u0041 " + placeholder
	quoted, _ := json.Marshal(hostile)
	binary := post("https://files.example/upload", "\x00\xff\xfe\"\\\n", "X-Trace", "1")
	binary.Request.Header[0].Value = "application/octet-stream"
	form := post("https://old.example/ask?q=a%20b&k="+placeholder, "prompt=it%27s+"+hostile, "Cookie", "session="+placeholder)
	form.Request.Header[0].Value = "application/x-www-form-urlencoded"
	get := post("https://api.openai.com/v1/models", "", "Authorization", "Bearer "+placeholder)
	get.Request.Method = "GET"
	odd := post("https://odd.example/", "{}", "X-Odd", hostile)
	odd.Request.Method = "PO\"ST\n"
	return map[string]*traffic.Record{
		"openai chat":      post("https://api.openai.com/v1/chat/completions", chatBody, "Authorization", "Bearer "+placeholder, "OpenAI-Organization", "org-1"),
		"compatible":       post("https://openrouter.ai/api/v1/chat/completions", chatBody, "Authorization", "Bearer "+placeholder),
		"openai stream":    post("https://api.openai.com/v1/chat/completions", strings.Replace(chatBody, `"temperature"`, `"stream":true,"temperature"`, 1), "Authorization", "Bearer "+placeholder),
		"openai responses": post("https://api.openai.com/v1/responses", `{"model":"gpt-4o","input":"hi"}`, "Authorization", "Bearer "+placeholder),
		"embeddings":       post("https://api.openai.com/v1/embeddings", `{"model":"text-embedding-3-small","input":["a"]}`, "Authorization", "Bearer "+placeholder),
		"anthropic":        post("https://api.anthropic.com/v1/messages", claudeBody, "X-Api-Key", placeholder, "Anthropic-Version", "2023-06-01", "Anthropic-Beta", "tools-1"),
		"gemini":           post("https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent?key="+placeholder, geminiBody),
		"gemini stream":    post("https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", geminiBody, "X-Goog-Api-Key", placeholder),
		"hostile chat":     post("https://api.openai.com/v1/chat/completions", `{"model":`+string(quoted)+`,"messages":[{"role":"user","content":`+string(quoted)+`}],`+string(quoted)+`:1}`),
		"twice":            post("https://x.example/", `{"a":1,"a":2}`),
		"proto":            post("https://x.example/", `{"__proto__":{"x":1}}`),
		"numbers":          post("https://x.example/", `{"n":12345678901234567890,"f":1e400}`),
		"surrogate":        post("https://x.example/", `{"s":"\ud800"}`),
		"deep":             post("https://x.example/", strings.Repeat("[", 500)+strings.Repeat("]", 500)),
		"array":            post("https://x.example/", `[{"a":-1.5e3},[],{}]`),
		"binary":           binary, "form": form, "get": get, "odd": odd,
	}
}

func TestProgramsParse(t *testing.T) {
	t.Parallel()
	for name, r := range samples() {
		for _, reveal := range []traffic.Reveal{nil, func(string) string { return "sk-\"'`\\" }} {
			c := conversation(r)
			compiles(t, name, snippet.Python(r, c, reveal), snippet.JavaScript(r, c, reveal))
		}
	}
}

// compiles hands the programs to the compilers of their languages; nothing is run.
func compiles(t *testing.T, name, py, js string) {
	t.Helper()
	check := exec.CommandContext(t.Context(), "python3", "-c", "import sys; compile(sys.stdin.buffer.read().decode(), 'snippet', 'exec')")
	check.Stdin = strings.NewReader(py)
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("%s: Python refuses it: %v\n%s\n%s", name, err, out, py)
	}
	file := filepath.Join(t.TempDir(), "snippet.mjs")
	if err := os.WriteFile(file, []byte(js), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "node", "--check", file).CombinedOutput(); err != nil {
		t.Errorf("%s: node refuses it: %v\n%s\n%s", name, err, out, js)
	}
}

func TestWhichProgram(t *testing.T) {
	t.Parallel()
	all := samples()
	for name, want := range map[string][2]string{
		"openai chat":      {"client.chat.completions.create(", "client.chat.completions.create("},
		"compatible":       {`base_url="https://openrouter.ai/api/v1"`, `baseURL: "https://openrouter.ai/api/v1"`},
		"openai responses": {"client.responses.create(", "client.responses.create("},
		"embeddings":       {"client.embeddings.create(", "client.embeddings.create("},
		"anthropic":        {`os.environ["ANTHROPIC_API_KEY"]`, "process.env.ANTHROPIC_API_KEY"},
		"gemini":           {"client.models.generate_content(", "client.models.generateContent("},
		"gemini stream":    {"client.models.generate_content_stream(", "client.models.generateContentStream("},
		"get":              {"requests.request(", "await fetch("},
		"form":             {`"session=" + os.environ["CREDENTIAL_1"]`, `"session=" + process.env.CREDENTIAL_1`},
	} {
		r := all[name]
		py, js := snippet.Python(r, conversation(r), nil), snippet.JavaScript(r, conversation(r), nil)
		if !strings.Contains(py, want[0]) {
			t.Errorf("%s: %q is not in\n%s", name, want[0], py)
		}
		if !strings.Contains(js, want[1]) {
			t.Errorf("%s: %q is not in\n%s", name, want[1], js)
		}
	}
	py := snippet.Python(all["openai chat"], conversation(all["openai chat"]), nil)
	for _, want := range []string{"extra_body={", `"odd_one"`, `extra_headers={`, `\u202eevil`, "🙂", "sealed as " + placeholder} {
		if !strings.Contains(py, want) {
			t.Errorf("%q is not in\n%s", want, py)
		}
	}
}

func TestCredentialsAreNotInPrograms(t *testing.T) {
	t.Parallel()
	const secret = "sk-live-0123456789"
	r := post("https://api.openai.com/v1/chat/completions", chatBody, "Authorization", "Bearer "+secret)
	for _, program := range []string{snippet.Python(r, conversation(r), nil), snippet.JavaScript(r, conversation(r), nil)} {
		if strings.Contains(program, secret) || !strings.Contains(program, "OPENAI_API_KEY") {
			t.Errorf("got\n%s", program)
		}
	}
	r = post("https://api.openai.com/v1/chat/completions", chatBody, "Authorization", "Bearer "+placeholder)
	revealed := snippet.Python(r, conversation(r), func(string) string { return secret })
	if !strings.Contains(revealed, secret) {
		t.Errorf("revealed, but not in\n%s", revealed)
	}
}

// seen is a request as a server saw it.
type seen struct {
	method, path, key string
	body              []byte
}

func server(t *testing.T) (url string, last func() seen) {
	t.Helper()
	var got seen
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = seen{r.Method, r.URL.RequestURI(), r.Header.Get("X-Key"), body}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":true}`)
	}))
	t.Cleanup(s.Close)
	return s.URL, func() seen { return got }
}

// TestFetchSendsTheSame runs the JavaScript programs against a server and compares what arrives with what was recorded.
func TestFetchSendsTheSame(t *testing.T) {
	t.Parallel()
	url, last := server(t)
	for name, body := range map[string]string{
		"json": `{"text":"Grüße \"x\" \u0000 \u2028 🙂","n":[1.5,-2,true,null]}`, "twice": `{"a":1,"a":2}`, "proto": `{"__proto__":1}`,
		"big": `{"n":12345678901234567890}`, "surrogate": `{"s":"\ud800"}`, "text": "it's `${1}` \\ \"x\"\r\n",
	} {
		r := post(url+"/a?b=c%20d", body, "X-Key", placeholder)
		file := filepath.Join(t.TempDir(), "run.mjs")
		if err := os.WriteFile(file, []byte(snippet.JavaScript(r, conversation(r), nil)), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), "node", file)
		cmd.Env = append(os.Environ(), "CREDENTIAL_1=the key")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		got := last()
		if got.method != "POST" || got.path != "/a?b=c%20d" || got.key != "the key" || !same(got.body, []byte(body)) {
			t.Errorf("%s: arrived %+v with %q, want %q", name, got, got.body, body)
		}
	}
}

// same compares bodies: as JSON where the program may write it anew, as bytes otherwise.
func same(a, b []byte) bool {
	if string(a) == string(b) {
		return true
	}
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// FuzzPrograms holds that nothing recorded leaves its literal: the programs always compile, and are the same apart from
// literals whatever the text is.
func FuzzPrograms(f *testing.F) {
	for _, s := range []string{"", "x", "\"", "\\", "\"\"\"", "'''", "\x00\xff", "\u2028", "⟨cred:\"⟩", "⟨cred:\u2028x⟩", "${a}`", "\r\n#"} {
		f.Add(s, s, s)
	}
	f.Fuzz(func(t *testing.T, url, header, body string) {
		r := post("https://h.example/"+url, body, "X-A", header)
		quoted, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		chat := post("https://api.openai.com/v1/chat/completions", `{"model":"m","messages":[{"role":"user","content":`+string(quoted)+`}]}`, "X-A", header)
		for _, r := range []*traffic.Record{r, chat} {
			c := conversation(r)
			for _, program := range []string{snippet.Python(r, c, nil), snippet.JavaScript(r, c, nil)} {
				if why := leaves(program); why != "" {
					t.Fatalf("%s in\n%s", why, program)
				}
			}
		}
	})
}

// leaves looks for an unbalanced literal: each line has an even number of quotes that are not escaped, and no character
// that a language may take for the end of a line.
func leaves(program string) string {
	for line := range strings.SplitSeq(program, "\n") {
		if strings.ContainsAny(line, "\r\u2028\u2029\x00\u0085") {
			return "a line end"
		}
		if strings.HasPrefix(line, "#") || strings.HasPrefix(line, "//") {
			continue
		}
		quotes, escaped := 0, false
		for _, r := range line {
			switch {
			case escaped:
				escaped = false
			case r == '\\':
				escaped = true
			case r == '"':
				quotes++
			}
		}
		if quotes%2 != 0 {
			return "an open quote in " + line
		}
	}
	return ""
}
