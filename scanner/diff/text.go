package diff

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"

	"assay/internal/excerpt"
)

// Text is how two texts differ: their pieces in order.
type Text struct {
	Segments []Segment
	Unit     string // word, or line where there are too many words
	Coarse   bool   // it took too long: what is said to differ may hold parts that do not
	Cut      bool   // only the beginnings were compared
}

// Segment is a piece of one text or of both: what both have (Same), what only the first has (Removed), what only the
// second has (Added).
type Segment struct {
	Change Change
	Text   string
	Moved  bool // the same piece stands elsewhere in the other text
}

// Bounds of what is compared closely.
const (
	maxText   = 4 << 20 // bytes of one text
	maxWords  = 60_000
	textTime  = 1500 * time.Millisecond
	movedText = 24 // bytes from which a piece that stands elsewhere is worth telling
)

// CompareText compares two texts word by word. Joined, the pieces that are not Added are the first text, and those that
// are not Removed the second, as far as they were compared.
func CompareText(a, b string) Text {
	t := Text{Unit: "word", Cut: len(a) > maxText || len(b) > maxText}
	a, b = excerpt.Bytes(a, maxText), excerpt.Bytes(b, maxText)
	if a == b {
		if a != "" {
			t.Segments = []Segment{{Change: Same, Text: a}}
		}
		return t
	}
	wordsA, wordsB := words(a), words(b)
	if len(wordsA) > maxWords || len(wordsB) > maxWords {
		t.Unit = "line"
		wordsA, wordsB = strings.SplitAfter(a, "\n"), strings.SplitAfter(b, "\n")
	}
	t.Segments, t.Coarse = compareUnits(wordsA, wordsB)
	t.Segments = tidy(t.Segments)
	markMoved(t.Segments)
	return t
}

// CompareLines compares two texts line by line.
func CompareLines(a, b string) Text {
	t := Text{Unit: "line", Cut: len(a) > maxText || len(b) > maxText}
	t.Segments, t.Coarse = compareUnits(strings.SplitAfter(excerpt.Bytes(a, maxText), "\n"), strings.SplitAfter(excerpt.Bytes(b, maxText), "\n"))
	markMoved(t.Segments)
	return t
}

// unitLimit is how many different units fit into code points.
const unitLimit = utf8.MaxRune - 0x1000

// compareUnits compares lists of units, each of which becomes one code point for the algorithm.
func compareUnits(a, b []string) (segments []Segment, coarse bool) {
	book := unitBook{runes: map[string]rune{}}
	runesA, runesB := book.encode(a), book.encode(b)
	if len(book.units) >= unitLimit {
		return appendSegment(appendSegment(nil, Removed, strings.Join(a, "")), Added, strings.Join(b, "")), true
	}
	d := diffmatchpatch.New()
	d.DiffTimeout = textTime
	began := time.Now()
	for _, piece := range d.DiffMainRunes(runesA, runesB, false) {
		change := Same
		switch piece.Type {
		case diffmatchpatch.DiffDelete:
			change = Removed
		case diffmatchpatch.DiffInsert:
			change = Added
		case diffmatchpatch.DiffEqual:
		}
		segments = appendSegment(segments, change, book.decode(piece.Text))
	}
	return segments, time.Since(began) >= textTime
}

type unitBook struct {
	runes map[string]rune
	units []string
}

const surrogates = 0xE000 - 0xD800

func (k *unitBook) encode(units []string) []rune {
	out := make([]rune, len(units))
	for i, u := range units {
		r, known := k.runes[u]
		if !known {
			r = min(rune(len(k.units)+1), unitLimit)
			if r >= 0xD800 {
				r += surrogates
			}
			k.runes[u] = r
			k.units = append(k.units, u)
		}
		out[i] = r
	}
	return out
}

func (k *unitBook) decode(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r >= 0xE000 {
			r -= surrogates
		}
		b.WriteString(k.units[r-1])
	}
	return b.String()
}

func appendSegment(list []Segment, change Change, text string) []Segment {
	if text == "" {
		return list
	}
	if n := len(list); n > 0 && list[n-1].Change == change {
		list[n-1].Text += text
		return list
	}
	return append(list, Segment{Change: change, Text: text})
}

