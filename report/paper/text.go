package paper

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ink is a colour.
type ink struct{ r, g, b uint8 }

// style is how a text looks.
type style struct {
	face face
	size float64 // points
	ink  ink
	back *ink   // behind the text; nil for none
	link string // address; empty for none
	to   int    // link inside the report; 0 for none
}

// span is a text in one style.
type span struct {
	text  string
	style style
}

// glyph is a character where it is going to stand.
type glyph struct {
	r     rune
	w     float64 // millimetres
	style *style
}

// row is a line that was broken off.
type row struct {
	glyphs []glyph
	width  float64
}

const point = 25.4 / 72 // millimetres

// marksInARow is how many accents may stand on one letter; more of them are counted instead of drawn.
const marksInARow = 2

// setter turns spans into glyphs. What no font has, what cannot be seen and what turns the direction of text stands there as
// its number, so that nobody is misled and nothing is lost.
type setter struct {
	glyphs []glyph
	marks  int  // accents since the last letter
	hidden rune // the last one that stands as its number
	same   int  // how often in a row
	open   bool // a bracket of numbers is open
	note   *style
}

func set(spans []span) []glyph {
	var s setter
	for i := range spans {
		s.span(&spans[i])
	}
	return s.glyphs
}

func (s *setter) span(sp *span) {
	own, note := sp.style, sp.style
	note.face, note.size, note.ink, note.back = mono, sp.style.size*0.84, amberInk, &amberTint
	if sp.style.face == mono {
		note.size = sp.style.size * 0.92
	}
	s.note = &note
	stand := map[face]*style{own.face: &own}
	for text := norm.NFC.String(sp.text); text != ""; {
		r, size := utf8.DecodeRuneInString(text)
		if r == utf8.RuneError && size == 1 {
			s.hide(0x110000 + rune(text[0])) // no character at all
			text = text[size:]
			continue
		}
		text = text[size:]
		f, ok := faceOf(own.face, r)
		switch {
		case r == '\n':
			s.close()
			s.glyphs = append(s.glyphs, glyph{r: '\n', style: &own})
		case r == '\r' && strings.HasPrefix(text, "\n"):
		case r == '\t':
			s.close()
			for range 4 {
				s.put(' ', &own)
			}
		case !ok || unseen(r) || joined(r) || unicode.Is(unicode.M, r) && s.marks >= marksInARow:
			s.hide(r)
		default:
			s.close()
			if stand[f] == nil {
				other := own
				other.face = f
				stand[f] = &other
			}
			if s.marks++; !unicode.Is(unicode.M, r) {
				s.marks = 0
			}
			s.put(r, stand[f])
		}
	}
	s.close()
}

func (s *setter) put(r rune, st *style) {
	s.glyphs = append(s.glyphs, glyph{r: r, w: float64(known()[st.face].advance[r]) / 1000 * st.size * point, style: st})
}

// hide writes a character as its number: [U+202E]. Several in a row share their brackets, and the same ones are counted.
func (s *setter) hide(r rune) {
	if s.open && r == s.hidden {
		s.same++
		return
	}
	s.repeats()
	if s.open {
		s.put(' ', s.note)
	} else {
		s.put('[', s.note)
	}
	name := fmt.Sprintf("U+%04X", r)
	if r >= 0x110000 {
		name = fmt.Sprintf("byte %02X", r-0x110000)
	}
	s.words(name)
	s.open, s.hidden, s.same = true, r, 1
}

func (s *setter) words(text string) {
	for _, r := range text {
		s.put(r, s.note)
	}
}

func (s *setter) repeats() {
	if s.open && s.same > 1 {
		s.words(fmt.Sprintf("×%d", s.same))
	}
	s.same = 0
}

func (s *setter) close() {
	if s.open {
		s.repeats()
		s.put(']', s.note)
		s.open = false
	}
}

// unseen reports whether a character shows nothing, or something else than what it is: controls, what turns the direction
// of text, joiners, fillers, variants, and signs that each font makes its own.
func unseen(r rune) bool {
	switch {
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector):
		return true
	case r == 0x2800 || r&0xfffe == 0xfffe: // a pattern of Braille without a dot; no characters
		return true
	}
	return false
}

// joined reports whether a character belongs to a script written from right to left whose letters take another shape beside
// others (Arabic, Syriac), or to one that no font has: those are not drawn letter by letter.
func joined(r rune) bool {
	return r >= 0x600 && r <= 0x8ff || r >= 0xfb50 && r <= 0xfdff || r >= 0xfe70 && r <= 0xfeff
}

// hebrew reports whether a character is a letter or an accent of Hebrew, which is written from right to left.
func hebrew(r rune) bool { return r >= 0x590 && r <= 0x5ff || r >= 0xfb1d && r <= 0xfb4f }

