package mutate

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// alphabets write the letters with other signs.
func alphabets() []Mutation {
	list := []Mutation{
		{
			Name: "morse", Called: "Morse code", What: "International Morse code (ITU-R M.1677-1); / between words.",
			Loses: "the case of letters", apply: morseBook.apply, undo: morseBook.undo, size: grows(8, 0),
		},
		{
			Name: "nato", Called: "the NATO phonetic alphabet", What: "Alfa, Bravo, Charlie for letters, the names of digits; / between words.",
			Loses: "the case of letters", apply: natoBook.apply, undo: natoBook.undo, size: grows(10, 0),
		},
		{
			Name: "polybius", Called: "a Polybius square (row and column, I and J share a place)",
			What:  "Each letter as its row and column in a square of five, as in the tap code; / between words.",
			Loses: "the case of letters, and which I were J", apply: polybiusBook.apply, undo: polybiusBook.undo, size: grows(3, 0),
		},
		{
			Name: "a1z26", Called: "letter numbers (A is 1, Z is 26, digits are in brackets)",
			What:  "Each letter as its place in the alphabet, digits in brackets; / between words.",
			Loses: "the case of letters", apply: placeBook.apply, undo: placeBook.undo, size: grows(4, 0),
		},
		{
			Name: "bacon", Called: "Bacon's cipher (five letters A or B for each letter, 26 letters)",
			What:  "Each letter as five letters A or B, counted in binary from AAAAA; / between words.",
			Loses: "the case of letters", apply: baconBook.apply, undo: baconBook.undo, size: grows(6, 0),
		},
		{
			Name: "braille", Called: "Braille", What: "Braille letter by letter (grade 1), with the signs for capitals and numbers.",
			Loses: "the difference to Braille that stood in the text", apply: toBraille, undo: fromBraille, size: grows(9, 0),
		},
		{
			Name: "regional", Called: "regional indicator letters", What: "Letters as regional indicators, kept apart so that they make no flags.",
			Loses: "the case of letters", apply: toRegional, undo: fromRegional, size: grows(8, 0),
		},
		{
			Name: "squared", Called: "squared emoji letters", What: "Letters as emoji letters on squares.",
			Loses: "the case of letters", apply: toSquared, undo: fromSquared, size: grows(4, 0),
		},
	}
	return family(list, Alphabets, true)
}

// codebook is a word for each character and back. Characters without a word stand for themselves.
type codebook struct {
	words map[rune]string
	signs map[string]rune
}

// newCodebook takes characters and their words. A space is a slash, and a slash that has no word is two.
func newCodebook(table string) codebook {
	b := codebook{words: map[rune]string{}, signs: map[string]rune{}}
	b.add(' ', "/")
	b.add('/', "//")
	fields := strings.Fields(table)
	for i := 0; i < len(fields); i += 2 {
		b.add([]rune(fields[i])[0], fields[i+1])
	}
	return b
}

func (b codebook) add(r rune, word string) {
	b.words[r], b.signs[word] = word, r
}

