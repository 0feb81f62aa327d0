package prose

import (
	"unicode"
	"unicode/utf8"
)

// Part is a piece of a text, in bytes, and how sure it is that it is what it was looked for.
type Part struct {
	Start, End int
	Score      float64 // 0 to 1
}

// Bounds of looking for repetition.
const (
	mostRepeat   = 256 << 10 // bytes of a text: of a longer one its end, where models that loop are
	leastRepeat  = 400       // bytes that repeat
	longestLoop  = 1 << 10   // bytes of what is repeated
	leastRepeats = 6
)

// Repetition finds the longest piece of a text that is one thing over and over, word for word: at least six times and 400
// bytes. Lines of signs, as tables and drawings have, do not count.
func Repetition(text string) (p Part, found bool) {
	base := 0
	if len(text) > mostRepeat {
		base = len(text) - mostRepeat
		text = text[base:]
	}
	// The same eight bytes stand one period earlier wherever a text repeats itself: last says where a run of eight bytes
	// stood before, and a run of equal distances is a repetition.
	const table = 1 << 12
	var last [table]int32
	period, since := 0, 0
	end := func(at int) {
		length := at - since
		if period == 0 || length < leastRepeat || length < leastRepeats*period || length <= p.End-p.Start || !worded(text[since:since+period]) {
			return
		}
		p = Part{base + since, base + at, min(1, 0.4+float64(length)/8000+float64(length/period)/200)}
		found = true
	}
	for i := 0; i+8 <= len(text); i++ {
		if period > 0 {
			if text[i] == text[i-period] {
				continue
			}
			end(i)
			period = 0
		}
		h := hashOf(text, i)
		before := int(last[h]) - 1
		last[h] = int32(i + 1) //nolint:gosec // at most mostRepeat
		if d := i - before; before >= 0 && d <= longestLoop && text[before:before+8] == text[i:i+8] {
			period, since = d, before
		}
	}
	if period > 0 {
		at := len(text) - 8
		for at < len(text) && at >= period && text[at] == text[at-period] {
			at++
		}
		end(at)
	}
	return p, found
}

func hashOf(s string, i int) uint32 {
	k := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 | uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
	return uint32(k * 0x9E3779B97F4A7C15 >> 52)
}

// worded reports whether what repeats has letters.
func worded(text string) bool {
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters > 0 && letters*3 >= utf8.RuneCountInString(text)
}
