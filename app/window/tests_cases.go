package window

import (
	"cmp"
	"context"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"assay/app"
	"assay/scanner"
	"assay/scanner/judge"
	"assay/scanner/template"
	"assay/storage"
)

// pendingWord is how the window asks for cases without a verdict.
const pendingWord = "pending"

// mostCases is how many cases one page holds.
const mostCases = 1_000

// caseNames are the words for what cases name by ids.
type caseNames struct {
	library *template.Library // nil where it cannot be read
	targets map[string]string
}

func (t *Tests) names(r *scanner.Run) caseNames {
	n := caseNames{targets: map[string]string{}}
	n.library, _, _, _ = t.desk.shelf.Read()
	for i := range r.Targets {
		n.targets[r.Targets[i].Ref] = clip(r.Targets[i].Name, longName)
	}
	return n
}

func (n *caseNames) target(ref string) string { return cmp.Or(n.targets[ref], clip(ref, longName)) }

func (n *caseNames) row(c *scanner.Case) CaseRow {
	pending := max(0, c.Trials-c.Counts.Vulnerable-c.Counts.Resisted-c.Counts.Unclear-c.Counts.Errored)
	if c.Done {
		pending = 0
	}
	return CaseRow{
		N: c.N, Template: c.Template, Name: templateName(n.library, c.Template), Severity: string(c.Severity), Target: c.Target, TargetName: n.target(c.Target),
		Mutation: c.Mutation, Strategy: c.Strategy, Done: c.Done, Verdict: string(c.Verdict),
		Counts: CaseCounts{c.Counts.Vulnerable, c.Counts.Resisted, c.Counts.Unclear, c.Counts.Errored, pending},
		Trials: c.Trials, Reason: clip(valid(c.Reason), longName), Blocked: c.Blocked, By: c.By,
	}
}

// Cases lists cases of a run.
func (t *Tests) Cases(in CasesIn) (out CasesOut, err error) {
	defer t.desk.guard(&err)
	out.Cases = []CaseRow{}
	project, r, err := t.run(in.Run)
	if err != nil {
		return out, err
	}
	q := storage.CaseQuery{
		Templates: in.Templates, Mutations: in.Mutations, Targets: in.Targets, Text: in.Text, Sort: cmp.Or(in.Sort, "n"),
		Offset: max(in.From, 0), Limit: min(cmp.Or(max(in.Limit, 0), 100), mostCases),
	}
	if in.Desc {
		q.Sort = "-" + q.Sort
	}
	for _, v := range in.Verdicts {
		if v == pendingWord {
			v = ""
		}
		q.Verdicts = append(q.Verdicts, scanner.Verdict(v))
	}
	cases, total, err := project.Store().Cases(t.desk.life(), r.ID, q)
	names := t.names(r)
	for i := range cases {
		out.Cases = append(out.Cases, names.row(&cases[i]))
	}
	out.Total = total
	return out, err
}

// Case tells all about one case.
func (t *Tests) Case(in CaseIn) (out CaseOut, err error) {
	defer t.desk.guard(&err)
	out = CaseOut{Frameworks: []FrameworkID{}, Trials: []TrialOut{}}
	project, r, err := t.run(in.Run)
	if err != nil {
		return out, err
	}
	ctx := t.desk.life()
	c, err := project.Store().Case(ctx, r.ID, in.N)
	if err != nil {
		return out, err
	}
	names := t.names(r)
	out.Row = names.row(&c)
	if names.library != nil {
		if tpl, err := names.library.Template(c.Template); err == nil {
			out.Description, out.Remediation, out.Frameworks = tpl.Description, tpl.Remediation, frameworksOf(tpl)
		}
	}
	for i := range r.Targets {
		if r.Targets[i].Ref == c.Target && r.Targets[i].Baseline != 0 {
			out.Baseline = r.Targets[i].Baseline.String()
		}
	}
	if out.Judged = c.Counts.Vulnerable + c.Counts.Resisted; out.Judged > 0 {
		out.Interval.Low, out.Interval.High = judge.Wilson(c.Counts.Vulnerable, out.Judged, usualZ)
	}
	trials, err := project.Store().Trials(ctx, r.ID, in.N)
	if err != nil {
		return out, err
	}
	said, err := project.Store().Overrules(ctx)
	for i := range trials {
		out.Trials = append(out.Trials, trialOf(&trials[i], said))
	}
	return out, err
}

// usualZ is the normal quantile of 95 %.
const usualZ = 1.96

