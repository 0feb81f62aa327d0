package injection

import (
	"slices"
	"strings"
)

// ciphers write letters for letters; the commonest words tell which one was used.
var ciphers = []struct {
	name string
	undo func(string) string
}{
	{"rot13", func(t string) string { return eachLetter(t, func(c byte) byte { return (c + 13) % 26 }) }},
	{"atbash", func(t string) string { return eachLetter(t, func(c byte) byte { return 25 - c }) }},
	{"reversed", reversed},
}

func eachLetter(t string, to func(byte) byte) string {
	b := []byte(t)
	for i, c := range b {
		if c >= 'a' && c <= 'z' {
			b[i] = 'a' + to(c-'a')
		}
	}
	return string(b)
}

func reversed(t string) string {
	r := []rune(t)
	slices.Reverse(r)
	return string(r)
}

// commonest maps the commonest English words, and those of attacks, as they stand (0) and in each cipher (1…) to a set.
var commonest = func() map[string]uint8 {
	m := map[string]uint8{}
	for w := range strings.FieldsSeq("the of and to in is that it for you was on are with as be this have from or by not all your what we can an if will how do me my " +
		"ignore previous instructions rules prompt system tell write print reveal make show about which their they there when them knows where because") {
		m[w] |= 1
		for i, c := range ciphers {
			if e := c.undo(w); len(w) > 3 || len(w) > 2 && c.name == "atbash" || len(w) > 1 && c.name == "rot13" || w == "the" || w == "and" || w == "you" {
				m[e] |= 2 << i
			}
		}
	}
	return m
}()

// words tells lines whose words are written in a cipher, backwards, or with digits for letters.
func (d *decoder) words() {
	text := d.folded.text
	if len(text) > 256<<10 {
		text = text[:256<<10]
	}
	d.shifted(text)
	from, words, leet := 0, 0, 0
	var n [4]int
	all, digits := 0, 0
	flush := func(to int) {
		for i := range ciphers {
			if c := n[i+1]; c >= 2 && c*6 >= words && c > 2*n[0] {
				plain := ciphers[i].undo(string(text[from:to]))
				d.found(ciphers[i].name, plain, 0.7, d.folded.at(from), d.folded.at(to))
				break
			}
		}
		all, digits = all+words, digits+leet
		words, leet, n = 0, 0, [4]int{}
	}
	for i := 0; i < len(text); {
		c := text[i]
		if !wordByte[c] {
			if c == '\n' || c == ':' || c == '"' {
				flush(i)
				from = i + 1
			}
			i++
			continue
		}
		start := i
		for i < len(text) && wordByte[text[i]] {
			i++
		}
		words++
		if i-start > 12 {
			continue
		}
		if set := commonest[string(text[start:i])]; set != 0 {
			for k := range n {
				n[k] += int(set >> k & 1)
			}
		} else if leetWord(text[start:i]) {
			leet++
		}
	}
	flush(len(text))
	if digits >= 3 && digits*5 >= all && d.form != "leet" {
		plain := strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "6", "g", "7", "t", "8", "b", "9", "g", "@", "a", "$", "s").Replace(string(text))
		d.found("leet", plain, 0.6, 0, len(d.text))
	}
}

// shifted tells a text whose letters were all moved by the same number of places, rot13 apart.
func (d *decoder) shifted(text []byte) {
	const most, leastWords = 512, 6
	head := text[:min(len(text), most)]
	count := func(by byte) (common, words int) {
		var word [8]byte
		n := 0
		for i := 0; i <= len(head); i++ {
			if i < len(head) && head[i] >= 'a' && head[i] <= 'z' {
				if n < len(word) {
					word[n] = 'a' + (head[i]-'a'+by)%26
				}
				n++
				continue
			}
			if n > 0 {
				words++
				if n > 1 && n <= len(word) && commonest[string(word[:n])]&1 != 0 {
					common++
				}
			}
			n = 0
		}
		return common, words
	}
	if d.form == "caesar" {
		return
	}
	if common, words := count(0); words < leastWords || common > 0 {
		return
	}
	for by := byte(1); by < 26; by++ {
		if common, words := count(by); by != 13 && common >= 3 && common*4 >= words {
			plain := eachLetter(string(text), func(c byte) byte { return (c + by) % 26 })
			d.found("caesar", plain, 0.7, 0, len(d.text))
			return
		}
	}
}

// leetWord reports whether digits stand between the letters of a word.
func leetWord(w []byte) bool {
	if len(w) < 3 || w[0] == '0' && w[1] == 'x' {
		return false
	}
	letters, inner := 0, 0
	for i, c := range w {
		switch {
		case c >= 'a' && c <= 'z':
			letters++
		case c == '0' || c == '1' || c == '3' || c == '4' || c == '5' || c == '6' || c == '7' || c == '8' || c == '9':
			if i+1 < len(w) && w[i+1] >= 'a' && w[i+1] <= 'z' {
				inner++
			}
		default:
			return false
		}
	}
	return inner > 0 && letters >= 2 && letters*2 >= len(w)
}

// spacedOut reads letters that stand apart, and letters that stand in brackets.
func (d *decoder) spacedOut() {
	text := d.folded.text
	if len(text) > 64<<10 {
		text = text[:64<<10]
	}
	var plain, bracket []byte
	first, last, in, out := 0, 0, -1, 0
	gap := 0
	flush := func() {
		if len(plain) >= 8 {
			d.found("spaced-letters", string(plain), 0.6, d.folded.at(first), d.folded.at(last))
		}
		plain = plain[:0]
	}
	for i := range text {
		c := text[i]
		if c == '(' && i+2 < len(text) && text[i+2] == ')' && (wordByte[text[i+1]] || text[i+1] == ' ' || text[i+1] == '-') {
			if in < 0 {
				in = i
			}
			bracket, out = append(bracket, text[i+1]), i+3
		}
		if !wordByte[c] {
			if gap++; gap > 3 || !strings.ContainsRune(" .-_*,/\n", rune(c)) {
				flush()
			}
			continue
		}
		alone := (i == 0 || !wordByte[text[i-1]]) && (i+1 == len(text) || !wordByte[text[i+1]]) && c >= 'a' && c <= 'z'
		if !alone {
			flush()
			gap = 0
			continue
		}
		if len(plain) == 0 {
			first = i
		} else if gap >= 2 {
			plain = append(plain, ' ')
		}
		plain, last, gap = append(plain, c), i+1, 0
	}
	flush()
	if len(bracket) >= 8 && distinct(bracket) >= 5 {
		d.found("letters-in-brackets", string(bracket), 0.9, d.folded.at(in), d.folded.at(min(out, len(text))))
	}
}

// distinct counts the different bytes of a text: code puts the same few letters in brackets.
func distinct(b []byte) int {
	var seen [256]bool
	n := 0
	for _, c := range b {
		if !seen[c] {
			seen[c] = true
			n++
		}
	}
	return n
}
