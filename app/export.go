package app

import (
	"bufio"
	"context"
	"errors"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"assay/report/redact"
	"assay/storage"
	"assay/traffic"
)

// recordWriter is one export format at work.
type recordWriter interface {
	Write(*traffic.Record) error
	Close() error // completes the file; it does not close what lies under it
}

// exporters are the formats of `assay export`: a new one is a writer in package traffic and a line here.
var exporters = map[string]func(io.Writer, traffic.Reveal) recordWriter{
	"har": func(w io.Writer, reveal traffic.Reveal) recordWriter {
		return traffic.NewHARWriter(w, traffic.HAROptions{Reveal: reveal})
	},
	"jsonl": func(w io.Writer, reveal traffic.Reveal) recordWriter {
		return traffic.NewJSONLWriter(w, traffic.JSONLOptions{Reveal: reveal})
	},
	"curl": func(w io.Writer, reveal traffic.Reveal) recordWriter { return curlWriter{w, reveal} },
}

// ExportFormats returns the names Export knows, sorted.
func ExportFormats() []string { return slices.Sorted(maps.Keys(exporters)) }

// ExportOptions say what is exported, how, and who wants to hear of it.
type ExportOptions struct {
	Format   string
	Query    string
	IDs      []traffic.ID // in place of a query
	Reveal   bool         // write the values of sealed credentials too
	Redact   bool         // hide secrets and personal data behind placeholders
	Progress func(exchanges int64)
}

// ExportSummary says what was written.
type ExportSummary struct {
	Exchanges int64
	Lost      int64 // of them with bodies that were not kept whole
}

// ExportFile exports into a new file; nothing is left behind when it fails.
func (a *App) ExportFile(ctx context.Context, path, file string, o ExportOptions) (sum ExportSummary, err error) {
	err = WriteNew(file, func(w io.Writer) error {
		sum, err = a.Export(ctx, path, w, o)
		return err
	})
	return sum, err
}

