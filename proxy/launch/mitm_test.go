package launch_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"assay/proxy/ca"
	"assay/proxy/launch"
)

// seen is one request that reached the proxy.
type seen struct {
	method, host, path string
	secure             bool
	websocket          bool
}

// mitm is a proxy that answers every request itself, so that the hosts need not exist. What it sees came through it.
type mitm struct {
	addr      string
	authority *ca.Authority
	tunnels   *tunnels

	mu   sync.Mutex
	seen []seen
}

func startMITM(tb testing.TB) *mitm {
	tb.Helper()
	authority, err := ca.Load(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	m := &mitm{addr: listener.Addr().String(), authority: authority, tunnels: newTunnels()}
	quiet := log.New(io.Discard, "", 0)
	inner := &http.Server{Handler: http.HandlerFunc(m.answer), ErrorLog: quiet, ReadHeaderTimeout: time.Minute}
	outer := &http.Server{Handler: http.HandlerFunc(m.dispatch), ErrorLog: quiet, ReadHeaderTimeout: time.Minute}
	var group sync.WaitGroup
	group.Go(func() { _ = inner.Serve(m.tunnels) })
	group.Go(func() { _ = outer.Serve(listener) })
	tb.Cleanup(func() {
		_ = errors.Join(outer.Close(), inner.Close(), m.tunnels.Close())
		group.Wait()
	})
	return m
}

func (m *mitm) session(tb testing.TB) launch.Session {
	tb.Helper()
	return launch.Session{Proxy: m.addr, Trust: m.authority, Dir: sessionDir(tb)}
}

// sessionDir is removed with patience: children of a browser that was ended go on writing into it for a moment.
func sessionDir(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("", "assay-launch-")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		for range 100 {
			if err = os.RemoveAll(dir); err == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		tb.Errorf("a client still writes into its folder: %v", err)
	})
	return dir
}

// saw tells whether a request for this host and path came through, and forgets nothing.
func (m *mitm) saw(host, path string) (seen, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, one := range m.seen {
		if one.host == host && one.path == path {
			return one, true
		}
	}
	return seen{}, false
}

func (m *mitm) count(path string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for _, one := range m.seen {
		if one.path == path {
			n++
		}
	}
	return n
}

func (m *mitm) dispatch(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodConnect {
		m.answer(w, r)
		return
	}
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	if _, err := io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		_ = conn.Close()
		return
	}
	host, _, _ := net.SplitHostPort(r.Host)
	reader := bufio.NewReader(io.MultiReader(io.LimitReader(buffered, int64(buffered.Reader.Buffered())), conn))
	first, err := reader.Peek(1)
	if err != nil {
		_ = conn.Close()
		return
	}
	replay := &replayed{Conn: conn, reader: reader}
	if first[0] != 0x16 {
		m.tunnels.offer(replay)
		return
	}
	m.tunnels.offer(tls.Server(replay, &tls.Config{
		NextProtos: []string{"http/1.1"},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if hello.ServerName == "" {
				return m.authority.Leaf(host)
			}
			return m.authority.Leaf(hello.ServerName)
		},
	}))
}

func (m *mitm) answer(w http.ResponseWriter, r *http.Request) {
	one := seen{method: r.Method, host: r.Host, path: r.URL.Path, secure: r.TLS != nil, websocket: r.Header.Get("Upgrade") != ""}
	m.mu.Lock()
	m.seen = append(m.seen, one)
	m.mu.Unlock()
	switch {
	case one.websocket:
		echoSocket(w, r)
	case strings.HasPrefix(r.URL.Path, "/stream"):
		for i := range 5 {
			_, _ = fmt.Fprintf(w, "data: %d\n\n", i)
			_ = http.NewResponseController(w).Flush()
			time.Sleep(2 * time.Millisecond)
		}
	case strings.HasPrefix(r.URL.Path, "/endless"):
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, "data: more\n\n"); err != nil {
				return
			}
			_ = http.NewResponseController(w).Flush()
			time.Sleep(2 * time.Millisecond)
		}
	case strings.HasSuffix(r.URL.Path, "/info/refs"):
		w.Header().Set("Content-Type", "application/x-git-upload-pack-advertisement")
		_, _ = io.WriteString(w, "001e# service=git-upload-pack\n0000"+
			"00400123456789012345678901234567890123456789 refs/heads/through\n0000")
	case r.Method == http.MethodPost:
		_, _ = io.Copy(w, r.Body)
	default:
		_, _ = io.WriteString(w, "through the proxy")
	}
}

func echoSocket(w http.ResponseWriter, r *http.Request) {
	socket, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return
	}
	defer func() { _ = socket.CloseNow() }()
	ctx, cancel := context.WithTimeout(r.Context(), 20*time.Second)
	defer cancel()
	for {
		kind, message, err := socket.Read(ctx)
		if err != nil {
			return
		}
		if err := socket.Write(ctx, kind, message); err != nil {
			return
		}
	}
}

// replayed reads what was buffered first.
type replayed struct {
	net.Conn
	reader io.Reader
}

func (r *replayed) Read(p []byte) (int, error) { return r.reader.Read(p) }

// tunnels is a listener of the connections inside CONNECT.
type tunnels struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newTunnels() *tunnels { return &tunnels{conns: make(chan net.Conn), done: make(chan struct{})} }

func (t *tunnels) offer(conn net.Conn) {
	select {
	case t.conns <- conn:
	case <-t.done:
		_ = conn.Close()
	}
}

func (t *tunnels) Accept() (net.Conn, error) {
	select {
	case conn := <-t.conns:
		return conn, nil
	case <-t.done:
		return nil, net.ErrClosed
	}
}

func (t *tunnels) Close() error {
	t.once.Do(func() { close(t.done) })
	return nil
}

func (t *tunnels) Addr() net.Addr { return &net.TCPAddr{} }
