package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"assay/report"
	"assay/scanner"
)

// compare tells what became of what an earlier run found.
func (g *reportGatherer) compare(ctx context.Context) error {
	if g.o.Audience != report.Retest && g.o.Against == "" {
		return nil
	}
	after := g.run
	if after == nil {
		if len(g.runs) == 0 {
			return &Error{Code: CodeNotFound, Message: "there is no run to compare", Hint: "`assay test run` makes one"}
		}
		after = g.runs[0]
	}
	before, err := g.before(ctx, after)
	if err != nil {
		return err
	}
	was, err := g.app.gather(ctx, g.store, before, nil)
	if err != nil {
		return err
	}
	is, err := g.app.gather(ctx, g.store, after, nil)
	if err != nil {
		return err
	}
	g.doc.Comparison = compareFound(was, is)
	g.doc.Comparison.Against = reportRunName(before)
	g.name(before)
	return nil
}

// before is the run to compare with: the one that was asked for, else the starred one, else the latest before of the same
// targets.
func (g *reportGatherer) before(ctx context.Context, after *scanner.Run) (*scanner.Run, error) {
	if g.o.Against != "" {
		r, err := pickRun(ctx, g.store, g.o.Against)
		if err == nil && r.ID == after.ID {
			return nil, usagef("--run and --against name two runs", "%s would be compared with itself", reportRunName(r))
		}
		return r, err
	}
	targets := refsOf(after)
	for _, starred := range []bool{true, false} {
		for _, r := range g.runs {
			if r.ID < after.ID && (r.Starred || !starred) && slices.ContainsFunc(refsOf(r), func(ref string) bool { return slices.Contains(targets, ref) }) {
				return r, nil
			}
		}
	}
	return nil, &Error{
		Code: CodeNotFound, Message: "there is no earlier run of the same targets to compare " + reportRunName(after) + " with",
		Hint: "--against names one; the audience technical needs none", InWindow: "choose a run to compare with, or the audience technical",
	}
}

func refsOf(r *scanner.Run) (refs []string) {
	for i := range r.Targets {
		refs = append(refs, r.Targets[i].Ref)
	}
	return refs
}

// compareFound sorts weaknesses by what became of them. Fixed is only what was sent again and resisted.
func compareFound(was, is *report.Run) *report.Comparison {
	c := &report.Comparison{New: []string{}, Fixed: []string{}, Still: []string{}, Unknown: []string{}}
	old := map[string]bool{}
	for i := range was.Found {
		old[was.Found[i].Print] = true
	}
	now := map[string]bool{}
	for i := range is.Found {
		f := &is.Found[i]
		now[f.Print] = true
		if old[f.Print] {
			c.Still = append(c.Still, f.Print)
		} else {
			c.New = append(c.New, f.Print)
		}
	}
	for i := range was.Found {
		f := &was.Found[i]
		if now[f.Print] {
			continue
		}
		fixed, why := resistedSince(f, was, is)
		if fixed {
			c.Fixed = append(c.Fixed, f.Print)
		} else {
			c.Unknown = append(c.Unknown, f.Print)
		}
		c.Gone = append(c.Gone, report.Gone{Print: f.Print, Title: titleOf(was, f.Template), Severity: f.Severity, Target: f.Target, Fixed: fixed, Why: why})
	}
	return c
}

func titleOf(r *report.Run, id string) string {
	for i := range r.Rules {
		if r.Rules[i].ID == id {
			return cmp.Or(r.Rules[i].Name, id)
		}
	}
	return id
}

// resistedSince reports whether a run sent every attack again that had worked, to the same target, and each resisted; else
// why that is not known.
func resistedSince(f *report.Found, was, is *report.Run) (fixed bool, why string) {
	worked := map[string]bool{}
	for i := range was.Cases {
		if c := &was.Cases[i]; c.Template == f.Template && c.Target == f.Target && c.Verdict == scanner.Vulnerable {
			worked[c.Key] = true
		}
	}
	var counts scanner.Verdicts
	sent, again := 0, 0
	for i := range is.Cases {
		c := &is.Cases[i]
		if c.Template != f.Template || c.Target != f.Target {
			continue
		}
		if c.Done {
			sent++
			counts.Add(c.Verdict, 1)
		}
		if worked[c.Key] && c.Done && c.Verdict == scanner.Resisted {
			again++
		}
	}
	switch {
	case sent == 0:
		return false, "It was not tested again."
	case counts.Vulnerable > 0:
		return false, "Another weakness of the same attack is there now."
	case again < len(worked):
		return false, fmt.Sprintf("Of %s that worked, %d resisted when it was tested again; the others were not sent or came to no verdict.",
			count(len(worked), "attack", "attacks"), again)
	}
	return true, ""
}

// name says of each weakness what became of it, and names those that are gone.
func (g *reportGatherer) name(before *scanner.Run) {
	c := g.doc.Comparison
	for i := range g.doc.Weaknesses {
		w := &g.doc.Weaknesses[i]
		switch {
		case slices.Contains(c.New, w.Print):
			w.Change = "new"
		case slices.Contains(c.Still, w.Print):
			w.Change = "still"
		case slices.Contains(c.Fixed, w.Print):
			w.Change = "fixed"
		}
	}
	names := map[string]string{}
	for i := range before.Targets {
		names[before.Targets[i].Ref] = before.Targets[i].Name
	}
	for i := range c.Gone {
		c.Gone[i].Target = cmp.Or(names[c.Gone[i].Target], c.Gone[i].Target)
	}
}
