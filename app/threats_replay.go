package app

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// ReplayOptions say what is watched anew.
type ReplayOptions struct {
	Query string // the filter language; empty watches everything
	// Keep replaces what the project holds of threats and actors by what is found. Otherwise nothing is changed.
	Keep bool
}

// ReplaySummary says what watching anew came to.
type ReplaySummary struct {
	Exchanges int64 `json:"exchanges"`
	Threats   int   `json:"threats"`
	Slow      int   `json:"slow"`
	Actors    int   `json:"actors"`
}

// Replay watches what a project holds with today's rules, and yields the threats with their timelines in the order in
// which they were raised. It changes nothing, unless it is told to keep what it finds.
func (a *App) Replay(ctx context.Context, path string, o ReplayOptions, progress func(done, all int64), yield func(*ThreatDetail) error) (sum ReplaySummary, err error) {
	q, err := parseQuery(o.Query)
	if err != nil {
		return sum, err
	}
	if o.Keep {
		if q != nil {
			return sum, usagef("leave --query out, or --keep", "what is kept has to be all of the project, not what a query selects")
		}
		return a.rewatchAll(ctx, path, progress, yield)
	}
	p, err := a.upToDate(ctx, path)
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	ids, err := p.InOrder(ctx, q)
	if err != nil {
		return sum, err
	}
	r, err := a.replay(ctx, p, ids, progress)
	if err != nil {
		return sum, err
	}
	return r.sum(), r.each(yield)
}

// rewatchAll watches everything anew, keeps that, and yields it.
func (a *App) rewatchAll(ctx context.Context, path string, progress func(done, all int64), yield func(*ThreatDetail) error) (sum ReplaySummary, err error) {
	err = a.change(ctx, path, func(p *storage.Project) error {
		n := a.newAnalyst(p)
		if err := n.catchUp(ctx); err != nil {
			return err
		}
		if err := n.rewatch(ctx, func(done, all int64) {
			sum.Exchanges = all
			if progress != nil {
				progress(done, all)
			}
		}); err != nil {
			return err
		}
		threats, _, err := p.Threats(ctx, storage.ThreatQuery{})
		if err != nil {
			return err
		}
		if _, sum.Actors, err = p.Actors(ctx, storage.ActorQuery{Limit: 1}); err != nil {
			return err
		}
		inOrder(threats)
		for _, t := range threats {
			moments, _, err := p.Moments(ctx, t.ID, 0, 0)
			if err != nil {
				return err
			}
			sum.Threats++
			sum.Slow += int(yes(t.Slow))
			if err := yield(threatDetail(t, moments)); err != nil {
				return err
			}
		}
		return nil
	})
	return sum, err
}

func inOrder(threats []*scanner.Threat) {
	slices.SortFunc(threats, func(x, y *scanner.Threat) int {
		return cmp.Or(x.Raised.Compare(y.Raised), cmp.Compare(x.ID, y.ID))
	})
}

// replayed is what a watch saw that is not kept.
type replayed struct {
	exchanges int64
	threats   map[scanner.ThreatID]*scanner.Threat
	moments   map[scanner.ThreatID][]scanner.Moment
	actors    map[scanner.ActorKey]bool
}

// Of a timeline in memory so much is held: how it began, and what came last. storage keeps as much.
const (
	replayFirst = 100
	replayLast  = 400
)

// replay watches exchanges in memory.
func (a *App) replay(ctx context.Context, p *storage.Project, ids []traffic.ID, progress func(done, all int64)) (*replayed, error) {
	n := a.newAnalyst(p)
	book, err := openBookOf(ctx, p, n.rules, nil)
	if err != nil {
		return nil, err
	}
	r := &replayed{threats: map[scanner.ThreatID]*scanner.Threat{}, moments: map[scanner.ThreatID][]scanner.Moment{}, actors: map[scanner.ActorKey]bool{}}
	all := int64(len(ids))
	for len(ids) > 0 {
		bite, took, err := n.bite(ctx, ids)
		if err != nil {
			return nil, err
		}
		ids = ids[took:]
		seen, err := seenOf(ctx, p, bite, true)
		if err != nil {
			return nil, err
		}
		w, err := book.Watch(seen)
		if err != nil {
			return nil, err
		}
		r.add(w)
		if progress != nil {
			progress(all-int64(len(ids)), all)
		}
	}
	return r, nil
}

func (r *replayed) add(w *scanner.Watched) {
	r.exchanges += int64(len(w.Of))
	for _, t := range w.Threats {
		r.threats[t.ID] = t
	}
	for _, m := range w.Moments {
		list := append(r.moments[m.Threat], m)
		if len(list) > replayFirst+2*replayLast {
			list = slices.Delete(list, replayFirst, len(list)-replayLast)
		}
		r.moments[m.Threat] = list
	}
	for _, a := range w.Actors {
		r.actors[a.Key] = true
	}
}

func (r *replayed) sum() ReplaySummary {
	sum := ReplaySummary{Exchanges: r.exchanges, Threats: len(r.threats), Actors: len(r.actors)}
	for _, t := range r.threats {
		sum.Slow += int(yes(t.Slow))
	}
	return sum
}

// each yields the threats with their timelines.
func (r *replayed) each(yield func(*ThreatDetail) error) error {
	threats := make([]*scanner.Threat, 0, len(r.threats))
	for _, t := range r.threats {
		threats = append(threats, t)
	}
	inOrder(threats)
	for _, t := range threats {
		moments := r.moments[t.ID]
		slices.SortStableFunc(moments, func(x, y scanner.Moment) int { return x.At.Compare(y.At) })
		if len(moments) > replayFirst+replayLast {
			moments = slices.Delete(moments, replayFirst, len(moments)-replayLast)
		}
		if err := yield(threatDetail(t, moments)); err != nil {
			return err
		}
	}
	return nil
}
