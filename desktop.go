package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/options/mac"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"assay/app"
	"assay/app/window"
)

//go:embed build/appicon.png
var icon []byte

// The least that the window is of use in, and what it has before a person changed it, in pixels.
const (
	leastWidth, leastHeight = 800, 500
	firstWidth, firstHeight = 1280, 800
)

// policy is the Content-Security-Policy of the window. Any script in any frame could call every bound method, so there
// are no frames of an address and no scripts but ours; styles may be inline because the components set them. The preview of
// a report is a frame of text whose sandbox runs nothing.
const policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
	"connect-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'"

// desktop is the program: one window on one project.
type desktop struct {
	app     *app.App
	assets  fs.FS
	options window.Options
	place   app.WindowSettings // where the window was last
	desk    *window.Desk
	ctx     atomic.Pointer[context.Context] // of Wails; nil until the window starts
	ended   atomic.Bool                     // the window is gone: there is nobody to tell
	notices notices
}

var errNoDisplay = errors.New("the display cannot be reached")

// show runs the window until it is closed. Everything begins in startup: the generator of bindings calls this too.
func (d *desktop) show() (err error) {
	d.options.Mode = window.Desktop
	d.desk = window.New(d.app, d.options)
	defer func() {
		if p := recover(); p != nil {
			if d.ctx.Load() != nil || !strings.Contains(fmt.Sprint(p), "GTK") {
				panic(p)
			}
			err = errNoDisplay
		}
	}()
	return wails.Run(&options.App{
		Title: "Assay", MinWidth: leastWidth, MinHeight: leastHeight,
		Width: atLeast(d.place.Width, leastWidth, firstWidth), Height: atLeast(d.place.Height, leastHeight, firstHeight),
		WindowStartState: startState(d.place),
		BackgroundColour: options.NewRGB(18, 20, 24), // the window does not flash white before its first paint
		AssetServer:      &assetserver.Options{Assets: d.assets, Handler: d.desk.Handler(), Middleware: secured},
		Menu:             d.menu(),
		OnStartup:        d.startup,
		OnDomReady:       d.notices.watchFocus,
		OnBeforeClose:    d.beforeClose,
		OnShutdown:       d.shutdown,
		Bind:             d.desk.Bound(),
		Linux:            &linux.Options{Icon: icon, WebviewGpuPolicy: linux.WebviewGpuPolicyNever, ProgramName: "assay"},
		Mac:              &mac.Options{About: &mac.AboutInfo{Title: "Assay", Message: about(), Icon: icon}},
	})
}

func (d *desktop) startup(ctx context.Context) {
	d.ctx.Store(&ctx)
	restore(ctx, d.place)
	d.desk.Start(ctx, window.Host{
		Emit: func(event string, data any) {
			if !d.ended.Load() {
				runtime.EventsEmit(ctx, event, data)
			}
		},
		OpenFile: func(title string, patterns []string) (string, error) { return openFile(ctx, title, patterns) },
		SaveFile: func(title, name string) (string, error) {
			folder, file := filepath.Split(name)
			return runtime.SaveFileDialog(ctx, runtime.SaveDialogOptions{Title: title, DefaultDirectory: folder, DefaultFilename: file})
		},
		SetTitle: func(title string) { runtime.WindowSetTitle(ctx, title) },
		Notify:   d.notices.begin(ctx, d.app),
	})
	if project := d.desk.State().Project; project.ReadOnly { // the window says so too
		fmt.Fprintf(os.Stderr, "assay-desktop: %s is open for reading only: %s\n", project.Path, project.Why)
	}
}

// beforeClose runs while the window is still there. It never prevents the closing: nothing is lost by it.
func (d *desktop) beforeClose(ctx context.Context) bool {
	settings, err := d.app.Home.Settings()
	if err == nil {
		settings.Window = placeNow(ctx, settings.Window)
		_, err = d.app.Home.SaveSettings(app.SectionWindow, settings)
	}
	if err != nil {
		d.app.Log.Warn("the place of the window could not be remembered", "err", err)
	}
	return false
}

// shutdown drains the recorder; the window is gone already.
func (d *desktop) shutdown(ctx context.Context) {
	d.ended.Store(true)
	d.notices.end(ctx)
	if err := d.desk.Close(); err != nil {
		d.app.Log.Error("the project was not closed cleanly", "err", err)
	}
}

// serve shows the window in a browser instead, until Ctrl-C.
func (d *desktop) serve(why string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second one ends the process
	served, err := window.Serve(ctx, d.app, d.options, "")
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "assay-desktop: "+why+"; the same window is served to a browser on this machine:")
	fmt.Fprintln(os.Stdout, served.URL())
	fmt.Fprintln(os.Stderr, "Ctrl-C stops and keeps everything.")
	return served.Run(ctx)
}

// secured adds to every answer of the window's own files what a page may do.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}

func openFile(ctx context.Context, title string, patterns []string) (string, error) {
	o := runtime.OpenDialogOptions{Title: title}
	if len(patterns) > 0 {
		all := strings.Join(patterns, ";")
		o.Filters = []runtime.FileFilter{{DisplayName: all, Pattern: all}}
	}
	return runtime.OpenFileDialog(ctx, o)
}
