package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"assay/app"
)

// checkOptions are the options of `assay policy check`.
type checkOptions struct {
	text, role, file, failOn string
	policies                 []string
}

func (p *program) policyCheck() *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use: "check --text TEXT", Short: "What the policies that are on would do with a text", Args: takes(0, 0, "no arguments: --text names the text"),
		Long: `Check asks policies what they would do with a text, and changes nothing. --text - reads it from standard input. The
role says who says it: what a system prompt may say is an attack in the result of a tool. An answer of a model has the role
assistant.`,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.check(cmd, &o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.text, "text", "", "the `TEXT`; - reads standard input")
	f.StringVar(&o.role, "role", "user", "who says it: "+strings.Join(app.CheckRoles, ", "))
	f.StringVar(&o.file, "file", "", "ask the policies in a `FILE` instead")
	f.StringSliceVar(&o.policies, "policy", nil, "ask these `ID`s instead, also where they are off")
	f.StringVar(&o.failOn, "fail-on", "", "exit with 1 when a policy would do this or more: "+strings.Join(app.Actions, ", "))
	return cmd
}

func (p *program) check(cmd *cobra.Command, o *checkOptions) error {
	if !cmd.Flags().Changed("text") {
		return usage("assay policy check takes a text: --text TEXT, or --text - to read standard input")
	}
	least := slices.Index(app.Actions, o.failOn)
	if o.failOn != "" && least < 0 {
		return usage("--fail-on takes one of %s", strings.Join(app.Actions, ", "))
	}
	if o.text == "-" {
		var b bytes.Buffer
		if _, err := io.Copy(&b, io.LimitReader(p.in, 64<<20)); err != nil {
			return err
		}
		o.text = b.String()
	}
	asked, err := p.consulted(cmd.Context(), o.file, o.policies)
	if err != nil {
		return err
	}
	c, err := p.app.CheckText(cmd.Context(), p.project, asked, o.text, o.role)
	if err != nil {
		return err
	}
	if p.json {
		err = p.print(c)
	} else {
		err = p.sayCheck(&c)
	}
	if err == nil && least >= 0 && app.Severest(c.Rulings) >= least {
		return exitCode(exitFound)
	}
	return err
}

// consulted returns the policies of a file, or those of the ids; none where neither is named.
func (p *program) consulted(ctx context.Context, file string, ids []string) ([]app.Policy, error) {
	if file != "" && len(ids) > 0 {
		return nil, usage("--file and --policy name policies in two ways; take one")
	}
	if file != "" {
		return p.policiesFrom(file)
	}
	if len(ids) > 0 {
		return p.policiesNamed(ctx, ids)
	}
	return nil, nil
}

func (p *program) sayCheck(c *app.TextCheck) error {
	switch {
	case c.Policies == 0:
		fmt.Fprintln(p.errs, "no policy is on: `assay policy on ID` switches one on, `assay policy presets` shows some")
		return nil
	case len(c.Rulings) == 0:
		fmt.Fprintf(p.out, "it passes: none of %s says anything\n", policies(c.Policies))
		return nil
	}
	return list(p, c.Rulings, "", rulingHeads, rulingLine)
}

const rulingHeads = "AT\tEXCHANGE\tPOLICY\tACTION\tDONE\tSIDE\tACTOR\tWHY"

func rulingLine(w io.Writer, r *app.Ruling) {
	at, exchange, done := "-", "-", "no"
	if !r.At.IsZero() {
		at = r.At.Local().Format("2006-01-02 15:04:05")
	}
	if r.Exchange != 0 {
		exchange = r.Exchange.String()
	}
	if r.Done {
		done = "yes"
	}
	if r.Answer != "" {
		done += ", " + r.Answer
	}
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", at, exchange, app.Harmless(r.Name, 40), r.Action, done, r.Side, dash(app.Harmless(string(r.Actor), 40)), app.Harmless(r.Reason, 140))
}

