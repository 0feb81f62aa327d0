package proxy

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"assay/traffic"
)

// newPipe makes what carries every request to its server and the answer back.
func (s *Server) newPipe() *httputil.ReverseProxy {
	return &httputil.ReverseProxy{
		FlushInterval: -1,
		Rewrite:       rewrite,
		Transport:     &tap{next: s.transports, guard: s.cfg.Guard},
		BufferPool:    &buffers,
		ErrorHandler:  s.failed,
		ErrorLog:      slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
}

// exchange carries one request and records it.
func (s *Server) exchange(w http.ResponseWriter, r *http.Request, to route, base *url.URL) {
	conn := connOf(r)
	sent := conn.takeHead(r)
	x := newExchange(r, sent, to, base)
	if conn.route.target == "" && base == nil { // a tunnel is here because it is to be read
		if fault := s.leaves(to.target); fault != nil {
			x.Kind, x.Fault = traffic.KindTunnel, fault
			x.Request = traffic.Request{Method: r.Method, URL: to.target, Proto: r.Proto, Host: to.target}
		}
	}
	rec := s.begin(x, conn.peer, func(rec *recording) {
		rec.route, rec.sent, rec.conn, rec.base = to, sent, conn, base
		rec.slim, rec.ctx = x.Kind == traffic.KindTunnel, r.Context()
	})
	finished := false
	defer func() { rec.end(!finished) }()
	if s.self.target(to.target) {
		s.failed(w, r.WithContext(context.WithValue(r.Context(), recordingKey{}, rec)), errLoop)
		finished = true
		return
	}
	if r.ContentLength > 0 {
		r.Body = &lenBody{ReadCloser: r.Body, left: r.ContentLength}
	}
	if r.ProtoMajor == 1 && r.ContentLength != 0 {
		_ = http.NewResponseController(w).EnableFullDuplex() // an answer may begin before the request has ended
	}
	s.pipe.ServeHTTP(&answer{w}, r.WithContext(context.WithValue(r.Context(), recordingKey{}, rec)))
	finished = true
}

// newExchange gives the exchange as it begins.
func newExchange(r *http.Request, sent head, to route, base *url.URL) traffic.Exchange {
	x := traffic.Exchange{Started: sent.at, Source: to.from(), Kind: traffic.KindHTTP}
	if x.Started.IsZero() {
		x.Started = time.Now()
	}
	x.Request = traffic.Request{
		Method: r.Method, URL: absolute(r, to, base), Proto: r.Proto, Host: r.Host,
		Header: slices.Clone(sent.fields),
	}
	if x.Request.Header == nil {
		x.Request.Header = sentHeader(r.Header, r.ProtoMajor)
		if r.ProtoMajor == 1 && r.Host != "" {
			x.Request.Header = slices.Insert(x.Request.Header, 0, traffic.Field{Name: "Host", Value: r.Host})
		}
	}
	return x
}

// malformed records the request, if any, that net/http refused on a connection that is closed now: it answers those by
// itself and hands them to nobody.
func (s *Server) malformed(conn *clientConn) {
	refused := conn.refused()
	if len(refused) == 0 || s.ctx.Err() != nil {
		return
	}
	h := refused[0]
	method, rest, _ := strings.Cut(h.start, " ")
	path, proto, _ := strings.Cut(rest, " ")
	if conn.route.target != "" && strings.HasPrefix(path, "/") {
		path = conn.route.scheme + "://" + site(conn.route.scheme, conn.route.target) + path
	}
	rec := s.begin(traffic.Exchange{
		Started: h.at, Source: conn.route.from(), Kind: traffic.KindHTTP,
		Request: traffic.Request{Method: method, URL: path, Proto: proto, Host: h.fields.Get("Host"), Header: h.fields},
		Fault:   &traffic.Fault{Stage: traffic.StageRequest, Reason: "The request is not valid HTTP; it was refused and not sent on."},
	}, conn.peer, func(rec *recording) { rec.route = conn.route })
	rec.end(true)
}

// absolute gives the URL a request goes to, path and query as sent.
func absolute(r *http.Request, to route, base *url.URL) string {
	site := to.scheme + "://" + site(to.scheme, to.target)
	if base != nil {
		return site + reversePath(r, base)
	}
	if strings.HasPrefix(r.RequestURI, "/") {
		return site + r.RequestURI
	}
	return site + "/" + strings.TrimPrefix(r.URL.RequestURI(), "/")
}

// site gives host:port without the port that goes without saying.
func site(scheme, target string) string {
	host, port, err := net.SplitHostPort(target)
	if err != nil || (scheme == "https" && port != "443") || (scheme == "http" && port != "80") {
		return target
	}
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

// rewrite points a request at its server and undoes what ReverseProxy changes beyond that.
func rewrite(pr *httputil.ProxyRequest) {
	rec := recordingOf(pr.In.Context())
	pr.Out.URL.Scheme = rec.route.scheme
	pr.Out.URL.Host = joinKey(rec.route.target, rec.route.sni)
	pr.Out.URL.RawQuery = pr.In.URL.RawQuery
	if rec.base != nil {
		setReverse(pr.Out, pr.In, rec.base)
	}
	if pr.Out.Host == "" {
		pr.Out.Host = site(rec.route.scheme, rec.route.target)
	}
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		if values, ok := pr.In.Header[name]; ok {
			pr.Out.Header[name] = values
		}
	}
	pr.Out.Trailer = pr.In.Trailer // filled when the body has been read
}

// failed answers a request that got no answer.
func (s *Server) failed(w http.ResponseWriter, r *http.Request, err error) {
	rec := recordingOf(r.Context())
	fault := faultOf(rec.route.target, err)
	if !errors.Is(err, context.Canceled) {
		rec.fail(fault)
		s.log.Info("no answer", "host", rec.route.target, "stage", string(fault.Stage), "reason", fault.Reason)
	}
	status := http.StatusBadGateway
	if fault.Stage == traffic.StageLoop {
		status = http.StatusLoopDetected
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Assay-Error", string(fault.Stage))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "Assay: "+fault.Reason+"\n")
}

// lenBody ends a body of known length by itself. Asked once more, net/http's own body may have been closed already by
// the answer, and http.Transport would take that for a broken request and drop the connection.
type lenBody struct {
	io.ReadCloser
	left int64
}

func (b *lenBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, io.EOF
	}
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left <= 0 && err == nil {
		err = io.EOF
	}
	return n, err
}

// answer is the ResponseWriter to the client. It adds nothing of its own to what the server said.
type answer struct{ http.ResponseWriter }

// WriteHeader keeps net/http from inventing a date and a content type. 100 is not passed on here: net/http sends it by
// itself when the transport, having received it, begins to read the body.
func (a *answer) WriteHeader(code int) {
	if code == http.StatusContinue {
		return
	}
	if h := a.Header(); code >= 200 {
		for _, name := range []string{"Date", "Content-Type"} {
			if _, ok := h[name]; !ok {
				h[name] = nil
			}
		}
	}
	a.ResponseWriter.WriteHeader(code)
}

// Hijack gives the connection after an upgrade, with nothing lost that arrived early.
func (a *answer) Hijack() (net.Conn, *bufio.ReadWriter, error) { return hijack(a.ResponseWriter) }

// Unwrap gives the writer to http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// pool lends the buffers through which bodies pass.
type pool struct{ sync.Pool }

var buffers = pool{sync.Pool{New: func() any { return new([32 << 10]byte) }}}

// Get lends a buffer.
func (p *pool) Get() []byte { return p.Pool.Get().(*[32 << 10]byte)[:] }

// Put takes it back.
func (p *pool) Put(b []byte) { p.Pool.Put((*[32 << 10]byte)(b)) }
