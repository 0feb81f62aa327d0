package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) importCommand() *cobra.Command {
	var hosts []string
	formats := append(app.ImportFormats(), documentFormat)
	cmd := &cobra.Command{
		Use:   "import FORMAT FILE",
		Short: "Read exchanges from a file: " + strings.Join(app.ImportFormats(), ", ") + "; or a document of an API: " + documentFormat,
		Long: `Import reads exchanges from a file into the project; - reads standard input. Files of any size are read piece by
piece. With --json it prints {"id":…} for each exchange, in input order. docs/formats.md says what each format keeps.

The format openapi is a document of an API: OpenAPI 3, Swagger 2.0 or a Postman collection. The inventory then says of
each endpoint whether it is documented, and of each operation whether it was seen. docs/inventory.md tells more.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage("assay import takes a format (%s) and a file", strings.Join(formats, ", "))
			}
			return nil
		},
		ValidArgs: formats,
		RunE: func(cmd *cobra.Command, args []string) error {
			if args[0] == documentFormat {
				return p.importDocument(cmd, args[1], hosts)
			}
			if len(hosts) > 0 {
				return usage("assay import: --at is for the format %s", documentFormat)
			}
			return p.importFile(cmd, args[0], args[1])
		},
	}
	cmd.Flags().StringSliceVar(&hosts, "at", nil, "where the API of a document is served when it does not say: `HOST` or URL; else the traffic tells")
	return cmd
}

type idLine struct {
	ID string `json:"id"`
}

func (p *program) importFile(cmd *cobra.Command, format, name string) error {
	if err := app.CheckImportFormat(format); err != nil {
		return err
	}
	in, size, err := p.source(name)
	if err != nil {
		return err
	}
	defer in.Close()
	bar := p.progress(size, "reading "+name)
	opts := app.ImportOptions{Format: format, Name: name, Progress: bar.set}
	if p.json {
		opts.Each = func(id string) error { return p.print(idLine{id}) }
	}
	sum, err := p.app.Import(cmd.Context(), p.project, in, opts)
	bar.finish()
	if sum.Exchanges > 0 || err == nil {
		fmt.Fprintf(p.errs, "imported %s into %s\n", number(sum.Exchanges, "exchange"), sum.Project)
	}
	return err
}

// source opens a file, or standard input for "-". The size is -1 when it is not known.
func (p *program) source(name string) (io.ReadCloser, int64, error) {
	if name == "-" {
		return io.NopCloser(p.in), -1, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, &app.Error{Code: app.CodeInput, Message: "cannot read " + name, Err: err}
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return f, -1, nil
	}
	return f, info.Size(), nil
}

// readFile reads all of a file, or of standard input for "-": of at most so many bytes, for a part of it means something
// else.
func (p *program) readFile(name string, most int64) ([]byte, error) {
	in, _, err := p.source(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, most+1))
	if err != nil {
		return nil, &app.Error{Code: app.CodeInput, Message: "cannot read " + name, Err: err}
	}
	if int64(len(data)) > most {
		return nil, &app.Error{Code: app.CodeInput, Message: fmt.Sprintf("%s is larger than %s", name, app.Bytes(most))}
	}
	return data, nil
}

func (p *program) exportCommand() *cobra.Command {
	var opts app.ExportOptions
	cmd := &cobra.Command{
		Use:   "export FORMAT FILE",
		Short: "Write exchanges to a file: " + strings.Join(app.ExportFormats(), ", ") + "; or the inventory: " + documentFormat,
		Long: `Export writes the exchanges a query selects; - writes to standard output. Sealed credentials stay placeholders
unless --with-credentials is given. What else is secret or personal in the traffic is written as it was, so that other
tools can work with it; --redact writes placeholders in its place.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage("assay export takes a format (%s) and a file", strings.Join(app.ExportFormats(), ", "))
			}
			return nil
		},
		ValidArgs: append(app.ExportFormats(), documentFormat),
		RunE: func(cmd *cobra.Command, args []string) error {
			if args[0] == documentFormat {
				return p.exportDocument(cmd, opts.Query, args[1])
			}
			opts.Format = args[0]
			return p.exportFile(cmd, opts, args[1])
		},
	}
	cmd.Flags().StringVar(&opts.Query, "query", "", "the filter `Q`; all exchanges without it")
	cmd.Flags().BoolVar(&opts.Redact, "redact", false, "write secrets and personal data as placeholders, for somebody who may not see them")
	cmd.Flags().BoolVar(&opts.Reveal, "with-credentials", false, "write the sealed values too: the file then holds live keys")
	cmd.AddCommand(p.exportOTLP())
	return cmd
}

func (p *program) exportFile(cmd *cobra.Command, opts app.ExportOptions, name string) error {
	bar := p.progress(-1, "writing "+name)
	opts.Progress = bar.set
	var sum app.ExportSummary
	var err error
	if name == "-" {
		sum, err = p.app.Export(cmd.Context(), p.project, p.out, opts)
	} else {
		sum, err = p.app.ExportFile(cmd.Context(), p.project, name, opts)
	}
	bar.finish()
	if err != nil {
		return err
	}
	fmt.Fprintf(p.errs, "wrote %d exchanges to %s\n", sum.Exchanges, name)
	if sum.Lost > 0 {
		fmt.Fprintf(p.errs, "%d of them have bodies that were not kept whole; the file says which\n", sum.Lost)
	}
	return nil
}

// bar shows how far long work is: a progress bar on a terminal, nothing elsewhere.
type bar struct{ shown *progressbar.ProgressBar }

// progress begins a bar; a size below zero is one that is not known.
func (p *program) progress(size int64, what string) bar {
	if p.quiet || p.json || !terminal(p.errs) {
		return bar{}
	}
	return bar{progressbar.NewOptions64(size,
		progressbar.OptionSetWriter(p.errs),
		progressbar.OptionSetDescription(what),
		progressbar.OptionShowBytes(size > 0),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetPredictTime(true),
	)}
}

func (b bar) set(n int64) {
	if b.shown != nil {
		_ = b.shown.Set64(n) // a bar that cannot be drawn stops nothing
	}
}

func (b bar) finish() {
	if b.shown != nil {
		_ = b.shown.Finish()
	}
}
