package template_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"assay/scanner/judge"
	"assay/scanner/template"
)

const docsFile = "../../docs/templates.md"

var generated = regexp.MustCompile(`(?s)<!-- generated: (\w+) -->\n.*?<!-- /generated -->`)

// TestDocs holds the tables of docs/templates.md to what the program takes.
func TestDocs(t *testing.T) {
	t.Parallel()
	before, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	library := shipped(t)
	tables := map[string]string{
		"variables": variableTable(), "needs": needTable(), "signals": signalTable(), "suites": suiteTable(t, library), "templates": templateTable(library),
	}
	after := generated.ReplaceAllStringFunc(string(before), func(found string) string {
		name := generated.FindStringSubmatch(found)[1]
		table, known := tables[name]
		if !known {
			t.Errorf("nothing is generated for %q", name)
		}
		delete(tables, name)
		return "<!-- generated: " + name + " -->\n" + table + "<!-- /generated -->"
	})
	for name := range tables {
		t.Errorf("docs/templates.md has no place for %s", name)
	}
	if after == string(before) {
		return
	}
	if !*update {
		t.Fatal("docs/templates.md is not what the program takes: go test ./scanner/template -run TestDocs -update")
	}
	if err := os.WriteFile(docsFile, []byte(after), 0o644); err != nil {
		t.Fatal(err)
	}
}

func variableTable() string {
	var b strings.Builder
	b.WriteString("| variable | stands for | needs |\n|---|---|---|\n")
	for _, v := range template.Variables() {
		fmt.Fprintf(&b, "| `{{%s}}` | %s | %s |\n", v.Name, v.What, v.Need)
	}
	return b.String()
}

func needTable() string {
	var b strings.Builder
	b.WriteString("| need | |\n|---|---|\n")
	for _, need := range template.Needs {
		fmt.Fprintf(&b, "| `%s` | %s |\n", need, template.NeedMeans(need))
	}
	return b.String()
}

func signalTable() string {
	var b strings.Builder
	b.WriteString("| signal | | parameters |\n|---|---|---|\n")
	for _, s := range judge.Signals() {
		var params []string
		for _, p := range s.Params {
			name := "`" + p.Name + "`"
			if p.Required {
				name += " (needed)"
			}
			params = append(params, name)
		}
		hard := ""
		if s.Hard {
			hard = " Hard."
		}
		fmt.Fprintf(&b, "| `%s` | %s%s | %s |\n", s.Name, s.What, hard, strings.Join(params, ", "))
	}
	return b.String()
}

func suiteTable(t *testing.T, library *template.Library) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("| suite | | templates | cases |\n|---|---|---|---|\n")
	for _, s := range library.Suites() {
		choices, _, err := library.Select(template.Selection{Suites: []string{s.ID}})
		if err != nil {
			t.Fatal(err)
		}
		cases := 0
		for range template.Cases(choices) {
			cases++
		}
		fmt.Fprintf(&b, "| %s (`%s`) | %s | %d | %d |\n", s.Name, s.ID, s.Description, len(choices), cases)
	}
	return b.String()
}

func templateTable(library *template.Library) string {
	var b strings.Builder
	all := library.Templates()
	total := 0
	for _, tpl := range all {
		cases, _ := tpl.Size()
		total += cases
	}
	fmt.Fprintf(&b, "%d templates, each a technique of its own, with %d cases. Techniques, texts and mutations are counted apart.\n\n", len(all), total)
	b.WriteString("| template | | severity | OWASP | level | texts | mutations | signals |\n|---|---|---|---|---|---|---|---|\n")
	for _, tpl := range all {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %d | %d | %s |\n", tpl.ID, tpl.Name, tpl.Severity, strings.ReplaceAll(strings.Join(tpl.OWASP, " "), ":2025", ""),
			tpl.Level(), tpl.Texts(), len(tpl.Attack.Mutations), strings.Join(tpl.Signals(), ", "))
	}
	return b.String()
}
