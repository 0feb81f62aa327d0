package window

// ModelRow is one model in the list: discovered in the traffic, imported by a person, or tested.
type ModelRow struct {
	ID       string   `json:"id"`    // of an imported one its number; else asset:ID or endpoint:ID
	State    string   `json:"state"` // discovered, imported, tested
	Kind     string   `json:"kind"`  // llm, chat-backend
	Name     string   `json:"name"`
	Provider string   `json:"provider"`
	Model    string   `json:"model"`
	Host     string   `json:"host"`
	URL      string   `json:"url"`  // of an imported one, without secrets
	From     string   `json:"from"` // what an import of a discovered one is made of: asset:ID, exchange:ID
	Asset    string   `json:"asset"`
	Endpoint string   `json:"endpoint"`
	Exchange string   `json:"exchange"` // the latest of a discovered one; what an imported one was made of
	Query    string   `json:"query"`    // selects its exchanges; empty where none was seen
	Count    int64    `json:"count"`
	Tokens   int64    `json:"tokens"`
	Clients  []string `json:"clients"`
	Keys     []string `json:"keys"` // placeholders
	Tools    []string `json:"tools"`
	First    string   `json:"first_seen"`
	Last     string   `json:"last_seen"`
	Status   string   `json:"status"` // of the latest try: ok, failed, untried; empty of a discovered one
	Error    string   `json:"error"`
	Latency  float64  `json:"latency_ms"`
	Tried    string   `json:"tried"`
	Worst    string   `json:"worst"`    // severity of the worst open finding; empty for none
	Findings int      `json:"findings"` // that are open
	Runs     int      `json:"runs"`
}

// ModelsOut are all models of the project.
type ModelsOut struct {
	Items []ModelRow `json:"items"`
}

// PresetRow is a provider whose models can be imported by name.
type PresetRow struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Base   string `json:"base"`  // its usual address; empty where everybody has their own
	Model  string `json:"model"` // a small current model; empty where there is none
	Auth   string `json:"auth"`
	Header string `json:"header"`  // where auth is header
	KeyEnv string `json:"key_env"` // the variable in which its SDKs look for the key
	EnvSet bool   `json:"env_set"` // that variable is set in this program
}

// PresetsOut are the providers whose models can be imported by name, and the ways a key can be sent.
type PresetsOut struct {
	Items []PresetRow `json:"items"`
	Auth  []string    `json:"auth"`
}

// ModelForm is what a person said of a model that is to be imported.
type ModelForm struct {
	From     string   `json:"from"` // asset:ID, exchange:ID, text; empty for a preset or a request of one's own
	Text     string   `json:"text"` // the requests, where From is text
	Form     string   `json:"form"` // of the text, as Look said
	Nth      int      `json:"nth"`  // which of its requests, from 1; 0 for the likeliest
	Provider string   `json:"provider"`
	URL      string   `json:"url"`
	Name     string   `json:"name"`
	Model    string   `json:"model"`
	Method   string   `json:"method"`
	Headers  []string `json:"headers"` // "Name: value"
	Body     string   `json:"body"`    // with {{prompt}} where the prompt goes
	Slot     string   `json:"slot"`
	Answer   string   `json:"answer"`
	Role     string   `json:"role"`
	Auth     string   `json:"auth"`
	Key      string   `json:"key"`
	KeyEnv   string   `json:"key_env"`
	Keep     bool     `json:"keep"`     // in the keychain
	Recorded bool     `json:"recorded"` // the recorded credentials may be sent
	Patience int      `json:"patience"` // seconds for one answer; 0 for a minute
	NoTry    bool     `json:"no_try"`   // keep it without asking it anything
}

// ModelCandidate is a text of an answer that may be what was said.
type ModelCandidate struct {
	Pointer string `json:"pointer"`
	Text    string `json:"text"`
}

// ModelResult is what came of asking a model the harmless question.
type ModelResult struct {
	ID         string           `json:"id"` // empty when it was not kept
	Name       string           `json:"name"`
	Provider   string           `json:"provider"`
	Model      string           `json:"model"`
	URL        string           `json:"url"`
	Host       string           `json:"host"`
	Status     string           `json:"status"` // ok, failed, untried
	Error      string           `json:"error"`
	Code       string           `json:"code"`
	Cause      string           `json:"cause"`
	Fix        string           `json:"fix"`
	HTTPStatus int              `json:"http_status"`
	RetryAfter float64          `json:"retry_after_s"`
	Latency    float64          `json:"latency_ms"`
	Prompt     string           `json:"prompt"`
	Answer     string           `json:"answer"`
	Slot       string           `json:"slot"`
	AnswerPath string           `json:"answer_path"`
	Input      int64            `json:"input_tokens"`  // -1 where the service did not say
	Output     int64            `json:"output_tokens"` // -1 where the service did not say
	Auth       string           `json:"auth"`
	Key        string           `json:"key"` // where it comes from, in words
	AnsweredBy string           `json:"answered_by"`
	Candidates []ModelCandidate `json:"candidates"` // where it is not sure which text is the answer
	Requests   int              `json:"requests"`
}

