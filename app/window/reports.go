package window

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"strconv"

	"assay/app"
	"assay/report"
	"assay/scanner"
	"assay/storage"
)

// Reports is the screen that makes reports: what is in them, for whom, and what is hidden in them.
type Reports struct{ desk *Desk }

// reportFormats are the formats in the order in which people want them. What the program does not know is left out.
var reportFormats = []string{"pdf", "html", "md", "json", "csv", "sarif", "junit", "har", "bundle"}

// sectionOnly are the sections that reports for one audience alone have.
var sectionOnly = map[report.Section]report.Audience{report.SectionComparison: report.Retest}

// Choices returns what a report can be made of, and what was chosen for the latest one.
func (r *Reports) Choices(_ Nothing) (out ReportChoices, err error) {
	defer r.desk.guard(&err)
	out = ReportChoices{Runs: []ReportRun{}, Targets: []ReportTarget{}, Sections: []ReportSection{}, Formats: []ReportFormat{}}
	project, err := r.desk.opened()
	if err != nil {
		return out, err
	}
	ctx, store := r.desk.life(), project.Store()
	kept, err := project.ReportCover(ctx)
	if err != nil {
		return out, err
	}
	out.Form, out.Folder, out.Logo = formOf(&kept), clip(valid(kept.Folder), longName), logoOf(kept.Cover.Logo)
	ro, _ := store.ReadOnly()
	out.Writable = !ro
	for _, s := range app.ReportSections() {
		out.Sections = append(out.Sections, ReportSection{ID: string(s), Only: string(sectionOnly[s])})
	}
	for _, f := range reportFormats {
		if app.CheckReportFormat(f) == nil {
			out.Formats = append(out.Formats, ReportFormat{ID: f, Ext: app.ReportExtension(f)})
		}
	}
	return out, r.holds(ctx, store, &out)
}

// holds adds what the project has that a report can be made of.
func (r *Reports) holds(ctx context.Context, store *storage.Project, out *ReportChoices) error {
	runs, err := store.Runs(ctx)
	if err != nil {
		return err
	}
	slices.SortFunc(runs, func(a, b *scanner.Run) int { return cmp.Compare(b.ID, a.ID) })
	for _, one := range runs[:min(len(runs), mostReportRuns)] {
		out.Runs = append(out.Runs, ReportRun{
			ID: idText(one.ID), Name: clip(valid(one.Name), longName), State: string(one.State), Started: stamp(one.Created), Starred: one.Starred,
		})
	}
	findings, _, err := store.Findings(ctx, storage.FindingQuery{})
	if err != nil {
		return err
	}
	out.Findings = len(findings)
	at := map[string]int{}
	for i := range findings {
		n, known := at[findings[i].Target]
		if !known {
			n = len(out.Targets)
			at[findings[i].Target] = n
			out.Targets = append(out.Targets, ReportTarget{Ref: valid(findings[i].Target), Name: clip(valid(findings[i].Name), longName)})
		}
		out.Targets[n].N++
	}
	slices.SortStableFunc(out.Targets, func(a, b ReportTarget) int { return cmp.Compare(b.N, a.N) })
	models, err := store.Models(ctx)
	if err != nil {
		return err
	}
	out.Models = len(models)
	total, err := store.Count(ctx, nil)
	out.Exchanges = total.N
	return err
}

// mostReportRuns are offered, the newest.
const mostReportRuns = 500

// Keep remembers what was chosen, so that the next report of this project begins with it. Where the project can only be
// read, nothing is remembered.
func (r *Reports) Keep(in ReportForm) (out Nothing, err error) {
	defer r.desk.guard(&err)
	project, err := r.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	return out, r.change(project, func(kept *app.KeptReportOptions) error {
		o, err := optionsOf(&in)
		if err != nil {
			return err
		}
		o.Cover.Logo = kept.Cover.Logo
		kept.Audience, kept.Run, kept.Against, kept.Narrow, kept.Cover, kept.Without = o.Audience, o.Run, o.Against, o.Narrow, o.Cover, o.Without
		kept.Format = in.Format
		return nil
	})
}

// change changes what the project remembers of its reports, one at a time.
func (r *Reports) change(project *app.Project, change func(*app.KeptReportOptions) error) error {
	r.desk.reporting.keeping.Lock()
	defer r.desk.reporting.keeping.Unlock()
	ctx := r.desk.life()
	kept, err := project.ReportCover(ctx)
	if err != nil {
		return err
	}
	if err := change(&kept); err != nil {
		return err
	}
	return project.SaveReportCover(ctx, kept)
}

// Bounds of what a person writes on a report, in bytes.
const (
	mostReportName = 200
	mostReportText = 8 << 10
)

// optionsOf is what the program makes of a form. Texts that are longer than a report has room for are no mistake to be
// kept silent: they are refused.
func optionsOf(f *ReportForm) (o app.ReportOptions, err error) {
	for _, text := range []struct {
		name, text string
		most       int
	}{
		{"the title", f.Title, mostReportName},
		{"the client", f.Client, mostReportName},
		{"the tester", f.Tester, mostReportName},
		{"the scope", f.Scope, mostReportText},
		{"the authorisation note", f.Authorisation, mostReportText},
		{"the note", f.Note, mostReportText},
	} {
		if len(text.text) > text.most {
			return o, &app.Error{Code: app.CodeUsage, Message: text.name + " is longer than " + strconv.Itoa(text.most) + " bytes"}
		}
	}
	o = app.ReportOptions{
		Audience: report.Audience(f.Audience), Run: f.Run, Against: f.Against,
		Narrow: app.ReportNarrow{Targets: f.Targets, Least: scanner.Severity(f.Least), Evidence: f.Evidence},
		Cover: report.Cover{
			Title: valid(f.Title), Client: valid(f.Client), Tester: valid(f.Tester), Scope: valid(f.Scope), Authorisation: valid(f.Authorisation), Note: valid(f.Note),
		},
	}
	for _, run := range []string{f.Run, f.Against} {
		if run == "" {
			continue
		}
		if _, err := numberOf(run, "a run"); err != nil {
			return o, err
		}
	}
	for _, s := range f.Without {
		o.Without = append(o.Without, report.Section(s))
	}
	if len(f.Findings) > 0 {
		o.Narrow.Findings, err = findingIDs(f.Findings)
	}
	return o, err
}

// formOf is what the project remembers, as a form.
func formOf(k *app.KeptReportOptions) ReportForm {
	f := ReportForm{
		Audience: cmp.Or(string(k.Audience), string(report.Technical)), Run: k.Run, Against: k.Against, Targets: namesOf(k.Narrow.Targets), Least: string(k.Narrow.Least),
		Findings: []string{}, Evidence: k.Narrow.Evidence, Title: valid(k.Cover.Title), Client: valid(k.Cover.Client), Tester: valid(k.Cover.Tester),
		Scope: valid(k.Cover.Scope), Authorisation: valid(k.Cover.Authorisation), Note: valid(k.Cover.Note), Without: []string{}, Format: k.Format,
	}
	for _, id := range k.Narrow.Findings {
		f.Findings = append(f.Findings, idText(id))
	}
	for _, s := range k.Without {
		f.Without = append(f.Without, string(s))
	}
	return f
}

// reportName is what the file of a report is called, in letters that every system takes.
func reportName(project *app.Project, in *ReportForm, format string) string {
	name := projectName(project.Store().Path()) + "-" + cmp.Or(in.Audience, string(report.Technical))
	if format == "bundle" {
		name += "-bundle"
	}
	return filepath.Base(name) + app.ReportExtension(format)
}
