package window

// GuardState is how the guard of the open project is doing.
type GuardState struct {
	Mode     string `json:"mode"`     // off, monitor, enforce
	AtWork   bool   `json:"at_work"`  // traffic passes it now: the recorder is on
	Policies int    `json:"policies"` // that are on
	Closed   int    `json:"closed"`   // of them those that fail closed
	Waiting  int    `json:"waiting"`  // for a person's yes or no
	Rulings  int64  `json:"rulings"`  // that were kept since recording began
	Lost     int64  `json:"lost"`     // that could not be kept
}

// PolicyForm is a policy as a person reads and writes it.
type PolicyForm struct {
	ID         string   `json:"id"` // empty: a new one
	Name       string   `json:"name"`
	On         bool     `json:"on"`
	Action     string   `json:"action"` // monitor, throttle, redact, approve, block
	Side       string   `json:"side"`   // request, answer; empty: both
	Where      string   `json:"where"`
	Signs      []string `json:"signs"`
	Rules      []string `json:"rules"`
	Types      []string `json:"types"`
	Tools      []string `json:"tools"`
	Models     []string `json:"models"`
	Least      float64  `json:"least"`  // 0: half sure
	Budget     string   `json:"budget"` // "200 requests/1h per actor"
	Finish     bool     `json:"finish"`
	FailClosed bool     `json:"fail_closed"`
	Patience   int      `json:"patience"` // seconds; 0: a minute
	Say        string   `json:"say"`
}

// PolicyRow is a policy in the list.
type PolicyRow struct {
	ID      string     `json:"id"`
	Form    PolicyForm `json:"form"`
	Added   string     `json:"added"`
	Rulings int64      `json:"rulings"` // that are kept
	Done    int64      `json:"done"`    // of them those that were carried out
	Last    string     `json:"last"`    // when it ruled last; empty: never
}

// PoliciesOut are the policies of the project, in the order in which they were made.
type PoliciesOut struct {
	Items []PolicyRow `json:"items"`
}

// PolicyWord is something that a policy can name.
type PolicyWord struct {
	Value string `json:"value"`
	What  string `json:"what"`  // a sentence; empty where the value says it
	Group string `json:"group"` // secret, personal, own; empty where there are no groups
}

// PolicyWordsOut are what a policy can name.
type PolicyWordsOut struct {
	Actions []string     `json:"actions"` // the mildest first
	Signs   []string     `json:"signs"`
	Roles   []string     `json:"roles"` // of a text that is checked
	Rules   []PolicyWord `json:"rules"` // that look at one exchange alone
	Types   []PolicyWord `json:"types"`
}

// PolicyFault is what is wrong with a field of a policy.
type PolicyFault struct {
	Field   string `json:"field"` // as PolicyForm names it; empty for the whole
	Message string `json:"message"`
}

// PolicySaved is what came of keeping a policy: its id, or what is wrong with it.
type PolicySaved struct {
	ID     string        `json:"id"`
	Faults []PolicyFault `json:"faults"`
}

// PolicyIDs name policies.
type PolicyIDs struct {
	IDs []string `json:"ids"`
}

// PoliciesRemoved are policies that were removed, by which they can be brought back.
type PoliciesRemoved struct {
	Token string `json:"token"`
}

// PoliciesBack says what is brought back.
type PoliciesBack struct {
	Token string `json:"token"`
}

// PolicySwitch switches a policy on or off.
type PolicySwitch struct {
	ID string `json:"id"`
	On bool   `json:"on"`
}

// GuardModeIn says how far the guard is to go.
type GuardModeIn struct {
	Mode string `json:"mode"`
}

// PolicyPreset is policies worth beginning with.
type PolicyPreset struct {
	Name  string      `json:"name"`
	Items []PolicyRow `json:"items"`
	Have  int         `json:"have"` // of them so many are in the project, by their names
}

// PolicyPresetsOut are the presets.
type PolicyPresetsOut struct {
	Items []PolicyPreset `json:"items"`
}

// PolicyPresetIn names a preset.
type PolicyPresetIn struct {
	Name string `json:"name"`
}

// PolicyAsked are the policies that are asked what they would do: those of the ids and the drafts; those that are on where
// neither is given.
type PolicyAsked struct {
	IDs    []string     `json:"ids"`
	Drafts []PolicyForm `json:"drafts"`
}

// PreviewIn says what is replayed through which policies.
type PreviewIn struct {
	Asked  PolicyAsked `json:"asked"`
	Filter string      `json:"filter"`
}

// PreviewPage asks for a part of the rulings of the latest preview.
type PreviewPage struct {
	From   int    `json:"from"`
	Limit  int    `json:"limit"`  // at most 500
	Action string `json:"action"` // empty: all
}

// PreviewOut is the latest preview: how far it is, and what policies would have done.
type PreviewOut struct {
	State     string          `json:"state"` // none, running, done, cancelled, failed
	Job       string          `json:"job"`   // by which it is ended
	Filter    string          `json:"filter"`
	Exchanges int64           `json:"exchanges"` // that were looked at
	All       int64           `json:"all"`       // that the filter selects
	Touched   int64           `json:"touched"`   // of those looked at about which there is a ruling
	Policies  []PreviewPolicy `json:"policies"`
	Actions   []ActionCount   `json:"actions"`
	Items     []RulingRow     `json:"items"` // in the order of the traffic
	Total     int             `json:"total"` // of the action, that can be listed
	Left      int64           `json:"left"`  // rulings that are counted and not listed
	Fault     Fault           `json:"fault"` // why it failed
}

