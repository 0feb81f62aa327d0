package llm_test

import (
	"net/url"
	"strings"
	"testing"

	"assay/llm"
)

func TestProviderFor(t *testing.T) {
	t.Parallel()
	tests := []struct {
		host, provider string
		kind           llm.Kind
	}{
		{"api.openai.com", "openai", ""},
		{"API.OpenAI.com:443", "openai", ""},
		{"eu.api.openai.com", "openai", ""},
		{"openai.com", "", ""},
		{"api.openai.com.evil.example", "", ""},
		{"res.openai.azure.com", "azure-openai", ""},
		{"openai.azure.com", "", ""},
		{"res.services.ai.azure.com", "azure-openai", ""},
		{"models.inference.ai.azure.com", "github-models", ""},
		{"us-east5-aiplatform.googleapis.com", "google-vertex", ""},
		{"aiplatform.googleapis.com", "google-vertex", ""},
		{"storage.googleapis.com", "", ""},
		{"bedrock-runtime.eu-west-1.amazonaws.com", "aws-bedrock", ""},
		{"bedrock-agent-runtime.us-east-2.amazonaws.com", "aws-bedrock", ""},
		{"bedrock-mantle.us-east-1.api.aws", "aws-bedrock", ""},
		{"s3.us-east-1.amazonaws.com", "", ""},
		{"localhost:11434", "ollama", ""},
		{"10.0.0.7:6333", "qdrant", llm.KindVectorDB},
		{"localhost:8080", "", ""},
		{"docs-a1b2c3d.svc.aped-4627-b74a.pinecone.io", "pinecone", llm.KindVectorDB},
		{"http-intake.logs.datadoghq.com", "", llm.KindSaaS},
		{"api.tavily.com", "", llm.KindSaaS},
		{"huggingface.co", "", llm.KindPlain},
		{"router.huggingface.co", "huggingface", ""},
		{"gateway.pydantic.dev", "pydantic-gateway", ""},
		{"logfire-us.pydantic.dev", "", llm.KindSaaS},
		{"api.cloudflare.com", "", ""},
		{"[::1]:11434", "ollama", ""},
		{"example.com", "", ""},
		{"", "", ""},
		{"...", "", ""},
	}
	for _, tt := range tests {
		provider, kind := llm.ProviderFor(tt.host)
		if provider != tt.provider || kind != tt.kind {
			t.Errorf("ProviderFor(%q) = %q, %q, want %q, %q", tt.host, provider, kind, tt.provider, tt.kind)
		}
	}
}

func TestBaseURLs(t *testing.T) {
	t.Parallel()
	urls := llm.BaseURLs()
	for _, name := range []string{"openai", "anthropic", "gemini", "vertex", "bedrock", "ollama", "cohere", "mistral", "groq", "openrouter"} {
		if urls[name] == "" {
			t.Errorf("no base URL for %s", name)
		}
	}
	for name, base := range urls {
		u, err := url.Parse(base)
		if err != nil || u.Host == "" || strings.HasSuffix(base, "/") {
			t.Errorf("base URL of %s is %q", name, base)
			continue
		}
		if provider, _ := llm.ProviderFor(u.Host); provider == "" && !strings.Contains(u.Host, "chatgpt") &&
			!strings.Contains(u.Host, "openrouter") && !strings.Contains(u.Host, "ollama.com") {
			t.Errorf("the base URL %s of %s is at a host the catalog does not know", base, name)
		}
	}
}

func TestPriceOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		provider, model string
		input           float64 // 0: not known
	}{
		{"openai", "gpt-4o-mini", 0.15},
		{"openai", "gpt-4o-2024-08-06", 2.5},
		{"openai", "gpt-4o-2024-05-13", 5},
		{"openai", "gpt-nonexistent", 0},
		{"azure-openai", "gpt-4.1", 2},
		{"anthropic", "claude-sonnet-4-20250514", 3},
		{"anthropic", "claude-3-5-haiku-latest", 0.8},
		{"aws-bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", 3},
		{"aws-bedrock", "arn:aws:bedrock:us-east-1:1:inference-profile/us.amazon.nova-lite-v1:0", 0.06},
		{"google-vertex", "claude-3-5-sonnet@20240620", 3},
		{"openrouter", "anthropic/claude-haiku-4.5", 1},
		{"groq", "qwen/qwen3-32b", 0.29},
		{"google-ai-studio", "models/gemini-2.5-flash", 0.3},
		{"ollama", "gpt-4o", 0},
		{"", "gpt-4o", 0},
	}
	for _, tt := range tests {
		price, ok := llm.PriceOf(tt.provider, tt.model)
		if price.Input != tt.input || ok != (tt.input > 0) || ok && len(price.AsOf) != len("2025-01-01") {
			t.Errorf("PriceOf(%q, %q) = %+v, %t, want input %g", tt.provider, tt.model, price, ok, tt.input)
		}
	}
	if n, ok := llm.ContextSize("openai/gpt-4.1-2025-04-14"); n != 1047576 || !ok {
		t.Errorf("ContextSize = %d, %t", n, ok)
	}
	if _, ok := llm.ContextSize("my-model"); ok {
		t.Error("a context size for a model nobody knows")
	}
}

func TestCost(t *testing.T) {
	t.Parallel()
	n := func(n int64) *int64 { return &n }
	price := llm.Price{Input: 2, Output: 10, CachedInput: 1}
	chat := llm.Conversation{Family: "openai.chat", Usage: llm.Usage{Input: n(1000), Output: n(100), CachedInput: n(500)}}
	if dollars, ok := price.Cost(&chat); !ok || dollars != 0.0025 {
		t.Errorf("cost of a chat = %g, %t", dollars, ok)
	}
	messages := llm.Conversation{Family: "anthropic.messages", Usage: llm.Usage{Input: n(500), Output: n(100), CachedInput: n(500)}}
	if dollars, ok := price.Cost(&messages); !ok || dollars != 0.0025 {
		t.Errorf("cost of messages = %g, %t", dollars, ok)
	}
	if _, ok := price.Cost(&llm.Conversation{}); ok {
		t.Error("a cost without tokens")
	}
}

func TestAuthForms(t *testing.T) {
	t.Parallel()
	if forms := llm.AuthForms("anthropic"); len(forms) != 2 || forms[0].Header != "x-api-key" {
		t.Errorf("forms of anthropic: %+v", forms)
	}
	if forms := llm.AuthForms("ollama"); len(forms) != 0 {
		t.Errorf("forms of ollama: %+v", forms)
	}
}

func BenchmarkProviderFor(b *testing.B) {
	for b.Loop() {
		llm.ProviderFor("bedrock-runtime.eu-west-1.amazonaws.com")
		llm.ProviderFor("a.b.c.example.com")
	}
}
