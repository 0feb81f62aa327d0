package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestDocumentedOptions holds the pages and pipelines about tests to the options that there are.
func TestDocumentedOptions(t *testing.T) {
	t.Parallel()
	root := (&program{}).rootCommand()
	known := map[string]bool{}
	var collect func(*cobra.Command)
	collect = func(c *cobra.Command) {
		add := func(f *pflag.Flag) { known[f.Name] = true }
		c.Flags().VisitAll(add)
		c.PersistentFlags().VisitAll(add)
		for _, sub := range c.Commands() {
			collect(sub)
		}
	}
	collect(root)
	option := regexp.MustCompile(`(?:^|[\s|(\x60])--([a-z][a-z-]+)`)
	for file, from := range map[string]string{
		"../../docs/cli.md": "\n## Tests\n", "../../docs/ci.md": "", "../../docs/policies.md": "", "../../docs/ci/github.yml": "", "../../docs/ci/gitlab.yml": "",
	} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, text, found := strings.Cut(string(data), from)
		if !found {
			t.Fatalf("%s has no part %q", file, from)
		}
		names := option.FindAllStringSubmatch(text, -1)
		if len(names) < 5 {
			t.Errorf("%s names %d options", file, len(names))
		}
		for _, name := range names {
			if !known[name[1]] {
				t.Errorf("%s names --%s, which no command has", file, name[1])
			}
		}
	}
	// And the other way round: what a test takes is written down.
	page, err := os.ReadFile("../../docs/cli.md")
	if err != nil {
		t.Fatal(err)
	}
	run, _, err := root.Find([]string{"test", "run"})
	if err != nil {
		t.Fatal(err)
	}
	run.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if f.Name != "help" && !strings.Contains(string(page), "--"+f.Name) {
			t.Errorf("docs/cli.md does not say what --%s is", f.Name)
		}
	})
}
