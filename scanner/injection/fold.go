package injection

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folded is a text made comparable, with the way back to where each of its bytes stood.
type folded struct {
	text    []byte
	from    []int32 // nil where text[i] stood at i
	mixed   int     // words of letters of two scripts that look alike
	first   [2]int  // the first of them
	zero    int     // invisible characters inside of words
	turned  int     // directions that were overridden
	control int     // control characters that delete or go back
	marks   int     // combining marks that stand three and more on one letter
	wide    int     // letters of ornamental alphabets
	touch   bool    // letters of two scripts stand beside each other
}

// at is where a byte of the folded text stood.
func (f *folded) at(i int) int {
	switch {
	case f.from == nil:
		return i
	case i >= len(f.from):
		return int(f.from[len(f.from)-1])
	}
	return int(f.from[i])
}

// fold makes a text comparable.
func fold(text string) *folded {
	f := &folded{text: make([]byte, 0, len(text)+1)}
	i := 0
	for ; i < len(text); i++ {
		c := text[i]
		if c >= utf8.RuneSelf || c < ' ' && c != '\n' && c != '\t' && c != '\r' || c == 0x7f {
			break
		}
		f.text = append(f.text, lowered[c])
	}
	if i == len(text) {
		return f
	}
	f.slow(text, i)
	if f.touch {
		f.plainLetters()
	}
	return f
}

var lowered = func() (t [256]byte) {
	for i := range t {
		t[i] = byte(i)
		if i >= 'A' && i <= 'Z' {
			t[i] += 'a' - 'A'
		}
	}
	t['\t'], t['\r'] = ' ', ' '
	return t
}()

// slow folds the rest of a text that has more than plain ASCII.
func (f *folded) slow(text string, i int) {
	f.from = make([]int32, len(f.text), len(text)+1)
	for n := range f.from {
		f.from[n] = int32(n)
	}
	stacked := 0
	for i < len(text) {
		c := text[i]
		if c < utf8.RuneSelf {
			stacked = 0
			switch {
			case c == '\n' || c == '\t' || c == '\r' || c >= ' ' && c != 0x7f:
				n := len(f.text)
				f.touch = f.touch || n > 0 && f.text[n-1] >= 0x80 && wordByte[lowered[c]]
				f.text, f.from = append(f.text, lowered[c]), append(f.from, int32(i))
			case c == '\b' || c == 0x7f:
				f.control++
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
		case invisible(r):
			f.unseen(r)
		case r >= 0x300 && (r < 0x400 || r >= 0x483) && (r < 0x3000 || r > 0x9FFF) && unicode.Is(unicode.Mn, r):
			if stacked++; stacked == 3 {
				f.marks++
			}
		default:
			stacked = 0
			f.letter(r, i)
		}
		i += size
	}
	f.from = append(f.from, int32(len(text)))
}

func (f *folded) put(r rune, at int) {
	n := len(f.text)
	f.text = utf8.AppendRune(f.text, r)
	for range len(f.text) - n {
		f.from = append(f.from, int32(at))
	}
}

func (f *folded) letter(r rune, at int) {
	switch {
	case r == '’' || r == '‘' || r == 'ʼ':
		f.put('\'', at)
		return
	case r == '“' || r == '”' || r == '„' || r == '«' || r == '»':
		f.put('"', at)
		return
	case r == 0xA0 || r == 0x3000 || r >= 0x2000 && r <= 0x200A:
		f.put(' ', at)
		return
	case r == '。' || r == '।' || r == '｡' || r == '۔':
		f.put('.', at)
		return
	case r == '؟':
		f.put('?', at)
		return
	case r >= 0xA1 && r <= 0xBF && r != 0xAA && r != 0xBA || r >= 0x2010 && r <= 0x206F || r >= 0x2190 && r <= 0x27FF || r >= 0x1F000 && r <= 0x1FAFF:
		f.put('-', at)
		return
	case r >= 0x410 && r <= 0x44F:
		n := len(f.text)
		f.touch = f.touch || n > 0 && f.text[n-1] < 0x80 && wordByte[f.text[n-1]]
		if r < 0x430 {
			r += 0x20
		}
		f.put(r, at)
		return
	case r >= 0x3040 && r <= 0x30FF || r >= 0x4E00 && r <= 0x9FFF || r >= 0xAC00 && r <= 0xD7A3:
		f.put(r, at)
		return
	}
	if n := len(f.text); n > 0 && f.text[n-1] < 0x80 && wordByte[f.text[n-1]] {
		f.touch = true
	}
	var buf [utf8.UTFMax]byte
	n := utf8.EncodeRune(buf[:], r)
	p := norm.NFKD.Properties(buf[:n])
	d := p.Decomposition()
	if len(d) == 0 {
		f.put(unicode.ToLower(r), at)
		return
	}
	if r >= 0x1D400 && r <= 0x1D7FF || r >= 0xFF01 && r <= 0xFF5E || r >= 0x2460 && r <= 0x24FF {
		f.wide++
	}
	for len(d) > 0 {
		q, size := utf8.DecodeRune(d)
		d = d[size:]
		if !unicode.Is(unicode.Mn, q) {
			f.put(unicode.ToLower(q), at)
		}
	}
}

// invisible reports whether a character is not drawn.
func invisible(r rune) bool {
	return r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2060 && r <= 0x206F || r == 0xFEFF || r == 0xAD ||
		r == 0x180E || r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0000 && r <= 0xE0FFF || r == 0x115F || r == 0x3164
}

func (f *folded) unseen(r rune) {
	switch r {
	case 0x202D, 0x202E:
		f.turned++
	case 0x200B, 0x2060, 0x2063, 0xAD, 0x180E, 0x200C, 0x200D:
		if n := len(f.text); n > 0 && f.text[n-1] >= 'a' && f.text[n-1] <= 'z' {
			f.zero++
		}
	}
}

// looks are letters of other scripts drawn like Latin ones (Unicode's confusables.txt).
var looks = func() map[rune]rune {
	m := map[rune]rune{}
	pairs := []rune("аaеeоoрpсcхxуyіiјjѕsһhԁdԛqԝwɡgӏlкkмmтtвbнhгrαaοoνvρpτtικkυuеeιiıiɑaѵvոnսuցgօoһhʀrꜱsʟlɪi")
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] < 0x80 {
			m[pairs[i]] = pairs[i+1]
		}
	}
	return m
}()

// plainLetters writes words that mix scripts in Latin letters.
func (f *folded) plainLetters() {
	var out []byte
	var from []int32
	text := f.text
	for i := 0; i < len(text); {
		start, latin, alike, other := i, 0, 0, 0
		for i < len(text) {
			r, size := utf8.DecodeRune(text[i:])
			if !unicode.IsLetter(r) {
				break
			}
			switch {
			case r >= 'a' && r <= 'z':
				latin++
			case looks[r] != 0:
				alike++
			default:
				other++
			}
			i += size
		}
		if alike > 0 && other == 0 && latin > 0 {
			if f.mixed++; f.mixed == 1 {
				f.first = [2]int{f.at(start), f.at(i)}
			}
		}
		if i == start {
			_, size := utf8.DecodeRune(text[i:])
			i += size
		}
	}
	if f.mixed < 2 {
		return
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		n := len(out)
		if to := looks[r]; to != 0 {
			out = append(out, byte(to))
		} else {
			out = append(out, text[i:i+size]...)
		}
		for range len(out) - n {
			from = append(from, f.from[i])
		}
		i += size
	}
	f.text, f.from = out, append(from, f.from[len(f.from)-1])
}
