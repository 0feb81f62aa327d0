package paper

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"assay/report"
)

// executive writes two pages, never one more: what, so what, what next. Every region has an end; what has no room in it is
// counted, and said on the second page.
func (s *sheet) executive() {
	d := s.d
	s.page()
	s.bare[1] = true
	s.masthead()
	if d.Has(report.SectionSummary) {
		s.panel()
	}
	if d.Has(report.SectionFindings) {
		s.soWhat(221)
	}
	if d.Has(report.SectionSummary) {
		s.whereItStands(pageHeight - bottom)
	}
	tiled := d.Has(report.SectionCoverage) && s.y+tilesHeight < pageHeight-bottom
	if tiled {
		s.tiles()
	}
	s.page()
	compared := d.Has(report.SectionComparison) && d.Comparison != nil
	if d.Has(report.SectionAdvice) {
		limit := 128.0
		if compared {
			limit = 105
		}
		if tiled {
			limit += tilesHeight - 7
		}
		s.whatNext(limit)
	}
	if compared {
		s.lead("Since last time", "compared with "+single(cmp.Or(d.Comparison.Against, "an earlier run"), 90))
		s.changes()
	}
	if d.Has(report.SectionCoverage) && !tiled {
		s.tiles()
	}
	if d.Has(report.SectionNotTested) || len(openOnes(d)) == 0 {
		s.openEnds(pageHeight - bottom - 24)
	}
	s.lostWords()
}

// lost counts what had no room.
type lost struct {
	what []string
	cut  bool // a text ends with an ellipsis
}

func (s *sheet) loses(n int, one, many string) {
	if n > 0 {
		s.lost.what = append(s.lost.what, report.Plural(n, one, many))
	}
}

// short breaks a text into at most so many lines, and remembers whether something is missing.
func (s *sheet) short(width float64, most int, words string, st style) []row {
	rows, cut := fit(lines(width, span{single(words, 900), st}), most, width)
	s.lost.cut = s.lost.cut || cut
	return rows
}

// put writes lines at a place and returns their height.
func (s *sheet) put(x, y float64, rows []row, base style) (h float64) {
	for _, r := range rows {
		h += s.row(x, y+h, r, base)
	}
	return h
}

// lead is a heading of the short report: a question that it answers, with a word beside it.
func (s *sheet) lead(words, beside string) {
	st := style{face: bold, size: 13, ink: accent}
	s.gap(5)
	s.row(left, s.y, oneLine(wholeWidth, span{words, st}, span{"   " + beside, style{face: plain, size: 9, ink: quiet}}), st)
	s.y += leading(st.size) + 0.6
	s.fill(left, s.y, 10, 0.7, accent)
	s.y += 2.6
}

func (s *sheet) masthead() {
	s.fill(0, 0, pageWidth, 5, accent)
	s.y = 15
	width := wholeWidth
	if s.logo(pageWidth-right-40, 14, 40, 14) {
		width -= 46
	}
	s.at(left, s.y, width, "Executive summary", style{face: bold, size: 9.5, ink: accent})
	s.y += 6.5
	title := style{face: bold, size: 19, ink: dark}
	s.y += s.put(left, s.y, s.short(width, 2, titleOf(s.d), title), title)
	s.y += 1.5
	var facts []string
	for _, f := range [][2]string{{"", s.d.Cover.Client}, {"tested by ", s.d.Cover.Tester}, {"", day(s.d.Made)}, {"", s.d.Run}} {
		if f[1] != "" {
			facts = append(facts, f[0]+single(f[1], 120))
		}
	}
	st := style{face: plain, size: 9, ink: quiet}
	s.y += s.put(left, s.y, s.short(wholeWidth, 2, strings.Join(facts, " · "), st), st) + 4
}

// panel says in one picture how things stand.
func (s *sheet) panel() {
	s.pill(left, s.y, wholeWidth, 40, 2, tint)
	s.dial(left+31, s.y+26, 20)
	x := left + 66.0
	width := wholeWidth - 72
	s.at(x, s.y+4, width, headline(s.d), style{face: bold, size: 12.5, ink: dark})
	s.severityRow(x, s.y+12.5, width)
	s.put(x, s.y+26, s.short(width, 3, s.d.Conclusion(), small), small)
	s.y += 43
}

