package app

import (
	"strings"
	"unicode"
)

// Harmless makes text from the wire fit for one line of a terminal: control, bidi and other invisible characters
// become visible escapes or spaces, and what is longer than most runes ends in an ellipsis. Zero means no limit.
func Harmless(s string, most int) string {
	var b strings.Builder
	n, space := 0, false
	for _, r := range s {
		if unicode.IsSpace(r) {
			space = n > 0
			continue
		}
		if most > 0 && n >= most {
			b.WriteRune('…')
			break
		}
		if space {
			b.WriteByte(' ')
			n++
			space = false
		}
		n++
		writeVisible(&b, r)
	}
	return b.String()
}

// Visible keeps the lines of a text and makes everything else in it harmless, for terminals.
func Visible(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r == '\n' || r == '\t' {
			b.WriteRune(r)
			continue
		}
		writeVisible(&b, r)
	}
	return b.String()
}

const hex = "0123456789abcdef"

func writeVisible(b *strings.Builder, r rune) {
	switch {
	case r == unicode.ReplacementChar || unicode.IsPrint(r) || r == ' ':
		b.WriteRune(r)
	case r < 0x20 || r == 0x7f:
		b.WriteString(`\x`)
		b.WriteByte(hex[r>>4&15])
		b.WriteByte(hex[r&15])
	default:
		b.WriteString(`\u{`)
		begun := false
		for shift := 20; shift >= 0; shift -= 4 {
			d := r >> shift & 15
			if d == 0 && !begun && shift > 0 {
				continue
			}
			begun = true
			b.WriteByte(hex[d])
		}
		b.WriteByte('}')
	}
}
