package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) analyseCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "analyse",
		Short: "Read every exchange again with today's rules",
		Args:  takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var reading bar
			sum, err := p.app.Analyse(cmd.Context(), p.project, func(done, all int64) {
				if reading == (bar{}) {
					reading = p.progress(all, "reading")
				}
				reading.set(done)
			})
			reading.finish()
			if err != nil {
				return err
			}
			if p.json {
				return p.print(sum)
			}
			fmt.Fprintf(p.out, "%d exchanges read, %d of them conversations, %d could not be read whole\n", sum.Read, sum.Conversations, sum.Partly)
			return nil
		},
	}
}

func (p *program) projectCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "project",
		Short: "Look after the project file: info, check, backup, compact, retain, sample",
		Args:  noSuchCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return p.projectInfo(cmd) },
	}
	cmd.AddCommand(
		&cobra.Command{
			Use: "info", Short: "What the project holds", Args: takes(0, 0, "no arguments"),
			RunE: func(cmd *cobra.Command, _ []string) error { return p.projectInfo(cmd) },
		},
		&cobra.Command{
			Use: "check", Short: "Check the file's integrity", Args: takes(0, 0, "no arguments"),
			RunE: func(cmd *cobra.Command, _ []string) error { return p.projectCheck(cmd) },
		},
		&cobra.Command{
			Use: "sample", Short: "Make the sample project, where there is none yet, and print where it is", Args: takes(0, 0, "no arguments"),
			RunE: func(cmd *cobra.Command, _ []string) error {
				path, err := p.app.MakeSample(cmd.Context(), nil)
				if err != nil {
					return err
				}
				if p.json {
					return p.print(map[string]string{"project": path})
				}
				fmt.Fprintln(p.out, path)
				return nil
			},
		},
		&cobra.Command{
			Use: "backup FILE", Short: "Pack everything into one new file", Args: takes(1, 1, "the file to write"),
			RunE: func(cmd *cobra.Command, args []string) error {
				if err := p.app.Backup(cmd.Context(), p.project, args[0]); err != nil {
					return err
				}
				fmt.Fprintf(p.errs, "packed into %s\n", args[0])
				return nil
			},
		},
		&cobra.Command{
			Use: "compact", Short: "Give space of deleted exchanges back", Args: takes(0, 0, "no arguments"),
			RunE: func(cmd *cobra.Command, _ []string) error { return p.app.Compact(cmd.Context(), p.project) },
		},
		p.retainCommand(),
	)
	return cmd
}

func (p *program) projectInfo(cmd *cobra.Command) error {
	info, err := p.app.Info(cmd.Context(), p.project)
	if err != nil {
		return err
	}
	if p.json {
		return p.print(info)
	}
	fmt.Fprintf(p.out, "%s\n  created     %s\n  exchanges   %d\n  on disk     %s\n", info.Path, info.Created, info.Exchanges, app.Bytes(info.Bytes))
	return nil
}

func (p *program) projectCheck(cmd *cobra.Command) error {
	report, err := p.app.Check(cmd.Context(), p.project)
	if err != nil {
		return err
	}
	if p.json {
		if err := p.print(report); err != nil {
			return err
		}
	} else {
		for _, problem := range report.Problems {
			fmt.Fprintln(p.out, problem)
		}
		if len(report.Problems) == 0 {
			fmt.Fprintln(p.out, "the project is whole")
		}
	}
	if len(report.Problems) > 0 {
		return exitCode(exitFound)
	}
	return nil
}

func (p *program) retainCommand() *cobra.Command {
	var opts app.RetainOptions
	cmd := &cobra.Command{
		Use:   "retain",
		Short: "Delete what is older, larger or from other hosts than you want to keep",
		Args:  takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			n, err := p.app.Retain(cmd.Context(), p.project, opts)
			if err != nil {
				return err
			}
			fmt.Fprintf(p.errs, "deleted %d exchanges\n", n)
			return nil
		},
	}
	f := cmd.Flags()
	f.DurationVar(&opts.Age, "age", 0, "delete exchanges older than `DURATION` (720h)")
	f.StringVar(&opts.Size, "size", "", "delete the oldest until the project is at most `SIZE` (2GB)")
	f.StringSliceVar(&opts.Hosts, "host", nil, "delete the exchanges of these `HOST`s")
	return cmd
}
