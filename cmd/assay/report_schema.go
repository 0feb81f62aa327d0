package main

import (
	"github.com/spf13/cobra"

	"assay/app"
)

// reportSchema prints what the fields of `assay report --format json` mean.
func (p *program) reportSchema() *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of `assay report --format json`, with every field explained", Args: takes(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			_, err := p.out.Write(app.ReportSchema())
			return err
		},
	}
}
