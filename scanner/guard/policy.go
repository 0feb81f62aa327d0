package guard

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"assay/scanner"
	"assay/scanner/detect"
	"assay/scanner/rule"
	"assay/traffic"
)

// policy is a Policy made ready.
type policy struct {
	scanner.Policy
	where     *traffic.Query
	onRequest bool // it may match a request
	onAnswer  bool // it may match an answer
	content   bool // it looks at what is said: its signs, rules, types or tools
	sights    bool // that takes all detectors, and not only those of sensitive data
}

// usualLeast is how sure a sign has to be where the policy does not say.
const usualLeast = 0.5

// ranks order actions, the mildest first.
var ranks = map[scanner.Action]int{scanner.Monitor: 1, scanner.Throttle: 2, scanner.Redact: 3, scanner.Approve: 4, scanner.Block: 5}

// newPolicy checks a policy.
func newPolicy(p scanner.Policy, rules *rule.Set) (*policy, error) {
	c := &policy{Policy: p, content: len(p.Signs)+len(p.Rules)+len(p.Types)+len(p.Tools) > 0}
	if ranks[p.Action] == 0 {
		return nil, fmt.Errorf("%q is no action: monitor, throttle, redact, approve or block", p.Action)
	}
	if p.Side != "" && p.Side != scanner.InRequest && p.Side != scanner.InAnswer {
		return nil, fmt.Errorf("%q is no side: request or answer", p.Side)
	}
	if p.Least == 0 {
		c.Least = usualLeast
	}
	c.sights = len(p.Rules) > 0 || slices.ContainsFunc(p.Signs, func(k scanner.SignKind) bool { return !sensitive(k) })
	c.onRequest = p.Side != scanner.InAnswer
	c.onAnswer = p.Side == scanner.InAnswer || p.Side == "" && c.content && p.Action != scanner.Throttle
	if p.Budget != nil {
		c.onAnswer = false
	}
	query, err := parseWhere(p.Where)
	if err != nil {
		return nil, err
	}
	c.where = query
	return c, errors.Join(c.possible(), knownRules(p.Rules, rules), knownTypes(p.Types))
}

// possible says what of a policy contradicts itself.
func (c *policy) possible() error {
	switch b := c.Budget; {
	case c.Action == scanner.Redact && len(c.Signs)+len(c.Types)+len(c.Rules) == 0:
		return errors.New("it takes out what signs, rules or types find, and names none")
	case c.Action == scanner.Throttle && c.Side == scanner.InAnswer:
		return errors.New("what the server answered already cannot be throttled; choose the side request")
	case b == nil:
		return nil
	case c.Side == scanner.InAnswer:
		return errors.New("a budget is looked at before a request is sent; choose the side request")
	case c.Action == scanner.Redact:
		return errors.New("a budget leaves nothing to take out; choose throttle or block")
	case !slices.Contains([]string{"requests", "tokens", "usd"}, b.Of):
		return fmt.Errorf("a budget is of requests, tokens or usd, not of %q", b.Of)
	case !slices.Contains([]string{"actor", "model", "host", "all"}, b.Per):
		return fmt.Errorf("a budget is per actor, model, host or all, not per %q", b.Per)
	case !(b.Most >= 0) || time.Duration(b.Within) < time.Second || time.Duration(b.Within) > 366*24*time.Hour:
		return errors.New("a budget needs an amount of 0 or more, within one second to 366 days")
	}
	return nil
}

func knownRules(names []string, rules *rule.Set) error {
	for _, name := range names {
		if rules == nil {
			return fmt.Errorf("rule %q: there are no rules", name)
		}
		all := rules.Rules()
		at := slices.IndexFunc(all, func(r *rule.Rule) bool { return r.ID == name })
		switch {
		case at < 0:
			return fmt.Errorf("there is no rule %q", name)
		case !all[at].Single:
			return fmt.Errorf("rule %q counts over several exchanges; a policy can name rules that look at one", name)
		}
	}
	return nil
}