// turned puts what is written from right to left into the order in which it stands on paper. Spaces and signs between two
// letters of it go along; numbers stay as they are. Everything else stays where it is, so that a line is read as it was sent.
func turned(glyphs []glyph) []glyph {
	if !slices.ContainsFunc(glyphs, func(g glyph) bool { return hebrew(g.r) }) {
		return glyphs
	}
	out := slices.Clone(glyphs)
	for i := 0; i < len(out); {
		if !hebrew(out[i].r) {
			i++
			continue
		}
		end := i + 1
		for j := end; j < len(out) && (hebrew(out[j].r) || strings.ContainsRune(" -'\"", out[j].r)); j++ {
			if hebrew(out[j].r) {
				end = j + 1
			}
		}
		slices.Reverse(out[i:end])
		for j := i; j < end; j++ { // an accent follows its letter again
			from := j
			for j < end && unicode.Is(unicode.M, out[j].r) {
				j++
			}
			if j < end {
				slices.Reverse(out[from : j+1])
			}
		}
		i = end
	}
	return out
}

// lines breaks spans into lines of at most a width in millimetres.
func lines(width float64, spans ...span) []row {
	glyphs := set(spans)
	var rows []row
	start, x, soft, hard := 0, 0.0, -1, -1 // soft: where words part; hard: where a long word may be broken
	emit := func(end int) {
		rows = append(rows, newRow(glyphs[start:end]))
		start, x, soft, hard = end, 0, -1, -1
	}
	for i := 0; i < len(glyphs); i++ {
		g := &glyphs[i]
		if g.r == '\n' {
			emit(i)
			start = i + 1
			continue
		}
		if x+g.w > width+1e-6 && i > start && g.r != ' ' {
			cut := i
			switch {
			case soft > start && (hard <= soft || width-widthOf(glyphs[start:soft]) < width*0.4):
				cut = soft
			case hard > start:
				cut = hard
			case soft > start:
				cut = soft
			}
			emit(cut)
			for j := start; j < i; j++ {
				x += glyphs[j].w
				soft, hard = parts(glyphs, j, soft, hard)
			}
		}
		x += g.w
		soft, hard = parts(glyphs, i, soft, hard)
	}
	if start < len(glyphs) || len(rows) == 0 {
		emit(len(glyphs))
	}
	return rows
}

// parts says where a line can be broken once the glyph at i stands on it.
func parts(glyphs []glyph, i, soft, hard int) (newSoft, newHard int) {
	next := rune(0)
	if i+1 < len(glyphs) {
		next = glyphs[i+1].r
	}
	switch r := glyphs[i].r; {
	case r == ' ':
		return i + 1, hard
	case r == '-' && i > 0 && unicode.IsLetter(glyphs[i-1].r) && unicode.IsLetter(next), r == '—':
		return i + 1, hard
	case strings.ContainsRune(`/\?&=_.,;:|-+`, r) && next != ' ':
		return soft, i + 1
	}
	return soft, hard
}

func newRow(glyphs []glyph) row {
	end := len(glyphs)
	for end > 0 && glyphs[end-1].r == ' ' {
		end--
	}
	return row{glyphs: turned(glyphs[:end]), width: widthOf(glyphs[:end])}
}

func widthOf(glyphs []glyph) (w float64) {
	for i := range glyphs {
		w += glyphs[i].w
	}
	return w
}

// fit shortens lines to a number of them, with an ellipsis, and reports whether it had to.
func fit(rows []row, most int, width float64) ([]row, bool) {
	if len(rows) <= most || most < 1 {
		return rows, false
	}
	last := rows[most-1]
	st := style{face: plain, size: 9, ink: dark}
	if len(last.glyphs) > 0 {
		st = *last.glyphs[len(last.glyphs)-1].style
		st.back = nil
		if st.face == wide {
			st.face = plain
		}
	}
	dots := set([]span{{"…", st}})
	glyphs := last.glyphs
	for len(glyphs) > 0 && (widthOf(glyphs)+dots[0].w > width || glyphs[len(glyphs)-1].r == ' ') {
		glyphs = glyphs[:len(glyphs)-1]
	}
	all := append(append([]glyph(nil), glyphs...), dots...)
	out := append(append([]row(nil), rows[:most-1]...), row{glyphs: all, width: widthOf(all)})
	return out, true
}

// oneLine is a text on one line: as much of it as a width holds, with an ellipsis where that is not all.
func oneLine(width float64, spans ...span) row {
	glyphs := set(spans)
	if w := widthOf(glyphs); w <= width+1e-6 {
		return newRow(glyphs)
	}
	last := *glyphs[0].style
	if last.back = nil; last.face == wide {
		last.face = plain
	}
	dots := set([]span{{"…", last}})
	room, n := width-dots[0].w, 0
	for n < len(glyphs) && glyphs[n].w <= room {
		room -= glyphs[n].w
		n++
	}
	for n > 0 && glyphs[n-1].r == ' ' {
		n--
	}
	return newRow(append(slices.Clone(glyphs[:n]), dots...))
}

// brief is the beginning of a text, at most so many characters, and how many bytes were left out.
func brief(text string, most int) (kept string, cut int) {
	n := 0
	for i := range text {
		if n++; n > most {
			return text[:i], len(text) - i
		}
	}
	return text, 0
}

// single puts a text on one line: for headings, cells and bookmarks.
func single(text string, most int) string {
	text, cut := brief(text, most)
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\n' || r == '\r' || r == '\t' }), " ")
	if cut > 0 {
		text += "…"
	}
	return text
}
