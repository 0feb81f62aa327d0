package report

import "assay/scanner"

// run is a document as SARIF and JUnit tell it.
func (d *Document) run() *Run {
	if d.Of != nil {
		return d.Of
	}
	return &Run{Version: d.Version, Run: &scanner.Run{State: scanner.RunDone}}
}
