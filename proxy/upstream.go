package proxy

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"assay/traffic"
)

// Upstream says how servers are reached and trusted.
type Upstream struct {
	// Proxy is another proxy to go through: http, https, socks5 or socks5h, with user:password where it asks for one.
	// The environment is never consulted.
	Proxy *url.URL
	// Roots are trusted beside the roots of the system, in PEM.
	Roots []byte
	// Insecure accepts every certificate. Scope.AcceptCertificate does so for one host.
	Insecure bool
	// Certificates are shown to servers that ask for one, by pattern of host as in a scope; the first that fits wins.
	Certificates []ClientCertificate
	// Hosts overrides name resolution: host or host:port to the address to connect to, with or without port.
	Hosts map[string]string
}

// ClientCertificate is shown to the servers a pattern names.
type ClientCertificate struct {
	Host        string
	Certificate tls.Certificate
}

const (
	dialTimeout      = 15 * time.Second
	handshakeTimeout = 15 * time.Second
	idleTimeout      = 5 * time.Minute
	idlePoolTimeout  = 90 * time.Second
)

// dialer opens connections to servers, through the upstream proxy if there is one.
type dialer struct {
	Upstream
	scope  *Scope
	own    func(net.IP, int) bool // whether an address is the proxy's own port
	roots  *x509.CertPool
	certs  []pattern // of Certificates
	cached tls.ClientSessionCache
	old    sync.Map // targets that were offered HTTP/2 and chose HTTP/1.1
}

func newDialer(up Upstream, scope *Scope, own func(net.IP, int) bool) (*dialer, error) {
	d := &dialer{Upstream: up, scope: scope, own: own, cached: tls.NewLRUClientSessionCache(512)}
	if up.Proxy != nil {
		switch up.Proxy.Scheme {
		case "http", "https", "socks5", "socks5h":
		default:
			return nil, fmt.Errorf("upstream proxy %s: the scheme must be http, https or socks5", up.Proxy.Redacted())
		}
	}
	for _, c := range up.Certificates {
		p, err := parsePattern(c.Host)
		if err != nil {
			return nil, fmt.Errorf("client certificate: %w", err)
		}
		d.certs = append(d.certs, p)
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if len(up.Roots) > 0 && !roots.AppendCertsFromPEM(up.Roots) {
		return nil, fmt.Errorf("the extra roots hold no certificate in PEM")
	}
	d.roots = roots
	return d, nil
}

// dialPlain opens a connection without TLS.
func (d *dialer) dialPlain(ctx context.Context, _, addr string) (net.Conn, error) {
	target, _ := splitKey(addr)
	c, err := d.dial(ctx, target)
	if err != nil {
		return nil, err
	}
	return &serverConn{Conn: c, facts: d.facts(c)}, nil
}

// dialH2C opens a connection on which HTTP/2 is spoken without TLS.
func (d *dialer) dialH2C(ctx context.Context, _, addr string) (net.Conn, error) {
	target, _ := splitKey(addr)
	c, err := d.dial(ctx, target)
	if err != nil {
		return nil, err
	}
	return &factsConn{Conn: c, facts: d.facts(c)}, nil
}

// dialProxy opens a connection to the upstream proxy, which is then given requests in absolute form.
func (d *dialer) dialProxy(ctx context.Context, _, _ string) (net.Conn, error) {
	c, err := d.dialVia(ctx)
	if err != nil {
		return nil, err
	}
	return &serverConn{Conn: c, facts: d.facts(c)}, nil
}

// dialTLS gives the function that opens a connection with TLS and offers the given protocols.
func (d *dialer) dialTLS(protocols ...string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, addr string) (net.Conn, error) {
		target, sni := splitKey(addr)
		raw, err := d.dial(ctx, target)
		if err != nil {
			return nil, err
		}
		c, err := d.secure(ctx, &factsConn{Conn: raw, facts: d.facts(raw)}, target, sni, protocols)
		if err != nil {
			_ = raw.Close()
			return nil, &stageError{traffic.StageTLS, tlsReason(target, err), err}
		}
		return c, nil
	}
}

// secure ends the handshake and gives the *tls.Conn if HTTP/2 was agreed, else a serverConn.
func (d *dialer) secure(ctx context.Context, raw *factsConn, target, sni string, protocols []string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, handshakeTimeout)
	defer cancel()
	cfg := d.tlsConfig(target, sni, protocols, raw.facts)
	c := tls.Client(raw, cfg)
	if err := c.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	state := c.ConnectionState()
	describe(raw.facts, state)
	raw.facts.SNI = cfg.ServerName
	if state.NegotiatedProtocol == "h2" {
		d.old.Delete(target)
		return c, nil
	}
	if slices.Contains(protocols, "h2") {
		d.old.Store(target, true)
	}
	if trace := httptrace.ContextClientTrace(ctx); trace != nil && trace.TLSHandshakeDone != nil {
		trace.TLSHandshakeDone(state, nil) // net/http says so only for a *tls.Conn
	}
	return &serverConn{Conn: c, facts: raw.facts}, nil
}

