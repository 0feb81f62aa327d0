package llm

import "strings"

// Formats that one provider has beside the ones everybody shares.

// writerChat is OpenAI's chat under Writer's older path.
var writerChat = &format{
	family: "writer.chat",
	kind:   KindLLM,
	path: func(c *call) strength {
		if c.provider == "writer" {
			return suffix(certain, "/v1/chat")(c)
		}
		return suffix(maybe, "/v1/chat")(c)
	},
	request: chatRequest,
	answer:  chatAnswer,
	read:    readChat,
	reply:   func(*call) reply { return &chatReply{} },
}

// mistralOCR reads documents (https://docs.mistral.ai/api/#tag/ocr).
var mistralOCR = &format{
	family: "mistral.ocr",
	kind:   KindLLM,
	path:   suffix(likely, "/v1/ocr"),
	request: func(c *call) strength {
		if d := c.request.get("document"); d.isObject() && c.request.get("model").isString() {
			return likely
		}
		return silent
	},
	answer: func(_ string, doc value) strength {
		if doc.get("pages").item(0).has("markdown") {
			return certain
		}
		return silent
	},
	read: func(c *call, conv *Conversation) {
		conv.Model = c.request.get("model").text()
		conv.Messages = []Message{{Role: "user", Parts: []Part{contentPart(c, "user", c.request.get("document"), conv)}}}
	},
	reply: func(*call) reply { return &ocrReply{} },
}

type ocrReply struct{ draft }

func (r *ocrReply) whole(doc value, _ []byte) {
	r.model = doc.get("model").text()
	for page := range doc.get("pages").items() {
		r.say(page.get("markdown").text())
	}
}

func (r *ocrReply) event(Event, value) {}

// veniceImage makes images (https://docs.venice.ai/api-reference/endpoint/image/generate).
var veniceImage = &format{
	family: "venice.image",
	kind:   KindImage,
	path:   suffix(likely, "/v1/image/generate"),
	request: func(c *call) strength {
		if c.request.get("prompt").isString() && c.request.get("model").isString() {
			return maybe
		}
		return silent
	},
	read: readMediaRequest,
	reply: func(c *call) reply {
		return &mediaReply{kind: PartImage, mime: c.answerType}
	},
}

// anthropicManagement are the parts of Anthropic's API that ask no model.
var anthropicManagement = []*format{
	anthropicPart("anthropic.batches", "/messages/batches", "/messages/batches/**"),
	anthropicPart("anthropic.files", "/v1/files", "/v1/files/**"),
	anthropicPart("anthropic.models", "/v1/models", "/v1/models/*"),
	anthropicPart("anthropic.skills", "/v1/skills", "/v1/skills/**"),
	anthropicPart("anthropic.admin", "/v1/organizations/**"),
}

// anthropicPart is told from OpenAI's part of the same path by the version header every client of Anthropic sends.
func anthropicPart(family string, ends ...string) *format {
	return &format{
		family: family,
		kind:   KindAPI,
		path: func(c *call) strength {
			for _, end := range ends {
				if !pathEnds(c.path, end) {
					continue
				}
				if c.provider == "anthropic" || c.RequestHeader.Has("anthropic-version") || c.provider == "" && c.param("beta") == "true" || strings.HasPrefix(end, "/messages/") {
					return particular
				}
			}
			return silent
		},
		read: readManaged,
	}
}
