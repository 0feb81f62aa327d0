package window

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"assay/app"
	"assay/scanner"
	"assay/storage"
)

// Threats is the screen of what the watch saw in live and recorded traffic.
type Threats struct{ desk *Desk }

// threatStates are what a person may hold of a threat, in the order in which they are offered.
var threatStates = []scanner.ThreatState{scanner.ThreatNew, scanner.ThreatConfirmed, scanner.ThreatHarmless, scanner.ThreatClosed}

// threatSorts are what threats can be sorted by.
var threatSorts = []string{"severity", "last", "first", "count", "title", "actor"}

// severities from the worst on.
var severities = []scanner.Severity{
	scanner.SeverityCritical, scanner.SeverityHigh, scanner.SeverityMedium, scanner.SeverityLow, scanner.SeverityInfo,
}

// List lists a page of threats.
func (t *Threats) List(in ThreatsIn) (out ThreatsOut, err error) {
	defer t.desk.guard(&err)
	out.Items = []ThreatRow{}
	store, err := t.desk.store()
	if err != nil {
		return out, err
	}
	found, total, err := store.Threats(t.desk.life(), in.query())
	if err != nil {
		return out, err
	}
	out.Total, out.Items = total, threatRows(found)
	return out, nil
}

func (in *ThreatsIn) query() storage.ThreatQuery {
	q := storage.ThreatQuery{Rules: in.Rules, Slow: in.Slow, Text: in.Text, Sort: "severity", Offset: max(0, in.From), Limit: limitOf(in.Limit)}
	for _, s := range in.States {
		q.States = append(q.States, scanner.ThreatState(s))
	}
	for _, s := range in.Severities {
		q.Severities = append(q.Severities, scanner.Severity(s))
	}
	for _, a := range in.Actors {
		q.Actors = append(q.Actors, scanner.ActorKey(a))
	}
	if slices.Contains(threatSorts, in.Sort) {
		q.Sort = in.Sort
	}
	if in.Desc {
		q.Sort = "-" + q.Sort
	}
	return q
}

func threatRows(found []*scanner.Threat) []ThreatRow {
	rows := make([]ThreatRow, 0, len(found))
	for _, t := range found {
		rows = append(rows, threatRow(t))
	}
	return rows
}

func threatRow(t *scanner.Threat) ThreatRow {
	kind, name, _ := strings.Cut(string(t.Actor), ":")
	return ThreatRow{
		ID: idText(t.ID), Rule: clip(valid(t.Rule), longName), Title: clip(valid(t.Title), longName), Severity: string(t.Severity), State: string(t.State),
		OWASP: namesOf(t.OWASP), Actor: valid(string(t.Actor)), Name: clip(valid(name), longName), Kind: kind, Host: clip(valid(t.Host), longName),
		Model: clip(valid(t.Model), longName), First: stamp(t.First), Last: stamp(t.Last), Count: t.Count, Slow: t.Slow, Seen: clip(valid(t.Seen), longName),
		Noted: t.Note != "",
	}
}

// Summary counts threats and says what was watched.
func (t *Threats) Summary(_ Nothing) (out ThreatsSummary, err error) {
	defer t.desk.guard(&err)
	out = ThreatsSummary{States: []FindingCount{}, Severities: []FindingCount{}}
	project, err := t.desk.opened()
	if err != nil {
		return out, err
	}
	store, ctx := project.Store(), t.desk.life()
	counts, err := store.CountThreats(ctx)
	if err != nil {
		return out, err
	}
	out.count(counts)
	all, err := store.Count(ctx, nil)
	if err != nil {
		return out, err
	}
	out.Recorded = all.N
	if out.Waiting, err = store.WaitingForWatch(ctx); err != nil {
		return out, err
	}
	if out.Cut, err = store.WatchCut(ctx); err != nil {
		return out, err
	}
	return out, t.rules(ctx, project, &out)
}

// count sums threats up by severity and state.
func (out *ThreatsSummary) count(counts map[scanner.Severity]map[scanner.ThreatState]int) {
	for _, severity := range severities {
		open := counts[severity][scanner.ThreatNew] + counts[severity][scanner.ThreatConfirmed]
		if open > 0 {
			out.Severities = append(out.Severities, FindingCount{Value: string(severity), N: open})
		}
	}
	for _, state := range threatStates {
		n := 0
		for _, of := range counts {
			n += of[state]
		}
		out.Total += n
		if state == scanner.ThreatNew {
			out.New = n
		}
		if n > 0 {
			out.States = append(out.States, FindingCount{Value: string(state), N: n})
		}
	}
}

