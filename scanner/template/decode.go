package template

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"assay/internal/nearest"
	"assay/scanner"
	"assay/scanner/framework"
	"assay/scanner/judge"
	"assay/scanner/yamlfile"
)

// Bounds of what a template holds.
const (
	maxName     = 100
	maxProse    = 4_000
	maxPrompt   = 60_000
	maxPrompts  = 500
	maxValues   = 2_000
	maxTurns    = 30
	maxRequests = 50
	maxTrials   = 100
)

var (
	idPattern  = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	wordFormat = "small letters, digits and single hyphens"
)

// limits of one file. A template is written by a person; what is larger is none.
var limits = yamlfile.Limits{Of: "template", Bytes: 256 << 10, Depth: 40, Nodes: 20_000, Aliases: true}

// Parse reads one template. With problems the template is what could be read of it, and not to be run.
func Parse(file string, data []byte) (*Template, []Problem) {
	root, problem := yamlfile.Parse(file, data, limits)
	if problem != nil {
		return nil, []Problem{*problem}
	}
	r := &decoder{Reader: yamlfile.NewReader(file, data)}
	if root.Null() {
		r.Fail(nil, "", "the file is empty; a template begins with its id")
		return nil, r.Problems
	}
	t := r.template(root)
	slices.SortStableFunc(r.Problems, func(a, b Problem) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return t, r.Problems
}

// decoder reads the parts of a template.
type decoder struct {
	*yamlfile.Reader
	t    *Template
	uses []use // variables, checked when the payload lists are known
}

// use is a variable where it stands.
type use struct {
	at    *yamlfile.Node
	where string
	name  string
}

func (r *decoder) template(root *yamlfile.Node) *Template {
	t := &Template{File: r.File, Kinds: []string{"llm", "agent", "chat-backend", "rag"}}
	t.Attack.Slot = SlotLastUser
	r.t = t
	fields := map[string]yamlfile.Field{
		"id":          func(n *yamlfile.Node, where string) { t.ID = r.id(n, where) },
		"name":        func(n *yamlfile.Node, where string) { t.Name = r.Text(n, where, maxName) },
		"description": func(n *yamlfile.Node, where string) { t.Description = r.prose(n, where) },
		"severity": func(n *yamlfile.Node, where string) {
			t.Severity = scanner.Severity(r.Word(n, where, []string{"info", "low", "medium", "high", "critical"}))
		},
		"owasp":     func(n *yamlfile.Node, where string) { t.OWASP = r.owasp(n, where) },
		"asi":       func(n *yamlfile.Node, where string) { t.ASI = r.Words(n, where, framework.ASIItems()) },
		"atlas":     func(n *yamlfile.Node, where string) { t.ATLAS = r.atlas(n, where) },
		"cwe":       func(n *yamlfile.Node, where string) { t.CWE = r.cwe(n, where) },
		"technique": func(n *yamlfile.Node, where string) { t.Technique = r.slug(n, where) },
		"tags":      func(n *yamlfile.Node, where string) { t.Tags = r.slugs(n, where) },
		"kinds":     func(n *yamlfile.Node, where string) { t.Kinds = r.Words(n, where, Kinds) },
		"needs":     func(n *yamlfile.Node, where string) { t.Needs = r.Words(n, where, Needs) },
		"attack":    func(n *yamlfile.Node, where string) { r.attack(n, where) },
		"trials":    func(n *yamlfile.Node, where string) { t.Trials = r.Whole(n, where, 1, maxTrials) },
		"detect":    func(n *yamlfile.Node, where string) { t.Detect.Find = r.tree(n, where) },
		"otherwise": func(n *yamlfile.Node, where string) {
			t.Detect.Otherwise = scanner.Verdict(r.Word(n, where, []string{"resisted", "unclear"}))
		},
		"remediation": func(n *yamlfile.Node, where string) { t.Remediation = r.prose(n, where) },
		"references":  func(n *yamlfile.Node, where string) { t.References = r.references(n, where) },
		"samples":     func(n *yamlfile.Node, where string) { t.Samples = r.samples(n, where) },
	}
	r.Object(root, "", fields, "id", "name", "description", "severity", "owasp", "technique", "attack", "detect", "remediation", "samples")
	r.checkUses()
	if len(r.Problems) == 0 && len(t.Cases(Limits{})) == maxCases {
		r.Fail(root, "attack", "prompts, payloads, requests and mutations make %d cases or more; leave some out", maxCases)
	}
	return t
}

// prose reads a text for people: the newline that a YAML block ends with is no part of it.
func (r *decoder) prose(n *yamlfile.Node, where string) string {
	return strings.TrimSpace(r.Text(n, where, maxProse))
}

func (r *decoder) id(n *yamlfile.Node, where string) string {
	id := r.slug(n, where)
	if stem := strings.TrimSuffix(path.Base(r.File), path.Ext(r.File)); id != "" && id != stem {
		r.Add(n, where, stem, fmt.Sprintf("the id %q is not the name of the file", yamlfile.Clip(id)))
	}
	return id
}

func (r *decoder) slug(n *yamlfile.Node, where string) string {
	t := r.Text(n, where, maxName)
	if t != "" && !idPattern.MatchString(t) {
		r.Fail(n, where, "%q is not made of %s", yamlfile.Clip(t), wordFormat)
		return ""
	}
	return t
}

func (r *decoder) slugs(n *yamlfile.Node, where string) []string {
	var all []string
	r.List(n, where, 30, func(n *yamlfile.Node, where string) {
		if w := r.slug(n, where); w != "" {
			all = append(all, w)
		}
	})
	return all
}

func (r *decoder) owasp(n *yamlfile.Node, where string) []string {
	var all []string
	r.List(n, where, 10, func(n *yamlfile.Node, where string) {
		t := r.Text(n, where, 40)
		if slices.Contains(framework.OWASPItems(), t) {
			all = append(all, t)
			return
		}
		near := framework.OWASPID(t)
		if near == "" {
			near = nearest.Word(t, framework.OWASPItems())
		}
		r.Add(n, where, near, fmt.Sprintf("%q is no item of %s", yamlfile.Clip(t), framework.OWASPVersion))
	})
	return all
}

func (r *decoder) atlas(n *yamlfile.Node, where string) []string {
	var all []string
	known := framework.Techniques()
	r.List(n, where, 20, func(n *yamlfile.Node, where string) {
		t := r.Text(n, where, 40)
		if slices.Contains(known, t) {
			all = append(all, t)
			return
		}
		r.Add(n, where, nearest.Word(t, known), fmt.Sprintf("%q is no technique of %s", yamlfile.Clip(t), framework.ATLASVersion))
	})
	return all
}

func (r *decoder) cwe(n *yamlfile.Node, where string) []int {
	var all []int
	r.List(n, where, 20, func(n *yamlfile.Node, where string) {
		if n.Kind == yamlfile.Scalar && strings.HasPrefix(n.Text, "CWE-") {
			r.Add(n, where, strings.TrimPrefix(n.Text, "CWE-"), "a CWE is written as its number")
			return
		}
		number := r.Whole(n, where, 1, 9999)
		if framework.Title(fmt.Sprint("CWE-", number)) == "" {
			near := strings.TrimPrefix(nearest.Word("CWE-"+n.Text, framework.Weaknesses()), "CWE-")
			r.Add(n, where, near, fmt.Sprintf("CWE-%d is not in the list of this program", number))
			return
		}
		all = append(all, number)
	})
	return all
}

func (r *decoder) references(n *yamlfile.Node, where string) []string {
	var all []string
	r.List(n, where, 20, func(n *yamlfile.Node, where string) {
		t := r.Text(n, where, 500)
		u, err := url.Parse(t)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			r.Fail(n, where, "%q is no web address", yamlfile.Clip(t))
			return
		}
		all = append(all, t)
	})
	return all
}

