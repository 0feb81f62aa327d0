package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"assay/scanner"
)

// Bounds of a file of policies: a person writes it.
const (
	mostPolicyFile = 256 << 10
	mostPolicyDeep = 8 // mappings and lists within each other
)

// policyFields are the names of a policy's fields in a file. Those of id and added are read and make no difference: what is
// read is a new policy.
var policyFields = []string{
	"name", "on", "action", "side", "where", "signs", "rules", "types", "tools", "models", "least", "budget", "finish", "fail_closed", "patience", "say", "id", "added",
}

// policyHint says what a file of policies looks like.
const policyHint = `a policy is {"name", "action": "block", "side", "where", "signs": [], "rules": [], "types": [], "tools": [], "models": [], "budget": "200 requests/1h per actor", …}; docs/policies.md tells all`

// ReadPolicies reads policies from JSON or YAML: one, a list of them, several documents, or {policies: […]}. A policy is on
// unless it says otherwise. An error names line and column.
func ReadPolicies(r io.Reader, name string) ([]Policy, error) {
	data, err := io.ReadAll(io.LimitReader(r, mostPolicyFile+1))
	if err != nil {
		return nil, &Error{Code: CodeInput, Message: "cannot read " + name, Err: err}
	}
	if len(data) > mostPolicyFile {
		return nil, &Error{Code: CodeInput, Message: fmt.Sprintf("%s is larger than %s", name, Bytes(mostPolicyFile))}
	}
	f := policyFile{name: name}
	d := yaml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	for {
		var doc yaml.Node
		err := decodeNode(d, &doc)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, &Error{Code: CodeInput, Message: "cannot read the policies in " + name, Err: errors.New(strings.TrimPrefix(err.Error(), "yaml: ")), Hint: policyHint}
		}
		for _, top := range doc.Content {
			f.document(top)
		}
		if f.err != nil {
			return nil, f.err
		}
	}
	if len(f.policies) == 0 {
		return nil, &Error{Code: CodeInput, Message: "there is no policy in " + name, Hint: policyHint}
	}
	return f.policies, nil
}

// decodeNode reads one document. The parser is written for files that people trust: one from elsewhere must not end the
// program.
func decodeNode(d *yaml.Decoder, into *yaml.Node) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("this is no YAML: %v", p)
		}
	}()
	return d.Decode(into)
}

// policyFile reads policies out of a tree of YAML. The first thing that is wrong ends it.
type policyFile struct {
	name     string
	policies []Policy
	err      error
}

// fail says what is wrong where.
func (f *policyFile) fail(n *yaml.Node, format string, args ...any) {
	if f.err == nil {
		f.err = &Error{Code: CodeInput, Message: fmt.Sprintf("%s:%d:%d: %s", f.name, n.Line, n.Column, fmt.Sprintf(format, args...))}
	}
}

// document reads a policy, a list of them, or a mapping that has such a list.
func (f *policyFile) document(n *yaml.Node) {
	if deep(n, mostPolicyDeep) {
		f.fail(n, "this is nested too deeply, or refers to something else in the file")
		return
	}
	switch n.Kind {
	case yaml.SequenceNode:
		f.each(n)
	case yaml.MappingNode:
		if len(n.Content) == 2 && n.Content[0].Value == "policies" && n.Content[1].Kind == yaml.SequenceNode {
			f.each(n.Content[1])
			return
		}
		f.policy(n)
	default:
		f.fail(n, "here should be a policy or a list of policies")
	}
}

func (f *policyFile) each(n *yaml.Node) {
	for _, item := range n.Content {
		if item.Kind != yaml.MappingNode {
			f.fail(item, "here should be a policy, which is a mapping")
			return
		}
		f.policy(item)
	}
}

// deep reports whether a tree is deeper than most, or has aliases, which could make it endless.
func deep(n *yaml.Node, most int) bool {
	if n.Kind == yaml.AliasNode || most == 0 && len(n.Content) > 0 {
		return true
	}
	return slices.ContainsFunc(n.Content, func(c *yaml.Node) bool { return deep(c, most-1) })
}

