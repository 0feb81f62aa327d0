package window

// Repeater changes recorded requests and sends them again. A tab is one request that is edited, with what was sent of
// it; tabs are kept in the project.
type Repeater struct{ desk *Desk }

// Tab is one request of the Repeater.
type Tab struct {
	ID       string `json:"id"`
	Group    string `json:"group"`    // empty: in no group
	Name     string `json:"name"`     // as a person named it; empty: shown by method and path
	Method   string `json:"method"`   // as far as the head says
	URL      string `json:"url"`      // absolute, with placeholders in place of credentials
	Source   string `json:"source"`   // the exchange it was made from; empty for none
	Baseline string `json:"baseline"` // the exchange that answers are compared with; empty for none
	Last     string `json:"last"`     // the exchange sent last; empty when nothing was sent
	Sent     int    `json:"sent"`     // how many were sent
	Sending  int    `json:"sending"`  // how many are still to be sent or answered
}

// TabIn names a tab.
type TabIn struct {
	Tab string `json:"tab"`
}

// TabsOut are the open tabs in order.
type TabsOut struct {
	Tabs   []Tab    `json:"tabs"`
	Groups []string `json:"groups"` // in use, in order
	Closed int      `json:"closed"` // tabs that ReopenTab can bring back
}

// NewTabIn says what a tab is made from: exchanges (one tab each), a curl command, or nothing.
type NewTabIn struct {
	IDs   []string `json:"ids"`
	Curl  string   `json:"curl"`
	Group string   `json:"group"`
}

// NewTabOut are the tabs that were made, and what could not become one.
type NewTabOut struct {
	Tabs  []Tab    `json:"tabs"`
	Notes []string `json:"notes"` // one sentence each
}

// RenameIn gives a tab a name; an empty one takes it away.
type RenameIn struct {
	Tab  string `json:"tab"`
	Name string `json:"name"`
}

// GroupIn puts tabs into a group; an empty one takes them out.
type GroupIn struct {
	Tabs  []string `json:"tabs"`
	Group string   `json:"group"`
}

// ReorderIn is the order of all open tabs.
type ReorderIn struct {
	Tabs []string `json:"tabs"`
}

// BaselineIn sets the exchange that answers of a tab are compared with.
type BaselineIn struct {
	Tab string `json:"tab"`
	ID  string `json:"id"`
}

// Form is the request of a tab as it is edited: as text, and as fields where its format is known.
type Form struct {
	Tab       Tab        `json:"tab"`
	Head      string     `json:"head"`       // first line with the absolute URL, and headers
	Body      string     `json:"body"`       // empty where it is no text
	BodyWhy   string     `json:"body_why"`   // why the body is not shown as text: binary, large; it is sent as it is
	BodyBytes int        `json:"body_bytes"` // its size
	To        string     `json:"to"`         // who it is sent to: host, with the port that does not go without saying
	Problem   RawProblem `json:"problem"`
	Provider  string     `json:"provider"`
	Family    string     `json:"family"`
	Cards     []Card     `json:"cards"`
	Params    []Param    `json:"params"`
	Tools     []string   `json:"tools"`   // names of what the model may call
	Other     int        `json:"other"`   // parts of messages that are no text: calls, images, files
	Sealed    []string   `json:"sealed"`  // placeholders whose value is filled in when it is sent
	JSON      bool       `json:"json"`    // the body is one JSON document
	Changed   []string   `json:"changed"` // what differs from what was sent last, or from the source: see Sent
}

// RawProblem says what is wrong with a request as text; Message is empty when nothing is.
type RawProblem struct {
	Side    string `json:"side"` // head, body
	Line    int    `json:"line"` // from 1
	Message string `json:"message"`
}

// Card is one text of a request that can be edited by itself.
type Card struct {
	Ref  string `json:"ref"` // as llm.Ref writes it
	Role string `json:"role"`
	Text string `json:"text"`
}

// Param is one setting of a request, where its JSON has it.
type Param struct {
	Ref   string `json:"ref"`
	Name  string `json:"name"`
	Kind  string `json:"kind"`  // number, boolean, text, null
	Value string `json:"value"` // of a text its content, of anything else JSON
}

// SetSlotIn replaces one text.
type SetSlotIn struct {
	Tab  string `json:"tab"`
	Ref  string `json:"ref"`
	Text string `json:"text"`
}

// SetParamIn replaces one setting: a text stays a text, anything else is JSON.
type SetParamIn struct {
	Tab   string `json:"tab"`
	Ref   string `json:"ref"`
	Value string `json:"value"`
}

// SetRawIn replaces the request as text.
type SetRawIn struct {
	Tab  string `json:"tab"`
	Head string `json:"head"`
	Body string `json:"body"` // left as it is where it is no text
}

// SendIn sends the request of a tab.
type SendIn struct {
	Tab   string `json:"tab"`
	Times int    `json:"times"` // 1 to 50
}

// SendOut names the exchange that is sent first; History tells of the others as they begin.
type SendOut struct {
	ID string `json:"id"`
}

// HistoryOut is what was sent from a tab, newest first.
type HistoryOut struct {
	Sent    []Sent `json:"sent"`
	Sending int    `json:"sending"` // how many are still to be sent or answered
}

// Sent is one exchange sent from a tab.
type Sent struct {
	N     int `json:"n"`     // from 1
	Batch int `json:"batch"` // those sent together have the same
	// Changed is what differs from the one before: method, url, body, header:NAME, text:ROLE, value:NAME.
	Changed    []string `json:"changed"`
	Refused    string   `json:"refused"` // no, yes, looks
	RetryAfter int      `json:"retry_after_s"`
	Row        Row      `json:"row"`
}

// AgreementIn names exchanges that answered the same request.
type AgreementIn struct {
	IDs []string `json:"ids"`
}

// AgreementOut says how far the answers agree.
type AgreementOut struct {
	N        int        `json:"n"`
	Open     int        `json:"open"`    // still arriving: not counted below
	Refused  int        `json:"refused"` // the provider says so
	Looks    int        `json:"looks"`   // the words look like a refusal
	Clusters []Cluster  `json:"clusters"`
	Tokens   TokenRange `json:"tokens"`
}

// TokenRange are the smallest and the largest count of output tokens; -1 when none was said.
type TokenRange struct {
	Min int64 `json:"min"`
	Max int64 `json:"max"`
}

// Cluster are answers that mean the same: refused, answered, a tool called, an error.
type Cluster struct {
	Kind   string  `json:"kind"` // refused, looks, answered, calls, error, empty
	Detail string  `json:"detail"`
	N      int     `json:"n"`
	Equal  []Equal `json:"equal"` // identical answers among them, most frequent first
}

// Equal are answers with the same text.
type Equal struct {
	IDs  []string `json:"ids"`
	Text string   `json:"text"` // shortened
}
