package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// ErrWatchChanged says that the watch was forgotten, or set otherwise, since StartWatch was called: what was made of
// exchanges rests on what is no more. Call StartWatch again and watch anew.
var ErrWatchChanged = errors.New("the watch was changed meanwhile")

// vigil guards what the watch keeps against a watcher that does not know it was forgotten.
type vigil struct {
	upheaval
	most int64 // actors that are kept; 0: mostActors
}

func (v *vigil) start() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.known = v.changes
}

// knowsWatch reports whether the file has the tables of the watch: one that an older program made and that is only read
// has not.
func (p *Project) knowsWatch(ctx context.Context) (known bool, err error) {
	if !p.readOnly {
		return true, nil
	}
	err = p.readers.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'watch_state'").Scan(&known)
	return known, err
}

// KnowsWatch reports whether the project can hold what the watch saw: one that an older Assay made, and that was not
// opened for writing since, cannot.
func (p *Project) KnowsWatch(ctx context.Context) (bool, error) { return p.knowsWatch(ctx) }

// unwatched are exchanges that wait for the watch: exchange_unwatched is an index of them. Those that Assay sent itself
// are not watched.
const unwatched = "watched IS NULL AND endpoint >= 0 AND read > 0 AND state >= 3 AND source < 4"

// Unwatched returns exchanges that are in the inventory and that the watch did not look at yet, in the order in which
// they began.
func (p *Project) Unwatched(ctx context.Context, limit int) ([]traffic.ID, error) {
	emptying, _ := p.vigil.stale()
	if known, err := p.knowsWatch(ctx); err != nil || !known || emptying {
		return nil, err
	}
	return eachOf(ctx, p.readers, "SELECT id FROM exchange WHERE "+unwatched+" ORDER BY started, id LIMIT ?", []any{limitOf(limit)},
		func(scan func(...any) error) (id traffic.ID, err error) { return id, scan(&id) })
}

// WaitingForWatch counts exchanges that are in the inventory and that the watch did not look at yet. It counts to 10,000.
func (p *Project) WaitingForWatch(ctx context.Context) (n int64, err error) {
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return 0, err
	}
	err = p.readers.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM exchange WHERE "+unwatched+" LIMIT ?)", int64(mostWaiting)).Scan(&n)
	return n, err
}

// ToWatch is what the list knows of an exchange that is to be watched.
type ToWatch struct {
	Endpoint scanner.EndpointID
	Thread   traffic.ID // the first turn of the conversation; 0 where it is none
	Cost     int64      // millionths of a US dollar
	Priced   bool       // Cost is known
}

// ToWatch tells of those of the exchanges that wait for the watch what it needs to know; anew also of those that it has
// looked at.
func (p *Project) ToWatch(ctx context.Context, ids []traffic.ID, anew bool) (map[traffic.ID]ToWatch, error) {
	all := make(map[traffic.ID]ToWatch, len(ids))
	list, err := idList(ids)
	if err != nil {
		return nil, err
	}
	where := unwatched
	if anew {
		where = "endpoint >= 0 AND read > 0 AND state >= 3 AND source < 4"
	}
	err = p.each(ctx, "SELECT e.id, endpoint, ifnull(thread, 0), cost FROM json_each(?) j CROSS JOIN exchange e WHERE e.id = j.value AND "+where, []any{list},
		func(scan func(...any) error) error {
			var id int64
			var w ToWatch
			var cost sql.NullInt64
			err := scan(&id, (*int64)(&w.Endpoint), (*int64)(&w.Thread), &cost)
			w.Cost, w.Priced = cost.Int64, cost.Valid
			all[traffic.ID(id)] = w
			return err
		})
	return all, err
}

