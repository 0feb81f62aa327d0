package report

import (
	"cmp"
	"fmt"
	"slices"

	"assay/scanner"
)

// Chapter is a section with the heading that its readers know.
type Chapter struct {
	ID      Section
	Heading string
	Brief   bool // as executives read it
}

// headings are the sections with their headings.
var headings = map[Section]string{
	SectionSummary: "Summary", SectionScope: "Scope and authorisation", SectionComparison: "Since the last test", SectionAdvice: "What to do first", SectionFindings: "Findings",
	SectionThreats: "Threats in the traffic", SectionCoverage: "Coverage", SectionRequirements: "Requirements", SectionInventory: "Inventory", SectionMethod: "Method and limits",
	SectionNotTested: "What was not tested", SectionRedaction: "What was hidden",
}

// briefly is the order in which executives read, with the headings of that: what, so what, what next.
var briefly = []Chapter{
	{SectionSummary, "What we found", true},
	{SectionComparison, "Since the last test", true},
	{SectionFindings, "So what: what it means for the business", true},
	{SectionAdvice, "What next", true},
	{SectionCoverage, "What was tested", true},
	{SectionNotTested, "What was not tested", true},
	{SectionMethod, "How sure this is", true},
	{SectionScope, "Scope and authorisation", true},
	{SectionRedaction, "What was hidden", true},
}

// Bounds of what executives read, so that it stays two pages.
const (
	BriefFindings = 5
	BriefAdvice   = 5
	BriefUntested = 6
)

// Chapters are the sections that a report has for its audience, in order. Executives have their own order; a retest begins
// with what changed; a comparison that nobody made is left out.
func (d *Document) Chapters() (chapters []Chapter) {
	if d.Audience == Executive {
		for _, p := range briefly {
			if d.Has(p.ID) && (p.ID != SectionComparison || d.Comparison != nil) {
				chapters = append(chapters, p)
			}
		}
		return chapters
	}
	seen := map[Section]bool{}
	for _, s := range d.Sections {
		heading, known := headings[s]
		if !known || seen[s] || s == SectionComparison && d.Comparison == nil {
			continue
		}
		seen[s] = true
		chapters = append(chapters, Chapter{ID: s, Heading: heading})
	}
	if at := slices.IndexFunc(chapters, func(p Chapter) bool { return p.ID == SectionComparison }); d.Audience == Retest && at > 1 {
		moved := chapters[at]
		chapters = slices.Insert(slices.Delete(chapters, at, at+1), 1, moved)
	}
	return chapters
}

// Group are the weaknesses of a comparison that changed in one way, the worst first.
type Group struct {
	Change  string // new, fixed, still, unknown
	Heading string
	Says    string // what the heading means
	Rows    []GroupRow
}

// GroupRow is one weakness of a comparison.
type GroupRow struct {
	ID       scanner.FindingID // 0 where the report has no more of it
	Title    string
	Target   string
	Why      string // nothing is known of it; empty where that was not told
	Severity scanner.Severity
}

// Compared are the weaknesses of the comparison by what became of them; nil where nothing was compared.
func (d *Document) Compared() []Group {
	c := d.Comparison
	if c == nil {
		return nil
	}
	named := map[string]GroupRow{}
	for i := range c.Gone {
		g := &c.Gone[i]
		named[g.Print] = GroupRow{Title: g.Title, Severity: g.Severity, Target: g.Target, Why: g.Why}
	}
	for i := range d.Weaknesses {
		w := &d.Weaknesses[i]
		named[w.Print] = GroupRow{ID: w.ID, Title: w.Title, Severity: w.Severity, Target: w.Name, Why: named[w.Print].Why}
	}
	groups := []Group{
		{Change: "new", Heading: "New", Says: "found now, and not before"},
		{Change: "fixed", Heading: "Fixed", Says: "tested again, and resisted"},
		{Change: "still", Heading: "Still there", Says: "tested again, and found again"},
		{Change: "unknown", Heading: "Not known", Says: "not tested again, or without a verdict; this is not fixed"},
	}
	for i, prints := range [][]string{c.New, c.Fixed, c.Still, c.Unknown} {
		g := &groups[i]
		for _, p := range prints {
			row, known := named[p]
			if !known {
				row = GroupRow{Title: "A weakness with the fingerprint " + p}
			}
			g.Rows = append(g.Rows, row)
		}
		slices.SortStableFunc(g.Rows, func(a, b GroupRow) int {
			return slices.Index(Severities, a.Severity) - slices.Index(Severities, b.Severity)
		})
	}
	return groups
}

// HiddenType is what the redactor took out of one type.
type HiddenType struct {
	Word, Class  string
	Values       int      // different ones
	Count        int      // how often they stood in the document
	Shown        int      // values that a person chose to show
	Placeholders []string // some of them
}

// placeholdersNamed is how many placeholders of one type are named.
const placeholdersNamed = 12

// HiddenTypes sums up what was taken out, by type, and says it in a sentence.
func (d *Document) HiddenTypes() (list []HiddenType, sum string) {
	at, total := map[string]int{}, 0
	for i := range d.Hidden {
		h := &d.Hidden[i]
		n, known := at[h.Word]
		if !known {
			n = len(list)
			at[h.Word] = n
			list = append(list, HiddenType{Word: h.Word, Class: h.Class})
		}
		t := &list[n]
		t.Count += h.Count
		if t.Values++; t.Values <= placeholdersNamed {
			t.Placeholders = append(t.Placeholders, h.Placeholder)
		}
		if h.Shown {
			t.Shown++
		} else {
			total++
		}
	}
	if len(d.Hidden) == 0 {
		return nil, "Nothing in this report looked like a secret or like personal data."
	}
	var kinds []string
	shown := 0
	for i := range list {
		shown += list[i].Shown
		if n := list[i].Values - list[i].Shown; n > 0 {
			kinds = append(kinds, fmt.Sprintf("%s (%d)", list[i].Word, n))
		}
	}
	sum = Plural(total, "value is", "values are") + " hidden"
	if len(kinds) > 0 {
		sum += ": " + And(kinds)
	}
	sum += ". The same value has the same placeholder everywhere, so that what happened can still be followed."
	if shown > 0 {
		sum += " " + Plural(shown, "value is", "values are") + " shown on purpose."
	}
	return list, sum
}

// Meaning is what open weaknesses mean for the business: those that mean the same together, the worst first.
type Meaning struct {
	Severity scanner.Severity // of the worst
	Says     string
	Of       []*Weakness
}

// Meanings are what the weaknesses that are open mean. One that nobody has a sentence for stands for itself.
func (d *Document) Meanings() (list []Meaning) {
	at := map[string]int{}
	for i := range d.Weaknesses {
		w := &d.Weaknesses[i]
		if !w.Open() {
			continue
		}
		says := cmp.Or(w.Impact, w.Reason)
		n, known := at[says]
		if !known {
			n = len(list)
			at[says] = n
			list = append(list, Meaning{Severity: w.Severity, Says: says})
		}
		list[n].Of = append(list[n].Of, w)
	}
	return list
}
