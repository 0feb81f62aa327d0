package proxy

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strconv"
	"time"

	"assay/traffic"
)

// welcome tells by the first byte of a connection to the port what the client speaks.
func (s *Server) welcome(c net.Conn) {
	if !s.hold(c) {
		_ = c.Close()
		return
	}
	held := &heldConn{Conn: c, server: s}
	p := s.processes.peer(c)
	first := make([]byte, 1)
	_ = c.SetReadDeadline(time.Now().Add(headerTimeout))
	if _, err := io.ReadFull(c, first); err != nil {
		_ = held.Close()
		return
	}
	_ = c.SetReadDeadline(time.Time{})
	all := replay(held, first)
	switch first[0] {
	case socksVersion:
		s.socks(all, p)
	case 0x16:
		s.transparent(all, p)
	default:
		s.serve(all, route{}, p)
	}
}

// heldConn is a connection to the port, which Shutdown closes.
type heldConn struct {
	net.Conn
	server *Server
}

// CloseWrite ends the sending direction.
func (c *heldConn) CloseWrite() error { return closeWrite(c.Conn) }

// Close closes the connection.
func (c *heldConn) Close() error {
	c.server.release(c.Conn)
	return c.Conn.Close()
}

// transparent serves TLS that was begun on the port itself, as a redirected client does: the name in its hello says
// where it wanted to go.
func (s *Server) transparent(c net.Conn, p *peer) {
	_ = c.SetReadDeadline(time.Now().Add(handshakeTimeout))
	name, read := helloName(s.ctx, c)
	_ = c.SetReadDeadline(time.Time{})
	target := net.JoinHostPort(name, "443")
	if name == "" || s.self.target(target) {
		_ = c.Close()
		return
	}
	t := &tunnel{
		server: s, client: replay(c, read), peer: p, target: target,
		accept: func() error { return nil }, refuse: func(*traffic.Fault) {},
	}
	t.run()
}

var errPeeked = errors.New("peeked")

// helloName reads a ClientHello and gives its server name and all bytes read.
func helloName(ctx context.Context, c net.Conn) (name string, read []byte) {
	peek := &peekConn{Conn: c}
	_ = tls.Server(peek, &tls.Config{GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		name = hello.ServerName
		return nil, errPeeked
	}}).HandshakeContext(ctx)
	return name, peek.read
}

// peekConn keeps what is read and sends nothing.
type peekConn struct {
	net.Conn
	read []byte
}

func (c *peekConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.read = append(c.read, p[:n]...)
	return n, err
}

func (c *peekConn) Write(p []byte) (int, error) { return len(p), nil }

// SOCKS version 5 (RFC 1928).
const (
	socksVersion     = 5
	socksNoAuth      = 0
	socksNoneAgreed  = 0xff
	socksConnect     = 1
	socksIPv4        = 1
	socksDomain      = 3
	socksIPv6        = 4
	socksOK          = 0
	socksNotAllowed  = 2
	socksUnreachable = 4
	socksRefused     = 5
	socksNoCommand   = 7
	socksNoAddress   = 8
)

var errSOCKS = errors.New("not a SOCKS5 request that can be served")

// socks serves a client that speaks SOCKS5.
func (s *Server) socks(c net.Conn, p *peer) {
	_ = c.SetDeadline(time.Now().Add(headerTimeout))
	target, err := readSOCKS(c)
	_ = c.SetDeadline(time.Time{})
	if err != nil {
		_ = c.Close()
		return
	}
	if s.self.target(target) {
		s.looped(target, p)
		_ = replySOCKS(c, socksNotAllowed)
		_ = c.Close()
		return
	}
	t := &tunnel{
		server: s, client: c, peer: p, target: target,
		accept: func() error { return replySOCKS(c, socksOK) },
		refuse: func(fault *traffic.Fault) {
			code := byte(socksRefused)
			if fault.Stage == traffic.StageDNS {
				code = socksUnreachable
			}
			_ = replySOCKS(c, code)
		},
	}
	t.run()
}

// readSOCKS takes greeting and request, and gives the target.
func readSOCKS(c io.ReadWriter) (string, error) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(c, head); err != nil {
		return "", err
	}
	methods := make([]byte, head[1])
	if _, err := io.ReadFull(c, methods); err != nil {
		return "", err
	}
	agreed := byte(socksNoneAgreed)
	for _, m := range methods {
		if m == socksNoAuth {
			agreed = socksNoAuth
		}
	}
	if _, err := c.Write([]byte{socksVersion, agreed}); err != nil || agreed != socksNoAuth {
		return "", errSOCKS
	}
	ask := make([]byte, 4)
	if _, err := io.ReadFull(c, ask); err != nil {
		return "", err
	}
	host, err := readSOCKSHost(c, ask[3])
	if err != nil {
		return "", err
	}
	port := make([]byte, 2)
	if _, err := io.ReadFull(c, port); err != nil {
		return "", err
	}
	if ask[0] != socksVersion || ask[1] != socksConnect {
		_ = replySOCKS(c, socksNoCommand)
		return "", errSOCKS
	}
	return net.JoinHostPort(host, strconv.Itoa(int(binary.BigEndian.Uint16(port)))), nil
}

func readSOCKSHost(c io.ReadWriter, kind byte) (string, error) {
	size := map[byte]int{socksIPv4: net.IPv4len, socksIPv6: net.IPv6len}[kind]
	if kind == socksDomain {
		length := make([]byte, 1)
		if _, err := io.ReadFull(c, length); err != nil {
			return "", err
		}
		size = int(length[0])
	}
	if size == 0 {
		_ = replySOCKS(c, socksNoAddress)
		return "", errSOCKS
	}
	host := make([]byte, size)
	if _, err := io.ReadFull(c, host); err != nil {
		return "", err
	}
	if kind == socksDomain {
		return string(host), nil
	}
	return net.IP(host).String(), nil
}

func replySOCKS(c io.Writer, code byte) error {
	_, err := c.Write([]byte{socksVersion, code, 0, socksIPv4, 0, 0, 0, 0, 0, 0})
	return err
}