// InOrder returns the exchanges that the watch may look at, watched or not, in the order in which they began. A filter
// leaves some out.
func (p *Project) InOrder(ctx context.Context, where *traffic.Query) ([]traffic.ID, error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return nil, err
	}
	seek := p.newScanner(ctx)
	defer seek.close()
	s, err := p.compile(where, time.Time{}, seek)
	if err != nil {
		return nil, err
	}
	s = s.windowed(false)
	return eachOf(ctx, p.readers, "SELECT e.id FROM exchange e WHERE e.read > 0 AND e.state >= 3 AND e.source < 4 AND ("+s.where+") ORDER BY e.started, e.id",
		s.bind(0, 1<<62), func(scan func(...any) error) (id traffic.ID, err error) { return id, scan(&id) })
}

// WatchStart is what a watcher begins with.
type WatchStart struct {
	Exceptions []scanner.Exception
	Settings   []scanner.RuleSetting
	Identity   []string         // empty where a person said nothing
	LastThreat scanner.ThreatID // the largest id that was ever given
}

// StartWatch says what whoever watches begins with; what SaveWatched keeps from then on rests on that.
func (p *Project) StartWatch(ctx context.Context) (w WatchStart, err error) {
	p.vigil.start()
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return w, err
	}
	if w.Exceptions, err = p.Exceptions(ctx); err != nil {
		return w, err
	}
	if w.Settings, err = p.RuleSettings(ctx); err != nil {
		return w, err
	}
	if w.Identity, err = p.Identity(ctx); err != nil {
		return w, err
	}
	err = p.readers.QueryRowContext(ctx, "SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'threat'), 0)").Scan((*int64)(&w.LastThreat))
	return w, err
}

// SaveWatched keeps what a batch of exchanges changed, in one transaction. What belongs to exchanges that were deleted for
// good meanwhile is left out. Threats keep the state and the note that a person gave them. It fails with ErrWatchChanged
// when the watch was forgotten meanwhile.
func (p *Project) SaveWatched(ctx context.Context, w *scanner.Watched) error {
	err := p.update(ctx, func(t *tx) error {
		if emptying, old := p.vigil.stale(); emptying || old {
			return ErrWatchChanged
		}
		return t.saveWatched(w)
	})
	if err != nil {
		return fmt.Errorf("save what the watch saw: %w", err)
	}
	told := slices.Clone(w.Of)
	for i := range w.Moments {
		if id := w.Moments[i].Exchange; id != 0 {
			told = append(told, id)
		}
	}
	p.feeds.publish(nil, told)
	return nil
}

func (t *tx) saveWatched(w *scanner.Watched) error {
	actors := map[scanner.ActorKey]int64{}
	for _, a := range w.Actors {
		id, err := t.saveActor(a)
		if err != nil {
			return fmt.Errorf("actor %s: %w", a.Key, err)
		}
		actors[a.Key] = id
	}
	for _, id := range w.Of {
		if err := t.setWatched(id, w.By[id], actors); err != nil {
			return err
		}
	}
	if err := t.sayAgain(w.Threats); err != nil {
		return err
	}
	for _, one := range w.Threats {
		if err := t.saveThreat(one); err != nil {
			return fmt.Errorf("threat %d: %w", one.ID, err)
		}
	}
	if err := t.saveMoments(w.Moments); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(w.States)) {
		if err := t.saveWatchState(name, w.States[name]); err != nil {
			return err
		}
	}
	if err := t.boundActors(); err != nil || w.Cut == 0 {
		return err
	}
	return t.addMeta(metaWatchCut, w.Cut)
}

// What meta holds of the watch.
const (
	metaWatchCut      = "watch_cut"      // what was dropped at a bound
	metaWatchIdentity = "watch_identity" // by what actors are told apart, as JSON
	metaWatchEmptying = "watch_emptying" // while the watch is being forgotten: up to which exchange that is done
)

