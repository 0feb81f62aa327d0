package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"assay/app"
)

// follow shows how far a run is until it ends, and then what it found.
func (p *program) follow(ctx context.Context, project *app.Project, id app.RunID, f *testFlags) error {
	line := p.statusLine()
	stop := make(chan struct{})
	shown := make(chan struct{})
	go func() {
		defer close(shown)
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				if at, ok := project.TestProgress(id); ok {
					line.show(progressWords(&at))
				}
			}
		}
	}()
	run, err := project.WaitTest(ctx, id)
	close(stop)
	<-shown
	line.clear()
	if err != nil && errors.Is(err, ctx.Err()) {
		project.InterruptTest(id)
		return p.interrupted(int64(id))
	}
	if err != nil {
		return err
	}
	result, err := project.ReportTest(context.WithoutCancel(ctx), id, f.report)
	if err != nil {
		return err
	}
	summary := app.SummaryOf(run)
	if p.json {
		err = p.print(summary)
	} else {
		err = p.sayRun(&summary, result)
	}
	if err != nil {
		return err
	}
	return p.verdict(&summary, result)
}

// verdict is the exit status of a run: 1 where something was found that --fail-on names, 3 where it did not come to its end
// or where half of it had no answer: a target that cannot be asked has resisted nothing.
func (p *program) verdict(s *app.TestSummary, r *app.TestReport) error {
	if len(r.Failing) > 0 {
		fmt.Fprintf(p.errs, "assay: %s that --fail-on names\n", number(int64(len(r.Failing)), "finding"))
		return exitCode(exitFound)
	}
	if s.State != "done" {
		why := s.Why
		if why == "" {
			why = s.State
		}
		more := ""
		if strings.Contains(why, "budget") {
			more = ", and a larger budget"
		}
		fmt.Fprintf(p.errs, "assay: the run is %s (%s), %s left. Go on with: assay%s test resume %d%s\n", s.State, app.Harmless(why, 200), number(int64(s.Pending), "case"),
			p.projectOption(), s.Run, more)
		return exitCode(exitFailed)
	}
	if s.Errored*2 >= max(s.Cases, 1) {
		why := ""
		if len(r.Faults) > 0 {
			why = ": " + strings.TrimSuffix(app.Harmless(r.Faults[0].Why, 300), ".")
		}
		fmt.Fprintf(p.errs, "assay: %d of %d cases had no answer%s; `assay test resume %d --retry` sends them again\n", s.Errored, s.Cases, why, s.Run)
		return exitCode(exitFailed)
	}
	return nil
}

// statusLine is one line on a terminal that is written over; nothing elsewhere.
type statusLine struct {
	p     *program
	width int
}

func (p *program) statusLine() *statusLine {
	if p.quiet || p.json || !terminal(p.errs) {
		return &statusLine{}
	}
	return &statusLine{p: p}
}

func (l *statusLine) show(text string) {
	if l.p == nil {
		return
	}
	pad := max(0, l.width-len(text))
	fmt.Fprint(l.p.errs, "\r"+text+strings.Repeat(" ", pad))
	l.width = len(text)
}

func (l *statusLine) clear() {
	if l.p != nil && l.width > 0 {
		fmt.Fprint(l.p.errs, "\r"+strings.Repeat(" ", l.width)+"\r")
	}
}

// progressWords is how far a run is, on one line.
func progressWords(at *app.TestProgress) string {
	t := &at.Tally
	done := t.Cases - t.Pending()
	text := fmt.Sprintf("%d of %d cases · %d vulnerable · %d unclear · %d errored", done, t.Cases, t.Vulnerable, t.Unclear, t.Errored)
	if at.Left.High > 0 {
		text += " · " + about(at.Left.Low, at.Left.High) + " left"
	}
	if at.Waiting != "" {
		text += " · " + app.Harmless(at.Waiting, 60)
	}
	return text
}

// about says a range of seconds for people.
func about(low, high float64) string {
	one := func(s float64) string {
		switch {
		case s < 1:
			return "less than a second"
		case s < 90:
			return fmt.Sprintf("%.0f s", s)
		case s < 5400:
			return fmt.Sprintf("%.0f min", s/60)
		}
		return fmt.Sprintf("%.1f h", s/3600)
	}
	a, b := one(low), one(high)
	switch {
	case a == b:
		return b
	case low < 1:
		return "up to " + b
	}
	return a + " to " + b
}

