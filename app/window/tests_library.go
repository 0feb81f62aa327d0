package window

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"assay/scanner/framework"
	"assay/scanner/mutate"
	"assay/scanner/template"
	"assay/storage"
)

// Library lists the templates.
func (t *Tests) Library(_ Nothing) (out LibraryOut, err error) {
	defer t.desk.guard(&err)
	out = LibraryOut{Templates: []TemplateRow{}, OWASP: []FrameworkID{}, Suites: []SuiteRow{}, Mutations: []MutationRow{}, Broken: []BrokenFile{}}
	shelf := t.desk.shelf
	library, problems, revision, err := shelf.Read()
	if err != nil {
		return out, err
	}
	out.Folder, out.Revision = shelf.Folder(), revision
	for _, tpl := range library.Templates() {
		out.Templates = append(out.Templates, t.templateRow(tpl))
	}
	for _, id := range framework.OWASPItems() {
		out.OWASP = append(out.OWASP, FrameworkID{id, framework.Title(id)})
	}
	for _, s := range library.Suites() {
		row := SuiteRow{ID: s.ID, Name: s.Name, Description: s.Description, Minutes: s.Minutes}
		for _, tpl := range library.Templates() {
			if s.Holds(tpl) {
				row.Templates++
			}
		}
		out.Suites = append(out.Suites, row)
	}
	for _, m := range mutate.All() {
		out.Mutations = append(out.Mutations, MutationRow{m.Name, string(m.Family), m.What})
	}
	for _, p := range problems {
		i := slices.IndexFunc(out.Broken, func(b BrokenFile) bool { return b.File == p.File })
		if i < 0 {
			i = len(out.Broken)
			out.Broken = append(out.Broken, BrokenFile{File: p.File, Own: shelf.Own(p.File), Problems: []TemplateFault{}})
		}
		out.Broken[i].Problems = append(out.Broken[i].Problems, faultIn(p))
	}
	return out, nil
}

// Shelf tells whether the library has changed, at little cost.
func (t *Tests) Shelf(_ Nothing) (out ShelfOut, err error) {
	defer t.desk.guard(&err)
	return ShelfOut{t.desk.shelf.Revision()}, nil
}

func (t *Tests) templateRow(tpl *template.Template) TemplateRow {
	cases, _ := tpl.Size()
	return TemplateRow{
		ID: tpl.ID, Name: tpl.Name, Severity: string(tpl.Severity), OWASP: list(tpl.OWASP), Technique: tpl.Technique, Level: tpl.Level(), Tags: list(tpl.Tags),
		Kinds: list(tpl.Kinds), Cases: cases, Own: t.desk.shelf.Own(tpl.File),
	}
}

func faultIn(p template.Problem) TemplateFault {
	return TemplateFault{p.Line, p.Column, clip(p.Where, longName), clip(p.What, longName), clip(p.Nearest, longName)}
}

func faultsIn(problems []template.Problem) []TemplateFault {
	out := []TemplateFault{}
	for _, p := range problems {
		out = append(out, faultIn(p))
	}
	return out
}

// Template tells all about one template.
func (t *Tests) Template(in TemplateIn) (out TemplateOut, err error) {
	defer t.desk.guard(&err)
	out = TemplateOut{
		Row:        TemplateRow{OWASP: []string{}, Tags: []string{}, Kinds: []string{}},
		Frameworks: []FrameworkID{}, Needs: []FrameworkID{}, Prompts: []string{}, Turns: []string{}, Payloads: []PayloadList{}, Requests: []string{},
		Mutations: []string{}, Signals: []string{}, References: []string{}, Suites: []string{}, Results: []TemplateResult{},
	}
	library, _, _, err := t.desk.shelf.Read()
	if err != nil {
		return out, err
	}
	tpl, err := library.Template(in.ID)
	if err != nil {
		return out, aboutTests(err)
	}
	t.describe(&out, tpl)
	for _, s := range library.Suites() {
		if s.Holds(tpl) {
			out.Suites = append(out.Suites, s.Name)
		}
	}
	if out.Text, _, err = t.desk.shelf.Source(tpl.File); err != nil {
		return out, err
	}
	if store, err := t.desk.store(); err == nil {
		out.Results, err = t.results(store, tpl.ID)
		return out, err
	}
	return out, nil // without a project there are no results
}

func (t *Tests) describe(out *TemplateOut, tpl *template.Template) {
	out.Row, out.Description, out.Remediation = t.templateRow(tpl), tpl.Description, tpl.Remediation
	out.Frameworks = frameworksOf(tpl)
	for _, need := range tpl.Needs {
		out.Needs = append(out.Needs, FrameworkID{need, template.NeedMeans(need)})
	}
	out.Slot, out.Prompts, out.Mutations = tpl.Attack.Slot, list(tpl.Attack.Prompts), list(tpl.Attack.Mutations)
	for _, turn := range tpl.Attack.Turns {
		out.Turns = append(out.Turns, turn.Prompt)
	}
	for _, p := range tpl.Attack.Payloads {
		out.Payloads = append(out.Payloads, PayloadList{p.Name, list(p.Values)})
	}
	for i := range tpl.Attack.Requests {
		out.Requests = append(out.Requests, tpl.Attack.Requests[i].Name)
	}
	out.Signals, out.References, out.Samples, out.Trials, out.File = list(tpl.Signals()), list(tpl.References), len(tpl.Samples), max(tpl.Trials, 1), tpl.File
	if detect, err := json.MarshalIndent(tpl.Detect.Find, "", "  "); err == nil {
		out.Detect = string(detect)
	}
}

