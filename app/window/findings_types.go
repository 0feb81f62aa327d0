package window

// FindingRow is one finding in the list.
type FindingRow struct {
	ID         string   `json:"id"`
	Source     string   `json:"source"` // test, live
	Template   string   `json:"template"`
	Title      string   `json:"title"`
	Severity   string   `json:"severity"`
	OWASP      []string `json:"owasp"`
	Target     string   `json:"target"` // model:ID, exchange:ID or a URL
	TargetName string   `json:"target_name"`
	Class      string   `json:"class"` // the signal that proves it
	State      string   `json:"state"` // new, verified, accepted, false_positive, fixed
	Noted      bool     `json:"noted"`
	First      string   `json:"first_seen"`
	Last       string   `json:"last_seen"`
	Count      int      `json:"count"` // trials that showed it
	Run        string   `json:"run"`   // of the latest of them
	Case       int      `json:"case"`
	Reason     string   `json:"reason"`
}

// FindingsIn selects findings. Empty fields select everything.
type FindingsIn struct {
	States     []string `json:"states"`
	Severities []string `json:"severities"`
	Sources    []string `json:"sources"`
	Targets    []string `json:"targets"`
	OWASP      []string `json:"owasp"`
	Run        string   `json:"run"`
	Text       string   `json:"text"`
	Sort       string   `json:"sort"` // severity, last, first, count, title, target, state
	Desc       bool     `json:"desc"` // turned round
	From       int      `json:"from"`
	Limit      int      `json:"limit"`
}

// FindingsOut is a page of findings.
type FindingsOut struct {
	Total int          `json:"total"`
	Items []FindingRow `json:"items"`
}

// FindingCount is a value of findings, and how many have it.
type FindingCount struct {
	Value string `json:"value"`
	Name  string `json:"name"` // in words; empty where the value is one
	N     int    `json:"n"`
}

// FindingsSummary counts all findings, and says what was tested.
type FindingsSummary struct {
	Total      int            `json:"total"`
	States     []FindingCount `json:"states"`
	Severities []FindingCount `json:"severities"` // of those that are open
	Targets    []FindingCount `json:"targets"`
	OWASP      []FindingCount `json:"owasp"`
	Runs       int            `json:"runs"`
	Live       bool           `json:"live"`     // some came from watched traffic
	Coverage   []Coverage     `json:"coverage"` // every item of the OWASP list, in order
}

// Coverage says whether an item of the OWASP list was tested.
type Coverage struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Judged int    `json:"judged"` // cases that were vulnerable or resisted
	Cases  int    `json:"cases"`  // that were sent, whatever came of them
}

// FindingIn names a finding.
type FindingIn struct {
	ID string `json:"id"`
}

// FindingOut is all about one finding.
type FindingOut struct {
	Row         FindingRow        `json:"row"`
	Print       string            `json:"fingerprint"`
	Note        string            `json:"note"`
	Description string            `json:"description"` // of the template; empty where it is gone
	Remediation string            `json:"remediation"`
	References  []string          `json:"references"`
	Frameworks  []FrameworkID     `json:"frameworks"`
	Evidence    []FindingEvidence `json:"evidence"` // the latest first, at most 20
	More        int               `json:"more"`     // trials beyond those
	History     []FindingLine     `json:"history"`  // newest first
}

// FindingEvidence is one trial that shows a finding.
type FindingEvidence struct {
	Run     string   `json:"run"`
	RunName string   `json:"run_name"`
	Case    CaseRow  `json:"case"`
	Trial   TrialOut `json:"trial"`
}

// FindingLine is one line of a finding's history.
type FindingLine struct {
	At   string `json:"at"`
	What string `json:"what"` // seen, state, note, seen again, fixed
	From string `json:"from"`
	To   string `json:"to"`
	Why  string `json:"why"`
	Run  string `json:"run"`
}

// SetFindingsIn sets the state of findings.
type SetFindingsIn struct {
	IDs   []string `json:"ids"`
	State string   `json:"state"`
	Why   string   `json:"why"`
}

// SetFindingsOut are the states that they had, for Restore.
type SetFindingsOut struct {
	Before []FindingBefore `json:"before"`
}

// RestoreFindingsIn gives findings the states back that they had.
type RestoreFindingsIn struct {
	Before []FindingBefore `json:"before"`
}

// NoteFindingIn replaces the note of a finding.
type NoteFindingIn struct {
	ID   string `json:"id"`
	Note string `json:"note"`
}
