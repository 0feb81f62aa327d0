package llm

import "strings"

// Models of other makers at Vertex AI, in their makers' formats. The model stands in the URL
// (https://cloud.google.com/vertex-ai/generative-ai/docs/partner-models/use-partner-models).
var (
	vertexAnthropic = rawPredict("anthropic", anthropicMessages)
	vertexMistral   = rawPredict("mistralai", openaiChat)
)

func rawPredict(publisher string, made *format) *format {
	return &format{
		family:  "vertex.rawPredict." + publisher,
		kind:    KindLLM,
		request: made.request,
		answer:  made.answer,
		reply:   made.reply,
		path: func(c *call) strength {
			if c.Method != "POST" || !strings.Contains(c.path, "/publishers/"+publisher+"/models/") {
				return silent
			}
			if strings.HasSuffix(c.path, ":rawPredict") || strings.HasSuffix(c.path, ":streamRawPredict") {
				return particular
			}
			return silent
		},
		read: func(c *call, conv *Conversation) {
			made.read(c, conv)
			conv.Model, _ = googleModel(c.path)
			conv.StreamAsked = conv.StreamAsked || strings.HasSuffix(c.path, ":streamRawPredict")
		},
	}
}