// knownTypes takes classes, types that are built in, and whatever else looks like the name of a type: a person may have
// added it.
func knownTypes(names []string) error {
	for _, name := range names {
		if name == "" || strings.ContainsAny(name, " \t\r\n") {
			return fmt.Errorf("%q is no type of sensitive data", name)
		}
	}
	return nil
}

// sensitive reports whether a kind of sign is found by the detectors of sensitive data.
func sensitive(k scanner.SignKind) bool { return k == scanner.SignSecret || k == scanner.SignPersonal }

// scansTypes reports whether detectors of sensitive data have to run.
func (c *policy) scansTypes() bool {
	return len(c.Types) > 0 || slices.ContainsFunc(c.Signs, sensitive)
}

// wants reports whether a sign of one of the named kinds or types was asked for, and is sure enough.
func (c *policy) wants(s *scanner.Sign) bool {
	return s.Score >= c.Least && (c.wantsKind(s) || c.wantsType(s))
}

// dull are kinds of personal data that are in every second text and tell nothing by themselves: they count only where a
// policy names them.
var dull = map[string]bool{"URL": true, "DATE_TIME": true, "IP_ADDRESS": true, "MAC_ADDRESS": true, "DE_PLZ": true, "UK_POSTCODE": true}

func (c *policy) wantsKind(s *scanner.Sign) bool {
	return slices.Contains(c.Signs, s.Kind) && (s.Kind != scanner.SignPersonal || !dull[s.Name])
}

func (c *policy) wantsType(s *scanner.Sign) bool {
	if !sensitive(s.Kind) {
		return false
	}
	return slices.ContainsFunc(c.Types, func(t string) bool {
		return strings.EqualFold(t, s.Name) || !dull[s.Name] && detect.Class(strings.ToLower(t)) == classOf(s.Kind)
	})
}

// classes are those of the sensitive data that a policy asks for.
func (c *policy) classes() []detect.Class {
	var all []detect.Class
	for _, k := range c.Signs {
		if sensitive(k) {
			all = append(all, classOf(k))
		}
	}
	for _, t := range c.Types {
		switch class := detect.Class(strings.ToLower(t)); {
		case class == detect.Secret || class == detect.Personal:
			all = append(all, class)
		case builtIn[strings.ToUpper(t)] != "":
			all = append(all, builtIn[strings.ToUpper(t)])
		default: // a person's own type may be of either
			all = append(all, detect.Secret, detect.Personal)
		}
	}
	return all
}

// builtIn are the classes of the types that are built in.
var builtIn = func() map[string]detect.Class {
	classes := map[string]detect.Class{}
	for _, k := range detect.Kinds() {
		classes[strings.ToUpper(k.Name)] = k.Class
	}
	return classes
}()

func classOf(k scanner.SignKind) detect.Class {
	if k == scanner.SignSecret {
		return detect.Secret
	}
	return detect.Personal
}

func kindOf(c detect.Class) scanner.SignKind {
	if c == detect.Secret {
		return scanner.SignSecret
	}
	return scanner.SignPersonal
}

// fits reports whether a name is one of a list in which * stands for any letters; all are, where the list is empty.
func fits(list []string, name string) bool {
	return len(list) == 0 || slices.ContainsFunc(list, func(pattern string) bool {
		return traffic.Glob(strings.ToLower(pattern), strings.ToLower(name))
	})
}

// sentence is what the client is told.
func (c *policy) sentence(reason string) string {
	if c.Say != "" {
		return c.Say
	}
	return fmt.Sprintf("Stopped by the policy %q of Assay's guard. %s", c.Name, reason)
}

// patience is how long a person has to answer.
func (c *policy) patience() time.Duration {
	if c.Patience > 0 {
		return time.Duration(c.Patience)
	}
	return usualPatience
}
