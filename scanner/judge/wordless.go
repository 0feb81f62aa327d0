package judge

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"

	"assay/llm"
)

// speaking are the kinds of service whose answer is a text: where that is missing, nothing was said.
var speaking = []llm.Kind{"", llm.KindLLM, llm.KindAgent, llm.KindChatBackend, llm.KindRAG, llm.KindSaaS}

// spoken are members that hold what a model says, or an error, in the formats of chats. A document that has none of them
// is no chat's answer without text, but something else.
var spoken = []string{
	"choices", "message", "messages", "content", "candidates", "output", "outputs", "completion", "response", "generation", "generations", "delta", "text",
	"answer", "reply", "output_text", "generated_text", "error", "errors", "detail", "fault", "exception", "promptFeedback", "stop_reason", "finish_reason", "done",
}

// wordless gives the body as the answer where it is whole and of a format without words: vectors, hits of a search, a
// list of tools, data of a plain API. Empty where the format has words, for then they are missing.
func wordless(said *llm.Conversation, body []byte) string {
	if said == nil || said.Error != nil || len(body) > maxText {
		return ""
	}
	stream := said.Kind == llm.KindMCP && said.Streamed && said.Complete
	var members map[string]json.RawMessage
	switch start := bytes.TrimSpace(body); {
	case stream:
		return string(body)
	case len(start) < 3 || start[0] != '{' && start[0] != '[' || !json.Valid(start): // "{}" and "[]" hold nothing
		return ""
	case slices.Contains(speaking, said.Kind):
		if start[0] != '{' || json.Unmarshal(start, &members) != nil || len(members) == 0 {
			return ""
		}
		for _, name := range spoken {
			if _, has := members[name]; has {
				return ""
			}
		}
	}
	return numbers.ReplaceAllString(string(body), "[]")
}

// numbers are vectors. Their digits say nothing, and look like the numbers of cards and phones.
var numbers = regexp.MustCompile(`\[\s*-?\d[\d.eE+\-,\s]{24,}\]`)
