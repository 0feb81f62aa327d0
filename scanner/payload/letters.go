package payload

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"assay/internal/excerpt"
)

// Letters is a text reduced to what stays the same when it is laid out anew: small letters and digits, one space between.
type Letters struct {
	Text string
	At   []int32 // of every byte, where its character stands in the original
	End  int     // bytes of the original that were read
}

// Reduce reduces a text, at most a megabyte of it. Escapes of JSON and HTML are what they stand for: a quotation may be
// written with them.
func Reduce(text string) Letters {
	text = excerpt.Bytes(text, mostText)
	p := Letters{At: make([]int32, 0, len(text)), End: len(text)}
	b := make([]byte, 0, len(text))
	gap := false
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == '\\' || r == '&' {
			r, size = escapedRune(text[i:])
		}
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 0x80 && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)) {
			if gap && len(b) > 0 {
				b = append(b, ' ')
				p.At = append(p.At, int32(i)) //nolint:gosec // at most mostText
			}
			gap = false
			from := len(b)
			b = AppendLower(b, r)
			for range len(b) - from {
				p.At = append(p.At, int32(i)) //nolint:gosec // at most mostText
			}
		} else {
			gap = true
		}
		i += size
	}
	p.Text = string(b)
	return p
}

// escapedRune is what an escape at the beginning of a text stands for, and its length; its mark where it is none.
func escapedRune(text string) (rune, int) {
	if len(text) > 1 && text[0] == '\\' {
		switch text[1] {
		case 'n', 'r', 't':
			return ' ', 2
		case 'u':
			if len(text) >= 6 {
				if n, err := strconv.ParseUint(text[2:6], 16, 16); err == nil {
					return rune(n), 6
				}
			}
		}
		return ' ', 1
	}
	end := strings.IndexByte(text[:min(len(text), 10)], ';')
	if end < 3 {
		return ' ', 1
	}
	switch name := text[1:end]; name {
	case "quot", "amp", "lt", "gt", "apos", "nbsp":
		return ' ', end + 1
	default:
		if name[0] == '#' && name[1] != 'x' && name[1] != 'X' {
			if n, err := strconv.ParseUint(name[1:], 10, 20); err == nil {
				return rune(n), end + 1 //nolint:gosec // at most 20 bits
			}
		} else if name[0] == '#' {
			if n, err := strconv.ParseUint(name[2:], 16, 20); err == nil {
				return rune(n), end + 1 //nolint:gosec // at most 20 bits
			}
		}
	}
	return ' ', 1
}

// AppendLower appends the small letter of a character.
func AppendLower(b []byte, r rune) []byte {
	if r < 0x80 {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(b, byte(r))
	}
	return append(b, string(unicode.ToLower(r))...)
}

// Span is where bytes of the reduced text stand in the original.
func (p *Letters) Span(start, end int) (from, to int) {
	from, to = int(p.At[start]), p.End
	last := int(p.At[end-1])
	for i := end; i < len(p.At); i++ {
		if int(p.At[i]) > last {
			return from, int(p.At[i])
		}
	}
	return from, to
}
