package storage

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"assay/llm"
	"assay/traffic"
)

const defaultLimit = 100

// breadth says when a search is walked window by window: beyond so many hits, beginning with so many ids. Up to so many
// listed exchanges are found through what the inventory knows of them; where there are more, it is asked about one
// exchange after the other.
type breadth struct{ hits, window, listed int64 }

var usualBreadth = breadth{hits: 20_000, window: 4096, listed: 50_000}

const rowColumns = `e.id, e.started, e.state, e.flags, e.status, e.origin, e.method, e.wire, e.source, e.req_bytes, e.res_bytes, e.duration,
 e.ttfb, e.proto, e.mime, e.client, e.read, e.kind, e.provider, e.family, e.model, e.finish, e.roles, e.tools, e.calls, e.stream, e.messages,
 e.tokens_in, e.tokens_out, e.tokens, e.cost, e.thread, e.colour, e.tags, e.path, e.fault, e.error, e.note`

// List returns a page of exchanges.
func (p *Project) List(ctx context.Context, f Filter) ([]Row, error) {
	limit := f.Limit
	switch {
	case limit == 0:
		limit = defaultLimit
	case limit < 0:
		limit = math.MaxInt32
	}
	seek := p.newScanner(ctx)
	defer seek.close()
	s, err := p.compile(f.Where, f.Now, seek)
	if err != nil {
		return nil, err
	}
	var rows []Row
	err = p.walk(ctx, s, f, p.breadth.hits, func(w statement, from, to int64) (bool, error) {
		order := " ORDER BY e.id DESC LIMIT ?"
		if f.OldestFirst {
			order = " ORDER BY e.id LIMIT ?"
		}
		args := append(w.bind(from, to), from, to, limit-len(rows))
		err := p.each(ctx, "SELECT "+rowColumns+" FROM exchange e WHERE "+w.where+" AND e.id BETWEEN ? AND ?"+order, args,
			func(scan func(...any) error) error {
				row, err := p.scanRow(ctx, scan)
				rows = append(rows, row)
				return err
			})
		return len(rows) < limit, err
	})
	if err != nil {
		return nil, err
	}
	if f.Texts {
		for i := range rows {
			if err := p.addTexts(ctx, &rows[i]); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}

// walk calls look with windows of ids from the end the filter begins at, until look says that it has enough. It is one
// window that holds everything unless the filter searches for something that so many exchanges said.
func (p *Project) walk(ctx context.Context, s statement, f Filter, hits int64, look func(w statement, from, to int64) (bool, error)) error {
	from, to := int64(f.After)+1, int64(math.MaxInt64)
	if f.Before > 0 {
		to = int64(f.Before) - 1
	}
	broad, err := p.broad(ctx, s.texts, hits)
	if err != nil {
		return err
	}
	if !broad {
		_, err := look(s.windowed(false), from, to)
		return err
	}
	var low, high sql.NullInt64
	if err := p.readers.QueryRowContext(ctx, "SELECT (SELECT min(id) FROM exchange), (SELECT max(id) FROM exchange)").Scan(&low, &high); err != nil {
		return err
	}
	from, to = max(from, low.Int64), min(to, high.Int64)
	w := s.windowed(true)
	for size := p.breadth.window; from <= to; size *= 2 {
		first, last := max(from, to-size+1), to
		if f.OldestFirst {
			first, last = from, min(to, from+size-1)
		}
		more, err := look(w, first, last)
		if err != nil || !more {
			return err
		}
		if f.OldestFirst {
			from = last + 1
		} else {
			to = first - 1
		}
	}
	return nil
}

// broad reports whether one of the searches has very many hits.
func (p *Project) broad(ctx context.Context, texts []traffic.Text, hits int64) (bool, error) {
	for _, text := range texts {
		var n int64
		err := p.readers.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM said WHERE said MATCH ? LIMIT ?)", matchExpression(text, anywhere), hits).Scan(&n)
		if err != nil || n >= hits {
			return n >= hits, err
		}
	}
	return false, nil
}

// scanRow reads rowColumns.
func (p *Project) scanRow(ctx context.Context, scan func(...any) error) (Row, error) {
	var (
		r                                                            Row
		started, state, flags, originID, method, wire, source        int64
		status, duration, ttfb, proto, mime, client, read, kind      sql.NullInt64
		provider, family, model, finish, roles, tools, calls, stream sql.NullInt64
		messages, tokensIn, tokensOut, tokens, cost, thread, colour  sql.NullInt64
		tags                                                         sql.NullInt64
		path                                                         string
		fault, errText, note                                         sql.NullString
	)
	err := scan(&r.ID, &started, &state, &flags, &status, &originID, &method, &wire, &source, &r.RequestBytes, &r.ResponseBytes, &duration,
		&ttfb, &proto, &mime, &client, &read, &kind, &provider, &family, &model, &finish, &roles, &tools, &calls, &stream, &messages,
		&tokensIn, &tokensOut, &tokens, &cost, &thread, &colour, &tags, &path, &fault, &errText, &note)
	if err != nil {
		return r, err
	}
	if started != 0 {
		r.Started = time.UnixMicro(started).UTC()
	}
	r.State, r.Wire, r.Source = stateNames[state], wireNames[wire], sourceNames[source]
	r.Status, r.Messages = int(status.Int64), int(messages.Int64)
	r.Duration, r.TTFB = time.Duration(duration.Int64)*time.Microsecond, time.Duration(ttfb.Int64)*time.Microsecond
	r.InputTokens, r.OutputTokens, r.TotalTokens, r.CostMicroUSD = orNil(tokensIn), orNil(tokensOut), orNil(tokens), orNil(cost)
	r.Conversation, r.Note, r.Fault = traffic.ID(thread.Int64), note.String, parseFault(fault.String)
	r.Error = errText.String
	if r.Error == "" && r.Fault != nil {
		r.Error = r.Fault.Reason
	}
	r.Lost, r.Read, r.Stream = flags&flagLost != 0, read.Int64 != 0, stream.Int64 != 0
	r.HasAnswer, r.HasReasoning = flags&flagAnswer != 0, flags&flagReasoning != 0
	r.HasRefusal, r.HasToolResult = flags&flagRefusal != 0, flags&flagResults != 0
	o, err := p.names.origin(ctx, p, originID)
	if err != nil {
		return r, err
	}
	r.Scheme, r.Host, r.URL = strings.ToLower(o.scheme), o.host, o.url(path)
	if end := strings.IndexAny(path, "?#"); end >= 0 {
		path = path[:end]
	}
	r.Path = path
	var kindText, rolesText, toolsText, callsText, tagsText string
	for _, n := range []struct {
		id   int64
		into *string
	}{
		{method, &r.Method},
		{proto.Int64, &r.Proto},
		{mime.Int64, &r.MIME},
		{client.Int64, &r.Client},
		{kind.Int64, &kindText},
		{provider.Int64, &r.Provider},
		{family.Int64, &r.Family},
		{model.Int64, &r.Model},
		{finish.Int64, &r.Finish},
		{roles.Int64, &rolesText},
		{tools.Int64, &toolsText},
		{calls.Int64, &callsText},
		{colour.Int64, &r.Colour},
		{tags.Int64, &tagsText},
	} {
		if *n.into, err = p.names.text(ctx, p, n.id); err != nil {
			return r, err
		}
	}
	r.Kind = llm.Kind(kindText)
	r.Roles, r.Tools, r.Tags = unlines(rolesText), unlines(toolsText), unlines(tagsText)
	for _, name := range unlines(callsText) {
		r.ToolCalls = append(r.ToolCalls, llm.ToolCall{Name: name})
	}
	return r, nil
}

func orNil(n sql.NullInt64) *int64 {
	if !n.Valid {
		return nil
	}
	return &n.Int64
}

// addTexts loads what Filter.Texts asks for.
func (p *Project) addTexts(ctx context.Context, row *Row) error {
	if !row.Read {
		return nil
	}
	r, err := p.fullReading(ctx, row.ID)
	if err != nil || r == nil {
		return err
	}
	row.System, row.LastUser, row.Answer, row.Reasoning = strings.Join(r.System, "\n"), r.LastUser, r.Answer, r.Conversation.Reasoning
	if len(r.ToolCalls) > 0 {
		row.ToolCalls = r.ToolCalls
	}
	return nil
}

// maxBroadCount is where counting ends for filters that search for something very many exchanges said.
const maxBroadCount = 50_000

// Count counts exchanges. It is exact but for searches of what very many exchanges said.
func (p *Project) Count(ctx context.Context, where *traffic.Query) (Total, error) {
	return p.CountWithin(ctx, where, 0)
}

// CountWithin is Count that takes not much longer than patience: it then says how many it found up to there. Counts that
// an index answers are always exact. No patience means all the time in the world.
func (p *Project) CountWithin(ctx context.Context, where *traffic.Query, patience time.Duration) (Total, error) {
	if where == nil || where.Root == nil {
		n, err := p.counted(ctx, tallyAll)
		return Total{N: n}, err
	}
	seek := p.newScanner(ctx)
	defer seek.close()
	s, err := p.compile(where, time.Now(), seek)
	if err != nil {
		return Total{}, err
	}
	if n, ok, err := p.countTallied(ctx, where); ok || err != nil {
		return Total{N: n}, err
	}
	if len(s.texts) == 0 {
		if s.where, err = p.choose(ctx, s.where, where.Root); err != nil {
			return Total{}, err
		}
		return p.countParallel(ctx, s, patience)
	}
	if n, ok, err := p.countIndexed(ctx, where, patience); ok || err != nil {
		return Total{N: n}, err
	}
	var total Total
	start, hits := time.Now(), p.breadth.hits
	if patience > 0 {
		hits /= 10 // one window cannot be left half-way
	}
	err = p.walk(ctx, s, Filter{}, hits, func(w statement, from, to int64) (bool, error) {
		var n int64
		err := p.readers.QueryRowContext(ctx, "SELECT count(*) FROM exchange e WHERE "+w.where+" AND e.id BETWEEN ? AND ?",
			append(w.bind(from, to), from, to)...).Scan(&n)
		total.N += n
		total.AtLeast = total.N >= maxBroadCount || patience > 0 && 2*time.Since(start) > patience && from > 1 // the next one takes twice as long
		return !total.AtLeast, err
	})
	return total, err
}

// countIndexed counts a single search in the index alone, where each exchange said what the index holds of it.
func (p *Project) countIndexed(ctx context.Context, where *traffic.Query, patience time.Duration) (n int64, ok bool, err error) {
	text, single := where.Root.(traffic.Text)
	if !single || patience > 0 && len(text.Words) > 1 { // phrases take longer
		return 0, false, nil
	}
	var related bool
	err = p.readers.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM link) OR EXISTS (SELECT 1 FROM trash)").Scan(&related)
	if err != nil || related {
		return 0, false, err
	}
	err = p.readers.QueryRowContext(ctx, "SELECT count(*) FROM said WHERE said MATCH ?", matchExpression(text, anywhere)).Scan(&n)
	return n, true, err
}

