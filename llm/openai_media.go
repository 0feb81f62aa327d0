package llm

import "strings"

// OpenAI's images (https://platform.openai.com/docs/api-reference/images). Edits and variations are forms.
var openaiImages = &format{
	family: "openai.images",
	kind:   KindImage,
	path: func(c *call) strength {
		if c.Method != "POST" {
			return silent
		}
		for _, end := range []string{"/images/generations", "/images/edits", "/images/variations"} {
			if strings.HasSuffix(c.path, end) {
				return certain
			}
		}
		if strings.HasSuffix(c.path, "/v1/images") {
			return likely
		}
		return silent
	},
	request: func(c *call) strength {
		if c.request.get("prompt").isString() || c.field("prompt") != "" {
			return maybe
		}
		return silent
	},
	answer: func(name string, doc value) strength {
		if first := doc.get("data").item(0); first.has("b64_json") || first.get("url").isString() && doc.has("created") {
			return certain
		}
		if t := doc.get("type"); t.isString() && strings.HasPrefix(t.text(), "image_generation.") {
			return certain
		}
		return silent
	},
	read:  readMediaRequest,
	reply: func(*call) reply { return &imagesReply{} },
}

// openaiSpeech turns text into sound.
var openaiSpeech = &format{
	family: "openai.audio.speech",
	kind:   KindAudio,
	path:   suffix(certain, "/audio/speech"),
	read:   readMediaRequest,
	reply:  func(c *call) reply { return &mediaReply{kind: PartAudio, mime: c.answerType} },
}

// openaiTranscriptions turns sound into text (https://platform.openai.com/docs/api-reference/audio).
var openaiTranscriptions = &format{
	family: "openai.audio.transcriptions",
	kind:   KindAudio,
	path:   suffix(certain, "/audio/transcriptions"),
	read:   readMediaRequest,
	reply:  func(*call) reply { return &transcriptReply{} },
}

// openaiTranslations turns sound into English text.
var openaiTranslations = &format{
	family: "openai.audio.translations",
	kind:   KindAudio,
	path:   suffix(certain, "/audio/translations"),
	read:   readMediaRequest,
	reply:  func(*call) reply { return &transcriptReply{} },
}

// openaiModerations judges texts.
var openaiModerations = &format{
	family: "openai.moderations",
	kind:   KindModeration,
	path: func(c *call) strength {
		if s := suffix(certain, "/v1/moderations")(c); s > silent {
			return s
		}
		return suffix(likely, "/moderations")(c)
	},
	request: func(c *call) strength {
		if c.request.has("input") {
			return maybe
		}
		return silent
	},
	answer: func(_ string, doc value) strength {
		if first := doc.get("results").item(0); first.has("flagged") && first.has("categories") {
			return certain
		}
		return silent
	},
	read:  readInputsOnly,
	reply: func(*call) reply { return &moderationReply{} },
}

func readInputsOnly(c *call, conv *Conversation) { readInputs(c, c.request, conv) }

// readMediaRequest reads JSON and forms that have a model, a prompt or an input text, and a file.
func readMediaRequest(c *call, conv *Conversation) {
	if c.request.isObject() {
		readPromptBody(c, c.request, conv)
		if in := c.request.get("input"); in.isString() {
			conv.Prompts = append(conv.Prompts, c.text("user", in))
		}
		return
	}
	msg := Message{Role: "user"}
	for _, p := range c.form() {
		switch {
		case p.file != "":
			msg.Parts = append(msg.Parts, Part{Kind: mediaKind(p.mime), MIME: p.mime, Bytes: len(p.data), Type: p.name})
		case p.name == "model":
			conv.Model = string(p.data)
		case p.name == "stream":
			conv.StreamAsked = string(p.data) == "true"
		case p.name == "prompt":
			conv.Prompts = append(conv.Prompts, string(p.data))
			if c.collect != nil {
				c.collect(slot{role: "user", field: p.name})
			}
		}
	}
	if msg.Parts != nil {
		conv.Messages = append(conv.Messages, msg)
	}
}

func mediaKind(mime string) PartKind {
	switch kind, _, _ := strings.Cut(mime, "/"); kind {
	case "image":
		return PartImage
	case "audio":
		return PartAudio
	case "video":
		return PartVideo
	default:
		return PartFile
	}
}

type imagesReply struct{ draft }

func (r *imagesReply) whole(doc value, _ []byte) {
	r.choices = doc.get("data").len()
	for img := range doc.get("data").items() {
		if url := img.get("url"); url.isString() {
			part := Part{Kind: PartImage}
			part.setURL(url)
			r.add(part)
		} else if b64 := img.get("b64_json"); b64.isString() {
			r.add(Part{Kind: PartImage, Bytes: inlineSize(b64)})
		}
	}
	r.usage.responses(doc.get("usage"))
	r.model = doc.get("model").text()
}

func (r *imagesReply) event(_ Event, doc value) {
	if strings.HasSuffix(doc.get("type").text(), ".completed") {
		r.add(Part{Kind: PartImage, Bytes: inlineSize(doc.get("b64_json"))})
		r.usage.responses(doc.get("usage"))
		r.complete = true
		r.choices = 1
	}
}

// mediaReply is an answer that is media and nothing else.
type mediaReply struct {
	draft
	kind PartKind
	mime string
	size int
}

func (r *mediaReply) whole(doc value, body []byte) {
	if !doc.exists() {
		r.add(Part{Kind: r.kind, MIME: r.mime, Bytes: len(body)})
	}
}

func (r *mediaReply) event(_ Event, doc value) {
	switch doc.get("type").word() {
	case "speech.audio.delta":
		r.size += inlineSize(doc.get("audio"))
	case "speech.audio.done":
		r.usage.responses(doc.get("usage"))
		r.add(Part{Kind: r.kind, Bytes: r.size})
		r.complete = true
	}
}

// transcriptReply reads what was heard: JSON, plain text, or events.
type transcriptReply struct{ draft }

func (r *transcriptReply) whole(doc value, body []byte) {
	if !doc.exists() {
		r.say(plainText(body))
		return
	}
	r.say(doc.get("text").text())
	r.usage.responses(doc.get("usage"))
	r.model = doc.get("model").text()
}

func (r *transcriptReply) event(_ Event, doc value) {
	switch kind := doc.get("type").word(); {
	case strings.HasSuffix(kind, "text.delta"):
		r.say(doc.get("delta").text() + doc.get("text").text())
	case strings.HasSuffix(kind, ".done"):
		if len(r.said) == 0 {
			r.say(doc.get("text").text())
		}
		r.usage.responses(doc.get("usage"))
		r.complete = true
	}
}

// plainText is a body that is text; "" when it is not.
func plainText(body []byte) string {
	return strings.TrimSpace(strings.ToValidUTF8(string(body[:min(len(body), 1<<20)]), "\uFFFD"))
}

type moderationReply struct{ draft }

func (r *moderationReply) whole(doc value, _ []byte) {
	r.model = doc.get("model").text()
	for result := range doc.get("results").items() {
		r.choices++
		r.flagged = r.flagged || result.get("flagged").isTrue()
	}
	r.usage.chat(doc.get("usage"))
}

func (r *moderationReply) event(Event, value) {}
