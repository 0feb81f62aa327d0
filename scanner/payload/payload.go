package payload

import (
	"cmp"
	"slices"
)

// Find is one thing that was found in a text.
type Find struct {
	Name       string
	Start, End int     // bytes of the text
	Score      float64 // 0 to 1: how sure
	Why        string  // one sentence; it quotes nothing of the text
}

// Bounds of one text.
const (
	mostText  = 1 << 20 // bytes looked at: of a longer text its beginning and its end
	mostFinds = 64      // of one text
	mostEach  = 16      // of one form in one text
)

// parts is a text as far as it is looked at, with where its parts begin; cut is how many bytes are left out.
func parts(text string) (of []string, at []int, cut int) {
	if len(text) <= mostText {
		return []string{text}, []int{0}, 0
	}
	tail := len(text) - mostText/4
	return []string{text[:mostText*3/4], text[tail:]}, []int{0, tail}, len(text) - mostText
}

// best keeps the surest find of each name, in the order of the text.
func best(all []Find) []Find {
	slices.SortStableFunc(all, func(a, b Find) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), -cmp.Compare(a.Score, b.Score), cmp.Compare(a.Start, b.Start))
	})
	all = slices.CompactFunc(all, func(a, b Find) bool { return a.Name == b.Name })
	slices.SortStableFunc(all, func(a, b Find) int { return cmp.Compare(a.Start, b.Start) })
	return all
}

// containsAny reports whether one of the words stands in a text.
func containsAny(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return contains(text, w) })
}
