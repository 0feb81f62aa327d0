package report

import (
	"time"

	"assay/scanner"
)

// SchemaVersion is the version of the JSON that a Document is written as; it rises when a field changes its meaning.
const SchemaVersion = 1

// Audience is who a report is for.
type Audience string

// The audiences.
const (
	Executive Audience = "executive" // two pages: what, so what, what next
	Technical Audience = "technical" // with evidence
	Retest    Audience = "retest"    // what is new, fixed and still there
)

// Section is a part of a report that can be left out.
type Section string

// The sections, in the order in which reports have them.
const (
	SectionSummary      Section = "summary"
	SectionScope        Section = "scope"
	SectionComparison   Section = "comparison"
	SectionAdvice       Section = "advice"
	SectionFindings     Section = "findings"
	SectionThreats      Section = "threats"
	SectionCoverage     Section = "coverage"
	SectionRequirements Section = "requirements"
	SectionInventory    Section = "inventory"
	SectionMethod       Section = "method"
	SectionNotTested    Section = "not_tested"
	SectionRedaction    Section = "redaction"
)

// Document is everything that a report tells, whatever the format. It is gathered from a project, then what is secret or
// personal is hidden in it (package redact), then it is written. Every string in it goes through the redactor but those
// whose field says `redact:"-"`: words of ours, numbers and hashes.
type Document struct {
	Schema       int           `json:"schema"`
	Made         time.Time     `json:"made"`
	Version      string        `json:"version" redact:"-"`  // of the program
	Audience     Audience      `json:"audience" redact:"-"` //
	Sections     []Section     `json:"sections" redact:"-"` // those that are on, in order
	Cover        Cover         `json:"cover"`
	Project      string        `json:"project"`         // name of its file, without folders
	Run          string        `json:"run,omitempty"`   // what it is limited to: "run 3, nightly"; empty for the whole project
	Standing     Posture       `json:"posture"`         // of the whole project, whatever the report is limited to
	Trend        []Snapshot    `json:"trend"`           // oldest first
	Moved        []Move        `json:"moved,omitempty"` // what moved the score since the snapshot before
	Weaknesses   []Weakness    `json:"findings"`        // the worst first
	Threats      []Observed    `json:"threats"`         // the worst first
	Coverage     []Coverage    `json:"coverage"`        // a framework each
	Requirements []Requirement `json:"requirements"`
	Stock        Stock         `json:"inventory"`
	Tests        []Test        `json:"tests"`           // runs, newest first
	Judge        *Accuracy     `json:"judge,omitempty"` // how right verdicts were where that was measured; nil where it was not
	Comparison   *Comparison   `json:"comparison,omitempty"`
	Method       []string      `json:"method" redact:"-"` // how it was tested, a paragraph each
	Limits       []string      `json:"limits"`            // what was truncated, dropped, tunnelled, not parsed: with counts
	Shortened    []string      `json:"shortened"`         // what this report leaves out for its size, with counts
	Hidden       []Hidden      `json:"hidden" redact:"-"` // what the redactor took out, by placeholder
	// Of is the run behind SARIF and JUnit, with what the report is limited to; nil where nothing was tested.
	Of *Run `json:"-"`
}

// Has reports whether a section is on.
func (d *Document) Has(s Section) bool {
	for _, on := range d.Sections {
		if on == s {
			return true
		}
	}
	return false
}

// Cover is what a person writes on a report. Empty fields are left out.
type Cover struct {
	Title         string `json:"title,omitempty"`
	Client        string `json:"client,omitempty"`
	Tester        string `json:"tester,omitempty"`
	Scope         string `json:"scope,omitempty"`
	Authorisation string `json:"authorisation,omitempty"` // who allowed the test
	Note          string `json:"note,omitempty"`          // a paragraph of one's own
	Logo          []byte `json:"logo,omitempty"`          // PNG or JPEG
}

// Marked is a text with what is to be seen in it.
type Marked struct {
	Text  string `json:"text"`
	Marks []Mark `json:"marks,omitempty"` // by place; they do not overlap
	Cut   int    `json:"cut,omitempty"`   // bytes that were left out at its end
}

// Mark is a span of a text, in bytes.
type Mark struct {
	Start  int    `json:"start"`
	End    int    `json:"end"`
	Signal string `json:"signal" redact:"-"` // scanner.Evidence.Signal
	Why    string `json:"why"`
}

