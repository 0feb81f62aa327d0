package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) templatesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "templates",
		Short: "The attacks of the test engine: ls, show, lint, prove, import-akto",
		Long: `Templates are the attacks that assay test sends, as YAML files. Those that come with the program can be joined by your own:
put them into the folder templates of your settings, or name a folder with --dir. docs/templates.md is the language.

  assay templates ls --suite quick
  assay templates ls --owasp LLM06 --severity high
  assay templates show mail-forwarding
  assay templates lint ./my-templates
  assay templates prove mail-forwarding`,
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.templatesListCommand(), p.templatesShowCommand(), p.templatesLintCommand(), p.templatesProveCommand(), p.templatesAktoCommand())
	return cmd
}

func (p *program) templatesListCommand() *cobra.Command {
	var opts app.TemplatesOptions
	cmd := &cobra.Command{
		Use: "ls", Short: "List templates, all of them or those of a suite", Args: takes(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			rows, problems, err := p.app.Templates(opts)
			if err != nil {
				return err
			}
			p.sayProblems(problems)
			if p.json {
				for i := range rows {
					if err := p.print(rows[i]); err != nil {
						return err
					}
				}
				return nil
			}
			return p.templatesTable(rows)
		},
	}
	f := cmd.Flags()
	f.StringVar(&opts.Dir, "dir", "", "templates of your own in `DIR`")
	f.StringVar(&opts.Suite, "suite", "", "only those of the suite `NAME`")
	f.StringSliceVar(&opts.Tags, "tag", nil, "only those with the tag `T`")
	f.StringSliceVar(&opts.OWASP, "owasp", nil, "only those of the `ITEM`, as LLM06")
	f.StringVar(&opts.Severity, "severity", "", "only those of this `SEVERITY` or worse")
	f.StringVar(&opts.Kind, "kind", "", "only those for services of this `KIND`")
	return cmd
}

// sayProblems tells on stderr which files were left out, and why.
func (p *program) sayProblems(problems []app.TemplateProblem) {
	const most = 20
	for i, problem := range problems {
		if i == most {
			fmt.Fprintf(p.errs, "and %d more; `assay templates lint` tells all\n", len(problems)-most)
			return
		}
		fmt.Fprintln(p.errs, app.Harmless(problem.Error(), 400))
	}
}

func (p *program) templatesTable(rows []app.Template) error {
	w := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
	fmt.Fprintln(w, "SEVERITY\tID\tOWASP\tLEVEL\tNEEDS\tTEXTS\tCASES\tNAME")
	cases := 0
	for i := range rows {
		t := &rows[i]
		cases += t.Cases
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%d\t%s\n", t.Severity, app.Harmless(t.ID, 60), strings.ReplaceAll(strings.Join(t.OWASP, ","), ":2025", ""), t.Level,
			dash(strings.Join(t.Needs, ",")), t.Payloads, t.Cases, app.Harmless(t.Name, 60))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(p.errs, "%d templates, %d cases\n", len(rows), cases)
	return nil
}

func (p *program) templatesShowCommand() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use: "show ID", Short: "Show one template: what it sends, how answers are judged, what to do about it", Args: takes(1, 1, "the id of a template"),
		RunE: func(_ *cobra.Command, args []string) error {
			t, err := p.app.TemplateOf(dir, args[0])
			if err != nil {
				return err
			}
			if p.json {
				return p.print(t)
			}
			text, err := app.DescribeTemplate(t)
			if err != nil {
				return err
			}
			if p.onTerminal() {
				text = app.Visible(text) // a prompt may hold what would command the terminal
			}
			_, err = fmt.Fprint(p.out, text)
			return err
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "templates of your own in `DIR`")
	return cmd
}

func (p *program) templatesLintCommand() *cobra.Command {
	return &cobra.Command{
		Use: "lint [DIR]", Short: "Check templates: every error with its place, and every sample judged", Args: takes(0, 1, "at most one folder or file"),
		RunE: func(_ *cobra.Command, args []string) error {
			path := ""
			if len(args) > 0 {
				path = args[0]
			}
			checks, err := p.app.LintTemplates(path)
			if err != nil {
				return err
			}
			return p.sayChecks(checks)
		},
	}
}

func (p *program) sayChecks(checks []app.TemplateCheck) error {
	right, wrong := 0, map[string]bool{}
	for i := range checks {
		c := &checks[i]
		if c.Status == "ok" {
			right++
		} else {
			wrong[c.File] = true
		}
		if p.json {
			if err := p.print(c); err != nil {
				return err
			}
			continue
		}
		if c.Status != "ok" {
			problem := app.TemplateProblem{File: c.File, Line: c.Line, Column: c.Column, Where: c.Where, What: c.Reason, Nearest: c.Nearest}
			fmt.Fprintln(p.out, app.Harmless(problem.Error(), 600))
		}
	}
	if right+len(wrong) == 0 {
		fmt.Fprintln(p.errs, "no .yaml file is there")
	}
	fmt.Fprintf(p.errs, "%d right, %d wrong\n", right, len(wrong))
	if len(wrong) > 0 {
		return exitCode(exitFound)
	}
	return nil
}
