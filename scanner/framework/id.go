package framework

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// The versions of the frameworks that templates and rules name the items of: every report has them.
const (
	OWASPVersion = "OWASP Top 10 for LLM Applications 2025"
	ASIVersion   = "OWASP Top 10 for Agentic Applications 2026"
	ATLASVersion = "MITRE ATLAS 5.6.0"
)

//go:embed data/atlas.txt
var atlasText string

//go:embed data/cwe.txt
var cweText string

// line is an entry of a list in a file.
type line struct{ id, title string }

func lines(list string) (all []line) {
	for l := range strings.Lines(list) {
		if id, title, found := strings.Cut(strings.TrimSpace(l), " "); found && id != "#" {
			all = append(all, line{id, title})
		}
	}
	return all
}

var (
	atlasLines = sync.OnceValue(func() []line { return lines(atlasText) })
	titles     = sync.OnceValue(func() map[string]string {
		byID := map[string]string{}
		for _, l := range slices.Concat(owaspLines, asiLines, atlasLines()) {
			byID[l.id] = l.title
		}
		for _, l := range lines(cweText) {
			byID["CWE-"+l.id] = l.title
		}
		return byID
	})
)

// Title is the name that a framework gives an id: "LLM01:2025", "ASI01", "AML.T0051.000", "CWE-79"; empty when there is
// no such id in the versions above.
func Title(id string) string { return titles()[id] }

// OWASPItems are the ids of OWASPVersion in order.
func OWASPItems() []string { return ids(owaspLines) }

// ASIItems are the ids of ASIVersion in order.
func ASIItems() []string { return ids(asiLines) }

// Techniques are the ids of ATLASVersion in order.
func Techniques() []string { return ids(atlasLines()) }

// Weaknesses are the ids of CWE that templates may name, "CWE-79", by number.
func Weaknesses() []string {
	known := slices.DeleteFunc(slices.Collect(maps.Keys(titles())), func(id string) bool { return !strings.HasPrefix(id, "CWE-") })
	slices.SortFunc(known, func(a, b string) int { return number(a) - number(b) })
	return known
}

func number(cwe string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(cwe, "CWE-"))
	if err != nil {
		return 0
	}
	return n
}

func ids(list []line) []string {
	all := make([]string, len(list))
	for i, l := range list {
		all[i] = l.id
	}
	return all
}

// OWASPID is the id that a person means by "LLM01", "llm1" or "LLM01:2025"; empty when none.
func OWASPID(word string) string {
	short, year, _ := strings.Cut(strings.ToUpper(word), ":")
	number, err := strconv.Atoi(strings.TrimPrefix(short, "LLM"))
	if err != nil || year != "" && year != "2025" || !strings.HasPrefix(short, "LLM") {
		return ""
	}
	id := fmt.Sprintf("LLM%02d:2025", number)
	if Title(id) == "" {
		return ""
	}
	return id
}
