package rule

import (
	"cmp"
	"errors"
	"path"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"assay/scanner"
	"assay/scanner/yamlfile"
	"assay/traffic"
)

var (
	idPattern    = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	owaspPattern = regexp.MustCompile(`^LLM(0[1-9]|10):2025$`)
	asiPattern   = regexp.MustCompile(`^ASI(0[1-9]|10)$`)
	atlasPattern = regexp.MustCompile(`^AML\.T\d{4}(\.\d{3})?$`)
)

// The severities, the mildest first.
var severities = []string{
	string(scanner.SeverityInfo), string(scanner.SeverityLow), string(scanner.SeverityMedium), string(scanner.SeverityHigh), string(scanner.SeverityCritical),
}

// usualCooldown is how long a threat stays open where the rule does not say.
const usualCooldown = time.Hour

// longest is the longest time that a rule may look back.
const longest = 30 * 24 * time.Hour

// decoder reads a rule.
type decoder struct {
	*yamlfile.Reader
	rule  *Rule
	side  scanner.Side // what signs are asked for unless they say otherwise
	roles []string
	bare  bool // there is no condition
}

// limits of one file. A rule is written by a person; what is larger is none.
var limits = yamlfile.Limits{Of: "rule", Bytes: 64 << 10, Depth: 24, Nodes: 4_000}

// decode reads a rule without proving it.
func decode(file string, data []byte) (*Rule, []Problem) {
	root, problem := yamlfile.Parse(file, data, limits)
	if problem != nil {
		return nil, []Problem{*problem}
	}
	if root.Null() {
		return nil, []Problem{{File: file, What: "the file is empty"}}
	}
	d := &decoder{Reader: yamlfile.NewReader(file, data), rule: &Rule{File: file, Source: data, Cooldown: usualCooldown}}
	d.read(root)
	if len(d.Problems) > 0 {
		return nil, d.Problems
	}
	return d.rule, nil
}

func (d *decoder) read(n *yamlfile.Node) {
	r := d.rule
	into := func(to *string, most int) yamlfile.Field {
		return func(n *yamlfile.Node, where string) { *to = d.Trimmed(n, where, most) }
	}
	if n.Kind == yamlfile.Map { // before what they are the default of
		if c := n.Child("side"); c != nil {
			d.side = scanner.Side(d.Word(c, "side", sides))
		}
		if c := n.Child("role"); c != nil {
			d.roles = d.Words(c, "role", roles)
		}
		d.bare = n.Child("when") == nil
	}
	read := func(*yamlfile.Node, string) {}
	d.Object(n, "", map[string]yamlfile.Field{
		"id":       func(n *yamlfile.Node, where string) { r.ID = d.id(n, where) },
		"name":     into(&r.Name, 100),
		"meaning":  into(&r.Meaning, 1000),
		"severity": func(n *yamlfile.Node, where string) { r.Severity = scanner.Severity(d.Word(n, where, severities)) },
		"owasp": func(n *yamlfile.Node, where string) {
			r.OWASP = d.ids(n, where, owaspPattern, "LLM01:2025 to LLM10:2025")
		},
		"asi":   func(n *yamlfile.Node, where string) { r.ASI = d.ids(n, where, asiPattern, "ASI01 to ASI10") },
		"atlas": func(n *yamlfile.Node, where string) { r.ATLAS = d.ids(n, where, atlasPattern, "as in AML.T0051.000") },
		"tags": func(n *yamlfile.Node, where string) {
			r.Tags = d.ids(n, where, idPattern, "small letters, digits and hyphens")
		},
		"where": func(n *yamlfile.Node, where string) { r.where = d.filter(n, where) },
		"side":  read, "role": read,
		"when":     func(n *yamlfile.Node, where string) { r.when = d.condition(n, where) },
		"window":   func(n *yamlfile.Node, where string) { r.window = d.window(n, where) },
		"cooldown": func(n *yamlfile.Node, where string) { r.Cooldown = d.duration(n, where, time.Second, longest) },
		"advice":   into(&r.Advice, 1000),
		"samples":  func(n *yamlfile.Node, where string) { r.samples = d.samples(n, where) },
	}, "id", "name", "meaning", "severity", "advice", "samples")
	if len(d.Problems) > 0 {
		return
	}
	if r.when == nil && r.window == nil {
		d.Fail(n, "when", "is missing; a rule without a condition needs a window")
		return
	}
	d.finish(n)
}

