package window

// Inventory shows what was discovered: endpoints, AI assets, sensitive data, changes, and who calls whom. Every count has
// a query of the filter language that selects in Traffic what it counts.
type Inventory struct{ desk *Desk }

// OverviewIn is empty.
type OverviewIn struct{}

// OverviewOut sums up the inventory.
type OverviewOut struct {
	Revision  int64   `json:"revision"` // grows with every change: what was shown for another one is old
	Endpoints int     `json:"endpoints"`
	Hosts     int     `json:"hosts"`
	AI        int     `json:"ai"`       // endpoints of a kind other than plain
	New       int     `json:"new"`      // found since the last visit
	Shadow    int     `json:"shadow"`   // not in a document that covers their host
	Unseen    int     `json:"unseen"`   // documented and never seen
	Risky     int     `json:"risky"`    // risk of 50 and more
	Behind    int64   `json:"behind"`   // exchanges that are not folded yet
	Outside   int64   `json:"outside"`  // exchanges that belong to no endpoint: tunnels nobody read
	Full      []Count `json:"full"`     // hosts whose paths are folded together because there were too many
	Assets    []Count `json:"assets"`   // by kind
	Classes   []Count `json:"classes"`  // places of sensitive data by class
	Kinds     []Count `json:"kinds"`    // endpoints by kind
	Accesses  []Count `json:"accesses"` // endpoints by access
	Changes   int64   `json:"changes"`  // lines of the timeline since the last visit
	Visited   string  `json:"visited"`  // RFC 3339; empty when never
	Documents int     `json:"documents"`
}

// Count is a value and how many have it.
type Count struct {
	Value string `json:"value"`
	N     int64  `json:"n"`
}

// EndpointsIn says which endpoints to list, and how.
type EndpointsIn struct {
	Query    string `json:"query"`    // the filter language over endpoints
	Sort     string `json:"sort"`     // path, host, kind, count, risk, first, last, new; empty: risk
	Desc     bool   `json:"desc"`     //
	Replaces string `json:"replaces"` // the list this one takes the place of; empty for none
}

// EndpointsOut is a list, or what is wrong with its query.
type EndpointsOut struct {
	View     string     `json:"view"`
	Count    int        `json:"count"`
	Total    int        `json:"total"`
	Revision int64      `json:"revision"`
	Explain  string     `json:"explain"`
	Problem  QueryFault `json:"problem"`
}

// EndpointsPageIn asks for a part of a list.
type EndpointsPageIn struct {
	View  string `json:"view"`
	From  int    `json:"from"`
	Limit int    `json:"limit"` // at most 500
}

// EndpointsPageOut is that part.
type EndpointsPageOut struct {
	Items []EndpointRow `json:"items"`
	Count int           `json:"count"`
}

// EndpointRow is one endpoint in a list.
type EndpointRow struct {
	ID         string   `json:"id"`
	Scheme     string   `json:"scheme"`
	Host       string   `json:"host"`
	Method     string   `json:"method"`
	Path       string   `json:"path"`
	Operation  string   `json:"operation"`
	Protocol   string   `json:"protocol"`
	Kind       string   `json:"kind"`
	Provider   string   `json:"provider"`
	Family     string   `json:"family"`
	Models     []string `json:"models"`
	Auth       []string `json:"auth"` // kinds
	Access     string   `json:"access"`
	Documented string   `json:"documented"` // documented, shadow, unseen; empty when no document covers the host
	FirstSeen  string   `json:"first_seen"` // RFC 3339; empty when never
	LastSeen   string   `json:"last_seen"`
	Count      int64    `json:"count"`
	Query      string   `json:"query"` // selects its exchanges in Traffic
	Sensitive  []string `json:"sensitive"`
	Risk       int      `json:"risk"`
	Why        string   `json:"why"` // the worst reason of the risk; empty when there is none
	New        bool     `json:"new"` // found since the last visit
	Dynamic    bool     `json:"dynamic"`
	Streamed   bool     `json:"streamed"`
}

// EndpointIn names an endpoint.
type EndpointIn struct {
	ID string `json:"id"`
}

