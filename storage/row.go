package storage

import (
	"mime"
	"strings"

	"assay/traffic"
)

// The numbers of states in the file. Those below stateEnded may still change.
const (
	stateOpen      = 1
	stateStreaming = 2
	stateEnded     = 3
)

var stateNumbers = map[traffic.State]int64{
	traffic.StateOpen: stateOpen, traffic.StateStreaming: stateStreaming, traffic.StateComplete: stateEnded,
	traffic.StateClosed: 4, traffic.StateFailed: 5, traffic.StateUnsent: 6,
}

var wireNumbers = map[traffic.Kind]int64{traffic.KindHTTP: 1, traffic.KindWebSocket: 2, traffic.KindTunnel: 3}

var sourceNumbers = map[traffic.Source]int64{
	traffic.SourceProxy: 1, traffic.SourceReverse: 2, traffic.SourceImport: 3, traffic.SourceRepeater: 4, traffic.SourceTest: 5,
}

var (
	stateNames  = inverted(stateNumbers)
	wireNames   = inverted(wireNumbers)
	sourceNames = inverted(sourceNumbers)
)

func inverted[K comparable](m map[K]int64) map[int64]K {
	out := make(map[int64]K, len(m))
	for k, v := range m {
		out[v] = k
	}
	return out
}

// The flags of an exchange: what `has:` asks for and is not seen from another column.
const (
	flagFault = 1 << iota
	flagLost
	flagFrames
	flagError // the provider said so
	flagAnswer
	flagReasoning
	flagRefusal
	flagTools
	flagCalls
	flagResults
)

// flagsOfReading are the flags that a reading sets.
const flagsOfReading = flagError | flagAnswer | flagReasoning | flagRefusal | flagTools | flagCalls | flagResults

// exchangeRow is what the table of exchanges says of an exchange before it is read.
type exchangeRow struct {
	id                  traffic.ID
	started, state      int64
	flags               int64
	status              any
	origin              origin
	path                string
	wire, source        int64
	reqBytes, resBytes  int64
	duration, ttfb      any
	method, proto, mime string
	client              string
	fault               any
}

func rowOf(id traffic.ID, x *traffic.Exchange, reqKept, resKept int64) exchangeRow {
	r := exchangeRow{
		id: id, started: unixMicro(x.Started), state: stateNumbers[x.State], wire: wireNumbers[x.Kind], source: sourceNumbers[x.Source],
		reqBytes: max(x.Request.Body.Size, reqKept), resBytes: resKept,
		method: x.Request.Method, proto: x.Request.Proto, client: x.Client.Process,
	}
	if r.state == 0 {
		r.state = stateOpen
	}
	r.origin, r.path = splitURL(x.Request.URL)
	header := x.Request.Header
	if res := x.Response; res != nil {
		r.status = int64(res.Status)
		r.resBytes = max(res.Body.Size, resKept)
		header = res.Header
		if res.Body.Lost != "" {
			r.flags |= flagLost
		}
	}
	if x.Request.Body.Lost != "" {
		r.flags |= flagLost
	}
	r.mime = mediaType(header.Get("Content-Type"))
	if x.Timing.Done > 0 {
		r.duration = x.Timing.Done.Microseconds()
	}
	if x.Timing.FirstByte > 0 {
		r.ttfb = x.Timing.FirstByte.Microseconds()
	}
	if x.Fault != nil {
		r.flags |= flagFault
		r.fault = faultText(x.Fault)
	}
	return r
}

// mediaType returns the lower-case media type without parameters. mime.ParseMediaType is slower and refuses too much.
func mediaType(v string) string {
	v, _, _ = strings.Cut(v, ";")
	v = strings.TrimSpace(v)
	if len(v) > 100 {
		if t, _, err := mime.ParseMediaType(v); err == nil && len(t) <= 100 {
			return t
		}
		return v[:100]
	}
	return strings.ToLower(v)
}

func faultText(f *traffic.Fault) string { return string(f.Stage) + "\n" + f.Reason }

func parseFault(s string) *traffic.Fault {
	if s == "" {
		return nil
	}
	stage, reason, _ := strings.Cut(s, "\n")
	return &traffic.Fault{Stage: traffic.Stage(stage), Reason: reason}
}

// rowIDs are the ids of a row's names.
type rowIDs struct {
	origin                      int64
	method, proto, mime, client any
}

func (t *tx) rowIDs(r *exchangeRow) (ids rowIDs, err error) {
	if ids.origin, err = t.origin(r.origin); err != nil {
		return ids, err
	}
	for _, n := range []struct {
		kind nameKind
		text string
		into *any
	}{{nameMethod, r.method, &ids.method}, {nameProto, r.proto, &ids.proto}, {nameMIME, r.mime, &ids.mime}, {nameClient, r.client, &ids.client}} {
		if *n.into, err = t.name(n.kind, n.text); err != nil {
			return ids, err
		}
	}
	if ids.method == nil {
		ids.method = int64(0)
	}
	return ids, nil
}

const insertExchange = `INSERT INTO exchange (id, started, state, flags, status, origin, method, wire, source, req_bytes, res_bytes,
 duration, ttfb, proto, mime, client, path, fault) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`

const updateExchange = `UPDATE exchange` + updateColumns

const updateTrash = `UPDATE trash` + updateColumns

const updateColumns = ` SET started=?, state=?, flags=(flags & ?)|?, status=?, origin=?, method=?, wire=?, source=?,
 req_bytes=?, res_bytes=?, duration=?, ttfb=?, proto=?, mime=?, client=?, path=?, fault=? WHERE id=?`

// insertRow adds an exchange to the list.
func (t *tx) insertRow(r *exchangeRow) error {
	ids, err := t.rowIDs(r)
	if err != nil {
		return err
	}
	t.count(tallyAll, 0, 1)
	t.count(tallyOrigin, ids.origin, 1)
	if status, ok := r.status.(int64); ok {
		t.count(tallyStatus, status, 1)
	}
	return t.run(insertExchange, int64(r.id), r.started, r.state, r.flags, r.status, ids.origin, ids.method, r.wire, r.source,
		r.reqBytes, r.resBytes, r.duration, r.ttfb, ids.proto, ids.mime, ids.client, r.path, r.fault)
}

// updateRow changes what insertRow wrote. before is the status that is written, nil when there is none.
func (t *tx) updateRow(r *exchangeRow, before any) error {
	ids, err := t.rowIDs(r)
	if err != nil {
		return err
	}
	args := []any{
		r.started, r.state, int64(flagsOfReading | flagFrames), r.flags, r.status, ids.origin, ids.method, r.wire, r.source,
		r.reqBytes, r.resBytes, r.duration, r.ttfb, ids.proto, ids.mime, ids.client, r.path, r.fault, int64(r.id),
	}
	n, err := t.changed(updateExchange, args...)
	if err != nil {
		return err
	}
	if n == 0 { // a person deleted it while it was still arriving
		return t.run(updateTrash, args...)
	}
	if before != r.status {
		if status, ok := before.(int64); ok {
			t.count(tallyStatus, status, -1)
		}
		if status, ok := r.status.(int64); ok {
			t.count(tallyStatus, status, 1)
		}
	}
	return nil
}