// finish works out what follows from what was read.
func (d *decoder) finish(n *yamlfile.Node) {
	r := d.rule
	r.needs, r.cheap = r.when.needs(), r.when.cheap()
	r.Samples = len(r.samples)
	r.Single = r.window == nil
	if r.where != nil {
		r.Where = r.where.text
	}
	r.When = r.when.String()
	least, alarm := 0.0, false
	r.when.walk(false, func(c *condition, denied bool) {
		switch {
		case c.op == opYoung:
			r.Single = false
		case c.op == opAlarm:
			r.Single, alarm = false, true
		case c.op != opSign:
			return
		}
		if !denied && (c.op == opSign || c.op == opAlarm) && (least == 0 || c.least < least) {
			least = c.least
		}
	})
	switch {
	case r.window != nil:
		r.Window, r.Limit, r.LimitOf = r.window.String(), r.window.limit, r.window.unit()
	case alarm:
		r.Limit, r.LimitOf = least, "how far off, where 1 is the edge of what is usual"
	case least > 0:
		r.Limit, r.LimitOf = least, "how sure a sign is, 0 to 1"
	}
	if r.window != nil && (r.window.by == byNew || r.window.by == byChange) {
		r.Limit = 0 // there is nothing to replace
	}
	if name := strings.TrimSuffix(strings.TrimSuffix(path.Base(d.File), ".yaml"), ".yml"); name != r.ID && idPattern.MatchString(name) {
		d.Fail(n.Child("id"), "id", "the file of the rule %q is named %s; name it %s.yaml", r.ID, path.Base(d.File), r.ID)
	}
}

func (r *Rule) asksArrival() (asks bool) {
	r.when.walk(false, func(c *condition, _ bool) { asks = asks || c.op == opYoung })
	return asks
}

func (d *decoder) id(n *yamlfile.Node, where string) string {
	t := d.Trimmed(n, where, 60)
	if t != "" && !idPattern.MatchString(t) {
		d.Fail(n, where, "an id is made of small letters, digits and single hyphens")
	}
	return t
}

// ids reads a list of ids of one form.
func (d *decoder) ids(n *yamlfile.Node, where string, form *regexp.Regexp, like string) []string {
	var all []string
	d.List(n, where, 20, func(n *yamlfile.Node, where string) {
		t := d.Trimmed(n, where, 60)
		if t == "" {
			return
		}
		if !form.MatchString(t) {
			d.Fail(n, where, "%q is none of those that are wanted here: %s", yamlfile.Clip(t), like)
			return
		}
		all = append(all, t)
	})
	return all
}

// filter reads a text in the filter language. What is wrong with it is told at the character it is about.
func (d *decoder) filter(n *yamlfile.Node, where string) *filter {
	t := d.Trimmed(n, where, traffic.MaxQueryBytes)
	if t == "" {
		return nil
	}
	f, err := newFilter(t)
	if err == nil {
		return f
	}
	at := *n
	what := err.Error()
	if wrong, ok := errors.AsType[*traffic.QueryError](err); ok {
		what = wrong.Message
		if !n.Block && !strings.ContainsAny(n.Text, "\n") {
			at.Col += wrong.Column - 1
			if n.Quoted {
				at.Col++
			}
		}
	}
	d.Fail(&at, where, "%s", what)
	return nil
}

// regex reads a regular expression (RE2), with literals of which every match has one.
func (d *decoder) regex(n *yamlfile.Node, where string) (*regexp.Regexp, []string) {
	t := d.Trimmed(n, where, 2000)
	if t == "" {
		return nil, nil
	}
	re, err := regexp.Compile(t)
	if err != nil {
		at := *n
		what := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
		// The message ends with the piece that is wrong, in backquotes.
		if open := strings.LastIndexByte(strings.TrimSuffix(what, "`"), '`'); open >= 0 && !n.Block {
			piece := strings.TrimSuffix(what[open+1:], "`")
			if i := strings.Index(n.Text, piece); i >= 0 && piece != "" {
				at.Col += utf8.RuneCountInString(n.Text[:i])
				if n.Quoted {
					at.Col++
				}
			}
		}
		d.Fail(&at, where, "this regular expression (RE2) does not compile: %s", what)
		return nil, nil
	}
	return re, gateOf(t)
}

