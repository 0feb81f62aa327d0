package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) scopeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "scope",
		Short: "The hosts that may be attacked: add, ls, rm",
		Long: `Only hosts in scope are attacked. This machine is in scope by itself.

  assay scope add staging.example.com --authorisation "Jane Doe, ticket 4711"
  assay scope add '*.test.example.com'`,
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var authorisation string
	add := &cobra.Command{
		Use: "add HOST…", Short: "Put hosts in scope: host, host:port, or *.host for those below it", Args: takes(1, -1, "at least one host"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.app.AddScope(cmd.Context(), p.project, args, authorisation)
		},
	}
	add.Flags().StringVar(&authorisation, "authorisation", "", "who allowed it, for the report")
	cmd.AddCommand(add, p.scopeList(), &cobra.Command{
		Use: "rm HOST", Short: "Take a host out of scope", Args: takes(1, 1, "a host"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.app.RemoveScope(cmd.Context(), p.project, args[0])
		},
	})
	return cmd
}

func (p *program) scopeList() *cobra.Command {
	return &cobra.Command{
		Use: "ls", Short: "List the hosts in scope", Args: takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			hosts, err := p.app.Scope(cmd.Context(), p.project)
			if err != nil {
				return err
			}
			if p.json {
				for i := range hosts {
					if err := p.print(&hosts[i]); err != nil {
						return err
					}
				}
				return nil
			}
			if len(hosts) == 0 {
				fmt.Fprintln(p.errs, "no host is in scope but this machine: `assay scope add HOST` puts one in")
				return nil
			}
			w := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
			fmt.Fprintln(w, "HOST\tALLOWED BY\tADDED")
			for _, h := range hosts {
				fmt.Fprintf(w, "%s\t%s\t%s\n", app.Harmless(h.Host, 100), dash(app.Harmless(h.Authorisation, 80)), h.Added)
			}
			return w.Flush()
		},
	}
}
