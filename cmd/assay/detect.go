package main

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) detectCommand() *cobra.Command {
	var opts app.DetectOptions
	cmd := &cobra.Command{
		Use:   "detect",
		Short: "Find attacks, leaks, secrets, personal data and refusals in texts: JSON lines in, JSON lines out",
		Long: `Detect reads {"id","text","role","prompt"} a line from standard input and writes {"id","injection","attack",
"techniques","refusal","spans":[{"kind","class","start","end","confidence"}],"us"} a line to standard output, in the same
order. Offsets count Unicode code points of the text; us is how many microseconds it took. Injection is 0 to 1; from 0.5 on
the text is taken for an attack on a model. It depends on the role: user (also where none is said), system, tool, document,
assistant. For the role assistant it says also whether the text declines ("refusal": none,
partial or full) and where (spans of kind "refusal"); it tells better with the prompt that the text answers. It says what in
it machines would carry out (class "output"), which links carry data away ("exfiltration"), and with {"system": "…"} what
of the system prompt it repeats ("leak").

Three more roles: description (of a tool: does it give orders?), call (the arguments of a call of the tool "name") and value
(of the parameter "name" of a request: SQL injection, script, paths, addresses).

A line that cannot be read is named on standard error and left out; the others go on, and the exit status is then 3.`,
		Args: takes(0, 0, "no arguments: it reads standard input"),
		RunE: func(cmd *cobra.Command, _ []string) error { return p.detect(cmd, opts) },
	}
	cmd.Flags().Float64Var(&opts.Least, "least", 0, "only findings at least as sure, 0 to 1")
	return cmd
}

func (p *program) detect(cmd *cobra.Command, opts app.DetectOptions) error {
	if opts.Least < 0 || opts.Least > 1 {
		return usage("assay detect: --least takes a number from 0 to 1")
	}
	if terminal(p.in) && !p.quiet {
		fmt.Fprintln(p.errs, "reading JSON lines from the terminal; Ctrl-D ends")
	}
	opts.BadLine = func(line int64, why error) {
		fmt.Fprintf(p.errs, "assay: line %d cannot be read: %s\n", line, app.Harmless(why.Error(), 200))
	}
	sum, err := app.Detect(cmd.Context(), p.in, p.out, opts)
	if errors.Is(err, syscall.EPIPE) {
		return nil // who reads had enough
	}
	if err != nil {
		return err
	}
	if sum.Bad > 0 {
		return &app.Error{
			Code: app.CodeInput, Message: fmt.Sprintf("%d of %d lines cannot be read", sum.Bad, sum.Lines),
			Hint: `a line is {"id": "1", "text": "…"}; all others were read`,
		}
	}
	return nil
}