// rules counts the rules, and what a person called harmless.
func (t *Threats) rules(ctx context.Context, project *app.Project, out *ThreatsSummary) error {
	rules, problems, err := t.desk.ruled.read(ctx, project)
	if err != nil {
		return err
	}
	out.Broken = len(problems)
	for i := range rules {
		if rules[i].On {
			out.Rules++
		} else {
			out.Off++
		}
	}
	exceptions, err := project.Store().Exceptions(ctx)
	out.Exceptions = len(exceptions)
	return err
}

// How a timeline is divided. The last hour is told by minutes.
const (
	hourBars = 60
	dayBars  = 48
	allBars  = 60
)

// Timeline counts what was seen in the last hour, the last day, or ever.
func (t *Threats) Timeline(in ThreatTimelineIn) (out ThreatTimelineOut, err error) {
	defer t.desk.guard(&err)
	out.Found = []ThreatBar{}
	store, err := t.desk.store()
	if err != nil {
		return out, err
	}
	ctx := t.desk.life()
	from, step, bars, err := stretches(ctx, store, in.Range, time.Now())
	if err != nil || bars == 0 {
		return out, err
	}
	counts, err := store.ThreatTimeline(ctx, from, step)
	if err != nil {
		return out, err
	}
	out.From, out.Step, out.Bars = stamp(from), step.Milliseconds(), bars
	for _, c := range counts {
		at := int(c.From.Sub(from) / step)
		if at >= bars { // what the clock of another machine says is later than now
			at = bars - 1
		}
		if n := len(out.Found); n == 0 || out.Found[n-1].At != at {
			out.Found = append(out.Found, ThreatBar{At: at, From: stamp(from.Add(time.Duration(at) * step)), Counts: []FindingCount{}})
		}
		bar := &out.Found[len(out.Found)-1]
		bar.add(string(c.Severity), c.N)
		out.Total += c.N
	}
	return out, nil
}

func (b *ThreatBar) add(severity string, n int) {
	b.N += n
	for i := range b.Counts {
		if b.Counts[i].Value == severity {
			b.Counts[i].N += n
			return
		}
	}
	b.Counts = append(b.Counts, FindingCount{Value: severity, N: n})
}

// stretches says how a range is divided: there are no bars where nothing was ever seen.
func stretches(ctx context.Context, store *storage.Project, span string, now time.Time) (from time.Time, step time.Duration, bars int, err error) {
	switch span {
	case "hour":
		return now.Truncate(time.Minute).Add(-(hourBars - 1) * time.Minute).UTC(), time.Minute, hourBars, nil
	case "day":
		step = 24 * time.Hour / dayBars
		return now.Truncate(step).Add(-(dayBars - 1) * step).UTC(), step, dayBars, nil
	case "all":
	default:
		return from, 0, 0, &app.Error{Code: app.CodeUsage, Message: "a range is hour, day or all"}
	}
	first, last, err := store.ThreatsBetween(ctx)
	if err != nil || first.IsZero() {
		return from, 0, 0, err
	}
	step = max((last.Sub(first)/allBars + time.Minute).Truncate(time.Minute), time.Minute)
	return first.UTC(), step, int(last.Sub(first)/step) + 1, nil
}

// mostThreats is how many threats one call changes.
const mostThreats = 100_000

// threatIDs reads ids that the window sent.
func threatIDs(texts []string) ([]scanner.ThreatID, error) {
	if len(texts) == 0 || len(texts) > mostThreats {
		return nil, &app.Error{Code: app.CodeUsage, Message: "no threat is named", Hint: "choose one or several"}
	}
	ids := make([]scanner.ThreatID, 0, len(texts))
	for _, text := range texts {
		n, err := numberOf(text, "a threat")
		if err != nil {
			return nil, err
		}
		ids = append(ids, scanner.ThreatID(n))
	}
	return ids, nil
}

// watchError is an error of the store as the window says it.
func watchError(err error) error {
	switch {
	case errors.Is(err, storage.ErrNoThreat):
		return &app.Error{Code: app.CodeNotFound, Message: "this threat is no longer in the project", Hint: "everything may have been watched anew"}
	case errors.Is(err, storage.ErrNoActor):
		return &app.Error{Code: app.CodeNotFound, Message: "this actor is not in the project", Hint: "actors may be told apart by something else now"}
	case errors.Is(err, storage.ErrNoException):
		return &app.Error{Code: app.CodeNotFound, Message: "this exception is no longer in the project"}
	}
	return err
}
