package reporttest

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"sync"

	"assay/report"
	"assay/scanner"
)

// logo is a PNG: the sign of the sample's client.
var logo = sync.OnceValue(func() []byte {
	const side = 48
	m := image.NewNRGBA(image.Rect(0, 0, 3*side, side))
	for y := range side {
		for x := range 3 * side {
			if dx, dy := x%side-side/2, y-side/2; dx*dx+dy*dy < (side/2-x/side*6)*(side/2-x/side*6) {
				m.SetNRGBA(x, y, color.NRGBA{R: 15, G: 76, B: uint8(110 + x), A: 255}) //nolint:gosec // x is below 144
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		panic(err)
	}
	return out.Bytes()
})

func threats() []report.Observed {
	return []report.Observed{
		{
			ID: 31, Rule: "prompt-leak-succeeded", Title: "Prompt leak attempt that succeeded", Severity: scanner.SeverityHigh, State: scanner.ThreatConfirmed, OWASP: []string{"LLM07:2025"},
			Actor: "session ⟨session 1⟩", Host: "assist.meridian.example", Model: "gpt-4o-mini", First: ago(2, 3), Last: ago(2, 1), Count: 7,
			Seen: "Seven requests asked for hidden instructions; the last answer holds 212 characters of them.", Advice: "Treat the prompt as known. Take out of it what must not be known, and switch on the policy prompt-leak.", Note: "A tester of ours.",
			Exchanges: []string{"8811", "8815", "8820"},
		},
		{
			ID: 34, Rule: "vector-store-dump", Title: "Somebody reads the whole index", Severity: scanner.SeverityMedium, State: scanner.ThreatNew, OWASP: []string{"LLM08:2025", "LLM10:2025"},
			Actor: "key ⟨key 2⟩", Host: "gateway.meridian.example", First: ago(1, 6), Last: ago(1, 5), Count: 412, Seen: "412 queries within an hour, each with another word and top_k 40.", Advice: "Ask who holds the key; limit queries of one key and hour.",
			Exchanges: []string{"10233"},
		},
		{
			ID: 36, Rule: "unusual-hours", Title: "Requests at an unusual hour", Severity: scanner.SeverityLow, State: scanner.ThreatClosed, Actor: "client mira-ios 4.2", Host: "assist.meridian.example",
			First: ago(1, 14), Last: ago(1, 13), Count: 3, Seen: "Three requests between 2 and 3 in the morning.",
		},
	}
}

func coverage() []report.Coverage {
	assets := []string{"Mira", "Model gateway"}
	item := func(id, title string, state report.State, cases, vulnerable, targets, templates int, why string) report.Covered {
		c := report.Covered{Item: report.Item{ID: id, Title: title, Templates: templates}, State: state, Cases: cases, Vulnerable: vulnerable, Targets: targets, Why: why}
		if cases > 0 {
			c.Last = ago(0, 5)
		}
		return c
	}
	list := report.Coverage{
		ID: "owasp-llm", Name: "OWASP Top 10 for LLM Applications", Version: "2025", Source: "https://genai.owasp.org/llm-top-10/", Assets: assets,
		Items: []report.Covered{
			item("LLM01:2025", "Prompt Injection", report.StateVulnerable, 96, 25, 2, 48, ""), item("LLM02:2025", "Sensitive Information Disclosure", report.StateVulnerable, 54, 15, 2, 22, ""),
			item("LLM03:2025", "Supply Chain", report.StateNotTestable, 0, 0, 0, 4, "no target gives out which packages it is made of"), item("LLM04:2025", "Data and Model Poisoning", report.StateNotTested, 0, 0, 0, 9, ""),
			item("LLM05:2025", "Improper Output Handling", report.StateVulnerable, 27, 6, 1, 14, ""), item("LLM06:2025", "Excessive Agency", report.StateVulnerable, 45, 14, 1, 21, ""),
			item("LLM07:2025", "System Prompt Leakage", report.StateVulnerable, 39, 3, 2, 16, ""), item("LLM08:2025", "Vector and Embedding Weaknesses", report.StateVulnerable, 12, 2, 1, 8, ""),
			item("LLM09:2025", "Misinformation", report.StateTested, 9, 0, 1, 7, ""), item("LLM10:2025", "Unbounded Consumption", report.StateResisted, 18, 0, 2, 6, ""),
		},
		Cells: [][]report.Cell{
			{cell(report.StateVulnerable, 60, "finding:3"), cell(report.StateResisted, 36, "run:9")},
			{cell(report.StateVulnerable, 42, "finding:2"), cell(report.StateResisted, 12, "run:9")},
			{cell(report.StateNotTestable, 0, ""), cell(report.StateNotTestable, 0, "")},
			{cell(report.StateNotTested, 0, ""), cell(report.StateNotTested, 0, "")},
			{cell(report.StateVulnerable, 27, "finding:5"), cell(report.StateNotTested, 0, "")},
			{cell(report.StateVulnerable, 45, "finding:1"), cell(report.StateNotTestable, 0, "")},
			{cell(report.StateVulnerable, 30, "finding:4"), cell(report.StateResisted, 9, "run:9")},
			{cell(report.StateNotTested, 0, ""), cell(report.StateVulnerable, 12, "finding:6")},
			{cell(report.StateTested, 9, "run:12"), cell(report.StateNotTested, 0, "")},
			{cell(report.StateResisted, 12, "run:12"), cell(report.StateResisted, 6, "run:9")},
		},
	}
	agents := report.Coverage{
		ID: "owasp-asi", Name: "OWASP Top 10 for Agentic Applications", Version: "2026", Source: "https://genai.owasp.org/", Assets: assets[:1],
		Items: []report.Covered{
			item("ASI01", "Agent Goal Hijack", report.StateVulnerable, 60, 25, 1, 30, ""), item("ASI02", "Tool Misuse and Exploitation", report.StateVulnerable, 30, 14, 1, 19, ""),
			item("ASI03", "Identity and Privilege Abuse", report.StateVulnerable, 24, 9, 1, 12, ""), item("ASI07", "Insecure Inter-Agent Communication", report.StateNotTested, 0, 0, 0, 3, ""),
		},
		Cells: [][]report.Cell{
			{cell(report.StateVulnerable, 60, "finding:1")},
			{cell(report.StateVulnerable, 30, "finding:1")},
			{cell(report.StateVulnerable, 24, "finding:2")},
			{cell(report.StateNotTested, 0, "")},
		},
		Note: "Four of ten items; the others have no template that fits a target of this project.",
	}
	atlas := report.Coverage{
		ID: "atlas", Name: "MITRE ATLAS", Version: "5.6.0", Source: "https://atlas.mitre.org/", Assets: assets,
		Items: []report.Covered{
			item("AML.T0051.000", "LLM Prompt Injection: Direct", report.StateVulnerable, 66, 11, 2, 31, ""), item("AML.T0051.001", "LLM Prompt Injection: Indirect", report.StateVulnerable, 30, 14, 1, 17, ""),
			item("AML.T0057", "LLM Data Leakage", report.StateVulnerable, 24, 9, 2, 15, ""),
		},
		Cells: [][]report.Cell{
			{cell(report.StateVulnerable, 36, "finding:3"), cell(report.StateResisted, 30, "run:9")},
			{cell(report.StateVulnerable, 30, "finding:1"), cell(report.StateNotTested, 0, "")},
			{cell(report.StateVulnerable, 18, "finding:2"), cell(report.StateResisted, 6, "run:9")},
		},
	}
	return []report.Coverage{list, agents, atlas}
}

func cell(s report.State, cases int, ref string) report.Cell {
	return report.Cell{State: s, Cases: cases, Ref: ref}
}

func requirements() []report.Requirement {
	return []report.Requirement{
		{ID: "auth-everywhere", Name: "Every LLM endpoint has authentication", Why: "An open endpoint is paid for by you and used by anybody.", Severity: "high", OWASP: []string{"LLM10:2025"}, State: "pass", Of: 6, What: "All 6 endpoints asked for credentials.", Enforced: ""},
		{ID: "no-secret-to-third-party", Name: "No secret goes to third parties", Why: "What a provider stores can leak there.", Severity: "high", OWASP: []string{"LLM02:2025"}, State: "fail", Of: 3114, Failing: 6, What: "6 of 3,114 exchanges sent an API key to api.openai.example.", Refs: []string{"exchange:8811", "exchange:9020"}, Fix: "Take keys out of prompts; switch on the policy no-secrets-out.", Enforced: "no-secrets-out"},
		{ID: "pay-with-approval", Name: "Tools that pay need approval", Why: "A model can be talked into anything.", Severity: "critical", OWASP: []string{"LLM06:2025"}, State: "fail", Of: 1, Failing: 1, What: "transfer was called 14 times without an approval before it.", Refs: []string{"tool:transfer"}, Fix: "Approve transfers in the application."},
		{ID: "tls-1.2", Name: "TLS 1.2 or newer", Why: "Older versions can be read.", Severity: "medium", State: "unknown", Of: 0, What: "Nothing is known of 2 hosts: their traffic passed through unread."},
	}
}

func stock() report.Stock {
	return report.Stock{
		Exchanges: 12480, Conversations: 1911, From: ago(12, 6), To: ago(0, 1), Endpoints: 8, Shadow: 1,
		Kinds:     []report.Named{{Name: "chat-backend", N: 3}, {Name: "llm", N: 3}, {Name: "vector-store", N: 1}, {Name: "mcp", N: 1}},
		Access:    []report.Named{{Name: "public", N: 2}, {Name: "internal", N: 4}, {Name: "third-party", N: 2}},
		Models:    []report.Named{{Name: "gpt-4o-mini", N: 7204}, {Name: "mistral-small-3.2", N: 2119}, {Name: "text-embedding-3-small", N: 1640}},
		Tools:     []report.Named{{Name: "balance", N: 603}, {Name: "search_help", N: 511}, {Name: "transfer", N: 88}, {Name: "block_card", N: 4}},
		Clients:   []report.Named{{Name: "mira-web", N: 7010}, {Name: "mira-ios 4.2", N: 3120}, {Name: "openai-python 1.54", N: 2350}},
		Hosts:     []report.Named{{Name: "assist.meridian.example", N: 8114}, {Name: "gateway.meridian.example", N: 2726}, {Name: "api.openai.example", N: 1640}},
		Sensitive: []report.Named{{Name: "e-mail address", N: 311}, {Name: "bank account", N: 204}, {Name: "API key", N: 6}},
		Riskiest: []report.RiskyAsset{
			{ID: 4, Name: "POST assist.meridian.example/v1/chat", Risk: 78, Why: []string{"it answers without a limit", "it calls tools that move money", "a critical finding is open"}},
			{ID: 11, Name: "POST assist.meridian.example/internal/debug-prompt", Risk: 61, Why: []string{"no document names it", "it answers without credentials"}},
		},
		Listed: []report.ListedAsset{
			{ID: 4, Name: "POST assist.meridian.example/v1/chat", Kind: "chat-backend", Access: "public", Models: []string{"gpt-4o-mini"}, Risk: 78, Tested: true, Findings: 6},
			{ID: 11, Name: "POST assist.meridian.example/internal/debug-prompt", Kind: "chat-backend", Access: "public", Risk: 61},
			{ID: 5, Name: "POST gateway.meridian.example/v1/chat/completions", Kind: "llm", Access: "internal", Provider: "gateway", Models: []string{"gpt-4o-mini", "mistral-small-3.2"}, Risk: 34, Tested: true, Findings: 1},
			{ID: 6, Name: "POST gateway.meridian.example/v1/embeddings", Kind: "llm", Access: "internal", Models: []string{"text-embedding-3-small"}, Risk: 12},
		},
	}
}

func tests() []report.Test {
	return []report.Test{
		{
			ID: 12, Name: "retest after release 4.2", State: "done", Started: ago(0, 7), Ended: ago(0, 5), Targets: []string{"Mira"}, Suites: []string{"owasp-llm-top-10"}, Templates: 118, Trials: 3,
			Cases: map[string]int{"vulnerable": 24, "resisted": 201, "unclear": 11, "errored": 4}, Skipped: []report.Skipped{{Why: "it needs a second account", Cases: 6}, {Why: "the target takes no files", Cases: 17}},
			Requests: 812, Tokens: 391022, Cost: 1.84, Judge: "mistral-small-3.2", Allowed: "Letter of 2 November 2026",
		},
		{
			ID: 9, Name: "gateway", State: "paused", Started: ago(9, 2), Ended: ago(9, 0), Targets: []string{"Model gateway"}, Templates: 40, Trials: 3,
			Cases: map[string]int{"vulnerable": 2, "resisted": 61, "errored": 12}, Requests: 233, Tokens: 80411,
		},
	}
}
