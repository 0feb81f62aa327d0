package llm

import (
	"slices"
	"strings"
)

// format is one wire format. A new one is a file with such a value, and its line in formats.go. Every function may be
// nil: then that side says nothing.
type format struct {
	family   string
	kind     Kind
	provider string  // for formats that only one service speaks; "" otherwise
	stream   *format // the format it is when its answer is a stream, where another name is all that tells them apart
	array    bool    // an answer that is a JSON array is a stream of its elements

	// path judges method, host and path: certain for paths that mean nothing else anywhere, likely for paths whose
	// body must agree, maybe for paths that many services share.
	path func(c *call) strength
	// request judges the request's JSON (c.request, which may be absent) and its headers.
	request func(c *call) strength
	// answer judges an answer's JSON, or one event of a streamed answer by its name and data. The name is "" for
	// whole documents and for events without one; doc is absent for events with a name whose data is no JSON.
	answer func(name string, doc value) strength
	// echoes reports whether an answer gives back what was sent, which then speaks against the format. Nil where that
	// says nothing.
	echoes func(c *call, doc value) bool

	// read fills in what was asked. Texts are read with c.text, so that SetPrompt finds them.
	read func(c *call, conv *Conversation)
	// reply makes the reader of one answer.
	reply func(c *call) reply
	// frames reads a WebSocket session, for formats that travel as one.
	frames func(c *call, conv *Conversation)
}

// reply reads one answer, whole or event by event. It keeps what it needs: documents and events are only valid during
// the call.
type reply interface {
	// whole takes the answer that is one document; doc is absent when the body is no JSON.
	whole(doc value, body []byte)
	// event takes the next event of a stream; doc is absent when its data is no JSON.
	event(ev Event, doc value)
	// into writes all that has been said so far. It may be called after any event, and again later.
	into(conv *Conversation)
}

// strength is how much one piece of evidence says for a format.
type strength int8

const (
	against strength = -2 // the evidence excludes the format
	silent  strength = 0
	maybe   strength = 1
	likely  strength = 3
	certain strength = 5
	// particular is certain, and more to the point than another format that is certain of the same path.
	particular strength = 6
)

// path suffix rules: anchored at the end, because gateways add prefixes.

// suffix makes a path judge for POSTs whose path ends in one of the given suffixes.
func suffix(s strength, ends ...string) func(*call) strength {
	return func(c *call) strength {
		if c.Method != "POST" {
			return silent
		}
		for _, end := range ends {
			if strings.HasSuffix(c.path, end) {
				return s
			}
		}
		return silent
	}
}

// Families lists the wire formats Parse knows, sorted by name.
func Families() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.family)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
