package window

// CasesIn selects cases of a run.
type CasesIn struct {
	Run       string   `json:"run"`
	Verdicts  []string `json:"verdicts"` // pending for those without one
	Templates []string `json:"templates"`
	Mutations []string `json:"mutations"`
	Targets   []string `json:"targets"`
	Text      string   `json:"text"`
	Sort      string   `json:"sort"`
	Desc      bool     `json:"desc"`
	From      int      `json:"from"`
	Limit     int      `json:"limit"`
}

// CasesOut is a page of them.
type CasesOut struct {
	Total int       `json:"total"`
	Cases []CaseRow `json:"cases"`
}

// CaseRow is one case in the list.
type CaseRow struct {
	N          int        `json:"n"`
	Template   string     `json:"template"`
	Name       string     `json:"name"` // of the template
	Severity   string     `json:"severity"`
	Target     string     `json:"target"`
	TargetName string     `json:"target_name"`
	Mutation   string     `json:"mutation"`
	Strategy   string     `json:"strategy"`
	Done       bool       `json:"done"`
	Verdict    string     `json:"verdict"` // empty while there is none
	Counts     CaseCounts `json:"counts"`  // of its trials
	Trials     int        `json:"trials"`  // planned at most
	Reason     string     `json:"reason"`
	Blocked    bool       `json:"blocked"`
	By         string     `json:"by"` // rules, model, person
}

// CaseIn names a case.
type CaseIn struct {
	Run string `json:"run"`
	N   int    `json:"n"`
}

// CaseOut is one case with all its trials.
type CaseOut struct {
	Row         CaseRow       `json:"row"`
	Description string        `json:"description"` // what its template proves
	Remediation string        `json:"remediation"`
	Frameworks  []FrameworkID `json:"frameworks"`
	Baseline    string        `json:"baseline"` // exchange without an attack; empty for none
	Trials      []TrialOut    `json:"trials"`
	Interval    Span          `json:"interval"` // of the rate of success, Wilson 95 %; only where trials were judged
	Judged      int           `json:"judged"`
}

// TrialOut is one attempt.
type TrialOut struct {
	N         int           `json:"n"`
	Started   string        `json:"started"`
	Took      int64         `json:"took_ms"`
	Sent      []SentText    `json:"sent"`
	Exchanges []string      `json:"exchanges"` // the last one was judged
	Judgement JudgementOut  `json:"judgement"`
	Rules     JudgementOut  `json:"rules"` // what rules said where another verdict counts; its verdict is empty otherwise
	Vote      VoteOut       `json:"vote"`  // of the model judge; its verdict is empty for none
	Person    PersonVote    `json:"person"`
	Answer    []AnswerPiece `json:"answer"`
	Cut       bool          `json:"cut"` // the answer was longer
	Requests  int           `json:"requests"`
	Input     int64         `json:"input_tokens"`
	Output    int64         `json:"output_tokens"`
	Estimated bool          `json:"estimated"`
	Dollars   float64       `json:"usd"`
	Priced    bool          `json:"priced"`
	Throttled int64         `json:"throttled_ms"`
}

// SentText is one text that an attack put into a request.
type SentText struct {
	Slot  string `json:"slot"`
	Plain string `json:"plain"` // before the mutation
	Text  string `json:"text"`  // as sent
}

// JudgementOut is a verdict with its proof.
type JudgementOut struct {
	Verdict    string        `json:"verdict"`
	Reason     string        `json:"reason"`
	Evidence   []EvidenceOut `json:"evidence"`
	Confidence float64       `json:"confidence"`
	By         string        `json:"by"`
	Blocked    bool          `json:"blocked"`
}

// EvidenceOut is one thing that speaks for a verdict.
type EvidenceOut struct {
	Signal string `json:"signal"`
	Where  string `json:"where"`
	Text   string `json:"text"`
	Why    string `json:"why"`
}

