package paper

import (
	"cmp"
	"fmt"
	"strings"

	"assay/report"
)

// parts are the sections that the report has, in their order.
func (s *sheet) parts() []part {
	d := s.d
	writers := map[report.Section]part{
		report.SectionSummary:      {write: s.summary},
		report.SectionScope:        {write: s.scope},
		report.SectionComparison:   {write: s.comparison},
		report.SectionAdvice:       {write: s.advice},
		report.SectionFindings:     {write: s.findings, under: findingTitles(d)},
		report.SectionThreats:      {write: s.threats},
		report.SectionCoverage:     {write: s.coverage, under: coverageTitles(d)},
		report.SectionRequirements: {write: s.requirements},
		report.SectionInventory:    {write: s.inventory},
		report.SectionMethod:       {write: s.method},
		report.SectionNotTested:    {write: s.notTested},
		report.SectionRedaction:    {write: s.redaction},
	}
	var parts []part
	for _, c := range d.Chapters() {
		if p, ok := writers[c.ID]; ok {
			p.title = c.Heading
			parts = append(parts, p)
		}
	}
	return parts
}

// headline is the one sentence that somebody remembers.
func headline(d *report.Document) string {
	all := openOnes(d)
	if len(all) == 0 {
		tested := 0
		for _, c := range d.Standing.OWASP {
			if c.State == report.StateResisted || c.State == report.StateVulnerable {
				tested++
			}
		}
		if tested == 0 {
			return "Nothing came to a verdict yet"
		}
		return fmt.Sprintf("Nothing open in what was tested: %d of %d categories", tested, len(d.Standing.OWASP))
	}
	word, _ := severityOf(worst(all))
	n := d.OpenBySeverity()[worst(all)]
	if len(all) == 1 {
		return "1 open finding; it is " + strings.ToLower(word)
	}
	return fmt.Sprintf("%d open findings, %d of them %s", len(all), n, strings.ToLower(word))
}

// standingWords say what the score means, or why there is none.
func standingWords(d *report.Document) string {
	p, whole := &d.Standing, ""
	if d.Run != "" {
		whole = " It is that of the whole project, whatever the report is limited to."
	}
	if !p.Enough {
		return fmt.Sprintf("There is no score: %s With what is known it could be %s at the most.", cmp.Or(p.Missing, "there is not enough evidence."), points(p.Score))
	}
	return fmt.Sprintf("The score starts at 100; %s points away. What nobody tested counts as what is bad does.%s", report.Plural(len(p.Reasons), "thing takes", "things take"), whole)
}

func (s *sheet) summary() {
	s.section(report.SectionSummary, 60)
	y := s.y
	s.dial(left+32, y+27, 24)
	x, width := left+72, wholeWidth-72
	s.at(x, y+1, width, headline(s.d), style{face: bold, size: 12, ink: dark})
	s.severityRow(x, y+10, width)
	rows, _ := fit(lines(width, span{single(s.d.Conclusion(), 600), body}), 4, width)
	at := y + 24.0
	for _, r := range rows {
		at += s.row(x, at, r, body)
	}
	s.y = max(y+36, at)
	s.gap(2)
	s.paragraph(span{single(standingWords(s.d), 500), small})
	s.heading("What takes points away", 40)
	s.y += s.areaBars(left, s.y, wholeWidth, true) + 1
	s.paragraph(span{"Grey is the most that an area can take away, red is what it takes.", small})
	s.reasons()
	s.trendPart()
}

// reasonRows is how many reasons of the score a report prints.
const reasonRows = 25

func (s *sheet) reasons() {
	var rows [][]span
	idle, more := 0, 0
	for i := range s.d.Standing.Reasons {
		r := &s.d.Standing.Reasons[i]
		switch {
		case r.Points == 0:
			idle++
			continue
		case len(rows) == reasonRows:
			more++
			continue
		}
		rows = append(rows, []span{{areaName(r.Area), cellSoft}, {single(r.What, 600), cell}, {single(r.Ref, 80), style{face: mono, size: 7, ink: quiet}}, {minus(r.Points), cellBold}})
	}
	s.gap(3)
	s.table([]column{{head: "Area", share: 0.14}, {head: "Reason", share: 0.56, most: 4}, {head: "Where", share: 0.2, most: 2}, {head: "Points", share: 0.1, right: true}}, rows)
	s.more(more, "reason is", "reasons are", "in the project and in the JSON")
	if idle > 0 {
		s.y += 1
		s.paragraph(span{report.Plural(idle, "further reason takes", "further reasons take") + " nothing more away, because their areas are at their limits. They count when others are mended.", small})
	}
}

// more says how many of a list are not printed.
func (s *sheet) more(n int, one, many, where string) {
	if n > 0 {
		s.y += 1
		s.paragraph(span{report.Plural(n, one, many) + " not printed here; they are " + where + ".", small})
	}
}

// trendRows is how many snapshots the table below the picture has.
const trendRows = 12