// setWatched notes whose an exchange is.
func (t *tx) setWatched(id traffic.ID, by scanner.ActorKey, actors map[scanner.ActorKey]int64) error {
	actor := int64(0)
	if by != "" {
		var ok bool
		if actor, ok = actors[by]; !ok {
			err := t.get("SELECT id FROM actor WHERE key = ?", []any{string(by)}, &actor)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			actors[by] = actor
		}
	}
	n, err := t.changed("UPDATE exchange SET watched = ? WHERE id = ?", actor, int64(id))
	if err == nil && n == 0 {
		err = t.run("UPDATE trash SET watched = ? WHERE id = ?", actor, int64(id))
	}
	return err
}

// saveWatchState keeps an entry of Watched.States; an empty one is forgotten.
func (t *tx) saveWatchState(name string, state []byte) error {
	if len(state) == 0 {
		return t.run("DELETE FROM watch_state WHERE name = ?", name)
	}
	packed, err := squeezeFast(state)
	if err != nil {
		return err
	}
	return t.run("INSERT INTO watch_state (name, data) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET data = excluded.data", name, packed)
}

// WatchState returns an entry of scanner.Watched.States; nil where there is none.
func (p *Project) WatchState(ctx context.Context, name string) ([]byte, error) {
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return nil, err
	}
	var packed []byte
	err := p.readers.QueryRowContext(ctx, "SELECT data FROM watch_state WHERE name = ?", name).Scan(&packed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return inflate(packed)
}

// WatchCut is how many things the watch dropped at a bound since it was last forgotten.
func (p *Project) WatchCut(ctx context.Context) (n int64, err error) {
	err = p.readers.QueryRowContext(ctx, "SELECT ifnull((SELECT value FROM meta WHERE key = ?), 0)", metaWatchCut).Scan(&n)
	return n, err
}

// ForgetWatch forgets threats, actors and what was learned, so that everything is watched anew. What a person said
// (exceptions, settings of rules) stays; what a person said of a threat holds again when it is found again.
func (p *Project) ForgetWatch(ctx context.Context) error {
	return p.forgetWatch(ctx, func(*tx) error { return nil })
}

// forgetWatch is ForgetWatch with one thing more in the same step.
func (p *Project) forgetWatch(ctx context.Context, also func(*tx) error) error {
	if p.readOnly {
		return errReadOnly
	}
	defer p.vigil.begin()()
	err := p.update(ctx, func(t *tx) error {
		if err := t.rememberSaid(); err != nil {
			return err
		}
		for _, query := range []string{
			"DELETE FROM threat_moment", "DELETE FROM threat", "DELETE FROM actor", "DELETE FROM watch_state WHERE name <> '" + saidState + "'",
			"DELETE FROM meta WHERE key = '" + metaWatchCut + "'",
		} {
			if err := t.run(query); err != nil {
				return err
			}
		}
		if err := also(t); err != nil {
			return err
		}
		return t.setMeta(metaWatchEmptying, 0)
	})
	if err != nil {
		return err
	}
	// What has begun is ended, whoever asked for it: half a watch is of no use.
	if err := p.waitAgain(context.WithoutCancel(ctx), "watched", metaWatchEmptying); err != nil {
		return err
	}
	p.feeds.wake()
	return nil
}

// Identity returns by what actors are told apart; empty where a person said nothing.
func (p *Project) Identity(ctx context.Context) (by []string, err error) {
	var text string
	err = p.readers.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = ?", metaWatchIdentity).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(text), &by); err != nil {
		return nil, fmt.Errorf("by what actors are told apart: %w: %w", errCodec, err)
	}
	return by, nil
}

// SetIdentity says by what actors are told apart. What was watched is forgotten, and to be watched anew.
func (p *Project) SetIdentity(ctx context.Context, by []string) error {
	text, err := json.Marshal(by)
	if err != nil {
		return err
	}
	return p.forgetWatch(ctx, func(t *tx) error {
		if len(by) == 0 {
			return t.run("DELETE FROM meta WHERE key = ?", metaWatchIdentity)
		}
		return t.setMeta(metaWatchIdentity, string(text))
	})
}