func (p *program) policyPreview() *cobra.Command {
	var query, file string
	var ids []string
	cmd := &cobra.Command{
		Use: "preview", Short: "What policies would have done with the recorded traffic", Args: takes(0, 0, "no arguments"),
		Long: `Preview replays what was recorded or imported through policies, oldest first, and changes nothing: those of the project
that are on, or those that --policy or --file name. Budgets are counted by the times of the exchanges. With --json it prints
a ruling a line, and at the end {"exchanges","touched","policies":[{"policy","name","action","rulings"}],"actions":{}}.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			asked, err := p.consulted(cmd.Context(), file, ids)
			if err != nil {
				return err
			}
			return p.preview(cmd.Context(), asked, query)
		},
	}
	f := cmd.Flags()
	f.StringVar(&query, "query", "", "only exchanges that the `FILTER` selects")
	f.StringVar(&file, "file", "", "replay through the policies in a `FILE` instead")
	f.StringSliceVar(&ids, "policy", nil, "replay through these `ID`s instead, also where they are off")
	return cmd
}

// mostPreview bounds how many rulings are listed for people.
const mostPreview = 200

func (p *program) preview(ctx context.Context, asked []app.Policy, query string) error {
	var shown []app.Ruling
	left := int64(0)
	each := func(r app.Ruling) error {
		if p.json {
			return p.print(r)
		}
		if len(shown) < mostPreview {
			shown = append(shown, r)
		} else {
			left++
		}
		return nil
	}
	var progress func(int64)
	if !p.json && !p.quiet && terminal(p.errs) {
		progress = func(n int64) { fmt.Fprintf(p.errs, "\r\x1b[K%s looked at", number(n, "exchange")) }
	}
	sum, err := p.app.PreviewPolicies(ctx, p.project, asked, query, progress, each)
	if progress != nil {
		fmt.Fprint(p.errs, "\r\x1b[K")
	}
	if err != nil {
		return err
	}
	if p.json {
		return p.print(sum)
	}
	if len(shown) > 0 {
		if err := list(p, shown, "", rulingHeads, rulingLine); err != nil {
			return err
		}
	}
	if left > 0 {
		fmt.Fprintf(p.errs, "and %s more; --json prints all\n", number(left, "ruling"))
	}
	fmt.Fprintf(p.errs, "%s looked at; the policies say something about %d of them\n", number(sum.Exchanges, "exchange"), sum.Touched)
	for i := range sum.Policies {
		one := &sum.Policies[i]
		fmt.Fprintf(p.errs, "  %s (%s): %s\n", app.Harmless(one.Name, 60), one.Action, number(one.Rulings, "ruling"))
	}
	return nil
}

func (p *program) policyPresets() *cobra.Command {
	var add, on bool
	cmd := &cobra.Command{
		Use: "presets [NAME]", Short: "Policies worth beginning with: list them, or --add those of a preset", Args: takes(0, 1, "at most the name of a preset"),
		RunE: func(cmd *cobra.Command, args []string) error {
			presets := app.Presets()
			names := slices.Sorted(maps.Keys(presets))
			if len(args) == 1 {
				name, err := presetNamed(args[0], names)
				if err != nil {
					return err
				}
				names = []string{name}
			} else if add || on {
				return usage("assay policy presets --add takes the name of a preset: %s", strings.Join(names, ", "))
			}
			if add || on {
				return p.presetAdd(cmd.Context(), presets[names[0]], on)
			}
			return p.showPresets(names, presets)
		},
	}
	cmd.Flags().BoolVar(&add, "add", false, "keep its policies in the project, off: preview says what they would have done")
	cmd.Flags().BoolVar(&on, "on", false, "keep them and switch them on")
	return cmd
}

// presetAdd keeps the policies of a preset.
func (p *program) presetAdd(ctx context.Context, preset []app.Policy, on bool) error {
	kept := slices.Clone(preset)
	for i := range kept {
		kept[i].On = kept[i].On || on
	}
	if err := p.policyKeep(ctx, kept, "added"); err != nil || p.json || on {
		return err
	}
	fmt.Fprintln(p.errs, "they are off: `assay policy preview --policy ID` says what they would have done, `assay policy on ID` switches one on")
	return nil
}

// presetNamed finds a preset by its name, as people write it.
func presetNamed(word string, names []string) (string, error) {
	plain := func(s string) string { return strings.ReplaceAll(strings.ToLower(s), "-", " ") }
	folded := make([]string, len(names))
	for i, name := range names {
		if folded[i] = plain(name); folded[i] == plain(word) {
			return name, nil
		}
	}
	if near := app.Nearest(plain(word), folded); near != "" {
		return "", usage("there is no preset %q; did you mean %q?", app.Harmless(word, 40), names[slices.Index(folded, near)])
	}
	return "", usage("there is no preset %q; there are %s", app.Harmless(word, 40), strings.Join(names, ", "))
}

// presetLine is a line of `assay policy presets --json`.
type presetLine struct {
	Preset string `json:"preset"`
	app.Policy
}

func (p *program) showPresets(names []string, presets map[string][]app.Policy) error {
	var lines []presetLine
	for _, name := range names {
		for _, one := range presets[name] {
			lines = append(lines, presetLine{name, one})
		}
	}
	return list(p, lines, "there are no presets", "PRESET\tON\tACTION\tSIDE\tNAME\tWHAT", func(w io.Writer, l *presetLine) {
		on := "off"
		if l.On {
			on = "on"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", l.Preset, on, l.Action, dash(string(l.Side)), app.Harmless(l.Name, 50), app.Harmless(app.PolicyWords(&l.Policy), 100))
	})
}

func (p *program) policyRulings() *cobra.Command {
	var o app.RulingOptions
	var since string
	var ids []string
	cmd := &cobra.Command{
		Use: "rulings", Short: "What the guard did, the newest first", Args: takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if since != "" {
				if o.Since, err = app.ParseSpan(since); err != nil {
					return err
				}
			}
			if o.Policies, err = app.ParsePolicyIDs(ids); err != nil {
				return err
			}
			rows, total, err := p.app.Rulings(cmd.Context(), p.project, o)
			if err != nil {
				return err
			}
			if err := list(p, rows, "the guard did nothing", rulingHeads, rulingLine); err != nil {
				return err
			}
			if left := total - len(rows); left > 0 && !p.json {
				fmt.Fprintf(p.errs, "and %s before these; --limit 0 lists all\n", number(int64(left), "ruling"))
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&since, "since", "", "only those of the last `TIME`: 15m, 24h, 7d")
	f.StringSliceVar(&o.Actions, "action", nil, "only of these `ACTIONS`: "+strings.Join(app.Actions, ", "))
	f.StringSliceVar(&ids, "policy", nil, "only of these policies")
	f.StringSliceVar(&o.Exchanges, "exchange", nil, "only about these exchanges")
	f.IntVar(&o.Limit, "limit", 100, "at most `N`; 0 means all")
	return cmd
}

func (p *program) policyWaiting() *cobra.Command {
	return &cobra.Command{
		Use: "waiting", Short: "What waits for a person in the recorder at work", Args: takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			rows, err := p.app.Waiting(cmd.Context(), p.project)
			if err != nil {
				return err
			}
			return list(p, rows, "nothing waits", "ID\tLEFT\tPOLICY\tSIDE\tACTOR\tWHAT\tWHY", func(w io.Writer, l *app.WaitingLine) {
				fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", l.ID, time.Until(l.Until).Round(time.Second), app.Harmless(l.Name, 40), l.Side, dash(app.Harmless(l.Actor, 40)),
					app.Harmless(l.Shown, 100), app.Harmless(l.Reason, 100))
			})
		},
	}
}

func (p *program) policyAnswer() *cobra.Command {
	return &cobra.Command{
		Use: "answer ID yes|no", Short: "Say yes or no to what waits", Args: takes(2, 2, "the number of what waits, and yes or no"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ids, err := app.ParsePolicyIDs(args[:1])
			if err != nil {
				return usage("%q is no number of what waits; `assay policy waiting` lists them", app.Harmless(args[0], 40))
			}
			if args[1] != "yes" && args[1] != "no" {
				return usage("the answer is yes or no")
			}
			if err := p.app.AnswerWaiting(cmd.Context(), p.project, int64(ids[0]), args[1] == "yes"); err != nil {
				return err
			}
			fmt.Fprintf(p.errs, "said %s to %s\n", args[1], args[0])
			return nil
		},
	}
}
