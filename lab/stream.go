package lab

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// slowestPace bounds what X-Lab-Pace may ask for.
const slowestPace = 5 * time.Second

// object is a JSON object on its way out.
type object = map[string]any

// stream writes an answer piece by piece, each flushed at once.
type stream struct {
	ctx     context.Context
	writer  http.ResponseWriter
	control *http.ResponseController
	pace    time.Duration
	err     error // the first failure: the client has gone
}

// newStream sends the head of a streamed answer.
func (l *Lab) newStream(w http.ResponseWriter, r *http.Request, contentType string) *stream {
	s := &stream{ctx: r.Context(), writer: w, control: http.NewResponseController(w), pace: l.options.Pace}
	if asked, err := time.ParseDuration(r.Header.Get("X-Lab-Pace")); err == nil {
		s.pace = min(max(asked, 0), slowestPace)
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(http.StatusOK)
	s.err = s.control.Flush()
	return s
}

// newEvents is a stream of server-sent events.
func (l *Lab) newEvents(w http.ResponseWriter, r *http.Request) *stream {
	return l.newStream(w, r, "text/event-stream; charset=utf-8")
}

// raw writes bytes and flushes them; after a failure it does nothing.
func (s *stream) raw(data []byte) {
	if s.err == nil {
		s.err = s.ctx.Err()
	}
	if s.err == nil {
		_, s.err = s.writer.Write(data)
	}
	if s.err == nil {
		s.err = s.control.Flush()
	}
}

// event writes one server-sent event, without an event line when name is "".
func (s *stream) event(name string, data any) {
	line, err := json.Marshal(data)
	if err != nil {
		s.err = err
		return
	}
	var out []byte
	if name != "" {
		out = append(out, "event: "+name+"\n"...)
	}
	out = append(out, "data: "...)
	out = append(out, line...)
	s.raw(append(out, "\n\n"...))
}

// line writes one line of NDJSON.
func (s *stream) line(data any) {
	line, err := json.Marshal(data)
	if err != nil {
		s.err = err
		return
	}
	s.raw(append(line, '\n'))
}

// tokens calls send for each token of text at the stream's pace.
func (s *stream) tokens(text string, send func(token string)) {
	for token := range tokens(text) {
		if s.err != nil {
			return
		}
		send(token)
		s.rest()
	}
}

// rest waits for the time of one token.
func (s *stream) rest() {
	if s.pace <= 0 {
		return
	}
	timer := time.NewTimer(s.pace)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.ctx.Done():
		s.err = s.ctx.Err()
	}
}

// writeJSON sends a whole answer.
func writeJSON(w http.ResponseWriter, status int, data any) {
	body, err := json.Marshal(data)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that has gone needs no answer
}
