package rule

import (
	"cmp"
	"errors"
	"io/fs"
	"slices"
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
	r, problems := parse(file, data, look)
	if len(problems) == 0 {
		return r, nil
	}
	errs := make([]error, len(problems))
	for i := range problems {
		errs[i] = &problems[i]
	}
	return nil, errors.Join(errs...)
}

func parse(file string, data []byte, look Looker) (*Rule, []Problem) {
	r, problems := decode(file, data)
	if len(problems) == 0 {
		problems = r.prove(look)
	}
	return r, problems
}

// maxRules bounds how many rules a folder and a Set may have. A folder with more was not meant.
const maxRules = 2_000

// Load reads the rules of a folder and of those below it: every file that ends in .yaml or .yml. It returns those that
// are good, by id, and a *Problem for each thing that is wrong with others.
func Load(folder fs.FS, look Looker) (rules []*Rule, errs []error) {
	byID := map[string]*Rule{}
	problems := yamlfile.Folder(folder, limits, maxRules, func(file string, data []byte) []Problem {
		r, problems := parse(file, data, look)
		if len(problems) > 0 {
			return problems
		}
		if first, taken := byID[r.ID]; taken {
			return []Problem{yamlfile.Taken(file, r.ID, first.File)}
		}
		byID[r.ID], rules = r, append(rules, r)
		return nil
	})
	slices.SortFunc(rules, func(a, b *Rule) int { return cmp.Compare(a.ID, b.ID) })
	for i := range problems {
		errs = append(errs, &problems[i])
	}
	return rules, errs
}
