package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) testCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "test",
		Short: "Attack a model or a recorded request: plan, run, resume, ls, show, compare, overrule, star, rm, matrix",
		Long: `Test sends attacks to a target, judges the answers, and keeps every request, answer and verdict in the project.

  assay test plan --target model:1 --suite quick             what would be sent, and what it would cost; sends nothing
  assay test run --target model:1 --suite quick              send it
  assay test run --target exchange:17 --template mail-forwarding --yes
  assay test resume 3                                        go on with a run that was paused or interrupted
  assay test show 3 --json > run.json
  assay test run --target model:1 --fail-on high --baseline run.json --sarif out.sarif --junit out.xml

A target is an imported model (assay models add), a recorded exchange, or a URL. Only hosts in scope are attacked: those
of --scope, those confirmed by --yes, those of "assay scope add", and this machine. docs/cli.md lists all options,
docs/ci.md shows a pipeline.`,
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		p.testPlan(), p.testRun(), p.testResume(), p.testList(), p.testShow(), p.testCompare(), p.testOverrule(), p.testStar(), p.testRemove(), p.testMatrix(), p.testJudge(),
	)
	return cmd
}

// testFlags are the options that say what is tested, and what is made of it.
type testFlags struct {
	app.TestOptions
	report   app.TestReportOptions
	baseline string
	severity string
	system   string
	keyStdin bool
}

// key holds the options for keys and certificates, as those of `assay models`.
func (f *testFlags) key(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.Key.Env, "key-env", "", "the environment `VAR`iable that holds the target's key")
	flags.BoolVar(&f.keyStdin, "key-stdin", false, "read the target's key from standard input")
	flags.BoolVar(&f.Spec.Recorded, "use-recorded-key", false, "send the credentials that were recorded (of an exchange they are sent anyway)")
	flags.StringVar(&f.Reach.CA, "ca", "", "trust the certificates in `FILE` (PEM) too")
	flags.DurationVar(&f.Spec.Patience, "timeout", 0, "how long one answer may take (default 1m)")
}

func (f *testFlags) scope(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringSliceVar(&f.Spec.Scope, "scope", nil, "a `HOST` that may be attacked (host, host:port or *.host); may be repeated")
	flags.BoolVarP(&f.Yes, "yes", "y", false, "confirm that the hosts of the targets may be attacked")
}

func (f *testFlags) budget(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.Int64Var(&f.Spec.Budget.Requests, "budget-requests", 0, "pause after `N` requests")
	flags.Int64Var(&f.Spec.Budget.Tokens, "budget-tokens", 0, "pause after `N` tokens, in and out")
	flags.Float64Var(&f.Spec.Budget.Dollars, "budget-usd", 0, "pause after `X` dollars, where prices are known")
	flags.DurationVar(&f.Spec.Budget.Time, "budget-time", 0, "pause after this `TIME` (default: what the suite says)")
}

