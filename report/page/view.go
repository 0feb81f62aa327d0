package page

import (
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"assay/report"
	"assay/scanner"
)

// view is a report as the templates take it: what needs working out is worked out.
type view struct {
	*report.Document
	Title     string
	Logo      template.URL // empty where there is none that is a PNG or a JPEG
	Parts     []part
	Ring      ring
	Trends    trends
	Cards     []card
	Shown     []card // of the findings that an executive reads about
	Tallies   []tally
	Boards    []board
	Groups    []group
	HiddenBy  []hiddenType
	HiddenSum string
	Untested  []string
}

// part is a section of the page.
type part struct {
	ID      report.Section
	Heading string
	Brief   bool // as executives read it
}

// headings are the sections with their headings.
var headings = map[report.Section]string{
	report.SectionSummary: "Summary", report.SectionScope: "Scope and authorisation", report.SectionComparison: "Since the last test", report.SectionAdvice: "What to do first",
	report.SectionFindings: "Findings", report.SectionThreats: "Threats in the traffic", report.SectionCoverage: "Coverage", report.SectionRequirements: "Requirements",
	report.SectionInventory: "Inventory", report.SectionMethod: "Method and limits", report.SectionNotTested: "What was not tested", report.SectionRedaction: "What was hidden",
}

// briefly is the order in which executives read, with the headings of that: what, so what, what next.
var briefly = []part{
	{report.SectionSummary, "What we found", true},
	{report.SectionComparison, "Since the last test", true},
	{report.SectionFindings, "So what: what it means for the business", true},
	{report.SectionAdvice, "What next", true},
	{report.SectionCoverage, "What was tested", true},
	{report.SectionNotTested, "What was not tested", true},
	{report.SectionMethod, "How sure this is", true},
	{report.SectionScope, "Scope and authorisation", true},
	{report.SectionRedaction, "What was hidden", true},
}

// Bounds of what executives read, so that it stays two pages.
const (
	mostBriefFindings = 5
	mostBriefAdvice   = 5
	mostBriefUntested = 6
)

func newView(d *report.Document) *view {
	v := &view{Document: d, Title: line(d.Cover.Title), Logo: logoOf(d.Cover.Logo), Untested: d.Untested(), Ring: ringOf(&d.Standing), Trends: trendsOf(d.Trend), Tallies: talliesOf(d)}
	if v.Title == "" {
		v.Title = "AI security report"
	}
	switch d.Audience {
	case report.Executive:
		for _, p := range briefly {
			if d.Has(p.ID) {
				v.Parts = append(v.Parts, p)
			}
		}
		v.Shown = cardsOf(d, mostBriefFindings)
	default:
		v.Parts = partsOf(d)
		v.Cards = cardsOf(d, len(d.Weaknesses))
	}
	for i := range d.Coverage {
		v.Boards = append(v.Boards, boardOf(d, &d.Coverage[i]))
	}
	v.Groups = groupsOf(d)
	v.HiddenBy, v.HiddenSum = hiddenOf(d.Hidden)
	return v
}

// partsOf are the sections that are on, in their order, each once. A retest begins with what changed.
func partsOf(d *report.Document) (parts []part) {
	seen := map[report.Section]bool{}
	for _, s := range d.Sections {
		heading, known := headings[s]
		switch {
		case !known || seen[s]:
			continue
		case s == report.SectionComparison && d.Comparison == nil, s == report.SectionThreats && len(d.Threats) == 0 && d.Audience == report.Retest:
			continue
		}
		seen[s] = true
		parts = append(parts, part{ID: s, Heading: heading})
	}
	if at := slices.IndexFunc(parts, func(p part) bool { return p.ID == report.SectionComparison }); d.Audience == report.Retest && at > 1 {
		moved := parts[at]
		parts = slices.Insert(slices.Delete(parts, at, at+1), 1, moved)
	}
	return parts
}

// Brief reports whether the page is for executives.
func (v *view) Brief() bool { return v.Audience == report.Executive }

// Lang is the language of what the program wrote; texts from the wire may be in any.
func (v *view) Lang() string { return "en" }

// Advice is what to do, as much of it as the audience reads.
func (v *view) Advice() []report.Advice {
	all := v.Standing.Advice
	if v.Brief() {
		return all[:min(len(all), mostBriefAdvice)]
	}
	return all
}

