package main

import (
	"encoding/csv"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) postureCoverage() *cobra.Command {
	var framework string
	var asCSV, all bool
	cmd := &cobra.Command{
		Use: "coverage", Short: "What was tested of OWASP, MITRE ATLAS, NIST, the EU AI Act and ISO/IEC 42001", Args: takes(0, 0, "no arguments"),
		Long: `Coverage says of every item of a framework whether it was tested, on which target, and what came of it. What no test through an
API can speak for is called so and never counted as covered; docs/frameworks.md has the lists and how tests map to them.

  assay posture coverage
  assay posture coverage --framework owasp-llm
  assay posture coverage --framework atlas --all
  assay posture coverage --framework eu-ai-act --csv > coverage.csv`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := p.app.Coverage(cmd.Context(), p.project, framework)
			if err != nil {
				return err
			}
			switch {
			case p.json:
				for i := range list {
					if err := p.print(&list[i]); err != nil {
						return err
					}
				}
				return nil
			case asCSV:
				return p.coverageCSV(list)
			case framework != "":
				return p.sayCoverage(&list[0], all)
			}
			return p.sayFrameworks(list)
		},
	}
	f := cmd.Flags()
	f.StringVar(&framework, "framework", "", "the items of one framework: its `ID`, as the list without this option names it")
	f.BoolVar(&asCSV, "csv", false, "a line for each item and target, for spreadsheets")
	f.BoolVar(&all, "all", false, "with --framework: the items too that no test can speak for")
	return cmd
}

// The states of an item in the order in which they are counted.
var itemStates = []string{"vulnerable", "resisted", "tested", "not_tested", notTestable}

const notTestable = "not_testable"

func (p *program) sayFrameworks(list []app.FrameworkCoverage) error {
	w := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tVULNERABLE\tRESISTED\tTRIED\tNOT TESTED\tNOT TESTABLE\tFRAMEWORK")
	for i := range list {
		c := &list[i]
		counts := map[string]int{}
		for j := range c.Items {
			counts[string(c.Items[j].State)]++
		}
		fmt.Fprintf(w, "%s", c.ID)
		for _, state := range itemStates {
			fmt.Fprintf(w, "\t%d", counts[state])
		}
		fmt.Fprintf(w, "\t%s %s\n", c.Name, c.Version)
	}
	return w.Flush()
}

func (p *program) sayCoverage(c *app.FrameworkCoverage, all bool) error {
	w := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
	fmt.Fprintf(w, "%s %s\n", c.Name, c.Version)
	left := 0
	for i := range c.Items {
		item := &c.Items[i]
		if string(item.State) == notTestable && !all {
			left++
			continue
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t%s\n", item.ID, shorten(item.Title, 70), stateWord(string(item.State)), number(int64(item.Cases), "case"), app.Harmless(item.Why, 120))
		for j, cell := range c.Cells[i] {
			if cell.Ref != "" {
				fmt.Fprintf(w, "  \t  %s\t%s\t%s\t%s\n", shorten(app.Harmless(c.Assets[j], 0), 68), stateWord(string(cell.State)), number(int64(cell.Cases), "case"), cell.Ref)
			}
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if left > 0 {
		fmt.Fprintf(p.errs, "no test can speak for %s: --all lists them\n", number(int64(left), "more item"))
	}
	if c.Note != "" {
		fmt.Fprintln(p.errs, c.Note)
	}
	return nil
}

func stateWord(s string) string { return strings.ReplaceAll(s, "_", " ") }

func (p *program) coverageCSV(list []app.FrameworkCoverage) error {
	w := csv.NewWriter(p.out)
	for i := range list {
		rows := app.CoverageRows(&list[i])
		if i > 0 {
			rows = rows[1:]
		}
		if err := w.WriteAll(rows); err != nil {
			return err
		}
	}
	return nil
}
