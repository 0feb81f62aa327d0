package storage

import (
	"strings"
	"time"

	"assay/traffic"
)

const (
	sayBatch = 100 // exchanges indexed in one transaction
	mergeBit = 64  // pages of the text index merged in one transaction
)

// sayLoop indexes texts. The index is a log of sorted runs; SQLite would merge them now and then for a second or more
// within a transaction. Here it is done bit by bit, each bit in a transaction of its own.
func (w *workers) sayLoop() {
	for {
		select {
		case <-w.saying:
		case <-w.ctx.Done():
			return
		}
		if !w.gather() {
			return
		}
		for w.quiet() {
			n, err := w.saySome()
			if err != nil {
				w.complain("texts cannot be indexed", err)
				if !w.wait(2 * time.Second) {
					return
				}
				continue
			}
			if n == 0 {
				break
			}
		}
		w.note(func() { w.sayBusy = len(w.saying) > 0 })
	}
}

// saySome indexes one transaction's worth and returns how many exchanges that were.
func (w *workers) saySome() (n int, err error) {
	type text struct {
		id    int64
		texts saidTexts
	}
	var list []text
	err = w.p.each(w.ctx, "SELECT id, texts FROM unsaid ORDER BY id LIMIT ?", []any{sayBatch}, func(scan func(...any) error) error {
		var t text
		var packed []byte
		if err := scan(&t.id, &packed); err != nil {
			return err
		}
		var err error
		if t.texts, err = decodeSaid(packed); err != nil {
			w.complain("the texts of an exchange cannot be indexed", err)
		}
		list = append(list, t)
		return nil
	})
	if err != nil || len(list) == 0 {
		return 0, err
	}
	err = w.p.update(w.ctx, func(t *tx) error {
		for _, l := range list {
			if err := t.run("DELETE FROM said WHERE rowid = ?", l.id); err != nil {
				return err
			}
			args := []any{l.id}
			for _, text := range l.texts {
				args = append(args, text)
			}
			if err := t.run("INSERT INTO said (rowid, "+strings.Join(saidColumns[:], ", ")+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", args...); err != nil {
				return err
			}
			if err := t.run("DELETE FROM unsaid WHERE id = ?", l.id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	ids := make([]traffic.ID, len(list))
	for i, l := range list {
		ids[i] = traffic.ID(l.id)
	}
	w.p.feeds.publish(nil, ids)
	return len(list), w.merge()
}

// merge merges runs of the index until it has nothing more to do, or the recorder has.
func (w *workers) merge() error {
	for range 8 {
		if !w.quiet() {
			return w.ctx.Err()
		}
		var before, after int64
		err := w.p.update(w.ctx, func(t *tx) error {
			if err := t.get("SELECT total_changes()", nil, &before); err != nil {
				return err
			}
			if err := t.run("INSERT INTO said (said, rank) VALUES ('merge', ?)", mergeBit); err != nil {
				return err
			}
			return t.get("SELECT total_changes()", nil, &after)
		})
		if err != nil || after-before < 2 {
			return err
		}
	}
	return nil
}
