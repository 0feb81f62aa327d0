package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) threatsActors() *cobra.Command {
	var o app.ActorOptions
	cmd := &cobra.Command{
		Use: "actors", Short: "List whoever sent the traffic, the riskiest first", Args: takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			rows, err := p.app.Actors(cmd.Context(), p.project, o)
			if err != nil {
				return err
			}
			return list(p, rows, "no actors", "ACTOR\tRISK\tEXCHANGES\tREFUSED\tFAILED\tTOKENS\tUSD\tFIRST\tLAST", func(w io.Writer, a **app.Actor) {
				actorLine(w, *a)
			})
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&o.Kinds, "kind", nil, "only those told apart by `KIND`: key, user, cookie, client or address")
	f.StringVar(&o.Text, "text", "", "only those with this text in key or name")
	f.IntVar(&o.Limit, "limit", 0, "at most `N`")
	return cmd
}

func actorLine(w io.Writer, a *app.Actor) {
	fmt.Fprintf(w, "%s\t%.2f\t%d\t%d\t%d\t%d\t%.4f\t%s\t%s\n", app.Harmless(string(a.Key), 60), a.Risk, a.Exchanges, a.Refused, a.Failed, a.Input+a.Output,
		float64(a.Cost)/1e6, a.First.UTC().Format("2006-01-02T15:04"), a.Last.UTC().Format("2006-01-02T15:04"))
}

func (p *program) threatsActor() *cobra.Command {
	return &cobra.Command{
		Use: "actor KEY", Short: "Show one actor: what is usual of it, what it uses, its threats", Args: takes(1, 1, "the key of an actor"),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := p.app.Actor(cmd.Context(), p.project, args[0])
			if err != nil {
				return err
			}
			if p.json {
				return p.print(a)
			}
			return p.sayActor(a)
		},
	}
}

func (p *program) sayActor(a *app.ActorDetail) error {
	fmt.Fprintf(p.out, "%s\n  risk %.2f of 1, %s, %d refused, %d failed, %d tokens, $%.4f\n  from %s to %s\n", app.Harmless(string(a.Key), 160), a.Risk,
		number(a.Exchanges, "exchange"), a.Refused, a.Failed, a.Input+a.Output, float64(a.Cost)/1e6,
		a.First.UTC().Format("2006-01-02 15:04"), a.Last.UTC().Format("2006-01-02 15:04"))
	if a.Learning != "" {
		fmt.Fprintf(p.out, "  %s\n", a.Learning)
	}
	for _, u := range a.Baseline {
		fmt.Fprintf(p.out, "  %s: usually %g to %g, now %g (of %d)\n", app.Harmless(u.Measure, 60), u.Low, u.High, u.Now, u.Of)
	}
	for _, of := range []struct {
		name  string
		count map[string]int64
	}{{"endpoints", a.Endpoints}, {"models", a.Models}, {"tools", a.Tools}} {
		names := slices.SortedFunc(maps.Keys(of.count), func(x, y string) int {
			if of.count[x] != of.count[y] {
				return int(of.count[y] - of.count[x])
			}
			return strings.Compare(x, y)
		})
		for i, name := range names[:min(len(names), 8)] {
			head := ""
			if i == 0 {
				head = of.name
			}
			fmt.Fprintf(p.out, "  %-10s %6d  %s\n", head, of.count[name], app.Harmless(name, 120))
		}
	}
	if len(a.Threats) == 0 {
		return nil
	}
	fmt.Fprintln(p.out)
	return list(p, a.Threats, "", threatHeads, threatLine)
}

func (p *program) threatsIdentify() *cobra.Command {
	var by []string
	cmd := &cobra.Command{
		Use: "identify [--by LIST]", Short: "Say by what actors are told apart, and watch everything anew", Args: takes(0, 0, "no arguments"),
		Long: `Say by what actors are told apart: the first of these that an exchange has names its actor. Everything is then watched anew.
Without --by it says what holds now; --by default is the usual way: key,user,cookie,client,address.

  assay threats identify --by user,key`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("by") {
				now, err := p.app.Identity(cmd.Context(), p.project)
				if err != nil {
					return err
				}
				if p.json {
					return p.print(now)
				}
				fmt.Fprintln(p.out, strings.Join(now, ","))
				return nil
			}
			if len(by) == 1 && by[0] == "default" {
				by = nil
			}
			return p.app.Identify(cmd.Context(), p.project, by, p.progressOf("watching anew"))
		},
	}
	cmd.Flags().StringSliceVar(&by, "by", nil, "`LIST` of key, user, cookie, client, address, the first that is there counts")
	return cmd
}
