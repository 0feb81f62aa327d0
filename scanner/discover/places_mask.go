package discover

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// hidden stands for what a mask covers.
const hidden = '•'

// maxSample bounds a masked sample, in characters.
const maxSample = 80

// keyBegins is how private keys begin that are written as PEM.
const keyBegins = "-----BEGIN "

// mask shows what a value looks like without telling it: separators stay, of letters and digits at most a third can be
// read, and of short values none.
func mask(kind, value string) string {
	value = strings.ToValidUTF8(value, "\uFFFD")
	value, _, more := strings.Cut(strings.TrimSpace(value), "\n")
	runes := []rune(value)
	if len(runes) > maxSample {
		runes, more = runes[:maxSample], true
	}
	shown := make([]bool, len(runes))
	switch kind {
	case "EMAIL_ADDRESS":
		showMail(runes, shown)
	case "private-key":
		if strings.HasPrefix(value, keyBegins) {
			return keyBegins + strings.Repeat(string(hidden), 8)
		}
	default:
		showEnds(kind, runes, shown)
	}
	end := len(runes)
	if i := lastDot(runes); kind == "EMAIL_ADDRESS" && i > 0 {
		end = i
	}
	limit(runes[:end], shown)
	var b strings.Builder
	run := 0
	for i, r := range runes {
		if shown[i] || !solid(r) {
			b.WriteRune(r)
			run = 0
			continue
		}
		if run++; run <= 8 { // the length of what is hidden is nobody's business
			b.WriteRune(hidden)
		}
	}
	if more {
		b.WriteRune('…')
	}
	return b.String()
}

// solid reports whether a character carries the value; others are its form.
func solid(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == utf8.RuneError || r > unicode.MaxLatin1
}

// showMail shows the first letter before and after the @, and the last part of the host.
func showMail(runes []rune, shown []bool) {
	at, dot := -1, -1
	for i, r := range runes {
		switch {
		case r == '@':
			at = i
		case r == '.' && at >= 0:
			dot = i
		}
	}
	if at < 1 || dot < at {
		return
	}
	shown[0] = true
	shown[min(at+1, len(runes)-1)] = true
	for i := dot + 1; i < len(runes); i++ { // .org is nobody's secret
		shown[i] = true
	}
}

// showEnds shows the first and last characters that a person recognises a value by.
func showEnds(kind string, runes []rune, shown []bool) {
	first, last := 0, 0
	total := 0
	for _, r := range runes {
		if solid(r) {
			total++
		}
	}
	switch {
	case total < 8:
		return
	case kind == "CREDIT_CARD":
		first, last = 1, 3
		if total >= 15 {
			last = 4
		}
	case kind == "IBAN_CODE":
		first, last = 4, 2
	case total >= 24:
		first, last = 4, 4
		if end := prefixEnd(runes); end > 0 {
			first = end
		}
	case total >= 12:
		first, last = 2, 2
	default:
		first, last = 1, 1
	}
	n := 0
	for i := 0; i < len(runes) && n < first; i++ {
		if solid(runes[i]) {
			shown[i] = true
			n++
		}
	}
	n = 0
	for i := len(runes) - 1; i >= 0 && n < last; i-- {
		if solid(runes[i]) {
			shown[i] = true
			n++
		}
	}
}

// prefixEnd counts the letters and digits of the part that says whose key it is: sk-proj-, ghp_, AIza.
func prefixEnd(runes []rune) int {
	solids, end := 0, 0
	for i, r := range runes {
		if i >= 12 {
			break
		}
		if solid(r) {
			if unicode.IsDigit(r) && solids > 6 {
				break
			}
			solids++
			continue
		}
		if r != '-' && r != '_' {
			break
		}
		end = solids
	}
	return end
}

func lastDot(runes []rune) int {
	for i := len(runes) - 1; i >= 0; i-- {
		if runes[i] == '.' {
			return i
		}
	}
	return -1
}

// limit hides again what is more than a third, from the end.
func limit(runes []rune, shown []bool) {
	total, visible := 0, 0
	for i, r := range runes {
		if solid(r) {
			total++
			if shown[i] {
				visible++
			}
		}
	}
	for i := len(runes) - 1; i >= 0 && visible*3 > total; i-- {
		if shown[i] && solid(runes[i]) {
			shown[i] = false
			visible--
		}
	}
}
