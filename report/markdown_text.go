package report

import (
	"strings"

	"assay/internal/excerpt"
	"assay/internal/visible"
)

// Lengths of texts in Markdown, in bytes. What is longer says how much is missing.
const (
	mostText  = 400   // titles, names, cells of tables
	mostProse = 3_000 // paragraphs
	mostFence = 9_000 // prompts and answers
)

// bounded is the beginning of a text, with signs for what is not seen, and with how much is missing.
func bounded(s string, most int) string {
	short := excerpt.Bytes(s, most)
	text := excerpt.Bytes(visible.Text(short), 4*most)
	if left := len(s) - len(short); left > 0 {
		text += " … (" + Grouped(int64(left)) + " more bytes)"
	}
	return text
}

// escape is a text as one line of Markdown that means nothing but itself, wherever it stands in a line.
func escape(s string) string {
	text := escapeWithin(s)
	if text == "" {
		return ""
	}
	// What would begin a heading, a list, a quotation or an underline of the line above.
	digits := len(text) - len(strings.TrimLeft(text, "0123456789"))
	switch {
	case strings.ContainsRune("+-=", rune(text[0])):
		return `\` + text
	case digits > 0 && digits < len(text) && (text[digits] == '.' || text[digits] == ')'):
		return text[:digits] + `\` + text[digits:]
	}
	return text
}

// escapeWithin is escape for a text that does not begin a line.
func escapeWithin(s string) string { return escaped(s, false) }

// escapeCell is escape for a cell of a table.
func escapeCell(s string) string { return escaped(s, true) }

// escapes are the characters that mean something within a line.
var escapes = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "|", `\|`, "~", `\~`, "&", `\&`, "$", `\$`, "#", `\#`)

func escaped(s string, cell bool) string {
	list := strings.Fields(bounded(s, max(mostText, min(len(s), mostProse))))
	for i, w := range list {
		if acts(w) {
			list[i] = code(w, cell)
		} else {
			list[i] = escapes.Replace(w)
		}
	}
	return strings.Join(list, " ")
}

// acts reports whether a word becomes something by itself: an address, a mention, a number of an issue, a smiley.
func acts(w string) bool {
	low := strings.ToLower(w)
	return strings.Contains(low, "://") || strings.Contains(low, "www.") || strings.Contains(low, "mailto:") || strings.Contains(low, "xmpp:") || strings.Contains(w, "@") ||
		strings.Contains(w, "#") || strings.Count(w, ":") > 1
}

// code is a word as code: Markdown looks for nothing in it but its end, and in tables for the end of the cell.
func code(w string, cell bool) string {
	if cell {
		w = pipes(w)
	}
	longest, run := 0, 0
	for i := range len(w) {
		if run++; w[i] != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	mark, pad := strings.Repeat("`", longest+1), ""
	if w[0] == '`' || w[len(w)-1] == '`' {
		pad = " "
	}
	return mark + pad + w + pad + mark
}

// pipes escapes what would end a cell. A backslash before it would escape the escape, so it is doubled.
func pipes(w string) string {
	if !strings.Contains(w, "|") {
		return w
	}
	var out strings.Builder
	slashes := 0
	for i := range len(w) {
		if w[i] == '|' {
			out.WriteString(strings.Repeat(`\`, slashes+1))
		}
		if slashes++; w[i] != '\\' {
			slashes = 0
		}
		out.WriteByte(w[i])
	}
	return out.String()
}