// soWhat tells the worst findings, and beside each what it means for the business.
func (s *sheet) soWhat(limit float64) {
	all := openOnes(s.d)
	s.lead("What was found, and so what", "the worst first")
	if len(all) == 0 {
		words := "Nothing is open in what was tested. " + untested(s.d)
		s.y += s.put(left, s.y, s.short(wholeWidth, 4, words, body), body)
		return
	}
	const first, middle = 20.0, 6.0
	half := (wholeWidth - first - middle) / 2
	s.at(left+first, s.y, half, "What", label)
	s.at(left+first+half+middle, s.y, half, "So what: what it means for the business", label)
	s.y += leading(label.size) + 0.8
	s.line(left, s.y, pageWidth-right, s.y, rule, 0.2)
	groups := s.d.Meanings()
	of := 6
	for of > 1 && s.groupsHeight(groups, of, half) > limit-s.y {
		of--
	}
	shown := 0
	for _, g := range groups[:min(len(groups), 6)] {
		t := s.tell(g, of, half)
		if s.y+t.h > limit {
			break
		}
		s.drawTold(&t, left+first, left+first+half+middle)
		shown += len(g.Of)
	}
	s.loses(len(all)-shown, "open finding", "open findings")
}

// told is a group of findings with one consequence, as it stands on paper.
type told struct {
	of    []*report.Weakness // those that are named
	names [][]row
	seen  [][]row
	rest  []row // how many are not named
	means []row
	h     float64
}

var beneath = style{face: plain, size: 8.3, ink: quiet}

// tell sets a group, with so many findings of it named.
func (s *sheet) tell(g report.Meaning, of int, width float64) told {
	t := told{of: g.Of[:min(len(g.Of), of)]}
	for _, w := range t.of {
		name := s.short(width, 2, nameOf(w), strong)
		seen := s.short(width, 2, cmp.Or(w.Reason, w.Description), beneath)
		t.names, t.seen = append(t.names, name), append(t.seen, seen)
		t.h += height(name, strong) + height(seen, beneath) + 2
	}
	if n := len(g.Of) - len(t.of); n > 0 {
		t.rest = s.short(width, 1, fmt.Sprintf("And %s more with the same consequence.", report.Grouped(int64(n))), beneath)
		t.h += height(t.rest, beneath)
	}
	t.means = s.short(width, 4, cmp.Or(g.Of[0].Impact, "What that means for the business was not worked out."), body)
	t.h = max(t.h, height(t.means, body)+2) + 2
	return t
}

func (s *sheet) groupsHeight(groups []report.Meaning, of int, width float64) (h float64) {
	cut := s.lost.cut
	for _, g := range groups[:min(len(groups), 6)] {
		h += s.tell(g, of, width).h
	}
	s.lost.cut = cut // it was only measured
	return h
}

func (s *sheet) drawTold(t *told, x, means float64) {
	y := s.y + 2
	for i, w := range t.of {
		word, c := severityOf(w.Severity)
		s.chip(left, y+0.2, word, white, c)
		y += s.put(x, y, t.names[i], strong)
		y += s.put(x, y, t.seen[i], beneath) + 2
	}
	s.put(x, y, t.rest, beneath)
	s.put(means, s.y+2, t.means, body)
	s.y += t.h
	s.line(left, s.y, pageWidth-right, s.y, rule, 0.15)
}

// untested says how much of the list of the OWASP nobody tested.
func untested(d *report.Document) string {
	var ids []string
	for _, c := range d.Standing.OWASP {
		if c.State == report.StateNotTested || c.State == report.StateNotTestable || c.State == report.StateTested {
			ids = append(ids, single(c.ID, 30))
		}
	}
	if len(d.Standing.OWASP) == 0 {
		return "What was not tested is not known."
	}
	if len(ids) == 0 {
		return "Every category came to a verdict."
	}
	return fmt.Sprintf("Of %d of %d categories nothing is known: %s.", len(ids), len(d.Standing.OWASP), join(ids, 10))
}

// whereItStands shows the score over time, and what takes points away.
func (s *sheet) whereItStands(limit float64) {
	if s.y+52 > limit {
		s.loses(1, "picture of the score over time", "")
		return
	}
	s.lead("How it stands", "score over time, and what takes points away")
	y := s.y
	if len(s.d.Trend) > 1 {
		s.trend(left, y+1, 78, 29)
	} else {
		s.put(left, y, s.short(70, 3, "There is no trend yet: one snapshot is kept every day, and one after each run.", small), small)
	}
	s.areaBars(left+88, y, wholeWidth-88, false)
	s.y = y + 37
}

