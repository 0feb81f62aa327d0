package paper

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"assay/report"
)

func coverageTitles(d *report.Document) []string {
	var titles []string
	for i := range d.Coverage {
		titles = append(titles, frameworkName(&d.Coverage[i]))
	}
	return titles
}

func frameworkName(c *report.Coverage) string {
	return single(strings.TrimSpace(cmp.Or(c.Name, c.ID)+" "+c.Version), 160)
}

func (s *sheet) coverage() {
	s.section(report.SectionCoverage, 40)
	if len(s.d.Coverage) == 0 {
		s.paragraph(span{"No framework was asked for.", body})
		return
	}
	s.paragraph(span{"What was tested of each framework, for each asset. A number is that of the cases that came to an answer.", body})
	s.gap(2)
	s.legend(left, s.y)
	s.y += 6
	for i := range s.d.Coverage {
		s.framework(&s.d.Coverage[i])
	}
}

// legend says what the colours and signs of the grid mean.
func (s *sheet) legend(x, y float64) {
	for _, st := range []report.State{report.StateVulnerable, report.StateResisted, report.StateTested, report.StateNotTested, report.StateNotTestable} {
		word, sign, front, back := stateOf(st)
		s.cellBox(x, y, 5.5, 4.4, sign, front, back)
		s.at(x+7, y, 26, word, style{face: plain, size: 8, ink: dark})
		x += 32
	}
}

// cellBox draws one field of a grid.
func (s *sheet) cellBox(x, y, w, h float64, words string, front, back ink) {
	s.pdf.SetFillColor(int(back.r), int(back.g), int(back.b))
	s.stroke(rule, 0.2)
	s.pdf.RoundedRect(x, y, w, h, 0.7, "1234", "FD")
	st := style{face: bold, size: min(7.5, h*1.7), ink: front}
	s.atMiddle(x+w/2, y+(h-leading(st.size))/2, w, words, st)
}

// gridAssets is how many assets a grid shows beside the whole.
const gridAssets = 6

const gridRow = 6.2

func (s *sheet) framework(c *report.Coverage) {
	s.gap(4)
	s.need(48)
	s.reach(frameworkName(c), 1)
	s.at(left, s.y, wholeWidth, frameworkName(c), style{face: bold, size: 11, ink: dark})
	s.y += leading(11) + 0.5
	vulnerable, resisted, tested, not := c.Count(report.StateVulnerable), c.Count(report.StateResisted), c.Count(report.StateTested), c.Count(report.StateNotTestable)
	s.paragraph(span{fmt.Sprintf("%s: %d vulnerable, %d resisted, %d without a verdict, %d not tested, %d not testable.", report.Plural(len(c.Items), "item", "items"),
		vulnerable, resisted, tested, len(c.Items)-vulnerable-resisted-tested-not, not), small})
	if c.Note != "" {
		s.long(c.Note, 800, small)
	}
	columns := columnsOf(c)
	if len(columns) == 1 {
		s.paragraph(span{"Tested on " + single(c.Assets[columns[0]], 160) + " alone.", small})
		columns = nil
	}
	names := s.assetNames(c, columns)
	s.y += 1
	s.grid(c, columns, names)
	s.outOfGrid(c)
	if address, ok := web(c.Source); ok {
		s.y += 1
		s.paragraph(span{"Source: ", small}, span{single(c.Source, 200), style{face: plain, size: 8, ink: accent, link: address}})
	}
	s.y += 2
}

// columnsOf are the assets that a grid shows: those of which something is known.
func columnsOf(c *report.Coverage) []int {
	var columns []int
	for a := range c.Assets {
		known := slices.ContainsFunc(c.Cells, func(cells []report.Cell) bool {
			return a < len(cells) && cells[a].State != report.StateNotTested && cells[a].State != report.StateNotTestable
		})
		if known && len(columns) < gridAssets {
			columns = append(columns, a)
		}
	}
	return columns
}

// assetNames are the heads of the columns: names where they have room, else letters, which are told before the first grid
// that has them.
func (s *sheet) assetNames(c *report.Coverage, columns []int) []string {
	_, _, _, each := gridWidths(len(columns))
	names, told, short := make([]string, len(columns)), make([]string, len(columns)), true
	for i, a := range columns {
		names[i] = single(c.Assets[a], 160)
		told[i] = string(rune('A'+i)) + " is " + names[i]
		short = short && len(names[i]) <= 60 && len(lines(each-1, span{names[i], label})) <= 2
	}
	if len(names) == 0 || short {
		return names
	}
	words := strings.Join(told, "; ") + "."
	if words == s.assets {
		words = "The letters are the assets named above."
	} else {
		s.assets = words
	}
	s.paragraph(span{words, small})
	for i := range names {
		names[i] = string(rune('A' + i))
	}
	return names
}

