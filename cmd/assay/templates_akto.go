package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) templatesAktoCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use: "import-akto PATH", Short: "Make templates of tests of Akto's library, as far as they can be said",
		Args: takes(1, 1, "the path of a file or folder"),
		RunE: func(_ *cobra.Command, args []string) error {
			lines, err := p.app.ImportAkto(args[0], out)
			if err != nil {
				return err
			}
			imported := 0
			for i := range lines {
				line := &lines[i]
				if line.Status == "imported" {
					imported++
				}
				if p.json {
					err = p.print(line)
				} else {
					_, err = fmt.Fprintf(p.out, "%-8s %s: %s\n", line.Status, app.Harmless(line.File, 100), app.Harmless(line.Reason, 300))
				}
				if err != nil {
					return err
				}
			}
			fmt.Fprintf(p.errs, "%d imported, %d skipped\n", imported, len(lines)-imported)
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "write the templates into `DIR` instead of that for your own")
	return cmd
}