func trialOf(tr *scanner.Trial, said map[string]scanner.Overrule) TrialOut {
	out := TrialOut{
		N: tr.N, Started: stamp(tr.Started), Took: tr.Took.Milliseconds(), Sent: []SentText{}, Exchanges: []string{}, Judgement: judgementOf(&tr.Judgement),
		Rules: judgementOf(&scanner.Judgement{}), Person: personOf(said[tr.Print]), Answer: pieces(valid(tr.Answer), tr.Judgement.Evidence), Cut: tr.Cut,
		Requests: tr.Requests, Input: tr.Input, Output: tr.Output, Estimated: tr.Estimated, Throttled: tr.Throttled.Milliseconds(),
	}
	for _, s := range tr.Sent {
		out.Sent = append(out.Sent, SentText{s.Slot, clip(valid(s.Plain), longText), clip(valid(cmp.Or(s.Text, s.Plain)), longText)})
	}
	for _, id := range tr.Exchanges {
		out.Exchanges = append(out.Exchanges, id.String())
	}
	if tr.Rules != nil {
		out.Rules = judgementOf(tr.Rules)
	}
	if v := tr.Vote; v != nil {
		out.Vote = VoteOut{Judge: v.Judge, Verdict: string(v.Verdict), Reason: clip(valid(v.Reason), longText), Asked: clip(valid(v.Asked), longText), Input: v.Input, Output: v.Output}
		if v.Dollars != nil {
			out.Vote.Dollars, out.Vote.Priced = *v.Dollars, true
		}
	}
	if tr.Dollars != nil {
		out.Dollars, out.Priced = *tr.Dollars, true
	}
	return out
}

func personOf(o scanner.Overrule) PersonVote {
	if o.Verdict == "" {
		return PersonVote{}
	}
	return PersonVote{string(o.Verdict), clip(valid(o.Reason), longText), stamp(o.At)}
}

func judgementOf(j *scanner.Judgement) JudgementOut {
	out := JudgementOut{
		Verdict: string(j.Verdict), Reason: clip(valid(j.Reason), longText), Evidence: []EvidenceOut{}, Confidence: j.Confidence, By: j.By, Blocked: j.Blocked,
	}
	for _, e := range j.Evidence {
		out.Evidence = append(out.Evidence, EvidenceOut{e.Signal, clip(valid(e.Where), longName), clip(valid(e.Text), longName), clip(valid(e.Why), longName)})
	}
	return out
}

// pieces cuts an answer where evidence begins and ends, so that the window need not count bytes.
func pieces(answer string, evidence []scanner.Evidence) []AnswerPiece {
	out := []AnswerPiece{}
	if answer == "" {
		return out
	}
	spans := map[int][2]int{}
	cuts := map[int]bool{0: true, len(answer): true}
	for i, e := range evidence {
		if e.Where != "answer" || e.Start < 0 || e.End > len(answer) || e.Start >= e.End {
			continue
		}
		from, to := runeStart(answer, e.Start), runeStart(answer, e.End)
		spans[i] = [2]int{from, to}
		cuts[from], cuts[to] = true, true
	}
	at := slices.Sorted(maps.Keys(cuts))
	for i := range at[:len(at)-1] {
		piece := AnswerPiece{Text: answer[at[i]:at[i+1]], Marks: []int{}}
		for _, n := range slices.Sorted(maps.Keys(spans)) {
			if spans[n][0] <= at[i] && at[i+1] <= spans[n][1] {
				piece.Marks = append(piece.Marks, n)
			}
		}
		out = append(out, piece)
	}
	return out
}

// runeStart is the beginning of the character that a byte belongs to.
func runeStart(s string, at int) int {
	for at > 0 && at < len(s) && !utf8.RuneStart(s[at]) {
		at--
	}
	return at
}

// Heat counts the cases of a run by two words of theirs.
func (t *Tests) Heat(in HeatIn) (out HeatOut, err error) {
	defer t.desk.guard(&err)
	out = HeatOut{Rows: []HeatName{}, Columns: []HeatName{}, Cells: []HeatCell{}}
	project, r, err := t.run(in.Run)
	if err != nil {
		return out, err
	}
	words := []string{"template", "mutation", "target", "severity"}
	column := cmp.Or(in.Column, "severity")
	if !slices.Contains(words, in.Row) || !slices.Contains(words, column) {
		return out, &app.Error{Code: app.CodeUsage, Message: "cases are counted by " + strings.Join(words, ", ")}
	}
	counts, err := project.Store().CountCases(t.desk.life(), r.ID, in.Row, column)
	if err != nil {
		return out, err
	}
	names := t.names(r)
	rows, columns := map[string]int{}, map[string]int{}
	place := func(list *[]HeatName, at map[string]int, kind, id string, n CaseCounts) int {
		i, known := at[id]
		if !known {
			i = len(*list)
			at[id] = i
			name := clip(id, longName)
			switch kind {
			case "template":
				name = templateName(names.library, id)
			case "target":
				name = names.target(id)
			}
			*list = append(*list, HeatName{ID: id, Name: name})
		}
		(*list)[i].Counts.add(n)
		return i
	}
	for i := range counts {
		n := countsIn(&counts[i])
		cell := HeatCell{place(&out.Rows, rows, in.Row, counts[i].Row, n), place(&out.Columns, columns, column, counts[i].Column, n), n}
		if in.Column != "" {
			out.Cells = append(out.Cells, cell)
		}
	}
	if in.Column == "" {
		out.Columns = []HeatName{}
	}
	return out, nil
}