// many is how many items a framework has that are all shown in its grid, also those of which nothing is known.
const many = 12

// inGrid reports whether an item has a line of its own: in a long framework those that nobody tested are only named.
func inGrid(c *report.Coverage, item *report.Covered) bool {
	return len(c.Items) <= many || item.State == report.StateVulnerable || item.State == report.StateResisted || item.State == report.StateTested
}

// outOfGrid names what has no line.
func (s *sheet) outOfGrid(c *report.Coverage) {
	var not, never []string
	for i := range c.Items {
		item := &c.Items[i]
		switch {
		case inGrid(c, item):
		case item.State == report.StateNotTestable:
			not = append(not, single(item.ID, 30))
		default:
			never = append(never, single(item.ID+" "+item.Title, 120))
		}
	}
	if len(never) > 0 {
		s.y += 1
		s.paragraph(span{"Not tested: ", style{face: bold, size: 8, ink: quiet}}, span{strings.Join(never[:min(len(never), listRows)], "; ") + ".", small})
	}
	s.more(len(never)-listRows, "item that was not tested is", "items that were not tested are", "in the JSON")
	if len(not) > 0 {
		s.y += 1
		s.paragraph(span{"Not testable by what is sent to a model or an endpoint: ", style{face: bold, size: 8, ink: quiet}}, span{join(not, listRows) + ".", small})
	}
}

// gridWidths are the widths of a grid with so many assets: the id, the title, the whole, and each asset.
func gridWidths(assets int) (id, title, whole, each float64) {
	id, whole = 28, 18
	if assets > 0 {
		each = min(24, 64/float64(assets))
	}
	return id, wholeWidth - id - whole - each*float64(assets), whole, each
}

func (s *sheet) grid(c *report.Coverage, columns []int, names []string) {
	shown := 0
	for i := range c.Items {
		if !inGrid(c, &c.Items[i]) {
			continue
		}
		if shown == 0 {
			s.gridHead(names)
		}
		if shown++; shown <= listRows {
			s.gridLine(c, i, columns, names)
		}
	}
	s.more(shown-listRows, "item is", "items are", "in the JSON")
	if n := len(c.Assets) - len(columns); len(columns) == 0 {
		return
	} else if n > 0 && len(columns) < gridAssets {
		s.y += 1
		s.paragraph(span{"Nothing of this was tested on " + report.Plural(n, "other asset", "other assets") + ".", small})
	} else {
		s.more(n, "asset is", "assets are", "in the JSON")
	}
}

func (s *sheet) gridLine(c *report.Coverage, i int, columns []int, names []string) {
	id, title, whole, each := gridWidths(len(columns))
	st := style{face: plain, size: 8, ink: dark}
	item := &c.Items[i]
	words, _ := fit(lines(title-2, span{single(item.Title, 300), st}), 2, title-2)
	h := max(gridRow, height(words, st)+1.4)
	if s.room() < h {
		s.page()
		s.gridHead(names)
	}
	s.at(left, s.y+0.9, id-1, item.ID, style{face: mono, size: 7, ink: quiet})
	y := s.y + 0.7
	for _, r := range words {
		y += s.row(left+id, y, r, st)
	}
	x := left + id + title
	s.stateCell(x, whole, h, item.State, item.Cases)
	x += whole
	for _, a := range columns {
		if i < len(c.Cells) && a < len(c.Cells[i]) {
			s.stateCell(x, each, h, c.Cells[i][a].State, c.Cells[i][a].Cases)
		}
		x += each
	}
	s.y += h
}

func (s *sheet) stateCell(x, w, h float64, state report.State, cases int) {
	_, sign, front, back := stateOf(state)
	if cases > 0 {
		sign += " " + report.Grouped(int64(cases))
	}
	s.cellBox(x+0.6, s.y+0.5, w-1.2, h-1, sign, front, back)
}

func (s *sheet) gridHead(names []string) {
	id, title, whole, each := gridWidths(len(names))
	st := style{face: bold, size: 7, ink: quiet}
	s.at(left, s.y+3.6, id, "Item", st)
	x := left + id + title
	s.atMiddle(x+whole/2, s.y+3.6, whole, "All", st)
	x += whole
	for _, name := range names {
		rows, _ := fit(lines(each-1, span{single(name, 80), st}), 2, each-1)
		y := s.y + 7.2 - height(rows, st)
		for _, r := range rows {
			y += s.row(x+(each-r.width)/2, y, r, st)
		}
		x += each
	}
	s.y += 7.6
	s.line(left, s.y, pageWidth-right, s.y, rule, 0.2)
	s.y += 0.4
}

