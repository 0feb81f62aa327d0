package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"assay/scanner"
)

// Markdown writes a report as GitHub-flavoured Markdown, in the order of the HTML. What is in the report is taken for
// hostile: texts of the wire stand in fences longer than any run of backticks in them, everything else is escaped, and what
// would become a link, a picture, a mention or HTML by itself stands as code. The error is that of w.
func Markdown(w io.Writer, d *Document) error {
	m := &markdownWriter{out: bufio.NewWriter(w), d: d, brief: d.Audience == Executive}
	m.cover()
	for _, c := range d.Chapters() {
		m.heading(2, c.Heading)
		m.chapter(c.ID)
	}
	m.line("---")
	m.line("Made with Assay " + escape(d.Version) + " on " + dayOf(d.Made) + ".")
	return m.out.Flush()
}

// markdownWriter writes one report. Errors stay in the buffered writer until it is flushed.
type markdownWriter struct {
	out   *bufio.Writer
	d     *Document
	brief bool
}

// line writes a block of its own: text that is Markdown already.
func (m *markdownWriter) line(text string) { fmt.Fprint(m.out, text, "\n\n") }

// heading writes a heading of our words.
func (m *markdownWriter) heading(level int, text string) {
	m.line(strings.Repeat("#", level) + " " + text)
}

// paragraphs writes a text with its own paragraphs.
func (m *markdownWriter) paragraphs(text string) {
	for l := range strings.SplitSeq(bounded(text, mostProse), "\n") {
		if l = escape(l); l != "" {
			m.line(l)
		}
	}
}

// named writes a word of ours in bold and a text behind it; nothing where there is no text.
func (m *markdownWriter) named(name, text string) {
	if text != "" {
		m.line("**" + name + ":** " + escapeWithin(bounded(text, mostProse)))
	}
}

// facts writes words of ours with texts behind them as a list; those without a text are left out.
func (m *markdownWriter) facts(list [][2]string) {
	for _, one := range list {
		if one[1] != "" {
			fmt.Fprintf(m.out, "- **%s:** %s\n", one[0], escapeWithin(one[1]))
		}
	}
	fmt.Fprintln(m.out)
}

// list writes texts as a list, at most so many.
func (m *markdownWriter) list(texts []string, most int) {
	for i, text := range texts {
		if i == most {
			fmt.Fprintf(m.out, "- %s\n", Plural(len(texts)-most, "more", "more"))
			break
		}
		fmt.Fprintf(m.out, "- %s\n", escape(text))
	}
	if len(texts) > 0 {
		fmt.Fprintln(m.out)
	}
}

