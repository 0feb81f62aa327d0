package injection

import (
	"encoding/ascii85"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// decode looks for what is encoded in a text and scans what comes out. form is how the text itself was encoded.
func (s *scan) decode(text string, f *folded, base, depth int, form string) {
	d := &decoder{scan: s, text: text, folded: f, base: base, depth: depth, form: form}
	d.unseen()
	d.runs()
	d.escapes()
	d.alphabets()
	d.words()
	d.spacedOut()
}

type decoder struct {
	scan   *scan
	text   string
	folded *folded
	base   int
	depth  int
	form   string
}

// found notes a decoded text, from and to bytes of d.text, and scans it. weight is what hiding it counts by itself.
func (d *decoder) found(form, plain string, weight float64, from, to int) {
	s := d.scan
	if len(s.decoded) >= mostDecoded || s.work <= 0 {
		s.cut += to - from
		return
	}
	if len(plain) > s.work {
		s.cut += len(plain) - s.work
		plain = strings.ToValidUTF8(plain[:s.work], "")
	}
	s.work -= len(plain)
	if whole := len(strings.TrimSpace(d.text)); d.depth == 0 && to-from >= whole*4/5 && !everyday[form] {
		weight = max(weight, alone(form)) // nothing but what is encoded
	}
	name := form
	if d.form != "" {
		name = d.form + " " + form
		weight = max(weight, 0.7) // twice: that is no accident
	}
	out := Decoded{Form: name, Text: plain, Start: d.base + from, End: d.base + to}
	if s.inside != nil {
		out.Start, out.End = s.inside.Start, s.inside.End
	}
	if len(out.Text) > mostPlain {
		out.Text = strings.ToValidUTF8(out.Text[:mostPlain], "")
	}
	s.decoded = append(s.decoded, out)
	technique := Encoded
	switch form {
	case "tags", "variation-selectors", "sneaky-bits":
		technique = Hidden
	}
	s.add(technique, "hides text as "+form, weight, out.Start, out.End)
	outer := s.inside
	s.inside = &out
	s.text(plain, 0, d.depth+1, name)
	s.inside = outer
}

// everyday are forms in which whole texts are written without a thought: they tell nothing by themselves.
var everyday = map[string]bool{"leet": true, "reversed": true, "url": true, "escapes": true, "html-entities": true, "quoted-printable": true, "character-codes": true}

// alone is what it counts that a text is nothing but what is encoded: people do paste base64 and hexadecimal.
func alone(form string) float64 {
	switch form {
	case "base64", "hex", "base32":
		return 0.6
	}
	return 1
}

// unseen reads characters that are not drawn: tags, selectors, and invisible ones as bits.
func (d *decoder) unseen() {
	if d.folded.from == nil {
		return
	}
	var tags, selectors, bits []byte
	first := [3]int{-1, -1, -1}
	last := [3]int{}
	flag := false
	mark := func(k, i int) {
		if first[k] < 0 {
			first[k] = i
		}
		last[k] = i + 4
	}
	for i, r := range d.text {
		switch {
		case r == 0x1F3F4:
			flag = true // flags of regions are written with tags
			continue
		case r >= 0xE0020 && r <= 0xE007E:
			if !flag {
				mark(0, i)
				tags = append(tags, byte(r-0xE0000))
			}
			continue
		case r >= 0xFE00 && r <= 0xFE0E:
			mark(1, i)
			selectors = append(selectors, byte(r-0xFE00))
			continue
		case r >= 0xE0100 && r <= 0xE01EF:
			mark(1, i)
			selectors = append(selectors, byte(r-0xE0100+16))
			continue
		case r == 0x2062 || r == 0x2064 || r == 0x200B || r == 0x200C:
			mark(2, i)
			bit := byte('0')
			if r == 0x2064 || r == 0x200C {
				bit = '1'
			}
			bits = append(bits, bit)
			continue
		}
		flag = false
	}
	end := func(k int) int { return min(last[k], len(d.text)) }
	if len(tags) >= 2 {
		d.found("tags", string(tags), 1, first[0], end(0))
	}
	if len(selectors) >= 4 {
		d.found("variation-selectors", text(selectors), 1, first[1], end(1))
	}
	if len(bits) >= 24 {
		d.found("sneaky-bits", text(fromBits(bits)), 1, first[2], end(2))
	}
}

// text makes decoded bytes valid.
func text(b []byte) string { return strings.ToValidUTF8(string(b), "\uFFFD") }

func fromBits(bits []byte) []byte {
	out := make([]byte, 0, len(bits)/8)
	for i := 0; i+8 <= len(bits); i += 8 {
		var c byte
		for _, b := range bits[i : i+8] {
			c = c<<1 | (b - '0')
		}
		out = append(out, c)
	}
	return out
}

// runs tries runs of characters without a space: base64, hex, base32, ascii85, uuencode, binary.
func (d *decoder) runs() {
	text := d.text
	for i := 0; i < len(text); {
		if !codeByte[text[i]] {
			i++
			continue
		}
		start, kinds := i, byte(0)
		for i < len(text) && codeByte[text[i]] {
			kinds |= kindOf[text[i]]
			i++
		}
		if i-start >= 8 {
			d.run(text[start:i], kinds, start, i)
		}
	}
}

// What the bytes of a run are.
const (
	aDigit byte = 1 << iota
	aHexLetter
	aLower
	aUpper
	aSign
	aSlash
)

var kindOf, codeByte = func() (kind [256]byte, is [256]bool) {
	for i := range kind {
		c := byte(i)
		switch {
		case c >= '2' && c <= '7':
			kind[i] = aDigit
		case c >= '0' && c <= '9':
			kind[i] = aDigit | aSign
		case c >= 'a' && c <= 'f':
			kind[i] = aLower
		case c >= 'A' && c <= 'F':
			kind[i] = aUpper
		case c >= 'g' && c <= 'z':
			kind[i] = aLower | aHexLetter
		case c >= 'G' && c <= 'Z':
			kind[i] = aUpper | aHexLetter
		case c == '+' || c == '/' || c == '-' || c == '_':
			kind[i] = aSlash
		}
		is[i] = kind[i] != 0 || c == '='
	}
	return kind, is
}()

func (d *decoder) run(run string, kinds byte, from, to int) {
	bare := strings.TrimRight(run, "=")
	if kinds&(aHexLetter|aSlash) == 0 && len(bare)%2 == 0 && kinds&aDigit != 0 {
		if plain, err := hex.DecodeString(bare); err == nil && readable(plain) {
			d.found("hex", string(plain), 0.45, from, to)
			return
		}
	}
	if kinds&(aLower|aSlash|aSign) == 0 && kinds&aUpper != 0 && len(bare) >= 6 && (kinds&aDigit != 0 || len(bare) < len(run)) {
		if plain, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(bare); err == nil && readable(plain) {
			d.found("base32", string(plain), 0.45, from, to)
			return
		}
	}
	mixed := kinds&aLower != 0 && kinds&aUpper != 0 && (kinds&aDigit != 0 || len(bare) < len(run) || len(bare) >= 24)
	if !mixed || strings.HasPrefix(bare, "eyJ") {
		return // words, and the tokens of sessions
	}
	for _, coding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if plain, err := coding.DecodeString(bare); err == nil && readable(plain) {
			weight := 0.3
			if len(plain) >= 12 && strings.ContainsRune(string(plain), ' ') {
				weight = 0.45
			}
			d.found("base64", string(plain), weight, from, to)
			return
		}
	}
}

