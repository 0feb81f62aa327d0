package window

import (
	"errors"
	"slices"

	"assay/scanner"
	"assay/scanner/framework"
	"assay/scanner/template"
	"assay/storage"
)

// mostEvidence is how many trials a finding shows.
const mostEvidence = 20

// Get tells all about one finding.
func (f *Findings) Get(in FindingIn) (out FindingOut, err error) {
	defer f.desk.guard(&err)
	out = FindingOut{
		Row: FindingRow{OWASP: []string{}}, References: []string{}, Frameworks: []FrameworkID{}, Evidence: []FindingEvidence{}, History: []FindingLine{},
	}
	store, err := f.desk.store()
	if err != nil {
		return out, err
	}
	ids, err := findingIDs([]string{in.ID})
	if err != nil {
		return out, err
	}
	found, history, err := store.Finding(f.desk.life(), ids[0])
	if err != nil {
		return out, kept(err)
	}
	out.Row, out.Print, out.Note = findingRow(found), found.Print, clip(valid(found.Note), longText)
	for _, e := range history {
		out.History = append(out.History, FindingLine{
			At: stamp(e.At), What: e.What, From: string(e.From), To: string(e.To), Why: clip(valid(e.Why), longText), Run: idText(e.Run),
		})
	}
	if tpl := f.templateOf(store, found); tpl != nil {
		out.Description, out.Remediation, out.Frameworks = tpl.Description, tpl.Remediation, frameworksOf(tpl)
		out.References = append(out.References, tpl.References...)
	} else {
		for _, id := range found.OWASP {
			out.Frameworks = append(out.Frameworks, FrameworkID{id, framework.Title(id)})
		}
	}
	return out, f.evidence(store, found, &out)
}

// templateOf is the template of a finding: from the library, else as the run kept it; nil where neither has it.
func (f *Findings) templateOf(store *storage.Project, found *scanner.Finding) *template.Template {
	if library, _, _, err := f.desk.shelf.Read(); err == nil {
		if tpl, err := library.Template(found.Template); err == nil {
			return tpl
		}
	}
	files, err := store.RunTemplates(f.desk.life(), found.Run)
	if err != nil {
		return nil
	}
	tpl, _ := template.Parse(found.Template+".yaml", files[found.Template])
	return tpl
}

// evidence adds the trials that show a finding. Those of a run that was removed are gone with it.
func (f *Findings) evidence(store *storage.Project, found *scanner.Finding, out *FindingOut) error {
	ctx := f.desk.life()
	trials, err := store.FindingTrials(ctx, found.ID, mostEvidence)
	if err != nil {
		return err
	}
	said, err := store.Overrules(ctx)
	if err != nil {
		return err
	}
	out.More = max(0, found.Count-len(trials))
	runs := map[scanner.RunID]*scanner.Run{}
	for _, each := range trials {
		r := runs[each.Run]
		if r == nil {
			if r, err = store.Run(ctx, each.Run); errors.Is(err, storage.ErrNoRun) {
				continue
			} else if err != nil {
				return err
			}
			runs[each.Run] = r
		}
		c, err := store.Case(ctx, each.Run, each.Case)
		if err != nil {
			return err
		}
		all, err := store.Trials(ctx, each.Run, each.Case)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(t scanner.Trial) bool { return t.N == each.Trial })
		if at < 0 {
			continue
		}
		names := (&Tests{f.desk}).names(r)
		out.Evidence = append(out.Evidence, FindingEvidence{
			Run: idText(r.ID), RunName: clip(valid(r.Name), longName), Case: names.row(&c), Trial: trialOf(&all[at], said),
		})
	}
	return nil
}

// coverage says for each item of the OWASP list how much of it was tested, and in how many runs.
func (f *Findings) coverage(store *storage.Project) ([]Coverage, int, error) {
	ctx := f.desk.life()
	runs, err := store.Runs(ctx)
	if err != nil {
		return []Coverage{}, 0, err
	}
	library, _, _, _ := f.desk.shelf.Read() // without it, runs tell
	items := map[string]*Coverage{}
	out := make([]Coverage, 0, len(framework.OWASPItems()))
	for _, id := range framework.OWASPItems() {
		out = append(out, Coverage{ID: id, Title: framework.Title(id)})
	}
	for i := range out {
		items[out[i].ID] = &out[i]
	}
	for _, r := range runs {
		counts, err := store.CountCases(ctx, r.ID, "template", "severity")
		if err != nil {
			return out, len(runs), err
		}
		var files map[string][]byte
		for _, c := range counts {
			tpl := libraryTemplate(library, c.Row)
			if tpl == nil {
				if files == nil {
					if files, err = store.RunTemplates(ctx, r.ID); err != nil {
						return out, len(runs), err
					}
				}
				tpl, _ = template.Parse(c.Row+".yaml", files[c.Row])
			}
			if tpl == nil {
				continue
			}
			judged := c.Verdicts.Vulnerable + c.Verdicts.Resisted
			for _, id := range tpl.OWASP {
				if item := items[id]; item != nil {
					item.Judged += judged
					item.Cases += judged + c.Verdicts.Unclear + c.Verdicts.Errored
				}
			}
		}
	}
	return out, len(runs), nil
}

func libraryTemplate(library *template.Library, id string) *template.Template {
	if library == nil {
		return nil
	}
	tpl, err := library.Template(id)
	if err != nil {
		return nil
	}
	return tpl
}
