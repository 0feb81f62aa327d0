package proxy

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/elazarl/goproxy"

	"assay/traffic"
)

const (
	headerTimeout = 30 * time.Second // for the first request on the port
	stopTimeout   = 10 * time.Second
)

// Server is the recorder on its port. Make one with New, then Listen and Serve.
type Server struct {
	cfg        Config
	log        *slog.Logger
	dialer     *dialer
	transports *transports
	front      *goproxy.ProxyHttpServer
	pipe       *httputil.ReverseProxy
	http       *http.Server
	tls        *tls.Config
	tlsOld     *tls.Config // without HTTP/2
	processes  *processes

	listener net.Listener
	queue    *queue
	self     *self

	ctx    context.Context // ends when the server stops
	cancel context.CancelFunc
	owned  sync.WaitGroup // every goroutine, connection and exchange

	mu       sync.Mutex
	stopping bool
	conns    map[net.Conn]bool
	open     map[*recording]bool
	silent   map[string]int // host → handshakes after which the client left without a word; -1 once one has spoken
	stats    counters
}

// New makes a server. It fails when the configuration makes no sense.
func New(cfg Config) (*Server, error) {
	if cfg.Authority == nil {
		return nil, errors.New("a proxy needs a certificate authority")
	}
	if cfg.Recorder == nil {
		cfg.Recorder = nobody{}
	}
	if cfg.Scope == nil {
		cfg.Scope = &Scope{}
	}
	if cfg.Guard == nil {
		cfg.Guard = open{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		cfg: cfg, log: cfg.Log, self: &self{},
		conns: map[net.Conn]bool{}, open: map[*recording]bool{}, silent: map[string]int{},
	}
	var err error
	if s.dialer, err = newDialer(cfg.Upstream, cfg.Scope, s.self.address); err != nil {
		return nil, err
	}
	s.transports = newTransports(s.dialer)
	s.processes = newProcesses()
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.front = s.newFront()
	s.pipe = s.newPipe()
	s.tls = &tls.Config{NextProtos: []string{"h2", "http/1.1"}, GetCertificate: s.certificate, GetConfigForClient: s.offer}
	s.tlsOld = &tls.Config{NextProtos: []string{"http/1.1"}, GetCertificate: s.certificate}
	s.http = s.newHTTP()
	return s, nil
}

// newHTTP makes the one server that serves the port and the inside of every tunnel.
func (s *Server) newHTTP() *http.Server {
	srv := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		Protocols:         new(http.Protocols),
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		BaseContext:       func(net.Listener) context.Context { return s.ctx },
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, c)
		},
		HTTP2: &http.HTTP2Config{
			MaxReceiveBufferPerConnection: 4 << 20,
			MaxReceiveBufferPerStream:     1 << 20,
		},
	}
	srv.Protocols.SetHTTP1(true)
	srv.Protocols.SetUnencryptedHTTP2(true) // TLS has ended before a connection comes here
	return srv
}

// Listen takes the port. A second call does nothing.
func (s *Server) Listen(ctx context.Context) error {
	if s.listener != nil {
		return nil
	}
	addr, err := s.listenAddr()
	if err != nil {
		return err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s is taken by another program; stop it, or choose another port (127.0.0.1:0 takes any free one)", addr)
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("this account may not listen on %s; choose a port above 1023", addr)
	case err != nil:
		return fmt.Errorf("cannot listen on %s: %s", addr, cause(err))
	}
	s.listener = l
	s.queue = newQueue(l.Addr())
	s.self.set(l.Addr())
	return nil
}

func (s *Server) listenAddr() (string, error) {
	if s.cfg.Listen == "" {
		return "127.0.0.1:0", nil
	}
	host, port, err := net.SplitHostPort(s.cfg.Listen)
	if err != nil {
		return "", fmt.Errorf("%q is not an address to listen on; write host:port, for example 127.0.0.1:8080", s.cfg.Listen)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return "", fmt.Errorf("%q is not a port; write a number from 0 to 65535", port)
	}
	if host == "" && !s.cfg.AllowRemote {
		host = "127.0.0.1"
	}
	ip := net.ParseIP(host)
	if !s.cfg.AllowRemote && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return "", fmt.Errorf("%s can be reached from other machines, and whoever reaches the port can use the proxy; listen on 127.0.0.1, or allow remote clients explicitly", s.cfg.Listen)
	}
	return net.JoinHostPort(host, port), nil
}

