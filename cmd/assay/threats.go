package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) threatsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "threats",
		Short: "What the watch saw: ls, show, rules, replay, harmless, set, exceptions, actors, actor, identify",
		Long: `The watch looks at recorded and imported traffic, as it comes: rules say what is an attack, abuse or a leak, and baselines
say what is unusual of whoever sends it. docs/threats.md is the guide.

  assay threats ls --severity critical,high
  assay threats show 3
  assay threats replay --project other.assay
  assay threats harmless 3 --actor --reason "our own scanner"
  assay threats rules set id-enumeration --threshold 100`,
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.threatsList(), p.threatsShow(), p.threatsReplay(), p.threatsSet(), p.threatsHarmless(), p.threatsExceptions(),
		p.threatsRules(), p.threatsActors(), p.threatsActor(), p.threatsIdentify())
	return cmd
}

func (p *program) threatsList() *cobra.Command {
	var o app.ThreatOptions
	cmd := &cobra.Command{
		Use: "ls", Short: "List threats, the worst first", Args: takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			rows, err := p.app.Threats(cmd.Context(), p.project, o)
			if err != nil {
				return err
			}
			return list(p, rows, "no threats", threatHeads, threatLine)
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&o.States, "state", nil, "only those that are new, confirmed, harmless or closed")
	f.StringSliceVar(&o.Severity, "severity", nil, "only those of this `SEVERITY`; may be repeated")
	f.StringSliceVar(&o.Rules, "rule", nil, "only those of the rule `ID`")
	f.StringArrayVar(&o.Actors, "actor", nil, "only those of the actor `KEY`")
	f.StringVar(&o.Since, "since", "", "only those last seen at `TIME` or after: -15m, today, 2026-01-31")
	f.BoolVar(&o.Slow, "slow", false, "only those that came together over hours or days")
	f.StringVar(&o.Text, "text", "", "only those with this text in title, rule, actor, host, model or note")
	return cmd
}

const threatHeads = "ID\tSEVERITY\tSTATE\tRULE\tACTOR\tCOUNT\tFIRST\tLAST\tSEEN"

func threatLine(w io.Writer, t *app.ThreatRow) {
	slow := ""
	if t.Slow {
		slow = " (slow)"
	}
	fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s%s\n", t.ID, t.Severity, t.State, app.Harmless(t.Rule, 50), app.Harmless(t.Actor, 40), t.Count, t.First, t.Last,
		app.Harmless(t.Seen, 100), slow)
}

func (p *program) threatsShow() *cobra.Command {
	return &cobra.Command{
		Use: "show ID", Short: "Show one threat: what was seen, what is usual, its timeline, and what to do", Args: takes(1, 1, "the id of a threat"),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := p.app.Threat(cmd.Context(), p.project, args[0])
			if err != nil {
				return err
			}
			return p.sayThreat(t)
		},
	}
}

