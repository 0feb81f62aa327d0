package mutate_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assay/scanner/mutate"
)

var update = flag.Bool("update", false, "write the files that tests compare with")

// TestDocs holds that docs/mutations.md says what the registry says, and that the chains it shows are chains.
func TestDocs(t *testing.T) {
	t.Parallel()
	const name = "../../docs/mutations.md"
	want := mutate.Markdown()
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/mutations.md is not what the registry says; run the test with -update:\n%s", diff)
	}
	shown := 0
	for line := range strings.Lines(want) {
		chain, ok := strings.CutPrefix(line, "    ")
		if !ok {
			continue
		}
		shown++
		if i := strings.LastIndex(chain, "  "); i >= 0 {
			chain = chain[:i]
		} else {
			chain, _, _ = strings.Cut(chain, " ")
		}
		parse(t, strings.TrimSpace(chain))
	}
	if shown < 5 {
		t.Errorf("%d chains are shown", shown)
	}
}
