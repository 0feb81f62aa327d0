package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) requirementsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "requirements", Short: "What has to hold: list, check, and let the guard hold it", Args: noSuchCommand,
		Long: `Requirements say what has to hold in a project: every AI endpoint asks who is calling, no secrets go to third parties, tools that
pay need approval. Each is asked of what was seen; where nothing was seen that would tell, the answer is unknown, never pass.
Those that come with the program can be joined by your own: put them as YAML files into the folder requirements of your
settings. docs/requirements.md is the language.

  assay requirements ls
  assay requirements check
  assay requirements check --fail-on high
  assay requirements enforce tools-that-pay-need-approval --action approve
  assay requirements schema > requirement.schema.json`,
	}
	cmd.AddCommand(p.requirementsList(), p.requirementsCheck(), p.requirementsEnforce(), p.requirementsSchema())
	return cmd
}

func (p *program) requirementsList() *cobra.Command {
	return &cobra.Command{
		Use: "ls [DIR]", Short: "List requirements: all, or those of a folder or file with what is wrong in them", Args: takes(0, 1, "at most one folder or file"),
		RunE: func(_ *cobra.Command, args []string) error {
			path := ""
			if len(args) > 0 {
				path = args[0]
			}
			rows, problems, err := p.app.ListRequirements(path)
			if err != nil {
				return err
			}
			for i := range problems {
				fmt.Fprintln(p.errs, app.Harmless(problems[i].Error(), 400))
			}
			if err := list(p, rows, "no requirements", "SEVERITY\tID\tOF\tSOURCE\tNAME", func(w io.Writer, r *app.RequirementInfo) {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.Severity, r.ID, r.Of, r.Source, app.Harmless(r.Name, 100))
			}); err != nil {
				return err
			}
			if len(problems) > 0 && path != "" {
				return exitCode(exitFound)
			}
			return nil
		},
	}
}

func (p *program) requirementsCheck() *cobra.Command {
	var failOn string
	var states []string
	cmd := &cobra.Command{
		Use: "check [ID…]", Short: "Ask of a project whether its requirements hold", Args: takes(0, 500, "ids of requirements"),
		RunE: func(cmd *cobra.Command, args []string) error {
			least := -1
			if failOn != "" {
				severity, err := app.SeverityOf("--fail-on", failOn)
				if err != nil {
					return err
				}
				least = slices.Index(app.Severities, string(severity))
			}
			rows, problems, err := p.app.CheckRequirements(cmd.Context(), p.project)
			if err != nil {
				return err
			}
			for i := range problems {
				fmt.Fprintln(p.errs, app.Harmless(problems[i].Error(), 400))
			}
			if rows, err = app.ChosenRequirements(rows, args, states); err != nil {
				return err
			}
			if err := p.sayRequirements(rows); err != nil {
				return err
			}
			if failOn != "" && slices.ContainsFunc(rows, func(r app.RequirementRow) bool {
				return r.State == "fail" && slices.Index(app.Severities, r.Severity) >= least
			}) {
				return exitCode(exitFound)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&failOn, "fail-on", "", "end with 1 when a requirement of this `SEVERITY` or worse fails")
	f.StringSliceVar(&states, "state", nil, "only those that are in this `STATE`: fail, unknown, pass")
	return cmd
}

func (p *program) sayRequirements(rows []app.RequirementRow) error {
	counts := map[string]int{}
	for i := range rows {
		counts[rows[i].State]++
	}
	err := list(p, rows, "no requirements", "STATE\tSEVERITY\tID\tWHAT WAS SEEN\tHELD BY", func(w io.Writer, r *app.RequirementRow) {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.State, r.Severity, r.ID, app.Harmless(r.What, 200), dash(app.Harmless(r.Enforced, 60)))
	})
	if err == nil && !p.json {
		fmt.Fprintf(p.errs, "%d fail, %d pass, %d unknown\n", counts["fail"], counts["pass"], counts["unknown"])
	}
	return err
}

func (p *program) requirementsEnforce() *cobra.Command {
	var action string
	cmd := &cobra.Command{
		Use: "enforce ID", Short: "Make a policy of a requirement; it only says what it would do unless --action is given", Args: takes(1, 1, "the id of a requirement"),
		Long: `Make a policy of a requirement. Without --action it is one that only says what it would do (monitor); whether the guard is at
work stays as it is (docs/policies.md).`,
		RunE: func(cmd *cobra.Command, args []string) error {
			done, err := p.app.EnforceRequirement(cmd.Context(), p.project, args[0], app.Action(action))
			if err != nil {
				return err
			}
			if p.json {
				return p.print(&done)
			}
			w := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
			fmt.Fprintf(w, "policy %d\t%s\t%s\n", done.Policy, done.Action, app.Harmless(done.Name, 130))
			if err := w.Flush(); err != nil {
				return err
			}
			if done.Action != done.Worth {
				fmt.Fprintf(p.errs, "it says what it would do; `--action %s` does it\n", done.Worth)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&action, "action", "", "what the policy does: its `ACTION`, monitor where it is left out")
	return cmd
}

func (p *program) requirementsSchema() *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of a requirement, for editors", Args: takes(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			_, err := p.out.Write(app.RequirementSchema)
			return err
		},
	}
}
