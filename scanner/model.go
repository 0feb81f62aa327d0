package scanner

import (
	"time"

	"assay/traffic"
)

// ModelID numbers an imported model within one project.
type ModelID int64

// Model is a model, or anything that answers a prompt, as a person imported it: the request that reaches it, where its
// prompt stands, and where its answer stands. It holds no secret, only references to secrets (see ModelAuth.Secret).
type Model struct {
	ID       ModelID        `json:"id"`
	Name     string         `json:"name"`
	Provider string         `json:"provider"`           // a preset's name, or custom
	Kind     string         `json:"kind,omitempty"`     // what its answers were taken for, a word of llm.Kind; empty where only the request tells
	Model    string         `json:"model,omitempty"`    // as the provider calls it; empty where the request names none
	Method   string         `json:"method"`             // POST nearly always
	URL      string         `json:"url"`                // absolute
	Header   traffic.Header `json:"header,omitempty"`   // without the one that Auth makes
	Body     []byte         `json:"body,omitempty"`     // with some prompt in its slot
	Frames   []ModelFrame   `json:"frames,omitempty"`   // what the client says in a WebSocket session, in order; empty for HTTP
	Slot     string         `json:"slot"`               // llm.Ref of the prompt
	Before   string         `json:"before,omitempty"`   // text of the slot before the prompt
	After    string         `json:"after,omitempty"`    // and behind it
	Answer   string         `json:"answer,omitempty"`   // JSON pointer of the answer; empty while nothing was answered, "body" for all of it
	ByPath   bool           `json:"by_path,omitempty"`  // the pointer reads answers; otherwise their wire format does
	Auth     ModelAuth      `json:"auth"`               // how requests prove who sends them
	Role     string         `json:"role,omitempty"`     // the test role whose credentials it uses
	Source   traffic.ID     `json:"source,omitempty"`   // the exchange it was imported from
	Recorded bool           `json:"recorded,omitempty"` // the credentials recorded with the exchange may be sent
	Imported time.Time      `json:"imported"`           // when it was added
	Tried    *ModelTry      `json:"tried,omitempty"`    // the latest try; nil for none
	Session  *ModelSession  `json:"session,omitempty"`  // how a conversation is opened; nil where every request stands alone
}

// ModelFrame is one message of the client in a WebSocket session, as it was recorded.
type ModelFrame struct {
	Data   []byte `json:"data"`
	Binary bool   `json:"binary,omitempty"`
	// Wait tells what the server said before it in the recording: "frame" for any message, "answer" for the end of an
	// answer, empty for nothing.
	Wait string `json:"wait,omitempty"`
}

// ModelAuth is how requests to a model prove who sends them.
type ModelAuth struct {
	Form string `json:"form"`           // none, bearer, header, query, basic, sigv4
	Name string `json:"name,omitempty"` // of the header or the parameter; of sigv4 REGION or REGION/SERVICE
	// Secret is where the value is: env:VARIABLE, keyring:NAME, or ask: for one that was given once and not kept.
	Secret string `json:"secret,omitempty"`
}

// ModelTry is what came of sending a harmless prompt.
type ModelTry struct {
	At      time.Time     `json:"at"`
	Code    string        `json:"code,omitempty"` // of the failure; empty when an answer came
	Error   string        `json:"error,omitempty"`
	Status  int           `json:"status,omitempty"`
	Latency time.Duration `json:"latency,omitempty"`
	Input   *int64        `json:"input_tokens,omitempty"`  // as the provider counted
	Output  *int64        `json:"output_tokens,omitempty"` // as the provider counted
	Prompt  string        `json:"prompt,omitempty"`
	Answer  string        `json:"answer,omitempty"` // shortened
	Model   string        `json:"model,omitempty"`  // as the answer names it
}
