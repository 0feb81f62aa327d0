package app_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"assay/app"
	"assay/report"
)

// TestReportsOfARunFollowTheirSchemas writes reports of a run against the practice target, for every audience, and holds them
// to the schema that is published, and their tables to what they say.
func TestReportsOfARunFollowTheirSchemas(t *testing.T) {
	t.Parallel()
	target, url := newSlowLab(t, 0)
	target.open()
	_, _, project := openTestProject(t, url)
	defer project.Close()
	ctx := t.Context()
	for range 2 { // a retest is compared with the run before
		id, err := project.StartTest(ctx, quick())
		if err != nil {
			t.Fatal(err)
		}
		wait(t, project, id)
	}
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(app.ReportSchema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("report.json", parsed); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("report.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, audience := range []report.Audience{report.Executive, report.Technical, report.Retest} {
		for _, run := range []string{"", "latest"} {
			r, err := project.Report(ctx, app.ReportOptions{Audience: audience, Run: run})
			if err != nil {
				t.Fatal(err)
			}
			data, err := r.Bytes(ctx, "json")
			if err != nil {
				t.Fatal(err)
			}
			doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(doc); err != nil {
				t.Errorf("%s of %q: %v", audience, run, err)
			}
			var back report.Document
			if err := json.Unmarshal(data, &back); err != nil || len(back.Weaknesses) != len(r.Document.Weaknesses) || len(back.Weaknesses) == 0 {
				t.Errorf("%s of %q: %d findings of %d came back, %v", audience, run, len(back.Weaknesses), len(r.Document.Weaknesses), err)
			}
			if data, err = r.Bytes(ctx, "csv"); err != nil {
				t.Fatal(err)
			}
			if rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll(); err != nil || len(rows) != len(back.Weaknesses)+1 {
				t.Errorf("%s of %q: %d lines for %d findings, %v", audience, run, len(rows), len(back.Weaknesses), err)
			}
		}
	}
}
