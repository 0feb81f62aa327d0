package template

import (
	"fmt"
	"slices"

	"assay/internal/nearest"
	"assay/scanner"
	"assay/scanner/framework"
	"assay/scanner/yamlfile"
)

// Suite is a named choice of templates.
type Suite struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	Description string     `json:"description"`
	Minutes     int        `json:"minutes,omitempty"` // about how long it should take; the run pauses there. 0 for no limit
	Trials      int        `json:"trials"`            // how often a case is sent when its template does not say
	Limits      Limits     `json:"limits"`
	Select      []Selector `json:"select"`           // templates that any of these selects
	Except      []Selector `json:"except,omitempty"` // but none of these
	File        string     `json:"file"`

	places []suitePlace
}

// suitePlace remembers where an id or a tag was written, to say so when there is no such thing.
type suitePlace struct {
	at         *yamlfile.Node
	where      string
	what, name string
}

// Selector selects the templates for which everything it names holds; of each list one word must.
type Selector struct {
	IDs        []string         `json:"ids,omitempty"`
	Tags       []string         `json:"tags,omitempty"`
	OWASP      []string         `json:"owasp,omitempty"`
	ASI        []string         `json:"asi,omitempty"`
	Severity   scanner.Severity `json:"severity,omitempty"` // this or worse
	Kinds      []string         `json:"kinds,omitempty"`    // of service
	Levels     []string         `json:"levels,omitempty"`   // prompt, content, conversation, request
	Techniques []string         `json:"techniques,omitempty"`
}

var levels = []string{"prompt", "content", "conversation", "request"}

// Matches reports whether a selector selects a template.
func (s *Selector) Matches(t *Template) bool {
	among := func(wanted []string, have ...string) bool {
		return len(wanted) == 0 || slices.ContainsFunc(have, func(w string) bool { return slices.Contains(wanted, w) })
	}
	return among(s.IDs, t.ID) && among(s.Tags, t.Tags...) && among(s.OWASP, t.OWASP...) && among(s.ASI, t.ASI...) &&
		(s.Severity == "" || Worse(t.Severity, s.Severity)) && among(s.Levels, t.Level()) && among(s.Techniques, t.Technique) &&
		(len(s.Kinds) == 0 || slices.ContainsFunc(s.Kinds, t.Fits))
}

// Holds reports whether a suite holds a template.
func (s *Suite) Holds(t *Template) bool {
	matches := func(list []Selector) bool {
		return slices.ContainsFunc(list, func(sel Selector) bool { return sel.Matches(t) })
	}
	return matches(s.Select) && !matches(s.Except)
}

// ParseSuite reads one suite.
func ParseSuite(file string, data []byte) (*Suite, []Problem) {
	root, problem := yamlfile.Parse(file, data, limits)
	if problem != nil {
		return nil, []Problem{*problem}
	}
	r := &decoder{Reader: yamlfile.NewReader(file, data), t: &Template{}}
	s := &Suite{File: file, Trials: 1}
	if root.Null() {
		r.Fail(nil, "", "the file is empty; a suite begins with its id")
		return s, r.Problems
	}
	r.Object(root, "", map[string]yamlfile.Field{
		"id":          func(n *yamlfile.Node, where string) { s.ID = r.id(n, where) },
		"name":        func(n *yamlfile.Node, where string) { s.Name = r.Text(n, where, maxName) },
		"description": func(n *yamlfile.Node, where string) { s.Description = r.prose(n, where) },
		"minutes":     func(n *yamlfile.Node, where string) { s.Minutes = r.Whole(n, where, 1, 100_000) },
		"trials":      func(n *yamlfile.Node, where string) { s.Trials = r.Whole(n, where, 1, maxTrials) },
		"prompts":     func(n *yamlfile.Node, where string) { s.Limits.Prompts = r.Whole(n, where, 1, maxCases) },
		"mutations":   func(n *yamlfile.Node, where string) { s.Limits.Mutations = r.Whole(n, where, 1, maxCases) },
		"select":      func(n *yamlfile.Node, where string) { s.Select = r.selectors(n, where, s) },
		"except":      func(n *yamlfile.Node, where string) { s.Except = r.selectors(n, where, s) },
	}, "id", "name", "description", "select")
	return s, r.Problems
}

func (r *decoder) selectors(n *yamlfile.Node, where string, s *Suite) []Selector {
	var all []Selector
	remember := func(what string) func(n *yamlfile.Node, where string) []string {
		return func(n *yamlfile.Node, where string) []string {
			var words []string
			r.List(n, where, 5000, func(n *yamlfile.Node, where string) {
				word := r.slug(n, where)
				words = append(words, word)
				s.places = append(s.places, suitePlace{n, where, what, word})
			})
			return words
		}
	}
	r.List(n, where, 100, func(n *yamlfile.Node, where string) {
		var sel Selector
		r.Object(n, where, map[string]yamlfile.Field{
			"ids":        func(n *yamlfile.Node, where string) { sel.IDs = remember("template")(n, where) },
			"tags":       func(n *yamlfile.Node, where string) { sel.Tags = remember("tag")(n, where) },
			"techniques": func(n *yamlfile.Node, where string) { sel.Techniques = remember("technique")(n, where) },
			"owasp":      func(n *yamlfile.Node, where string) { sel.OWASP = r.owasp(n, where) },
			"asi":        func(n *yamlfile.Node, where string) { sel.ASI = r.Words(n, where, framework.ASIItems()) },
			"kinds":      func(n *yamlfile.Node, where string) { sel.Kinds = r.Words(n, where, Kinds) },
			"levels":     func(n *yamlfile.Node, where string) { sel.Levels = r.Words(n, where, levels) },
			"severity": func(n *yamlfile.Node, where string) {
				sel.Severity = scanner.Severity(r.Word(n, where, []string{"info", "low", "medium", "high", "critical"}))
			},
		})
		all = append(all, sel)
	})
	return all
}

// unknown tells which ids, tags and techniques of a suite no template has.
func (s *Suite) unknown(l *Library) []Problem {
	words := map[string][]string{"tag": l.Tags()}
	for _, t := range l.templates {
		words["template"] = append(words["template"], t.ID)
		words["technique"] = append(words["technique"], t.Technique)
	}
	var problems []Problem
	for _, p := range s.places {
		if !slices.Contains(words[p.what], p.name) {
			problems = append(problems, Problem{
				File: s.File, Line: p.at.Line, Column: p.at.Col, Where: p.where,
				What: fmt.Sprintf("there is no %s %q", p.what, p.name), Nearest: nearest.Word(p.name, words[p.what]),
			})
		}
	}
	s.places = nil
	return problems
}
