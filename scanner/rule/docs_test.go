package rule_test

import (
	"fmt"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"assay/scanner/rule"
)

const docsFile = "../../docs/rules.md"

var generated = regexp.MustCompile(`(?s)<!-- generated: (\w+) -->\n.*?<!-- /generated -->`)

// TestDocs holds the tables of docs/rules.md to what the program takes, and its examples to being rules.
func TestDocs(t *testing.T) {
	t.Parallel()
	before, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	words := rule.Words()
	tables := map[string]string{
		"fields":  "\n" + codes(words.TextFields) + ", and `header.NAME` and `query.NAME`. `answer` is what the model said, in earlier turns too; `tool` is arguments of calls and results of tools.\n",
		"kinds":   "| | |\n|---|---|\n| `sign` | " + codes(words.Signs) + " |\n| `alarm` | " + codes(words.Alarms) + " |\n",
		"windows": "Fields of `distinct` and `new`: " + codes(words.Values) + ", and `header.NAME` and `query.NAME`. `name` is the kind and name of the signs that count; `sign` is the surest of them with its place in its text, so that what a client sends again with every turn of a conversation counts once. Amounts of `sum`: " + codes(words.Amounts) + ".\n",
		"rules":   ruleTable(unproven(t)),
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
		t.Errorf("docs/rules.md has no place for %s", name)
	}
	for _, example := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(after, -1) {
		id, _, _ := strings.Cut(strings.TrimPrefix(example[1], "id: "), "\n")
		id, _, _ = strings.Cut(id, " ")
		if _, err := rule.Parse(id+".yaml", []byte(example[1]), nil); err != nil {
			t.Errorf("an example is no rule: %v", err)
		}
	}
	if after == string(before) {
		return
	}
	if !*update {
		t.Fatal("docs/rules.md is not what the program takes: go test ./scanner/rule -run Docs -update")
	}
	if err := os.WriteFile(docsFile, []byte(after), 0o644); err != nil {
		t.Fatal(err)
	}
}

func codes(words []string) string { return "`" + strings.Join(words, "` `") + "`" }

func ruleTable(rules []*rule.Rule) string {
	var b strings.Builder
	windows := 0
	for _, r := range rules {
		if r.Window != "" {
			windows++
		}
	}
	fmt.Fprintf(&b, "%d rules; %d of them count over several exchanges.\n\n", len(rules), windows)
	b.WriteString("| rule | | severity | OWASP | counts | |\n|---|---|---|---|---|---|\n")
	for _, r := range rules {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", r.ID, r.Name, r.Severity, strings.ReplaceAll(strings.Join(r.OWASP, " "), ":2025", ""), r.Window, path.Dir(r.File))
	}
	return b.String()
}
