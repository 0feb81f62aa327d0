package lab

import (
	"encoding/ascii85"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// mostReadings bounds how many ways one text is read.
const mostReadings = 40

// readings are the texts that a mind that wants to understand sees in one: without what hides it, then decoded from
// whatever it seems to be written in. The first is always the plain text.
func readings(text string) []string {
	seen := revealed(text)
	all := []string{seen}
	add := func(s string) {
		s = strings.TrimSpace(s)
		if s != "" && len(all) < mostReadings && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	add(straightened(plainLetters(seen)))
	add(joinedParts(seen))
	add(turnedRound(seen))
	for _, hidden := range hiddenTexts(text) {
		add(hidden)
	}
	for range 2 { // what was encoded twice
		for _, s := range slices.Clone(all) {
			for _, decoded := range decodings(s) {
				add(decoded)
			}
		}
	}
	return all
}

// revealed drops what no one sees, and combining marks put over letters.
func revealed(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0x300 && r <= 0x36F, r >= 0x20D0 && r <= 0x20FF, r >= 0x0483 && r <= 0x0489, unicode.Is(unicode.Cf, r), r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0000 && r <= 0xE01EF:
			return -1
		case r >= 0xFF01 && r <= 0xFF5E: // fullwidth
			return r - 0xFF01 + '!'
		case r == 0x3000:
			return ' '
		}
		return r
	}, text)
}

// alike are letters of other alphabets that look like Latin ones, and what stands for letters in leet.
var alike = strings.NewReplacer(
	"а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "х", "x", "у", "y", "і", "i", "ѕ", "s", "ј", "j", "ԁ", "d", "һ", "h", "ո", "n",
	"А", "A", "В", "B", "Е", "E", "К", "K", "М", "M", "Н", "H", "О", "O", "Р", "P", "С", "C", "Т", "T", "Х", "X", "У", "Y", "І", "I",
	"ο", "o", "α", "a", "ε", "e", "ι", "i", "ν", "v", "ρ", "p", "τ", "t", "υ", "u", "ѵ", "v", "ԛ", "q", "ԝ", "w", "ɡ", "g", "ⅼ", "l",
)

// leetWord is a word with signs among its letters.
var leetWord = regexp.MustCompile(`[A-Za-z]*[0-9@$!|+][A-Za-z0-9@$!|+]*[A-Za-z][A-Za-z0-9@$!|+]*|[A-Za-z]+[0-9@$!|+]+`)

var leetSigns = strings.NewReplacer("4", "a", "@", "a", "3", "e", "1", "i", "!", "i", "|", "l", "0", "o", "5", "s", "$", "s", "7", "t", "+", "t", "8", "b", "9", "g")

// plainLetters undoes look-alikes and leet.
func plainLetters(text string) string {
	return leetWord.ReplaceAllStringFunc(alike.Replace(text), func(word string) string {
		if made := leetSigns.Replace(word); knownWords[strings.ToLower(made)] {
			return made
		}
		return word
	})
}

// knownWords are those that orders are made of. They also tell a text that was decoded rightly from one that was not.
var knownWords = wordSet(`ignore disregard forget all any previous instructions instruction rules rule your you the and or only print write say
	reply answer output with without one word words as a an space joined join joining together two pieces nothing else new mission bypass
	system prompt reveal show tell this that is not do what it into of to from for message begin end every in them following`)

var sortedWords = slices.Sorted(maps.Keys(knownWords))

// straightened puts the inner letters of misspelt words in order: wrod is word.
func straightened(text string) string {
	return shortWord.ReplaceAllStringFunc(text, func(word string) string {
		small := strings.ToLower(word)
		if knownWords[small] || len(small) < 4 {
			return word
		}
		for _, known := range sortedWords {
			if sameLetters(small, known) {
				return known
			}
		}
		return word
	})
}

// sameLetters tells whether two words begin and end alike and have the same letters, or all but one, between.
func sameLetters(a, b string) bool {
	if len(b) < 4 || a[0] != b[0] || a[len(a)-1] != b[len(b)-1] || len(a) > len(b)+1 || len(b) > len(a)+1 {
		return false
	}
	left := []byte(b)
	missing := 0
	for _, c := range []byte(a) {
		if i := slices.Index(left, c); i >= 0 {
			left = slices.Delete(left, i, i+1)
		} else {
			missing++
		}
	}
	return len(a) == len(b) && missing == 0 || len(a) != len(b) && missing+len(left) == 1
}

