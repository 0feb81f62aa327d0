package llm

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Turn is one message that an edit puts into a conversation.
type Turn struct {
	Role   Role       // user, assistant, or tool for what a tool returned
	Text   string     //
	Calls  []ToolCall // that the assistant made
	CallID string     // of a tool: the call it answers
	Name   string     // of a tool: the function that was called
}

// File is a file that an edit puts into a user's message.
type File struct {
	Name string
	MIME string
	Data []byte
}

func (f File) base64() string { return base64.StdEncoding.EncodeToString(f.Data) }

// dataURL is the file as OpenAI takes it.
func (f File) dataURL() string { return "data:" + f.MIME + ";base64," + f.base64() }

func (f File) isImage() bool { return strings.HasPrefix(f.MIME, "image/") }
func (f File) isText() bool  { return strings.HasPrefix(f.MIME, "text/") }

// Editor edits requests of one family. It is made of one request and may be used for others of the same shape. Every
// edit keeps the bytes that it does not have to change, and gives the changed request; what it was given stays as it
// was. An edit that the family has no place for is an error of type *NoPlace. Safe for concurrent use.
type Editor struct {
	family   string
	provider string
	dialect  dialect
}

// NoPlace says that requests of a family have nowhere to put something.
type NoPlace struct {
	Family string
	What   string
}

// Error names both.
func (e *NoPlace) Error() string {
	if e.Family == "" {
		return "the request is in no known format and has no place for " + e.What
	}
	return "requests of " + e.Family + " have no place for " + e.What
}

// dialect is how a family writes what edits put into its requests. A method that has no place for it returns errNoPlace.
type dialect interface {
	// insert adds messages before the one of an index, behind the last where it is negative.
	insert(r *rewrite, before int, turns []Turn) error
	// system adds a system prompt to a request that has none.
	system(r *rewrite, text string) error
	tools(r *rewrite, tools []Tool) error
	// document puts a retrieved document beside the user's message at this place.
	document(r *rewrite, at place, name, text string) error
	file(r *rewrite, at place, f File) error
	prefill(r *rewrite, text string) error
	userName(r *rewrite, at place, name string) error
	// parameter tells where a setting stands, by its name as OpenAI's chat has it.
	parameter(r *rewrite, name string) (pointer string)
	// descriptions are where tools say what they do.
	descriptions(root value) []value
}

// place is where a user's text stands.
type place struct {
	pointer string // of the text
	index   int    // of its message in the list, -1 where it stands in none
}

// noPlace is the dialect of what has no place for anything; the others are made on top of it.
type noPlace struct{}

var errNoPlace = &NoPlace{}

func (noPlace) insert(*rewrite, int, []Turn) error             { return errNoPlace }
func (noPlace) system(*rewrite, string) error                  { return errNoPlace }
func (noPlace) tools(*rewrite, []Tool) error                   { return errNoPlace }
func (noPlace) document(*rewrite, place, string, string) error { return errNoPlace }
func (noPlace) file(*rewrite, place, File) error               { return errNoPlace }
func (noPlace) prefill(*rewrite, string) error                 { return errNoPlace }
func (noPlace) userName(*rewrite, place, string) error         { return errNoPlace }
func (noPlace) parameter(_ *rewrite, name string) string       { return "/" + escapePointer(name) }
func (noPlace) descriptions(value) []value                     { return nil }

// EditorFor makes the editor of a request, whose conversation tells its family.
func EditorFor(in Input, conv *Conversation) *Editor {
	e := &Editor{family: conv.Family, provider: conv.Provider, dialect: noPlace{}}
	doc := parseJSON(in.RequestBody)
	defer doc.release()
	if doc.whole() && doc.root().isObject() {
		e.dialect = dialectOf(conv.Family, conv.Provider, doc.root())
	}
	return e
}

