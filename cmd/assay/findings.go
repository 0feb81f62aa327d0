package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) findingsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "findings",
		Short: "What tests proved, each weakness once: ls, set",
		Long: `Findings are weaknesses that were proven, each once however often it was seen.

  assay findings ls --severity high,critical
  assay findings set 3 accepted --reason "the address is public"`,
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.findingsList(), p.findingsSet())
	return cmd
}

func (p *program) findingsList() *cobra.Command {
	var o app.FindingOptions
	cmd := &cobra.Command{
		Use: "ls", Short: "List findings, the worst first", Args: takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			rows, err := p.app.Findings(cmd.Context(), p.project, o)
			if err != nil {
				return err
			}
			return list(p, rows, "no findings", "ID\tSEVERITY\tSTATE\tTEMPLATE\tTARGET\tSEEN\tLAST\tWHY", func(w io.Writer, f *app.FindingRow) {
				fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", f.ID, f.Severity, f.State, app.Harmless(f.Template, 50), app.Harmless(f.Target, 40), f.Count, f.Last,
					app.Harmless(f.Reason, 100))
			})
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&o.States, "state", nil, "only those that are new, verified, accepted, false_positive or fixed")
	f.StringSliceVar(&o.Severity, "severity", nil, "only those of this `SEVERITY`; may be repeated")
	f.StringSliceVar(&o.OWASP, "owasp", nil, "only those of the `ITEM`, as LLM06")
	f.StringArrayVar(&o.Target, "target", nil, "only those of this target, as model:1")
	f.StringVar(&o.Text, "text", "", "only those with this text in title, template, target, reason or note")
	return cmd
}

func (p *program) findingsSet() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use: "set ID… STATE", Short: "Say what you hold of findings: new, verified, accepted, false_positive or fixed", Args: takes(2, -1, "ids of findings and a state"),
		RunE: func(cmd *cobra.Command, args []string) error {
			last := len(args) - 1
			n, err := p.app.SetFinding(cmd.Context(), p.project, args[:last], args[last], reason)
			if err != nil {
				return err
			}
			fmt.Fprintf(p.errs, "%s set to %s\n", number(int64(n), "finding"), args[last])
			return nil
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, for whoever reads the report")
	return cmd
}
