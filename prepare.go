//go:build !bindings

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"

	"assay/app"
	"assay/app/window"
	"assay/frontend"
)

// prepare reads the arguments and finds what the window needs. It returns nil where they asked for something that is
// done already.
func prepare(args []string) (*desktop, error) {
	flags := flag.NewFlagSet("assay-desktop", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	project := flags.String("project", os.Getenv("ASSAY_PROJECT"), "")
	ask := flags.Bool("version", false, "")
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintln(os.Stdout, "assay-desktop [--version] [PROJECT]\n\nOpens the window on a project's file (default: $ASSAY_PROJECT, else the one used last).\n`assay` is the same without a window.")
		return nil, nil
	case err != nil:
		return nil, &app.Error{Code: app.CodeUsage, Message: err.Error(), Hint: "it takes the file of a project, and --version"}
	case flags.NArg() > 1:
		return nil, &app.Error{Code: app.CodeUsage, Message: "one project at a time", Hint: "start it again for another"}
	case *ask:
		fmt.Fprintln(os.Stdout, "assay-desktop "+version)
		return nil, nil
	}
	if flags.NArg() == 1 {
		*project = flags.Arg(0)
	}
	home, err := app.OpenHome("")
	if err != nil {
		return nil, err
	}
	assets, err := frontend.Assets()
	if err != nil {
		return nil, err
	}
	a := &app.App{Home: home, Version: version, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	settings, err := home.Settings()
	if err != nil {
		a.Log.Warn("the settings could not be read", "err", err)
	}
	return &desktop{app: a, assets: assets, options: window.Options{Project: *project, Capture: true}, place: settings.Window}, nil
}

// displayed reports whether there is something to show a window on. GTK would end the program where there is not.
func displayed() bool {
	return runtime.GOOS != "linux" || os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}
