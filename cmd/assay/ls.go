package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) lsCommand() *cobra.Command {
	var opts app.ListOptions
	cmd := &cobra.Command{
		Use:   "ls [QUERY]",
		Short: "List exchanges, newest last",
		Long: `Ls lists exchanges. A query selects them: fields, words, and, or, not. Examples:

  assay ls provider:openai and tokens>1000
  assay ls 'host:api.anthropic.com status>=400 age:<2h'
  assay ls '"refund policy"'            what was said, in any role
  assay ls tool:get_weather stream:yes

docs/query.md has the whole language.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				opts.Query = strings.TrimSpace(opts.Query + " " + strings.Join(args, " "))
			}
			return p.ls(cmd.Context(), opts)
		},
	}
	f := cmd.Flags()
	f.StringVar(&opts.Query, "query", "", "the filter `Q`")
	f.IntVar(&opts.Limit, "limit", 100, "at most `N` exchanges, the newest; 0 means all")
	f.StringVar(&opts.After, "after", "", "only exchanges after this `ID`, oldest first")
	f.BoolVar(&opts.Explain, "explain", false, "say in words what the query selects")
	return cmd
}

func (p *program) ls(ctx context.Context, opts app.ListOptions) error {
	if opts.Explain {
		text, err := app.ExplainQuery(opts.Query)
		if err != nil {
			return err
		}
		fmt.Fprintln(p.errs, text)
	}
	if p.json {
		return p.app.List(ctx, p.project, opts, func(l *app.Line) error { return p.print(l) })
	}
	table := newTable(p.out)
	n := 0
	err := p.app.List(ctx, p.project, opts, func(l *app.Line) error {
		n++
		table.row(l)
		return nil
	})
	if err != nil {
		return err
	}
	if err := table.flush(); err != nil {
		return err
	}
	switch {
	case n == 0 && opts.Query != "":
		fmt.Fprintln(p.errs, "no exchange is selected by this query")
	case n == 0:
		fmt.Fprintln(p.errs, "the project is empty: `assay record` fills it")
	case opts.Limit > 0 && n == opts.Limit:
		fmt.Fprintf(p.errs, "%d shown; --limit 0 shows all\n", n)
	}
	return nil
}

// table prints exchanges for people: one line each, columns aligned, text from the wire made harmless.
type table struct {
	w     *tabwriter.Writer
	begun bool
}

func newTable(out io.Writer) *table {
	return &table{w: tabwriter.NewWriter(out, 2, 8, 2, ' ', 0)}
}

func (t *table) row(l *app.Line) {
	if !t.begun {
		t.begun = true
		fmt.Fprintln(t.w, "ID\tTIME\tCLIENT\tWHO\tMODEL\tSTATUS\tTOKENS\tTIME TO FIRST\tTOOK\tWHAT")
	}
	at, err := time.Parse(time.RFC3339Nano, l.Started)
	started := dash(l.Started)
	if err == nil {
		started = at.Local().Format("15:04:05")
	}
	who := l.Provider
	if who == "" {
		who = l.Host
	}
	fmt.Fprintf(t.w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
		l.ID, started, dash(l.Client), dash(app.Harmless(who, 32)), dash(app.Harmless(l.Model, 28)), statusWords(l), tokens(l),
		millis(l.TTFT), millis(l.Duration), what(l))
}

func (t *table) flush() error { return t.w.Flush() }

func statusWords(l *app.Line) string {
	switch l.State {
	case "open", "streaming", "failed":
		return l.State
	case "closed":
		return fmt.Sprintf("%d closed", l.Status)
	}
	if l.Status == 0 {
		return dash("")
	}
	return fmt.Sprint(l.Status)
}

func tokens(l *app.Line) string {
	if l.InputTokens == nil && l.OutputTokens == nil {
		return dash("")
	}
	one := func(n *int64) string {
		if n == nil {
			return "?"
		}
		return fmt.Sprint(*n)
	}
	return one(l.InputTokens) + "→" + one(l.OutputTokens)
}

// what says in a few words what the exchange was about.
func what(l *app.Line) string {
	switch {
	case l.LastUser != "":
		text := "“" + app.Harmless(l.LastUser, 44) + "”"
		for _, c := range l.ToolCalls {
			text += " → " + app.Harmless(c.Name, 24) + "()"
		}
		return text
	case len(l.Prompts) > 0:
		return "“" + app.Harmless(l.Prompts[0], 44) + "”"
	case l.RPCMethod != "":
		return app.Harmless(strings.TrimSpace(l.RPCMethod+" "+l.RPCTool), 60)
	case l.Error != "":
		return app.Harmless(l.Error, 70)
	}
	return app.Harmless(l.Method+" "+l.URL, 60)
}

func millis(ms *float64) string {
	if ms == nil {
		return dash("")
	}
	if *ms >= 10000 {
		return fmt.Sprintf("%.1f s", *ms/1000)
	}
	if *ms < 10 {
		return fmt.Sprintf("%.1f ms", *ms)
	}
	return fmt.Sprintf("%.0f ms", *ms)
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
