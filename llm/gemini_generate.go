package llm

import "strings"

// Google's generateContent, at AI Studio and Vertex AI (https://ai.google.dev/api/generate-content).
var geminiGenerate = &format{
	family:  "gemini.generateContent",
	kind:    KindLLM,
	stream:  geminiStream,
	path:    googleVerb(":generateContent"),
	request: geminiRequest,
	answer:  geminiAnswer,
	read:    readGemini,
	reply:   func(*call) reply { return &geminiReply{} },
}

// geminiStream is the same, streamed: SSE with alt=sse, one JSON array without.
var geminiStream = &format{
	family:  "gemini.streamGenerateContent",
	kind:    KindLLM,
	array:   true,
	path:    googleVerb(":streamGenerateContent"),
	request: geminiRequest,
	answer:  geminiAnswer,
	read: func(c *call, conv *Conversation) {
		readGemini(c, conv)
		conv.StreamAsked = true
	},
	reply: func(*call) reply { return &geminiReply{} },
}

// googleVerb judges paths that end in one of Google's verbs.
func googleVerb(verbs ...string) func(*call) strength {
	return func(c *call) strength {
		if c.Method != "POST" {
			return silent
		}
		for _, verb := range verbs {
			if strings.HasSuffix(c.path, verb) || strings.HasSuffix(unescapePath(c.path), verb) {
				return certain
			}
		}
		return silent
	}
}

// googleModel reads model and verb from …/models/{model}:{verb}.
func googleModel(path string) (model, verb string) {
	path = unescapePath(path)
	i := strings.LastIndexByte(path, ':')
	if i < 0 {
		return "", ""
	}
	path, verb = path[:i], path[i+1:]
	if _, tuned, found := strings.Cut(path, "/tunedModels/"); found {
		return "tunedModels/" + tuned, verb
	}
	if j := strings.LastIndex(path, "/models/"); j >= 0 {
		return path[j+len("/models/"):], verb
	}
	return "", verb
}

func geminiRequest(c *call) strength {
	contents := c.request.get("contents")
	if contents.isArray() {
		contents = contents.item(0)
	}
	if contents.get("parts").isSet() {
		return certain
	}
	return silent
}

func geminiAnswer(_ string, doc value) strength {
	if doc.isArray() {
		doc = doc.item(0)
	}
	candidate := doc.get("candidates").item(0)
	switch {
	case candidate.get("content").isObject() && (candidate.at("content", "parts").isArray() || candidate.has("finishReason")):
		return certain
	case doc.has("usageMetadata") && (doc.has("candidates") || doc.has("promptFeedback") || doc.has("modelVersion")):
		return certain
	default:
		return silent
	}
}

func readGemini(c *call, conv *Conversation) {
	conv.Model, _ = googleModel(c.path)
	readGeminiBody(c, c.request, conv)
}

func readGeminiBody(c *call, body value, conv *Conversation) {
	readGeminiSystem(c, firstOf(body, "systemInstruction", "system_instruction"), conv)
	for key, val := range body.fields() {
		switch string(key) {
		case "model":
			if conv.Model == "" {
				conv.Model = val.text()
			}
		case "contents":
			readContents(c, val, conv)
		case "tools":
			readGeminiTools(val, conv)
		case "generateContentRequest": // countTokens wraps the request
			readGeminiBody(c, val, conv)
		}
	}
}

// readContents reads contents: a list, or one content, or one string.
func readContents(c *call, v value, conv *Conversation) {
	if !v.isArray() {
		if v.isSet() {
			conv.MessageCount = 1
			readGeminiContent(c, v, conv)
		}
		return
	}
	for content := range v.items() {
		conv.MessageCount++
		readGeminiContent(c, content, conv)
	}
}

func readGeminiContent(c *call, content value, conv *Conversation) {
	msg := Message{Role: content.get("role").word()}
	if msg.Role == "" {
		msg.Role = "user"
	}
	if content.isString() {
		msg.Parts = []Part{{Kind: PartText, Text: c.text(msg.Role, content)}}
		conv.add(msg)
		return
	}
	parts := content.get("parts")
	if parts.isObject() {
		msg.Parts = append(msg.Parts, geminiPart(c, msg.Role, parts))
	}
	for p := range parts.items() {
		msg.Parts = append(msg.Parts, geminiPart(c, msg.Role, p))
	}
	for _, p := range msg.Parts {
		if p.Kind == PartToolResult {
			conv.ToolResults++
		}
	}
	conv.add(msg)
}