// words splits a text into what a person reads as units: words, runs of space, marks, and single characters of scripts
// that put no space between words.
func words(text string) []string {
	list := make([]string, 0, len(text)/4+1)
	start, last := 0, other
	for i, r := range text {
		class := classOf(r)
		if i > 0 && (class != last || class == single) {
			list = append(list, text[start:i])
			start = i
		}
		last = class
	}
	if start < len(text) {
		list = append(list, text[start:])
	}
	return list
}

type class uint8

const (
	other class = iota
	word
	space
	single // a unit by itself
)

var unspaced = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

func classOf(r rune) class {
	switch {
	case r == '_' || r == '\'' || r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)):
		return word
	case r == '\n':
		return single
	case unicode.IsSpace(r):
		return space
	case r < utf8.RuneSelf:
		return single
	case unicode.In(r, unspaced...):
		return single
	case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
		return word
	}
	return single
}

// tidy joins changes that are only a space apart ("the red cat" against "a blue cat" is one change, not two), and then
// those that have too little in common between them. Pieces removed come before those added in their place.
func tidy(list []Segment) []Segment { return join(join(list, blank), slight) }

// join makes one change of those between which a piece that both have is a bridge. before is the size of what changed
// before it.
func join(list []Segment, bridge func(list []Segment, i, before int) bool) []Segment {
	var out []Segment
	for i := 0; i < len(list); {
		if list[i].Change == Same {
			out = appendSegment(out, Same, list[i].Text)
			i++
			continue
		}
		var removed, added strings.Builder
		for ; i < len(list) && (list[i].Change != Same || i+1 < len(list) && bridge(list, i, max(removed.Len(), added.Len()))); i++ {
			if list[i].Change != Added {
				removed.WriteString(list[i].Text)
			}
			if list[i].Change != Removed {
				added.WriteString(list[i].Text)
			}
		}
		out = appendSegment(appendSegment(out, Removed, removed.String()), Added, added.String())
	}
	return out
}

func blank(list []Segment, i, _ int) bool {
	return strings.TrimSpace(list[i].Text) == "" && !strings.Contains(list[i].Text, "\n")
}

// mostBridge is how many bytes both texts may have in common by chance between two changes.
const mostBridge = 16

func slight(list []Segment, i, before int) bool {
	text, after := list[i].Text, len(list[i+1].Text)
	if i+2 < len(list) && list[i+2].Change != Same {
		after = max(after, len(list[i+2].Text))
	}
	return len(text) <= mostBridge && 3*len(text) <= min(before, after) && !strings.Contains(text, "\n")
}

// markMoved marks pieces that one text has elsewhere.
func markMoved(list []Segment) {
	at := map[string][]int{}
	for i, s := range list {
		if key := strings.TrimSpace(s.Text); s.Change == Removed && len(key) >= movedText {
			at[key] = append(at[key], i)
		}
	}
	for i, s := range list {
		key := strings.TrimSpace(s.Text)
		if from := at[key]; s.Change == Added && len(from) > 0 {
			list[i].Moved, list[from[0]].Moved = true, true
			at[key] = from[1:]
		}
	}
}

// shorten is at most n bytes of s, and says that there is more.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return excerpt.Bytes(s, n) + "…"
}

// text is what a side says, as one text.
func (s Side) text() string {
	c := s.said()
	if c.Family == "" && c.Answer == "" {
		if s.Body != nil && utf8.Valid(s.Body) {
			return string(s.Body)
		}
		return ""
	}
	var b strings.Builder
	if s.Request {
		for _, m := range c.Messages {
			b.WriteString(m.Role + ":\n")
			for _, p := range m.Parts {
				if p.Text != "" {
					b.WriteString(p.Text + "\n")
				}
				if p.Call != nil {
					b.WriteString(written(*p.Call) + "\n")
				}
			}
			b.WriteString("\n")
		}
		for _, prompt := range c.Prompts {
			b.WriteString(prompt + "\n")
		}
		return b.String()
	}
	pieces := slices.DeleteFunc([]string{c.Refusal, c.Plan, c.Answer}, func(p string) bool { return p == "" })
	for _, call := range c.ToolCalls {
		pieces = append(pieces, written(call))
	}
	if len(pieces) == 0 {
		return errorOf(c)
	}
	return strings.Join(pieces, "\n")
}
