package e2e_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// readLines decodes a file of JSON lines.
func readLines[T any](t *testing.T, file string) []T {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return lines[T](t, text)
}

// exchange is one line for `assay import jsonl`.
type exchange struct {
	Method          string            `json:"method"`
	URL             string            `json:"url"`
	RequestHeaders  map[string]string `json:"request_headers"`
	RequestBody     string            `json:"request_body"`
	Status          int               `json:"status"`
	ResponseHeaders map[string]string `json:"response_headers"`
	ResponseBody    []byte            `json:"response_body_b64"`
}

// conversations are one call of every kind; the answer comes from the lab.
var conversations = []struct{ url, body, family, kind string }{
	{"https://api.openai.com/v1/chat/completions", `{"model":"gpt-4o","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Tell me about bread"}]}`, "openai.chat", "llm"},
	{"https://api.openai.com/v1/chat/completions", `{"model":"gpt-4o","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"What is 6 * 7?"}]}`, "openai.chat", "llm"},
	{"https://api.openai.com/v1/responses", `{"model":"gpt-4o","stream":true,"input":"Count to 12"}`, "openai.responses", "llm"},
	{"https://api.openai.com/v1/embeddings", `{"model":"text-embedding-3-small","input":["a loaf","a kettle"]}`, "openai.embeddings", "embedding"},
	{"https://api.anthropic.com/v1/messages", `{"model":"claude-sonnet-4-6","max_tokens":64,"stream":true,"thinking":{"type":"enabled","budget_tokens":1024},"messages":[{"role":"user","content":"Hello"}]}`, "anthropic.messages", "llm"},
	{"https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent", `{"contents":[{"role":"user","parts":[{"text":"What is the capital of Italy?"}]}]}`, "gemini.generateContent", "llm"},
	{"https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent", `{"contents":[{"parts":[{"text":"What is the capital of Japan?"}]}]}`, "gemini.streamGenerateContent", "llm"},
	{"https://ollama.com/api/chat", `{"model":"llama3.2","messages":[{"role":"user","content":"Repeat: good bread"}]}`, "ollama.chat", "llm"},
	{"https://api.cohere.com/v2/chat", `{"model":"command-a-03-2025","stream":true,"messages":[{"role":"user","content":"Count to 5"}]}`, "cohere.v2.chat", "llm"},
	{"https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-lite-v1:0/converse-stream", `{"messages":[{"role":"user","content":[{"text":"Count to 7"}]}]}`, "bedrock.converse_stream", "llm"},
	{"https://lab.example/a2a", `{"jsonrpc":"2.0","id":1,"method":"message/send","params":{"message":{"kind":"message","messageId":"m1","role":"user","parts":[{"kind":"text","text":"Count to 4"}]}}}`, "a2a.jsonrpc", "agent"},
	{"https://lab.example/api/login", `{"user":"ada","password":"example"}`, "", "plain"},
}

// talk makes all conversations through a client.
func talk(t *testing.T, client *http.Client) []exchange {
	t.Helper()
	var made []exchange
	for _, c := range conversations {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.url, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer "+sdkKey)
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("%s: status %d, %v", c.url, response.StatusCode, err)
		}
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
		made = append(made, exchange{
			http.MethodPost, c.url,
			map[string]string{"content-type": "application/json", "authorization": "Bearer " + sdkKey},
			c.body, response.StatusCode,
			map[string]string{"content-type": response.Header.Get("Content-Type")},
			answer,
		})
	}
	return made
}

// plainRows is what must survive a trip through a file. Files hold answers without their compression, so of the size of
// an answer only counts that there is one.
func plainRows(rows []row) []row {
	kept := make([]row, 0, len(rows))
	for _, one := range rows {
		one.ID, one.Protocol, one.AnswerSize = "", "", min(one.AnswerSize, 1)
		kept = append(kept, one)
	}
	return kept
}

// TestFiles records one call of every kind, and carries them by HAR and by JSON lines into new projects.
func TestFiles(t *testing.T) {
	t.Parallel()
	r := record(t)
	made := talk(t, r.client(t))
	rows := r.await(t, "one call of every kind", func(rows []row) bool { return settled(rows) == len(made) })
	for i, c := range conversations {
		if rows[i].URL != c.url || rows[i].Family != c.family || rows[i].Kind != c.kind {
			t.Errorf("%s is of family %q, kind %q: want %q, %q", rows[i].URL, rows[i].Family, rows[i].Kind, c.family, c.kind)
		}
	}
	r.stop()
	for _, format := range []string{"har", "jsonl"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "all."+format)
			run(t, r.home, "export", format, file, "--project", r.Project)
			nowhere(t, filepath.Dir(file), sdkKey)
			home := t.TempDir()
			project := filepath.Join(home, "again.assay")
			run(t, home, "import", format, file, "--project", project)
			same(t, plainRows(list(t, home, project)), plainRows(rows))
		})
	}
}

// settled counts the rows that have ended and been read.
func settled(rows []row) int {
	n := 0
	for _, one := range rows {
		if one.State == "complete" && one.Kind != "" {
			n++
		}
	}
	return n
}

func same(t *testing.T, got, want []row) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d exchanges, want %d", len(got), len(want))
	}
	for i := range got {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", want[i].URL, got[i], want[i])
		}
	}
}

// TestImportJSONL imports exchanges that no proxy saw: ids come back in order, and the answers are read.
func TestImportJSONL(t *testing.T) {
	t.Parallel()
	r := record(t)
	made := talk(t, r.client(t))
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	for _, e := range made {
		if err := encoder.Encode(e); err != nil {
			t.Fatal(err)
		}
	}
	home := t.TempDir()
	file, project := filepath.Join(home, "made.jsonl"), filepath.Join(home, "made.assay")
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	ids := lines[struct {
		ID string `json:"id"`
	}](t, run(t, home, "import", "jsonl", file, "--project", project, "--json"))
	rows := map[string]row{}
	for _, one := range list(t, home, project) {
		rows[one.ID] = one
	}
	if len(ids) != len(made) || len(rows) != len(made) {
		t.Fatalf("%d ids and %d rows for %d exchanges", len(ids), len(rows), len(made))
	}
	recorded := r.await(t, "the same through the proxy", func(rows []row) bool { return settled(rows) == len(made) })
	for i, id := range ids {
		one := rows[id.ID]
		if one.URL != made[i].URL || one.Family != conversations[i].family {
			t.Errorf("line %d came back as %s, family %q", i, one.URL, one.Family)
		}
		if one.Answer != recorded[i].Answer || one.OutputTokens != recorded[i].OutputTokens || one.Finish != recorded[i].Finish {
			t.Errorf("%s: imported %+v\nrecorded %+v", one.URL, one, recorded[i])
		}
	}
}
