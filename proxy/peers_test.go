package proxy_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	netproxy "golang.org/x/net/proxy"

	"assay/proxy"
	"assay/traffic"
)

// echo is a WebSocket server that says everything back.
func echo(mode websocket.CompressionMode) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: mode})
		if err != nil {
			return
		}
		defer func() { _ = c.CloseNow() }()
		c.SetReadLimit(1 << 24)
		for {
			kind, data, err := c.Read(r.Context())
			if err != nil {
				return
			}
			if err := c.Write(r.Context(), kind, data); err != nil {
				return
			}
		}
	}
}

func TestWebSocket(t *testing.T) {
	t.Parallel()
	modes := map[string]websocket.CompressionMode{
		"plain": websocket.CompressionDisabled, "no takeover": websocket.CompressionNoContextTakeover, "takeover": websocket.CompressionContextTakeover,
	}
	for name, mode := range modes {
		for _, scheme := range []string{"ws", "wss"} {
			t.Run(scheme+" "+name, func(t *testing.T) {
				t.Parallel()
				up := httptest.NewUnstartedServer(echo(mode))
				if scheme == "ws" {
					up.Start()
				} else {
					up.StartTLS()
				}
				t.Cleanup(up.Close)
				p := start(t, nil, up)
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				c, resp, err := websocket.Dial(ctx, up.URL, &websocket.DialOptions{HTTPClient: p.client(t), CompressionMode: mode, CompressionThreshold: 1})
				if err != nil {
					t.Fatal(err)
				}
				if agreed := resp.Header.Get("Sec-Websocket-Extensions") != ""; agreed != (name != "plain") {
					t.Fatalf("extensions %v", resp.Header)
				}
				c.SetReadLimit(1 << 24)
				noise := make([]byte, 200_000)
				_, _ = rand.Read(noise)
				messages := [][]byte{[]byte("hello"), []byte("hello"), {}, bytes.Repeat([]byte("again and again "), 9000), noise, []byte("hello")}
				for _, m := range messages {
					if err := c.Write(ctx, websocket.MessageText, m); err != nil {
						t.Fatal(err)
					}
					if _, got, err := c.Read(ctx); err != nil || !bytes.Equal(got, m) {
						t.Fatalf("echo of %d bytes: %d %v", len(m), len(got), err)
					}
				}
				if err := c.Close(websocket.StatusNormalClosure, "bye"); err != nil {
					t.Error(err)
				}
				x := p.tape.next(t)
				if x.Kind != traffic.KindWebSocket || x.State != traffic.StateComplete || x.Response.Status != 101 {
					t.Errorf("recorded %s %s %v", x.Kind, x.State, x.Fault)
				}
				checkFrames(t, x.frames, messages, name != "plain")
			})
		}
	}
}

func checkFrames(t *testing.T, frames []traffic.Frame, messages [][]byte, compressed bool) {
	t.Helper()
	said := map[traffic.Side][][]byte{}
	closes := 0
	for i, f := range frames {
		if f.Seq != i || f.Lost != "" || f.At == 0 {
			t.Errorf("frame %d: %+v", i, f)
		}
		if f.Opcode == 8 {
			closes++
			continue
		}
		if f.Compressed != compressed && len(f.Data) > 1000 {
			t.Errorf("frame %d: compressed %v", i, f.Compressed)
		}
		said[f.Side] = append(said[f.Side], f.Data)
	}
	for _, side := range []traffic.Side{traffic.FromClient, traffic.FromServer} {
		if len(said[side]) != len(messages) {
			t.Fatalf("%d messages of the %s, want %d", len(said[side]), side, len(messages))
		}
		for i := range messages {
			if !bytes.Equal(said[side][i], messages[i]) {
				t.Errorf("message %d of the %s: %d bytes", i, side, len(said[side][i]))
			}
		}
	}
	if closes != 2 {
		t.Errorf("%d close frames", closes)
	}
}

