package behaviour

import "math/bits"

// full is the share of bits after which a filter is wrong too often: one in six values that are new.
const full = 0.4

// mingle is the finaliser of SplitMix64.
func mingle(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// hash is FNV-1a over a text, begun with what kind of text it is.
func hash(kind byte, s string) uint64 {
	h := uint64(14695981039346656037) ^ uint64(kind)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// places are the two bits of a value.
func places(v, words uint64) (first, second uint64) {
	h := mingle(v)
	return h % (words * 64), (h >> 32) % (words * 64)
}

func filled(set []uint64) float64 {
	n := 0
	for _, w := range set {
		n += bits.OnesCount64(w)
	}
	return float64(n) / float64(len(set)*64)
}

func in(set []uint64, v uint64) bool {
	first, second := places(v, uint64(len(set)))
	return set[first/64]>>(first%64)&1 == 1 && set[second/64]>>(second%64)&1 == 1
}

func put(set []uint64, v uint64) {
	first, second := places(v, uint64(len(set)))
	set[first/64] |= 1 << (first % 64)
	set[second/64] |= 1 << (second % 64)
}

// filter remembers what was seen lately, in two generations: when the younger one is full, the older one is forgotten.
// It may take something new for known, and never the other way round but for what was forgotten.

// remember adds a value to two generations of which the older one is forgotten when the younger one is full, and reports
// whether it was new. It may take something new for known, and never the other way round but for what was forgotten.
func remember(young, old []uint64, v uint64) (fresh bool) {
	if in(young, v) {
		return false
	}
	if filled(young) > full {
		copy(old, young)
		clear(young)
	}
	put(young, v)
	return !in(old, v)
}

// topics are the words of an actor: those learnt, and those of the last days, which are not usual yet.
type topics struct {
	young, old [64]uint64      // generations, as remember has them
	late       [lag][64]uint64 // the oldest first
}

// add remembers a word and reports whether it was never used before, and whether it is not usual.
func (t *topics) add(v uint64) (fresh, foreign bool) {
	foreign = !in(t.young[:], v) && !in(t.old[:], v)
	fresh = foreign
	for i := range t.late {
		fresh = fresh && !in(t.late[i][:], v)
	}
	if today := t.late[lag-1][:]; foreign && !in(today, v) && filled(today) <= full {
		put(today, v)
	}
	return fresh, foreign
}

// close learns days that are over.
func (t *topics) close(days int64) {
	for range min(days, lag) {
		for i, v := range t.late[0] {
			t.young[i] |= v
		}
		if filled(t.young[:]) > full {
			t.old, t.young = t.young, [64]uint64{}
		}
		copy(t.late[:], t.late[1:])
		t.late[lag-1] = [64]uint64{}
	}
}
