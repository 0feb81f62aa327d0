package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// ErrNoPolicy says that the project holds no policy of that id.
var ErrNoPolicy = errors.New("this policy is not in the project")

// Policies lists the policies, in the order in which they were made.
func (p *Project) Policies(ctx context.Context) ([]scanner.Policy, error) {
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return nil, err
	}
	return eachOf(ctx, p.readers, "SELECT id, definition FROM policy ORDER BY id", nil, func(scan func(...any) error) (one scanner.Policy, err error) {
		var id int64
		var definition []byte
		if err := scan(&id, &definition); err != nil {
			return one, err
		}
		if err := json.Unmarshal(definition, &one); err != nil {
			return one, fmt.Errorf("the policy %d: %w: %w", id, errCodec, err)
		}
		one.ID = scanner.PolicyID(id)
		return one, nil
	})
}

// SetPolicy keeps a policy, a new one where its ID is 0, and returns its id. ErrNoPolicy where there is none of that id.
func (p *Project) SetPolicy(ctx context.Context, one scanner.Policy) (id scanner.PolicyID, err error) {
	definition, err := json.Marshal(one)
	if err != nil {
		return 0, err
	}
	id = one.ID
	err = p.updateWoken(ctx, func(t *tx) error {
		if one.ID == 0 {
			return t.get("INSERT INTO policy (definition) VALUES (?) RETURNING id", []any{definition}, (*int64)(&id))
		}
		n, err := t.changed("UPDATE policy SET definition = ? WHERE id = ?", definition, int64(one.ID))
		if err == nil && n == 0 {
			err = ErrNoPolicy
		}
		return err
	})
	return id, err
}

// RemovePolicy forgets a policy. What it did stays.
func (p *Project) RemovePolicy(ctx context.Context, id scanner.PolicyID) error {
	return p.removed(ctx, ErrNoPolicy, "DELETE FROM policy WHERE id = ?", int64(id))
}

// RulingQuery selects rulings. Empty fields select everything.
type RulingQuery struct {
	Exchanges []traffic.ID
	Policies  []scanner.PolicyID
	Actions   []scanner.Action
	Since     time.Time
	Offset    int
	Limit     int // 0 for all
}

// So many rulings are kept; when there are more by a tenth, the oldest go.
const mostRulings = 100_000

// AddRulings keeps what the guard did, in one transaction.
func (p *Project) AddRulings(ctx context.Context, rulings []scanner.Ruling) error {
	if len(rulings) == 0 {
		return nil
	}
	var told []traffic.ID
	err := p.update(ctx, func(t *tx) error {
		var last int64
		for i := range rulings {
			r := &rulings[i]
			definition, err := json.Marshal(r)
			if err != nil {
				return err
			}
			err = t.get("INSERT INTO ruling (at, exchange, policy, action, done, definition) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
				[]any{unixMicro(r.At), int64(r.Exchange), int64(r.Policy), string(r.Action), number(r.Done), definition}, &last)
			if err != nil {
				return err
			}
			if r.Exchange != 0 {
				told = append(told, r.Exchange)
			}
		}
		return t.boundRulings(last)
	})
	if err == nil {
		p.feeds.publish(nil, told)
		p.feeds.wake()
	}
	return err
}

// boundRulings forgets the oldest rulings when there are too many. They are numbered in order.
func (t *tx) boundRulings(last int64) error {
	var first int64
	if err := t.get("SELECT min(id) FROM ruling", nil, &first); err != nil || last-first < mostRulings+mostRulings/10 {
		return err
	}
	return t.run("DELETE FROM ruling WHERE id <= ?", last-mostRulings)
}

// Rulings lists what the guard did, the newest first, and how many there are without Offset and Limit.
func (p *Project) Rulings(ctx context.Context, q RulingQuery) (rulings []scanner.Ruling, total int, err error) {
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return nil, 0, err
	}
	where, args := q.where()
	err = p.snapshot(ctx, func(tx querier) error {
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM ruling WHERE "+where, args...).Scan(&total); err != nil {
			return err
		}
		rulings, err = eachOf(ctx, tx, "SELECT id, at, exchange, policy, action, done, definition FROM ruling WHERE "+where+" ORDER BY at DESC, id DESC LIMIT ? OFFSET ?",
			append(args, limitOf(q.Limit), q.Offset), scanRuling)
		return err
	})
	return rulings, total, err
}

func (q *RulingQuery) where() (string, []any) {
	var w conditions
	w.numbers("exchange", numbersOf(q.Exchanges))
	w.numbers("policy", numbersOf(q.Policies))
	w.in("action", texts(q.Actions))
	if !q.Since.IsZero() {
		w.add("at >= ?", q.Since.UnixMicro())
	}
	return w.text()
}

// numbers asks for one of several numbers; none asks for nothing.
func (w *conditions) numbers(column string, values []int64) {
	if len(values) == 0 {
		return
	}
	list, err := json.Marshal(values)
	if err != nil { // numbers always can be written
		list = []byte("[]")
	}
	w.add("("+column+" IN (SELECT value FROM json_each(?)))", string(list))
}

func numbersOf[T ~int64](list []T) []int64 {
	out := make([]int64, len(list))
	for i, v := range list {
		out[i] = int64(v)
	}
	return out
}

func scanRuling(scan func(...any) error) (r scanner.Ruling, err error) {
	var c scanner.Ruling
	var at int64
	var definition []byte
	if err := scan(&c.ID, &at, (*int64)(&c.Exchange), (*int64)(&c.Policy), (*string)(&c.Action), &c.Done, &definition); err != nil {
		return r, err
	}
	if err := json.Unmarshal(definition, &r); err != nil {
		return r, fmt.Errorf("the ruling %d: %w: %w", c.ID, errCodec, err)
	}
	r.ID, r.At, r.Exchange, r.Policy, r.Action, r.Done = c.ID, timeOf(at), c.Exchange, c.Policy, c.Action, c.Done
	return r, nil
}
