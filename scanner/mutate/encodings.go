package mutate

import (
	_ "embed"
	"encoding/ascii85"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// encodings write the bytes of the text with the signs of an alphabet.
func encodings() []Mutation {
	list := []Mutation{
		{
			Name: "base64", Called: "Base64", What: "Base64 with padding (RFC 4648, 4).",
			apply: func(t string, _ *call) string { return base64.StdEncoding.EncodeToString([]byte(t)) },
			undo:  bytesBack(base64.StdEncoding.DecodeString), size: grows(2, 4),
		},
		{
			Name: "base64url", Called: "Base64URL", What: "Base64 for URLs, without padding (RFC 4648, 5).",
			apply: func(t string, _ *call) string { return base64.RawURLEncoding.EncodeToString([]byte(t)) },
			undo:  bytesBack(base64.RawURLEncoding.DecodeString), size: grows(2, 4),
		},
		{
			Name: "base32", Called: "Base32", What: "Base32 with padding (RFC 4648, 6).",
			apply: func(t string, _ *call) string { return base32.StdEncoding.EncodeToString([]byte(t)) },
			undo:  bytesBack(base32.StdEncoding.DecodeString), size: grows(2, 8),
		},
		{
			Name: "hex", Called: "hexadecimal", What: "Two hexadecimal digits for each byte.",
			apply: func(t string, _ *call) string { return hex.EncodeToString([]byte(t)) },
			undo:  bytesBack(hex.DecodeString), size: grows(2, 0),
		},
		{
			Name: "binary", Called: "binary (8-bit ASCII)", What: "Eight binary digits for each byte, separated by spaces.",
			apply: digits(2, 8), undo: fromDigits(2, 8), size: grows(9, 0),
		},
		{
			Name: "octal", Called: "octal character codes", What: "Three octal digits for each byte, separated by spaces.",
			apply: digits(8, 3), undo: fromDigits(8, 3), size: grows(4, 0),
		},
		{
			Name: "decimal", Called: "decimal character codes", What: "The number of each byte, separated by spaces.",
			apply: digits(10, 1), undo: fromDigits(10, 1), size: grows(4, 0),
		},
		{
			Name: "ascii85", Called: "Ascii85", What: "Ascii85 as btoa and PDF use it, without <~ and ~>.",
			apply: func(t string, _ *call) string { return encode85(t) },
			undo:  func(t string, _ *call) (string, bool) { return decode85(t) }, size: grows(2, 5),
		},
		{
			Name: "base85", Called: "Base85 (RFC 1924 alphabet)", What: "Base85 with the alphabet of RFC 1924, as git uses it.",
			apply: func(t string, _ *call) string { return toBase85(encode85(t)) },
			undo:  func(t string, _ *call) (string, bool) { return decode85(fromBase85(t)) }, size: grows(2, 5),
		},
		{
			Name: "base45", Called: "Base45", What: "Base45, as QR codes use it (RFC 9285).",
			apply: encode45, undo: decode45, size: grows(2, 2),
		},
		{
			Name: "base2048", Called: "Base2048", What: "Eleven bits in each character of many scripts.",
			apply: encode2048, undo: decode2048, size: grows(3, 3),
		},
		{
			Name: "ecoji", Called: "Ecoji (base 1024 in emojis)", What: "Ten bits in each emoji (Ecoji 2).",
			apply: encodeEcoji, undo: decodeEcoji, size: grows(4, 8),
		},
	}
	return family(list, Encodings, true)
}

// family fills in what all mutations of a list share.
func family(list []Mutation, name Family, reversible bool) []Mutation {
	for i := range list {
		list[i].Family = name
		if reversible {
			list[i].Reversible = list[i].Loses == "" && list[i].undo != nil
		}
	}
	return list
}

// bytesBack undoes with a decoder of the standard library.
func bytesBack(decode func(string) ([]byte, error)) func(string, *call) (string, bool) {
	return func(t string, _ *call) (string, bool) {
		b, err := decode(t)
		return string(b), err == nil
	}
}

// digits writes each byte as a number of at least width digits.
func digits(base, width int) func(string, *call) string {
	return func(t string, _ *call) string {
		out := make([]byte, 0, len(t)*(max(width, 3)+1))
		var number []byte
		for i := range len(t) {
			if i > 0 {
				out = append(out, ' ')
			}
			number = strconv.AppendUint(number[:0], uint64(t[i]), base)
			for range width - len(number) {
				out = append(out, '0')
			}
			out = append(out, number...)
		}
		return string(out)
	}
}

func fromDigits(base, width int) func(string, *call) (string, bool) {
	return func(t string, _ *call) (string, bool) {
		var out []byte
		for number := range strings.FieldsSeq(t) {
			n, err := strconv.ParseUint(number, base, 8)
			if err != nil || len(number) < width {
				return "", false
			}
			out = append(out, byte(n))
		}
		return string(out), true
	}
}

func encode85(t string) string {
	out := make([]byte, ascii85.MaxEncodedLen(len(t)))
	return string(out[:ascii85.Encode(out, []byte(t))])
}

func decode85(t string) (string, bool) {
	out := make([]byte, 4*len(t)+4) // a z stands for four bytes
	n, read, err := ascii85.Decode(out, []byte(t), true)
	return string(out[:n]), err == nil && read == len(t)
}

// alphabet1924 is the alphabet of RFC 1924, in the order of the values.
const alphabet1924 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"

// toBase85 changes the alphabet of Ascii85, which has its values in the order of ASCII and z for four zero bytes.
func toBase85(t string) string {
	out := make([]byte, 0, len(t))
	for i := range len(t) {
		if t[i] == 'z' {
			out = append(out, "00000"...)
			continue
		}
		out = append(out, alphabet1924[t[i]-'!'])
	}
	return string(out)
}

// fromBase85 changes it back. What is not in the alphabet becomes a tilde, which Ascii85 does not have.
func fromBase85(t string) string {
	out := make([]byte, len(t))
	for i := range len(t) {
		out[i] = '~'
		if v := strings.IndexByte(alphabet1924, t[i]); v >= 0 {
			out[i] = byte('!' + v)
		}
	}
	return string(out)
}

const alphabet45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

func encode45(t string, _ *call) string {
	out := make([]byte, 0, len(t)/2*3+2)
	for ; len(t) >= 2; t = t[2:] {
		n := int(t[0])<<8 | int(t[1])
		out = append(out, alphabet45[n%45], alphabet45[n/45%45], alphabet45[n/2025])
	}
	if len(t) == 1 {
		out = append(out, alphabet45[t[0]%45], alphabet45[t[0]/45])
	}
	return string(out)
}

func decode45(t string, _ *call) (string, bool) {
	if len(t)%3 == 1 {
		return "", false
	}
	var out []byte
	for ; t != ""; t = t[min(3, len(t)):] {
		n, scale := 0, 1
		for i := range min(3, len(t)) {
			v := strings.IndexByte(alphabet45, t[i])
			if v < 0 {
				return "", false
			}
			n, scale = n+v*scale, scale*45
		}
		switch {
		case len(t) >= 3 && n < 1<<16:
			out = append(out, byte(n>>8), byte(n))
		case len(t) == 2 && n < 1<<8:
			out = append(out, byte(n))
		default:
			return "", false
		}
	}
	return string(out), true
}

//go:embed tables/base2048.txt
var table2048 string

//go:embed tables/ecoji.txt
var tableEcoji string

// alphabet is the characters of an encoding by value, and back.
type alphabet struct {
	signs  []rune
	values map[rune]int
}

func newAlphabet(table string) alphabet {
	a := alphabet{signs: []rune(strings.ReplaceAll(table, "\n", "")), values: map[rune]int{}}
	for v, r := range a.signs {
		a.values[r] = v
	}
	return a
}

var (
	alphabet2048  = sync.OnceValue(func() alphabet { return newAlphabet(table2048) })
	alphabetEcoji = sync.OnceValue(func() alphabet { return newAlphabet(tableEcoji) })
)

// encode2048 writes eleven bits in a character, the first bit first. The bits that are left are filled up with ones; up to three of them
// become a digit.
func encode2048(t string, _ *call) string {
	signs := alphabet2048().signs
	var b strings.Builder
	b.Grow(len(t) * 9 / 4)
	bits, held := 0, 0
	for i := range len(t) {
		bits, held = bits<<8|int(t[i]), held+8
		if held >= 11 {
			held -= 11
			b.WriteRune(signs[bits>>held])
			bits &= 1<<held - 1
		}
	}
	switch {
	case held == 0:
	case held <= 3:
		b.WriteByte(byte('0' + (bits<<(3-held) | (1<<(3-held) - 1))))
	default:
		b.WriteRune(signs[bits<<(11-held)|(1<<(11-held)-1)])
	}
	return b.String()
}

func decode2048(t string, _ *call) (string, bool) {
	values := alphabet2048().values
	var out []byte
	bits, held := 0, 0
	for i, r := range t {
		v, ok := values[r]
		width := 11
		if !ok {
			v, width = int(r-'0'), 3
			if r < '0' || r > '7' || i != len(t)-1 {
				return "", false
			}
		}
		bits, held = bits<<width|v, held+width
		for held >= 8 {
			held -= 8
			out = append(out, byte(bits>>held))
			bits &= 1<<held - 1
		}
	}
	return string(out), bits == 1<<held-1
}

// The padding of Ecoji 2: ☕ ends one to three bytes, and one of four signs holds the last two bits of four.
const ecojiFill = '☕'

var ecojiLast = []rune("🥷🛼📑🙋")

// encodeEcoji writes five bytes in four emojis.
func encodeEcoji(t string, _ *call) string {
	signs := alphabetEcoji().signs
	var b strings.Builder
	b.Grow(len(t) * 13 / 4)
	bits, held := 0, 0
	for i := range len(t) {
		bits, held = bits<<8|int(t[i]), held+8
		if held >= 10 {
			held -= 10
			b.WriteRune(signs[bits>>held])
			bits &= 1<<held - 1
		}
	}
	switch len(t) % 5 {
	case 0:
	case 4:
		b.WriteRune(ecojiLast[bits])
	default:
		b.WriteRune(signs[bits<<(10-held)])
		b.WriteRune(ecojiFill)
	}
	return b.String()
}

func decodeEcoji(t string, _ *call) (string, bool) {
	fill := strings.HasSuffix(t, string(ecojiFill))
	t = strings.TrimSuffix(t, string(ecojiFill))
	values := alphabetEcoji().values
	var out []byte
	bits, held, signs := 0, 0, 0
	for i, r := range t {
		v, ok := values[r]
		width := 10
		if last := strings.IndexRune(string(ecojiLast), r); !ok && last >= 0 && signs%4 == 3 && i+utf8.RuneLen(r) == len(t) && !fill {
			v, width, ok = last/utf8.UTFMax, 2, true
		}
		if !ok {
			return "", false
		}
		signs++
		bits, held = bits<<width|v, held+width
		for held >= 8 {
			held -= 8
			out = append(out, byte(bits>>held))
			bits &= 1<<held - 1
		}
	}
	return string(out), bits == 0 && fill == (held != 0)
}
