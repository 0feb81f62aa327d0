package window

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"

	"assay/app"
	"assay/storage"
	"assay/traffic"
)

// SaveOut is how a file reaches the person: by a job that writes where the dialog said, or, in a browser, by a download.
// Both are empty when the dialog was cancelled.
type SaveOut struct {
	Job      Job    `json:"job"`
	Download string `json:"download"` // path of Desk.Handler, good for one GET
	Name     string `json:"name"`     // of the file, as proposed
}

// SaveBodyIn names a body.
type SaveBodyIn struct {
	ID   string `json:"id"`
	Side string `json:"side"` // client, server
}

// SaveBody writes a body to a file, without its content coding.
func (a *Actions) SaveBody(in SaveBodyIn) (out SaveOut, err error) {
	defer a.desk.guard(&err)
	p, id, err := a.desk.find(in.ID)
	if err != nil {
		return out, err
	}
	side := traffic.FromServer
	if in.Side == traffic.FromClient.String() {
		side = traffic.FromClient
	}
	x, err := p.Exchange(a.desk.life(), id)
	if err != nil {
		return out, err
	}
	if x.Response == nil && side == traffic.FromServer {
		return out, &app.Error{Code: app.CodeNotFound, Message: "This exchange has no answer whose body could be saved."}
	}
	return a.desk.save(&file{
		title: "Save the body", kind: "body", name: bodyName(x, side), mime: "application/octet-stream",
		write: func(ctx context.Context, w io.Writer, _ func(done, all int64)) (string, error) {
			return copyBody(ctx, p, x, side, w)
		},
	})
}

// copyBody writes a body without its content coding, where that can be undone.
func copyBody(ctx context.Context, p *storage.Project, x *traffic.Exchange, side traffic.Side, w io.Writer) (string, error) {
	body, err := p.Body(ctx, x.ID, side)
	if err != nil {
		return "", err
	}
	defer body.Close()
	codings := headerOf(x, side).Get("Content-Encoding")
	decoded, err := traffic.NewDecoder(body, codings)
	if err == nil {
		defer decoded.Close()
		if _, err = io.Copy(w, decoded); err == nil {
			return "", nil
		}
	}
	if errors.Is(err, traffic.ErrEncoding) { // nothing was written yet
		_, err = io.Copy(w, body)
		return "As it travelled: the content coding is not known.", err
	}
	return "", err
}

func headerOf(x *traffic.Exchange, side traffic.Side) traffic.Header {
	if side == traffic.FromClient || x.Response == nil {
		return x.Request.Header
	}
	return x.Response.Header
}

// bodyName proposes a name of plain letters: what a server says about names is not to be trusted.
func bodyName(x *traffic.Exchange, side traffic.Side) string {
	ext := ".bin"
	switch media := traffic.MediaType(headerOf(x, side).Get("Content-Type")); {
	case media == "text/event-stream", strings.HasPrefix(media, "text/plain"):
		ext = ".txt"
	case strings.HasSuffix(media, "json"):
		ext = ".json"
	case media == "text/html":
		ext = ".html.txt" // nothing that runs when it is opened
	case media == "image/png":
		ext = ".png"
	case media == "image/jpeg":
		ext = ".jpg"
	case media == "audio/mpeg":
		ext = ".mp3"
	}
	word := "answer"
	if side == traffic.FromClient {
		word = "request"
	}
	return fmt.Sprintf("exchange-%s-%s%s", x.ID, word, ext)
}

// ExportIn says what is exported, and as what.
type ExportIn struct {
	IDs    []string `json:"ids"`   // in place of a query
	Query  string   `json:"query"` // empty selects everything, where there are no ids
	Format string   `json:"format"`
	Reveal bool     `json:"reveal"` // put the credentials in, which are placeholders otherwise
}

// exportEnd is the end of a file's name by format.
var exportEnd = map[string]string{"har": ".har", "jsonl": ".jsonl", "curl": ".sh"}

// Export writes exchanges to a file, oldest first.
func (a *Actions) Export(in ExportIn) (out SaveOut, err error) {
	defer a.desk.guard(&err)
	project, err := a.desk.opened()
	if err != nil {
		return out, err
	}
	o := app.ExportOptions{Format: in.Format, Query: in.Query, Reveal: in.Reveal}
	if err := app.CheckExportFormat(o.Format); err != nil {
		return out, err
	}
	if _, err := traffic.Parse(in.Query); err != nil {
		return out, err
	}
	for _, s := range in.IDs {
		id, err := exchangeID(s)
		if err != nil {
			return out, err
		}
		o.IDs = append(o.IDs, id)
	}
	return a.desk.save(&file{
		title: "Export exchanges", kind: "export", mime: "application/octet-stream",
		name: projectName(project.Store().Path()) + exportEnd[o.Format],
		write: func(ctx context.Context, w io.Writer, report func(done, all int64)) (string, error) {
			each := o
			each.Progress = func(n int64) {
				if n%50 == 0 {
					report(n, int64(len(o.IDs)))
				}
			}
			sum, err := project.Export(ctx, w, each)
			if sum.Lost > 0 {
				return fmt.Sprintf("Exported: %d. Bodies that were not kept whole: %d.", sum.Exchanges, sum.Lost), err
			}
			return fmt.Sprintf("Exported: %d.", sum.Exchanges), err
		},
	})
}

// file is something a person asked to have written.
type file struct {
	title string // of the dialog
	kind  string // of the job
	name  string
	mime  string
	write func(ctx context.Context, w io.Writer, report func(done, all int64)) (note string, err error)
}

// save asks where the file goes and starts to write it there; where there are no dialogs it makes a download of it.
func (d *Desk) save(f *file) (out SaveOut, err error) {
	out.Name = f.name
	host := d.around()
	if host.SaveFile == nil {
		out.Download = d.downloads.offer(f)
		return out, nil
	}
	path, err := host.SaveFile(f.title, f.name)
	if err != nil || path == "" {
		return out, err
	}
	out.Job = d.job(f.kind, path, func(ctx context.Context, report func(done, all int64)) (note string, err error) {
		err = app.WriteNew(path, func(w io.Writer) error {
			note, err = f.write(ctx, w, report)
			return err
		})
		return note, err
	})
	return out, nil
}

// disposition is a Content-Disposition header for a download.
func disposition(name string) string {
	return mime.FormatMediaType("attachment", map[string]string{"filename": name})
}
