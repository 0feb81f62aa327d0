package target

import (
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/sashabaranov/go-openai"

	"assay/llm"
)

// Preset is what is known of a provider before anybody has asked it: where it is, how it takes a key, what a request
// looks like.
type Preset struct {
	Name     string // on the command line and in the project
	Title    string // for people
	Provider string // the word of package llm
	Base     string // its usual address; empty where everybody has their own
	Model    string // a small current model that answers text; empty where there is no such thing
	Auth     string // bearer, header, sigv4, none
	Header   string // where Auth is header
	KeyEnv   string // the variable in which its SDKs look for the key
	OpenAI   bool   // speaks OpenAI's chat completions and model list
	Extra    map[string]string

	version string // the first segment of the path, where the address given stops before it
	path    string // behind it; MODEL stands for the model
	list    string // of models, behind the version; empty where the API has none there
	slot    string // JSON pointer of the prompt
	body    func(model, prompt string) any
}

// presets is the table of presets, in the order in which people look for them. Addresses and forms of keys are package
// llm's.
var presets = sync.OnceValue(func() []*Preset { return completed(presetTable()) })

func presetTable() []*Preset {
	return []*Preset{
		openAI("openai", "OpenAI", "openai", "gpt-4.1-mini", "OPENAI_API_KEY"),
		{
			Name: "anthropic", Title: "Claude (Anthropic)", Provider: "anthropic", Model: "claude-haiku-4-5", KeyEnv: "ANTHROPIC_API_KEY",
			Extra: map[string]string{"anthropic-version": "2023-06-01"}, version: "v1", path: "messages", list: "models", slot: "/messages/0/content",
			body: func(model, prompt string) any {
				return struct {
					Model     string    `json:"model"`
					MaxTokens int       `json:"max_tokens"` // the API demands it
					Messages  []message `json:"messages"`
				}{model, 1024, user(prompt)}
			},
		},
		{
			Name: "gemini", Title: "Gemini (Google)", Provider: "google-ai-studio", Model: "gemini-2.5-flash", KeyEnv: "GEMINI_API_KEY",
			version: "v1beta", path: "models/MODEL:generateContent", list: "models", slot: "/contents/0/parts/0/text",
			body: func(_, prompt string) any {
				return map[string]any{"contents": []any{map[string]any{"role": "user", "parts": []any{map[string]any{"text": prompt}}}}}
			},
		},
		openAI("deepseek", "DeepSeek", "deepseek", "deepseek-chat", "DEEPSEEK_API_KEY"),
		openAI("llama", "Llama (Meta)", "llama-api", "Llama-3.3-8B-Instruct", "LLAMA_API_KEY"),
		openAI("grok", "Grok (xAI)", "xai", "grok-4-fast-non-reasoning", "XAI_API_KEY"),
		openAI("mistral", "Mistral", "mistral", "mistral-small-latest", "MISTRAL_API_KEY"),
		openAI("groq", "Groq", "groq", "llama-3.1-8b-instant", "GROQ_API_KEY"),
		openAI("openrouter", "OpenRouter", "openrouter", "openai/gpt-4.1-mini", "OPENROUTER_API_KEY"),
		{
			Name: "cohere", Title: "Cohere", Provider: "cohere", Model: "command-r7b-12-2024", KeyEnv: "CO_API_KEY",
			version: "v2", path: "chat", list: "../v1/models", slot: "/messages/0/content", body: chat,
		},
		{
			Name: "azure", Title: "Azure OpenAI", Provider: "azure-openai", KeyEnv: "AZURE_OPENAI_API_KEY", OpenAI: true,
			version: "openai/v1", path: "chat/completions", list: "models", slot: "/messages/0/content", body: chat,
		},
		{
			Name: "bedrock", Title: "Amazon Bedrock", Provider: "aws-bedrock", Model: "amazon.nova-micro-v1:0", Auth: "sigv4",
			path: "model/MODEL/converse", slot: "/messages/0/content/0/text",
			body: func(_, prompt string) any {
				return map[string]any{"messages": []any{map[string]any{"role": "user", "content": []any{map[string]any{"text": prompt}}}}}
			},
		},
		{
			Name: "ollama", Title: "Ollama", Provider: "ollama", Base: "http://127.0.0.1:11434", Auth: "none",
			version: "api", path: "chat", list: "tags", slot: "/messages/0/content",
			body: func(model, prompt string) any {
				return struct {
					Model    string    `json:"model"`
					Messages []message `json:"messages"`
					Stream   bool      `json:"stream"` // it streams unless told not to
				}{model, user(prompt), false}
			},
		},
		onLoopback(openAI("vllm", "vLLM", "vllm", "", ""), "http://127.0.0.1:8000/v1"),
		onLoopback(openAI("lmstudio", "LM Studio", "lmstudio", "", ""), "http://127.0.0.1:1234/v1"),
		{Name: Custom, Title: "Bring your own", Auth: "bearer"},
	}
}

// Custom is the preset of what has none: the person says what a request looks like.
const Custom = "custom"

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

func user(prompt string) []message { return []message{{"user", prompt}} }

// chat is the smallest request that every service with messages accepts.
func chat(model, prompt string) any {
	return struct {
		Model    string    `json:"model"`
		Messages []message `json:"messages"`
	}{model, user(prompt)}
}

