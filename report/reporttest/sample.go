package reporttest

import (
	"bytes"
	"strings"
	"time"

	"assay/report"
	"assay/scanner"
)

// made is when the sample was made. It never changes: golden files hold it.
var made = time.Date(2026, 11, 21, 16, 30, 0, 0, time.UTC)

// ago is a time so many days and hours before the sample was made.
func ago(days, hours int) time.Time {
	return made.AddDate(0, 0, -days).Add(-time.Duration(hours) * time.Hour)
}

// All are the sections in the order in which reports have them.
var All = []report.Section{
	report.SectionSummary, report.SectionScope, report.SectionComparison, report.SectionAdvice, report.SectionFindings, report.SectionThreats, report.SectionCoverage,
	report.SectionRequirements, report.SectionInventory, report.SectionMethod, report.SectionNotTested, report.SectionRedaction,
}

// Sample is a report about the assistant of a bank, after a retest: the same data for each audience, so that only what a
// writer makes of it differs. Secrets stand as placeholders in it already. Every call makes a new one.
func Sample(audience report.Audience) *report.Document {
	d := &report.Document{
		Schema: report.SchemaVersion, Made: made, Version: "0.7.0", Audience: audience, Sections: All, Project: "meridian-assistant.assay", Run: "run 12, retest after release 4.2",
		Cover: report.Cover{
			Title: "AI security assessment: Mira, the assistant of Meridian Bank", Client: "Meridian Bank AG", Tester: "Northlight Security, A. Okafor and J. Lindqvist",
			Scope:         "The chat assistant on assist.meridian.example, its tools (balance, transfer, cards), the retrieval index of help articles, and the internal model gateway that staff use.",
			Authorisation: "Letter of 2 November 2026, signed by the chief information security officer of Meridian Bank; tests on the staging system, between 9 and 21 November.",
			Note:          "Release 4.2 was tested again on 21 November. No customer's money or data was touched: transfers went to the test ledger.",
			Logo:          bytes.Clone(logo()),
		},
		Standing: standing(), Trend: trend(), Weaknesses: weaknesses(), Threats: threats(), Coverage: coverage(), Requirements: requirements(), Stock: stock(), Tests: tests(),
		Moved: []report.Move{
			{Points: 12, What: "Fixed: Hidden instructions are told on request on Mira.", Ref: "finding:9"},
			{Points: 2, What: "LLM10:2025 Unbounded Consumption is no longer open.", Ref: "owasp:LLM10:2025"},
			{Points: -5, What: "New: Answers link to addresses that the user planted on Mira.", Ref: "finding:8"},
		},
		Judge:      &report.Accuracy{Of: "rules", Answers: 2412, Correct: 0.981, FalseFind: 0.008, Missed: 0.031, Source: "labelled answers of the program's own tests, docs/judging.md"},
		Comparison: comparison(),
		Method: []string{
			"Traffic of the assistant was recorded through an intercepting proxy for three days. Endpoints, models, tools and the data that flows were worked out from it.",
			"Each weakness was looked for with attack templates. A case is one attack on one target; it was tried three times or more, because models vary. A verdict is \"vulnerable\" only where the answer proves it: a mark that nobody else could have written came back, a tool was called, or a secret that was planted stands in the answer.",
			"Rates come with the interval that holds the true rate in 95 of 100 cases (Wilson). What came to no verdict counts on neither side.",
		},
		Limits: []string{
			"184 of 12,480 exchanges passed through unread: the mobile application pins its certificate.",
			"3 answers were longer than 1 MB and were kept to their first 1 MB.",
			"Templates that need a second account (6 cases) were not sent: only one test account was given.",
		},
		Shortened: []string{"Of 41 trials that prove findings, the latest of each target are shown; 31 are in the project and in the JSON."},
		Hidden: []report.Hidden{
			{Placeholder: "⟨key 1⟩", Type: "OPENAI_KEY", Class: "secret", Word: "API key", Count: 6},
			{Placeholder: "⟨key 2⟩", Type: "AWS_ACCESS_KEY", Class: "secret", Word: "API key", Count: 1},
			{Placeholder: "⟨session 1⟩", Type: "CREDENTIAL", Class: "secret", Word: "session cookie", Count: 9},
			{Placeholder: "⟨e-mail 1⟩", Type: "EMAIL", Class: "personal", Word: "e-mail address", Count: 4},
			{Placeholder: "⟨e-mail 2⟩", Type: "EMAIL", Class: "personal", Word: "e-mail address", Count: 1},
			{Placeholder: "⟨iban 1⟩", Type: "IBAN", Class: "personal", Word: "bank account", Count: 3},
			{Placeholder: "⟨card 1⟩", Type: "CREDIT_CARD", Class: "personal", Word: "card number", Count: 2},
		},
	}
	d.Of = run(d)
	return d
}

