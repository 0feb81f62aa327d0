// Package visible shows what a reader would not see in a text, or what would make the rest read differently: terminal
// escapes, bidi overrides, zero-width characters, text smuggled in tags or variation selectors, heaps of accents, bytes
// that are no UTF-8. The window does the same (frontend/src/theme/hidden.ts).
package visible

import (
	"fmt"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostAccents is how many combining marks one letter may carry; no language needs more, and heaps of them cover the lines
// around.
const mostAccents = 6

// Text is a text with a sign for everything that is not seen in it: \u{202E}, \u{200B}×12, \xFF. Line ends and tabs stay.
func Text(s string) string {
	if clean(s) {
		return s
	}
	var out strings.Builder
	for piece := range Pieces(s) {
		out.WriteString(piece)
	}
	return out.String()
}

// Line is Text on one line: line ends and tabs become spaces.
func Line(s string) string {
	return strings.Join(strings.Fields(Text(s)), " ")
}

// Pieces cuts a text at what is not seen: pieces of it as they are, and signs (true) that stand for the rest.
func Pieces(s string) iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		if clean(s) {
			if s != "" {
				yield(s, false)
			}
			return
		}
		from, accents := 0, 0
		var last rune
		for at := 0; at < len(s); {
			r, size := utf8.DecodeRuneInString(s[at:])
			next, _ := utf8.DecodeRuneInString(s[at+size:])
			if unicode.Is(unicode.M, r) {
				accents++
			} else {
				accents = 0
			}
			crlf := r == '\r' && next == '\n'
			if !crlf && accents <= mostAccents && (r != utf8.RuneError || size > 1) && (!hidden(r) || meant(last, r, next)) {
				at, last = at+size, r
				continue
			}
			if from < at && !yield(s[from:at], false) {
				return
			}
			n := run(s[at:], r, size)
			if !crlf && !yield(sign(s[at], r, size, n), true) {
				return
			}
			at += n * size
			from, last = at, r
		}
		if from < len(s) {
			yield(s[from:], false)
		}
	}
}

// clean reports whether a text holds printable ASCII, line ends and tabs only, as most do.
func clean(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= 0x7f || c < ' ' && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

// run counts how often the same character stands at the beginning of a text.
func run(s string, r rune, size int) int {
	if r == '\r' || r == utf8.RuneError && size == 1 {
		return 1
	}
	n, one := 1, s[:size]
	for strings.HasPrefix(s[n*size:], one) {
		n++
	}
	return n
}

func sign(first byte, r rune, size, n int) string {
	text := fmt.Sprintf("\\u{%X}", r)
	if r == utf8.RuneError && size == 1 {
		text = fmt.Sprintf("\\x%02X", first)
	}
	if n > 1 {
		text += fmt.Sprintf("×%d", n)
	}
	return text
}

// hidden reports whether a character is not seen, or moves others.
func hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < ' ', r >= 0x7f && r < 0xa0:
		return true
	case r < 0xad:
		return false
	case r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r == 0x2800, r == 0x3164, r == 0xffa0: // letters that are blank
		return true
	case r == 0x34f, r >= 0x180b && r <= 0x180f, r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0000 && r <= 0xe0fff: // joiners, selectors and tags
		return true
	case r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef: // no characters
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co)
}

// joined are scripts whose words are written with joiners.
var joined = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu,
	unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar, unicode.Tibetan,
}

// meant reports whether something that is not seen belongs to an emoji, or to a word of a script with joiners.
func meant(last, r, next rune) bool {
	switch r {
	case 0xfe0e, 0xfe0f:
		return pictured(last) || last >= '0' && last <= '9' || last == '#' || last == '*'
	case 0x200d:
		return (pictured(last) || last == 0xfe0f) && pictured(next) || unicode.In(last, joined...) && unicode.In(next, joined...)
	case 0x200c:
		return unicode.In(last, joined...) && unicode.In(next, joined...)
	}
	return false
}

// pictured reports whether a character is drawn as a picture: emoji, arrows, signs.
func pictured(r rune) bool {
	return r == 0xa9 || r == 0xae || r >= 0x2190 && r < 0x2c00 && r != 0x2800 || r >= 0x1f000 && r < 0x1fb00
}
