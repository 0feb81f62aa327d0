package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) outletsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "outlets",
		Short: "Where threats and rulings are sent to, if anywhere: ls, add, rm, try",
		Long: `Outlets are where threats of the watch and rulings of the guard are sent to while traffic is recorded. There are none
unless you name one, and they belong to this installation: a project that somebody gives you sends nothing.

  assay outlets add webhook https://siem.example/hook --key-env HOOK_KEY --least high
  assay outlets add syslog udp://127.0.0.1:514
  assay outlets add cef /var/log/assay.cef
  assay outlets add jsonl threats.jsonl --about threats

What is sent has names, counts, ids and one sentence, and never quotes a prompt or an answer (docs/policies.md).`,
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.outletsList(), p.outletsAdd(), p.outletsRemove(), p.outletsTry())
	return cmd
}

func (p *program) outletsList() *cobra.Command {
	return &cobra.Command{
		Use: "ls", Short: "List the outlets", Args: takes(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			rows, err := p.app.Home.Outlets()
			if err != nil {
				return err
			}
			return list(p, rows, "there are no outlets: nothing is sent anywhere", "ID\tKIND\tTO\tABOUT\tLEAST\tPROJECT\tNAME", func(w io.Writer, o *app.Outlet) {
				fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", o.ID, o.Kind, app.Harmless(o.To, 100), dash(strings.Join(o.About, ", ")), dash(o.Least),
					dash(app.Harmless(o.Project, 80)), dash(app.Harmless(o.Name, 40)))
			})
		},
	}
}

func (p *program) outletsAdd() *cobra.Command {
	var o app.Outlet
	var keyEnv string
	var only bool
	cmd := &cobra.Command{
		Use: "add KIND TO", Short: "Name an outlet: " + strings.Join(app.OutletKinds, ", "), Args: takes(2, 2, "a kind ("+strings.Join(app.OutletKinds, ", ")+") and where to"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Kind, o.To = args[0], args[1]
			key := ""
			if keyEnv != "" {
				if key = os.Getenv(keyEnv); key == "" {
					return usage("the variable %s is empty or not set; it should hold the key of the webhook", app.Harmless(keyEnv, 60))
				}
			}
			if only {
				var err error
				if o.Project, err = p.app.ProjectPath(p.project); err != nil {
					return err
				}
			}
			added, err := p.app.AddOutlet(cmd.Context(), o, key)
			if err != nil {
				return err
			}
			if p.json {
				return p.print(added)
			}
			fmt.Fprintf(p.errs, "outlet %d: %s %s; `assay outlets try %d` sends a trial\n", added.ID, added.Kind, app.Harmless(added.To, 200), added.ID)
			if strings.HasPrefix(added.To, "http://") && !app.OnThisMachine(added.To) {
				fmt.Fprintln(p.errs, "what is sent there can be read on the way: the address begins with http://")
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Name, "name", "", "what it is called")
	f.StringVar(&o.Least, "least", "", "only what is at least so severe: "+strings.Join(app.Severities, ", "))
	f.StringSliceVar(&o.About, "about", nil, "only of `WHAT`: "+strings.Join(app.OutletAbout, ", "))
	f.StringVar(&o.As, "as", "", "what syslog messages hold: cef (usual) or json")
	f.StringVar(&keyEnv, "key-env", "", "sign what a webhook is sent with the key in the environment variable `VAR`; it is kept in the keychain")
	f.BoolVar(&only, "only", false, "only of the project that --project names")
	return cmd
}

func outletID(word string) (int, error) {
	id, err := strconv.Atoi(word)
	if err != nil || id < 1 {
		return 0, usage("%q is no number of an outlet; `assay outlets ls` lists them", app.Harmless(word, 40))
	}
	return id, nil
}

func (p *program) outletsRemove() *cobra.Command {
	return &cobra.Command{
		Use: "rm ID", Short: "Send nothing there any more", Args: takes(1, 1, "the number of an outlet"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := outletID(args[0])
			if err == nil {
				err = p.app.RemoveOutlet(cmd.Context(), id)
			}
			if err == nil {
				fmt.Fprintf(p.errs, "outlet %d removed\n", id)
			}
			return err
		},
	}
}

func (p *program) outletsTry() *cobra.Command {
	return &cobra.Command{
		Use: "try [ID…]", Short: "Send a trial that says that it is one", Args: takes(0, -1, "numbers of outlets"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var ids []int
			for _, word := range args {
				id, err := outletID(word)
				if err != nil {
					return err
				}
				ids = append(ids, id)
			}
			states, err := p.app.TryOutlets(cmd.Context(), ids)
			if err != nil {
				return err
			}
			failed := 0
			err = list(p, states, "there are no outlets: `assay outlets add` names one", "ID\tKIND\tTO\tTRIAL", func(w io.Writer, s *app.OutletState) {
				how := "sent"
				if s.Lost > 0 {
					how = "FAILED: " + app.Harmless(s.Why, 200)
				}
				fmt.Fprintf(w, "%d\t%s\t%s\t%s\n", s.ID, s.Kind, app.Harmless(s.To, 100), how)
			})
			for i := range states {
				failed += int(states[i].Lost)
			}
			if err == nil && failed > 0 {
				return exitCode(exitFailed)
			}
			return err
		},
	}
}
