package main

import (
	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) showCommand() *cobra.Command {
	var view string
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show one exchange: as a conversation, formatted, byte for byte, or as JSON",
		Long: `Show prints one exchange.

  chat     who said what: roles, tools, calls, reasoning, the answer
  pretty   heads and bodies, decoded and indented
  raw      heads and bodies as they travelled
  stream   the answer's events with their time and the gap before them
  json     everything that is known, one document

Sealed credentials are shown as placeholders.`,
		Args: takes(1, 1, "one ID, as `assay ls` prints it"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if p.json {
				view = "json"
			}
			return p.app.Show(cmd.Context(), p.project, args[0], app.ShowOptions{View: view, Colour: p.colour(), Terminal: p.onTerminal()}, p.out)
		},
	}
	cmd.Flags().StringVar(&view, "view", "chat", "chat, pretty, raw, stream or json")
	return cmd
}
