package proxy

import (
	"bytes"
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"assay/traffic"
)

// recording is one exchange while it happens. Its methods are safe for concurrent use, because the two sides of an
// exchange run apart, and do nothing once the exchange has ended.
type recording struct {
	server *Server
	peer   *peer
	route  route
	sent   head            // the request's head as sent; empty for HTTP/2
	conn   *clientConn     // nil for tunnels
	base   *url.URL        // of reverse mode
	slim   bool            // counted, not read
	ctx    context.Context // ends when the client leaves
	tunnel bool

	mu        sync.Mutex
	x         traffic.Exchange
	ended     bool
	connected bool // the connection is known, late news about dialling is not about it
	upstream  *serverConn
	frames    int
	unseen    bool        // the client had left by then
	length    int64       // of the answer's body, -1 if that was not said
	whole     bool        // as much has arrived
	respEnd   bool        // the answer's body has ended as it should
	respErr   error       // it broke
	reqErr    error       // the request's body broke
	closing   bool        // a WebSocket close frame was seen
	stopped   atomic.Bool // the proxy shut down
}

type recordingKey struct{}

func recordingOf(ctx context.Context) *recording {
	rec, _ := ctx.Value(recordingKey{}).(*recording)
	return rec
}

// begin starts an exchange and tells the recorder. set fills in what is known before.
func (s *Server) begin(x traffic.Exchange, p *peer, set func(*recording)) *recording {
	rec := &recording{server: s, peer: p, x: x, ctx: s.ctx}
	set(rec)
	rec.x.State = traffic.StateOpen
	rec.x.Client = p.client()
	rec.x.ID = s.cfg.Recorder.NextID()
	s.enter(rec)
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.emit(traffic.Event{Kind: traffic.EventBegin, Exchange: rec.snapshot()})
	return rec
}

// emit needs the lock.
func (r *recording) emit(e traffic.Event) {
	e.ID, e.At = r.x.ID, r.since()
	r.server.cfg.Recorder.Record(e)
}

func (r *recording) since() time.Duration { return max(1, time.Since(r.x.Started)) }

// snapshot gives a copy of the exchange that shares nothing with it. It needs the lock.
func (r *recording) snapshot() *traffic.Exchange {
	x := r.x
	x.Request.Header = slices.Clone(x.Request.Header)
	x.Request.Trailer = slices.Clone(x.Request.Trailer)
	x.Server.CertNames = slices.Clone(x.Server.CertNames)
	if x.Response != nil {
		resp := *x.Response
		resp.Header, resp.Trailer = slices.Clone(resp.Header), slices.Clone(resp.Trailer)
		resp.Informational = slices.Clone(resp.Informational)
		for i := range resp.Informational {
			resp.Informational[i].Header = slices.Clone(resp.Informational[i].Header)
		}
		x.Response = &resp
	}
	if x.Fault != nil {
		fault := *x.Fault
		x.Fault = &fault
	}
	return &x
}

// data counts bytes of a body that passed, and hands on a copy.
func (r *recording) data(side traffic.Side, p []byte) {
	if len(p) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return
	}
	r.count(side, len(p))
	if !r.slim {
		r.emit(traffic.Event{Kind: traffic.EventData, Side: side, Data: bytes.Clone(p)})
	}
}

// count needs the lock.
func (r *recording) count(side traffic.Side, n int) {
	if side == traffic.FromClient {
		r.x.Request.Body.Size += int64(n)
		r.server.stats.up.Add(int64(n))
		return
	}
	r.server.stats.down.Add(int64(n))
	if r.x.Response == nil {
		return
	}
	if r.x.Response.Body.Size == 0 {
		r.x.Timing.FirstByte = r.since()
	}
	r.x.Response.Body.Size += int64(n)
	if r.x.Response.Body.Size == r.length { // some clients hang up at this point, before the protocol says the end
		r.whole = true
		r.finish()
	}
}

// finish notes that the answer has arrived. It needs the lock.
func (r *recording) finish() {
	if !r.respEnd {
		r.respEnd, r.unseen = true, r.ctx.Err() != nil
		r.x.Timing.Done = r.since()
	}
}

// passed counts bytes of a tunnel or of a WebSocket's framing.
func (r *recording) passed(side traffic.Side, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ended && n > 0 {
		r.count(side, n)
	}
}

// raw hands on bytes of an upgraded protocol, which passed has counted.
func (r *recording) raw(side traffic.Side, p []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ended && !r.slim {
		r.emit(traffic.Event{Kind: traffic.EventData, Side: side, Data: bytes.Clone(p)})
	}
}

