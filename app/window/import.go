package window

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"assay/app"
)

// ImportOut says what came of an import.
type ImportOut struct {
	Format    string `json:"format"`
	Exchanges int64  `json:"exchanges"`
	LeftOut   int64  `json:"left_out"` // entries that could not be read
	Why       string `json:"why"`      // of the first of them
	Query     string `json:"query"`    // selects what was imported; empty when there is nothing
}

// ImportFileIn names a file of this machine.
type ImportFileIn struct {
	Path   string `json:"path"`
	Format string `json:"format"` // har, jsonl, burp, mitmproxy, postman, curl, or auto
}

// ImportFile imports a file into the open project, as a job, and returns when it has ended.
func (s *Setup) ImportFile(in ImportFileIn) (out ImportOut, err error) {
	defer s.desk.guard(&err)
	info, err := os.Stat(in.Path)
	switch {
	case err != nil:
		return out, &app.Error{Code: app.CodeNotFound, Message: "there is no file " + in.Path}
	case !info.Mode().IsRegular():
		return out, &app.Error{Code: app.CodeInput, Message: in.Path + " is not a file"}
	}
	file, err := os.Open(in.Path)
	if err != nil {
		return out, &app.Error{Code: app.CodeInput, Message: "cannot open the file", Err: err}
	}
	defer file.Close()
	return s.desk.importFrom(s.desk.life(), file, filepath.Base(in.Path), in.Format, info.Size())
}

// importRoute takes a file's bytes: POST /import?name=NAME&format=auto, answered with an ImportOut or a Fault.
func (d *Desk) importRoute(mux *http.ServeMux) {
	mux.HandleFunc("POST /import", func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		out, err := d.importFrom(r.Context(), r.Body, query.Get("name"), query.Get("format"), max(0, r.ContentLength))
		w.Header().Set("Content-Type", "application/json")
		var answer any = out
		if err != nil {
			w.WriteHeader(http.StatusUnprocessableEntity)
			answer = faultOf(err)
		}
		_ = json.NewEncoder(w).Encode(answer) // the window has gone
	})
}

// importFrom imports in a job, which ends early with ctx, and waits for it.
func (d *Desk) importFrom(ctx context.Context, in io.Reader, name, format string, size int64) (out ImportOut, err error) {
	project, err := d.openedToWrite()
	if err != nil {
		return out, err
	}
	if name == "" {
		name = "the file"
	}
	head := bufio.NewReaderSize(in, app.DetectBytes)
	if format == "" || format == "auto" {
		start, err := head.Peek(app.DetectBytes)
		if err != nil && !errors.Is(err, io.EOF) {
			return out, &app.Error{Code: app.CodeInput, Message: "cannot read " + name, Err: err}
		}
		if format, err = app.DetectImport(start); err != nil {
			return out, err
		}
	}
	done := make(chan struct{})
	d.jobs.start(d.life(), "import", name, d.pulse.changed, func(job context.Context, report func(done, all int64)) (string, error) {
		defer close(done)
		job, cancel := context.WithCancelCause(job)
		defer context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) })()
		defer cancel(nil)
		out, err = d.runImport(job, project, head, format, name, func(read int64) { report(read, size) })
		return importNote(out), err
	})
	<-done
	return out, err
}

func (d *Desk) runImport(ctx context.Context, p *app.Project, in io.Reader, format, name string, progress func(int64)) (ImportOut, error) {
	sum, err := p.Import(ctx, in, app.ImportOptions{Format: format, Name: name, Progress: progress})
	out := ImportOut{Format: format, Exchanges: sum.Exchanges, LeftOut: sum.LeftOut, Why: sum.Why}
	switch {
	case sum.Exchanges == 1:
		out.Query = "source:import id=" + sum.First
	case sum.Exchanges > 1:
		out.Query = "source:import id:" + sum.First + ".." + sum.Last
	}
	if partly, is := errors.AsType[*app.Error](err); is && partly.Code == app.CodeInput && sum.Exchanges > 0 {
		err = nil // Why says it
	}
	return out, err
}

// importNote says in one line what came of an import.
func importNote(out ImportOut) string {
	note := fmt.Sprintf("%d exchanges imported", out.Exchanges)
	if out.Exchanges == 1 {
		note = "1 exchange imported"
	}
	switch out.LeftOut {
	case 0:
		return note
	case 1:
		return note + ", 1 entry could not be read: " + out.Why
	}
	return fmt.Sprintf("%s, %d entries could not be read, the first because: %s", note, out.LeftOut, out.Why)
}
