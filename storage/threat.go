package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// ErrNoThreat says that the project holds no threat of that id.
var ErrNoThreat = errors.New("this threat is not in the project")

// ThreatQuery selects threats. Empty fields select everything.
type ThreatQuery struct {
	States     []scanner.ThreatState
	Severities []scanner.Severity
	Rules      []string
	Actors     []scanner.ActorKey
	Since      time.Time // last seen at or after
	Until      time.Time // first seen before
	Slow       bool      // only slow ones
	Text       string    // within title, rule, actor, host, model or note
	Sort       string    // severity (usual), last, first, count, title, actor; "-" before it turns it round
	Offset     int
	Limit      int // 0 for all
}

const threatColumns = "t.id, t.rule, t.title, t.severity, t.state, t.actor, t.host, " + threatEndpoint + `, t.model, t.first, t.last, t.raised, t.n,
 t.slow, t.note, t.definition`

// threatEndpoint is the endpoint of a threat's first exchange: where the inventory was made anew or endpoints were merged
// meanwhile, the one it belongs to now.
const threatEndpoint = `iif(EXISTS (SELECT 1 FROM endpoint p WHERE p.id = t.endpoint AND p.merged IS NULL), t.endpoint,
 ifnull((SELECT e.endpoint FROM threat_moment m CROSS JOIN exchange e WHERE m.threat = t.id AND m.exchange > 0 AND e.id = m.exchange AND e.endpoint > 0
  ORDER BY m.at, m.rowid LIMIT 1), 0))`

func scanThreat(scan func(...any) error) (*scanner.Threat, error) {
	var c scanner.Threat
	var first, last, raised int64
	var definition []byte
	err := scan((*int64)(&c.ID), &c.Rule, &c.Title, (*string)(&c.Severity), (*string)(&c.State), (*string)(&c.Actor), &c.Host, (*int64)(&c.Endpoint), &c.Model,
		&first, &last, &raised, &c.Count, &c.Slow, &c.Note, &definition)
	if err != nil {
		return nil, err
	}
	t := &scanner.Threat{}
	if err := json.Unmarshal(definition, t); err != nil {
		return nil, fmt.Errorf("the threat %d: %w: %w", c.ID, errCodec, err)
	}
	t.ID, t.Rule, t.Title, t.Severity, t.State, t.Actor, t.Host, t.Endpoint, t.Model = c.ID, c.Rule, c.Title, c.Severity, c.State, c.Actor, c.Host, c.Endpoint, c.Model
	t.First, t.Last, t.Raised, t.Count, t.Slow, t.Note = timeOf(first), timeOf(last), timeOf(raised), c.Count, c.Slow, c.Note
	return t, nil
}

// threatOrders begin with the worst, the newest, the most frequent; names come in their order.
var threatOrders = map[string][]string{
	"":         {fmt.Sprintf(severityRank, "t.severity"), "-t.last", "-t.id"},
	"severity": {fmt.Sprintf(severityRank, "t.severity"), "-t.last", "-t.id"},
	"last":     {"-t.last", "-t.id"}, "first": {"-t.first", "-t.id"}, "count": {"-t.n", "-t.id"},
	"title": {"t.title COLLATE NOCASE", "t.id"}, "actor": {"t.actor COLLATE NOCASE", "t.id"},
}

func (q *ThreatQuery) where() (string, []any) {
	var w conditions
	w.in("t.state", texts(q.States))
	w.in("t.severity", texts(q.Severities))
	w.in("t.rule", q.Rules)
	w.in("t.actor", texts(q.Actors))
	if !q.Since.IsZero() {
		w.add("t.last >= ?", q.Since.UnixMicro())
	}
	if !q.Until.IsZero() {
		w.add("t.first < ?", q.Until.UnixMicro())
	}
	if q.Slow {
		w.add("t.slow = 1")
	}
	w.within(q.Text, "t.title", "t.rule", "t.actor", "t.host", "t.model", "t.note")
	return w.text()
}

