package engine

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"assay/scanner"
	"assay/scanner/craft"
	"assay/scanner/mutate"
	"assay/scanner/strategy"
	"assay/scanner/template"
)

// DefaultSuite is what is run where nothing is named.
const DefaultSuite = "standard"

// maxPlan bounds the cases of one run. What is beyond is told among what is skipped.
const maxPlan = 1_000_000

// NewPlan works out the cases of a run: breadth first, so that a budget that ends it early has let it try much. Every
// case is made as it would be sent; what cannot be is among Skipped with the reason. facts tells what the run has beside
// its targets: oob, role.
func NewPlan(lib *template.Library, victims []*Victim, spec *scanner.RunSpec, facts []string) (*Plan, error) {
	if len(victims) == 0 {
		return nil, errors.New("a run needs a target")
	}
	p := &planner{lib: lib, spec: spec, facts: facts, plan: &Plan{}, skipped: map[scanner.Skipped]int{}, cost: newCoster(spec)}
	var all []*planned
	for _, v := range victims {
		one, err := p.choose(v)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	extras, err := p.extras()
	if err != nil {
		return nil, err
	}
	for _, extra := range extras {
		p.wave(all, extra)
	}
	if err := p.strategies(all); err != nil {
		return nil, err
	}
	p.plan.Skipped = p.skips()
	p.plan.Estimate = p.cost.estimate(p.plan)
	return p.plan, nil
}

// planner makes a plan.
type planner struct {
	lib     *template.Library
	spec    *scanner.RunSpec
	facts   []string
	plan    *Plan
	skipped map[scanner.Skipped]int
	order   []scanner.Skipped
	cost    *coster
}

// planned is what was chosen for one target.
type planned struct {
	victim  *Victim
	values  map[string]string
	choices []template.Choice
}

// choose selects the templates for a target.
func (p *planner) choose(v *Victim) (*planned, error) {
	s := template.Selection{
		Suites: p.spec.Suites, Templates: p.spec.Templates, Tags: p.spec.Tags, OWASP: p.spec.OWASP, Severity: p.spec.Severity, Trials: p.spec.Trials,
	}
	if len(s.Suites)+len(s.Templates)+len(s.Tags)+len(s.OWASP) == 0 {
		s.Suites = []string{DefaultSuite}
	}
	wanted, _, err := p.lib.Select(s) // of everything, to tell how much of what is skipped was wanted
	if err != nil {
		return nil, err
	}
	s.Kind, s.Have = v.Subject.Kind, slices.Concat(v.Subject.Have(), p.facts, []string{"baseline"})
	choices, skips, err := p.lib.Select(s)
	if err != nil {
		return nil, err
	}
	for _, skip := range skips {
		cases := 1
		if i := slices.IndexFunc(wanted, func(c template.Choice) bool { return c.Template == skip.Template }); i >= 0 {
			cases = len(skip.Template.Cases(wanted[i].Limits))
		}
		p.skip(skip.Template.ID, v.Subject.Ref, skip.Why, cases)
	}
	for _, c := range choices {
		if !slices.ContainsFunc(p.plan.Choices, func(known template.Choice) bool { return known.Template == c.Template }) {
			p.plan.Choices = append(p.plan.Choices, c)
		}
	}
	return &planned{v, planValues(v, p.facts), choices}, nil
}

// planValues are the values of variables while nothing is sent: those that belong to a trial stand for some trial's.
func planValues(v *Victim, facts []string) map[string]string {
	m := newMaker(v, nil)
	values := m.values(trialSeed(0, "", 0))
	if slices.Contains(facts, "oob") {
		values["oob_url"], values["oob_host"] = "http://127.0.0.1:65535/t/k3v9q2k3v9q2", "127.0.0.1:65535"
	}
	return values
}

// extras are the mutations that come on top of those of templates, the one that changes nothing first.
func (p *planner) extras() ([]string, error) {
	extras := []string{""}
	for _, spec := range p.spec.Mutations {
		chain, err := mutate.Parse(spec)
		if err != nil {
			return nil, fmt.Errorf("the mutation %q: %w", spec, err)
		}
		if name := chain.String(); name != noMutation && !slices.Contains(extras, name) {
			extras = append(extras, name)
		}
	}
	return extras, nil
}

// noMutation is how a chain is written that changes nothing.
const noMutation = "none"

// wave adds the cases of all targets with one mutation on top, target by target in turn.
func (p *planner) wave(all []*planned, extra string) {
	type source struct {
		of   *planned
		next func() (template.Case, bool)
		stop func()
	}
	var sources []source
	for _, one := range all {
		next, stop := iter.Pull(template.Cases(one.choices))
		sources = append(sources, source{one, next, stop})
	}
	for len(sources) > 0 {
		sources = slices.DeleteFunc(sources, func(s source) bool {
			c, more := s.next()
			if !more {
				s.stop()
				return true
			}
			p.add(s.of, &c, extra)
			return false
		})
	}
}

// add makes a case of a template's, if it can be sent.
func (p *planner) add(of *planned, c *template.Case, extra string) {
	key := c.ID
	plain := c.Mutation
	if extra != "" {
		key += " + " + extra
		c.Mutation = stack(c.Mutation, extra)
	}
	subject := of.victim.Subject
	made := scanner.Case{
		Key: key + " @ " + subject.Ref, Template: c.Template.ID, Severity: c.Template.Severity, OWASP: c.Template.OWASP, Target: subject.Ref,
		Mutation: c.Mutation, Request: c.Request, Prompt: c.Prompt, Values: c.Values, Trials: of.trials(c.Template),
	}
	r, why := p.render(of, c, made.Key, plain)
	if why != "" {
		p.skip(c.Template.ID, subject.Ref, why, 1)
		return
	}
	script, err := craft.Begin(subject, r)
	if err == nil {
		_, err = script.Call(0)
	}
	if err != nil {
		p.skip(c.Template.ID, subject.Ref, err.Error(), 1)
		return
	}
	if p.append(&made) {
		p.cost.add(of.victim, r, script, made.Trials)
	}
}

// stack writes two mutations as one chain.
func stack(first, then string) string {
	if first == "" || first == noMutation {
		return then
	}
	return first + "|" + then
}

// render makes a case as its first trial would. why says what stands against it.
func (p *planner) render(of *planned, c *template.Case, key, without string) (r *template.Rendered, why string) {
	chain, err := mutate.Parse(c.Mutation)
	if err != nil {
		return nil, "the mutations cannot be stacked: " + err.Error()
	}
	seed := trialSeed(p.spec.Seed, key, 1)
	r, err = c.Render(of.values, seed.number())
	if err != nil {
		return nil, missing(strings.TrimPrefix(err.Error(), c.ID+": "))
	}
	if chain.String() == noMutation {
		return r, ""
	}
	if len(r.Turns) == 0 {
		return nil, "it has no text that a mutation could change"
	}
	before, err := mutate.Parse(without)
	if err != nil || c.Mutation == without {
		before = mutate.Chain{}
	}
	for i, turn := range r.Turns {
		if turn.Text != before.Apply(turn.Plain, seed.number()+uint64(i)) {
			return r, ""
		}
	}
	return nil, "the mutation " + c.Mutation + " changes nothing in its text"
}

// missing says what a variable without a value stands for.
func missing(why string) string {
	for _, v := range template.Variables() {
		if strings.HasSuffix(why, "no value for {{"+v.Name+"}}") {
			return why + ", " + v.What
		}
	}
	return why
}

// append numbers a case and takes it, unless there are too many.
func (p *planner) append(c *scanner.Case) bool {
	if len(p.plan.Cases) >= maxPlan {
		p.skip(c.Template, c.Target, fmt.Sprintf("a run has at most %d cases", maxPlan), 1)
		return false
	}
	c.N = len(p.plan.Cases) + 1
	p.plan.Cases = append(p.plan.Cases, *c)
	return true
}

func (of *planned) trials(t *template.Template) int {
	for _, c := range of.choices {
		if c.Template == t {
			return max(c.Trials, 1)
		}
	}
	return 1
}

// strategies adds a case for every strategy and every template whose prompt goes where a user speaks.
func (p *planner) strategies(all []*planned) error {
	known := strategy.Strategies()
	for _, name := range p.spec.Strategies {
		i := slices.IndexFunc(known, func(s strategy.Strategy) bool { return strings.EqualFold(s.Name, name) })
		if i < 0 {
			names := make([]string, len(known))
			for i, s := range known {
				names[i] = s.Name
			}
			return fmt.Errorf("there is no strategy %q; there are %s", name, strings.Join(names, ", "))
		}
		for _, of := range all {
			for _, c := range of.choices {
				p.addStrategy(of, c.Template, &known[i])
			}
		}
	}
	return nil
}

func (p *planner) addStrategy(of *planned, t *template.Template, s *strategy.Strategy) {
	subject := of.victim.Subject
	if t.Level() != "prompt" || t.Attack.Slot != template.SlotLastUser || len(t.Attack.Prompts) == 0 {
		return // a strategy speaks as the user does
	}
	c := t.Cases(template.Limits{Prompts: 1, Mutations: 1})[0]
	c.Mutation = noMutation
	made := scanner.Case{
		Key: t.ID + " ~ " + s.Name + " @ " + subject.Ref, Template: t.ID, Severity: t.Severity, OWASP: t.OWASP, Target: subject.Ref, Mutation: noMutation,
		Strategy: s.Name, Request: c.Request, Prompt: c.Prompt, Values: c.Values, Trials: 1,
	}
	r, why := p.render(of, &c, made.Key, noMutation)
	if why == "" {
		if _, err := craft.Begin(subject, r); err != nil {
			why = err.Error()
		}
	}
	if why != "" {
		p.skip(t.ID, subject.Ref, why, 1)
		return
	}
	if p.append(&made) {
		p.cost.strategy(of.victim, r, s.Usual)
	}
}

// skip counts what cannot be sent, by template, target and reason.
func (p *planner) skip(id, ref, why string, cases int) {
	key := scanner.Skipped{Template: id, Target: ref, Why: why}
	if p.skipped[key] == 0 {
		p.order = append(p.order, key)
	}
	p.skipped[key] += cases
}

func (p *planner) skips() []scanner.Skipped {
	all := make([]scanner.Skipped, 0, len(p.order))
	for _, key := range p.order {
		made := key
		made.Cases = p.skipped[key]
		all = append(all, made)
	}
	return all
}
