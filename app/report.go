package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"assay/report"
	"assay/report/redact"
	"assay/scanner"
	"assay/scanner/detect"
	"assay/storage"
)

// ReportOptions say what a report tells, for whom, and what a person chose to show in it.
type ReportOptions struct {
	Audience report.Audience
	Run      string           // a run's number, latest or starred: the report is limited to it; empty for the whole project
	Against  string           // the run that a retest is compared with; empty for the starred one, else the one before
	Cover    report.Cover     //
	Without  []report.Section // that are left out
	Narrow   ReportNarrow     // which findings are told
	Show     []string         // placeholders whose values stand in the report: a person chose each of them
}

// Report is a report that is ready to be written: what is secret or personal is hidden in it.
type Report struct {
	Document *report.Document

	project  *storage.Project
	app      *App
	redactor *redact.Redactor
}

// reportFormat is something that a report can be written as.
type reportFormat struct {
	ext   string
	write func(context.Context, io.Writer, *Report) error
}

// plainly makes a format of a writer that needs nothing but the document.
func plainly(ext string, write func(io.Writer, *report.Document) error) reportFormat {
	return reportFormat{ext, func(_ context.Context, w io.Writer, r *Report) error { return write(w, r.Document) }}
}

// ReportFormats returns the names that Report.Write knows, sorted.
func ReportFormats() []string { return slices.Sorted(maps.Keys(reportFormats)) }

// ReportExtension is how the names of files of a format end, with the dot; empty for what is no format.
func ReportExtension(format string) string { return reportFormats[format].ext }

// CheckReportFormat says whether there is a format of this name, and if not which ones there are.
func CheckReportFormat(format string) error {
	if _, is := reportFormats[format]; is {
		return nil
	}
	return usagef(nearOr(format, ReportFormats(), "the formats are "+list(ReportFormats())), "there is no report format %q", Harmless(format, 40))
}

// Write writes the report.
func (r *Report) Write(ctx context.Context, w io.Writer, format string) error {
	if err := CheckReportFormat(format); err != nil {
		return err
	}
	return reportFormats[format].write(ctx, w, r)
}

// Bytes is the report as it would be written.
func (r *Report) Bytes(ctx context.Context, format string) ([]byte, error) {
	var b bytes.Buffer
	err := r.Write(ctx, &b, format)
	return b.Bytes(), err
}

// HiddenValue is what stands behind a placeholder, for one look at it; empty where the report has no such placeholder.
func (r *Report) HiddenValue(placeholder string) string { return r.redactor.Value(placeholder) }

// Report gathers a report of a project, hides in it what is secret or personal, and hands it to use.
func (a *App) Report(ctx context.Context, path string, o ReportOptions, use func(*Report) error) (err error) {
	p, err := a.upToDate(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	r, err := a.reportOf(ctx, p, o)
	if err != nil {
		return err
	}
	return use(r)
}

// Report gathers a report of the open project and hides in it what is secret or personal.
func (p *Project) Report(ctx context.Context, o ReportOptions) (*Report, error) {
	return p.app.reportOf(ctx, p.store, o)
}

func (a *App) reportOf(ctx context.Context, p *storage.Project, o ReportOptions) (*Report, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	detector, err := detectorOf(ctx, p)
	if err != nil {
		return nil, err
	}
	g := &reportGatherer{app: a, store: p, o: o, doc: &report.Document{
		Schema: report.SchemaVersion, Made: time.Now().UTC().Truncate(time.Second), Version: a.Version, Audience: o.Audience, Cover: o.Cover,
	}}
	if err := g.gather(ctx); err != nil {
		return nil, err
	}
	r := &Report{Document: g.doc, project: p, app: a, redactor: redact.New(redact.Options{Detector: detector, Show: o.Show, Keep: g.assets()})}
	r.redactor.Document(g.doc)
	finish(g.doc)
	return r, nil
}

// check says what is wrong with options, and completes them.
func (o *ReportOptions) check() error {
	audiences := []string{string(report.Executive), string(report.Technical), string(report.Retest)}
	if o.Audience == "" {
		o.Audience = report.Technical
	}
	if !slices.Contains(audiences, string(o.Audience)) {
		return usagef(nearOr(string(o.Audience), audiences, "reports are for "+list(audiences)), "there is no audience %q", Harmless(string(o.Audience), 40))
	}
	for _, s := range o.Without {
		if !slices.Contains(ReportSections(), s) {
			var names []string
			for _, known := range ReportSections() {
				names = append(names, string(known))
			}
			return usagef(nearOr(string(s), names, "the sections are "+list(names)), "there is no section %q", Harmless(string(s), 40))
		}
	}
	if err := o.Narrow.check(); err != nil {
		return err
	}
	if len(o.Cover.Logo) > mostLogo {
		return usagef("a picture of a few hundred pixels is enough", "the logo is larger than %s", Bytes(mostLogo))
	}
	return nil
}

// mostLogo bounds a logo, in bytes.
const mostLogo = 1 << 20

// ReportSections are the sections of reports, in order.
func ReportSections() []report.Section {
	return []report.Section{
		report.SectionSummary, report.SectionScope, report.SectionComparison, report.SectionAdvice, report.SectionFindings, report.SectionThreats,
		report.SectionCoverage, report.SectionRequirements, report.SectionInventory, report.SectionMethod, report.SectionNotTested, report.SectionRedaction,
	}
}

// detectorOf finds what is built in and the types that a person defined for the project. One of those that cannot be
// understood is left out: it was taken from a file that others may have made.
func detectorOf(ctx context.Context, p *storage.Project) (*detect.Detector, error) {
	types, err := p.CustomTypes(ctx)
	if err != nil {
		return nil, err
	}
	var custom []detect.Custom
	for _, t := range types {
		one := customType(t)
		if _, err := detect.New([]detect.Custom{one}); err == nil {
			custom = append(custom, one)
		}
	}
	return detect.New(custom)
}

// reportRunName is how a report calls a run.
func reportRunName(r *scanner.Run) string {
	if r.Name == "" {
		return fmt.Sprintf("run %d", r.ID)
	}
	return fmt.Sprintf("run %d, %s", r.ID, r.Name)
}
