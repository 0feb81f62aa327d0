package report

import "time"

// Coverage is how a framework stands: its items, and each of them for each asset.
type Coverage struct {
	ID      string    `json:"id" redact:"-"`      // owasp-llm, owasp-asi, atlas, nist-600-1, nist-rmf, eu-ai-act, iso-42001, owasp-api
	Name    string    `json:"name" redact:"-"`    // OWASP Top 10 for LLM Applications
	Version string    `json:"version" redact:"-"` // 2025
	Source  string    `json:"source" redact:"-"`  // where it is published
	Items   []Covered `json:"items"`
	Assets  []string  `json:"assets"` // names of what was tested or can be, in the order of Cells
	Cells   [][]Cell  `json:"cells"`  // of each item, one for each asset
	Note    string    `json:"note,omitempty" redact:"-"`
}

// Cell is how one item stands for one asset.
type Cell struct {
	State State  `json:"state" redact:"-"`
	Cases int    `json:"cases,omitempty"`
	Ref   string `json:"ref,omitempty"` // of the evidence: finding:3, run:7
}

// Requirement is something that has to hold, with what was seen of it.
type Requirement struct {
	ID       string   `json:"id" redact:"-"`
	Name     string   `json:"name" redact:"-"`
	Why      string   `json:"why" redact:"-"`
	Severity string   `json:"severity" redact:"-"`
	OWASP    []string `json:"owasp" redact:"-"`
	State    string   `json:"state" redact:"-"` // pass, fail, unknown
	Of       int      `json:"of"`               // what it was asked of
	Failing  int      `json:"failing"`
	What     string   `json:"what"`           // one sentence: what was seen, or why nothing is known
	Refs     []string `json:"refs,omitempty"` // some of the failing: endpoint:7, exchange:12, tool:pay
	Fix      string   `json:"fix,omitempty" redact:"-"`
	Enforced string   `json:"enforced,omitempty"` // the policy that holds it; empty for none
	Apart    bool     `json:"apart,omitempty"`    // the score counts elsewhere what it asks
}

// Snapshot is how things stood at a time.
type Snapshot struct {
	At         time.Time        `json:"at"`
	Cause      string           `json:"cause" redact:"-"` // day, run:7
	Score      float64          `json:"score"`
	Grade      string           `json:"grade,omitempty" redact:"-"`
	Enough     bool             `json:"enough"`
	Severities map[string]int   `json:"severities"`      // open weaknesses
	Items      map[string]State `json:"items,omitempty"` // of the OWASP list
	Reasons    []Deduction      `json:"reasons,omitempty"`
}

// Move is one thing that moved the score between two snapshots.
type Move struct {
	Points float64 `json:"points"`          // positive where the score rose
	Kind   string  `json:"kind" redact:"-"` // new, gone, changed: of the reason that takes points away
	What   string  `json:"what"`
	Ref    string  `json:"ref,omitempty"`
}

// Move.Kind.
const (
	MoveNew     = "new"
	MoveGone    = "gone"
	MoveChanged = "changed"
)