func (f *testFlags) what(cmd *cobra.Command) {
	flags := cmd.Flags()
	s := &f.Spec
	flags.StringArrayVar(&s.Targets, "target", nil, "what is attacked: model:ID, exchange:ID or a `URL`; may be repeated")
	flags.StringSliceVar(&s.Suites, "suite", nil, "the suite `NAME`: quick, standard, deep, owasp-llm-top-10, agentic, api (default standard)")
	flags.StringSliceVar(&s.Templates, "template", nil, "the template `ID`")
	flags.StringSliceVar(&s.Tags, "tag", nil, "templates with the tag `T`")
	flags.StringSliceVar(&s.OWASP, "owasp", nil, "templates of the `ITEM`, as LLM06")
	flags.StringVar(&f.severity, "severity", "", "only templates of this `SEVERITY` or worse")
	flags.StringArrayVar(&s.Mutations, "mutation", nil, "also send every text changed so, as base64 or rot13|leet (`SPEC`)")
	flags.StringSliceVar(&s.Strategies, "strategy", nil, "also attack by conversation, thought up by --attacker: crescendo, pair, tap, goat, bad-likert (`NAME`)")
	flags.StringVar(&f.Templates, "templates", "", "templates of your own in `DIR`, beside those of the program")
	flags.IntVar(&s.Trials, "trials", 0, "how often each case is sent at most (default: what template and suite say)")
	flags.Float64Var(&s.Limit, "limit", 0, "the rate of success that matters, 0 to 1 (default: one success decides)")
	flags.Uint64Var(&s.Seed, "seed", 0, "of canaries and mutations (default: any)")
	flags.IntVar(&s.Concurrency, "concurrency", 0, "requests at once to one host")
	flags.Float64Var(&s.Rate, "rate", 0, "requests a second to one host (default: as fast as it goes)")
	flags.StringVar(&s.Role, "role", "", "the test `ROLE` whose credentials are used")
	flags.StringVar(&s.Other, "other", "", "a second test `ROLE`, to swap with")
	flags.StringVar(&f.system, "system", "", "the target's system prompt, from `FILE`: leaks are compared with it")
	flags.StringVar(&s.Judge, "judge", "", "ask this imported model (`model:ID`) where the rules cannot tell")
	flags.StringVar(&s.Attacker, "attacker", "", "the imported model (`model:ID`) that thinks up attacks for --strategy")
	flags.StringVar(&s.Authorisation, "authorisation", "", "who allowed this test: kept with the run, for the report")
	flags.StringVar(&f.Name, "name", "", "what the run is called")
	f.key(cmd)
	f.scope(cmd)
	f.budget(cmd)
}

func (f *testFlags) reports(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.report.FailOn, "fail-on", "", "end with 1 when something of this `SEVERITY` or worse is found")
	flags.StringVar(&f.baseline, "baseline", "", "what was found in this `RUN`, or in a file of `assay test show RUN --json`, fails nothing")
	flags.StringVar(&f.report.SARIF, "sarif", "", "write SARIF 2.1.0 to `FILE`")
	flags.StringVar(&f.report.JUnit, "junit", "", "write JUnit XML to `FILE`")
}

// mostSystem bounds a system prompt from a file.
const mostSystem = 1 << 20

// readTestFlags completes the options with what stands in files and on standard input.
func (p *program) readTestFlags(f *testFlags) error {
	if f.keyStdin && f.system == "-" {
		return usage("assay test: standard input cannot hold both the key and the system prompt")
	}
	for _, option := range []struct{ name, value string }{{"--severity", f.severity}, {"--fail-on", f.report.FailOn}} {
		if _, err := app.SeverityOf(option.name, option.value); err != nil {
			return err
		}
	}
	f.Spec.Severity, _ = app.SeverityOf("--severity", f.severity)
	if f.keyStdin {
		if err := p.takeKey("assay test", &f.Key); err != nil {
			return err
		}
	}
	if f.system == "" {
		return nil
	}
	text, err := p.readFile(f.system, mostSystem)
	if err != nil {
		return err
	}
	f.Spec.System = strings.TrimSpace(string(text))
	return nil
}

// hasURL reports whether a target needs nothing of the project.
func (f *testFlags) hasURL() bool {
	return slices.ContainsFunc(f.Spec.Targets, func(ref string) bool { return strings.Contains(ref, "://") })
}

func (p *program) testRun() *cobra.Command {
	var f testFlags
	cmd := &cobra.Command{
		Use: "run", Short: "Attack a target and judge its answers", Args: takes(0, 0, "options only"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := p.readTestFlags(&f); err != nil {
				return err
			}
			fresh := f.hasURL()
			return p.withProject(cmd.Context(), fresh, func(project *app.Project) error { return p.runTest(cmd.Context(), project, &f) })
		},
	}
	f.what(cmd)
	f.reports(cmd)
	return cmd
}

// withProject opens the project for writing, and closes it whatever happens. A new one is made only where fresh allows it: a
// model or an exchange is in none.
func (p *program) withProject(ctx context.Context, fresh bool, do func(*app.Project) error) error {
	if !fresh {
		if err := p.app.MustExist(ctx, p.project); err != nil {
			return err
		}
	}
	project, err := p.app.OpenProject(ctx, p.project)
	if err != nil {
		return err
	}
	err = do(project)
	if closing := project.Close(); err == nil {
		err = closing
	}
	return err
}