// number is what differs between two errors of one cause: ports, ids, times. Status codes stay.
var number = regexp.MustCompile(`\d{4,}|\d+(?:[.:]\d+){2,}|\b[0-9a-f]{8,}\b`)

// firstCases is how many cases of one cause are shown.
const firstCases = 5

// Errors groups the cases that errored by their cause.
func (t *Tests) Errors(in RunIn) (out ErrorsOut, err error) {
	defer t.desk.guard(&err)
	out.Groups = []ErrorGroup{}
	project, r, err := t.run(in.ID)
	if err != nil {
		return out, err
	}
	cases, _, err := project.Store().Cases(t.desk.life(), r.ID, storage.CaseQuery{Verdicts: []scanner.Verdict{scanner.Errored}})
	if err != nil {
		return out, err
	}
	names := t.names(r)
	at := map[string]int{}
	for i := range cases {
		cause := clip(valid(number.ReplaceAllString(cases[i].Reason, "…")), longName)
		g, known := at[cause]
		if !known {
			g = len(out.Groups)
			at[cause] = g
			out.Groups = append(out.Groups, ErrorGroup{Cause: cause, Cases: []CaseRow{}})
		}
		if out.Groups[g].N++; len(out.Groups[g].Cases) < firstCases {
			out.Groups[g].Cases = append(out.Groups[g].Cases, names.row(&cases[i]))
		}
	}
	slices.SortStableFunc(out.Groups, func(a, b ErrorGroup) int { return cmp.Compare(b.N, a.N) })
	return out, nil
}

// Overrule sets a person's verdict for a trial and all like it; an empty verdict takes it back. What the person had said
// before is returned, so that it can be undone.
func (t *Tests) Overrule(in OverruleIn) (out OverruleOut, err error) {
	defer t.desk.guard(&err)
	switch scanner.Verdict(in.Verdict) {
	case "", scanner.Vulnerable, scanner.Resisted, scanner.Unclear:
	default:
		return out, &app.Error{Code: app.CodeUsage, Message: "a person says vulnerable, resisted or unclear, not " + strconv.Quote(clip(in.Verdict, 40))}
	}
	err = t.change(in.Run, func(ctx context.Context, project *app.Project, id scanner.RunID) error {
		trials, err := project.Store().Trials(ctx, id, in.N)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(trials, func(tr scanner.Trial) bool { return tr.N == in.Trial })
		if i < 0 {
			return &app.Error{Code: app.CodeNotFound, Message: "this trial is no longer there", Hint: "it may have been sent again"}
		}
		said, err := project.Store().Overrules(ctx)
		if err != nil {
			return err
		}
		out.Before = personOf(said[trials[i].Print])
		return project.OverruleTrial(ctx, id, in.N, in.Trial, scanner.Verdict(in.Verdict), strings.TrimSpace(in.Reason))
	})
	return out, err
}

// Accept accepts the risk of what a case found, in its findings.
func (t *Tests) Accept(in AcceptIn) (out AcceptOut, err error) {
	defer t.desk.guard(&err)
	out.Before = []FindingBefore{}
	err = t.change(in.Run, func(ctx context.Context, project *app.Project, id scanner.RunID) error {
		store := project.Store()
		c, err := store.Case(ctx, id, in.N)
		if err != nil {
			return err
		}
		findings, _, err := store.Findings(ctx, storage.FindingQuery{Run: id, Targets: []string{c.Target}})
		if err != nil {
			return err
		}
		var ids []scanner.FindingID
		for i := range findings {
			if findings[i].Template == c.Template {
				ids = append(ids, findings[i].ID)
				out.Before = append(out.Before, FindingBefore{idText(findings[i].ID), string(findings[i].State)})
			}
		}
		if len(ids) == 0 {
			return &app.Error{Code: app.CodeNotFound, Message: "this case shows no finding whose risk could be accepted", Hint: "F and V overrule its verdict"}
		}
		return store.SetFindings(ctx, ids, scanner.FindingAccepted, strings.TrimSpace(in.Reason))
	})
	return out, err
}

// Unaccept gives findings the states back that they had.
func (t *Tests) Unaccept(in UnacceptIn) (out Nothing, err error) {
	defer t.desk.guard(&err)
	store, err := t.desk.writable()
	if err != nil {
		return out, err
	}
	defer t.desk.pulse.tested()
	for _, b := range in.Before {
		id, err := numberOf(b.ID, "a finding")
		if err != nil {
			return out, err
		}
		if err := store.SetFindings(t.desk.life(), []scanner.FindingID{scanner.FindingID(id)}, scanner.FindingState(b.State), ""); err != nil {
			return out, err
		}
	}
	return out, nil
}
