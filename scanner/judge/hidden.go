package judge

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"assay/internal/excerpt"
	"assay/scanner/payload"
)

// concealed is a place where a text stands in another form.
type concealed struct {
	start, end int
	how        string // "in base64", …
}

// maxHidden bounds how many encoded runs of one text are decoded.
const maxHidden = 256

// hidden finds a text that stands in another in encoded form: base64, base32, hexadecimal, character codes, escapes of
// URLs, HTML and JSON, rot13, reversed, spaced out, in other letter forms.
func hidden(text, value string) []concealed {
	var all []concealed
	want := lower(strings.TrimSpace(value))
	if len(want) < 4 || text == "" {
		return nil
	}
	all = append(all, decoded(text, want)...)
	if strings.ContainsAny(text, `%&\`) {
		all = append(all, unescaped(text, want)...)
	}
	folded := lower(text)
	for _, form := range []struct{ text, how string }{{rot13(want), "in rot13"}, {reversed(want), "reversed"}} {
		if form.text == want {
			continue
		}
		if i := strings.Index(folded, form.text); i >= 0 {
			all = append(all, concealed{i, i + len(form.text), form.how})
		}
	}
	return append(all, spacedOut(text, want)...)
}

// What encodings are written with.
var (
	base64Letters = letterSet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-")
	base32Letters = letterSet("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
	hexDigits     = letterSet("0123456789abcdefABCDEF")
	codesRun      = regexp.MustCompile(`(?:\b[0-9]{2,3}\b[ ,;-]{1,2}){3,}[0-9]{2,3}\b`)
	base64Plain   = strings.NewReplacer("\r", "", "\n", "", "=", "", "-", "+", "_", "/")
	hexPlain      = strings.NewReplacer("0x", "", `\x`, "", " ", "", ":", "", ",", "", "-", "")
)

func letterSet(letters string) *[256]bool {
	var set [256]bool
	for i := range len(letters) {
		set[letters[i]] = true
	}
	return &set
}

// decoded looks into runs that may be an encoding, and are long enough to hold what is wanted.
func decoded(text, want string) []concealed {
	all := inBase64(nil, text, want)
	all = inBase32(all, text, want)
	for _, s := range hexRuns(text, len(want)) {
		run := hexPlain.Replace(text[s[0]:s[1]])
		if plain, err := hex.DecodeString(run[:len(run)-len(run)%2]); err == nil && strings.Contains(lower(string(plain)), want) {
			all = append(all, concealed{s[0], s[1], "in hexadecimal"})
		}
	}
	if digits := countDigits(text); digits < 2*len(want) {
		return all
	}
	for _, s := range codesRun.FindAllStringIndex(text, maxHidden) {
		var plain []byte
		for _, code := range strings.FieldsFunc(text[s[0]:s[1]], func(r rune) bool { return r < '0' || r > '9' }) {
			if n, err := strconv.ParseUint(code, 10, 8); err == nil {
				plain = append(plain, byte(n))
			}
		}
		if strings.Contains(lower(string(plain)), want) {
			all = append(all, concealed{s[0], s[1], "as character codes"})
		}
	}
	return all
}

// inBase64 looks into runs of base64, which may go on from line to line, and may begin within a group.
func inBase64(all []concealed, text, want string) []concealed {
	for i, tried := 0, 0; i < len(text) && tried < maxHidden; {
		if i > 0 && text[i-1] == '\\' {
			i++ // the letter of an escape
		}
		start := i
		i = runEnd(text, i, base64Letters)
		if i-start < 6 {
			i = max(i, start+1)
			continue
		}
		for {
			for n := 0; n < 2 && i < len(text) && text[i] == '='; n++ {
				i++
			}
			next := i
			if next < len(text) && text[next] == '\r' {
				next++
			}
			if next >= len(text) || text[next] != '\n' {
				break
			}
			end := runEnd(text, next+1, base64Letters)
			if end-next-1 < 4 {
				break
			}
			i = end
		}
		if (i-start)*3/4 < len(want) || !mixed(text[start:i]) {
			continue
		}
		tried++
		run := base64Plain.Replace(text[start:i])
		for shift := range 4 {
			part := run[min(shift, len(run)):]
			plain, err := base64.RawStdEncoding.DecodeString(part[:len(part)-len(part)%4])
			if rest := part[len(part)-len(part)%4:]; err == nil && len(rest) > 1 {
				tail, _ := base64.RawStdEncoding.DecodeString(rest) //nolint:errcheck // what can be read of the last letters counts
				plain = append(plain, tail...)
			}
			if err == nil && strings.Contains(lower(string(plain)), want) {
				all = append(all, concealed{start, i, "in base64"})
				break
			}
		}
	}
	return all
}

// inBase32 looks into runs of base32.
func inBase32(all []concealed, text, want string) []concealed {
	for i, tried := 0, 0; i < len(text) && tried < maxHidden; {
		start := i
		i = runEnd(text, i, base32Letters)
		if i-start < 8 || (i-start)*5/8 < len(want) {
			i = max(i, start+1)
			continue
		}
		tried++
		run := text[start:i]
		if n := len(run) % 8; n != 0 && n != 2 && n != 4 && n != 5 && n != 7 { // how many letters may be left over
			continue
		}
		if plain, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(run); err == nil && strings.Contains(lower(string(plain)), want) {
			all = append(all, concealed{start, i, "in base32"})
		}
	}
	return all
}

// hexRuns finds runs of at least so many bytes in hexadecimal, each perhaps marked, and parted by one mark at most.
func hexRuns(text string, least int) [][2]int {
	var all [][2]int
	for i := 0; i+2*least <= len(text) && len(all) < maxHidden; {
		start, pairs := i, 0
		for {
			at := i
			if at+1 < len(text) && (text[at] == '0' || text[at] == '\\') && text[at+1] == 'x' {
				at += 2
			}
			if at+2 > len(text) || !hexDigits[text[at]] || !hexDigits[text[at+1]] {
				break
			}
			i = at + 2
			pairs++
			if i < len(text) && strings.IndexByte(" :,-", text[i]) >= 0 {
				i++
			}
		}
		if pairs >= least {
			all = append(all, [2]int{start, i})
		}
		i = max(i, start+1)
	}
	return all
}

// runEnd is where a run of letters of a set ends.
func runEnd(text string, from int, set *[256]bool) int {
	for from < len(text) && set[text[from]] {
		from++
	}
	return from
}

// mixed reports whether a run has more than small letters: encodings do, words do not.
func mixed(run string) bool {
	for i := range len(run) {
		if c := run[i]; c >= 'A' && c <= 'Z' && i > 0 || c >= '0' && c <= '9' {
			return true
		}
	}
	return false
}

func countDigits(text string) int {
	n := 0
	for i := range len(text) {
		if text[i] >= '0' && text[i] <= '9' {
			n++
		}
	}
	return n
}

var escape = regexp.MustCompile(`%[0-9A-Fa-f]{2}|&#[0-9]{1,7};|&#[xX][0-9A-Fa-f]{1,6};|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}`)

// unescaped looks through escapes of URLs, HTML and JSON.
func unescaped(text, want string) []concealed {
	marks := escape.FindAllStringIndex(text, 64<<10)
	if len(marks) == 0 {
		return nil
	}
	var plain []byte
	var at []int
	from := 0
	put := func(s string, where int, moving bool) {
		for i := range len(s) {
			plain = append(plain, s[i])
			if moving {
				at = append(at, where+i)
			} else {
				at = append(at, where)
			}
		}
	}
	for _, m := range marks {
		put(text[from:m[0]], from, true)
		put(unescapeOne(text[m[0]:m[1]]), m[0], false)
		from = m[1]
	}
	put(text[from:], from, true)
	i := strings.Index(lower(string(plain)), want)
	if i < 0 {
		return nil
	}
	end := len(text)
	if i+len(want) < len(at) {
		end = at[i+len(want)]
	}
	if end <= at[i] || strings.Contains(lower(text[at[i]:end]), want) {
		return nil
	}
	return []concealed{{at[i], end, "in escapes"}}
}

func unescapeOne(e string) string {
	base, digits, narrow := 16, e[2:], false
	switch {
	case e[0] == '%':
		digits, narrow = e[1:], true
	case e[0] == '&' && (e[2] == 'x' || e[2] == 'X'):
		digits = e[3 : len(e)-1]
	case e[0] == '&':
		base, digits = 10, e[2:len(e)-1]
	}
	n, err := strconv.ParseUint(digits, base, 32)
	switch {
	case err != nil || n > unicode.MaxRune:
		return e
	case narrow:
		return string([]byte{byte(n)})
	}
	return string(rune(n))
}

func rot13(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return 'a' + (r-'a'+13)%26
		}
		return r
	}, text)
}