// sayRun tells a person what a run found, and what it did not test.
func (p *program) sayRun(s *app.TestSummary, r *app.TestReport) error {
	fmt.Fprintf(p.out, "run %d: %s\n", s.Run, app.Harmless(s.Name, 120))
	fmt.Fprintf(p.out, "%s: %d vulnerable, %d resisted (%d by a guard), %d unclear, %d errored", number(int64(s.Cases), "case"), s.Vulnerable, s.Resisted, s.Blocked, s.Unclear, s.Errored)
	if s.Pending > 0 {
		fmt.Fprintf(p.out, ", %d not sent", s.Pending)
	}
	cost := ""
	if s.Cost != nil && *s.Cost > 0 {
		cost = fmt.Sprintf(", $%.4f", *s.Cost)
	}
	fmt.Fprintf(p.out, "\n%s, %s%s, %s\n", number(s.Requests, "request"), number(s.Tokens, "token"), cost, (time.Duration(s.DurationMS) * time.Millisecond).Round(10*time.Millisecond))
	if err := p.foundTable(r); err != nil {
		return err
	}
	if n := len(r.Fixed); n > 0 {
		fmt.Fprintf(p.out, "\n%s of the baseline was not found any more\n", number(int64(n), "finding"))
	}
	p.sayFaults(r)
	p.saySkipped(r)
	return nil
}

func (p *program) foundTable(r *app.TestReport) error {
	if len(r.Found) == 0 {
		return nil
	}
	fmt.Fprintln(p.out)
	w := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
	fmt.Fprintln(w, "SEVERITY\tTEMPLATE\tTARGET\tCASES\tRATE\tSTATE\tWHY")
	for i := range r.Found {
		f := &r.Found[i]
		state := string(f.State)
		if !f.New {
			state = "in the baseline"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%.0f %% (%.0f..%.0f)\t%s\t%s\n", f.Severity, app.Harmless(f.Template, 50), app.Harmless(f.Target, 40), f.Cases,
			100*f.Rate, 100*f.Interval[0], 100*f.Interval[1], state, app.Harmless(f.Reason, 110))
	}
	return w.Flush()
}

// mostSaid is how many lines of one sort are shown to a person.
const mostSaid = 12

func (p *program) sayFaults(r *app.TestReport) {
	if len(r.Faults) == 0 {
		return
	}
	fmt.Fprintln(p.out, "\nno answer to judge:")
	for i, f := range r.Faults {
		if i == mostSaid {
			fmt.Fprintf(p.out, "  and %d other reasons\n", len(r.Faults)-i)
			break
		}
		fmt.Fprintf(p.out, "  %d × %s\n", f.Cases, app.Harmless(f.Why, 200))
	}
}

// saySkipped tells what was chosen and cannot be sent, by its reason.
func (p *program) saySkipped(r *app.TestReport) { p.sayGroups(app.SkippedOf(r.Run)) }

func (p *program) sayGroups(groups []app.SkippedGroup) {
	if len(groups) == 0 {
		return
	}
	fmt.Fprintln(p.out, "\nnot tested:")
	for i, g := range groups {
		if i == mostSaid {
			fmt.Fprintf(p.out, "  and %d other reasons\n", len(groups)-i)
			break
		}
		names := g.Templates
		more := ""
		if len(names) > 4 {
			names, more = names[:4], fmt.Sprintf(" and %d more", len(g.Templates)-4)
		}
		fmt.Fprintf(p.out, "  %s: %s (%s%s)\n", number(int64(g.Cases), "case"), app.Harmless(g.Why, 160), app.Harmless(strings.Join(names, ", "), 160), more)
	}
}

// sayPlan tells a person what a test would send.
func (p *program) sayPlan(plan *app.TestPlan) {
	e := &plan.Estimate
	w := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
	for i := range plan.Targets {
		t := &plan.Targets[i]
		fmt.Fprintf(w, "target\t%s: %s at %s (%s)\n", app.Harmless(t.Ref, 80), app.Harmless(t.Name, 60), app.Harmless(t.Host, 80), t.Kind)
	}
	fmt.Fprintf(w, "templates\t%d\n", e.Templates)
	fmt.Fprintf(w, "cases\t%d\n", e.Cases)
	fmt.Fprintf(w, "requests\t%.0f to %.0f\n", e.Requests.Low, e.Requests.High)
	fmt.Fprintf(w, "tokens\t%.0f to %.0f\n", e.Tokens.Low, e.Tokens.High)
	if e.Priced {
		fmt.Fprintf(w, "cost\t$%.2f to $%.2f\n", e.Dollars.Low, e.Dollars.High)
	} else {
		fmt.Fprintf(w, "cost\tnot known: a price is missing in the catalog\n")
	}
	fmt.Fprintf(w, "time\t%s\n", about(e.Seconds.Low, e.Seconds.High))
	if e.Basis != "" {
		fmt.Fprintf(w, "rests on\t%s\n", app.Harmless(e.Basis, 200))
	}
	_ = w.Flush() // what is printed to a terminal that is gone needs no error
	p.sayGroups(app.SkippedGroups(plan.Skipped))
	if len(plan.OutOf) > 0 {
		fmt.Fprintf(p.errs, "not in scope yet: %s; `assay test run` asks for --scope or --yes\n", app.Harmless(strings.Join(plan.OutOf, ", "), 300))
	}
}