func (s *sheet) trendPart() {
	all := s.d.Trend
	if len(all) == 0 {
		return
	}
	s.heading("How it went", 60)
	s.at(left, s.y, 90, "Score", label)
	s.at(left+104, s.y, 60, "Open findings", label)
	s.y += 5
	s.trend(left, s.y, 96, 32)
	s.stacked(left+104, s.y, wholeWidth-104, 32)
	s.y += 39
	var rows [][]span
	for i := len(all) - 1; i >= 0 && len(rows) < trendRows; i-- {
		score := points(all[i].Score) + " " + single(all[i].Grade, 4)
		if !all[i].Enough {
			score = "not enough evidence"
		}
		row := []span{{minute(all[i].At), cell}, {causeOf(all[i].Cause), cellSoft}, {score, cellBold}}
		for _, sev := range report.Severities[:4] {
			row = append(row, span{report.Grouped(int64(all[i].Severities[string(sev)])), cell})
		}
		rows = append(rows, row)
	}
	s.table([]column{
		{head: "When", share: 0.26},
		{head: "After", share: 0.14},
		{head: "Score", share: 0.22},
		{head: "Critical", share: 0.095, right: true},
		{head: "High", share: 0.095, right: true},
		{head: "Medium", share: 0.095, right: true},
		{head: "Low", share: 0.095, right: true},
	}, rows)
	s.more(len(all)-trendRows, "earlier snapshot is", "earlier snapshots are", "in the project")
	if moved := s.d.Moved; len(moved) > 0 {
		s.heading("What moved it last", 16)
		rows = nil
		for _, m := range moved[:min(len(moved), reasonRows)] {
			st, by := style{face: bold, size: 8.3, ink: green}, "+"+points(m.Points)
			if m.Points < 0 {
				st.ink, by = red, minus(-m.Points)
			}
			rows = append(rows, []span{{by, st}, {single(m.What, 600), cell}})
		}
		s.table([]column{{head: "Points", share: 0.1, right: true}, {head: "Because", share: 0.9, most: 4}}, rows)
		s.more(len(moved)-reasonRows, "move is", "moves are", "in the project and in the JSON")
	}
}

func causeOf(cause string) string {
	if run, ok := strings.CutPrefix(cause, "run:"); ok {
		return "run " + single(run, 20)
	}
	if cause == "day" {
		return "a day"
	}
	return single(cause, 40)
}

func (s *sheet) scope() {
	s.section(report.SectionScope, 20)
	c := &s.d.Cover
	said := false
	for _, f := range [][2]string{{"Scope", c.Scope}, {"Authorisation", c.Authorisation}, {"Note", c.Note}} {
		if f[1] == "" {
			continue
		}
		said = true
		s.heading(f[0], 12)
		s.long(f[1], 6000, body)
	}
	if !said {
		s.paragraph(span{"Nobody wrote down a scope or an authorisation for this report.", body})
	}
	s.heading("What the report is made of", 20)
	k := &s.d.Stock
	what := fmt.Sprintf("Project %s%s: %s in %s.", s.d.Project, map[bool]string{true: "", false: ", limited to " + s.d.Run}[s.d.Run == ""],
		report.Plural(int(k.Exchanges), "recorded exchange", "recorded exchanges"), report.Plural(int(k.Conversations), "conversation", "conversations"))
	if !k.From.IsZero() {
		what += fmt.Sprintf(" The first is of %s, the last of %s.", minute(k.From), minute(k.To))
	}
	s.long(what, 1200, body)
	s.paragraph(span{fmt.Sprintf("Made by Assay %s on %s.", single(s.d.Version, 40), minute(s.d.Made)), body})
}

// long writes a text of several paragraphs, bounded, and says what was left out.
func (s *sheet) long(words string, most int, st style) {
	words, cut := brief(words, most)
	s.paragraph(span{strings.TrimRight(words, "\n "), st}, shortened(cut, style{face: plain, size: st.size, ink: quiet}))
	s.y += 1.5
}

func (s *sheet) advice() {
	s.section(report.SectionAdvice, 30)
	all := s.d.Standing.Advice
	if len(all) == 0 {
		s.paragraph(span{"There is no advice. That is not a clean bill: see what was not tested.", body})
	}
	var rows [][]span
	for i := range all[:min(len(all), reasonRows)] {
		a := &all[i]
		rows = append(rows, []span{
			{single(string(a.Priority), 4), priorityStyle(a.Priority)},
			{single(a.What, 700) + "\n" + single(a.Why, 500), cell},
			{single(a.Who, 120) + "\n" + single(string(a.Effort), 20) + " effort", cellSoft},
			{single(a.Check, 200), cellSoft},
			{gainOf(a), cellBold},
		})
	}
	s.table([]column{{head: "", share: 0.06}, {head: "What, and why", share: 0.52, under: true}, {head: "Who", share: 0.15, under: true}, {head: "How to check", share: 0.18, most: 5}, {head: "Gain", share: 0.09, right: true, under: true}}, rows)
	if len(all) > 0 {
		s.y += 1
		s.paragraph(span{"Gain: points that the score gains. Where an area is beyond its limit the score gains nothing yet; the risk that is mended stands below.", small})
	}
	s.more(len(all)-reasonRows, "piece of advice is", "pieces of advice are", "in the project and in the JSON")
	if done := s.d.Standing.Done; len(done) > 0 {
		s.heading("Done, as a retest showed", 12)
		var words []string
		for i := range done {
			words = append(words, single(done[i].What, 400))
		}
		s.bullets(words[:min(len(words), reasonRows)], 500)
		s.more(len(words)-reasonRows, "more is", "more are", "in the project")
	}
}

// gainOf is what the score gains by advice; where that is nothing yet, the risk that it mends stands below.
func gainOf(a *report.Advice) string {
	if a.Reduction == 0 && a.Risk > 0 {
		return "0.0\nrisk " + points(a.Risk)
	}
	if a.Reduction == 0 {
		return "0.0"
	}
	return "+" + points(a.Reduction)
}

func priorityStyle(p report.Priority) style {
	switch p {
	case report.P0:
		return style{face: bold, size: 8.3, ink: red}
	case report.P1:
		return style{face: bold, size: 8.3, ink: ink{0xb3, 0x42, 0x0c}}
	case report.P2:
	}
	return style{face: bold, size: 8.3, ink: quiet}
}
