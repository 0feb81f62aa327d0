package discover_test

import (
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"assay/scanner"
	"assay/scanner/discover"
	"assay/traffic"
)

func TestClientName(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		process, agent string
		header         []string
		name, sdk      string
	}{
		{"", "", nil, "", ""},
		{"python3.12", "", nil, "python3.12", ""},
		{"python3.12", "OpenAI/Python 1.40.0", []string{"X-Stainless-Lang", "python", "X-Stainless-Package-Version", "1.40.0"}, "python3.12 (openai-python)", "openai-python 1.40.0"},
		{"", "AsyncOpenAI/Python 2.7.1", nil, "openai-python", "openai-python 2.7.1"},
		{"", "AsyncAzureOpenAI/Python 1.30.1", nil, "openai-python", "openai-python 1.30.1"},
		{"", "Anthropic/JS 0.71.2", []string{"X-Stainless-Lang", "js", "X-Stainless-Package-Version", "0.71.2"}, "anthropic-js", "anthropic-js 0.71.2"},
		{"", "Anthropic::Client/Ruby 1.16.3", nil, "anthropic-ruby", "anthropic-ruby 1.16.3"},
		{"", "OpenAI/NodeJS/3.3.0", nil, "openai-js", "openai-js 3.3.0"},
		{"", "", []string{"X-Stainless-Lang", "python", "X-Stainless-Package-Version", "0.75.0", "anthropic-version", "2023-06-01"}, "anthropic-python", "anthropic-python 0.75.0"},
		{"", "Agents/Python 0.2.7", []string{"X-Stainless-Lang", "python", "X-Stainless-Package-Version", "1.99.9"}, "openai-agents-python", "openai-agents-python 0.2.7"},
		{"node", "claude-cli/2.1.233 (external, cli)", []string{"X-Stainless-Lang", "js", "X-Stainless-Package-Version", "0.60.0", "anthropic-version", "2023-06-01", "x-app", "cli"}, "Claude Code", "anthropic-js 0.60.0"},
		{"codex", "codex_cli_rs/0.46.0 (Mac OS 15.6; arm64) iTerm.app", nil, "Codex CLI", ""},
		{"", "GeminiCLI/0.8.1/gemini-2.5-pro (darwin; arm64)", nil, "Gemini CLI", ""},
		{"Code", "GitHubCopilotChat/0.31.2", []string{"Editor-Version", "vscode/1.104.0"}, "GitHub Copilot", ""},
		{"Cursor", "Mozilla/5.0 (Macintosh) AppleWebKit/537.36 (KHTML, like Gecko) Cursor/1.6.0 Chrome/132.0.0.0 Electron/34.5.8 Safari/537.36", nil, "Cursor", ""},
		{"firefox", "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", nil, "Firefox", ""},
		{"msedge.exe", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", nil, "Edge", ""},
		{"", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15", nil, "Safari", ""},
		{"", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36", nil, "Headless Chrome", ""},
		{"curl", "curl/8.5.0", nil, "curl", ""},
		{"", "PostmanRuntime/7.39.0", nil, "Postman", ""},
		{"", "python-httpx/0.27.0", nil, "python-httpx", "python-httpx 0.27.0"},
		{"billing", "Go-http-client/1.1", nil, "billing (Go's net/http)", "Go's net/http 1.1"},
		{"python", "litellm/1.65.4", nil, "python (litellm)", "litellm 1.65.4"},
		{"", "ai/5.0.218 ai-sdk/provider-utils/3.0.30 runtime/node.js/24", nil, "vercel-ai-sdk", "vercel-ai-sdk 5.0.218"},
		{"", "langchainjs-openai/1.0.0 (node-22)", nil, "langchainjs-openai", "langchainjs-openai 1.0.0"},
		{"", "Boto3/1.38.26 md/Botocore#1.38.26 ua/2.1 os/macos#24.4.0", nil, "boto3", "boto3 1.38.26"},
		{"", "google-genai-sdk/1.38.0 gl-node/v25.2.1", nil, "google-genai", "google-genai 1.38.0"},
		{"", "Faraday v2.14.3", nil, "faraday", "faraday 2.14.3"},
		{"", "@pinecone-database/pinecone v8.2.0; lang=typescript; node v20.20.2", nil, "pinecone-database/pinecone", "pinecone-database/pinecone 8.2.0"},
		{"", "Stripe/v1 PythonBindings/14.0.1", nil, "stripe-python", "stripe-python 14.0.1"},
		{"", "acme-agent/3.1 OpenAI/Python 1.40.0", nil, "acme-agent", ""},
		{"acmed", "acme-agent/3.1", nil, "acmed (acme-agent)", ""},
		{"", "OpenAI/Python 1.40.0", []string{"X-Title", "Cline"}, "Cline", "openai-python 1.40.0"},
		{`C:\Program Files\Acme\agent.exe`, "", nil, "agent", ""},
		{"", "\x1b[31mevil\u202e/1.0", nil, "[31mevil", ""},
	} {
		c := turn{url: openai, process: test.process, agent: test.agent, header: test.header}
		seen := seenTurns(c)
		if got := discover.ClientName(seen[0].Exchange); got != test.name {
			t.Errorf("%q %q: name %q, want %q", test.process, test.agent, got, test.name)
		}
		s := foldAssets(t, seen, 1, false)
		if test.name == "" {
			if n := len(s.of(t, scanner.AssetClient)); n != 0 {
				t.Errorf("%d clients of nobody", n)
			}
			continue
		}
		if client := s.one(t, scanner.AssetClient); client.Facts.SDK != test.sdk || client.Host != "" {
			t.Errorf("%q %q: SDK %q, want %q", test.process, test.agent, client.Facts.SDK, test.sdk)
		}
	}
}

// TestClientWithoutProcess: the process behind a short connection is not always found. The program that says who it is stays
// one, and so does its prompt.
func TestClientWithoutProcess(t *testing.T) {
	t.Parallel()
	const prompt = "You are Nora, the support assistant of Example Bank.\nAnswer questions about accounts and cards.\nNever promise anything.\n"
	without := turn{url: openai, agent: "till/2.1", request: `{"model":"gpt-4o","messages":[{"role":"system","content":` + strconv.Quote(prompt+"Be brief.") + `}]}`}
	with := turn{url: openai, process: "tillsrv", agent: "till/2.1", request: `{"model":"gpt-4o","messages":[{"role":"system","content":` + strconv.Quote(prompt+"Be brief, and never mention the vault.") + `}]}`}
	s := foldAssets(t, seenTurns(without, with), 1, false)
	if client := s.one(t, scanner.AssetClient); client.Name != "tillsrv (till)" {
		t.Errorf("the client is called %q", client.Name)
	}
	if p := s.one(t, scanner.AssetPrompt); p.Versions != 2 {
		t.Errorf("the prompt has %d versions, want 2", p.Versions)
	}
}

func FuzzClientName(f *testing.F) {
	f.Add("python3", "OpenAI/Python 1.40.0", "python", "Cline")
	f.Add("", "Mozilla/5.0 (X11; (nested)) Gecko/1 Electron/3 X/1", "", "")
	f.Add("a/b", "@a/b v1; @/x / // (", "js", "\xff\u200b")
	f.Fuzz(func(t *testing.T, process, agent, lang, title string) {
		x := &traffic.Exchange{Client: traffic.Client{Process: process}, Request: traffic.Request{Header: traffic.Header{
			{Name: "User-Agent", Value: agent},
			{Name: "X-Stainless-Lang", Value: lang},
			{Name: "X-Title", Value: title},
			{Name: "X-Goog-Api-Client", Value: agent},
			{Name: "X-Fern-SDK-Name", Value: title},
		}}}
		name := discover.ClientName(x)
		if len(name) > 200 || !utf8.ValidString(name) || strings.ContainsAny(name, "\n\r\x1b\u202e") {
			t.Errorf("the name %q", name)
		}
	})
}
