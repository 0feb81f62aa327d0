package window

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"strings"

	"assay/app"
)

// Session is the frame of the window: which project is open, whether it is recorded into, and what is going on.
type Session struct{ desk *Desk }

// State is what the frame shows.
type State struct {
	Version string       `json:"version"`
	OS      string       `json:"os"` // linux, darwin, windows
	Mode    string       `json:"mode"`
	Project ProjectState `json:"project"`
	Capture CaptureState `json:"capture"`
	Guard   GuardState   `json:"guard"`
	Jobs    []Job        `json:"jobs"`
}

// ProjectState says which project is open.
type ProjectState struct {
	Open     bool   `json:"open"`
	Path     string `json:"path"`
	Name     string `json:"name"`
	ReadOnly bool   `json:"read_only"`
	Why      string `json:"why"`   // why it is read-only
	Fault    Fault  `json:"fault"` // why no project is open; Message is empty when nothing went wrong
}

// CaptureState says how recording goes.
type CaptureState struct {
	On       bool   `json:"on"`
	Listen   string `json:"listen"`
	Wanted   string `json:"wanted"` // the address to listen on when it is switched on
	Clients  int    `json:"clients"`
	Open     int    `json:"open"`
	Recorded int64  `json:"recorded"`
	Tunnels  int    `json:"tunnels"`
	Refused  int64  `json:"refused"`
	Overflow int64  `json:"overflow"`
	Lost     int64  `json:"lost"`
	LostWhy  string `json:"lost_why"`
	Fault    Fault  `json:"fault"` // why it could not begin; Message is empty when nothing went wrong
}

// State returns what the frame shows.
func (s *Session) State(Nothing) (out State, err error) {
	defer s.desk.guard(&err)
	return s.desk.state(), nil
}

// CaptureIn says where to listen; empty means as settings have it.
type CaptureIn struct {
	Listen string `json:"listen"`
}

// StartCapture begins recording into the open project.
func (s *Session) StartCapture(in CaptureIn) (out State, err error) {
	defer s.desk.guard(&err)
	err = s.desk.startCapture(s.desk.life(), in.Listen)
	return s.desk.state(), err
}

// StopCapture ends recording; what is under way is drained.
func (s *Session) StopCapture(Nothing) (out State, err error) {
	defer s.desk.guard(&err)
	err = s.desk.stopCapture()
	return s.desk.state(), err
}

// ProjectIn names a project's file.
type ProjectIn struct {
	Path string `json:"path"`
}

// OpenProject opens a project, making it where there is none, in place of the one that is open. Recording goes on in the
// new one if it was on.
func (s *Session) OpenProject(in ProjectIn) (out State, err error) {
	defer s.desk.guard(&err)
	path := strings.TrimSpace(in.Path)
	if !filepath.IsAbs(path) {
		return out, &app.Error{Code: app.CodeUsage, Message: "a project needs a file name with its folder", Hint: "a whole path, from the top of the disk"}
	}
	if filepath.Ext(path) == "" {
		path += ".assay"
	}
	err = s.desk.reopen(path)
	return s.desk.state(), err
}

// ChooseIn says what a native dialog is for.
type ChooseIn struct {
	Title string `json:"title"`
	Save  bool   `json:"save"`
	Name  string `json:"name"` // proposed, where Save
	Ext   string `json:"ext"`  // assay, har, …; empty for any
}

// ChooseOut is what a person chose.
type ChooseOut struct {
	Path      string `json:"path"`      // empty when cancelled
	Available bool   `json:"available"` // false where there are no native dialogs (browser mode): ask for the path in the window
}

// Choose opens a native file dialog, where there are any.
func (s *Session) Choose(in ChooseIn) (out ChooseOut, err error) {
	defer s.desk.guard(&err)
	host := s.desk.around()
	switch {
	case in.Save && host.SaveFile != nil:
		out.Available = true
		out.Path, err = host.SaveFile(in.Title, in.Name)
	case !in.Save && host.OpenFile != nil:
		out.Available = true
		var patterns []string
		if in.Ext != "" {
			patterns = []string{"*." + in.Ext}
		}
		out.Path, err = host.OpenFile(in.Title, patterns)
	}
	return out, err
}

