package storage

import (
	"database/sql"
	"errors"
	"time"

	"assay/traffic"
)

// live is an exchange between its first event and its end.
type live struct {
	id      traffic.ID
	x       *traffic.Exchange // the latest head; nil when none arrived
	open    bool              // x is not sealed yet
	flows   [2]flow           // by traffic.Side
	frames  []*traffic.Frame  // arrived and not committed
	framed  bool
	events  uint32    // that were applied
	saved   uint32    // of which so many are committed
	written bool      // the rows exist
	heard   time.Time // when something of the answer was committed last
	status  any       // as written
	ended   bool
	since   time.Time // when the oldest event that is not committed was applied
}

func (l *live) dirty() bool { return l.events > l.saved }

func (l *live) pendingBytes() int64 {
	n := l.flows[0].pendingBytes + l.flows[1].pendingBytes
	for _, f := range l.frames {
		n += int64(len(f.Data))
	}
	return n
}

// hold is how long what is not committed may wait for more: words of a stream that come after silence do not wait.
func (l *live) hold() time.Duration {
	if l.flows[traffic.FromServer].pendingBytes > 0 && l.since.Sub(l.heard) > holdTime && l.x != nil && l.x.Response != nil &&
		streamed(l.x.Response.Header.Get("Content-Type")) {
		return holdFirst
	}
	return holdTime
}

// streamed reports whether answers of a media type arrive word by word.
func streamed(contentType string) bool {
	switch traffic.MediaType(contentType) {
	case "text/event-stream", "application/x-ndjson", "application/jsonl", "application/stream+json", "application/vnd.amazon.eventstream":
		return true
	}
	return false
}

// apply adds one event. Those that were applied before a crash are skipped.
func (l *live) apply(it *item, now time.Time) {
	if it.ordinal <= l.events {
		return
	}
	if !l.dirty() {
		l.since = now
	}
	l.events = it.ordinal
	ev := &it.ev
	switch ev.Kind {
	case traffic.EventBegin, traffic.EventHead, traffic.EventEnd:
		if ev.Exchange != nil {
			l.x, l.open = ev.Exchange, true // only the last of a transaction is worth sealing
		}
		l.ended = l.ended || ev.Kind == traffic.EventEnd
	case traffic.EventData:
		if len(ev.Data) > 0 && ev.Side <= traffic.FromServer {
			l.flows[ev.Side].add(traffic.Segment{At: ev.At, Data: ev.Data})
		}
	case traffic.EventFrame:
		if ev.Frame != nil {
			l.frames = append(l.frames, ev.Frame)
			l.framed = true
		}
	}
}

// written is what a transaction wrote of a live exchange.
type writtenLive struct {
	l        *live
	req, res column
	status   any
	events   uint32
}

// write puts what is new into the transaction. l is changed by commit only.
func (l *live) write(t *tx) (writtenLive, error) {
	w := writtenLive{l: l, events: l.events}
	if l.open {
		l.x, l.open = t.p.seal.exchange(l.x), false
	}
	x := l.x
	if x == nil { // its beginning was lost
		x = &traffic.Exchange{Kind: traffic.KindHTTP, State: traffic.StateOpen}
	}
	var err error
	whole := !l.written && l.ended && l.flows[0].pendingBytes <= inlineLimit && l.flows[1].pendingBytes <= inlineLimit
	if whole {
		w.req, w.res = l.flows[0].inline(), l.flows[1].inline()
	} else {
		if w.req, err = l.flows[0].append(t, l.id, traffic.FromClient); err != nil {
			return w, err
		}
		if w.res, err = l.flows[1].append(t, l.id, traffic.FromServer); err != nil {
			return w, err
		}
	}
	for _, f := range l.frames {
		if err := t.insertFrame(l.id, f); err != nil {
			return w, err
		}
	}
	row := rowOf(l.id, x, w.req.len, w.res.len)
	if l.framed {
		row.flags |= flagFrames
	}
	if x.State.Ended() && !l.ended { // the end is what EventEnd says, not a state that came early
		row.state = stateStreaming
	}
	w.status = row.status
	head := appendHead(nil, x)
	if l.written {
		if err := t.updateRow(&row, l.status); err != nil {
			return w, err
		}
		return w, t.run(updateContent, int64(l.events), head, int64(w.req.form), w.req.len, int64(w.res.form), w.res.len, int64(l.id))
	}
	if err := t.insertRow(&row); err != nil {
		return w, err
	}
	return w, t.insertContent(l.id, int64(l.events), head, w.req, w.res)
}

func (w writtenLive) commit() {
	l := w.l
	l.flows[0].committed(w.req)
	l.flows[1].committed(w.res)
	l.frames = nil
	l.saved, l.written, l.status = w.events, true, w.status
	if w.res.len > 0 {
		l.heard = time.Now()
	}
}

// loadLive finds an exchange that an earlier process has begun to write. It returns nil when there is none.
func (t *tx) loadLive(id traffic.ID) (*live, error) {
	l := &live{id: id}
	var state int64
	var events sql.NullInt64 // none when it is packed, and so has ended
	var forms, kept [2]sql.NullInt64
	var status sql.NullInt64
	var head []byte
	var flags int64
	err := t.get(`SELECT e.state, e.status, e.flags, c.events, c.head, c.req_form, c.req_len, c.res_form, c.res_len
		FROM exchange e LEFT JOIN fresh c USING (id) WHERE e.id = ?`, []any{int64(id)},
		&state, &status, &flags, &events, &head, &forms[0], &kept[0], &forms[1], &kept[1])
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if l.ended = state >= stateEnded; l.ended {
		return l, nil
	}
	if l.x, err = decodeHead(head); err != nil {
		return nil, err
	}
	if status.Valid {
		l.status = status.Int64
	}
	l.events, l.saved, l.written, l.framed = uint32(events.Int64), uint32(events.Int64), true, flags&flagFrames != 0
	for side := range l.flows {
		l.flows[side].form, l.flows[side].kept = form(forms[side].Int64), kept[side].Int64
		err := t.get("SELECT ifnull(max(seq) + 1, 0) FROM segment WHERE id = ? AND side = ?", []any{int64(id), side}, &l.flows[side].seq)
		if err != nil {
			return nil, err
		}
	}
	return l, nil
}
