package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) templatesProveCommand() *cobra.Command {
	var opts app.ProveOptions
	cmd := &cobra.Command{
		Use: "prove [ID…]", Short: "Attack the practice target with templates: weak it must fall, sound it must hold",
		Long: `Each template is sent through the engine to the practice target twice: once with the weaknesses that its OWASP items name, where
it must find something, and once without any, where it must find nothing. Everything stays on loopback.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, ids []string) error {
			opts.IDs = ids
			proofs, err := p.app.ProveTemplates(cmd.Context(), opts)
			if err != nil {
				return err
			}
			return p.sayProofs(proofs)
		},
	}
	cmd.Flags().StringVar(&opts.Folder, "folder", "", "templates of your own in `DIR`")
	return cmd
}

func (p *program) sayProofs(proofs []app.TemplateProof) error {
	counts := map[string]int{}
	for i := range proofs {
		proof := &proofs[i]
		counts[proof.Status]++
		if p.json {
			if err := p.print(proof); err != nil {
				return err
			}
			continue
		}
		if _, err := fmt.Fprintf(p.out, "%-8s %s: %s\n", proof.Status, app.Harmless(proof.ID, 60), app.Harmless(proof.Reason, 900)); err != nil {
			return err
		}
	}
	proven := counts["proven"]
	fmt.Fprintf(p.errs, "%d of %d proven\n", proven, len(proofs))
	if proven < len(proofs) {
		return exitCode(exitFound)
	}
	return nil
}
