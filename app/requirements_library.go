package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"assay/scanner"
	"assay/scanner/requirement"
	"assay/templates"
)

// RequirementSchema is the JSON Schema of a requirement, for editors.
var RequirementSchema = templates.RequirementSchema

// RequirementsFolder is where a person's own requirements are kept; empty where there is none.
func (a *App) RequirementsFolder() string {
	if a.Home == nil {
		return ""
	}
	return filepath.Join(a.Home.dir, "requirements")
}

// shippedRequirements are those that come with the program, read once.
var shippedRequirements = sync.OnceValues(func() ([]*requirement.Requirement, []scanner.Problem) {
	folder, err := fs.Sub(templates.Requirements, "requirements")
	if err != nil {
		return nil, []scanner.Problem{{File: "requirements", What: err.Error()}}
	}
	return requirement.Load(folder)
})

// ownRequirements holds what was read of a person's folder until it changes.
var ownRequirements struct {
	sync.Mutex
	folder, revision string
	list             []*requirement.Requirement
	problems         []scanner.Problem
}

// requirements are all that there are, by id, and what is wrong with those that were left out. A person's own stands in
// place of the shipped one with its id.
func (a *App) requirements() ([]*requirement.Requirement, []scanner.Problem) {
	shipped, problems := shippedRequirements()
	own, wrong := readOwnRequirements(a.RequirementsFolder())
	all := slices.Clone(own)
	for _, r := range shipped {
		if !slices.ContainsFunc(own, func(o *requirement.Requirement) bool { return o.ID == r.ID }) {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b *requirement.Requirement) int { return compareRequirements(a, b) })
	return all, slices.Concat(problems, wrong)
}

func readOwnRequirements(folder string) ([]*requirement.Requirement, []scanner.Problem) {
	if info, err := os.Stat(folder); folder == "" || err != nil || !info.IsDir() {
		return nil, nil
	}
	o := &ownRequirements
	o.Lock()
	defer o.Unlock()
	if now := folderRevision(folder); o.folder != folder || o.revision != now {
		o.folder, o.revision = folder, now
		o.list, o.problems = requirement.Load(os.DirFS(folder))
		for _, r := range o.list {
			r.Own = true
		}
	}
	return o.list, o.problems
}

// compareRequirements sorts by severity, the worst first, then by id.
func compareRequirements(a, b *requirement.Requirement) int {
	worse := slices.Index(Severities, string(b.Severity)) - slices.Index(Severities, string(a.Severity))
	if worse != 0 {
		return worse
	}
	if a.ID < b.ID {
		return -1
	}
	return 1
}

// lintRequirements reads the requirements of a folder or file.
func lintRequirements(path string) ([]*requirement.Requirement, []scanner.Problem, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, nil, noRequirements(path, err)
	case info.IsDir():
		list, problems := requirement.Load(os.DirFS(path))
		return list, problems, nil
	case !info.Mode().IsRegular():
		return nil, nil, noRequirements(path, errors.New("this is no file"))
	}
	list, problems := requirement.LoadFile(os.DirFS(filepath.Dir(path)), filepath.Base(path))
	return list, problems, nil
}

func noRequirements(path string, err error) error {
	return &Error{Code: CodeInput, Message: "cannot read the requirements in " + Harmless(path, 200), Err: err, Hint: "name a folder with .yaml files, or one of them"}
}
