package app

import (
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"assay/scanner/rule"
	"assay/scanner/watch"
	"assay/templates"
)

// rulesDir is the folder for rules of one's own.
func (h *Home) rulesDir() string { return filepath.Join(h.dir, "rules") }

// RulesFolder is where a person's own rules of the watch are kept; empty where there is none.
func (a *App) RulesFolder() string {
	if a.Home == nil {
		return ""
	}
	return a.Home.rulesDir()
}

// shippedRules are the rules that come with the program, read once.
var shippedRules = sync.OnceValues(func() ([]*rule.Rule, []error) {
	folder, err := fs.Sub(templates.Rules, "rules")
	if err != nil {
		return nil, []error{err}
	}
	return rule.Load(folder, nil) // their samples of prose are proven by tests, not whenever a program begins
})

// ruleShelf is the shipped rules and those of a folder, which is read again only where a file changed.
type ruleShelf struct {
	folder string

	mu       sync.Mutex
	looked   time.Time
	revision string
	rules    []*rule.Rule
	problems []error
}

// lookEvery is how often the folder is looked at for changes.
const lookEvery = 2 * time.Second

// read returns the rules, an error for each that is not good, and what names this state of the folder.
func (s *ruleShelf) read() (rules []*rule.Rule, problems []error, revision string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rules != nil && time.Since(s.looked) < lookEvery {
		return s.rules, s.problems, s.revision
	}
	s.looked = time.Now()
	now := folderRevision(s.folder)
	if s.rules == nil || now != s.revision {
		s.revision = now
		s.rules, s.problems = allRules(s.folder)
	}
	return s.rules, s.problems, s.revision
}

// allRules reads the shipped rules and those of a folder. A person's own stands in place of the shipped one with its id.
func allRules(folder string) (rules []*rule.Rule, problems []error) {
	shipped, problems := shippedRules()
	own, wrong := ownRules(folder)
	taken := map[string]bool{}
	for _, r := range own {
		taken[r.ID] = true
	}
	for _, r := range shipped {
		if !taken[r.ID] {
			rules = append(rules, r)
		}
	}
	return append(rules, own...), append(problems[:len(problems):len(problems)], wrong...)
}

func ownRules(folder string) ([]*rule.Rule, []error) {
	if info, err := os.Stat(folder); folder == "" || err != nil || !info.IsDir() {
		return nil, nil
	}
	own, problems := rule.Load(os.DirFS(folder), watch.LookAt)
	for _, r := range own {
		r.Own = true
	}
	return own, problems
}
