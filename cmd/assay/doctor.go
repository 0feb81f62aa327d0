package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"assay/app"
)

func (p *program) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "What is installed, trusted and reachable, and what to do",
		Args:  takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			findings := p.app.Doctor(cmd.Context())
			if p.json {
				return p.print(findings)
			}
			for _, f := range findings {
				mark := "ok "
				if !f.OK {
					mark = "!! "
				}
				fmt.Fprintf(p.out, "%s %-16s %s\n", mark, f.Name, app.Harmless(f.What, 0))
				if f.Todo != "" {
					fmt.Fprintf(p.out, "    %-16s → %s\n", "", app.Harmless(f.Todo, 0))
				}
			}
			return nil
		},
	}
}

// manCommand writes the manual pages, for packages.
func manCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write manual pages into a folder",
		Args:  takes(1, 1, "a folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil { //nolint:gosec // manual pages are for everybody
				return err
			}
			cmd.Root().DisableAutoGenTag = true
			head := &doc.GenManHeader{Title: "ASSAY", Section: "1", Source: "Assay " + version, Manual: "Assay"}
			if err := doc.GenManTree(cmd.Root(), head, args[0]); err != nil {
				return err
			}
			pages, err := filepath.Glob(filepath.Join(args[0], "assay*.1"))
			fmt.Fprintf(cmd.ErrOrStderr(), "wrote %d pages to %s\n", len(pages), args[0])
			return err
		},
	}
}
