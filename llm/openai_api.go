package llm

import "strings"

// The parts of OpenAI's API that manage things rather than ask a model. Others copied the paths, so on hosts nobody
// knows they count only where the rest of the path or the answer agrees.
var openaiManagement = []*format{
	managed("openai.responses.other", certain, "/responses/input_tokens", "/responses/compact"),
	managed("openai.responses.other", likely, "/responses/*", "/responses/*/cancel", "/responses/*/input_items"),
	managed("openai.models", likely, "/models", "/models/*"),
	managed("openai.files", likely, "/v1/files", "/openai/files", "/files/*", "/files/*/content", "/uploads", "/uploads/*", "/uploads/*/parts", "/uploads/*/complete", "/uploads/*/cancel"),
	managed("openai.batches", likely, "/v1/batches", "/openai/batches", "/batches/*", "/batches/*/cancel"),
	managed("openai.vector_stores", certain, "/vector_stores", "/vector_stores/**"),
	managed("openai.fine_tuning", certain, "/fine_tuning/**"),
	managed("openai.conversations", likely, "/v1/conversations", "/conversations/*", "/conversations/*/items", "/conversations/*/items/*"),
	managed("openai.traces", likely, "/v1/traces/ingest"),
	managed("openai.admin", likely, "/v1/organization/**"),
	managed("openai.realtime", certain, "/v1/realtime/sessions", "/realtime/transcription_sessions", "/realtime/client_secrets", "/v1/realtime/calls", "/v1/realtime/calls/**"),
	onlyOpenAI(managed("openai.containers", likely, "/v1/containers", "/v1/containers/**")),
	onlyOpenAI(managed("openai.videos", likely, "/v1/videos", "/v1/videos/**")),
	managed("openai.chat.stored", likely, "/v1/chat/completions/*", "/v1/chat/completions/*/messages"),
	onlyOpenAI(managed("openai.evals", likely, "/v1/evals", "/v1/evals/**")),
}

// managed makes the format of a part of an API by its paths (see pathEnds). Only openai's own host and those that
// speak like it have these paths; the formats of other providers with the same paths say so with more certainty.
func managed(family string, s strength, ends ...string) *format {
	return &format{
		family: family,
		kind:   KindAPI,
		path: func(c *call) strength {
			for _, end := range ends {
				if pathEnds(c.path, end) {
					return s
				}
			}
			return silent
		},
		answer: managedAnswer,
		read:   readManaged,
	}
}

// onlyOpenAI is for paths that mean something else at other providers.
func onlyOpenAI(f *format) *format {
	path := f.path
	f.path = func(c *call) strength {
		switch c.provider {
		case "", "openai", "azure-openai":
			return path(c)
		default:
			return silent
		}
	}
	return f
}

// managedAnswer knows the objects of OpenAI's API by their "object".
func managedAnswer(_ string, doc value) strength {
	switch doc.get("object").word() {
	case "response", "list", "model", "file", "batch", "upload", "vector_store", "fine_tuning.job", "conversation",
		"conversation.deleted", "file.deleted", "vector_store.deleted", "realtime.session":
		return maybe
	}
	if first := doc.get("data").item(0); first.has("id") && (first.has("context_length") || first.has("owned_by")) {
		return likely // a list of models, also of those who left the word "list" out
	}
	return silent
}

func readManaged(c *call, conv *Conversation) {
	if m := c.request.get("model"); m.isString() {
		conv.Model = m.text()
	}
}

// pathEnds matches the end of a path with a pattern of whole segments: * is one segment, a final ** is one or more.
func pathEnds(path, pattern string) bool {
	path = strings.TrimSuffix(path, "/")
	head, deep := strings.CutSuffix(pattern, "/**")
	if deep {
		i := strings.Index(path, head+"/")
		return i >= 0 && len(path) > i+len(head)+1
	}
	for {
		i, j := strings.LastIndexByte(pattern, '/'), strings.LastIndexByte(path, '/')
		if i < 0 {
			return true
		}
		if j < 0 || pattern[i+1:] != "*" && pattern[i+1:] != path[j+1:] || path[j+1:] == "" {
			return false
		}
		pattern, path = pattern[:i], path[:j]
	}
}