// dialectOf chooses by the family, and by the body where a family carries several.
func dialectOf(family, provider string, body value) dialect {
	switch family {
	case "openai.chat", "llama.chat", "writer.chat", "vertex.rawPredict.mistralai", "watsonx.chat", "watsonx.chat_stream":
		return chatDialect{prefix: provider == "mistral"}
	case "openai.responses":
		return responsesDialect{}
	case "anthropic.messages", "vertex.rawPredict.anthropic":
		return anthropicDialect{}
	case "gemini.generateContent", "gemini.streamGenerateContent":
		return geminiDialect{}
	case "ollama.chat":
		return ollamaDialect{}
	case "ollama.generate":
		return generateDialect{}
	case "cohere.v2.chat":
		return cohereDialect{}
	case "cohere.v1.chat":
		return cohereV1Dialect{historyOf{list: "/chat_history", role: "role", text: "message", user: "USER", assistant: "CHATBOT", beside: true}}
	case "bedrock.converse", "bedrock.converse_stream":
		return converseDialect{}
	case "bedrock.invoke", "bedrock.invoke_stream":
		return invokeDialect(body)
	case "custom.chat", "vercel.ui", "":
		return historyDialect(body)
	}
	if strings.HasPrefix(family, "langserve.") {
		return historyDialect(body)
	}
	return noPlace{}
}

// invokeDialect tells by the body what a model behind Bedrock's invoke takes, as readInvoke does.
func invokeDialect(body value) dialect {
	switch {
	case !body.get("messages").isArray():
		return noPlace{}
	case body.has("anthropic_version"):
		return anthropicDialect{}
	case converseShape(body) >= maybe || body.get("inferenceConfig").isObject():
		return converseDialect{}
	}
	return chatDialect{}
}

// Family is the family the editor was made for, "" for none.
func (e *Editor) Family() string { return e.family }

// edit runs one change over the body of a request.
func (e *Editor) edit(in Input, what string, change func(r *rewrite) error) (Input, error) {
	r, err := newRewrite(in.RequestBody)
	if err != nil {
		if _, none := e.dialect.(noPlace); none {
			err = &NoPlace{e.family, what}
		}
		return in, err
	}
	if err := change(r); err != nil {
		if err == errNoPlace { //nolint:errorlint // one value, never wrapped
			err = &NoPlace{e.family, what}
		}
		return in, err
	}
	in.RequestBody = r.body
	return in, nil
}

// Append adds messages behind the last one.
func (e *Editor) Append(in Input, turns ...Turn) (Input, error) {
	return e.edit(in, "the history of a conversation", func(r *rewrite) error { return e.dialect.insert(r, -1, turns) })
}

// InsertBefore adds messages before the user's message whose text stands at ref.
func (e *Editor) InsertBefore(in Input, ref Ref, turns ...Turn) (Input, error) {
	return e.edit(in, "an earlier turn", func(r *rewrite) error {
		return e.dialect.insert(r, max(0, placeOf(ref).index), turns)
	})
}

// AddSystem gives a system prompt to a request that has none.
func (e *Editor) AddSystem(in Input, text string) (Input, error) {
	return e.edit(in, "a system prompt", func(r *rewrite) error { return e.dialect.system(r, text) })
}

// AddTools offers functions to the model, beside those that the request offers. A tool's Schema is JSON Schema; empty
// for a function without arguments.
func (e *Editor) AddTools(in Input, tools ...Tool) (Input, error) {
	return e.edit(in, "tools", func(r *rewrite) error { return e.dialect.tools(r, tools) })
}

// AddDocument puts a retrieved document where the family has a place for documents.
func (e *Editor) AddDocument(in Input, user Ref, name, text string) (Input, error) {
	return e.edit(in, "documents", func(r *rewrite) error { return e.dialect.document(r, placeOf(user), name, text) })
}

// AddFile puts a file into the user's message whose text stands at ref.
func (e *Editor) AddFile(in Input, user Ref, f File) (Input, error) {
	return e.edit(in, "files", func(r *rewrite) error { return e.dialect.file(r, placeOf(user), f) })
}

