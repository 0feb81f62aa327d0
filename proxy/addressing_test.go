package proxy_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"assay/proxy"
	"assay/traffic"
)

// TestHostHeaderDoesNotRoute: a Host header other than the tunnel's target is passed on, to the target.
func TestHostHeaderDoesNotRoute(t *testing.T) {
	t.Parallel()
	eachProtocol(t, func(t *testing.T, protocol string) {
		up := upstream(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Host) })
		p := start(t, nil, up)
		resp := get(t, p.client(t, protocol), up.URL, func(r *http.Request) { r.Host = "injected.invalid" })
		if got := slurp(t, resp.Body); got != "injected.invalid" {
			t.Errorf("the server saw Host %q", got)
		}
		x := p.tape.next(t)
		if x.Request.Host != "injected.invalid" || !strings.HasPrefix(x.Request.URL, up.URL) {
			t.Errorf("recorded %s %s", x.Request.Host, x.Request.URL)
		}
	})
}

// TestServerNameDiffersFromTarget: leaf and upstream handshake follow the client's SNI, the connection its CONNECT.
func TestServerNameDiffersFromTarget(t *testing.T) {
	t.Parallel()
	up := upstream(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.TLS.ServerName) })
	p := start(t, nil, up)
	c := p.secure(t, target(up), "example.com") // verifies the leaf; the test server's own certificate names it too
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: other.test\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := slurp(t, resp.Body); got != "example.com" {
		t.Errorf("the server was asked for %q", got)
	}
	if x := p.tape.next(t); x.Server.SNI != "example.com" || x.Server.Addr != target(up) || x.Request.URL != up.URL+"/" {
		t.Errorf("recorded %+v %s", x.Server, x.Request.URL)
	}
}

func TestEarlyHints(t *testing.T) {
	t.Parallel()
	eachProtocol(t, func(t *testing.T, protocol string) {
		up := upstream(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Link", "</style.css>")
			w.WriteHeader(http.StatusEarlyHints)
			w.Header().Del("Link")
			fmt.Fprint(w, "done")
		})
		p := start(t, nil, up)
		hints := 0
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
			if code == 103 && h.Get("Link") == "</style.css>" {
				hints++
			}
			return nil
		}})
		resp := get(t, p.client(t, protocol), up.URL, func(r *http.Request) { *r = *r.WithContext(ctx) })
		if slurp(t, resp.Body); hints != 1 || resp.Header.Get("Link") != "" {
			t.Errorf("%d hints, %v", hints, resp.Header)
		}
		x := p.tape.next(t)
		if len(x.Response.Informational) != 1 || x.Response.Informational[0].Status != 103 || x.Response.Status != 200 {
			t.Errorf("recorded %+v", x.Response)
		}
	})
}

func TestEarlyAnswer(t *testing.T) {
	t.Parallel()
	eachProtocol(t, func(t *testing.T, protocol string) {
		up := upstream(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Connection", "close")
			http.Error(w, "too much", http.StatusRequestEntityTooLarge)
		})
		p := start(t, nil, up)
		body, feed := io.Pipe()
		go func() {
			for range 8 { // and then waits, with the request unfinished, for what the server says
				if _, err := feed.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		}()
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, up.URL, body)
		resp, err := p.client(t, protocol).Do(req)
		_ = body.Close()
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if x := p.tape.next(t); resp.StatusCode != 413 || x.Response == nil || x.Response.Status != 413 {
			t.Errorf("client got %d", resp.StatusCode)
		}
	})
}

func TestLargeHeaders(t *testing.T) {
	t.Parallel()
	eachProtocol(t, func(t *testing.T, protocol string) {
		up := upstream(t, func(w http.ResponseWriter, r *http.Request) { w.Header().Set("X-Back", r.Header.Get("X-Large")) })
		p := start(t, nil, up)
		large := strings.Repeat("x", 64<<10)
		resp := get(t, p.client(t, protocol), up.URL, func(r *http.Request) { r.Header.Set("X-Large", large) })
		if x := p.tape.next(t); resp.Header.Get("X-Back") != large || x.Request.Header.Get("x-large") != large || x.Response.Header.Get("X-Back") != large {
			t.Errorf("status %d, %d bytes came back", resp.StatusCode, len(resp.Header.Get("X-Back")))
		}
	})
}

