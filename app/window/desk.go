package window

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"assay/app"
	"assay/storage"
)

// Mode tells where the window is shown.
type Mode string

// The modes.
const (
	Desktop Mode = "desktop" // a window of its own
	Browser Mode = "browser" // a tab, served on loopback
)

// Options of a Desk.
type Options struct {
	Mode    Mode
	Project string            // the project to open; empty means the one used last
	Record  app.RecordOptions // how to record; Project in it is ignored
	Capture bool              // begin recording at start, where the settings want that
}

// Host is what the window's surroundings can do and JavaScript cannot: native dialogs, the title. A nil function is one
// that the surroundings lack.
type Host struct {
	Emit     func(event string, data any)                          // tells the window something
	OpenFile func(title string, patterns []string) (string, error) // asks for a file; "" when cancelled
	SaveFile func(title, name string) (string, error)              // asks where to save, beginning in the folder of name where it has one; "" when cancelled
	SetTitle func(title string)                                    // of the window
	Notify   func(title, body string)                              // tells a person who looks elsewhere
}

// Desk is what lies behind the bound structs: the open project, the recorder at work, and who is told of changes. Making
// one has no effect; Start has.
type Desk struct {
	app     *app.App
	options Options

	mu        sync.Mutex
	host      Host
	ctx       context.Context //nolint:containedctx // the life of the window; Wails' own is never cancelled
	cancel    context.CancelFunc
	project   *app.Project   // nil until one is open
	recording *app.Recording // nil while nothing is recorded
	capturing error          // why capture could not begin; nil otherwise
	opening   error          // why no project is open; nil otherwise
	pulse     *pulse
	views     *views
	lists     endpointLists
	jobs      *jobs
	detail    *detail
	repeats   *repeats
	setup     *connecting
	downloads downloads    // files offered to a browser
	trying    canceller    // what is being asked of models
	removed   removals     // models that can be brought back
	policing  policing     // policies that were removed, and the latest preview
	checked   checked      // what the last integrity check found
	shelf     *app.Shelf   // of templates
	planning  planning     // of a test
	comparing comparing    // two runs
	ruled     ruled        // rules of the watch
	reporting reporting    // the latest report that was gathered
	logbook   *app.Logbook // the latest lines of the log, for diagnostics

	recordsWith app.RecordOptions // how the recorder at work was started
	recordsFor  app.RecordOptions // what settings and options said then; a person may have chosen another port
}

// New returns a Desk that has not started.
func New(a *app.App, o Options) *Desk {
	a, book := withLogbook(a)
	d := &Desk{app: a, logbook: book, options: o, views: newViews(), jobs: newJobs(), detail: newDetail(), repeats: newRepeats(), setup: newConnecting(), shelf: a.Shelf()}
	d.pulse = newPulse(d)
	return d
}

// Bound returns the structs whose methods the window may call.
func (d *Desk) Bound() []any {
	return []any{
		&Session{d}, &Traffic{d}, &Exchange{d}, &Actions{d}, &Diff{d}, &Repeater{d}, &Setup{d}, &Certificate{d}, &Settings{d}, &Inventory{d}, &Models{d}, &Tests{d}, &Findings{d}, &Policies{d}, &Threats{d}, &Home{d}, &Reports{d},
	}
}

// Start opens the project and begins what the options ask for. A project that cannot be opened is no error of Start:
// the window says so and offers another.
func (d *Desk) Start(ctx context.Context, host Host) {
	ctx, cancel := context.WithCancel(ctx)
	d.mu.Lock() // the window may call methods already
	d.ctx, d.cancel, d.host = ctx, cancel, host
	d.mu.Unlock()
	d.pulse.start(ctx, host.Emit)
	d.pulse.done.Go(func() { d.showNotices(ctx, host.Notify) })
	if err := d.open(ctx, d.options.Project); err != nil {
		d.log().Warn("the project could not be opened", "err", err)
		return
	}
	if d.options.Capture && d.capturesAtStart() {
		_ = d.startCapture(ctx, "") // State tells
	}
}

// Close ends recording, drains what it holds and closes the project.
func (d *Desk) Close() error {
	d.mu.Lock()
	cancel := d.cancel
	d.mu.Unlock()
	if cancel == nil {
		return nil
	}
	d.jobs.stop()
	d.setup.stop()
	d.detail.close()
	err := errors.Join(d.stopCapture(), d.closeProject())
	cancel()
	d.pulse.wait()
	return err
}

func (d *Desk) log() *slog.Logger {
	if d.app.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return d.app.Log
}

// life is the context of the window.
func (d *Desk) life() context.Context {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ctx == nil {
		return context.Background()
	}
	return d.ctx
}

// around is what the window's surroundings can do.
func (d *Desk) around() Host {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.host
}

// opened returns the open project, or the error that says there is none.
func (d *Desk) opened() (*app.Project, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.project == nil {
		return nil, &app.Error{Code: app.CodeNotFound, Message: "no project is open", Hint: "open one, or make a new one"}
	}
	return d.project, nil
}

// openedToWrite returns the open project where it may be written to.
func (d *Desk) openedToWrite() (*app.Project, error) {
	project, err := d.opened()
	if err != nil {
		return nil, err
	}
	if ro, why := project.Store().ReadOnly(); ro {
		return nil, &app.Error{Code: app.CodeBusy, Message: "this project is open for reading only: " + why, Hint: "close the other program, then open the project again"}
	}
	return project, nil
}

// store returns the open project's store, or the error that says there is none.
func (d *Desk) store() (*storage.Project, error) {
	project, err := d.opened()
	if err != nil {
		return nil, err
	}
	return project.Store(), nil
}

// writable returns the open project's store where it may be written to.
func (d *Desk) writable() (*storage.Project, error) {
	project, err := d.openedToWrite()
	if err != nil {
		return nil, err
	}
	return project.Store(), nil
}
