package llm

import "strings"

// The rest of Google's API (https://ai.google.dev/api).
var geminiEmbed = &format{
	family: "gemini.embed",
	kind:   KindEmbedding,
	path:   googleVerb(":embedContent", ":batchEmbedContents", ":asyncBatchEmbedContent"),
	answer: func(_ string, doc value) strength {
		if doc.at("embedding", "values").isArray() || doc.get("embeddings").item(0).get("values").isArray() {
			return certain
		}
		return silent
	},
	read: func(c *call, conv *Conversation) {
		conv.Model, _ = googleModel(c.path)
		readEmbedContent(c, c.request, conv)
		for r := range c.request.get("requests").items() {
			readEmbedContent(c, r, conv)
		}
	},
	reply: func(*call) reply { return &geminiEmbedReply{} },
}

func readEmbedContent(c *call, v value, conv *Conversation) {
	parts := v.at("content", "parts")
	if !parts.exists() {
		return
	}
	conv.Inputs++
	for p := range parts.items() {
		if t := p.get("text"); t.isString() {
			conv.Prompts = append(conv.Prompts, c.text("user", t))
		}
	}
}

type geminiEmbedReply struct{ draft }

func (r *geminiEmbedReply) whole(doc value, _ []byte) {
	r.embedding = doc.get("embeddings").len()
	if doc.has("embedding") {
		r.embedding = 1
	}
	r.usage.gemini(doc.get("usageMetadata"))
}

func (r *geminiEmbedReply) event(Event, value) {}

var geminiCount = &format{
	family: "gemini.countTokens",
	kind:   KindAPI,
	path:   googleVerb(":countTokens", ":computeTokens"),
	answer: func(_ string, doc value) strength {
		if doc.get("totalTokens").isNumber() {
			return likely
		}
		return silent
	},
	read:  readGemini,
	reply: func(*call) reply { return &geminiCountReply{} },
}

// geminiCountReply reads the number of tokens a request would take.
type geminiCountReply struct{ draft }

func (r *geminiCountReply) whole(doc value, _ []byte) {
	set(&r.usage.Input, doc.get("totalTokens"))
	set(&r.usage.CachedInput, doc.get("cachedContentTokenCount"))
}

func (r *geminiCountReply) event(Event, value) {}

// vertexPredict is Vertex AI's general form for models that have none of their own: embeddings, Imagen, Veo.
var vertexPredict = &format{
	family: "vertex.predict",
	kind:   KindLLM,
	path:   googleVerb(":predict", ":predictLongRunning", ":fetchPredictOperation"),
	request: func(c *call) strength {
		instances := c.request.get("instances")
		if !instances.isArray() {
			return silent
		}
		// Servers of all kinds of models are asked for predictions in this form (TensorFlow Serving began it): numbers and columns
		// of a table are no talk.
		for _, key := range []string{"content", "prompt", "text", "inputs", "messages", "image", "video"} {
			if instances.item(0).has(key) {
				return likely
			}
		}
		return against
	},
	answer: func(_ string, doc value) strength {
		if p := doc.get("predictions").item(0); p.has("embeddings") || p.has("bytesBase64Encoded") {
			return certain
		}
		return silent
	},
	read: func(c *call, conv *Conversation) {
		conv.Model, _ = googleModel(c.path)
		for instance := range c.request.get("instances").items() {
			conv.Inputs++
			for _, key := range []string{"content", "prompt", "text"} {
				if t := instance.get(key); t.isString() {
					conv.Prompts = append(conv.Prompts, c.text("user", t))
				}
			}
		}
	},
	reply: func(*call) reply { return &predictReply{} },
}

type predictReply struct{ draft }

func (r *predictReply) whole(doc value, _ []byte) {
	for p := range doc.get("predictions").items() {
		if p.has("embeddings") || p.has("textEmbedding") {
			r.embedding++
		}
		if b := p.get("bytesBase64Encoded"); b.isString() {
			r.add(Part{Kind: mediaKind(p.get("mimeType").text()), MIME: p.get("mimeType").text(), Bytes: inlineSize(b)})
		}
		r.say(p.get("content").text())
	}
}

func (r *predictReply) event(Event, value) {}

// googlePart makes the format of a part of Google's API by what its path holds.
func googlePart(family string, kind Kind, holds ...string) *format {
	return &format{
		family: family,
		kind:   kind,
		path: func(c *call) strength {
			for _, part := range holds {
				if strings.Contains(c.path, part) {
					return certain
				}
			}
			return silent
		},
		read: func(c *call, conv *Conversation) {
			conv.Model, _ = googleModel(c.path)
			readGeminiBody(c, c.request, conv)
		},
	}
}

var (
	geminiCached = googlePart("gemini.cachedContents", KindAPI, "/cachedContents")
	geminiBatch  = googlePart("gemini.batch", KindAPI, ":batchGenerateContent", "/v1beta/batches/")
	geminiFiles  = googlePart("gemini.files", KindAPI, "/fileSearchStores", "/v1beta/files", "/v1beta/corpora")
)
