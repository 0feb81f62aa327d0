package llm

import "strings"

// deepgramFormats are Deepgram's (https://developers.deepgram.com/reference): speech to text, text to speech, text
// analysis.
var deepgramFormats = []*format{
	deepgram("listen", KindAudio),
	deepgram("speak", KindAudio),
	deepgram("read", KindLLM),
}

func deepgram(word string, kind Kind) *format {
	return &format{
		family:   "deepgram." + word,
		kind:     kind,
		provider: "deepgram",
		path: func(c *call) strength {
			switch {
			case !strings.HasSuffix(c.path, "/v1/"+word):
				return silent
			case c.provider == "deepgram", strings.HasPrefix(c.RequestHeader.Get("Authorization"), "Token "):
				return certain
			default:
				return maybe
			}
		},
		request: func(c *call) strength {
			if c.request.get("text").isString() && c.param("model") != "" {
				return maybe
			}
			return silent
		},
		answer: func(_ string, doc value) strength {
			if doc.at("metadata", "request_id").isString() && doc.get("results").isObject() {
				return certain
			}
			return silent
		},
		read: func(c *call, conv *Conversation) {
			conv.Model = c.param("model")
			if t := c.request.get("text"); t.isString() {
				conv.Prompts = append(conv.Prompts, c.text("user", t))
			}
		},
		reply: func(c *call) reply { return &deepgramReply{mediaReply{kind: PartAudio, mime: c.answerType}} },
	}
}

type deepgramReply struct{ mediaReply }

func (r *deepgramReply) whole(doc value, body []byte) {
	if !doc.exists() {
		r.mediaReply.whole(doc, body)
		return
	}
	for channel := range doc.at("results", "channels").items() {
		r.say(channel.get("alternatives").item(0).get("transcript").text())
	}
	r.say(doc.at("results", "summary", "text").text())
	if e := doc.get("err_msg"); e.isString() {
		r.err = &ProviderError{Code: doc.get("err_code").text(), Message: e.text()}
	}
}