// JobIn names a job.
type JobIn struct {
	ID string `json:"id"`
}

// EndJob cancels a running job, and takes one that has ended off the list.
func (s *Session) EndJob(in JobIn) (out Nothing, err error) {
	defer s.desk.guard(&err)
	s.desk.jobs.end(in.ID)
	s.desk.pulse.changed()
	return out, nil
}

func (d *Desk) state() State {
	guard := d.guardState()
	d.mu.Lock()
	defer d.mu.Unlock()
	s := State{Version: d.app.Version, OS: runtime.GOOS, Mode: string(d.options.Mode), Guard: guard, Jobs: d.jobs.list()}
	if d.project != nil {
		store := d.project.Store()
		s.Project = ProjectState{Open: true, Path: store.Path(), Name: projectName(store.Path())}
		s.Project.ReadOnly, s.Project.Why = store.ReadOnly()
	} else if d.opening != nil {
		s.Project.Fault = faultOf(d.opening)
	}
	s.Capture.Wanted = d.wanted()
	if d.capturing != nil {
		s.Capture.Fault = faultOf(d.capturing)
	}
	if d.recording != nil {
		r := d.recording.Status()
		s.Capture = CaptureState{
			On: true, Listen: d.recording.Listen(), Wanted: s.Capture.Wanted, Clients: r.Clients, Open: r.Open, Recorded: r.Recorded,
			Tunnels: r.Tunnels, Refused: r.Refused, Overflow: r.Overflow, Lost: r.Lost, LostWhy: r.LostWhy,
		}
	}
	return s
}

// counts reports whether a recorder is at work, whose counters the window shows.
func (d *Desk) counts() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.recording != nil
}

// open opens a project for writing, or beside whoever writes to it.
func (d *Desk) open(ctx context.Context, path string) error {
	project, err := d.app.OpenProject(ctx, path)
	d.mu.Lock()
	d.project, d.opening = project, err
	d.mu.Unlock()
	if err != nil {
		d.pulse.changed()
		return err
	}
	d.pulse.follow(project.Store())
	d.setup.tally.follow(ctx, project.Store())
	if host := d.around(); host.SetTitle != nil {
		host.SetTitle(filepath.Base(project.Store().Path()) + " · Assay")
	}
	return nil
}

func (d *Desk) reopen(path string) error {
	d.mu.Lock()
	listen := "" // where clients were told to go
	if d.recording != nil {
		listen = d.recording.Listen()
	}
	d.mu.Unlock()
	if err := errors.Join(d.stopCapture(), d.closeProject()); err != nil {
		return err
	}
	if err := d.open(d.life(), path); err != nil {
		return err
	}
	if listen != "" {
		return d.startCapture(d.life(), listen)
	}
	return nil
}

func (d *Desk) closeProject() error {
	d.pulse.follow(nil)
	d.mu.Lock()
	project := d.project
	d.project = nil
	d.mu.Unlock()
	d.repeats.stop()
	d.views.reset()
	if project == nil {
		return nil
	}
	return project.Close()
}

func (d *Desk) startCapture(ctx context.Context, listen string) error {
	o, err := d.recordOptions(ctx)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.pulse.changed()
	defer d.mu.Unlock()
	if d.recording != nil {
		return nil
	}
	if d.project == nil {
		return &app.Error{Code: app.CodeNotFound, Message: "no project is open to record into"}
	}
	d.recordsFor = o
	if listen != "" {
		o.Listen = listen
	}
	o.AllowRemote = o.AllowRemote || d.setup.remotely()
	d.recordsWith = o
	d.recording, d.capturing = d.project.Record(ctx, o)
	if d.capturing != nil {
		d.recording = nil
		return d.capturing
	}
	return nil
}

func (d *Desk) stopCapture() error {
	d.mu.Lock()
	recording := d.recording
	d.recording = nil
	d.mu.Unlock()
	if recording == nil {
		return nil
	}
	defer d.pulse.changed()
	return recording.Close()
}
