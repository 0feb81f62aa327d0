package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"assay/app"
	"assay/lab"
)

// demoCommand is what `make run` starts until the window exists: the recorder, the practice target behind it, and a
// client that talks to it, so that there is something to see at once.
func (p *program) demoCommand() *cobra.Command {
	var opts app.RecordOptions
	var once bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Record a demo client talking to the practice target, show it, and keep recording",
		Args:  takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			target, err := lab.New(lab.Options{Pace: lab.DefaultPace, Logger: p.app.Log}).Start(ctx, "127.0.0.1:0", false)
			if err != nil {
				return err
			}
			opts.Project = p.project
			opts.Providers = append(opts.Providers, "lab="+target.URL())
			rec, err := p.app.Record(ctx, opts)
			if err != nil {
				return err
			}
			fmt.Fprintf(p.errs, "a demo client talks to the practice target (%s) through the recorder …\n\n", target.URL())
			err = p.demo(ctx, rec)
			if err == nil && !once {
				p.sayHow(rec)
				<-rec.Done(ctx)
			}
			return errors.Join(err, rec.Close())
		},
	}
	recordFlags(cmd.Flags(), &opts, "listen", app.DefaultListen)
	cmd.Flags().BoolVar(&once, "once", false, "stop after the demo")
	return cmd
}

// demo runs the client and shows what was recorded of it.
func (p *program) demo(ctx context.Context, rec *app.Recording) error {
	before, err := p.app.Demo(ctx, rec, "lab")
	if err != nil {
		return err
	}
	q := *p
	q.project = rec.Project()
	if err := q.ls(ctx, app.ListOptions{After: before}); err != nil {
		return err
	}
	fmt.Fprintf(p.errs, "\nthis is what `%s ls` shows; `%[1]s show ID` shows one as a conversation.\n\n", os.Args[0])
	return nil
}
