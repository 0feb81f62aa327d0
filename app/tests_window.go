package app

import (
	"context"
	"io"
	"maps"
	"slices"
	"strings"

	"assay/report"
	"assay/scanner"
)

// testReports are the formats in which a run is saved: a new one is a writer here.
var testReports = map[string]func(io.Writer, *report.Run) error{"sarif": report.SARIF, "junit": report.JUnit}

// WriteTestReport writes what a run came to, as sarif or junit. An empty baseline compares with nothing.
func (p *Project) WriteTestReport(ctx context.Context, id scanner.RunID, format, baseline string, w io.Writer) error {
	write, ok := testReports[format]
	if !ok {
		return usagef("as "+strings.Join(slices.Sorted(maps.Keys(testReports)), ", ")+" it can", "a run cannot be saved as %q", Harmless(format, 40))
	}
	r, err := p.run(ctx, id)
	if err != nil {
		return err
	}
	against, err := p.TestBaseline(ctx, baseline)
	if err != nil {
		return err
	}
	full, err := p.app.gather(ctx, p.store, r, against)
	if err != nil {
		return err
	}
	return write(w, full)
}