// TestFirstFrameWithUpgrade: a client that sends its first frame in the same segment as the upgrade.
func TestFirstFrameWithUpgrade(t *testing.T) {
	t.Parallel()
	up := httptest.NewTLSServer(echo(websocket.CompressionDisabled))
	t.Cleanup(up.Close)
	p := start(t, nil, up)
	c := p.secure(t, target(up), "example.com")
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"+
		"\x81\x82\x00\x00\x00\x00hi")
	br := bufio.NewReader(c)
	resp, err := http.ReadResponse(br, nil)
	if err != nil || resp.StatusCode != 101 {
		t.Fatal(resp, err)
	}
	frame := make([]byte, 4)
	if _, err := io.ReadFull(br, frame); err != nil || string(frame) != "\x81\x02hi" {
		t.Fatalf("%q %v", frame, err)
	}
}

func TestSOCKS(t *testing.T) {
	t.Parallel()
	up := upstream(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hi") })
	p := start(t, func(c *proxy.Config) { c.Upstream.Hosts = map[string]string{"name.test:443": target(up)} }, up)
	p.Scope().AcceptCertificate("name.test")
	through, err := netproxy.SOCKS5("tcp", p.addr, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{target(up), "name.test:443"} {
		raw, err := through.Dial("tcp", to)
		if err != nil {
			t.Fatal(err)
		}
		host, _, _ := net.SplitHostPort(to)
		c := tls.Client(raw, &tls.Config{ServerName: host, RootCAs: p.pool()})
		fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", to)
		if got := slurp(t, c); !strings.HasSuffix(got, "hi") {
			t.Errorf("%s: %q", to, got)
		}
		_ = c.Close()
		if x := p.tape.next(t); x.State != traffic.StateComplete || !strings.HasPrefix(x.Request.URL, "https://"+host) {
			t.Errorf("recorded %s %s", x.State, x.Request.URL)
		}
	}
	if _, err := through.Dial("tcp", p.addr); err == nil {
		t.Error("a loop was opened")
	}
	if x := p.tape.next(t); x.Fault.Stage != traffic.StageLoop {
		t.Errorf("recorded %v", x.Fault)
	}
	for name, bytes := range map[string]string{"bind": "\x05\x01\x00\x05\x02\x00\x01\x7f\x00\x00\x01\x00\x01", "auth only": "\x05\x01\x02", "odd address": "\x05\x01\x00\x05\x01\x00\x09"} {
		c := p.dial(t)
		fmt.Fprint(c, bytes)
		if got := slurp(t, c); len(got) < 2 || got[len(got)-1] == 0 && len(got) == 2 {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestLoops(t *testing.T) {
	t.Parallel()
	p := start(t, func(c *proxy.Config) { c.Upstream.Hosts = map[string]string{"sneaky.test": "127.0.0.1"} })
	_, port, _ := net.SplitHostPort(p.addr)
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "127.9.9.9", "LOCALHOST.", "0.0.0.0"} {
		c := p.dial(t)
		fmt.Fprintf(c, "CONNECT %s:%s HTTP/1.1\r\nHost: x\r\n\r\n", host, port)
		if got := slurp(t, c); !strings.HasPrefix(got, "HTTP/1.1 508 ") || !strings.Contains(got, "X-Assay-Error: loop") {
			t.Errorf("CONNECT %s: %q", host, got)
		}
		if x := p.tape.next(t); x.State != traffic.StateFailed || x.Fault.Stage != traffic.StageLoop {
			t.Errorf("recorded %s %v", x.State, x.Fault)
		}
		resp := get(t, p.client(t), "http://"+host+":"+port+"/", nil)
		if resp.StatusCode != http.StatusLoopDetected || p.tape.next(t).Fault.Stage != traffic.StageLoop {
			t.Errorf("GET %s: %d", host, resp.StatusCode)
		}
	}
	resp := get(t, p.client(t), "http://sneaky.test:"+port+"/", nil) // seen only when dialled
	if resp.StatusCode != http.StatusLoopDetected || p.tape.next(t).Fault.Stage != traffic.StageLoop {
		t.Errorf("GET sneaky.test: %d", resp.StatusCode)
	}
}

// relayProxy is an HTTP proxy that asks for a password; it is not ours.
func relayProxy(t *testing.T, seen chan<- string) *httptest.Server {
	t.Helper()
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte("user:secret"))
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen <- r.Method + " " + r.RequestURI
		if r.Header.Get("Proxy-Authorization") != want {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		if r.Method != http.MethodConnect {
			fmt.Fprint(w, "from the proxy")
			return
		}
		up, err := net.Dial("tcp", r.Host)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer up.Close()
		c, rw, _ := http.NewResponseController(w).Hijack()
		defer c.Close()
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { _, _ = io.Copy(up, rw) }()
		_, _ = io.Copy(c, up)
	}))
	t.Cleanup(s.Close)
	return s
}

func TestUpstreamProxy(t *testing.T) {
	t.Parallel()
	up := upstream(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "hi") })
	seen := make(chan string, 16)
	relay := relayProxy(t, seen)
	via, _ := url.Parse(relay.URL)
	via.User = url.UserPassword("user", "secret")
	p := start(t, func(c *proxy.Config) { c.Upstream.Proxy = via }, up)
	for _, protocol := range []string{"h1", "h2"} {
		if got := slurp(t, get(t, p.client(t, protocol), up.URL, nil).Body); got != "hi" {
			t.Errorf("%s: %q", protocol, got)
		}
		if x := p.tape.next(t); x.Server.Via != relay.URL || strings.Contains(x.Server.Via, "secret") {
			t.Errorf("via %q", x.Server.Via)
		}
		if got := <-seen; got != "CONNECT "+target(up) {
			t.Errorf("asked %q", got)
		}
	}
	if got := slurp(t, get(t, p.client(t), "http://plain.test/path", nil).Body); got != "from the proxy" || <-seen != "GET http://plain.test/path" {
		t.Errorf("plain http: %q", got)
	}
	p.tape.next(t)
	p.Scope().PassThrough("127.0.0.1")
	direct := up.Client().Transport.(*http.Transport).Clone()
	direct.Proxy = http.ProxyURL(p.url)
	t.Cleanup(direct.CloseIdleConnections)
	if got := slurp(t, get(t, &http.Client{Transport: direct}, up.URL, nil).Body); got != "hi" || <-seen != "CONNECT "+target(up) {
		t.Errorf("tunnel: %q", got)
	}

	via2 := *via
	via2.User = nil
	denied := start(t, func(c *proxy.Config) { c.Upstream.Proxy = &via2 }, up)
	resp := get(t, denied.client(t), up.URL, nil)
	if text := slurp(t, resp.Body); resp.StatusCode != 502 || !strings.Contains(text, "407") {
		t.Errorf("%d %q", resp.StatusCode, text)
	}
}