// window reads what is counted.
func (d *decoder) window(n *yamlfile.Node, where string) *window {
	w := &window{}
	var ways []string
	way := func(by counting, read yamlfile.Field) yamlfile.Field {
		return func(n *yamlfile.Node, where string) {
			w.by = by
			ways = append(ways, where)
			read(n, where)
		}
	}
	over := func(least, most float64) yamlfile.Field {
		return func(n *yamlfile.Node, where string) { w.limit = d.Number(n, where, least, most) }
	}
	d.Object(n, where, map[string]yamlfile.Field{
		"per":    func(n *yamlfile.Node, where string) { w.per = d.per(n, where) },
		"within": func(n *yamlfile.Node, where string) { w.within = d.duration(n, where, time.Second, longest) },
		"count":  way(byCount, func(n *yamlfile.Node, where string) { w.limit = float64(d.Whole(n, where, 2, 10_000_000)) }),
		"row":    way(byRow, func(n *yamlfile.Node, where string) { w.limit = float64(d.Whole(n, where, 2, 10_000)) }),
		"distinct": way(byDistinct, func(n *yamlfile.Node, where string) {
			d.Object(n, where, map[string]yamlfile.Field{
				"of":   func(n *yamlfile.Node, where string) { w.of = d.textField(n, where, distincts) },
				"over": func(n *yamlfile.Node, where string) { w.limit = float64(d.Whole(n, where, 2, mostValues)) },
			}, "of", "over")
		}),
		"sum": way(bySum, func(n *yamlfile.Node, where string) {
			d.Object(n, where, map[string]yamlfile.Field{
				"of":   func(n *yamlfile.Node, where string) { w.of = textField{d.Word(n, where, sums), ""} },
				"over": over(1e-6, 1e15),
			}, "of", "over")
		}),
		"rate": way(byRate, func(n *yamlfile.Node, where string) {
			w.least = 10
			d.Object(n, where, map[string]yamlfile.Field{
				"over":  over(0.001, 1),
				"least": func(n *yamlfile.Node, where string) { w.least = d.Whole(n, where, 2, 1_000_000) },
			}, "over")
		}),
		"changed": way(byChange, func(n *yamlfile.Node, where string) { d.Word(n, where, []string{"tools"}) }),
		"new": way(byNew, func(n *yamlfile.Node, where string) {
			w.least = 20
			d.Object(n, where, map[string]yamlfile.Field{
				"of":    func(n *yamlfile.Node, where string) { w.of = d.textField(n, where, distincts) },
				"after": func(n *yamlfile.Node, where string) { w.least = d.Whole(n, where, 1, 1_000_000) },
			}, "of")
		}),
	}, "per")
	switch {
	case len(d.Problems) > 0:
	case len(ways) != 1:
		d.Fail(n, where, "a window counts in one way: count, row, distinct, sum, rate, new or changed; here are %d", len(ways))
	case w.within == 0 && w.by != byRow && w.by != byNew && w.by != byChange:
		d.Fail(n, where, "within is missing: how long the window is")
	case w.by == byRate && d.bare:
		d.Fail(n, where, "a rate needs a condition (when): it is the share of exchanges for which that holds")
	}
	return w
}

func (d *decoder) per(n *yamlfile.Node, where string) []string {
	all := d.Words(n, where, pers)
	if len(all) > 3 {
		d.Fail(n, where, "an exchange can be counted by three things at most")
	}
	for _, p := range all {
		if p == "all" {
			if len(all) > 1 {
				d.Fail(n, where, "all stands alone")
			}
			return nil
		}
	}
	return all
}

// textField reads the name of a field: one of words, or header.NAME and query.NAME.
func (d *decoder) textField(n *yamlfile.Node, where string, words []string) textField {
	t := d.Trimmed(n, where, 100)
	base, key, dotted := strings.Cut(t, ".")
	if dotted && key != "" && (base == "header" || base == "query") {
		return textField{base, strings.ToLower(key)}
	}
	t = d.Word(n, where, words)
	return textField{cmp.Or(fieldOf[t], t), ""}
}