// VoteOut is what the model judge said.
type VoteOut struct {
	Judge   string  `json:"judge"`
	Verdict string  `json:"verdict"`
	Reason  string  `json:"reason"`
	Asked   string  `json:"asked"`
	Input   int64   `json:"input_tokens"`
	Output  int64   `json:"output_tokens"`
	Dollars float64 `json:"usd"`
	Priced  bool    `json:"priced"`
}

// PersonVote is what a person said against a verdict; its verdict is empty for nothing.
type PersonVote struct {
	Verdict string `json:"verdict"`
	Reason  string `json:"reason"`
	At      string `json:"at"`
}

// AnswerPiece is a piece of an answer, with the numbers of the evidence that stands in it.
type AnswerPiece struct {
	Text  string `json:"text"`
	Marks []int  `json:"marks"` // into Judgement.Evidence
}

// HeatIn asks for counts of cases by two of template, mutation, target, severity.
type HeatIn struct {
	Run    string `json:"run"`
	Row    string `json:"row"`
	Column string `json:"column"` // empty: by the row alone
}

// HeatOut are they.
type HeatOut struct {
	Rows    []HeatName `json:"rows"`
	Columns []HeatName `json:"columns"`
	Cells   []HeatCell `json:"cells"`
}

// HeatName is a row or a column.
type HeatName struct {
	ID     string     `json:"id"`
	Name   string     `json:"name"`
	Counts CaseCounts `json:"counts"`
}

// HeatCell is where they meet.
type HeatCell struct {
	Row    int        `json:"row"`    // into Rows
	Column int        `json:"column"` // into Columns
	Counts CaseCounts `json:"counts"`
}

// ErrorsOut are the cases that errored, by cause.
type ErrorsOut struct {
	Groups []ErrorGroup `json:"groups"`
}

// ErrorGroup is one cause.
type ErrorGroup struct {
	Cause string    `json:"cause"`
	N     int       `json:"n"`
	Cases []CaseRow `json:"cases"` // the first few
}

// OverruleIn is what a person says against a verdict; an empty verdict takes it back.
type OverruleIn struct {
	Run     string `json:"run"`
	N       int    `json:"n"`
	Trial   int    `json:"trial"`
	Verdict string `json:"verdict"`
	Reason  string `json:"reason"`
}

// OverruleOut is what a person had said before.
type OverruleOut struct {
	Before PersonVote `json:"before"`
}

// AcceptIn accepts the risk of what a case found.
type AcceptIn struct {
	Run    string `json:"run"`
	N      int    `json:"n"`
	Reason string `json:"reason"`
}

// AcceptOut are the findings with the states that they had.
type AcceptOut struct {
	Before []FindingBefore `json:"before"`
}

// FindingBefore is the state that a finding had.
type FindingBefore struct {
	ID    string `json:"id"`
	State string `json:"state"`
}

// UnacceptIn gives findings the states back that they had.
type UnacceptIn struct {
	Before []FindingBefore `json:"before"`
}

// CompareIn names two runs and a page of what became of their cases.
type CompareIn struct {
	Before string `json:"before"`
	After  string `json:"after"`
	Change string `json:"change"` // new, fixed, still, flaky, same, not_comparable; empty for all
	From   int    `json:"from"`
	Limit  int    `json:"limit"`
}

// CompareOut are two runs side by side.
type CompareOut struct {
	Before RunRow        `json:"before"`
	After  RunRow        `json:"after"`
	Counts []ChangeCount `json:"counts"`
	Total  int           `json:"total"`
	Cases  []ComparedRow `json:"cases"`
}

// ChangeCount is how many cases changed in one way.
type ChangeCount struct {
	Change string `json:"change"`
	N      int    `json:"n"`
}

// ComparedRow is one case in two runs; a number of 0 says that a run has no such case.
type ComparedRow struct {
	Key    string  `json:"key"`
	Change string  `json:"change"`
	Why    string  `json:"why"`
	Before CaseRow `json:"before"`
	After  CaseRow `json:"after"`
}

// ExportRunIn asks for a file about a run.
type ExportRunIn struct {
	ID       string `json:"id"`
	Format   string `json:"format"`   // sarif, junit
	Baseline string `json:"baseline"` // run to compare with; empty for none
}
