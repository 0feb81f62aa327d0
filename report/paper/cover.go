package paper

import (
	"bytes"
	"image"
	_ "image/jpeg" // logos
	"image/png"
	"math"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/draw"

	"assay/report"
)

// Bounds of a logo: one of more pixels is left out, and what is drawn has no more than so many of them side by side.
const (
	logoPixels = 16 << 20
	logoWidth  = 1200
)

// logo draws the picture of the cover into a box, and reports whether there is one that can be drawn. It is drawn from its
// pixels, not from its bytes: what else stands in the file stays out.
func (s *sheet) logo(x, y, w, h float64) bool {
	c, kind, err := image.DecodeConfig(bytes.NewReader(s.d.Cover.Logo))
	if err != nil || c.Width <= 0 || c.Height <= 0 || c.Width > logoPixels/c.Height || kind != "png" && kind != "jpeg" {
		return false
	}
	from, _, err := image.Decode(bytes.NewReader(s.d.Cover.Logo))
	if err != nil {
		return false
	}
	shrink := min(1, logoWidth/float64(c.Width), logoWidth/float64(c.Height))
	to := image.NewNRGBA(image.Rect(0, 0, max(1, int(float64(c.Width)*shrink)), max(1, int(float64(c.Height)*shrink))))
	draw.CatmullRom.Scale(to, to.Bounds(), from, from.Bounds(), draw.Src, nil)
	var drawn bytes.Buffer
	if err := png.Encode(&drawn, to); err != nil {
		return false
	}
	s.pdf.RegisterImageOptionsReader("logo", fpdf.ImageOptions{ImageType: "png"}, &drawn)
	scale := math.Min(w/float64(c.Width), h/float64(c.Height))
	s.pdf.ImageOptions("logo", x, y, float64(c.Width)*scale, float64(c.Height)*scale, false, fpdf.ImageOptions{ImageType: "png"}, 0, "")
	return true
}

// cover writes the first page.
func (s *sheet) cover() {
	s.page()
	s.bare[1] = true
	s.fill(0, 0, 8, pageHeight, accent)
	if s.logo(left+5, 24, 60, 22) {
		s.y = 70
	} else {
		s.y = 60
	}
	x, width := left+5, wholeWidth-10
	kind := map[report.Audience]string{report.Technical: "Technical report", report.Retest: "Report of a retest"}[s.d.Audience]
	if kind == "" {
		kind = "Report"
	}
	s.at(x, s.y, width, kind, style{face: bold, size: 11, ink: accent})
	s.y += 9
	title := style{face: bold, size: 26, ink: dark}
	rows, _ := fit(lines(width, span{single(titleOf(s.d), 220), title}), 4, width)
	s.rows(x, rows, title)
	s.y += 3
	s.fill(x, s.y, 24, 1.2, accent)
	s.y += 9
	s.coverFacts(x, width)
	s.coverScore(x, width)
}

func (s *sheet) coverFacts(x, width float64) {
	facts := [][2]string{
		{"Client", s.d.Cover.Client},
		{"Tested by", s.d.Cover.Tester},
		{"Date", day(s.d.Made)},
		{"Project", s.d.Project},
		{"Limited to", s.d.Run},
		{"Authorisation", s.d.Cover.Authorisation},
	}
	st := style{face: plain, size: 10, ink: dark}
	end := pageHeight - coverBox - 12.0 // the whole of each stands in its section
	for _, f := range facts {
		if f[1] == "" || s.y+leading(st.size) > end {
			continue
		}
		rows, _ := fit(lines(width-34, span{single(f[1], 400), st}), min(3, int((end-s.y)/leading(st.size))), width-34)
		s.at(x, s.y, 32, f[0], style{face: bold, size: 9, ink: quiet})
		for _, r := range rows {
			s.y += s.row(x+34, s.y, r, st)
		}
		s.y += 1.6
	}
	if note := s.d.Cover.Note; note != "" && s.y+4+2*leading(st.size) < end {
		s.y += 4
		rows, _ := fit(lines(width, span{single(note, 900), st}), min(6, int((end-s.y)/leading(st.size))), width)
		s.rows(x, rows, st)
	}
}

// coverScore says at the foot of the cover how things stand.
func (s *sheet) coverScore(x, width float64) {
	y := pageHeight - coverBox
	s.pill(x, y, width, 46, 2, tint)
	s.dial(x+28, y+29, 19)
	at := x + 60
	s.at(at, y+7, width-64, headline(s.d), style{face: bold, size: 12, ink: dark})
	s.severityRow(at, y+17, width-66)
	st := style{face: plain, size: 8.5, ink: quiet}
	rows, _ := fit(lines(width-66, span{single(s.d.Conclusion(), 500), st}), 3, width-66)
	y += 31
	for _, r := range rows {
		y += s.row(at, y, r, st)
	}
}

// coverBox is where the box at the foot of the cover begins, from the end of the page.
const coverBox = 78.0

const (
	contentsTop  = 42.0
	contentsLine = 6.0
	contentsRows = 38 // of a page: what fits between contentsTop and its bottom
)

// reserveContents makes empty pages for the contents: where things stand is known when they are written.
func (s *sheet) reserveContents() (first, pages int) {
	pages = (len(s.entries) + contentsRows - 1) / contentsRows
	for range pages {
		s.page()
		if first == 0 {
			first = s.pdf.PageNo()
		}
	}
	return first, pages
}

// contents writes the contents on their pages.
func (s *sheet) contents(first, pages int) {
	for p := range pages {
		s.turn(first + p)
		head := "Contents"
		if p > 0 {
			head = "Contents, continued"
		}
		s.at(left, top, wholeWidth, head, style{face: bold, size: 16, ink: accent})
		s.fill(left, top+9.5, 14, 0.8, accent)
		y := contentsTop
		for _, e := range s.entries[p*contentsRows : min((p+1)*contentsRows, len(s.entries))] {
			s.contentsLine(y, e)
			y += contentsLine
		}
	}
}

func (s *sheet) contentsLine(y float64, e entry) {
	st := style{face: bold, size: 10, ink: dark}
	x := left
	if e.level > 0 {
		st = style{face: plain, size: 9, ink: dark}
		x += 6
	}
	width := pageWidth - right - x - 14
	r := oneLine(width, span{single(e.words, 300), st})
	s.row(x, y, r, st)
	n := report.Grouped(int64(e.page))
	end := pageWidth - right
	s.atRight(end, y, 12, n, st)
	from, to := x+r.width+2, end-widthOf(set([]span{{n, st}}))-2
	if to > from {
		s.stroke(rule, 0.25)
		s.pdf.SetDashPattern([]float64{0.3, 1.2}, 0)
		s.pdf.Line(from, y+leading(st.size)*0.72, to, y+leading(st.size)*0.72)
		s.pdf.SetDashPattern(nil, 0)
	}
	s.pdf.Link(x, y, end-x, contentsLine-0.5, e.link)
}
