package rule

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"

	"assay/internal/nearest"
	"assay/scanner"
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
func (d *decoder) condition(n *node, where string) *condition {
	if n.kind == listNode {
		return d.several(n, where, opAll)
	}
	if n.null() || n.kind != mapNode {
		d.fail(n, where, "a condition is wanted, as in {sign: injection}, here is %s", n.what())
		return nil
	}
	var first string
	for _, p := range n.pairs {
		if _, ok := conditionReaders[p.key.text]; !ok {
			continue
		}
		if first != "" {
			d.fail(p.key, where, "%s and %s do not go into one condition; put each under all or any", first, p.key.text)
			return nil
		}
		first = p.key.text
	}
	if first == "" {
		got := ""
		if len(n.pairs) > 0 {
			got = n.pairs[0].key.text
		}
		d.add(n, where, nearest.Word(got, conditionWords), "a condition has one of the keys "+strings.Join(conditionWords, ", "))
		return nil
	}
	return conditionReaders[first](d, n, where)
}

var conditionWords = []string{"all", "any", "not", "sign", "alarm", "filter", "text", "young"}

var conditionReaders map[string]func(d *decoder, n *node, where string) *condition

func init() { // a condition holds conditions
	conditionReaders = map[string]func(d *decoder, n *node, where string) *condition{
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

func (d *decoder) allOf(n *node, where string) (c *condition) {
	d.object(n, where, map[string]field{"all": func(n *node, where string) { c = d.several(n, where, opAll) }})
	return c
}

func (d *decoder) anyOf(n *node, where string) (c *condition) {
	d.object(n, where, map[string]field{"any": func(n *node, where string) { c = d.several(n, where, opAny) }})
	return c
}

func (d *decoder) notOf(n *node, where string) *condition {
	c := &condition{op: opNot}
	d.object(n, where, map[string]field{"not": func(n *node, where string) {
		if child := d.condition(n, where); child != nil {
			c.children = []*condition{child}
		}
	}})
	if len(c.children) == 0 {
		return nil
	}
	return c
}

func (d *decoder) several(n *node, where string, op operation) *condition {
	c := &condition{op: op}
	if n.kind != listNode {
		d.fail(n, where, "a list of conditions is wanted, here is %s", n.what())
		return nil
	}
	d.list(n, where, 50, func(n *node, where string) {
		if child := d.condition(n, where); child != nil {
			c.children = append(c.children, child)
		}
	})
	if len(c.children) == 0 {
		return nil
	}
	return c
}

func (d *decoder) sign(n *node, where string) *condition {
	c := &condition{op: opSign, side: d.side, roles: d.roles, least: usualLeast, times: 1}
	d.object(n, where, map[string]field{
		"sign": func(n *node, where string) {
			for _, kind := range d.words(n, where, signKinds) {
				c.kinds |= bitOf(signKinds, kind, 0)
			}
		},
		"name":  func(n *node, where string) { c.names = d.texts(n, where, 100, 100) },
		"at":    func(n *node, where string) { c.at = d.texts(n, where, 20, 100) },
		"side":  func(n *node, where string) { c.side = scanner.Side(d.word(n, where, sides)) },
		"role":  func(n *node, where string) { c.roles = d.words(n, where, roles) },
		"least": func(n *node, where string) { c.least = d.number(n, where, 0.01, 1) },
		"times": func(n *node, where string) { c.times = d.whole(n, where, 1, 1000) },
	})
	return c
}

func (d *decoder) alarm(n *node, where string) *condition {
	c := &condition{op: opAlarm, least: usualAlarm}
	d.object(n, where, map[string]field{
		"alarm": func(n *node, where string) {
			for _, kind := range d.words(n, where, alarmKinds) {
				c.kinds |= bitOf(alarmKinds, kind, alarmBits)
			}
		},
		"least": func(n *node, where string) { c.least = d.number(n, where, 0.01, 1000) },
		"slow": func(n *node, where string) {
			slow := d.truth(n, where)
			c.slow = &slow
		},
	})
	return c
}

func (d *decoder) filterOf(n *node, where string) *condition {
	c := &condition{op: opFilter}
	d.object(n, where, map[string]field{"filter": func(n *node, where string) { c.query = d.filter(n, where) }})
	return c
}

func (d *decoder) textOf(n *node, where string) *condition {
	c := &condition{op: opText}
	d.object(n, where, map[string]field{
		"text": func(n *node, where string) {
			d.list(n, where, 10, func(n *node, where string) { c.fields = append(c.fields, d.textField(n, where, textFields)) })
		},
		"contains": func(n *node, where string) {
			for _, t := range d.texts(n, where, 200, 200) {
				c.contains = append(c.contains, strings.ToLower(t))
			}
		},
		"regex": func(n *node, where string) { c.regex, c.gate = d.regex(n, where) },
	})
	if (c.regex == nil) == (len(c.contains) == 0) && len(d.problems) == 0 {
		d.fail(n, where, "a text is looked at with either contains or regex")
	}
	return c
}

func (d *decoder) youngOf(n *node, where string) *condition {
	c := &condition{op: opYoung}
	d.object(n, where, map[string]field{"young": func(n *node, where string) { c.young = d.duration(n, where, time.Minute, longest) }})
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
