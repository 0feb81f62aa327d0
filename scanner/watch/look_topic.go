package watch

import (
	"slices"
	"unicode"

	"assay/llm"
)

// Bounds of a sketch.
const (
	mostTopic  = 32       // features
	topicBytes = 64 << 10 // of what was asked
)

// topicOf is a sketch of what the user asked: the features with the smallest hashes, so that two sketches share about as
// much as the texts do. A feature is a word of four letters and more, or two letters of a script without spaces.
func topicOf(c *llm.Conversation) []uint64 {
	texts := c.LastUser()
	if len(texts) == 0 {
		texts = c.Prompts
	}
	var all []uint64
	left := topicBytes
	for _, text := range texts {
		text = text[:min(len(text), left)]
		left -= len(text)
		all = features(all, text)
		if len(all) > 64*mostTopic {
			all = smallest(all)
		}
	}
	return smallest(all)
}

func smallest(all []uint64) []uint64 {
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.Clip(all[:min(len(all), mostTopic)])
}

func features(all []uint64, text string) []uint64 {
	hash, letters := wordSeed, 0
	var before rune
	flush := func() {
		if letters >= 4 {
			all = append(all, mixed(hash))
		}
		hash, letters = wordSeed, 0
	}
	for _, r := range text {
		switch {
		case r >= 0x3040 && r <= 0x9FFF:
			flush()
			if before != 0 {
				all = append(all, mixed(step(step(wordSeed, before), r)))
			}
			before = r
			continue
		case unicode.IsLetter(r):
			hash = step(hash, unicode.ToLower(r))
			letters++
		default:
			flush()
		}
		before = 0
	}
	flush()
	return all
}

// wordSeed and wordPrime are those of FNV-1a: equal words have equal features in every project and every run.
const (
	wordSeed  uint64 = 14695981039346656037
	wordPrime uint64 = 1099511628211
)

func step(h uint64, r rune) uint64 { return (h ^ uint64(r)) * wordPrime } //nolint:gosec // runes of a text are not negative

// mixed spreads a hash, so that the smallest ones are any words.
func mixed(h uint64) uint64 {
	h ^= h >> 31
	h *= 0x9E3779B97F4A7C15
	return h ^ h>>29
}
