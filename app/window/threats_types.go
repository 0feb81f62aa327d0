package window

// ThreatRow is one threat in the list.
type ThreatRow struct {
	ID       string   `json:"id"`
	Rule     string   `json:"rule"`
	Title    string   `json:"title"`
	Severity string   `json:"severity"`
	State    string   `json:"state"` // new, confirmed, harmless, closed
	OWASP    []string `json:"owasp"`
	Actor    string   `json:"actor"` // its key; empty where nothing tells whose it is
	Name     string   `json:"name"`  // of the actor, for people
	Kind     string   `json:"kind"`  // of the actor: key, user, cookie, client, address
	Host     string   `json:"host"`
	Model    string   `json:"model"`
	First    string   `json:"first_seen"`
	Last     string   `json:"last_seen"`
	Count    int      `json:"count"`
	Slow     bool     `json:"slow"`
	Seen     string   `json:"seen"` // one sentence
	Noted    bool     `json:"noted"`
}

// ThreatsIn selects threats. Empty fields select everything.
type ThreatsIn struct {
	States     []string `json:"states"`
	Severities []string `json:"severities"`
	Rules      []string `json:"rules"`
	Actors     []string `json:"actors"`
	Slow       bool     `json:"slow"` // only those that came together over hours or days
	Text       string   `json:"text"`
	Sort       string   `json:"sort"` // severity, last, first, count, title, actor
	Desc       bool     `json:"desc"` // turned round
	From       int      `json:"from"`
	Limit      int      `json:"limit"`
}

// ThreatsOut is a page of threats.
type ThreatsOut struct {
	Total int         `json:"total"`
	Items []ThreatRow `json:"items"`
}

// ThreatsSummary counts all threats, and says what was watched, so that none is never taken for safe.
type ThreatsSummary struct {
	Total      int            `json:"total"`
	New        int            `json:"new"`
	States     []FindingCount `json:"states"`
	Severities []FindingCount `json:"severities"` // of those that are new or confirmed
	Recorded   int64          `json:"recorded"`   // exchanges in the project
	Waiting    int64          `json:"waiting"`    // that the watch did not look at yet; counted to 10,000
	Rules      int            `json:"rules"`      // that are on
	Off        int            `json:"off"`
	Exceptions int            `json:"exceptions"`
	Broken     int            `json:"broken"` // rules that cannot be read
	Cut        int64          `json:"cut"`    // things that were dropped at a bound
}

// ThreatTimelineIn asks for what was seen when.
type ThreatTimelineIn struct {
	Range string `json:"range"` // hour, day, all
}

// ThreatTimelineOut counts moments of threats in stretches of equal length. Stretches without any are left out.
type ThreatTimelineOut struct {
	From  string      `json:"from"` // when the first stretch begins; empty where there is nothing
	Step  int64       `json:"step_ms"`
	Bars  int         `json:"bars"` // stretches there are
	Total int         `json:"total"`
	Found []ThreatBar `json:"found"`
}

// ThreatBar is one stretch of time: how many moments of which severity.
type ThreatBar struct {
	At     int            `json:"at"` // which stretch, from 0
	From   string         `json:"from"`
	Counts []FindingCount `json:"counts"` // the worst first
	N      int            `json:"n"`
}

// ThreatIn names a threat.
type ThreatIn struct {
	ID string `json:"id"`
}

// ThreatOut is all about one threat.
type ThreatOut struct {
	Row        ThreatRow    `json:"row"`
	Rule       string       `json:"rule_name"` // empty where the rule is gone
	Meaning    string       `json:"meaning"`
	Advice     string       `json:"advice"`
	Usual      string       `json:"usual"`
	Score      float64      `json:"score"`
	Note       string       `json:"note"`
	Group      string       `json:"group"` // within which the rule counted
	Raised     string       `json:"raised"`
	Endpoint   string       `json:"endpoint"` // id
	Place      string       `json:"place"`    // the endpoint for people
	Thread     string       `json:"conversation"`
	Query      string       `json:"query"` // selects its exchanges
	Frameworks []ThreatWord `json:"frameworks"`
	Moments    []MomentRow  `json:"moments"` // the first of them
	Kept       int          `json:"kept"`    // moments there are
	Gone       int          `json:"gone"`    // that are no longer kept
}

