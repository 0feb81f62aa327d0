package app

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"assay/report"
	"assay/scanner"
	"assay/scanner/template"
	"assay/storage"
)

// reportGatherer gathers a report.
type reportGatherer struct {
	app     *App
	store   *storage.Project
	o       ReportOptions
	doc     *report.Document
	library *template.Library
	scene   *report.Scene
	runs    []*scanner.Run                                  // newest first
	run     *scanner.Run                                    // that the report is limited to; nil for none
	known   map[string]*template.Template                   // of the library
	sources map[scanner.RunID]map[string]*template.Template // of runs
	plain   map[string]*report.Marked                       // what targets answer to an ordinary question, by exchange
}

func (g *reportGatherer) gather(ctx context.Context) (err error) {
	d := g.doc
	d.Project = filepath.Base(g.store.Path())
	if g.library, _, err = g.app.Library(""); err != nil {
		return err
	}
	if g.runs, err = g.store.Runs(ctx); err != nil {
		return err
	}
	slices.SortFunc(g.runs, func(a, b *scanner.Run) int { return cmp.Compare(b.ID, a.ID) })
	if err := g.limit(ctx); err != nil {
		return err
	}
	if g.scene, err = g.app.sceneOf(ctx, g.store, g.library); err != nil {
		return err
	}
	d.Sections = g.sections()
	d.Standing = g.scene.Posture()
	if d.Trend, err = snapshotsOf(ctx, g.store, mostTrend); err != nil {
		return err
	}
	now := g.scene.Snapshot(&d.Standing, "")
	_, d.Moved = report.LastMoved(d.Trend, &now)
	for i := range d.Trend {
		d.Trend[i].Reasons = nil // what moved the score is told; what it was made of each day is in the project
	}
	d.Coverage, d.Requirements = g.scene.Coverage(), g.scene.Required
	for _, step := range []func(context.Context) error{g.weaknesses, g.observed, g.stock, g.tests, g.compare, g.limits} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	d.Method = g.method()
	return nil
}

// limit finds the run that the report is limited to. A retest is of the latest run where none is named.
func (g *reportGatherer) limit(ctx context.Context) (err error) {
	which := g.o.Run
	if which == "" && g.o.Audience == report.Retest {
		if len(g.runs) == 0 {
			return &Error{Code: CodeNotFound, Message: "there is no run to compare", Hint: "`assay test run` makes one; leave the audience retest away until there are two"}
		}
		which = "latest"
	}
	if which == "" {
		return nil
	}
	if g.run, err = pickRun(ctx, g.store, which); err != nil {
		return err
	}
	g.doc.Run = reportRunName(g.run)
	return nil
}

// sections are those that are on. A report for executives has no evidence, and only a retest compares.
func (g *reportGatherer) sections() []report.Section {
	return slices.DeleteFunc(ReportSections(), func(s report.Section) bool {
		return slices.Contains(g.o.Without, s) || s == report.SectionComparison && g.o.Audience != report.Retest && g.o.Against == ""
	})
}

// assets are the names that a report needs to be understood: hosts and addresses of what was tested and met. They stay,
// though an address of a machine may be personal data elsewhere.
func (g *reportGatherer) assets() []string {
	var names []string
	for _, e := range g.scene.Endpoints {
		names = append(names, hostAlone(e.Host))
	}
	for _, r := range g.runs {
		for i := range r.Targets {
			names = append(names, hostAlone(r.Targets[i].Host))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func hostAlone(host string) string {
	if at := strings.LastIndexByte(host, ':'); at > 0 && !strings.HasSuffix(host, "]") {
		host = host[:at]
	}
	return strings.Trim(host, "[]")
}

// observed are the threats, the worst first, without those that a person called harmless.
func (g *reportGatherer) observed(ctx context.Context) error {
	threats, _, err := g.store.Threats(ctx, storage.ThreatQuery{})
	if err != nil {
		return err
	}
	threats = slices.DeleteFunc(threats, func(t *scanner.Threat) bool { return t.State == scanner.ThreatHarmless })
	if len(threats) > mostObserved {
		g.shortened("Of %d threats, the worst %d are told.", len(threats), mostObserved)
		threats = threats[:mostObserved]
	}
	g.doc.Threats = []report.Observed{}
	for _, t := range threats {
		moments, _, err := g.store.Moments(ctx, t.ID, 0, mostMoments)
		if err != nil {
			return err
		}
		one := report.Observed{
			ID: t.ID, Rule: t.Rule, Title: t.Title, Severity: t.Severity, State: t.State, OWASP: orNone(t.OWASP), Actor: string(t.Actor), Host: t.Host, Model: t.Model,
			First: t.First, Last: t.Last, Count: t.Count, Seen: t.Seen, Advice: t.Advice, Note: t.Note,
		}
		for _, m := range moments {
			if m.Exchange != 0 && !slices.Contains(one.Exchanges, m.Exchange.String()) {
				one.Exchanges = append(one.Exchanges, m.Exchange.String())
			}
		}
		g.doc.Threats = append(g.doc.Threats, one)
	}
	return nil
}

// How much of what a report tells is told.
const (
	mostObserved = 200 // threats
	mostMoments  = 5   // exchanges of a threat
	mostNamed    = 25  // names of a list
	mostRisky    = 10  // endpoints with why they are a risk
	mostListed   = 200 // endpoints
	mostTests    = 50  // runs
)

// shortened says what is left out for the size of the report.
func (g *reportGatherer) shortened(format string, args ...any) {
	g.doc.Shortened = append(g.doc.Shortened, fmt.Sprintf(format, args...))
}

// template is a template of a run as it was then, else as the library has it; nil where neither does.
func (g *reportGatherer) template(ctx context.Context, run scanner.RunID, id string) *template.Template {
	if g.sources == nil {
		g.sources = map[scanner.RunID]map[string]*template.Template{}
		g.known = map[string]*template.Template{}
		for _, tpl := range g.library.Templates() {
			g.known[tpl.ID] = tpl
		}
	}
	if tpl := g.known[id]; tpl != nil {
		return tpl
	}
	of := g.sources[run]
	if of == nil {
		of = map[string]*template.Template{}
		g.sources[run] = of
		files, err := g.store.RunTemplates(ctx, run)
		if err != nil {
			return nil
		}
		for name, data := range files {
			if tpl, problems := template.Parse(name+".yaml", data); tpl != nil && len(problems) == 0 {
				of[name] = tpl
			}
		}
	}
	return of[id]
}
