package scanner

import "assay/traffic"

// ModelSession is how a conversation is opened with a target that keeps its history itself, so that no trial sees what
// another one said. Like the model it holds references in place of secrets.
//
// Places in a request are written as llm.Ref, cookie:NAME, or path:STEP for a step of the path. Places in an answer are a JSON pointer, header:NAME,
// cookie:NAME, or name:NAME for the first text under a name, wherever it stands.
type ModelSession struct {
	Open  []SessionRequest `json:"open,omitempty"`  // sent before each trial, in order; {{session}} stands for the token in the later ones
	Token string           `json:"token,omitempty"` // where the first answer that has one gives the session's token; "random" where the caller makes it up
	Into  []string         `json:"into,omitempty"`  // places of the target's request that carry the token
	Fresh []string         `json:"fresh,omitempty"` // places that are taken out of a trial's first request, so that the target opens a session itself
	Carry []SessionField   `json:"carry,omitempty"` // what each answer hands to the next request
}

// SessionRequest is one request that opens a session.
type SessionRequest struct {
	Method string         `json:"method"`
	URL    string         `json:"url"` // absolute
	Header traffic.Header `json:"header,omitempty"`
	Body   []byte         `json:"body,omitempty"`
}

// SessionField goes from an answer into the next request.
type SessionField struct {
	From string `json:"from"`
	To   string `json:"to"`
}
