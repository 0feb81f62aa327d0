package discover

import (
	"slices"
	"strings"
)

// Limits of what is read of a text to compare it with others.
const (
	sketchSize   = 128     // hashes kept of a text
	sketchWords  = 1 << 15 // words read
	openingWords = 20
	leastWords   = 8 // texts with fewer words are the same only when they are equal
	alike        = 0.5
)

// sketch is what it takes to tell how much two texts have in common: the smallest hashes of all runs of three words
// (bottom-k MinHash, Broder 1997), and a hash of how the text begins.
type sketch struct {
	words   int
	opening uint64
	hashes  []uint64 // sorted, each once
}

// sketchOf reads a masked text.
func sketchOf(masked string) *sketch {
	s := &sketch{}
	var one, two uint64
	opening := uint64(fnvOffset)
	all := make([]uint64, 0, 1024)
	for word := range strings.FieldsSeq(masked) {
		if s.words == sketchWords {
			break
		}
		h := hashWord(word)
		if s.words < openingWords {
			opening = (opening ^ h) * fnvPrime
		}
		s.words++
		if s.words >= 3 {
			all = append(all, mix(one*3+two*5+h*7))
		}
		one, two = two, h
	}
	if s.words >= 2*openingWords {
		s.opening = opening
	}
	slices.Sort(all)
	all = slices.Compact(all)
	s.hashes = slices.Clone(all[:min(len(all), sketchSize)])
	return s
}

// likeness is how much two texts have in common, 0 to 1. Texts that begin with the same sentences are alike whatever
// follows: that is how one prompt grows.
func (s *sketch) likeness(o *sketch) float64 {
	if s.words < leastWords || o.words < leastWords {
		return 0
	}
	i, j, both, n := 0, 0, 0, 0
	for n < sketchSize && i < len(s.hashes) && j < len(o.hashes) {
		switch a, b := s.hashes[i], o.hashes[j]; {
		case a == b:
			both++
			i++
			j++
		case a < b:
			i++
		default:
			j++
		}
		n++
	}
	n += min(sketchSize-n, len(s.hashes)-i+len(o.hashes)-j)
	like := float64(both) / float64(max(n, 1))
	if s.opening != 0 && s.opening == o.opening {
		like = max(like, alike)
	}
	return like
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func hashWord(word string) uint64 {
	h := uint64(fnvOffset)
	for i := range len(word) {
		h = (h ^ uint64(word[i])) * fnvPrime
	}
	return h
}

// mix spreads the bits of a hash (the end of MurmurHash3).
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