// Addr gives the address of the port, nil before Listen.
func (s *Server) Addr() net.Addr {
	if s.listener == nil {
		return nil
	}
	return s.listener.Addr()
}

// Serve works until ctx ends or Shutdown is called, and returns when everything has been recorded.
func (s *Server) Serve(ctx context.Context) error {
	if err := s.Listen(ctx); err != nil {
		return err
	}
	if s.own() {
		s.owned.Go(s.accept)
		s.owned.Go(func() { _ = s.http.Serve(s.queue) })
		s.owned.Go(func() { s.processes.work(s.ctx) })
		s.owned.Done()
	}
	select {
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	return s.Shutdown(grace)
}

// accept takes connections until the port is closed.
func (s *Server) accept() {
	for {
		c, err := s.listener.Accept()
		switch {
		case err == nil:
			s.owned.Go(func() { s.welcome(c) })
		case errors.Is(err, net.ErrClosed):
			return
		default:
			s.log.Warn("cannot accept a connection", "error", err)
			select {
			case <-time.After(50 * time.Millisecond): // out of file descriptors, most likely
			case <-s.ctx.Done():
				return
			}
		}
	}
}

// Shutdown stops accepting, ends what is open and returns when the recorder has been told of every end. Exchanges that
// were cut off say so. It gives up when ctx ends.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	s.stopping = true
	for rec := range s.open {
		rec.stopped.Store(true)
	}
	s.cancel()
	for c := range s.conns {
		_ = c.Close()
	}
	s.mu.Unlock()
	if s.listener != nil {
		_ = s.listener.Close()
		_ = s.queue.Close()
	}
	_ = s.http.Close()
	done := make(chan struct{})
	go func() {
		s.owned.Wait()
		close(done)
	}()
	select {
	case <-done:
		s.transports.closeIdle()
		return nil
	case <-ctx.Done():
		s.transports.closeIdle()
		return fmt.Errorf("the proxy has not ended in time: %w", ctx.Err())
	}
}

// own counts something that Shutdown waits for, until owned.Done; it reports false when the server stops.
func (s *Server) own() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.stopping {
		s.owned.Add(1)
	}
	return !s.stopping
}

// hold keeps a connection among those that Shutdown closes; it reports false when that has happened already.
func (s *Server) hold(c net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return false
	}
	s.conns[c] = true
	return true
}

func (s *Server) release(c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

// enter and leave count the exchanges that are open.
func (s *Server) enter(rec *recording) {
	s.owned.Add(1)
	s.stats.recorded.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	rec.stopped.Store(s.stopping)
	s.open[rec] = true
}

func (s *Server) leave(rec *recording) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, rec)
	s.owned.Done()
}

// Stats are counts of what the server does and has done.
type Stats struct {
	Clients   int   // connections of clients that are open
	Exchanges int   // exchanges that are open, tunnels among them
	Tunnels   int   // tunnels passed through unread that are open
	Recorded  int64 // exchanges begun since the start
	Refused   int64 // handshakes in which a client refused our certificate
	Up, Down  int64 // bytes of bodies and tunnels, from clients and from servers
}

type counters struct {
	recorded, refused, up, down atomic.Int64
}

// Stats gives the counts of now.
func (s *Server) Stats() Stats {
	st := Stats{
		Recorded: s.stats.recorded.Load(), Refused: s.stats.refused.Load(),
		Up: s.stats.up.Load(), Down: s.stats.down.Load(),
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st.Clients, st.Exchanges = len(s.conns), len(s.open)
	for rec := range s.open {
		if rec.tunnel {
			st.Tunnels++
		}
	}
	return st
}

// Scope gives the scope the server works by, which may be changed while it runs.
func (s *Server) Scope() *Scope { return s.cfg.Scope }

var _ http.Handler = (*Server)(nil)

// connKey is the key of the client's connection in the context of a request.
type connKey struct{}

func connOf(r *http.Request) *clientConn {
	c, _ := r.Context().Value(connKey{}).(*clientConn)
	return c
}

// from gives the source of exchanges on a route.
func (r route) from() traffic.Source {
	if r.source == "" {
		return traffic.SourceProxy
	}
	return r.source
}
