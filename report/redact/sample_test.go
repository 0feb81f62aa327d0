package redact_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assay/report"
	"assay/report/redact"
	"assay/report/reporttest"
)

// TestSampleStays: a report in which nothing is secret is told as it is: ids, hashes, names of templates and of items of
// frameworks, numbers, placeholders that stand in it already.
func TestSampleStays(t *testing.T) {
	t.Parallel()
	for _, audience := range []report.Audience{report.Executive, report.Technical, report.Retest} {
		want, got := reporttest.Sample(audience), reporttest.Sample(audience)
		want.Hidden = []report.Hidden{}
		redact.New(redact.Options{}).Document(got)
		if diff := cmp.Diff(text(t, want), text(t, got)); diff != "" {
			t.Errorf("%s: %s", audience, diff)
		}
	}
}

func text(t *testing.T, d *report.Document) any {
	t.Helper()
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var all any
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestHostileStays: nothing that a report can hold makes the redactor fail, and what it writes is whole.
func TestHostileStays(t *testing.T) {
	t.Parallel()
	d := reporttest.Hostile()
	redact.New(redact.Options{}).Document(d)
	for i := range d.Weaknesses {
		for _, p := range d.Weaknesses[i].Proofs {
			for _, m := range append(p.Sent, p.Answer) {
				end := 0
				for _, k := range m.Marks {
					if k.Start < end || k.End <= k.Start || k.End > len(m.Text) {
						t.Fatalf("mark %+v of %d bytes", k, len(m.Text))
					}
					end = k.End
				}
			}
		}
	}
}
