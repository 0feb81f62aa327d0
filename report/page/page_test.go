package page_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assay/report"
	"assay/report/page"
	"assay/report/reporttest"
)

var update = flag.Bool("update", false, "write the golden files anew")

var audiences = []report.Audience{report.Executive, report.Technical, report.Retest}

func written(t testing.TB, d *report.Document) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := page.Write(&out, d); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for _, audience := range audiences {
		t.Run(string(audience), func(t *testing.T) {
			t.Parallel()
			got := written(t, reporttest.Sample(audience))
			path := filepath.Join("testdata", string(audience)+".html")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil { //nolint:gosec // a golden file
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), string(got)); d != "" {
				t.Errorf("the page is another one (-update writes it anew):\n%s", d)
			}
		})
	}
}
