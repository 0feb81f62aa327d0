package paper

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"assay/report"
	"assay/scanner"
)

// listRows is how many rows the long lists have.
const listRows = 200

func (s *sheet) comparison() {
	c := s.d.Comparison
	s.section("What changed", 60)
	s.paragraph(span{"Compared with " + single(cmp.Or(c.Against, "an earlier run"), 300) + ".", body})
	s.y += 2
	s.changes()
	for _, g := range []struct {
		head, none string
		rows       [][]span
	}{
		{"New", "No weakness is new.", s.changed("new")},
		{"Fixed", "Nothing was shown to be fixed.", s.gone(true)},
		{"Still there", "No weakness is still there.", s.changed("still")},
		{"Not known", "Everything was tested again.", s.gone(false)},
	} {
		s.heading(g.head, 16)
		if len(g.rows) == 0 {
			s.paragraph(span{g.none, body})
			continue
		}
		s.table([]column{{head: "Severity", share: 0.12}, {head: "Weakness", share: 0.46, most: 3}, {head: "Target", share: 0.2, most: 2}, {head: "What is known", share: 0.22, most: 4}}, g.rows[:min(len(g.rows), listRows)])
		s.more(len(g.rows)-listRows, "weakness is", "weaknesses are", "in the JSON")
	}
}

// changes draws the four numbers of a retest.
func (s *sheet) changes() {
	c := s.d.Comparison
	w := wholeWidth / 4
	for i, b := range []struct {
		n           int
		word, what  string
		front, back ink
	}{
		{len(c.New), "new", "found now, not before", red, redTint},
		{len(c.Fixed), "fixed", "tested again, and resisted", green, greenTint},
		{len(c.Still), "still there", "found before and now", amberInk, amberTint},
		{len(c.Unknown), "not known", "not tested again, or no verdict", quiet, ink{0xe9, 0xec, 0xf0}},
	} {
		x := left + float64(i)*w
		s.pill(x, s.y, w-3, 22, 1.5, b.back)
		s.atMiddle(x+(w-3)/2, s.y+2, w-6, report.Grouped(int64(b.n)), style{face: bold, size: 20, ink: b.front})
		s.atMiddle(x+(w-3)/2, s.y+11.5, w-6, b.word, style{face: bold, size: 9, ink: b.front})
		s.atMiddle(x+(w-3)/2, s.y+16.2, w-5, b.what, style{face: plain, size: 7, ink: b.front})
	}
	s.y += 26
}

func severityCell(v scanner.Severity) span {
	word, c := severityOf(v)
	return span{word, style{face: bold, size: 8.3, ink: c}}
}

func (s *sheet) changed(how string) (rows [][]span) {
	for _, w := range ordered(s.d) {
		if w.Change != how {
			continue
		}
		rate := ""
		if w.Rate != nil {
			rate = "worked in " + percent(w.Rate.Value) + " of trials"
		}
		if st := findingState(w.State); st != "" {
			rate = strings.TrimPrefix(rate+"; "+st, "; ")
		}
		rows = append(rows, []span{severityCell(w.Severity), {nameOf(w), cell}, {single(cmp.Or(w.Name, w.Target), 100), cellSoft}, {rate, cellSoft}})
	}
	return rows
}

// gone are the fixed weaknesses, or those of which nothing is known. Unknown ones stand among the findings as well where
// their runs are told; those are added by their names.
func (s *sheet) gone(fixed bool) (rows [][]span) {
	c := s.d.Comparison
	named := map[string]bool{}
	for i := range c.Gone {
		g := &c.Gone[i]
		named[g.Print] = true
		if g.Fixed == fixed {
			why := single(g.Why, 300)
			if fixed {
				why = cmp.Or(why, "tested again, and resisted")
			}
			rows = append(rows, []span{severityCell(g.Severity), {single(g.Title, 300), cell}, {single(g.Target, 100), cellSoft}, {why, cellSoft}})
		}
	}
	prints := c.Unknown
	if fixed {
		prints = c.Fixed
	}
	for i := range s.d.Weaknesses {
		w := &s.d.Weaknesses[i]
		if slices.Contains(prints, w.Print) && !named[w.Print] {
			why := "not tested again, or without a verdict"
			if fixed {
				why = "tested again, and resisted"
			}
			rows = append(rows, []span{severityCell(w.Severity), {nameOf(w), cell}, {single(cmp.Or(w.Name, w.Target), 100), cellSoft}, {why, cellSoft}})
		}
	}
	return rows
}

func (s *sheet) threats() {
	s.section("Threats in the traffic", 30)
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
	s.section("Requirements", 30)
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
	s.section("What was not tested, and limits", 30)
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

// otherGaps are the gaps that are not about tests: what nobody knows, or what nothing guards.
func otherGaps(d *report.Document) []string {
	untested := d.Untested()
	var all []string
	for i := range d.Standing.Gaps {
		if what := d.Standing.Gaps[i].What; !slices.Contains(untested, what) {
			all = append(all, what)
		}
	}
	return all
}

func (s *sheet) redaction() {
	s.section("What was hidden", 30)
	all := s.d.Hidden
	if len(all) == 0 {
		s.paragraph(span{"No secret and nothing personal was found in what this report tells.", body})
		return
	}
	s.paragraph(span{"Secrets and personal data stand as placeholders: the same value is the same placeholder everywhere in this report.", body})
	s.gap(2)
	type group struct{ kinds, times int }
	groups := map[[2]string]*group{}
	var order [][2]string
	showed := 0
	for i := range all {
		h := &all[i]
		key := [2]string{single(cmp.Or(h.Word, h.Type), 60), single(h.Class, 30)}
		if groups[key] == nil {
			groups[key] = &group{}
			order = append(order, key)
		}
		groups[key].kinds++
		groups[key].times += h.Count
		if h.Shown {
			showed++
		}
	}
	var rows [][]span
	for _, key := range order[:min(len(order), listRows)] {
		rows = append(rows, []span{{key[0], cell}, {key[1], cellSoft}, {report.Grouped(int64(groups[key].kinds)), cell}, {report.Grouped(int64(groups[key].times)), cell}})
	}
	s.table([]column{{head: "What", share: 0.4}, {head: "Class", share: 0.24}, {head: "Different values", share: 0.18, right: true}, {head: "Times", share: 0.18, right: true}}, rows)
	if showed > 0 {
		s.gap(2)
		s.paragraph(span{report.Plural(showed, "value is", "values are") + " shown nevertheless, because a person chose to. That choice was written down in the project.", strong})
	}
}
