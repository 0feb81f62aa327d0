package requirement

import (
	"cmp"
	"io/fs"
	"slices"

	"assay/scanner"
	"assay/scanner/yamlfile"
)

// maxRequirements bounds how many files one folder may have. A folder with more was not meant.
const maxRequirements = 500

// Load reads the requirements of a folder and of those below it: every file that ends in .yaml or .yml. It returns those
// that are good, by id, and what is wrong with others.
func Load(folder fs.FS) ([]*Requirement, []scanner.Problem) {
	l := loader{byID: map[string]*Requirement{}}
	problems := yamlfile.Folder(folder, limits, maxRequirements, l.read)
	slices.SortFunc(l.all, func(a, b *Requirement) int { return cmp.Compare(a.ID, b.ID) })
	return l.all, problems
}

// LoadFile reads one file of a folder.
func LoadFile(folder fs.FS, file string) ([]*Requirement, []scanner.Problem) {
	l := loader{byID: map[string]*Requirement{}}
	problems := yamlfile.File(folder, file, limits, l.read)
	return l.all, problems
}

type loader struct {
	all  []*Requirement
	byID map[string]*Requirement
}

func (l *loader) read(file string, data []byte) []scanner.Problem {
	r, err := Parse(file, data)
	if err != nil {
		return Problems(err)
	}
	if first := l.byID[r.ID]; first != nil {
		return []scanner.Problem{yamlfile.Taken(file, r.ID, first.File)}
	}
	l.byID[r.ID] = r
	l.all = append(l.all, r)
	return nil
}
