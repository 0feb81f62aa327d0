package proxy

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"assay/traffic"
)

// quick is how soon after the handshake a client leaves that checked the certificate by itself (a pinned one), rather
// than one that had opened a connection for later.
const quick = 2 * time.Second

// moment is how long a silent client's siblings may take to speak.
const moment = 500 * time.Millisecond

// read finds out what the tunnel carries and hands its inside to the http.Server.
func (t *tunnel) read() {
	first, up, err := t.listen()
	if up != nil {
		t.raw(first, up)
		return
	}
	for err == nil && spoken(first) == speaksShortly {
		more := make([]byte, 512)
		var n int
		_ = t.client.SetReadDeadline(time.Now().Add(speakFirst))
		n, err = t.client.Read(more)
		first = append(first, more[:n]...)
	}
	_ = t.client.SetReadDeadline(time.Time{})
	if len(first) == 0 {
		_ = t.client.Close()
		return
	}
	inside := replay(t.client, first)
	switch spoken(first) {
	case speaksTLS:
		t.decrypt(inside)
	case speaksHTTP:
		t.server.serve(inside, route{scheme: "http", target: t.target}, t.peer)
	default:
		t.raw(first, nil)
	}
}

// The things the first bytes of a client can be.
type speech uint8

const (
	speaksRaw speech = iota
	speaksTLS
	speaksHTTP
	speaksShortly // too few bytes to tell
)

// spoken tells what the first bytes of a client are.
func spoken(first []byte) speech {
	if first[0] == 0x16 {
		return speaksTLS
	}
	line, _, whole := bytes.Cut(first, []byte("\n"))
	method := slices.IndexFunc(line, func(b byte) bool { return b < 'A' || b > 'Z' })
	switch {
	case method < 0 && !whole && len(line) < 20:
		return speaksShortly
	case method > 0 && line[method] == ' ' && (!whole || bytes.Contains(line, []byte(" HTTP/"))):
		return speaksHTTP
	}
	return speaksRaw
}

// named is a connection that knows where its tunnel leads; the certificate depends on it where the client names nobody.
type named struct {
	net.Conn
	target string
}

// CloseWrite ends the sending direction.
func (c *named) CloseWrite() error { return closeWrite(c.Conn) }

// certificate gives the leaf for a handshake.
func (s *Server) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := hello.ServerName
	if c, ok := hello.Conn.(*named); ok && name == "" {
		name, _ = splitAddr(c.target)
	}
	return s.cfg.Authority.Leaf(name)
}

// offer leaves HTTP/2 out for servers that are known not to speak it, so that nothing has to be translated.
func (s *Server) offer(hello *tls.ClientHelloInfo) (*tls.Config, error) {
	if c, ok := hello.Conn.(*named); ok {
		if _, old := s.dialer.old.Load(c.target); old {
			return s.tlsOld, nil
		}
	}
	return nil, nil
}

// decrypt ends TLS and hands the inside to the http.Server when the client has said its first word.
func (t *tunnel) decrypt(client net.Conn) {
	s := t.server
	c := tls.Server(&named{Conn: client, target: t.target}, s.tls)
	ctx, cancel := context.WithTimeout(s.ctx, handshakeTimeout)
	err := c.HandshakeContext(ctx)
	cancel()
	if err != nil {
		t.refused(handshakeFault(t.target, err), refusesCertificate(err))
		_ = client.Close()
		return
	}
	shaken := time.Now()
	word := make([]byte, 1)
	_ = c.SetReadDeadline(shaken.Add(idleTimeout))
	n, err := c.Read(word)
	_ = c.SetReadDeadline(time.Time{})
	if n == 0 {
		_ = c.Close()
		if time.Since(shaken) < quick && errors.Is(err, io.EOF) {
			t.silent()
		}
		return
	}
	s.speaks(t.target)
	r := route{scheme: "https", target: t.target}
	if host, _ := splitAddr(t.target); !strings.EqualFold(c.ConnectionState().ServerName, host) {
		r.sni = c.ConnectionState().ServerName
	}
	s.serve(replay(c, word), r, t.peer)
}

// serve hands a connection to the http.Server.
func (s *Server) serve(c net.Conn, r route, p *peer) {
	s.owned.Add(1)
	conn := &clientConn{Conn: c, route: r, peer: p}
	conn.onClose = func() {
		s.malformed(conn)
		s.owned.Done()
	}
	s.queue.put(conn)
}

// refused records that a client did not take our certificate. sure says that it was that and nothing else.
func (t *tunnel) refused(fault *traffic.Fault, sure bool) {
	s := t.server
	if isCheck(t.target) {
		return // who checks whether we are trusted is told by the answer; it is no traffic of anybody's
	}
	s.stats.refused.Add(1)
	rec := s.beginTunnel(t.target, t.peer, fault)
	rec.end(false)
	host, _ := splitAddr(t.target)
	s.log.Info("client refused the certificate", "host", host, "reason", fault.Reason)
	if sure && s.cfg.PassRefused {
		s.cfg.Scope.pass(host, "a client refused our certificate for "+host)
	}
}

// handshakeFault says why a handshake with a client failed.
func handshakeFault(target string, err error) *traffic.Fault {
	host, _ := splitAddr(target)
	reason := "The TLS handshake of the client for " + host + " failed: " + cause(err) + "."
	if refusesCertificate(err) {
		reason = "The client refused our certificate for " + host + " (" + strings.TrimPrefix(cause(err), "tls: ") +
			"): it does not trust the authority, or it pins the certificate. Trust the authority there, or pass " + host + " through."
	}
	return &traffic.Fault{Stage: traffic.StageClientTLS, Reason: reason}
}

// silent deals with a client that left right after the handshake. Clients of HTTP/2 also do so with connections they
// opened at the same time as the one they then use, so others are given a moment to speak.
func (t *tunnel) silent() {
	s := t.server
	host, _ := splitAddr(t.target)
	select {
	case <-time.After(moment):
	case <-s.ctx.Done():
		return
	}
	times := s.keepsSilent(host)
	if times == 0 {
		return
	}
	t.refused(&traffic.Fault{Stage: traffic.StageClientTLS, Reason: "The client left right after the handshake for " + host +
		": it probably pins the certificate. Pass " + host + " through to let it work unread."}, times > 1)
}

// refusesCertificate reports whether a client ended the handshake by an alert that is about the certificate (RFC 8446
// section 6.2). crypto/tls does not export its alerts, only their words.
func refusesCertificate(err error) bool {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" || op.Err == nil {
		return false
	}
	switch strings.TrimPrefix(op.Err.Error(), "tls: ") {
	case "bad certificate", "unsupported certificate", "revoked certificate", "expired certificate",
		"unknown certificate", "unknown certificate authority", "access denied":
		return true
	}
	return false
}

// keepsSilent counts the handshakes after which clients of a host left at once; 0 if some client of it has spoken.
func (s *Server) keepsSilent(host string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.silent[host] < 0 {
		return 0
	}
	s.silent[host]++
	return s.silent[host]
}

// speaks notes that a client has taken our certificate for a host.
func (s *Server) speaks(target string) {
	host, _ := splitAddr(target)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.silent) > 10000 {
		clear(s.silent)
	}
	s.silent[host] = -1
}
