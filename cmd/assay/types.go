package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) typesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "types",
		Short: "Types of sensitive data of your own: ls, add, rm, prove",
		Long: `Types are kinds of sensitive data that you define for a project, beside those that Assay knows. A type is a JSON object:

  {"name": "STAFF_NUMBER", "class": "personal", "pattern": "\\bE-\\d{6}\\b", "keys": "(?i)staff",
   "match": ["ask E-123456"], "ignore": ["E-12"]}

It is told by the name a value stands under (keys), by the value (pattern or list, and validator), or by both. A type is
kept only when it finds something in every sample of match and nothing in those of ignore.`,
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		&cobra.Command{
			Use: "ls", Short: "List the types of the project", Args: takes(0, 0, "no arguments"),
			RunE: func(cmd *cobra.Command, _ []string) error { return p.typesList(cmd) },
		},
		&cobra.Command{
			Use: "add FILE", Short: "Keep the types in a file, - for standard input", Args: takes(1, 1, "a file"),
			RunE: func(cmd *cobra.Command, args []string) error { return p.typesAdd(cmd, args[0]) },
		},
		&cobra.Command{
			Use: "rm NAME", Short: "Forget a type", Args: takes(1, 1, "the name of a type"),
			RunE: func(cmd *cobra.Command, args []string) error {
				if err := p.app.RemoveCustomType(cmd.Context(), p.project, args[0]); err != nil {
					return err
				}
				fmt.Fprintf(p.errs, "removed %s; `assay analyse` takes what it found out of the inventory\n", app.Harmless(args[0], 60))
				return nil
			},
		},
		&cobra.Command{
			Use: "prove [FILE]", Short: "Try types on their samples: those in a file, or those of the project", Args: takes(0, 1, "at most one file"),
			RunE: func(cmd *cobra.Command, args []string) error { return p.typesProve(cmd, args) },
		},
	)
	return cmd
}

func (p *program) typesList(cmd *cobra.Command) error {
	types, err := p.app.CustomTypes(cmd.Context(), p.project)
	if err != nil {
		return err
	}
	if p.json {
		for _, t := range types {
			if err := p.print(t); err != nil {
				return err
			}
		}
		return nil
	}
	if len(types) == 0 {
		fmt.Fprintln(p.errs, "the project has no types of its own: `assay types add FILE` adds some")
		return nil
	}
	w := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tCLASS\tKEYS\tVALUE\tSAMPLES")
	for _, t := range types {
		value := t.Pattern
		if value == "" && len(t.List) > 0 {
			value = fmt.Sprintf("one of %d", len(t.List))
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\n", app.Harmless(t.Name, 40), dash(t.Class), dash(app.Harmless(t.Keys, 40)), dash(app.Harmless(value, 60)), len(t.Match)+len(t.Ignore))
	}
	return w.Flush()
}

func (p *program) typesFrom(name string) ([]app.CustomType, error) {
	in, _, err := p.source(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return app.ReadCustomTypes(in, name)
}

func (p *program) typesAdd(cmd *cobra.Command, name string) error {
	types, err := p.typesFrom(name)
	if err != nil {
		return err
	}
	if err := p.app.AddCustomTypes(cmd.Context(), p.project, types); err != nil {
		return err
	}
	for _, t := range types {
		fmt.Fprintf(p.errs, "added %s\n", app.Harmless(t.Name, 60))
	}
	fmt.Fprintln(p.errs, "new traffic is looked at with it; `assay analyse` looks at what is there")
	return nil
}

func (p *program) typesProve(cmd *cobra.Command, args []string) error {
	var types []app.CustomType
	var err error
	if len(args) == 1 {
		types, err = p.typesFrom(args[0])
	} else {
		types, err = p.app.CustomTypes(cmd.Context(), p.project)
	}
	if err != nil {
		return err
	}
	wrong := 0
	for _, t := range types {
		proof := app.ProveCustomType(t)
		if !proof.OK() {
			wrong++
		}
		if p.json {
			if err := p.print(proof); err != nil {
				return err
			}
			continue
		}
		p.printProof(&proof)
	}
	if wrong > 0 {
		return exitCode(exitFound)
	}
	return nil
}

func (p *program) printProof(proof *app.TypeProof) {
	name := app.Harmless(proof.Name, 60)
	if proof.Problem != "" {
		fmt.Fprintf(p.out, "%s: %s\n", name, app.Harmless(proof.Problem, 300))
	}
	for _, s := range proof.Samples {
		verdict, found := "right", "nothing"
		if !s.OK {
			verdict = "WRONG"
		}
		if s.Found != "" {
			found = "“" + app.Harmless(s.Found, 60) + "”"
		}
		fmt.Fprintf(p.out, "%s: %s: found %s in “%s”\n", name, verdict, found, app.Harmless(s.Text, 80))
	}
}
