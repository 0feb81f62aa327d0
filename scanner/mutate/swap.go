package mutate

import (
	"strings"
	"unicode/utf8"
)

// swap exchanges characters in pairs, in both directions: where a becomes ᵃ, ᵃ becomes a. So it undoes itself, whatever is in the text.
type swap struct {
	ascii [utf8.RuneSelf]rune
	other map[rune]rune
}

// newSwap takes pairs of characters: "aᵃbᵇ". It panics where a character stands in two pairs.
func newSwap(pairs string) *swap {
	s := &swap{other: map[rune]rune{}}
	runes := []rune(pairs)
	for i := 0; i < len(runes); i += 2 {
		s.add(runes[i], runes[i+1])
		s.add(runes[i+1], runes[i])
	}
	return s
}

// swapRange exchanges a run of n characters with another.
func (s *swap) swapRange(from, to rune, n int) {
	for i := range rune(n) {
		s.add(from+i, to+i)
		s.add(to+i, from+i)
	}
}

func (s *swap) add(from, to rune) {
	if from < utf8.RuneSelf {
		if s.ascii[from] != 0 {
			panic("mutate: two pairs for " + string(from))
		}
		s.ascii[from] = to
		return
	}
	if _, ok := s.other[from]; ok {
		panic("mutate: two pairs for " + string(from))
	}
	s.other[from] = to
}

// of is the other character of the pair, or the same one.
func (s *swap) of(r rune) rune {
	if r < utf8.RuneSelf {
		if to := s.ascii[r]; to != 0 {
			return to
		}
		return r
	}
	if to, ok := s.other[r]; ok {
		return to
	}
	return r
}

func (s *swap) apply(t string, _ *call) string { return strings.Map(s.of, t) }

func (s *swap) undo(t string, _ *call) (string, bool) { return strings.Map(s.of, t), true }
