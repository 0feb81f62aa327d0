package proxy

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"assay/traffic"
)

// upgradeTap is the connection to the server after 101. Both directions pass as they are; copies are read as
// WebSocket messages, or kept as bytes where another protocol was agreed.
type upgradeTap struct {
	io.ReadWriteCloser
	rec        *recording
	fromClient messageReader
	fromServer messageReader

	mu      sync.Mutex
	pending []byte // read, but perhaps not yet passed on
	at      time.Duration
}

// messageReader takes the bytes of one direction.
type messageReader interface {
	feed(p []byte, at time.Duration)
}

func newUpgradeTap(conn io.ReadWriteCloser, rec *recording, answer http.Header) *upgradeTap {
	t := &upgradeTap{ReadWriteCloser: conn, rec: rec}
	if !strings.EqualFold(answer.Get("Upgrade"), "websocket") || rec.slim {
		t.fromClient = rawBytes{rec, traffic.FromClient}
		t.fromServer = rawBytes{rec, traffic.FromServer}
		return t
	}
	deflate := parseDeflate(answer.Values("Sec-Websocket-Extensions"))
	t.fromClient = newFrames(traffic.FromClient, deflate.client(), rec.frame)
	t.fromServer = newFrames(traffic.FromServer, deflate.server(), rec.frame)
	return t
}

// Read gives what the server sent. A copy is read as messages when the next Read comes: by then the bytes have been
// passed on, so that unpacking them delays nobody.
func (t *upgradeTap) Read(p []byte) (int, error) {
	t.flush()
	n, err := t.ReadWriteCloser.Read(p)
	if n > 0 {
		t.rec.passed(traffic.FromServer, n)
		t.mu.Lock()
		t.pending, t.at = append(t.pending[:0], p[:n]...), t.rec.since()
		t.mu.Unlock()
	}
	if errors.Is(err, io.EOF) {
		t.flush()
		t.rec.bodyEnd(traffic.FromServer, nil)
	}
	return n, err
}

func (t *upgradeTap) flush() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.pending) > 0 {
		t.fromServer.feed(t.pending, t.at)
		t.pending = t.pending[:0]
	}
}

// Write passes on what the client sent.
func (t *upgradeTap) Write(p []byte) (int, error) {
	n, err := t.ReadWriteCloser.Write(p)
	if n > 0 {
		t.rec.passed(traffic.FromClient, n)
		t.fromClient.feed(p[:n], t.rec.since())
	}
	return n, err
}

// Close ends the connection.
func (t *upgradeTap) Close() error {
	t.flush()
	return t.ReadWriteCloser.Close()
}

// CloseWrite tells the server that the client has ended.
func (t *upgradeTap) CloseWrite() error {
	if half, ok := t.ReadWriteCloser.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return t.ReadWriteCloser.Close()
}

// rawBytes keeps an upgraded protocol that is not WebSocket as the body of each side; the bytes are counted already.
type rawBytes struct {
	rec  *recording
	side traffic.Side
}

func (b rawBytes) feed(p []byte, _ time.Duration) { b.rec.raw(b.side, p) }
