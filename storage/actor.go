package storage

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"assay/scanner"
)

// ErrNoActor says that the project knows no actor of that key.
var ErrNoActor = errors.New("this actor is not in the project")

// ActorQuery selects actors. Empty fields select everything.
type ActorQuery struct {
	Kinds  []string
	Text   string // within key or name
	Sort   string // risk (usual), last, first, exchanges, name; "-" before it turns it round
	Offset int
	Limit  int // 0 for all
}

// actorOrders begin with the riskiest, the newest, the busiest; names come in their order.
var actorOrders = map[string][]string{
	"": {"-risk", "-n", "id"}, "risk": {"-risk", "-n", "id"}, "last": {"-last", "id"}, "first": {"-first", "id"},
	"exchanges": {"-n", "id"}, "name": {"name COLLATE NOCASE", "id"},
}

// Actors lists actors, and how many there are without Offset and Limit.
func (p *Project) Actors(ctx context.Context, q ActorQuery) (actors []*scanner.Actor, total int, err error) {
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return nil, 0, err
	}
	order, err := orderOf(actorOrders, q.Sort)
	if err != nil {
		return nil, 0, err
	}
	var w conditions
	w.in("kind", q.Kinds)
	w.within(q.Text, "key", "name")
	where, args := w.text()
	err = p.snapshot(ctx, func(tx querier) error {
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM actor WHERE "+where, args...).Scan(&total); err != nil {
			return err
		}
		actors, err = eachOf(ctx, tx, "SELECT key, definition FROM actor WHERE "+where+" ORDER BY "+order+" LIMIT ? OFFSET ?",
			append(args, limitOf(q.Limit), q.Offset), scanActor)
		return err
	})
	return actors, total, err
}

// Actor returns one actor. ErrNoActor where there is none.
func (p *Project) Actor(ctx context.Context, key scanner.ActorKey) (*scanner.Actor, error) {
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return nil, errors.Join(err, ErrNoActor)
	}
	a, err := scanActor(p.readers.QueryRowContext(ctx, "SELECT key, definition FROM actor WHERE key = ?", string(key)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoActor
	}
	return a, err
}

func scanActor(scan func(...any) error) (*scanner.Actor, error) {
	var key string
	var definition []byte
	if err := scan(&key, &definition); err != nil {
		return nil, err
	}
	a := &scanner.Actor{}
	if err := json.Unmarshal(definition, a); err != nil {
		return nil, fmt.Errorf("the actor %s: %w: %w", key, errCodec, err)
	}
	a.Key = scanner.ActorKey(key)
	return a, nil
}

// saveActor keeps an actor and returns its number in the file.
func (t *tx) saveActor(a *scanner.Actor) (id int64, err error) {
	definition, err := json.Marshal(a)
	if err != nil {
		return 0, err
	}
	err = t.get(`INSERT INTO actor (key, kind, name, first, last, n, risk, definition) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, name = excluded.name, first = excluded.first, last = excluded.last, n = excluded.n,
			risk = excluded.risk, definition = excluded.definition RETURNING id`,
		[]any{string(a.Key), a.Kind, a.Name, unixMicro(a.First), unixMicro(a.Last), a.Exchanges, a.Risk, definition}, &id)
	return id, err
}

// Whoever makes up a new key for each request is a new actor each time: so many are kept.
const (
	mostActors   = 100_000
	actorsAtOnce = 2_000 // that go when there are more
)

// boundActors forgets actors that were not seen for long, when there are too many.
func (t *tx) boundActors() error {
	var n int64
	// Counting all would cost with each batch; ids are given in order, and only this takes some away.
	err := t.get("SELECT ifnull(max(id) - min(id) + 1, 0) FROM actor", nil, &n)
	most := cmp.Or(t.p.vigil.most, mostActors)
	if err != nil || n <= most {
		return err
	}
	if err := t.get("SELECT count(*) FROM actor", nil, &n); err != nil || n <= most {
		return err
	}
	var keys []string
	err = t.each("SELECT key FROM actor ORDER BY last, id LIMIT ?", []any{min(actorsAtOnce, n/2)}, func(scan func(...any) error) error {
		var key string
		err := scan(&key)
		keys = append(keys, key)
		return err
	})
	for _, key := range keys {
		if err == nil {
			err = t.run("DELETE FROM actor WHERE key = ?", key)
		}
		if err == nil {
			err = t.run("DELETE FROM watch_state WHERE name = ?", "actor/"+key)
		}
	}
	if err != nil {
		return err
	}
	return t.addMeta(metaWatchCut, int64(len(keys)))
}

// addMeta adds to a number in meta.
func (t *tx) addMeta(key string, n int64) error {
	return t.run("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = value + excluded.value", key, n)
}