// geminiPart reads one part of a content, of a request or of an answer (then c is nil).
func geminiPart(c *call, role Role, p value) Part {
	thought := p.get("thought").isTrue()
	for key, val := range p.fields() {
		switch string(key) {
		case "text":
			if thought {
				return Part{Kind: PartReasoning, Text: val.text()}
			}
			if c == nil {
				return Part{Kind: PartText, Text: val.text()}
			}
			return Part{Kind: PartText, Text: c.text(role, val)}
		case "functionCall", "function_call":
			return Part{Kind: PartToolCall, Call: &ToolCall{ID: val.get("id").text(), Name: val.get("name").text(), Arguments: geminiArgs(val)}}
		case "functionResponse", "function_response":
			return Part{Kind: PartToolResult, CallID: val.get("id").text(), Name: val.get("name").text(), Text: val.get("response").json()}
		case "inlineData", "inline_data", "fileData", "file_data":
			return geminiMedia(val, string(key))
		case "executableCode", "executable_code":
			return Part{Kind: PartToolCall, Call: &ToolCall{Name: "executableCode", Arguments: val.json(), Builtin: true}}
		case "codeExecutionResult", "code_execution_result":
			return Part{Kind: PartToolResult, Type: "codeExecutionResult", Text: val.get("output").text()}
		case "toolCall":
			return Part{Kind: PartToolCall, Call: &ToolCall{ID: val.get("id").text(), Name: "toolCall", Arguments: val.json(), Builtin: true}}
		}
	}
	return Part{Kind: PartOther}
}

func geminiArgs(call value) string {
	if args := call.get("args"); args.isSet() {
		return args.json()
	}
	return "{}"
}

func geminiMedia(v value, word string) Part {
	part := mediaPart(PartFile, v, word)
	kind, _, _ := strings.Cut(part.MIME, "/")
	switch kind {
	case "image":
		part.Kind = PartImage
	case "audio":
		part.Kind = PartAudio
	case "video":
		part.Kind = PartVideo
	}
	return part
}

func readGeminiSystem(c *call, v value, conv *Conversation) {
	if v.isString() {
		conv.System = append(conv.System, c.text("system", v))
		return
	}
	parts := v.get("parts")
	if t := parts.get("text"); t.isString() {
		conv.System = append(conv.System, c.text("system", t))
	}
	for p := range parts.items() {
		if t := p.get("text"); t.isString() {
			conv.System = append(conv.System, c.text("system", t))
		}
	}
}

func readGeminiTools(list value, conv *Conversation) {
	for t := range list.items() {
		for key, val := range t.fields() {
			switch string(key) {
			case "functionDeclarations", "function_declarations":
				for f := range val.items() {
					conv.Tools = append(conv.Tools, functionTool(f))
				}
			default:
				conv.Tools = append(conv.Tools, Tool{Name: string(key), Builtin: true})
			}
		}
	}
}

// geminiReply reads answers; those of a stream are partial ones of the same shape.
type geminiReply struct {
	draft
	open *callDraft // a call whose arguments are still arriving
}

func (r *geminiReply) whole(doc value, _ []byte) {
	if doc.isArray() { // a stream without alt=sse that arrived under a path that does not say so
		for part := range doc.items() {
			r.piece(part)
		}
		return
	}
	r.piece(doc)
}

func (r *geminiReply) event(_ Event, doc value) { r.piece(doc) }

func (r *geminiReply) piece(doc value) {
	for key, val := range doc.fields() {
		switch string(key) {
		case "candidates":
			r.choices = max(r.choices, val.len())
			r.candidate(val.item(0))
		case "usageMetadata":
			r.usage.gemini(val)
		case "modelVersion":
			r.model = val.text()
		case "promptFeedback":
			if reason := val.get("blockReason"); reason.isSet() {
				r.detail = reason.scalar()
				r.complete = true
			}
		case "totalTokens": // countTokens
			set(&r.usage.Total, val)
		}
	}
}

func (r *geminiReply) candidate(v value) {
	parts := v.at("content", "parts")
	for p := range parts.items() {
		if call := p.get("functionCall"); r.open != nil && call.isObject() || call.get("willContinue").isTrue() {
			r.partialCall(call)
			continue
		}
		switch part := geminiPart(nil, "model", p); part.Kind {
		case PartText:
			r.say(part.Text)
		case PartReasoning:
			r.think(part.Text)
		case PartToolCall:
			r.newCall(part.Call.ID, part.Call.Name, part.Call.Arguments).builtin = part.Call.Builtin
		default:
			r.add(part)
		}
	}
	if f := v.get("finishReason"); f.isSet() {
		r.finish = f.scalar()
		r.complete = true
	}
}

// gemini reads Google's usage. The counts of a stream are cumulative; output excludes thoughts.
func (u *Usage) gemini(v value) {
	for key, val := range v.fields() {
		switch string(key) {
		case "promptTokenCount":
			set(&u.Input, val)
		case "candidatesTokenCount":
			set(&u.Output, val)
		case "totalTokenCount":
			set(&u.Total, val)
		case "thoughtsTokenCount":
			set(&u.Reasoning, val)
		case "cachedContentTokenCount":
			set(&u.CachedInput, val)
		}
	}
}