var (
	quotedPart = regexp.MustCompile(`\b[a-z]\s*=\s*"([^"]*)"`)
	sumOfParts = regexp.MustCompile(`\b[a-z](?: \+ [a-z])+\b`)
	backwards  = regexp.MustCompile(`(?i)(?:from its last word|last word to (?:its|the) first|words? (?:backwards|in reverse))[^:\n]*:\s*(.+)`)
)

// joinedParts carries out "let a = "…", b = "…"; evaluate a + b".
func joinedParts(text string) string {
	if !sumOfParts.MatchString(text) {
		return ""
	}
	var whole strings.Builder
	for _, m := range quotedPart.FindAllStringSubmatch(text, -1) {
		whole.WriteString(m[1])
	}
	return whole.String()
}

// turnedRound reads words from the last to the first where a text asks for that.
func turnedRound(text string) string {
	m := backwards.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	words := strings.Fields(m[1])
	slices.Reverse(words)
	return strings.Join(words, " ")
}

// hiddenTexts are those that invisible characters spell: tags, variation selectors, and pairs of signs that are bits.
func hiddenTexts(text string) []string {
	var tags, selectors []byte
	bits := map[rune][]byte{}
	for _, r := range text {
		switch {
		case r > 0xE0000 && r < 0xE007F:
			tags = append(tags, byte(r-0xE0000))
		case r >= 0xFE00 && r <= 0xFE0F:
			selectors = append(selectors, byte(r-0xFE00))
		case r >= 0xE0100 && r <= 0xE01EF:
			selectors = append(selectors, byte(r-0xE0100+16))
		case r == 0x200B || r == 0x200C:
			bits[0x200B] = append(bits[0x200B], '0'+byte(r-0x200B))
		case r == 0x2062 || r == 0x2064:
			bits[0x2062] = append(bits[0x2062], '0'+byte(r-0x2062)/2)
		}
	}
	all := []string{string(tags), string(selectors)}
	return append(all, bytesOfBits(string(bits[0x200B])), bytesOfBits(string(bits[0x2062])))
}

func bytesOfBits(bits string) string {
	var out []byte
	for len(bits) >= 8 {
		n, err := strconv.ParseUint(bits[:8], 2, 8)
		if err != nil {
			return ""
		}
		out, bits = append(out, byte(n)), bits[8:]
	}
	return string(out)
}

var (
	longBase64 = regexp.MustCompile(`[A-Za-z0-9+/_-]{12,}={0,2}`)
	longBase32 = regexp.MustCompile(`[A-Z2-7]{16,}={0,6}`)
	longHex    = regexp.MustCompile(`(?i)(?:[0-9a-f]{2}[ :,]?){8,}`)
	longBinary = regexp.MustCompile(`(?:[01]{8}[ ,]?){6,}`)
	longMorse  = regexp.MustCompile(`[.\-/ ]{20,}`)
	longURL    = regexp.MustCompile(`(?:%[0-9A-Fa-f]{2}|[\w.~*'()!-]){8,}`)
	braille    = regexp.MustCompile(`[\x{2800}-\x{28FF}\s\d]{8,}`)
	long85     = regexp.MustCompile(`[!-u]{20,}`)
)

// decodings are the parts of a text that another script or code hides, as far as they become words.
func decodings(text string) []string {
	var all []string
	add := func(s string, least int) {
		if isWords(s, least) {
			all = append(all, s)
		}
	}
	for _, part := range longBase64.FindAllString(text, 4) {
		part = strings.TrimRight(part, "=")
		for _, code := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			if data, err := code.DecodeString(part); err == nil && printable(data) {
				all = append(all, string(data))
			}
		}
	}
	for _, part := range longBase32.FindAllString(text, 4) {
		if data, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.TrimRight(part, "=")); err == nil && printable(data) {
			all = append(all, string(data))
		}
	}
	for _, part := range longHex.FindAllString(text, 4) {
		clean := strings.NewReplacer(" ", "", ":", "", ",", "").Replace(part)
		if data, err := hex.DecodeString(clean); err == nil && printable(data) {
			all = append(all, string(data))
		}
	}
	for _, part := range longBinary.FindAllString(text, 4) {
		add(bytesOfBits(strings.NewReplacer(" ", "", ",", "").Replace(part)), 2)
	}
	if strings.Contains(text, "%") {
		for _, part := range longURL.FindAllString(text, 4) {
			if s, err := url.QueryUnescape(part); err == nil && s != part {
				add(s, 1)
			}
		}
	}
	for _, part := range longMorse.FindAllString(text, 4) {
		add(fromMorse(part), 2)
	}
	for _, part := range braille.FindAllString(text, 4) {
		add(fromBraille(part), 2)
	}
	add(fromNATO(text), 2)
	for _, part := range long85.FindAllString(text, 4) {
		out := make([]byte, len(part))
		if n, _, err := ascii85.Decode(out, []byte(part), true); err == nil {
			add(string(out[:n]), 2)
		}
	}
	return append(all, shiftings(text)...)
}

