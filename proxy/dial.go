package proxy

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	netproxy "golang.org/x/net/proxy"

	"assay/traffic"
)

var errLoop = errors.New("the address is the proxy's own port")

var errVia = errors.New("the upstream proxy did not open a tunnel")

// dial opens a TCP connection to target (host:port), through the upstream proxy if there is one.
func (d *dialer) dial(ctx context.Context, target string) (net.Conn, error) {
	target = d.override(target)
	if d.Proxy == nil {
		return d.tcp().DialContext(ctx, "tcp", target)
	}
	if strings.HasPrefix(d.Proxy.Scheme, "socks5") {
		return d.dialSOCKS(ctx, target)
	}
	c, err := d.dialVia(ctx)
	if err != nil {
		return nil, err
	}
	through, err := d.connect(ctx, c, target)
	if err != nil {
		_ = c.Close()
		return nil, err
	}
	return through, nil
}

// tcp gives a dialer that refuses to connect to the proxy itself, whatever name led there.
func (d *dialer) tcp() *net.Dialer {
	return &net.Dialer{Timeout: dialTimeout, Control: func(_, address string, _ syscall.RawConn) error {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return err
		}
		n, _ := strconv.Atoi(port)
		host, _, _ = strings.Cut(host, "%")
		if d.own(net.ParseIP(host), n) {
			return errLoop
		}
		return nil
	}}
}

func (d *dialer) override(target string) string {
	if len(d.Hosts) == 0 {
		return target
	}
	host, port := splitAddr(target)
	to, ok := d.Hosts[net.JoinHostPort(host, port)]
	if !ok {
		to, ok = d.Hosts[host]
	}
	if !ok {
		return target
	}
	if _, _, err := net.SplitHostPort(to); err == nil {
		return to
	}
	return net.JoinHostPort(strings.Trim(to, "[]"), port)
}

func (d *dialer) proxyAddr() string {
	if d.Proxy.Port() != "" {
		return d.Proxy.Host
	}
	port := map[string]string{"http": "80", "https": "443"}[d.Proxy.Scheme]
	if port == "" {
		port = "1080"
	}
	return net.JoinHostPort(d.Proxy.Hostname(), port)
}

// dialVia opens a connection to the upstream HTTP proxy itself.
func (d *dialer) dialVia(ctx context.Context) (net.Conn, error) {
	c, err := d.tcp().DialContext(ctx, "tcp", d.proxyAddr())
	if err != nil {
		return nil, &stageError{traffic.StageConnect, "The upstream proxy " + d.Proxy.Host + " cannot be reached: " + cause(err) + ".", err}
	}
	if d.Proxy.Scheme != "https" {
		return c, nil
	}
	secured := tls.Client(c, &tls.Config{ServerName: d.Proxy.Hostname(), RootCAs: d.roots, InsecureSkipVerify: d.Insecure})
	ctx, cancel := context.WithTimeout(ctx, handshakeTimeout)
	defer cancel()
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = c.Close()
		return nil, &stageError{traffic.StageTLS, "The handshake with the upstream proxy " + d.Proxy.Host + " failed: " + cause(err) + ".", err}
	}
	return secured, nil
}

// connect asks the upstream proxy for a tunnel.
func (d *dialer) connect(ctx context.Context, c net.Conn, target string) (net.Conn, error) {
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	_ = c.SetDeadline(time.Now().Add(dialTimeout))
	ask := "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n"
	if user := d.Proxy.User; user != nil {
		password, _ := user.Password()
		ask += "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password)) + "\r\n"
	}
	if _, err := c.Write([]byte(ask + "\r\n")); err != nil {
		return nil, err
	}
	br := bufio.NewReader(c)
	resp, err := http.ReadResponse(br, &http.Request{Method: http.MethodConnect})
	if err != nil {
		return nil, err
	}
	_ = resp.Body.Close() // a 200 to CONNECT has none
	if resp.StatusCode != http.StatusOK {
		reason := fmt.Sprintf("The upstream proxy %s would not open a tunnel to %s: it answered %s.", d.Proxy.Host, target, resp.Status)
		return nil, &stageError{traffic.StageConnect, reason, errVia}
	}
	if !stop() {
		return nil, context.Cause(ctx)
	}
	_ = c.SetDeadline(time.Time{})
	early, _ := br.Peek(br.Buffered())
	return replay(c, slices.Clone(early)), nil
}

func (d *dialer) dialSOCKS(ctx context.Context, target string) (net.Conn, error) {
	var auth *netproxy.Auth
	if user := d.Proxy.User; user != nil {
		password, _ := user.Password()
		auth = &netproxy.Auth{User: user.Username(), Password: password}
	}
	through, err := netproxy.SOCKS5("tcp", d.proxyAddr(), auth, d.tcp())
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	c, err := through.(netproxy.ContextDialer).DialContext(ctx, "tcp", target)
	if err != nil {
		return nil, &stageError{traffic.StageConnect, fmt.Sprintf("The upstream proxy %s would not connect to %s: %s.", d.Proxy.Host, target, cause(err)), err}
	}
	return c, nil
}

// facts gives what is known about a connection before TLS.
func (d *dialer) facts(c net.Conn) *traffic.Server {
	facts := &traffic.Server{Addr: c.RemoteAddr().String()}
	if d.Proxy != nil {
		facts.Via = d.Proxy.Scheme + "://" + d.Proxy.Host
	}
	return facts
}

// describe adds what the handshake showed.
func describe(facts *traffic.Server, state tls.ConnectionState) {
	facts.TLSVersion = tls.VersionName(state.Version)
	facts.Cipher = tls.CipherSuiteName(state.CipherSuite)
	facts.ALPN = state.NegotiatedProtocol
	if len(state.PeerCertificates) == 0 {
		return
	}
	leaf := state.PeerCertificates[0]
	sum := sha256.Sum256(leaf.Raw)
	facts.CertSHA256 = hex.EncodeToString(sum[:])
	facts.CertIssuer = leaf.Issuer.String()
	facts.CertNames = slices.Clone(leaf.DNSNames)
	for _, ip := range leaf.IPAddresses {
		facts.CertNames = append(facts.CertNames, ip.String())
	}
	facts.CertExpiry = leaf.NotAfter
}
