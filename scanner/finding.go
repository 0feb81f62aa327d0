package scanner

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// FindingID numbers a finding within one project.
type FindingID int64

// FindingState is what a person holds of a finding.
type FindingState string

// The states of a finding.
const (
	FindingNew           FindingState = "new"
	FindingVerified      FindingState = "verified"
	FindingAccepted      FindingState = "accepted" // the risk is accepted
	FindingFalsePositive FindingState = "false_positive"
	FindingFixed         FindingState = "fixed" // a retest of it resisted, or a person says that it is: Finding.Mended tells
)

// Finding is a weakness that was proven at least once, however often it was seen.
type Finding struct {
	ID       FindingID    `json:"id"`
	Print    string       `json:"fingerprint"` // of Fingerprint; one finding for each
	Source   string       `json:"source"`      // test, live
	Template string       `json:"template"`
	Title    string       `json:"title"`
	Severity Severity     `json:"severity"`
	OWASP    []string     `json:"owasp"`
	Target   string       `json:"target"`      // RunTarget.Ref
	Name     string       `json:"target_name"` // RunTarget.Name
	Class    string       `json:"class"`       // of the evidence: the signal that proves it
	State    FindingState `json:"state"`
	Note     string       `json:"note,omitempty"`
	First    time.Time    `json:"first_seen"`
	Last     time.Time    `json:"last_seen"`
	Count    int          `json:"count"`            // trials that showed it
	Mended   RunID        `json:"mended,omitempty"` // of a fixed one: the run that showed it; 0 where only a person says so

	Run    RunID  `json:"run"`   // the latest trial that showed it
	Case   int    `json:"case"`  //
	Trial  int    `json:"trial"` //
	Reason string `json:"reason"`
}

// Open reports whether a weakness is there, as far as anybody knows. Accepting the risk does not take it away, nor does
// calling it fixed: a run has to show that.
func (f *Finding) Open() bool {
	return f.State != FindingFalsePositive && (f.State != FindingFixed || f.Mended == 0)
}

// FindingEvent is one line of a finding's history.
type FindingEvent struct {
	At   time.Time    `json:"at"`
	What string       `json:"what"`           // seen, state, note, seen again, fixed
	From FindingState `json:"from,omitempty"` //
	To   FindingState `json:"to,omitempty"`   //
	Why  string       `json:"why,omitempty"`  // what a person wrote
	Run  RunID        `json:"run,omitempty"`  // of the trial
}

// Fingerprint names a weakness by what stays the same from run to run: the template, the target and the class of
// evidence.
func Fingerprint(template, target, class string) string {
	h := sha256.Sum256([]byte(template + "\x00" + target + "\x00" + class))
	return hex.EncodeToString(h[:12])
}

// Overrule is what a person said against a verdict. It holds for every trial with the same fingerprint.
type Overrule struct {
	Print   string    `json:"print"` // Trial.Print
	Verdict Verdict   `json:"verdict"`
	Reason  string    `json:"reason"`
	At      time.Time `json:"at"`
}
