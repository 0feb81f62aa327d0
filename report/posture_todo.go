package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"assay/scanner"
)

// task is one thing to do with the reasons that go away by it.
type task struct {
	Advice
	reasons  []*Deduction
	findings []*scanner.Finding
}

// advice is what to do: by priority, then what takes most risk away for its effort. Weaknesses of one category of the OWASP
// list are mended together, each by what its template says.
func (s *Scene) advice(p *Posture) []Advice {
	tasks := map[string]*task{}
	of := map[string]*task{} // finding:3
	for i := range s.Findings {
		if f := &s.Findings[i]; f.Open() {
			t := s.mending(tasks, f)
			t.findings = append(t.findings, f)
			of[fmt.Sprint("finding:", f.ID)] = t
		}
	}
	endpoints := map[string]*scanner.Endpoint{}
	for _, e := range s.Endpoints {
		endpoints[fmt.Sprint("endpoint:", e.ID)] = e
	}
	for i := range p.Reasons {
		r := &p.Reasons[i]
		switch {
		case r.Area == AreaFindings:
			of[r.Ref].add(r)
		case r.Code == "item-vulnerable":
			s.closing(tasks, strings.TrimPrefix(r.Ref, "owasp:")).add(r)
		default:
			code, one, check := s.remedyOf(r, endpoints[r.Ref])
			t := begin(tasks, code, one)
			if t.add(r); t.Check == "" {
				t.Check = check()
			}
		}
	}
	s.guarding(tasks, p.Gaps)
	left := ledgerOf(p.Reasons)
	var all []Advice
	for _, code := range slices.Sorted(maps.Keys(tasks)) {
		t := tasks[code]
		t.Reduction = max(tenth(left.without(t.reasons).score(s.criticalWithout(t))-p.Score), 0)
		s.finish(t)
		all = append(all, t.Advice)
	}
	slices.SortStableFunc(all, func(a, b Advice) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(b.Risk/work[b.Effort], a.Risk/work[a.Effort]), cmp.Compare(a.Code, b.Code))
	})
	return all
}

// begin is the task of a code, made at its first reason.
func begin(tasks map[string]*task, code string, one remedy) *task {
	t := tasks[code]
	if t == nil {
		t = &task{Advice: Advice{Code: code, What: one.what, Who: one.who, Effort: one.effort, Priority: P2, Refs: []string{}}}
		tasks[code] = t
	}
	return t
}

// add takes a reason among those that a task mends; nothing where no task mends it alone.
func (t *task) add(r *Deduction) {
	if t == nil {
		return
	}
	t.reasons = append(t.reasons, r)
	t.Risk = tenth(t.Risk + r.Full)
	t.Priority = min(t.Priority, priority(r))
	if r.Ref != "" && r.Code != "item-vulnerable" {
		t.Refs = append(t.Refs, r.Ref)
	}
}

// mending is the task that mends a weakness.
func (s *Scene) mending(tasks map[string]*task, f *scanner.Finding) *task {
	one := remedy{"Mend what tests proved", developers, EffortMedium}
	if len(f.OWASP) > 0 {
		if known, is := itemRemedies[f.OWASP[0]]; is {
			one = known
		}
	}
	return begin(tasks, mendCode(f), one)
}

// mendCode is the task of a weakness: that of the category it is of first.
func mendCode(f *scanner.Finding) string {
	if len(f.OWASP) > 0 {
		return "mend:" + f.OWASP[0]
	}
	return "mend"
}

// closing is the task by which nothing of an item is open any more; nil where it takes several.
func (s *Scene) closing(tasks map[string]*task, item string) (only *task) {
	for i := range s.Findings {
		f := &s.Findings[i]
		if !f.Open() || !slices.Contains(f.OWASP, item) {
			continue
		}
		if t := tasks[mendCode(f)]; only == nil {
			only = t
		} else if only != t {
			return nil
		}
	}
	return only
}

// criticalWithout reports whether a critical weakness is open once a task is done.
func (s *Scene) criticalWithout(t *task) bool {
	return slices.ContainsFunc(s.Findings, func(f scanner.Finding) bool {
		return f.Open() && f.Severity == scanner.SeverityCritical && (len(t.findings) == 0 || mendCode(&f) != t.Code)
	})
}

// finish writes what a task mends, step by step, and how to check it.
func (s *Scene) finish(t *task) {
	if len(t.findings) > 0 {
		s.steps(t)
		t.Why = findingWhat(worst(t.findings))
		named := map[string]bool{}
		for _, ref := range t.Refs {
			named[ref] = true
		}
		for _, f := range t.findings {
			if ref := fmt.Sprint("finding:", f.ID); !named[ref] {
				t.Refs = append(t.Refs, ref) // one that takes no points away
			}
		}
	} else if len(t.reasons) > 0 {
		t.Why = t.reasons[0].What
	}
	if n := max(len(t.Refs), len(t.reasons)); n > 1 {
		t.Why = fmt.Sprintf("%s And %d more.", t.Why, n-1)
	}
	if mended := s.mendedOf(t.Code); len(t.findings) > 0 && len(mended) > 0 {
		t.Why += fmt.Sprintf(" Of %d, %d are mended already.", len(mended)+len(t.findings), len(mended))
	}
}

// worst is the worst of weaknesses, the first of equal ones.
func worst(findings []*scanner.Finding) *scanner.Finding {
	return slices.MinFunc(findings, func(a, b *scanner.Finding) int {
		return cmp.Or(cmp.Compare(findingWeights[b.Severity], findingWeights[a.Severity]), cmp.Compare(a.ID, b.ID))
	})
}