// readable reports whether bytes are a text.
func readable(b []byte) bool {
	if len(b) < 3 || !utf8.Valid(b) {
		return false
	}
	letters, n := 0, 0
	for _, r := range string(b) {
		n++
		switch {
		case r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f || r == utf8.RuneError:
			return false
		case unicode.IsLetter(r) || r == ' ' || r >= 0xE0000 && r <= 0xE01EF || invisible(r):
			letters++
		}
	}
	return letters*10 >= n*6 || n >= 16 && coded(b)
}

// coded reports whether bytes may be encoded once more.
func coded(b []byte) bool {
	for _, c := range b {
		if !codeByte[c] {
			return false
		}
	}
	return true
}

var (
	entities = regexp.MustCompile(`(?:&#x?[0-9A-Fa-f]{2,6};){4,}`)
	slashed  = regexp.MustCompile(`(?:\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}){4,}`)
	binary   = regexp.MustCompile(`(?:\b[01]{8}\s?){2,}`)
	hexPairs = regexp.MustCompile(`(?:\b(?:0x|\\x)?[0-9A-Fa-f]{2}[ ,:]{1,2}){5,}(?:0x)?[0-9A-Fa-f]{2}\b`)
	morse    = regexp.MustCompile(`(?:[.\-]{1,6}(?: ?/ ?| {1,3}|$|\n)){4,}`)
	braille  = regexp.MustCompile(`[\x{2800}-\x{28FF} ]{4,}`)
	codes    = regexp.MustCompile(`(?:\b[0-9]{2,3}[ ,;]{1,2}){9,}[0-9]{2,3}\b`)
	a85      = regexp.MustCompile(`<~[!-uz\s]{5,}~>`)
)

