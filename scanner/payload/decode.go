package payload

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plainOf is the text that stands in a value as base64 or hexadecimal; empty where none does.
func plainOf(value string) string {
	bare := strings.TrimRight(value, "=")
	if len(bare) < 12 || len(bare) > 64<<10 {
		return ""
	}
	if b, err := hex.DecodeString(bare); err == nil && readable(b) {
		return string(b)
	}
	for _, coding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if b, err := coding.DecodeString(bare); err == nil && readable(b) {
			return string(b)
		}
	}
	return ""
}

// readable reports whether bytes are a text.
func readable(b []byte) bool {
	if !utf8.Valid(b) {
		return false
	}
	letters, n := 0, 0
	for _, r := range string(b) {
		n++
		switch {
		case r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f:
			return false
		case unicode.IsLetter(r) || r == ' ':
			letters++
		}
	}
	return letters*10 >= n*6
}

// mostUnescaped bounds how often percent escapes are undone.
const mostUnescaped = 3

// unescaped undoes percent escapes of a value, also where they were made several times.
func unescaped(value string) string {
	for range mostUnescaped {
		if !strings.Contains(value, "%") {
			return value
		}
		plain, err := url.PathUnescape(value)
		if err != nil {
			plain = lenient(value)
		}
		if plain == value {
			return value
		}
		value = plain
	}
	return value
}

// lenient undoes the percent escapes that are well formed.
func lenient(value string) string {
	b := make([]byte, 0, len(value))
	for i := 0; i < len(value); i++ {
		if value[i] == '%' && i+2 < len(value) {
			if c, err := hex.DecodeString(value[i+1 : i+3]); err == nil {
				b = append(b, c[0])
				i += 2
				continue
			}
		}
		b = append(b, value[i])
	}
	return string(b)
}
