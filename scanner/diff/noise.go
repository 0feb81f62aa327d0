package diff

import (
	"slices"
	"strings"
)

// The kinds of noise: what differs between any two answers and means nothing.
const (
	NoiseIDs       = "ids"       // of answers, calls, requests; fingerprints of systems
	NoiseDates     = "dates"     // when something was made, and how long it took
	NoiseUsage     = "usage"     // counts of tokens
	NoiseTransport = "transport" // headers that the way here added: caches, rate limits, cookies
)

// Noises lists the kinds of noise.
func Noises() []string { return []string{NoiseIDs, NoiseDates, NoiseUsage, NoiseTransport} }

// Ignored says how many differences a kind of noise, or a path, hid.
type Ignored struct {
	Name   string
	Hidden int
}

// maxPaths bounds how many paths of a person are looked at.
const maxPaths = 100

type noise struct {
	kinds  map[string]bool
	paths  map[string][]string // by name as given
	order  []string
	hidden map[string]int
}

func newNoise(ignore []string) *noise {
	n := &noise{kinds: map[string]bool{}, paths: map[string][]string{}, hidden: map[string]int{}}
	for _, name := range ignore {
		switch {
		case slices.Contains(n.order, name) || len(n.order) >= maxPaths:
			continue
		case slices.Contains(Noises(), name):
			n.kinds[name] = true
		case strings.HasPrefix(name, "/"):
			n.paths[name] = strings.Split(name[1:], "/")
		default:
			continue
		}
		n.order = append(n.order, name)
	}
	return n
}

func (n *noise) ignored() []Ignored {
	list := make([]Ignored, 0, len(n.order))
	for _, name := range n.order {
		list = append(list, Ignored{name, n.hidden[name]})
	}
	return list
}

// hides reports whether a difference of the JSON is noise, and counts it.
func (n *noise) hides(path []string) bool {
	name := n.of(path)
	if name != "" {
		n.hidden[name]++
	}
	return name != ""
}

// of gives the noise that a path is, "" for none.
func (n *noise) of(path []string) string {
	for _, name := range n.order {
		if pattern := n.paths[name]; pattern != nil && fits(pattern, path) {
			return name
		}
	}
	for _, key := range path {
		if kind := kindOf(key); n.kinds[kind] {
			return kind
		}
	}
	return ""
}

// fits reports whether a path is what a pattern names, or lies below it.
func fits(pattern, path []string) bool {
	if len(path) < len(pattern) {
		return false
	}
	for i, step := range pattern {
		if step != "*" && step != escapeKey(path[i]) && step != path[i] {
			return false
		}
	}
	return true
}

// Keys of JSON, in lower case and without _ and -.
var noisyKeys = map[string]string{
	"id": NoiseIDs, "uuid": NoiseIDs, "systemfingerprint": NoiseIDs, "etag": NoiseIDs, "nonce": NoiseIDs, "obfuscation": NoiseIDs,
	"signature": NoiseIDs, "thoughtsignature": NoiseIDs, "cfray": NoiseIDs,
	"created": NoiseDates, "createdat": NoiseDates, "completedat": NoiseDates, "updatedat": NoiseDates, "timestamp": NoiseDates,
	"date": NoiseDates, "time": NoiseDates, "createtime": NoiseDates, "modifiedat": NoiseDates, "expiresat": NoiseDates,
	"latencyms": NoiseDates, "latency": NoiseDates, "totalduration": NoiseDates, "loadduration": NoiseDates,
	"promptevalduration": NoiseDates, "evalduration": NoiseDates, "processingms": NoiseDates, "timings": NoiseDates,
	"usage": NoiseUsage, "usagemetadata": NoiseUsage, "promptevalcount": NoiseUsage, "evalcount": NoiseUsage,
	"tokens": NoiseUsage, "billedunits": NoiseUsage, "xusage": NoiseUsage,
}

// kindOf gives the kind of noise that a key of JSON names.
func kindOf(key string) string {
	plain := strings.ToLower(key)
	if strings.ContainsAny(plain, "_-") {
		plain = strings.NewReplacer("_", "", "-", "").Replace(plain)
	}
	if kind := noisyKeys[plain]; kind != "" {
		return kind
	}
	switch {
	case strings.HasSuffix(key, "_id") || strings.HasSuffix(key, "Id") && len(key) > 2 || strings.HasSuffix(key, "-id"):
		return NoiseIDs
	case strings.HasSuffix(key, "_tokens") || strings.HasSuffix(key, "TokenCount") || strings.HasSuffix(key, "Tokens") && key != "maxTokens":
		if key == "max_tokens" || key == "max_completion_tokens" || key == "max_output_tokens" || key == "budget_tokens" || key == "maxOutputTokens" {
			return ""
		}
		return NoiseUsage
	}
	return ""
}

// Headers, in lower case.
var noisyHeaders = map[string]string{
	"date": NoiseDates, "age": NoiseDates, "expires": NoiseDates, "last-modified": NoiseDates, "openai-processing-ms": NoiseDates,
	"x-envoy-upstream-service-time": NoiseDates, "server-timing": NoiseDates, "x-response-time": NoiseDates,
	"request-id": NoiseIDs, "x-request-id": NoiseIDs, "x-amzn-requestid": NoiseIDs, "apim-request-id": NoiseIDs, "etag": NoiseIDs,
	"traceparent": NoiseIDs, "x-trace-id": NoiseIDs, "x-cloud-trace-context": NoiseIDs, "x-correlation-id": NoiseIDs, "idempotency-key": NoiseIDs,
	"cf-ray": NoiseTransport, "cf-cache-status": NoiseTransport, "server": NoiseTransport, "via": NoiseTransport, "alt-svc": NoiseTransport,
	"set-cookie": NoiseTransport, "connection": NoiseTransport, "keep-alive": NoiseTransport, "transfer-encoding": NoiseTransport,
	"content-length": NoiseTransport, "nel": NoiseTransport, "report-to": NoiseTransport, "x-cache": NoiseTransport,
}

// hidesHeader reports whether a difference of a header is noise, and counts it.
func (n *noise) hidesHeader(name string) bool {
	name = strings.ToLower(name)
	kind := noisyHeaders[name]
	if kind == "" && strings.Contains(name, "ratelimit") {
		kind = NoiseTransport
	}
	if kind == "" && strings.HasSuffix(name, "-id") {
		kind = NoiseIDs
	}
	if !n.kinds[kind] {
		return false
	}
	n.hidden[kind]++
	return true
}

// facts leaves out facts that differ only by noise.
func (n *noise) facts(all []Fact) []Fact {
	return slices.DeleteFunc(all, func(f Fact) bool {
		noisy := f.Change != Same && f.noise != "" && n.kinds[f.noise]
		if noisy {
			n.hidden[f.noise]++
		}
		return noisy
	})
}