// Threats lists threats, and how many there are without Offset and Limit.
func (p *Project) Threats(ctx context.Context, q ThreatQuery) (threats []*scanner.Threat, total int, err error) {
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return nil, 0, err
	}
	order, err := orderOf(threatOrders, q.Sort)
	if err != nil {
		return nil, 0, err
	}
	where, args := q.where()
	err = p.snapshot(ctx, func(tx querier) error {
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM threat t WHERE "+where, args...).Scan(&total); err != nil {
			return err
		}
		threats, err = eachOf(ctx, tx, "SELECT "+threatColumns+" FROM threat t WHERE "+where+" ORDER BY "+order+" LIMIT ? OFFSET ?",
			append(args, limitOf(q.Limit), q.Offset), scanThreat)
		return err
	})
	return threats, total, err
}

// openFor is for how long of the traffic's time a threat may go on: no rule has a longer cool-down.
const openFor = 30 * 24 * time.Hour

// mostOpen bounds how many threats a watcher has to hold.
const mostOpen = 20_000

// OpenThreats returns threats that may go on: those last seen in the last 30 days of the traffic, the newest first, at
// most 20,000.
func (p *Project) OpenThreats(ctx context.Context) ([]*scanner.Threat, error) {
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return nil, err
	}
	return eachOf(ctx, p.readers, "SELECT "+threatColumns+" FROM threat t WHERE t.last >= (SELECT max(last) FROM threat) - ? ORDER BY t.last DESC, t.id DESC LIMIT ?",
		[]any{openFor.Microseconds(), mostOpen}, scanThreat)
}

// Threat returns one threat. ErrNoThreat where there is none.
func (p *Project) Threat(ctx context.Context, id scanner.ThreatID) (*scanner.Threat, error) {
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return nil, errors.Join(err, ErrNoThreat)
	}
	t, err := scanThreat(p.readers.QueryRowContext(ctx, "SELECT "+threatColumns+" FROM threat t WHERE t.id = ?", int64(id)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoThreat
	}
	return t, err
}

// Moments returns a threat's timeline, oldest first, and how many lines there are without offset and limit (0: all).
func (p *Project) Moments(ctx context.Context, id scanner.ThreatID, offset, limit int) (moments []scanner.Moment, total int, err error) {
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return nil, 0, err
	}
	err = p.snapshot(ctx, func(tx querier) error {
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM threat_moment WHERE threat = ?", int64(id)).Scan(&total); err != nil {
			return err
		}
		moments, err = eachOf(ctx, tx, "SELECT at, exchange, definition FROM threat_moment WHERE threat = ? ORDER BY at, rowid LIMIT ? OFFSET ?",
			[]any{int64(id), limitOf(limit), offset}, func(scan func(...any) error) (scanner.Moment, error) { return scanMoment(id, scan) })
		return err
	})
	return moments, total, err
}

func scanMoment(id scanner.ThreatID, scan func(...any) error) (m scanner.Moment, err error) {
	var at, exchange int64
	var definition []byte
	if err := scan(&at, &exchange, &definition); err != nil {
		return m, err
	}
	if err := json.Unmarshal(definition, &m); err != nil {
		return m, fmt.Errorf("a moment of threat %d: %w: %w", id, errCodec, err)
	}
	m.Threat, m.At, m.Exchange = id, timeOf(at), traffic.ID(exchange)
	return m, nil
}

// ThreatsOf returns the threats in which exchanges count, the worst first. Those that a person called harmless are left
// out.
func (p *Project) ThreatsOf(ctx context.Context, ids []traffic.ID) (map[traffic.ID][]*scanner.Threat, error) {
	of := map[traffic.ID][]*scanner.Threat{}
	if known, err := p.knowsWatch(ctx); err != nil || !known || len(ids) == 0 {
		return of, err
	}
	list, err := idList(ids)
	if err != nil {
		return nil, err
	}
	known := map[int64]*scanner.Threat{}
	err = p.each(ctx, `SELECT DISTINCT m.exchange, `+threatColumns+` FROM json_each(?) j CROSS JOIN threat_moment m CROSS JOIN threat t
		WHERE m.exchange > 0 AND m.exchange = j.value AND t.id = m.threat AND t.state <> 'harmless' ORDER BY m.exchange, `+fmt.Sprintf(severityRank, "t.severity")+`, t.id`, []any{list},
		func(scan func(...any) error) error {
			var exchange int64
			t, err := scanThreat(func(into ...any) error { return scan(append([]any{&exchange}, into...)...) })
			if err != nil {
				return err
			}
			if same := known[int64(t.ID)]; same != nil {
				t = same
			}
			known[int64(t.ID)] = t
			of[traffic.ID(exchange)] = append(of[traffic.ID(exchange)], t)
			return nil
		})
	return of, err
}

