package rule

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"

	"assay/internal/nearest"
	"assay/scanner"
	"assay/scanner/yamlfile"
)

// The words that rules may use.
var (
	sides = []string{string(scanner.InRequest), string(scanner.InAnswer)}
	roles = []string{"system", "user", "assistant", "tool", "document"}
	// textFields are where a text can be looked for; distincts what can be told apart; sums what can be added up.
	textFields = []string{
		"text", "user", "system", "answer", "reasoning", "tool", "url", "path", "query", "header", "host", "method", "model", "error", "client", "finish",
		"tool_call",
	}
	distincts = []string{"actor", "endpoint", "model", "conversation", "host", "status", "tool_call", "name", "sign", "path", "url", "query", "user", "method", "client"}
	sums      = []string{"tokens", "input_tokens", "output_tokens", "cost", "requests", "bytes", "request_bytes", "response_bytes", "calls"}
)

// fieldOf is what the filter language calls a field, where rules have a shorter word.
var fieldOf = map[string]string{"answer": "assistant", "tool": "tool_text"}

// condition reads a condition. A list is several of which all have to hold.
func (d *decoder) condition(n *yamlfile.Node, where string) *condition {
	if n.Kind == yamlfile.List {
		return d.several(n, where, opAll)
	}
	if n.Null() || n.Kind != yamlfile.Map {
		d.Fail(n, where, "a condition is wanted, as in {sign: injection}, here is %s", n.What())
		return nil
	}
	var first string
	for _, p := range n.Pairs {
		if _, ok := conditionReaders[p.Key.Text]; !ok {
			continue
		}
		if first != "" {
			d.Fail(p.Key, where, "%s and %s do not go into one condition; put each under all or any", first, p.Key.Text)
			return nil
		}
		first = p.Key.Text
	}
	if first == "" {
		got := ""
		if len(n.Pairs) > 0 {
			got = n.Pairs[0].Key.Text
		}
		d.Add(n, where, nearest.Word(got, conditionWords), "a condition has one of the keys "+strings.Join(conditionWords, ", "))
		return nil
	}
	return conditionReaders[first](d, n, where)
}

var conditionWords = []string{"all", "any", "not", "sign", "alarm", "filter", "text", "young"}

var conditionReaders map[string]func(d *decoder, n *yamlfile.Node, where string) *condition

func init() { // a condition holds conditions
	conditionReaders = map[string]func(d *decoder, n *yamlfile.Node, where string) *condition{
		"all":    (*decoder).allOf,
		"any":    (*decoder).anyOf,
		"not":    (*decoder).notOf,
		"sign":   (*decoder).sign,
		"alarm":  (*decoder).alarm,
		"filter": (*decoder).filterOf,
		"text":   (*decoder).textOf,
		"young":  (*decoder).youngOf,
	}
}

func (d *decoder) allOf(n *yamlfile.Node, where string) (c *condition) {
	d.Object(n, where, map[string]yamlfile.Field{"all": func(n *yamlfile.Node, where string) { c = d.several(n, where, opAll) }})
	return c
}

func (d *decoder) anyOf(n *yamlfile.Node, where string) (c *condition) {
	d.Object(n, where, map[string]yamlfile.Field{"any": func(n *yamlfile.Node, where string) { c = d.several(n, where, opAny) }})
	return c
}

func (d *decoder) notOf(n *yamlfile.Node, where string) *condition {
	c := &condition{op: opNot}
	d.Object(n, where, map[string]yamlfile.Field{"not": func(n *yamlfile.Node, where string) {
		if child := d.condition(n, where); child != nil {
			c.children = []*condition{child}
		}
	}})
	if len(c.children) == 0 {
		return nil
	}
	return c
}

func (d *decoder) several(n *yamlfile.Node, where string, op operation) *condition {
	c := &condition{op: op}
	if n.Kind != yamlfile.List {
		d.Fail(n, where, "a list of conditions is wanted, here is %s", n.What())
		return nil
	}
	d.List(n, where, 50, func(n *yamlfile.Node, where string) {
		if child := d.condition(n, where); child != nil {
			c.children = append(c.children, child)
		}
	})
	if len(c.children) == 0 {
		return nil
	}
	return c
}

func (d *decoder) sign(n *yamlfile.Node, where string) *condition {
	c := &condition{op: opSign, side: d.side, roles: d.roles, least: usualLeast, times: 1}
	d.Object(n, where, map[string]yamlfile.Field{
		"sign": func(n *yamlfile.Node, where string) {
			for _, kind := range d.Words(n, where, signKinds) {
				c.kinds |= bitOf(signKinds, kind, 0)
			}
		},
		"name":  func(n *yamlfile.Node, where string) { c.names = d.Texts(n, where, 100, 100) },
		"at":    func(n *yamlfile.Node, where string) { c.at = d.Texts(n, where, 20, 100) },
		"side":  func(n *yamlfile.Node, where string) { c.side = scanner.Side(d.Word(n, where, sides)) },
		"role":  func(n *yamlfile.Node, where string) { c.roles = d.Words(n, where, roles) },
		"least": func(n *yamlfile.Node, where string) { c.least = d.Number(n, where, 0.01, 1) },
		"times": func(n *yamlfile.Node, where string) { c.times = d.Whole(n, where, 1, 1000) },
	})
	return c
}

