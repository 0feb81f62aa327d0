package llm

import (
	"net/netip"
	"slices"
	"strings"

	"assay/traffic"
)

// identify finds out who answers, as far as host and port tell.
func (c *call) identify() {
	c.provider, c.service = lookupHost(c.host, c.port, c.path)
}

// known reports whether an AI provider answers: by its host, or by headers only such services and their SDKs have.
func (c *call) known() bool {
	if c.provider != "" {
		return true
	}
	if !c.looked {
		c.looked = true
		c.marked = slices.ContainsFunc(c.RequestHeader, requestMark) || slices.ContainsFunc(c.ResponseHeader, answerMark)
	}
	return c.marked
}

func requestMark(f traffic.Field) bool {
	name := strings.ToLower(f.Name)
	return strings.HasPrefix(name, "openai-") || strings.HasPrefix(name, "anthropic-") ||
		strings.HasPrefix(name, "x-portkey-") || name == "x-goog-api-key" ||
		name == "authorization" && (strings.HasPrefix(f.Value, "Bearer sk-") || strings.HasPrefix(f.Value, "Bearer gsk_"))
}

func answerMark(f traffic.Field) bool {
	name := strings.ToLower(f.Name)
	return strings.HasPrefix(name, "openai-") || strings.HasPrefix(name, "anthropic-") ||
		strings.HasPrefix(name, "x-litellm-") || strings.HasPrefix(name, "llm_provider-") ||
		strings.HasPrefix(name, "x-amzn-bedrock-") || name == "x-ratelimit-remaining-tokens"
}

// static reports whether an exchange is plainly part of a web page: nothing was sent, and what comes back is for eyes,
// not programs.
func (c *call) static() bool {
	if c.provider != "" || len(c.RequestBody) > 0 || c.Method != "GET" && c.Method != "HEAD" && c.Method != "OPTIONS" {
		return false
	}
	kind, rest, _ := strings.Cut(c.answerType, "/")
	switch kind {
	case "image", "font", "video", "audio":
		return true
	default:
		return rest == "html" || rest == "css" || strings.HasSuffix(rest, "javascript") || rest == "wasm"
	}
}

// loopback reports whether the host is this machine.
func (c *call) loopback() bool {
	if c.host == "localhost" || c.host == "0.0.0.0" || strings.HasSuffix(c.host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(c.host, "[]"))
	return err == nil && addr.IsLoopback()
}

// server tells who answers at a host the catalog does not know: servers people run themselves give themselves away by
// headers, by fields of their answers and by their usual ports. "" when nothing does.
func (c *call) server(doc value) string {
	for _, f := range c.ResponseHeader {
		name, val := strings.ToLower(f.Name), strings.ToLower(f.Value)
		switch {
		case strings.HasPrefix(name, "x-litellm-"), strings.HasPrefix(name, "llm_provider-"):
			return "litellm-proxy"
		case strings.HasPrefix(name, "x-portkey-"):
			return "portkey"
		case name == "server" && strings.HasPrefix(val, "llama.cpp"):
			return "llamacpp"
		case name == "server" && strings.HasPrefix(val, "llama-box"):
			return "gpustack"
		}
	}
	switch {
	case strings.HasPrefix(c.host, "gpustack"):
		return "gpustack"
	case llamacppAnswer(doc):
		return "llamacpp"
	case c.loopback() && c.port == "8080":
		return "llamacpp"
	case c.loopback() && c.port == "4000":
		return "litellm-proxy"
	case c.loopback() && c.port == "1234":
		return "lmstudio"
	default:
		return ""
	}
}

// gateway names what stands at a host nobody knows but that speaks a family somebody else made: a gateway, when its
// path has something before the family's own path.
func (c *call) gateway(family string) string {
	first, _, _ := strings.Cut(strings.TrimLeft(c.path, "/"), "/")
	maker, _, _ := strings.Cut(family, ".")
	bare := isVersion(first) || first == "api" || strings.Count(strings.Trim(c.path, "/"), "/") < 2 && maker == "openai"
	if maker == "openai" && bare {
		return "openai-compatible"
	}
	switch maker {
	case "openai", "anthropic", "gemini", "vertex":
		return "private-gateway"
	default:
		return ""
	}
}

// isVersion reports whether a path segment is a version: v1, v1beta, v2.
func isVersion(s string) bool {
	return len(s) > 1 && s[0] == 'v' && s[1] >= '0' && s[1] <= '9'
}
