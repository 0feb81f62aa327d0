package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) caCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ca",
		Short: "The certificate authority of this installation: path, export, trust, untrust, check",
		Args:  noSuchCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return p.caPath() },
	}
	cmd.AddCommand(
		&cobra.Command{
			Use: "path", Short: "Where the root certificate is, and its fingerprint", Args: takes(0, 0, "no arguments"),
			RunE: func(*cobra.Command, []string) error { return p.caPath() },
		},
		p.caExportCommand(),
		p.caTrustCommand("trust", "Add the root certificate to the trust stores of this system and its browsers", true),
		p.caTrustCommand("untrust", "Take the root certificate out of every trust store again", false),
		p.caCheckCommand(),
	)
	return cmd
}

func (p *program) caPath() error {
	info, err := p.app.CA()
	if err != nil {
		return err
	}
	if p.json {
		return p.print(info)
	}
	_, err = fmt.Fprintf(p.out, "%s\nSHA-256 %s\nvalid until %s\n", info.Path, info.Fingerprint, info.Expires)
	return err
}

func (p *program) caExportCommand() *cobra.Command {
	var der, p12 bool
	cmd := &cobra.Command{
		Use:   "export FILE",
		Short: "Write the root certificate (never its key) as PEM, DER or P12",
		Args:  takes(1, 1, "the file to write"),
		RunE: func(_ *cobra.Command, args []string) error {
			form := app.PEM
			switch {
			case der && p12:
				return usage("assay ca export takes one of --der and --p12")
			case der:
				form = app.DER
			case p12:
				form = app.P12
			}
			if err := p.app.ExportCA(args[0], form); err != nil {
				return err
			}
			fmt.Fprintf(p.errs, "wrote %s\n", args[0])
			return nil
		},
	}
	cmd.Flags().BoolVar(&der, "der", false, "binary, as Android, iOS and Windows like it")
	cmd.Flags().BoolVar(&p12, "p12", false, "PKCS#12 trust store, as Java likes it (password changeit)")
	return cmd
}

func (p *program) caTrustCommand(name, short string, trust bool) *cobra.Command {
	var dry bool
	cmd := &cobra.Command{
		Use:   name,
		Short: short,
		Args:  takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dry {
				return p.caSteps(trust)
			}
			states, err := p.app.Trust(cmd.Context(), trust)
			if p.json {
				return errors.Join(p.print(states), err)
			}
			p.storeStates(states)
			return err
		},
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only say what would be run")
	return cmd
}

func (p *program) caSteps(trust bool) error {
	steps, err := p.app.TrustSteps(trust)
	if err != nil {
		return err
	}
	if p.json {
		return p.print(steps)
	}
	for _, s := range steps {
		root := ""
		if s.Root {
			root = " (as administrator)"
		}
		fmt.Fprintf(p.out, "%s: %s%s\n  %s\n", s.Store, s.Why, root, s.Command)
	}
	return nil
}

func (p *program) storeStates(states []app.StoreState) {
	for _, s := range states {
		fmt.Fprintf(p.out, "%-12s %s (%s) %s\n", s.State, s.Store, s.Clients, s.Detail)
	}
}

func (p *program) caCheckCommand() *cobra.Command {
	var opts app.RecordOptions
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Make a real request through the recorder and say whether its certificate is trusted",
		Args:  takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			opts.Project = p.project
			r, err := p.app.CheckTrust(cmd.Context(), opts)
			if err != nil {
				return err
			}
			if p.json {
				return p.print(r)
			}
			if r.Trusted {
				fmt.Fprintln(p.out, "this system trusts the recorder's certificate")
			} else {
				fmt.Fprintln(p.out, "this system does not trust the recorder's certificate")
			}
			if r.Problem != "" {
				fmt.Fprintln(p.out, r.Problem)
			}
			p.storeStates(r.Stores)
			return nil
		},
	}
	cmd.Flags().StringVar(&opts.Listen, "listen", "", "the recorder at this `ADDR`")
	return cmd
}
