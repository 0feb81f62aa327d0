package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"assay/scanner"
	"assay/scanner/framework"
)

// Attack is what coverage needs to know of a template of the library: the ids that it carries.
type Attack struct {
	ID    string
	OWASP []string
	ASI   []string
	ATLAS []string
	CWE   []int
}

// ids are all ids that a template carries, as links of a framework name them.
func (a *Attack) ids() []string {
	all := slices.Concat([]string{"template:" + a.ID}, a.OWASP, a.ASI, a.ATLAS)
	for _, n := range a.CWE {
		all = append(all, fmt.Sprint("CWE-", n))
	}
	return all
}

// noTemplate is why an item stays untested whatever is sent.
const noTemplate = "There is no template for it."

// Coverage says how every framework stands, in a fixed order. It is deterministic and does not depend on the order of what
// it is given; a weakness never makes an item or a cell better, and what cannot be tested is never counted as covered.
func (s *Scene) Coverage() []Coverage {
	sights := s.coverSights()
	all := make([]Coverage, 0, len(framework.All()))
	for _, f := range framework.All() {
		all = append(all, sights.cover(f))
	}
	return all
}

// CoverageOf says how one framework stands.
func (s *Scene) CoverageOf(f *framework.Framework) Coverage { return s.coverSights().cover(f) }

// coverSights are what every framework is told from.
type coverSights struct {
	scene  *Scene
	assets *assetList
	of     map[string][]string // the ids that a template carries
}

func (s *Scene) coverSights() *coverSights {
	c := &coverSights{scene: s, assets: s.assetList(), of: map[string][]string{}}
	for i := range s.Library {
		c.of[s.Library[i].ID] = s.Library[i].ids()
	}
	return c
}

// carried are the ids of a template; of one that the library has no longer, those that were kept of it.
func (c *coverSights) carried(template string, kept []string) []string {
	if ids, known := c.of[template]; known {
		return ids
	}
	return kept
}

// links finds the items of a framework by the ids that templates carry.
type links struct{ from, against map[string][]int }

func linksOf(f *framework.Framework) links {
	l := links{map[string][]int{}, map[string][]int{}}
	for i := range f.Items {
		for _, link := range f.Items[i].From {
			l.from[link.ID] = append(l.from[link.ID], i)
		}
		for _, link := range f.Items[i].Against {
			l.against[link.ID] = append(l.against[link.ID], i)
		}
	}
	return l
}

