package main

import (
	"fmt"
	"io"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"assay/app"
	"assay/report"
)

// reportFlags are what `assay report` is asked for.
type reportFlags struct {
	format, file, audience string
	logo                   string
	without                []string
	open, made             bool
	o                      app.ReportOptions
}

func (p *program) reportCommand() *cobra.Command {
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "report",
		Short: "A document to send: what is wrong, what to do first, the evidence, and what nobody tested",
		Long: `Report writes how things stand for somebody who was not there. Secrets and personal data stand as placeholders in every
format; the same value has the same placeholder. docs/reports.md tells what is in it.

  assay report --format html -o report.html --open
  assay report --format pdf --audience executive --client "Meridian Bank" -o report.pdf
  assay report --format html --audience retest --against 3 -o retest.html
  assay report --made`,
		Args: takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.made {
				return p.reportsMade(cmd)
			}
			return p.report(cmd, &f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "", "what is written: "+strings.Join(app.ReportFormats(), ", ")+" (default: by the name of the file)")
	flags.StringVarP(&f.file, "output", "o", "", "the `FILE` that is written; - for standard output")
	flags.StringVar(&f.audience, "audience", string(report.Technical), "for whom: executive (two pages), technical (with evidence), retest (what is new, fixed and still there)")
	flags.StringVar(&f.o.Run, "run", "", "only what this `RUN` found: a number, latest or starred")
	flags.StringVar(&f.o.Against, "against", "", "the `RUN` that a retest is compared with (default: the starred one, else the one before)")
	flags.StringVar(&f.o.Cover.Title, "title", "", "the title")
	flags.StringVar(&f.o.Cover.Client, "client", "", "for whom it was tested")
	flags.StringVar(&f.o.Cover.Tester, "tester", "", "who tested")
	flags.StringVar(&f.logo, "logo", "", "a PNG or JPEG `FILE` for the cover")
	flags.StringVar(&f.o.Cover.Scope, "scope-text", "", "what was to be tested, in words")
	flags.StringVar(&f.o.Cover.Authorisation, "authorisation", "", "who allowed the tests")
	flags.StringVar(&f.o.Cover.Note, "note", "", "a paragraph of your own")
	flags.StringSliceVar(&f.without, "without", nil, "leave a `SECTION` out; may be repeated")
	flags.StringArrayVar(&f.o.Show, "show", nil, "write the value behind this `PLACEHOLDER` (as ⟨key 1⟩); may be repeated, and is remembered")
	flags.BoolVar(&f.open, "open", false, "open the file when it is written")
	flags.BoolVar(&f.made, "made", false, "list the reports that were made of the project")
	cmd.AddCommand(p.reportSchema())
	return cmd
}

func (p *program) report(cmd *cobra.Command, f *reportFlags) (err error) {
	if err := f.complete(); err != nil {
		return err
	}
	if f.logo != "" {
		if f.o.Cover.Logo, err = app.ReadLogo(f.logo); err != nil {
			return err
		}
	}
	debug.SetMemoryLimit(mostReportMemory)
	err = p.app.Report(cmd.Context(), p.project, f.o, func(r *app.Report) error {
		if f.file == "-" {
			return r.Write(cmd.Context(), p.out, f.format)
		}
		made, err := r.Save(cmd.Context(), f.file, f.format)
		if err != nil {
			return err
		}
		return p.saidReport(f.file, made, r.Document)
	})
	if err != nil || !f.open {
		return err
	}
	return app.OpenFile(f.file)
}

// mostReportMemory is from where on memory that is no longer used is given back at once, in bytes: a report of hundreds of
// findings makes much of it in a short time.
const mostReportMemory = 96 << 20

// complete works out what was left away, and says what is wrong.
func (f *reportFlags) complete() error {
	f.o.Audience = report.Audience(f.audience)
	for _, s := range f.without {
		f.o.Without = append(f.o.Without, report.Section(strings.ReplaceAll(s, "-", "_")))
	}
	switch {
	case f.file == "":
		return usage("assay report needs -o FILE: where the report is written")
	case f.file == "-" && f.open:
		return usage("assay report: --open needs a file, not standard output")
	case f.format == "" && f.file == "-":
		return usage("assay report needs --format: standard output has no name that would tell")
	case f.format == "":
		ext := strings.ToLower(filepath.Ext(f.file))
		at := slices.IndexFunc(app.ReportFormats(), func(format string) bool { return app.ReportExtension(format) == ext })
		if at < 0 {
			return usage("assay report: --format says what to write; the name %s does not tell", app.Harmless(filepath.Base(f.file), 60))
		}
		f.format = app.ReportFormats()[at]
	}
	return app.CheckReportFormat(f.format)
}

// saidReport says what was written, and what was hidden in it.
func (p *program) saidReport(file string, made *app.ReportMade, d *report.Document) error {
	if p.json {
		return p.print(made)
	}
	fmt.Fprintf(p.errs, "wrote %s: %s, %s\n", file, number(int64(len(d.Weaknesses)), "finding"), app.Bytes(made.Bytes))
	if hidden := hiddenWords(d.Hidden); hidden != "" {
		fmt.Fprintf(p.errs, "hidden in it: %s\n", hidden)
	}
	for _, s := range d.Shortened {
		fmt.Fprintf(p.errs, "shortened: %s\n", s)
	}
	if len(made.Shown) > 0 {
		fmt.Fprintf(p.errs, "shown in it, because you chose so: %s\n", strings.Join(made.Shown, ", "))
	}
	return nil
}

// hiddenWords counts what was hidden by type: "3 × API key, 8 × card number".
func hiddenWords(hidden []report.Hidden) string {
	var words []string
	counts := map[string]int{}
	for _, h := range hidden {
		if h.Shown {
			continue
		}
		if counts[h.Word]++; counts[h.Word] == 1 {
			words = append(words, h.Word)
		}
	}
	for i, w := range words {
		words[i] = fmt.Sprintf("%d × %s", counts[w], w)
	}
	return strings.Join(words, ", ")
}

func (p *program) reportsMade(cmd *cobra.Command) error {
	made, err := p.app.ReportsMade(cmd.Context(), p.project)
	if err != nil {
		return err
	}
	return list(p, made, "no reports were made", "AT\tFORMAT\tAUDIENCE\tFILE\tFINDINGS\tHIDDEN\tSHOWN\tSHA-256", func(w io.Writer, r *app.ReportMade) {
		hidden := 0
		for _, n := range r.Hidden {
			hidden += n
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%d\t%d\t%s\n", r.At, r.Format, r.Audience, app.Harmless(r.File, 40), r.Findings, hidden, len(r.Shown), r.SHA256[:min(16, len(r.SHA256))])
	})
}
