package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"assay/scanner"
	"assay/scanner/template"
	"assay/templates"
)

// Template is an attack as `assay templates` and the window list it.
type Template struct {
	ID        string           `json:"id"`
	Name      string           `json:"name"`
	Severity  scanner.Severity `json:"severity"`
	OWASP     []string         `json:"owasp"`
	ASI       []string         `json:"asi"`
	ATLAS     []string         `json:"atlas"`
	CWE       []int            `json:"cwe"`
	Kind      string           `json:"kind"` // the kind of service it is made for first
	Kinds     []string         `json:"kinds"`
	Level     string           `json:"level"` // prompt, content, conversation, request
	Technique string           `json:"technique"`
	Payloads  int              `json:"payloads"` // different texts before any mutation
	Mutations []string         `json:"mutations"`
	Signals   []string         `json:"signals"`
	Needs     []string         `json:"needs"`
	Tags      []string         `json:"tags"`
	Suites    []string         `json:"suites"`
	Cases     int              `json:"cases"`
	Requests  int              `json:"requests"` // when each case is sent as often as the template says
	Trials    int              `json:"trials"`
	File      string           `json:"file"`
}

// TemplateProblem is one thing wrong with a template file.
type TemplateProblem = template.Problem

// TemplatesOptions say which templates are listed. Nothing named means all of them.
type TemplatesOptions struct {
	Dir      string // a folder of templates beside the shipped ones; empty for the one in the home folder
	Suite    string
	Tags     []string
	OWASP    []string
	Severity string // this or worse
	Kind     string // of the target
}

// templatesDir is the folder for templates of one's own.
func (h *Home) templatesDir() string { return filepath.Join(h.dir, "templates") }

// Library reads the shipped templates and those of a folder: the person's own below the home folder when dir is empty.
// Problems are of files that were left out.
func (a *App) Library(dir string) (*template.Library, []TemplateProblem, error) {
	own := dir
	if own == "" && a.Home != nil {
		own = a.Home.templatesDir()
	}
	folders := []fs.FS{templates.Files}
	info, err := os.Stat(own)
	switch {
	case own != "" && err == nil && info.IsDir():
		folders = append(folders, os.DirFS(own))
	case dir != "":
		return nil, nil, noFolder(dir, err)
	}
	library, problems := template.Load(folders...)
	return library, problems, nil
}

func noFolder(dir string, err error) error {
	if err == nil {
		err = errors.New("it is no folder")
	}
	return &Error{Code: CodeInput, Message: "cannot read the templates in " + dir, Err: err, Hint: "name a folder with .yaml files"}
}

// Templates lists templates: by suite, tag, item, severity or kind, in the order of their ids.
func (a *App) Templates(opts TemplatesOptions) ([]Template, []TemplateProblem, error) {
	library, problems, err := a.Library(opts.Dir)
	if err != nil {
		return nil, nil, err
	}
	sel := template.Selection{Tags: opts.Tags, OWASP: opts.OWASP, Severity: scanner.Severity(opts.Severity), Kind: opts.Kind}
	if opts.Suite != "" {
		sel.Suites = []string{opts.Suite}
	}
	choices, _, err := library.Select(sel)
	if err != nil {
		return nil, nil, templateError(err)
	}
	rows := make([]Template, 0, len(choices))
	for _, c := range choices {
		rows = append(rows, templateRow(library, c.Template))
	}
	slices.SortFunc(rows, func(x, y Template) int {
		if x.ID < y.ID {
			return -1
		}
		return 1
	})
	return rows, problems, nil
}

// templateError is what a person is told who named something that is not there.
func templateError(err error) error {
	if _, is := errors.AsType[*template.Unknown](err); is {
		return &Error{Code: CodeUsage, Message: err.Error(), Hint: "`assay templates ls` lists what there is"}
	}
	return err
}

func templateRow(l *template.Library, t *template.Template) Template {
	cases, requests := t.Size()
	row := Template{
		ID: t.ID, Name: t.Name, Severity: t.Severity, OWASP: orNone(t.OWASP), ASI: orNone(t.ASI), ATLAS: orNone(t.ATLAS), CWE: orNone(t.CWE),
		Kind: t.Kinds[0], Kinds: t.Kinds, Level: t.Level(), Technique: t.Technique, Payloads: t.Texts(), Mutations: orNone(t.Attack.Mutations),
		Signals: t.Signals(), Needs: orNone(t.Needs), Tags: orNone(t.Tags), Suites: []string{}, Cases: cases, Trials: max(t.Trials, 1),
		Requests: requests * max(t.Trials, 1), File: t.File,
	}
	for _, s := range l.Suites() {
		if s.Holds(t) {
			row.Suites = append(row.Suites, s.ID)
		}
	}
	return row
}

// orNone makes a list that is empty rather than missing in JSON.
func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// TemplateOf finds one template, with all that it holds.
func (a *App) TemplateOf(dir, id string) (*template.Template, error) {
	library, _, err := a.Library(dir)
	if err != nil {
		return nil, err
	}
	t, err := library.Template(id)
	if err != nil {
		return nil, templateError(err)
	}
	return t, nil
}

// TemplateCheck is what lint says of one file, or of one thing wrong in it.
type TemplateCheck struct {
	File    string `json:"file"`
	ID      string `json:"id,omitempty"` // empty where it could not be read
	Status  string `json:"status"`       // ok or wrong
	Reason  string `json:"reason"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Where   string `json:"where,omitempty"`
	Nearest string `json:"nearest,omitempty"`
}

// LintTemplates reads every template of a folder or file and judges its samples. An empty path means the shipped
// templates and the person's own.
func (a *App) LintTemplates(path string) ([]TemplateCheck, error) {
	library, problems, err := a.lintLibrary(path)
	if err != nil {
		return nil, err
	}
	problems = append(problems, library.Prove()...)
	wrong := map[string]bool{}
	var checks []TemplateCheck
	for _, p := range problems {
		wrong[p.File] = true
		checks = append(checks, TemplateCheck{File: p.File, Status: "wrong", Reason: p.What, Line: p.Line, Column: p.Column, Where: p.Where, Nearest: p.Nearest})
	}
	for _, t := range library.Templates() {
		if wrong[t.File] {
			continue
		}
		cases, _ := t.Size()
		checks = append(checks, TemplateCheck{File: t.File, ID: t.ID, Status: "ok", Reason: howMany(len(t.Samples), "sample") + " judged as they should be, " + howMany(cases, "case")})
	}
	slices.SortStableFunc(checks, func(x, y TemplateCheck) int {
		switch {
		case x.File < y.File:
			return -1
		case x.File > y.File:
			return 1
		}
		return x.Line - y.Line
	})
	return checks, nil
}

// lintLibrary reads just what lint was pointed at: a person's own files are judged without the shipped ones.
func (a *App) lintLibrary(path string) (*template.Library, []TemplateProblem, error) {
	if path == "" {
		return a.Library("")
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, nil, noFolder(path, err)
	case info.IsDir():
		library, problems := template.Load(os.DirFS(path))
		return library, problems, nil
	case !info.Mode().IsRegular():
		return nil, nil, noFolder(path, nil)
	}
	library, problems := template.LoadFile(os.DirFS(filepath.Dir(path)), filepath.Base(path))
	return library, problems, nil
}
