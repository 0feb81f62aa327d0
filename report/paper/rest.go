package paper

import (
	"cmp"
	"fmt"
	"strings"

	"assay/report"
	"assay/scanner"
)

// listRows is how many rows the long lists have.
const listRows = 200

func (s *sheet) comparison() {
	s.section(report.SectionComparison, 60)
	groups := s.d.Compared()
	s.paragraph(span{"Compared with " + single(cmp.Or(s.d.Comparison.Against, "an earlier run"), 300) + ".", body})
	s.y += 2
	s.changes()
	for i := range groups {
		g := &groups[i]
		s.heading(g.Heading+": "+g.Says, 16)
		if len(g.Rows) == 0 {
			s.paragraph(span{"None.", body})
			continue
		}
		var rows [][]span
		for _, r := range g.Rows[:min(len(g.Rows), listRows)] {
			rows = append(rows, []span{severityCell(r.Severity), {single(cmp.Or(r.Title, "A weakness"), 300), cell}, {single(r.Target, 100), cellSoft}, {s.known(g.Change, &r), cellSoft}})
		}
		s.table([]column{{head: "Severity", share: 0.12}, {head: "Weakness", share: 0.46, most: 3}, {head: "Target", share: 0.2, most: 2}, {head: "What is known", share: 0.22, most: 4}}, rows)
		s.more(len(g.Rows)-listRows, "weakness is", "weaknesses are", "in the JSON")
	}
}

// known is what a retest tells of a weakness beside its name.
func (s *sheet) known(change string, r *report.GroupRow) string {
	switch change {
	case "fixed":
		return "tested again, and resisted"
	case "unknown":
		return cmp.Or(single(r.Why, 300), "not tested again, or without a verdict")
	}
	for i := range s.d.Weaknesses {
		w := &s.d.Weaknesses[i]
		if w.ID != r.ID || w.Rate == nil {
			continue
		}
		words := "worked in " + percent(w.Rate.Value) + " of trials"
		if st := findingState(w.State); st != "" {
			words += "; " + st
		}
		return words
	}
	return ""
}

// changes draws the four numbers of a retest.
func (s *sheet) changes() {
	w := wholeWidth / 4
	for i, g := range s.d.Compared() {
		front, back := quiet, ink{0xe9, 0xec, 0xf0}
		switch g.Change {
		case "new":
			front, back = red, redTint
		case "fixed":
			front, back = green, greenTint
		case "still":
			front, back = amberInk, amberTint
		}
		x := left + float64(i)*w
		s.pill(x, s.y, w-3, 22, 1.5, back)
		s.atMiddle(x+(w-3)/2, s.y+2, w-6, report.Grouped(int64(len(g.Rows))), style{face: bold, size: 20, ink: front})
		s.atMiddle(x+(w-3)/2, s.y+11.5, w-6, g.Heading, style{face: bold, size: 9, ink: front})
		says, _, _ := strings.Cut(g.Says, ";")
		s.atMiddle(x+(w-3)/2, s.y+16.2, w-4, says, style{face: plain, size: 6.8, ink: front})
	}
	s.y += 26
}

func severityCell(v scanner.Severity) span {
	word, c := severityOf(v)
	return span{word, style{face: bold, size: 8.3, ink: c}}
}

func (s *sheet) threats() {
	s.section(report.SectionThreats, 30)
	all := s.d.Threats
	if len(all) == 0 {
		s.paragraph(span{"No threat was seen in the traffic that was recorded and could be read.", body})
		return
	}
	for i := range all[:min(len(all), listRows)] {
		s.threat(&all[i])
	}
	s.more(len(all)-listRows, "threat is", "threats are", "in the project and in the JSON")
}

func (s *sheet) threat(t *report.Observed) {
	title := style{face: bold, size: 10, ink: dark}
	rows, _ := fit(lines(wholeWidth-26, span{single(cmp.Or(t.Title, t.Rule), 300), title}), 2, wholeWidth-26)
	s.gap(3)
	s.need(height(rows, title) + 18)
	word, c := severityOf(t.Severity)
	s.chip(left, s.y+0.4, word, white, c)
	for _, r := range rows {
		s.y += s.row(left+22, s.y, r, title)
	}
	facts := []string{fmt.Sprintf("threat %d, rule %s, %s", t.ID, single(t.Rule, 60), single(string(t.State), 30)), report.Plural(t.Count, "time", "times")}
	for _, f := range [][2]string{{"by ", t.Actor}, {"on ", t.Host}, {"model ", t.Model}} {
		if f[1] != "" {
			facts = append(facts, f[0]+single(f[1], 120))
		}
	}
	if !t.First.IsZero() {
		facts = append(facts, minute(t.First)+" to "+minute(t.Last))
	}
	facts = append(facts, t.OWASP[:min(len(t.OWASP), 8)]...)
	s.block(left+22, wholeWidth-22, span{single(strings.Join(facts, " · "), 700), small})
	s.block(left+22, wholeWidth-22, clipped(t.Seen, 1200, body)...)
	if t.Advice != "" {
		s.block(left+22, wholeWidth-22, append([]span{{"What to do: ", strong}}, clipped(t.Advice, 1200, body)...)...)
	}
	if t.Note != "" {
		s.block(left+22, wholeWidth-22, append([]span{{"Note: ", strong}}, clipped(t.Note, 1200, body)...)...)
	}
	if len(t.Exchanges) > 0 {
		s.block(left+22, wholeWidth-22, span{"Exchanges " + single(join(t.Exchanges, 12), 300), small})
	}
	s.y += 2
	s.line(left, s.y, pageWidth-right, s.y, rule, 0.15)
}

