package paper

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"assay/report"
	"assay/scanner"
)

// severityOf is how a severity is written and coloured. One that nobody knows stands in grey with its own word.
func severityOf(s scanner.Severity) (string, ink) {
	switch s {
	case scanner.SeverityCritical:
		return "Critical", ink{0x8b, 0x15, 0x2b}
	case scanner.SeverityHigh:
		return "High", ink{0xb3, 0x42, 0x0c}
	case scanner.SeverityMedium:
		return "Medium", ink{0x85, 0x5f, 0x00}
	case scanner.SeverityLow:
		return "Low", ink{0x2b, 0x62, 0x8f}
	case scanner.SeverityInfo:
		return "Info", ink{0x5a, 0x66, 0x73}
	}
	return single(string(s), 20), quiet
}

// stateOf is how the state of an item is written, coloured, and signed for those who see no colours.
func stateOf(s report.State) (word, sign string, front, back ink) {
	switch s {
	case report.StateVulnerable:
		return "vulnerable", "✗", white, red
	case report.StateResisted:
		return "resisted", "✓", white, green
	case report.StateTested:
		return "no verdict", "?", amberInk, amberTint
	case report.StateNotTestable:
		return "not testable", "/", quiet, ink{0xe9, 0xec, 0xf0}
	case report.StateNotTested:
	}
	return "not tested", "–", quiet, white
}

// findingState is what a person holds of a finding, in words; empty for a new one.
func findingState(s scanner.FindingState) string {
	switch s {
	case scanner.FindingNew:
		return ""
	case scanner.FindingVerified:
		return "verified by a person"
	case scanner.FindingAccepted:
		return "risk accepted"
	case scanner.FindingFalsePositive:
		return "false positive"
	case scanner.FindingFixed:
		return "fixed"
	}
	return single(string(s), 40)
}

// openOnes are the open weaknesses, in their order.
func openOnes(d *report.Document) []*report.Weakness {
	var all []*report.Weakness
	for i := range d.Weaknesses {
		if d.Weaknesses[i].Open() {
			all = append(all, &d.Weaknesses[i])
		}
	}
	return all
}

func titleOf(d *report.Document) string {
	return cmp.Or(d.Cover.Title, map[report.Audience]string{
		report.Retest: "AI security: results of the retest",
	}[d.Audience], "AI security assessment")
}

// handling is a mark like "Strictly confidential" that a person wrote into the title or the note, as it was written; empty
// where there is none. A report is never called confidential by the program.
func handling(c *report.Cover) string {
	for _, from := range []string{c.Title, c.Note} {
		from, _ = brief(from, 4000)
		for _, part := range strings.FieldsFunc(from, func(r rune) bool { return strings.ContainsRune(".\n\r:;|–—()[]", r) }) {
			part = strings.TrimSpace(part)
			low := strings.ToLower(part)
			words := strings.Fields(low)
			if strings.Contains(low, "confidential") && len(words) <= 4 && !slices.Contains(words, "not") && !slices.Contains(words, "non") && !strings.Contains(low, "non-") {
				return single(part, 60)
			}
		}
	}
	return ""
}

// sane is a number that can be drawn, between two bounds.
func sane(x, least, most float64) float64 {
	if math.IsNaN(x) {
		return least
	}
	return min(max(x, least), most)
}

func points(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "?"
	}
	return strconv.FormatFloat(x, 'f', 1, 64)
}

// minus is what is taken away; nothing is nothing, without a sign.
func minus(x float64) string {
	if x == 0 {
		return points(x)
	}
	return "−" + points(x)
}

func percent(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "?"
	}
	return strconv.FormatFloat(100*x, 'f', 0, 64) + "%"
}

// day is a date; empty for none.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 January 2006")
}

func minute(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2 Jan 2006, 15:04") + " UTC"
}

// join writes names one after another, and how many there are beyond those.
func join(all []string, most int) string {
	if len(all) <= most {
		return strings.Join(all, ", ")
	}
	return strings.Join(all[:most], ", ") + " and " + report.Grouped(int64(len(all)-most)) + " more"
}