// table writes rows of cells that are Markdown already.
func (m *markdownWriter) table(head []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(m.out, "| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat(" --- |", len(head)))
	for _, row := range rows {
		fmt.Fprintf(m.out, "| %s |\n", strings.Join(row, " | "))
	}
	fmt.Fprintln(m.out)
}

// fence writes a text as it is, apart from signs for what is not seen. No run of backticks in it ends the fence.
func (m *markdownWriter) fence(language, text string) {
	longest, run := 2, 0
	for i := range len(text) {
		if run++; text[i] != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	mark := strings.Repeat("`", longest+1)
	fmt.Fprint(m.out, mark, language, "\n", text)
	if !strings.HasSuffix(text, "\n") {
		fmt.Fprintln(m.out)
	}
	fmt.Fprint(m.out, mark, "\n\n")
}

func (m *markdownWriter) cover() {
	c := &m.d.Cover
	m.line("# " + cmp.Or(escape(c.Title), "AI security report"))
	m.line("_" + Word(m.d.Audience) + "_")
	m.facts([][2]string{{"Client", c.Client}, {"Tested by", c.Tester}, {"Made", momentOf(m.d.Made)}, {"Project", m.d.Project}, {"Covers", cmp.Or(m.d.Run, "the whole project")}})
}

func (m *markdownWriter) chapter(id Section) {
	switch id {
	case SectionSummary:
		m.summary()
	case SectionScope:
		m.scope()
	case SectionComparison:
		m.comparison()
	case SectionAdvice:
		m.advice()
	case SectionFindings:
		m.findings()
	case SectionThreats:
		m.threats()
	case SectionCoverage:
		m.coverage()
	case SectionRequirements:
		m.requirements()
	case SectionInventory:
		m.inventory()
	case SectionMethod:
		m.method()
	case SectionNotTested:
		m.untested()
	case SectionRedaction:
		m.redaction()
	}
}

func (m *markdownWriter) summary() {
	p := &m.d.Standing
	if p.Enough {
		m.line("**Score " + tenths(p.Score) + " of 100, grade " + escape(p.Grade) + ".** " + escapeWithin(m.d.Conclusion()))
	} else {
		m.line("**No score:** " + escapeWithin(p.Missing) + " It can be at most " + tenths(p.Score) + ". " + escapeWithin(m.d.Conclusion()))
	}
	open, head, counts := m.d.OpenBySeverity(), []string{}, []string{}
	for _, s := range Severities {
		head, counts = append(head, Word(s)), append(counts, strconv.Itoa(open[s]))
	}
	m.table(head, [][]string{counts})
	m.paragraphs(m.d.Cover.Note)
	m.trend()
	if m.brief {
		return
	}
	if len(m.d.Moved) > 0 {
		m.heading(3, "What moved the score")
		for i := range m.d.Moved {
			fmt.Fprintf(m.out, "- **%s** %s\n", signedTenths(m.d.Moved[i].Points), escapeWithin(m.d.Moved[i].What))
		}
		fmt.Fprintln(m.out)
	}
	if len(p.Reasons) > 0 {
		m.heading(3, "What the score is made of")
		var rows [][]string
		for i := range p.Reasons {
			r := &p.Reasons[i]
			rows = append(rows, []string{"−" + tenths(r.Points), Word(r.Area), escapeCell(r.What)})
		}
		m.table([]string{"Points", "Area", "Reason"}, rows)
	}
}

func (m *markdownWriter) trend() {
	const most = 12
	list := m.d.Trend[max(0, len(m.d.Trend)-most):]
	if len(list) < 2 || m.brief {
		return
	}
	m.heading(3, "Over time")
	var rows [][]string
	for i := range list {
		s := &list[i]
		score := tenths(s.Score) + " " + escapeCell(s.Grade)
		if !s.Enough {
			score = "at most " + tenths(s.Score)
		}
		row := []string{momentOf(s.At), escapeCell(s.Cause), score}
		for _, severity := range Severities {
			row = append(row, strconv.Itoa(s.Severities[string(severity)]))
		}
		rows = append(rows, row)
	}
	m.table([]string{"When", "After", "Score", "Critical", "High", "Medium", "Low", "Info"}, rows)
}

func (m *markdownWriter) scope() {
	m.named("Scope", m.d.Cover.Scope)
	m.named("Authorisation", cmp.Or(m.d.Cover.Authorisation, "Nobody wrote down who allowed the test."))
	if s := &m.d.Stock; !m.brief {
		text := Grouped(s.Exchanges) + " exchanges"
		if !s.From.IsZero() {
			text += ", from " + dayOf(s.From) + " to " + dayOf(s.To)
		}
		m.named("Looked at", text+"; "+Plural(s.Endpoints, "endpoint", "endpoints"))
	}
}

func (m *markdownWriter) comparison() {
	c := m.d.Comparison
	if c == nil {
		return
	}
	groups := m.d.Compared()
	var says []string
	for i := range groups {
		says = append(says, fmt.Sprintf("%d %s", len(groups[i].Rows), strings.ToLower(groups[i].Heading)))
	}
	m.line("Compared with " + escapeWithin(c.Against) + ": " + strings.Join(says, ", ") + ".")
	if m.brief {
		return
	}
	for i := range groups {
		g := &groups[i]
		if len(g.Rows) == 0 {
			continue
		}
		m.heading(3, g.Heading)
		m.line("_" + g.Says + "_")
		var rows [][]string
		for _, r := range g.Rows {
			rows = append(rows, []string{Word(r.Severity), escapeCell(r.Title), escapeCell(r.Target), escapeCell(r.Why)})
		}
		m.table([]string{"Severity", "Weakness", "Target", "Why"}, rows)
	}
}

func (m *markdownWriter) advice() {
	list := m.d.Standing.Advice
	if m.brief {
		list = list[:min(len(list), BriefAdvice)]
	}
	if len(list) == 0 {
		m.line("Nothing is left to do that this project knows of.")
	}
	for i := range list {
		a := &list[i]
		m.line(fmt.Sprintf("%d. **%s:** %s", i+1, escape(string(a.Priority)), escapeWithin(a.What)))
		m.line("   " + escapeWithin(a.Why))
		m.line(fmt.Sprintf("   Who: %s. Effort: %s. To check: %s. Gains: %s.", escapeWithin(a.Who), Word(a.Effort), escapeWithin(a.Check), gainOf(a)))
		for j := range a.Steps {
			step := &a.Steps[j]
			m.line("   - " + Word(step.Severity) + ": " + escapeWithin(step.Title) + ": " + escapeWithin(step.What) + " " + escapeWithin(step.Check))
		}
	}
	if left := len(m.d.Standing.Advice) - len(list); left > 0 {
		m.line("_" + Plural(left, "more thing", "more things") + " to do, in the technical report._")
	}
}

// gainOf is what an advice is worth in words.
func gainOf(a *Advice) string {
	switch {
	case a.Reduction != 0:
		return tenths(a.Reduction) + " points"
	case a.Risk != 0:
		return "up to " + tenths(a.Risk) + " points"
	}
	return "–"
}

func (m *markdownWriter) untested() {
	list := m.d.Untested()
	if len(list) == 0 {
		m.line("Everything that the project knows of was tested.")
		return
	}
	m.line("No findings there does not mean that there are none.")
	most := len(list)
	if m.brief {
		most = BriefUntested
	}
	m.list(list, most)
}

func (m *markdownWriter) redaction() {
	list, sum := m.d.HiddenTypes()
	m.line(escape(sum))
	if m.brief {
		return
	}
	var rows [][]string
	for i := range list {
		h := &list[i]
		shown := ""
		if h.Shown > 0 {
			shown = strconv.Itoa(h.Shown)
		}
		rows = append(rows, []string{escapeCell(h.Word), escapeCell(Word(h.Class)), strconv.Itoa(h.Values), strconv.Itoa(h.Count), shown, escapeCell(strings.Join(h.Placeholders, ", "))})
	}
	m.table([]string{"Type", "Class", "Values", "Times", "Shown on purpose", "Placeholders"}, rows)
}

// tenths is a number with at most one decimal; what is none is a dash.
func tenths(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	return strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
}

func signedTenths(x float64) string {
	if x > 0 {
		return "+" + tenths(x)
	}
	return strings.Replace(tenths(x), "-", "−", 1)
}

func share(x float64) string {
	if math.IsNaN(x) || x < 0 || x > 1 {
		return "–"
	}
	return tenths(100*x) + " %"
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2 Jan 2006")
}

func momentOf(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2 Jan 2006, 15:04 UTC")
}

// verdictCounts are the cases of a test by verdict.
func verdictCounts(t *Test) string {
	var list []string
	for _, v := range []scanner.Verdict{scanner.Vulnerable, scanner.Resisted, scanner.Unclear, scanner.Errored} {
		if n := t.Cases[string(v)]; n > 0 {
			list = append(list, Grouped(int64(n))+" "+string(v))
		}
	}
	return cmp.Or(strings.Join(list, ", "), "none")
}
