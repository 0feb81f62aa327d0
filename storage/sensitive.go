package storage

import (
	"slices"
	"strings"
	"sync"
)

// This file is the one place that says what a credential is: which headers and which parameters of a URL hold one.

// secretWords make a header's or parameter's name secret wherever they stand in it.
var secretWords = []string{
	"authorization", "cookie", "token", "secret", "password", "passwd", "passphrase", "pwd", "credential", "credentials",
	"apikey", "accesskey", "jwt", "bearer", "signature", "assertion",
}

// secretEnds make a name secret when they are its last word.
var secretEnds = []string{"key", "auth", "sig", "session", "sessionid"}

// harmlessWords say that a name is about a secret but holds none: x-token-count, x-signature-version, …
var harmlessWords = []string{
	"count", "limit", "usage", "type", "expires", "expiry", "remaining", "ratelimit", "version", "algorithm", "policy",
	"input", "output", "idempotency", "cache", "surrogate", "partition", "routing", "socket", "headers", "public",
}

// secretName reports whether what is called so holds a credential. Names are split into words at anything but letters
// and digits and where a lower-case letter is followed by an upper-case one.
func secretName(name string) bool {
	secret, known := judgedNames.get(name)
	if !known {
		secret = judgeName(name)
		judgedNames.put(name, secret)
	}
	return secret
}

// judgedNames remembers verdicts: the same few names come with every exchange.
var judgedNames nameMemo

// nameMemo is a bounded memory: clients choose the names.
type nameMemo struct {
	mu       sync.RWMutex
	verdicts map[string]bool
}

func (m *nameMemo) get(name string) (secret, known bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	secret, known = m.verdicts[name]
	return secret, known
}

func (m *nameMemo) put(name string, secret bool) {
	if len(name) > 128 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.verdicts == nil || len(m.verdicts) >= 4096 {
		m.verdicts = map[string]bool{}
	}
	m.verdicts[strings.Clone(name)] = secret
}

func judgeName(name string) bool {
	words := nameWords(name)
	if slices.ContainsFunc(words, func(w string) bool { return slices.Contains(harmlessWords, w) }) {
		return false
	}
	if len(words) > 0 && slices.Contains(secretEnds, words[len(words)-1]) {
		return true
	}
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(secretWords, w) })
}

func nameWords(name string) []string {
	var words []string
	start := 0
	cut := func(end int) {
		if end > start {
			words = append(words, strings.ToLower(name[start:end]))
		}
	}
	for i := range len(name) {
		c := name[i]
		switch {
		case !isWordByte(c):
			cut(i)
			start = i + 1
		case 'A' <= c && c <= 'Z' && i > start && 'a' <= name[i-1] && name[i-1] <= 'z':
			cut(i)
			start = i
		}
	}
	cut(len(name))
	return words
}

func isWordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// protocolSecret begins the entry of Sec-WebSocket-Protocol in which browsers send an API key to a realtime model.
const protocolSecret = "openai-insecure-api-key."

// sealParts calls seal for every credential in the value of a header and puts what it returns in its place.
func sealParts(name, value string, seal func(string) string) string {
	switch {
	case value == "":
		return value
	case strings.EqualFold(name, "Cookie"):
		return sealPairs(value, seal)
	case strings.EqualFold(name, "Set-Cookie"):
		pair, _, _ := strings.Cut(value, ";")
		return sealPairs(pair, seal) + value[len(pair):]
	case strings.EqualFold(name, "Sec-WebSocket-Protocol"):
		return sealProtocols(value, seal)
	case secretName(name):
		scheme := schemeLength(value)
		if scheme == len(value) || isSwitch(value) {
			return value
		}
		return value[:scheme] + seal(value[scheme:])
	case strings.Contains(value, "://") && strings.Contains(value, "="):
		return sealURL(value, seal)
	}
	return value
}

// isSwitch reports whether a value says yes or no, as Access-Control-Allow-Credentials does: that is no credential,
// whatever its name.
func isSwitch(value string) bool {
	return strings.EqualFold(value, "true") || strings.EqualFold(value, "false")
}

// sealPairs seals the values of "a=1; b=2".
func sealPairs(value string, seal func(string) string) string {
	pairs := strings.Split(value, ";")
	for i, pair := range pairs {
		name, v, ok := strings.Cut(pair, "=")
		switch {
		case ok && v != "":
			pairs[i] = name + "=" + seal(v)
		case !ok && strings.TrimSpace(pair) != "":
			pairs[i] = seal(pair)
		}
	}
	return strings.Join(pairs, ";")
}

func sealProtocols(value string, seal func(string) string) string {
	if !strings.Contains(value, protocolSecret) {
		return value
	}
	entries := strings.Split(value, ",")
	for i, e := range entries {
		if at := strings.Index(e, protocolSecret); at >= 0 {
			at += len(protocolSecret)
			entries[i] = e[:at] + seal(e[at:])
		}
	}
	return strings.Join(entries, ",")
}

// schemeLength returns the length of an authentication scheme and the spaces after it: "Bearer ".
func schemeLength(value string) int {
	word, _, ok := strings.Cut(value, " ")
	if !ok || word == "" || len(word) > 24 || !isWordByte(word[0]) {
		return 0
	}
	for i := range len(word) {
		if !isWordByte(word[i]) && word[i] != '-' && word[i] != '_' {
			return 0
		}
	}
	rest := strings.TrimLeft(value[len(word):], " ")
	return len(value) - len(rest)
}

// sealURL seals secret parameters of a URL's query and fragment, and its password.
func sealURL(raw string, seal func(string) string) string {
	if scheme := strings.Index(raw, "://"); scheme >= 0 {
		end := len(raw)
		if i := strings.IndexAny(raw[scheme+3:], "/?#"); i >= 0 {
			end = scheme + 3 + i
		}
		if at := strings.LastIndexByte(raw[scheme+3:end], '@'); at >= 0 {
			user, password, ok := strings.Cut(raw[scheme+3:scheme+3+at], ":")
			if ok && password != "" {
				raw = raw[:scheme+3] + user + ":" + seal(password) + raw[scheme+3+at:]
			}
		}
	}
	start := strings.IndexAny(raw, "?#")
	if start < 0 || !strings.Contains(raw[start:], "=") {
		return raw
	}
	var b strings.Builder
	b.WriteString(raw[:start])
	for rest := raw[start:]; rest != ""; {
		separator, pair := rest[:1], rest[1:]
		end := strings.IndexAny(pair, "&;#?")
		if end < 0 {
			end = len(pair)
		}
		rest, pair = pair[end:], pair[:end]
		b.WriteString(separator)
		name, v, ok := strings.Cut(pair, "=")
		if ok && v != "" && !isSwitch(v) && secretName(unescapeName(name)) {
			pair = name + "=" + seal(v)
		}
		b.WriteString(pair)
	}
	return b.String()
}

// unescapeName undoes what can hide a parameter's name: percent signs.
func unescapeName(name string) string {
	if !strings.Contains(name, "%") {
		return name
	}
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		if name[i] == '%' && i+2 < len(name) {
			if hi, lo := unhex(name[i+1]), unhex(name[i+2]); hi >= 0 && lo >= 0 {
				b.WriteByte(byte(hi<<4 | lo))
				i += 2
				continue
			}
		}
		b.WriteByte(name[i])
	}
	return b.String()
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}
