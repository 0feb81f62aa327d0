package paper

import (
	"slices"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"assay/report"
)

// Colours. Each is readable on what it stands on (WCAG AA, 4.5 to 1): a test says so.
var (
	dark      = ink{0x1b, 0x24, 0x30}
	quiet     = ink{0x55, 0x60, 0x6d}
	rule      = ink{0xd6, 0xdc, 0xe3}
	tint      = ink{0xf4, 0xf6, 0xf9}
	accent    = ink{0x0f, 0x4c, 0x81}
	pale      = ink{0xe7, 0xef, 0xf7}
	white     = ink{0xff, 0xff, 0xff}
	amberInk  = ink{0x7a, 0x4b, 0x00}
	amberTint = ink{0xff, 0xf1, 0xd0}
	red       = ink{0x9b, 0x1c, 0x2e}
	redTint   = ink{0xfb, 0xe3, 0xe4}
	green     = ink{0x1c, 0x6b, 0x43}
	greenTint = ink{0xdf, 0xf3, 0xe6}
)

// The page: A4, in millimetres.
const (
	pageWidth  = 210.0
	pageHeight = 297.0
	left       = 20.0
	right      = 20.0
	top        = 25.0
	bottom     = 24.0
	wholeWidth = pageWidth - left - right
)

// Styles of running text.
var (
	body   = style{face: plain, size: 9.5, ink: dark}
	strong = style{face: bold, size: 9.5, ink: dark}
	small  = style{face: plain, size: 8, ink: quiet}
	label  = style{face: bold, size: 7.5, ink: quiet}
	code   = style{face: mono, size: 7.8, ink: dark}
)

// sheet is the paper that is written on, from top to bottom.
type sheet struct {
	pdf     *fpdf.Fpdf
	d       *report.Document
	y       float64
	used    style // of the last text, as the library knows it
	fresh   bool  // the page has a font
	entries []entry
	next    int          // of entries, while they are reached
	mark    string       // what the person wrote of how the report is to be handled; empty for nothing
	title   string       // on every page
	bare    map[int]bool // pages without a head
	lost    lost         // of the short report
	loaded  [faces]bool
	assets  string // the letters of assets, as they were told last
}

// entry is a line of the contents.
type entry struct {
	words string
	level int
	link  int
	page  int
}

func newSheet(d *report.Document) *sheet {
	p := fpdf.New("P", "mm", "A4", "")
	p.SetCatalogSort(true)
	p.SetCreationDate(d.Made.UTC())
	p.SetModificationDate(d.Made.UTC())
	p.SetMargins(0, 0, 0)
	p.SetAutoPageBreak(false, 0)
	p.SetLang("en")
	p.SetDisplayMode("fullwidth", "single")
	s := &sheet{pdf: p, d: d, title: single(titleOf(d), 120), mark: handling(&d.Cover), bare: map[int]bool{}}
	p.SetTitle(shown(s.title), true)
	p.SetAuthor(shown(single(d.Cover.Tester, 200)), true)
	p.SetSubject(shown(single(d.Cover.Client, 200)), true)
	p.SetCreator(shown("Assay "+single(d.Version, 40)), true)
	p.SetProducer("Assay", true)
	return s
}

// shown is a text as it stands on the page, with what cannot be seen as numbers.
func shown(text string) string {
	var b strings.Builder
	for _, g := range set([]span{{text, body}}) {
		b.WriteRune(g.r)
	}
	return b.String()
}

func (s *sheet) page() {
	s.pdf.AddPage()
	s.y, s.fresh = top, false
}

// room is what is left of the page.
func (s *sheet) room() float64 { return pageHeight - bottom - s.y }

// turn goes back to a page. The library believes that colours are those of the page it comes from, so it is told one that no
// text has.
func (s *sheet) turn(page int) {
	s.pdf.SetPage(page)
	s.pdf.SetFillColor(255, 254, 253)
	s.fresh = false
}

// need starts a page unless so many millimetres are left.
func (s *sheet) need(h float64) {
	if s.room() < h && s.y > top {
		s.page()
	}
}

