package paper_test

import (
	"bytes"
	"flag"
	"testing"

	"assay/report"
	"assay/report/paper"
	"assay/report/reporttest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func write(tb testing.TB, d *report.Document) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := paper.Write(&out, d); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// TestGolden compares the text of every page, its links and its bookmarks. What it looks like was looked at by people.
func TestGolden(t *testing.T) {
	t.Parallel()
	for _, audience := range []report.Audience{report.Executive, report.Technical, report.Retest} {
		t.Run(string(audience), func(t *testing.T) {
			t.Parallel()
			reporttest.Golden(t, *update, string(audience)+".txt", readPDF(t, write(t, reporttest.Sample(audience))).String())
		})
	}
}

// TestSameBytes: the same report is the same file, and another one is another.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	first := write(t, reporttest.Sample(report.Technical))
	for range 3 {
		if !bytes.Equal(first, write(t, reporttest.Sample(report.Technical))) {
			t.Fatal("the same report gave other bytes")
		}
	}
	d := reporttest.Sample(report.Technical)
	d.Weaknesses[0].Title = "Another title"
	if bytes.Equal(first, write(t, d)) {
		t.Error("another report gave the same bytes")
	}
}