// ThreatWord is an id of OWASP LLM, OWASP Agentic (ASI) or MITRE ATLAS, with its title.
type ThreatWord struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// MomentRow is one line of a threat's timeline.
type MomentRow struct {
	At       string       `json:"at"`
	Exchange string       `json:"exchange"` // empty where it is no single one's
	What     string       `json:"what"`
	Weight   float64      `json:"weight"`
	Signs    []ThreatSign `json:"signs"`
}

// ThreatSign is what a detector saw.
type ThreatSign struct {
	Kind  string  `json:"kind"`
	Name  string  `json:"name"`
	Side  string  `json:"side"` // request, answer
	Role  string  `json:"role"`
	Where string  `json:"where"`
	Score float64 `json:"score"`
	Why   string  `json:"why"`
}

// MomentsIn asks for more of a timeline.
type MomentsIn struct {
	ID   string `json:"id"`
	From int    `json:"from"`
}

// MomentsOut is a part of a timeline, oldest first.
type MomentsOut struct {
	Items []MomentRow `json:"items"`
	Total int         `json:"total"`
}

// SetThreatsIn says what a person holds of threats.
type SetThreatsIn struct {
	IDs   []string `json:"ids"`
	State string   `json:"state"`
	Note  string   `json:"note"` // replaces the one there was, unless it is empty
}

// ThreatsUndo is what Restore needs to take a change back.
type ThreatsUndo struct {
	Before     []FindingBefore `json:"before"`
	Exceptions []string        `json:"exceptions"` // that were made
}

// ScopesIn names threats that are to be called harmless.
type ScopesIn struct {
	IDs []string `json:"ids"`
}

// ScopesOut are the ways to say for what else they are.
type ScopesOut struct {
	Scopes []ThreatScope `json:"scopes"`
}

// ThreatScope is for what else a threat is harmless. Of several threats each has its own.
type ThreatScope struct {
	ID    string `json:"id"`    // actor, endpoint, host, everywhere
	Where string `json:"where"` // in the filter language; empty where there is no filter, or where each has its own
	Words string `json:"words"` // the same in words
	N     int    `json:"n"`     // of how many of them it can be said
}

// HarmlessIn calls threats harmless.
type HarmlessIn struct {
	IDs    []string `json:"ids"`
	Scope  string   `json:"scope"`
	Reason string   `json:"reason"`
}

// ThreatRule is one rule of the watch.
type ThreatRule struct {
	ID        string       `json:"id"`
	Name      string       `json:"name"`
	Meaning   string       `json:"meaning"`
	Advice    string       `json:"advice"`
	Severity  string       `json:"severity"`         // as this project sets it
	Shipped   string       `json:"shipped_severity"` // as the rule says
	On        bool         `json:"on"`
	Threshold float64      `json:"threshold"`         // as this project sets it; 0 where the rule has none
	Usually   float64      `json:"shipped_threshold"` // as the rule says
	Of        string       `json:"threshold_of"`      // what the threshold counts
	When      string       `json:"when"`
	Where     string       `json:"where"`
	Window    string       `json:"window"`
	Cooldown  string       `json:"cooldown"`
	Single    bool         `json:"single"` // it looks at one exchange alone
	Samples   int          `json:"samples"`
	Own       bool         `json:"own"`
	File      string       `json:"file"`
	Tags      []string     `json:"tags"`
	OWASP     []string     `json:"owasp"`
	Framework []ThreatWord `json:"frameworks"`
	Threats   int          `json:"threats"` // how often it spoke in this project
	Moments   int          `json:"moments"`
	Last      string       `json:"last_seen"`
}

// ThreatRulesOut are all rules, and what a person said of them.
type ThreatRulesOut struct {
	Rules      []ThreatRule      `json:"rules"` // by name
	Problems   []string          `json:"problems"`
	Exceptions []ThreatException `json:"exceptions"` // newest first
}

// ThreatException is what a person called harmless.
type ThreatException struct {
	ID     string `json:"id"`
	Rule   string `json:"rule"` // "*" for all
	Name   string `json:"name"` // of the rule; empty where it is gone
	Actor  string `json:"actor"`
	Where  string `json:"where"`
	Words  string `json:"words"` // Where in words
	Reason string `json:"reason"`
	Added  string `json:"added"`
}