// gap leaves space, but not at the top of a page.
func (s *sheet) gap(h float64) {
	if s.y > top {
		s.y += h
	}
}

func leading(size float64) float64 { return size * point * 1.42 }

func rowHeight(r row, base style) float64 {
	if len(r.glyphs) == 0 {
		return leading(base.size)
	}
	most := 0.0
	for i := range r.glyphs {
		most = max(most, r.glyphs[i].style.size)
	}
	return leading(most)
}

// row writes one line with its top left corner at x, y; it returns its height.
func (s *sheet) row(x, y float64, r row, base style) float64 {
	h := rowHeight(r, base)
	line := y + h/2 + base.size*point*0.36
	for i := 0; i < len(r.glyphs); {
		st := r.glyphs[i].style
		var b strings.Builder
		w := 0.0
		for ; i < len(r.glyphs) && r.glyphs[i].style == st; i++ {
			b.WriteRune(r.glyphs[i].r)
			w += r.glyphs[i].w
		}
		if st.back != nil {
			s.fill(x, y+h*0.08, w, h*0.84, *st.back)
		}
		s.word(x, line, b.String(), *st)
		switch {
		case st.to != 0:
			s.pdf.Link(x, y, w, h, st.to)
		case st.link != "":
			s.pdf.LinkString(x, y, w, h, st.link)
		}
		x += w
	}
	return h
}

// word writes a text whose characters its font has.
func (s *sheet) word(x, y float64, words string, st style) {
	if strings.TrimSpace(words) == "" {
		return
	}
	if !s.fresh || s.used.face != st.face || s.used.size != st.size {
		s.font(st.face, st.size)
	}
	if !s.fresh || s.used.ink != st.ink {
		s.pdf.SetTextColor(int(st.ink.r), int(st.ink.g), int(st.ink.b))
	}
	s.used, s.fresh = st, true
	s.pdf.Text(x, y, words)
}

// font selects a font. A file holds those that it needs, and of them the signs that it needs.
func (s *sheet) font(f face, size float64) {
	m := &known()[f]
	if !s.loaded[f] {
		s.pdf.AddUTF8FontFromBytes(m.name, "", slices.Clone(m.data)) // the library writes into it
		s.loaded[f] = true
	}
	s.pdf.SetFont(m.name, "", size)
}

// at writes a text on one line at a place, shortened to a width; it is for words whose place is fixed.
func (s *sheet) at(x, y, width float64, words string, st style) {
	s.row(x, y, oneLine(width, span{single(words, 400), st}), st)
}

// atRight is at, with its end at x.
func (s *sheet) atRight(x, y, width float64, words string, st style) {
	r := oneLine(width, span{single(words, 400), st})
	s.row(x-r.width, y, r, st)
}

// atMiddle is at, with its middle at x.
func (s *sheet) atMiddle(x, y, width float64, words string, st style) {
	r := oneLine(width, span{single(words, 400), st})
	s.row(x-r.width/2, y, r, st)
}

func (s *sheet) fill(x, y, w, h float64, c ink) {
	s.pdf.SetFillColor(int(c.r), int(c.g), int(c.b))
	s.pdf.Rect(x, y, w, h, "F")
}

func (s *sheet) pill(x, y, w, h, r float64, c ink) {
	s.pdf.SetFillColor(int(c.r), int(c.g), int(c.b))
	s.pdf.RoundedRect(x, y, w, h, r, "1234", "F")
}

func (s *sheet) stroke(c ink, width float64) {
	s.pdf.SetDrawColor(int(c.r), int(c.g), int(c.b))
	s.pdf.SetLineWidth(width)
}

func (s *sheet) line(x1, y1, x2, y2 float64, c ink, width float64) {
	s.stroke(c, width)
	s.pdf.Line(x1, y1, x2, y2)
}

// height is that of lines.
func height(rows []row, base style) (h float64) {
	for i := range rows {
		h += rowHeight(rows[i], base)
	}
	return h
}

// paragraph writes text over the whole width; no line of it stands alone on a page where it can be helped.
func (s *sheet) paragraph(spans ...span) { s.block(left, wholeWidth, spans...) }

