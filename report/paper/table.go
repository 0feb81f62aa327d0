package paper

import "strings"

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

// table writes rows below a head that is repeated on every page. It returns how many cells were shortened.
func (s *sheet) table(columns []column, rows [][]span) (cut int) {
	type set struct {
		cells [][]row
		h     float64
	}
	widths := make([]float64, len(columns))
	for i, c := range columns {
		widths[i] = wholeWidth * c.share
	}
	laid := make([]set, len(rows))
	for i, r := range rows {
		laid[i].cells = make([][]row, len(columns))
		for j := range columns {
			most := columns[j].most
			if most == 0 {
				most = cellLines
			}
			words, less := brief(r[j].text, 1500)
			spans := []span{{words, r[j].style}}
			if first, rest, found := strings.Cut(words, "\n"); found && columns[j].under {
				spans = []span{{first + "\n", r[j].style}, {rest, style{face: plain, size: 7.5, ink: quiet}}}
			}
			broken, shorter := fit(lines(widths[j]-2*padX, spans...), most, widths[j]-2*padX)
			if shorter || less > 0 {
				cut++
			}
			laid[i].cells[j] = broken
			laid[i].h = max(laid[i].h, height(broken, r[j].style)+2*padY)
		}
	}
	if len(laid) == 0 {
		return 0
	}
	s.need(8 + laid[0].h)
	s.tableHead(columns, widths)
	for i := range laid {
		need := laid[i].h
		if i > 0 && i == len(laid)-2 && need+laid[i+1].h < 60 {
			need += laid[i+1].h // the last row does not stand alone on a page
		}
		if s.room() < need {
			s.page()
			s.tableHead(columns, widths)
		}
		x := left
		for j := range columns {
			y, base := s.y+padY, rows[i][j].style
			for _, line := range laid[i].cells[j] {
				at := x + padX
				if columns[j].right {
					at = x + widths[j] - padX - line.width
				}
				y += s.row(at, y, line, base)
			}
			x += widths[j]
		}
		s.y += laid[i].h
		s.line(left, s.y, pageWidth-right, s.y, rule, 0.15)
	}
	return cut
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
