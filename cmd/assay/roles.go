package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) rolesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "roles",
		Short: "Test roles, who a test acts as: add, ls, rm",
		Long: `Roles are who a test can act as: how their requests prove who they are. They hold no secret, only where one comes from.

  assay roles add customer-a --header "Authorization: Bearer {{env:TOKEN_A}}" --holds 1001
  assay roles add customer-b --command "vault read -field=token secret/b" --knows "Lindqvist" --holds 1002
  assay roles add clerk --login exchange:12,exchange:13 --token /access_token
  assay roles add latest --latest 'host:api.example.com client:chrome'
  assay test run --target model:1 --role customer-a --other customer-b --suite api`,
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.rolesAdd(), p.rolesList(), p.rolesRemove())
	return cmd
}

func (p *program) rolesAdd() *cobra.Command {
	var o app.RoleOptions
	cmd := &cobra.Command{
		Use: "add NAME", Short: "Keep a test role, in place of one with the same name", Args: takes(1, 1, "the role's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Name = args[0]
			if err := p.app.AddRole(cmd.Context(), p.project, o); err != nil {
				return err
			}
			fmt.Fprintf(p.errs, "kept the role %s\n", app.Harmless(o.Name, 80))
			return nil
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.Header, "header", nil, `a header in place of the request's, "Name: value"; {{env:VAR}} and {{token}} stand for secrets; may be repeated`)
	f.StringArrayVar(&o.Body, "body", nil, "a text in the body, `REF=VALUE` as /user/id=17; may be repeated")
	f.StringVar(&o.Command, "command", "", "a program whose first line of output is {{token}}; no shell runs it")
	f.StringSliceVar(&o.Login, "login", nil, "recorded exchanges that are sent again, in order: `exchange:ID,…`")
	f.StringVar(&o.Token, "token", "", "where {{token}} stands in the last answer of --login: a JSON `POINTER`, header:NAME or cookie:NAME")
	f.StringVar(&o.Latest, "latest", "", "use the credentials of the newest exchange that this `FILTER` finds")
	f.StringArrayVar(&o.Knows, "knows", nil, "a value that only this role may see; may be repeated")
	f.StringArrayVar(&o.Holds, "holds", nil, "the `ID` of something that belongs to it; may be repeated")
	return cmd
}

func (p *program) rolesList() *cobra.Command {
	return &cobra.Command{
		Use: "ls", Short: "List the test roles", Args: takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			rows, err := p.app.Roles(cmd.Context(), p.project)
			if err != nil {
				return err
			}
			return list(p, rows, "no roles yet: `assay roles add` keeps one", "NAME\tPROVES ITSELF BY\tKNOWS\tHOLDS", func(w io.Writer, r *app.RoleRow) {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", app.Harmless(r.Name, 60), app.Harmless(proofWords(r), 100), dash(app.Harmless(strings.Join(r.Knows, ", "), 60)),
					dash(app.Harmless(strings.Join(r.Holds, ", "), 60)))
			})
		},
	}
}

func proofWords(r *app.RoleRow) string {
	var all []string
	if len(r.Command) > 0 {
		all = append(all, "command "+r.Command[0])
	}
	if len(r.Login) > 0 {
		all = append(all, "login "+strings.Join(r.Login, ", ")+" ("+r.Token+")")
	}
	if r.Latest != "" {
		all = append(all, "latest "+r.Latest)
	}
	return strings.Join(append(append(all, r.Header...), r.Body...), "; ")
}

func (p *program) rolesRemove() *cobra.Command {
	return &cobra.Command{
		Use: "rm NAME", Short: "Forget a test role", Args: takes(1, 1, "the role's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := p.app.RemoveRole(cmd.Context(), p.project, args[0]); err != nil {
				return err
			}
			fmt.Fprintf(p.errs, "removed the role %s\n", app.Harmless(args[0], 80))
			return nil
		},
	}
}
