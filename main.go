// Assay in a window of its own: the desktop program. Everything it does is in package app; this file and those beside it
// tie it to Wails.
package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"os"
)

var version = "dev" // set by the linker

func main() {
	log.SetOutput(io.Discard) // net/http tells the world about bytes that servers send unasked; their rows say it
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "assay-desktop: "+err.Error())
		os.Exit(1)
	}
}

// run shows the window, or serves it to a browser where there is nothing to show it on.
func run(args []string) error {
	d, err := prepare(args)
	if err != nil || d == nil {
		return err
	}
	if !displayed() {
		return d.serve("there is no display (DISPLAY and WAYLAND_DISPLAY are empty)")
	}
	err = d.show()
	if errors.Is(err, errNoDisplay) {
		return d.serve("the display cannot be reached")
	}
	return err
}
