package rule

import (
	"math/bits"
	"regexp"
	"slices"
	"strings"
	"time"

	"assay/scanner"
)

// operation is what a condition asks for.
type operation uint8

const (
	opAll    operation = iota + 1 // of its children
	opAny                         // of its children
	opNot                         // its one child
	opSign                        // a sign of the exchange
	opAlarm                       // an alarm that the exchange raised
	opFilter                      // the filter language
	opText                        // a text holds something
	opYoung                       // the actor is new
)

// condition is a node of a rule's tree.
type condition struct {
	op       operation
	children []*condition

	kinds uint64   // of opSign and opAlarm: bits of kindBit
	names []string // of opSign: any of them; * stands for any letters
	at    []string // of opSign: Sign.Where, the same way
	side  scanner.Side
	roles []string
	least float64
	times int           // of opSign: so many signs in one exchange
	slow  *bool         // of opAlarm
	query *filter       // of opFilter
	young time.Duration // of opYoung

	fields   []textField // of opText
	contains []string    // in small letters
	regex    *regexp.Regexp
	gate     []string // in small letters: one of them is in every text that regex matches; none: nobody knows
}

// signKinds and alarmKinds are what rules may ask for; their places are the bits of masks.
var (
	signKinds = []string{
		string(scanner.SignInjection), string(scanner.SignHidden), string(scanner.SignLeak), string(scanner.SignExfil), string(scanner.SignOutput),
		string(scanner.SignAttack), string(scanner.SignToolCall), string(scanner.SignPoisoned), string(scanner.SignSecret), string(scanner.SignPersonal),
		string(scanner.SignRefusal), string(scanner.SignGibberish), string(scanner.SignDrift), string(scanner.SignRepetition),
	}
	alarmKinds = []string{"requests", "tokens", "cost", "refusals", "injection", "topics", "endpoints", "tools", "hours", "errors", "risk"}
)

// alarmBits is how far the bits of alarms stand above those of signs.
const alarmBits = 32

func bitOf(words []string, word string, shift int) uint64 {
	i := slices.Index(words, word)
	if i < 0 {
		return 0
	}
	return 1 << (i + shift)
}

var signBits = func() map[scanner.SignKind]uint64 {
	bits := map[scanner.SignKind]uint64{}
	for _, kind := range signKinds {
		bits[scanner.SignKind(kind)] = bitOf(signKinds, kind, 0)
	}
	return bits
}()

// usualLeast is how sure a sign has to be where the rule does not say; usualAlarm how far off an alarm.
const (
	usualLeast = 0.5
	usualAlarm = 1.0
)

// needs are the kinds of which one has to be there for the condition to hold; 0 where it may hold without any.
func (c *condition) needs() uint64 {
	if c == nil {
		return 0
	}
	switch c.op {
	case opSign, opAlarm:
		return c.kinds
	case opAll: // the child that asks for the fewest kinds says enough
		best := uint64(0)
		for _, child := range c.children {
			if n := child.needs(); n != 0 && (best == 0 || bits.OnesCount64(n) < bits.OnesCount64(best)) {
				best = n
			}
		}
		return best
	case opAny:
		all := uint64(0)
		for _, child := range c.children {
			n := child.needs()
			if n == 0 {
				return 0
			}
			all |= n
		}
		return all
	default:
		return 0
	}
}

// cheap tells whether the condition looks at nothing but the parameters of an address: most have none.
func (c *condition) cheap() bool {
	return c != nil && c.op == opText && !slices.ContainsFunc(c.fields, func(f textField) bool { return f.field != "query" })
}

// walk visits a condition and what is below it. denied tells that it stands below a not.
func (c *condition) walk(denied bool, visit func(c *condition, denied bool)) {
	if c == nil {
		return
	}
	visit(c, denied)
	for _, child := range c.children {
		child.walk(denied != (c.op == opNot), visit)
	}
}

// holds tells whether the condition holds of what is in view.
func (c *condition) holds(v *view) bool {
	switch c.op {
	case opAll:
		for _, child := range c.children {
			if !child.holds(v) {
				return false
			}
		}
		return true
	case opAny:
		for _, child := range c.children {
			if child.holds(v) {
				return true
			}
		}
		return false
	case opNot:
		return !c.children[0].holds(v)
	case opSign:
		return c.signs(v)
	case opAlarm:
		return c.alarm(v) != nil
	case opFilter:
		return c.query.passes(v)
	case opText:
		return c.text(v)
	case opYoung:
		return v.young(c.young)
	}
	return false
}

func (c *condition) signs(v *view) bool {
	if c.kinds&v.mask == 0 {
		return false
	}
	need := c.times
	for i := range v.sight.Signs {
		if c.is(v, &v.sight.Signs[i]) {
			if need--; need <= 0 {
				return true
			}
		}
	}
	return false
}

// is tells whether a sign is one that is asked for.
func (c *condition) is(v *view, s *scanner.Sign) bool {
	least := c.least
	if v.least > 0 {
		least = v.least
	}
	return signBits[s.Kind]&c.kinds != 0 && s.Score >= least &&
		(c.side == "" || c.side == s.Side) &&
		(len(c.roles) == 0 || slices.Contains(c.roles, s.Role)) &&
		(len(c.names) == 0 || slices.ContainsFunc(c.names, func(p string) bool { return like(p, s.Name) })) &&
		(len(c.at) == 0 || slices.ContainsFunc(c.at, func(p string) bool { return like(p, s.Where) }))
}

// alarm is the strongest alarm that is asked for, nil where there is none.
func (c *condition) alarm(v *view) *scanner.Alarm {
	least := c.least
	if v.least > 0 {
		least = v.least
	}
	var best *scanner.Alarm
	for i := range v.alarms {
		a := &v.alarms[i]
		if bitOf(alarmKinds, a.Kind, alarmBits)&c.kinds == 0 || a.Score < least || c.slow != nil && *c.slow != a.Slow {
			continue
		}
		if best == nil || a.Score > best.Score {
			best = a
		}
	}
	return best
}

// text looks for what is wanted in the texts of the fields. Literals that every match of an expression has are looked for
// first: that costs a tenth.
func (c *condition) text(v *view) bool {
	for _, f := range c.fields {
		k := v.known(f)
		for i, text := range k.texts {
			if len(c.contains) > 0 && containsAny(k.small(i), c.contains) {
				return true
			}
			if c.regex != nil && (len(c.gate) == 0 || containsAny(k.small(i), c.gate)) && c.regex.MatchString(text) {
				return true
			}
		}
	}
	return false
}

func containsAny(text string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

// like compares a text with a pattern in which * stands for any run of letters.
func like(pattern, text string) bool {
	head, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == text
	}
	text, ok := strings.CutPrefix(text, head)
	if !ok {
		return false
	}
	for {
		part, after, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(text, rest)
		}
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text, rest = text[i+len(part):], after
	}
}
