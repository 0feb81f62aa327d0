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
	url  string
	done chan struct{}
	err  error
}

// URL is the root of the lab, such as "http://127.0.0.1:4000", without a slash at the end.
func (s *Server) URL() string { return s.url }

// Wait blocks until the lab has stopped and every request has ended, and tells why if it was not asked to.
func (s *Server) Wait() error {
	<-s.done
	return s.err
}

// Start listens on addr ("127.0.0.1:0" picks a free port) until ctx ends; HTTP/1.1 and HTTP/2, over TLS if asked.
// It returns once connections are accepted.
func (l *Lab) Start(ctx context.Context, addr string, withTLS bool) (*Server, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("the lab cannot listen on %s: %w", addr, err)
	}
	// Streams that never end, such as MCP's, hang on this context and not on their connection alone.
	base, cancel := context.WithCancel(context.WithoutCancel(ctx))
	web := &http.Server{
		Handler:           l.handler,
		ReadHeaderTimeout: 30 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return base },
		Protocols:         new(http.Protocols),
	}
	web.Protocols.SetHTTP1(true)
	web.Protocols.SetHTTP2(true)
	web.Protocols.SetUnencryptedHTTP2(true)
	s := &Server{url: "http://" + listener.Addr().String(), done: make(chan struct{})}
	if withTLS {
		certificate, err := l.certificate()
		if err != nil {
			cancel()
			return nil, errors.Join(err, listener.Close())
		}
		web.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
		s.url = "https://" + listener.Addr().String()
	}
	go s.serve(ctx, web, listener, withTLS, cancel)
	return s, nil
}

func (s *Server) serve(ctx context.Context, web *http.Server, listener net.Listener, withTLS bool, cancel context.CancelFunc) {
	defer close(s.done)
	ended := make(chan error, 1)
	go func() {
		if withTLS {
			ended <- web.ServeTLS(listener, "", "")
			return
		}
		ended <- web.Serve(listener)
	}()
	select {
	case s.err = <-ended:
		cancel()
	case <-ctx.Done():
		cancel()
		grace, stop := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer stop()
		if web.Shutdown(grace) != nil {
			s.err = web.Close()
		}
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
