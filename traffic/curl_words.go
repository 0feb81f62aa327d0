package traffic

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// errUnclosedQuote is what splitting a command line ends with when a quote stays open.
var errUnclosedQuote = errors.New("a quote is never closed")

// shellCommands splits text into commands and their words the way a POSIX shell does, with $'…' of bash. Nothing is
// expanded: $TOKEN stays as it is. Commands end at newlines and at ; & and |.
func shellCommands(text string) ([][]string, error) {
	s := shellSplitter{in: text}
	for s.pos < len(s.in) {
		if err := s.step(); err != nil {
			return nil, err
		}
	}
	s.endCommand()
	return s.commands, nil
}

type shellSplitter struct {
	in       string
	pos      int
	commands [][]string
	words    []string
	word     strings.Builder
	inWord   bool
}

func (s *shellSplitter) endWord() {
	if s.inWord {
		s.words = append(s.words, s.word.String())
		s.word.Reset()
		s.inWord = false
	}
}

func (s *shellSplitter) endCommand() {
	s.endWord()
	if len(s.words) > 0 {
		s.commands = append(s.commands, s.words)
		s.words = nil
	}
}

func (s *shellSplitter) step() error {
	c := s.in[s.pos]
	s.pos++
	switch c {
	case ' ', '\t', '\r':
		s.endWord()
	case '\n', ';', '&', '|':
		s.endCommand()
	case '#':
		if s.inWord {
			s.word.WriteByte(c)
			break
		}
		for s.pos < len(s.in) && s.in[s.pos] != '\n' {
			s.pos++
		}
	case '\\':
		s.escape()
	case '\'':
		end := strings.IndexByte(s.in[s.pos:], '\'')
		if end < 0 {
			return errUnclosedQuote
		}
		s.inWord = true
		s.word.WriteString(s.in[s.pos : s.pos+end])
		s.pos += end + 1
	case '"':
		return s.doubleQuoted()
	case '$':
		if s.pos < len(s.in) && s.in[s.pos] == '\'' {
			s.pos++
			return s.ansiQuoted()
		}
		s.inWord = true
		s.word.WriteByte(c)
	default:
		s.inWord = true
		s.word.WriteByte(c)
	}
	return nil
}

// escape takes the character after a backslash; a backslash at the end of a line joins it with the next.
func (s *shellSplitter) escape() {
	rest := s.in[s.pos:]
	switch {
	case strings.HasPrefix(rest, "\r\n"):
		s.pos += 2
	case strings.HasPrefix(rest, "\n"):
		s.pos++
	case rest != "":
		s.inWord = true
		s.word.WriteByte(rest[0])
		s.pos++
	}
}

func (s *shellSplitter) doubleQuoted() error {
	s.inWord = true
	for s.pos < len(s.in) {
		c := s.in[s.pos]
		s.pos++
		switch {
		case c == '"':
			return nil
		case c == '\\' && s.pos < len(s.in) && strings.IndexByte("\\\"$`\n", s.in[s.pos]) >= 0:
			if s.in[s.pos] != '\n' {
				s.word.WriteByte(s.in[s.pos])
			}
			s.pos++
		default:
			s.word.WriteByte(c)
		}
	}
	return errUnclosedQuote
}

// ansiQuoted reads the rest of bash's $'…'.
func (s *shellSplitter) ansiQuoted() error {
	s.inWord = true
	for s.pos < len(s.in) {
		c := s.in[s.pos]
		s.pos++
		switch c {
		case '\'':
			return nil
		case '\\':
			if s.pos < len(s.in) {
				s.ansiEscape()
			}
		default:
			s.word.WriteByte(c)
		}
	}
	return errUnclosedQuote
}

var ansiEscapes = map[byte]byte{
	'n': '\n', 't': '\t', 'r': '\r', 'a': '\a', 'b': '\b', 'e': 0x1b, 'E': 0x1b, 'f': '\f', 'v': '\v',
}

func (s *shellSplitter) ansiEscape() {
	c := s.in[s.pos]
	s.pos++
	if plain, ok := ansiEscapes[c]; ok {
		s.word.WriteByte(plain)
		return
	}
	switch {
	case c == 'x':
		if n, ok := s.digits(16, 2); ok {
			s.word.WriteByte(byte(n))
		}
	case c == 'u' || c == 'U':
		most := 4
		if c == 'U' {
			most = 8
		}
		if n, ok := s.digits(16, most); ok && utf8.ValidRune(rune(n)) {
			s.word.WriteRune(rune(n))
		}
	case '0' <= c && c <= '7':
		s.pos--
		n, _ := s.digits(8, 3)
		s.word.WriteByte(byte(n))
	default: // \' \" \\ \? and, as bash does, anything unknown
		if strings.IndexByte(`'"\?`, c) < 0 {
			s.word.WriteByte('\\')
		}
		s.word.WriteByte(c)
	}
}

// digits reads up to most digits.
func (s *shellSplitter) digits(base, most int) (uint64, bool) {
	n := 0
	for n < most && s.pos+n < len(s.in) {
		if _, err := strconv.ParseUint(s.in[s.pos+n:s.pos+n+1], base, 8); err != nil {
			break
		}
		n++
	}
	v, err := strconv.ParseUint(s.in[s.pos:s.pos+n], base, 64)
	s.pos += n
	return v, err == nil
}

// windowsCommands splits what browsers call "Copy as cURL (cmd)": carets escape for cmd.exe, then backslashes and
// double quotes for the program's own reading of its command line.
func windowsCommands(text string) ([][]string, error) {
	s := shellSplitter{in: withoutCarets(strings.ReplaceAll(text, "\r\n", "\n"))}
	quoted := false
	for s.pos < len(s.in) {
		c := s.in[s.pos]
		s.pos++
		switch {
		case c == '\\':
			s.pos--
			s.windowsBackslashes()
		case c == '"':
			s.inWord, quoted = true, !quoted
		case quoted:
			s.word.WriteByte(c)
		case c == '\n' || c == '&' || c == '|':
			s.endCommand()
		case c == ' ' || c == '\t':
			s.endWord()
		default:
			s.inWord = true
			s.word.WriteByte(c)
		}
	}
	if quoted {
		return nil, errUnclosedQuote
	}
	s.endCommand()
	return s.commands, nil
}

// withoutCarets undoes the escapes of cmd.exe. A caret before a newline joins two lines, and before two newlines stands
// for one of them.
func withoutCarets(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '^' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		i++
		switch {
		case text[i] != '\n':
			b.WriteByte(text[i])
		case i+1 < len(text) && text[i+1] == '\n':
			i++
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// windowsBackslashes reads a run of backslashes: before a quote two are one, and an odd one takes the quote's meaning.
func (s *shellSplitter) windowsBackslashes() {
	s.inWord = true
	n := len(s.in[s.pos:]) - len(strings.TrimLeft(s.in[s.pos:], `\`))
	s.pos += n
	if s.pos == len(s.in) || s.in[s.pos] != '"' {
		s.word.WriteString(strings.Repeat(`\`, n))
		return
	}
	s.word.WriteString(strings.Repeat(`\`, n/2))
	if n%2 == 1 {
		s.word.WriteByte('"')
		s.pos++
	}
}

// isWindowsCommand tells a command line for cmd.exe from one for a POSIX shell.
func isWindowsCommand(text string) bool {
	return strings.Contains(text, `^"`) || strings.Contains(text, " ^\n") || strings.Contains(text, " ^\r\n")
}
