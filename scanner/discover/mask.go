package discover

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A prompt that says what day it is says something else every day, and is the same prompt. Masking takes out of a text
// what changes by itself, so that two texts are compared by what somebody wrote.

// maskLevel tells how much is taken out.
type maskLevel int

const (
	// maskDates takes out dates, times and long ids: of definitions, where every number may matter.
	maskDates maskLevel = iota
	// maskAll takes out numbers, paths of files, mail addresses and values under names like "cwd" as well.
	maskAll
)

// maskText returns a text without what changes by itself, white space made even.
func maskText(text string, level maskLevel) string {
	m := masker{level: level, out: make([]byte, 0, len(text)+16)}
	for line := range strings.Lines(text) {
		m.line(line)
		m.out = append(m.out, '\n')
	}
	return string(m.out)
}

type masker struct {
	level  maskLevel
	out    []byte
	near   int // words left that belong to a date when they are numbers
	person int // words left that are a person's name when they are written so
	before string
}

func (m *masker) line(line string) {
	m.near, m.person, m.before = 0, 0, ""
	if m.level == maskAll {
		if name, rest, ok := strings.Cut(line, ":"); ok && len(name) < 48 && len(rest) > 1 && volatileName(name) {
			m.out = append(m.out, strings.TrimSpace(name)...)
			m.out = append(m.out, ": ⟨value⟩"...)
			return
		}
		if t := strings.TrimSpace(line); strings.HasPrefix(t, "<") {
			if name, rest, ok := strings.Cut(t[1:], ">"); ok && len(name) < 48 && strings.HasSuffix(rest, "</"+name+">") && volatileName(name) {
				m.out = append(m.out, t[:len(name)+2]...)
				m.out = append(m.out, "⟨value⟩"...)
				return
			}
		}
	}
	first := true
	for word := range strings.FieldsSeq(line) {
		mark := len(m.out)
		if !first {
			m.out = append(m.out, ' ')
		}
		first = false
		m.word(word, mark)
		m.before = word
	}
}

// word writes one word. mark is where the output stood before it.
func (m *masker) word(word string, mark int) {
	start, end := core(word)
	head, body, tail := word[:start], word[start:end], word[end:]
	put := func(s string) {
		m.out = append(m.out, head...)
		m.out = append(m.out, s...)
		m.out = append(m.out, tail...)
	}
	switch {
	case dateWords[body]:
		if n := len(m.before); n > 0 && n <= 5 && isDigit(m.before[0]) {
			m.dropNumber(mark)
		}
		m.near = 3
		put("⟨date⟩")
		return
	case m.near > 0:
		m.near--
		if len(body) <= 6 && len(body) > 0 && isDigit(body[0]) || body == "AM" || body == "PM" {
			put("⟨date⟩")
			return
		}
	}
	if m.level == maskAll && m.aside(word, body, put) {
		return
	}
	if !hasDigit(body) {
		m.out = append(m.out, word...)
		return
	}
	switch {
	case isMoment(body):
		m.near = 2
		put("⟨date⟩")
	case isLongID(body, m.level):
		put("⟨id⟩")
	case m.level == maskAll:
		m.out = append(m.out, head...)
		m.digits(body)
		m.out = append(m.out, tail...)
	default:
		m.out = append(m.out, word...)
	}
}

// aside writes what only prompts have masked: names of people, mail addresses, paths of files.
func (m *masker) aside(word, body string, put func(string)) bool {
	if m.person > 0 {
		m.person--
		if r, _ := utf8.DecodeRuneInString(body); unicode.IsUpper(r) {
			put("⟨name⟩")
			return true
		}
		m.person = 0
	}
	if word == "is" && (m.before == "name" || m.before == "Name") {
		m.person = 3
	}
	switch {
	case isPath(body):
		put("⟨path⟩")
	case isMail(body):
		put("⟨mail⟩")
	default:
		return false
	}
	return true
}

// dropNumber replaces the number that was written last: the day in "21 November".
func (m *masker) dropNumber(mark int) {
	tail := string(m.out[mark:])
	at := mark
	for at > 0 && m.out[at-1] != ' ' && m.out[at-1] != '\n' {
		at--
	}
	m.out = append(m.out[:at], "⟨date⟩"...)
	m.out = append(m.out, tail...)
}