// Weakness is a finding as a reader who was not there needs it.
type Weakness struct {
	ID          scanner.FindingID    `json:"id"`
	Print       string               `json:"fingerprint" redact:"-"`
	Template    string               `json:"template" redact:"-"`
	Title       string               `json:"title"`
	Severity    scanner.Severity     `json:"severity" redact:"-"`
	State       scanner.FindingState `json:"state" redact:"-"`
	Mended      scanner.RunID        `json:"mended_by,omitempty"`            // the run that showed it to be fixed; 0 where none did, whatever State says
	Note        string               `json:"note,omitempty"`                 // of the person who set the state
	Target      string               `json:"target"`                         // RunTarget.Ref
	Name        string               `json:"target_name"`                    //
	Class       string               `json:"class" redact:"-"`               // the signal that proves it
	Reason      string               `json:"reason"`                         // one sentence
	Description string               `json:"description,omitempty"`          // of the template
	Impact      string               `json:"impact,omitempty" redact:"-"`    // what it means for the business, one sentence
	Fix         string               `json:"fix,omitempty"`                  // of the template
	Check       string               `json:"check,omitempty" redact:"-"`     // the command that tests it again
	References  []string             `json:"references,omitempty"`           //
	OWASP       []string             `json:"owasp" redact:"-"`               //
	ASI         []string             `json:"asi,omitempty" redact:"-"`       //
	ATLAS       []string             `json:"atlas,omitempty" redact:"-"`     //
	CWE         []int                `json:"cwe,omitempty"`                  //
	First       time.Time            `json:"first_seen"`                     //
	Last        time.Time            `json:"last_seen"`                      //
	Count       int                  `json:"count"`                          // trials that showed it
	Rate        *Rate                `json:"rate,omitempty"`                 // nil where nothing was decided
	Change      string               `json:"change,omitempty" redact:"-"`    // new, still, fixed; empty where nothing is compared
	Proofs      []Proof              `json:"evidence"`                       // the latest first, bounded
	More        int                  `json:"more_evidence,omitempty"`        // trials beyond those
	Confidence  float64              `json:"confidence,omitempty"`           // of the verdict, 0 to 1
	By          string               `json:"judged_by,omitempty" redact:"-"` // rules, model, person
}

