package llm

import "strings"

// replicatePredictions are Replicate's: started, then asked for until they are done
// (https://replicate.com/docs/reference/http#predictions).
var replicatePredictions = &format{
	family: "replicate.predictions",
	kind:   KindLLM,
	path: func(c *call) strength {
		if !pathEnds(c.path, "/v1/predictions") && !pathEnds(c.path, "/v1/predictions/**") && !strings.HasSuffix(c.path, "/predictions") {
			return silent
		}
		if c.provider == "replicate" {
			return certain
		}
		return maybe
	},
	request: func(c *call) strength {
		if strings.Contains(c.path, "/predictions") && c.request.get("input").isObject() && (c.request.has("version") || c.request.has("stream") || strings.Contains(c.path, "/models/")) {
			return likely
		}
		return silent
	},
	answer: func(_ string, doc value) strength {
		if doc.get("urls").has("get") && doc.get("status").isString() && doc.has("input") {
			return certain
		}
		return silent
	},
	read: func(c *call, conv *Conversation) {
		conv.Model = firstNonEmpty(c.request.get("model").text(), c.request.get("version").text())
		if _, rest, found := strings.Cut(c.path, "/models/"); found {
			conv.Model = strings.TrimSuffix(rest, "/predictions")
		}
		input := c.request.get("input")
		if s := firstOf(input, "system_prompt", "system"); s.isString() {
			conv.System = append(conv.System, c.text("system", s))
		}
		for _, key := range []string{"prompt", "text", "message", "question"} {
			if t := input.get(key); t.isString() {
				conv.Prompts = append(conv.Prompts, c.text("user", t))
			}
		}
		conv.StreamAsked = c.request.get("stream").isTrue()
	},
	reply: func(*call) reply { return &replicateReply{} },
}

type replicateReply struct{ draft }

func (r *replicateReply) whole(doc value, _ []byte) {
	r.model = firstNonEmpty(doc.get("model").text(), doc.get("version").text())
	r.finish = doc.get("status").text()
	output := doc.get("output")
	r.output(output)
	for piece := range output.items() {
		r.output(piece)
	}
	set(&r.usage.Input, doc.at("metrics", "input_token_count"))
	set(&r.usage.Output, doc.at("metrics", "output_token_count"))
	if e := doc.get("error"); e.isString() && e.text() != "" {
		r.err = &ProviderError{Message: e.text()}
	}
}

// output is a piece of text, or the address of a file.
func (r *replicateReply) output(v value) {
	switch t := v.text(); {
	case strings.HasPrefix(t, "https://"), strings.HasPrefix(t, "data:"):
		part := Part{Kind: PartFile}
		part.setURL(v)
		r.add(part)
	default:
		r.say(t)
	}
}

// event reads the stream at urls.stream, whose data is plain text.
func (r *replicateReply) event(ev Event, _ value) {
	switch ev.Name {
	case "output":
		r.say(string(ev.Data))
	case "error":
		r.err = &ProviderError{Message: string(ev.Data)}
	case "done":
		r.complete = true
	}
}
