package snippet

import (
	"net/url"
	"slices"
	"strings"

	"assay/llm"
	"assay/traffic"
)

// plan is a request in the words of an SDK, or of plain HTTP where sdk is nil.
type plan struct {
	sdk     *sdk
	base    string  // base URL, "" for the SDK's own
	key     string  // the credential; "" where the request has none
	model   string  // where it is in the path
	params  value   // the body, an object
	headers []field // beside those the SDK or client sends by itself
	query   []field
	stream  bool
}

type field struct{ name, value string }

// sdk is one method of an official SDK.
type sdk struct {
	product  string   // openai, anthropic, google
	family   string   // of the conversation
	streamed string   // of the conversation, where streams have a family of their own
	suffix   string   // of the path
	home     string   // base URL that need not be said
	needs    []string // members without which the method cannot be called
	knows    []string // members that are parameters of the Python method; the rest is extra_body
	envName  string   // where the SDK looks for the key
	pyMethod string
	jsMethod string
}

var sdks = []*sdk{
	{
		product: "openai", family: "openai.chat", suffix: "/chat/completions", home: "https://api.openai.com/v1",
		needs: []string{"model", "messages"}, envName: "OPENAI_API_KEY",
		knows: []string{
			"model", "messages", "stream", "stream_options", "temperature", "top_p", "n", "stop", "seed", "user", "tools", "tool_choice",
			"parallel_tool_calls", "response_format", "max_tokens", "max_completion_tokens", "logprobs", "top_logprobs", "logit_bias",
			"presence_penalty", "frequency_penalty", "reasoning_effort", "metadata", "store", "service_tier",
		},
		pyMethod: "chat.completions.create", jsMethod: "chat.completions.create",
	},
	{
		product: "openai", family: "openai.responses", suffix: "/responses", home: "https://api.openai.com/v1",
		needs: []string{"model", "input"}, envName: "OPENAI_API_KEY",
		knows: []string{
			"model", "input", "instructions", "stream", "temperature", "top_p", "tools", "tool_choice", "parallel_tool_calls",
			"max_output_tokens", "previous_response_id", "reasoning", "text", "metadata", "store", "user", "include", "truncation", "service_tier",
		},
		pyMethod: "responses.create", jsMethod: "responses.create",
	},
	{
		product: "openai", family: "openai.embeddings", suffix: "/embeddings", home: "https://api.openai.com/v1",
		needs: []string{"model", "input"}, envName: "OPENAI_API_KEY",
		knows:    []string{"model", "input", "dimensions", "encoding_format", "user"},
		pyMethod: "embeddings.create", jsMethod: "embeddings.create",
	},
	{
		product: "anthropic", family: "anthropic.messages", suffix: "/v1/messages", home: "https://api.anthropic.com",
		needs: []string{"model", "messages", "max_tokens"}, envName: "ANTHROPIC_API_KEY",
		knows: []string{
			"model", "messages", "max_tokens", "system", "stream", "temperature", "top_p", "top_k", "stop_sequences", "tools", "tool_choice",
			"metadata", "thinking", "service_tier",
		},
		pyMethod: "messages.create", jsMethod: "messages.create",
	},
	{
		product: "google", family: "gemini.generateContent", streamed: "gemini.streamGenerateContent", home: "https://generativelanguage.googleapis.com",
		needs: []string{"contents"}, envName: "GEMINI_API_KEY",
		knows: []string{
			"contents", "systemInstruction", "system_instruction", "tools", "toolConfig", "tool_config", "safetySettings", "safety_settings",
			"generationConfig", "generation_config", "cachedContent", "cached_content",
		},
	},
}

// sentAnyway are headers that a client sends by itself, or that belong to one connection.
var sentAnyway = []string{
	"host", "connection", "proxy-connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "content-length", "accept",
	"accept-encoding", "accept-language", "user-agent", "proxy-authorization", "expect", "priority", "origin", "referer",
}

// planOf finds the SDK whose method sends this very request; without one the plan is plain HTTP.
func planOf(r *traffic.Record, c *llm.Conversation) plan {
	u, err := url.Parse(r.Request.URL)
	if err != nil || r.Request.Method != "POST" || c == nil {
		return plan{}
	}
	body, lost := r.Content(traffic.FromClient, maxBody)
	params, err := parseJSON(body)
	if err != nil || lost != "" || params.kind != kindObject || r.Request.Header.Has("Content-Encoding") {
		return plan{}
	}
	for _, s := range sdks {
		if c.Family != s.family && c.Family != s.streamed {
			continue
		}
		p := plan{sdk: s, params: params}
		if p.fits(u) && p.takeQuery(u) && p.takeHeaders(r.Request.Header) {
			return p
		}
	}
	return plan{}
}

