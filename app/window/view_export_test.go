package window

import (
	"sync"

	"assay/storage"
)

// Store returns the store of the open project.
func Store(d *Desk) (*storage.Project, error) { return d.store() }

// HoldSearches stops every search after its first part until the returned function is called.
func HoldSearches(d *Desk) (release func()) {
	held := make(chan struct{})
	d.views.part = func() { <-held }
	return sync.OnceFunc(func() { close(held) })
}
