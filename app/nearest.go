package app

import "assay/internal/nearest"

// Nearest returns the word of words that a person most likely meant by wrong, or "" when none is close.
func Nearest(wrong string, words []string) string { return nearest.Word(wrong, words) }

// nearOr is what to do about a wrong word: the one that was likely meant, or otherwise where there is none.
func nearOr(wrong string, words []string, otherwise string) string {
	if near := Nearest(wrong, words); near != "" {
		return "did you mean " + near + "?"
	}
	return otherwise
}