// TestHelloWithConnect: CONNECT and ClientHello in one segment.
func TestHelloWithConnect(t *testing.T) {
	t.Parallel()
	up := upstream(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hi") })
	p := start(t, nil, up)
	raw := &eager{Conn: p.dial(t), prefix: fmt.Sprintf("CONNECT %s HTTP/1.1\r\nHost: x\r\n\r\n", target(up))}
	c := tls.Client(raw, &tls.Config{ServerName: "example.com", RootCAs: p.pool()})
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := slurp(t, resp.Body); got != "hi" {
		t.Errorf("got %q", got)
	}
}

// eager sends a CONNECT along with the first bytes written, and strips its answer.
type eager struct {
	net.Conn
	prefix string
	read   bool
}

func (c *eager) Write(p []byte) (int, error) {
	_, err := c.Conn.Write(append([]byte(c.prefix), p...))
	c.prefix = ""
	return len(p), err
}

func (c *eager) Read(p []byte) (int, error) {
	if !c.read {
		c.read = true
		answer := make([]byte, len("HTTP/1.1 200 Connection established\r\n\r\n"))
		if _, err := io.ReadFull(c.Conn, answer); err != nil {
			return 0, err
		}
	}
	return c.Conn.Read(p)
}

// TestServerSpeaksFirst: a mail server greets before the client says anything.
func TestServerSpeaksFirst(t *testing.T) {
	t.Parallel()
	up := listen(t, func(c net.Conn) {
		fmt.Fprint(c, "220 mail ready\r\n")
		line, _ := bufio.NewReader(c).ReadString('\n')
		fmt.Fprintf(c, "250 %s", line)
	})
	p := start(t, nil)
	c := p.connect(t, up)
	br := bufio.NewReader(c)
	if line, err := br.ReadString('\n'); err != nil || line != "220 mail ready\r\n" {
		t.Fatalf("%q %v", line, err)
	}
	fmt.Fprint(c, "EHLO me\r\n")
	if line, err := br.ReadString('\n'); err != nil || line != "250 EHLO me\r\n" {
		t.Fatalf("%q %v", line, err)
	}
	_ = c.Close()
	x := p.tape.next(t)
	if x.Kind != traffic.KindTunnel || x.Fault.Stage != traffic.StageNotTLS || x.Request.Body.Size != 9 || x.Response.Body.Size != 29 {
		t.Errorf("recorded %s %v %+v", x.Kind, x.Fault, x.Response)
	}
}

// TestSlowClient: a client that is silent at first is still decrypted.
func TestSlowClient(t *testing.T) {
	t.Parallel()
	up := upstream(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hi") })
	p := start(t, nil, up)
	raw := p.connect(t, target(up))
	time.Sleep(600 * time.Millisecond)
	c := tls.Client(raw, &tls.Config{ServerName: "example.com", RootCAs: p.pool()})
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := slurp(t, resp.Body); got != "hi" {
		t.Errorf("got %q", got)
	}
}

// listen serves raw connections.
func listen(t testing.TB, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				serve(c)
			}()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return l.Addr().String()
}

// TestHeadsStayAsSent: order, case and target of a request, order, case and reason of an answer, on the wire and in
// the record.
func TestHeadsStayAsSent(t *testing.T) {
	t.Parallel()
	request := "POST /a%2Fb//c?q=%zz;&x= HTTP/1.1\r\nx-FIRST: 1\r\nhOST: example.com\r\nuser-AGENT: me\r\nAccept-encoding: br\r\nX-First: 2\r\ncontent-LENGTH: 2\r\nx_last:\r\n\r\n"
	answer := "HTTP/1.1 200 Quite Fine\r\nserver: test\r\ncontent-type: text/plain\r\nX-odd-CASE: 1\r\ncontent-length: 2\r\nset-cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n"
	seen := make(chan string, 8)
	up := listen(t, func(c net.Conn) {
		buf := make([]byte, len(request)+2)
		for {
			n, err := io.ReadFull(c, buf)
			if n == 0 || err != nil {
				return
			}
			seen <- string(buf[:n])
			fmt.Fprint(c, answer+"ok")
		}
	})
	p := start(t, nil)
	c := p.connect(t, up)
	for range 2 { // twice, to see that a connection's second request is followed as well
		fmt.Fprint(c, request+"hi")
		if got := <-seen; got != request+"hi" {
			t.Errorf("the server got\n%s", got)
		}
		got := make([]byte, len(answer)+2)
		if n, err := io.ReadFull(c, got); err != nil || string(got) != answer+"ok" {
			t.Errorf("the client got\n%s\n%v", got[:n], err)
		}
		x := p.tape.next(t)
		want := []string{"x-FIRST", "hOST", "user-AGENT", "Accept-encoding", "X-First", "content-LENGTH", "x_last"}
		for i, f := range x.Request.Header {
			if f.Name != want[i] {
				t.Errorf("field %d is %q", i, f.Name)
			}
		}
		if x.Request.URL != "http://"+up+"/a%2Fb//c?q=%zz;&x=" || x.Response.Reason != "Quite Fine" || x.Response.Header[2].Name != "X-odd-CASE" {
			t.Errorf("recorded %s %+v", x.Request.URL, x.Response)
		}
	}
}

var errRefusedByTest = errors.New("refused by the test")

func TestClientRefusesCertificate(t *testing.T) {
	t.Parallel()
	up := upstream(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hi") })
	for name, config := range map[string]*tls.Config{
		"unknown authority": {ServerName: "example.com", RootCAs: x509.NewCertPool()},
		"pinned": {ServerName: "example.com", InsecureSkipVerify: true, VerifyConnection: func(tls.ConnectionState) error {
			return errRefusedByTest
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, func(c *proxy.Config) { c.PassRefused = true })
			c := tls.Client(p.connect(t, target(up)), config)
			if err := c.HandshakeContext(t.Context()); err == nil {
				t.Fatal("the client took the certificate")
			}
			_ = c.Close()
			x := p.tape.next(t)
			if x.Fault == nil || x.Fault.Stage != traffic.StageClientTLS || !strings.Contains(x.Fault.Reason, "127.0.0.1") || x.State != traffic.StateFailed {
				t.Errorf("recorded %s %v", x.State, x.Fault)
			}
			if passed := p.Scope().Passed(); len(passed) != 1 || passed[0] != "127.0.0.1" {
				t.Errorf("passed through: %v", passed)
			}
			trusting := up.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
			trusting.ServerName, trusting.NextProtos = "example.com", nil
			direct := tls.Client(p.connect(t, target(up)), trusting)
			fmt.Fprint(direct, "GET / HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n")
			if got := slurp(t, direct); !strings.HasSuffix(got, "hi") {
				t.Errorf("passed through: %q", got)
			}
			_ = direct.Close()
			if x := p.tape.next(t); x.Kind != traffic.KindTunnel || x.Fault.Stage != traffic.StagePassed || x.Response.Body.Size == 0 {
				t.Errorf("recorded %s %v", x.Kind, x.Fault)
			}
		})
	}
}

func TestClientLeavesAfterHandshake(t *testing.T) {
	t.Parallel()
	p := start(t, nil)
	c := p.secure(t, "pinned.test:443", "pinned.test")
	_ = c.Close()
	if x := p.tape.next(t); x.Fault == nil || x.Fault.Stage != traffic.StageClientTLS || !strings.Contains(x.Fault.Reason, "pinned.test") {
		t.Errorf("recorded %v", x.Fault)
	}
}
