package storage

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"assay/traffic"
)

// Tab is one request that a person edits and sends again.
type Tab struct {
	ID       int64
	Group    string // empty for none
	Name     string
	Source   traffic.ID // the exchange it was made from; 0 for none
	Baseline traffic.ID // the exchange its answers are compared with; 0 for none
	// Head is the first line with the absolute URL, and the headers, as text: a person may be in the middle of
	// writing it. Credentials in it are sealed like those of exchanges.
	Head string
	Body []byte // without content coding; nil where tabs are listed
	Sent int    // how many exchanges were sent from it
	Last traffic.ID
}

// TabSent is one exchange that was sent from a tab.
type TabSent struct {
	N        int // from 1
	Batch    int // those sent together have the same
	Exchange traffic.ID
	Changed  []string // what differed from the one before, in words
}

// ErrNoTab says that the project holds no open tab of that id.
var ErrNoTab = errors.New("this tab is no longer in the project")

// maxClosedTabs is how many closed tabs can be opened again; older ones are deleted.
const maxClosedTabs = 50

const tabColumns = `t.id, t.team, t.name, t.source, t.baseline, t.head,
 (SELECT count(*) FROM repeater_sent s WHERE s.tab = t.id),
 coalesce((SELECT s.exchange FROM repeater_sent s WHERE s.tab = t.id ORDER BY s.n DESC LIMIT 1), 0)`

// Tabs lists the open tabs in order, without their bodies, and counts the closed ones that ReopenTab can bring back.
func (p *Project) Tabs(ctx context.Context) (tabs []Tab, closed int, err error) {
	err = p.snapshot(ctx, func(q querier) error {
		rows, err := q.QueryContext(ctx, "SELECT "+tabColumns+" FROM repeater_tab t WHERE t.closed IS NULL ORDER BY t.position, t.id")
		if err != nil {
			return err
		}
		err = eachRow(rows, func(scan func(...any) error) error {
			var t Tab
			err := scan(&t.ID, &t.Group, &t.Name, &t.Source, &t.Baseline, &t.Head, &t.Sent, &t.Last)
			tabs = append(tabs, t)
			return err
		})
		if err != nil {
			return err
		}
		return q.QueryRowContext(ctx, "SELECT count(*) FROM repeater_tab WHERE closed IS NOT NULL").Scan(&closed)
	})
	return tabs, closed, err
}

// Tab returns one open tab with its body.
func (p *Project) Tab(ctx context.Context, id int64) (Tab, error) {
	var t Tab
	err := p.readers.QueryRowContext(ctx, "SELECT "+tabColumns+", t.body FROM repeater_tab t WHERE t.id = ? AND t.closed IS NULL", id).
		Scan(&t.ID, &t.Group, &t.Name, &t.Source, &t.Baseline, &t.Head, &t.Sent, &t.Last, &t.Body)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoTab
	}
	return t, err
}

// NewTab adds a tab behind the others and returns it with its id.
func (p *Project) NewTab(ctx context.Context, t Tab) (Tab, error) {
	t.Head = p.seal.head(t.Head)
	err := p.update(ctx, func(x *tx) error {
		return x.get(`INSERT INTO repeater_tab (position, team, name, source, baseline, head, body)
			VALUES ((SELECT coalesce(max(position), 0) + 1 FROM repeater_tab), ?, ?, ?, ?, ?, ?) RETURNING id`,
			[]any{t.Group, t.Name, int64(t.Source), int64(t.Baseline), t.Head, notNil(t.Body)}, &t.ID)
	})
	return t, err
}

// SetTab replaces what a person can change of an open tab: everything but its source.
func (p *Project) SetTab(ctx context.Context, t Tab) error {
	head := p.seal.head(t.Head)
	return p.changeTab(ctx, "UPDATE repeater_tab SET team = ?, name = ?, baseline = ?, head = ?, body = ? WHERE id = ? AND closed IS NULL",
		t.Group, t.Name, int64(t.Baseline), head, notNil(t.Body), t.ID)
}

func (p *Project) changeTab(ctx context.Context, query string, args ...any) error {
	return p.update(ctx, func(x *tx) error {
		n, err := x.changed(query, args...)
		if err == nil && n == 0 {
			err = ErrNoTab
		}
		return err
	})
}

