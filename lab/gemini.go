package lab

import (
	"encoding/json"
	"net/http"
	"strings"
)

// geminiRoutes are those of generativelanguage.googleapis.com.
func (l *Lab) geminiRoutes(mux *http.ServeMux) {
	for _, version := range []string{"/v1beta", "/v1alpha"} {
		mux.HandleFunc("POST "+version+"/models/{call...}", l.gemini)
		mux.HandleFunc("GET "+version+"/models", l.geminiModels)
		mux.HandleFunc("GET "+version+"/models/{model}", l.geminiModel)
	}
}

// geminiContent is one message; snake_case is accepted beside camelCase, as the service does.
type geminiContent struct {
	Role  string       `json:"role"`
	Parts []geminiPart `json:"parts"`
}

type geminiPart struct {
	Text    string `json:"text"`
	Thought bool   `json:"thought"`
	Inline  *struct {
		Data string `json:"data"` // base64
	} `json:"inlineData"`
	Response      *geminiResponse `json:"functionResponse"`
	ResponseSnake *geminiResponse `json:"function_response"`
}

type geminiResponse struct {
	Response json.RawMessage `json:"response"`
}

// geminiContents accepts one content or a list, and plain strings for both.
type geminiContents []geminiContent

// UnmarshalJSON reads a content object or a list of them.
func (c *geminiContents) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '{' {
		*c = make(geminiContents, 1)
		return json.Unmarshal(data, &(*c)[0])
	}
	return json.Unmarshal(data, (*[]geminiContent)(c))
}

// geminiRequest is a request of generateContent, streamGenerateContent and countTokens.
type geminiRequest struct {
	Contents    geminiContents `json:"contents"`
	System      geminiContents `json:"systemInstruction"`
	SystemSnake geminiContents `json:"system_instruction"`
	Tools       []struct {
		Declarations []struct {
			Name        string         `json:"name"`
			Description string         `json:"description"`
			Parameters  map[string]any `json:"parameters"`
			Schema      map[string]any `json:"parametersJsonSchema"`
		} `json:"functionDeclarations"`
	} `json:"tools"`
	ToolConfig struct {
		Calling struct {
			Mode    string   `json:"mode"`
			Allowed []string `json:"allowedFunctionNames"`
		} `json:"functionCallingConfig"`
	} `json:"toolConfig"`
	Config struct {
		MaxTokens int      `json:"maxOutputTokens"`
		Stop      []string `json:"stopSequences"`
		MIME      string   `json:"responseMimeType"`
		Thinking  struct {
			Include bool `json:"includeThoughts"`
		} `json:"thinkingConfig"`
	} `json:"generationConfig"`
	Content  *geminiContent  `json:"content"`  // of embedContent
	Requests []geminiRequest `json:"requests"` // of batchEmbedContents
}

func (c geminiRequest) question(model string) question {
	q := question{
		model:  model,
		reason: isReasoner(model) || c.Config.Thinking.Include,
		limit:  c.Config.MaxTokens,
		stop:   c.Config.Stop,
		json:   c.Config.MIME == "application/json",
	}
	switch c.ToolConfig.Calling.Mode {
	case "NONE":
		q.choice = "none"
	case "ANY":
		q.choice = "required"
		if len(c.ToolConfig.Calling.Allowed) == 1 {
			q.choice = c.ToolConfig.Calling.Allowed[0]
		}
	}
	for _, t := range c.Tools {
		for _, f := range t.Declarations {
			if f.Parameters == nil {
				f.Parameters = f.Schema
			}
			q.tools = append(q.tools, tool{f.Name, f.Description, f.Parameters})
		}
	}
	for _, m := range append(c.System, c.SystemSnake...) {
		q.system = joinTexts(q.system, m.turn().text)
	}
	for _, m := range c.Contents {
		q.turns = append(q.turns, m.turn())
	}
	return q
}

func (c geminiContent) turn() turn {
	said := turn{role: plainRole(c.Role)}
	for _, p := range c.Parts {
		result := p.Response
		if result == nil {
			result = p.ResponseSnake
		}
		if result != nil {
			said.role = "tool"
			said.text = joinTexts(said.text, string(result.Response))
			continue
		}
		said.text = joinTexts(said.text, p.Text)
		if p.Inline != nil {
			said.text = joinTexts(said.text, plainData(p.Inline.Data))
		}
	}
	return said
}

// gemini serves MODEL:VERB.
func (l *Lab) gemini(w http.ResponseWriter, r *http.Request) {
	model, verb, _ := strings.Cut(r.PathValue("call"), ":")
	var request geminiRequest
	body, trouble := decode(r, &request)
	if trouble == nil {
		trouble = admit(r, model)
	}
	if trouble == nil && len(request.Contents) == 0 && (verb == "generateContent" || verb == "streamGenerateContent") {
		trouble = &problem{http.StatusBadRequest, "* GenerateContentRequest.contents: contents is not specified"}
	}
	if trouble != nil {
		geminiProblem(w, trouble)
		return
	}
	reply := geminiReply{id: identity("", body), model: model}
	switch verb {
	case "generateContent":
		writeJSON(w, http.StatusOK, reply.whole(l.think(request.question(model))))
	case "streamGenerateContent":
		l.geminiStream(w, r, reply, l.think(request.question(model)))
	case "countTokens":
		writeJSON(w, http.StatusOK, object{"totalTokens": request.question(model).tokens()})
	case "embedContent":
		writeJSON(w, http.StatusOK, object{"embedding": geminiVector(request)})
	case "batchEmbedContents":
		vectors := []object{}
		for _, one := range request.Requests {
			vectors = append(vectors, geminiVector(one))
		}
		writeJSON(w, http.StatusOK, object{"embeddings": vectors})
	default:
		geminiProblem(w, &problem{http.StatusNotFound, "The lab does not know the method " + clip(verb, 40) + "."})
	}
}

