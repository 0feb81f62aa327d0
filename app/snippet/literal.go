package snippet

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"assay/traffic"
)

// language is how a language writes literals.
type language struct {
	no, yes, null string
	environment   func(name string) string // reads an environment variable
	escape        func(r rune) string      // of a character that is not shown as it is
	comment       string
	key           func(name string) string // of a member, where it need not be quoted; "" otherwise
}

var python = language{
	no: "False", yes: "True", null: "None", comment: "# ",
	environment: func(name string) string { return `os.environ["` + name + `"]` },
	escape: func(r rune) string {
		switch {
		case r < 0x100:
			return fmt.Sprintf(`\x%02x`, r)
		case r < 0x10000:
			return fmt.Sprintf(`\u%04x`, r)
		}
		return fmt.Sprintf(`\U%08x`, r)
	},
	key: func(string) string { return "" },
}

var javaScript = language{
	no: "false", yes: "true", null: "null", comment: "// ",
	environment: func(name string) string { return "process.env." + name },
	escape:      func(r rune) string { return fmt.Sprintf(`\u{%x}`, r) },
	key: func(name string) string {
		if !identifier(name) {
			return ""
		}
		return name
	},
}

func identifier(s string) bool {
	for i, r := range s {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}

// writer writes one program.
type writer struct {
	language
	reveal traffic.Reveal
	secret map[string]string // environment variable by placeholder
	order  []string          // placeholders, in order of appearance
}

func newWriter(l language, reveal traffic.Reveal) *writer {
	return &writer{language: l, reveal: reveal, secret: map[string]string{}}
}

// name gives the environment variable that stands for a placeholder; proposed is used when it has none yet and the
// name is free.
func (w *writer) name(placeholder, proposed string) string {
	if name, ok := w.secret[placeholder]; ok {
		return name
	}
	for _, taken := range w.secret {
		if taken == proposed {
			proposed = ""
		}
	}
	if proposed == "" {
		proposed = fmt.Sprintf("CREDENTIAL_%d", len(w.order)+1)
	}
	w.secret[placeholder] = proposed
	w.order = append(w.order, placeholder)
	return proposed
}

// quoted writes a string literal and nothing else.
func (w *writer) quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r) && r != utf8.RuneError:
			b.WriteRune(r)
		default:
			b.WriteString(w.escape(r))
		}
	}
	b.WriteByte('"')
	return b.String()
}

// str writes an expression for a text, in which credentials come from the environment.
func (w *writer) str(s string) string {
	s = w.reveal.Text(s)
	found := traffic.Placeholders(s)
	if len(found) == 0 {
		return w.quoted(s)
	}
	var terms []string
	for s != "" {
		at, which := len(s), ""
		for _, p := range found {
			if i := strings.Index(s, p); i >= 0 && i < at {
				at, which = i, p
			}
		}
		if at > 0 {
			terms = append(terms, w.quoted(s[:at]))
		}
		if which != "" {
			terms = append(terms, w.environment(w.name(which, "")))
		}
		s = s[at+len(which):]
	}
	return strings.Join(terms, " + ")
}

const indent = "    "

// json writes a value as a literal; depth is how far it is indented.
func (w *writer) json(v value, depth int) string {
	switch v.kind {
	case kindBool:
		if v.text == "true" {
			return w.yes
		}
		return w.no
	case kindNumber:
		return v.text
	case kindString:
		return w.str(v.text)
	case kindArray:
		return w.list("[", "]", v, depth, func(int) string { return "" })
	case kindObject:
		return w.list("{", "}", v, depth, func(i int) string {
			if short := w.key(v.keys[i]); short != "" {
				return short + ": "
			}
			return w.quoted(v.keys[i]) + ": "
		})
	case kindNull:
	}
	return w.null
}

func (w *writer) list(open, end string, v value, depth int, label func(int) string) string {
	if len(v.items) == 0 {
		return open + end
	}
	var b strings.Builder
	b.WriteString(open + "\n")
	for i, item := range v.items {
		b.WriteString(strings.Repeat(indent, depth+1) + label(i) + w.json(item, depth+1) + ",\n")
	}
	b.WriteString(strings.Repeat(indent, depth) + end)
	return b.String()
}

// secrets are the comments that say what the environment variables stand for.
func (w *writer) secrets() string {
	var b strings.Builder
	for _, p := range w.order {
		fmt.Fprintf(&b, "%sSet %s to the credential", w.comment, w.secret[p])
		if len(traffic.Placeholders(p)) > 0 {
			b.WriteString(" that is sealed as " + strings.Trim(w.quoted(p), `"`))
		}
		b.WriteByte('\n')
	}
	return b.String()
}
