package lab

import (
	"encoding/json"
	"net/http"
	"strings"
)

// openAIRoutes are those of api.openai.com.
func (l *Lab) openAIRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /v1/chat/completions", l.chatCompletions)
	mux.HandleFunc("POST /v1/responses", l.responses)
	mux.HandleFunc("POST /v1/completions", l.completions)
	mux.HandleFunc("POST /v1/embeddings", l.embeddings)
	mux.HandleFunc("POST /v1/moderations", l.moderations)
	mux.HandleFunc("POST /v1/images/generations", l.images)
	mux.HandleFunc("GET /v1/models", l.openAIModels)
	mux.HandleFunc("GET /v1/models/{model...}", l.openAIModel)
	mux.HandleFunc("GET /v1/realtime", l.realtime)
}

// openAITool is a function in the chat shape, or flat as the Responses API has it.
type openAITool struct {
	Type        string         `json:"type"`
	Name        string         `json:"name"`
	Description string         `json:"description"`
	Parameters  map[string]any `json:"parameters"`
	Function    *struct {
		Name        string         `json:"name"`
		Description string         `json:"description"`
		Parameters  map[string]any `json:"parameters"`
	} `json:"function"`
}

func openAITools(sent []openAITool) []tool {
	var tools []tool
	for _, t := range sent {
		if t.Function != nil {
			t.Name, t.Description, t.Parameters = t.Function.Name, t.Function.Description, t.Function.Parameters
		}
		if t.Name != "" {
			tools = append(tools, tool{t.Name, t.Description, t.Parameters})
		}
	}
	return tools
}

// openAIChoice reads tool_choice: a word or an object naming a function.
func openAIChoice(data json.RawMessage) string {
	var word string
	if json.Unmarshal(data, &word) == nil {
		if word == "any" { // Mistral's word
			return "required"
		}
		return word
	}
	var named struct {
		Name     string `json:"name"`
		Function struct {
			Name string `json:"name"`
		} `json:"function"`
	}
	_ = json.Unmarshal(data, &named) // anything else means auto
	return named.Name + named.Function.Name
}

// openAIProblem writes an error as OpenAI does.
func openAIProblem(w http.ResponseWriter, p *problem) {
	kind, code := "invalid_request_error", any(nil)
	switch p.status {
	case http.StatusUnauthorized:
		code = "invalid_api_key"
	case http.StatusNotFound:
		code = "model_not_found"
	case http.StatusTooManyRequests:
		kind, code = "requests", "rate_limit_exceeded"
		w.Header().Set("Retry-After", "1")
	}
	writeJSON(w, p.status, object{"error": object{"message": p.message, "type": kind, "param": nil, "code": code}})
}

// openAIUsage counts as the chat API does: reasoning is part of the completion.
func openAIUsage(a answer) object {
	return object{
		"prompt_tokens":             a.input,
		"completion_tokens":         a.output + a.thought,
		"total_tokens":              a.input + a.output + a.thought,
		"prompt_tokens_details":     object{"cached_tokens": 0},
		"completion_tokens_details": object{"reasoning_tokens": a.thought},
	}
}

// openAIFinish is an ending in OpenAI's words.
func openAIFinish(e ending) string {
	switch e {
	case endLength:
		return "length"
	case endTools:
		return "tool_calls"
	case endFilter:
		return "content_filter"
	case endStop:
	}
	return "stop"
}

var openAIModelNames = []string{
	"gpt-4o", "gpt-4o-mini", "gpt-5", "o4-mini", "lab-small", "lab-reasoner", busyModel,
	"text-embedding-3-small", "omni-moderation-latest", "gpt-image-1",
}

func (l *Lab) openAIModels(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Anthropic-Version") != "" { // the two providers share this path
		l.anthropicModels(w, r)
		return
	}
	if p := admit(r, "lab-small"); p != nil {
		openAIProblem(w, p)
		return
	}
	list := []object{}
	for _, name := range openAIModelNames {
		list = append(list, openAIModelCard(name))
	}
	writeJSON(w, http.StatusOK, object{"object": "list", "data": list})
}

func (l *Lab) openAIModel(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("model")
	if p := admit(r, name); p != nil && p.status != http.StatusTooManyRequests {
		openAIProblem(w, p)
		return
	}
	writeJSON(w, http.StatusOK, openAIModelCard(name))
}

func openAIModelCard(name string) object {
	return object{"id": name, "object": "model", "created": created, "owned_by": "lab"}
}

// openAIHead sets the headers clients know OpenAI by.
func openAIHead(w http.ResponseWriter, body []byte) {
	w.Header().Set("X-Request-Id", identity("req_", body))
	w.Header().Set("Openai-Processing-Ms", "1")
	w.Header().Set("Openai-Version", "2020-10-01")
}

// systemRole tells whether a role speaks for the developer.
func systemRole(role string) bool { return role == "system" || role == "developer" }

// plainRole maps a role to user, assistant or tool.
func plainRole(role string) string {
	switch strings.ToLower(role) {
	case "assistant", "model", "chatbot":
		return "assistant"
	case "tool", "function":
		return "tool"
	}
	return "user"
}
