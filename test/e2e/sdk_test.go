package e2e_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// sdkKey is the key all programs use; it must never reach the disk in clear.
const sdkKey = "sk-lab-e2e-0123456789abcdef"

// sdk is one program of test/sdk.
type sdk struct {
	program  string
	provider string
	families []family // the first whose word is in the question
	base     string   // BASE_URL through the proxy; "" leaves the SDK's own
	reverse  string   // BASE_URL below the recorder in reverse mode
}

type family struct{ word, name string }

var sdks = []sdk{
	{"openai", "openai", []family{{"response", "openai.responses"}, {"", "openai.chat"}}, "", "/r/openai/v1"},
	{"vercel", "openai", []family{{"response", "openai.responses"}, {"", "openai.chat"}}, "", "/r/openai/v1"},
	{"anthropic", "anthropic", []family{{"", "anthropic.messages"}}, "", "/r/anthropic"},
	{"google", "google-ai-studio", []family{{"stream", "gemini.streamGenerateContent"}, {"", "gemini.generateContent"}}, "", "/r/gemini"},
	{"ollama", "ollama-cloud", []family{{"", "ollama.chat"}}, "https://ollama.com", "/r/lab/ollama"},
	{"cohere", "cohere", []family{{"", "cohere.v2.chat"}}, "", "/r/cohere"},
	{"mistral", "mistral", []family{{"", "openai.chat"}}, "", "/r/mistral"},
	{"bedrock", "aws-bedrock", []family{{"stream", "bedrock.converse_stream"}, {"", "bedrock.converse"}}, "https://bedrock-runtime.us-east-1.amazonaws.com", "/r/lab/bedrock"},
}

// received is what an SDK says it got.
type received struct {
	Asked        string     `json:"asked"`
	Streamed     bool       `json:"streamed"`
	Model        *string    `json:"model"`
	Text         string     `json:"text"`
	Reasoning    *string    `json:"reasoning"`
	Calls        []toolCall `json:"tool_calls"`
	InputTokens  int        `json:"input_tokens"`
	OutputTokens int        `json:"output_tokens"`
	Finish       string     `json:"finish"`
}

// sdkFolder is test/sdk, with its packages installed.
func sdkFolder(t *testing.T) string {
	t.Helper()
	folder, err := filepath.Abs("../sdk")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "openai")); err != nil {
		t.Fatal("the npm packages of test/sdk are not installed: run `make setup`")
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Fatal("node is not installed: run `make setup`")
	}
	return folder
}

// TestSDKsThroughLaunch runs unmodified programs with `assay launch`: they know neither the proxy nor its certificate.
func TestSDKsThroughLaunch(t *testing.T) {
	t.Parallel()
	folder := sdkFolder(t)
	r := record(t)
	t.Run("programs", func(t *testing.T) {
		for _, s := range sdks {
			t.Run(s.program, func(t *testing.T) {
				t.Parallel()
				env := []string{"API_KEY=" + sdkKey}
				if s.base != "" {
					env = append(env, "BASE_URL="+s.base)
				}
				out := r.launch(t, env, "node", filepath.Join(folder, s.program+".mjs"))
				s.compare(t, r, lines[received](t, out))
			})
		}
	})
	t.Run("sealed", func(t *testing.T) {
		r.stop()
		nowhere(t, r.home, sdkKey)
	})
}

// TestSDKsInReverse gives the SDKs a base URL and nothing else: no proxy, no certificate.
func TestSDKsInReverse(t *testing.T) {
	t.Parallel()
	folder := sdkFolder(t)
	r := record(t, "--provider", "lab="+target.URL)
	for _, s := range sdks {
		t.Run(s.program, func(t *testing.T) {
			t.Parallel()
			env := append(environment(r.home), "API_KEY="+sdkKey, "BASE_URL=http://"+r.Listen+s.reverse)
			out := runIn(t, env, "node", filepath.Join(folder, s.program+".mjs"))
			if strings.HasPrefix(s.reverse, "/r/lab") {
				s.provider = "" // a loopback host is nobody's
			}
			s.compare(t, r, lines[received](t, out))
		})
	}
}

// compare holds what was recorded against what the SDK received.
func (s sdk) compare(t *testing.T, r *recorder, got []received) {
	t.Helper()
	if len(got) < 4 {
		t.Fatalf("%s made %d calls, expected at least 4", s.program, len(got))
	}
	rows := r.await(t, s.program, func(rows []row) bool {
		for _, g := range got {
			if _, ok := asked(rows, g.Asked); !ok {
				return false
			}
		}
		return true
	})
	for _, g := range got {
		one, _ := asked(rows, g.Asked)
		want := row{
			ID: one.ID, Method: "POST", URL: one.URL, Host: one.Host, Status: 200, State: "complete", Protocol: one.Protocol,
			Kind: "llm", Provider: one.Provider, Family: s.family(g.Asked), Model: one.Model, Stream: g.Streamed,
			Messages: one.Messages, Roles: one.Roles, System: one.System, LastUser: g.Asked, Answer: g.Text,
			Reasoning: one.Reasoning, Tools: one.Tools, Calls: g.Calls, Finish: g.Finish,
			InputTokens: g.InputTokens, OutputTokens: g.OutputTokens, RequestSize: one.RequestSize, AnswerSize: one.AnswerSize,
		}
		if s.provider != "" {
			want.Provider = s.provider
		}
		if g.Model != nil {
			want.Model = *g.Model
		}
		if g.Reasoning != nil {
			want.Reasoning = *g.Reasoning
		}
		if len(want.Calls) == 0 {
			want.Calls = nil
		} else {
			want.Tools = []string{"get_weather"}
		}
		if g.Streamed && one.State == "closed" {
			want.State = "closed" // the SDK had read [DONE] and hung up before the last, empty chunk
		}
		if !reflect.DeepEqual(one, want) {
			t.Errorf("%q:\nrecorded %+v\nreceived %+v", g.Asked, one, want)
		}
		if one.Model == "" || one.Messages == 0 || len(one.Roles) == 0 || one.RequestSize == 0 || one.AnswerSize == 0 {
			t.Errorf("%q: model, messages, roles or sizes are missing: %+v", g.Asked, one)
		}
	}
}

func (s sdk) family(question string) string {
	for _, f := range s.families {
		if strings.Contains(question, f.word) {
			return f.name
		}
	}
	return ""
}

// nowhere checks that no file below a folder has the secret in clear.
func nowhere(t *testing.T, folder, secret string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("%s holds a key in clear", filepath.Base(path))
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Errorf("looked at %d files: %v", files, err)
	}
}

// TestProgramEnds checks that a program ends when its work is done, and does not wait for idle connections to the proxy.
func TestProgramEnds(t *testing.T) {
	t.Parallel()
	sdkFolder(t)
	r := record(t)
	script := `
		new Headers()
		const answer = await fetch('https://api.openai.com/v1/models')
		await answer.text()
		const done = Date.now()
		process.on('exit', () => console.log(JSON.stringify({ status: answer.status, lingered: Date.now() - done })))`
	got := lines[struct{ Status, Lingered int }](t, r.launch(t, nil, "node", "--input-type=module", "--eval", script))
	if len(got) != 1 || got[0].Status != 200 || got[0].Lingered > 2000 {
		t.Errorf("%+v: want status 200, and to end within two seconds (milliseconds are shown)", got)
	}
}
