package llm

// OpenAI's embeddings (https://platform.openai.com/docs/api-reference/embeddings).
var openaiEmbeddings = &format{
	family:  "openai.embeddings",
	kind:    KindEmbedding,
	path:    suffix(likely, "/embeddings"),
	request: embeddingsRequest,
	answer:  embeddingsAnswer,
	read: func(c *call, conv *Conversation) {
		readInputs(c, c.request, conv)
		conv.Deployment = azureDeployment(c.path)
	},
	reply: func(*call) reply { return &embeddingsReply{} },
}

func embeddingsRequest(c *call) strength {
	input := c.request.get("input")
	if !input.isString() && !input.isArray() || !c.request.has("model") && azureDeployment(c.path) == "" {
		return silent
	}
	if c.request.has("encoding_format") || c.request.has("dimensions") {
		return likely
	}
	return maybe
}

func embeddingsAnswer(_ string, doc value) strength {
	first := doc.get("data").item(0)
	switch {
	case first.has("embedding"):
		return certain
	case doc.get("object").is("list") && first.get("object").is("embedding"):
		return certain
	default:
		return silent
	}
}

// readInputs reads requests that send texts to be embedded, ranked or judged.
func readInputs(c *call, body value, conv *Conversation) {
	for key, val := range body.fields() {
		switch string(key) {
		case "model":
			conv.Model = val.text()
		case "input", "texts", "images", "documents", "inputs":
			conv.Inputs += readTexts(c, val, conv)
		case "query":
			readTexts(c, val, conv)
		}
	}
}

// readTexts keeps the texts of a list, or the one text, as prompts; it returns how many entries there are. Token
// arrays are entries without a text: one flat array of numbers is a single entry.
func readTexts(c *call, v value, conv *Conversation) int {
	if v.isString() {
		conv.Prompts = append(conv.Prompts, c.text("user", v))
		return 1
	}
	if v.item(0).isNumber() {
		return 1
	}
	n := 0
	for item := range v.items() {
		n++
		if item.isString() {
			conv.Prompts = append(conv.Prompts, c.text("user", item))
		} else if t := item.get("text"); t.isString() {
			conv.Prompts = append(conv.Prompts, c.text("user", t))
		}
	}
	return n
}

// embeddingsReply counts the vectors; they stay in the body.
type embeddingsReply struct{ draft }

func (r *embeddingsReply) whole(doc value, _ []byte) {
	for key, val := range doc.fields() {
		switch string(key) {
		case "model":
			r.model = val.text()
		case "usage":
			r.usage.chat(val)
		case "data":
			for item := range val.items() {
				if item.has("embedding") {
					r.embedding++
				}
			}
		}
	}
}

func (r *embeddingsReply) event(_ Event, doc value) { r.whole(doc, nil) }
