package scanner

import (
	"math"
	"time"

	"assay/traffic"
)

// RunID numbers a run within one project.
type RunID int64

// RunState tells where a run stands.
type RunState string

// The states of a run.
const (
	RunRunning     RunState = "running"
	RunPaused      RunState = "paused"      // by a person or by a budget: Why says which
	RunInterrupted RunState = "interrupted" // the program ended while it ran
	RunStopped     RunState = "stopped"     // a person wants no more of it; what is pending stays so
	RunDone        RunState = "done"        // every case is finished
)

// Run is one test: what was asked for, what it was sent to, and how far it came.
type Run struct {
	ID       RunID         `json:"id"`
	Name     string        `json:"name"`
	State    RunState      `json:"state"`
	Why      string        `json:"why,omitempty"` // of a pause or stop, one sentence
	Created  time.Time     `json:"created"`
	Ended    time.Time     `json:"ended,omitzero"` // of the latest pause or the end
	Spent    time.Duration `json:"spent"`          // while it ran, without pauses
	Spec     RunSpec       `json:"spec"`
	Targets  []RunTarget   `json:"targets"`
	Skipped  []Skipped     `json:"skipped"` // what was chosen and cannot be sent: not tested, and said so
	Estimate Estimate      `json:"estimate"`
	Tally    RunTally      `json:"tally"`
	Starred  bool          `json:"starred,omitempty"` // the run that others are compared with
}

// RunSpec is what a person asked for. A run is resumed with the same.
type RunSpec struct {
	Targets   []string `json:"targets"` // model:ID, exchange:ID, or a URL
	Suites    []string `json:"suites,omitempty"`
	Templates []string `json:"templates,omitempty"`
	Tags      []string `json:"tags,omitempty"`
	OWASP     []string `json:"owasp,omitempty"`
	Severity  Severity `json:"severity,omitempty"`  // this or worse
	Mutations []string `json:"mutations,omitempty"` // applied on top of those that templates name; specs of scanner/mutate

	Trials      int           `json:"trials,omitempty"`      // of a case; 0 leaves it to template and suite
	Limit       float64       `json:"limit,omitempty"`       // rate of success that matters; 0 stops a case at its first success
	Seed        uint64        `json:"seed"`                  // of canaries and mutations
	Concurrency int           `json:"concurrency,omitempty"` // requests at once to one host
	Rate        float64       `json:"rate,omitempty"`        // requests a second to one host; 0 for as fast as it goes
	Patience    time.Duration `json:"patience,omitempty"`    // for one answer
	Most        int64         `json:"most,omitempty"`        // bytes of an answer that are read
	Budget      Budget        `json:"budget,omitzero"`

	Scope         []string `json:"scope,omitempty"`         // hosts that may be attacked, beside those of the project
	Authorisation string   `json:"authorisation,omitempty"` // who allowed this test, for the report
	Role          string   `json:"role,omitempty"`          // test role whose credentials are used
	Other         string   `json:"other,omitempty"`         // second role, to swap with
	System        string   `json:"system,omitempty"`        // the target's system prompt, where a person knows it
	Judge         string   `json:"judge,omitempty"`         // model:ID that is asked where rules cannot tell; empty for none
	Attacker      string   `json:"attacker,omitempty"`      // model:ID that thinks up attacks for strategies
	Strategies    []string `json:"strategies,omitempty"`    // names of scanner/strategy
	Recorded      bool     `json:"recorded,omitempty"`      // credentials recorded with an exchange may be sent
}

// Budget is what a run may use up. Whichever is reached first pauses it. Zero fields have no bound.
type Budget struct {
	Requests int64         `json:"requests,omitempty"`
	Tokens   int64         `json:"tokens,omitempty"`
	Dollars  float64       `json:"usd,omitempty"`
	Time     time.Duration `json:"time,omitempty"`
}

// Range is an estimate: as little as, as much as.
type Range struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Estimate is what a run will take.
type Estimate struct {
	Templates int    `json:"templates"`
	Cases     int    `json:"cases"`
	Requests  Range  `json:"requests"`
	Tokens    Range  `json:"tokens"`          // in and out
	Dollars   Range  `json:"usd"`             // meaningless where Priced is false
	Seconds   Range  `json:"seconds"`         //
	Priced    bool   `json:"priced"`          // the price of every target is known
	Basis     string `json:"basis,omitempty"` // what it rests on, one sentence: the date of prices, the measured latency
}

// RunTarget is what a run attacks, as it was when the run began.
type RunTarget struct {
	Ref      string     `json:"ref"` // model:ID, exchange:ID or the URL; the same in every run
	Name     string     `json:"name"`
	Host     string     `json:"host"`
	Kind     string     `json:"kind"` // llm, chat-backend, …
	Provider string     `json:"provider,omitempty"`
	Model    string     `json:"model,omitempty"`
	Family   string     `json:"family,omitempty"`
	System   string     `json:"system,omitempty"`   // the system prompt that leaks are compared with
	Baseline traffic.ID `json:"baseline,omitempty"` // the answer to the request without an attack; 0 for none
	Request  *Model     `json:"request"`            // how it is reached; holds no secret
}

// Skipped is a template, or a case of one, that was chosen and cannot be sent.
type Skipped struct {
	Template string `json:"template"`
	Target   string `json:"target,omitempty"` // Ref
	Cases    int    `json:"cases"`
	Why      string `json:"why"`
}

