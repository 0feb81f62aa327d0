package report

import "io"

// DocumentSARIF writes the findings of a document as SARIF 2.1.0.
func DocumentSARIF(w io.Writer, d *Document) error { return SARIF(w, d.run()) }
