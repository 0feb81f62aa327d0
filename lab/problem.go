package lab

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
)

// problem is why a request gets no answer; each wire format writes it in its provider's words.
type problem struct {
	status  int
	message string
}

// busyModel always answers 429.
const busyModel = "lab-busy"

// created is when everything in the lab was made, in seconds since 1970: answers must not depend on the clock.
const created = 1767225600

// createdText is the same moment in RFC 3339.
const createdText = "2026-01-01T00:00:00Z"

// knownModel has the beginnings of names the lab accepts; real services refuse names they do not know, too.
var knownModel = regexp.MustCompile(`(?i)^(?:(?:us|eu|apac|global)\.)?(?:[\w.-]+/)*(?:` +
	`lab|gpt|chatgpt|o\d|davinci|babbage|text-|omni-|dall-e|tts|whisper|codex|claude|anthropic\.|gemini|gemma|imagen|embedding|` +
	`llama|meta\.|meta-|mistral|ministral|magistral|mixtral|codestral|pixtral|open-m|command|c4ai|cohere\.|embed-|rerank|` +
	`nomic|qwen|phi|deepseek|grok|amazon\.|ai21\.|jamba|all-minilm|mxbai)`)

// admit checks what is the same for all providers: the key, and that the model exists and is not busy.
func admit(r *http.Request, model string) *problem {
	switch {
	case apiKey(r) == "bad":
		return &problem{http.StatusUnauthorized, "Incorrect API key provided: bad."}
	case model == "":
		return &problem{http.StatusBadRequest, "You must provide a model."}
	case model == busyModel:
		return &problem{http.StatusTooManyRequests, "Rate limit reached for " + busyModel + ": this model is always busy."}
	case !knownModel.MatchString(model):
		return &problem{http.StatusNotFound, "The model `" + clip(model, 80) + "` does not exist or you do not have access to it."}
	}
	return nil
}

// decode reads a JSON request.
func decode(r *http.Request, into any) ([]byte, *problem) {
	body, err := readBody(r)
	if err != nil {
		return nil, &problem{http.StatusRequestEntityTooLarge, "The request body could not be read: " + err.Error() + "."}
	}
	if err := json.Unmarshal(body, into); err != nil {
		return nil, &problem{http.StatusBadRequest, "We could not parse the JSON body of your request: " + err.Error() + "."}
	}
	return body, nil
}

// isReasoner tells whether a model shows its reasoning without being asked.
func isReasoner(model string) bool {
	name := strings.ToLower(model)
	for _, part := range []string{"reason", "think", "deepseek-r1", "magistral"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}
