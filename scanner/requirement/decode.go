package requirement

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"assay/internal/nearest"
	"assay/scanner"
	"assay/scanner/framework"
	"assay/scanner/yamlfile"
	"assay/traffic"
)

// limits of one file: a person writes it.
var limits = yamlfile.Limits{Of: "requirement", Bytes: 64 << 10, Depth: 12, Nodes: 4_000}

var idPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Parse reads a requirement and proves its samples. The error joins a *scanner.Problem for each thing that is wrong.
func Parse(file string, data []byte) (*Requirement, error) {
	root, problem := yamlfile.Parse(file, data, limits)
	if problem != nil {
		return nil, problem
	}
	d := &decoder{Reader: yamlfile.NewReader(file, data), r: &Requirement{File: file, Source: data}}
	if root == nil {
		d.Fail(nil, "", "the file is empty")
	} else {
		d.read(root)
	}
	if len(d.Problems) == 0 {
		d.prove()
	}
	if len(d.Problems) == 0 {
		return d.r, nil
	}
	errs := make([]error, len(d.Problems))
	for i := range d.Problems {
		errs[i] = &d.Problems[i]
	}
	return nil, errors.Join(errs...)
}

// decoder reads a requirement.
type decoder struct {
	*yamlfile.Reader
	r *Requirement
}

func (d *decoder) read(n *yamlfile.Node) {
	r := d.r
	into := func(to *string, most int) yamlfile.Field {
		return func(n *yamlfile.Node, where string) { *to = d.Trimmed(n, where, most) }
	}
	if of := n.Child("of"); of != nil { // what the filters are read by
		r.Of = Of(d.Word(of, "of", subjectWords()))
	}
	must := func(to *string) yamlfile.Field {
		return func(n *yamlfile.Node, where string) { *to, r.must = d.filter(n, where) }
	}
	d.Object(n, "", map[string]yamlfile.Field{
		"id":       func(n *yamlfile.Node, where string) { r.ID = d.id(n, where) },
		"name":     into(&r.Name, 120),
		"why":      into(&r.Why, 1000),
		"severity": func(n *yamlfile.Node, where string) { r.Severity = scanner.Severity(d.Word(n, where, severities)) },
		"owasp":    func(n *yamlfile.Node, where string) { r.OWASP = d.Words(n, where, framework.OWASPItems()) },
		"asi":      func(n *yamlfile.Node, where string) { r.ASI = d.Words(n, where, framework.ASIItems()) },
		"atlas":    func(n *yamlfile.Node, where string) { r.ATLAS = d.Words(n, where, framework.Techniques()) },
		"of":       func(*yamlfile.Node, string) {},
		"where":    func(n *yamlfile.Node, where string) { r.Where, r.where = d.filter(n, where) },
		"must":     must(&r.Must),
		"some":     must(&r.Some),
		"fix":      into(&r.Fix, 1000),
		"enforce":  func(n *yamlfile.Node, where string) { r.Enforce = d.enforce(n, where) },
		"counts":   func(n *yamlfile.Node, where string) { r.Apart = !d.Truth(n, where) },
		"samples":  func(n *yamlfile.Node, where string) { r.samples = d.samples(n, where) },
	}, "id", "name", "why", "severity", "of", "fix", "samples")
	switch {
	case len(d.Problems) > 0:
		return
	case (r.Must == "") == (r.Some == ""):
		d.Fail(n, "must", "a requirement has must, what has to hold for each, or some, what has to hold for one of them; here are %s", map[bool]string{true: "none", false: "both"}[r.Must == ""])
		return
	case r.Some != "" && r.Of == Exchanges:
		d.Fail(n.Child("some"), "some", "of exchanges it is asked what must hold for each")
		return
	}
	r.asks = r.must.Fields()
	if r.where == nil {
		r.where, _ = parse(r.Of, "") // the empty filter has no errors
	}
	if base := strings.TrimSuffix(strings.TrimSuffix(path.Base(d.File), ".yaml"), ".yml"); base != r.ID && idPattern.MatchString(base) {
		d.Fail(n.Child("id"), "id", "the file of the requirement %q is named %s; name it %s.yaml", r.ID, path.Base(d.File), r.ID)
	}
}

func subjectWords() []string {
	words := make([]string, len(Subjects))
	for i, of := range Subjects {
		words[i] = string(of)
	}
	return words
}

