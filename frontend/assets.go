// Package frontend holds the built window: the files of dist, which `make build` writes. A program built without them
// has only the placeholder and says so when the window is opened.
package frontend

import (
	"embed"
	"errors"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// ErrNotBuilt says that the program was built before the window was.
var ErrNotBuilt = errors.New("the window was not built into this program: run `make build`")

// Assets returns the files of the window, index.html at the root.
func Assets() (fs.FS, error) {
	if _, err := fs.Stat(dist, "dist/index.html"); err != nil {
		return nil, ErrNotBuilt
	}
	return fs.Sub(dist, "dist")
}
