package mutate

import (
	"fmt"
	"html"
	"io"
	"mime/quotedprintable"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// escapes write characters the way a format writes those that mean something in it.
func escapes() []Mutation {
	scope := func(some string) []Param {
		return []Param{{
			Name: "which", Kind: Word, Default: "all", Words: []string{"all", "special"},
			What: "all characters, or only " + some,
		}}
	}
	list := []Mutation{
		{
			Name: "url", Called: "URL encoding", What: "Percent signs and two hexadecimal digits for each byte (RFC 3986).",
			Params: scope("those that are not unreserved"), apply: escapeURL, size: grows(3, 0),
			undo: func(t string, _ *call) (string, bool) {
				out, err := url.PathUnescape(t)
				return out, err == nil
			},
		},
		{
			Name: "html-entity", Called: "HTML entities", What: "Numeric character references of HTML.",
			Params: scope("< > & and quotes"), apply: escapeHTML, undo: unescapeHTML, size: grows(6, 0),
		},
		{
			Name: "json-escape", Called: `JSON escapes (\u....)`, What: `\u and four hexadecimal digits for each UTF-16 unit.`,
			apply: escapeJSON, undo: unescapeJSON, size: grows(6, 0),
		},
		{
			Name: "hex-escape", Called: `hexadecimal escapes (\x..)`, What: `\x and two hexadecimal digits for each byte.`,
			apply: func(t string, _ *call) string {
				const hexDigits = "0123456789abcdef"
				out := make([]byte, 0, 4*len(t))
				for i := range len(t) {
					out = append(out, '\\', 'x', hexDigits[t[i]>>4], hexDigits[t[i]&15])
				}
				return string(out)
			},
			undo: unescapeHex, size: grows(4, 0),
		},
		{
			Name: "quoted-printable", Called: "quoted-printable", What: "Quoted-printable as in mail (RFC 2045), lines of at most 76 characters.",
			Params: scope("those that mail may not carry"), apply: escapeQuoted, size: grows(4, 4),
			undo: func(t string, _ *call) (string, bool) {
				out, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(t)))
				return string(out), err == nil
			},
		},
		{
			Name: "uuencode", Called: "uuencode", What: "Uuencode with its begin and end lines (POSIX).",
			apply: encodeUU, undo: decodeUU, size: grows(2, 40),
		},
	}
	return family(list, Encodings, true)
}

func escapeURL(t string, c *call) string {
	var b strings.Builder
	b.Grow(3 * len(t))
	for i := range len(t) {
		if ch := t[i]; c.text(0) == "special" && (isWordByte(ch) || ch == '.' || ch == '~') {
			b.WriteByte(ch)
		} else {
			const hexDigits = "0123456789ABCDEF"
			b.WriteString(string([]byte{'%', hexDigits[ch>>4], hexDigits[ch&15]}))
		}
	}
	return b.String()
}

func escapeHTML(t string, c *call) string {
	if c.text(0) == "special" {
		return html.EscapeString(t)
	}
	out := make([]byte, 0, 6*len(t))
	for _, r := range t {
		out = append(out, "&#"...)
		out = strconv.AppendInt(out, int64(r), 10)
		out = append(out, ';')
	}
	return string(out)
}

// unescapeHTML reads numeric references as they were written. Browsers, and html.UnescapeString, take &#0; and &#128; for something else.
func unescapeHTML(t string, c *call) (string, bool) {
	if c.text(0) == "special" {
		return html.UnescapeString(t), true
	}
	var b strings.Builder
	for t != "" {
		number, rest, ok := strings.Cut(strings.TrimPrefix(t, "&#"), ";")
		n, err := strconv.ParseInt(number, 10, 32)
		if !ok || err != nil || !strings.HasPrefix(t, "&#") || !utf8.ValidRune(rune(n)) {
			return "", false
		}
		b.WriteRune(rune(n))
		t = rest
	}
	return b.String(), true
}

func escapeJSON(t string, _ *call) string {
	out := make([]byte, 0, 6*len(t))
	for _, r := range t {
		if r1, r2 := utf16.EncodeRune(r); r1 != utf8.RuneError {
			out = fmt.Appendf(out, `\u%04x\u%04x`, r1, r2)
			continue
		}
		const hexDigits = "0123456789abcdef"
		out = append(out, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
	}
	return string(out)
}

func unescapeJSON(t string, _ *call) (string, bool) {
	var units []uint16
	for ; t != ""; t = t[6:] {
		if len(t) < 6 || t[:2] != `\u` {
			return "", false
		}
		n, err := strconv.ParseUint(t[2:6], 16, 16)
		if err != nil {
			return "", false
		}
		units = append(units, uint16(n))
	}
	return string(utf16.Decode(units)), true
}

func unescapeHex(t string, _ *call) (string, bool) {
	out := make([]byte, 0, len(t)/4)
	for ; t != ""; t = t[4:] {
		if len(t) < 4 || t[:2] != `\x` {
			return "", false
		}
		n, err := strconv.ParseUint(t[2:4], 16, 8)
		if err != nil {
			return "", false
		}
		out = append(out, byte(n))
	}
	return string(out), true
}

func escapeQuoted(t string, c *call) string {
	var b strings.Builder
	if c.text(0) == "special" {
		w := quotedprintable.NewWriter(&b)
		w.Binary = true // or else line ends would change
		_, _ = io.WriteString(w, t)
		_ = w.Close() // a strings.Builder takes everything
		return b.String()
	}
	b.Grow(4 * len(t))
	for i := range len(t) {
		if i > 0 && i%25 == 0 {
			b.WriteString("=\r\n")
		}
		const hexDigits = "0123456789ABCDEF"
		b.WriteString(string([]byte{'=', hexDigits[t[i]>>4], hexDigits[t[i]&15]}))
	}
	return b.String()
}

const (
	uuBegin = "begin 644 message\n"
	uuEnd   = "`\nend\n"
)

// encodeUU writes 45 bytes on a line, six bits in a character; zero is ` and not a space, which mail would cut off.
func encodeUU(t string, _ *call) string {
	out := append(make([]byte, 0, len(t)*3/2+len(uuBegin)+len(uuEnd)), uuBegin...)
	sign := func(v byte) byte {
		if v &= 63; v != 0 {
			return ' ' + v
		}
		return '`'
	}
	for t != "" {
		line := t[:min(45, len(t))]
		t = t[len(line):]
		out = append(out, sign(byte(len(line))))
		for ; line != ""; line = line[min(3, len(line)):] {
			var b [3]byte
			copy(b[:], line)
			out = append(out, sign(b[0]>>2), sign(b[0]<<4|b[1]>>4), sign(b[1]<<2|b[2]>>6), sign(b[2]))
		}
		out = append(out, '\n')
	}
	return string(append(out, uuEnd...))
}

func decodeUU(t string, _ *call) (string, bool) {
	body, ok := strip(t, uuBegin, uuEnd)
	if !ok {
		return "", false
	}
	var out []byte
	for line := range strings.SplitAfterSeq(body, "\n") {
		if line == "" {
			break
		}
		n := int(line[0]-' ') & 63
		signs := strings.TrimSuffix(line[1:], "\n")
		if len(signs) != (n+2)/3*4 {
			return "", false
		}
		start := len(out)
		for ; signs != ""; signs = signs[4:] {
			v := 0
			for i := range 4 {
				v = v<<6 | int(signs[i]-' ')&63
			}
			out = append(out, byte(v>>16), byte(v>>8), byte(v))
		}
		out = out[:start+n]
	}
	return string(out), true
}
