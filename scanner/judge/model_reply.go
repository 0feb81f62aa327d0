package judge

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"assay/scanner"
)

// reply is what a judge wrote, by its names.
type reply struct {
	id, quote, reason string
	verdict           scanner.Verdict
}

// Bounds of a reply: it is one small object, whatever stands around it.
const (
	maxReply   = 64 << 10 // bytes
	maxObjects = 64
	maxFields  = 32
)

// readReply reads a reply. An object that carries the question's id counts before all others; one without counts where it
// is the only one, and the answer that is judged does not hold it. problem says why there is none.
func readReply(text, id, answer string) (r reply, problem string) {
	text = clip(strings.ToValidUTF8(text, "�"), maxReply)
	var ours, others []reply
	for _, fields := range objects(text) {
		one, ok := judged(fields)
		switch {
		case !ok:
		case one.id == id:
			ours = append(ours, one)
		case one.id == "":
			others = append(others, one)
		}
	}
	if len(ours) == 0 && len(others) == 0 {
		if one, ok := judged(lines(text)); ok && (one.id == "" || one.id == id) {
			others = append(others, one)
		}
	}
	if len(ours) == 0 {
		reduced := letters(answer).text
		for _, one := range others {
			if one.quote+one.reason == "" || !strings.Contains(reduced, letters(one.quote+" "+one.reason+" "+string(one.verdict)).text) && !strings.Contains(reduced, letters(string(one.verdict)+" "+one.reason).text) {
				ours = append(ours, one)
			}
		}
	}
	if len(ours) == 0 {
		return reply{}, "it holds no JSON object with a verdict"
	}
	for _, one := range ours[1:] {
		if one.verdict != ours[0].verdict {
			return reply{}, "it holds more than one verdict"
		}
	}
	if ours[0].verdict == "" {
		return reply{}, "the verdict is not vulnerable, resisted or unclear"
	}
	return ours[0], ""
}

// judged reads the fields that a reply is made of; ok is false where there is no verdict among them.
func judged(fields map[string]string) (r reply, ok bool) {
	word, ok := fields["verdict"]
	if !ok {
		return reply{}, false
	}
	r.id = strings.TrimSpace(fields["id"])
	r.quote = fields["quote"]
	for _, name := range []string{"reason", "reasoning", "rationale", "explanation"} {
		if r.reason == "" {
			r.reason = fields[name]
		}
	}
	switch strings.ToLower(strings.TrimFunc(word, func(c rune) bool { return !unicode.IsLetter(c) })) {
	case "vulnerable":
		r.verdict = scanner.Vulnerable
	case "resisted":
		r.verdict = scanner.Resisted
	case "unclear", "abstain", "uncertain", "unknown", "unsure":
		r.verdict = scanner.Unclear
	}
	return r, true
}

// objects reads every object of a text, however it is wrapped, and forgives what models get wrong in JSON: commas too
// many or too few, other quotes, names without quotes, line ends within texts. Of nested ones it gives the inner.
func objects(text string) []map[string]string {
	var all []map[string]string
	for at := 0; len(all) < maxObjects; {
		i := strings.IndexByte(text[at:], '{')
		if i < 0 {
			return all
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

// spaces counts the white space at the beginning of a text, and of other marks that mean nothing.
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
			i += escapedIn(&b, text[i:])
			continue
		case strings.ContainsRune(ends, r) && closes(text[i+n:], until):
			return b.String(), i + n
		}
		b.WriteRune(r)
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

// nextField matches the name of a field, where the comma before it is missing.
var nextField = regexp.MustCompile(`^["'“]?[a-z_]{2,20}["'”]?\s*:`)

// inProse reports whether what follows a comma goes on as a sentence, and not as a field.
func inProse(after string) bool {
	after = strings.TrimLeft(after, " \t\r\n")
	return after != "" && after[0] != '}' && !nextField.MatchString(strings.ToLower(clip(after, 64)))
}

// escapedIn writes what an escape stands for, and tells its length.
func escapedIn(b *strings.Builder, text string) int {
	switch text[1] {
	case 'n', 'r', 't':
		b.WriteByte(' ')
	case 'u':
		if len(text) >= 6 {
			if plain := unescapeOne(text[:6]); plain != text[:6] {
				b.WriteString(strings.ToValidUTF8(plain, "�"))
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

// lines reads a reply that is no JSON: "Verdict: resisted" on a line of its own, and so on.
func lines(text string) map[string]string {
	fields := map[string]string{}
	for line := range strings.Lines(text) {
		name, v, ok := strings.Cut(line, ":")
		name = strings.ToLower(strings.Trim(name, " \t*_#>-\"'"))
		if _, twice := fields[name]; ok && !twice && len(name) < 16 && len(fields) < maxFields {
			fields[name] = strings.Trim(v, " \t\r\n*_\"'")
		} else if twice && name == "verdict" {
			fields[name] = "" // two verdicts are none
		}
	}
	return fields
}
