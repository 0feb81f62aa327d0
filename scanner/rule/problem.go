package rule

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong in a rule's file, where it is, and what would be right.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`   // from 1; 0 where the file as a whole is meant
	Column  int    `json:"column"` // from 1, in characters
	Where   string `json:"where"`  // the keys that lead there: "samples.match[2]"; empty at the top
	What    string `json:"what"`   // one sentence: what is wrong and what was expected
	Nearest string `json:"nearest,omitempty"`
}

// Error is how a person reads a problem: "file:line:column: where: what; did you mean …?".
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	b.WriteString(": ")
	if p.Where != "" {
		b.WriteString(p.Where + ": ")
	}
	b.WriteString(p.What)
	if p.Nearest != "" {
		fmt.Fprintf(&b, "; did you mean %q?", p.Nearest)
	}
	return b.String()
}

// nearest is the word of words that a person most likely meant by wrong, or "" when none is close.
func nearest(wrong string, words []string) string {
	wrong = strings.ToLower(wrong)
	if len(wrong) > 80 {
		return ""
	}
	best, least := "", 2+len(wrong)/3
	for _, word := range words {
		lower := strings.ToLower(word)
		if len(wrong) > 1 && strings.HasPrefix(lower, wrong) {
			return word
		}
		if d := distance(wrong, lower); d < least {
			best, least = word, d
		}
	}
	return best
}

// distance is Levenshtein's: the number of letters to insert, delete or replace.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
