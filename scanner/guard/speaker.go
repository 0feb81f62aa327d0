package guard

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"assay/llm"
	"assay/scanner"
)

// tongue is whose errors and answers a client understands.
type tongue string

const (
	tongueOpenAI    tongue = "openai"
	tongueResponses tongue = "openai.responses"
	tongueAnthropic tongue = "anthropic"
	tongueGemini    tongue = "gemini"
	tongueOllama    tongue = "ollama"
	tongueBedrock   tongue = "bedrock"
	tongueCohere    tongue = "cohere"
	tongueRPC       tongue = "json-rpc" // MCP, A2A
	tonguePlain     tongue = ""
)

// tongueOf tells by family and provider which errors the client expects.
func tongueOf(c *llm.Conversation) tongue {
	family := c.Family
	for _, known := range []struct {
		prefix string
		tongue tongue
	}{
		{"openai.responses", tongueResponses},
		{"openai.", tongueOpenAI},
		{"llama.", tongueOpenAI},
		{"writer.", tongueOpenAI},
		{"anthropic.", tongueAnthropic},
		{"vertex.rawPredict.anthropic", tongueAnthropic},
		{"gemini.", tongueGemini},
		{"vertex.", tongueGemini},
		{"ollama.", tongueOllama},
		{"bedrock.", tongueBedrock},
		{"cohere.", tongueCohere},
		{"mcp", tongueRPC},
		{"a2a", tongueRPC},
	} {
		if strings.HasPrefix(family, known.prefix) {
			return known.tongue
		}
	}
	switch c.Provider {
	case "openai", "azure-openai", "mistral", "groq", "openrouter", "deepseek", "together", "fireworks", "xai":
		return tongueOpenAI
	case "anthropic":
		return tongueAnthropic
	case "google-ai-studio", "gemini", "vertex":
		return tongueGemini
	case "ollama", "ollama-cloud":
		return tongueOllama
	case "aws-bedrock", "bedrock":
		return tongueBedrock
	case "cohere":
		return tongueCohere
	}
	return tonguePlain
}

// speaker writes what a client is told in the words of its provider.
type speaker struct {
	tongue tongue
	family string
	model  string
	stream bool   // the request asks for a stream
	rpc    string // the id of a JSON-RPC request, as written; null where there is none
	query  string
}

// speaker makes the one for an exchange.
func (p *passage) speaker() *speaker {
	s := &speaker{rpc: "null"}
	if p.conv == nil {
		return s
	}
	s.tongue, s.family, s.model, s.stream = tongueOf(p.conv), p.conv.Family, p.conv.Model, p.conv.StreamAsked || p.conv.Streamed
	_, s.query, _ = strings.Cut(p.x.Request.URL, "?")
	if id := gjson.GetBytes(p.input.RequestBody, "id"); s.tongue == tongueRPC && id.Exists() && len(id.Raw) < 200 {
		s.rpc = id.Raw
	}
	return s
}

// stop is the whole answer of a policy that stops an exchange.
func (s *speaker) stop(h *hit) *http.Response {
	text := h.policy.sentence(h.reason)
	why := fmt.Sprintf("The policy %q stopped it. %s", h.policy.Name, h.reason)
	if h.policy.Finish && h.policy.Action != scanner.Throttle {
		if body, contentType, ok := s.refusal(text); ok {
			return answerOf(http.StatusOK, contentType, body, why)
		}
	}
	status := http.StatusForbidden
	if h.policy.Action == scanner.Throttle {
		status = http.StatusTooManyRequests
	}
	resp := answerOf(status, "application/json", s.failure(status, text), why)
	if status == http.StatusTooManyRequests {
		wait := max(1, int64(math.Ceil(h.wait.Seconds())))
		resp.Header.Set("Retry-After", strconv.FormatInt(wait, 10))
	} else {
		resp.Header.Set("X-Should-Retry", "false") // the SDKs made by Stainless: OpenAI's, Anthropic's and others
	}
	if s.tongue == tongueBedrock {
		resp.Header.Set("X-Amzn-Errortype", s.kind(status))
	}
	return resp
}

// answerOf is an answer that the guard gives. The header names it, so that nobody takes it for the server's.
func answerOf(status int, contentType string, body []byte, why string) *http.Response {
	whole := newWhole(body)
	whole.why = why
	return &http.Response{
		StatusCode: status, Status: strconv.Itoa(status) + " " + http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        http.Header{"Content-Type": {contentType}, "Content-Length": {strconv.Itoa(len(body))}, "X-Assay-Guard": {"stopped"}},
		Body:          whole,
		ContentLength: int64(len(body)),
	}
}

// kind is the provider's own word for an error that a policy made.
func (s *speaker) kind(status int) string {
	words := map[tongue][2]string{ // of 403, of 429
		tongueOpenAI:    {"permission_error", "rate_limit_error"},
		tongueResponses: {"permission_error", "rate_limit_error"},
		tongueAnthropic: {"permission_error", "rate_limit_error"},
		tongueGemini:    {"PERMISSION_DENIED", "RESOURCE_EXHAUSTED"},
		tongueBedrock:   {"AccessDeniedException", "ThrottlingException"},
	}
	pair, known := words[s.tongue]
	switch {
	case !known && status == http.StatusTooManyRequests:
		return "too_many_requests"
	case !known:
		return "stopped_by_policy"
	case status == http.StatusTooManyRequests:
		return pair[1]
	}
	return pair[0]
}

// object is JSON with its members in this order.
type object []any // name, value, name, value…

// MarshalJSON writes the members in order.
func (o object) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i := 0; i+1 < len(o); i += 2 {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(out, quoted(o[i])...), ':')
		out = append(out, quoted(o[i+1])...)
	}
	return append(out, '}'), nil
}

// quoted writes a value that is known to have a form in JSON.
func quoted(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return []byte("null")
	}
	return b
}

// failure is the document with which a provider says that there was an error.
func (s *speaker) failure(status int, text string) []byte {
	body := quoted(s.problem(status, text))
	if s.family == "gemini.streamGenerateContent" && !strings.Contains(s.query, "alt=sse") {
		return append(append([]byte{'['}, body...), ']')
	}
	return body
}

// problem is an error of the provider's shape.
func (s *speaker) problem(status int, text string) object {
	kind := s.kind(status)
	code := "stopped_by_policy"
	if status == http.StatusTooManyRequests {
		code = "rate_limit_exceeded"
	}
	switch s.tongue {
	case tongueOpenAI, tongueResponses:
		return object{"error", object{"message", text, "type", kind, "param", nil, "code", code}}
	case tongueAnthropic:
		return object{"type", "error", "error", object{"type", kind, "message", text}, "request_id", nil}
	case tongueGemini:
		return object{"error", object{"code", status, "message", text, "status", kind}}
	case tongueOllama:
		return object{"error", text}
	case tongueBedrock, tongueCohere:
		return object{"message", text}
	case tongueRPC:
		return object{"jsonrpc", "2.0", "id", json.RawMessage(s.rpc), "error", object{"code", rpcDenied, "message", text}}
	case tonguePlain:
	}
	return object{"error", object{"message", text, "type", kind}}
}

// rpcDenied is a code of JSON-RPC's range for implementations (https://www.jsonrpc.org/specification#error_object).
const rpcDenied = -32003