// digits writes a word with every number in it as 0; of a URL the host stays, because where it leads matters.
func (m *masker) digits(body string) {
	if i := strings.Index(body, "://"); i >= 0 {
		end := i + 3
		for end < len(body) && body[end] != '/' && body[end] != '?' {
			end++
		}
		m.out = append(m.out, body[:end]...)
		body = body[end:]
	}
	number := false
	for i := range len(body) {
		if isDigit(body[i]) {
			if !number {
				m.out = append(m.out, '0')
			}
			number = true
			continue
		}
		number = false
		m.out = append(m.out, body[i])
	}
}

// core is the word without the punctuation around it.
func core(word string) (start, end int) {
	end = len(word)
	for start < end && strings.IndexByte("\"'`([{<*_,;", word[start]) >= 0 {
		start++
	}
	for end > start && strings.IndexByte("\"'`)]}>*_.,;:!?", word[end-1]) >= 0 {
		end--
	}
	return start, end
}

var dateWords = wordSet("Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Wed Thu Fri Sat Sun " +
	"January February March April May June July August September October November December " +
	"Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec")

// volatileNames are names of values that are others in every session.
var volatileNames = wordSet("date time datetime timezone timestamp cwd directory dir user username location platform shell " +
	"hostname branch locale session_id conversation_id request_id thread_id user_id session-id")

// volatileName reports whether the value under a name changes by itself: the last word tells, and few stand before it.
func volatileName(name string) bool {
	if strings.HasPrefix(name, "x-") {
		return true // a header that travels in the text, as Claude Code's
	}
	last, words := "", 0
	for w := range strings.FieldsSeq(name) {
		start, end := core(w)
		if w = strings.ToLower(w[start:end]); w != "" && w != "-" && w != "#" {
			last = w
			words++
		}
	}
	if words > 4 {
		return false
	}
	return volatileNames[last] || words > 1 && (last == "id" || last == "version" && words == 2 && strings.Contains(strings.ToLower(name), "os"))
}

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func hasDigit(s string) bool {
	for i := range len(s) {
		if isDigit(s[i]) {
			return true
		}
	}
	return false
}

// isMoment reports whether a word is a date or a time: 2026-11-21, 21/11/2026, 12:34:56, 2026-11-21T12:34:56Z.
func isMoment(s string) bool {
	if len(s) < 4 || len(s) > 40 || !isDigit(s[0]) {
		return false
	}
	dashes, slashes, colons, letters := 0, 0, 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c):
		case c == '-':
			dashes++
		case c == '/':
			slashes++
		case c == ':':
			colons++
		case c == '.' || c == '+':
		case c == 'T' || c == 'Z':
			letters++
		default:
			return false
		}
	}
	switch {
	case letters > 2:
		return false
	case dashes >= 2 && slashes == 0:
		return len(s) >= 8 && (colons > 0 || len(s) <= 10)
	case slashes == 2 && dashes == 0 && colons == 0:
		return len(s) >= 6 && len(s) <= 10
	default:
		return colons >= 1 && colons <= 3 && dashes <= 1 && slashes == 0 && len(s) <= 16 && len(s) >= 4 && s[len(s)-1] != ':'
	}
}

// isLongID reports whether a word is a UUID, a hash or another name that a machine made.
func isLongID(s string, level maskLevel) bool {
	least := 32
	if level == maskAll {
		least = 12
	}
	if len(s) < least {
		return false
	}
	digits, other := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c):
			digits++
		case 'a' <= c|0x20 && c|0x20 <= 'z', c == '-', c == '_':
			other++
		default:
			return false
		}
	}
	return digits >= 3 && other > 0 && digits*8 >= len(s) || digits >= least
}

// isPath reports whether a word is the path of a file.
func isPath(s string) bool {
	switch {
	case len(s) < 3:
		return false
	case s[0] == '/':
		return strings.Count(s, "/") >= 2 && s[1] != '/'
	case strings.HasPrefix(s, "~/"), strings.HasPrefix(s, "file://"):
		return true
	default:
		return s[1] == ':' && (s[2] == '\\' || s[2] == '/') && 'a' <= s[0]|0x20 && s[0]|0x20 <= 'z'
	}
}

func isMail(s string) bool {
	i := strings.IndexByte(s, '@')
	return i > 0 && strings.IndexByte(s[i:], '.') > 1 && !strings.Contains(s, "://")
}