func frameworksOf(tpl *template.Template) []FrameworkID {
	out := []FrameworkID{}
	for _, id := range slices.Concat(tpl.OWASP, tpl.ASI, tpl.ATLAS) {
		out = append(out, FrameworkID{id, framework.Title(id)})
	}
	for _, n := range tpl.CWE {
		id := fmt.Sprintf("CWE-%d", n)
		out = append(out, FrameworkID{id, framework.Title(id)})
	}
	return out
}

// A template tells of the latest runs it was in, and looks for them in so many.
const (
	mostResults  = 10
	resultsAmong = 30
)

// results are what a template came to in the latest runs.
func (t *Tests) results(store *storage.Project, id string) ([]TemplateResult, error) {
	out := []TemplateResult{}
	runs, err := store.Runs(t.desk.life())
	if err != nil {
		return out, err
	}
	for _, r := range runs[:min(len(runs), resultsAmong)] {
		counts, err := store.CountCases(t.desk.life(), r.ID, "template", "target")
		if err != nil {
			return out, err
		}
		sum, any := CaseCounts{}, false
		for _, c := range counts {
			if c.Row == id {
				any = true
				sum.add(countsIn(&c))
			}
		}
		if any {
			out = append(out, TemplateResult{Run: idText(r.ID), Name: clip(r.Name, longName), At: stamp(r.Created), Counts: sum})
		}
		if len(out) == mostResults {
			break
		}
	}
	return out, nil
}

func countsIn(c *storage.CaseCounts) CaseCounts {
	return CaseCounts{c.Verdicts.Vulnerable, c.Verdicts.Resisted, c.Verdicts.Unclear, c.Verdicts.Errored, c.Pending}
}

func (c *CaseCounts) add(o CaseCounts) {
	c.Vulnerable += o.Vulnerable
	c.Resisted += o.Resisted
	c.Unclear += o.Unclear
	c.Errored += o.Errored
	c.Pending += o.Pending
}

// Source gives the text of a file of the folder, also of one that cannot be read as a template.
func (t *Tests) Source(in FileIn) (out TemplateText, err error) {
	defer t.desk.guard(&err)
	out.File = in.File
	out.Text, _, err = t.desk.shelf.Source(in.File)
	return out, err
}

// Check says what is wrong in the text of a template.
func (t *Tests) Check(in TemplateText) (out TemplateCheck, err error) {
	defer t.desk.guard(&err)
	tpl, problems := t.desk.shelf.Check(in.File, in.Text)
	out.Problems = faultsIn(problems)
	if tpl != nil {
		out.ID = tpl.ID
	}
	return out, nil
}

// Examples judges the samples of a template, as its text is now.
func (t *Tests) Examples(in TemplateText) (out ExamplesOut, err error) {
	defer t.desk.guard(&err)
	out.Examples = []Example{}
	tpl, problems := t.desk.shelf.Check(in.File, in.Text)
	out.Problems = faultsIn(problems)
	if len(problems) > 0 || tpl == nil {
		return out, nil
	}
	proofs, err := template.Prove(tpl)
	for i := range proofs {
		p := &proofs[i]
		answer := p.Sample.Answer
		if answer == "" {
			answer = p.Sample.Body
		}
		out.Examples = append(out.Examples, Example{
			Line: p.Line, Why: p.Sample.Why, Answer: clip(answer, longName), Wanted: string(p.Sample.Verdict), Found: string(p.Judgement.Verdict),
			Reason: clip(p.Judgement.Reason, longName), Correct: p.OK(),
		})
	}
	return out, err
}

// Save keeps the text of one of a person's own templates.
func (t *Tests) Save(in TemplateText) (out KeptTemplate, err error) {
	defer t.desk.guard(&err)
	out.File, out.Problems = in.File, []TemplateFault{}
	problems, err := t.desk.shelf.Save(in.File, in.Text)
	if err != nil {
		return out, err
	}
	out.Problems, out.ID = faultsIn(problems), nameOf(in.File)
	return out, nil
}

// nameOf is the id that a template in a file has.
func nameOf(file string) string {
	base := path.Base(file)
	return strings.TrimSuffix(base, path.Ext(base))
}

// Copy begins a template of one's own as a copy of another.
func (t *Tests) Copy(in CopyTemplateIn) (out KeptTemplate, err error) {
	defer t.desk.guard(&err)
	out.Problems = []TemplateFault{}
	file, problems, err := t.desk.shelf.Copy(in.From, in.ID)
	if err != nil {
		return out, aboutTests(err)
	}
	return KeptTemplate{ID: in.ID, File: file, Problems: faultsIn(problems)}, nil
}

// Discard takes one of a person's own templates out of the folder, and returns what it said: Save brings it back.
func (t *Tests) Discard(in FileIn) (out TemplateText, err error) {
	defer t.desk.guard(&err)
	out.File = in.File
	out.Text, err = t.desk.shelf.Remove(in.File)
	return out, err
}
