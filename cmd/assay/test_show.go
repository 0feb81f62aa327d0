package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) testList() *cobra.Command {
	return &cobra.Command{
		Use: "ls", Short: "List the runs, newest first", Args: takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			rows, err := p.app.TestRuns(cmd.Context(), p.project)
			if err != nil {
				return err
			}
			return list(p, rows, "no runs yet: `assay test run` begins one", "RUN\tSTATE\tBEGUN\tCASES\tVULNERABLE\tRESISTED\tUNCLEAR\tERRORED\tLEFT\tNAME", func(w io.Writer, r *app.TestSummary) {
				star := ""
				if r.Starred {
					star = " *"
				}
				fmt.Fprintf(w, "%d%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%s\n", r.Run, star, r.State, strings.Replace(strings.TrimSuffix(r.Created, "Z"), "T", " ", 1), r.Cases,
					r.Vulnerable, r.Resisted, r.Unclear, r.Errored, r.Pending, app.Harmless(r.Name, 60))
			})
		},
	}
}

func (p *program) testShow() *cobra.Command {
	var f testFlags
	cmd := &cobra.Command{
		Use: "show [RUN]", Short: "Show what a run found; with --json every trial, one a line", Args: takes(0, 1, "the number of a run; the latest without one"),
		RunE: func(cmd *cobra.Command, args []string) error {
			which := "latest"
			if len(args) > 0 {
				which = args[0]
			}
			return p.showTest(cmd, which, &f)
		},
	}
	cmd.Flags().StringVar(&f.report.SARIF, "sarif", "", "write SARIF 2.1.0 to `FILE`")
	cmd.Flags().StringVar(&f.report.JUnit, "junit", "", "write JUnit XML to `FILE`")
	return cmd
}

func (p *program) showTest(cmd *cobra.Command, which string, f *testFlags) error {
	if p.json && f.report.SARIF == "" && f.report.JUnit == "" {
		_, err := p.app.ShowTest(cmd.Context(), p.project, which, func(r *app.TestResult) error { return p.print(r) })
		return err
	}
	report, err := p.app.ReportTest(cmd.Context(), p.project, which, f.report)
	if err != nil {
		return err
	}
	summary := app.SummaryOf(report.Run)
	if p.json {
		return p.print(summary)
	}
	if summary.State != "done" {
		fmt.Fprintln(p.out, strings.TrimSuffix(summary.State+": "+app.Harmless(summary.Why, 200), ": "))
	}
	return p.sayRun(&summary, report)
}

func (p *program) testCompare() *cobra.Command {
	return &cobra.Command{
		Use: "compare A B", Short: "Compare two runs: new, fixed, still, flaky, not comparable", Args: takes(2, 2, "two runs: the earlier, then the later"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := p.app.CompareTests(cmd.Context(), p.project, args[0], args[1])
			if err != nil {
				return err
			}
			if p.json {
				return p.print(c)
			}
			var counts []string
			for _, change := range []string{"new", "fixed", "still", "flaky", "same", "not_comparable"} {
				counts = append(counts, fmt.Sprintf("%d %s", c.Counts[change], strings.ReplaceAll(change, "_", " ")))
			}
			fmt.Fprintf(p.out, "run %d to run %d: %s\n", c.Before, c.After, strings.Join(counts, ", "))
			return p.comparedTable(c)
		},
	}
}

// comparedTable lists what changed, and why the rest cannot be compared.
func (p *program) comparedTable(c *app.TestComparison) error {
	w := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
	begun := false
	apart := map[string]int{}
	for i := range c.Cases {
		one := &c.Cases[i]
		if one.Change == "same" {
			continue
		}
		if one.Change == "not_comparable" {
			apart[one.Why]++
			continue
		}
		if !begun {
			fmt.Fprintln(w, "\nCHANGE\tSEVERITY\tTEMPLATE\tMUTATION\tTARGET\tBEFORE\tAFTER\tWHY")
			begun = true
		}
		why := one.Why
		if why == "" {
			why = one.Reason
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", one.Change, one.Severity, app.Harmless(one.Template, 50), app.Harmless(one.Mutation, 30),
			app.Harmless(one.Target, 40), dash(string(one.Before)), dash(string(one.After)), app.Harmless(why, 100))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, why := range slices.Sorted(maps.Keys(apart)) {
		fmt.Fprintf(p.out, "\nnot comparable: %s: %s\n", number(int64(apart[why]), "case"), app.Harmless(why, 160))
	}
	return nil
}

func (p *program) testOverrule() *cobra.Command {
	var reason string
	var undo bool
	cmd := &cobra.Command{
		Use:   "overrule RUN CASE[.TRIAL] VERDICT",
		Short: "Say otherwise than a verdict; it holds for every trial with the same attack and answer",
		Long: `Overrule sets your verdict (vulnerable, resisted or unclear) for a trial, and for every other one with the same target,
attack and answer, also in later runs. --undo takes it back.

  assay test overrule 3 17 resisted --reason "the address is in the public documentation"`,
		Args: takes(2, 3, "a run, a case (17, or 17.2 for its second trial) and a verdict"),
		RunE: func(cmd *cobra.Command, args []string) error {
			n, trial, err := caseNumber(args[1])
			if err != nil {
				return err
			}
			verdict := ""
			if len(args) == 3 {
				verdict = args[2]
			}
			if undo == (verdict != "") {
				return usage("assay test overrule takes a verdict (vulnerable, resisted, unclear), or --undo")
			}
			if err := p.app.OverruleTest(cmd.Context(), p.project, args[0], n, trial, app.Verdict(verdict), reason); err != nil {
				return err
			}
			fmt.Fprintln(p.errs, "noted; it holds for every trial with this answer")
			return nil
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, for whoever reads the report")
	cmd.Flags().BoolVar(&undo, "undo", false, "take it back: what the rules said counts again")
	return cmd
}

// caseNumber reads CASE or CASE.TRIAL; trial 0 is the one that decided.
func caseNumber(text string) (n, trial int, err error) {
	first, second, cut := strings.Cut(text, ".")
	n, err = strconv.Atoi(first)
	if err == nil && cut {
		trial, err = strconv.Atoi(second)
	}
	if err != nil || n < 1 || trial < 0 {
		return 0, 0, usage("%q is no case; write 17, or 17.2 for its second trial", app.Harmless(text, 40))
	}
	return n, trial, nil
}

func (p *program) testStar() *cobra.Command {
	var off bool
	cmd := &cobra.Command{
		Use: "star RUN", Short: "Make a run the one that others are compared with (--baseline starred)", Args: takes(1, 1, "the number of a run, or latest"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.app.StarTest(cmd.Context(), p.project, args[0], !off)
		},
	}
	cmd.Flags().BoolVar(&off, "off", false, "take the star away")
	return cmd
}

func (p *program) testRemove() *cobra.Command {
	return &cobra.Command{
		Use: "rm RUN", Short: "Forget a run with its cases; its exchanges stay", Args: takes(1, 1, "the number of a run, or latest"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := p.app.RemoveTest(cmd.Context(), p.project, args[0])
			if err != nil {
				return err
			}
			fmt.Fprintf(p.errs, "removed run %d\n", id)
			return nil
		},
	}
}
