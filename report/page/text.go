package page

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"assay/internal/excerpt"
	"assay/internal/visible"
	"assay/report"
)

// Lengths of texts, in bytes. What is longer says how much is missing.
const (
	mostLine  = 400   // titles, names, cells of tables
	mostProse = 3_000 // paragraphs
)

// line is a text on one line.
func line(s any) string { return shorten(fmt.Sprint(s), mostLine, visible.Line) }

// name is a text that stands in the head of a column or on a button.
func name(s string) string { return shorten(s, 60, visible.Line) }

// brief is the beginning of a text for a page with little room, to the end of a word.
func brief(most int, s any) string {
	text := line(s)
	if len(text) <= most {
		return text
	}
	text = excerpt.Bytes(text, most)
	if at := strings.LastIndexByte(text, ' '); at > most/2 {
		text = text[:at]
	}
	return strings.TrimRight(text, " .,;:") + "…"
}

// prose is a paragraph with its own line ends.
func prose(s string) string { return shorten(s, mostProse, visible.Text) }

func shorten(s string, most int, shown func(string) string) string {
	short := excerpt.Bytes(s, most)
	text := shown(short)
	if len(text) > 4*most { // signs are long; a text of nothing else is cut once more
		text = excerpt.Bytes(text, 4*most)
	}
	if left := len(s) - len(short); left > 0 {
		text += " … (" + report.Grouped(int64(left)) + " more bytes)"
	}
	return text
}

// piece is a part of a text: as it is, or a sign for what is not seen.
type piece struct {
	Text string
	Sign bool
}

func pieces(s string) (list []piece) {
	for text, sign := range visible.Pieces(s) {
		list = append(list, piece{text, sign})
	}
	return list
}

// segment is a span of a text that is shown in one way.
type segment struct {
	Kind   string // "", mark, gone, new, left
	Number int    // of a mark, from 1
	Pieces []piece
}

// budget is how much of a finding's evidence is still shown, in bytes of the page.
type budget int

// cost is about how many bytes of the page a byte of a text takes: what HTML escapes is longer, signs are longest.
func cost(c byte) int {
	switch {
	case c == '<', c == '>', c == '&', c == '"', c == '\'', c == '+':
		return 5
	case c < ' ' && c != '\n' && c != '\t', c == 0x7f:
		return 40
	case c >= 0xe2:
		return 4 // may begin something that is not seen
	}
	return 1
}

// take says how many bytes of a text may be shown, at most so many, and pays for them.
func (b *budget) take(s string, most int) int {
	left := min(int(*b), most)
	if left <= 0 {
		return 0
	}
	for i := range len(s) {
		if left -= cost(s[i]); left < 0 {
			for i > 0 && !utf8.RuneStart(s[i]) {
				i--
			}
			*b -= budget(min(int(*b), most))
			return i
		}
	}
	*b -= budget(min(int(*b), most) - left)
	return len(s)
}

// shownText is a text with its marks, cut where the budget ends.
type shownText struct {
	Segments []segment
	Left     string // how much is missing: "1,204 bytes"; empty for nothing
}

// show makes segments of a text, with its marks numbered after so many that came before. Marks that lie beyond the cut are
// not lost: they are told by their reasons below.
func (b *budget) show(m *report.Marked, most, before int) (shownText, []report.Mark) {
	end := b.take(m.Text, most)
	var t shownText
	marks := sound(m.Marks, m.Text)
	at := 0
	for i, k := range marks {
		if k.Start >= end {
			break
		}
		t.add("", 0, m.Text[at:k.Start])
		at = min(k.End, end)
		t.add("mark", before+i+1, m.Text[k.Start:at])
	}
	t.add("", 0, m.Text[at:max(at, end)])
	if left := int64(len(m.Text)-end) + int64(max(0, m.Cut)); left > 0 {
		t.Left = report.Grouped(left) + " bytes"
	}
	return t, marks
}

func (t *shownText) add(kind string, number int, text string) {
	if text != "" {
		t.Segments = append(t.Segments, segment{kind, number, pieces(text)})
	}
}

// sound are the marks that lie within a text and do not overlap, in order, between whole characters.
func sound(marks []report.Mark, text string) []report.Mark {
	list := make([]report.Mark, 0, len(marks))
	for _, k := range marks {
		k.Start, k.End = whole(text, k.Start), whole(text, k.End)
		if k.Start < k.End {
			list = append(list, k)
		}
	}
	slices.SortStableFunc(list, func(a, b report.Mark) int { return cmp.Compare(a.Start, b.Start) })
	kept, at := list[:0], 0
	for _, k := range list {
		if k.Start >= at {
			kept = append(kept, k)
			at = k.End
		}
	}
	return kept
}

// whole is a place in a text that lies between two characters.
func whole(text string, at int) int {
	at = max(0, min(at, len(text)))
	for at > 0 && at < len(text) && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

// day and moment are times for people, in UTC.
func day(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2 Jan 2006")
}

func moment(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2 Jan 2006, 15:04 UTC")
}

// number is a number with at most one decimal; what is none is a dash.
func number(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	return strings.TrimSuffix(fixed(x, 1), ".0")
}

func percent(x float64) string {
	if math.IsNaN(x) || x < 0 || x > 1 {
		return "–"
	}
	return strings.TrimSuffix(fixed(100*x, 1), ".0") + " %"
}
