package window

import (
	"errors"
	"slices"

	"assay/app"
	"assay/scanner"
	"assay/scanner/framework"
	"assay/storage"
)

// Findings is the screen of what tests and watched traffic proved.
type Findings struct{ desk *Desk }

// findingStates are the states a person may give a finding.
var findingStates = []scanner.FindingState{
	scanner.FindingNew, scanner.FindingVerified, scanner.FindingAccepted, scanner.FindingFalsePositive, scanner.FindingFixed,
}

// findingSorts are what findings can be sorted by.
var findingSorts = []string{"severity", "last", "first", "count", "title", "target", "state"}

// List lists a page of findings.
func (f *Findings) List(in FindingsIn) (out FindingsOut, err error) {
	defer f.desk.guard(&err)
	out.Items = []FindingRow{}
	store, err := f.desk.store()
	if err != nil {
		return out, err
	}
	q, err := in.query()
	if err != nil {
		return out, err
	}
	found, total, err := store.Findings(f.desk.life(), q)
	if err != nil {
		return out, kept(err)
	}
	out.Total = total
	for i := range found {
		out.Items = append(out.Items, findingRow(&found[i]))
	}
	return out, nil
}

func (in *FindingsIn) query() (q storage.FindingQuery, err error) {
	q = storage.FindingQuery{
		Sources: in.Sources, Targets: in.Targets, OWASP: in.OWASP, Text: in.Text, Sort: "severity", Offset: max(0, in.From), Limit: limitOf(in.Limit),
	}
	for _, s := range in.States {
		q.States = append(q.States, scanner.FindingState(s))
	}
	for _, s := range in.Severities {
		q.Severities = append(q.Severities, scanner.Severity(s))
	}
	if slices.Contains(findingSorts, in.Sort) {
		q.Sort = in.Sort
	}
	if in.Desc {
		q.Sort = "-" + q.Sort
	}
	if in.Run != "" {
		run, err := numberOf(in.Run, "a run")
		if err != nil {
			return q, err
		}
		q.Run = scanner.RunID(run)
	}
	return q, nil
}

func findingRow(f *scanner.Finding) FindingRow {
	return FindingRow{
		ID: idText(f.ID), Source: f.Source, Template: clip(valid(f.Template), longName), Title: clip(valid(f.Title), longName), Severity: string(f.Severity),
		OWASP: namesOf(f.OWASP), Target: clip(valid(f.Target), longName), TargetName: clip(valid(f.Name), longName), Class: f.Class, State: string(f.State),
		Noted: f.Note != "", First: stamp(f.First), Last: stamp(f.Last), Count: f.Count, Run: idText(f.Run), Case: f.Case,
		Reason: clip(valid(f.Reason), longName),
	}
}

// SetState sets the state of findings, and tells which they had: Restore gives those back.
func (f *Findings) SetState(in SetFindingsIn) (out SetFindingsOut, err error) {
	defer f.desk.guard(&err)
	out.Before = []FindingBefore{}
	if !slices.Contains(findingStates, scanner.FindingState(in.State)) {
		return out, &app.Error{Code: app.CodeUsage, Message: "a finding is new, verified, accepted, a false positive or fixed"}
	}
	store, err := f.desk.writable()
	if err != nil {
		return out, err
	}
	ids, err := findingIDs(in.IDs)
	if err != nil {
		return out, err
	}
	for _, id := range ids {
		before, _, err := store.Finding(f.desk.life(), id)
		if err != nil {
			return out, kept(err)
		}
		out.Before = append(out.Before, FindingBefore{ID: idText(id), State: string(before.State)})
	}
	if err := store.SetFindings(f.desk.life(), ids, scanner.FindingState(in.State), clip(in.Why, longText)); err != nil {
		return out, kept(err)
	}
	f.desk.pulse.tested()
	return out, nil
}