// TestUpstreamSOCKS: one of our own ports serves as the SOCKS5 proxy of another.
func TestUpstreamSOCKS(t *testing.T) {
	t.Parallel()
	up := upstream(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hi") })
	far := start(t, nil, up)
	far.Scope().PassThrough("127.0.0.1")
	near := start(t, func(c *proxy.Config) { c.Upstream.Proxy = &url.URL{Scheme: "socks5", Host: far.addr} }, up)
	for _, protocol := range []string{"h1", "h2"} {
		if got := slurp(t, get(t, near.client(t, protocol), up.URL, nil).Body); got != "hi" {
			t.Errorf("%q", got)
		}
		if x := near.tape.next(t); x.Server.Via != "socks5://"+far.addr {
			t.Errorf("via %q", x.Server.Via)
		}
	}
}

func TestReverseMode(t *testing.T) {
	t.Parallel()
	up := upstream(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Host+" "+r.RequestURI) })
	base, _ := url.Parse(up.URL + "/base/")
	p := start(t, func(c *proxy.Config) { c.Providers = map[string]*url.URL{"lab": base} }, up)
	plain := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(plain.CloseIdleConnections)
	for path, want := range map[string]string{
		"/r/lab/v1/chat?x=%zz": "/base/v1/chat?x=%zz", "/r/lab/a%2Fb": "/base/a%2Fb", "/r/lab": "/base/", "/r/lab/": "/base/",
	} {
		req := (&http.Request{Method: "GET", Host: p.addr, URL: &url.URL{Scheme: "http", Host: p.addr, Opaque: path}}).WithContext(t.Context())
		resp, err := plain.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if got := slurp(t, resp.Body); got != target(up)+" "+want {
			t.Errorf("%s: %q", path, got)
		}
		_ = resp.Body.Close()
		if x := p.tape.next(t); x.Source != traffic.SourceReverse || x.Request.URL != up.URL+want {
			t.Errorf("recorded %s %s", x.Source, x.Request.URL)
		}
	}
	if resp := get(t, plain, p.url.String()+"/r/nobody/v1", nil); resp.StatusCode != http.StatusNotFound {
		t.Errorf("unknown provider: %d", resp.StatusCode)
	}
	whole := start(t, func(c *proxy.Config) { c.Reverse = base }, up)
	if got := slurp(t, get(t, plain, whole.url.String()+"/v1/models", nil).Body); got != target(up)+" /base/v1/models" {
		t.Errorf("reverse: %q", got)
	}
}

