package app

import (
	"errors"
	"io"
	"time"

	"assay/scanner"
	"assay/scanner/yamlfile"
)

// policyLimits of a file: a person writes it.
var policyLimits = yamlfile.Limits{Of: "file of policies", Bytes: 256 << 10, Depth: 12, Nodes: 40_000}

// policyHint says what a file of policies looks like.
const policyHint = `a policy is {"name", "action": "block", "side", "where", "signs": [], "rules": [], "types": [], "tools": [], "models": [], "budget": "200 requests/1h per actor", …}; docs/policies.md tells all`

// ReadPolicies reads policies from JSON or YAML: one, a list of them, several documents, or {policies: […]}. A policy is on
// unless it says otherwise. An error names line and column.
func ReadPolicies(r io.Reader, name string) ([]Policy, error) {
	data, err := io.ReadAll(io.LimitReader(r, int64(policyLimits.Bytes)+1))
	if err != nil {
		return nil, &Error{Code: CodeInput, Message: "cannot read " + name, Err: err}
	}
	roots, problem := yamlfile.ParseAll(name, data, policyLimits)
	if problem != nil {
		return nil, &Error{Code: CodeInput, Message: "cannot read the policies in " + name, Err: problem, Hint: policyHint}
	}
	f := policyFile{Reader: yamlfile.NewReader(name, data)}
	for _, n := range roots {
		f.document(n)
	}
	switch {
	case len(f.Problems) > 0:
		errs := make([]error, len(f.Problems))
		for i := range f.Problems {
			errs[i] = &f.Problems[i]
		}
		return nil, &Error{Code: CodeInput, Message: "cannot read the policies in " + name, Err: errors.Join(errs...)}
	case len(f.policies) == 0:
		return nil, &Error{Code: CodeInput, Message: "there is no policy in " + name, Hint: policyHint}
	}
	return f.policies, nil
}

// policyFile reads policies out of a file.
type policyFile struct {
	*yamlfile.Reader
	policies []Policy
}

// document reads a policy, a list of them, or a mapping that has such a list.
func (f *policyFile) document(n *yamlfile.Node) {
	if n.Kind == yamlfile.Map && len(n.Pairs) == 1 && n.Pairs[0].Key.Text == "policies" && n.Pairs[0].Value.Kind == yamlfile.List {
		n = n.Pairs[0].Value
	}
	switch {
	case n.Kind == yamlfile.Scalar:
		f.Fail(n, "", "here should be a policy or a list of policies")
	case n.Kind == yamlfile.List && len(n.Items) == 0:
	default:
		f.List(n, "", mostPolicies, f.policy)
	}
	if len(f.policies) > mostPolicies {
		f.Fail(n, "", "a file has at most %d policies", mostPolicies)
	}
}

func (f *policyFile) policy(n *yamlfile.Node, where string) {
	one, before := Policy{On: true}, len(f.Problems)
	places := map[string]*yamlfile.Node{}
	fields := f.fields(&one)
	for name, read := range fields {
		fields[name] = func(n *yamlfile.Node, where string) {
			places[name] = n
			if !n.Null() && (n.Kind != yamlfile.List || len(n.Items) > 0) { // as what `policy ls --json` leaves empty
				read(n, where)
			}
		}
	}
	f.Object(n, where, fields)
	if len(f.Problems) > before {
		return
	}
	c := checking{}
	c.fields(&one)
	c.together(&one)
	for _, p := range c.problems {
		at := places[p.Field]
		if at == nil {
			at = n
		}
		f.Fail(at, yamlfile.Under(where, p.Field), "%s", p.Message)
	}
	f.policies = append(f.policies, one)
}

// Longest texts of a policy in a file, in characters; those with bounds of their own are checked against them later.
const longestPolicyText = 10_000

// fields are those of a policy in a file. Those of id and added are read and make no difference: what is read is a new
// policy.
func (f *policyFile) fields(one *Policy) map[string]yamlfile.Field {
	into := func(to *string) yamlfile.Field {
		return func(n *yamlfile.Node, where string) { *to = f.Text(n, where, longestPolicyText) }
	}
	words := func(to *[]string) yamlfile.Field {
		return func(n *yamlfile.Node, where string) { *to = f.Texts(n, where, mostPolicies, longestPolicyText) }
	}
	truth := func(to *bool) yamlfile.Field {
		return func(n *yamlfile.Node, where string) { *to = f.Truth(n, where) }
	}
	nothing := func(*yamlfile.Node, string) {}
	return map[string]yamlfile.Field{
		"name":   into(&one.Name),
		"on":     truth(&one.On),
		"action": func(n *yamlfile.Node, where string) { one.Action = scanner.Action(f.Text(n, where, longestPolicyText)) },
		"side":   func(n *yamlfile.Node, where string) { one.Side = scanner.Side(f.Text(n, where, longestPolicyText)) },
		"where":  into(&one.Where),
		"signs": func(n *yamlfile.Node, where string) {
			for _, word := range f.Texts(n, where, mostPolicies, longestPolicyText) {
				one.Signs = append(one.Signs, scanner.SignKind(word))
			}
		},
		"rules":       words(&one.Rules),
		"types":       words(&one.Types),
		"tools":       words(&one.Tools),
		"models":      words(&one.Models),
		"least":       func(n *yamlfile.Node, where string) { one.Least = f.Number(n, where, 0, 1) },
		"budget":      func(n *yamlfile.Node, where string) { one.Budget = f.budget(n, where) },
		"finish":      truth(&one.Finish),
		"fail_closed": truth(&one.FailClosed),
		"patience":    func(n *yamlfile.Node, where string) { one.Patience = f.span(n, where) },
		"say":         into(&one.Say),
		"id":          nothing,
		"added":       nothing,
	}
}

func (f *policyFile) span(n *yamlfile.Node, where string) scanner.Duration {
	text := f.Text(n, where, 40)
	if text == "" || text == "0s" || text == "0" {
		return 0
	}
	d, err := parseSpan(text)
	if err != nil {
		f.Fail(n, where, "%q does not say how long; write for example 90s", yamlfile.Clip(text))
	}
	return scanner.Duration(d)
}

// budget reads one as people say it, or in its parts.
func (f *policyFile) budget(n *yamlfile.Node, where string) *scanner.Allowance {
	if n.Kind != yamlfile.Map {
		text := f.Text(n, where, 200)
		a, err := ParseAllowance(text)
		if err != nil && text != "" {
			f.Fail(n, where, "%q is no budget; write for example 200 requests/1h per actor", yamlfile.Clip(text))
		}
		return a
	}
	a := &scanner.Allowance{Per: "actor", Within: scanner.Duration(time.Hour)}
	f.Object(n, where, map[string]yamlfile.Field{
		"of":     func(n *yamlfile.Node, where string) { a.Of = f.Text(n, where, 40) },
		"most":   func(n *yamlfile.Node, where string) { a.Most = f.Number(n, where, 0, 1e15) },
		"within": func(n *yamlfile.Node, where string) { a.Within = f.span(n, where) },
		"per":    func(n *yamlfile.Node, where string) { a.Per = f.Text(n, where, 40) },
	})
	return a
}
