package storage

import (
	"context"
	"errors"
	"path"
	"strings"
	"time"

	"assay/traffic"
)

// purgeBatch is how many exchanges go for good in one transaction.
const purgeBatch = 500

// Delete moves exchanges to the trash and returns how many there were. Lists, counts and filters do not see them there.
func (p *Project) Delete(ctx context.Context, ids ...traffic.ID) (int, error) {
	return p.move(ctx, ids, "exchange", "trash", -1)
}

// Undelete brings exchanges back from the trash and returns how many there were.
func (p *Project) Undelete(ctx context.Context, ids ...traffic.ID) (int, error) {
	return p.move(ctx, ids, "trash", "exchange", 1)
}

func (p *Project) move(ctx context.Context, ids []traffic.ID, from, to string, sign int64) (moved int, err error) {
	for len(ids) > 0 && err == nil {
		n := min(len(ids), purgeBatch)
		err = p.update(ctx, func(t *tx) error {
			for _, id := range ids[:n] {
				ok, err := t.move(id, from, to, sign)
				if err != nil {
					return err
				}
				moved += int(number(ok))
			}
			return nil
		})
		if err == nil {
			p.feeds.publish(nil, ids[:n])
		}
		ids = ids[n:]
	}
	return moved, err
}

func (t *tx) move(id traffic.ID, from, to string, sign int64) (bool, error) {
	n, err := t.changed("INSERT INTO "+to+" SELECT * FROM "+from+" WHERE id = ?", int64(id))
	if err != nil || n == 0 {
		return false, err
	}
	if err := t.countRow(id, to, sign); err != nil {
		return false, err
	}
	t.count(tallyTrash, 0, -sign)
	return true, t.run("DELETE FROM "+from+" WHERE id = ?", int64(id))
}

// countRow adds an exchange to the tally, or takes it out.
func (t *tx) countRow(id traffic.ID, table string, sign int64) error {
	values := make([]any, len(tallied))
	columns := make([]string, len(tallied))
	for i, f := range tallied {
		columns[i] = f.column
		values[i] = new(any)
	}
	if err := t.get("SELECT "+strings.Join(columns, ", ")+" FROM "+table+" WHERE id = ?", []any{int64(id)}, values...); err != nil {
		return err
	}
	for i, f := range tallied {
		if v, ok := (*values[i].(*any)).(int64); ok {
			t.count(f.field, v, sign)
		}
	}
	t.count(tallyAll, 0, sign)
	return t.countInventory(id, table, sign)
}

// Purge empties the trash for good and returns how many exchanges it held.
func (p *Project) Purge(ctx context.Context) (int, error) {
	purged := 0
	for {
		n, err := p.purgeSome(ctx, "trash", "SELECT id FROM trash LIMIT ?", purgeBatch)
		purged += n
		if err != nil || n == 0 {
			return purged, err
		}
	}
}

// purgeSome deletes for good what a query selects from a table and returns how many exchanges that were.
func (p *Project) purgeSome(ctx context.Context, table, query string, args ...any) (int, error) {
	var ids []traffic.ID
	var files []string
	err := p.update(ctx, func(t *tx) error {
		ids, files = nil, nil
		err := t.each(query, args, func(scan func(...any) error) error {
			var id int64
			err := scan(&id)
			ids = append(ids, traffic.ID(id))
			return err
		})
		if err != nil {
			return err
		}
		for _, id := range ids {
			removed, err := t.purge(id, table)
			if err != nil {
				return err
			}
			files = append(files, removed...)
		}
		// Ids are never given again, also when the last ones are gone.
		return t.setMeta("last_id", p.nextID.Load())
	})
	if err != nil {
		return 0, err
	}
	errs := make([]error, 0, len(files))
	for _, name := range files {
		errs = append(errs, removeIfThere(name))
	}
	if len(ids) > 0 {
		p.feeds.publish(nil, ids)
		p.forgetUnreadMark()
	}
	return len(ids), errors.Join(errs...)
}

