package window

import "assay/storage"

// Store returns the store of the open project.
func Store(d *Desk) (*storage.Project, error) { return d.store() }
