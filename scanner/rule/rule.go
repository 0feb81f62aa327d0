package rule

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"assay/scanner"
	"assay/scanner/yamlfile"
)

// Rule is one rule, read and checked. It is not changed once it was read.
type Rule struct {
	ID       string
	Name     string
	Meaning  string // what it means when it holds, for people
	Severity scanner.Severity
	OWASP    []string
	ASI      []string
	ATLAS    []string
	Advice   string
	Cooldown time.Duration
	Tags     []string
	Source   []byte // as it was read
	File     string
	Own      bool    // a person's, not shipped
	Single   bool    // it looks at one exchange alone: a policy may name it
	Limit    float64 // what RuleSetting.Threshold replaces; 0 where it has none
	LimitOf  string  // what Limit counts, for people
	Where    string  // the filter that exchanges have to pass; empty for all
	When     string  // the condition, for people
	Window   string  // what is counted, for people; empty of a rule that looks at one exchange
	Samples  int     // how many there are
	Unproven int     // samples that only a Looker could prove, and there was none

	where   *filter
	when    *condition // nil: every exchange
	window  *window    // nil: one exchange is enough
	needs   uint64     // of these signs and alarms one must be there; 0: the condition has to be tried anyway
	cheap   bool       // it costs less to try the condition than the filter
	samples []sample
}

// Proofs is how many samples there are that have to match, and that must not.
func (r *Rule) Proofs() (match, noMatch int) {
	for i := range r.samples {
		if r.samples[i].match {
			match++
		} else {
			noMatch++
		}
	}
	return match, noMatch
}

// Parse reads a rule and proves its samples. look finds the signs of samples that are prose; nil leaves those unproven.
// The error is made of *Problem, joined.
func Parse(file string, data []byte, look Looker) (*Rule, error) {
	r, problems := decode(file, data)
	if len(problems) == 0 {
		problems = r.prove(look)
	}
	if len(problems) == 0 {
		return r, nil
	}
	errs := make([]error, len(problems))
	for i := range problems {
		errs[i] = &problems[i]
	}
	return nil, errors.Join(errs...)
}

// Bounds of one folder. A folder with more was not meant.
const (
	maxFiles = 4_000
	maxRules = 2_000 // of one Set too
)

// Load reads the rules of a folder and of those below it: every file that ends in .yaml or .yml. It returns those that
// are good, by id, and a *Problem for each thing that is wrong with others.
func Load(folder fs.FS, look Looker) ([]*Rule, []error) {
	l := loader{folder: folder, look: look, byID: map[string]*Rule{}}
	if err := fs.WalkDir(folder, ".", l.visit); err != nil {
		l.fail(".", "cannot be read: "+yamlfile.Reason(err))
	}
	slices.SortFunc(l.rules, func(a, b *Rule) int { return cmp.Compare(a.ID, b.ID) })
	return l.rules, l.errs
}

type loader struct {
	folder fs.FS
	look   Looker
	rules  []*Rule
	byID   map[string]*Rule
	errs   []error
	files  int
}

func (l *loader) fail(file, what string) {
	l.errs = append(l.errs, &Problem{File: file, What: what})
}

func (l *loader) visit(file string, d fs.DirEntry, err error) error {
	switch {
	case err != nil:
		l.fail(file, "cannot be read: "+yamlfile.Reason(err))
		if d != nil && d.IsDir() {
			return fs.SkipDir
		}
		return nil
	case d.IsDir():
		if name := d.Name(); name != "." && strings.HasPrefix(name, ".") {
			return fs.SkipDir
		}
		return nil
	}
	if ext := path.Ext(file); ext != ".yaml" && ext != ".yml" || strings.HasPrefix(d.Name(), ".") {
		return nil
	}
	l.files++
	if l.files > maxFiles || len(l.rules) >= maxRules {
		l.fail(file, fmt.Sprintf("the folder has more than %d rules or %d files; this and all after it were left out", maxRules, maxFiles))
		return fs.SkipAll
	}
	l.file(file)
	return nil
}

func (l *loader) file(file string) {
	data, err := yamlfile.ReadFile(l.folder, file, limits)
	if err != nil {
		l.fail(file, "cannot be read: "+yamlfile.Reason(err))
		return
	}
	r, err := Parse(file, data, l.look)
	if err != nil {
		if all, ok := err.(interface{ Unwrap() []error }); ok {
			l.errs = append(l.errs, all.Unwrap()...)
		} else {
			l.errs = append(l.errs, err)
		}
		return
	}
	if first, taken := l.byID[r.ID]; taken {
		l.errs = append(l.errs, &Problem{File: file, Line: 1, Column: 1, Where: "id", What: fmt.Sprintf("the id %q is taken by %s", r.ID, first.File)})
		return
	}
	l.byID[r.ID] = r
	l.rules = append(l.rules, r)
}