func TestOwnPages(t *testing.T) {
	t.Parallel()
	p := start(t, nil)
	plain := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(plain.CloseIdleConnections)
	if got := slurp(t, get(t, plain, p.url.String()+"/ca.pem", nil).Body); got != string(p.ca.PEM()) {
		t.Errorf("ca.pem: %q", got)
	}
	if got := slurp(t, get(t, plain, p.url.String()+"/proxy.pac", nil).Body); !strings.Contains(got, "PROXY "+p.addr) {
		t.Errorf("proxy.pac: %q", got)
	}
	for _, host := range []string{"evil.test", "evil.test:80", "127.0.0.1:1"} {
		if resp := get(t, plain, p.url.String()+"/ca.pem", func(r *http.Request) { r.Host = host }); resp.StatusCode != http.StatusMisdirectedRequest {
			t.Errorf("Host %s: %d", host, resp.StatusCode)
		}
	}
	if got := slurp(t, get(t, p.client(t), "https://check.assay.invalid/", nil).Body); !strings.HasPrefix(got, "assay") {
		t.Errorf("check: %q", got)
	}
}

func TestScope(t *testing.T) {
	t.Parallel()
	up := upstream(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hi") })
	plainUp := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hi") }))
	t.Cleanup(plainUp.Close)
	scope, err := proxy.NewScope("api.test", "*.in.test", "10.0.0.0/8", "some.test:8443")
	if err != nil {
		t.Fatal(err)
	}
	for addr, want := range map[string]bool{
		"api.test:443": true, "API.test.": true, "x.api.test:443": false, "a.in.test:1": true, "in.test:443": false,
		"10.1.2.3:443": true, "11.1.2.3:443": false, "some.test:8443": true, "some.test:443": false,
	} {
		if scope.Includes(addr) != want {
			t.Errorf("%s: %v", addr, !want)
		}
	}
	for _, bad := range []string{"", "a b", "*.", "http://x", "a*b"} {
		if _, err := proxy.NewScope(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	p := start(t, func(c *proxy.Config) { c.Scope = scope }, up)
	direct := up.Client().Transport.(*http.Transport).Clone()
	direct.Proxy = http.ProxyURL(p.url)
	direct.DisableKeepAlives = true
	for _, site := range []string{up.URL, plainUp.URL} {
		if got := slurp(t, get(t, &http.Client{Transport: direct}, site, nil).Body); got != "hi" {
			t.Errorf("%q", got)
		}
		direct.CloseIdleConnections()
		x := p.tape.next(t)
		if x.Kind != traffic.KindTunnel || x.Fault.Stage != traffic.StageScope || x.State != traffic.StateComplete && x.State != traffic.StateClosed || x.Response.Body.Size == 0 || len(x.response) != 0 || len(x.Request.Header) != 0 {
			t.Errorf("recorded %s %s %v %+v", x.Kind, x.State, x.Fault, x.Response)
		}
	}
}

func TestTransparentTLS(t *testing.T) {
	t.Parallel()
	up := upstream(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Host) })
	p := start(t, func(c *proxy.Config) { c.Upstream.Hosts = map[string]string{"example.com": target(up)} }, up)
	c := tls.Client(p.dial(t), &tls.Config{ServerName: "example.com", RootCAs: p.pool()})
	fmt.Fprint(c, "GET /x HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n")
	if got := slurp(t, c); !strings.HasSuffix(got, "example.com") {
		t.Errorf("%q", got)
	}
	if x := p.tape.next(t); x.Request.URL != "https://example.com/x" {
		t.Errorf("recorded %s", x.Request.URL)
	}
}

func TestClientCertificate(t *testing.T) {
	t.Parallel()
	p0 := start(t, nil)
	cert, err := p0.ca.Leaf("me.test")
	if err != nil {
		t.Fatal(err)
	}
	up := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.TLS.PeerCertificates[0].DNSNames[0])
	}))
	up.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	up.StartTLS()
	t.Cleanup(up.Close)
	p := start(t, func(c *proxy.Config) {
		c.Upstream.Certificates = []proxy.ClientCertificate{{Host: "127.0.0.0/8", Certificate: *cert}}
	}, up)
	if got := slurp(t, get(t, p.client(t), up.URL, nil).Body); got != "me.test" {
		t.Errorf("%q", got)
	}
}