// frame hands on a WebSocket message.
func (r *recording) frame(f traffic.Frame) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return
	}
	f.Seq = r.frames
	r.frames++
	r.closing = r.closing || f.Opcode == opClose
	r.emit(traffic.Event{Kind: traffic.EventFrame, Side: f.Side, Frame: &f})
}

// answered takes the head of the final answer.
func (r *recording) answered(resp *http.Response) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return
	}
	r.length = resp.ContentLength
	r.x.Timing.Head = r.since()
	r.x.State = traffic.StateStreaming
	if r.slim {
		r.x.Response = &traffic.Response{}
		return
	}
	final := &traffic.Response{
		Status: resp.StatusCode,
		Proto:  resp.Proto,
		Header: sentHeader(resp.Header, resp.ProtoMajor),
	}
	if resp.ProtoMajor == 1 {
		_, final.Reason, _ = strings.Cut(resp.Status, " ")
	}
	if r.x.Response != nil {
		final.Informational = r.x.Response.Informational
	}
	if r.upstream != nil {
		r.adopt(final, r.upstream.heads())
	}
	r.x.Response = final
	if resp.StatusCode == http.StatusSwitchingProtocols && strings.EqualFold(resp.Header.Get("Upgrade"), "websocket") {
		r.x.Kind = traffic.KindWebSocket
	}
	r.emit(traffic.Event{Kind: traffic.EventHead, Exchange: r.snapshot()})
}

// adopt takes over the heads as the server sent them, and has the client get the final one in that form.
func (r *recording) adopt(final *traffic.Response, heads []head) {
	if len(heads) == 0 || heads[len(heads)-1].status() != final.Status {
		return
	}
	last := heads[len(heads)-1]
	final.Header = slices.Clone(last.fields)
	final.Reason = last.reason()
	for i, h := range heads[:len(heads)-1] {
		if i < len(final.Informational) && final.Informational[i].Status == h.status() {
			final.Informational[i].Header = h.fields
		}
	}
	if r.conn != nil && protoMajor(r.x.Request.Proto) == 1 {
		r.conn.arrange(last)
	}
}

// trailers takes the fields that came after the bodies.
func (r *recording) trailers(side traffic.Side, h http.Header) {
	if len(h) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.ended || r.slim:
	case side == traffic.FromClient:
		r.x.Request.Trailer = sentHeader(h, protoMajor(r.x.Request.Proto))
	case r.x.Response != nil:
		r.x.Response.Trailer = sentHeader(h, protoMajor(r.x.Response.Proto))
	}
}

// bodyEnd notes how a body ended: nil as its framing said it would.
func (r *recording) bodyEnd(side traffic.Side, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.ended:
	case side == traffic.FromClient:
		if err != nil && r.reqErr == nil {
			r.reqErr = err
		}
	case err == nil:
		r.finish()
	case r.respErr == nil && !r.respEnd:
		r.respErr = err
	}
}

// fail notes why there is no answer; the first reason stays.
func (r *recording) fail(fault *traffic.Fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ended && r.x.Fault == nil {
		r.x.Fault = fault
	}
}

// broken notes why a tunnel could not be made; that it was to be left unread matters less.
func (r *recording) broken(fault *traffic.Fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.x.Fault = fault
}

// tunnelled notes that a tunnel stands.
func (r *recording) tunnelled(facts *traffic.Server) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return
	}
	r.x.Server, r.x.State, r.x.Response = *facts, traffic.StateStreaming, &traffic.Response{}
	r.x.Timing.Connect = r.since()
	r.emit(traffic.Event{Kind: traffic.EventHead, Exchange: r.snapshot()})
}

// end closes the exchange, once. aborted says that the client did not get everything.
func (r *recording) end(aborted bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return
	}
	r.ended = true
	r.x.Client = r.peer.client()
	state, fault := r.outcome(aborted)
	r.x.State = state
	if r.x.Fault == nil {
		r.x.Fault = fault
	}
	if r.x.Timing.Done == 0 || state != traffic.StateComplete {
		r.x.Timing.Done = r.since()
	}
	r.emit(traffic.Event{Kind: traffic.EventEnd, Exchange: r.snapshot()})
	r.server.leave(r)
}

