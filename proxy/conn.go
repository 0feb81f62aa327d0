package proxy

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"sync"

	"assay/traffic"
)

// replayConn is a connection some bytes of which were read already and come first.
type replayConn struct {
	net.Conn
	first []byte
}

func (c *replayConn) Read(p []byte) (int, error) {
	if len(c.first) > 0 {
		n := copy(p, c.first)
		c.first = c.first[n:]
		if len(c.first) == 0 {
			c.first = nil
		}
		return n, nil
	}
	return c.Conn.Read(p)
}

// CloseWrite ends the sending direction, where the connection underneath can.
func (c *replayConn) CloseWrite() error { return closeWrite(c.Conn) }

func replay(c net.Conn, first []byte) net.Conn {
	if len(first) == 0 {
		return c
	}
	return &replayConn{Conn: c, first: first}
}

func closeWrite(c net.Conn) error {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return c.Close()
}

// route says where the requests of a connection go.
type route struct {
	scheme string         // "http" or "https"; empty on the port itself, where every request says for itself
	target string         // host:port
	sni    string         // server name the client asked for where it differs from the target's host
	source traffic.Source // proxy, unless the request came in reverse mode
}

// clientConn is a connection handed to the http.Server: the port itself, or the decrypted inside of a tunnel. It lets
// everything through and watches the heads of requests; heads of answers it arranges as the server sent them.
type clientConn struct {
	net.Conn
	route route
	peer  *peer

	mu       sync.Mutex
	requests requests
	answer   rewriter
	closed   sync.Once
	onClose  func()
}

func (c *clientConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.mu.Lock()
		c.requests.feed(p[:n])
		c.mu.Unlock()
	}
	return n, err
}

func (c *clientConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	out := c.answer.rewrite(p)
	c.mu.Unlock()
	return writeAs(c.Conn, out, p)
}

// CloseWrite ends the sending direction; net/http uses it to let a last answer arrive.
func (c *clientConn) CloseWrite() error { return closeWrite(c.Conn) }

func (c *clientConn) Close() error {
	err := c.Conn.Close()
	c.closed.Do(c.onClose)
	return err
}

// takeHead gives the head of the request that is served now, as it was sent.
func (c *clientConn) takeHead(r *http.Request) head {
	if r.ProtoMajor != 1 {
		return head{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	h, _ := c.requests.take(r.Method, r.RequestURI)
	return h
}

// refused gives heads that net/http never handed to a handler, because it found them malformed.
func (c *clientConn) refused() []head {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.requests.heads
}

// arrange has the next head written to the client look like the one the server sent.
func (c *clientConn) arrange(h head) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answer.arm(h, statusLine)
}

// hijacked stops watching: what follows is not HTTP.
func (c *clientConn) hijacked() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests.stop()
}

// serverConn is a connection to a server that speaks HTTP/1. It watches the heads of answers, and arranges heads of
// requests as the client sent them.
type serverConn struct {
	net.Conn
	facts *traffic.Server

	mu      sync.Mutex
	answers answers
	request rewriter
}

func (c *serverConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.mu.Lock()
		c.answers.feed(p[:n])
		c.mu.Unlock()
	}
	return n, err
}

func (c *serverConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	out := c.request.rewrite(p)
	c.mu.Unlock()
	return writeAs(c.Conn, out, p)
}

// CloseWrite ends the sending direction.
func (c *serverConn) CloseWrite() error { return closeWrite(c.Conn) }

// begin prepares for the next request: how its head is to look, and that heads of answers follow.
func (c *serverConn) begin(like head, start func(string, head) string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answers.arm()
	c.request.arm(like, start)
}

// heads gives the heads of answers since begin.
func (c *serverConn) heads() []head {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.answers.heads
}

// writeAs writes out and reports it as if p had been written.
func writeAs(w io.Writer, out, p []byte) (int, error) {
	if len(out) == 0 {
		return len(p), nil
	}
	n, err := w.Write(out)
	if err != nil {
		return min(n, len(p)), err
	}
	return len(p), nil
}

// factsConn carries what is known about a connection to a server below crypto/tls, where HTTP/2 is spoken: net/http
// wants to see the *tls.Conn itself.
type factsConn struct {
	net.Conn
	facts *traffic.Server
}

// CloseWrite ends the sending direction.
func (c *factsConn) CloseWrite() error { return closeWrite(c.Conn) }

// factsOf finds what is known about a connection that net/http uses.
func factsOf(c net.Conn) *traffic.Server {
	switch c := c.(type) {
	case *serverConn:
		return c.facts
	case *factsConn:
		return c.facts
	case *tls.Conn:
		return factsOf(c.NetConn())
	}
	return nil
}

// queue is a listener to which connections are handed.
type queue struct {
	addr  net.Addr
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newQueue(addr net.Addr) *queue {
	return &queue{addr: addr, conns: make(chan net.Conn), done: make(chan struct{})}
}

// put hands over a connection, or closes it when nobody takes any more.
func (q *queue) put(c net.Conn) {
	select {
	case q.conns <- c:
	case <-q.done:
		_ = c.Close()
	}
}

// Accept gives the next connection.
func (q *queue) Accept() (net.Conn, error) {
	select {
	case c := <-q.conns:
		return c, nil
	case <-q.done:
		return nil, net.ErrClosed
	}
}

// Close ends the queue.
func (q *queue) Close() error {
	q.once.Do(func() { close(q.done) })
	return nil
}

// Addr gives the address of the port.
func (q *queue) Addr() net.Addr { return q.addr }

// keepBuf is a ResponseWriter whose Hijack loses nothing: bytes that arrived together with the request (a ClientHello
// sent with CONNECT, a WebSocket frame sent with the upgrade) come first on the connection.
type keepBuf struct{ http.ResponseWriter }

// Unwrap gives the writer to http.ResponseController.
func (w keepBuf) Unwrap() http.ResponseWriter { return w.ResponseWriter }
