package window

import (
	"context"
	"strings"
	"sync"

	"assay/llm"
	"assay/storage"
	"assay/traffic"
)

// rows returns what a list shows of some lines, in their order.
func (v *view) rows(ctx context.Context, lines []line) ([]Row, error) {
	ids := make([]traffic.ID, len(lines))
	for i, l := range lines {
		ids[i] = l.id
	}
	found, err := v.store.Rows(ctx, ids, false)
	if err == nil {
		err = v.gists.add(ctx, v.store, found)
	}
	if err != nil {
		return nil, err
	}
	rows := make([]Row, 0, len(lines))
	for _, l := range lines {
		if len(found) == 0 || found[0].ID != l.id { // deleted since the last sync
			rows = append(rows, rowOf(&storage.Row{ID: l.id}))
			continue
		}
		if !found[0].Read {
			v.early.read(ctx, v.store, &found[0])
		}
		rows = append(rows, rowOf(&found[0]))
		found = found[1:]
	}
	if err := nameThreats(ctx, v.store, rows); err != nil {
		return nil, err
	}
	return rows, nameOperations(ctx, v.store, rows)
}

// nameOperations says what rows that have no words of a user asked for.
func nameOperations(ctx context.Context, store *storage.Project, rows []Row) error {
	var silent []traffic.ID
	for i := range rows {
		if id, err := traffic.ParseID(rows[i].ID); err == nil && rows[i].Read && rows[i].LastUser == "" {
			silent = append(silent, id)
		}
	}
	operations, err := store.Operations(ctx, silent)
	for i := range rows {
		if id, bad := traffic.ParseID(rows[i].ID); bad == nil {
			rows[i].Operation = shorten(operations[id])
		}
	}
	return err
}

// early reads exchanges that are still arriving as far as they came, so that a call of a model has a name while it
// streams. What it read once it keeps until more of the request is there.
type early struct {
	mu   sync.Mutex
	kept map[earlyKey]*llm.Conversation
}

// earlyKey says how far an exchange had come.
type earlyKey struct {
	id    traffic.ID
	state traffic.State
	bytes int64 // of the request
}

// mostEarly is how many are kept.
const mostEarly = 512

// read fills in what a row would say had its exchange ended. What is of no use stays as it is.
func (e *early) read(ctx context.Context, store *storage.Project, row *storage.Row) {
	if !likelyCall(row.Method, row.URL, row.MIME) {
		return
	}
	key := earlyKey{row.ID, row.State, row.RequestBytes}
	e.mu.Lock()
	c, ok := e.kept[key]
	e.mu.Unlock()
	if !ok {
		var err error
		if _, c, err = store.Understand(ctx, row.ID); err != nil {
			return // it may have been deleted meanwhile
		}
		e.keep(key, c)
	}
	if c.Kind == llm.KindPlain || c.Kind == "" {
		return
	}
	row.Read, row.Kind, row.Provider, row.Family, row.Model, row.Stream = true, c.Kind, c.Provider, c.Family, c.Model, c.Streamed
	row.Messages, row.LastUser = max(c.MessageCount, len(c.Messages)), lastUser(c)
	for _, tool := range c.Tools {
		row.Tools = append(row.Tools, tool.Name)
	}
}

func (e *early) keep(key earlyKey, c *llm.Conversation) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.kept) >= mostEarly || e.kept == nil {
		e.kept = map[earlyKey]*llm.Conversation{}
	}
	short := *c
	short.Answer, short.Reasoning, short.Parts = "", "", nil
	e.kept[key] = &short
}

// lastUser is the last text of the user.
func lastUser(c *llm.Conversation) string {
	for i := len(c.Messages) - 1; i >= 0; i-- {
		if role := c.Messages[i].Role; role != "user" && role != "human" {
			continue
		}
		var b strings.Builder
		for _, part := range c.Messages[i].Parts {
			if part.Kind == llm.PartText {
				b.WriteString(part.Text)
			}
		}
		if b.Len() > 0 {
			return b.String()
		}
	}
	return ""
}
