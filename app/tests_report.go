package app

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"assay/internal/excerpt"
	"assay/report"
	"assay/scanner"
	"assay/scanner/judge"
	"assay/scanner/template"
	"assay/storage"
)

// TestReportOptions say what is made of a run.
type TestReportOptions struct {
	SARIF    string // file; empty for none
	JUnit    string // file; empty for none
	FailOn   string // severity from which a finding fails the run; empty for none
	Baseline *TestBaseline
}

// TestReport is what a run found.
type TestReport struct {
	Run     *scanner.Run
	Found   []report.Found // each weakness once, the worst first
	Failing []report.Found // those of Found that fail the run
	Fixed   []string       // fingerprints that the baseline has and the run has not
	Faults  []Reasons      // why cases have no answer, the commonest first
}

// Reasons counts the cases that ended for the same reason.
type Reasons struct {
	Why   string `json:"why"`
	Cases int    `json:"cases"`
}

// TestBaseline is what was found before: findings in it fail no run.
type TestBaseline struct {
	Name   string
	prints map[string]bool
}

// mostBaselineLine bounds a line of a baseline file, in bytes.
const mostBaselineLine = 16 << 20

// TestBaseline reads what a run is compared with: another run of the project, or a file that `assay test show RUN --json`
// wrote.
func (p *Project) TestBaseline(ctx context.Context, which string) (*TestBaseline, error) {
	if which == "" {
		return nil, nil //nolint:nilnil // nothing to compare with
	}
	if info, err := os.Stat(which); err == nil && info.Mode().IsRegular() {
		f, err := os.Open(which)
		if err != nil {
			return nil, &Error{Code: CodeInput, Message: "cannot read " + which, Err: err}
		}
		defer f.Close()
		prints, err := ReadBaseline(f)
		if err != nil {
			return nil, &Error{Code: CodeInput, Message: which + " is no run", Err: err, Hint: "`assay test show RUN --json > FILE` writes one"}
		}
		return &TestBaseline{which, prints}, nil
	}
	if filepath.Ext(which) != "" || filepath.Base(which) != which {
		return nil, &Error{Code: CodeUsage, Message: "cannot read the baseline " + which, Err: os.ErrNotExist, Hint: "leave --baseline away until there is one; `assay test show RUN --json > FILE` writes it"}
	}
	r, err := pickRun(ctx, p.store, which)
	if err != nil {
		return nil, err
	}
	b := &TestBaseline{fmt.Sprintf("run %d", r.ID), map[string]bool{}}
	for ct, err := range p.store.EachTrial(ctx, r.ID) {
		if err != nil {
			return nil, err
		}
		if print := findingOf(&ct.Case, &ct.Trial); print != "" {
			b.prints[print] = true
		}
	}
	return b, nil
}

// ReadBaseline reads the fingerprints of what was found from the lines that `assay test show RUN --json` prints.
func ReadBaseline(in io.Reader) (map[string]bool, error) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, mostBaselineLine)
	prints := map[string]bool{}
	n, results := 0, 0
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		var r TestResult
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, fmt.Errorf("line %d is no result: %w", n, err)
		}
		if r.Template == "" || r.Verdict == "" {
			return nil, fmt.Errorf("line %d is no result: it names no template and verdict", n)
		}
		results++
		if r.Verdict != scanner.Vulnerable {
			continue
		}
		if r.Fingerprint == "" {
			r.Fingerprint = scanner.Fingerprint(r.Template, r.Target, judge.Class(&scanner.Trial{Judgement: scanner.Judgement{Evidence: r.Evidence, By: r.By}, Rules: r.Rules}))
		}
		prints[r.Fingerprint] = true
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if results == 0 {
		return nil, errors.New("it holds no results")
	}
	return prints, nil
}

// ReportTest tells what a run found, and writes the files that were asked for.
func (p *Project) ReportTest(ctx context.Context, id scanner.RunID, o TestReportOptions) (*TestReport, error) {
	r, err := p.run(ctx, id)
	if err != nil {
		return nil, err
	}
	return p.app.reportTest(ctx, p.store, r, o)
}