// clipped is a bounded text that says what was left out.
func clipped(words string, most int, st style) []span {
	words, cut := brief(strings.TrimRight(words, "\r\n "), most)
	return []span{{words, st}, shortened(cut, small)}
}

func (s *sheet) requirements() {
	s.section(report.SectionRequirements, 30)
	all := s.d.Requirements
	if len(all) == 0 {
		s.paragraph(span{"Nobody set requirements for this project.", body})
		return
	}
	n := map[string]int{}
	for i := range all {
		n[all[i].State]++
	}
	s.paragraph(span{fmt.Sprintf("%s: %d hold, %d fail, and of %d nothing is known. What is not known does not count as held.", report.Plural(len(all), "requirement", "requirements"), n["pass"], n["fail"], len(all)-n["pass"]-n["fail"]), body})
	s.gap(2)
	var rows [][]span
	for i := range all[:min(len(all), listRows)] {
		r := &all[i]
		state := span{"? not known", style{face: bold, size: 8.3, ink: quiet}}
		switch r.State {
		case "pass":
			state = span{"✓ holds", style{face: bold, size: 8.3, ink: green}}
		case "fail":
			state = span{"✗ fails", style{face: bold, size: 8.3, ink: red}}
		}
		seen := single(r.What, 600)
		if len(r.Refs) > 0 {
			seen += "\n" + single(join(r.Refs, 5), 200)
		}
		todo := single(r.Fix, 400)
		if r.Enforced != "" {
			todo = strings.TrimSpace(todo + "\nHeld by the policy " + single(r.Enforced, 80) + ".")
		}
		rows = append(rows, []span{state, {single(r.Name, 200) + "\n" + single(r.ID, 80), cell}, severityCell(scanner.Severity(r.Severity)), {seen, cell}, {todo, cellSoft}})
	}
	s.table([]column{{head: "State", share: 0.13}, {head: "Requirement", share: 0.26, under: true}, {head: "Weight", share: 0.1}, {head: "What was seen", share: 0.27, under: true}, {head: "What to do", share: 0.24}}, rows)
	s.more(len(all)-listRows, "requirement is", "requirements are", "in the JSON")
}

func (s *sheet) notTested() {
	s.section(report.SectionNotTested, 30)
	s.paragraph(span{"What stands here says nothing good and nothing bad: it was not looked at, or could not be.", body})
	words := s.d.Untested()
	s.heading("Not tested, or without a verdict", 14)
	if len(words) == 0 {
		s.paragraph(span{"Everything that is known came to a verdict. What nobody recorded or imported is not known to the program.", body})
	}
	s.bullets(words[:min(len(words), listRows)], 500)
	s.more(len(words)-listRows, "line is", "lines are", "in the JSON")
	for _, l := range []struct {
		head string
		all  []string
	}{{"Gaps", otherGaps(s.d)}, {"Limits", s.d.Limits}, {"What this report leaves out", s.d.Shortened}} {
		if len(l.all) == 0 {
			continue
		}
		s.heading(l.head, 14)
		s.bullets(l.all[:min(len(l.all), listRows)], 1000)
		s.more(len(l.all)-listRows, "line is", "lines are", "in the JSON")
	}
}

func (s *sheet) redaction() {
	s.section(report.SectionRedaction, 30)
	types, sum := s.d.HiddenTypes()
	s.long(sum, 1500, body)
	if len(types) == 0 {
		return
	}
	s.gap(1)
	showed := 0
	var rows [][]span
	for i := range types {
		t := &types[i]
		showed += t.Shown
		if i < listRows {
			rows = append(rows, []span{{single(t.Word, 60), cell}, {single(t.Class, 30), cellSoft}, {single(join(t.Placeholders, 4), 200), cellSoft}, {report.Grouped(int64(t.Values)), cell}, {report.Grouped(int64(t.Count)), cell}})
		}
	}
	s.table([]column{{head: "What", share: 0.22}, {head: "Class", share: 0.14}, {head: "Placeholders", share: 0.36, most: 3}, {head: "Different values", share: 0.16, right: true}, {head: "Times", share: 0.12, right: true}}, rows)
	s.more(len(types)-listRows, "type is", "types are", "in the JSON")
	if showed > 0 {
		s.gap(2)
		s.paragraph(span{"What is shown nevertheless a person chose to show. That choice was written down in the project.", strong})
	}
}

// otherGaps are the gaps that are not about tests: what nobody knows, or what nothing guards.
func otherGaps(d *report.Document) []string {
	var all []string
	for i := range d.Standing.Gaps {
		switch g := &d.Standing.Gaps[i]; g.Code {
		case report.GapNeverTested, report.GapNotTested, report.GapUnclear, report.GapStale, report.GapUnread: // Document.Untested has them
		default:
			all = append(all, g.What)
		}
	}
	return all
}