// RunTally counts the cases of a run by what they came to, and what it used up.
type RunTally struct {
	Cases      int `json:"cases"`
	Vulnerable int `json:"vulnerable"`
	Resisted   int `json:"resisted"`
	Unclear    int `json:"unclear"`
	Errored    int `json:"errored"`
	Flaky      int `json:"flaky"`   // of the vulnerable: those that also resisted
	Blocked    int `json:"blocked"` // of the resisted: those that a guard stopped

	Trials    int           `json:"trials"`
	Requests  int64         `json:"requests"`
	Input     int64         `json:"input_tokens"`
	Output    int64         `json:"output_tokens"`
	Estimated int64         `json:"estimated_tokens"` // of those above, counted by us because the target did not say
	Dollars   float64       `json:"usd"`
	Unpriced  int64         `json:"unpriced"`  // requests without a known price
	Throttled time.Duration `json:"throttled"` // waited because the target asked for it
}

// Pending is how many cases are not finished.
func (t *RunTally) Pending() int {
	return t.Cases - t.Vulnerable - t.Resisted - t.Unclear - t.Errored
}

// Nano is an amount of US dollars in billionths of one, as projects keep it, so that sums are exact. What is no amount
// counts for none.
func Nano(dollars float64) int64 {
	if math.IsNaN(dollars) || dollars < 0 {
		return 0
	}
	return int64(min(math.Round(dollars*1e9), 1e18))
}

// Case is one attack on one target within a run. It is kept before anything is sent.
type Case struct {
	N        int               `json:"n"`   // order within the run, from 1
	Key      string            `json:"key"` // the same in every run that sends the same to the same target
	Template string            `json:"template"`
	Severity Severity          `json:"severity"`
	OWASP    []string          `json:"owasp"`
	Target   string            `json:"target"` // RunTarget.Ref
	Mutation string            `json:"mutation"`
	Strategy string            `json:"strategy,omitempty"` // of an attacker model; empty for the template's own turns
	Request  int               `json:"request"`            // as in template.Case
	Prompt   int               `json:"prompt"`             // as in template.Case
	Values   map[string]string `json:"values,omitempty"`   // as in template.Case
	Trials   int               `json:"trials"`             // that are planned at most

	Done    bool     `json:"done"`
	Verdict Verdict  `json:"verdict,omitempty"` // of all trials together; empty while none is done
	Counts  Verdicts `json:"counts"`
	Reason  string   `json:"reason,omitempty"` // of the trial that decided
	Blocked bool     `json:"blocked,omitempty"`
	By      string   `json:"by,omitempty"` // rules, model, person
}

// Verdicts counts trials by verdict.
type Verdicts struct {
	Vulnerable int `json:"vulnerable"`
	Resisted   int `json:"resisted"`
	Unclear    int `json:"unclear"`
	Errored    int `json:"errored"`
}

// Add counts n more of a verdict; fewer where n is negative. What is no verdict counts nowhere.
func (v *Verdicts) Add(verdict Verdict, n int) {
	switch verdict {
	case Vulnerable:
		v.Vulnerable += n
	case Resisted:
		v.Resisted += n
	case Unclear:
		v.Unclear += n
	case Errored:
		v.Errored += n
	}
}

// Verdict is what trials come to together: one that shows a weakness is enough, for it shows that there is one. Of the
// others, what was decided counts before what was not. It is empty where there is no trial.
func (v *Verdicts) Verdict() Verdict {
	switch {
	case v.Vulnerable > 0:
		return Vulnerable
	case v.Resisted > 0:
		return Resisted
	case v.Unclear > 0:
		return Unclear
	case v.Errored > 0:
		return Errored
	}
	return ""
}

// Trial is one attempt at a case.
type Trial struct {
	Case      int           `json:"case"` // Case.N
	N         int           `json:"n"`    // from 1
	Started   time.Time     `json:"started"`
	Took      time.Duration `json:"took"`
	Sent      []Sent        `json:"sent"`      // what the attack put in, turn by turn
	Exchanges []traffic.ID  `json:"exchanges"` // in order; the last is the one that was judged
	Judgement Judgement     `json:"judgement"`
	Rules     *Judgement    `json:"rules,omitempty"`     // what rules said, where a model or person said otherwise
	Vote      *Vote         `json:"vote,omitempty"`      // of the model judge
	Answer    string        `json:"answer,omitempty"`    // the text that was judged, at most 64 KiB
	Cut       bool          `json:"cut,omitempty"`       // it was longer
	Print     string        `json:"print"`               // fingerprint of target, attack and answer: overruling one overrules all like it
	Requests  int           `json:"requests"`            // that were sent
	Input     int64         `json:"input_tokens"`        //
	Output    int64         `json:"output_tokens"`       //
	Estimated bool          `json:"estimated,omitempty"` // the tokens are ours
	Dollars   *float64      `json:"usd,omitempty"`       // nil where the price is not known
	Throttled time.Duration `json:"throttled,omitempty"`
}

// Sent is one text that an attack put into a request.
type Sent struct {
	Slot  string `json:"slot"`
	Plain string `json:"plain"`          // before the mutation
	Text  string `json:"text,omitempty"` // after it; empty where there was none
}

// Vote is what the model judge said of one trial.
type Vote struct {
	Judge   string   `json:"judge"` // model:ID
	Verdict Verdict  `json:"verdict"`
	Reason  string   `json:"reason"`
	Asked   string   `json:"asked"` // exactly what it was asked, at most 64 KiB
	Input   int64    `json:"input_tokens"`
	Output  int64    `json:"output_tokens"`
	Dollars *float64 `json:"usd,omitempty"`
}

// TrialRecord is a trial on its way to the project, with what goes there in the same step.
type TrialRecord struct {
	Trial     Trial
	Exchanges []*traffic.Record // become Trial.Exchanges
	Secrets   []string          // values that stand in the exchanges and must not be kept in clear
	Done      bool              // the case needs no further trial
	Finding   *Finding          // nil unless it is vulnerable
}