// apply joins the words with spaces.
func (b codebook) apply(t string, _ *call) string {
	var out strings.Builder
	out.Grow(5 * len(t))
	for i, r := range t {
		if i > 0 {
			out.WriteByte(' ')
		}
		if word, ok := b.words[upper(r)]; ok {
			out.WriteString(word)
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// undo reads words, and single characters as themselves. Other words are nothing that apply makes.
func (b codebook) undo(t string, _ *call) (string, bool) {
	if t == "" {
		return "", true
	}
	var out strings.Builder
	for word := range strings.SplitSeq(t, " ") {
		if r, ok := b.signs[word]; ok {
			out.WriteRune(r)
			continue
		}
		if word == "" || len([]rune(word)) != 1 {
			return "", false
		}
		out.WriteString(word)
	}
	return out.String(), true
}

// upper is the capital of a letter of ASCII and of é; the rest of Unicode keeps its case.
func upper(r rune) rune {
	if r >= 'a' && r <= 'z' {
		return r - 'a' + 'A'
	}
	if r == 'é' {
		return 'É'
	}
	return r
}

// morseBook is the table of ITU-R M.1677-1: letters, É, figures, punctuation.
var morseBook = newCodebook(`A .- B -... C -.-. D -.. E . É ..-.. F ..-. G --. H .... I .. J .--- K -.- L .-.. M -- N -. O --- P .--.
	Q --.- R .-. S ... T - U ..- V ...- W .-- X -..- Y -.-- Z --..
	1 .---- 2 ..--- 3 ...-- 4 ....- 5 ..... 6 -.... 7 --... 8 ---.. 9 ----. 0 -----
	. .-.-.- , --..-- : ---... ? ..--.. ' .----. - -....- / -..-. ( -.--. ) -.--.- " .-..-. = -...- + .-.-. @ .--.-.`)

// natoBook spells letters as ICAO and NATO do; digits have their English names.
var natoBook = newCodebook(`A Alfa B Bravo C Charlie D Delta E Echo F Foxtrot G Golf H Hotel I India J Juliett K Kilo L Lima M Mike
	N November O Oscar P Papa Q Quebec R Romeo S Sierra T Tango U Uniform V Victor W Whiskey X X-ray Y Yankee Z Zulu
	0 Zero 1 One 2 Two 3 Three 4 Four 5 Five 6 Six 7 Seven 8 Eight 9 Nine`)

// polybiusBook has no place for J: it is written like I, and read as I.
var polybiusBook = func() codebook {
	b := newCodebook("")
	for i, r := range "ABCDEFGHIKLMNOPQRSTUVWXYZ" {
		b.add(r, string([]byte{byte('1' + i/5), byte('1' + i%5)}))
	}
	b.words['J'] = b.words['I']
	return b
}()

var placeBook = func() codebook {
	b := newCodebook("")
	for i := range 26 {
		b.add(rune('A'+i), strconv.Itoa(1+i))
	}
	for r := '0'; r <= '9'; r++ {
		b.add(r, "("+string(r)+")")
	}
	return b
}()

// baconBook is the later form with a code for each of the 26 letters.
var baconBook = func() codebook {
	b := newCodebook("")
	for i := range 26 {
		b.add(rune('A'+i), strings.NewReplacer("0", "A", "1", "B").Replace(fmt.Sprintf("%05b", i)))
	}
	return b
}()

// The signs of Braille: a capital follows, digits follow until something else comes, a letter follows after digits.
const (
	brailleCapital = '⠠'
	brailleNumber  = '⠼'
	brailleLetter  = '⠰'
	brailleDigits  = "⠚⠁⠃⠉⠙⠑⠋⠛⠓⠊"
)

var brailleLetters = func() codebook {
	b := codebook{words: map[rune]string{}, signs: map[string]rune{}}
	cells := []rune("⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵⠂⠆⠒⠲⠦⠖⠄⠤")
	for i, r := range "abcdefghijklmnopqrstuvwxyz,;:.?!'-" {
		b.words[r], b.signs[string(cells[i])] = string(cells[i]), r
	}
	return b
}()

func toBraille(t string, _ *call) string {
	digits := []rune(brailleDigits)
	var b strings.Builder
	b.Grow(4 * len(t))
	number := false
	for _, r := range t {
		if r >= '0' && r <= '9' {
			if !number {
				b.WriteRune(brailleNumber)
			}
			b.WriteRune(digits[r-'0'])
			number = true
			continue
		}
		lower := r
		if r >= 'A' && r <= 'Z' {
			b.WriteRune(brailleCapital)
			lower = r - 'A' + 'a'
		}
		cell, ok := brailleLetters.words[lower]
		switch {
		case !ok:
			b.WriteRune(r)
		case number && lower == r && r >= 'a' && r <= 'j':
			b.WriteRune(brailleLetter)
			b.WriteString(cell)
		default:
			b.WriteString(cell)
		}
		number = false
	}
	return b.String()
}

func fromBraille(t string, _ *call) (string, bool) {
	var b strings.Builder
	number, capital := false, false
	for _, r := range t {
		switch r {
		case brailleNumber:
			number = true
			continue
		case brailleLetter:
			number = false
			continue
		case brailleCapital:
			number, capital = false, true
			continue
		}
		digit := strings.IndexRune(brailleDigits, r)
		letter, ok := brailleLetters.signs[string(r)]
		switch {
		case number && digit >= 0:
			b.WriteByte(byte('0' + digit/len("⠚")))
			continue
		case ok && capital:
			b.WriteRune(unicode.ToUpper(letter))
		case ok:
			b.WriteRune(letter)
		default:
			b.WriteRune(r)
		}
		number, capital = false, false
	}
	return b.String(), true
}

// zeroWidthSpace keeps two regional indicators from becoming a flag.
const zeroWidthSpace = '\u200b'

func toRegional(t string, _ *call) string {
	var b strings.Builder
	b.Grow(7 * len(t))
	for _, r := range t {
		if up := upper(r); up >= 'A' && up <= 'Z' {
			b.WriteRune(up - 'A' + '🇦')
			b.WriteRune(zeroWidthSpace)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func fromRegional(t string, _ *call) (string, bool) {
	var b strings.Builder
	indicator := false
	for _, r := range t {
		if indicator && r == zeroWidthSpace {
			indicator = false
			continue
		}
		indicator = r >= '🇦' && r <= '🇿'
		if indicator {
			r = r - '🇦' + 'A'
		}
		b.WriteRune(r)
	}
	return b.String(), true
}

func toSquared(t string, _ *call) string {
	return strings.Map(func(r rune) rune {
		if up := upper(r); up >= 'A' && up <= 'Z' {
			return up - 'A' + '🅰'
		}
		return r
	}, t)
}

func fromSquared(t string, _ *call) (string, bool) {
	return strings.Map(func(r rune) rune {
		if r >= '🅰' && r < '🅰'+26 {
			return r - '🅰' + 'A'
		}
		return r
	}, t), true
}