// checkUses says which variables are unknown, which payload lists nobody uses, and adds the needs that variables bring.
func (r *decoder) checkUses() {
	known := make([]string, 0, len(variables))
	for _, v := range variables {
		known = append(known, v.Name)
	}
	used := map[string]bool{}
	for _, p := range r.t.Attack.Payloads {
		known = append(known, p.Name)
	}
	for _, u := range r.uses {
		used[u.name] = true
		if !slices.Contains(known, u.name) {
			r.Add(u.at, u.where, nearest.Word(u.name, known), fmt.Sprintf("{{%s}} is no variable and no payload list of this template; write {{!%s}} for the braces themselves", yamlfile.Clip(u.name), yamlfile.Clip(u.name)))
			continue
		}
		if v, _ := variable(u.name); v.Need != "" {
			r.need(v.Need)
		}
	}
	for _, p := range r.t.Attack.Payloads {
		if !used[p.Name] {
			r.Fail(nil, "attack.payloads."+p.Name, "no prompt names {{%s}}", p.Name)
		}
	}
}

// fill reads a text with variables.
func (r *decoder) fill(n *yamlfile.Node, where string, most int) string {
	t := r.Text(n, where, most)
	r.using(n, where, t)
	return t
}

func (r *decoder) using(n *yamlfile.Node, where, text string) {
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		if m[1] == "" {
			r.uses = append(r.uses, use{r.Find(n, m[0]), where, m[2]})
		}
	}
}

