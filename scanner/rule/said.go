package rule

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"assay/scanner"
	"assay/scanner/yamlfile"
)

// counted are the signs that the rule in view asks for, none of which stands below a not.
func (v *view) counted() []scanner.Sign {
	if v.when == nil {
		return nil
	}
	var signs []scanner.Sign
	for i := range v.sight.Signs {
		sign := &v.sight.Signs[i]
		if signBits[sign.Kind]&v.mask != 0 && v.when.asks(v, sign) {
			if signs = append(signs, *sign); len(signs) >= mostSigns {
				break
			}
		}
	}
	return signs
}

// asks tells whether a sign is one that the condition, or a part of it that holds, is made of.
func (c *condition) asks(v *view, s *scanner.Sign) bool {
	switch c.op {
	case opSign:
		return c.is(v, s)
	case opAll, opAny:
		for _, child := range c.children {
			if child.asks(v, s) {
				return true
			}
		}
	default: // what stands below a not made nothing hold
	}
	return false
}

// raised is the alarm that the rule in view asks for.
func (c *condition) raised(v *view) *scanner.Alarm {
	if c == nil {
		return nil
	}
	switch c.op {
	case opAlarm:
		return c.alarm(v)
	case opAll, opAny:
		for _, child := range c.children {
			if a := child.raised(v); a != nil {
				return a
			}
		}
	default:
	}
	return nil
}

// match is what is told of a rule that holds.
func (a *active) match(v *view) Match {
	m := Match{Rule: a.Rule, Severity: a.severity, Group: string(v.sight.Actor), Signs: v.counted()}
	if m.Group == "" {
		m.Group = prefixed("host:", v.sight.Host)
	}
	if alarm := a.when.raised(v); alarm != nil {
		copied := *alarm
		m.Alarm, m.Usual, m.Count, m.Past = &copied, alarm.Usual, alarm.Score, alarm.Past
	}
	m.Seen = a.seen(v, &m)
	return m
}

// seen says what was seen in one exchange.
func (a *active) seen(v *view, m *Match) string {
	switch {
	case m.Alarm != nil && m.Alarm.Seen != "":
		return sentence(m.Alarm.Seen)
	case len(m.Signs) > 0:
		best := m.Signs[0]
		for _, s := range m.Signs[1:] {
			if s.Score > best.Score {
				best = s
			}
		}
		said := strings.TrimSuffix(best.Why, ".")
		if said == "" {
			said = strings.TrimSpace(string(best.Kind) + " " + best.Name)
		}
		if best.Where != "" {
			said += " (" + best.Where + ")"
		}
		if n := len(m.Signs) - 1; n == 1 {
			said += ", and one more sign"
		} else if n > 1 {
			said += fmt.Sprintf(", and %d more signs", n)
		}
		return sentence(said)
	default:
		return sentence(a.Name)
	}
}

// what says in a few words what counted, for a line of a timeline.
func (a *active) what(v *view, met bool) string {
	if !met {
		return ""
	}
	for i := range v.sight.Signs {
		if s := &v.sight.Signs[i]; v.when != nil && v.when.asks(v, s) {
			if s.Why != "" {
				return s.Why
			}
			return strings.TrimSpace(string(s.Kind) + " " + s.Name)
		}
	}
	return a.Name
}

// saidOfTools names the tools that describe themselves otherwise than before.
func saidOfTools(names []string) string {
	if len(names) == 0 {
		return ""
	}
	said := fmt.Sprintf("the tool %q describes itself otherwise than before", yamlfile.Clip(names[0]))
	if n := len(names) - 1; n > 0 {
		said += fmt.Sprintf(", and %d more", n)
	}
	return said
}

// saidOf says what a window counted.
func (a *active) saidOf(count float64, one string) string {
	w := a.window
	within := ""
	if w.within > 0 {
		within = " within " + span(w.within)
	}
	switch w.by {
	case byChange:
		return sentence(one)
	case byNew:
		return sentence(fmt.Sprintf("a %s that was never there before; %s", w.of.field, lower(one)))
	case byRate:
		return sentence(fmt.Sprintf("%.0f%% of the exchanges%s, where %s%% are too many: %s", count*100, within, plain(a.limit*100), lower(one)))
	case bySum:
		format := "%.0f %s%s, where %s are too many: %s"
		if w.of.field == "cost" {
			format = "%.2f %s%s, where %s are too many: %s"
		}
		return sentence(fmt.Sprintf(format, count, w.unit(), within, plain(a.limit), lower(one)))
	default:
		return sentence(fmt.Sprintf("%.0f %s%s, where %s are too many: %s", count, w.unit(), within, plain(a.limit), lower(one)))
	}
}

// sentence begins with a capital letter and ends with a full stop.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	s = string(unicode.ToUpper(r)) + s[size:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

func lower(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if second, _ := utf8.DecodeRuneInString(s[size:]); unicode.IsUpper(second) {
		return s // an abbreviation
	}
	return string(unicode.ToLower(r)) + s[size:]
}