// UntestedShown is what was not tested, as much of it as the audience reads.
func (v *view) UntestedShown() []string {
	if v.Brief() {
		return v.Untested[:min(len(v.Untested), mostBriefUntested)]
	}
	return v.Untested
}

// Last is the newest test; nil where there was none.
func (v *view) Last() *report.Test {
	if len(v.Document.Tests) == 0 {
		return nil
	}
	return &v.Document.Tests[0]
}

// logoOf is a picture as an address that holds all of it. What is neither a PNG nor a JPEG is left out.
func logoOf(data []byte) template.URL {
	kind := http.DetectContentType(data)
	if kind != "image/png" && kind != "image/jpeg" || len(data) > mostLogo {
		return ""
	}
	return template.URL("data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)) //nolint:gosec // the type is one of two, and base64 has no characters that mean anything in HTML
}

// mostLogo is how large a logo may be, in bytes.
const mostLogo = 512 << 10

// tally is how many weaknesses of one severity are open.
type tally struct {
	Severity scanner.Severity
	N        int
}

func talliesOf(d *report.Document) (list []tally) {
	open := d.OpenBySeverity()
	for _, s := range report.Severities {
		list = append(list, tally{s, open[s]})
	}
	return list
}

// hiddenType is what was hidden of one type.
type hiddenType struct {
	Word, Class   string
	Values, Count int
	Placeholders  []string
	Shown         int
}

// mostPlaceholders is how many placeholders of one type are named.
const mostPlaceholders = 12

func hiddenOf(hidden []report.Hidden) (list []hiddenType, sum string) {
	at, total := map[string]int{}, 0
	for i := range hidden {
		h := &hidden[i]
		n, known := at[h.Word]
		if !known {
			n = len(list)
			at[h.Word] = n
			list = append(list, hiddenType{Word: h.Word, Class: h.Class})
		}
		t := &list[n]
		t.Count += h.Count
		if t.Values++; t.Values <= mostPlaceholders {
			t.Placeholders = append(t.Placeholders, h.Placeholder)
		}
		if h.Shown {
			t.Shown++
			continue
		}
		total++
	}
	if len(hidden) == 0 {
		return nil, "Nothing in this report looked like a secret or like personal data."
	}
	var kinds []string
	for _, t := range list {
		if n := t.Values - t.Shown; n > 0 {
			kinds = append(kinds, fmt.Sprintf("%s (%d)", line(t.Word), n))
		}
	}
	sum = report.Plural(total, "value is", "values are") + " hidden"
	if len(kinds) > 0 {
		sum += ": " + report.And(kinds)
	}
	return list, sum + ". The same value has the same placeholder everywhere, so that what happened can still be followed."
}

// group are the weaknesses of a comparison that changed in one way.
type group struct {
	Change, Heading, Says string
	N                     int
	Rows                  []groupRow
}

// groupRow is one weakness of a comparison.
type groupRow struct {
	Title, Target, Why, Ref string
	Severity                scanner.Severity
}

func groupsOf(d *report.Document) []group {
	c := d.Comparison
	if c == nil {
		return nil
	}
	named := map[string]groupRow{}
	for i := range c.Gone {
		g := &c.Gone[i]
		named[g.Print] = groupRow{Title: g.Title, Severity: g.Severity, Target: g.Target, Why: g.Why}
	}
	for i := range d.Weaknesses {
		w := &d.Weaknesses[i]
		row := groupRow{Title: w.Title, Severity: w.Severity, Target: w.Name, Why: named[w.Print].Why}
		if d.Audience != report.Executive && d.Has(report.SectionFindings) {
			row.Ref = "finding-" + strconv.FormatInt(int64(w.ID), 10)
		}
		named[w.Print] = row
	}
	groups := []group{
		{Change: "new", Heading: "New", Says: "found now, and not before"},
		{Change: "fixed", Heading: "Fixed", Says: "tested again, and resisted"},
		{Change: "still", Heading: "Still there", Says: "tested again, and found again"},
		{Change: "unknown", Heading: "Not known", Says: "not tested again, or without a verdict; this is not fixed"},
	}
	for i, prints := range [][]string{c.New, c.Fixed, c.Still, c.Unknown} {
		g := &groups[i]
		g.N = len(prints)
		for _, p := range prints {
			row, known := named[p]
			if !known {
				row = groupRow{Title: "A weakness with the fingerprint " + p}
			}
			g.Rows = append(g.Rows, row)
		}
		slices.SortStableFunc(g.Rows, func(a, b groupRow) int {
			return slices.Index(report.Severities, a.Severity) - slices.Index(report.Severities, b.Severity)
		})
	}
	return groups
}

// functions are what the templates call.
var functions = template.FuncMap{
	"line": line, "brief": brief, "signal": func(s string) string { return strings.ReplaceAll(line(s), "-", " ") }, "name": name, "prose": prose, "day": day, "moment": moment, "number": number, "percent": percent, "link": link, "pieces": pieces,
	"grouped": func(n any) string {
		switch n := n.(type) {
		case int:
			return report.Grouped(int64(n))
		case int64:
			return report.Grouped(n)
		}
		return fmt.Sprint(n)
	},
	"plural":  report.Plural,
	"word":    wordOf,
	"class":   class,
	"anchor":  anchor,
	"signed":  signed,
	"inc":     func(n int) int { return n + 1 },
	"cases":   casesOf,
	"money":   func(x float64) string { return "$" + fixed(x, 2) },
	"lines":   lines,
	"joined":  func(list []string) string { return line(strings.Join(list, ", ")) },
	"more":    func(all, most int) int { return max(0, all-most) },
	"namedOf": namedOf,
	"openOf":  openOf,
}

// wordOf is a word of ours for people, whichever type it has.
func wordOf(w any) string {
	switch w := w.(type) {
	case scanner.FindingState:
		return line(report.Word(w))
	case scanner.ThreatState:
		return line(report.Word(w))
	}
	return line(report.Word(fmt.Sprint(w)))
}

// class is a word of ours as a class of the style; a word that the style does not know is "other".
func class(w any) string {
	text := fmt.Sprint(w)
	for _, c := range text {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return "other"
		}
	}
	if text == "" || len(text) > 20 {
		return "other"
	}
	return text
}