// whatNext writes the advice that gains most.
func (s *sheet) whatNext(limit float64) {
	all := s.d.Standing.Advice
	s.lead("What next", "what gains most for its effort first")
	if len(all) == 0 {
		s.y += s.put(left, s.y, s.short(wholeWidth, 3, "There is no advice. "+untested(s.d), body), body)
		return
	}
	shown := 0
	for i := range all[:min(len(all), 6)] {
		a := &all[i]
		what := s.short(112, 3, a.What, strong)
		why := s.short(112, 2, a.Why, cellSoft)
		who := s.short(42, 2, a.Who, cell)
		gain := s.short(42, 2, single(string(a.Effort), 10)+" effort, "+gainWords(a), small)
		h := max(height(what, strong)+height(why, cellSoft), height(who, cell)+height(gain, small)) + 4
		if s.y+h > limit {
			break
		}
		st := priorityStyle(a.Priority)
		s.chip(left, s.y+2.2, single(string(a.Priority), 4), white, st.ink)
		y := s.y + 2
		y += s.put(left+12, y, what, strong)
		s.put(left+12, y, why, cellSoft)
		y = s.y + 2
		y += s.put(left+128, y, who, cell)
		s.put(left+128, y, gain, small)
		s.y += h
		s.line(left, s.y, pageWidth-right, s.y, rule, 0.15)
		shown++
	}
	s.loses(len(all)-shown, "piece of advice", "pieces of advice")
}

func gainWords(a *report.Advice) string {
	if a.Reduction == 0 && a.Risk > 0 {
		return "risk −" + points(a.Risk)
	}
	return "+" + points(a.Reduction) + " points"
}

// tilesHeight is how much room the tiles need, with their heading.
const tilesHeight = 52

// tiles shows each category of the OWASP list with its state, two side by side.
func (s *sheet) tiles() {
	items := s.d.Standing.OWASP
	s.lead("What was tested", "OWASP Top 10 for LLM applications")
	if len(items) == 0 {
		s.y += s.put(left, s.y, s.short(wholeWidth, 2, "No category is known.", body), body)
		return
	}
	s.loses(len(items)-10, "category", "categories")
	items = items[:min(len(items), 10)]
	half := (wholeWidth - 6) / 2
	lines := (len(items) + 1) / 2
	for i := range items {
		x, y := left+float64(i/lines)*(half+6), s.y+float64(i%lines)*6.6
		word, sign, front, back := stateOf(items[i].State)
		s.cellBox(x, y, 25, 5.4, sign+" "+word, front, back)
		id, _, _ := strings.Cut(single(items[i].ID, 24), ":")
		s.at(x+27, y+0.7, half-27, id+" "+items[i].Title, style{face: plain, size: 8, ink: dark})
	}
	s.y += float64(lines)*6.6 + 1
}

// openEnds says what was not looked at, and how the report was made.
func (s *sheet) openEnds(limit float64) {
	s.lead("What was not tested", "of these nothing is known, or not enough")
	all := slices.Concat(s.d.Untested(), otherGaps(s.d), s.d.Limits)
	if len(all) == 0 {
		all = []string{"No gap is known in what was recorded and imported. " + untested(s.d)}
	}
	shown := 0
	for _, words := range all[:min(len(all), 20)] {
		rows := s.short(wholeWidth-5, 2, words, cell)
		if s.y+height(rows, cell)+0.8 > limit {
			break
		}
		s.pdf.SetFillColor(int(accent.r), int(accent.g), int(accent.b))
		s.pdf.Circle(left+1.2, s.y+leading(cell.size)/2, 0.5, "F")
		s.y += s.put(left+5, s.y, rows, cell) + 0.8
		shown++
	}
	s.loses(len(all)-shown, "line of what was not tested", "lines of what was not tested")
}

// lostWords says at the foot of the second page what had no room, and where it stands.
func (s *sheet) lostWords() {
	var words []string
	if len(s.lost.what) > 0 {
		words = append(words, "Left out for two pages: "+strings.Join(s.lost.what, ", ")+".")
	}
	if s.lost.cut {
		words = append(words, "Texts that end with … were shortened.")
	}
	if len(words) > 0 {
		words = append(words, "The technical report has them.")
	}
	if n := len(s.d.Hidden); n > 0 {
		words = append(words, report.Plural(n, "secret or personal value is", "secret or personal values are")+" hidden as placeholders.")
	}
	if len(s.d.Shortened) > 0 {
		words = append(words, single(s.d.Shortened[0], 300))
		words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
	}
	for _, f := range [][2]string{{"Scope: ", s.d.Cover.Scope}, {"Authorisation: ", s.d.Cover.Authorisation}} {
		if f[1] != "" && s.d.Has(report.SectionScope) {
			words = append(words, f[0]+strings.TrimRight(single(f[1], 220), ". ")+".")
		}
	}
	rows, _ := fit(lines(wholeWidth, span{strings.Join(words, " "), style{face: plain, size: 7.5, ink: quiet}}), 6, wholeWidth)
	base := style{face: plain, size: 7.5, ink: quiet}
	s.put(left, pageHeight-bottom-height(rows, base)+2, rows, base)
}
