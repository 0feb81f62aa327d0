package storage

import (
	"database/sql"
	"time"

	"assay/traffic"
)

// countAt adds to the exchanges of an endpoint or a place.
func (t *tx) countAt(key tallyKey, n int64) error {
	if key.field == tallyPlace {
		return t.run("UPDATE place SET n = n + ? WHERE id = ?", n, key.value)
	}
	revision, err := t.nextRevision()
	if err != nil {
		return err
	}
	return t.run("UPDATE endpoint SET n = n + ?, revision = ? WHERE id = ?", n, revision, key.value)
}

// countInventory adds an exchange to its endpoint and to the places where it has data, or takes it out.
func (t *tx) countInventory(id traffic.ID, table string, sign int64) error {
	var endpoint sql.NullInt64
	if err := t.get("SELECT endpoint FROM "+table+" WHERE id = ?", []any{int64(id)}, &endpoint); err != nil {
		return err
	}
	if endpoint.Int64 > 0 {
		t.count(tallyEndpoint, endpoint.Int64, sign)
	}
	return t.each("SELECT place FROM hit WHERE exchange = ?", []any{int64(id)}, func(scan func(...any) error) error {
		var place int64
		err := scan(&place)
		t.count(tallyPlace, place, sign)
		return err
	})
}

// goneFor is how long the ids of endpoints are kept that are gone: whoever shows them has asked again by then.
const goneFor = 24 * time.Hour

// recountInventory counts the exchanges of endpoints and places anew, and forgets endpoints that are long gone.
func (t *tx) recountInventory() error {
	revision, err := t.nextRevision()
	if err != nil {
		return err
	}
	err = t.run(`UPDATE endpoint SET n = c.n, revision = ? FROM (SELECT p.id, count(e.id) AS n FROM endpoint p
		LEFT JOIN exchange e ON e.endpoint > 0 AND e.endpoint = p.id GROUP BY p.id) c WHERE c.id = endpoint.id AND c.n <> endpoint.n`, revision)
	if err != nil {
		return err
	}
	if err := t.run("UPDATE place SET n = " + countHits); err != nil {
		return err
	}
	return t.run("DELETE FROM endpoint WHERE merged = -1 AND host = '' AND found < ? AND id < (SELECT max(id) FROM endpoint)",
		time.Now().Add(-goneFor).UnixMicro())
}
