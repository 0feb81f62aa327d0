package window

// LibraryOut are the templates: those that come with the program, and a person's own.
type LibraryOut struct {
	Templates []TemplateRow `json:"templates"`
	OWASP     []FrameworkID `json:"owasp"` // all ten, also where no template is of it
	Suites    []SuiteRow    `json:"suites"`
	Mutations []MutationRow `json:"mutations"`
	Folder    string        `json:"folder"`   // of a person's own templates
	Revision  string        `json:"revision"` // another one when a file of the folder changed
	Broken    []BrokenFile  `json:"broken"`   // files that are left out, with what is wrong in them
}

// FrameworkID is an item of a framework with its title.
type FrameworkID struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// TemplateRow is one template in the tree.
type TemplateRow struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Severity  string   `json:"severity"`
	OWASP     []string `json:"owasp"`
	Technique string   `json:"technique"`
	Level     string   `json:"level"` // prompt, content, conversation, request
	Tags      []string `json:"tags"`
	Kinds     []string `json:"kinds"`
	Cases     int      `json:"cases"`
	Own       bool     `json:"own"`
}

// SuiteRow is one suite.
type SuiteRow struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Minutes     int    `json:"minutes"` // about how long it should take; 0 for no limit
	Templates   int    `json:"templates"`
}

// MutationRow is one way to rewrite a prompt.
type MutationRow struct {
	Name   string `json:"name"`
	Family string `json:"family"`
	What   string `json:"what"`
}

// BrokenFile is a file of templates that cannot be used.
type BrokenFile struct {
	File     string          `json:"file"`
	Own      bool            `json:"own"`
	Problems []TemplateFault `json:"problems"`
}

// TemplateFault is one thing that is wrong in a template.
type TemplateFault struct {
	Line    int    `json:"line"`   // from 1; 0 where the file as a whole is meant
	Column  int    `json:"column"` // from 1, in characters
	Where   string `json:"where"`
	What    string `json:"what"`
	Nearest string `json:"nearest"`
}

// ShelfOut tells whether the library has changed.
type ShelfOut struct {
	Revision string `json:"revision"`
}

// TemplateIn names a template.
type TemplateIn struct {
	ID string `json:"id"`
}

// FileIn names a file of the folder.
type FileIn struct {
	File string `json:"file"`
}

// TemplateOut is all about one template.
type TemplateOut struct {
	Row         TemplateRow      `json:"row"`
	Description string           `json:"description"`
	Frameworks  []FrameworkID    `json:"frameworks"` // OWASP, ASI, ATLAS and CWE, in this order
	Needs       []FrameworkID    `json:"needs"`      // with what each means
	Slot        string           `json:"slot"`
	Prompts     []string         `json:"prompts"`
	Turns       []string         `json:"turns"`
	Payloads    []PayloadList    `json:"payloads"`
	Requests    []string         `json:"requests"` // names of the edits of the request
	Mutations   []string         `json:"mutations"`
	Signals     []string         `json:"signals"`
	Detect      string           `json:"detect"` // as JSON, indented
	Remediation string           `json:"remediation"`
	References  []string         `json:"references"`
	Samples     int              `json:"samples"`
	Suites      []string         `json:"suites"`
	Trials      int              `json:"trials"`
	File        string           `json:"file"`
	Text        string           `json:"text"` // the file
	Results     []TemplateResult `json:"results"`
}

// PayloadList is a list of texts that prompts name.
type PayloadList struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

// TemplateResult is what a template came to in one run.
type TemplateResult struct {
	Run    string     `json:"run"`
	Name   string     `json:"name"`
	At     string     `json:"at"`
	Counts CaseCounts `json:"counts"`
}

// CaseCounts counts cases by verdict.
type CaseCounts struct {
	Vulnerable int `json:"vulnerable"`
	Resisted   int `json:"resisted"`
	Unclear    int `json:"unclear"`
	Errored    int `json:"errored"`
	Pending    int `json:"pending"`
}

// TemplateText is the text of a file of a person's own templates.
type TemplateText struct {
	File string `json:"file"` // within the folder; empty for one that is not kept yet
	Text string `json:"text"`
}

// TemplateCheck says what is wrong with a template, and what its examples come to.
type TemplateCheck struct {
	ID       string          `json:"id"` // empty where it cannot be read
	Problems []TemplateFault `json:"problems"`
}

// ExamplesOut are the examples of a template with what the judge made of them.
type ExamplesOut struct {
	Problems []TemplateFault `json:"problems"`
	Examples []Example       `json:"examples"`
}

// Example is one sample.
type Example struct {
	Line    int    `json:"line"`
	Why     string `json:"why"`
	Answer  string `json:"answer"` // shortened
	Wanted  string `json:"wanted"` // verdict
	Found   string `json:"found"`  // verdict
	Reason  string `json:"reason"`
	Correct bool   `json:"correct"`
}

// KeptTemplate is where a template was kept.
type KeptTemplate struct {
	ID       string          `json:"id"`
	File     string          `json:"file"`
	Problems []TemplateFault `json:"problems"` // it is kept all the same, and left out of runs until they are gone
}

// CopyTemplateIn asks for a template of one's own that begins as another.
type CopyTemplateIn struct {
	From string `json:"from"`
	ID   string `json:"id"`
}

// TargetsOut are what can be attacked.
type TargetsOut struct {
	Models     []TargetRow   `json:"models"`
	Roles      []string      `json:"roles"`
	Strategies []StrategyRow `json:"strategies"` // of an attacker model
}

// StrategyRow is one way to attack with a model that thinks up what is said.
type StrategyRow struct {
	Name string `json:"name"`
	What string `json:"what"`
}

