package injection

import (
	"strings"

	"assay/scanner/mutate"
)

// alphabets tries other alphabets: morse, braille, the spelling alphabet of radio, uuencode.
func (d *decoder) alphabets() {
	t := d.text
	if dots := strings.Count(t, ".") + strings.Count(t, "-"); dots >= 8 && dots*8 >= len(t) {
		for _, m := range morse.FindAllStringIndex(t, mostMatches) {
			word := strings.TrimSpace(t[m[0]:m[1]])
			if !strings.Contains(word, ".") || !strings.Contains(word, "-") {
				continue
			}
			if plain, ok := undo("morse", word); ok {
				d.found("morse", strings.ToLower(plain), 0.8, m[0], m[1])
			}
		}
	}
	if d.folded.from != nil && strings.Contains(t, "\xe2\xa0") {
		for _, m := range braille.FindAllStringIndex(t, mostMatches) {
			if plain, ok := undo("braille", strings.TrimSpace(t[m[0]:m[1]])); ok && strings.TrimSpace(plain) != "" {
				d.found("braille", plain, 0.8, m[0], m[1])
			}
		}
	}
	d.radio()
	if len(t) < 4096 && strings.Count(t, "\n") < 12 {
		d.uu()
	}
}

// undo asks the mutation of this name to take itself back.
func undo(name, t string) (string, bool) {
	chain, err := mutate.Parse(name)
	if err != nil {
		return "", false
	}
	return chain.Undo(t)
}

var radioWords = func() map[string]byte {
	m := map[string]byte{"alpha": 'a', "juliet": 'j', "xray": 'x', "x-ray": 'x'}
	for w := range strings.FieldsSeq("alfa bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu") {
		m[w] = w[0]
	}
	return m
}()

// radio reads words of the spelling alphabet that follow each other.
func (d *decoder) radio() {
	lower := d.folded.text
	if len(lower) > 64<<10 {
		return
	}
	var plain []byte
	first, last := 0, 0
	flush := func() {
		if len(plain) >= 3 && !strings.Contains("abcdefghijklmnopqrstuvwxyz", string(plain)) { // the alphabet itself fills places
			d.found("nato", string(plain), 0.75, d.folded.at(first), d.folded.at(last))
		}
		plain = plain[:0]
	}
	for i := 0; i < len(lower); {
		if !wordByte[lower[i]] {
			i++
			continue
		}
		start := i
		for i < len(lower) && (wordByte[lower[i]] || lower[i] == '-') {
			i++
		}
		if c, ok := radioWords[string(lower[start:i])]; ok {
			if len(plain) == 0 {
				first = start
			}
			plain, last = append(plain, c), i
		} else if len(plain) > 0 {
			flush()
		}
	}
	flush()
}

// uu reads lines of uuencode: the first character tells how many bytes follow.
func (d *decoder) uu() {
	at := 0
	for line := range strings.Lines(d.text) {
		from := at
		at += len(line)
		line = strings.TrimRight(line, "\r\n")
		if cut := strings.LastIndexByte(line, ' '); cut > 0 && uuLength(line[cut+1:]) {
			from, line = from+cut+1, line[cut+1:]
		}
		if !uuLength(line) {
			continue
		}
		out := make([]byte, 0, len(line))
		for i := 1; i+3 < len(line); i += 4 {
			var v uint32
			for _, c := range []byte(line[i : i+4]) {
				v = v<<6 | uint32(c-' ')&63
			}
			out = append(out, byte(v>>16), byte(v>>8), byte(v))
		}
		if n := int(line[0]-' ') & 63; n <= len(out) && readable(out[:n]) {
			d.found("uuencode", string(out[:n]), 0.7, from, from+len(line))
		}
	}
}

// uuLength reports whether a line is as long as its first character says.
func uuLength(line string) bool {
	if len(line) < 9 || line[0] <= ' ' || line[0] > 'M' {
		return false
	}
	n := int(line[0] - ' ')
	rest := len(line) - 1
	return (n+2)/3*4 == rest || (n+2)/3*4 == rest+1 || (n+2)/3*4 == rest-1
}
