package framework_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"assay/scanner/framework"
)

var update = flag.Bool("update", false, "write the tables of docs/frameworks.md")

const docsFile = "../../docs/frameworks.md"

// TestDocs holds the tables of docs/frameworks.md to the data.
func TestDocs(t *testing.T) {
	t.Parallel()
	before, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	place := regexp.MustCompile(`(?s)<!-- generated: frameworks -->\n.*?<!-- /generated -->`)
	if !place.Match(before) {
		t.Fatal("docs/frameworks.md has no place for the lists")
	}
	after := place.ReplaceAllLiteralString(string(before), "<!-- generated: frameworks -->\n"+lists()+"<!-- /generated -->")
	if after == string(before) {
		return
	}
	if !*update {
		t.Fatal("docs/frameworks.md is not what the program has: go test ./scanner/framework -run Docs -update")
	}
	if err := os.WriteFile(docsFile, []byte(after), 0o644); err != nil {
		t.Fatal(err)
	}
}

func lists() string {
	var b strings.Builder
	for _, f := range framework.All() {
		fmt.Fprintf(&b, "### %s\n\n`%s` · %s: *%s* (<%s>)", f.Full(), f.ID, f.Publisher, f.Document, f.Address)
		if f.Note != "" {
			fmt.Fprintf(&b, ". %s", f.Note)
		}
		b.WriteString("\n\n")
		itself := f.ID == framework.OWASPLLM || f.ID == framework.OWASPASI || f.ID == framework.ATLAS
		if itself {
			plain(&b, f)
			continue
		}
		b.WriteString("| item | title | from | against | not testable |\n|---|---|---|---|---|\n")
		for i := range f.Items {
			item := &f.Items[i]
			title := item.Title
			if item.Own {
				title = "*" + title + "*"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", item.ID, title, linkWords(item.From), linkWords(item.Against), strings.TrimPrefix(item.Why, "Not testable from here: "))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// plain names the items of a list that templates name themselves.
func plain(b *strings.Builder, f *framework.Framework) {
	var can, cannot []string
	for i := range f.Items {
		item := &f.Items[i]
		switch {
		case item.Testable():
			can = append(can, item.ID+" "+item.Title)
		default:
			cannot = append(cannot, item.ID)
		}
	}
	fmt.Fprintf(b, "%s.\n\n", strings.Join(can, " · "))
	if len(cannot) > 0 {
		fmt.Fprintf(b, "Not testable from here: %s.\n\n", strings.Join(cannot, ", "))
	}
}

func linkWords(links []framework.Link) string {
	words := make([]string, len(links))
	for i, l := range links {
		if words[i] = l.ID; l.Printed {
			words[i] = "**" + l.ID + "**"
		}
	}
	return strings.Join(words, ", ")
}
