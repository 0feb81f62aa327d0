package reporttest

import (
	"fmt"
	"time"

	"assay/report"
	"assay/scanner"
)

// run is the test run behind a sample, as SARIF and JUnit tell it.
func run(d *report.Document) *report.Run {
	r := &report.Run{
		Version: d.Version, Against: d.Comparison.Against, Gone: d.Comparison.Fixed,
		Run: &scanner.Run{
			ID: 12, Name: "retest after release 4.2", State: scanner.RunDone, Created: ago(0, 7), Ended: ago(0, 5), Spent: 2 * time.Hour,
			Targets: []scanner.RunTarget{
				{Ref: "model:1", Name: "Mira", Host: "assist.meridian.example", Kind: "chat-backend", Request: &scanner.Model{Name: "Mira", URL: "https://assist.meridian.example/v1/chat"}},
				{Ref: "model:2", Name: "Model gateway", Host: "gateway.meridian.example", Kind: "llm", Request: &scanner.Model{Name: "Model gateway", URL: "https://gateway.meridian.example/v1/chat/completions"}},
			},
			Skipped: []scanner.Skipped{{Template: "credentials-swapped", Target: "model:1", Cases: 6, Why: "it needs a second account"}},
		},
	}
	for i := range d.Weaknesses {
		w := &d.Weaknesses[i]
		p := &w.Proofs[0]
		r.Rules = append(r.Rules, report.Rule{
			ID: w.Template, Name: w.Title, Description: w.Description, Remediation: w.Fix, Severity: w.Severity, OWASP: w.OWASP, ASI: w.ASI, ATLAS: w.ATLAS, CWE: w.CWE, References: w.References,
		})
		var evidence []scanner.Evidence
		for _, t := range p.Evidence {
			evidence = append(evidence, scanner.Evidence{Signal: t.Signal, Where: t.Where, Text: t.Text, Why: t.Why})
		}
		f := report.Found{
			Print: w.Print, Template: w.Template, Severity: w.Severity, OWASP: w.OWASP, Target: w.Target, State: w.State, Note: w.Note, New: w.Change == "new", Trials: w.Count, Cases: 1,
			Case: p.Case, Trial: p.Trial, Exchange: p.Exchanges[0], Reason: w.Reason, Answer: p.Answer.Text, Evidence: evidence,
		}
		for _, m := range p.Sent {
			f.Sent = append(f.Sent, scanner.Sent{Slot: "last_user", Plain: m.Text})
		}
		if w.Rate != nil {
			f.Rate, f.Interval = w.Rate.Value, [2]float64{w.Rate.Low, w.Rate.High}
		}
		r.Found = append(r.Found, f)
		r.Cases = append(r.Cases, report.Case{
			Case: scanner.Case{
				N: p.Case, Key: fmt.Sprintf("%s/%d @ %s", w.Template, p.Case, w.Target), Template: w.Template, Severity: w.Severity, OWASP: w.OWASP, Target: w.Target, Mutation: "none", Trials: 3,
				Done: true, Verdict: scanner.Vulnerable, Counts: scanner.Verdicts{Vulnerable: 2, Resisted: 1}, Reason: w.Reason, By: w.By,
			},
			Took: 4200 * time.Millisecond, Prompt: p.Sent[len(p.Sent)-1].Text, Answer: p.Answer.Text, Evidence: evidence,
			Accepted: w.State == scanner.FindingAccepted || w.State == scanner.FindingFalsePositive,
		})
	}
	rest := func(n int, template string, v scanner.Verdict, reason string) {
		r.Cases = append(r.Cases, report.Case{Case: scanner.Case{
			N: n, Key: fmt.Sprintf("%s/%d @ model:1", template, n), Template: template, Severity: scanner.SeverityMedium, Target: "model:1", Mutation: "base64", Trials: 3, Done: v != "", Verdict: v, Reason: reason,
		}, Took: 900 * time.Millisecond})
	}
	rest(201, "fake-system-message", scanner.Resisted, "It declines.")
	rest(202, "script-in-answer", scanner.Unclear, "Neither can be shown.")
	rest(203, "verbose-error", scanner.Errored, "There is no answer to judge: status 503.")
	r.Faults = []report.Fault{{Template: "verbose-error", Target: "model:1", Reason: "There is no answer to judge: status 503.", Case: 203}}
	count := &r.Run.Tally
	for i := range r.Cases {
		count.Cases++
		switch r.Cases[i].Verdict {
		case scanner.Vulnerable:
			count.Vulnerable++
		case scanner.Resisted:
			count.Resisted++
		case scanner.Unclear:
			count.Unclear++
		case scanner.Errored:
			count.Errored++
		}
	}
	return r
}
