package mutate

import (
	"fmt"
	"strings"
)

// Error says what is wrong with the name of a chain, and where.
type Error struct {
	Column  int    // of the first character it is about, from 1, in code points; 0 when a single name was looked up
	Message string // what is wrong and what would be right
	Nearest string // the word that was probably meant; empty when there is none
}

// Error returns the column and the message.
func (e *Error) Error() string {
	if e.Column == 0 {
		return e.Message
	}
	return fmt.Sprintf("mutation, column %d: %s", e.Column, e.Message)
}

// unknown is the error for a word that none of the known ones is.
func unknown(what, word string, known []string) *Error {
	e := &Error{Nearest: nearest(strings.ToLower(word), known)}
	if e.Nearest != "" {
		e.Message = fmt.Sprintf("no %s %q; did you mean %q?", what, shorten(word), e.Nearest)
	} else {
		e.Message = fmt.Sprintf("no %s %q", what, shorten(word))
	}
	return e
}

// shorten keeps messages readable whatever was typed.
func shorten(word string) string {
	const most = 40
	for i := range word {
		if i > most {
			return word[:i] + "…"
		}
	}
	return word
}

// nearest returns the candidate with the smallest edit distance to word, or "" when all are too far away. A candidate that begins with
// the word, or the other way around, is near too: "b64" is far from everything, "base" is not.
func nearest(word string, candidates []string) string {
	if len(word) > 40 || word == "" {
		return ""
	}
	best, distance := "", max(1, min(3, len(word)/2))+1
	for _, c := range candidates {
		if d := editDistance(word, c); d < distance {
			best, distance = c, d
		}
	}
	if best != "" || len(word) < 3 {
		return best
	}
	for _, c := range candidates {
		if strings.HasPrefix(c, word) || strings.HasPrefix(word, c) {
			return c
		}
	}
	return ""
}

// editDistance counts insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
func editDistance(a, b string) int {
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}
