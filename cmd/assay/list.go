package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// list prints what a command lists: a line of JSON each, or a table for people under its heads; none says that there is
// nothing, and what would change that.
func list[T any](p *program, rows []T, none, heads string, line func(w io.Writer, row *T)) error {
	if p.json {
		for i := range rows {
			if err := p.print(&rows[i]); err != nil {
				return err
			}
		}
		return nil
	}
	if len(rows) == 0 {
		fmt.Fprintln(p.errs, none)
		return nil
	}
	w := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
	fmt.Fprintln(w, heads)
	for i := range rows {
		line(w, &rows[i])
	}
	return w.Flush()
}