// items are those that any of some ids is for, each once and in order. A sub-technique is also its technique's.
func items(by map[string][]int, ids []string) (found []int) {
	for _, id := range ids {
		found = append(found, by[id]...)
		if dot := strings.LastIndexByte(id, '.'); dot > len("AML.") {
			found = append(found, by[id[:dot]]...)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// cellSum is what is known of one item on one asset.
type cellSum struct {
	verdicts scanner.Verdicts
	unfit    int // templates that had no place in it
	run      scanner.RunID
	worst    *scanner.Finding
}

func (s *cellSum) state(item *framework.Item, templates int) State {
	v := s.verdicts
	switch {
	case s.worst != nil:
		return StateVulnerable
	case !item.Testable():
		return StateNotTestable
	case v.Vulnerable+v.Resisted > 0:
		return StateResisted
	case v.Unclear > 0:
		return StateTested
	case templates > 0 && s.unfit >= templates:
		return StateNotTestable
	}
	return StateNotTested
}

func (s *cellSum) ref() string {
	switch {
	case s.worst != nil:
		return fmt.Sprint("finding:", s.worst.ID)
	case s.run != 0:
		return fmt.Sprint("run:", s.run)
	}
	return ""
}

// itemSum is what is known of one item on all assets.
type itemSum struct {
	cellSum
	templates int // of the library
	last      time.Time
	targets   map[string]bool
	tried     map[string]bool // templates without a place somewhere
	why       string
}

// cover says how one framework stands.
func (c *coverSights) cover(f *framework.Framework) Coverage {
	by := linksOf(f)
	sums, cells := make([]itemSum, len(f.Items)), make([][]cellSum, len(f.Items))
	for i := range sums {
		sums[i] = itemSum{targets: map[string]bool{}, tried: map[string]bool{}}
		cells[i] = make([]cellSum, len(c.assets.names))
	}
	for _, ids := range c.of {
		for _, i := range items(by.from, ids) {
			sums[i].templates++
		}
	}
	for i := range c.scene.Tested {
		t := &c.scene.Tested[i]
		at := c.assets.of(t.Target)
		for _, i := range items(by.from, c.carried(t.Template, t.OWASP)) {
			sums[i].add(t)
			cells[i][at].add(t)
		}
	}
	for i := range c.scene.Findings {
		w := &c.scene.Findings[i]
		if !w.Open() {
			continue
		}
		ids, at := slices.Concat(c.carried(w.Template, nil), w.OWASP), c.assets.of(w.Target)
		for _, i := range slices.Concat(items(by.from, ids), items(by.against, ids)) {
			sums[i].worse(w)
			cells[i][at].worse(w)
		}
	}
	return c.assemble(f, sums, cells)
}

func (s *cellSum) add(t *Tested) {
	if t.Unfit != "" {
		s.unfit++
		return
	}
	v := t.Verdicts
	if v.Vulnerable+v.Resisted+v.Unclear == 0 {
		return // errors are no tests
	}
	s.verdicts.Vulnerable += v.Vulnerable
	s.verdicts.Resisted += v.Resisted
	s.verdicts.Unclear += v.Unclear
	s.run = max(s.run, t.Run)
}

func (s *itemSum) add(t *Tested) {
	if t.Unfit != "" {
		s.tried[t.Template] = true
		if s.why == "" || t.Unfit < s.why { // whatever the order
			s.why = t.Unfit
		}
		return
	}
	s.cellSum.add(t)
	if v := t.Verdicts; v.Vulnerable+v.Resisted+v.Unclear > 0 {
		s.targets[t.Target] = true
		if t.At.After(s.last) {
			s.last = t.At
		}
	}
}

// worse keeps the weakness that is shown as evidence: the worst, of those the first.
func (s *cellSum) worse(w *scanner.Finding) {
	if s.worst == nil || cmp.Or(cmp.Compare(severityRank(w.Severity), severityRank(s.worst.Severity)), cmp.Compare(s.worst.ID, w.ID)) > 0 {
		s.worst = w
	}
}

func severityRank(s scanner.Severity) int {
	return slices.Index([]scanner.Severity{scanner.SeverityInfo, scanner.SeverityLow, scanner.SeverityMedium, scanner.SeverityHigh, scanner.SeverityCritical}, s)
}

// assemble puts what is known of a framework into the words of a report.
func (c *coverSights) assemble(f *framework.Framework, sums []itemSum, cells [][]cellSum) Coverage {
	shown := min(len(c.assets.names), mostAssets)
	out := Coverage{ID: f.ID, Name: f.Name, Version: f.Version, Source: f.Publisher + ": " + f.Document + ", " + f.Address, Items: []Covered{}, Assets: []string{}, Cells: [][]Cell{}}
	out.Assets = append(out.Assets, c.assets.names[:shown]...)
	out.Note = f.Note
	if left := len(c.assets.names) - shown; left > 0 {
		out.Note = strings.TrimSpace(fmt.Sprintf("%s %d more assets are counted and have no column.", out.Note, left))
	}
	for i := range f.Items {
		item, s := &f.Items[i], &sums[i]
		s.unfit = len(s.tried)
		covered := Covered{
			Item: Item{ID: item.ID, Title: item.Title, Templates: s.templates}, State: s.state(item, s.templates), Cases: s.verdicts.Vulnerable + s.verdicts.Resisted + s.verdicts.Unclear,
			Vulnerable: s.verdicts.Vulnerable, Targets: len(s.targets), Last: s.last,
		}
		switch {
		case covered.State == StateNotTestable:
			covered.Why = cmp.Or(item.Why, s.why)
		case covered.State == StateNotTested && s.templates == 0:
			covered.Why = noTemplate
		}
		out.Items = append(out.Items, covered)
		row := make([]Cell, 0, shown)
		for at := range shown {
			cell := &cells[i][at]
			v := cell.verdicts
			row = append(row, Cell{State: cell.state(item, s.templates), Cases: v.Vulnerable + v.Resisted + v.Unclear, Ref: cell.ref()})
		}
		out.Cells = append(out.Cells, row)
	}
	return out
}
