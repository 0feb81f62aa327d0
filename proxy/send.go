package proxy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"assay/traffic"
)

// SenderConfig says how a Sender reaches servers and who records. Only Recorder is needed.
type SenderConfig struct {
	Recorder Recorder
	Scope    *Scope // whose certificates are accepted; nil: nobody's
	Upstream Upstream
	// Reveal gives the value behind a placeholder of a sealed credential. Nil sends placeholders as they are.
	Reveal func(ctx context.Context, placeholder string) (string, error)
	// Silence is how long a server may say nothing before a request is given up; 0 means 10 minutes: models think.
	Silence time.Duration
	Log     *slog.Logger // nil: silent
}

// Sender sends requests of its own, as a person or a test wrote them, the way a Server passes on those of clients:
// through the same upstream settings, tapped and recorded while it happens. It needs no port.
type Sender struct {
	cfg    SenderConfig
	server *Server // without a port
	tap    *tap
}

// NewSender makes a sender. It fails when the upstream settings make no sense.
func NewSender(cfg SenderConfig) (*Sender, error) {
	if cfg.Recorder == nil {
		return nil, errors.New("a sender needs a recorder")
	}
	if cfg.Silence == 0 {
		cfg.Silence = 10 * time.Minute
	}
	if cfg.Scope == nil {
		cfg.Scope = &Scope{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		cfg: Config{Recorder: cfg.Recorder, Scope: cfg.Scope, Upstream: cfg.Upstream, Guard: open{}}, log: cfg.Log, self: &self{},
		conns: map[net.Conn]bool{}, open: map[*recording]bool{}, silent: map[string]int{},
	}
	var err error
	if s.dialer, err = newDialer(cfg.Upstream, cfg.Scope, s.self.address); err != nil {
		return nil, err
	}
	s.transports = newTransports(s.dialer)
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return &Sender{cfg: cfg, server: s, tap: &tap{next: s.transports, guard: s.cfg.Guard}}, nil
}

// Close cuts off what is under way, and returns when the recorder has been told of every end.
func (s *Sender) Close() {
	s.server.mu.Lock()
	s.server.stopping = true
	for rec := range s.server.open {
		rec.stopped.Store(true)
	}
	s.server.mu.Unlock()
	s.server.cancel()
	s.server.owned.Wait()
	s.server.transports.closeIdle()
}

// Settle waits for what is under way, and then closes the sender.
func (s *Sender) Settle() {
	s.server.mu.Lock()
	s.server.stopping = true
	s.server.mu.Unlock()
	s.server.owned.Wait()
	s.Close()
}

// RequestError says why a request cannot be sent at all: nothing was recorded.
type RequestError struct{ Reason string }

// Error returns the sentence.
func (e *RequestError) Error() string { return e.Reason }

// The causes for which a request is given up.
var (
	errSilent  = errors.New("the server said nothing for too long")
	errStopped = errors.New("sending was stopped")
)

// Send sends one request and returns when its exchange has ended. The request's URL is absolute; its body is in
// Body.Data. Placeholders of credentials are filled in on the way out; what is recorded has the placeholders. begun is
// told the exchange's id before anything is sent; nil tells nobody. An answer that does not come, or breaks off, is a
// recorded exchange with a fault and no error: an error, of type *RequestError, means that nothing could be sent.
func (s *Sender) Send(ctx context.Context, q traffic.Request, source traffic.Source, begun func(traffic.ID)) (traffic.ID, error) {
	out, err := s.prepare(ctx, q)
	if err != nil {
		return 0, err
	}
	if !s.server.own() {
		return 0, &RequestError{"the project is being closed; nothing was sent"}
	}
	defer s.server.owned.Done()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(s.server.ctx, func() { cancel(errStopped) })()

	who := &peer{}
	who.process.Store(&process{pid: os.Getpid(), name: "assay"})
	x := traffic.Exchange{Started: time.Now(), Source: source, Kind: traffic.KindHTTP, Request: out.recorded}
	rec := s.server.begin(x, who, func(rec *recording) {
		rec.route = route{scheme: out.req.URL.Scheme, target: out.target, source: source}
		rec.sent, rec.ctx = out.head, ctx
	})
	if begun != nil {
		begun(rec.x.ID)
	}
	s.carry(ctx, cancel, rec, out)
	return rec.x.ID, nil
}

// carry sends a prepared request and reads its answer to the end.
func (s *Sender) carry(ctx context.Context, cancel context.CancelCauseFunc, rec *recording, out *outgoing) {
	quiet := time.AfterFunc(s.cfg.Silence, func() { cancel(errSilent) })
	defer quiet.Stop()
	req := out.req.WithContext(context.WithValue(ctx, recordingKey{}, rec))
	if len(out.body) > 0 {
		told := sync.OnceFunc(func() { rec.data(traffic.FromClient, out.sealedBody) })
		req.GetBody = func() (io.ReadCloser, error) { // a connection that had gone stale is tried again
			return &ownBody{from: bytes.NewReader(out.body), told: told}, nil
		}
		req.Body, _ = req.GetBody()
	}
	resp, err := s.tap.RoundTrip(req) //nolint:bodyclose // drain does
	if err == nil {
		err = drain(resp.Body, func() { quiet.Reset(s.cfg.Silence) })
	}
	if fault := s.fault(ctx, out.target, resp == nil, err); fault != nil && !rec.arrived() {
		rec.fail(fault)
	}
	rec.end(false)
}

// fault says why an exchange went wrong where its recording cannot know; nil otherwise.
func (s *Sender) fault(ctx context.Context, target string, unanswered bool, err error) *traffic.Fault {
	switch why := context.Cause(ctx); {
	case err == nil && why == nil || errors.Is(why, errStopped): // a server may end its answer when it sees us leave
		return nil
	case errors.Is(why, errSilent):
		return &traffic.Fault{Stage: traffic.StageResponse, Reason: fmt.Sprintf("%s said nothing for %s; the request was given up.", target, s.cfg.Silence)}
	case why != nil:
		return &traffic.Fault{Stage: traffic.StageClientGone, Reason: "Sending was stopped before the answer was complete."}
	case unanswered:
		return faultOf(target, err)
	}
	return nil
}

// arrived reports whether the whole answer came before anybody gave it up.
func (r *recording) arrived() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.respEnd && !r.unseen
}

// drain reads a body to its end; heard is called whenever something came.
func drain(body io.ReadCloser, heard func()) error {
	defer body.Close()
	buf := buffers.Get()
	defer buffers.Put(buf)
	for {
		n, err := body.Read(buf)
		if n > 0 {
			heard()
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// ownBody is a body that is sent with credentials filled in and recorded without them.
type ownBody struct {
	from io.Reader
	told func()
}

func (b *ownBody) Read(p []byte) (int, error) {
	b.told()
	return b.from.Read(p)
}

// Close does nothing.
func (b *ownBody) Close() error { return nil }
