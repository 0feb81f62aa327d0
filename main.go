// Assay in a window of its own: the desktop program. Everything it does is in package app; this file ties it to Wails.
package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"assay/app"
	"assay/app/window"
	"assay/frontend"
)

var version = "dev" // set by the linker

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "assay-desktop: "+err.Error())
		os.Exit(1)
	}
}

func run() error {
	home, err := app.OpenHome("")
	if err != nil {
		return err
	}
	var assets fs.FS
	assets, err = frontend.Assets()
	if err != nil {
		return err
	}
	desk := window.New(&app.App{Home: home, Version: version}, window.Options{Mode: window.Desktop, Capture: true})
	return wails.Run(&options.App{
		Title: "Assay", Width: 1280, Height: 800, MinWidth: 800, MinHeight: 500,
		AssetServer: &assetserver.Options{Assets: assets, Handler: desk.Handler()},
		OnStartup: func(ctx context.Context) {
			desk.Start(ctx, window.Host{Emit: func(event string, data any) { runtime.EventsEmit(ctx, event, data) }})
		},
		OnShutdown: func(context.Context) { _ = desk.Close() },
		Bind:       desk.Bound(),
		Linux:      &linux.Options{WebviewGpuPolicy: linux.WebviewGpuPolicyNever, ProgramName: "assay"},
	})
}
