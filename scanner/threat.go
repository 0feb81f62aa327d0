package scanner

import (
	"time"

	"assay/traffic"
)

// ThreatID numbers a threat within one project.
type ThreatID int64

// ThreatState is what a person holds of a threat.
type ThreatState string

// The states of a threat.
const (
	ThreatNew       ThreatState = "new"
	ThreatConfirmed ThreatState = "confirmed"
	ThreatHarmless  ThreatState = "harmless" // an Exception says for what else that holds
	ThreatClosed    ThreatState = "closed"
)

// Threat is something in the watched traffic that a rule takes for an attack, for abuse or for a leak. What the same rule
// sees of the same actor within its cool-down is one threat, however often it is seen.
type Threat struct {
	ID           ThreatID    `json:"id"`
	Rule         string      `json:"rule"` // Rule.ID
	Title        string      `json:"title"`
	Severity     Severity    `json:"severity"`
	OWASP        []string    `json:"owasp,omitempty"`
	ASI          []string    `json:"asi,omitempty"`
	ATLAS        []string    `json:"atlas,omitempty"`
	Actor        ActorKey    `json:"actor,omitempty"`
	Group        string      `json:"group,omitempty"` // within which the rule counted: rule.Match.Group
	Host         string      `json:"host,omitempty"`
	Endpoint     EndpointID  `json:"endpoint,omitempty"`     // of the first exchange
	Model        string      `json:"model,omitempty"`        // of the first exchange
	Conversation traffic.ID  `json:"conversation,omitempty"` // where the threat is one conversation's
	First        time.Time   `json:"first_seen"`             // when the first exchange began
	Last         time.Time   `json:"last_seen"`
	Raised       time.Time   `json:"raised"`           // when the traffic was enough for the rule: the start of that exchange
	Count        int         `json:"count"`            // moments, those that are no longer kept too
	Slow         bool        `json:"slow,omitempty"`   // it came together out of faint signs over hours or days
	Usual        string      `json:"usual,omitempty"`  // what is usual, for rules that compare
	Seen         string      `json:"seen"`             // what was seen, one sentence; it quotes nothing of the traffic
	State        ThreatState `json:"state"`            //
	Note         string      `json:"note,omitempty"`   // what a person wrote
	Score        float64     `json:"score,omitempty"`  // of rules that add up
	Advice       string      `json:"advice,omitempty"` // of the rule
}

// Moment is one line of a threat's timeline.
type Moment struct {
	Threat   ThreatID   `json:"threat"`
	Exchange traffic.ID `json:"exchange"` // 0 where it is no single exchange's
	At       time.Time  `json:"at"`
	What     string     `json:"what"`            // one sentence
	Weight   float64    `json:"weight"`          // what it added
	Signs    []Sign     `json:"signs,omitempty"` // that count
}

// Exception says that a rule is not to speak of something: a person called it harmless.
type Exception struct {
	ID     int64     `json:"id"`
	Rule   string    `json:"rule"`            // Rule.ID; "*" for all
	Actor  ActorKey  `json:"actor,omitempty"` // empty for all
	Where  string    `json:"where,omitempty"` // filter language; empty for everywhere
	Reason string    `json:"reason,omitempty"`
	Added  time.Time `json:"added"`
}

// RuleSetting is how a person set a rule apart from how it is shipped.
type RuleSetting struct {
	Rule string `json:"rule"`
	Off  bool   `json:"off,omitempty"`
	// Threshold is what the rule asks for in place of its own: the count of its window or the least score of its sign.
	// 0 leaves it.
	Threshold float64  `json:"threshold,omitempty"`
	Severity  Severity `json:"severity,omitempty"` // empty leaves it
}

// Alarm is what a baseline found unusual: rules decide what is made of it.
type Alarm struct {
	Kind   string    // requests, tokens, cost, refusals, injection, topics, endpoints, tools, hours, errors, risk
	Actor  ActorKey  //
	At     time.Time //
	Score  float64   // how far off: 1 is the threshold
	Slow   bool      // it came together over hours or days
	Usual  string    // "12 to 30 requests an hour"
	Seen   string    // "410 requests this hour"
	Past   []Moment  // what led to it, oldest first: a slow risk's faint signs
	Weight float64   // what this exchange added to a slow risk
}

// Actor is somebody whose requests belong together.
type Actor struct {
	Key       ActorKey         `json:"key"`
	Kind      string           `json:"kind"` // key, user, cookie, client, address
	Name      string           `json:"name"` // for people
	First     time.Time        `json:"first_seen"`
	Last      time.Time        `json:"last_seen"`
	Exchanges int64            `json:"exchanges"`
	Refused   int64            `json:"refused"`
	Failed    int64            `json:"failed"`
	Input     int64            `json:"input_tokens"`
	Output    int64            `json:"output_tokens"`
	Cost      int64            `json:"cost"` // millionths of a US dollar
	Risk      float64          `json:"risk"` // accumulated, with decay, as of Last; 1 is the threshold
	Hours     [24]int64        `json:"hours"`
	Endpoints map[string]int64 `json:"endpoints,omitempty"` // the most frequent ones: "POST host/path"
	Models    map[string]int64 `json:"models,omitempty"`
	Tools     map[string]int64 `json:"tools,omitempty"`
	Baseline  []Usual          `json:"baseline,omitempty"` // what is usual, for people
	Learning  string           `json:"learning,omitempty"` // why there is no baseline yet; empty when there is
}

// Usual is what is usual of one measure.
type Usual struct {
	Measure string  `json:"measure"` // requests per hour, …
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
	Now     float64 `json:"now"`
	Of      int     `json:"of"` // values that it rests on
}

// Watched is what a batch of exchanges changed: storage keeps it in one transaction, so that every exchange counts once.
type Watched struct {
	Of      []traffic.ID            // every exchange of the batch
	By      map[traffic.ID]ActorKey // whose they are, of those that tell
	Threats []*Threat               // new and changed ones
	Moments []Moment                // new ones
	Actors  []*Actor                // changed ones
	States  map[string][]byte       // opaque, by name: actor/KEY, windows
	Cut     int64                   // things that were dropped at a bound
}
