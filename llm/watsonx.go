package llm

import (
	"slices"
	"strings"
)

// watsonxFormats are IBM's (https://cloud.ibm.com/apidocs/watsonx-ai), one by the last word of each path.
var watsonxFormats = []*format{
	watsonx("text", KindLLM), // /ml/v1-beta/generation/text
	watsonx("text_stream", KindLLM),
	watsonx("generation", KindLLM), // /ml/v1/text/generation
	watsonx("generation_stream", KindLLM),
	watsonx("chat", KindLLM),
	watsonx("chat_stream", KindLLM),
	watsonx("embeddings", KindEmbedding),
	watsonx("rerank", KindEmbedding),
	watsonx("tokenization", KindAPI),
	watsonx("foundation_model_specs", KindAPI),
}

func watsonx(word string, kind Kind) *format {
	return &format{
		family:   "watsonx." + word,
		kind:     kind,
		provider: "watsonx",
		path: func(c *call) strength {
			switch {
			case !strings.HasSuffix(c.path, "/"+word) || !strings.Contains(c.path, "/ml/v"):
				return silent
			case c.provider == "watsonx":
				return particular
			default:
				return likely
			}
		},
		request: func(c *call) strength {
			if strings.Contains(c.path, "/ml/v") && (c.request.get("model_id").isString() || c.param("version") != "") {
				return likely
			}
			return silent
		},
		answer: func(_ string, doc value) strength {
			if doc.get("results").item(0).has("generated_text") && doc.has("model_id") {
				return certain
			}
			return silent
		},
		read: func(c *call, conv *Conversation) {
			readWatsonx(c, conv)
			conv.StreamAsked = strings.HasSuffix(word, "_stream")
		},
		reply: func(*call) reply { return &watsonxReply{} },
	}
}

func readWatsonx(c *call, conv *Conversation) {
	for key, val := range c.request.fields() {
		switch string(key) {
		case "model_id":
			conv.Model = val.text()
		case "input":
			readPrompts(c, val, conv)
		case "messages":
			readMessages(c, val, conv)
		case "tools":
			readTools(val, conv)
		case "inputs":
			conv.Inputs += readTexts(c, val, conv)
		case "query":
			readTexts(c, val, conv)
		}
	}
	if i := slices.Index(strings.Split(c.path, "/"), "deployments"); i >= 0 && conv.Model == "" {
		conv.Deployment = strings.Split(c.path+"/", "/")[i+1]
	}
}

// watsonxReply reads generated text, and chat in OpenAI's words.
type watsonxReply struct {
	chatReply
	stopped bool
}

func (r *watsonxReply) whole(doc value, body []byte) {
	if doc.has("choices") {
		r.chatReply.whole(doc, body)
	}
	r.results(doc)
	r.complete = true
}

func (r *watsonxReply) event(ev Event, doc value) {
	r.chatReply.event(ev, doc)
	r.results(doc)
	r.complete = r.complete || r.stopped
}

func (r *watsonxReply) results(doc value) {
	if m := doc.get("model_id"); m.isString() {
		r.model = m.text()
	}
	first := doc.get("results").item(0)
	if first.has("embedding") {
		r.embedding = doc.get("results").len()
	}
	if t := first.get("generated_text"); t.isString() {
		r.say(t.text())
		r.choices = 1
	}
	if s := first.get("stop_reason"); s.isString() && !s.is("not_finished") && !s.is("NOT_FINISHED") {
		r.finish, r.stopped = s.text(), true
	}
	set(&r.usage.Input, first.get("input_token_count"))
	set(&r.usage.Output, first.get("generated_token_count"))
	if f := doc.get("choices").item(0).get("finish_reason"); f.isString() {
		r.stopped = true
	}
}
