package app_test

import (
	"bufio"
	"bytes"
	"strconv"
	"strings"
	"testing"

	"assay/app"
	"assay/scanner"
	"assay/test/corpus"
)

// TestPlansOfRecordedExchanges plans an attack on recordings of every kind: without configuration, or with a sentence that
// says why not. Every 101st, so that it takes seconds.
func TestPlansOfRecordedExchanges(t *testing.T) {
	t.Parallel()
	lines := bufio.NewScanner(corpus.Open(t, "wire", "dev.jsonl.zst"))
	lines.Buffer(nil, 64<<20)
	var some bytes.Buffer
	count := 0
	for n := 0; lines.Scan(); n++ {
		if n%101 == 0 {
			some.Write(lines.Bytes())
			some.WriteByte('\n')
			count++
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	a, path := newApp(t)
	if _, err := a.Import(t.Context(), path, &some, app.ImportOptions{Format: "jsonl", Name: "recordings"}); err != nil {
		t.Fatal(err)
	}
	project, err := a.OpenProject(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer project.Close()
	planned, why := 0, map[string]int{}
	for id := 1; id <= count; id++ {
		plan, err := project.PlanTest(t.Context(), app.TestOptions{Spec: scanner.RunSpec{
			Targets: []string{"exchange:" + strconv.Itoa(id)}, Templates: []string{"override-previous-instructions", "authentication-removed"},
		}})
		if err == nil {
			planned++
			if len(plan.Targets) != 1 || plan.Targets[0].Host == "" || plan.Targets[0].Kind == "" {
				t.Errorf("exchange %d: %+v", id, plan.Targets)
			}
			if bytes.Contains(plan.Example, []byte("{{canary")) {
				t.Errorf("exchange %d: the example is not filled in: %s", id, plan.Example)
			}
			continue
		}
		if app.CodeOf(err) == app.CodeFailed {
			t.Errorf("exchange %d: %v", id, err)
		}
		text, _, _ := strings.Cut(err.Error(), ":")
		why[text]++
	}
	t.Logf("%d of %d recordings can be attacked as they are; the others: %v", planned, count, why)
	if planned*10 < count*6 {
		t.Errorf("%d of %d recordings can be attacked as they are", planned, count)
	}
}