func (s *sheet) inventory() {
	k := &s.d.Stock
	s.section(report.SectionInventory, 40)
	s.paragraph(span{fmt.Sprintf("%s, %s; %s, %d of them not in the document that covers their host.", report.Plural(int(k.Exchanges), "exchange", "exchanges"), report.Plural(int(k.Conversations), "conversation", "conversations"),
		report.Plural(k.Endpoints, "AI endpoint", "AI endpoints"), k.Shadow), body})
	s.listed()
	s.riskiest()
	for _, l := range []struct {
		head, what string
		all        []report.Named
	}{
		{"Models", "Exchanges", k.Models},
		{"Tools given to models", "Calls", k.Tools},
		{"Clients", "Exchanges", k.Clients},
		{"AI hosts", "Exchanges", k.Hosts},
		{"Sensitive data that was seen", "Times", k.Sensitive},
		{"Endpoints by kind", "Endpoints", k.Kinds},
		{"Endpoints by access", "Endpoints", k.Access},
	} {
		s.named(l.head, l.what, l.all)
	}
}

// namedRows is how many names each list of the inventory has.
const namedRows = 30

// named writes names with numbers, each with a bar of its share.
func (s *sheet) named(head, what string, all []report.Named) {
	if len(all) == 0 {
		return
	}
	s.heading(head, 16)
	most := int64(1)
	for _, n := range all {
		most = max(most, n.N)
	}
	st := style{face: plain, size: 8.3, ink: dark}
	s.atRight(pageWidth-right, s.y-6.4, 40, what, label)
	for _, n := range all[:min(len(all), namedRows)] {
		s.need(5)
		s.at(left, s.y, 80, n.Name, st)
		if n.N > 0 {
			s.pill(left+84, s.y+1, max(64*float64(n.N)/float64(most), 0.8), 3, 0.6, ink{0xa9, 0xc4, 0xdf})
		}
		s.atRight(pageWidth-right, s.y, 20, report.Grouped(n.N), st)
		s.y += 5
	}
	s.more(len(all)-namedRows, "name is", "names are", "in the JSON")
}

func (s *sheet) listed() {
	all := s.d.Stock.Listed
	if len(all) == 0 {
		return
	}
	s.heading("AI endpoints", 20)
	var rows [][]span
	for i := range all[:min(len(all), listRows)] {
		e := &all[i]
		tested := span{"✗ never", style{face: bold, size: 8.3, ink: amberInk}}
		if e.Tested {
			tested = span{"✓ tested", style{face: plain, size: 8.3, ink: green}}
		}
		kind := strings.Join(slices.DeleteFunc([]string{single(e.Kind, 40), single(e.Access, 40), single(e.Provider, 60)}, func(s string) bool { return s == "" }), ", ")
		rows = append(rows, []span{
			{single(e.Name, 300), cellMono}, {kind, cellSoft}, {single(join(e.Models, 4), 200), cellSoft}, tested, {report.Grouped(int64(e.Findings)), cell}, {report.Grouped(int64(e.Risk)), cellBold},
		})
	}
	s.table([]column{
		{head: "Endpoint", share: 0.36, most: 4},
		{head: "Kind", share: 0.16, most: 3},
		{head: "Models", share: 0.17, most: 3},
		{head: "Tested", share: 0.12},
		{head: "Findings", share: 0.1, right: true},
		{head: "Risk", share: 0.09, right: true},
	}, rows)
	s.more(len(all)-listRows, "endpoint is", "endpoints are", "in the JSON")
}

func (s *sheet) riskiest() {
	all := s.d.Stock.Riskiest
	if len(all) == 0 {
		return
	}
	s.heading("What makes them a risk", 16)
	var rows [][]span
	for i := range all[:min(len(all), namedRows)] {
		a := &all[i]
		rows = append(rows, []span{{single(a.Name, 300), cellMono}, {single(join(a.Why, 8), 600), cell}, {report.Grouped(int64(a.Risk)), cellBold}})
	}
	s.table([]column{{head: "Endpoint", share: 0.42, most: 4}, {head: "Because", share: 0.5, most: 5}, {head: "Risk", share: 0.08, right: true}}, rows)
	s.more(len(all)-namedRows, "endpoint is", "endpoints are", "in the JSON")
}

