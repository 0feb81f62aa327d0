package template_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"assay/scanner/template"
	"assay/templates"
)

// FuzzLoad wants: no panic; every problem has its file and, for a file that could be read, its place; what has no problem
// expands to cases with ids of their own, and each renders with the values of samples.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("id: t\nattack: {requests: [{name: a, auth: remove, repeat: {times: 3}}]}\n"))
	f.Add([]byte("a: &x [1, *x]\nb: *x\n<<: *x\n"))
	f.Add([]byte("detect: {any: [{all: [canary, {not: refused}]}, {regex: '('}]}\n"))
	f.Add([]byte("samples: {vulnerable: [{tool_calls: [{name: a, arguments: {b: [1, null, 2.5]}}], headers: {A: b}}]}\n"))
	for _, file := range []string{"attacks/api/verbose-error.yaml", "attacks/jailbreak/crescendo-scripted.yaml", "attacks/output/shell-metacharacters.yaml"} {
		data, err := fs.ReadFile(templates.Files, file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		library, problems := template.Load(fstest.MapFS{"t.yaml": {Data: data}, "suites/s.yaml": {Data: data}})
		for _, p := range problems {
			if p.File == "" || p.What == "" || (p.Line < 1) != (p.Column < 1) || strings.Contains(p.Error(), "%!") {
				t.Errorf("told badly: %+v", p)
			}
		}
		for _, tpl := range library.Templates() {
			seen := map[string]bool{}
			for i, c := range tpl.Cases(template.Limits{}) {
				if seen[c.ID] {
					t.Errorf("two cases have the id %s", c.ID)
				}
				seen[c.ID] = true
				if i > 50 {
					continue // rendering goes as the first do
				}
				if _, err := c.Render(template.SampleValues(), 1); err != nil {
					t.Errorf("loaded without a problem and cannot be rendered: %v", err)
				}
			}
		}
		library.Prove()
	})
}
