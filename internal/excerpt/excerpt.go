// Package excerpt keeps the beginning of texts that are too long to be read, kept or shown whole.
package excerpt

import "unicode/utf8"

// Bytes is the beginning of a text, at most so many bytes, no character cut in two. What is no UTF-8 stays as it is.
func Bytes(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}