// outcome needs the lock.
func (r *recording) outcome(aborted bool) (traffic.State, *traffic.Fault) {
	gone := &traffic.Fault{Stage: traffic.StageClientGone, Reason: "The client hung up before the answer was complete."}
	stopped := &traffic.Fault{Stage: traffic.StageCrash, Reason: "The recorder was stopped before the exchange ended."}
	target := r.route.target
	switch {
	case r.x.Kind == traffic.KindTunnel:
		return r.tunnelOutcome(stopped)
	case r.x.Response == nil || r.x.Response.Status == 0:
		if r.stopped.Load() {
			return traffic.StateFailed, stopped
		}
		if r.reqErr != nil && (r.x.Fault == nil || r.x.Fault.Stage == traffic.StageResponse) {
			r.x.Fault = &traffic.Fault{Stage: traffic.StageRequest, Reason: "The request broke off: " + cause(r.reqErr) + "."}
		}
		return traffic.StateFailed, &traffic.Fault{Stage: traffic.StageClientGone, Reason: "The client left before the answer came."}
	case r.x.Response.Status == http.StatusSwitchingProtocols:
		if r.closing || r.respEnd {
			return traffic.StateComplete, nil
		}
		if r.stopped.Load() {
			return traffic.StateClosed, stopped
		}
		return traffic.StateClosed, &traffic.Fault{Stage: traffic.StageResponse, Reason: "The connection ended without a closing handshake."}
	case r.respEnd && !r.unseen && (r.whole || !aborted):
		return traffic.StateComplete, nil
	case r.x.Fault != nil && r.x.Fault.Stage == traffic.StageGuard: // which then has no more use for the server
		return traffic.StateClosed, nil
	case r.stopped.Load():
		return traffic.StateClosed, stopped
	case r.respErr != nil && r.ctx.Err() == nil:
		return traffic.StateFailed, &traffic.Fault{Stage: traffic.StageResponse, Reason: "The answer of " + target + " broke off: " + cause(r.respErr) + "."}
	}
	return traffic.StateClosed, gone
}

func (r *recording) tunnelOutcome(stopped *traffic.Fault) (traffic.State, *traffic.Fault) {
	switch {
	case r.x.Response == nil:
		return traffic.StateFailed, stopped
	case r.stopped.Load() || r.respErr != nil || r.reqErr != nil:
		return traffic.StateClosed, nil
	}
	return traffic.StateComplete, nil
}

// trace gives the hooks by which net/http tells when the steps of a request happened.
func (r *recording) trace(start func(string, head) string) *httptrace.ClientTrace {
	set := func(at *time.Duration) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if !r.connected && !r.ended {
			*at = r.since()
		}
	}
	timing := &r.x.Timing
	return &httptrace.ClientTrace{
		DNSDone:          func(httptrace.DNSDoneInfo) { set(&timing.DNS) },
		ConnectDone:      func(_, _ string, _ error) { set(&timing.Connect) },
		TLSHandshakeDone: func(tls.ConnectionState, error) { set(&timing.TLS) },
		GotConn:          func(info httptrace.GotConnInfo) { r.connectedTo(info, start) },
		WroteRequest: func(httptrace.WroteRequestInfo) {
			r.mu.Lock()
			defer r.mu.Unlock()
			if !r.ended {
				timing.Sent = r.since()
			}
		},
		Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
			r.informed(code, http.Header(h))
			return nil
		},
	}
}

// connectedTo takes the connection a request goes over, before its head is written.
func (r *recording) connectedTo(info httptrace.GotConnInfo, start func(string, head) string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return
	}
	r.connected = true
	if info.Reused {
		r.x.Timing.DNS, r.x.Timing.Connect, r.x.Timing.TLS = 0, 0, 0
	}
	if facts := factsOf(info.Conn); facts != nil {
		r.x.Server = *facts
	}
	r.x.Server.Reused = info.Reused
	r.upstream, _ = info.Conn.(*serverConn)
	if r.upstream != nil {
		r.upstream.begin(r.sent, start)
	}
}

func (r *recording) informed(code int, h http.Header) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended || r.slim {
		return
	}
	if r.x.Response == nil {
		r.x.Response = &traffic.Response{}
	}
	r.x.Response.Informational = append(r.x.Response.Informational, traffic.Informational{
		At: r.since(), Status: code, Header: traffic.FromHTTP(h),
	})
}

// sentHeader gives fields as the protocol sends them: HTTP/2 knows lower case only.
func sentHeader(m http.Header, major int) traffic.Header {
	h := traffic.FromHTTP(m)
	if major == 2 {
		for i := range h {
			h[i].Name = strings.ToLower(h[i].Name)
		}
	}
	return h
}

func protoMajor(proto string) int {
	if strings.HasPrefix(proto, "HTTP/2") {
		return 2
	}
	return 1
}