// WriteNew writes a file under another name and gives it its own once it is whole, so that nothing is left behind when
// writing fails.
func WriteNew(file string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(file), ".assay-export-*")
	if err != nil {
		return &Error{Code: CodeFailed, Message: "cannot write " + file, Err: err}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err = errors.Join(write(f), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}

// Export writes the exchanges a query selects, oldest first, one at a time.
func (a *App) Export(ctx context.Context, path string, out io.Writer, o ExportOptions) (sum ExportSummary, err error) {
	if err := CheckExportFormat(o.Format); err != nil {
		return sum, err
	}
	if _, err := parseQuery(o.Query); err != nil {
		return sum, err
	}
	p, err := a.upToDate(ctx, path)
	if err != nil {
		return sum, err
	}
	defer p.Close()
	return export(ctx, p, out, o)
}

// Export writes exchanges of the open project, oldest first, one at a time.
func (p *Project) Export(ctx context.Context, out io.Writer, o ExportOptions) (ExportSummary, error) {
	return export(ctx, p.store, out, o)
}

// ExchangeRecord loads one exchange with everything that belongs to it: bodies, frames, marks.
func (p *Project) ExchangeRecord(ctx context.Context, id traffic.ID) (*traffic.Record, error) {
	rows, err := p.store.List(ctx, storage.Filter{After: id - 1, Before: id + 1, Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, storage.ErrNoExchange
	}
	return record(ctx, p.store, &rows[0])
}

// Revealer resolves placeholders of sealed credentials, where reveal is asked for; nil leaves them as they are.
func (p *Project) Revealer(ctx context.Context, reveal bool) traffic.Reveal {
	return revealer(ctx, p.store, reveal)
}

// CheckExportFormat says whether there is a format of this name, and if not which ones there are.
func CheckExportFormat(format string) error {
	if exporters[format] == nil {
		return usagef("the formats are "+list(ExportFormats()), "there is no export format %q", format)
	}
	return nil
}

func export(ctx context.Context, p *storage.Project, out io.Writer, o ExportOptions) (sum ExportSummary, err error) {
	if err := CheckExportFormat(o.Format); err != nil {
		return sum, err
	}
	if o.Redact && o.Reveal {
		return sum, usagef("one writes values and the other hides them", "--redact and --with-credentials exclude each other")
	}
	var redactor *redact.Redactor
	if o.Redact {
		detector, err := detectorOf(ctx, p)
		if err != nil {
			return sum, err
		}
		redactor = redact.New(redact.Options{Detector: detector})
	}
	buffered := bufio.NewWriterSize(out, 1<<16)
	w := exporters[o.Format](buffered, revealer(ctx, p, o.Reveal))
	for rows, err := range selected(ctx, p, o) {
		if err != nil {
			return sum, err
		}
		for i := range rows {
			r, err := record(ctx, p, &rows[i])
			if err != nil {
				return sum, err
			}
			if redactor != nil {
				redactor.Record(r)
			}
			if err := w.Write(r); err != nil {
				return sum, err
			}
			sum.Exchanges++
			if rows[i].Lost {
				sum.Lost++
			}
			if o.Progress != nil {
				o.Progress(sum.Exchanges)
			}
		}
	}
	return sum, errors.Join(w.Close(), buffered.Flush())
}

// selected yields what is to be exported, a page at a time.
func selected(ctx context.Context, p *storage.Project, o ExportOptions) iter.Seq2[[]storage.Row, error] {
	if len(o.IDs) > 0 {
		return named(ctx, p, o.IDs)
	}
	return func(yield func([]storage.Row, error) bool) {
		q, err := parseQuery(o.Query)
		if err != nil {
			yield(nil, err)
			return
		}
		filter := storage.Filter{Where: q, OldestFirst: true, Limit: listPage}
		for {
			rows, err := p.List(ctx, filter)
			if !yield(rows, err) || err != nil || len(rows) < listPage {
				return
			}
			filter.After = rows[len(rows)-1].ID
		}
	}
}

// named yields exchanges by id, oldest first; those that are no longer there are left out.
func named(ctx context.Context, p *storage.Project, ids []traffic.ID) iter.Seq2[[]storage.Row, error] {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return func(yield func([]storage.Row, error) bool) {
		for page := range slices.Chunk(slices.Compact(ids), listPage) {
			var text strings.Builder
			for i, id := range page {
				if i > 0 {
					text.WriteByte(',')
				}
				text.WriteString(id.String())
			}
			q, err := traffic.Parse("id:(" + text.String() + ")")
			if err != nil {
				yield(nil, err)
				return
			}
			rows, err := p.List(ctx, storage.Filter{Where: q, OldestFirst: true, Limit: -1})
			if !yield(rows, err) || err != nil {
				return
			}
		}
	}
}

// revealer resolves placeholders of sealed credentials; nil leaves them as they are.
func revealer(ctx context.Context, p *storage.Project, reveal bool) traffic.Reveal {
	if !reveal {
		return nil
	}
	return func(placeholder string) string {
		if value, err := p.Credential(ctx, placeholder); err == nil {
			return value
		}
		return placeholder
	}
}

// record loads one exchange with everything that belongs to it.
func record(ctx context.Context, p *storage.Project, row *storage.Row) (*traffic.Record, error) {
	x, err := p.Exchange(ctx, row.ID)
	if err != nil {
		return nil, err
	}
	r := &traffic.Record{Exchange: *x, Note: row.Note, Colour: row.Colour, Tags: row.Tags}
	if r.Request.Body.Data, _, err = p.ReadBody(ctx, x.ID, traffic.FromClient, 0); err != nil {
		return nil, err
	}
	if r.Response == nil {
		return r, nil
	}
	if r.Response.Body.Data, _, err = p.ReadBody(ctx, x.ID, traffic.FromServer, 0); err != nil {
		return nil, err
	}
	if x.Kind == traffic.KindWebSocket {
		r.Frames, err = p.Frames(ctx, x.ID, 0, 0)
		return r, err
	}
	for seg, err := range p.Segments(ctx, x.ID, traffic.FromServer) {
		if err != nil {
			return nil, err
		}
		r.Segments = append(r.Segments, seg)
	}
	return r, nil
}

// curlWriter writes one curl command an exchange.
type curlWriter struct {
	w      io.Writer
	reveal traffic.Reveal
}

// Write implements recordWriter.
func (c curlWriter) Write(r *traffic.Record) error {
	_, err := io.WriteString(c.w, traffic.ToCurl(r, c.reveal)+"\n\n")
	return err
}

// Close implements recordWriter.
func (curlWriter) Close() error { return nil }
