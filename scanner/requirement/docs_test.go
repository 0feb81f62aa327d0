package requirement_test

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"assay/scanner/requirement"
	"assay/traffic"
)

const docsFile = "../../docs/requirements.md"

var generated = regexp.MustCompile(`(?s)<!-- generated: (\w+) -->\n.*?<!-- /generated -->`)

// TestDocs holds the tables of docs/requirements.md to what the program takes, and its examples to being requirements.
func TestDocs(t *testing.T) {
	t.Parallel()
	before, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]string{"fields": fieldTables(), "presets": presetTable(t)}
	after := generated.ReplaceAllStringFunc(string(before), func(found string) string {
		name := generated.FindStringSubmatch(found)[1]
		table := tables[name]
		delete(tables, name)
		return "<!-- generated: " + name + " -->\n" + table + "<!-- /generated -->"
	})
	for name := range tables {
		t.Errorf("docs/requirements.md has no place for %s", name)
	}
	examples := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(after, -1)
	if len(examples) == 0 {
		t.Error("there is no example")
	}
	for _, example := range examples {
		id, _, _ := strings.Cut(strings.TrimPrefix(example[1], "id: "), " ")
		if _, err := requirement.Parse(id+".yaml", []byte(example[1])); err != nil {
			t.Errorf("an example is no requirement: %v", err)
		}
	}
	if after == string(before) {
		return
	}
	if !*update {
		t.Fatal("docs/requirements.md is not what the program takes: go test ./scanner/requirement -run Docs -update")
	}
	if err := os.WriteFile(docsFile, []byte(after), 0o644); err != nil {
		t.Fatal(err)
	}
}

func fieldTables() string {
	var b strings.Builder
	for _, of := range requirement.Subjects {
		fields := requirement.Fields(of)
		if len(fields) == 0 {
			continue
		}
		fmt.Fprintf(&b, "### %s\n\n| field | type | what it holds | example |\n|---|---|---|---|\n", of)
		for i := range fields {
			f := &fields[i]
			what := f.Sentence
			if f.Type == traffic.FieldChoice {
				what += " One of `" + strings.Join(f.Values, "` `") + "`."
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | `%s` |\n", f.Name, f.Type, what, strings.Join(f.Examples, "` `"))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func presetTable(t *testing.T) string {
	all := presets(t)
	rank := func(r *requirement.Requirement) int { return slices.Index(severities(), string(r.Severity)) }
	slices.SortStableFunc(all, func(a, b *requirement.Requirement) int { return cmp.Compare(rank(b), rank(a)) })
	var b strings.Builder
	b.WriteString("| severity | id | of | what has to hold | OWASP | guard |\n|---|---|---|---|---|---|\n")
	for _, r := range all {
		guard := ""
		if r.Enforce != nil {
			guard = string(r.Enforce.Action)
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s | %s | %s |\n", r.Severity, r.ID, r.Of, r.Name, strings.Join(r.OWASP, ", "), guard)
	}
	return b.String()
}
