package proxy

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"assay/traffic"
)

// speakFirst is how long a client may be silent before the server is asked whether it speaks first.
const speakFirst = 400 * time.Millisecond

// tunnel is what a client asked for by CONNECT, by SOCKS, or by starting TLS on the port.
type tunnel struct {
	server *Server
	client net.Conn
	peer   *peer
	target string               // host:port
	accept func() error         // tells the client that the tunnel stands
	refuse func(*traffic.Fault) // tells it that there is none
}

// run decides what becomes of the tunnel and sees it to its end, or hands its inside to the http.Server.
func (t *tunnel) run() {
	s := t.server
	if fault := s.leaves(t.target); fault != nil {
		t.blind(fault)
		return
	}
	if err := t.accept(); err != nil {
		_ = t.client.Close()
		return
	}
	t.read()
}

// leaves says why a host's tunnels are not decrypted; nil if they are.
func (s *Server) leaves(target string) *traffic.Fault {
	if isCheck(target) {
		return nil
	}
	host, _ := splitAddr(target)
	if why, passed := s.cfg.Scope.passes(target); passed {
		reason := "Passed through unread because " + host + " is on the pass-through list."
		if why != "" {
			reason = "Passed through unread because " + why + "."
		}
		return &traffic.Fault{Stage: traffic.StagePassed, Reason: reason}
	}
	if !s.cfg.Scope.Includes(target) {
		return &traffic.Fault{Stage: traffic.StageScope, Reason: "Passed through unread because " + host + " is out of scope."}
	}
	return nil
}

// beginTunnel starts the row of a tunnel.
func (s *Server) beginTunnel(target string, p *peer, fault *traffic.Fault) *recording {
	x := traffic.Exchange{
		Started: time.Now(), Source: traffic.SourceProxy, Kind: traffic.KindTunnel, Fault: fault,
		Request: traffic.Request{Method: "CONNECT", URL: target, Host: target},
	}
	return s.begin(x, p, func(rec *recording) { rec.route, rec.slim, rec.tunnel = route{target: target}, true, true })
}

// blind connects the client to the server without reading what they say.
func (t *tunnel) blind(fault *traffic.Fault) {
	defer t.client.Close()
	rec := t.server.beginTunnel(t.target, t.peer, fault)
	defer func() { rec.end(false) }()
	up, err := t.server.dialer.dial(t.server.ctx, t.target)
	if err != nil {
		rec.broken(faultOf(t.target, err))
		t.refuse(faultOf(t.target, err))
		return
	}
	defer up.Close()
	if t.accept() == nil {
		rec.tunnelled(t.server.dialer.facts(up))
		t.server.relay(rec, t.client, up)
	}
}

// raw goes on with a tunnel that turned out to carry neither TLS nor HTTP. up may be connected already.
func (t *tunnel) raw(first []byte, up net.Conn) {
	defer t.client.Close()
	rec := t.server.beginTunnel(t.target, t.peer, &traffic.Fault{
		Stage: traffic.StageNotTLS, Reason: "Passed through unread because it is neither TLS nor HTTP.",
	})
	defer func() { rec.end(false) }()
	if up == nil {
		var err error
		if up, err = t.server.dialer.dial(t.server.ctx, t.target); err != nil {
			rec.broken(faultOf(t.target, err))
			return
		}
	}
	defer up.Close()
	rec.tunnelled(t.server.dialer.facts(up))
	t.server.relay(rec, replay(t.client, first), up)
}

// relay copies both directions until both have ended, or one has broken.
func (s *Server) relay(rec *recording, client, up net.Conn) {
	stop := context.AfterFunc(s.ctx, func() {
		_ = client.Close()
		_ = up.Close()
	})
	defer stop()
	var both sync.WaitGroup
	both.Go(func() { pump(rec, traffic.FromClient, up, client) })
	both.Go(func() { pump(rec, traffic.FromServer, client, up) })
	both.Wait()
}

// pump copies one direction and passes its end on.
func pump(rec *recording, side traffic.Side, to, from net.Conn) {
	buf := buffers.Get()
	defer buffers.Put(buf)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			rec.passed(side, n)
			if _, werr := to.Write(buf[:n]); werr != nil {
				err = werr
			}
		}
		switch {
		case err == nil:
		case errors.Is(err, io.EOF):
			_ = closeWrite(to)
			return
		default:
			rec.bodyEnd(side, err)
			_ = to.Close()
			_ = from.Close()
			return
		}
	}
}

// listen waits for the first bytes of the client. Where it stays silent, the server may be one that speaks first (a
// mail server, say); then up is the connection on which it did.
func (t *tunnel) listen() (first []byte, up net.Conn, err error) {
	buf := make([]byte, 512)
	_ = t.client.SetReadDeadline(time.Now().Add(speakFirst))
	n, err := t.client.Read(buf)
	if n == 0 && errors.Is(err, os.ErrDeadlineExceeded) {
		n, up, err = t.eitherSpeaks(buf)
	}
	_ = t.client.SetReadDeadline(time.Time{})
	if up != nil {
		return buf[:n], up, nil
	}
	if n == 0 {
		return nil, nil, err
	}
	return buf[:n], nil, nil
}

// eitherSpeaks connects to the server and waits for whoever speaks first.
func (t *tunnel) eitherSpeaks(buf []byte) (int, net.Conn, error) {
	_ = t.client.SetReadDeadline(time.Now().Add(idleTimeout))
	ctx, cancel := context.WithCancel(t.server.ctx)
	defer cancel()
	var up net.Conn
	var greeting []byte
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := t.server.dialer.dial(ctx, t.target)
		if err != nil {
			return
		}
		stop := context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Unix(1, 0)) })
		defer stop()
		first := make([]byte, 512)
		n, _ := conn.Read(first)
		if n == 0 {
			_ = conn.Close()
			return
		}
		up, greeting = conn, first[:n]
		_ = t.client.SetReadDeadline(time.Unix(1, 0))
	}()
	n, err := t.client.Read(buf)
	cancel()
	<-done
	if up == nil {
		return n, nil, err
	}
	_ = up.SetReadDeadline(time.Time{})
	return n, replay(up, greeting), nil
}