// ReportTest tells what a run found, and writes the files that were asked for. The project is not changed.
func (a *App) ReportTest(ctx context.Context, path, which string, o TestReportOptions) (*TestReport, error) {
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	r, err := pickRun(ctx, p, which)
	if err == nil && r.State == scanner.RunRunning && a.noteDead(ctx, p.Path()) {
		r, err = findRun(ctx, p, r.ID)
	}
	if err != nil {
		return nil, err
	}
	return a.reportTest(ctx, p, r, o)
}

func (a *App) reportTest(ctx context.Context, p *storage.Project, r *scanner.Run, o TestReportOptions) (*TestReport, error) {
	failOn, err := SeverityOf("--fail-on", o.FailOn)
	if err != nil {
		return nil, err
	}
	full, err := a.gather(ctx, p, r, o.Baseline)
	if err != nil {
		return nil, err
	}
	out := &TestReport{Run: r, Found: full.Found, Fixed: full.Gone, Faults: reasons(full.Faults)}
	for i := range full.Found {
		f := &full.Found[i]
		if failOn != "" && template.Worse(f.Severity, failOn) && f.New && !setAside(f.State) {
			out.Failing = append(out.Failing, *f)
		}
	}
	for _, file := range []struct {
		name  string
		write func(io.Writer, *report.Run) error
	}{{o.SARIF, report.SARIF}, {o.JUnit, report.JUnit}} {
		if file.name == "" {
			continue
		}
		var data bytes.Buffer
		if err := file.write(&data, full); err != nil {
			return nil, err
		}
		if err := writeReport(file.name, data.Bytes()); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func setAside(s scanner.FindingState) bool {
	return s == scanner.FindingAccepted || s == scanner.FindingFalsePositive
}

// writeReport writes a file where others can read it: reports are made to be handed on.
func writeReport(name string, data []byte) error {
	if err := os.WriteFile(name, data, 0o644); err != nil { //nolint:gosec // the report is for others
		return &Error{Code: CodeFailed, Message: "cannot write " + name, Err: err}
	}
	return nil
}

// reasons counts why cases have no answer.
func reasons(faults []report.Fault) []Reasons {
	var all []Reasons
	for _, f := range faults {
		if i := slices.IndexFunc(all, func(r Reasons) bool { return r.Why == f.Reason }); i >= 0 {
			all[i].Cases++
		} else if len(all) < 100 {
			all = append(all, Reasons{f.Reason, 1})
		}
	}
	slices.SortStableFunc(all, func(x, y Reasons) int { return cmp.Compare(y.Cases, x.Cases) })
	return all
}

// mostKeptText bounds what of a prompt or an answer goes into a report, in bytes.
const mostKeptText = 8 << 10

// gathered is a report while it is gathered.
type gathered struct {
	report.Run
	findings map[string]scanner.Finding // by fingerprint
	baseline *TestBaseline
	found    map[string]int // index into Found, by fingerprint
	cases    map[int]int    // index into Cases, by number
	seen     map[[2]string]bool
	pooled   map[[2]string]judge.Trials // of all cases of a template on a target
}

// gather collects what a report tells of a run. Texts are kept of what is vulnerable only, so that a long run fits.
func (a *App) gather(ctx context.Context, p *storage.Project, r *scanner.Run, against *TestBaseline) (*report.Run, error) {
	g := &gathered{
		Run: report.Run{Version: a.Version, Run: r}, baseline: against, found: map[string]int{}, cases: map[int]int{},
		findings: map[string]scanner.Finding{}, seen: map[[2]string]bool{}, pooled: map[[2]string]judge.Trials{},
	}
	if against != nil {
		g.Against = against.Name
	}
	findings, _, err := p.Findings(ctx, storage.FindingQuery{})
	if err != nil {
		return nil, err
	}
	for i := range findings {
		g.findings[findings[i].Print] = findings[i]
	}
	cases, _, err := p.Cases(ctx, r.ID, storage.CaseQuery{})
	if err != nil {
		return nil, err
	}
	for i := range cases {
		g.cases[cases[i].N] = i
		g.Cases = append(g.Cases, report.Case{Case: cases[i]})
		of := [2]string{cases[i].Template, cases[i].Target}
		all, n := g.pooled[of], cases[i].Counts
		all.Vulnerable, all.Resisted = all.Vulnerable+n.Vulnerable, all.Resisted+n.Resisted
		g.pooled[of] = all
		if cases[i].Done && cases[i].Verdict == scanner.Errored {
			g.Faults = append(g.Faults, report.Fault{Template: cases[i].Template, Target: cases[i].Target, Reason: cases[i].Reason, Case: cases[i].N})
		}
	}
	for ct, err := range p.EachTrial(ctx, r.ID) {
		if err != nil {
			return nil, err
		}
		g.trial(&ct)
	}
	slices.SortStableFunc(g.Found, func(x, y report.Found) int { return cmp.Compare(severityRank(y.Severity), severityRank(x.Severity)) })
	if against != nil {
		for print := range against.prints {
			if _, still := g.found[print]; !still {
				g.Gone = append(g.Gone, print)
			}
		}
		slices.Sort(g.Gone)
	}
	g.Rules = rulesOf(ctx, p, r)
	return &g.Run, nil
}

func (g *gathered) trial(ct *storage.CaseTrial) {
	t := &ct.Trial
	at, known := g.cases[ct.Case.N]
	if !known {
		return
	}
	c := &g.Cases[at]
	c.Took += t.Took
	print := findingOf(&c.Case, t)
	if print == "" {
		return
	}
	state := g.findings[print].State
	if c.Evidence == nil {
		c.Prompt, c.Answer, c.Evidence = firstText(t.Sent), cut(t.Answer), orNone(t.Judgement.Evidence)
		c.Accepted = setAside(state)
	}
	i, known := g.found[print]
	if !known {
		i = len(g.Found)
		g.found[print] = i
		g.Found = append(g.Found, g.first(print, c, t))
	}
	f := &g.Found[i]
	f.Trials++
	if pair := [2]string{print, c.Key}; !g.seen[pair] {
		g.seen[pair] = true
		f.Cases++
	}
}

// first is a finding as its first trial shows it.
func (g *gathered) first(print string, c *report.Case, t *scanner.Trial) report.Found {
	kept := g.findings[print]
	f := report.Found{
		Print: print, Template: c.Template, Severity: c.Severity, OWASP: c.OWASP, Target: c.Target, State: cmp.Or(kept.State, scanner.FindingNew), Note: kept.Note,
		New: g.baseline == nil || !g.baseline.prints[print], Case: c.N, Trial: t.N, Exchange: exchangeText(t.Exchanges),
		Reason: t.Judgement.Reason, Answer: cut(t.Answer), Evidence: t.Judgement.Evidence,
	}
	for _, s := range t.Sent {
		f.Sent = append(f.Sent, scanner.Sent{Slot: s.Slot, Plain: cut(s.Plain), Text: cut(s.Text)})
	}
	if rate := g.pooled[[2]string{c.Template, c.Target}].Rate(); rate.Known {
		f.Rate, f.Interval = rate.Value, [2]float64{rate.Low, rate.High}
	}
	return f
}

func firstText(sent []scanner.Sent) string {
	if len(sent) == 0 {
		return ""
	}
	last := sent[len(sent)-1]
	return cut(cmp.Or(last.Text, last.Plain))
}

func cut(text string) string { return excerpt.Bytes(text, mostKeptText) }

// rulesOf are the templates of a run as a report explains them. One that this version cannot read has its id alone.
func rulesOf(ctx context.Context, p *storage.Project, r *scanner.Run) []report.Rule {
	sources, err := p.RunTemplates(ctx, r.ID)
	if err != nil {
		sources = nil
	}
	var rules []report.Rule
	for id, data := range sources {
		t, problems := template.Parse(id+".yaml", data)
		if t == nil || len(problems) > 0 {
			rules = append(rules, report.Rule{ID: id})
			continue
		}
		rules = append(rules, report.Rule{
			ID: t.ID, Name: t.Name, Description: t.Description, Remediation: t.Remediation, Severity: t.Severity, OWASP: t.OWASP, ASI: t.ASI,
			ATLAS: t.ATLAS, Tags: t.Tags, CWE: t.CWE, References: t.References,
		})
	}
	slices.SortFunc(rules, func(x, y report.Rule) int { return cmp.Compare(x.ID, y.ID) })
	return rules
}

// stamp is a moment as lists show it.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
