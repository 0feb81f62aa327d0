package llm

import "strings"

// hfFormats are the inference of Hugging Face by model, and the native API of its server TGI
// (https://huggingface.co/docs/text-generation-inference).
var hfFormats = []*format{
	{
		family: "hf.inference",
		kind:   KindLLM,
		path: func(c *call) strength {
			switch {
			case c.Method != "POST" || !byModel(c.path):
				return silent
			case c.provider == "huggingface":
				return certain
			default:
				return maybe
			}
		},
		request: func(c *call) strength {
			if c.request.has("inputs") && byModel(c.path) {
				return likely
			}
			return silent
		},
		read:  readTGI,
		reply: func(*call) reply { return &tgiReply{} },
	},
	{
		family:  "tgi.generate",
		kind:    KindLLM,
		path:    suffix(maybe, "/generate"),
		request: tgiRequest,
		answer: func(_ string, doc value) strength {
			if firstItem(doc).get("generated_text").isString() {
				return likely
			}
			return silent
		},
		read:  readTGI,
		reply: func(*call) reply { return &tgiReply{} },
	},
	{
		family:  "tgi.generate_stream",
		kind:    KindLLM,
		path:    suffix(likely, "/generate_stream"),
		request: tgiRequest,
		answer: func(_ string, doc value) strength {
			if doc.at("token", "text").isString() && doc.has("generated_text") {
				return certain
			}
			return silent
		},
		read: func(c *call, conv *Conversation) {
			readTGI(c, conv)
			conv.StreamAsked = true
		},
		reply: func(*call) reply { return &tgiReply{} },
	},
}

// byModel reports whether a path names a model or its task: /models/{model}, /pipeline/{task}/{model}.
func byModel(path string) bool {
	if strings.Contains(path, "/v1/") {
		return false
	}
	return strings.Contains(path, "/pipeline/") ||
		strings.Contains(path, "/models/") && !strings.Contains(path[strings.LastIndexByte(path, '/'):], ":")
}

func tgiRequest(c *call) strength {
	switch {
	case c.request.get("inputs").isString() && c.request.get("parameters").isObject():
		return likely
	case c.request.get("inputs").isString():
		return maybe
	default:
		return silent
	}
}

func firstItem(doc value) value {
	if doc.isArray() {
		return doc.item(0)
	}
	return doc
}

func readTGI(c *call, conv *Conversation) {
	if _, model, found := strings.Cut(c.path, "/models/"); found {
		model, task, _ := strings.Cut(unescapePath(model), "/pipeline/")
		conv.Model = model
		if task == "feature-extraction" || task == "sentence-similarity" {
			conv.Kind = KindEmbedding
		}
	} else if _, model, found := strings.Cut(c.path, "/pipeline/"); found {
		_, conv.Model, _ = strings.Cut(unescapePath(model), "/")
	}
	if inputs := c.request.get("inputs"); inputs.isString() {
		conv.Prompts = append(conv.Prompts, c.text("user", inputs))
	} else if inputs.isArray() {
		conv.Inputs = readTexts(c, inputs, conv)
	} else {
		readArguments(c, inputs, 4)
	}
	conv.StreamAsked = c.request.get("stream").isTrue()
}

type tgiReply struct{ draft }

func (r *tgiReply) whole(doc value, _ []byte) {
	first := firstItem(doc)
	r.say(firstOf(first, "generated_text", "summary_text", "translation_text", "answer").text())
	if doc.item(0).isNumber() || doc.item(0).item(0).isNumber() {
		r.embedding = max(1, doc.len())
		if doc.item(0).isNumber() {
			r.embedding = 1
		}
	}
	r.details(first.get("details"))
	if e := doc.get("error"); e.isString() {
		r.err = &ProviderError{Message: e.text(), Type: doc.get("error_type").text()}
	}
}

func (r *tgiReply) event(_ Event, doc value) {
	if token := doc.get("token"); !token.get("special").isTrue() {
		r.say(token.get("text").text())
	}
	if t := doc.get("generated_text"); t.isString() {
		r.complete = true
		if len(r.said) == 0 {
			r.say(t.text())
		}
	}
	r.details(doc.get("details"))
}

func (r *tgiReply) details(v value) {
	if f := v.get("finish_reason"); f.isString() {
		r.finish = f.word()
	}
	set(&r.usage.Output, v.get("generated_tokens"))
	set(&r.usage.Input, v.get("input_length"))
	if prefill := v.get("prefill"); prefill.isArray() && prefill.len() > 0 && r.usage.Input == nil {
		n := int64(prefill.len())
		r.usage.Input = &n
	}
}