func geminiVector(request geminiRequest) object {
	text := ""
	if request.Content != nil {
		text = request.Content.turn().text
	}
	return object{"values": embedText(text, 0)}
}

// geminiReply is what all parts of one answer share.
type geminiReply struct {
	id    string
	model string
}

func (c geminiReply) whole(a answer) object {
	parts := []object{}
	if a.reasoning != "" {
		parts = append(parts, object{"text": a.reasoning, "thought": true})
	}
	if len(a.calls) == 0 {
		parts = append(parts, object{"text": a.text})
	}
	parts = append(parts, geminiCalls(a)...)
	return c.piece(parts, geminiFinish(a.end), geminiUsage(a, a.output, a.thought))
}

func geminiCalls(a answer) []object {
	var parts []object
	for _, c := range a.calls {
		parts = append(parts, object{"functionCall": object{"name": c.name, "args": json.RawMessage(c.arguments)}})
	}
	return parts
}

// piece is a whole answer or one chunk of a stream.
func (c geminiReply) piece(parts []object, finish string, usage object) object {
	candidate := object{"index": 0, "content": object{"role": "model", "parts": parts}}
	if finish != "" {
		candidate["finishReason"] = finish
	}
	return object{"candidates": []object{candidate}, "usageMetadata": usage, "modelVersion": c.model, "responseId": c.id}
}

// geminiUsage counts as Gemini does: thoughts are not part of the candidates.
func geminiUsage(a answer, output, thought int) object {
	usage := object{"promptTokenCount": a.input, "candidatesTokenCount": output, "totalTokenCount": a.input + output + thought}
	if thought > 0 {
		usage["thoughtsTokenCount"] = thought
	}
	return usage
}

func geminiFinish(e ending) string {
	if e == endFilter {
		return "SAFETY"
	}
	if e == endLength {
		return "MAX_TOKENS"
	}
	return "STOP" // Gemini has no word of its own for an answer that calls functions
}

// geminiStream writes SSE when asked with alt=sse, and otherwise one JSON array that grows, as the service does.
func (l *Lab) geminiStream(w http.ResponseWriter, r *http.Request, reply geminiReply, a answer) {
	if r.URL.Query().Get("alt") == "sse" {
		s := l.newEvents(w, r)
		reply.stream(s, a, func(piece []byte, _ bool) { s.raw([]byte("data: " + string(piece) + "\r\n\r\n")) })
		return
	}
	s := l.newStream(w, r, "application/json; charset=UTF-8")
	reply.stream(s, a, func(piece []byte, first bool) {
		before := ",\r\n"
		if first {
			before = "["
		}
		s.raw([]byte(before + string(piece)))
	})
	s.raw([]byte("]"))
}

func (c geminiReply) stream(s *stream, a answer, write func(piece []byte, first bool)) {
	first, output, thought := true, 0, 0
	send := func(parts []object, finish string) {
		piece, err := json.Marshal(c.piece(parts, finish, geminiUsage(a, output, thought)))
		if err != nil {
			s.err = err
			return
		}
		write(piece, first)
		first = false
	}
	s.tokens(a.reasoning, func(token string) {
		thought++
		send([]object{{"text": token, "thought": true}}, "")
	})
	s.tokens(a.text, func(token string) {
		output++
		send([]object{{"text": token}}, "")
	})
	if len(a.calls) > 0 {
		output = a.output
		send(geminiCalls(a), "")
	}
	send([]object{{"text": ""}}, geminiFinish(a.end))
}

// geminiProblem writes an error as Google does.
func geminiProblem(w http.ResponseWriter, p *problem) {
	state := "INVALID_ARGUMENT"
	switch p.status {
	case http.StatusUnauthorized:
		p.status = http.StatusBadRequest // so says the service of a bad key
		p.message = "API key not valid. Please pass a valid API key."
	case http.StatusNotFound:
		state = "NOT_FOUND"
	case http.StatusTooManyRequests:
		state = "RESOURCE_EXHAUSTED"
	}
	writeJSON(w, p.status, object{"error": object{"code": p.status, "message": p.message, "status": state}})
}

func (l *Lab) geminiModels(w http.ResponseWriter, r *http.Request) {
	if p := admit(r, "lab-small"); p != nil {
		geminiProblem(w, p)
		return
	}
	list := []object{}
	for _, name := range []string{"gemini-2.5-pro", "gemini-2.5-flash", "gemini-embedding-001", "lab-small"} {
		list = append(list, geminiModelCard(name))
	}
	writeJSON(w, http.StatusOK, object{"models": list})
}

func (l *Lab) geminiModel(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("model")
	if p := admit(r, name); p != nil {
		geminiProblem(w, p)
		return
	}
	writeJSON(w, http.StatusOK, geminiModelCard(name))
}

func geminiModelCard(name string) object {
	return object{
		"name": "models/" + name, "version": "001", "displayName": name, "inputTokenLimit": 32768, "outputTokenLimit": 8192,
		"supportedGenerationMethods": []string{"generateContent", "streamGenerateContent", "countTokens", "embedContent"},
	}
}