// EndpointOut is all that is known of one endpoint.
type EndpointOut struct {
	Row        EndpointRow      `json:"row"`
	Sample     string           `json:"sample"` // a path as it was sent
	Risks      []RiskReason     `json:"risks"`
	Auths      []AuthUse        `json:"auths"`
	Statuses   []Count          `json:"statuses"`
	Requests   []Count          `json:"requests"`  // media types
	Responses  []Count          `json:"responses"` // media types
	Clients    []string         `json:"clients"`
	Tools      []string         `json:"tools"`
	Addresses  []string         `json:"addresses"`
	Parameters []EndpointParam  `json:"parameters"`
	Security   []TLSUse         `json:"security"`
	CORS       CORSUse          `json:"cors"`
	Limits     []LimitUse       `json:"limits"`
	Dynamic    DynamicUse       `json:"dynamic"`
	Shapes     []EndpointShape  `json:"shapes"`
	Places     []SensitivePlace `json:"places"`
	Changes    []InventoryLine  `json:"changes"`
	Documents  []DocumentedAs   `json:"documents"`
	Samples    []Row            `json:"samples"` // exchanges, the newest first, at most 20
	Decisions  []PathDecision   `json:"decisions"`
	Failed     int64            `json:"failed"`   // exchanges without an answer
	Unparsed   int64            `json:"unparsed"` // bodies that said JSON and were not
	Cut        bool             `json:"cut"`      // some list is not whole
	MovedFrom  string           `json:"moved_from"`
}

// RiskReason is one reason of a risk.
type RiskReason struct {
	Code   string `json:"code"`
	Points int    `json:"points"`
	What   string `json:"what"`
}

// AuthUse is one way in which callers proved who they are.
type AuthUse struct {
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	N     int64  `json:"n"`
	OK    int64  `json:"ok"`
	Last  string `json:"last"` // an exchange
	Query string `json:"query"`
}

// EndpointParam is one input of an endpoint.
type EndpointParam struct {
	In       string   `json:"in"`
	Name     string   `json:"name"`
	Types    []string `json:"types"`
	N        int64    `json:"n"`
	Optional bool     `json:"optional"`
	Values   []string `json:"values"`
	Declared string   `json:"declared"` // how it differs from a document; empty when it does not
}

// TLSUse is one way in which connections were secured.
type TLSUse struct {
	Version    string `json:"version"` // empty for plain text
	Issuer     string `json:"issuer"`
	Expiry     string `json:"expiry"`
	Unverified bool   `json:"unverified"`
	N          int64  `json:"n"`
}

// CORSUse is who else may read answers in a browser; no origins where nothing was said.
type CORSUse struct {
	Origins     []string `json:"origins"`
	Credentials bool     `json:"credentials"`
	Last        string   `json:"last"`
}

// LimitUse is a limit as the server's headers say it.
type LimitUse struct {
	Header string `json:"header"`
	Value  string `json:"value"`
	Last   string `json:"last"`
}

// DynamicUse says why an endpoint counts as made at run time; Why is empty when it does not.
type DynamicUse struct {
	Why  string `json:"why"` // named, host
	By   string `json:"by"`  // the exchange that named it
	Path string `json:"path"`
}

// EndpointShape is the inferred schema of one body.
type EndpointShape struct {
	Side   string `json:"side"`   // request, form, params, response, result, event, sent, received
	Status string `json:"status"` // of a response: 2xx, 4xx, …
	N      int64  `json:"n"`      // bodies
	Schema string `json:"schema"` // JSON Schema 2020-12, indented
}

// DocumentedAs is how a document describes an endpoint, and what differs.
type DocumentedAs struct {
	Document    string   `json:"document"` // its name
	Operation   string   `json:"operation"`
	Differences []string `json:"differences"`
}

// SensitivePlace is where one type of sensitive data travels.
type SensitivePlace struct {
	ID         string  `json:"id"`
	Endpoint   string  `json:"endpoint"`
	Label      string  `json:"label"` // method, host and path of the endpoint
	Direction  string  `json:"direction"`
	Role       string  `json:"role"`
	Path       string  `json:"path"`
	Type       string  `json:"type"`
	Class      string  `json:"class"`
	Confidence float64 `json:"confidence"`
	Sample     string  `json:"sample"` // masked
	FirstSeen  string  `json:"first_seen"`
	LastSeen   string  `json:"last_seen"`
	Last       string  `json:"last"` // an exchange
	Count      int64   `json:"count"`
	Query      string  `json:"query"`
	Access     string  `json:"access"` // of the endpoint
}

