package app_test

import (
	"bufio"
	"bytes"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"assay/app"
	"assay/scanner"
)

// TestPlansOfRecordedExchanges plans an attack on recordings of every kind: without configuration, or with a sentence that
// says why not. Every 101st, so that it takes seconds.
func TestPlansOfRecordedExchanges(t *testing.T) {
	t.Parallel()
	f, err := os.Open("../../shared/data/wire/dev.jsonl.zst")
	if err != nil {
		t.Skip("the recordings are not beside the project")
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	lines := bufio.NewScanner(z)
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