// escapes tries what stands as escapes of characters.
func (d *decoder) escapes() {
	t := d.text
	if strings.Count(t, "%") >= 4 {
		d.escaped('%', 4, "url")
	}
	if strings.Contains(t, "&#") {
		d.each(entities, "html-entities", 0.5, html.UnescapeString)
	}
	if strings.Count(t, `\u`)+strings.Count(t, `\x`) >= 4 {
		d.each(slashed, "escapes", 0.35, unslash)
	}
	if strings.Count(t, "=") >= 3 {
		if soft := softBreaks.Replace(t); len(soft) < len(t) && strings.Count(soft, "=") >= 3 {
			// Every escape that is undone saves two bytes: in a text that has few of them they hide nothing.
			if plain := unpercent(soft, '='); readable([]byte(plain)) && (len(soft)-len(plain))*4 >= len(soft) {
				d.found("quoted-printable", plain, 0.45, 0, len(t))
			}
		} else {
			d.escaped('=', 3, "quoted-printable")
		}
	}
	if digits := strings.Count(t, " 1") + strings.Count(t, ",1") + strings.Count(t, " 0"); digits >= 6 {
		d.each(codes, "character-codes", 0.5, fromCodes)
	}
	if bitsIn(t) {
		d.each(binary, "binary", 0.6, func(m string) string { return text(fromBits([]byte(strings.Join(strings.Fields(m), "")))) })
	}
	if spaced := strings.Count(t, " "); spaced >= 5 && spaced*4 >= len(t) {
		d.each(hexPairs, "hex", 0.5, func(m string) string {
			b, _ := hex.DecodeString(strings.NewReplacer("0x", "", `\x`, "", " ", "", ",", "", ":", "").Replace(m))
			return string(b)
		})
	}
	if strings.Contains(t, "<~") {
		d.each(a85, "ascii85", 0.7, func(m string) string {
			out := make([]byte, 4*len(m))
			n, _, err := ascii85.Decode(out, []byte(m[2:len(m)-2]), true)
			if err != nil {
				return ""
			}
			return string(out[:n])
		})
	}
}

// softBreaks are those of quoted-printable (RFC 2045, 6.7).
var softBreaks = strings.NewReplacer("=\r\n", "", "=\n", "")

// fromCodes reads character codes, decimal or octal.
func fromCodes(m string) string {
	fields := strings.FieldsFunc(m, func(r rune) bool { return r < '0' || r > '9' })
	for _, base := range []int{8, 10} {
		out := make([]byte, 0, len(fields))
		for _, f := range fields {
			if n, err := strconv.ParseUint(f, base, 7); err == nil && (base == 10 || len(f) == 3) {
				out = append(out, byte(n))
			}
		}
		if len(out) == len(fields) && readable(out) {
			return string(out)
		}
	}
	return ""
}

// bitsIn reports whether eight bits stand together.
func bitsIn(t string) bool {
	run := 0
	for i := range len(t) {
		if t[i]&^1 != '0' {
			run = 0
		} else if run++; run == 8 {
			return true
		}
	}
	return false
}

// escaped decodes what has many bytes as a sign and two digits, between spaces, quotes and ends of lines.
func (d *decoder) escaped(sign byte, least int, name string) {
	t := d.text
	for i := 0; i < len(t); {
		start, n := i, 0
		for i < len(t) && t[i] > ' ' && t[i] != '"' && i-start < 8<<10 {
			if t[i] == sign && i+2 < len(t) && hexDigit(t[i+1]) && hexDigit(t[i+2]) {
				n++
			}
			i++
		}
		address := strings.Contains(t[start:i], "://") // where percent signs are everyday, and = stands before values
		if n >= least && (!address || sign == '%') {
			if plain := unpercent(t[start:i], sign); readable([]byte(plain)) {
				weight := 0.45
				if address {
					weight = 0.1
				}
				d.found(name, plain, weight, start, i)
			}
		}
		i++
	}
}

func hexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// mostMatches bounds what one form matches in a text; found bounds what is decoded of it.
const mostMatches = 1024

// each decodes what a form matches.
func (d *decoder) each(form *regexp.Regexp, name string, weight float64, undo func(string) string) {
	for _, m := range form.FindAllStringIndex(d.text, mostMatches) {
		if plain := undo(d.text[m[0]:m[1]]); readable([]byte(plain)) {
			d.found(name, plain, weight, m[0], m[1])
		}
	}
}

func unpercent(t string, sign byte) string {
	out := make([]byte, 0, len(t))
	for i := 0; i < len(t); i++ {
		if t[i] == sign && i+2 < len(t) {
			var b [1]byte
			if _, err := hex.Decode(b[:], []byte(t[i+1:i+3])); err == nil {
				out = append(out, b[0])
				i += 2
				continue
			}
		}
		out = append(out, t[i])
	}
	return text(out)
}

func unslash(t string) string {
	var out []byte
	for i := 0; i+3 < len(t); {
		n := 4
		if t[i+1] == 'u' {
			n = 6
		}
		if i+n > len(t) {
			break
		}
		r := rune(0)
		for _, c := range t[i+2 : i+n] {
			r = r<<4 | rune(strings.IndexRune("0123456789abcdef", unicode.ToLower(c)))
		}
		out = utf8.AppendRune(out, r)
		i += n
	}
	return text(out)
}