// ModelNamesOut are the names of the models that a service offers.
type ModelNamesOut struct {
	Names []string `json:"names"`
}

// LocalModel is a service on this machine that lists models.
type LocalModel struct {
	Provider string   `json:"provider"`
	Title    string   `json:"title"`
	URL      string   `json:"url"`
	Models   []string `json:"models"`
}

// LocalModelsOut are the services on this machine that list models.
type LocalModelsOut struct {
	Items []LocalModel `json:"items"`
	Ports []int        `json:"ports"` // that were asked
}

// ModelTextIn is a text that holds requests.
type ModelTextIn struct {
	Text string `json:"text"`
	URL  string `json:"url"` // where its requests go that do not say it
}

// ModelTextOut are the requests of a text.
type ModelTextOut struct {
	Form  string             `json:"form"`
	Items []ModelTextRequest `json:"items"`
	Total int                `json:"total"`
	Left  int                `json:"left"` // entries that could not be read
}

// ModelTextRequest is one request of a text.
type ModelTextRequest struct {
	N        int    `json:"n"`
	Method   string `json:"method"`
	URL      string `json:"url"`
	Prompt   string `json:"prompt"`
	Kind     string `json:"kind"`
	Provider string `json:"provider"`
	Model    string `json:"model"`
	Fits     bool   `json:"fits"` // it has a place for a prompt
}

// ModelIn names a model by ModelRow.ID.
type ModelIn struct {
	ID string `json:"id"`
}

// ModelOut is all about one imported model.
type ModelOut struct {
	Row      ModelRow    `json:"row"`
	Method   string      `json:"method"`
	Headers  []NameValue `json:"headers"`
	Body     string      `json:"body"` // as text; at most 64 KiB
	BodyCut  bool        `json:"body_cut"`
	Slot     string      `json:"slot"`
	Answer   string      `json:"answer"` // the pointer; empty while nothing was answered
	ByFormat bool        `json:"by_format"`
	Auth     string      `json:"auth"`
	AuthName string      `json:"auth_name"`
	Key      string      `json:"key"`   // where it comes from, in words; empty for none
	Ready    bool        `json:"ready"` // no key has to be handed over again
	Role     string      `json:"role"`
	Imported string      `json:"imported"`
	Try      ModelTry    `json:"try"`
	Scope    ModelScope  `json:"scope"`
	Runs     []ModelRun  `json:"runs"` // newest first, at most 50
}

// NameValue is one header.
type NameValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// ModelTry is what came of the latest try; at is empty where there was none.
type ModelTry struct {
	At      string  `json:"at"`
	Code    string  `json:"code"`
	Error   string  `json:"error"`
	Status  int     `json:"status"`
	Latency float64 `json:"latency_ms"`
	Input   int64   `json:"input_tokens"`  // -1 where the service did not say
	Output  int64   `json:"output_tokens"` // -1 where the service did not say
	Prompt  string  `json:"prompt"`
	Answer  string  `json:"answer"`
	Model   string  `json:"model"`
}

// ModelScope tells whether the host of a model may be attacked.
type ModelScope struct {
	Host          string `json:"host"`
	Local         bool   `json:"local"` // on this machine: in scope by itself
	In            bool   `json:"in"`
	Line          string `json:"line"`          // of the scope that holds for it: the host, or *.host
	Authorisation string `json:"authorisation"` // who allowed it
	Added         string `json:"added"`
}

// ModelRun is a run that a model was tested in.
type ModelRun struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	State      string `json:"state"`
	Created    string `json:"created"`
	Cases      int    `json:"cases"`
	Vulnerable int    `json:"vulnerable"`
}

// TryModelIn asks a model once more.
type TryModelIn struct {
	ID       string `json:"id"`
	Key      string `json:"key"`
	Keep     bool   `json:"keep"`
	Recorded bool   `json:"recorded"`
	Patience int    `json:"patience"`
}

// RenameModelIn gives a model another name.
type RenameModelIn struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// RenameModelOut is the name that it got.
type RenameModelOut struct {
	Name string `json:"name"`
}

// ModelAnswerIn says which text of an answer is what was said.
type ModelAnswerIn struct {
	ID      string `json:"id"`
	Pointer string `json:"pointer"`
	Text    string `json:"text"`
}

// ModelRoleIn says as whom requests to a model are sent; an empty role is nobody.
type ModelRoleIn struct {
	ID   string `json:"id"`
	Role string `json:"role"`
}

// RemoveModelOut is by what a removed model is brought back, while the window is open.
type RemoveModelOut struct {
	Token string `json:"token"`
	Name  string `json:"name"`
}

// RestoreModelIn brings back a model that was removed.
type RestoreModelIn struct {
	Token string `json:"token"`
}

// ScopeIn puts a host in scope of tests.
type ScopeIn struct {
	Host          string `json:"host"`
	Authorisation string `json:"authorisation"`
}