func TestListen(t *testing.T) {
	t.Parallel()
	p := start(t, nil)
	authority, _ := testCA()
	for listen, want := range map[string]string{
		p.addr: p.addr + " is taken", "0.0.0.0:0": "other machines", "nonsense": "host:port", "127.0.0.1:99999": "not a port", "192.0.2.1:0": "other machines",
	} {
		s, err := proxy.New(proxy.Config{Authority: authority, Listen: listen})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Listen(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", listen, err)
		}
	}
}

func TestShutdownRecordsEverything(t *testing.T) {
	t.Parallel()
	eachProtocol(t, func(t *testing.T, protocol string) {
		up := upstream(t, func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "begun")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		})
		p := start(t, nil, up)
		resp := get(t, p.client(t, protocol), up.URL, nil)
		if _, err := io.ReadFull(resp.Body, make([]byte, len("begun"))); err != nil {
			t.Fatal(err)
		}
		idle := p.connect(t, target(up))
		if st := p.Stats(); st.Exchanges != 1 || st.Clients < 2 || st.Recorded != 1 {
			t.Errorf("stats %+v", st)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if err := p.Shutdown(ctx); err != nil {
			t.Fatal(err)
		}
		if x := p.tape.next(t); x.State != traffic.StateClosed || x.Fault.Stage != traffic.StageCrash || string(x.response) != "begun" {
			t.Errorf("recorded %s %v %q", x.State, x.Fault, x.response)
		}
		if _, err := io.ReadAll(resp.Body); err == nil {
			t.Error("the client saw a whole answer")
		}
		if _, err := idle.Read(make([]byte, 1)); err == nil {
			t.Error("a tunnel is still open")
		}
	})
}

