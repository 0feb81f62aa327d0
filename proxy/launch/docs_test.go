package launch_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"assay/proxy/launch"
)

var update = flag.Bool("update", false, "write the table of docs/clients.md anew")

// TestDocs holds docs/clients.md to the table of the code.
func TestDocs(t *testing.T) {
	t.Parallel()
	const file, begin, end = "../../docs/clients.md", "<!-- variables -->\n", "<!-- end of variables -->\n"
	var table strings.Builder
	table.WriteString("| variable | value | who follows it | known from |\n|---|---|---|---|\n")
	for _, variable := range launch.Variables() {
		value := "empty"
		if variable.Value != "" {
			value = "`" + variable.Value + "`"
		}
		fmt.Fprintf(&table, "| `%s` | %s | %s | %s |\n", variable.Name, value, variable.Honoured, variable.Proof)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(raw), begin)
	old, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the table", file)
	}
	if old == table.String() {
		return
	}
	if !*update {
		t.Fatalf("the table in %s is not that of the code: run go test ./proxy/launch -run TestDocs -update", file)
	}
	if err := os.WriteFile(file, []byte(before+begin+table.String()+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