// SensitiveIn selects places; empty fields select all.
type SensitiveIn struct {
	Type     string `json:"type"`
	Class    string `json:"class"`
	Endpoint string `json:"endpoint"`
	From     int    `json:"from"`
	Limit    int    `json:"limit"` // at most 500
}

// SensitiveOut are places, those of the most exchanges first.
type SensitiveOut struct {
	Items []SensitivePlace `json:"items"`
	Count int              `json:"count"`
	Types []TypeCount      `json:"types"` // over all places
}

// TypeCount is one type of sensitive data over all places.
type TypeCount struct {
	Type      string `json:"type"`
	Class     string `json:"class"`
	Places    int    `json:"places"`
	Exchanges int64  `json:"exchanges"`
	Query     string `json:"query"`
	Custom    bool   `json:"custom"`
}

// AssetsIn selects assets.
type AssetsIn struct {
	Kind string `json:"kind"` // empty: all
}

// AssetsOut are assets, most used first.
type AssetsOut struct {
	Items []AssetRow `json:"items"`
}

// AssetRow is one asset in a list.
type AssetRow struct {
	ID          string   `json:"id"`
	Kind        string   `json:"kind"`
	Name        string   `json:"name"`
	Host        string   `json:"host"`
	Provider    string   `json:"provider"`
	FirstSeen   string   `json:"first_seen"`
	LastSeen    string   `json:"last_seen"`
	Count       int64    `json:"count"`
	Query       string   `json:"query"`
	Versions    int      `json:"versions"`
	Fingerprint string   `json:"fingerprint"`
	New         bool     `json:"new"`
	Warnings    []string `json:"warnings"`
	Description string   `json:"description"`
	Service     string   `json:"service"` // of a service its llm kind
	Context     int      `json:"context"` // tokens; 0 when not known
	Tokens      int64    `json:"tokens"`
	Cost        int64    `json:"cost"`  // millionths of a US dollar
	Calls       int64    `json:"calls"` // of a tool
	Builtin     bool     `json:"builtin"`
	Header      string   `json:"header"` // of a key
	Form        string   `json:"form"`   // of a key
	SDK         string   `json:"sdk"`
	Process     string   `json:"process"`
	Server      string   `json:"server"` // of MCP
}

// AssetIn names an asset.
type AssetIn struct {
	ID string `json:"id"`
}

// AssetOut is all that is known of one asset.
type AssetOut struct {
	Row        AssetRow        `json:"row"`
	Versions   []AssetVersion  `json:"versions"` // newest first
	Answered   []string        `json:"answered"` // of a model: its names in answers
	UserAgents []string        `json:"user_agents"`
	Endpoints  []EndpointRow   `json:"endpoints"`
	From       []AssetLink     `json:"from"` // who uses it
	To         []AssetLink     `json:"to"`   // what it uses
	Changes    []InventoryLine `json:"changes"`
	Samples    []Row           `json:"samples"`
}

// AssetVersion is one text or definition an asset had.
type AssetVersion struct {
	N           int    `json:"n"`
	Fingerprint string `json:"fingerprint"`
	Seen        string `json:"seen"`
	Exchange    string `json:"exchange"`
	Text        string `json:"text"`
}

// AssetLink is the other end of an arrow.
type AssetLink struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

// InventoryLine is one line of the timeline.
type InventoryLine struct {
	ID       string `json:"id"` // one that is worked out and not kept is no number: silent-17
	At       string `json:"at"`
	Found    string `json:"found"`
	Kind     string `json:"kind"`
	Endpoint string `json:"endpoint"` // empty when it concerns none, as the next two
	Asset    string `json:"asset"`
	Exchange string `json:"exchange"`
	Subject  string `json:"subject"` // the endpoint or asset in words
	What     string `json:"what"`
	Detail   string `json:"detail"`
	Severity string `json:"severity"`
	New      bool   `json:"new"` // found since the last visit
}

// ChangesIn selects lines of the timeline.
type ChangesIn struct {
	Kinds  []string `json:"kinds"`  // none: all
	Before string   `json:"before"` // only older than this line; empty: from the newest
	Limit  int      `json:"limit"`  // at most 500
}

