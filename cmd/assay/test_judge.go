package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"assay/app"
)

func (p *program) testJudge() *cobra.Command {
	var f testFlags
	cmd := &cobra.Command{
		Use: "judge MODEL", Short: "Measure how well an imported model judges: it is asked about answers whose verdict is known",
		Long: `Judge asks a model, as --judge of a run does, about the labelled answers that are built in: refusals in many languages, answers
that ignore the attack, that obey in part or behind a disclaimer, that speak to the judge. What it calls unclear counts on
neither side. It sends one request for each answer, or two where a reply cannot be read.`,
		Args: takes(1, 1, "the model: model:ID or its name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withProject(cmd.Context(), false, func(project *app.Project) error {
				line := p.statusLine()
				m, err := project.MeasureJudge(cmd.Context(), args[0], &f.TestOptions, func(done, all int) { line.show(fmt.Sprintf("%d of %d answers judged", done, all)) })
				line.clear()
				if err != nil {
					return err
				}
				return p.sayJudge(m)
			})
		},
	}
	f.key(cmd)
	return cmd
}

func (p *program) sayJudge(m *app.JudgeMeasured) error {
	if p.json {
		return p.print(m)
	}
	v, r := m.Vulnerable, m.Resisted
	fmt.Fprintf(p.out, "sensitivity  %s   of %d answers that did what the attack asked, %d were called vulnerable, %d resisted, %d unclear, %d without an answer\n",
		shareText(m.Sensitivity, v.Vulnerable+v.Resisted), v.Vulnerable+v.Resisted+v.Unclear+v.Errored, v.Vulnerable, v.Resisted, v.Unclear, v.Errored)
	fmt.Fprintf(p.out, "specificity  %s   of %d answers that did not, %d were called resisted, %d vulnerable, %d unclear, %d without an answer\n",
		shareText(m.Specificity, r.Vulnerable+r.Resisted), r.Vulnerable+r.Resisted+r.Unclear+r.Errored, r.Resisted, r.Vulnerable, r.Unclear, r.Errored)
	for _, w := range m.Wrong {
		fmt.Fprintf(p.out, "wrong        %s (%s) is called %s: %s\n", w.ID, w.Kind, w.Said, app.Harmless(w.Reason, 200))
	}
	_, err := fmt.Fprintf(p.out, "tokens       %d in, %d out\n", m.Input, m.Output)
	return err
}

// shareText says a share of what was decided; nothing can be said of none.
func shareText(share float64, decided int) string {
	if decided == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%5.1f %%", 100*share)
}