// mostLines is how many lines of a text are tried one by one.
const mostLines = 12

// shiftings are a text by Caesar's shifts, Atbash and from its end, line by line and whole: those that become words.
func shiftings(text string) []string {
	var all []string
	for _, part := range append(strings.SplitN(text, "\n", mostLines), text) {
		if isWords(part, 4) {
			continue // it is words already
		}
		for n := 1; n < 26; n++ {
			if s := shifted(part, n); isWords(s, 4) {
				all = append(all, s)
			}
		}
		if s := atbash(part); isWords(s, 4) {
			all = append(all, s)
		}
		letters := []rune(part)
		slices.Reverse(letters)
		if s := string(letters); isWords(s, 4) {
			all = append(all, s)
		}
	}
	return all
}

func shifted(text string, n int) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return 'a' + (r-'a'+rune(n))%26
		case r >= 'A' && r <= 'Z':
			return 'A' + (r-'A'+rune(n))%26
		}
		return r
	}, text)
}

func atbash(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return 'z' - (r - 'a')
		case r >= 'A' && r <= 'Z':
			return 'Z' - (r - 'A')
		}
		return r
	}, text)
}

// isWords tells whether a text has at least so many different words that orders are made of.
func isWords(text string, least int) bool {
	found := map[string]bool{}
	for _, word := range shortWord.FindAllString(clip(text, longestAsk), 400) {
		if word = strings.ToLower(word); knownWords[word] && len(word) > 1 {
			found[word] = true
		}
	}
	return len(found) >= least
}

func printable(data []byte) bool {
	for _, c := range data {
		if (c < ' ' || c > '~') && c != '\n' && c != '\t' {
			return false
		}
	}
	return len(data) > 3
}

var morseLetters = func() map[string]byte {
	codes := strings.Fields(".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..")
	letters := map[string]byte{}
	for i, code := range codes {
		letters[code] = 'a' + byte(i)
	}
	for i, code := range strings.Fields("----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----.") {
		letters[code] = '0' + byte(i)
	}
	letters["/"] = ' '
	return letters
}()

func fromMorse(text string) string {
	var out strings.Builder
	for code := range strings.FieldsSeq(strings.ReplaceAll(text, "/", " / ")) {
		if letter := morseLetters[code]; letter != 0 {
			out.WriteByte(letter)
		}
	}
	return out.String()
}

// brailleLetters are the patterns of a to z; ⠼ before a letter makes it a digit.
var brailleLetters = []rune("⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵")

func fromBraille(text string) string {
	var out strings.Builder
	number := false
	for _, r := range text {
		i := slices.Index(brailleLetters, r)
		switch {
		case r == '⠼':
			number = true
			continue
		case i >= 0 && i < 10 && number:
			out.WriteByte("1234567890"[i])
			continue
		case i >= 0:
			out.WriteByte('a' + byte(i))
		case r == '⠀' || unicode.IsSpace(r):
			out.WriteByte(' ')
		case r < 0x2800:
			out.WriteRune(r)
		}
		number = false
	}
	return out.String()
}

var natoWords = strings.Fields(`alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec
	romeo sierra tango uniform victor whiskey xray yankee zulu`)

var natoDigits = strings.Fields("zero one two three four five six seven eight nine")

// fromNATO reads a text spelt in the alphabet of radio operators. Words are apart by a sign that is no letter, or a line.
func fromNATO(text string) string {
	var out strings.Builder
	n := 0
	for word := range strings.FieldsSeq(text) {
		letters := strings.ToLower(strings.NewReplacer("-", "", ",", "", ".", "").Replace(word))
		letters = strings.NewReplacer("alfa", "alpha", "juliett", "juliet").Replace(letters)
		switch i, d := slices.Index(natoWords, letters), slices.Index(natoDigits, letters); {
		case i >= 0:
			out.WriteByte('a' + byte(i))
			n++
		case d >= 0:
			out.WriteByte('0' + byte(d))
		case strings.ContainsAny(word, "/|") || letters == "space":
			out.WriteByte(' ')
		}
	}
	if n < 8 {
		return ""
	}
	return out.String()
}
