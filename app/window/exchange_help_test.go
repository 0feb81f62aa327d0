package window_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"assay/app/window"
	"assay/storage"
	"assay/traffic"
)

// viewer looks at the exchanges of a rig as the window does.
type viewer struct {
	*rig

	exchange *window.Exchange
	handler  http.Handler
}

func newViewer(t testing.TB) *viewer {
	t.Helper()
	v := &viewer{rig: newRig(t)}
	v.handler = v.desk.Handler()
	for _, bound := range v.desk.Bound() {
		if e, ok := bound.(*window.Exchange); ok {
			v.exchange = e
		}
	}
	return v
}

// addRecord imports one exchange with what belongs to it, and waits until it is read.
func (v *viewer) addRecord(r *traffic.Record) string {
	v.t.Helper()
	var id string
	_, err := v.store.Import(v.t.Context(), func(yield func(*traffic.Record, error) bool) { yield(r, nil) },
		storage.ImportOptions{Each: func(_ int64, added traffic.ID) { id = added.String() }})
	if err != nil {
		v.t.Fatal(err)
	}
	v.rest()
	return id
}

// chat asks for a conversation.
func (v *viewer) chat(in window.ChatIn) window.ChatOut {
	v.t.Helper()
	out, err := v.exchange.Chat(in)
	if err != nil {
		v.t.Fatal(err)
	}
	return out
}

// get asks the handler.
func (v *viewer) get(path string) *httptest.ResponseRecorder {
	v.t.Helper()
	w := httptest.NewRecorder()
	v.handler.ServeHTTP(w, httptest.NewRequestWithContext(v.t.Context(), http.MethodGet, path, nil))
	return w
}

// everyView asks for an exchange in every way there is, and returns all of it in one text. What cannot be marshalled
// ends the window; what is a page could be shown as one.
func (v *viewer) everyView(id string) string {
	v.t.Helper()
	var all bytes.Buffer
	say := func(name string, out any, err error) {
		v.t.Helper()
		if err != nil {
			v.t.Errorf("%s of %s: %v", name, id, err)
		}
		text, err := json.Marshal(out)
		if err != nil {
			v.t.Errorf("%s of %s cannot be marshalled: %v", name, id, err)
		}
		if bytes.Contains(text, []byte("null")) && nullsIn(text) {
			v.t.Errorf("%s of %s has a null: %s", name, id, text)
		}
		all.Write(text)
	}
	in := window.ExchangeIn{ID: id}
	row, err := v.exchange.Row(in)
	say("Row", row, err)
	chat, err := v.exchange.Chat(window.ChatIn{ID: id, All: true})
	say("Chat", chat, err)
	again, err := v.exchange.Chat(window.ChatIn{ID: id, Have: chat.Have})
	say("Chat again", again, err)
	heads, err := v.exchange.Heads(in)
	say("Heads", heads, err)
	timing, err := v.exchange.Timing(in)
	say("Timing", timing, err)
	stream, err := v.exchange.Stream(window.StreamIn{ID: id, Limit: 500, Whole: true})
	say("Stream", stream, err)
	for _, path := range []string{"raw/%/request", "raw/%/response", "raw/%/response?form=wire", "body/%/request?form=pretty", "body/%/response?form=pretty", "body/%/response?form=text", "body/%/response?form=wire", "text/%?at=m0.0", "text/%?at=a0"} {
		w := v.get("/" + strings.ReplaceAll(path, "%", id))
		if w.Code != http.StatusOK && (!strings.HasPrefix(path, "text") || w.Code != http.StatusNotFound) {
			v.t.Errorf("%s of %s: %d %s", path, id, w.Code, w.Body)
		}
		harmlessHeaders(v.t, path, w.Header())
		all.Write(w.Body.Bytes())
	}
	return all.String()
}

// nullsIn reports whether JSON holds the value null.
func nullsIn(text []byte) bool {
	d := json.NewDecoder(bytes.NewReader(text))
	for {
		token, err := d.Token()
		if err != nil {
			return false
		}
		if token == nil {
			return true
		}
	}
}

func harmlessHeaders(t testing.TB, path string, h http.Header) {
	t.Helper()
	kind := h.Get("Content-Type")
	if kind != "application/octet-stream" && kind != "application/json" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" {
		t.Errorf("%s answers with %v", path, h)
	}
	if lost, err := url.PathUnescape(h.Get("X-Assay-Lost")); err != nil || strings.ContainsAny(lost, "\r\n") {
		t.Errorf("%s: what was lost is told as %q, %v", path, h.Get("X-Assay-Lost"), err)
	}
}

// arriving is an exchange that is being recorded.
type arriving struct {
	v  *viewer
	id traffic.ID
	x  traffic.Exchange
	at time.Duration
}

// begin records a request and the head of its answer.
func (v *viewer) begin(x *traffic.Exchange) *arriving {
	a := &arriving{v: v, id: v.store.Recorder().NextID(), x: *x}
	rec := v.store.Recorder()
	open := a.x
	open.State, open.Response = traffic.StateOpen, nil
	rec.Record(traffic.Event{ID: a.id, Kind: traffic.EventBegin, Exchange: &open})
	rec.Record(traffic.Event{ID: a.id, Kind: traffic.EventData, Side: traffic.FromClient, Data: bytes.Clone(x.Request.Body.Data)})
	streaming := a.x
	streaming.State = traffic.StateStreaming
	head := *x.Response
	head.Body = traffic.Body{}
	streaming.Response = &head
	a.x.Response = &head
	rec.Record(traffic.Event{ID: a.id, Kind: traffic.EventHead, Exchange: &streaming})
	return a
}

// more records bytes of the answer, ten milliseconds after the last ones.
func (a *arriving) more(data []byte) {
	a.v.t.Helper()
	a.at += 10 * time.Millisecond
	rec := a.v.store.Recorder()
	rec.Record(traffic.Event{ID: a.id, Kind: traffic.EventData, Side: traffic.FromServer, At: a.at, Data: bytes.Clone(data)})
	if err := rec.Flush(a.v.t.Context()); err != nil {
		a.v.t.Fatal(err)
	}
}

// end records the end.
func (a *arriving) end() {
	a.v.t.Helper()
	done := a.x
	done.State = traffic.StateComplete
	done.Timing = traffic.Timing{Sent: time.Millisecond, Head: 2 * time.Millisecond, FirstByte: 10 * time.Millisecond, Done: a.at + time.Millisecond}
	rec := a.v.store.Recorder()
	rec.Record(traffic.Event{ID: a.id, Kind: traffic.EventEnd, Exchange: &done})
	if err := rec.Flush(a.v.t.Context()); err != nil {
		a.v.t.Fatal(err)
	}
	a.v.rest()
}
