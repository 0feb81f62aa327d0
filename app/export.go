package app

import (
	"bufio"
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

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
	Reveal   bool // write the values of sealed credentials too
	Progress func(exchanges int64)
}

// ExportSummary says what was written.
type ExportSummary struct {
	Exchanges int64
	Lost      int64 // of them with bodies that were not kept whole
}

// ExportFile exports into a new file; nothing is left behind when it fails.
func (a *App) ExportFile(ctx context.Context, path, file string, o ExportOptions) (sum ExportSummary, err error) {
	f, err := os.CreateTemp(filepath.Dir(file), ".assay-export-*")
	if err != nil {
		return sum, &Error{Code: CodeFailed, Message: "cannot write " + file, Err: err}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	sum, err = a.Export(ctx, path, f, o)
	if err = errors.Join(err, f.Close()); err != nil {
		return sum, err
	}
	return sum, os.Rename(f.Name(), file)
}

// Export writes the exchanges a query selects, oldest first, one at a time.
func (a *App) Export(ctx context.Context, path string, out io.Writer, o ExportOptions) (sum ExportSummary, err error) {
	open := exporters[o.Format]
	if open == nil {
		return sum, usagef("the formats are "+list(ExportFormats()), "there is no export format %q", o.Format)
	}
	q, err := parseQuery(o.Query)
	if err != nil {
		return sum, err
	}
	p, err := a.upToDate(ctx, path)
	if err != nil {
		return sum, err
	}
	defer p.Close()
	buffered := bufio.NewWriterSize(out, 1<<16)
	w := open(buffered, revealer(ctx, p, o.Reveal))
	filter := storage.Filter{Where: q, OldestFirst: true, Limit: listPage}
	for {
		rows, err := p.List(ctx, filter)
		if err != nil {
			return sum, err
		}
		for i := range rows {
			r, err := record(ctx, p, &rows[i])
			if err != nil {
				return sum, err
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
		if len(rows) < listPage {
			return sum, errors.Join(w.Close(), buffered.Flush())
		}
		filter.After = rows[len(rows)-1].ID
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