func (d *decoder) id(n *yamlfile.Node, where string) string {
	t := d.Trimmed(n, where, 60)
	if t != "" && !idPattern.MatchString(t) {
		d.Fail(n, where, "an id is made of small letters, digits and single hyphens")
	}
	return t
}

// filter reads a text in the filter language. What is wrong with it is told at the character it is about.
func (d *decoder) filter(n *yamlfile.Node, where string) (string, condition) {
	t := d.Trimmed(n, where, traffic.MaxQueryBytes)
	if t == "" || d.r.Of == "" {
		return t, nil
	}
	c, err := parse(d.r.Of, t)
	if err == nil {
		return t, c
	}
	at, what := *n, err.Error()
	if wrong, ok := errors.AsType[*traffic.QueryError](err); ok {
		what = wrong.Message
		if n.Line > 0 && !n.Block && !strings.Contains(n.Text, "\n") {
			at.Col += wrong.Column - 1
			if n.Quoted {
				at.Col++
			}
		}
	}
	d.Fail(&at, where, "%s", what)
	return t, nil
}

// enforce reads what the guard would hold the requirement by: the fields of a policy that say what it looks at.
func (d *decoder) enforce(n *yamlfile.Node, where string) *scanner.Policy {
	one := &scanner.Policy{On: true}
	words := func(to *[]string) yamlfile.Field {
		return func(n *yamlfile.Node, where string) { *to = d.Texts(n, where, 100, 200) }
	}
	actions := []string{string(scanner.Monitor), string(scanner.Redact), string(scanner.Approve), string(scanner.Block)}
	d.Object(n, where, map[string]yamlfile.Field{
		"action": func(n *yamlfile.Node, where string) { one.Action = scanner.Action(d.Word(n, where, actions)) },
		"side": func(n *yamlfile.Node, where string) {
			one.Side = scanner.Side(d.Word(n, where, []string{string(scanner.InRequest), string(scanner.InAnswer)}))
		},
		"where": func(n *yamlfile.Node, where string) { one.Where = d.query(n, where) },
		"signs": func(n *yamlfile.Node, where string) {
			for _, w := range d.Texts(n, where, 50, 60) {
				one.Signs = append(one.Signs, scanner.SignKind(w))
			}
		},
		"rules": words(&one.Rules), "types": words(&one.Types), "tools": words(&one.Tools), "models": words(&one.Models),
		"least":       func(n *yamlfile.Node, where string) { one.Least = d.Number(n, where, 0, 1) },
		"fail_closed": func(n *yamlfile.Node, where string) { one.FailClosed = d.Truth(n, where) },
		"finish":      func(n *yamlfile.Node, where string) { one.Finish = d.Truth(n, where) },
		"say":         func(n *yamlfile.Node, where string) { one.Say = d.Trimmed(n, where, 400) },
	}, "action")
	if one.Action == scanner.Redact && len(one.Signs)+len(one.Types)+len(one.Rules) == 0 {
		d.Fail(n, where, "a policy that redacts names what it takes out: types, signs or rules")
	}
	return one
}

// query reads a filter over exchanges, whatever the requirement is asked of.
func (d *decoder) query(n *yamlfile.Node, where string) string {
	of := d.r.Of
	d.r.Of = Exchanges
	t, _ := d.filter(n, where)
	d.r.Of = of
	return t
}

// Problems are what is wrong in an error of Parse or Load.
func Problems(err error) []scanner.Problem {
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		var list []scanner.Problem
		for _, one := range all.Unwrap() {
			list = append(list, Problems(one)...)
		}
		return list
	}
	if p, ok := errors.AsType[*scanner.Problem](err); ok {
		return []scanner.Problem{*p}
	}
	return []scanner.Problem{{What: err.Error()}}
}

// near is the word of a list that is meant; empty where none is.
func near(word string, words []string) string {
	if utf8.RuneCountInString(word) > 60 {
		return ""
	}
	return nearest.Word(word, words)
}

// fieldNames are the fields of one sort of subject.
func fieldNames(of Of) []string {
	var fields []traffic.QueryField
	if of == Exchanges {
		fields = traffic.QueryFields()
	} else {
		fields = Fields(of)
	}
	names := make([]string, len(fields))
	for i := range fields {
		names[i] = fields[i].Name
	}
	slices.Sort(names)
	return names
}

// named quotes a requirement in a sentence.
func (r *Requirement) named() string { return cmp.Or(r.ID, fmt.Sprintf("%.40q", r.Name)) }