// Prefill begins the assistant's answer.
func (e *Editor) Prefill(in Input, text string) (Input, error) {
	return e.edit(in, "the beginning of an answer", func(r *rewrite) error { return e.dialect.prefill(r, text) })
}

// SetUserName names the user in the message whose text stands at ref.
func (e *Editor) SetUserName(in Input, user Ref, name string) (Input, error) {
	return e.edit(in, "the name of the user", func(r *rewrite) error { return e.dialect.userName(r, placeOf(user), name) })
}

// SetToolDescription changes what the first function that the request offers says of itself.
func (e *Editor) SetToolDescription(in Input, text string) (Input, error) {
	return e.edit(in, "the description of a tool", func(r *rewrite) error {
		found := e.dialect.descriptions(r.root())
		if len(found) == 0 {
			return errNoPlace
		}
		if function := found[0]; function.isObject() { // it says nothing of itself yet
			r.set(function, "description", quote(text, r.ascii))
		} else {
			r.replace(function, quote(text, r.ascii))
		}
		return nil
	})
}

// SetParameter sets a setting of the model. Names are those of OpenAI's chat (max_tokens, temperature, top_p, n, stop,
// seed, logprobs, …) and become the family's own; one that is not known goes to the top of the body as it is.
func (e *Editor) SetParameter(in Input, name string, value any) (Input, error) {
	if name == "stream" {
		if out, done := e.setStreamURL(in, value); done {
			return out, nil
		}
	}
	return e.edit(in, "settings", func(r *rewrite) error {
		if !r.root().isObject() {
			return errNoPlace
		}
		return r.put(e.dialect.parameter(r, name), write(value))
	})
}

// placeOf reads which message of a list a text stands in: the first number of its pointer.
func placeOf(ref Ref) place {
	p := place{pointer: ref.Name, index: -1}
	if ref.In != PlaceJSON || ref.Name == "" {
		return place{index: -1}
	}
	for step := range strings.SplitSeq(ref.Name[1:], "/") {
		if n, err := strconv.Atoi(step); err == nil && n >= 0 {
			p.index = n
			break
		}
	}
	return p
}

// message is the element of a list that a text stands in.
func (p place) message(root value, list string) value {
	if p.index < 0 || !strings.HasPrefix(p.pointer, "/"+list+"/") {
		return value{}
	}
	return root.get(list).item(p.index)
}

// arrayAt finds a list, and adds an empty one where there is none.
func arrayAt(r *rewrite, pointer string) (value, error) {
	v := r.at(pointer)
	if v.isSet() && !v.isArray() {
		return value{}, fmt.Errorf("%s: it is no list", pointer)
	}
	if !v.isArray() {
		if err := r.put(pointer, written("[]")); err != nil {
			return value{}, err
		}
		v = r.at(pointer)
	}
	return v, nil
}

// addPart puts a part before the text of a content, which becomes a list of parts where it is a string.
func addPart(r *rewrite, content value, textBefore, textAfter string, part written) error {
	switch {
	case content.isString():
		r.wrap(content, "["+string(part)+","+textBefore, textAfter+"]")
	case content.isArray():
		r.insert(content, 0, part)
	default:
		return errNoPlace
	}
	return nil
}

// schemaOf is the JSON Schema of a tool.
func schemaOf(t Tool) written {
	if json.Valid([]byte(t.Schema)) {
		return written(strings.TrimSpace(t.Schema))
	}
	return written(`{"type":"object","properties":{}}`)
}

// argumentsOf is the JSON object of a call's arguments.
func argumentsOf(c ToolCall) written {
	if json.Valid([]byte(c.Arguments)) && strings.HasPrefix(strings.TrimSpace(c.Arguments), "{") {
		return written(strings.TrimSpace(c.Arguments))
	}
	if c.Arguments == "" {
		return written("{}")
	}
	return object("input", c.Arguments)
}

