package mutate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ParamKind says what a parameter takes.
type ParamKind string

// What a parameter takes.
const (
	Number ParamKind = "number" // a whole number from Min to Max
	Share  ParamKind = "share"  // from 0 to 1
	Word   ParamKind = "word"   // one of Words
	Text   ParamKind = "text"   // any text of at most Max bytes, at least Min
)

// Param is something that may be said in parentheses after a mutation's name.
type Param struct {
	Name     string
	Kind     ParamKind
	Default  string // the value when none is given
	Min, Max int    // for numbers, their range; for texts, their length in bytes
	Words    []string
	What     string // what it changes
}

// argument is the value of a parameter. Texts and words are in text, the others in number.
type argument struct {
	number float64
	text   string
}

// read takes an argument as written. The message says what would be right.
func (p Param) read(written string) (argument, string, []string) {
	switch p.Kind {
	case Word:
		if slices.Contains(p.Words, written) {
			return argument{text: written}, "", nil
		}
		return argument{}, fmt.Sprintf("%s is one of %s, not %q", p.Name, strings.Join(p.Words, ", "), written), p.Words
	case Text:
		text := strings.ToValidUTF8(written, "\uFFFD")
		if len(text) < p.Min || len(text) > p.Max {
			return argument{}, fmt.Sprintf("%s has %d to %d bytes, not %d", p.Name, p.Min, p.Max, len(text)), nil
		}
		return argument{text: text}, "", nil
	case Share:
		n, err := strconv.ParseFloat(written, 64)
		if err != nil || !(n >= 0 && n <= 1) {
			return argument{}, fmt.Sprintf("%s is a share from 0 to 1, not %q", p.Name, written), nil
		}
		return argument{number: n}, "", nil
	default:
		n, err := strconv.Atoi(written)
		if err != nil || n < p.Min || n > p.Max {
			return argument{}, fmt.Sprintf("%s is a whole number from %d to %d, not %q", p.Name, p.Min, p.Max, written), nil
		}
		return argument{number: float64(n)}, "", nil
	}
}

// write is the argument as a chain writes it.
func (p Param) write(a argument) string {
	switch p.Kind {
	case Word, Text:
		if bare(a.text) {
			return a.text
		}
		return strconv.Quote(a.text)
	default:
		return strconv.FormatFloat(a.number, 'f', -1, 64)
	}
}

// defaults are the arguments of a mutation that was named without parentheses.
func (m *Mutation) defaults() []argument {
	args := make([]argument, 0, len(m.Params))
	for _, p := range m.Params {
		a, wrong, _ := p.read(p.Default)
		if wrong != "" {
			panic("mutate: default of " + m.Name + ": " + wrong)
		}
		args = append(args, a)
	}
	return args
}

// bare reports whether a text needs no quotes in parentheses.
func bare(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return r >= utf8.RuneSelf || !isWordByte(byte(r)) && r != '.'
	})
}

func isWordByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '_'
}
