package scanner

import (
	"time"

	"assay/traffic"
)

// PolicyID numbers a policy within one project.
type PolicyID int64

// Action is what a policy does with what it matches.
type Action string

// The actions, the mildest first.
const (
	Monitor  Action = "monitor"  // lets it pass and says so
	Throttle Action = "throttle" // answers that there is too much of it
	Redact   Action = "redact"   // takes out what was found and lets the rest pass
	Approve  Action = "approve"  // holds it until a person says yes or no
	Block    Action = "block"    // answers in the server's place
)

// GuardMode is how far the guard goes.
type GuardMode string

// The modes.
const (
	GuardOff     GuardMode = "off"
	GuardMonitor GuardMode = "monitor" // decides and records, and changes nothing
	GuardEnforce GuardMode = "enforce"
)

// Policy says what the guard does with what. All that is named has to hold; an empty list asks for nothing.
type Policy struct {
	ID         PolicyID   `json:"id"`
	Name       string     `json:"name"`
	On         bool       `json:"on"`
	Action     Action     `json:"action"`
	Side       Side       `json:"side,omitempty"`     // request, answer; empty: both
	Where      string     `json:"where,omitempty"`    // filter language, over what is known before the answer
	Signs      []SignKind `json:"signs,omitempty"`    // any of these kinds
	Rules      []string   `json:"rules,omitempty"`    // any of these rules, which look at one exchange
	Types      []string   `json:"types,omitempty"`    // any of these types of sensitive data, or a class: personal, secret
	Tools      []string   `json:"tools,omitempty"`    // calls of any of these tools; * stands for any letters
	Models     []string   `json:"models,omitempty"`   // any of these models; * stands for any letters
	Least      float64    `json:"least,omitempty"`    // only signs at least as sure; 0: 0.5
	Budget     *Allowance `json:"budget,omitempty"`   // more than this is too much
	Finish     bool       `json:"finish,omitempty"`   // a blocked answer ends as if the model refused, in place of an error
	FailClosed bool       `json:"fail_closed"`        // what cannot be looked at in time is stopped; otherwise it passes
	Patience   Duration   `json:"patience,omitempty"` // how long an approval is waited for; 0: a minute; then FailClosed decides
	Say        string     `json:"say,omitempty"`      // what the client is told; empty: a sentence that names the policy
	Added      time.Time  `json:"added"`
}

// Duration is a time.Duration that JSON writes as text ("90s").
type Duration time.Duration

// MarshalText implements encoding.TextMarshaler.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = Duration(v)
	return err
}

// Allowance is how much within how long is let through, for each of Per.
type Allowance struct {
	Of     string   `json:"of"`     // requests, tokens, usd
	Most   float64  `json:"most"`   //
	Within Duration `json:"within"` //
	Per    string   `json:"per"`    // actor, model, host, all
}

// Ruling is what the guard did with an exchange, and why. There is one for each policy that matched.
type Ruling struct {
	ID       int64      `json:"id"`
	At       time.Time  `json:"at"`
	Exchange traffic.ID `json:"exchange,omitempty"` // 0 in a check of a text
	Policy   PolicyID   `json:"policy"`
	Name     string     `json:"name"`   // of the policy
	Action   Action     `json:"action"` // that the policy asks for
	Done     bool       `json:"done"`   // it was carried out; otherwise it would have been
	Side     Side       `json:"side"`
	Actor    ActorKey   `json:"actor,omitempty"`
	Host     string     `json:"host,omitempty"`
	Model    string     `json:"model,omitempty"`
	Reason   string     `json:"reason"`           // one sentence; it quotes nothing of the traffic
	Signs    []Sign     `json:"signs,omitempty"`  // that decided
	Took     Duration   `json:"took"`             // how long the exchange was held up
	Answer   string     `json:"answer,omitempty"` // of an approval: yes, no, nobody
}