func reversed(text string) string {
	r := []rune(text)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

// spacedOut looks for the letters of a text with anything but letters between them, or in other forms of letters.
func spacedOut(text, want string) []concealed {
	const shortest = 6
	needle := squeeze(want)
	if len(needle.text) < shortest {
		return nil
	}
	if !strings.Contains(squeezed(text), needle.text) {
		return nil // nearly always, and places cost more than letters
	}
	hay := squeeze(text)
	i := strings.Index(hay.text, needle.text)
	if i < 0 {
		return nil
	}
	start, end := hay.span(i, i+len(needle.text))
	end = start + len(strings.TrimRightFunc(text[start:end], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
	if end <= start || end-start > 12*len(want) || lower(text[start:end]) == want {
		return nil
	}
	return []concealed{{start, end, "spaced out or in other letters"}}
}

// squeezed is what squeeze keeps, without its places.
func squeezed(text string) string {
	text = excerpt.Bytes(text, maxText)
	b := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
				b = append(b, c)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		if r = foldForm(r); r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			b = payload.AppendLower(b, r)
		}
	}
	return string(b)
}

// squeeze keeps small letters and digits only, and folds full-width and mathematical letters.
func squeeze(text string) plain {
	text = excerpt.Bytes(text, maxText)
	p := plain{at: make([]int32, 0, len(text)), end: len(text)}
	b := make([]byte, 0, len(text))
	for i, r := range text {
		r = foldForm(r)
		if r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		from := len(b)
		b = payload.AppendLower(b, r)
		for range len(b) - from {
			p.at = append(p.at, int32(i)) //nolint:gosec // at most maxText
		}
	}
	p.text = string(b)
	return p
}

// foldForm is the plain letter of a full-width, mathematical, circled or regional one.
func foldForm(r rune) rune {
	switch {
	case r < 0x80:
		return r
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFF01 + '!'
	case r >= 0x1D400 && r < 0x1D6A4:
		r = (r - 0x1D400) % 52
		if r < 26 {
			return 'a' + r
		}
		return 'a' + r - 26
	case r >= 0x1D7CE && r <= 0x1D7FF:
		return '0' + (r-0x1D7CE)%10
	case r >= 0x24B6 && r <= 0x24CF:
		return 'a' + r - 0x24B6
	case r >= 0x24D0 && r <= 0x24E9:
		return 'a' + r - 0x24D0
	case r >= 0x1F1E6 && r <= 0x1F1FF:
		return 'a' + r - 0x1F1E6
	}
	return r
}

func lowerRune(r rune) rune { return unicode.ToLower(r) }