// NoteThreat keeps what a person writes of a threat; an empty note takes it away. It fails with ErrNoThreat where there is
// none.
func (p *Project) NoteThreat(ctx context.Context, id scanner.ThreatID, note string) error {
	return p.updateWoken(ctx, func(t *tx) error {
		n, err := t.changed("UPDATE threat SET note = ? WHERE id = ?", note, int64(id))
		if err == nil && n == 0 {
			err = ErrNoThreat
		}
		return err
	})
}

// SetThreats says what a person holds of threats. It returns what they were before, for undo. A note replaces the one
// there was, unless it is empty.
func (p *Project) SetThreats(ctx context.Context, ids []scanner.ThreatID, state scanner.ThreatState, note string) (before map[scanner.ThreatID]scanner.ThreatState, err error) {
	switch state {
	case scanner.ThreatNew, scanner.ThreatConfirmed, scanner.ThreatHarmless, scanner.ThreatClosed:
	default:
		return nil, fmt.Errorf("%q is no state of a threat", state)
	}
	err = p.updateWoken(ctx, func(t *tx) error {
		before = map[scanner.ThreatID]scanner.ThreatState{}
		for _, id := range ids {
			var was string
			err := t.get("SELECT state FROM threat WHERE id = ?", []any{int64(id)}, &was)
			if errors.Is(err, sql.ErrNoRows) {
				err = fmt.Errorf("threat %d: %w", id, ErrNoThreat)
			}
			if err == nil {
				err = t.run("UPDATE threat SET state = ?1, note = iif(?2 = '', note, ?2) WHERE id = ?3", string(state), note, int64(id))
			}
			if err != nil {
				return err
			}
			before[id] = scanner.ThreatState(was)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return before, nil
}

// ThreatCount is how many moments of threats of one severity there were in one stretch of time.
type ThreatCount struct {
	From     time.Time
	Severity scanner.Severity
	N        int
}

// ThreatTimeline counts moments from since on, in stretches of step. Threats that a person called harmless are left out.
func (p *Project) ThreatTimeline(ctx context.Context, since time.Time, step time.Duration) ([]ThreatCount, error) {
	if step < time.Millisecond {
		return nil, fmt.Errorf("stretches of %v are too short to count by", step)
	}
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return nil, err
	}
	return eachOf(ctx, p.readers, `SELECT (m.at - ?1) / ?2 AS stretch, t.severity, count(*) FROM threat_moment m JOIN threat t ON t.id = m.threat
		WHERE m.at >= ?1 AND t.state <> 'harmless' GROUP BY stretch, t.severity ORDER BY stretch, `+fmt.Sprintf(severityRank, "t.severity"),
		[]any{since.UnixMicro(), step.Microseconds()}, func(scan func(...any) error) (c ThreatCount, err error) {
			var stretch int64
			err = scan(&stretch, (*string)(&c.Severity), &c.N)
			c.From = since.Add(time.Duration(stretch) * step)
			return c, err
		})
}

// CountThreats counts threats by severity and state.
func (p *Project) CountThreats(ctx context.Context) (map[scanner.Severity]map[scanner.ThreatState]int, error) {
	counts := map[scanner.Severity]map[scanner.ThreatState]int{}
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return counts, err
	}
	err := p.each(ctx, "SELECT severity, state, count(*) FROM threat GROUP BY 1, 2", nil, func(scan func(...any) error) error {
		var severity scanner.Severity
		var state scanner.ThreatState
		var n int
		err := scan((*string)(&severity), (*string)(&state), &n)
		if counts[severity] == nil {
			counts[severity] = map[scanner.ThreatState]int{}
		}
		counts[severity][state] = n
		return err
	})
	return counts, err
}
