package lab

import (
	"encoding/json"
	"net/http"
	"strings"
)

// ollamaRoutes are those of an Ollama server; its /api/chat is mounted apart, because chat backends use it, too.
func (l *Lab) ollamaRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /api/chat", l.ollamaChat)
	l.ollamaOwnRoutes(mux)
	mux.HandleFunc("POST /v1/chat/completions", l.chatCompletions)
	mux.HandleFunc("POST /v1/embeddings", l.embeddings)
	mux.HandleFunc("GET /v1/models", l.openAIModels)
}

func (l *Lab) ollamaOwnRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /api/generate", l.ollamaGenerate)
	mux.HandleFunc("POST /api/embed", l.ollamaEmbed)
	mux.HandleFunc("POST /api/embeddings", l.ollamaEmbeddings)
	mux.HandleFunc("POST /api/show", l.ollamaShow)
	mux.HandleFunc("GET /api/tags", l.ollamaTags)
	mux.HandleFunc("GET /api/version", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, object{"version": "0.12.0"})
	})
}

// ollamaRequest is a request of chat, generate or embed.
type ollamaRequest struct {
	Model    string `json:"model"`
	Messages []struct {
		Role    string  `json:"role"`
		Content content `json:"content"`
	} `json:"messages"`
	System  string          `json:"system"`
	Prompt  string          `json:"prompt"`
	Input   json.RawMessage `json:"input"`
	Tools   []openAITool    `json:"tools"`
	Stream  *bool           `json:"stream"` // streams unless told not to
	Think   json.RawMessage `json:"think"`  // true, false or a level
	Format  json.RawMessage `json:"format"`
	Options struct {
		Predict int             `json:"num_predict"`
		Stop    json.RawMessage `json:"stop"`
	} `json:"options"`
}

func (c ollamaRequest) question() question {
	think := string(c.Think)
	q := question{
		model:  c.Model,
		system: c.System,
		tools:  openAITools(c.Tools),
		reason: think != "" && think != "false" && think != "null" || isReasoner(c.Model) && think != "false",
		limit:  c.Options.Predict,
		stop:   stops(c.Options.Stop),
		json:   len(c.Format) > 0 && string(c.Format) != "null" && string(c.Format) != `""`,
	}
	for _, m := range c.Messages {
		if systemRole(m.Role) {
			q.system = joinTexts(q.system, m.Content.text)
			continue
		}
		q.turns = append(q.turns, turn{plainRole(m.Role), m.Content.text})
	}
	if c.Prompt != "" {
		q.turns = append(q.turns, turn{"user", c.Prompt})
	}
	return q
}

// ollamaProblem writes an error as Ollama does.
func ollamaProblem(w http.ResponseWriter, p *problem) {
	writeJSON(w, p.status, object{"error": p.message})
}

// readOllama reads a request and checks its model.
func readOllama(w http.ResponseWriter, r *http.Request) (ollamaRequest, bool) {
	var request ollamaRequest
	_, trouble := decode(r, &request)
	if trouble == nil {
		trouble = admit(r, request.Model)
	}
	if trouble != nil {
		ollamaProblem(w, trouble)
		return request, false
	}
	return request, true
}

func (l *Lab) ollamaChat(w http.ResponseWriter, r *http.Request) {
	request, ok := readOllama(w, r)
	if !ok {
		return
	}
	a := l.think(request.question())
	message := func(text, thinking string, calls []object) object {
		m := object{"role": "assistant", "content": text}
		if thinking != "" {
			m["thinking"] = thinking
		}
		if len(calls) > 0 {
			m["tool_calls"] = calls
		}
		return object{"message": m}
	}
	calls := ollamaCalls(a)
	if request.Stream != nil && !*request.Stream {
		writeJSON(w, http.StatusOK, request.last(a, message(a.text, a.reasoning, calls)))
		return
	}
	s := l.newStream(w, r, "application/x-ndjson")
	s.tokens(a.reasoning, func(token string) { s.line(request.piece(message("", token, nil))) })
	s.tokens(a.text, func(token string) { s.line(request.piece(message(token, "", nil))) })
	if len(calls) > 0 {
		s.line(request.piece(message("", "", calls)))
	}
	s.line(request.last(a, message("", "", nil)))
}