// resultOf is what a tool returned as a JSON object.
func resultOf(text string) written {
	if trimmed := strings.TrimSpace(text); strings.HasPrefix(trimmed, "{") && json.Valid([]byte(trimmed)) {
		return written(trimmed)
	}
	return object("result", text)
}

// parameterNames puts OpenAI's names of settings into a family's own words.
type parameterNames map[string]string

func (n parameterNames) pointer(name string) string {
	if own, known := n[name]; known {
		return own
	}
	return "/" + escapePointer(name)
}

// setStreamURL asks for a stream where the URL says so; done is false where it does not.
func (e *Editor) setStreamURL(in Input, value any) (out Input, done bool) {
	stream, ok := value.(bool)
	if !ok {
		return in, false
	}
	var whole, streamed string
	switch e.family {
	case "gemini.generateContent", "gemini.streamGenerateContent":
		whole, streamed = ":generateContent", ":streamGenerateContent"
	case "bedrock.converse", "bedrock.converse_stream":
		whole, streamed = "/converse", "/converse-stream"
	case "bedrock.invoke", "bedrock.invoke_stream":
		whole, streamed = "/invoke", "/invoke-with-response-stream"
	default:
		return in, false
	}
	path, query, hasQuery := strings.Cut(in.URL, "?")
	switch {
	case stream && strings.HasSuffix(path, whole):
		path = strings.TrimSuffix(path, whole) + streamed
		if e.dialect == (geminiDialect{}) && !strings.Contains(query, "alt=") {
			query, hasQuery = strings.TrimPrefix(query+"&alt=sse", "&"), true
		}
	case !stream && strings.HasSuffix(path, streamed):
		path = strings.TrimSuffix(path, streamed) + whole
		query = strings.TrimPrefix(strings.ReplaceAll("&"+query, "&alt=sse", ""), "&")
		hasQuery = query != ""
	}
	if in.URL = path; hasQuery {
		in.URL += "?" + query
	}
	return in, true
}

// SetModel asks for another model, in the body or in the URL.
func (e *Editor) SetModel(in Input, was, name string) (Input, error) {
	r, err := newRewrite(in.RequestBody)
	if err == nil {
		for _, key := range []string{"model", "modelId", "model_id", "modelName", "model_name"} {
			if at := r.root().get(key); at.isString() {
				r.replace(at, quote(name, r.ascii))
				in.RequestBody = r.body
				return in, nil
			}
		}
	}
	if changed, ok := modelInURL(in.URL, was, name); ok {
		in.URL = changed
		return in, nil
	}
	if _, chat := e.dialect.(chatDialect); chat && err == nil {
		r.set(r.root(), "model", quote(name, r.ascii))
		in.RequestBody = r.body
		return in, nil
	}
	return in, &NoPlace{e.family, "the name of a model"}
}

// modelInURL replaces the model in a path that names it: Google's /models/M:verb, Bedrock's /model/M/verb, Azure's
// /deployments/M/.
func modelInURL(raw, was, name string) (string, bool) {
	head, tail := raw, ""
	if i := strings.IndexAny(raw, "?#"); i >= 0 {
		head, tail = raw[:i], raw[i:]
	}
	escaped := strings.NewReplacer("%", "%25", " ", "%20", "?", "%3F", "#", "%23", "/", "%2F").Replace(name)
	for _, before := range []string{"/models/", "/model/", "/deployments/"} {
		i := strings.LastIndex(head, before)
		if i < 0 {
			continue
		}
		start := i + len(before)
		end := len(head)
		if j := strings.IndexByte(head[start:], '/'); j >= 0 {
			end = start + j
		}
		if before == "/models/" {
			j := strings.LastIndexByte(head[start:end], ':')
			if j < 0 {
				continue
			}
			end = start + j
		}
		return head[:start] + escaped + head[end:] + tail, true
	}
	if was != "" && strings.Count(head, "/"+was) == 1 {
		return strings.Replace(head, "/"+was, "/"+escaped, 1) + tail, true
	}
	return raw, false
}