// fits takes the URL apart and looks for what the method needs.
func (p *plan) fits(u *url.URL) bool {
	for _, name := range p.sdk.needs {
		if _, ok := p.params.member(name); !ok {
			return false
		}
	}
	stream, _ := p.params.member("stream")
	p.stream = stream.text == "true"
	path := u.EscapedPath()
	if p.sdk.product == "google" {
		return p.fitsGoogle(u, path)
	}
	before, ok := strings.CutSuffix(path, p.sdk.suffix)
	if !ok {
		return false
	}
	p.base = u.Scheme + "://" + u.Host + before
	if p.base == p.sdk.home {
		p.base = ""
	}
	return true
}

// fitsGoogle reads /v1beta/models/MODEL:method; the rest of the body must be what the SDK has words for.
func (p *plan) fitsGoogle(u *url.URL, path string) bool {
	at := strings.LastIndex(path, "/v1beta/models/")
	if at < 0 {
		return false
	}
	model, method, ok := strings.Cut(path[at+len("/v1beta/models/"):], ":")
	if !ok || strings.Contains(model, "/") || (method != "generateContent" && method != "streamGenerateContent") {
		return false
	}
	for _, key := range p.params.keys {
		if !slices.Contains(p.sdk.knows, key) {
			return false
		}
	}
	var err error
	if p.model, err = url.PathUnescape(model); err != nil {
		return false
	}
	p.stream = method == "streamGenerateContent"
	if p.base = u.Scheme + "://" + u.Host + path[:at]; p.base == p.sdk.home {
		p.base = ""
	}
	return true
}

// takeQuery keeps query parameters that the SDK does not send by itself.
func (p *plan) takeQuery(u *url.URL) bool {
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		if pair == "" {
			continue
		}
		name, val, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		val, err2 := url.QueryUnescape(val)
		if err != nil || err2 != nil || seen[name] {
			return false
		}
		seen[name] = true
		switch {
		case p.sdk.product != "google":
			p.query = append(p.query, field{name, val})
		case name == "key":
			p.key = val
		case name != "alt":
			return false
		}
	}
	return true
}

// takeHeaders finds the key and keeps headers that the SDK does not send by itself.
func (p *plan) takeHeaders(h traffic.Header) bool {
	for _, f := range h {
		name := strings.ToLower(f.Name)
		switch {
		case slices.Contains(sentAnyway, name), name == "content-type", strings.HasPrefix(name, "x-stainless-"), strings.HasPrefix(name, "sec-"):
		case name == "anthropic-dangerous-direct-browser-access", name == "x-goog-api-client":
		case name == "anthropic-version" && f.Value == "2023-06-01":
		case name == p.sdk.keyHeader():
			if p.key != "" {
				return false
			}
			p.key = f.Value
			if name == "authorization" {
				var ok bool
				if p.key, ok = strings.CutPrefix(f.Value, "Bearer "); !ok {
					return false
				}
			}
		case name == "authorization", name == "cookie":
			return false // a way of saying who asks that the SDK does not have
		default:
			p.headers = append(p.headers, field{f.Name, f.Value})
		}
	}
	return len(p.headers) == 0 || p.sdk.product != "google"
}

func (s *sdk) keyHeader() string {
	switch s.product {
	case "anthropic":
		return "x-api-key"
	case "google":
		return "x-goog-api-key"
	}
	return "authorization"
}

// keyName is the environment variable for the key: the SDK's own for its own provider.
func (p *plan) keyName(c *llm.Conversation) string {
	if p.base == "" || c.Provider == "" || c.Provider == p.sdk.product {
		return p.sdk.envName
	}
	name := strings.ToUpper(strings.ReplaceAll(c.Provider, "-", "_"))
	if !identifier(name) {
		return p.sdk.envName
	}
	return name + "_API_KEY"
}

// split divides the body into parameters of the Python method and the rest.
func (p *plan) split() (known, extra value) {
	known, extra = object(nil, nil), object(nil, nil)
	for i, key := range p.params.keys {
		into := &extra
		if slices.Contains(p.sdk.knows, key) {
			into = &known
		}
		into.keys, into.items = append(into.keys, key), append(into.items, p.params.items[i])
	}
	return known, extra
}

// googleConfig is everything but contents and model, flat as the SDK wants it.
func (p *plan) googleConfig(name func(string) string) value {
	config := object(nil, nil)
	add := func(key string, v value) {
		config.keys, config.items = append(config.keys, name(key)), append(config.items, v)
	}
	for i, key := range p.params.keys {
		v := p.params.items[i]
		switch key {
		case "contents":
		case "generationConfig", "generation_config":
			for j, inner := range v.keys {
				add(inner, v.items[j])
			}
		default:
			add(key, v)
		}
	}
	return config
}

func fields(list []field) value {
	v := object(nil, nil)
	for _, f := range list {
		v.keys, v.items = append(v.keys, f.name), append(v.items, text(f.value))
	}
	return v
}