func (s *sheet) method() {
	s.section(report.SectionMethod, 30)
	for _, p := range s.d.Method[:min(len(s.d.Method), 20)] {
		s.long(p, 3000, body)
	}
	if a := s.d.Judge; a != nil {
		s.heading("How right verdicts are", 14)
		s.long(fmt.Sprintf("Of %s answers whose verdict is known, %s were judged right by %s; %s were called vulnerable wrongly, and %s of what is vulnerable was missed. Measured on: %s.",
			report.Grouped(int64(a.Answers)), percent1(a.Correct), single(cmp.Or(a.Of, "rules"), 100), percent1(a.FalseFind), percent1(a.Missed), single(a.Source, 300)), 1500, body)
	} else {
		s.heading("How right verdicts are", 14)
		s.paragraph(span{"That was not measured for the judge of these tests.", body})
	}
	s.heading("Test runs", 20)
	if len(s.d.Tests) == 0 {
		s.paragraph(span{"No test was run.", body})
	}
	for i := range s.d.Tests[:min(len(s.d.Tests), 40)] {
		s.run(&s.d.Tests[i])
	}
	s.more(len(s.d.Tests)-40, "run is", "runs are", "in the project")
	s.heading("Versions", 10)
	words := fmt.Sprintf("Assay %s, report schema %d.", single(s.d.Version, 40), s.d.Schema)
	for i := range s.d.Coverage {
		words += " " + frameworkName(&s.d.Coverage[i]) + "."
	}
	s.long(words, 2000, small)
}

func percent1(x float64) string { return points(100*x) + "%" }

func (s *sheet) run(t *report.Test) {
	s.gap(2)
	s.need(22)
	s.at(left, s.y, wholeWidth, fmt.Sprintf("Run %d, %s (%s)", t.ID, single(t.Name, 120), single(t.State, 30)), style{face: bold, size: 9.5, ink: dark})
	s.y += leading(9.5)
	when := minute(t.Started)
	if !t.Ended.IsZero() {
		when += " to " + minute(t.Ended)
	}
	words := []string{when, "targets: " + single(join(t.Targets, 8), 300)}
	if len(t.Suites) > 0 {
		words = append(words, "suites: "+single(join(t.Suites, 8), 300))
	}
	words = append(words, report.Plural(t.Templates, "template", "templates"))
	if t.Trials > 0 {
		words = append(words, report.Plural(t.Trials, "trial", "trials")+" of a case")
	}
	words = append(words, report.Plural(int(t.Requests), "request", "requests"), report.Plural(int(t.Tokens), "token", "tokens"))
	if t.Cost > 0 {
		words = append(words, fmt.Sprintf("%.2f USD", sane(t.Cost, 0, 1e9)))
	}
	if t.Judge != "" {
		words = append(words, "judged by "+single(t.Judge, 80)+" where rules cannot tell")
	}
	if t.Allowed != "" {
		words = append(words, "allowed by: "+single(t.Allowed, 200))
	}
	s.paragraph(span{single(strings.Join(words, " · "), 1500), small})
	s.runCases(t)
	if len(t.Skipped) > 0 {
		var left []string
		for _, k := range t.Skipped[:min(len(t.Skipped), 12)] {
			left = append(left, fmt.Sprintf("%s: %s", report.Plural(k.Cases, "case", "cases"), single(k.Why, 200)))
		}
		s.paragraph(span{"Not sent: " + strings.Join(left, "; ") + ".", small})
		s.more(len(t.Skipped)-12, "further reason is", "further reasons are", "in the project")
	}
	s.y += 1.5
}

// runCases draws the verdicts of a run as one bar, with their numbers below.
func (s *sheet) runCases(t *report.Test) {
	total := 0
	verdicts := []struct {
		name string
		c    ink
	}{{"vulnerable", red}, {"resisted", green}, {"unclear", ink{0xb5, 0x8a, 0x1a}}, {"errored", ink{0x8a, 0x94, 0xa0}}}
	for _, v := range verdicts {
		total += max(t.Cases[v.name], 0)
	}
	if total == 0 {
		return
	}
	s.need(12)
	s.y += 1
	x := left
	for _, v := range verdicts {
		w := wholeWidth * float64(max(t.Cases[v.name], 0)) / float64(total)
		if w > 0 {
			s.fill(x, s.y, w, 2.6, v.c)
		}
		x += w
	}
	s.y += 3.2
	x = left
	for _, v := range verdicts {
		s.fill(x, s.y+1.4, 2, 2, v.c)
		words := report.Grouped(int64(t.Cases[v.name])) + " " + v.name
		s.at(x+3, s.y, 36, words, style{face: plain, size: 8, ink: dark})
		x += 34
	}
	s.y += 5.4
}
