package judge

import (
	"assay/scanner/refusal"

	"assay/internal/excerpt"
)

// leastCopy is how long a run must be to be a copy of what was sent, in bytes.
const leastCopy = 24

// blank puts spaces over the runs of a text that are copied from what was sent, byte for byte and without regard to
// case: what a target quotes of the attack says nothing about what it thinks. Places stay the same.
func blank(text string, sent []string) string {
	if len(text) < leastCopy {
		return text
	}
	head := lower(excerpt.Bytes(text, refusal.MaxRead))
	var out []byte
	for _, s := range sent {
		if len(s) < leastCopy {
			continue
		}
		for _, c := range copies(head, lower(excerpt.Bytes(s, maxText))) {
			if out == nil {
				out = []byte(text)
			}
			for i := c[0]; i < c[1]; i++ {
				if out[i] != '\n' {
					out[i] = ' '
				}
			}
		}
	}
	if out == nil {
		return text
	}
	return string(out)
}

// copies are the runs of a text that stand in another, longest first where they overlap. Every run of 16 bytes and more
// holds eight that begin at a multiple of eight: those are looked up.
func copies(text, source string) [][2]int {
	marks := make(map[uint64]int, len(text)/8)
	var sieve [64]uint64 // most places of the source are no mark, and are passed quickly
	for i := 0; i+8 <= len(text); i += 8 {
		k := eight(text, i)
		if _, ok := marks[k]; !ok {
			marks[k] = i
		}
		h := hash(k)
		sieve[h>>6] |= 1 << (h & 63)
	}
	var all [][2]int
	for j := 0; j+8 <= len(source) && len(all) < maxHidden; j++ {
		k := eight(source, j)
		if h := hash(k); sieve[h>>6]&(1<<(h&63)) == 0 {
			continue
		}
		i, ok := marks[k]
		if !ok {
			continue
		}
		left := sameSuffix(text[:i], source[:j])
		right := samePrefix(text[i:], source[j:])
		if left+right >= leastCopy {
			all = append(all, [2]int{i - left, i + right})
		}
		j += right - 1
	}
	return all
}

// eight reads eight bytes at a place.
func eight(s string, i int) uint64 {
	_ = s[i+7]
	return uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
		uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
}

func hash(k uint64) uint64 { return k * 0x9E3779B97F4A7C15 >> 52 }