// SetThreatRuleIn changes how this project sets a rule.
type SetThreatRuleIn struct {
	ID        string  `json:"id"`
	On        bool    `json:"on"`
	Threshold float64 `json:"threshold"` // 0: as the rule says
	Severity  string  `json:"severity"`  // empty: as the rule says
}

// ExceptionIn names an exception.
type ExceptionIn struct {
	ID string `json:"id"`
}

// AddExceptionIn makes an exception again that was removed.
type AddExceptionIn struct {
	Exception ThreatException `json:"exception"`
}

// ActorRow is one actor in the list.
type ActorRow struct {
	Key       string  `json:"key"`
	Kind      string  `json:"kind"`
	Name      string  `json:"name"`
	First     string  `json:"first_seen"`
	Last      string  `json:"last_seen"`
	Exchanges int64   `json:"exchanges"`
	Refused   int64   `json:"refused"`
	Failed    int64   `json:"failed"`
	Input     int64   `json:"input_tokens"`
	Output    int64   `json:"output_tokens"`
	Cost      int64   `json:"cost"` // millionths of a US dollar
	Risk      float64 `json:"risk"` // accumulated, with decay; 1 is the threshold
	Learning  bool    `json:"learning"`
}

// ActorsIn selects actors.
type ActorsIn struct {
	Kinds []string `json:"kinds"`
	Text  string   `json:"text"`
	Sort  string   `json:"sort"` // risk, last, first, exchanges, name
	Desc  bool     `json:"desc"`
	From  int      `json:"from"`
	Limit int      `json:"limit"`
}

// ActorsOut is a page of actors.
type ActorsOut struct {
	Total int        `json:"total"`
	Items []ActorRow `json:"items"`
}

// ActorIn names an actor.
type ActorIn struct {
	Key string `json:"key"`
}

// ActorOut is all about one actor.
type ActorOut struct {
	Row       ActorRow     `json:"row"`
	Hours     []int64      `json:"hours"` // requests by hour of the day, UTC
	Endpoints []Count      `json:"endpoints"`
	Models    []Count      `json:"models"`
	Tools     []Count      `json:"tools"`
	Baseline  []ActorUsual `json:"baseline"`
	Learning  string       `json:"learning"` // why there is no baseline yet; empty when there is
	Threats   []ThreatRow  `json:"threats"`  // the latest
	All       int          `json:"all"`      // threats there are
	Query     string       `json:"query"`    // selects its traffic
}

// ActorUsual is what is usual of one measure, and what is now.
type ActorUsual struct {
	Measure string  `json:"measure"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
	Now     float64 `json:"now"`
	Of      int     `json:"of"` // values that it rests on
	Above   bool    `json:"above"`
}

// IdentityOut is by what actors are told apart.
type IdentityOut struct {
	By    []string `json:"by"` // the first first
	Usual bool     `json:"usual"`
	Kinds []string `json:"kinds"` // there are, in their usual order
}

// IdentifyIn says by what actors are told apart; nothing named means the usual way.
type IdentifyIn struct {
	By []string `json:"by"`
}

// SignsOut is what detectors see in an exchange, and in which threats it counts.
type SignsOut struct {
	Threats []ThreatRow `json:"threats"`
	Signs   []SignMark  `json:"signs"`
	Cut     int         `json:"cut"` // bytes that were not looked at
}

// SignMark is a sign, and where it stands in the chat. From and To count UTF-16 units of ChatPart.Text; they are equal
// where there is no span, and At is empty where the chat does not show it.
type SignMark struct {
	Sign ThreatSign `json:"sign"`
	At   string     `json:"at"` // ChatPart.At
	From int        `json:"from"`
	To   int        `json:"to"`
	Rule string     `json:"rule"` // the name of the rule that it made speak; empty where none did
}

// RowThreat is what a line of Traffic says of the threats in which an exchange counts.
type RowThreat struct {
	Severity string   `json:"severity"` // of the worst; empty where there is none
	Titles   []string `json:"titles"`   // the worst first, at most 5
	N        int      `json:"n"`
}
