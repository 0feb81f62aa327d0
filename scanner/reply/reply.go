// Package reply reads what a model was asked to write as one small JSON object, and forgives what models get wrong: words
// and code fences around it, commas too many or too few, other quotes, names without quotes, quotes within texts, line
// ends within texts, an end that is missing. It is pure, and its time is bounded.
package reply

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds of what is read.
const (
	maxText    = 64 << 10 // bytes
	maxObjects = 64       // that are begun: what looks like one may go on to the end of the text
	maxFields  = 32
)

// Objects reads the fields of every object of a text, in order: names in small letters, values as texts. Of objects
// within others both are given, each with its own fields. Where a name comes twice, the first counts.
func Objects(text string) []map[string]string {
	text = bounded(text)
	var all []map[string]string
	for at, tried := 0, 0; tried < maxObjects; tried++ {
		i := strings.IndexByte(text[at:], '{')
		if i < 0 {
			break
		}
		at += i + 1
		fields, length := object(text[at:])
		if len(fields) > 0 {
			all = append(all, fields)
			at += length
		}
	}
	return all
}

// Lines reads a text whose fields stand on lines of their own, as "Verdict: resisted"; what such a line begins goes on
// to the next one. Where a name comes twice it has no value. Markdown around names and values is left out.
func Lines(text string) map[string]string {
	fields := map[string]string{}
	last, twice := "", map[string]bool{}
	for line := range strings.Lines(bounded(text)) {
		name, v, ok := strings.Cut(line, ":")
		name = strings.ToLower(strings.Trim(name, " \t*_#>-\"'"))
		if !ok || !plainName.MatchString(name) {
			if last != "" {
				fields[last] = strings.TrimRight(fields[last]+"\n"+strings.TrimSpace(line), "\n")
			}
			continue
		}
		if _, known := fields[name]; known || len(fields) == maxFields {
			twice[name] = true
			last = ""
			continue
		}
		fields[name] = strings.Trim(v, " \t\r\n*_\"'")
		last = name
	}
	for name := range twice {
		if _, known := fields[name]; known {
			fields[name] = ""
		}
	}
	return fields
}

// plainName is what a field is named: a word or two.
var plainName = regexp.MustCompile(`^[a-z][a-z_]{0,23}(?: [a-z]{1,16})?$`)

// bounded is the part of a text that is read.
func bounded(text string) string {
	if len(text) > maxText {
		text = text[:maxText]
	}
	return strings.ToValidUTF8(text, "�")
}

// object reads the fields of an object after its brace, as far as they can be read: up to its end, the next brace or a
// place that is no field. length is how far that is.
func object(text string) (fields map[string]string, length int) {
	fields = map[string]string{}
	at := 0
	for len(fields) < maxFields {
		at += spaces(text[at:], ",")
		if at >= len(text) || text[at] == '}' {
			return fields, at
		}
		name, n := value(text[at:], ":")
		at += n
		at += spaces(text[at:], "")
		if n == 0 || at >= len(text) || text[at] != ':' {
			return fields, at
		}
		at++
		at += spaces(text[at:], "")
		if at < len(text) && (text[at] == '{' || text[at] == '[') {
			return fields, at // what it holds is read as one of its own
		}
		v, n := value(text[at:], ",}\n")
		at += n
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := fields[name]; !twice {
			fields[name] = v
		}
	}
	return fields, at
}

// spaces counts the white space at the beginning of a text, and other marks that mean nothing there.
func spaces(text, also string) int {
	return len(text) - len(strings.TrimLeft(text, " \t\r\n"+also))
}

// closing are the quotes that end what another opens.
var closing = map[rune]string{'"': `"`, '\'': `'`, '“': "”", '„': "“”", '‘': "’", '`': "`"}

// value reads a text in quotes, or a bare one up to one of the marks that end it, and tells its length.
func value(text, until string) (string, int) {
	open, size := utf8.DecodeRuneInString(text)
	ends, quoted := closing[open]
	if !quoted {
		n := strings.IndexAny(text, until+"{}")
		if n < 0 {
			n = len(text)
		}
		return strings.TrimSpace(text[:n]), n
	}
	var b strings.Builder
	for i := size; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\\' && i+1 < len(text):
			i += escaped(&b, text[i:])
			continue
		case strings.ContainsRune(ends, r) && closes(text[i+n:], until):
			return b.String(), i + n
		}
		b.WriteString(text[i : i+n])
		i += n
	}
	return b.String(), len(text)
}

// closes reports whether a quote that stands before a text ends a value: models forget to escape those within.
func closes(after, until string) bool {
	after = strings.TrimLeft(after, " \t\r\n")
	if until == ":" {
		return strings.HasPrefix(after, ":")
	}
	return after == "" || after[0] == '}' || after[0] == ',' && !inProse(after[1:]) || strings.HasPrefix(after, "```") || nextField.MatchString(after)
}

// nextField matches the name of a field.
var nextField = regexp.MustCompile(`^["'“]?[A-Za-z_]{1,20}[0-9]?["'”]?\s{0,8}:`)

// inProse reports whether what follows a comma goes on as a sentence, and not as a field.
func inProse(after string) bool {
	after = strings.TrimLeft(after, ", \t\r\n")
	return after != "" && after[0] != '}' && !nextField.MatchString(after)
}

// escaped writes what an escape stands for, and tells its length.
func escaped(b *strings.Builder, text string) int {
	switch text[1] {
	case 'n':
		b.WriteByte('\n')
	case 'r', 't':
		b.WriteByte(' ')
	case 'u':
		if len(text) >= 6 {
			if code, err := strconv.ParseUint(text[2:6], 16, 32); err == nil {
				b.WriteRune(rune(code)) //nolint:gosec // four digits; half of a pair becomes the mark for what is lost
				return 6
			}
		}
	default:
		_, n := utf8.DecodeRuneInString(text[1:])
		b.WriteString(text[1 : 1+n])
		return 1 + n
	}
	return 2
}