// frugal makes the collector work more often: a run in CI shares its machine, and its speed is that of its target. It
// took 116 MiB for 2,000 cases and takes 95 with it, at the same rate (make bench-peers).
func frugal() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(25)
	}
}

func (p *program) runTest(ctx context.Context, project *app.Project, f *testFlags) error {
	frugal()
	baseline, err := project.TestBaseline(ctx, f.baseline) // before the run: "latest" is not this one
	if err != nil {
		return err
	}
	f.report.Baseline = baseline
	f.Problems = p.sayProblems
	id, err := project.StartTest(ctx, f.TestOptions)
	if out, is := errors.AsType[*app.OutOfScope](err); is && p.confirm("may "+strings.Join(out.Hosts, ", ")+" be attacked? Only with the owner's permission [y/N] ") {
		f.Yes = true
		id, err = project.StartTest(ctx, f.TestOptions)
	}
	if err != nil {
		return err
	}
	return p.follow(ctx, project, id, f)
}

// confirm asks a person at a terminal; without one the answer is no.
func (p *program) confirm(question string) bool {
	if p.json || !terminal(p.in) || !terminal(p.errs) {
		return false
	}
	fmt.Fprint(p.errs, question)
	var answer string
	_, _ = fmt.Fscanln(p.in, &answer) // an empty line is a no
	return strings.EqualFold(answer, "y") || strings.EqualFold(answer, "yes")
}

func (p *program) testResume() *cobra.Command {
	var f testFlags
	var retry bool
	cmd := &cobra.Command{
		Use: "resume RUN", Short: "Go on with a run that was paused, stopped or interrupted", Args: takes(1, 1, "the number of a run, or latest"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := p.readTestFlags(&f); err != nil {
				return err
			}
			frugal()
			return p.withProject(cmd.Context(), false, func(project *app.Project) error {
				ctx := cmd.Context()
				id, err := project.RunIDOf(ctx, args[0])
				if err != nil {
					return err
				}
				if f.report.Baseline, err = project.TestBaseline(ctx, f.baseline); err != nil {
					return err
				}
				if retry {
					err = project.RetryTest(ctx, id, f.TestOptions)
				} else {
					err = project.ResumeTest(ctx, id, f.TestOptions)
				}
				if err != nil {
					return err
				}
				return p.follow(ctx, project, id, &f)
			})
		},
	}
	cmd.Flags().BoolVar(&retry, "retry", false, "send again what errored")
	f.key(cmd)
	f.scope(cmd)
	f.budget(cmd)
	f.reports(cmd)
	return cmd
}

func (p *program) testPlan() *cobra.Command {
	var f testFlags
	cmd := &cobra.Command{
		Use: "plan", Short: "Say what a test would send and cost; sends nothing", Args: takes(0, 0, "options only"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := p.readTestFlags(&f); err != nil {
				return err
			}
			fresh := f.hasURL()
			return p.withProject(cmd.Context(), fresh, func(project *app.Project) error {
				f.Problems = p.sayProblems
				plan, err := project.PlanTest(cmd.Context(), f.TestOptions)
				if err != nil {
					return err
				}
				if p.json {
					return p.print(app.PlanLineOf(plan))
				}
				p.sayPlan(plan)
				return nil
			})
		},
	}
	f.what(cmd)
	return cmd
}

// interrupted says how a run that Ctrl-C broke off goes on.
func (p *program) interrupted(id int64) error {
	fmt.Fprintf(p.errs, "assay: interrupted; what was answered is kept. Go on with: assay%s test resume %d\n", p.projectOption(), id)
	return exitCode(exitFailed)
}

func (p *program) projectOption() string {
	if p.project == "" || p.project == os.Getenv("ASSAY_PROJECT") {
		return ""
	}
	return " --project " + p.project
}
