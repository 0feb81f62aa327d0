package storage

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"assay/traffic"
)

// crashReason is the fault of exchanges that nobody saw the end of.
const crashReason = "Assay ended before this exchange did; what had arrived by then is kept"

// recover writes what an earlier process left in its journal and ends what that one left open.
func (p *Project) recover(ctx context.Context) error {
	left, err := p.rec.journal.reopen()
	if err != nil {
		return err
	}
	if left {
		p.rec.spilling = true
		for p.rec.spilling {
			if err := p.rec.step(true); err != nil {
				return err
			}
		}
		p.rec.asm = newAssembler()
		var last int64
		if err := p.write.conn.QueryRowContext(ctx, "SELECT ifnull(max(id), 0) FROM exchange").Scan(&last); err != nil {
			return err
		}
		p.nextID.Store(max(last, p.nextID.Load()))
	}
	return p.repair(ctx)
}

// repair ends exchanges that were left open.
func (p *Project) repair(ctx context.Context) error {
	return p.update(ctx, func(t *tx) error {
		type open struct {
			id    traffic.ID
			state int64
			forms [2]form
			lens  [2]int64
		}
		var list []open
		for _, table := range []string{"exchange", "trash"} {
			query := `SELECT e.id, e.state, c.req_form, c.req_len, c.res_form, c.res_len FROM ` + table + ` e JOIN fresh c USING (id) WHERE e.state < 3`
			err := t.each(query, nil, func(scan func(...any) error) error {
				var o open
				list = append(list, o)
				last := &list[len(list)-1]
				return scan(&last.id, &last.state, &last.forms[0], &last.lens[0], &last.forms[1], &last.lens[1])
			})
			if err != nil {
				return err
			}
		}
		for _, o := range list {
			state := stateNumbers[traffic.StateFailed]
			if o.state == stateStreaming {
				state = stateNumbers[traffic.StateClosed]
			}
			for side := range o.forms {
				if err := t.adoptPart(o.id, traffic.Side(side), o.forms[side], &o.lens[side]); err != nil {
					return err
				}
			}
			fault := faultText(&traffic.Fault{Stage: traffic.StageCrash, Reason: crashReason})
			for _, query := range []string{
				`UPDATE exchange SET state = ?, flags = flags | ?, fault = ?, req_bytes = max(req_bytes, ?), res_bytes = max(res_bytes, ?) WHERE id = ?`,
				`UPDATE trash SET state = ?, flags = flags | ?, fault = ?, req_bytes = max(req_bytes, ?), res_bytes = max(res_bytes, ?) WHERE id = ?`,
			} {
				if err := t.run(query, state, int64(flagFault), fault, o.lens[0], o.lens[1], int64(o.id)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// adoptPart takes bytes into account that reached the file of a body before the crash but not the database.
func (t *tx) adoptPart(id traffic.ID, side traffic.Side, f form, kept *int64) error {
	if f != formPart {
		return nil
	}
	info, err := os.Stat(t.p.partFile(id, side))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil || info.Size() <= *kept {
		return err
	}
	var a arrivals
	var seq int64
	a.add(0, int(info.Size()-*kept))
	if err := t.get("SELECT ifnull(max(seq) + 1, 0) FROM segment WHERE id = ? AND side = ?", []any{int64(id), int64(side)}, &seq); err != nil {
		return err
	}
	if err := t.run("INSERT INTO segment (id, side, seq, times, data) VALUES (?, ?, ?, ?, NULL)", int64(id), int64(side), seq, a.b); err != nil {
		return err
	}
	*kept = info.Size()
	if side == traffic.FromClient {
		return t.run("UPDATE fresh SET req_len = ? WHERE id = ?", *kept, int64(id))
	}
	return t.run("UPDATE fresh SET res_len = ? WHERE id = ?", *kept, int64(id))
}