// TestClientProcess: the program is looked up beside the traffic, so it is known sooner or later.
func TestClientProcess(t *testing.T) {
	t.Parallel()
	up := upstream(t, func(http.ResponseWriter, *http.Request) {})
	p := start(t, nil, up)
	c := p.client(t)
	for try := 0; ; try++ {
		slurp(t, get(t, c, up.URL, nil).Body)
		x := p.tape.next(t)
		if x.Client.Addr == "" {
			t.Fatal("no address")
		}
		if x.Client.PID == processID() {
			return
		}
		if try > 100 {
			t.Fatalf("recorded %+v", x.Client)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// wall is a guard that answers for one path, and marks every answer.
type wall struct{}

func (wall) Request(r *http.Request) *http.Response {
	if r.URL.Path != "/forbidden" {
		return nil
	}
	return &http.Response{StatusCode: http.StatusForbidden, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("no"))}
}

func (wall) Response(r *http.Response) { r.Header.Set("X-Seen", "yes") }

func TestGuard(t *testing.T) {
	t.Parallel()
	eachProtocol(t, func(t *testing.T, protocol string) {
		up := upstream(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hi") })
		p := start(t, func(c *proxy.Config) { c.Guard = wall{} }, up)
		c := p.client(t, protocol)
		resp := get(t, c, up.URL+"/forbidden", nil)
		if got := slurp(t, resp.Body); resp.StatusCode != http.StatusForbidden || got != "no" {
			t.Errorf("%d %q", resp.StatusCode, got)
		}
		if x := p.tape.next(t); x.State != traffic.StateFailed || x.Fault.Stage != traffic.StageGuard || x.Response != nil {
			t.Errorf("recorded %s %v", x.State, x.Fault)
		}
		resp = get(t, c, up.URL+"/", nil)
		if got := slurp(t, resp.Body); got != "hi" || resp.Header.Get("X-Seen") != "yes" {
			t.Errorf("%q %v", got, resp.Header)
		}
		if x := p.tape.next(t); x.State != traffic.StateComplete || x.Response.Header.Has("X-Seen") {
			t.Errorf("recorded %s %v", x.State, x.Response.Header)
		}
	})
}

// TestPlainHTTP2: HTTP/2 without TLS in a tunnel, as gRPC clients without credentials speak it.
func TestPlainHTTP2(t *testing.T) {
	t.Parallel()
	up := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) }))
	up.Config.Protocols = new(http.Protocols)
	up.Config.Protocols.SetUnencryptedHTTP2(true)
	up.Start()
	t.Cleanup(up.Close)
	p := start(t, nil)
	tr := &http.Transport{Protocols: new(http.Protocols), DialContext: func(context.Context, string, string) (net.Conn, error) {
		return p.connect(t, target(up)), nil
	}}
	tr.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(tr.CloseIdleConnections)
	if got := slurp(t, get(t, &http.Client{Transport: tr}, up.URL, nil).Body); got != "HTTP/2.0" {
		t.Errorf("the server heard %s", got)
	}
	if x := p.tape.next(t); x.Request.Proto != "HTTP/2.0" || x.Response.Proto != "HTTP/2.0" || x.Request.URL != up.URL+"/" {
		t.Errorf("recorded %+v", x.Request)
	}
}

// TestCurl: a client that is not written in Go, with an upload large enough for Expect: 100-continue.
func TestCurl(t *testing.T) {
	t.Parallel()
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Fatal("curl is not installed: run `make setup`")
	}
	up := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		fmt.Fprintf(w, "%d over %s", n, r.Proto)
	})
	p := start(t, nil, up)
	file := filepath.Join(t.TempDir(), "upload")
	if err := os.WriteFile(file, make([]byte, 3<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	for flag, want := range map[string]string{"--http1.1": "HTTP/1.1", "--http2": "HTTP/2.0"} {
		for _, by := range []string{"http", "socks5h"} {
			cmd := exec.CommandContext(t.Context(), curl, "-sS", "-m", "20", flag, "-x", by+"://"+p.addr, "--cacert", p.ca.Path(), "--noproxy", "", "-T", file, up.URL+"/up")
			out, err := cmd.CombinedOutput()
			if err != nil || string(out) != "3145728 over "+want {
				t.Errorf("%s %s: %q %v", flag, by, out, err)
			}
			if x := p.tape.next(t); x.State != traffic.StateComplete || len(x.request) != 3<<20 || x.Request.Proto != want {
				t.Errorf("recorded %s %v, %d bytes over %s", x.State, x.Fault, len(x.request), x.Request.Proto)
			}
		}
	}
}
