package app

import (
	"context"
	"errors"
	"io"
	"iter"

	"assay/report"
	"assay/report/page"
	"assay/report/paper"
	"assay/storage"
	"assay/traffic"
)

// reportFormats are the formats of reports: a new one is a writer and a line here.
var reportFormats map[string]reportFormat

func init() { //nolint:gochecknoinits // the bundle is made of the others
	reportFormats = map[string]reportFormat{
		"html":   plainly(".html", page.Write),
		"pdf":    plainly(".pdf", paper.Write),
		"md":     plainly(".md", report.Markdown),
		"json":   plainly(".json", report.JSON),
		"csv":    plainly(".csv", report.CSV),
		"sarif":  plainly(".sarif", report.DocumentSARIF),
		"junit":  plainly(".xml", report.DocumentJUnit),
		"har":    {".har", writeEvidence},
		"bundle": {".zip", writeBundle},
	}
}

// writeEvidence writes the exchanges that the report names, with what is secret in them hidden behind the same
// placeholders.
func writeEvidence(ctx context.Context, w io.Writer, r *Report) error {
	return report.EvidenceHAR(w, r.Document, r.evidence(ctx))
}

// evidence are the exchanges that the report names. Those that are no longer kept are left out.
func (r *Report) evidence(ctx context.Context) iter.Seq2[*traffic.Record, error] {
	return func(yield func(*traffic.Record, error) bool) {
		for rows, err := range named(ctx, r.project, r.Document.Exchanges()) {
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range rows {
				x, err := record(ctx, r.project, &rows[i])
				if errors.Is(err, storage.ErrNoExchange) {
					continue
				}
				if err == nil {
					r.redactor.Record(x)
				}
				if !yield(x, err) || err != nil {
					return
				}
			}
		}
	}
}

// writeBundle writes everything in one zip: the report for people, the data for programs, the evidence.
func writeBundle(ctx context.Context, w io.Writer, r *Report) error {
	file := func(name, what, format string) report.File {
		return report.File{Name: name, What: what, Write: func(w io.Writer) error { return r.Write(ctx, w, format) }}
	}
	files := []report.File{
		file("report.html", "the report, for a browser: one file, no network", "html"),
		file("report.pdf", "the report, for print", "pdf"),
		file("report.md", "the report as Markdown", "md"),
	}
	files = append(files, report.DataFiles(r.Document)...)
	files = append(files, file("evidence.har", "the exchanges that the report names (HAR 1.2), without what is secret in them", "har"))
	return report.Bundle(w, r.Document, files)
}
