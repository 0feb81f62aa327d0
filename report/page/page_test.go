package page_test

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

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

// TestGolden compares whole pages. Their style is compared with page.css, which stands in none of the golden files.
func TestGolden(t *testing.T) {
	t.Parallel()
	style, err := os.ReadFile("page.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, audience := range audiences {
		t.Run(string(audience), func(t *testing.T) {
			t.Parallel()
			before, rest, _ := strings.Cut(string(written(t, reporttest.Sample(audience))), "<style>")
			own, after, found := strings.Cut(rest, "</style>")
			if !found || own != string(style) {
				t.Error("the style of the page is not page.css")
			}
			reporttest.Golden(t, *update, string(audience)+".html", before+"<style>page.css</style>"+after)
		})
	}
}