// PreviewPolicy is what one policy would have done.
type PreviewPolicy struct {
	ID      string `json:"id"` // empty of one that is not kept
	Name    string `json:"name"`
	Action  string `json:"action"`
	Rulings int64  `json:"rulings"`
}

// ActionCount is how many rulings ask for an action.
type ActionCount struct {
	Action string `json:"action"`
	N      int64  `json:"n"`
}

// RulingRow is what the guard did, or would have done.
type RulingRow struct {
	ID       string       `json:"id"`
	At       string       `json:"at"`
	Exchange string       `json:"exchange"` // empty where it is about none
	Policy   string       `json:"policy"`
	Name     string       `json:"name"` // of the policy
	Action   string       `json:"action"`
	Done     bool         `json:"done"` // it was carried out; otherwise it would have been
	Side     string       `json:"side"`
	Actor    string       `json:"actor"`
	Host     string       `json:"host"`
	Model    string       `json:"model"`
	Reason   string       `json:"reason"`
	Took     float64      `json:"took_ms"`
	Answer   string       `json:"answer"` // of an approval: yes, no, nobody
	Signs    []RulingSign `json:"signs"`
}

// RulingSign is a sign that decided. Start and End are UTF-16 units of a text that was checked; they are equal where there
// is no span.
type RulingSign struct {
	Kind  string  `json:"kind"`
	Name  string  `json:"name"`
	Where string  `json:"where"`
	Score float64 `json:"score"`
	Why   string  `json:"why"`
	Start int     `json:"start"`
	End   int     `json:"end"`
}

// RulingsIn selects rulings of the project.
type RulingsIn struct {
	Actions  []string `json:"actions"`
	Policies []string `json:"policies"`
	From     int      `json:"from"`
	Limit    int      `json:"limit"` // at most 500
}

// RulingsOut are rulings, the newest first.
type RulingsOut struct {
	Items []RulingRow `json:"items"`
	Total int         `json:"total"` // that were selected
	All   int         `json:"all"`   // in the project
}

// PolicyCheckIn is a text, and who says it.
type PolicyCheckIn struct {
	Asked PolicyAsked `json:"asked"`
	Text  string      `json:"text"`
	Role  string      `json:"role"`
}

// PolicyCheckOut is what policies would do with a text.
type PolicyCheckOut struct {
	Policies int         `json:"policies"` // that were asked
	Action   string      `json:"action"`   // the severest; empty where none matches
	Items    []RulingRow `json:"items"`
}

// ApprovalRow is something that waits for a person.
type ApprovalRow struct {
	ID     string  `json:"id"`
	Policy string  `json:"policy"` // its name
	Side   string  `json:"side"`
	Host   string  `json:"host"`
	Model  string  `json:"model"`
	Actor  string  `json:"actor"`
	Reason string  `json:"reason"`
	Shown  string  `json:"shown"`   // what it is about, without secrets and personal data
	Left   float64 `json:"left_ms"` // until nobody has answered
	Of     float64 `json:"of_ms"`   // so long it waits in all
	Passes bool    `json:"passes"`  // what nobody answers passes; otherwise it is stopped
}

// ApprovalsOut are what waits for a person, the oldest first.
type ApprovalsOut struct {
	Items []ApprovalRow `json:"items"`
}

// ApprovalIn is a person's answer.
type ApprovalIn struct {
	ID  string `json:"id"`
	Yes bool   `json:"yes"`
}

// ApprovalOut tells whether the answer came in time.
type ApprovalOut struct {
	Answered bool `json:"answered"`
}

// OutletForm is a place that a person wants threats and rulings sent to.
type OutletForm struct {
	Kind    string `json:"kind"` // webhook, syslog, cef, jsonl
	To      string `json:"to"`
	Name    string `json:"name"`
	Least   string `json:"least"` // severity; empty: all
	Threats bool   `json:"threats"`
	Rulings bool   `json:"rulings"`
	JSON    bool   `json:"json"` // in a syslog message, in place of CEF
	Only    bool   `json:"only"` // of the open project alone
	Key     string `json:"key"`  // that signs what a webhook is sent
}

// OutletRow is a place that threats and rulings are sent to, and how that went since the project was opened.
type OutletRow struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	To      string `json:"to"`
	Name    string `json:"name"`
	Least   string `json:"least"`
	About   string `json:"about"`   // threats, rulings, both
	Project string `json:"project"` // its name, where it is for one alone
	Signed  bool   `json:"signed"`
	Plain   bool   `json:"plain"` // what is sent there can be read on the way
	Sent    int64  `json:"sent"`
	Lost    int64  `json:"lost"`
	Why     string `json:"why"` // of the last one that was lost
}

// OutletsOut are the outlets, the oldest first.
type OutletsOut struct {
	Items []OutletRow `json:"items"`
}

// OutletID names an outlet.
type OutletID struct {
	ID string `json:"id"`
}

// OutletTried is what came of a trial.
type OutletTried struct {
	Sent bool   `json:"sent"`
	Why  string `json:"why"` // why not
}
