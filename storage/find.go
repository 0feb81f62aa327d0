package storage

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"assay/llm"
	"assay/traffic"
)

// Hit is an exchange that a filter selects, with what it takes to put it in its place in a list.
type Hit struct {
	ID           traffic.ID
	Conversation traffic.ID // the first turn of the conversation; 0 when it is none
	Sort         Sort
	Method, URL  string // of an Unread one, which may be known by them, as the next
	MIME         string
}

// Sort tells apart what a list may show and fold away.
type Sort uint8

// The sorts of exchanges.
const (
	Plain   Sort = iota // read, and no call of a model or another service of that kind
	Call                // read, and such a call
	Unread              // not read yet
	Refused             // nothing could be read: the client refused our certificate
)

// packedHits is all hits of a query in one row: a list of id * 4 + Sort, and one of conversations, as differences from the
// id. A row for each exchange takes five times as long, for reasons that lie between SQLite and Go.
const packedHits = `group_concat(e.id * 4 + CASE
 WHEN e.flags & ? <> 0 AND substr(e.fault, 1, 11) = ? THEN 3
 WHEN e.read = 0 THEN 2
 WHEN e.kind IS NOT NULL AND e.kind <> ifnull((SELECT id FROM name WHERE kind = ? AND text = ?), 0) THEN 1
 ELSE 0 END), group_concat(ifnull(e.thread - e.id, ''))`

func hitArgs() []any {
	return []any{int64(flagFault), string(traffic.StageClientTLS) + "\n", int64(nameKindOf), string(llm.KindPlain)}
}

// findWindow is how many ids are looked at together, at first and at most.
const (
	firstFindWindow = 1024
	mostFindWindow  = 65_536
)

// Find yields all that a filter selects, the newest first: part by part, each part in the order of ids. It ends with
// the error of yield. Changes that are committed meanwhile may be in it or not.
func (p *Project) Find(ctx context.Context, where *traffic.Query, now time.Time, yield func([]Hit) error) error {
	seek := p.newScanner(ctx)
	defer seek.close()
	s, err := p.compile(where, now, seek)
	if err != nil {
		return err
	}
	if where != nil && where.Root != nil {
		if s.where, err = p.choose(ctx, s.where, where.Root); err != nil {
			return err
		}
	}
	var low, high sql.NullInt64
	if err := p.readers.QueryRowContext(ctx, "SELECT (SELECT min(id) FROM exchange), (SELECT max(id) FROM exchange)").Scan(&low, &high); err != nil {
		return err
	}
	broad, err := p.broad(ctx, s.texts, p.breadth.hits)
	if err != nil {
		return err
	}
	size, most := int64(firstFindWindow), int64(mostFindWindow)
	if len(s.texts) > 0 && !broad {
		size, most = math.MaxInt32, math.MaxInt32 // the few hits are found at once
	}
	w := s.windowed(broad)
	for to := high.Int64; to >= low.Int64 && to > 0; {
		from := max(low.Int64, to-size+1)
		hits, err := p.hits(ctx, "FROM exchange e WHERE "+w.where+" AND e.id BETWEEN ? AND ?", append(w.bind(from, to), from, to))
		if err != nil {
			return err
		}
		if err := yield(hits); err != nil {
			return err
		}
		to, size = from-1, min(2*size, most)
	}
	return nil
}

// maxIDGap is how far apart ids may lie that are looked at together.
const maxIDGap = 1024