// mostChecked is how many templates a command names; beyond them it names the category.
const mostChecked = 30

// steps are the fixes of the templates behind a task. Where it is one template, its fix is what to do.
func (s *Scene) steps(t *task) {
	byTemplate := map[string][]*scanner.Finding{}
	for _, f := range t.findings {
		byTemplate[f.Template] = append(byTemplate[f.Template], f)
	}
	risk := map[string]float64{}
	for _, id := range slices.Sorted(maps.Keys(byTemplate)) {
		list := byTemplate[id]
		first := worst(list)
		step := Step{Template: id, Title: first.Title, Severity: first.Severity, What: cmp.Or(s.Fixes[id], t.What), Check: s.retest(list, "")}
		for _, f := range list {
			step.Refs = append(step.Refs, fmt.Sprint("finding:", f.ID))
			risk[id] += findingWeights[f.Severity]
		}
		t.Steps = append(t.Steps, step)
	}
	slices.SortStableFunc(t.Steps, func(a, b Step) int {
		return cmp.Or(cmp.Compare(findingWeights[b.Severity], findingWeights[a.Severity]), cmp.Compare(risk[b.Template], risk[a.Template]))
	})
	item := ""
	if len(t.Steps) == 1 {
		t.What = t.Steps[0].What
	} else if _, of, is := strings.Cut(t.Code, ":"); is && len(t.Steps) > mostChecked {
		item = of
	}
	t.Check = s.retest(t.findings, item)
}

// mendedOf are the weaknesses of a task that a run showed to be mended.
func (s *Scene) mendedOf(code string) (mended []*scanner.Finding) {
	for i := range s.Findings {
		if f := &s.Findings[i]; f.State == scanner.FindingFixed && f.Mended != 0 && mendCode(f) == code {
			mended = append(mended, f)
		}
	}
	return mended
}

// done is what runs showed to be done, the newest first. Nobody can tick it off: of what a person calls fixed and no run
// tried again, the advice stays.
func (s *Scene) done(p *Posture) []Advice {
	pending := map[string]bool{}
	for i := range p.Advice {
		pending[p.Advice[i].Code] = true
	}
	tasks := map[string]*task{}
	for i := range s.Findings {
		f := &s.Findings[i]
		if f.State != scanner.FindingFixed || f.Mended == 0 || pending[mendCode(f)] {
			continue
		}
		t := s.mending(tasks, f)
		t.findings = append(t.findings, f)
		t.Priority = min(t.Priority, priority(&Deduction{Code: "finding-" + string(f.Severity)}))
		t.Refs = append(t.Refs, fmt.Sprint("finding:", f.ID))
		t.Risk = tenth(t.Risk + findingWeights[f.Severity])
		if f.Mended >= t.Run {
			t.Run = f.Mended
		}
		if at := s.Mended[f.ID]; at.After(t.At) {
			t.At = at
		}
	}
	all := []Advice{}
	for _, code := range slices.Sorted(maps.Keys(tasks)) {
		t := tasks[code]
		s.steps(t)
		t.Why = resisted(t)
		all = append(all, t.Advice)
	}
	slices.SortStableFunc(all, func(a, b Advice) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.Code, b.Code))
	})
	return all
}

// resisted says what a task mended, and which run showed the last of it.
func resisted(t *task) string {
	if n := len(t.findings); n > 1 {
		return fmt.Sprintf("%s And %d more. Run %d tried the last of them again, and it resisted.", findingWhat(worst(t.findings)), n-1, t.Run)
	}
	return fmt.Sprintf("%s Run %d tried it again, and it resisted.", findingWhat(t.findings[0]), t.Run)
}

// ledger is what all reasons take away, by area and without limits.
type ledger map[Area]float64

func ledgerOf(reasons []Deduction) ledger {
	l := ledger{}
	for i := range reasons {
		l[reasons[i].Area] += reasons[i].Full
	}
	return l
}

func (l ledger) without(gone []*Deduction) ledger {
	rest := maps.Clone(l)
	for _, r := range gone {
		rest[r.Area] -= r.Full
	}
	return rest
}

// score is what a ledger leaves of 100.
func (l ledger) score(critical bool) float64 {
	score := 100.0
	for area, sum := range l {
		score -= min(limits[area], tenth(sum))
	}
	if score = tenth(max(score, 0)); critical {
		score = min(score, criticalCeiling)
	}
	return score
}

func priority(r *Deduction) Priority {
	switch {
	case r.Code == "finding-critical", r.Code == "threat-critical":
		return P0
	case r.Code == "finding-high", r.Code == "threat-high", r.Full >= 4:
		return P1
	}
	return P2
}

// work is what an effort counts against what is gained.
var work = map[Effort]float64{EffortLow: 1, EffortMedium: 3, EffortHigh: 8}

// guarding adds what is done about gaps that take no points away: what was seen is possible, not proven.
func (s *Scene) guarding(tasks map[string]*task, gaps []Gap) {
	for i := range gaps {
		g := &gaps[i]
		var t *task
		switch g.Code {
		case GapReach:
			t = begin(tasks, "segment", remedy{"Keep what carries out tool calls in a segment of its own: deny it internal hosts that its tools do not need", operators, EffortMedium})
			t.Check = "record it again; assay posture"
		case GapWideTool:
			t = begin(tasks, "narrow-tools", remedy{"Take free commands, SQL, paths and addresses out of what tools take, and ask a person before money moves", developers, EffortMedium})
			t.Check = "record it again; assay inventory"
		default:
			continue
		}
		t.Refs = append(t.Refs, g.Ref)
		t.Why = cmp.Or(t.Why, g.What)
	}
}
