package llm

import (
	"encoding/base64"
	"strconv"
	"strings"

	"assay/traffic"
)

// Bedrock's invoke carries what each vendor's model takes and gives. Which vendor it is is read off the bodies: model
// ids may be ARNs that do not tell.

func invokeRequest(verb string) func(*call) strength {
	path := bedrockVerb(verb)
	return func(c *call) strength {
		if path(c) == certain {
			return certain
		}
		return silent
	}
}

// invokeAnswer knows the answers only Bedrock gives in these words; the others are known by the path.
func invokeAnswer(_ string, doc value) strength {
	switch {
	case doc.has("generation") && doc.has("prompt_token_count"), doc.get("results").item(0).has("outputText"):
		return certain
	case doc.get("outputs").item(0).has("stop_reason"), doc.has("inputTextTokenCount"):
		return certain
	case converseAnswer("", doc) == certain, messagesAnswer("", doc) == certain, chatAnswer("", doc) == certain:
		return certain
	default:
		return silent
	}
}

func readInvoke(c *call, conv *Conversation) {
	body := c.request
	switch {
	case body.get("messages").isArray() && (converseShape(body) >= maybe || body.get("inferenceConfig").isObject()) && !body.has("anthropic_version"):
		readConverseBody(c, body, conv)
	case body.get("messages").isArray() && body.has("anthropic_version"):
		readAnthropicBody(c, body, conv)
	case body.get("messages").isArray():
		readChat(c, conv)
	case body.get("prompt").exists():
		readPromptBody(c, body, conv)
	case body.get("message").isString():
		readCohereV1(c, conv)
	default:
		readInvokeTexts(c, body, conv)
	}
	conv.Model = bedrockModel(c.path)
	if conv.Model == "" { // async-invoke
		conv.Model = body.get("modelId").text()
	}
	conv.Kind = invokeKind(conv.Model)
}

// readInvokeTexts reads Titan, Nova's media models, embeddings and Stability.
func readInvokeTexts(c *call, body value, conv *Conversation) {
	for _, path := range [][]string{
		{"inputText"},
		{"singleEmbeddingParams", "text", "value"},
		{"segmentedEmbeddingParams", "text", "value"},
		{"textToImageParams", "text"},
		{"textToVideoParams", "text"},
		{"imageVariationParams", "text"},
		{"inPaintingParams", "text"},
		{"modelInput", "textToVideoParams", "text"},
	} {
		if t := body.at(path...); t.isString() {
			conv.Inputs++
			conv.Prompts = append(conv.Prompts, c.text("user", t))
		}
	}
	conv.Inputs += readTexts(c, body.get("text_prompts"), conv)
	readInputs(c, body, conv)
}

func invokeKind(model string) Kind {
	switch {
	case strings.Contains(model, "embed"), strings.Contains(model, "marengo"):
		return KindEmbedding
	case strings.Contains(model, "stability."), strings.Contains(model, "image"), strings.Contains(model, "canvas"), strings.Contains(model, "reel"):
		return KindImage
	default:
		return KindLLM
	}
}

// invokeReply hands answers to the reader of the vendor's own format.
type invokeReply struct {
	draft
	headers traffic.Header
	vendor  reply
	counted Usage // Bedrock's own count
	ended   bool
	inner   document
}

func (r *invokeReply) whole(doc value, body []byte) {
	if r.vendor = vendorReply(doc); r.vendor != nil {
		r.vendor.whole(doc, body)
	} else {
		r.other(doc)
	}
	r.counted.Input = headerCount(r.headers, "X-Amzn-Bedrock-Input-Token-Count")
	r.counted.Output = headerCount(r.headers, "X-Amzn-Bedrock-Output-Token-Count")
	r.complete = true
}

