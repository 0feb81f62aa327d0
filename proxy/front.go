package proxy

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/elazarl/goproxy"

	"assay/proxy/ca"
	"assay/traffic"
)

// ServeHTTP serves a request on the port, or inside a tunnel.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.own() {
		panic(http.ErrAbortHandler)
	}
	defer s.owned.Done()
	conn := connOf(r)
	switch {
	case r.Method == http.MethodConnect && (conn.route.target != "" || r.ProtoMajor != 1):
		http.Error(w, "Assay: CONNECT is understood on the port itself, over HTTP/1.1.", http.StatusNotImplemented)
	case r.Method == http.MethodConnect:
		conn.takeHead(r)
		s.front.ServeHTTP(keepBuf{w}, r)
	case conn.route.target != "" && isCheck(conn.route.target):
		conn.takeHead(r)
		_, _ = io.WriteString(w, ca.CheckAnswer+" is here\n")
	case conn.route.target != "":
		s.exchange(w, r, conn.route, nil)
	case r.URL.IsAbs() && isCheck(r.URL.Host):
		conn.takeHead(r)
		_, _ = io.WriteString(w, ca.CheckAnswer+" is here\n")
	case r.URL.IsAbs():
		s.forward(w, r)
	default:
		s.relative(w, r)
	}
}

func isCheck(target string) bool {
	host, _ := splitAddr(target)
	return host == ca.CheckHost
}

// forward serves a request in absolute form.
func (s *Server) forward(w http.ResponseWriter, r *http.Request) {
	scheme := map[string]string{"http": "http", "ws": "http", "https": "https", "wss": "https"}[r.URL.Scheme]
	if scheme == "" || r.URL.Hostname() == "" {
		connOf(r).takeHead(r)
		http.Error(w, "Assay: only http and https URLs can be requested through the proxy.", http.StatusBadRequest)
		return
	}
	s.exchange(w, r, route{scheme: scheme, target: withPort(r.URL.Host, scheme)}, nil)
}

// withPort adds the port of the scheme where none is given.
func withPort(host, scheme string) string {
	if _, port, err := net.SplitHostPort(host); err == nil && port != "" {
		return host
	}
	port := "443"
	if scheme == "http" {
		port = "80"
	}
	return net.JoinHostPort(strings.Trim(strings.TrimSuffix(host, ":"), "[]"), port)
}

// newFront makes the goproxy that decides what becomes of a CONNECT.
func (s *Server) newFront() *goproxy.ProxyHttpServer {
	front := goproxy.NewProxyHttpServer()
	front.ConnectDial = nil // it would consult the environment
	front.Tr = &http.Transport{}
	front.Logger = slog.NewLogLogger(s.log.Handler(), slog.LevelDebug)
	front.OnRequest().HandleConnectFunc(func(host string, ctx *goproxy.ProxyCtx) (*goproxy.ConnectAction, string) {
		target := withPort(host, "https")
		if s.self.target(target) {
			fault := s.looped(target, connOf(ctx.Req).peer)
			ctx.Resp = refusal(ctx.Req, fault) //nolint:bodyclose // goproxy sends and closes it
			return goproxy.RejectConnect, host
		}
		return &goproxy.ConnectAction{Action: goproxy.ConnectHijack, Hijack: s.connect}, target
	})
	return front
}

// connect takes over a CONNECT that was not rejected.
func (s *Server) connect(req *http.Request, client net.Conn, _ *goproxy.ProxyCtx) {
	t := &tunnel{
		server: s, client: client, peer: connOf(req).peer, target: withPort(req.URL.Host, "https"),
		accept: func() error {
			_, err := fmt.Fprintf(client, "HTTP/1.%d 200 Connection established\r\n\r\n", min(1, req.ProtoMinor))
			return err
		},
		refuse: func(fault *traffic.Fault) { _ = refusal(req, fault).Write(client) }, //nolint:bodyclose // Write closes it
	}
	s.owned.Go(t.run)
}

// refusal is the answer to a CONNECT that leads nowhere.
func refusal(req *http.Request, fault *traffic.Fault) *http.Response {
	text := "Assay: " + fault.Reason + "\n"
	resp := &http.Response{
		StatusCode: http.StatusBadGateway, ProtoMajor: 1, ProtoMinor: 1, Close: true,
		ContentLength: int64(len(text)), Body: io.NopCloser(strings.NewReader(text)),
		Header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "X-Assay-Error": {string(fault.Stage)}},
	}
	if fault.Stage == traffic.StageLoop {
		resp.StatusCode = http.StatusLoopDetected
	}
	return resp
}

// looped records an attempt to reach the proxy through itself.
func (s *Server) looped(target string, p *peer) *traffic.Fault {
	fault := faultOf(target, errLoop)
	rec := s.beginTunnel(target, p, fault)
	rec.end(false)
	return fault
}

// Hijack gives the connection with what arrived together with the request coming first on it.
func (w keepBuf) Hijack() (net.Conn, *bufio.ReadWriter, error) { return hijack(w.ResponseWriter) }

func hijack(w http.ResponseWriter) (net.Conn, *bufio.ReadWriter, error) {
	c, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, nil, err
	}
	if conn, ok := c.(*clientConn); ok {
		conn.hijacked()
	}
	_ = c.SetDeadline(time.Time{})
	early, _ := rw.Reader.Peek(rw.Reader.Buffered())
	return replay(c, slices.Clone(early)), rw, nil
}
