package page

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"assay/report"
)

// ring is the score as a picture: a circle of which a share is drawn.
type ring struct {
	Score, Dash, Grade, Class, Says string
	Enough                          bool
}

// around is how long the circle of a ring is, with its radius of 52.
const around = 2 * math.Pi * 52

func ringOf(p *report.Posture) ring {
	share := min(max(p.Score, 0), 100) / 100
	if math.IsNaN(share) {
		share = 0
	}
	r := ring{Score: number(p.Score), Dash: fixed(share*around, 1) + " " + fixed(around, 1), Grade: name(p.Grade), Enough: p.Enough, Class: "grade_" + class(p.Grade)}
	if r.Enough {
		r.Says = "Score " + r.Score + " of 100, grade " + r.Grade
	} else {
		r.Says = "Not enough evidence for a score; it can be at most " + r.Score + " of 100"
	}
	return r
}

// trends are the snapshots as two pictures, in a space of 560 by 150.
type trends struct {
	Line   string // points of the score
	Points []trendPoint
	Bars   []trendBar
	From   string
	To     string
	Most   int // weaknesses at the top of the second picture
}

// trendPoint is a snapshot in the picture of the score.
type trendPoint struct {
	X, Y    string
	Label   string // of the last one
	Enough  bool
	Score   string
	Grade   string
	At      time.Time
	Cause   string
	Numbers []int // by severity, the worst first
}

// trendBar is a part of a column of the picture of severities.
type trendBar struct {
	X, Y, Height, Wide string
	Severity           string
}

// Measures of the pictures of trends.
const (
	trendWide    = 560.0
	trendHigh    = 150.0
	trendLeft    = 34.0
	trendRight   = 46.0
	trendTop     = 10.0
	trendFoot    = 22.0
	mostTrend    = 60
	leastOfTrend = 2
)

// trendsOf draws the snapshots, the newest where there are many. One snapshot is no trend.
func trendsOf(list []report.Snapshot) (t trends) {
	list = list[max(0, len(list)-mostTrend):]
	if len(list) < leastOfTrend {
		return t
	}
	first, last := list[0].At, list[len(list)-1].At
	span := last.Sub(first).Seconds()
	x := func(i int) float64 {
		share := list[i].At.Sub(first).Seconds() / span
		if span <= 0 {
			share = float64(i) / float64(len(list)-1)
		}
		return trendLeft + (trendWide-trendLeft-trendRight)*min(max(share, 0), 1)
	}
	high := trendHigh - trendTop - trendFoot
	t.From, t.To, t.Most = day(first), day(last), 1
	if t.From == t.To {
		t.From, t.To = moment(first), moment(last)
	}
	for i := range list {
		total := 0
		for _, s := range report.Severities {
			total += max(0, list[i].Severities[string(s)])
		}
		t.Most = max(t.Most, total)
	}
	step := (trendWide - trendLeft - trendRight) / float64(len(list))
	wide := min(26, step*0.6)
	var line strings.Builder
	for i := range list {
		s := &list[i]
		score := min(max(s.Score, 0), 100)
		if math.IsNaN(score) {
			score = 0
		}
		p := trendPoint{X: fixed(x(i), 1), Y: fixed(trendTop+high*(1-score/100), 1), Enough: s.Enough, Score: number(s.Score), Grade: name(s.Grade), At: s.At, Cause: causeOf(s.Cause)}
		if i == len(list)-1 {
			p.Label = p.Score
		}
		line.WriteString(p.X + "," + p.Y + " ")
		base := trendTop + high
		for _, severity := range slices.Backward(report.Severities) {
			n := max(0, s.Severities[string(severity)])
			tall := high * float64(n) / float64(t.Most)
			if base -= tall; n > 0 {
				t.Bars = append(t.Bars, trendBar{
					X: fixed(trendLeft+step*(float64(i)+0.5)-wide/2, 1), Y: fixed(base, 1), Height: fixed(max(tall-0.8, 0.5), 1), Wide: fixed(wide, 1), Severity: string(severity),
				})
			}
		}
		for _, severity := range report.Severities {
			p.Numbers = append(p.Numbers, s.Severities[string(severity)])
		}
		t.Points = append(t.Points, p)
	}
	t.Line = strings.TrimSpace(line.String())
	return t
}

// causeOf says why a snapshot was taken.
func causeOf(cause string) string {
	if id, is := strings.CutPrefix(cause, "run:"); is {
		return "run " + name(id)
	}
	return name(cause)
}

// board is the coverage of a framework as the templates take it.
type board struct {
	*report.Coverage
	Counts  []boardCount
	Columns []string // assets that have a column
	Says    string   // of assets that have none
	Rows    []boardRow
	Rest    []boardRow // items that nobody tested, where there are many
	Cells   []boardCell
	Wide    int // of the small picture
	High    int
	Picture bool // there is room for one
}

// boardCount is how many items stand in one way.
type boardCount struct {
	State report.State
	N     int
}

