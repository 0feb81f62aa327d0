package discover

import (
	"strings"

	"assay/scanner"
)

// learnAnswerHeader goes through the header of an answer once: who may read it, which limits it says, and what it
// names.
func (l *lesson) learnAnswerHeader() {
	r := l.s.Exchange.Response
	if r == nil {
		return
	}
	origin, credentials := "", ""
	for i := range r.Header {
		name, value := r.Header[i].Name, r.Header[i].Value
		if len(name) < 4 || len(name) > 64 || value == "" {
			continue
		}
		var buf [64]byte
		lower := buf[:lowerInto(buf[:], name)]
		switch lower[0] {
		case 'a':
			switch string(lower) {
			case "access-control-allow-origin":
				origin = value
			case "access-control-allow-credentials":
				credentials = value
			}
		case 'l', 'c', 'o':
			switch string(lower) {
			case "location", "content-location", "operation-location":
				l.t.facts.named.url(l, strings.TrimSpace(value), "header:"+string(lower))
			case "link":
				l.nameLinks(value)
			}
		}
		if limitHeader(lower) {
			l.learnLimit(string(lower), value)
		}
	}
	if origin != "" {
		l.learnCORS(origin, credentials)
	}
}

// limitHeader reports whether a header says how often one may call: the draft of the IETF (RateLimit and
// RateLimit-Policy), RFC 9110's Retry-After, and what providers send.
func limitHeader(lower []byte) bool {
	switch lower[0] {
	case 'r':
		return has(lower, "ratelimit") || has(lower, "rate-limit") || string(lower) == "retry-after"
	case 'x':
		return has(lower, "x-ratelimit") || has(lower, "x-rate-limit") || has(lower, "x-ms-ratelimit") || string(lower) == "x-retry-after" ||
			has(lower, "x-app-rate-limit") || has(lower, "x-envoy-ratelimited")
	case 'a':
		return has(lower, "anthropic-ratelimit-")
	}
	return false
}

func has(text []byte, prefix string) bool {
	return len(text) >= len(prefix) && string(text[:len(prefix)]) == prefix
}

func (l *lesson) learnLimit(header, value string) {
	f := &l.e.Facts
	for i := range f.RateLimit {
		if r := &f.RateLimit[i]; r.Header == header {
			if r.Value != value {
				r.Value = keep(value)
			}
			r.Last = l.s.Exchange.ID
			return
		}
	}
	if len(f.RateLimit) >= maxLimits {
		f.Cut = true
		return
	}
	f.RateLimit = append(f.RateLimit, scanner.RateLimit{Header: header, Value: keep(value), Last: l.s.Exchange.ID})
}
