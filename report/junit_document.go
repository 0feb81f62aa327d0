package report

import "io"

// DocumentJUnit writes the tests of a document as JUnit XML.
func DocumentJUnit(w io.Writer, d *Document) error { return JUnit(w, d.run()) }
