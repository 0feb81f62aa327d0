package scanner

import (
	"time"

	"assay/traffic"
)

// Role is somebody a test can act as: how their requests prove who they are. It holds no secret, only references to
// secrets (see ModelAuth.Secret), which stand in values as {{env:VARIABLE}}, {{keyring:NAME}} or {{ask:NAME}}; {{token}}
// stands for what Command or Login gave.
type Role struct {
	Name    string         `json:"name"`
	Header  traffic.Header `json:"header,omitempty"`  // set in place of those of the request
	Body    []RoleField    `json:"body,omitempty"`    // texts set in a JSON or form body
	Command []string       `json:"command,omitempty"` // program and arguments; its first line of output is the token
	Login   *RoleLogin     `json:"login,omitempty"`
	Latest  string         `json:"latest,omitempty"` // filter: credentials are those of the newest exchange it matches
	Knows   []string       `json:"knows,omitempty"`  // values that only this role may see: what a swap must not show others
	Holds   []string       `json:"holds,omitempty"`  // ids of what belongs to it
	Added   time.Time      `json:"added"`
}

// RoleField is one text of a body.
type RoleField struct {
	Ref   string `json:"ref"` // llm.Ref
	Value string `json:"value"`
}

// RoleLogin is a recorded flow that gives a token: its exchanges are sent again, in order.
type RoleLogin struct {
	Exchanges []traffic.ID  `json:"exchanges"`
	Token     string        `json:"token"`           // where the token stands in the last answer: a JSON pointer, header:NAME or cookie:NAME
	Fresh     time.Duration `json:"fresh,omitempty"` // how long it is good for; 0 until it is refused
}