// boardRow is an item.
type boardRow struct {
	*report.Covered
	Cells []boardRowCell
}

// boardRowCell is an item on an asset.
type boardRowCell struct {
	report.Cell
	Anchor string
}

// boardCell is a field of the small picture.
type boardCell struct {
	X, Y  int
	State report.State
	Label string // of a column or row
	End   bool   // the label ends here
}

// Bounds of a board.
const (
	mostColumns = 6
	mostWhole   = 20 // items that are all shown, tested or not
	mostRows    = 120
	cellWide    = 46
	cellHigh    = 24
	boardLeft   = 150
	boardTop    = 22
	mostPicture = 12
	mostID      = 6 // characters of an item's id
)

var states = []report.State{report.StateVulnerable, report.StateResisted, report.StateTested, report.StateNotTested, report.StateNotTestable}

func boardOf(d *report.Document, c *report.Coverage) board {
	b := board{Coverage: c}
	for _, s := range states {
		b.Counts = append(b.Counts, boardCount{s, c.Count(s)})
	}
	columns, tested := columnsOf(c)
	switch more := len(c.Assets) - len(columns); {
	case more > 0 && tested <= len(columns):
		b.Says = report.Plural(more, "more target has", "more targets have") + " no column: nothing of this was tested there."
	case more > 0:
		b.Says = report.Plural(more, "more target has", "more targets have") + " no column here; the JSON of this report holds all of them."
	}
	for _, at := range columns {
		b.Columns = append(b.Columns, c.Assets[at])
	}
	for i := range c.Items {
		row := boardRow{Covered: &c.Items[i]}
		for _, at := range columns {
			one := boardRowCell{}
			if i < len(c.Cells) && at < len(c.Cells[i]) {
				one.Cell = c.Cells[i][at]
				one.Anchor = anchor(&view{Document: d}, one.Ref)
			}
			row.Cells = append(row.Cells, one)
		}
		tested := row.State != report.StateNotTested && row.State != report.StateNotTestable
		if (tested || len(c.Items) <= mostWhole) && len(b.Rows) < mostRows {
			b.Rows = append(b.Rows, row)
		} else {
			b.Rest = append(b.Rest, row)
		}
	}
	b.draw()
	return b
}

// columnsOf are the assets that have a column: of those that something was tested on, the ones on which most is
// vulnerable; where nothing was tested anywhere, the first ones. It counts those that something was tested on.
func columnsOf(c *report.Coverage) (columns []int, tested int) {
	weight := make([]int, len(c.Assets))
	for at := range c.Assets {
		for i := range c.Cells {
			if at >= len(c.Cells[i]) {
				continue
			}
			switch c.Cells[i][at].State {
			case report.StateVulnerable:
				weight[at] += 1000
			case report.StateResisted, report.StateTested:
				weight[at]++
			case report.StateNotTested, report.StateNotTestable:
			}
		}
		if columns = append(columns, at); weight[at] > 0 {
			tested++
		}
	}
	slices.SortStableFunc(columns, func(a, b int) int { return weight[b] - weight[a] })
	columns = columns[:min(len(columns), max(tested, 1), mostColumns)]
	slices.Sort(columns)
	return columns, tested
}

// draw places the fields of the small picture: items from left to right, assets from top to bottom.
func (b *board) draw() {
	if len(b.Rows) == 0 || len(b.Rows) > mostPicture || len(b.Columns) == 0 {
		return
	}
	for i := range b.Rows {
		if id, _, _ := strings.Cut(b.Rows[i].ID, ":"); len(id) > mostID {
			return // there is no room for them in the head of a column
		}
	}
	b.Picture, b.Wide, b.High = true, boardLeft+cellWide*len(b.Rows), boardTop+cellHigh*len(b.Columns)
	for i := range b.Rows {
		id, _, _ := strings.Cut(b.Rows[i].ID, ":")
		b.Cells = append(b.Cells, boardCell{X: boardLeft + cellWide*i + cellWide/2, Y: boardTop - 7, Label: short(id, mostID)})
		for j := range b.Columns {
			s := b.Rows[i].Cells[j].State
			if s == "" {
				s = report.StateNotTested
			}
			b.Cells = append(b.Cells, boardCell{X: boardLeft + cellWide*i, Y: boardTop + cellHigh*j, State: s})
		}
	}
	for j, asset := range b.Columns {
		b.Cells = append(b.Cells, boardCell{X: boardLeft - 8, Y: boardTop + cellHigh*j + cellHigh/2 + 4, Label: short(asset, 20), End: true})
	}
}

// short is a label of so many characters at most.
func short(s string, most int) string {
	text := []rune(line(s))
	if len(text) > most {
		return string(text[:most-1]) + "…"
	}
	return string(text)
}

// Missing is how many items have no row of their own.
func (b *board) Missing() string { return strconv.Itoa(len(b.Rest)) }
