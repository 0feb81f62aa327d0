package detect

import (
	"slices"
	"strings"
	"sync"
)

// How far away a word may stand that says what something is.
const (
	wordsBefore = 60
	wordsAfter  = 40
)

// maxWords is how many words say what something is, over all kinds.
const maxWords = 512

// wordSet is a set of words by their numbers.
type wordSet [maxWords / 64]uint64

func (w *wordSet) has(n int32) bool { return w[n/64]&(1<<(n%64)) != 0 }

// numbers of the words of all tables. They are given while the tables are built, before anything is scanned.
var numbers = map[string]int32{}

// wordsOf is the set of some words, which are lower case.
func wordsOf(words []string) (set wordSet) {
	for _, w := range words {
		n, ok := numbers[w]
		if !ok {
			n = int32(len(numbers)) //nolint:gosec // bounded: the array below is
			numbers[w] = n
		}
		set[n/64] |= 1 << (n % 64)
	}
	return set
}

// vocabulary finds all words in one pass.
var vocabulary = sync.OnceValue(func() *matcher {
	words := make([]string, len(numbers))
	for w, n := range numbers {
		words[n] = w
	}
	return newMatcher(words)
})

// mention is a word of the text that may say what something nearby is.
type mention struct {
	start, end int
	word       int32
}

// words finds the words of the text, once, and only when somebody asks.
func (s *subject) words() []mention {
	if s.worded {
		return s.said
	}
	s.worded = true
	vocabulary().each(s.text, func(start, end, word int) {
		// Words match whole or as part of a longer word; short ones must be whole.
		if end-start > 4 || alone(s.text, start, end) {
			s.said = append(s.said, mention{start, end, int32(word)}) //nolint:gosec // fewer than maxWords
		}
	})
	slices.SortFunc(s.said, func(a, b mention) int { return a.start - b.start })
	return s.said
}

// mentions reports whether one of the words stands near a place.
func (s *subject) mentions(start, end int, words *wordSet) bool {
	all := s.words()
	if len(all) == 0 {
		return false
	}
	from, to := start-wordsBefore, end+wordsAfter
	i, _ := slices.BinarySearchFunc(all, from, func(m mention, at int) int { return m.start - at })
	for ; i < len(all) && all[i].start < to; i++ {
		m := &all[i]
		if words.has(m.word) && (m.end <= start || m.start >= end && m.end <= to) {
			return true
		}
	}
	return false
}

// alone reports whether text[i:j] is a word of its own; an underscore ends words in JSON keys.
func alone(text string, i, j int) bool {
	inside := func(c byte) bool { return c != '_' && classOf[c] == letter }
	return (i == 0 || !inside(text[i-1])) && (j == len(text) || !inside(text[j]))
}

// asciiLower changes ASCII letters to lower case; what has none stays as it is.
func asciiLower(s string) string {
	first := strings.IndexFunc(s, func(r rune) bool { return r >= 'A' && r <= 'Z' })
	if first < 0 {
		return s
	}
	b := []byte(s)
	for i := first; i < len(b); i++ {
		if c := b[i]; c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
