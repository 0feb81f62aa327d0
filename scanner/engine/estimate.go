package engine

import (
	"assay/scanner"
	"assay/scanner/craft"
	"assay/scanner/strategy"
	"assay/scanner/template"
)

// coster adds up what a plan will take.
type coster struct{ spec *scanner.RunSpec }

func newCoster(spec *scanner.RunSpec) *coster { return &coster{spec} }

func (c *coster) add(*Victim, *template.Rendered, *craft.Script, int) {}

func (c *coster) strategy(*Victim, *template.Rendered, strategy.Limits) {}

func (c *coster) estimate(p *Plan, _ []*Victim) scanner.Estimate {
	return scanner.Estimate{Templates: len(p.Choices), Cases: len(p.Cases)}
}
