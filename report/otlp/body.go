package otlp

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// mostHead bounds where the id of an answer is looked for, in bytes: it stands at its beginning.
const mostHead = 16 << 10

// responseID is the id that an answer gives itself; empty where it has none. Of a stream it stands in the first event.
func responseID(body []byte) string {
	head := bytes.TrimLeft(body[:min(len(body), mostHead)], " \t\r\n\ufeff")
	if len(head) > 0 && head[0] != '{' && head[0] != '[' {
		at := bytes.Index(head, []byte("data:"))
		if at < 0 {
			return ""
		}
		head = bytes.TrimLeft(head[at+len("data:"):], " ")
		if end := bytes.IndexByte(head, '\n'); end >= 0 {
			head = head[:end]
		}
	}
	if len(head) > 0 && head[0] == '[' {
		head = head[1:]
	}
	for _, path := range [...]string{"id", "message.id", "response.id", "responseId"} {
		if v := gjson.GetBytes(head, path); v.Type == gjson.String {
			return v.Str
		}
	}
	return ""
}

// asked are the settings of a request that the conventions have a name for, by the last step of where requests have them.
var settingNames = map[string]string{
	"temperature": "temperature", "top_p": "top_p", "topP": "top_p", "top_k": "top_k", "topK": "top_k", "frequency_penalty": "frequency_penalty", "frequencyPenalty": "frequency_penalty",
	"presence_penalty": "presence_penalty", "presencePenalty": "presence_penalty", "seed": "seed", "max_tokens": "max_tokens", "maxTokens": "max_tokens",
	"max_completion_tokens": "max_tokens", "max_output_tokens": "max_tokens", "maxOutputTokens": "max_tokens", "num_predict": "max_tokens", "max_tokens_to_sample": "max_tokens", "n": "choice.count",
	"candidateCount": "choice.count",
}

// settings adds what a request asks of the model. They stand at the top of a body or in the objects that formats keep them in.
func (c *Converter) settings(a *attributes, op string, body []byte) {
	seen := map[string]bool{}
	add := func(key, value gjson.Result) {
		name := settingNames[key.Str]
		if name == "" || value.Type != gjson.Number || seen[name] || name == "choice.count" && value.Int() == 1 {
			return
		}
		seen[name] = true
		switch name {
		case "max_tokens", "seed", "choice.count":
			if n, err := strconv.ParseInt(value.Raw, 10, 64); err == nil {
				a.number("gen_ai.request."+name, n)
			}
		default:
			a.real("gen_ai.request."+name, value.Num)
		}
	}
	if len(body) == 0 || body[0] != '{' {
		return
	}
	gjson.ParseBytes(body).ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "generationConfig", "inferenceConfig", "options", "parameters":
			if value.IsObject() {
				value.ForEach(func(key, value gjson.Result) bool {
					add(key, value)
					return true
				})
			}
		case "stop", "stop_sequences", "stopSequences":
			var list []string
			for _, s := range value.Array() {
				if s.Type == gjson.String && len(list) < 16 {
					list = append(list, c.name(s.Str))
				}
			}
			a.texts("gen_ai.request.stop_sequences", list)
		case "response_format":
			if kind := value.Get("type").Str; strings.HasPrefix(kind, "json") {
				a.text("gen_ai.output.type", "json")
			}
		case "dimensions":
			if op == opEmbeddings && value.Type == gjson.Number {
				a.number("gen_ai.embeddings.dimension.count", value.Int())
			}
		default:
			add(key, value)
		}
		return true
	})
}
