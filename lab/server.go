package lab

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"time"
)

// Server is a listening lab.
type Server struct {
	url, desk string
	done      chan struct{}
	err       error
}

// URL is the root of the lab, such as "http://127.0.0.1:4000", without a slash at the end.
func (s *Server) URL() string { return s.url }

// Desk is the root of the help desk, which has a port of its own: an application that is found by its root.
func (s *Server) Desk() string { return s.desk }

// Wait blocks until the lab has stopped and every request has ended, and tells why if it was not asked to.
func (s *Server) Wait() error {
	<-s.done
	return s.err
}

// Start listens on addr ("127.0.0.1:0" picks a free port) until ctx ends; HTTP/1.1 and HTTP/2, over TLS if asked. The
// help desk gets another free port of the same host. It returns once connections are accepted.
func (l *Lab) Start(ctx context.Context, addr string, withTLS bool) (*Server, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("the lab cannot listen on %s: %w", addr, err)
	}
	var secure *tls.Config
	scheme := "http://"
	if withTLS {
		certificate, err := l.certificate()
		if err != nil {
			return nil, err
		}
		secure, scheme = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}, "https://"
	}
	var config net.ListenConfig
	front, err := config.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("the lab cannot listen on %s: %w", addr, err)
	}
	desk, err := config.Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the help desk of the lab cannot listen on %s: %w", host, err), front.Close())
	}
	// Streams that never end, such as MCP's, hang on this context and not on their connection alone.
	base, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s := &Server{url: scheme + front.Addr().String(), desk: scheme + desk.Addr().String(), done: make(chan struct{})}
	webs := []*http.Server{webServer(base, l.Handler(), secure.Clone()), webServer(base, l.Desk(), secure.Clone())}
	go s.serve(ctx, webs, []net.Listener{front, desk}, cancel)
	return s, nil
}

func webServer(base context.Context, handler http.Handler, secure *tls.Config) *http.Server {
	web := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 30 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return base },
		Protocols:         new(http.Protocols),
		TLSConfig:         secure,
	}
	web.Protocols.SetHTTP1(true)
	web.Protocols.SetHTTP2(true)
	web.Protocols.SetUnencryptedHTTP2(true)
	return web
}

// serve runs until ctx ends or one of the servers does.
func (s *Server) serve(ctx context.Context, webs []*http.Server, listeners []net.Listener, cancel context.CancelFunc) {
	defer close(s.done)
	ended := make(chan error, len(webs))
	for i, web := range webs {
		go func() {
			if web.TLSConfig != nil {
				ended <- web.ServeTLS(listeners[i], "", "")
				return
			}
			ended <- web.Serve(listeners[i])
		}()
	}
	left := len(webs)
	select {
	case s.err = <-ended:
		left--
	case <-ctx.Done():
	}
	cancel()
	grace, stop := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer stop()
	for _, web := range webs {
		if web.Shutdown(grace) != nil {
			s.err = errors.Join(s.err, web.Close())
		}
	}
	for range left {
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			s.err = errors.Join(s.err, err)
		}
	}
}

func (l *Lab) certificate() (tls.Certificate, error) {
	if l.options.Certificate != nil {
		return *l.options.Certificate, nil
	}
	return SelfSigned(time.Now())
}

// SelfSigned makes a certificate for localhost, 127.0.0.1 and ::1, valid from a day before now for 90 days, with the
// key in memory only. Its Leaf is set, so that a client can be told to trust it.
func SelfSigned(now time.Time) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make a key for the lab: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make a serial number for the lab: %w", err)
	}
	shape := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: "Assay lab"},
		NotBefore:             now.Add(-24 * time.Hour),
		NotAfter:              now.Add(90 * 24 * time.Hour),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
		DNSNames:              []string{"localhost"},
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	raw, err := x509.CreateCertificate(rand.Reader, shape, shape, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make a certificate for the lab: %w", err)
	}
	leaf, err := x509.ParseCertificate(raw)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("read the lab's certificate back: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key, Leaf: leaf}, nil
}