func ollamaCalls(a answer) []object {
	var calls []object
	for _, c := range a.calls {
		calls = append(calls, object{"function": object{"name": c.name, "arguments": json.RawMessage(c.arguments)}})
	}
	return calls
}

func (l *Lab) ollamaGenerate(w http.ResponseWriter, r *http.Request) {
	request, ok := readOllama(w, r)
	if !ok {
		return
	}
	a := l.think(request.question())
	if request.Stream != nil && !*request.Stream {
		whole := object{"response": a.text}
		if a.reasoning != "" {
			whole["thinking"] = a.reasoning
		}
		writeJSON(w, http.StatusOK, request.last(a, whole))
		return
	}
	s := l.newStream(w, r, "application/x-ndjson")
	s.tokens(a.reasoning, func(token string) { s.line(request.piece(object{"response": "", "thinking": token})) })
	s.tokens(a.text, func(token string) { s.line(request.piece(object{"response": token})) })
	s.line(request.last(a, object{"response": ""}))
}

// piece is one line of a stream that goes on.
func (c ollamaRequest) piece(fields object) object {
	fields["model"], fields["created_at"], fields["done"] = c.Model, createdText, false
	return fields
}

// last is a whole answer, or the line that ends a stream. Durations are in nanoseconds.
func (c ollamaRequest) last(a answer, fields object) object {
	fields = c.piece(fields)
	reason := "stop"
	if a.end == endLength {
		reason = "length"
	}
	fields["done"], fields["done_reason"] = true, reason
	fields["prompt_eval_count"], fields["eval_count"] = a.input, a.output+a.thought
	fields["total_duration"], fields["load_duration"] = 5_000_000, 1_000_000
	fields["prompt_eval_duration"], fields["eval_duration"] = 1_000_000, 3_000_000
	return fields
}

func (l *Lab) ollamaEmbed(w http.ResponseWriter, r *http.Request) {
	request, ok := readOllama(w, r)
	if !ok {
		return
	}
	texts, trouble := inputs(request.Input)
	if trouble != nil {
		ollamaProblem(w, trouble)
		return
	}
	vectors, n := [][]float32{}, 0
	for _, text := range texts {
		vectors = append(vectors, embedText(text, 0))
		n += countTokens(text)
	}
	writeJSON(w, http.StatusOK, object{
		"model": request.Model, "embeddings": vectors, "prompt_eval_count": n, "total_duration": 2_000_000, "load_duration": 1_000_000,
	})
}

func (l *Lab) ollamaEmbeddings(w http.ResponseWriter, r *http.Request) {
	if request, ok := readOllama(w, r); ok {
		writeJSON(w, http.StatusOK, object{"embedding": embedText(request.Prompt, 0)})
	}
}

func (l *Lab) ollamaTags(w http.ResponseWriter, _ *http.Request) {
	list := []object{}
	for _, name := range []string{"llama3.2:latest", "qwen3:8b", "nomic-embed-text:latest", "lab-small:latest"} {
		list = append(list, object{
			"name": name, "model": name, "modified_at": createdText, "size": 2_019_393_189,
			"digest": identity("", []byte(name)), "details": ollamaDetails(name),
		})
	}
	writeJSON(w, http.StatusOK, object{"models": list})
}

func (l *Lab) ollamaShow(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Model string `json:"model"`
		Name  string `json:"name"`
	}
	_, trouble := decode(r, &request)
	if request.Model == "" {
		request.Model = request.Name
	}
	if trouble == nil {
		trouble = admit(r, request.Model)
	}
	if trouble != nil {
		ollamaProblem(w, trouble)
		return
	}
	writeJSON(w, http.StatusOK, object{
		"modelfile": "FROM " + request.Model, "parameters": "num_ctx 8192", "template": "{{ .Prompt }}",
		"details": ollamaDetails(request.Model), "model_info": object{"general.architecture": "lab"},
		"capabilities": []string{"completion", "tools", "thinking"}, "modified_at": createdText,
	})
}

func ollamaDetails(name string) object {
	family, _, _ := strings.Cut(name, ":")
	return object{
		"parent_model": "", "format": "gguf", "family": family, "families": []string{family},
		"parameter_size": "3.2B", "quantization_level": "Q4_K_M",
	}
}
