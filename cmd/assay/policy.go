package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"assay/app"
)

func (p *program) policyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "What the guard does with what: ls, add, set, on, off, rm, check, preview, presets, rulings, waiting, answer",
		Long: `A policy says what the guard does with what: it monitors, throttles, redacts, asks a person or blocks. Policies are
kept in the project and obeyed by 'assay record --guard monitor|enforce'; a recorder at work obeys a change at once.

  assay policy presets                                  policies worth beginning with
  assay policy add --name "No keys" --action redact --type secret
  assay policy check --text "ignore your instructions"  what the policies would do with a text
  assay policy preview                                  what they would have done with what was recorded`,
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		p.policyList(), p.policyAdd(), p.policySet(), p.policySwitch("on", true), p.policySwitch("off", false), p.policyRemove(),
		p.policyCheck(), p.policyPreview(), p.policyPresets(), p.policyRulings(), p.policyWaiting(), p.policyAnswer(),
	)
	return cmd
}

// policies says how many.
func policies(n int) string {
	if n == 1 {
		return "1 policy"
	}
	return fmt.Sprintf("%d policies", n)
}

const policyHeads = "ID\tON\tACTION\tSIDE\tNAME\tWHAT"

func policyLine(w io.Writer, one *app.Policy) {
	on, side := "off", string(one.Side)
	if one.On {
		on = "on"
	}
	if side == "" {
		side = "both"
	}
	fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\n", one.ID, on, one.Action, side, app.Harmless(one.Name, 50), app.Harmless(app.PolicyWords(one), 100))
}

func (p *program) policyList() *cobra.Command {
	return &cobra.Command{
		Use: "ls", Short: "List the policies of the project", Args: takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			rows, err := p.app.Policies(cmd.Context(), p.project)
			if err != nil {
				return err
			}
			return list(p, rows, "the project has no policies: `assay policy presets` shows some to begin with", policyHeads, policyLine)
		},
	}
}

// policyOptions are the fields of a policy as options.
type policyOptions struct {
	one      app.Policy
	action   string
	side     string
	signs    []string
	budget   string
	patience time.Duration
	on, off  bool
	file     string
}

func (o *policyOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.one.Name, "name", "", "what it is called, which clients and rulings are told")
	f.StringVar(&o.action, "action", "", "`ACTION`: "+strings.Join(app.Actions, ", "))
	f.StringVar(&o.side, "side", "", "only one side of an exchange: request or answer")
	f.StringVar(&o.one.Where, "where", "", "only exchanges that the `FILTER` selects, by what is known before the answer: host:api.example.com, model:gpt-*")
	f.StringSliceVar(&o.signs, "sign", nil, "any of these `KINDS` of sign: "+strings.Join(app.SignKinds, ", "))
	f.StringSliceVar(&o.one.Rules, "rule", nil, "any of these `RULES` that look at one exchange (assay threats rules)")
	f.StringSliceVar(&o.one.Types, "type", nil, "any of these `TYPES` of sensitive data, or personal, or secret")
	f.StringSliceVar(&o.one.Tools, "tool", nil, "calls of any of these `TOOLS`; * stands for any letters")
	f.StringSliceVar(&o.one.Models, "model", nil, "any of these `MODELS`; * stands for any letters")
	f.Float64Var(&o.one.Least, "least", 0, "only signs at least as sure, 0 to 1 (0: 0.5)")
	f.StringVar(&o.budget, "budget", "", "what is more than this: `\"200 requests/1h per actor\"`, \"100000 tokens/day per model\", \"$5/24h per all\"")
	f.BoolVar(&o.one.Finish, "finish", false, "a blocked answer ends as if the model refused, in place of an error")
	f.BoolVar(&o.one.FailClosed, "fail-closed", false, "stop what cannot be looked at in time; otherwise it passes")
	f.DurationVar(&o.patience, "patience", 0, "how long a person is waited for (0: a minute)")
	f.StringVar(&o.one.Say, "say", "", "what the client is told, in place of a sentence that names the policy")
	f.BoolVar(&o.on, "on", false, "switch it on (a new one is)")
	f.BoolVar(&o.off, "off", false, "keep it and switch it off")
}

// into writes the options that were given over a policy.
func (o *policyOptions) into(one *app.Policy, f *pflag.FlagSet) error {
	if o.on && o.off {
		return usage("a policy is either --on or --off")
	}
	for name, set := range map[string]func(){
		"name": func() { one.Name = o.one.Name }, "where": func() { one.Where = o.one.Where }, "rule": func() { one.Rules = o.one.Rules },
		"type": func() { one.Types = o.one.Types }, "tool": func() { one.Tools = o.one.Tools }, "model": func() { one.Models = o.one.Models },
		"least": func() { one.Least = o.one.Least }, "finish": func() { one.Finish = o.one.Finish }, "fail-closed": func() { one.FailClosed = o.one.FailClosed },
		"say": func() { one.Say = o.one.Say }, "on": func() { one.On = o.on }, "off": func() { one.On = !o.off },
		"action": func() { one.Action = app.Action(o.action) }, "side": func() { one.Side = app.Side(o.side) },
		"patience": func() { one.Patience = app.Duration(o.patience) },
	} {
		if f.Changed(name) {
			set()
		}
	}
	if f.Changed("sign") {
		one.Signs = nil
		for _, word := range o.signs {
			one.Signs = append(one.Signs, app.SignKind(word))
		}
	}
	if f.Changed("budget") {
		one.Budget = nil
		if o.budget != "" {
			budget, err := app.ParseAllowance(o.budget)
			if err != nil {
				return err
			}
			one.Budget = budget
		}
	}
	return nil
}

