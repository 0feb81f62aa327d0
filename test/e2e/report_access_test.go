package e2e_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"testing"

	"assay/report"
)

// TestReportPageAccess needs reports to be within reach of everybody: the rules of WCAG 2.2 AA that axe
// (https://github.com/dequelabs/axe-core) checks, with contrast in light, in dark and on paper.
func TestReportPageAccess(t *testing.T) {
	t.Parallel()
	axe, err := os.ReadFile("../../frontend/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal("there is no axe; `make setup` installs it")
	}
	shown := serveReports(t)
	w := newTab(t)
	for _, audience := range []report.Audience{report.Executive, report.Technical, report.Retest} {
		for _, look := range [][2]string{{"screen", "light"}, {"screen", "dark"}, {"print", "dark"}} {
			w.call(t, "Emulation.setEmulatedMedia", map[string]any{"media": look[0], "features": []map[string]string{{"name": "prefers-color-scheme", "value": look[1]}}})
			w.visit(t, shown, fmt.Sprint("/sample/", audience))
			w.call(t, "Runtime.evaluate", map[string]any{"expression": string(axe)})
			var found []string
			rules := `['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']`
			if look[0] == "print" { // nobody points at paper
				rules = `{ type: 'rule', values: ['color-contrast'] }`
			}
			w.await(t, `axe.run(document, { runOnly: `+rules+`, resultTypes: ['violations'] }).then(({ violations }) => JSON.stringify(
				violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 4).map(({ html, any }) => html.slice(0, 160) + ' ' + (any[0]?.message ?? '')).join(' and '))))`, &found)
			for _, f := range found {
				t.Errorf("%s, %s, %s: %s", audience, look[0], look[1], f)
			}
		}
	}
}

// TestReportPrinted prints the reports: an executive reads two pages.
func TestReportPrinted(t *testing.T) {
	t.Parallel()
	shown := serveReports(t)
	w := newTab(t)
	for audience, most := range map[report.Audience]int{report.Executive: 2, report.Technical: 24} {
		w.visit(t, shown, fmt.Sprint("/sample/", audience))
		for _, paper := range [][2]float64{{8.27, 11.69}, {8.5, 11}} {
			var printed struct{ Data string }
			if err := json.Unmarshal(w.call(t, "Page.printToPDF", map[string]any{"paperWidth": paper[0], "paperHeight": paper[1], "preferCSSPageSize": true}), &printed); err != nil {
				t.Fatal(err)
			}
			pdf, err := base64.StdEncoding.DecodeString(printed.Data)
			if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
				t.Fatalf("what was printed is no PDF: %v", err)
			}
			if n := len(regexp.MustCompile(`/Type\s*/Page[^s]`).FindAll(pdf, -1)); n == 0 || n > most {
				t.Errorf("the %s report takes %d pages of %v inches, want at most %d", audience, n, paper, most)
			}
		}
	}
}

// await runs an expression that promises JSON.
func (w *tab) await(t *testing.T, expression string, value any) {
	t.Helper()
	var answer struct{ Result struct{ Value string } }
	if err := json.Unmarshal(w.call(t, "Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}), &answer); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(answer.Result.Value), value); err != nil {
		t.Fatalf("%q: %v", answer.Result.Value, err)
	}
}