// countParallel counts ranges of ids on several connections at once, the newest first. What an index answers is not cut
// into ranges.
func (p *Project) countParallel(ctx context.Context, s statement, patience time.Duration) (Total, error) {
	var low, high sql.NullInt64
	if err := p.readers.QueryRowContext(ctx, "SELECT (SELECT min(id) FROM exchange), (SELECT max(id) FROM exchange)").Scan(&low, &high); err != nil {
		return Total{}, err
	}
	query := "SELECT count(*) FROM exchange e WHERE " + s.where
	args := s.bind(0, 0)
	const span = 25_000
	indexed, err := p.usesIndex(ctx, query, args)
	if err != nil {
		return Total{}, err
	}
	if indexed || high.Int64-low.Int64 < 2*span {
		n, err := p.countOne(ctx, query, args)
		return Total{N: n}, err
	}
	start := time.Now()
	var next, found atomic.Int64
	var late atomic.Bool
	next.Store(high.Int64)
	parts := min(readerConns, runtime.GOMAXPROCS(0))
	errs := make([]error, parts)
	var running sync.WaitGroup
	for i := range parts {
		running.Go(func() {
			for errs[i] == nil {
				to := next.Add(-span) + span
				if to < low.Int64 {
					return
				}
				if patience > 0 && time.Since(start) > patience {
					late.Store(true)
					return
				}
				var n int64
				n, errs[i] = p.countOne(ctx, query+" AND e.id BETWEEN ? AND ?", append(args[:len(args):len(args)], to-span+1, to))
				found.Add(n)
			}
		})
	}
	running.Wait()
	return Total{N: found.Load(), AtLeast: late.Load()}, errors.Join(errs...)
}

func (p *Project) countOne(ctx context.Context, query string, args []any) (n int64, err error) {
	err = p.readers.QueryRowContext(ctx, query, args...).Scan(&n)
	return n, err
}

// usesIndex asks SQLite whether it would look at all exchanges.
func (p *Project) usesIndex(ctx context.Context, query string, args []any) (bool, error) {
	indexed := true
	err := p.each(ctx, "EXPLAIN QUERY PLAN "+query, args, func(scan func(...any) error) error {
		var id, parent, unused int64
		var detail string
		if err := scan(&id, &parent, &unused, &detail); err != nil {
			return err
		}
		if strings.HasPrefix(detail, "SCAN e") {
			indexed = false
		}
		return nil
	})
	return indexed, err
}

// url returns where an exchange went.
func (p *Project) url(ctx context.Context, id traffic.ID) (string, error) {
	var originID int64
	var path string
	if err := p.probes.QueryRowContext(ctx, "SELECT origin, path FROM exchange WHERE id = ?", int64(id)).Scan(&originID, &path); err != nil {
		return "", err
	}
	o, err := p.names.origin(ctx, p, originID)
	return o.url(path), err
}
