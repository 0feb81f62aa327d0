package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) threatsReplay() *cobra.Command {
	var o app.ReplayOptions
	cmd := &cobra.Command{
		Use: "replay", Short: "Watch recorded or imported traffic anew with today's rules, and print the threats with their timelines",
		Args: takes(0, 0, "no arguments"),
		Long: `Watch everything that a project holds, or what a filter selects, in the order in which it began, with today's rules. Threats
are printed with their timelines, in the order in which there was enough to speak of them. Nothing is changed, and a project that
is being recorded into can be replayed; --keep puts what is found in place of what the project holds.

  assay threats replay --project week.assay
  assay threats replay --query 'host:api.openai.com since:-7d' --json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			progress := p.progressOf("watching anew")
			sum, err := p.app.Replay(cmd.Context(), p.project, o, progress, p.sayThreat)
			if err != nil {
				return err
			}
			if !p.quiet {
				fmt.Fprintf(p.errs, "%s of %s: %s, %d of them slow\n", number(sum.Exchanges, "exchange"), number(int64(sum.Actors), "actor"),
					number(int64(sum.Threats), "threat"), sum.Slow)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&o.Query, "query", "", "only exchanges that `FILTER` selects")
	cmd.Flags().BoolVar(&o.Keep, "keep", false, "keep what is found in place of the project's threats and actors")
	return cmd
}

// progressOf shows how far work is whose length is known when it begins.
func (p *program) progressOf(what string) func(done, all int64) {
	var shown bar
	return func(done, all int64) {
		if shown == (bar{}) {
			shown = p.progress(all, what)
		}
		shown.set(done)
		if done >= all {
			shown.finish()
		}
	}
}