// signed is a number of points with its sign.
func signed(x float64) string {
	if x > 0 {
		return "+" + number(x)
	}
	return strings.Replace(number(x), "-", "−", 1)
}

func fixed(x float64, decimals int) string { return strconv.FormatFloat(x, 'f', decimals, 64) }

// lines are the paragraphs of a text.
func lines(s string) (list []string) {
	for l := range strings.SplitSeq(prose(s), "\n") {
		if l = strings.TrimSpace(l); l != "" {
			list = append(list, l)
		}
	}
	return list
}

// casesOf are the cases of a test by verdict, in the order of verdicts.
func casesOf(t *report.Test) string {
	var list []string
	for _, v := range []scanner.Verdict{scanner.Vulnerable, scanner.Resisted, scanner.Unclear, scanner.Errored} {
		if n := t.Cases[string(v)]; n > 0 {
			list = append(list, fmt.Sprintf("%s %s", report.Grouped(int64(n)), v))
		}
	}
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

// names is a list of names with numbers, as much of it as is shown.
type names struct {
	Heading, Unit string
	List          []report.Named
	More          int
}

// mostNames is how many names of one sort are shown.
const mostNames = 15

func namedOf(heading, unit string, list []report.Named) names {
	n := min(len(list), mostNames)
	return names{heading, unit, list[:n], len(list) - n}
}

// openOf is how many weaknesses are open.
func openOf(v *view) (n int) {
	for _, t := range v.Tallies {
		n += t.N
	}
	return n
}

// anchor is where a reference of a report leads within the page; empty where it leads nowhere.
func anchor(v *view, ref string) string {
	kind, id, _ := strings.Cut(ref, ":")
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return ""
	}
	switch {
	case kind == "finding" && !v.Brief() && v.Has(report.SectionFindings):
		for i := range v.Weaknesses {
			if int64(v.Weaknesses[i].ID) == n {
				return "finding-" + id
			}
		}
	case kind == "threat" && !v.Brief() && v.Has(report.SectionThreats):
		for i := range v.Threats {
			if int64(v.Threats[i].ID) == n {
				return "threat-" + id
			}
		}
	}
	return ""
}
