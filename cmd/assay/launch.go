package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"reflect"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) launchCommand() *cobra.Command {
	var opts app.RecordOptions
	cmd := &cobra.Command{
		Use:   "launch browser [NAME] | terminal | -- COMMAND…",
		Short: "Start a client that already uses and trusts the recorder",
		Long: `Launch starts a program, a terminal or a browser with everything it needs to use and trust the recorder that runs
(assay record). Nothing outside the started program is changed. Where no recorder runs, one is started on a free port
and ends with the program.

  assay launch -- node app.js
  assay launch -- python3 agent.py
  assay launch terminal                 a shell; --print bash prints its variables instead
  assay launch browser                  the first browser found, with a profile of its own`,
		Args: func(cmd *cobra.Command, args []string) error {
			if cmd.ArgsLenAtDash() != 0 || len(args) == 0 {
				return usage("assay launch takes browser, terminal, or -- and a command; for example `assay launch -- node app.js`")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.Project = p.project
			return p.launch(cmd.Context(), opts, func(ctx context.Context, l *app.Launcher) (*exec.Cmd, error) {
				return l.Command(ctx, args[0], args[1:]...)
			})
		},
	}
	recordFlags(cmd.PersistentFlags(), &opts, "listen", "") // for the recorder that is started where none runs
	cmd.AddCommand(p.launchTerminalCommand(&opts), p.launchBrowserCommand(&opts))
	return cmd
}

// launch runs one client to its end and passes its exit code on.
func (p *program) launch(ctx context.Context, opts app.RecordOptions, prepare func(context.Context, *app.Launcher) (*exec.Cmd, error)) error {
	l, err := p.app.Launcher(ctx, opts)
	if err != nil {
		return err
	}
	if !p.quiet {
		how := "through the recorder at"
		if l.Own() {
			how = "no recorder is running, so one was started at"
		}
		fmt.Fprintf(p.errs, "assay: %s %s, into %s\n", how, l.Listen, l.Project)
	}
	asked := opts
	asked.Project, asked.Listen = "", ""
	if !l.Own() && !reflect.DeepEqual(asked, app.RecordOptions{Guard: "off"}) {
		fmt.Fprintf(p.errs, "assay: options of a recorder have no effect here: the one at %s runs with its own\n", l.Listen)
	}
	err = p.runClient(ctx, l, prepare)
	return errors.Join(err, l.Close())
}

func (p *program) runClient(ctx context.Context, l *app.Launcher, prepare func(context.Context, *app.Launcher) (*exec.Cmd, error)) error {
	client, err := prepare(ctx, l)
	if err != nil {
		return err
	}
	client.Stdin, client.Stdout, client.Stderr = p.in, p.out, p.errs
	if err := client.Run(); err != nil {
		if ended, ok := errors.AsType[*exec.ExitError](err); ok && ended.ExitCode() >= 0 {
			return exitCode(ended.ExitCode())
		}
		if ctx.Err() != nil {
			return nil
		}
		return &app.Error{Code: app.CodeFailed, Message: "cannot start " + client.Path, Err: err}
	}
	return nil
}

func (p *program) launchTerminalCommand(opts *app.RecordOptions) *cobra.Command {
	var print string
	cmd := &cobra.Command{
		Use:   "terminal",
		Short: "Open a shell whose programs use and trust the recorder",
		Args:  takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			opts.Project = p.project
			if print == "" {
				return p.launch(cmd.Context(), *opts, func(ctx context.Context, l *app.Launcher) (*exec.Cmd, error) {
					return l.Terminal(ctx)
				})
			}
			l, err := p.app.Launcher(cmd.Context(), *opts)
			if err != nil {
				return err
			}
			if l.Own() {
				return errors.Join(l.Close(), usage("--print is for a recorder that runs; start `%s record` first", os.Args[0]))
			}
			text, err := l.Script(print)
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(p.out, text)
			return err
		},
	}
	cmd.Flags().StringVar(&print, "print", "", "print the variables for this `SHELL` (bash, fish, powershell, cmd) instead")
	return cmd
}

func (p *program) launchBrowserCommand(opts *app.RecordOptions) *cobra.Command {
	var url string
	cmd := &cobra.Command{
		Use:   "browser [NAME]",
		Short: "Open Chrome, Chromium, Edge, Brave or Firefox with a profile of its own",
		Args:  takes(0, 1, "at most one browser"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.Project = p.project
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			return p.launch(cmd.Context(), *opts, func(ctx context.Context, l *app.Launcher) (*exec.Cmd, error) {
				return l.Browser(ctx, name, url)
			})
		},
	}
	cmd.Flags().StringVar(&url, "url", "", "open this `URL`")
	return cmd
}
