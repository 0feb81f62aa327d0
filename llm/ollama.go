package llm

import "strings"

// Ollama's own API (https://github.com/ollama/ollama/blob/main/docs/api.md). Many applications have an /api/chat, so
// the path alone says little.
var ollamaChat = &format{
	family:  "ollama.chat",
	kind:    KindLLM,
	path:    suffix(likely, "/api/chat"),
	request: ollamaRequest("messages"),
	answer:  ollamaAnswer("message"),
	read:    readOllama,
	reply:   func(*call) reply { return &ollamaReply{} },
}

var ollamaGenerate = &format{
	family:  "ollama.generate",
	kind:    KindLLM,
	path:    suffix(likely, "/api/generate"),
	request: ollamaRequest("prompt"),
	answer:  ollamaAnswer("response"),
	read:    readOllama,
	reply:   func(*call) reply { return &ollamaReply{} },
}

var ollamaEmbed = &format{
	family: "ollama.embed",
	kind:   KindEmbedding,
	path:   suffix(likely, "/api/embed", "/api/embeddings"),
	request: func(c *call) strength {
		if c.request.get("model").isString() && (c.request.has("prompt") || c.request.has("input")) {
			return maybe
		}
		return silent
	},
	answer: func(_ string, doc value) strength {
		if doc.get("embedding").isArray() || doc.get("embeddings").item(0).isArray() {
			return likely
		}
		return silent
	},
	read: func(c *call, conv *Conversation) {
		readInputs(c, c.request, conv)
		if p := c.request.get("prompt"); p.isString() {
			conv.Inputs += readTexts(c, p, conv)
		}
	},
	reply: func(*call) reply { return &ollamaReply{} },
}

var ollamaOther = &format{
	family: "ollama.other",
	kind:   KindAPI,
	path: func(c *call) strength {
		for _, end := range []string{"/api/tags", "/api/show", "/api/pull", "/api/push", "/api/ps", "/api/create", "/api/copy", "/api/delete", "/api/version"} {
			if strings.HasSuffix(c.path, end) {
				if c.provider == "ollama" || c.provider == "ollama-cloud" {
					return certain
				}
				return maybe
			}
		}
		return silent
	},
	answer: func(_ string, doc value) strength {
		if doc.get("models").item(0).has("digest") || doc.has("modelfile") && doc.has("template") {
			return likely
		}
		return silent
	},
	read: readManaged,
}

func ollamaRequest(key string) func(*call) strength {
	return func(c *call) strength {
		if !c.request.has(key) || !c.request.get("model").isString() {
			return silent
		}
		if strings.HasSuffix(c.path, "/completions") { // OpenAI's shim takes the same options
			return silent
		}
		if messages := c.request.get("messages"); messages.item(0).has("parts") {
			return against
		}
		if c.request.get("options").isObject() || c.request.has("keep_alive") || c.request.has("think") {
			return likely
		}
		return maybe
	}
}

func ollamaAnswer(key string) func(string, value) strength {
	return func(_ string, doc value) strength {
		if doc.has("done") && doc.has(key) && doc.has("created_at") {
			return certain
		}
		return silent
	}
}

func readOllama(c *call, conv *Conversation) {
	conv.StreamAsked = true // what Ollama does when nothing is said
	for key, val := range c.request.fields() {
		switch string(key) {
		case "model":
			conv.Model = val.text()
		case "messages":
			readMessages(c, val, conv)
		case "tools":
			readTools(val, conv)
		case "prompt":
			readPrompts(c, val, conv)
		case "system":
			if val.len() > 0 || len(val.raw()) > 2 {
				readSystem(c, val, conv)
			}
		case "stream":
			conv.StreamAsked = val.isTrue()
		}
	}
}

// ollamaReply reads answers and the lines of streamed ones, which have the same shape.
type ollamaReply struct{ draft }

func (r *ollamaReply) whole(doc value, _ []byte) { r.line(doc) }

func (r *ollamaReply) event(_ Event, doc value) { r.line(doc) }

func (r *ollamaReply) line(doc value) {
	for key, val := range doc.fields() {
		switch string(key) {
		case "model":
			r.model = val.text()
		case "message":
			r.choices = 1
			r.message(val)
		case "response":
			r.choices = 1
			r.say(val.text())
		case "thinking":
			r.think(val.text())
		case "done":
			r.complete = r.complete || val.isTrue()
		case "done_reason":
			r.finish = val.word()
		case "prompt_eval_count":
			set(&r.usage.Input, val)
		case "eval_count":
			set(&r.usage.Output, val)
		case "embeddings":
			r.embedding = val.len()
		case "embedding":
			r.embedding = 1
		}
	}
}

func (r *ollamaReply) message(m value) {
	r.think(m.get("thinking").text())
	r.say(m.get("content").text())
	for tc := range m.get("tool_calls").items() {
		f := tc.get("function")
		r.newCall(tc.get("id").text(), f.get("name").text(), arguments(f.get("arguments")))
	}
}
