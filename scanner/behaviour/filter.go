package behaviour

import "math/bits"

// filter remembers what was seen lately, in two generations: when the younger one is full, the older one is forgotten.
// It may take something new for known, and never the other way round but for what was forgotten.
type filter[A [64]uint64 | [32]uint64] struct {
	young, old A
	set        uint16 // bits of the younger one
	turned     bool   // something was forgotten
}

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

// add remembers a value and reports whether it was new.
func (f *filter[A]) add(v uint64) (fresh bool) {
	h := mingle(v)
	words := uint64(len(f.young))
	size := words * 64
	first, second := h%size, (h>>32)%size
	young := f.young[first/64]>>(first%64)&1 == 1 && f.young[second/64]>>(second%64)&1 == 1
	old := f.old[first/64]>>(first%64)&1 == 1 && f.old[second/64]>>(second%64)&1 == 1
	if young {
		return false
	}
	for _, bit := range [2]uint64{first, second} {
		if f.young[bit/64]>>(bit%64)&1 == 0 {
			f.young[bit/64] |= 1 << (bit % 64)
			f.set++
		}
	}
	if uint64(f.set) > size*2/5 {
		var empty A
		f.old, f.young, f.set, f.turned = f.young, empty, 0, true
	}
	return !old
}

// recount works out what add keeps up.
func (f *filter[A]) recount() {
	n := 0
	for i := range len(f.young) {
		n += bits.OnesCount64(f.young[i])
	}
	f.set = uint16(n)
}
