package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) threatsRules() *cobra.Command {
	cmd := &cobra.Command{
		Use: "rules", Short: "List the rules of the watch; set changes one, lint checks your own", Args: noSuchCommand,
		Long: `Rules say what is a threat. Those that come with the program can be joined by your own: put them as YAML files into the folder
rules of your settings. docs/rules.md is the language.

  assay threats rules
  assay threats rules set id-enumeration --off
  assay threats rules set id-enumeration --threshold 100 --severity high
  assay threats rules lint ./my-rules`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			rows, problems, err := p.app.RuleRows(cmd.Context(), p.project)
			if err != nil {
				return err
			}
			for _, problem := range problems {
				fmt.Fprintln(p.errs, app.Harmless(problem.Error(), 400))
			}
			return list(p, rows, "no rules", "SEVERITY\tID\tON\tTHRESHOLD\tSOURCE\tSAMPLES\tNAME", ruleLine)
		},
	}
	cmd.AddCommand(p.threatsRulesSet(), p.threatsRulesLint())
	return cmd
}

func ruleLine(w io.Writer, r *app.RuleRow) {
	on, threshold := "on", ""
	if !r.On {
		on = "off"
	}
	if r.Threshold != 0 {
		threshold = fmt.Sprintf("%g", r.Threshold)
	}
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%s\n", r.Severity, app.Harmless(r.ID, 60), on, threshold, r.Source, r.Samples, app.Harmless(r.Name, 80))
}

func (p *program) threatsRulesSet() *cobra.Command {
	var off, on bool
	var threshold float64
	var severity string
	cmd := &cobra.Command{
		Use: "set ID", Short: "Change how this project takes a rule", Args: takes(1, 1, "the id of a rule"),
		Long: `Change how this project takes a rule, from now on; ` + "`assay threats replay --keep`" + ` takes what was recorded the new way too.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			var change app.RuleChange
			switch {
			case on && off:
				return usage("a rule is --on or --off, not both")
			case on || off:
				change.On = &on
			}
			if cmd.Flags().Changed("threshold") {
				change.Threshold = &threshold
			}
			change.Severity = severity
			if change == (app.RuleChange{}) {
				return usage("nothing says what to change: give --off, --on, --threshold or --severity")
			}
			return p.app.SetRule(cmd.Context(), p.project, args[0], change)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&off, "off", false, "it says nothing")
	f.BoolVar(&on, "on", false, "it speaks again")
	f.Float64Var(&threshold, "threshold", 0, "what its window has to count, or how sure its sign has to be, is `N`; 0 is the rule's own")
	f.StringVar(&severity, "severity", "", "its threats are of this `SEVERITY`; default is the rule's own")
	return cmd
}

func (p *program) threatsRulesLint() *cobra.Command {
	return &cobra.Command{
		Use: "lint [DIR]", Short: "Check rules and prove their samples: those of a folder or file, or all", Args: takes(0, 1, "at most one folder or file"),
		RunE: func(_ *cobra.Command, args []string) error {
			path := ""
			if len(args) > 0 {
				path = args[0]
			}
			checks, err := p.app.LintRules(path)
			if err != nil {
				return err
			}
			wrong := 0
			for i := range checks {
				c := &checks[i]
				if c.Status != "ok" {
					wrong++
				}
				if p.json {
					if err := p.print(c); err != nil {
						return err
					}
				} else if c.Status != "ok" {
					fmt.Fprintln(p.out, app.Harmless(c.Reason, 400))
				}
			}
			if !p.json {
				fmt.Fprintf(p.errs, "%s good, %d wrong\n", number(int64(len(checks)-wrong), "rule"), wrong)
			}
			if wrong > 0 {
				return exitCode(exitFound)
			}
			return nil
		},
	}
}