func headerCount(h traffic.Header, name string) *int64 {
	n, err := strconv.ParseInt(h.Get(name), 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

// vendorReply chooses by the first document of an answer.
func vendorReply(doc value) reply {
	switch {
	case doc.get("type").is("message"), strings.HasPrefix(doc.get("type").text(), "message_"),
		strings.HasPrefix(doc.get("type").text(), "content_block"):
		return &anthropicReply{}
	case doc.has("completion"):
		return &completeReply{}
	case doc.get("choices").item(0).has("text"):
		return &completionsReply{}
	case doc.has("choices"):
		return &chatReply{}
	case doc.at("output", "message").isObject():
		return &converseReply{}
	case doc.has("messageStart"), doc.has("contentBlockDelta"), doc.has("contentBlockStart"):
		return &converseReply{}
	case doc.get("event_type").isString(), doc.get("text").isString() && (doc.has("generation_id") || doc.has("response_id")):
		return &cohereReplyV1{}
	default:
		return nil
	}
}

func (r *invokeReply) event(ev Event, doc value) {
	if ev.Name != "chunk" {
		return
	}
	data, err := base64.StdEncoding.DecodeString(doc.get("bytes").text())
	if err != nil {
		return
	}
	r.inner.parse(data)
	piece := r.inner.root()
	if m := piece.get("amazon-bedrock-invocationMetrics"); m.isObject() {
		r.counted.Input, r.counted.Output = m.get("inputTokenCount").count(), m.get("outputTokenCount").count()
		r.ended = true
	}
	if r.vendor == nil {
		r.vendor = vendorReply(piece)
	}
	switch vendor := r.vendor.(type) {
	case nil:
		r.other(piece)
	case *converseReply:
		for key, val := range piece.fields() {
			vendor.piece(string(key), val)
		}
	default:
		vendor.event(Event{Name: piece.get("type").text(), Data: data}, piece)
	}
}

// other reads the answers of vendors with no format of their own here, whole or in pieces.
func (r *invokeReply) other(doc value) {
	for key, val := range doc.fields() {
		switch string(key) {
		case "generation", "outputText": // Llama; Titan in pieces
			r.say(val.text())
			r.choices = 1
		case "text": // Cohere in pieces
			if doc.has("is_finished") || doc.has("finish_reason") {
				r.say(val.text())
				r.choices = 1
			}
		case "results", "outputs", "generations": // Titan, Mistral, Cohere
			r.choices = val.len()
			first := val.item(0)
			r.say(firstOf(first, "outputText", "text").text())
			r.reason(first)
			set(&r.usage.Output, first.get("tokenCount"))
		case "completions": // Jurassic
			r.choices = val.len()
			r.say(val.item(0).at("data", "text").text())
			r.finish = val.item(0).at("finishReason", "reason").text()
		case "prompt_token_count", "inputTextTokenCount":
			set(&r.usage.Input, val)
		case "generation_token_count", "totalOutputTextTokenCount":
			set(&r.usage.Output, val)
		case "embedding":
			r.embedding = 1
		case "embeddings":
			r.embedding = vectors(val)
		case "images", "artifacts":
			for img := range val.items() {
				data := img
				if img.isObject() {
					data = img.get("base64")
				}
				part := Part{Kind: PartImage}
				part.setInline(data)
				r.add(part)
			}
		}
	}
	r.reason(doc)
}

// vectors counts embeddings: a list of vectors, a list of objects, or lists by type.
func vectors(v value) int {
	if v.isArray() {
		return v.len()
	}
	for _, list := range v.fields() {
		return list.len()
	}
	return 0
}

func (r *invokeReply) reason(v value) {
	for _, key := range []string{"stop_reason", "completionReason", "finish_reason"} {
		if s := v.get(key); s.isString() {
			r.finish = s.text()
			r.complete = true
		}
	}
}

func (r *invokeReply) into(conv *Conversation) {
	if r.vendor != nil {
		r.vendor.into(conv)
	} else {
		r.draft.into(conv)
	}
	conv.Complete = conv.Complete || r.ended || r.complete
	if conv.Usage.Input == nil {
		conv.Usage.Input = r.counted.Input
	}
	if conv.Usage.Output == nil {
		conv.Usage.Output = r.counted.Output
	}
}
