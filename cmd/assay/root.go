package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"assay/app"
)

// Exit codes, a contract of docs/cli.md.
const (
	exitDone   = 0
	exitFound  = 1 // done, and something was found that --fail-on names
	exitUsage  = 2
	exitFailed = 3
)

// program is what every command needs: the application, where to print, and the options all commands share.
type program struct {
	app     *app.App
	in      *os.File
	out     io.Writer
	errs    *os.File
	project string
	json    bool
	quiet   bool
	verbose bool
}

func execute(ctx context.Context, args []string, in, out, errs *os.File) int {
	p := &program{in: in, out: out, errs: errs}
	root := p.rootCommand()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	if err := root.ExecuteContext(ctx); err != nil {
		return p.fail(err)
	}
	return exitDone
}

// exitCode is returned by a command that has said everything itself.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit %d", int(c)) }

// fail says what went wrong on stderr, in one sentence, and picks the exit code.
func (p *program) fail(err error) int {
	if code, ok := errors.AsType[exitCode](err); ok {
		return int(code)
	}
	fmt.Fprintln(p.errs, "assay: "+strings.TrimSpace(err.Error()))
	if errors.Is(err, errUsage) || app.CodeOf(err) == app.CodeUsage {
		return exitUsage
	}
	return exitFailed
}

func (p *program) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "assay",
		Short: "Record, read and test the traffic of AI-backed APIs",
		Long: `Assay records the traffic between your programs and the language models behind them, reads every
conversation in it, and keeps it in one project file on this machine. Nothing leaves the machine.

Start with:  assay record            then, in another terminal:  assay launch -- node app.js`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       version,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return p.open(cmd)
		},
	}
	root.SetVersionTemplate("assay {{.Version}}\n")
	flags := root.PersistentFlags()
	flags.StringVar(&p.project, "project", os.Getenv("ASSAY_PROJECT"), "project `FILE` (default: $ASSAY_PROJECT, else the last one used)")
	flags.BoolVar(&p.json, "json", false, "print JSON on stdout and nothing else")
	flags.BoolVarP(&p.quiet, "quiet", "q", false, "no progress")
	flags.BoolVarP(&p.verbose, "verbose", "v", false, "say more on stderr")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return flagError(cmd, err) })
	root.AddCommand(
		p.recordCommand(), p.serveCommand(), p.launchCommand(), p.caCommand(), p.labCommand(), p.demoCommand(),
		p.importCommand(), p.exportCommand(), p.lsCommand(), p.showCommand(), p.analyseCommand(),
		p.inventoryCommand(), p.modelsCommand(), p.detectCommand(), p.typesCommand(), p.documentsCommand(), p.templatesCommand(),
		p.testCommand(), p.rolesCommand(), p.scopeCommand(), p.findingsCommand(), p.threatsCommand(), p.postureCommand(), p.requirementsCommand(), p.reportCommand(),
		p.policyCommand(), p.outletsCommand(),
		p.projectCommand(), p.doctorCommand(), manCommand(),
	)
	root.Args = noSuchCommand
	root.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	return root
}

// open makes the application ready before a command runs.
func (p *program) open(cmd *cobra.Command) error {
	home, err := p.home()
	if err != nil {
		return err
	}
	level := slog.LevelWarn
	if p.verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(p.errs, &slog.HandlerOptions{Level: level}))
	p.app = &app.App{Home: home, Log: log, Version: version}
	_ = cmd
	return nil
}

// home opens the folder of this installation. In an empty container there is no place for settings: then it is a folder
// beside what is worked on.
func (p *program) home() (*app.Home, error) {
	const beside = ".assay"
	if _, err := os.UserConfigDir(); err == nil || os.Getenv("ASSAY_HOME") != "" {
		return app.OpenHome("")
	}
	home, err := app.OpenHome(beside)
	if err == nil && !p.quiet {
		fmt.Fprintf(p.errs, "assay: $HOME is not set: settings and keys are in %s (ASSAY_HOME names another folder)\n", home.Dir())
	}
	return home, err
}

// terminal reports whether a person is looking at f.
func terminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// onTerminal reports whether what is printed reaches a terminal, which control characters of a body could command.
func (p *program) onTerminal() bool {
	f, ok := p.out.(*os.File)
	return ok && terminal(f)
}

// colour reports whether stdout takes colours (https://no-color.org).
func (p *program) colour() bool { return os.Getenv("NO_COLOR") == "" && p.onTerminal() }

// print writes one JSON document, a line of its own.
func (p *program) print(v any) error {
	enc := json.NewEncoder(p.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// errUsage marks errors that the command line was wrong.
var errUsage = errors.New("usage")

type usageError struct{ text string }

func (e *usageError) Error() string        { return e.text }
func (e *usageError) Is(target error) bool { return target == errUsage }

func usage(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// flagError names the wrong option and the nearest right one.
func flagError(cmd *cobra.Command, err error) error {
	text := err.Error()
	if wrong, ok := strings.CutPrefix(text, "unknown flag: --"); ok {
		var names []string
		collect := func(f *pflag.Flag) { names = append(names, f.Name) }
		cmd.Flags().VisitAll(collect)
		cmd.InheritedFlags().VisitAll(collect)
		if near := app.Nearest(wrong, names); near != "" {
			return usage("%s has no option --%s; did you mean --%s?", cmd.CommandPath(), wrong, near)
		}
		return usage("%s has no option --%s; `%s --help` lists them", cmd.CommandPath(), wrong, cmd.CommandPath())
	}
	return usage("%s: %s; `%s --help` says how", cmd.CommandPath(), text, cmd.CommandPath())
}

// noSuchCommand names the wrong command and the nearest right one.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range cmd.Commands() {
		names = append(names, sub.Name())
	}
	if near := app.Nearest(args[0], names); near != "" {
		return usage("%s has no command %q; did you mean %q?", cmd.CommandPath(), args[0], near)
	}
	return usage("%s has no command %q; `%s --help` lists them", cmd.CommandPath(), args[0], cmd.CommandPath())
}

// takes checks the number of arguments and says what is missing.
func takes(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least || (most >= 0 && len(args) > most) {
			return usage("%s takes %s; `%s --help` says how", cmd.CommandPath(), what, cmd.CommandPath())
		}
		return nil
	}
}
