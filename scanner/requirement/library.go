package requirement

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"assay/scanner"
	"assay/scanner/yamlfile"
)

// Bounds of one folder. A folder with more was not meant.
const (
	maxFiles        = 2_000
	maxRequirements = 500
)

// Load reads the requirements of a folder and of those below it: every file that ends in .yaml or .yml. It returns those
// that are good, by id, and what is wrong with others.
func Load(folder fs.FS) ([]*Requirement, []scanner.Problem) {
	l := loader{folder: folder, byID: map[string]*Requirement{}}
	if err := fs.WalkDir(folder, ".", l.visit); err != nil {
		l.fail(".", "cannot be read: "+yamlfile.Reason(err))
	}
	slices.SortFunc(l.all, func(a, b *Requirement) int { return cmp.Compare(a.ID, b.ID) })
	return l.all, l.problems
}

type loader struct {
	folder   fs.FS
	all      []*Requirement
	byID     map[string]*Requirement
	problems []scanner.Problem
	files    int
}

func (l *loader) fail(file, what string) {
	l.problems = append(l.problems, scanner.Problem{File: file, What: what})
}

func (l *loader) visit(file string, d fs.DirEntry, err error) error {
	hidden := d != nil && d.Name() != "." && strings.HasPrefix(d.Name(), ".")
	switch {
	case err != nil:
		l.fail(file, "cannot be read: "+yamlfile.Reason(err))
		if d != nil && d.IsDir() {
			return fs.SkipDir
		}
		return nil
	case d.IsDir() && hidden:
		return fs.SkipDir
	case d.IsDir() || hidden || !slices.Contains([]string{".yaml", ".yml"}, path.Ext(file)):
		return nil
	}
	if l.files++; l.files > maxFiles || len(l.all) >= maxRequirements {
		l.fail(file, fmt.Sprintf("the folder has more than %d requirements or %d files; this and all after it were left out", maxRequirements, maxFiles))
		return fs.SkipAll
	}
	l.file(file)
	return nil
}

// LoadFile reads one file of a folder.
func LoadFile(folder fs.FS, file string) ([]*Requirement, []scanner.Problem) {
	l := loader{folder: folder, byID: map[string]*Requirement{}}
	l.file(file)
	return l.all, l.problems
}

func (l *loader) file(file string) {
	data, err := yamlfile.ReadFile(l.folder, file, limits)
	if err != nil {
		l.fail(file, "cannot be read: "+yamlfile.Reason(err))
		return
	}
	r, err := Parse(file, data)
	if err != nil {
		l.problems = append(l.problems, Problems(err)...)
		return
	}
	if first := l.byID[r.ID]; first != nil {
		l.problems = append(l.problems, scanner.Problem{File: file, Line: 1, Column: 1, Where: "id", What: fmt.Sprintf("the id %q is taken by %s", r.ID, first.File)})
		return
	}
	l.byID[r.ID] = r
	l.all = append(l.all, r)
}