// Match tells which of some exchanges a filter selects, in the order of their ids.
func (p *Project) Match(ctx context.Context, where *traffic.Query, now time.Time, ids []traffic.ID) ([]Hit, error) {
	seek := p.newScanner(ctx)
	defer seek.close()
	s, err := p.compile(where, now, seek)
	if err != nil {
		return nil, err
	}
	w := s.windowed(true)
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	var all []Hit
	for len(ids) > 0 {
		n := 1
		for n < len(ids) && (len(s.texts) == 0 || ids[n]-ids[n-1] < maxIDGap) {
			n++
		}
		list, err := idList(ids[:n])
		if err != nil {
			return nil, err
		}
		hits, err := p.hits(ctx, "FROM json_each(?) j CROSS JOIN exchange e WHERE e.id = j.value AND "+w.where,
			append([]any{list}, w.bind(int64(ids[0]), int64(ids[n-1]))...))
		if err != nil {
			return nil, err
		}
		all = append(all, hits...)
		ids = ids[n:]
	}
	return all, nil
}

func idList(ids []traffic.ID) (string, error) {
	list, err := json.Marshal(ids)
	return string(list), err
}

// hits returns what a query selects, in the order of ids.
func (p *Project) hits(ctx context.Context, from string, args []any) ([]Hit, error) {
	var ids, threads sql.NullString
	err := p.readers.QueryRowContext(ctx, "SELECT "+packedHits+" "+from, append(hitArgs(), args...)...).Scan(&ids, &threads)
	if err != nil || ids.String == "" {
		return nil, err
	}
	hits := make([]Hit, 0, strings.Count(ids.String, ",")+1)
	unread := false
	for ids, threads := ids.String, threads.String; ids != ""; {
		var id, thread string
		id, ids, _ = strings.Cut(ids, ",")
		thread, threads, _ = strings.Cut(threads, ",")
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errCodec, err)
		}
		h := Hit{ID: traffic.ID(n / 4), Sort: Sort(n % 4)}
		if thread != "" {
			if n, err = strconv.ParseInt(thread, 10, 64); err != nil {
				return nil, fmt.Errorf("%w: %w", errCodec, err)
			}
			h.Conversation = h.ID + traffic.ID(n)
		}
		unread = unread || h.Sort == Unread
		hits = append(hits, h)
	}
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Compare(a.ID, b.ID) })
	if unread {
		err = p.describe(ctx, hits)
	}
	return hits, err
}

// describe adds what is known of those that are not read.
func (p *Project) describe(ctx context.Context, hits []Hit) error {
	at := map[traffic.ID]*Hit{}
	var ids []traffic.ID
	for i := range hits {
		if hits[i].Sort == Unread {
			at[hits[i].ID] = &hits[i]
			ids = append(ids, hits[i].ID)
		}
	}
	list, err := idList(ids)
	if err != nil {
		return err
	}
	return p.each(ctx, "SELECT e.id, e.method, e.mime, e.origin, e.path FROM json_each(?) j CROSS JOIN exchange e WHERE e.id = j.value", []any{list},
		func(scan func(...any) error) error {
			var id traffic.ID
			var method, originID int64
			var mime sql.NullInt64
			var path string
			if err := scan(&id, &method, &mime, &originID, &path); err != nil {
				return err
			}
			h := at[id]
			o, err := p.names.origin(ctx, p, originID)
			if err != nil {
				return err
			}
			h.URL = o.url(path)
			if h.Method, err = p.names.text(ctx, p, method); err != nil {
				return err
			}
			h.MIME, err = p.names.text(ctx, p, mime.Int64)
			return err
		})
}

// Rows returns exchanges by their ids, in that order; those that are not there any more are left out. texts loads what
// Filter.Texts does.
func (p *Project) Rows(ctx context.Context, ids []traffic.ID, texts bool) ([]Row, error) {
	list, err := idList(ids)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, 0, len(ids))
	err = p.each(ctx, "SELECT "+rowColumns+" FROM json_each(?) j CROSS JOIN exchange e WHERE e.id = j.value ORDER BY j.key", []any{list},
		func(scan func(...any) error) error {
			row, err := p.scanRow(ctx, scan)
			rows = append(rows, row)
			return err
		})
	if err != nil || !texts {
		return rows, err
	}
	for i := range rows {
		if err := p.addTexts(ctx, &rows[i]); err != nil {
			return nil, err
		}
	}
	return rows, nil
}
