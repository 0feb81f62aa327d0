package framework

import (
	"slices"
	"sync"
)

// owaspLines are the items of OWASPVersion.
var owaspLines = []line{
	{"LLM01:2025", "Prompt Injection"},
	{"LLM02:2025", "Sensitive Information Disclosure"},
	{"LLM03:2025", "Supply Chain"},
	{"LLM04:2025", "Data and Model Poisoning"},
	{"LLM05:2025", "Improper Output Handling"},
	{"LLM06:2025", "Excessive Agency"},
	{"LLM07:2025", "System Prompt Leakage"},
	{"LLM08:2025", "Vector and Embedding Weaknesses"},
	{"LLM09:2025", "Misinformation"},
	{"LLM10:2025", "Unbounded Consumption"},
}

// asiLines are the items of ASIVersion.
var asiLines = []line{
	{"ASI01", "Agent Goal Hijack"},
	{"ASI02", "Tool Misuse and Exploitation"},
	{"ASI03", "Identity and Privilege Abuse"},
	{"ASI04", "Agentic Supply Chain Vulnerabilities"},
	{"ASI05", "Unexpected Code Execution (RCE)"},
	{"ASI06", "Memory & Context Poisoning"},
	{"ASI07", "Insecure Inter-Agent Communication"},
	{"ASI08", "Cascading Failures"},
	{"ASI09", "Human-Agent Trust Exploitation"},
	{"ASI10", "Rogue Agents"},
}

// exercised are the techniques of ATLAS that somebody can carry out, or see the result of, who has nothing but an API.
var exercised = []string{
	"AML.T0006", "AML.T0010.001", "AML.T0010.003", "AML.T0010.005", "AML.T0011.001", "AML.T0014", "AML.T0015", "AML.T0018.000", "AML.T0024", "AML.T0029", "AML.T0031",
	"AML.T0034", "AML.T0037", "AML.T0040", "AML.T0043", "AML.T0046", "AML.T0047", "AML.T0048", "AML.T0049", "AML.T0050", "AML.T0051", "AML.T0052", "AML.T0053",
	"AML.T0054", "AML.T0055", "AML.T0056", "AML.T0057", "AML.T0060", "AML.T0061", "AML.T0062", "AML.T0063", "AML.T0064", "AML.T0065", "AML.T0066", "AML.T0067",
	"AML.T0068", "AML.T0069", "AML.T0070", "AML.T0071", "AML.T0073", "AML.T0075", "AML.T0077", "AML.T0080", "AML.T0081", "AML.T0082", "AML.T0083", "AML.T0084",
	"AML.T0085", "AML.T0086", "AML.T0092", "AML.T0093", "AML.T0094", "AML.T0098", "AML.T0099", "AML.T0100", "AML.T0101", "AML.T0102", "AML.T0104", "AML.T0105",
	"AML.T0109", "AML.T0110",
}

// notExercised are sub-techniques of exercised ones that need more than an API.
var notExercised = []string{"AML.T0043.000", "AML.T0052.001"}

const notFromHere = "Not testable from here: it happens outside of what an API shows."

// itself lists entries that templates name by their own ids.
func itself(list []line, testable func(id string) bool) []Item {
	items := make([]Item, 0, len(list))
	for _, l := range list {
		item := Item{ID: l.id, Title: l.title, Why: notFromHere}
		if testable(l.id) {
			item.From, item.Why = printed(l.id), ""
		}
		items = append(items, item)
	}
	return items
}

func always(string) bool { return true }

func isExercised(id string) bool {
	if slices.Contains(notExercised, id) {
		return false
	}
	return slices.ContainsFunc(exercised, func(known string) bool { return Link{ID: known}.Holds(id) }) ||
		// A technique is exercised where one of its sub-techniques is.
		slices.ContainsFunc(exercised, func(known string) bool { return Link{ID: id}.Holds(known) })
}

var all = sync.OnceValue(func() []*Framework {
	return []*Framework{
		{
			ID: OWASPLLM, Name: "OWASP Top 10 for LLM Applications", Version: "2025", Publisher: "OWASP GenAI Security Project",
			Document: "OWASP Top 10 for LLM Applications 2025", Address: "https://genai.owasp.org/llm-top-10/", Items: itself(owaspLines, always),
		},
		{
			ID: OWASPASI, Name: "OWASP Top 10 for Agentic Applications", Version: "2026", Publisher: "OWASP GenAI Security Project",
			Document: "OWASP Top 10 for Agentic Applications for 2026", Address: "https://genai.owasp.org/resource/owasp-top-10-for-agentic-applications-for-2026/",
			Items: itself(asiLines, always), Note: "The numbers are those of the release of December 2025; earlier drafts number other risks the same way.",
		},
		{
			ID: ATLAS, Name: "MITRE ATLAS", Version: "5.6.0", Publisher: "The MITRE Corporation",
			Document: "ATLAS: Adversarial Threat Landscape for Artificial-Intelligence Systems", Address: "https://atlas.mitre.org/matrices/ATLAS",
			Items: itself(atlasLines(), isExercised), Note: "Only techniques that can be carried out through an API are tested; preparation, training and the machines behind it are not.",
		},
		nist600(), nistRMF(), euAIAct(), iso42001(), owaspAPI(),
	}
})
