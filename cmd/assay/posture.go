package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) postureCommand() *cobra.Command {
	var of string
	cmd := &cobra.Command{
		Use:   "posture",
		Short: "How things stand: one score with its reasons, what was tested, what is missing, and what to do first",
		Long: `Posture works out one score, 0 to 100, from what was discovered, tested and seen in the traffic, and says everything
that it is made of. What nobody tested takes points away as what is vulnerable does; while too little was tested there is no
score, only what it cannot be above. docs/posture.md has the table.

  assay posture                              the whole project
  assay posture --of endpoint:7              an endpoint, as "assay inventory" numbers it
  assay posture --of model:gpt-4o            an imported model, or one that was met
  assay posture --of "client:Claude Code"    a program and the endpoints that it uses
  assay posture assets                       all of them, the worst first`,
		Args: takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			posture, err := p.app.Posture(cmd.Context(), p.project, of)
			if err != nil {
				return err
			}
			if p.json {
				return p.print(posture)
			}
			return p.sayPosture(posture)
		},
	}
	cmd.Flags().StringVar(&of, "of", "", "of a `PART` alone: endpoint:ID, model:NAME or client:NAME")
	cmd.AddCommand(p.postureCoverage(), p.postureAssets())
	return cmd
}

// mostLines is how many lines of each part are printed for people; --json has all.
const mostLines = 10

func (p *program) sayPosture(s *app.Posture) error {
	w := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
	if s.Of != "" {
		fmt.Fprintf(w, "%s\n", app.Harmless(s.Name, 160))
	}
	if s.Score != nil {
		fmt.Fprintf(w, "%.1f of 100, grade %s\n", *s.Score, s.Grade)
	} else {
		fmt.Fprintf(w, "Not enough evidence for a score: at most %.1f. %s\n", s.AtMost, s.Missing)
	}
	p.sayMoved(w, s.Moved)
	fmt.Fprintf(w, "\n%s\n", s.Version)
	for _, c := range s.OWASP {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", c.ID, c.Title, strings.ReplaceAll(c.State, "_", " "), number(int64(c.Cases), "case"))
	}
	fmt.Fprintln(w, "\nWhat takes points away")
	for _, a := range s.Areas {
		if a.Taken > 0 {
			fmt.Fprintf(w, "  -%.1f\tof at most %.0f\t%s: %s\n", a.Taken, a.Limit, a.Area, a.Why)
		}
	}
	fmt.Fprintln(w)
	p.sayReasons(w, s.Reasons)
	p.sayGaps(w, s.Gaps)
	p.sayAdvice(w, s)
	return w.Flush()
}

// sayReasons prints what takes points away, and counts what does not because its area is at its limit.
func (p *program) sayReasons(w *tabwriter.Writer, reasons []app.PostureReason) {
	said, full := 0, 0
	for i := range reasons {
		r := &reasons[i]
		switch {
		case r.Points == 0:
			full++
		case said < 2*mostLines:
			said++
			fmt.Fprintf(w, "  -%.1f\t%s\n", r.Points, app.Harmless(r.What, 160))
		}
	}
	if full > 0 {
		fmt.Fprintf(w, "  %s more, in areas that are at their limit: --json prints all\n", number(int64(full), "reason"))
	}
}

// sayMoved prints what moved the score last, what moved it most first.
func (p *program) sayMoved(w *tabwriter.Writer, m *app.PostureMoved) {
	if m == nil {
		return
	}
	since := m.Since
	if at, err := time.Parse(time.RFC3339, m.Since); err == nil {
		since = at.Local().Format("2006-01-02 15:04")
	}
	fmt.Fprintf(w, "It was %.1f on %s", m.Before, since)
	if run, is := strings.CutPrefix(m.Cause, "run:"); is {
		fmt.Fprintf(w, ", after run %s", app.Harmless(run, 20))
	}
	fmt.Fprintln(w, ". What moved it since:")
	for _, move := range m.Moves[:min(len(m.Moves), mostLines)] {
		fmt.Fprintf(w, "  %+.1f\t%s\t%s\n", move.Points, move.Kind, app.Harmless(move.What, 160))
	}
	p.rest(w, len(m.Moves))
}

