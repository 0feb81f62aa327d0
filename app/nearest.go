package app

import "strings"

// Nearest returns the word of words that a person most likely meant by wrong, or "" when none is close.
func Nearest(wrong string, words []string) string {
	best, bound := "", 1+len(wrong)/3
	for _, w := range words {
		if strings.HasPrefix(w, wrong) && len(wrong) > 1 {
			return w
		}
		if d := distance(wrong, w); d <= bound && (best == "" || d < distance(wrong, best)) {
			best = w
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

// nearOr is what to do about a wrong word: the one that was likely meant, or otherwise where there is none.
func nearOr(wrong string, words []string, otherwise string) string {
	if near := Nearest(wrong, words); near != "" {
		return "did you mean " + near + "?"
	}
	return otherwise
}
