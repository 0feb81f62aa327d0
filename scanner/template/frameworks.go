package template

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// The versions of the frameworks that ids belong to: every report names them.
const (
	OWASPVersion = "OWASP Top 10 for LLM Applications 2025"
	ASIVersion   = "OWASP Top 10 for Agentic Applications 2026"
	ATLASVersion = "MITRE ATLAS 5.6.0"
)

//go:embed frameworks/atlas.txt
var atlasText string

//go:embed frameworks/cwe.txt
var cweText string

// owaspTitles are the titles of OWASPVersion, by id.
var owaspTitles = map[string]string{
	"LLM01:2025": "Prompt Injection",
	"LLM02:2025": "Sensitive Information Disclosure",
	"LLM03:2025": "Supply Chain",
	"LLM04:2025": "Data and Model Poisoning",
	"LLM05:2025": "Improper Output Handling",
	"LLM06:2025": "Excessive Agency",
	"LLM07:2025": "System Prompt Leakage",
	"LLM08:2025": "Vector and Embedding Weaknesses",
	"LLM09:2025": "Misinformation",
	"LLM10:2025": "Unbounded Consumption",
}

// asiTitles are the titles of ASIVersion, by id.
var asiTitles = map[string]string{
	"ASI01": "Agent Goal Hijack",
	"ASI02": "Tool Misuse and Exploitation",
	"ASI03": "Identity and Privilege Abuse",
	"ASI04": "Agentic Supply Chain Vulnerabilities",
	"ASI05": "Unexpected Code Execution (RCE)",
	"ASI06": "Memory & Context Poisoning",
	"ASI07": "Insecure Inter-Agent Communication",
	"ASI08": "Cascading Failures",
	"ASI09": "Human-Agent Trust Exploitation",
	"ASI10": "Rogue Agents",
}

var (
	atlasTitles = sync.OnceValue(func() map[string]string { return titles(atlasText) })
	cweTitles   = sync.OnceValue(func() map[string]string { return titles(cweText) })
)

func titles(list string) map[string]string {
	byID := map[string]string{}
	for line := range strings.Lines(list) {
		if id, title, found := strings.Cut(strings.TrimSpace(line), " "); found && id != "#" {
			byID[id] = title
		}
	}
	return byID
}

// Title is the name that a framework gives an id: "LLM01:2025", "ASI01", "AML.T0051.000", "CWE-79"; empty when there is
// no such id in the versions above.
func Title(id string) string {
	if number, found := strings.CutPrefix(id, "CWE-"); found {
		return cweTitles()[number]
	}
	for _, list := range []map[string]string{owaspTitles, asiTitles, atlasTitles()} {
		if title, found := list[id]; found {
			return title
		}
	}
	return ""
}

// OWASPItems are the ids of OWASPVersion in order.
func OWASPItems() []string { return slices.Sorted(maps.Keys(owaspTitles)) }

// ASIItems are the ids of ASIVersion in order.
func ASIItems() []string { return slices.Sorted(maps.Keys(asiTitles)) }

// owaspID is the id that a person means by "LLM01", "llm1" or "LLM01:2025"; empty when none.
func owaspID(word string) string {
	short, year, _ := strings.Cut(strings.ToUpper(word), ":")
	number, err := strconv.Atoi(strings.TrimPrefix(short, "LLM"))
	if err != nil || year != "" && year != "2025" || !strings.HasPrefix(short, "LLM") {
		return ""
	}
	id := fmt.Sprintf("LLM%02d:2025", number)
	if owaspTitles[id] == "" {
		return ""
	}
	return id
}
