package report

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"assay/scanner"
)

// Severities are the severities, the worst first.
var Severities = []scanner.Severity{scanner.SeverityCritical, scanner.SeverityHigh, scanner.SeverityMedium, scanner.SeverityLow, scanner.SeverityInfo}

// Open is scanner.Finding.Open of a weakness: accepting a risk does not take it away, and neither does a word that it is
// fixed.
func (w *Weakness) Open() bool {
	return (&scanner.Finding{State: w.State, Mended: w.Mended}).Open()
}

// Stands is the state of a weakness for people: one that is only called fixed says so.
func (w *Weakness) Stands() string {
	if w.State == scanner.FindingFixed && w.Open() {
		return "Called fixed, not tested again"
	}
	return Word(w.State)
}

// OpenBySeverity counts the weaknesses of a report that are open.
func (d *Document) OpenBySeverity() map[scanner.Severity]int {
	n := map[scanner.Severity]int{}
	for i := range d.Weaknesses {
		if w := &d.Weaknesses[i]; w.Open() {
			n[w.Severity]++
		}
	}
	return n
}

// Conclusion says in a sentence or two how things stand: what the reader of the first line of a report has to know.
func (d *Document) Conclusion() string {
	n := d.OpenBySeverity()
	var open []string
	total := 0
	for _, s := range Severities {
		if total += n[s]; n[s] > 0 {
			open = append(open, fmt.Sprintf("%d %s", n[s], s))
		}
	}
	untested := len(d.Untested())
	switch {
	case len(d.Tests) == 0 && total == 0:
		return "Nothing was tested yet, so nothing is known of its weaknesses."
	case total == 0 && untested > 0:
		return fmt.Sprintf("No weakness is open among what was tested. %s", untestedWords(untested))
	case total == 0:
		return "No weakness is open among what was tested."
	}
	text := Plural(total, "weakness is open: ", "weaknesses are open: ") + And(open) + "."
	switch {
	case n[scanner.SeverityCritical] > 0:
		text += " Critical ones were shown to work: they come first."
	case n[scanner.SeverityHigh] > 0:
		text += " The high ones should not wait for the next release."
	}
	if c := d.Comparison; c != nil {
		text += fmt.Sprintf(" Since %s: %d fixed, %d new, %d still there, %d not known.", c.Against, len(c.Fixed), len(c.New), len(c.Still), len(c.Unknown))
	}
	return text
}

func untestedWords(n int) string {
	return Plural(n, "thing was not tested; it is named", "things were not tested; they are named") + " under “What was not tested”."
}

// Untested says what nobody tested, or what came to no verdict, a sentence each. It is empty only where everything was
// tested.
func (d *Document) Untested() []string {
	var list []string
	if len(d.Tests) == 0 {
		list = append(list, "No test was run.")
	}
	list = append(list, d.neverTested()...)
	for i := range d.Standing.Gaps {
		switch g := &d.Standing.Gaps[i]; g.Code {
		case GapNotTested, GapUnclear, GapStale, GapUnread:
			list = append(list, g.What)
		}
	}
	skipped, errored := map[string]int{}, 0
	for i := range d.Tests {
		for _, s := range d.Tests[i].Skipped {
			skipped[s.Why] += s.Cases
		}
		errored += d.Tests[i].Cases[string(scanner.Errored)]
	}
	for _, why := range sortedKeys(skipped) {
		list = append(list, Plural(skipped[why], "case was", "cases were")+" not sent: "+strings.TrimRight(why, ".")+".")
	}
	if errored > 0 {
		list = append(list, Plural(errored, "case", "cases")+" ended in an error and came to no verdict.")
	}
	for i := range d.Standing.OWASP {
		if c := &d.Standing.OWASP[i]; c.State == StateNotTestable {
			list = append(list, fmt.Sprintf("%s %s cannot be tested from outside: %s.", c.ID, c.Title, strings.TrimRight(cmp.Or(c.Why, "no target has a place for it"), ".")))
		}
	}
	for i := range d.Coverage {
		if c := &d.Coverage[i]; i > 0 {
			if n := c.Count(StateNotTested); n > 0 {
				list = append(list, fmt.Sprintf("%s %s: %d of %s not tested.", c.Name, c.Version, n, Plural(len(c.Items), "item", "items")))
			}
		}
	}
	return list
}

// neverTested says which AI endpoints nobody tested: one by one where they are few.
func (d *Document) neverTested() []string {
	const few = 3
	var what, names []string
	for i := range d.Standing.Gaps {
		if g := &d.Standing.Gaps[i]; g.Code == GapNeverTested {
			what, names = append(what, g.What), append(names, strings.TrimSuffix(g.What, " was never tested."))
		}
	}
	if len(what) <= few {
		return what
	}
	return []string{fmt.Sprintf("%d AI endpoints were never tested: %s and %d more.", len(names), strings.Join(names[:few], ", "), len(names)-few)}
}

// Count counts the items of a framework that stand in one way.
func (c *Coverage) Count(s State) int {
	n := 0
	for i := range c.Items {
		if c.Items[i].State == s {
			n++
		}
	}
	return n
}

func sortedKeys(m map[string]int) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Plural is a number with the word that fits it.
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Grouped(int64(n)) + " " + many
}

// Grouped is a number with a comma between thousands.
func Grouped(n int64) string {
	text := fmt.Sprint(n)
	digits := strings.TrimPrefix(text, "-")
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	if n < 0 {
		return "-" + digits
	}
	return digits
}

// And joins words as people list them: "a", "a and b", "a, b and c".
func And(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// words are the enumerations of this package and of findings and threats for people, as reports print them.
var words = map[string]string{
	string(StateVulnerable): "Vulnerable", string(StateResisted): "Resisted", string(StateTested): "No verdict", string(StateNotTested): "Not tested", string(StateNotTestable): "Not testable",
	string(scanner.FindingNew): "New", string(scanner.FindingVerified): "Verified", string(scanner.FindingAccepted): "Risk accepted", string(scanner.FindingFalsePositive): "False positive",
	string(scanner.FindingFixed): "Fixed", string(scanner.ThreatConfirmed): "Confirmed", string(scanner.ThreatHarmless): "Harmless", string(scanner.ThreatClosed): "Closed",
	"still": "Still there", "unknown": "Not known", "pass": "Holds", "fail": "Does not hold",
	string(Executive): "Executive report", string(Technical): "Technical report", string(Retest): "Retest report",
	"secret": "Secret", "personal": "Personal data", "llm": "LLM", "mcp": "MCP", "rules": "rules", "model": "a model", "person": "a person",
}

// Word is a state, a severity or another word of ours for people; a word that is not ours comes back with its underscores
// and dashes as spaces.
func Word[T ~string](w T) string {
	switch any(w).(type) {
	case scanner.FindingState, scanner.ThreatState:
		if string(w) == string(scanner.FindingNew) {
			return "Open" // "new" says in reports that something was not there before
		}
	}
	if s := scanner.Severity(w); slices.Contains(Severities, s) {
		return severityWord(s)
	}
	if s, found := words[string(w)]; found {
		return s
	}
	return strings.NewReplacer("_", " ", "-", " ").Replace(string(w))
}

// mostAddress is how long an address may be that is offered to be followed.
const mostAddress = 400

// WebAddress is a reference that a reader may follow: an https address without credentials, of characters that mean
// nothing in HTML or Markdown. It is empty where the reference is something else.
func WebAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || len(s) > mostAddress || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	for _, c := range s {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("-._~:/?#@!$&*+,;=%", c) {
			return ""
		}
	}
	return s
}
