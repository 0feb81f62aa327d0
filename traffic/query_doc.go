package traffic

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed query_intro.md
var queryIntro string

// QueryMarkdown returns the manual of the filter language, docs/query.md: an introduction and the table of fields.
func QueryMarkdown() string {
	var b strings.Builder
	b.WriteString(queryIntro)
	b.WriteString("\n| field | also | type | what it holds | examples |\n|---|---|---|---|---|\n")
	for _, f := range queryFields {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", f.Name, codes(f.Aliases), f.Type, f.meaning(), codes(f.Examples))
	}
	return b.String()
}

// meaning is the field's sentence, with all values of a choice.
func (f *QueryField) meaning() string {
	if f.Type != FieldChoice {
		return f.Sentence
	}
	return f.Sentence + " One of " + codes(f.Values) + "."
}

// codes writes texts as code for a cell of a table.
func codes(texts []string) string {
	quoted := make([]string, len(texts))
	for i, s := range texts {
		quoted[i] = "`" + strings.ReplaceAll(s, "|", `\|`) + "`"
	}
	return strings.Join(quoted, " ")
}
