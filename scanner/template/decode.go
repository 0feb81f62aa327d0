package template

import (
	"fmt"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"assay/internal/nearest"
	"assay/scanner"
	"assay/scanner/judge"
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

// Parse reads one template. With problems the template is what could be read of it, and not to be run.
func Parse(file string, data []byte) (*Template, []Problem) {
	root, problem := parseYAML(file, data)
	if problem != nil {
		return nil, []Problem{*problem}
	}
	r := &decoder{reader: reader{file: file, lines: strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")}}
	if root.null() {
		r.fail(nil, "", "the file is empty; a template begins with its id")
		return nil, r.problems
	}
	t := r.template(root)
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return t, r.problems
}

// decoder reads the parts of a template.
type decoder struct {
	reader
	t    *Template
	uses []use // variables, checked when the payload lists are known
}

// use is a variable where it stands.
type use struct {
	at    *node
	where string
	name  string
}

func (r *decoder) template(root *node) *Template {
	t := &Template{File: r.file, Kinds: []string{"llm", "agent", "chat-backend", "rag"}}
	t.Attack.Slot = SlotLastUser
	r.t = t
	fields := map[string]field{
		"id":          func(n *node, where string) { t.ID = r.id(n, where) },
		"name":        func(n *node, where string) { t.Name = r.text(n, where, maxName) },
		"description": func(n *node, where string) { t.Description = r.prose(n, where) },
		"severity": func(n *node, where string) {
			t.Severity = scanner.Severity(r.word(n, where, []string{"info", "low", "medium", "high", "critical"}))
		},
		"owasp":     func(n *node, where string) { t.OWASP = r.owasp(n, where) },
		"asi":       func(n *node, where string) { t.ASI = r.wordList(n, where, ASIItems()) },
		"atlas":     func(n *node, where string) { t.ATLAS = r.atlas(n, where) },
		"cwe":       func(n *node, where string) { t.CWE = r.cwe(n, where) },
		"technique": func(n *node, where string) { t.Technique = r.slug(n, where) },
		"tags":      func(n *node, where string) { t.Tags = r.slugs(n, where) },
		"kinds":     func(n *node, where string) { t.Kinds = r.wordList(n, where, Kinds) },
		"needs":     func(n *node, where string) { t.Needs = r.wordList(n, where, Needs) },
		"attack":    func(n *node, where string) { r.attack(n, where) },
		"trials":    func(n *node, where string) { t.Trials = r.number(n, where, 1, maxTrials) },
		"detect":    func(n *node, where string) { t.Detect.Find = r.tree(n, where) },
		"otherwise": func(n *node, where string) {
			t.Detect.Otherwise = scanner.Verdict(r.word(n, where, []string{"resisted", "unclear"}))
		},
		"remediation": func(n *node, where string) { t.Remediation = r.prose(n, where) },
		"references":  func(n *node, where string) { t.References = r.references(n, where) },
		"samples":     func(n *node, where string) { t.Samples = r.samples(n, where) },
	}
	r.object(root, "", fields, "id", "name", "description", "severity", "owasp", "technique", "attack", "detect", "remediation", "samples")
	r.checkUses()
	if len(r.problems) == 0 && len(t.Cases(Limits{})) == maxCases {
		r.fail(root, "attack", "prompts, payloads, requests and mutations make %d cases or more; leave some out", maxCases)
	}
	return t
}

// prose reads a text for people: the newline that a YAML block ends with is no part of it.
func (r *decoder) prose(n *node, where string) string {
	return strings.TrimSpace(r.text(n, where, maxProse))
}

func (r *decoder) id(n *node, where string) string {
	id := r.slug(n, where)
	if stem := strings.TrimSuffix(path.Base(r.file), path.Ext(r.file)); id != "" && id != stem {
		r.add(n, where, stem, fmt.Sprintf("the id %q is not the name of the file", clip(id)))
	}
	return id
}

func (r *decoder) slug(n *node, where string) string {
	t := r.text(n, where, maxName)
	if t != "" && !idPattern.MatchString(t) {
		r.fail(n, where, "%q is not made of %s", clip(t), wordFormat)
		return ""
	}
	return t
}

func (r *decoder) slugs(n *node, where string) []string {
	var all []string
	r.list(n, where, 30, func(n *node, where string) {
		if w := r.slug(n, where); w != "" {
			all = append(all, w)
		}
	})
	return all
}

func (r *decoder) owasp(n *node, where string) []string {
	var all []string
	r.list(n, where, 10, func(n *node, where string) {
		t := r.text(n, where, 40)
		if owaspTitles[t] != "" {
			all = append(all, t)
			return
		}
		near := owaspID(t)
		if near == "" {
			near = nearest.Word(t, OWASPItems())
		}
		r.add(n, where, near, fmt.Sprintf("%q is no item of %s", clip(t), OWASPVersion))
	})
	return all
}

func (r *decoder) atlas(n *node, where string) []string {
	var all []string
	known := atlasTitles()
	r.list(n, where, 20, func(n *node, where string) {
		t := r.text(n, where, 40)
		if known[t] != "" {
			all = append(all, t)
			return
		}
		r.add(n, where, nearest.Word(t, slices.Sorted(maps.Keys(known))), fmt.Sprintf("%q is no technique of %s", clip(t), ATLASVersion))
	})
	return all
}

func (r *decoder) cwe(n *node, where string) []int {
	var all []int
	r.list(n, where, 20, func(n *node, where string) {
		if n.kind == scalarNode && strings.HasPrefix(n.text, "CWE-") {
			r.add(n, where, strings.TrimPrefix(n.text, "CWE-"), "a CWE is written as its number")
			return
		}
		number := r.number(n, where, 1, 9999)
		if cweTitles()[fmt.Sprint(number)] == "" {
			r.add(n, where, nearest.Word(n.text, slices.Sorted(maps.Keys(cweTitles()))), fmt.Sprintf("CWE-%d is not in the list of this program", number))
			return
		}
		all = append(all, number)
	})
	return all
}

func (r *decoder) references(n *node, where string) []string {
	var all []string
	r.list(n, where, 20, func(n *node, where string) {
		t := r.text(n, where, 500)
		u, err := url.Parse(t)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			r.fail(n, where, "%q is no web address", clip(t))
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
			r.add(u.at, u.where, nearest.Word(u.name, known), fmt.Sprintf("{{%s}} is no variable and no payload list of this template; write {{!%s}} for the braces themselves", clip(u.name), clip(u.name)))
			continue
		}
		if v, _ := variable(u.name); v.Need != "" {
			r.need(v.Need)
		}
	}
	for _, p := range r.t.Attack.Payloads {
		if !used[p.Name] {
			r.fail(nil, "attack.payloads."+p.Name, "no prompt names {{%s}}", p.Name)
		}
	}
}

// fill reads a text with variables.
func (r *decoder) fill(n *node, where string, most int) string {
	t := r.text(n, where, most)
	r.using(n, where, t)
	return t
}

func (r *decoder) using(n *node, where, text string) {
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		if m[1] == "" {
			r.uses = append(r.uses, use{r.find(n, m[0]), where, m[2]})
		}
	}
}

// value reads any value, with variables in its texts.
func (r *decoder) value(n *node, where string) any {
	r.usingAll(n, where)
	return n.plain()
}

func (r *decoder) usingAll(n *node, where string) {
	if text, is := n.value.(string); is && n.kind == scalarNode {
		r.using(n, where, text)
	}
	for _, p := range n.pairs {
		r.usingAll(p.value, under(where, p.key.text))
	}
	for i, item := range n.items {
		r.usingAll(item, fmt.Sprintf("%s[%d]", where, i))
	}
}

// tree reads a tree of signals. Signals have a short form: "canary" alone, or "canary: {…}" with parameters.
func (r *decoder) tree(n *node, where string) judge.Node {
	places := map[string]*node{"": n}
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
		r.add(at, full, p.Nearest, p.Message)
	}
	return *built
}

// branch reads one node; path is the judge's word for where it stands.
func (r *decoder) branch(n *node, where, at string, places map[string]*node, deep int) *judge.Node {
	places[at] = n
	dot := func(name string) string { return strings.TrimPrefix(at+"."+name, ".") }
	if n.kind == scalarNode && !n.null() {
		places[dot("signal")] = n
		return &judge.Node{Signal: n.text}
	}
	if n.kind == listNode {
		r.fail(n, where, "a list says neither all nor any; put it under one of these")
		return nil
	}
	if n.null() || len(n.pairs) != 1 || deep > 20 {
		r.fail(n, where, "exactly one of all, any, not and the name of a signal is wanted")
		return nil
	}
	key, value := n.pairs[0].key, n.pairs[0].value
	switch key.text {
	case "all", "any":
		nodes := r.branches(value, under(where, key.text), dot(key.text), places, deep)
		if key.text == "all" {
			return &judge.Node{All: nodes}
		}
		return &judge.Node{Any: nodes}
	case "not":
		return &judge.Node{Not: r.branch(value, under(where, "not"), dot("not"), places, deep+1)}
	}
	return r.signal(key, value, where, dot, places)
}

func (r *decoder) branches(n *node, where, at string, places map[string]*node, deep int) []judge.Node {
	places[at] = n
	nodes := []judge.Node{}
	if n.kind != listNode {
		r.fail(n, where, "a list is wanted, here is %s", n.what())
		return nodes
	}
	for i, item := range n.items {
		if b := r.branch(item, fmt.Sprintf("%s[%d]", where, i), fmt.Sprintf("%s[%d]", at, i), places, deep+1); b != nil {
			nodes = append(nodes, *b)
		}
	}
	return nodes
}

// signal reads "name: {parameters}", and "name: value" for a signal whose first parameter is meant.
func (r *decoder) signal(key, value *node, where string, dot func(string) string, places map[string]*node) *judge.Node {
	places[dot("signal")], places[dot("params")] = key, value
	b := &judge.Node{Signal: key.text}
	switch {
	case value.null():
	case value.kind == mapNode:
		b.Params = map[string]any{}
		for _, p := range value.pairs {
			if _, twice := b.Params[p.key.text]; twice {
				r.fail(p.key, where, "%q stands here twice", clip(p.key.text))
			}
			b.Params[p.key.text] = r.value(p.value, under(under(where, key.text), p.key.text))
			places[dot("params."+p.key.text)] = p.value
		}
	default:
		s, err := judge.Lookup(key.text)
		if err == nil && len(s.Params) == 0 {
			r.fail(value, under(where, key.text), "%s takes no parameters", key.text)
		} else if err == nil {
			name := s.Params[0].Name
			b.Params = map[string]any{name: r.value(value, under(where, key.text))}
			places[dot("params."+name)] = value
		}
	}
	return b
}
