package report

import (
	"io"
	"net/url"
)

// goneRule is the rule of results that tell of what is no longer there: a document does not know which template found it.
const goneRule = "found-before"

// DocumentSARIF writes the findings of a document as SARIF 2.1.0, whether it tells of a run or of a whole project. Results keep
// their fingerprint from run to run; where a document is a retest, baselineState says which of them are new, unchanged, or
// absent because a test of them resisted.
func DocumentSARIF(w io.Writer, d *Document) error {
	d = d.shown()
	r := d.run()
	run := r.sarif()
	if d.Run == "" { // of all runs: code scanners tell by this name what a report replaces
		run.Automation.ID = "assay/project/" + url.PathEscape(clean(d.Project)) + "/"
	}
	run.Properties["audience"], run.Properties["project"], run.Properties["redacted"] = string(d.Audience), clean(d.Project), len(d.Hidden)
	rule := len(run.Tool.Driver.Rules)
	for i := range r.gone {
		if !r.gone[i].Fixed {
			continue
		}
		if rule == len(run.Tool.Driver.Rules) {
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
				ID: goneRule, Name: pascal(goneRule), Short: sarifText("A weakness that was found before, and that a test of it no longer finds"),
				Full:          sarifText("It was found in what this report is compared with; it was tested again, and every trial resisted."),
				Configuration: &sarifConfiguration{"none"}, Help: sarifText("Nothing is to be done."),
			})
		}
		run.Results = append(run.Results, r.absent(&r.gone[i], rule))
	}
	return writeSARIF(w, run)
}

// absent is a result that says that a weakness is gone.
func (r *Run) absent(g *Gone, rule int) sarifResult {
	at, address := r.place(g.Target)
	return sarifResult{
		Rule: goneRule, RuleIndex: &rule, Kind: "pass", Level: "none", Baseline: "absent", Count: 1,
		Message:   *sarifText(g.Title + " on " + g.Target + " was found before; every trial of it resisted now."),
		Locations: []sarifLocation{{Physical: &sarifPhysical{at, &sarifRegion{1}}, Message: sarifText(address)}},
		Prints:    map[string]string{"assay/v1": clean(g.Print)}, Suppressions: []sarifSuppression{},
		Properties: map[string]any{"severity": string(g.Severity)},
	}
}
