package detect_test

import (
	"slices"
	"strings"
	"testing"

	"assay/scanner/detect"
)

// FuzzWords holds the automaton against a search for every word by itself.
func FuzzWords(f *testing.F) {
	f.Add("she sells USHERS his hers", "he she his hers")
	f.Add("aaaa", "a aa aaa")
	f.Add("Móvil: 1", "móvil vil")
	f.Fuzz(func(t *testing.T, text, list string) {
		words := strings.Fields(asciiLower(list))
		slices.Sort(words)
		words = slices.Compact(words)
		lower := asciiLower(text)
		var want [][3]int
		for end := range len(lower) + 1 {
			for start := range end {
				if n, found := slices.BinarySearch(words, lower[start:end]); found {
					want = append(want, [3]int{start, end, n})
				}
			}
		}
		var got [][3]int
		detect.EachWord(words, text, func(start, end, word int) { got = append(got, [3]int{start, end, word}) })
		if !slices.Equal(got, want) {
			t.Errorf("%q in %q: %v, want %v", words, text, got, want)
		}
	})
}

func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
