package llm

import (
	"fmt"
	"slices"
	"strings"
)

// evidence is what speaks for the format a Reader has settled on.
type evidence struct {
	path, request, answer strength
}

// sum weighs the evidence. A path is chosen by whoever made the API, a shape may be a coincidence or a copy.
func (e evidence) sum() int { return 3*int(e.path) + int(e.request) + int(e.answer) }

// open reports whether an answer could still change the decision.
func (e evidence) open() bool { return e.path < certain && e.answer < likely }

// enough reports whether the evidence makes a format the answer to what this is. known: the host is one of the catalog.
func (e evidence) enough(known bool) bool {
	switch {
	case e.request == against && e.answer < likely, e.answer == against && e.request < likely && e.path < certain:
		return false
	case e.path >= certain:
		return true
	case e.path >= likely:
		return known || e.request >= maybe || e.answer >= maybe
	case e.path >= maybe:
		return e.request >= likely || e.answer >= likely
	default:
		return e.answer >= certain || e.request >= likely || e.answer >= likely && e.request >= maybe
	}
}

func (e evidence) confidence(known bool) Confidence {
	shape := max(e.request, e.answer)
	switch {
	case e.path >= likely && (shape >= maybe || known), e.path >= certain:
		return Sure
	case e.path >= maybe && shape >= likely, shape >= certain:
		return Likely
	default:
		return Low
	}
}

// decide finds the format, given what is known of the answer: its document, or one event of it.
func (r *Reader) decide(name string, doc value) {
	c := r.call
	if c.service == KindSaaS || c.service == KindPlain {
		r.base = Conversation{Kind: c.service, Provider: c.provider}
		return
	}
	best, found := r.weigh(name, doc)
	if found == nil || found == r.format {
		if found == nil && r.format == nil {
			r.base = c.unknown()
		}
		if found != nil && best.sum() > r.evidence.sum() {
			r.evidence = best
			r.base.Confidence = best.confidence(c.known())
		}
		return
	}
	r.settleOn(found, best)
}

// weigh finds the format most of the evidence speaks for. Shapes are only looked at where the path leaves a choice.
func (r *Reader) weigh(name string, doc value) (evidence, *format) {
	c := r.call
	if r.paths == nil {
		r.paths = make([]strength, len(formats))
		for i, f := range formats {
			if f.path != nil {
				r.paths[i] = f.path(c)
			}
		}
	}
	least := against
	if slices.Max(r.paths) >= certain {
		least = certain
	}
	best, found := evidence{}, (*format)(nil)
	for i, f := range formats {
		if r.paths[i] < least {
			continue
		}
		e := f.judge(c, r.paths[i], name, doc)
		if e.enough(c.known()) && (found == nil || e.sum() > best.sum()) {
			best, found = e, f
		}
	}
	if found != nil && found.stream != nil && r.splitter != nil && best.path < certain {
		found = found.stream
	}
	return best, found
}

func (f *format) judge(c *call, path strength, name string, doc value) evidence {
	e := evidence{path: path}
	if f.request != nil && (path > silent || c.request.isObject()) {
		e.request = f.request(c)
	}
	if f.answer != nil && (doc.exists() || name != "") {
		if e.answer = f.answer(name, doc); e.answer > silent && f.echoes != nil && f.echoes(c, doc) {
			e.answer = against
		}
	}
	return e
}

func (r *Reader) settleOn(f *format, e evidence) {
	c := r.call
	r.format, r.evidence = f, e
	r.base = Conversation{
		Provider: c.provider, Family: f.family, Kind: f.kind, Confidence: e.confidence(c.known()),
	}
	if f.read != nil {
		f.read(c, &r.base)
	}
	if r.base.Provider == "" {
		r.base.Provider = f.provider
	}
	r.reply = nil
	if f.reply != nil {
		r.reply = f.reply(c)
	}
	if f.frames != nil && len(c.Frames) > 0 {
		f.frames(c, &r.base)
	}
}

// unknown is what is said of traffic in no format there is: a call of an AI provider, or plain.
func (c *call) unknown() Conversation {
	if c.provider == "" {
		return Conversation{Kind: KindPlain}
	}
	conv := Conversation{Kind: KindAPI, Provider: c.provider, Family: c.otherFamily(), Confidence: Likely}
	readManaged(c, &conv)
	return conv
}

// otherFamily names the rest of an API, after who made it rather than who hosts it.
func (c *call) otherFamily() string {
	switch c.provider {
	case "google-ai-studio", "google-vertex":
		return "gemini.other"
	case "aws-bedrock":
		return "bedrock.other"
	case "azure-openai", "openai-chatgpt":
		return "openai.other"
	case "cohere":
		if version, rest, found := strings.Cut(strings.Trim(c.path, "/"), "/"); found && isVersion(version) {
			part, _, _ := strings.Cut(rest, "/")
			return "cohere." + version + "." + part
		}
	}
	return c.provider + ".other"
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", many)
}
