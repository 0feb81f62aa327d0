package app_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"assay/app"
)

// unproven are templates that cannot be proven, and why. One that can be must go from here.
var unproven = map[string]string{}

const provenFile = "../docs/templates-proven.md"

// TestProveTemplates attacks the practice target with every template, and holds the table in docs to what came of it.
func TestProveTemplates(t *testing.T) {
	t.Parallel()
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a := &app.App{Home: home}
	proofs, err := a.ProveTemplates(t.Context(), app.ProveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(proofs) < 200 {
		t.Errorf("%d templates, want at least 200", len(proofs))
	}
	for i := range proofs {
		p := &proofs[i]
		why, known := unproven[p.ID]
		switch {
		case p.OK() && known:
			t.Errorf("%s is proven now: take it from the list of those that are not (%s)", p.ID, why)
		case !p.OK() && !known:
			t.Errorf("%s is %s: %s", p.ID, p.Status, p.Reason)
		}
	}
	checkProvenTable(t, proofs)
}

func checkProvenTable(t *testing.T, proofs []app.TemplateProof) {
	t.Helper()
	before, err := os.ReadFile(provenFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	after := provenTable(proofs)
	if after == string(before) {
		return
	}
	if !*update {
		t.Fatal("docs/templates-proven.md is not what was proven: go test ./app -run TestProveTemplates -update")
	}
	if err := os.WriteFile(provenFile, []byte(after), 0o600); err != nil {
		t.Fatal(err)
	}
}

// provenTable holds what does not depend on how fast the machine is.
func provenTable(proofs []app.TemplateProof) string {
	var b strings.Builder
	proven := 0
	for i := range proofs {
		if proofs[i].OK() {
			proven++
		}
	}
	fmt.Fprintf(&b, `# What was proven of the templates

Written by `+"`go test ./app -run TestProveTemplates -update`"+`, which runs in CI; do not edit. %d of %d templates are proven: sent by the
engine to the practice target (lab.md), each finds something where the target has the weaknesses that its OWASP items name (and, where
it edits the request, those of the API), and nothing where it has none. The part is the first that fell.

| template | OWASP | level | weak target | sound target |
|---|---|---|---|---|
`, proven, len(proofs))
	for i := range proofs {
		p := &proofs[i]
		weak, sound := "falls: "+p.Target, "resists"
		if !p.OK() {
			weak, sound = "**"+p.Status+"**", unproven[p.ID]
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", p.ID, strings.ReplaceAll(strings.Join(p.OWASP, " "), ":2025", ""), p.Level, weak, sound)
	}
	return b.String()
}