// openAI is a service that takes OpenAI's chat completions.
func openAI(name, title, provider, model, keyEnv string) *Preset {
	return &Preset{
		Name: name, Title: title, Provider: provider, Model: model, KeyEnv: keyEnv, OpenAI: true,
		version: "v1", path: "chat/completions", list: "models", slot: "/messages/0/content",
		body: func(model, prompt string) any {
			return openai.ChatCompletionRequest{
				Model: model, Messages: []openai.ChatCompletionMessage{{Role: openai.ChatMessageRoleUser, Content: prompt}},
			}
		},
	}
}

func onLoopback(p *Preset, base string) *Preset {
	p.Base, p.Auth = base, "none"
	return p
}

// completed adds what the catalog of package llm knows: addresses and forms of keys.
func completed(list []*Preset) []*Preset {
	bases := llm.BaseURLs()
	reverse := map[string]string{"google-ai-studio": "gemini", "aws-bedrock": "bedrock"}
	for _, p := range list {
		name := p.Provider
		if r := reverse[name]; r != "" {
			name = r
		}
		if p.Base == "" {
			p.Base = bases[name]
		}
		if p.Auth != "" {
			continue
		}
		p.Auth = "bearer"
		if forms := llm.AuthForms(p.Provider); len(forms) > 0 && forms[0].Prefix == "" {
			p.Auth, p.Header = "header", forms[0].Header
		}
	}
	return list
}

// Presets lists the presets in the order in which people look for them.
func Presets() []*Preset { return slices.Clone(presets()) }

// PresetNames lists their names.
func PresetNames() []string {
	names := make([]string, len(presets()))
	for i, p := range presets() {
		names[i] = p.Name
	}
	return names
}

// PresetFor returns the preset of a name; nil when there is none.
func PresetFor(name string) *Preset {
	for _, p := range presets() {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// presetOf finds the preset of a provider as package llm calls it, or by where the URL leads; nil when neither tells.
func presetOf(provider, raw string) *Preset {
	for _, p := range presets() {
		if p.Provider != "" && p.Provider == provider {
			return p
		}
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	for _, name := range []string{"anthropic", "gemini", "bedrock", "cohere", "openai"} { // their paths are like no other's
		p := PresetFor(name)
		end := p.tail()
		if name == "anthropic" || name == "cohere" {
			end = "/" + p.version + end
		}
		if strings.HasSuffix(path, end) {
			return p
		}
	}
	return nil
}

// tail is what the path of a request ends with, whatever model it names.
func (p *Preset) tail() string {
	if i := strings.Index(p.path, "MODEL"); i >= 0 {
		return p.path[i+len("MODEL"):]
	}
	return "/" + p.path
}

// complete reports whether a path is already that of a request and not of the service as a whole.
func (p *Preset) complete(path string) bool {
	return p.path != "" && strings.HasSuffix(strings.TrimRight(path, "/"), p.tail())
}

// Endpoint makes the URL of a request from the address a person gave: the whole URL, the base URL as SDKs take it, or
// only scheme and host.
func (p *Preset) Endpoint(address, model string) (string, error) {
	u, err := parseAddress(address)
	if err != nil {
		return "", err
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	if p.path == "" || p.complete(path) {
		return u.String(), nil
	}
	last := path[strings.LastIndexByte(path, '/')+1:]
	versioned := len(last) > 1 && last[0] == 'v' && last[1] >= '0' && last[1] <= '9' || p.version != "" && strings.HasSuffix(path, "/"+p.version)
	if p.version != "" && !versioned {
		path += "/" + p.version
	}
	return p.at(u, path, strings.Replace(p.path, "MODEL", url.PathEscape(model), 1)), nil
}

// at is the URL with another path, which is already escaped.
func (p *Preset) at(u *url.URL, path, rest string) string {
	out := *u
	out.Path, out.RawPath, out.Fragment = "", "", ""
	head := out.Scheme + "://" + out.Host
	whole := head + path + "/" + rest
	if u.RawQuery != "" {
		whole += "?" + u.RawQuery
	}
	return whole
}

// Base of a request's URL: what Endpoint added taken off again, for the list of models.
func (p *Preset) base(endpoint string) (string, bool) {
	u, err := url.Parse(endpoint)
	if err != nil || !p.complete(u.EscapedPath()) || p.list == "" {
		return "", false
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	head, _, _ := strings.Cut(p.path, "MODEL")
	if p.path == head {
		path = strings.TrimSuffix(path, "/"+p.path)
	} else {
		i := strings.LastIndex(path, "/"+head)
		if i < 0 {
			return "", false
		}
		path = path[:i]
	}
	return u.Scheme + "://" + u.Host + path, true
}

// Request is a body with this prompt, and where the prompt stands in it.
func (p *Preset) Request(model, prompt string) ([]byte, llm.Ref, error) {
	if p.body == nil {
		return nil, llm.Ref{}, fmt.Errorf("the preset %s has no request of its own", p.Name)
	}
	body, err := json.Marshal(p.body(model, prompt))
	return body, llm.Ref{In: llm.PlaceJSON, Name: p.slot}, err
}

// parseAddress reads an address as people write it: without a scheme it is https, on this machine http.
func parseAddress(address string) (*url.URL, error) {
	address = strings.TrimSpace(address)
	if !strings.Contains(address, "://") {
		host, _, _ := strings.Cut(address, "/")
		scheme := "https://"
		if Loopback(host) {
			scheme = "http://"
		}
		address = scheme + address
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("the address cannot be read: %w", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("%q is no address of a service: it begins with https:// or http:// and a host", address)
	}
	return u, nil
}

// Loopback reports whether a host (name, or name:port) is this machine.
func Loopback(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}
