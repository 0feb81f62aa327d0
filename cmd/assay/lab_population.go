package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"assay/app"
)

// populationOptions are those of `assay lab population`.
type populationOptions struct {
	app.PopulationOptions
	file, truth string
}

func (p *program) labPopulation() *cobra.Command {
	var o populationOptions
	cmd := &cobra.Command{
		Use: "population", Short: "Write the traffic of made-up users, some of whom attack, to be imported and replayed", Args: takes(0, 0, "no arguments"),
		Long: `Write exchanges of a made-up population, in which attacks are planted: half of them at once, half over days. The same seed gives
the same traffic. --truth says what was planted, one attack a line.

  assay lab population --seed 7 --actors 200 --days 14 -o week.jsonl --truth planted.jsonl
  assay import jsonl week.jsonl --project week.assay
  assay threats ls --project week.assay`,
		RunE: func(*cobra.Command, []string) error {
			if o.file == "" {
				return usage("name a file: -o FILE, or - for stdout")
			}
			if err := o.Check(); err != nil {
				return err
			}
			return p.writePopulation(&o)
		},
	}
	f := cmd.Flags()
	f.Uint64Var(&o.Seed, "seed", 1, "another `N` is another population")
	f.IntVar(&o.Actors, "actors", 200, "so many `N` actors")
	f.IntVar(&o.Days, "days", 14, "over so many `D` days; at least 10")
	f.Float64Var(&o.Share, "share", 0, "`PART` of the actors that attack, 0 to 0.5; 0 is the usual one, less than 0 none")
	f.StringSliceVar(&o.Kinds, "mix", nil, "only these `KINDS` of attack: "+strings.Join(app.PopulationKinds(), ", "))
	f.StringVarP(&o.file, "output", "o", "", "write the exchanges as JSON lines to `FILE`")
	f.StringVar(&o.truth, "truth", "", "write what was planted as JSON lines to `FILE`")
	return cmd
}

func (p *program) writePopulation(o *populationOptions) (err error) {
	var planted []app.Planted
	err = p.writeTo(o.file, func(w io.Writer) error {
		planted, err = app.WritePopulation(w, o.PopulationOptions)
		return err
	})
	if err != nil {
		return err
	}
	if o.truth != "" {
		err = p.writeTo(o.truth, func(w io.Writer) error {
			enc := json.NewEncoder(w)
			for i := range planted {
				if err := enc.Encode(&planted[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err == nil && !p.quiet {
		requests := 0
		for i := range planted {
			requests += planted[i].Count
		}
		fmt.Fprintf(p.errs, "%s planted, %s of them\n", number(int64(len(planted)), "attack"), number(int64(requests), "request"))
	}
	return err
}

// writeTo writes a file, or stdout for "-".
func (p *program) writeTo(name string, write func(io.Writer) error) (err error) {
	out := p.out
	if name != "-" {
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return fmt.Errorf("cannot write %s: %w", name, err)
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		out = file
	}
	w := bufio.NewWriterSize(out, 1<<16)
	return errors.Join(write(w), w.Flush())
}