func (s *sheet) block(x, width float64, spans ...span) {
	if len(spans) == 0 {
		return
	}
	base := spans[0].style
	s.rows(x, lines(width, spans...), base)
}

func (s *sheet) rows(x float64, rows []row, base style) {
	h := leading(base.size)
	if len(rows) <= 3 {
		s.need(height(rows, base))
	}
	for i := range rows {
		left := len(rows) - i
		switch {
		case i == 0:
			s.need(h * float64(min(left, 2)))
		case left == 2:
			s.need(h * 2)
		}
		s.need(rowHeight(rows[i], base))
		s.y += s.row(x, s.y, rows[i], base)
	}
}

// bullets writes a list.
func (s *sheet) bullets(items []string, most int) {
	for _, item := range items {
		words, cut := brief(item, most)
		rows := lines(wholeWidth-5, span{words, body}, shortened(cut, small))
		s.need(min(height(rows, body), leading(body.size)*2))
		s.pdf.SetFillColor(int(accent.r), int(accent.g), int(accent.b))
		s.pdf.Circle(left+1.4, s.y+leading(body.size)/2, 0.6, "F")
		s.rows(left+5, rows, body)
		s.y += 1
	}
}

// shortened says how much of a text was left out; nothing where nothing was.
func shortened(cut int, st style) span {
	if cut == 0 {
		return span{"", st}
	}
	return span{" … " + report.Grouped(int64(cut)) + " more bytes are left out here.", st}
}

// section starts a part with its heading: on a page of its own where little is left of this one.
func (s *sheet) section(id report.Section, after float64) {
	words := ""
	for _, c := range s.d.Chapters() {
		if c.ID == id {
			words = c.Heading
		}
	}
	s.gap(9)
	s.need(14 + after)
	s.reach(words, 0)
	st := style{face: bold, size: 16, ink: accent}
	s.at(left, s.y, wholeWidth, words, st)
	s.y += leading(st.size) + 1
	s.fill(left, s.y, 14, 0.8, accent)
	s.y += 4
}

// heading is that of a piece of a section; it stands with at least so many millimetres of what follows.
func (s *sheet) heading(words string, after float64) {
	st := style{face: bold, size: 11, ink: dark}
	s.gap(4)
	s.need(leading(st.size) + after)
	s.at(left, s.y, wholeWidth, words, st)
	s.y += leading(st.size) + 1
}

// reach notes the place of the next line of the contents.
func (s *sheet) reach(words string, level int) {
	s.fresh = false
	s.font(plain, 9) // the library looks at the font to see how a bookmark is written
	s.pdf.Bookmark(shown(single(words, 160)), level, s.y)
	if s.next < len(s.entries) {
		e := &s.entries[s.next]
		s.pdf.SetLink(e.link, max(0, s.y-4), s.pdf.PageNo())
		e.page = s.pdf.PageNo()
		s.next++
	}
}

// decorate writes what stands on every page, when it is known how many there are.
func (s *sheet) decorate() {
	pages := s.pdf.PageCount()
	foot := style{face: plain, size: 7.5, ink: quiet}
	made := strings.TrimRight("Assay "+single(s.d.Version, 20)+" · "+day(s.d.Made), " ·")
	for n := 1; n <= pages; n++ {
		s.turn(n)
		if !s.bare[n] {
			s.at(left, 12, 110, s.title, foot)
			s.atRight(pageWidth-right, 12, 55, s.d.Cover.Client, style{face: bold, size: 7.5, ink: quiet})
			s.line(left, 17.5, pageWidth-right, 17.5, rule, 0.2)
		}
		y := pageHeight - 15
		s.line(left, y-2, pageWidth-right, y-2, rule, 0.2)
		s.at(left, y, 60, made, foot)
		s.atMiddle(pageWidth/2, y, 50, s.mark, style{face: bold, size: 7.5, ink: red})
		s.atRight(pageWidth-right, y, 40, "Page "+report.Grouped(int64(n))+" of "+report.Grouped(int64(pages)), foot)
	}
}
