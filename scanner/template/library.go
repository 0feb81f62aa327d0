package template

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"assay/internal/nearest"
	"assay/scanner/yamlfile"
)

// maxFiles bounds how many files of one folder are read; a folder with more was not meant.
const maxFiles = 20_000

// Library is the templates and suites that were read without a problem.
type Library struct {
	templates []*Template // by id
	suites    []*Suite    // by id
	byID      map[string]*Template
}

// Load reads every .yaml and .yml file: templates anywhere, suites below a folder "suites". Files with problems are left
// out and their problems told; the rest can be used. Several folders make one library; an id may be in one of them only.
func Load(folders ...fs.FS) (*Library, []Problem) {
	l := &Library{byID: map[string]*Template{}}
	var problems []Problem
	for _, folder := range folders {
		problems = append(problems, yamlfile.Folder(folder, limits, maxFiles, l.read)...)
	}
	slices.SortFunc(l.templates, func(a, b *Template) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(l.suites, func(a, b *Suite) int { return cmp.Compare(a.ID, b.ID) })
	for _, s := range l.suites {
		problems = append(problems, s.unknown(l)...)
	}
	return l, problems
}

// LoadFile reads one file of a folder.
func LoadFile(folder fs.FS, file string) (*Library, []Problem) {
	l := &Library{byID: map[string]*Template{}}
	problems := yamlfile.File(folder, file, limits, l.read)
	for _, s := range l.suites {
		s.places = nil // the templates it names are not here
	}
	return l, problems
}

func (l *Library) read(file string, data []byte) []Problem {
	if slices.Contains(strings.Split(path.Dir(file), "/"), "suites") {
		suite, problems := ParseSuite(file, data)
		if len(problems) > 0 {
			return problems
		}
		if slices.ContainsFunc(l.suites, func(s *Suite) bool { return s.ID == suite.ID }) {
			return []Problem{{File: file, Line: 1, Column: 1, Where: "id", What: fmt.Sprintf("there is a suite %q already", suite.ID)}}
		}
		l.suites = append(l.suites, suite)
		return nil
	}
	t, problems := Parse(file, data)
	if len(problems) > 0 {
		return problems
	}
	if first, taken := l.byID[t.ID]; taken {
		return []Problem{yamlfile.Taken(file, t.ID, first.File)}
	}
	l.byID[t.ID] = t
	l.templates = append(l.templates, t)
	return nil
}

// Templates lists every template by id.
func (l *Library) Templates() []*Template { return slices.Clone(l.templates) }

// Suites lists every suite by id.
func (l *Library) Suites() []*Suite { return slices.Clone(l.suites) }

// Template finds one by its id. The error names the nearest.
func (l *Library) Template(id string) (*Template, error) {
	if t, ok := l.byID[id]; ok {
		return t, nil
	}
	ids := make([]string, len(l.templates))
	for i, t := range l.templates {
		ids[i] = t.ID
	}
	return nil, unknown("template", id, ids)
}

// Suite finds one by its id or name, without regard to case. The error names the nearest.
func (l *Library) Suite(id string) (*Suite, error) {
	var ids []string
	for _, s := range l.suites {
		if strings.EqualFold(s.ID, id) || strings.EqualFold(s.Name, id) {
			return s, nil
		}
		ids = append(ids, s.ID)
	}
	return nil, unknown("suite", id, ids)
}

// Tags lists every tag that a template carries.
func (l *Library) Tags() []string {
	var tags []string
	for _, t := range l.templates {
		tags = append(tags, t.Tags...)
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

// Unknown says that there is no such thing, and what is most like it.
type Unknown struct {
	What    string // template, suite, tag, …
	Name    string
	Nearest string
}

func (e *Unknown) Error() string {
	if e.Nearest != "" {
		return fmt.Sprintf("there is no %s %q; did you mean %q?", e.What, yamlfile.Clip(e.Name), e.Nearest)
	}
	return fmt.Sprintf("there is no %s %q", e.What, yamlfile.Clip(e.Name))
}

func unknown(what, name string, words []string) error {
	return &Unknown{what, name, nearest.Word(name, words)}
}