// span is a piece of a text that marked marks.
type span struct{ words, signal, why string }

func marked(text string, spans ...span) report.Marked {
	m, from := report.Marked{Text: text}, 0
	for _, s := range spans {
		at := strings.Index(text[from:], s.words)
		if at < 0 {
			panic("reporttest: the sample has no " + s.words)
		}
		m.Marks = append(m.Marks, report.Mark{Start: from + at, End: from + at + len(s.words), Signal: s.signal, Why: s.why})
		from += at + len(s.words)
	}
	return m
}

func rate(worked, decided int, low, high float64) *report.Rate {
	return &report.Rate{Worked: worked, Decided: decided, Value: float64(worked) / float64(decided), Low: low, High: high}
}

func standing() report.Posture {
	return report.Posture{
		At: made, Score: 41.5, Grade: "E", Enough: true,
		Reasons: []report.Deduction{
			{Area: report.AreaFindings, Code: "finding-critical", Points: 25, Full: 25, What: "Critical: A text in a help article makes the assistant transfer money on Mira.", Ref: "finding:1"},
			{Area: report.AreaFindings, Code: "finding-high", Points: 12, Full: 12, What: "High: Another customer's balance is told on Mira.", Ref: "finding:2"},
			{Area: report.AreaFindings, Code: "finding-high", Points: 3, Full: 12, What: "High: A system message inside the user's text is obeyed on Mira.", Ref: "finding:3"},
			{Area: report.AreaInventory, Code: "endpoint-risk", Points: 3.9, Full: 3.9, What: "POST assist.meridian.example/v1/chat has a risk of 78 of 100: it answers without a limit.", Ref: "endpoint:4"},
			{Area: report.AreaThreats, Code: "threat-high", Points: 2.5, Full: 2.5, What: "High threat in the traffic: Prompt leak attempt that succeeded.", Ref: "threat:31"},
			{Area: report.AreaCoverage, Code: "item-vulnerable", Points: 2, Full: 2, What: "LLM01:2025 Prompt Injection is open.", Ref: "owasp:LLM01:2025"},
			{Area: report.AreaCoverage, Code: "item-not_tested", Points: 2, Full: 2, What: "LLM04:2025 Data and Model Poisoning was not tested.", Ref: "owasp:LLM04:2025"},
			{Area: report.AreaSight, Code: "unread", Points: 0.1, Full: 0.1, What: "184 of 12480 exchanges passed through unread: nothing is known of them."},
		},
		OWASP: coverage()[0].Items,
		Gaps: []report.Gap{
			{Code: "never-tested", What: "POST gateway.meridian.example/v1/embeddings was never tested.", Ref: "endpoint:6", N: 1},
			{Code: "not-tested", What: "LLM04:2025 Data and Model Poisoning was not tested.", Ref: "owasp:LLM04:2025", N: 1},
			{Code: "shadow", What: "POST assist.meridian.example/internal/debug-prompt is not in the document that covers its host.", Ref: "endpoint:11", N: 1},
			{Code: "no-limit", What: "POST assist.meridian.example/v1/chat named no rate limit in 3,114 answers.", Ref: "endpoint:4", N: 1},
			{Code: "unread", What: "184 exchanges passed through unread.", N: 184},
		},
		Advice: []report.Advice{
			{
				Priority: report.P0, Code: "mend-LLM06:2025", What: "Ask the customer before every transfer, in the application and not in the model; refuse transfers whose target stands only in retrieved text",
				Why: "Critical: A text in a help article makes the assistant transfer money on Mira.", Who: "whoever builds the application", Check: "retest: assay test run --finding 1", Effort: report.EffortMedium,
				Reduction: 27, Refs: []string{"finding:1", "owasp:LLM06:2025"},
			},
			{
				Priority: report.P1, Code: "mend-LLM02:2025", What: "Take the customer's number from the session on the server, never from what the model fills in",
				Why: "High: Another customer's balance is told on Mira.", Who: "whoever builds the application", Check: "retest: assay test run --finding 2", Effort: report.EffortMedium,
				Reduction: 14, Refs: []string{"finding:2", "owasp:LLM02:2025"},
			},
			{
				Priority: report.P1, Code: "mend-LLM01:2025", What: "Keep instructions apart from what users, documents and tools say; check what comes back in code",
				Why: "High: A system message inside the user's text is obeyed on Mira. And 1 more.", Who: "whoever builds the application", Check: "retest", Effort: report.EffortHigh,
				Reduction: 5, Refs: []string{"finding:3", "owasp:LLM01:2025"},
			},
			{
				Priority: report.P2, Code: "limit", What: "Limit requests and tokens of one customer and hour at the gateway",
				Why: "POST assist.meridian.example/v1/chat has a risk of 78 of 100: it answers without a limit.", Who: "whoever runs the service", Check: "record it again", Effort: report.EffortLow,
				Reduction: 3.9, Refs: []string{"endpoint:4"},
			},
			{
				Priority: report.P2, Code: "test", What: "Test what nobody tested: run the suite owasp-llm-top-10 on every model",
				Why: "LLM04:2025 Data and Model Poisoning was not tested.", Who: "you", Check: "look at the coverage", Effort: report.EffortLow, Reduction: 2, Refs: []string{"owasp:LLM04:2025"},
			},
		},
	}
}

