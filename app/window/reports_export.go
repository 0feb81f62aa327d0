package window

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"assay/app"
)

// mostReportsMade are listed, the newest.
const mostReportsMade = 200

// codeTooLarge is the code of errLargeReport: the window offers fewer pieces of evidence.
const codeTooLarge app.Code = "too-large"

// errLargeReport says that a report has outgrown what is sent as one file.
var errLargeReport = &app.Error{
	Code: codeTooLarge, Message: "the report is larger than " + app.Bytes(mostReport),
	Hint: "choose fewer pieces of evidence for each finding, or fewer findings",
}

// Export writes the report of the preview, as it is seen there: where a dialog says or, in a browser, as a download.
func (r *Reports) Export(in ReportExportIn) (out ReportExportOut, err error) {
	defer r.desk.guard(&err)
	out.Made.Hidden, out.Made.Shown, out.Shown = []FindingCount{}, []string{}, []HiddenKind{}
	if err := app.CheckReportFormat(in.Format); err != nil {
		return out, err
	}
	project, err := r.desk.opened()
	if err != nil {
		return out, err
	}
	out.Name = reportName(project, &in.Form, in.Format)
	path, err := r.place(project, out.Name)
	if err != nil || path == "" && r.desk.around().SaveFile != nil {
		return out, err
	}
	g, err := r.gather(in.Form, false)
	if err != nil {
		return out, err
	}
	out.Shown = shownOf(hiddenKinds(g.report.Document.Hidden))
	g.mu.Lock()
	defer g.mu.Unlock()
	var data bytes.Buffer
	if err := g.report.Write(r.desk.life(), &bounded{left: mostReport, to: &data}, in.Format); err != nil {
		return out, err
	}
	if path == "" {
		return out, r.download(g, in.Format, data.Bytes(), &out)
	}
	made, err := g.save(r.desk.life(), path, in.Format, data.Bytes())
	if err != nil {
		return out, err
	}
	out.Name, out.Made = filepath.Base(path), madeOf(made)
	out.Made.Open = true
	r.desk.reporting.wrote(made.SHA256, path)
	r.remember(project, in.Format, filepath.Dir(path))
	return out, nil
}

// place asks where the report goes, beginning where the latest one went; empty where there are no dialogs, or it was
// cancelled.
func (r *Reports) place(project *app.Project, name string) (string, error) {
	host := r.desk.around()
	if host.SaveFile == nil {
		return "", nil
	}
	kept, err := project.ReportCover(r.desk.life())
	if err != nil {
		return "", err
	}
	if kept.Folder != "" {
		if at, err := os.Stat(kept.Folder); err == nil && at.IsDir() {
			name = filepath.Join(kept.Folder, name)
		}
	}
	return host.SaveFile("Save the report", name)
}

// save writes the report into a file. What is wrong with the place is said in words.
func (g *gathering) save(ctx context.Context, path, format string, data []byte) (*app.ReportMade, error) {
	err := app.WriteNew(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
	if err == nil {
		err = os.Chmod(path, 0o644) //nolint:gosec // reports are made to be handed on
	}
	said := &app.Error{Code: app.CodeFailed, Message: "the report could not be written", Hint: "choose another place", Err: err}
	switch {
	case err == nil:
		return g.report.Handed(ctx, path, format, data)
	case errors.Is(err, fs.ErrPermission):
		said.Message, said.Hint = "this folder cannot be written to", "choose another folder, or another name"
	case errors.Is(err, syscall.ENOSPC):
		said.Message, said.Hint = "the disk is full", "make room, or choose another disk; nothing half-written was left"
	case errors.Is(err, fs.ErrNotExist):
		said.Message, said.Hint = "this folder is no longer there", "choose another folder"
	}
	return nil, said
}

// bounded passes on what is written, as long as it is not too much.
type bounded struct {
	left int
	to   io.Writer
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errLargeReport
	}
	return b.to.Write(p)
}

