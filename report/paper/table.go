package paper

import (
	"cmp"
	"strings"

	"assay/report"
)

// column is a column of a table.
type column struct {
	head  string
	share float64 // of the width
	right bool    // numbers stand at the right
	most  int     // lines of a cell; 0 for cellLines
	under bool    // what follows the first line of a text is said in grey
}

// cellLines is how many lines a cell has at most; what is longer ends with an ellipsis.
const cellLines = 12

const (
	padX = 1.8
	padY = 1.5
)

var (
	cell     = style{face: plain, size: 8.3, ink: dark}
	cellBold = style{face: bold, size: 8.3, ink: dark}
	cellMono = style{face: mono, size: 7.3, ink: dark}
	cellSoft = style{face: plain, size: 8.3, ink: quiet}
)

// laid is a row of a table with its lines broken.
type laid struct {
	cells [][]row
	h     float64
}

// table writes rows below a head that is repeated on every page. Where cells are shortened it says so below.
func (s *sheet) table(columns []column, rows [][]span) {
	if len(rows) == 0 {
		return
	}
	widths := make([]float64, len(columns))
	for i, c := range columns {
		widths[i] = wholeWidth * c.share
	}
	all, cut := layOut(columns, widths, rows)
	s.need(8 + all[0].h)
	s.tableHead(columns, widths)
	for i := range all {
		need := all[i].h
		if i > 0 && i == len(all)-2 && need+all[i+1].h < 60 {
			need += all[i+1].h // the last row does not stand alone on a page
		}
		if s.room() < need {
			s.page()
			s.tableHead(columns, widths)
		}
		x := left
		for j := range columns {
			y, base := s.y+padY, rows[i][j].style
			for _, line := range all[i].cells[j] {
				at := x + padX
				if columns[j].right {
					at = x + widths[j] - padX - line.width
				}
				y += s.row(at, y, line, base)
			}
			x += widths[j]
		}
		s.y += all[i].h
		s.line(left, s.y, pageWidth-right, s.y, rule, 0.15)
	}
	if cut > 0 {
		s.y += 1
		s.paragraph(span{report.Plural(cut, "cell ends", "cells end") + " with … here; the JSON has them whole.", small})
	}
}

// layOut breaks the lines of all cells, and counts those that were shortened.
func layOut(columns []column, widths []float64, rows [][]span) (all []laid, cut int) {
	all = make([]laid, len(rows))
	for i, r := range rows {
		all[i].cells = make([][]row, len(columns))
		for j := range columns {
			width, most := widths[j]-2*padX, cmp.Or(columns[j].most, cellLines)
			words, less := brief(r[j].text, 1500)
			spans := []span{{words, r[j].style}}
			if first, rest, found := strings.Cut(words, "\n"); found && columns[j].under {
				spans = []span{{first + "\n", r[j].style}, {rest, style{face: plain, size: 7.5, ink: quiet}}}
			}
			broken, shorter := fit(lines(width, spans...), most, width)
			if shorter || less > 0 {
				cut++
			}
			all[i].cells[j] = broken
			all[i].h = max(all[i].h, height(broken, r[j].style)+2*padY)
		}
	}
	return all, cut
}

func (s *sheet) tableHead(columns []column, widths []float64) {
	h := leading(label.size) + 2*1.3
	s.fill(left, s.y, wholeWidth, h, pale)
	st := style{face: bold, size: 7.5, ink: accent}
	x := left
	for i, c := range columns {
		if c.right {
			s.atRight(x+widths[i]-padX, s.y+1.3, widths[i]-padX, c.head, st)
		} else {
			s.at(x+padX, s.y+1.3, widths[i]-padX, c.head, st)
		}
		x += widths[i]
	}
	s.y += h
}