// sayThreat prints one threat with its timeline.
func (p *program) sayThreat(t *app.ThreatDetail) error {
	if p.json {
		return p.print(t)
	}
	fmt.Fprintf(p.out, "%d  %s  %s\n", t.ID, strings.ToUpper(t.Severity), app.Harmless(t.Title, 200))
	say := func(name, text string) {
		if text != "" {
			fmt.Fprintf(p.out, "  %-9s %s\n", name, app.Harmless(text, 600))
		}
	}
	say("rule", t.Rule)
	say("items", strings.Join(append(append(append([]string{}, t.OWASP...), t.ASI...), t.ATLAS...), " "))
	say("actor", t.Actor)
	say("host", t.Host)
	say("model", t.Model)
	say("state", t.State)
	say("note", t.Note)
	say("seen", t.Seen)
	say("usual", t.Usual)
	say("when", fmt.Sprintf("%s to %s, %s", t.First, t.Last, number(int64(t.Count), "time")))
	if t.Slow {
		say("slow", "it came together out of faint signs; there was enough of them at "+t.Raised)
	}
	say("advice", t.Advice)
	fmt.Fprintln(p.out, "  timeline")
	for i := range t.Timeline {
		m := &t.Timeline[i]
		exchange := ""
		if m.Exchange != "" {
			exchange = "exchange " + m.Exchange
		}
		fmt.Fprintf(p.out, "    %s  %-14s %5.2f  %s\n", m.At, exchange, m.Weight, app.Harmless(m.What, 160))
		for _, s := range m.Signs {
			fmt.Fprintf(p.out, "    %*s%s\n", 39, "", app.Harmless(signText(&s), 160))
		}
	}
	if t.Dropped > 0 {
		fmt.Fprintf(p.out, "    and %s in between that %s no longer kept\n", number(int64(t.Dropped), "line"), isAre(t.Dropped))
	}
	return nil
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// signText says what a detector saw, and where.
func signText(s *app.Sign) string {
	what := string(s.Kind)
	if s.Name != "" {
		what += " " + s.Name
	}
	return fmt.Sprintf("%s at %s of the %s (%.2f): %s", what, s.Where, s.Side, s.Score, s.Why)
}

func (p *program) threatsSet() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use: "set ID… STATE", Short: "Say what you hold of threats: new, confirmed, harmless or closed", Args: takes(2, -1, "ids of threats and a state"),
		RunE: func(cmd *cobra.Command, args []string) error {
			last := len(args) - 1
			if err := p.app.SetThreats(cmd.Context(), p.project, args[:last], args[last], reason); err != nil {
				return err
			}
			fmt.Fprintf(p.errs, "%s set to %s\n", number(int64(last), "threat"), args[last])
			return nil
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, kept as the note")
	return cmd
}

func (p *program) threatsHarmless() *cobra.Command {
	var o app.HarmlessOptions
	cmd := &cobra.Command{
		Use: "harmless ID", Short: "Say that a threat is harmless: its rule does not speak of it again", Args: takes(1, 1, "the id of a threat"),
		Long: `Say that a threat is harmless. It is marked so, and from now on its rule is silent: about everything, or only about the
actor of this threat (--actor), or only about exchanges that a filter selects (--where).

  assay threats harmless 3 --actor --reason "our own scanner"
  assay threats harmless 3 --where 'host:staging.example'`,
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := p.app.Harmless(cmd.Context(), p.project, args[0], o)
			if err != nil {
				return err
			}
			if p.json {
				return p.print(e)
			}
			fmt.Fprintf(p.errs, "exception %d: %s\n", e.ID, exceptionText(&e))
			return nil
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.Actor, "actor", false, "only for the actor of this threat")
	f.StringVar(&o.Where, "where", "", "only for exchanges that `FILTER` selects")
	f.StringVar(&o.Reason, "reason", "", "why")
	return cmd
}

func exceptionText(e *app.Exception) string {
	text := "rule " + e.Rule
	if e.Actor != "" {
		text += ", of " + string(e.Actor)
	}
	if e.Where != "" {
		text += ", where " + e.Where
	}
	return app.Harmless(text, 200)
}

func (p *program) threatsExceptions() *cobra.Command {
	cmd := &cobra.Command{
		Use: "exceptions", Short: "What you called harmless: ls, rm", Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(&cobra.Command{
		Use: "ls", Short: "List exceptions, the newest first", Args: takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			rows, err := p.app.Exceptions(cmd.Context(), p.project)
			if err != nil {
				return err
			}
			return list(p, rows, "no exceptions", "ID\tADDED\tWHAT\tWHY", func(w io.Writer, e *app.Exception) {
				fmt.Fprintf(w, "%d\t%s\t%s\t%s\n", e.ID, e.Added.UTC().Format("2006-01-02"), exceptionText(e), app.Harmless(e.Reason, 100))
			})
		},
	}, &cobra.Command{
		Use: "rm ID", Short: "Let the rule speak again", Args: takes(1, 1, "the id of an exception"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.app.RemoveException(cmd.Context(), p.project, args[0])
		},
	})
	return cmd
}
