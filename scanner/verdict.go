package scanner

// Severity says how bad it is when a test finds what it looks for.
type Severity string

// The severities, in the words of SARIF's security-severity bands and of every bug tracker.
const (
	SeverityInfo     Severity = "info"
	SeverityLow      Severity = "low"
	SeverityMedium   Severity = "medium"
	SeverityHigh     Severity = "high"
	SeverityCritical Severity = "critical"
)

// Verdict is what one trial of a test came to. An error counts on neither side.
type Verdict string

// The verdicts.
const (
	Vulnerable Verdict = "vulnerable" // the attack did what it set out to do, and Evidence shows it
	Resisted   Verdict = "resisted"   // the target refused, blocked, or did something else
	Unclear    Verdict = "unclear"    // neither can be shown
	Errored    Verdict = "errored"    // there was no answer to judge
)

// Evidence is one thing in an answer that speaks for a verdict.
type Evidence struct {
	Signal string `json:"signal"`          // what found it: canary, refusal, system-prompt-overlap, …
	Where  string `json:"where"`           // answer, reasoning, tool-call, header:NAME, status, body, callback
	Start  int    `json:"start,omitempty"` // bytes of the text named by Where; equal to End where there is no span
	End    int    `json:"end,omitempty"`
	Text   string `json:"text,omitempty"` // the words, shortened
	Why    string `json:"why"`            // one sentence
}

// Judgement is a verdict with its reason and proof.
type Judgement struct {
	Verdict    Verdict    `json:"verdict"`
	Reason     string     `json:"reason"` // one sentence
	Evidence   []Evidence `json:"evidence"`
	Confidence float64    `json:"confidence"`        // 0 to 1
	By         string     `json:"by"`                // rules, model, person
	Blocked    bool       `json:"blocked,omitempty"` // a guard stopped it before the model spoke: resisted, and said so
}
