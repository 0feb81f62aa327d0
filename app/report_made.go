package app

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pkg/browser"

	"assay/report"
	"assay/storage"
)

// ReportMade is what the project remembers of a report that was made.
type ReportMade struct {
	At       string         `json:"at"`
	Format   string         `json:"format"`
	Audience string         `json:"audience"`
	File     string         `json:"file"` // its name, without folders
	Bytes    int64          `json:"bytes"`
	SHA256   string         `json:"sha256"`
	Findings int            `json:"findings"`
	Hidden   map[string]int `json:"hidden"`          // values by type
	Shown    []string       `json:"shown,omitempty"` // placeholders whose values a person chose to show
}

// Save writes the report into a file and remembers in the project that it was made.
func (r *Report) Save(ctx context.Context, file, format string) (*ReportMade, error) {
	if err := CheckReportFormat(format); err != nil {
		return nil, err
	}
	sum := sha256.New()
	var n counter
	err := WriteNew(file, func(w io.Writer) error { return r.Write(ctx, io.MultiWriter(w, sum, &n), format) })
	if err != nil {
		if _, is := errors.AsType[*Error](err); !is {
			err = &Error{Code: CodeFailed, Message: "cannot write " + file, Err: err}
		}
		return nil, err
	}
	if err := os.Chmod(file, 0o644); err != nil { //nolint:gosec // reports are made to be handed on
		return nil, &Error{Code: CodeFailed, Message: "cannot write " + file, Err: err}
	}
	made := r.made(file, format, int64(n), sum.Sum(nil))
	return made, r.remember(ctx, made)
}

// made is what is remembered of the report under a name. Values that are shown are logged, without themselves.
func (r *Report) made(file, format string, size int64, sum []byte) *ReportMade {
	made := &ReportMade{
		At: stamp(time.Now()), Format: format, Audience: string(r.Document.Audience), File: filepath.Base(file), Bytes: size,
		SHA256: fmt.Sprintf("%x", sum), Findings: len(r.Document.Weaknesses), Hidden: map[string]int{},
	}
	for _, h := range r.Document.Hidden {
		if h.Shown {
			made.Shown = append(made.Shown, h.Placeholder)
		} else {
			made.Hidden[h.Type]++
		}
	}
	if len(made.Shown) > 0 {
		r.app.log().Warn("a report shows values that are hidden otherwise", "file", made.File, "placeholders", strings.Join(made.Shown, ", "))
	}
	return made
}

// remember keeps in the project that a report was made. Where another program writes the project, nobody remembers but
// the log.
func (r *Report) remember(ctx context.Context, made *ReportMade) error {
	definition, err := json.Marshal(made)
	if err != nil {
		return err
	}
	one := storage.ReportMade{At: time.Now(), Definition: definition}
	if ro, _ := r.project.ReadOnly(); !ro {
		return r.project.AddReportMade(ctx, one)
	}
	w, err := r.app.project(ctx, r.project.Path(), toWrite)
	if _, locked := errors.AsType[*storage.LockedError](err); locked {
		r.app.log().Info("the project does not remember this report: another program writes it", "file", made.File, "sha256", made.SHA256)
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(w.AddReportMade(ctx, one), w.Close())
}

// counter counts the bytes that are written.
type counter int64

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

// ReportsMade lists the reports that were made of the open project, the newest first.
func (p *Project) ReportsMade(ctx context.Context) ([]ReportMade, error) {
	return reportsMade(ctx, p.store)
}

// ReportsMade lists the reports that were made of a project, the newest first.
func (a *App) ReportsMade(ctx context.Context, path string) (made []ReportMade, err error) {
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	return reportsMade(ctx, p)
}

func reportsMade(ctx context.Context, p *storage.Project) ([]ReportMade, error) {
	kept, err := p.ReportsMade(ctx, 0)
	if err != nil {
		return nil, err
	}
	made := []ReportMade{}
	for i := range kept {
		var one ReportMade
		if err := json.Unmarshal(kept[i].Definition, &one); err != nil {
			return nil, fmt.Errorf("report %d of those that were made: %w", kept[i].ID, err)
		}
		made = append(made, one)
	}
	return made, nil
}

// KeptReportOptions is how a person last set the reports of a project up. Placeholders that were shown are not among
// them: that is chosen for each report anew.
type KeptReportOptions struct {
	Audience report.Audience  `json:"audience,omitempty"`
	Format   string           `json:"format,omitempty"`
	Folder   string           `json:"folder,omitempty"` // where the latest one was written
	Cover    report.Cover     `json:"cover"`
	Without  []report.Section `json:"without,omitempty"`
	Run      string           `json:"run,omitempty"`     // ReportOptions.Run
	Against  string           `json:"against,omitempty"` // ReportOptions.Against
	Narrow   ReportNarrow     `json:"narrow,omitzero"`
}

// ReportCover returns how a person last set the reports of the project up.
func (p *Project) ReportCover(ctx context.Context) (KeptReportOptions, error) {
	return keptReportOptions(ctx, p.store)
}

func keptReportOptions(ctx context.Context, p *storage.Project) (kept KeptReportOptions, err error) {
	definition, err := p.ReportOptions(ctx)
	if err != nil || definition == nil {
		return kept, err
	}
	if err := json.Unmarshal(definition, &kept); err != nil {
		return kept, fmt.Errorf("how reports were set up: %w", err)
	}
	return kept, nil
}

// SaveReportCover remembers how a person set the reports of the project up.
func (p *Project) SaveReportCover(ctx context.Context, kept KeptReportOptions) error {
	if ro, _ := p.store.ReadOnly(); ro {
		return p.readOnly()
	}
	o := ReportOptions{Audience: kept.Audience, Cover: kept.Cover, Without: kept.Without, Narrow: kept.Narrow}
	if err := o.check(); err != nil {
		return err
	}
	if kept.Format != "" {
		if err := CheckReportFormat(kept.Format); err != nil {
			return err
		}
	}
	definition, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	return p.store.SetReportOptions(ctx, definition)
}

// ReadLogo reads a picture for the cover: PNG or JPEG.
func ReadLogo(file string) ([]byte, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, &Error{Code: CodeInput, Message: "cannot read the logo " + file, Err: err}
	}
	if !slices.ContainsFunc([]string{"\x89PNG\r\n\x1a\n", "\xff\xd8\xff"}, func(magic string) bool { return strings.HasPrefix(string(data), magic) }) {
		return nil, &Error{Code: CodeInput, Message: file + " is no picture that a report can have", Hint: "a logo is a PNG or JPEG file"}
	}
	return data, nil
}

// OpenFile opens a file with the program that the system has for it.
func OpenFile(file string) error {
	whole, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	silence()
	opened := make(chan error, 1)
	go func() { opened <- browser.OpenURL((&url.URL{Scheme: "file", Path: filepath.ToSlash(whole)}).String()) }()
	select {
	case err := <-opened:
		if err != nil {
			return &Error{Code: CodeFailed, Message: "no program could be opened to show " + file, Err: err, Hint: "open it yourself"}
		}
	case <-time.After(browsePatience):
	}
	return nil
}
