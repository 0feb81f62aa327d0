// Package nearest finds the word that a person most likely meant by one that is not known. It is pure.
package nearest

import "strings"

// longest is the length of what is looked up, in bytes: what is longer is no word that somebody mistyped.
const longest = 80

// Word returns the word of words that is nearest to wrong, or "" when none is close. Small and large letters are the same.
func Word(wrong string, words []string) string {
	wrong = strings.ToLower(wrong)
	if len(wrong) > longest {
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
