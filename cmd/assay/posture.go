package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) postureCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "posture",
		Short: "How things stand: one score with its reasons, what was tested, what is missing, and what to do first",
		Long: `Posture works out one score, 0 to 100, from what was discovered, tested and seen in the traffic, and says everything
that it is made of. What nobody tested takes points away as what is vulnerable does; while too little was tested there is no
score, only what it cannot be above. docs/posture.md has the table.`,
		Args: takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			posture, err := p.app.Posture(cmd.Context(), p.project, "")
			if err != nil {
				return err
			}
			if p.json {
				return p.print(posture)
			}
			return p.sayPosture(posture)
		},
	}
	cmd.AddCommand(p.postureCoverage())
	return cmd
}

// mostLines is how many lines of each part are printed for people; --json has all.
const mostLines = 10

func (p *program) sayPosture(s *app.Posture) error {
	w := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
	if s.Score != nil {
		fmt.Fprintf(w, "%.1f of 100, grade %s\n", *s.Score, s.Grade)
	} else {
		fmt.Fprintf(w, "Not enough evidence for a score: at most %.1f. %s\n", s.AtMost, s.Missing)
	}
	fmt.Fprintf(w, "\n%s\n", s.Version)
	for _, c := range s.OWASP {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", c.ID, c.Title, strings.ReplaceAll(c.State, "_", " "), number(int64(c.Cases), "case"))
	}
	fmt.Fprintln(w, "\nWhat takes points away")
	for _, r := range s.Reasons[:min(len(s.Reasons), mostLines)] {
		fmt.Fprintf(w, "  -%.1f\t%s\n", r.Points, app.Harmless(r.What, 160))
	}
	p.rest(w, len(s.Reasons))
	fmt.Fprintln(w, "\nWhat to do first")
	for _, a := range s.Advice[:min(len(s.Advice), mostLines)] {
		fmt.Fprintf(w, "  %s\t+%.1f\t%s effort\t%s (%s).\n", a.Priority, a.Reduction, a.Effort, app.Harmless(a.What, 200), a.Who)
	}
	p.rest(w, len(s.Advice))
	return w.Flush()
}

func (p *program) rest(w *tabwriter.Writer, n int) {
	if n > mostLines {
		fmt.Fprintf(w, "  and %d more: --json prints all\n", n-mostLines)
	}
}