// sayGaps counts gaps by their sort, and prints the first of each.
func (p *program) sayGaps(w *tabwriter.Writer, gaps []app.PostureGap) {
	if len(gaps) == 0 {
		return
	}
	fmt.Fprintln(w, "\nWhat nobody knows, and what nothing guards")
	counts, order, first := map[string]int{}, []string{}, map[string]string{}
	for i := range gaps {
		g := &gaps[i]
		if counts[g.Code] == 0 {
			order, first[g.Code] = append(order, g.Code), g.What
		}
		counts[g.Code]++
	}
	for _, code := range order {
		more := ""
		if n := counts[code] - 1; n > 0 {
			more = fmt.Sprintf(" And %d more.", n)
		}
		fmt.Fprintf(w, "  %s\t%s%s\n", code, app.Harmless(first[code], 200), more)
	}
}

// mostSteps is how many steps of an advice are printed.
const mostSteps = 3

func (p *program) sayAdvice(w *tabwriter.Writer, s *app.Posture) {
	fmt.Fprintln(w, "\nWhat to do first")
	for i := range s.Advice[:min(len(s.Advice), mostLines)] {
		a := &s.Advice[i]
		fmt.Fprintf(w, "  %s\trisk -%.1f, score %+.1f alone, %s effort, for %s\n", a.Priority, a.Risk, a.Reduction, a.Effort, a.Who)
		fmt.Fprintf(w, "  \t%s\n", app.Harmless(a.What, 300))
		fmt.Fprintf(w, "  \t  %s\n", app.Harmless(a.Why, 200))
		if len(a.Steps) > 1 {
			for _, step := range a.Steps[:min(len(a.Steps), mostSteps)] {
				fmt.Fprintf(w, "  \t  - %s: %s\n", app.Harmless(step.Title, 80), app.Harmless(step.What, 300))
			}
			if more := len(a.Steps) - mostSteps; more > 0 {
				fmt.Fprintf(w, "  \t  - and %d more: --json prints all\n", more)
			}
		}
		fmt.Fprintf(w, "  \t  Check: %s\n", app.Harmless(a.Check, 400))
	}
	p.rest(w, len(s.Advice))
	if len(s.Done) == 0 {
		return
	}
	fmt.Fprintln(w, "\nWhat runs showed to be done")
	for _, a := range s.Done[:min(len(s.Done), mostLines)] {
		fmt.Fprintf(w, "  run %d\t%s\n", a.Run, app.Harmless(a.Why, 300))
	}
	p.rest(w, len(s.Done))
}

func (p *program) rest(w *tabwriter.Writer, n int) {
	if n > mostLines {
		fmt.Fprintf(w, "  and %d more: --json prints all\n", n-mostLines)
	}
}

func (p *program) postureAssets() *cobra.Command {
	return &cobra.Command{
		Use:   "assets",
		Short: "How every AI endpoint, model and client stands by itself, the worst first",
		Args:  takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			assets, err := p.app.PostureAssets(cmd.Context(), p.project)
			if err != nil {
				return err
			}
			if p.json {
				return p.print(assets)
			}
			w := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
			fmt.Fprintln(w, "SCORE\tGRADE\tRISK\tOPEN\tTHREATS\tTESTED\tPART")
			for i := range assets.Assets {
				sayAsset(w, &assets.Assets[i])
			}
			if assets.More > 0 {
				fmt.Fprintf(w, "and %d more, less risky or less used\n", assets.More)
			}
			return w.Flush()
		},
	}
}

func sayAsset(w *tabwriter.Writer, a *app.PostureAsset) {
	score, grade := fmt.Sprintf("%.1f", a.AtMost), a.Grade
	if a.Score == nil {
		score, grade = "at most "+score, "-"
	}
	open := "-"
	if len(a.Open) > 0 {
		var parts []string
		for _, severity := range []string{"critical", "high", "medium", "low", "info"} {
			if n := a.Open[severity]; n > 0 {
				parts = append(parts, fmt.Sprint(n, " ", severity))
			}
		}
		open = strings.Join(parts, ", ")
	}
	name := app.Harmless(a.Ref, 120)
	if a.Kind == "endpoint" {
		name += "  " + app.Harmless(a.Name, 120)
	}
	fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%d\t%d of %d\t%s\n", score, grade, a.Risk, open, a.Threats, len(a.Tested), a.Items, name)
}