// purge deletes one exchange and returns the files that go with it. Files that several may share are left to Compact.
func (t *tx) purge(id traffic.ID, table string) (files []string, err error) {
	if table == "exchange" {
		if err := t.countRow(id, table, -1); err != nil {
			return nil, err
		}
	} else {
		t.count(tallyTrash, 0, -1)
	}
	// What later turns were told was kept with this one: they are read again.
	const later = `WITH RECURSIVE later(id) AS (SELECT id FROM link WHERE base = ? UNION SELECT l.id FROM later JOIN link l ON l.base = later.id)`
	if err := t.run(later+` UPDATE exchange SET read = 0 WHERE id IN (SELECT id FROM later)`, int64(id)); err != nil {
		return nil, err
	}
	if err := t.run(later+` DELETE FROM link WHERE id IN (SELECT id FROM later)`, int64(id)); err != nil {
		return nil, err
	}
	var forms [2]form
	if err := t.get("SELECT req_form, res_form FROM content WHERE id = ?1 UNION ALL SELECT req_form, res_form FROM fresh WHERE id = ?1", []any{int64(id)}, &forms[0], &forms[1]); err != nil {
		return nil, err
	}
	for side, f := range forms {
		if f == formPart {
			files = append(files, t.p.partFile(id, traffic.Side(side)))
		}
	}
	for _, query := range []string{
		"DELETE FROM " + table + " WHERE id = ?", "DELETE FROM content WHERE id = ?", "DELETE FROM fresh WHERE id = ?",
		"DELETE FROM segment WHERE id = ?",
		"DELETE FROM frame WHERE id = ?", "DELETE FROM reading WHERE id = ?", "DELETE FROM unsaid WHERE id = ?",
		"DELETE FROM said WHERE rowid = ?", "DELETE FROM link WHERE id = ?", "DELETE FROM turn WHERE id = ?",
		"DELETE FROM hit WHERE exchange = ?", "DELETE FROM asset_use WHERE exchange = ?",
		"DELETE FROM threat_moment WHERE exchange > 0 AND exchange = ?", "UPDATE ruling SET exchange = 0 WHERE exchange > 0 AND exchange = ?",
	} {
		if err := t.run(query, int64(id)); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// Policy says what to keep. Exchanges that are still arriving always stay.
type Policy struct {
	MaxAge    time.Duration // exchanges that began longer ago go; 0 keeps all
	MaxBytes  int64         // the oldest go until the bodies of the rest travelled as no more bytes than this; 0 keeps all
	Hosts     []string      // exchanges with these hosts go, whatever their age; * stands for any characters
	KeepNoted bool          // exchanges with a tag, a note or a mark stay
}

// Retain deletes for good what a policy does not keep and returns how many exchanges that were. Compact then gives the
// space back.
func (p *Project) Retain(ctx context.Context, policy Policy) (int, error) {
	conditions := []string{"state >= 3"}
	if policy.KeepNoted {
		conditions = append(conditions, "colour IS NULL AND tags IS NULL AND note IS NULL")
	}
	always := strings.Join(conditions, " AND ")
	purged := 0
	all := func(condition string, args ...any) error {
		for {
			n, err := p.purgeSome(ctx, "exchange", "SELECT id FROM exchange WHERE "+always+" AND "+condition+" ORDER BY id LIMIT ?",
				append(args, purgeBatch)...)
			purged += n
			if err != nil || n < purgeBatch {
				return err
			}
		}
	}
	if policy.MaxAge > 0 {
		if err := all("started < ?", time.Now().Add(-policy.MaxAge).UnixMicro()); err != nil {
			return purged, err
		}
	}
	for _, host := range policy.Hosts {
		ids, err := p.originsOf(ctx, host)
		if err != nil {
			return purged, err
		}
		for _, id := range ids {
			if err := all("origin = ?", id); err != nil {
				return purged, err
			}
		}
	}
	if policy.MaxBytes > 0 {
		last, err := p.sizeLimit(ctx, policy.MaxBytes)
		if err == nil && last > 0 {
			err = all("id <= ?", last)
		}
		return purged, err
	}
	return purged, nil
}

func (p *Project) originsOf(ctx context.Context, pattern string) ([]int64, error) {
	var ids []int64
	err := p.each(ctx, "SELECT id, host FROM origin", nil, func(scan func(...any) error) error {
		var id int64
		var host string
		if err := scan(&id, &host); err != nil {
			return err
		}
		ok, err := path.Match(strings.ToLower(pattern), host)
		if ok {
			ids = append(ids, id)
		}
		return err
	})
	return ids, err
}

// sizeLimit returns the id up to which exchanges have to go for the bodies of the rest to fit.
func (p *Project) sizeLimit(ctx context.Context, limit int64) (last int64, err error) {
	var sum int64
	err = p.each(ctx, "SELECT id, req_bytes + res_bytes FROM exchange ORDER BY id DESC", nil, func(scan func(...any) error) error {
		var id, n int64
		if err := scan(&id, &n); err != nil {
			return err
		}
		if sum += n; sum > limit {
			last = id
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return last, err
}
