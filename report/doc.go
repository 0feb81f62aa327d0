// Package report writes what was found in the formats that others read: SARIF for code scanners, JUnit for CI. It is
// given facts and does no I/O of its own but to the writer it gets.
package report

import (
	"time"

	"assay/scanner"
)

// Run is one run of tests with all that a report tells of it.
type Run struct {
	Version string // of the program
	Run     *scanner.Run
	Rules   []Rule   // the templates that were sent or left out, by id
	Found   []Found  // each weakness once, the worst first
	Faults  []Fault  // cases that came to no answer
	Cases   []Case   // every case, in order
	Against string   // what it was compared with: a run or a file; empty for nothing
	Gone    []string // fingerprints that were found then, and not now

	gone     []Gone // the same by name, where a document knows them
	document bool   // it is made of a document, whose findings say how they compare
}

// Rule is a template as a report explains it.
type Rule struct {
	ID, Name, Description, Remediation string
	Severity                           scanner.Severity
	OWASP, ASI, ATLAS, Tags            []string
	CWE                                []int
	References                         []string
}

// Found is one weakness of a run.
type Found struct {
	Print    string // scanner.Fingerprint
	Template string
	Severity scanner.Severity
	OWASP    []string
	Target   string // RunTarget.Ref
	State    scanner.FindingState
	Note     string // of the person who set the state
	New      bool   // it was not found in what the run is compared with
	Trials   int    // that showed it
	Cases    int    // that showed it
	Case     int    // of the first of them
	Trial    int
	Exchange string // the id of the exchange that proves it
	Reason   string
	Sent     []scanner.Sent
	Answer   string
	Evidence []scanner.Evidence
	Rate     float64    // vulnerable among the decided trials of all cases of its template on its target
	Interval [2]float64 // that holds the true rate in 95 of 100 cases

	change string // Weakness.Change
}

// Fault is a case that could not be judged, because no answer came.
type Fault struct {
	Template, Target, Reason string
	Case                     int
}

// Case is one case as CI shows it.
type Case struct {
	scanner.Case
	Took     time.Duration // all its trials
	Prompt   string        // what was sent by the trial that decided, shortened
	Answer   string        // what came back, shortened
	Evidence []scanner.Evidence
	Accepted bool // a person calls the finding accepted or a false positive
}

// target finds a target of the run; the zero value where there is none.
func (r *Run) target(ref string) scanner.RunTarget {
	for i := range r.Run.Targets {
		if r.Run.Targets[i].Ref == ref {
			return r.Run.Targets[i]
		}
	}
	return scanner.RunTarget{Ref: ref, Name: ref}
}

// setAside reports whether a person decided that a finding needs no work.
func setAside(s scanner.FindingState) bool {
	return s == scanner.FindingAccepted || s == scanner.FindingFalsePositive
}
