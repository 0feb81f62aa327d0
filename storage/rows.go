package storage

import (
	"time"

	"assay/llm"
	"assay/traffic"
)

// Filter selects and orders a page of exchanges. Pages go by id: the next page of a newest-first list comes with
// Before set to the last id seen, of an oldest-first list with After.
type Filter struct {
	Where       *traffic.Query // nil selects everything
	After       traffic.ID     // only ids larger than this; 0 means from the first
	Before      traffic.ID     // only ids smaller than this; 0 means to the last
	Limit       int            // 0 means 100; less than 0 means all
	OldestFirst bool           // newest first otherwise
	Texts       bool           // load System, LastUser, Answer, Reasoning and the calls' arguments too
	Now         time.Time      // the moment relative times refer to; zero means time.Now
}

// Row is what a list shows of one exchange. A zero or nil field is not known.
type Row struct {
	ID      traffic.ID
	Started time.Time
	Source  traffic.Source
	Wire    traffic.Kind
	State   traffic.State
	Method  string
	URL     string // with placeholders in place of credentials
	Scheme  string
	Host    string // without port, lower case
	Path    string // without query
	Proto   string
	MIME    string
	Status  int
	Client  string
	Fault   *traffic.Fault
	Error   string // the provider's error or the fault, in one line

	RequestBytes  int64
	ResponseBytes int64
	Lost          bool // bytes of a body are missing
	Duration      time.Duration
	TTFB          time.Duration // first byte of the answer's body

	Read          bool // a reading exists; the fields below come from it
	Kind          llm.Kind
	Provider      string
	Family        string
	Model         string
	Stream        bool
	Messages      int
	Roles         []string
	Tools         []string
	ToolCalls     []llm.ToolCall // names; with Filter.Texts also ids and arguments
	Finish        string
	InputTokens   *int64
	OutputTokens  *int64
	TotalTokens   *int64
	CostMicroUSD  *int64
	Conversation  traffic.ID // the first turn of the conversation this is a turn of; 0 when not a conversation
	HasAnswer     bool
	HasReasoning  bool
	HasRefusal    bool
	HasToolResult bool

	// Loaded with Filter.Texts.
	System    string
	LastUser  string
	Answer    string
	Reasoning string

	Tags   []string
	Note   string
	Colour string
}

// Total is a count of exchanges.
type Total struct {
	N       int64
	AtLeast bool // there are more; counting stopped at N
}

// Facet is one value of a field and how many exchanges have it.
type Facet struct {
	Value string
	N     int64
}

// Facets are the values a person can narrow a list to, most frequent first, over the whole project.
type Facets struct {
	Hosts, Statuses, Providers, Models, Kinds []Facet
}
