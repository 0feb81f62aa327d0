package llm

import "strings"

// llama.cpp's server beside its OpenAI paths (https://github.com/ggml-org/llama.cpp/tree/master/tools/server).
var llamacppOther = &format{
	family:   "llamacpp.other",
	kind:     KindAPI,
	provider: "llamacpp",
	path: func(c *call) strength {
		for _, end := range []string{"/props", "/slots", "/tokenize", "/detokenize", "/apply-template", "/lora-adapters"} {
			if strings.HasSuffix(c.path, end) {
				if c.loopback() && c.port == "8080" {
					return likely
				}
				return maybe
			}
		}
		return silent
	},
	answer: func(_ string, doc value) strength {
		switch {
		case doc.has("build_info") && doc.has("total_slots"), doc.has("n_ctx") && doc.has("id_task"):
			return likely
		case doc.at("error", "code").isNumber() && doc.at("error", "type").isString():
			return maybe
		default:
			return silent
		}
	},
	read: readManaged,
}

// llamacppAnswer reports whether an answer was written by llama.cpp's server: nobody else sends its timings, and its
// fingerprint is its build.
func llamacppAnswer(doc value) bool {
	if t := doc.get("timings"); t.has("predicted_ms") || t.has("prompt_ms") {
		return true
	}
	fingerprint := doc.get("system_fingerprint").text()
	build, commit, found := strings.Cut(fingerprint, "-")
	return found && len(build) > 1 && build[0] == 'b' && strings.Trim(build[1:], "0123456789") == "" && len(commit) >= 7
}
