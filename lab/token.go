package lab

import (
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"unicode"
	"unicode/utf8"
)

// longestToken is how many runes of a word the lab's tokenizer takes at most.
const longestToken = 6

// tokens cuts text as a model's tokenizer would, roughly: a word with the space before it, cut every six runes, and
// every other character for itself. Joined they are text again.
func tokens(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for len(text) > 0 {
			size := tokenSize(text)
			if !yield(text[:size]) {
				return
			}
			text = text[size:]
		}
	}
}

func tokenSize(text string) int {
	first, size := utf8.DecodeRuneInString(text)
	if first == ' ' && size < len(text) {
		next, _ := utf8.DecodeRuneInString(text[size:])
		if !wordRune(next) {
			return size
		}
	} else if !wordRune(first) {
		return size
	}
	for n := 0; size < len(text) && n < longestToken-1; n++ {
		next, width := utf8.DecodeRuneInString(text[size:])
		if !wordRune(next) {
			break
		}
		size += width
	}
	return size
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }

// countTokens is how many tokens text has.
func countTokens(text string) int {
	n := 0
	for range tokens(text) {
		n++
	}
	return n
}

// firstTokens returns the first n tokens of text, and whether there were more.
func firstTokens(text string, n int) (string, bool) {
	size := 0
	for token := range tokens(text) {
		if n == 0 {
			return text[:size], true
		}
		size += len(token)
		n--
	}
	return text, false
}

// identity derives an id from the bytes of a request: the same request gets the same id.
func identity(prefix string, body []byte, more ...string) string {
	h := sha256.New()
	h.Write(body)
	for _, s := range more {
		h.Write([]byte{0})
		h.Write([]byte(s))
	}
	return prefix + hex.EncodeToString(h.Sum(nil))[:24]
}
