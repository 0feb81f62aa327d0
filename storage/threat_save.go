package storage

import (
	"cmp"
	"encoding/json"

	"assay/scanner"
)

// Of a threat's timeline so much is kept: how it began, and what came last.
const (
	momentsFirst = 100
	momentsLast  = 400
	momentsSlack = 50 // more than both that may be there: dropping is worth waiting for
)

// saveThreat keeps a threat; what a person holds of it stays.
func (t *tx) saveThreat(one *scanner.Threat) error {
	definition, err := json.Marshal(one)
	if err != nil {
		return err
	}
	return t.run(`INSERT INTO threat (id, rule, title, severity, state, actor, host, endpoint, model, first, last, raised, n, slow, note, definition)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET title = excluded.title, severity = excluded.severity, first = excluded.first, last = excluded.last,
			n = excluded.n, slow = excluded.slow, definition = excluded.definition`,
		int64(one.ID), one.Rule, one.Title, string(one.Severity), string(cmp.Or(one.State, scanner.ThreatNew)), string(one.Actor), one.Host, int64(one.Endpoint),
		one.Model, unixMicro(one.First), unixMicro(one.Last), unixMicro(one.Raised), one.Count, number(one.Slow), one.Note, definition)
}

// saveMoments keeps lines of timelines, but for those of exchanges that are gone.
func (t *tx) saveMoments(moments []scanner.Moment) error {
	added := map[scanner.ThreatID]bool{}
	for i := range moments {
		m := &moments[i]
		definition, err := json.Marshal(momentDefinition{m.What, m.Weight, m.Signs})
		if err != nil {
			return err
		}
		err = t.run(`INSERT INTO threat_moment (threat, at, exchange, definition) SELECT ?1, ?2, ?3, ?4
			WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM exchange WHERE id = ?3) OR EXISTS (SELECT 1 FROM trash WHERE id = ?3)`,
			int64(m.Threat), unixMicro(m.At), int64(m.Exchange), definition)
		if err != nil {
			return err
		}
		added[m.Threat] = true
	}
	for id := range added {
		if err := t.boundMoments(int64(id)); err != nil {
			return err
		}
	}
	return nil
}

// momentDefinition is what is kept of a moment beside its columns.
type momentDefinition struct {
	What   string         `json:"what"`
	Weight float64        `json:"weight"`
	Signs  []scanner.Sign `json:"signs,omitempty"`
}

// boundMoments drops the middle of a long timeline. The threat's count stays.
func (t *tx) boundMoments(threat int64) error {
	var n int
	if err := t.get("SELECT count(*) FROM threat_moment WHERE threat = ?", []any{threat}, &n); err != nil || n <= momentsFirst+momentsLast+momentsSlack {
		return err
	}
	return t.run("DELETE FROM threat_moment WHERE rowid IN (SELECT rowid FROM threat_moment WHERE threat = ? ORDER BY at, rowid LIMIT ? OFFSET ?)",
		threat, n-momentsFirst-momentsLast, momentsFirst)
}