// Rate is how often an attack worked, with the interval that holds the true rate in 95 of 100 cases (Wilson).
type Rate struct {
	Worked  int     `json:"worked"`
	Decided int     `json:"decided"`
	Value   float64 `json:"value"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
}

// Proof is one trial that shows a weakness.
type Proof struct {
	Run       scanner.RunID `json:"run"`
	Case      int           `json:"case"`
	Trial     int           `json:"trial"`
	At        time.Time     `json:"at,omitzero"`
	Exchanges []string      `json:"exchanges" redact:"-"` // ids, as `assay show` takes them
	Sent      []Marked      `json:"sent"`                 // prompts in order
	Answer    Marked        `json:"answer"`
	Plain     *Marked       `json:"plain,omitempty"` // what the target answers to an ordinary question, to compare; nil where nobody asked
	Diff      []Change      `json:"diff,omitempty"`  // from Plain to Answer
	Evidence  []Told        `json:"why"`             // in words
	Curl      string        `json:"curl,omitempty"`  // sends the request again; credentials stand as placeholders
	Status    int           `json:"status,omitempty"`
}

// Told is one piece of evidence in words.
type Told struct {
	Signal string `json:"signal" redact:"-"`
	Where  string `json:"where" redact:"-"`
	Why    string `json:"why"`
	Text   string `json:"text,omitempty"`
}

// Change is a piece of a diff of two texts.
type Change struct {
	Kind string `json:"kind" redact:"-"` // same, gone, new
	Text string `json:"text"`
}

// Observed is a threat of the watched traffic.
type Observed struct {
	ID        scanner.ThreatID    `json:"id"`
	Rule      string              `json:"rule" redact:"-"`
	Title     string              `json:"title"`
	Severity  scanner.Severity    `json:"severity" redact:"-"`
	State     scanner.ThreatState `json:"state" redact:"-"`
	OWASP     []string            `json:"owasp" redact:"-"`
	Actor     string              `json:"actor,omitempty"`
	Host      string              `json:"host,omitempty"`
	Model     string              `json:"model,omitempty"`
	First     time.Time           `json:"first_seen"`
	Last      time.Time           `json:"last_seen"`
	Count     int                 `json:"count"`
	Seen      string              `json:"seen"`
	Advice    string              `json:"advice,omitempty"`
	Note      string              `json:"note,omitempty"`
	Exchanges []string            `json:"exchanges,omitempty" redact:"-"` // some of them
}

// Stock is what was discovered, in numbers and by name.
type Stock struct {
	Exchanges     int64         `json:"exchanges"`
	Conversations int64         `json:"conversations"`
	From          time.Time     `json:"from,omitzero"` // the first exchange
	To            time.Time     `json:"to,omitzero"`   // the last
	Endpoints     int           `json:"endpoints"`
	Kinds         []Named       `json:"kinds"`  // endpoints by llm.Kind
	Access        []Named       `json:"access"` // endpoints by scanner.Access
	Shadow        int           `json:"shadow"`
	Models        []Named       `json:"models"`  // models met, by exchanges
	Tools         []Named       `json:"tools"`   // tools given to models, by calls
	Clients       []Named       `json:"clients"` // by exchanges
	Hosts         []Named       `json:"hosts"`   // AI hosts, by exchanges
	Sensitive     []Named       `json:"sensitive"`
	Riskiest      []RiskyAsset  `json:"riskiest"`
	Listed        []ListedAsset `json:"endpoint_list,omitempty"` // AI endpoints with how they stand, the riskiest first, bounded
}

// Named is a name and a number.
type Named struct {
	Name string `json:"name"`
	N    int64  `json:"n"`
}

// RiskyAsset is an endpoint with what makes it a risk.
type RiskyAsset struct {
	ID   scanner.EndpointID `json:"id"`
	Name string             `json:"name"`
	Risk int                `json:"risk"`
	Why  []string           `json:"why"`
}

// ListedAsset is an AI endpoint with how it was tested.
type ListedAsset struct {
	ID       scanner.EndpointID `json:"id"`
	Name     string             `json:"name"`
	Kind     string             `json:"kind" redact:"-"`
	Access   string             `json:"access" redact:"-"`
	Provider string             `json:"provider,omitempty"`
	Models   []string           `json:"models,omitempty"`
	Risk     int                `json:"risk"`
	Tested   bool               `json:"tested"`
	Findings int                `json:"findings"` // open ones
}

// Test is one run.
type Test struct {
	ID        scanner.RunID  `json:"id"`
	Name      string         `json:"name"`
	State     string         `json:"state" redact:"-"`
	Started   time.Time      `json:"started"`
	Ended     time.Time      `json:"ended,omitzero"`
	Targets   []string       `json:"targets"` // names
	Suites    []string       `json:"suites,omitempty"`
	Templates int            `json:"templates"`
	Trials    int            `json:"trials"` // of a case
	Cases     map[string]int `json:"cases"`  // by verdict: vulnerable, resisted, unclear, errored
	Skipped   []Skipped      `json:"not_sent,omitempty"`
	Requests  int64          `json:"requests"`
	Tokens    int64          `json:"tokens"`
	Cost      float64        `json:"cost_usd,omitempty"`
	Judge     string         `json:"judge,omitempty"` // the model that was asked where rules cannot tell
	Allowed   string         `json:"authorisation,omitempty"`
}

// Skipped is what was chosen and not sent, by reason.
type Skipped struct {
	Why   string `json:"why"`
	Cases int    `json:"cases"`
}

// Accuracy is how right verdicts were on answers whose verdict is known.
type Accuracy struct {
	Of        string  `json:"of"` // rules, or the model that judged
	Answers   int     `json:"answers"`
	Correct   float64 `json:"correct"` // 0 to 1
	FalseFind float64 `json:"false_positives"`
	Missed    float64 `json:"false_negatives"`
	Source    string  `json:"source" redact:"-"` // where that was measured
}

// Comparison is what a retest is compared with.
type Comparison struct {
	Against string   `json:"against"` // "run 2, before the fix"
	New     []string `json:"new" redact:"-"`
	Fixed   []string `json:"fixed" redact:"-"` // fingerprints: tested again, and resisted
	Still   []string `json:"still" redact:"-"`
	Unknown []string `json:"unknown" redact:"-"` // not tested again, or without a verdict
	Gone    []Gone   `json:"gone,omitempty"`     // the fixed and unknown ones by name
}

// Gone is a weakness that was found then, and not now.
type Gone struct {
	Print    string           `json:"fingerprint" redact:"-"`
	Title    string           `json:"title"`
	Severity scanner.Severity `json:"severity" redact:"-"`
	Target   string           `json:"target"`
	Fixed    bool             `json:"fixed"`
	Why      string           `json:"why,omitempty"` // of an unknown one
}

// Hidden is a value that the redactor took out.
type Hidden struct {
	Placeholder string `json:"placeholder"` // ⟨key 1⟩
	Type        string `json:"type"`        // as package detect names it, or CREDENTIAL
	Class       string `json:"class"`       // secret, personal
	Word        string `json:"word"`        // the type for people: API key
	Count       int    `json:"count"`       // how often it stood in the document
	Shown       bool   `json:"shown,omitempty"`
}