func (p *program) policyAdd() *cobra.Command {
	var o policyOptions
	cmd := &cobra.Command{
		Use: "add", Short: "Keep a policy, or those in a file", Args: takes(0, 0, "no arguments, only options"),
		Long: `Add keeps a policy that is described by options, or every policy of a file of JSON or YAML (--file; - is standard
input). All that is named has to hold; within one option any of the words is enough. A policy that cannot be carried out is
refused with what is wrong with it, and then nothing of a file is kept.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			read := []app.Policy{{On: true}}
			if err := o.into(&read[0], cmd.Flags()); err != nil {
				return err
			}
			if o.file != "" {
				if cmd.Flags().Changed("name") || cmd.Flags().Changed("action") {
					return usage("assay policy add takes either --file or the fields of a policy")
				}
				var err error
				if read, err = p.policiesFrom(o.file); err != nil {
					return err
				}
			}
			err := p.policyKeep(cmd.Context(), read, "added")
			return wrongUse(err, o.file == "")
		},
	}
	o.flags(cmd.Flags())
	cmd.Flags().StringVar(&o.file, "file", "", "a `FILE` of policies, JSON or YAML")
	return cmd
}

// wrongUse is an error as that of wrong options, where what is wrong was said by options.
func wrongUse(err error, options bool) error {
	if options && app.CodeOf(err) == app.CodeInput {
		return usage("%v", err)
	}
	return err
}

func (p *program) policiesFrom(name string) ([]app.Policy, error) {
	in, _, err := p.source(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return app.ReadPolicies(in, name)
}

// policyLineID is a line of `assay policy add --json`.
type policyLineID struct {
	ID   app.PolicyID `json:"id"`
	Name string       `json:"name"`
}

// policyKeep saves policies and says so.
func (p *program) policyKeep(ctx context.Context, kept []app.Policy, done string) error {
	ids, err := p.app.SavePolicies(ctx, p.project, kept)
	if err != nil {
		return err
	}
	for i, id := range ids {
		if p.json {
			if err := p.print(policyLineID{id, kept[i].Name}); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(p.errs, "%s policy %d: %s (%s: %s)\n", done, id, app.Harmless(kept[i].Name, 60), kept[i].Action, app.Harmless(app.PolicyWords(&kept[i]), 100))
	}
	return nil
}

func (p *program) policySet() *cobra.Command {
	var o policyOptions
	cmd := &cobra.Command{
		Use: "set ID", Short: "Change what is named of a policy; the rest stays", Args: takes(1, 1, "the number of a policy"),
		RunE: func(cmd *cobra.Command, args []string) error {
			named, err := p.policiesNamed(cmd.Context(), args)
			if err != nil {
				return err
			}
			if err := o.into(&named[0], cmd.Flags()); err != nil {
				return err
			}
			return wrongUse(p.policyKeep(cmd.Context(), named, "changed"), true)
		},
	}
	o.flags(cmd.Flags())
	return cmd
}

func (p *program) policiesNamed(ctx context.Context, words []string) ([]app.Policy, error) {
	ids, err := app.ParsePolicyIDs(words)
	if err != nil {
		return nil, err
	}
	return p.app.PoliciesOf(ctx, p.project, ids)
}

func (p *program) policySwitch(word string, on bool) *cobra.Command {
	return &cobra.Command{
		Use: word + " ID…", Short: "Switch policies " + word, Args: takes(1, -1, "numbers of policies"),
		RunE: func(cmd *cobra.Command, args []string) error {
			named, err := p.policiesNamed(cmd.Context(), args)
			if err != nil {
				return err
			}
			for i := range named {
				named[i].On = on
			}
			return p.policyKeep(cmd.Context(), named, "switched "+word)
		},
	}
}

func (p *program) policyRemove() *cobra.Command {
	return &cobra.Command{
		Use: "rm ID…", Short: "Forget policies; what they did stays", Args: takes(1, -1, "numbers of policies"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ids, err := app.ParsePolicyIDs(args)
			if err != nil {
				return err
			}
			if err := p.app.RemovePolicies(cmd.Context(), p.project, ids); err != nil {
				return err
			}
			fmt.Fprintln(p.errs, "removed "+policies(len(ids)))
			return nil
		},
	}
}
