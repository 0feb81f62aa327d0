package window

import (
	"context"
	"slices"
	"strings"

	"assay/scanner"
	"assay/scanner/watch"
	"assay/storage"
)

// actorSorts are what actors can be sorted by.
var actorSorts = []string{"risk", "last", "first", "exchanges", "name"}

// mostOfActor is how many threats a page of an actor lists.
const mostOfActor = 100

// Actors lists a page of actors.
func (t *Threats) Actors(in ActorsIn) (out ActorsOut, err error) {
	defer t.desk.guard(&err)
	out.Items = []ActorRow{}
	store, err := t.desk.store()
	if err != nil {
		return out, err
	}
	q := storage.ActorQuery{Kinds: in.Kinds, Text: in.Text, Sort: "risk", Offset: max(0, in.From), Limit: limitOf(in.Limit)}
	if slices.Contains(actorSorts, in.Sort) {
		q.Sort = in.Sort
	}
	if in.Desc {
		q.Sort = "-" + q.Sort
	}
	found, total, err := store.Actors(t.desk.life(), q)
	if err != nil {
		return out, err
	}
	out.Total = total
	for _, a := range found {
		out.Items = append(out.Items, actorRow(a))
	}
	return out, nil
}

func actorRow(a *scanner.Actor) ActorRow {
	return ActorRow{
		Key: valid(string(a.Key)), Kind: a.Kind, Name: clip(valid(a.Name), longName), First: stamp(a.First), Last: stamp(a.Last), Exchanges: a.Exchanges,
		Refused: a.Refused, Failed: a.Failed, Input: a.Input, Output: a.Output, Cost: a.Cost, Risk: finite(a.Risk), Learning: a.Learning != "",
	}
}

// Actor tells all about one actor.
func (t *Threats) Actor(in ActorIn) (out ActorOut, err error) {
	defer t.desk.guard(&err)
	out = ActorOut{
		Hours: []int64{}, Endpoints: []Count{}, Models: []Count{}, Tools: []Count{}, Baseline: []ActorUsual{}, Threats: []ThreatRow{},
	}
	store, err := t.desk.store()
	if err != nil {
		return out, err
	}
	a, err := store.Actor(t.desk.life(), scanner.ActorKey(in.Key))
	if err != nil {
		return out, watchError(err)
	}
	out.Row, out.Hours, out.Learning = actorRow(a), a.Hours[:], clip(valid(a.Learning), longName)
	out.Endpoints, out.Models, out.Tools = used(a.Endpoints), used(a.Models), used(a.Tools)
	out.Query = queryOf(is("actor", string(a.Key)))
	for _, u := range a.Baseline {
		out.Baseline = append(out.Baseline, ActorUsual{
			Measure: clip(valid(u.Measure), longName), Low: finite(u.Low), High: finite(u.High), Now: finite(u.Now), Of: u.Of, Above: u.Now > u.High,
		})
	}
	found, total, err := store.Threats(t.desk.life(), storage.ThreatQuery{Actors: []scanner.ActorKey{a.Key}, Sort: "last", Limit: mostOfActor})
	out.Threats, out.All = threatRows(found), total
	return out, err
}

// used are names and how often each was used, the most frequent first.
func used(of map[string]int64) []Count {
	n := numbers{}
	for name, times := range of {
		n[valid(name)] += times
	}
	return n.counts()
}

// Identity is by what the actors of the project are told apart.
func (t *Threats) Identity(_ Nothing) (out IdentityOut, err error) {
	defer t.desk.guard(&err)
	out = IdentityOut{By: []string{}, Kinds: slices.Clone([]string(watch.UsualIdentity))}
	store, err := t.desk.store()
	if err != nil {
		return out, err
	}
	by, err := store.Identity(t.desk.life())
	out.Usual = len(by) == 0
	if out.Usual {
		by = watch.UsualIdentity
	}
	out.By = append(out.By, by...)
	return out, err
}

// Identify says by what actors are told apart, and watches everything anew.
func (t *Threats) Identify(in IdentifyIn) (out Job, err error) {
	defer t.desk.guard(&err)
	project, err := t.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	by := slices.Clone(in.By)
	for i := range by {
		by[i] = strings.TrimSpace(by[i])
	}
	if slices.Equal(by, []string(watch.UsualIdentity)) {
		by = nil
	}
	return t.rewatch(project, func(ctx context.Context, report func(done, all int64)) error {
		return project.Identify(ctx, by, report)
	}), nil
}