// Restore gives findings the states back that they had.
func (f *Findings) Restore(in RestoreFindingsIn) (out Nothing, err error) {
	defer f.desk.guard(&err)
	store, err := f.desk.writable()
	if err != nil {
		return out, err
	}
	defer f.desk.pulse.tested()
	return out, eachBefore(in.Before, findingStates, func(texts []string, state scanner.FindingState) error {
		ids, err := findingIDs(texts)
		if err != nil {
			return err
		}
		return kept(store.SetFindings(f.desk.life(), ids, state, "taken back"))
	})
}

// Note replaces the note of a finding.
func (f *Findings) Note(in NoteFindingIn) (out Nothing, err error) {
	defer f.desk.guard(&err)
	store, err := f.desk.writable()
	if err != nil {
		return out, err
	}
	ids, err := findingIDs([]string{in.ID})
	if err != nil {
		return out, err
	}
	if err := store.NoteFinding(f.desk.life(), ids[0], clip(in.Note, longText)); err != nil {
		return out, kept(err)
	}
	f.desk.pulse.tested()
	return out, nil
}

// mostFindings is how many findings one call changes.
const mostFindings = 100_000

// findingIDs reads ids that the window sent.
func findingIDs(texts []string) ([]scanner.FindingID, error) {
	if len(texts) == 0 || len(texts) > mostFindings {
		return nil, &app.Error{Code: app.CodeUsage, Message: "no finding is named", Hint: "choose one or several"}
	}
	ids := make([]scanner.FindingID, 0, len(texts))
	for _, text := range texts {
		n, err := numberOf(text, "a finding")
		if err != nil {
			return nil, err
		}
		ids = append(ids, scanner.FindingID(n))
	}
	return ids, nil
}

// kept is an error of the store as the window says it.
func kept(err error) error {
	if errors.Is(err, storage.ErrNoFinding) {
		return &app.Error{Code: app.CodeNotFound, Message: "this finding is no longer in the project"}
	}
	return err
}

// Summary counts findings and says which items of the OWASP list were tested, so that none is never taken for safe.
func (f *Findings) Summary(_ Nothing) (out FindingsSummary, err error) {
	defer f.desk.guard(&err)
	out = FindingsSummary{
		States: []FindingCount{}, Severities: []FindingCount{}, Targets: []FindingCount{}, OWASP: []FindingCount{}, Coverage: []Coverage{},
	}
	store, err := f.desk.store()
	if err != nil {
		return out, err
	}
	found, total, err := store.Findings(f.desk.life(), storage.FindingQuery{})
	if err != nil {
		return out, kept(err)
	}
	out.Total = total
	out.count(found)
	out.Coverage, out.Runs, err = f.coverage(store)
	return out, err
}

// count sums findings up.
func (out *FindingsSummary) count(found []scanner.Finding) {
	states, severities, targets, items, names := numbers{}, numbers{}, numbers{}, numbers{}, map[string]string{}
	for i := range found {
		f := &found[i]
		states[string(f.State)]++
		if slices.Contains(openStates, f.State) {
			severities[string(f.Severity)]++
		}
		targets[f.Target]++
		names[f.Target] = f.Name
		for _, id := range f.OWASP {
			items[id]++
			names[id] = framework.Title(id)
		}
		out.Live = out.Live || f.Source == "live"
	}
	out.States, out.Severities = findingCounts(states, names), findingCounts(severities, names)
	out.Targets, out.OWASP = findingCounts(targets, names), findingCounts(items, names)
}

func findingCounts(n numbers, names map[string]string) []FindingCount {
	out := []FindingCount{}
	for _, c := range n.counts() {
		out = append(out, FindingCount{Value: c.Value, Name: clip(valid(names[c.Value]), longName), N: int(c.N)})
	}
	return out
}

// eachBefore calls set once for each state that something had, with what had it.
func eachBefore[State ~string](before []FindingBefore, states []State, set func(ids []string, state State) error) error {
	for _, state := range states {
		var ids []string
		for _, b := range before {
			if b.State == string(state) {
				ids = append(ids, b.ID)
			}
		}
		if len(ids) == 0 {
			continue
		}
		if err := set(ids, state); err != nil {
			return err
		}
	}
	return nil
}
