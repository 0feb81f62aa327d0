package traffic

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// QueryError says what is wrong with a filter, and where.
type QueryError struct {
	Column  int    // of the first character it is about, from 1, in code points
	Length  int    // how many characters it is about; 0 where something is missing
	Message string // what is wrong and what would be right
	Nearest string // the field that was probably meant; empty when there is none
}

// Error returns the column and the message.
func (e *QueryError) Error() string { return fmt.Sprintf("filter, column %d: %s", e.Column, e.Message) }

// failAt makes an error about n bytes at offset pos.
func (p *queryParser) failAt(pos, n int, message string) *QueryError {
	end := min(pos+n, len(p.in))
	return &QueryError{
		Column:  utf8.RuneCountInString(p.in[:pos]) + 1,
		Length:  utf8.RuneCountInString(p.in[pos:end]),
		Message: message,
	}
}

func (p *queryParser) unknownField(name string, start int) error {
	e := p.failAt(start, len(name), "")
	e.Nearest = nearest(strings.ToLower(name), p.language.names())
	switch {
	case e.Nearest != "":
		e.Message = fmt.Sprintf("no field %q; did you mean %q?", name, e.Nearest)
	case p.language != nil:
		e.Message = fmt.Sprintf("no field %q; there are %s", name, strings.Join(p.language.names(), ", "))
	default:
		e.Message = fmt.Sprintf("no field %q; put it in quotes to search for the text", name)
	}
	return e
}

// nearest returns the candidate with the smallest edit distance to word, or "" when all are too far away.
func nearest(word string, candidates []string) string {
	best, distance := "", max(1, min(3, len(word)/2))+1
	if len(word) > 40 {
		return ""
	}
	for _, c := range candidates {
		if d := editDistance(word, c); d < distance {
			best, distance = c, d
		}
	}
	return best
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