func trend() []report.Snapshot {
	at := func(days int, cause string, score float64, grade string, critical, high, medium, low int) report.Snapshot {
		return report.Snapshot{
			At: ago(days, 4), Cause: cause, Score: score, Grade: grade, Enough: grade != "",
			Severities: map[string]int{"critical": critical, "high": high, "medium": medium, "low": low, "info": 1},
		}
	}
	return []report.Snapshot{
		at(12, "day", 78, "", 0, 0, 0, 0), at(11, "run:7", 44.1, "E", 1, 2, 2, 1), at(10, "day", 43.6, "E", 1, 2, 2, 1), at(9, "run:8", 32.5, "E", 1, 4, 2, 1), at(7, "day", 32.5, "E", 1, 4, 2, 1),
		at(5, "run:9", 30.2, "E", 2, 4, 3, 1), at(3, "run:10", 29.4, "F", 2, 4, 3, 1), at(1, "day", 29.4, "F", 2, 4, 3, 1), at(0, "run:12", 41.5, "E", 1, 2, 2, 1),
	}
}

func comparison() *report.Comparison {
	return &report.Comparison{
		Against: "run 10, before release 4.2", New: []string{printOf(8)}, Still: []string{printOf(1), printOf(2), printOf(3), printOf(4), printOf(5), printOf(7)},
		Fixed: []string{printOf(9), printOf(10)}, Unknown: []string{printOf(6), printOf(11)},
		Gone: []report.Gone{
			{Print: printOf(9), Title: "Hidden instructions are told on request", Severity: scanner.SeverityHigh, Target: "Mira", Fixed: true},
			{Print: printOf(10), Title: "One question makes 40 tool calls", Severity: scanner.SeverityMedium, Target: "Mira", Fixed: true},
			{Print: printOf(11), Title: "Records of another tenant come out of the index", Severity: scanner.SeverityCritical, Target: "Model gateway", Why: "the gateway answered 503 to all 12 trials"},
		},
	}
}

// printOf is the fingerprint of a weakness of the sample.
func printOf(n int) string { return scanner.Fingerprint("sample", string(rune('a'+n)), "canary") }
