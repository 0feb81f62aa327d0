package paper

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"

	"assay/report"
)

// nameOf is what a finding is called in headings.
func nameOf(w *report.Weakness) string { return single(cmp.Or(w.Title, w.Template, "A finding"), 200) }

// ordered are the weaknesses as this report tells them: a retest tells the new ones first.
func ordered(d *report.Document) []*report.Weakness {
	var first, rest []*report.Weakness
	for i := range d.Weaknesses {
		w := &d.Weaknesses[i]
		if d.Audience == report.Retest && w.Change == "new" {
			first = append(first, w)
		} else {
			rest = append(rest, w)
		}
	}
	return append(first, rest...)
}

func findingTitles(d *report.Document) []string {
	var titles []string
	for i, w := range ordered(d) {
		word, _ := severityOf(w.Severity)
		titles = append(titles, fmt.Sprintf("%d. %s (%s)", i+1, nameOf(w), strings.ToLower(word)))
	}
	return titles
}

// overview is how many findings the table at the beginning has.
const overview = 200

func (s *sheet) findings() {
	s.section(report.SectionFindings, 40)
	all := ordered(s.d)
	if len(all) == 0 {
		s.paragraph(span{"Nothing was found. That says something about what was tested only; what was not tested stands in its own section.", body})
		return
	}
	var rows [][]span
	for i, w := range all[:min(len(all), overview)] {
		word, c := severityOf(w.Severity)
		rate := "–"
		if w.Rate != nil {
			rate = percent(w.Rate.Value)
		}
		state := cmp.Or(single(w.Change, 20), findingState(w.State), "open")
		if st := findingState(w.State); st != "" && w.Change != "" {
			state += ", " + st
		}
		rows = append(rows, []span{
			{report.Grouped(int64(i + 1)), cellSoft},
			{nameOf(w), style{face: bold, size: 8.3, ink: dark, to: s.linkTo(i)}},
			{single(cmp.Or(w.Name, w.Target), 100), cell},
			{state, cellSoft},
			{rate, cell},
			{word, style{face: bold, size: 8.3, ink: c}},
		})
	}
	s.table([]column{
		{head: "#", share: 0.06, right: true},
		{head: "Finding", share: 0.41, most: 3},
		{head: "Target", share: 0.17, most: 3},
		{head: "State", share: 0.15, most: 3},
		{head: "Worked", share: 0.09, right: true},
		{head: "Severity", share: 0.12},
	}, rows)
	s.more(len(all)-overview, "finding is", "findings are", "told in full below")
	for i, w := range all {
		s.finding(i+1, w)
	}
}

// proofs is how many trials of a finding are told.
const proofs = 20

// linkTo is the link to a finding, by its place; 0 where the contents have none.
func (s *sheet) linkTo(i int) int {
	if at := s.next + i; at < len(s.entries) && s.entries[at].level == 1 {
		return s.entries[at].link
	}
	return 0
}

func (s *sheet) finding(n int, w *report.Weakness) {
	s.gap(9)
	title := style{face: bold, size: 12.5, ink: dark}
	rows, _ := fit(lines(wholeWidth-16, span{nameOf(w), title}), 3, wholeWidth-16)
	h := height(rows, title)
	s.need(h + 68)
	word, c := severityOf(w.Severity)
	s.reach(fmt.Sprintf("%d. %s (%s)", n, nameOf(w), strings.ToLower(word)), 1)
	s.fill(left, s.y, wholeWidth, 1.1, c)
	s.y += 3.2
	s.at(left, s.y, 12, report.Grouped(int64(n)), style{face: bold, size: 12.5, ink: c})
	for _, r := range rows {
		s.y += s.row(left+12, s.y, r, title)
	}
	s.y += 1
	x := left + 12 + s.chip(left+12, s.y, word, white, c) + 1.5
	for _, tag := range []string{single(w.Change, 20), findingState(w.State)} {
		if tag != "" {
			x += s.chip(x, s.y, tag, accent, pale) + 1.5
		}
	}
	s.at(x+1, s.y+0.2, pageWidth-right-x-1, cmp.Or(w.Name, w.Target), style{face: plain, size: 8.5, ink: quiet})
	s.y += 7
	s.findingFacts(w)
	s.findingWords(w)
	for i := range w.Proofs[:min(len(w.Proofs), proofs)] {
		s.proof(&w.Proofs[i], i+1, len(w.Proofs))
	}
	s.more(len(w.Proofs)-proofs, "trial is", "trials are", "in the JSON")
	if w.More > 0 {
		s.gap(2)
		s.paragraph(span{report.Plural(w.More, "further trial shows", "further trials show") + " the same; they are in the project.", small})
	}
}