func (d *decoder) alarm(n *yamlfile.Node, where string) *condition {
	c := &condition{op: opAlarm, least: usualAlarm}
	d.Object(n, where, map[string]yamlfile.Field{
		"alarm": func(n *yamlfile.Node, where string) {
			for _, kind := range d.Words(n, where, alarmKinds) {
				c.kinds |= bitOf(alarmKinds, kind, alarmBits)
			}
		},
		"least": func(n *yamlfile.Node, where string) { c.least = d.Number(n, where, 0.01, 1000) },
		"slow": func(n *yamlfile.Node, where string) {
			slow := d.Truth(n, where)
			c.slow = &slow
		},
	})
	return c
}

func (d *decoder) filterOf(n *yamlfile.Node, where string) *condition {
	c := &condition{op: opFilter}
	d.Object(n, where, map[string]yamlfile.Field{"filter": func(n *yamlfile.Node, where string) { c.query = d.filter(n, where) }})
	return c
}

func (d *decoder) textOf(n *yamlfile.Node, where string) *condition {
	c := &condition{op: opText}
	d.Object(n, where, map[string]yamlfile.Field{
		"text": func(n *yamlfile.Node, where string) {
			d.List(n, where, 10, func(n *yamlfile.Node, where string) { c.fields = append(c.fields, d.textField(n, where, textFields)) })
		},
		"contains": func(n *yamlfile.Node, where string) {
			for _, t := range d.Texts(n, where, 200, 200) {
				c.contains = append(c.contains, strings.ToLower(t))
			}
		},
		"regex": func(n *yamlfile.Node, where string) { c.regex, c.gate = d.regex(n, where) },
	})
	if (c.regex == nil) == (len(c.contains) == 0) && len(d.Problems) == 0 {
		d.Fail(n, where, "a text is looked at with either contains or regex")
	}
	return c
}

func (d *decoder) youngOf(n *yamlfile.Node, where string) *condition {
	c := &condition{op: opYoung}
	d.Object(n, where, map[string]yamlfile.Field{"young": func(n *yamlfile.Node, where string) { c.young = d.duration(n, where, time.Minute, longest) }})
	return c
}

// String says what a condition asks for, for people.
func (c *condition) String() string {
	if c == nil {
		return "every exchange"
	}
	switch c.op {
	case opAll, opAny:
		parts := make([]string, len(c.children))
		for i, child := range c.children {
			parts[i] = child.String()
			if child.op == opAll || child.op == opAny {
				parts[i] = "(" + parts[i] + ")"
			}
		}
		if c.op == opAll {
			return strings.Join(parts, " and ")
		}
		return strings.Join(parts, " or ")
	case opNot:
		return "not (" + c.children[0].String() + ")"
	case opSign:
		return c.sayOfSign()
	case opAlarm:
		s := fmt.Sprintf("alarm %s ≥ %s", kindsOf(c.kinds>>alarmBits, alarmKinds), plain(c.least))
		if c.slow != nil && *c.slow {
			s += ", slow"
		}
		return s
	case opFilter:
		return "filter " + c.query.text
	case opText:
		return c.sayOfText()
	case opYoung:
		return "the actor came within the last " + span(c.young)
	}
	return ""
}

func (c *condition) sayOfSign() string {
	var b strings.Builder
	b.WriteString("sign " + kindsOf(c.kinds, signKinds))
	if len(c.names) > 0 {
		b.WriteString(" " + strings.Join(c.names, "|"))
	}
	if len(c.roles) > 0 {
		b.WriteString(" of " + strings.Join(c.roles, "|"))
	}
	if c.side != "" {
		b.WriteString(" in the " + string(c.side))
	}
	if len(c.at) > 0 {
		b.WriteString(" at " + strings.Join(c.at, "|"))
	}
	fmt.Fprintf(&b, " ≥ %s", plain(c.least))
	if c.times > 1 {
		fmt.Fprintf(&b, ", %d times", c.times)
	}
	return b.String()
}

func (c *condition) sayOfText() string {
	fields := make([]string, len(c.fields))
	for i, f := range c.fields {
		fields[i] = f.String()
	}
	if c.regex != nil {
		return fmt.Sprintf("%s ~ /%s/", strings.Join(fields, "|"), c.regex)
	}
	return fmt.Sprintf("%s holds %q", strings.Join(fields, "|"), c.contains)
}

func kindsOf(mask uint64, words []string) string {
	var list []string
	for ; mask != 0; mask &= mask - 1 {
		list = append(list, words[bits.TrailingZeros64(mask)])
	}
	return strings.Join(list, "|")
}

// Vocabulary is the words that rules may use.
type Vocabulary struct {
	Signs      []string // kinds of sign
	Alarms     []string // kinds of alarm
	TextFields []string // of text
	Values     []string // of distinct and new
	Amounts    []string // of sum
	Per        []string // what windows are counted apart by
}

// Words are the words that rules may use.
func Words() Vocabulary {
	return Vocabulary{
		Signs: slices.Clone(signKinds), Alarms: slices.Clone(alarmKinds), TextFields: slices.Clone(textFields), Values: slices.Clone(distincts),
		Amounts: slices.Clone(sums), Per: slices.Clone(pers),
	}
}