// TargetRow is an imported model.
type TargetRow struct {
	Ref      string `json:"ref"` // as a run names it
	Name     string `json:"name"`
	Provider string `json:"provider"`
	Model    string `json:"model"`
	Host     string `json:"host"`
	Tried    string `json:"tried"`     // ok, failed, untried
	Problem  string `json:"problem"`   // of the latest try
	NeedsKey bool   `json:"needs_key"` // its key was not kept
}

// PlanIn is what a person chose.
type PlanIn struct {
	Name       string   `json:"name"`
	Targets    []string `json:"targets"`
	Suites     []string `json:"suites"`
	Templates  []string `json:"templates"`
	OWASP      []string `json:"owasp"`
	Severity   string   `json:"severity"`
	Mutations  []string `json:"mutations"`
	Strategies []string `json:"strategies"`

	Trials      int     `json:"trials"`
	Concurrency int     `json:"concurrency"`
	Rate        float64 `json:"rate"` // requests a second
	Patience    int     `json:"patience"`
	Budget      Budget  `json:"budget"`

	Judge         string `json:"judge"`
	Attacker      string `json:"attacker"`
	Role          string `json:"role"`
	Other         string `json:"other"`
	System        string `json:"system"`
	Key           string `json:"key"` // of a target whose key was not kept; used for the run and not kept
	Authorisation string `json:"authorisation"`
	Confirmed     bool   `json:"confirmed"` // the hosts may be attacked
}

// Budget is what a run may use up; 0 is no bound.
type Budget struct {
	Requests int64   `json:"requests"`
	Tokens   int64   `json:"tokens"`
	Dollars  float64 `json:"usd"`
	Minutes  float64 `json:"minutes"`
}

// Span is an estimate, as little as and as much as.
type Span struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Forecast is what a run will take.
type Forecast struct {
	Templates int    `json:"templates"`
	Cases     int    `json:"cases"`
	Requests  Span   `json:"requests"`
	Tokens    Span   `json:"tokens"`
	Dollars   Span   `json:"usd"`
	Seconds   Span   `json:"seconds"`
	Priced    bool   `json:"priced"`
	Basis     string `json:"basis"`
}

// PlanOut is what would be sent.
type PlanOut struct {
	Forecast Forecast       `json:"forecast"`
	Targets  []RunTargetRow `json:"targets"`
	Skipped  []SkippedGroup `json:"skipped"`
	OutOf    []string       `json:"out_of"`  // hosts that are not in scope
	Example  string         `json:"example"` // the first request, without secrets
	Cut      bool           `json:"cut"`     // it was longer
}

// RunTargetRow is what a run attacks.
type RunTargetRow struct {
	Ref      string `json:"ref"`
	Name     string `json:"name"`
	Host     string `json:"host"`
	Kind     string `json:"kind"`
	Model    string `json:"model"`
	Baseline string `json:"baseline"` // exchange without an attack; empty for none
}

// SkippedGroup is what was chosen and is not sent, for one reason.
type SkippedGroup struct {
	Why       string   `json:"why"`
	Cases     int      `json:"cases"`
	Templates []string `json:"templates"` // names
}

// RunIn names a run.
type RunIn struct {
	ID string `json:"id"`
}

// RunsOut are the runs of the project, newest first.
type RunsOut struct {
	Runs []RunRow `json:"runs"`
}

// RunRow is one run in the list.
type RunRow struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	State   string   `json:"state"` // running, paused, interrupted, stopped, done
	Why     string   `json:"why"`
	Created string   `json:"created"`
	Ended   string   `json:"ended"`
	Spent   int64    `json:"spent_ms"`
	Targets []string `json:"targets"` // names
	Suites  []string `json:"suites"`
	Starred bool     `json:"starred"`
	Here    bool     `json:"here"` // it runs in this program
	Left    Span     `json:"left"` // seconds; 0 where it is not known
	Tally   RunTally `json:"tally"`
}

// RunTally is how far a run is.
type RunTally struct {
	Cases     int        `json:"cases"`
	Counts    CaseCounts `json:"counts"`
	Flaky     int        `json:"flaky"`
	Blocked   int        `json:"blocked"`
	Trials    int        `json:"trials"`
	Requests  int64      `json:"requests"`
	Tokens    int64      `json:"tokens"`
	Estimated int64      `json:"estimated_tokens"` // of those, counted by us
	Dollars   float64    `json:"usd"`
	Unpriced  int64      `json:"unpriced"`
	Throttled int64      `json:"throttled_ms"`
}

// RunOut is all about one run.
type RunOut struct {
	Row           RunRow         `json:"row"`
	Waiting       string         `json:"waiting"` // what it waits for now
	Budget        Budget         `json:"budget"`
	Forecast      Forecast       `json:"forecast"`
	Targets       []RunTargetRow `json:"targets"`
	Skipped       []SkippedGroup `json:"skipped"`
	Untested      []FrameworkID  `json:"untested"` // items of OWASP of which nothing was sent
	Judge         string         `json:"judge"`
	Authorisation string         `json:"authorisation"`
	Baseline      string         `json:"baseline"` // run that others are compared with, when it is another one
	NeedsKey      bool           `json:"needs_key"`
	Spent         bool           `json:"spent"` // a budget paused it: it goes on with a larger one
}

// NameRunIn renames a run.
type NameRunIn struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// StarRunIn makes a run the one that others are compared with, or no longer.
type StarRunIn struct {
	ID      string `json:"id"`
	Starred bool   `json:"starred"`
}

// ContinueIn goes on with a run.
type ContinueIn struct {
	ID     string `json:"id"`
	Key    string `json:"key"`
	Budget Budget `json:"budget"` // in place of the run's own where it is larger than nothing
}