// findingFacts writes what can be counted or looked up, in two columns.
func (s *sheet) findingFacts(w *report.Weakness) {
	rate := ""
	if r := w.Rate; r != nil {
		rate = fmt.Sprintf("%s of %s decided trials (%s; 95%%: %s to %s)", report.Grouped(int64(r.Worked)), report.Grouped(int64(r.Decided)), percent(r.Value), percent(r.Low), percent(r.High))
	}
	by := single(w.By, 40)
	if w.Confidence > 0 && by != "" {
		by += ", confidence " + percent(w.Confidence)
	}
	var ids []string
	ids = append(ids, w.OWASP...)
	ids = append(ids, w.ASI...)
	ids = append(ids, w.ATLAS...)
	for _, c := range w.CWE {
		ids = append(ids, fmt.Sprintf("CWE-%d", c))
	}
	facts := [][2]string{
		{"Proven by", single(w.Class, 60)},
		{"Worked", rate},
		{"Judged by", by},
		{"Template", single(w.Template, 80)},
		{"Finding", fmt.Sprintf("%d", w.ID)},
		{"First seen", stamp(w)},
		{"Trials", report.Grouped(int64(w.Count))},
		{"Fingerprint", single(w.Print, 64)},
		{"Catalogues", single(join(ids, 12), 300)},
	}
	var rows [][2]string
	for _, f := range facts {
		if f[1] != "" && f[1] != "0" {
			rows = append(rows, f)
		}
	}
	for _, f := range rows {
		st := style{face: plain, size: 8.3, ink: dark}
		if f[0] == "Fingerprint" {
			st = cellMono
		}
		broken, _ := fit(lines(wholeWidth-36, span{f[1], st}), 2, wholeWidth-36)
		s.need(height(broken, st))
		s.at(left+12, s.y, 24, f[0], style{face: plain, size: 8.3, ink: quiet})
		for _, r := range broken {
			s.y += s.row(left+36, s.y, r, st)
		}
	}
	s.y += 2
}

func stamp(w *report.Weakness) string {
	if w.First.IsZero() {
		return ""
	}
	return minute(w.First) + "; last " + minute(w.Last)
}

func (s *sheet) findingWords(w *report.Weakness) {
	for _, f := range []struct{ head, words string }{
		{"What was seen", w.Reason}, {"What it means", w.Impact}, {"About this weakness", w.Description}, {"Note", w.Note}, {"How to mend it", w.Fix},
	} {
		if f.words == "" {
			continue
		}
		s.minor(f.head, 10)
		s.long(f.words, 5000, body)
	}
	if w.Check != "" {
		s.minor("How to check", 8)
		s.box([]span{{single(w.Check, 600), code}})
	}
	if len(w.References) > 0 {
		s.minor("References", 6)
		for _, r := range w.References[:min(len(w.References), 12)] {
			st := style{face: plain, size: 8.3, ink: dark}
			if address, ok := web(r); ok {
				st.ink, st.link = accent, address
			}
			broken, _ := fit(lines(wholeWidth, span{single(r, 400), st}), 3, wholeWidth)
			s.rows(left, broken, st)
		}
		s.more(len(w.References)-12, "reference is", "references are", "in the project")
		s.y += 1.5
	}
}

// web is an address that a reader may follow by a click: of the web and nothing else, without a name or a password in it.
func web(address string) (string, bool) {
	if len(address) > 2000 || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`()<>\"`, r) }) {
		return "", false
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return "", false
	}
	return u.String(), true
}

// minor is a heading inside a finding.
func (s *sheet) minor(words string, after float64) {
	s.gap(1.5)
	s.need(leading(label.size) + after)
	s.at(left, s.y, wholeWidth, words, style{face: bold, size: 9, ink: accent})
	s.y += leading(9)
}
