//go:build bindings

package main

import (
	"assay/app"
)

// prepare is for the generator of bindings, which runs the program up to wails.Run: nothing may be opened or made.
func prepare([]string) (*desktop, error) { return &desktop{app: &app.App{Version: version}}, nil }

func displayed() bool { return true }