// ChangesOut are lines, newest first.
type ChangesOut struct {
	Items []InventoryLine `json:"items"`
	More  bool            `json:"more"`
}

// MapOut is who calls what: client, service, model, tool.
type MapOut struct {
	Nodes []MapNode `json:"nodes"`
	Edges []MapEdge `json:"edges"`
	Left  int       `json:"left"` // nodes left out because there are too many, the least used
}

// MapNode is an asset on the map.
type MapNode struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"` // client, service, model, tool, mcp-tool
	Name     string `json:"name"`
	Service  string `json:"service"`
	Access   string `json:"access"` // of a service
	Count    int64  `json:"count"`
	Query    string `json:"query"`
	Warnings int    `json:"warnings"`
}

// MapEdge is an arrow.
type MapEdge struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Count int64  `json:"count"`
}

// PathDecision is what a person said about paths.
type PathDecision struct {
	ID    string   `json:"id"`
	Host  string   `json:"host"`
	Merge bool     `json:"merge"`
	At    string   `json:"at"`
	Names []string `json:"names"`
}

// MergeIn makes one endpoint of several, or keeps what was folded apart. Endpoints must be of one host and differ in one
// segment.
type MergeIn struct {
	IDs []string `json:"ids"`
}

// SplitIn takes a parameter apart: the values seen there become endpoints of their own.
type SplitIn struct {
	ID      string `json:"id"`
	Segment int    `json:"segment"` // of the path, from 0
}

// DecisionOut names the decision, for undoing it.
type DecisionOut struct {
	Decision string `json:"decision"`
}

// UndecideIn takes a decision back.
type UndecideIn struct {
	Decision string `json:"decision"`
}

// TypesOut are the types of sensitive data that are looked for.
type TypesOut struct {
	BuiltIn []BuiltInType `json:"built_in"`
	Custom  []CustomType  `json:"custom"`
}

// BuiltInType is a type that Assay knows.
type BuiltInType struct {
	Name  string `json:"name"`
	Class string `json:"class"`
	What  string `json:"what"`
}

// CustomType is a type that a person defined; see scanner.CustomType.
type CustomType struct {
	Name      string   `json:"name"`
	Class     string   `json:"class"`
	Keys      string   `json:"keys"`
	Pattern   string   `json:"pattern"`
	List      []string `json:"list"`
	Validator string   `json:"validator"`
	Match     []string `json:"match"`
	Ignore    []string `json:"ignore"`
}

// ProveOut says which samples a type gets right.
type ProveOut struct {
	Problem string        `json:"problem"` // what is wrong with the definition; empty when nothing is
	Samples []ProveSample `json:"samples"`
}

// ProveSample is one sample.
type ProveSample struct {
	Text  string `json:"text"`
	Wants bool   `json:"wants"` // it must match
	Found string `json:"found"` // what was found in it; empty for nothing
	OK    bool   `json:"ok"`
}

// RemoveTypeIn names a custom type.
type RemoveTypeIn struct {
	Name string `json:"name"`
}

// DocumentsOut are the imported documents.
type DocumentsOut struct {
	Items []DocumentRow `json:"items"`
}

// DocumentRow is one document.
type DocumentRow struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Form       string   `json:"form"`
	Imported   string   `json:"imported"`
	Operations int      `json:"operations"`
	Seen       int      `json:"seen"`
	Unseen     int      `json:"unseen"`
	Shadow     int      `json:"shadow"` // endpoints of its hosts that it does not have
	Hosts      []string `json:"hosts"`
	Problems   []string `json:"problems"` // what of it could not be read: line, column, what was expected
}

// AddDocumentIn is a document's text, as a person dropped or chose it.
type AddDocumentIn struct {
	Name  string `json:"name"` // of the file
	Text  string `json:"text"`
	Hosts string `json:"hosts"` // where it is served when the document does not say; empty: as it says
}

// AddDocumentOut is what became of it.
type AddDocumentOut struct {
	Document DocumentRow `json:"document"`
}

// RemoveDocumentIn names a document.
type RemoveDocumentIn struct {
	ID string `json:"id"`
}

// ExportInventoryIn asks for a file.
type ExportInventoryIn struct {
	Format string `json:"format"` // csv, json, openapi
	Query  string `json:"query"`  // endpoints; empty: all
}
