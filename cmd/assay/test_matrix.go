package main

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) testMatrix() *cobra.Command {
	var o app.MatrixOptions
	cmd := &cobra.Command{
		Use: "matrix", Short: "Send recorded requests again as each test role and as nobody: who gets what", Args: takes(0, 0, "options only"),
		Long: `Matrix takes the newest recorded request of each method and path, and sends it as each test role, and without any
credentials. A cell says what came back: the same as recorded, another answer, denied, or failed. A role that sees what only
another may see (assay roles add --knows) is proven, and ends the command with 1.

  assay test matrix --query 'host:api.example.com path:/orders' --scope api.example.com`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withProject(cmd.Context(), false, func(project *app.Project) error { return p.sayMatrix(cmd, project, o) })
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Query, "query", "", "only exchanges that the filter `Q` selects")
	f.StringSliceVar(&o.Roles, "role", nil, "only this test `ROLE`; may be repeated (default: all)")
	f.IntVar(&o.Limit, "limit", 0, "at most `N` different requests (default 50)")
	f.BoolVar(&o.Unsafe, "unsafe", false, "also requests whose method changes things: POST, PUT, PATCH, DELETE (calls of models are sent anyway)")
	f.StringSliceVar(&o.Scope, "scope", nil, "a `HOST` that may be attacked; may be repeated")
	f.BoolVarP(&o.Yes, "yes", "y", false, "confirm that the hosts of the requests may be attacked")
	f.DurationVar(&o.Reach.Patience, "timeout", 0, "how long one answer may take (default 1m)")
	f.StringVar(&o.Reach.CA, "ca", "", "trust the certificates in `FILE` (PEM) too")
	return cmd
}

func (p *program) sayMatrix(cmd *cobra.Command, project *app.Project, o app.MatrixOptions) error {
	proven := 0
	w := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
	begun := false
	err := project.AccessMatrix(cmd.Context(), o, func(r *app.MatrixRow) error {
		if r.Proven {
			proven++
		}
		if p.json {
			return p.print(r)
		}
		if !begun {
			begun = true
			fmt.Fprint(w, "REQUEST\tRECORDED")
			for i := range r.Cells {
				fmt.Fprint(w, "\t"+strings.ToUpper(app.Harmless(r.Cells[i].Role, 30)))
			}
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s %s\t%d", r.Method, app.Harmless(r.URL, 70), r.Status)
		for i := range r.Cells {
			fmt.Fprint(w, "\t"+cellWords(&r.Cells[i]))
		}
		fmt.Fprintln(w)
		return nil
	})
	if err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if proven > 0 {
		fmt.Fprintf(p.errs, "assay: %s showed a role what only another may see\n", number(int64(proven), "request"))
		return exitCode(exitFound)
	}
	return nil
}

func cellWords(c *app.MatrixCell) string {
	text := c.Access
	if c.Status != 0 {
		text = strconv.Itoa(c.Status) + " " + text
	}
	if len(c.Sees) > 0 {
		text += ", sees what is " + app.Harmless(strings.Join(c.Sees, "'s and "), 60) + "'s"
	}
	return text
}
