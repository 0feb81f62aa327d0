package schema

import (
	"net/mail"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// formatOf names the format of a string in JSON Schema's words, where it is beyond doubt.
func formatOf(v string) string {
	if len(v) < 2 || len(v) > 2048 {
		return ""
	}
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
