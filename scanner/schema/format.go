package schema

import (
	"bytes"
	"net/mail"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// choice reports whether a text may be one of few that a program chooses from: short, words, no address, no number of
// somebody, no random letters.
func choice(v []byte) bool {
	if len(v) == 0 || len(v) > maxEnumText {
		return false
	}
	digits, changes, spaces, class := 0, 0, 0, 0
	for _, c := range v {
		was := class
		switch {
		case c >= '0' && c <= '9':
			digits, class = digits+1, 1
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			class = 2
		case c == ' ':
			spaces++
		case c == '@' || c < ' ' || c >= 0x7f:
			return false
		}
		if was != 0 && class != was {
			changes++
		}
	}
	return spaces <= 4 && digits <= 8 && changes <= 7
}

// formatOf names the format of a string in JSON Schema's words, where it is beyond doubt.
func formatOf(text []byte) string {
	if len(text) < 2 || len(text) > 2048 || !maybeFormat(text) {
		return ""
	}
	v := string(text)
	switch {
	case uuid(v):
		return "uuid"
	case v[0] >= '0' && v[0] <= '9':
		if _, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return "date-time"
		}
		if _, err := time.Parse(time.DateOnly, v); err == nil {
			return "date"
		}
		if a, err := netip.ParseAddr(v); err == nil && a.Is4() {
			return "ipv4"
		}
	case strings.HasPrefix(v, "http://"), strings.HasPrefix(v, "https://"):
		if u, err := url.Parse(v); err == nil && u.Host != "" && !strings.ContainsAny(v, " \"<>\\^`{|}") && ascii(v) {
			return "uri"
		}
	case strings.Contains(v, "@") && !strings.ContainsAny(v, " <>,\"") && ascii(v):
		if a, err := mail.ParseAddress(v); err == nil && a.Address == v && strings.Contains(v[strings.LastIndexByte(v, '@'):], ".") {
			return "email"
		}
	}
	if strings.Count(v, ":") > 1 {
		if a, err := netip.ParseAddr(v); err == nil && a.Is6() && a.Zone() == "" {
			return "ipv6"
		}
	}
	return ""
}

// maybeFormat tells most texts that have no format from the rest, cheaply.
func maybeFormat(v []byte) bool {
	return v[0] >= '0' && v[0] <= '9' || len(v) == 36 || v[0] == 'h' && bytes.HasPrefix(v, []byte("http")) ||
		bytes.IndexByte(v, '@') > 0 || len(v) < 64 && bytes.Count(v, []byte{':'}) > 1
}

func ascii(v string) bool {
	for i := range len(v) {
		if v[i] < ' ' || v[i] > '~' {
			return false
		}
	}
	return true
}

func uuid(v string) bool {
	if len(v) != 36 {
		return false
	}
	for i := range len(v) {
		c := v[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
			continue
		}
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}

// looksLikeData reports whether a name is an id, a number, a date or a path rather than a word.
func looksLikeData(name string) bool {
	digits := 0
	for i := range len(name) {
		c := name[i]
		if c >= '0' && c <= '9' {
			digits++
		}
		if c == '/' || c == '@' || c == ':' || c == '.' {
			return true
		}
	}
	return name == "" || digits*3 >= len(name) || uuid(name) || len(name) > 40
}

func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