// value reads any value, with variables in its texts.
func (r *decoder) value(n *yamlfile.Node, where string) any {
	r.usingAll(n, where)
	return n.Plain()
}

func (r *decoder) usingAll(n *yamlfile.Node, where string) {
	if text, is := n.Value.(string); is && n.Kind == yamlfile.Scalar {
		r.using(n, where, text)
	}
	for _, p := range n.Pairs {
		r.usingAll(p.Value, yamlfile.Under(where, p.Key.Text))
	}
	for i, item := range n.Items {
		r.usingAll(item, fmt.Sprintf("%s[%d]", where, i))
	}
}

// tree reads a tree of signals. Signals have a short form: "canary" alone, or "canary: {…}" with parameters.
func (r *decoder) tree(n *yamlfile.Node, where string) judge.Node {
	places := map[string]*yamlfile.Node{"": n}
	built := r.branch(n, where, "", places, 0)
	if built == nil {
		return judge.Node{}
	}
	for _, p := range built.Check() {
		at := places[p.Path]
		for path := p.Path; at == nil; {
			cut := strings.LastIndexAny(path, ".[")
			if cut < 0 {
				at = n
				break
			}
			path = path[:cut]
			at = places[path]
		}
		full := where
		if p.Path != "" {
			full += "." + p.Path
		}
		r.Add(at, full, p.Nearest, p.Message)
	}
	return *built
}

// branch reads one node; path is the judge's word for where it stands.
func (r *decoder) branch(n *yamlfile.Node, where, at string, places map[string]*yamlfile.Node, deep int) *judge.Node {
	places[at] = n
	dot := func(name string) string { return strings.TrimPrefix(at+"."+name, ".") }
	if n.Kind == yamlfile.Scalar && !n.Null() {
		places[dot("signal")] = n
		return &judge.Node{Signal: n.Text}
	}
	if n.Kind == yamlfile.List {
		r.Fail(n, where, "a list says neither all nor any; put it under one of these")
		return nil
	}
	if n.Null() || len(n.Pairs) != 1 || deep > 20 {
		r.Fail(n, where, "exactly one of all, any, not and the name of a signal is wanted")
		return nil
	}
	key, value := n.Pairs[0].Key, n.Pairs[0].Value
	switch key.Text {
	case "all", "any":
		nodes := r.branches(value, yamlfile.Under(where, key.Text), dot(key.Text), places, deep)
		if key.Text == "all" {
			return &judge.Node{All: nodes}
		}
		return &judge.Node{Any: nodes}
	case "not":
		return &judge.Node{Not: r.branch(value, yamlfile.Under(where, "not"), dot("not"), places, deep+1)}
	}
	return r.signal(key, value, where, dot, places)
}

func (r *decoder) branches(n *yamlfile.Node, where, at string, places map[string]*yamlfile.Node, deep int) []judge.Node {
	places[at] = n
	nodes := []judge.Node{}
	if n.Kind != yamlfile.List {
		r.Fail(n, where, "a list is wanted, here is %s", n.What())
		return nodes
	}
	for i, item := range n.Items {
		if b := r.branch(item, fmt.Sprintf("%s[%d]", where, i), fmt.Sprintf("%s[%d]", at, i), places, deep+1); b != nil {
			nodes = append(nodes, *b)
		}
	}
	return nodes
}

// signal reads "name: {parameters}", and "name: value" for a signal whose first parameter is meant.
func (r *decoder) signal(key, value *yamlfile.Node, where string, dot func(string) string, places map[string]*yamlfile.Node) *judge.Node {
	places[dot("signal")], places[dot("params")] = key, value
	b := &judge.Node{Signal: key.Text}
	switch {
	case value.Null():
	case value.Kind == yamlfile.Map:
		b.Params = map[string]any{}
		for _, p := range value.Pairs {
			if _, twice := b.Params[p.Key.Text]; twice {
				r.Fail(p.Key, where, "%q stands here twice", yamlfile.Clip(p.Key.Text))
			}
			b.Params[p.Key.Text] = r.value(p.Value, yamlfile.Under(yamlfile.Under(where, key.Text), p.Key.Text))
			places[dot("params."+p.Key.Text)] = p.Value
		}
	default:
		s, err := judge.Lookup(key.Text)
		if err == nil && len(s.Params) == 0 {
			r.Fail(value, yamlfile.Under(where, key.Text), "%s takes no parameters", key.Text)
		} else if err == nil {
			name := s.Params[0].Name
			b.Params = map[string]any{name: r.value(value, yamlfile.Under(where, key.Text))}
			places[dot("params."+name)] = value
		}
	}
	return b
}
