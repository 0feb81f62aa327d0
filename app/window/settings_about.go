package window

import (
	"log/slog"
	"runtime"
	"runtime/debug"

	"assay/app"
)

// AboutOut says what this program is made of.
type AboutOut struct {
	Version string   `json:"version"`
	Commit  string   `json:"commit"` // empty where the build does not say
	Built   string   `json:"built"`  // when the commit was made; empty where the build does not say
	Go      string   `json:"go"`
	System  string   `json:"system"`
	Licence string   `json:"licence"`
	Modules []Module `json:"modules"` // Go modules inside
}

// Module is a part of the program that others wrote.
type Module struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// About says what this program is made of.
func (s *Settings) About(Nothing) (out AboutOut, err error) {
	defer s.desk.guard(&err)
	out = AboutOut{
		Version: s.desk.app.Version, Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH,
		Licence: "Apache-2.0", Modules: []Module{},
	}
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return out, nil
	}
	for _, s := range build.Settings {
		switch s.Key {
		case "vcs.revision":
			out.Commit = s.Value
		case "vcs.time":
			out.Built = s.Value
		}
	}
	for _, m := range build.Deps {
		out.Modules = append(out.Modules, Module{m.Path, m.Version})
	}
	return out, nil
}

// DiagnosticsOut is text to paste into a report of a problem.
type DiagnosticsOut struct {
	Text string `json:"text"`
}

// Diagnostics writes what helps to find a fault, without hosts, URLs, paths, texts or credentials.
func (s *Settings) Diagnostics(Nothing) (out DiagnosticsOut, err error) {
	defer s.desk.guard(&err)
	d := s.desk
	d.mu.Lock()
	project, recording := d.project, d.recording
	d.mu.Unlock()
	out.Text = d.app.Diagnostics(d.life(), project, recording, d.logbook.Lines())
	return out, nil
}

// withLogbook returns an App like a that remembers the latest lines of its log.
func withLogbook(a *app.App) (*app.App, *app.Logbook) {
	next := slog.DiscardHandler
	if a.Log != nil {
		next = a.Log.Handler()
	}
	book := app.NewLogbook(next)
	remembering := *a
	remembering.Log = slog.New(book)
	return &remembering, book
}