func (d *dialer) tlsConfig(target, sni string, protocols []string, facts *traffic.Server) *tls.Config {
	host, port := splitAddr(target)
	cfg := &tls.Config{
		ServerName:         host,
		NextProtos:         protocols,
		ClientSessionCache: d.cached,
		InsecureSkipVerify: true, // verified by VerifyConnection, which knows what a person has accepted
	}
	if sni != "" {
		cfg.ServerName = sni
	}
	name := cfg.ServerName
	cfg.VerifyConnection = func(state tls.ConnectionState) error {
		err := verify(state, name, d.roots)
		facts.Unverified = err != nil
		if d.Insecure || d.scope.Accepts(target) || d.scope.Accepts(name) {
			return nil
		}
		return err
	}
	for i, p := range d.certs {
		if p.matches(host, port) {
			cert := &d.Certificates[i].Certificate
			cfg.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return cert, nil }
			break
		}
	}
	return cfg
}

func verify(state tls.ConnectionState, name string, roots *x509.CertPool) error {
	if len(state.PeerCertificates) == 0 {
		return fmt.Errorf("the server showed no certificate")
	}
	opts := x509.VerifyOptions{DNSName: name, Roots: roots, Intermediates: x509.NewCertPool()}
	for _, c := range state.PeerCertificates[1:] {
		opts.Intermediates.AddCert(c)
	}
	_, err := state.PeerCertificates[0].Verify(opts)
	return err
}

// transports keep a pool of connections per protocol, so that what a client speaks is what the server hears.
type transports struct {
	h1, h2, h2c *http.Transport
	proxied     *http.Transport // plain http through an HTTP proxy; nil without one
}

func newTransports(d *dialer) *transports {
	t := &transports{h1: newTransport(), h2: newTransport(), h2c: newTransport()}
	t.h1.Protocols.SetHTTP1(true)
	t.h1.DialContext, t.h1.DialTLSContext = d.dialPlain, d.dialTLS("http/1.1")
	t.h2.Protocols.SetHTTP1(true)
	t.h2.Protocols.SetHTTP2(true)
	t.h2.DialTLSContext = d.dialTLS("h2", "http/1.1")
	t.h2c.Protocols.SetUnencryptedHTTP2(true)
	t.h2c.DialContext = d.dialH2C
	if d.Proxy != nil && strings.HasPrefix(d.Proxy.Scheme, "http") {
		t.proxied = newTransport()
		t.proxied.Protocols.SetHTTP1(true)
		proxy := &url.URL{Scheme: "http", Host: d.Proxy.Host, User: d.Proxy.User} // TLS to it is dialProxy's business
		t.proxied.Proxy = http.ProxyURL(proxy)
		t.proxied.DialContext = d.dialProxy
	}
	return t
}

// newTransport has no limit on the time an answer takes: models think for minutes.
func newTransport() *http.Transport {
	return &http.Transport{
		Protocols:              new(http.Protocols),
		DisableCompression:     true,
		MaxIdleConnsPerHost:    64,
		IdleConnTimeout:        idlePoolTimeout,
		TLSHandshakeTimeout:    handshakeTimeout,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: 1 << 20,
		ReadBufferSize:         16 << 10,
		WriteBufferSize:        16 << 10,
		HTTP2: &http.HTTP2Config{
			SendPingTimeout: 15 * time.Second, // notices that the machine slept
			PingTimeout:     15 * time.Second,
		},
	}
}

// RoundTrip sends a request over the protocol the client speaks.
func (t *transports) RoundTrip(req *http.Request) (*http.Response, error) {
	switch {
	case req.ProtoMajor == 2 && req.URL.Scheme == "https":
		return t.h2.RoundTrip(req)
	case req.ProtoMajor == 2:
		return t.h2c.RoundTrip(req)
	case t.proxied != nil && req.URL.Scheme == "http":
		return t.proxied.RoundTrip(req)
	}
	return t.h1.RoundTrip(req)
}

func (t *transports) closeIdle() {
	for _, tr := range []*http.Transport{t.h1, t.h2, t.h2c, t.proxied} {
		if tr != nil {
			tr.CloseIdleConnections()
		}
	}
}

// joinKey names a pool of connections: by the address, and by the server name to ask for where that is another one.
// The name stands where net/http keeps the host; it never leaves the process.
func joinKey(target, sni string) string {
	host, port, err := net.SplitHostPort(target)
	if sni == "" || err != nil {
		return target
	}
	return net.JoinHostPort(sni+"|"+host, port)
}

func splitKey(key string) (target, sni string) {
	host, port, err := net.SplitHostPort(key)
	if err != nil {
		return key, ""
	}
	sni, host, found := strings.Cut(host, "|")
	if !found {
		return key, ""
	}
	return net.JoinHostPort(host, port), sni
}