func (f *policyFile) policy(n *yaml.Node) {
	if f.err != nil {
		return
	}
	if len(f.policies) >= mostPolicies {
		f.fail(n, "a file has at most %d policies", mostPolicies)
		return
	}
	one := Policy{On: true}
	places := map[string]*yaml.Node{"": n}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if _, twice := places[key.Value]; twice {
			f.fail(key, "%q stands here a second time", Harmless(key.Value, 40))
			return
		}
		places[key.Value] = value
		f.field(&one, key, value)
	}
	c := checking{}
	c.fields(&one)
	c.together(&one)
	if len(c.problems) > 0 {
		at := places[c.problems[0].Field]
		if at == nil {
			at = n
		}
		f.fail(at, "%v", c.problems[0])
	}
	f.policies = append(f.policies, one)
}

func (f *policyFile) field(one *Policy, key, value *yaml.Node) {
	switch key.Value {
	case "name":
		one.Name = f.text(value)
	case "on":
		one.On = f.truth(value)
	case "action":
		one.Action = scanner.Action(f.text(value))
	case "side":
		one.Side = scanner.Side(f.text(value))
	case "where":
		one.Where = f.text(value)
	case "signs":
		for _, word := range f.words(value) {
			one.Signs = append(one.Signs, scanner.SignKind(word))
		}
	case "rules":
		one.Rules = f.words(value)
	case "types":
		one.Types = f.words(value)
	case "tools":
		one.Tools = f.words(value)
	case "models":
		one.Models = f.words(value)
	case "least":
		one.Least = f.number(value)
	case "budget":
		one.Budget = f.budget(value)
	case "finish":
		one.Finish = f.truth(value)
	case "fail_closed":
		one.FailClosed = f.truth(value)
	case "patience":
		one.Patience = f.span(value)
	case "say":
		one.Say = f.text(value)
	case "id", "added":
	default:
		near := Nearest(key.Value, policyFields)
		if near == "" {
			f.fail(key, "a policy has no %q", Harmless(key.Value, 40))
		} else {
			f.fail(key, "a policy has no %q; did you mean %q?", Harmless(key.Value, 40), near)
		}
	}
}

func (f *policyFile) text(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!binary" {
		f.fail(n, "here should be a text")
		return ""
	}
	if n.Tag == "!!null" {
		return ""
	}
	return n.Value
}

func (f *policyFile) truth(n *yaml.Node) bool {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!bool" {
		if b, err := strconv.ParseBool(strings.ToLower(n.Value)); err == nil {
			return b
		}
	}
	f.fail(n, "here should be true or false")
	return false
}

func (f *policyFile) number(n *yaml.Node) float64 {
	v, err := strconv.ParseFloat(n.Value, 64)
	if n.Kind != yaml.ScalarNode || err != nil {
		f.fail(n, "here should be a number")
	}
	return v
}

// words reads a list of texts, or one.
func (f *policyFile) words(n *yaml.Node) []string {
	if n.Kind == yaml.ScalarNode {
		if word := f.text(n); word != "" {
			return []string{word}
		}
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		f.fail(n, "here should be a list of texts")
		return nil
	}
	var words []string
	for _, item := range n.Content {
		words = append(words, f.text(item))
	}
	return words
}

func (f *policyFile) span(n *yaml.Node) scanner.Duration {
	text := f.text(n)
	if text == "" || text == "0s" || text == "0" {
		return 0
	}
	d, err := parseSpan(text)
	if err != nil {
		f.fail(n, "%q does not say how long; write for example 90s", Harmless(text, 40))
	}
	return scanner.Duration(d)
}

// budget reads one as people say it, or in its parts.
func (f *policyFile) budget(n *yaml.Node) *scanner.Allowance {
	if n.Kind == yaml.ScalarNode {
		text := f.text(n)
		if text == "" {
			return nil
		}
		a, err := ParseAllowance(text)
		if err != nil {
			f.fail(n, "%q is no budget; write for example 200 requests/1h per actor", Harmless(text, 80))
		}
		return a
	}
	if n.Kind != yaml.MappingNode {
		f.fail(n, "here should be a budget, for example 200 requests/1h per actor")
		return nil
	}
	a := &scanner.Allowance{Per: "actor", Within: scanner.Duration(time.Hour)}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch key.Value {
		case "of":
			a.Of = f.text(value)
		case "most":
			a.Most = f.number(value)
		case "within":
			a.Within = f.span(value)
		case "per":
			a.Per = f.text(value)
		default:
			f.fail(key, "a budget has no %q; it has of, most, within and per", Harmless(key.Value, 40))
		}
	}
	return a
}