// OrderTabs gives tabs the order in which they are named.
func (p *Project) OrderTabs(ctx context.Context, ids []int64) error {
	return p.update(ctx, func(x *tx) error {
		for i, id := range ids {
			if err := x.run("UPDATE repeater_tab SET position = ? WHERE id = ?", i+1, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// CloseTab takes a tab off the list; ReopenTab brings it back.
func (p *Project) CloseTab(ctx context.Context, id int64) error {
	err := p.changeTab(ctx, "UPDATE repeater_tab SET closed = ? WHERE id = ? AND closed IS NULL", time.Now().UnixMicro(), id)
	if err != nil {
		return err
	}
	return p.update(ctx, func(x *tx) error {
		const old = "(SELECT id FROM repeater_tab WHERE closed IS NOT NULL ORDER BY closed DESC, id DESC LIMIT -1 OFFSET ?)"
		if err := x.run("DELETE FROM repeater_sent WHERE tab IN "+old, maxClosedTabs); err != nil {
			return err
		}
		return x.run("DELETE FROM repeater_tab WHERE id IN "+old, maxClosedTabs)
	})
}

// ReopenTab brings back a closed tab: id, or the one closed last when id is 0. It returns the tab's id.
func (p *Project) ReopenTab(ctx context.Context, id int64) (int64, error) {
	err := p.update(ctx, func(x *tx) error {
		return x.get(`UPDATE repeater_tab SET closed = NULL WHERE id = (SELECT id FROM repeater_tab
			WHERE closed IS NOT NULL AND ?1 IN (0, id) ORDER BY closed DESC, id DESC LIMIT 1) RETURNING id`, []any{id}, &id)
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoTab
	}
	return id, err
}

// AddSent notes that an exchange was sent from a tab and returns it with its number.
func (p *Project) AddSent(ctx context.Context, tab int64, s TabSent) (TabSent, error) {
	err := p.update(ctx, func(x *tx) error {
		return x.get(`INSERT INTO repeater_sent (tab, n, batch, exchange, changed)
			VALUES (?1, (SELECT coalesce(max(n), 0) + 1 FROM repeater_sent WHERE tab = ?1), ?2, ?3, ?4) RETURNING n`,
			[]any{tab, s.Batch, int64(s.Exchange), lines(s.Changed)}, &s.N)
	})
	return s, err
}

// Sent lists what was sent from a tab, newest first, at most limit.
func (p *Project) Sent(ctx context.Context, tab int64, limit int) ([]TabSent, error) {
	rows, err := p.readers.QueryContext(ctx, "SELECT n, batch, exchange, changed FROM repeater_sent WHERE tab = ? ORDER BY n DESC LIMIT ?", tab, limit)
	if err != nil {
		return nil, err
	}
	var sent []TabSent
	err = eachRow(rows, func(scan func(...any) error) error {
		var s TabSent
		var changed string
		err := scan(&s.N, &s.Batch, &s.Exchange, &changed)
		if changed != "" {
			s.Changed = strings.Split(changed, "\n")
		}
		sent = append(sent, s)
		return err
	})
	return sent, err
}

// head seals the credentials of a request's head that is still text: line by line, because a person may be in the middle
// of writing it.
func (s *sealer) head(text string) string {
	seal := func(name string) func(string) string {
		return func(v string) string { return s.placeholder(name, v) }
	}
	out := strings.Split(text, "\n")
	for i, line := range out {
		if i == 0 {
			words := strings.Split(line, " ")
			for j, word := range words {
				if strings.Contains(word, "://") {
					words[j] = sealURL(word, seal("url"))
				}
			}
			out[i] = strings.Join(words, " ")
			continue
		}
		name, value, found := strings.Cut(line, ":")
		if !found {
			continue
		}
		plain := strings.TrimSpace(value)
		sealed := sealHeader(traffic.Header{{Name: strings.TrimSpace(name), Value: plain}}, seal)[0].Value
		if plain != "" && sealed != plain {
			out[i] = name + ":" + strings.Replace(value, plain, sealed, 1)
		}
	}
	return strings.Join(out, "\n")
}

// notNil is b, never nil: nil would be stored as NULL.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