// download offers the report to a browser. The project remembers it as made: what a browser does with it is not seen.
func (r *Reports) download(g *gathering, format string, data []byte, out *ReportExportOut) error {
	made, err := g.report.Handed(r.desk.life(), out.Name, format, data)
	if err != nil {
		return err
	}
	out.Made = madeOf(made)
	out.Download = r.desk.downloads.offer(&file{
		name: out.Name, mime: "application/octet-stream",
		write: func(_ context.Context, w io.Writer, _ func(done, all int64)) (string, error) {
			_, err := w.Write(data)
			return "", err
		},
	})
	r.remember(g.of, format, "")
	return nil
}

// remember keeps format and place for the next time. That it cannot be kept keeps nobody from having the report.
func (r *Reports) remember(project *app.Project, format, folder string) {
	if ro, _ := project.Store().ReadOnly(); ro {
		return
	}
	err := r.change(project, func(kept *app.KeptReportOptions) error {
		kept.Format, kept.Folder = format, cmp.Or(folder, kept.Folder)
		return nil
	})
	if err != nil {
		r.desk.log().Warn("where reports go could not be remembered", "err", err)
	}
}

// wrote remembers a file for Open.
func (s *reporting) wrote(sum, path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.written != nil {
		s.written[sum] = path
	}
}

func (s *reporting) file(of *app.Project, sum string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of != of {
		return ""
	}
	return s.written[sum]
}

// Made lists the reports that were made of the project, the newest first.
func (r *Reports) Made(_ Nothing) (out ReportsMadeOut, err error) {
	defer r.desk.guard(&err)
	out.Items = []ReportMade{}
	project, err := r.desk.opened()
	if err != nil {
		return out, err
	}
	made, err := project.ReportsMade(r.desk.life())
	if err != nil {
		return out, err
	}
	out.Total = len(made)
	for i := range made[:min(len(made), mostReportsMade)] {
		one := madeOf(&made[i])
		one.Open = r.desk.reporting.file(project, one.SHA256) != ""
		out.Items = append(out.Items, one)
	}
	return out, nil
}

func madeOf(m *app.ReportMade) ReportMade {
	out := ReportMade{
		At: m.At, Format: m.Format, Audience: m.Audience, File: clip(valid(m.File), longName), Bytes: m.Bytes, SHA256: m.SHA256, Findings: m.Findings,
		Hidden: []FindingCount{}, Shown: namesOf(m.Shown),
	}
	for kind, n := range m.Hidden {
		out.Hidden = append(out.Hidden, FindingCount{Value: clip(valid(kind), longName), N: n})
	}
	slices.SortFunc(out.Hidden, func(a, b FindingCount) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Value, b.Value)) })
	return out
}

// shownOf are the kinds of which values are shown, with those alone.
func shownOf(kinds []HiddenKind) []HiddenKind {
	shown := []HiddenKind{}
	for _, k := range kinds {
		k.Items = slices.DeleteFunc(slices.Clone(k.Items), func(v HiddenValue) bool { return !v.Shown })
		if len(k.Items) > 0 {
			shown = append(shown, k)
		}
	}
	return shown
}

// Open opens a report that was written in this session with the program that the system has for it. A file that is no
// longer what was written is not opened: nobody knows what it is now.
func (r *Reports) Open(in OpenReportIn) (out Nothing, err error) {
	defer r.desk.guard(&err)
	project, err := r.desk.opened()
	if err != nil {
		return out, err
	}
	path := r.desk.reporting.file(project, in.SHA256)
	if path == "" {
		return out, &app.Error{Code: app.CodeNotFound, Message: "this report was not written in this session", Hint: "open its file where it was saved"}
	}
	data, err := os.ReadFile(path) // of our own, and at most as large as a report
	if err != nil {
		return out, &app.Error{Code: app.CodeNotFound, Message: "the file is no longer where it was saved", Hint: "export the report again"}
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != in.SHA256 {
		return out, &app.Error{Code: app.CodeFailed, Message: "the file is no longer the one that was written", Hint: "export the report again"}
	}
	return out, app.OpenFile(path)
}
