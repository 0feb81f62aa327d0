package app

import (
	"slices"
	"strings"

	"assay/scanner"
	"assay/scanner/template"
)

// ReportNarrow limits the findings that a report tells. The zero value takes none away.
type ReportNarrow struct {
	Targets  []string            `json:"targets,omitempty"`  // of these only: model:ID, exchange:ID or a URL
	Least    scanner.Severity    `json:"least,omitempty"`    // of this severity and worse
	Findings []scanner.FindingID `json:"findings,omitempty"` // these only
	Evidence int                 `json:"evidence,omitempty"` // trials of each at most; 0 for as many as usual
}

// check says what of it makes no sense.
func (n *ReportNarrow) check() error {
	severities := []string{
		string(scanner.SeverityInfo), string(scanner.SeverityLow), string(scanner.SeverityMedium), string(scanner.SeverityHigh), string(scanner.SeverityCritical),
	}
	if n.Least != "" && !slices.Contains(severities, string(n.Least)) {
		return usagef(nearOr(string(n.Least), severities, "severities are "+list(severities)), "there is no severity %q", Harmless(string(n.Least), 40))
	}
	if n.Evidence < 0 {
		return usagef("", "a finding cannot have fewer than no pieces of evidence")
	}
	return nil
}

// narrowed are the findings that the report tells. What it is limited to is said in the report.
func (g *reportGatherer) narrowed(all []scanner.Finding) []scanner.Finding {
	n := &g.o.Narrow
	some := slices.DeleteFunc(slices.Clone(all), func(f scanner.Finding) bool {
		return len(n.Targets) > 0 && !slices.Contains(n.Targets, f.Target) ||
			n.Least != "" && !template.Worse(f.Severity, n.Least) ||
			len(n.Findings) > 0 && !slices.Contains(n.Findings, f.ID)
	})
	words := []string{}
	if g.doc.Run != "" {
		words = append(words, g.doc.Run)
	}
	if n.Least != "" && n.Least != scanner.SeverityInfo {
		words = append(words, "findings of severity "+string(n.Least)+" and worse")
	}
	if len(n.Targets) > 0 {
		words = append(words, count(len(n.Targets), "target", "targets")+" that were chosen")
	}
	if len(n.Findings) > 0 {
		words = append(words, count(len(n.Findings), "finding", "findings")+" that were chosen")
	}
	if left := len(all) - len(some); left > 0 {
		words = append(words, count(left, "other finding is", "other findings are")+" left out")
	}
	g.doc.Run = strings.Join(words, "; ")
	return some
}

// proofs is how many trials of a finding are told, of as many as usual.
func (n *ReportNarrow) proofs(usual int) int {
	if n.Evidence > 0 {
		return min(n.Evidence, 20)
	}
	return usual
}
