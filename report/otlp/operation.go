package otlp

import (
	"strings"

	"assay/llm"
)

// The operations of the conventions that recorded calls are.
const (
	opChat       = "chat"
	opCompletion = "text_completion"
	opGenerate   = "generate_content"
	opEmbeddings = "embeddings"
	opAgent      = "invoke_agent"
	opTool       = "execute_tool"
)

// operation is what a conversation is called; empty for what is no call of a model, an agent or a tool: lists of models,
// counts of tokens, vector databases, plain traffic.
func operation(c *llm.Conversation) string {
	family := strings.ToLower(c.Family)
	switch {
	case c.RPC != nil && c.Kind == llm.KindMCP:
		if c.RPC.Method == "tools/call" && c.RPC.Tool != "" {
			return opTool
		}
		return ""
	case strings.Contains(family, "token"), c.MessageCount == 0 && len(c.Prompts) == 0 && c.Answer == "" && c.Inputs == 0 && len(c.Messages) == 0:
		return ""
	}
	switch c.Kind {
	case llm.KindEmbedding:
		return opEmbeddings
	case llm.KindAgent:
		return opAgent
	case llm.KindImage, llm.KindAudio:
		return opGenerate
	case llm.KindLLM, llm.KindChatBackend, llm.KindRAG:
	default:
		return ""
	}
	switch {
	case strings.HasPrefix(family, "gemini."):
		return opGenerate
	case strings.Contains(family, "complet"), strings.Contains(family, "generat"), family == "watsonx.text", family == "watsonx.text_stream":
		return opCompletion
	}
	return opChat
}

// providers are the words of the conventions for the providers that Assay tells apart; others keep Assay's word.
var providers = map[string]string{
	"openai": "openai", "openai-chatgpt": "openai", "azure-openai": "azure.ai.openai", "github-models": "azure.ai.inference", "anthropic": "anthropic",
	"google-ai-studio": "gcp.gemini", "google-vertex": "gcp.vertex_ai", "aws-bedrock": "aws.bedrock", "cohere": "cohere", "mistral": "mistral_ai", "groq": "groq",
	"xai": "x_ai", "deepseek": "deepseek", "perplexity": "perplexity", "watsonx": "ibm.watsonx.ai", "moonshot": "moonshot_ai",
}

// flavours are the providers whose format a call speaks, where nothing tells who answered: the conventions want the flavour
// of the telemetry there.
var flavours = map[string]string{
	"openai": "openai", "anthropic": "anthropic", "gemini": "gcp.gen_ai", "bedrock": "aws.bedrock", "cohere": "cohere", "ollama": "ollama", "watsonx": "ibm.watsonx.ai",
	"vertex": "gcp.vertex_ai", "mistral": "mistral_ai",
}

// provider is who answered, in the words of the conventions.
func provider(c *llm.Conversation) string {
	if known := providers[c.Provider]; known != "" {
		return known
	}
	if c.Provider != "" && c.Provider != "openai-compatible" && c.Provider != "private-gateway" { // these say that nobody knows
		return c.Provider
	}
	family, _, _ := strings.Cut(c.Family, ".")
	if flavour := flavours[family]; flavour != "" {
		return flavour
	}
	return "unknown" // the attribute is required
}

// usage are the tokens as the conventions count them: the input with what came from a cache, the output with what was
// reasoned. Some providers count these apart.
func usage(c *llm.Conversation) (input, output *int64) {
	u := &c.Usage
	input, output = u.Input, u.Output
	if strings.HasPrefix(c.Family, "anthropic.") || strings.HasPrefix(c.Family, "bedrock.") || strings.HasSuffix(c.Family, ".anthropic") {
		input = sum(u.Input, u.CachedInput, u.CacheCreation)
	}
	if strings.HasPrefix(c.Family, "gemini.") {
		output = sum(u.Output, u.Reasoning)
	}
	return input, output
}

// sum adds what is known to the first number; nil where that is not known.
func sum(first *int64, more ...*int64) *int64 {
	if first == nil {
		return nil
	}
	n := *first
	for _, m := range more {
		if m != nil {
			n += *m
		}
	}
	return &n
}
