package proxy_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"strconv"
	"strings"
	"testing"
	"time"

	"assay/proxy"
	"assay/traffic"
)

// dial connects to the proxy's port.
func (r *rig) dial(t testing.TB) net.Conn {
	t.Helper()
	c, err := net.DialTimeout("tcp", r.addr, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	return c
}

// connect opens a tunnel.
func (r *rig) connect(t testing.TB, target string) net.Conn {
	t.Helper()
	c := r.dial(t)
	fmt.Fprintf(c, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", target, target)
	head := make([]byte, len("HTTP/1.1 200 Connection established\r\n\r\n"))
	if _, err := io.ReadFull(c, head); err != nil || !strings.HasPrefix(string(head), "HTTP/1.1 200 ") {
		t.Fatalf("CONNECT %s: %q %v", target, head, err)
	}
	return c
}

func (r *rig) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(r.ca.Certificate())
	return pool
}

// secure opens a tunnel and TLS in it.
func (r *rig) secure(t testing.TB, target, name string) *tls.Conn {
	t.Helper()
	c := tls.Client(r.connect(t, target), &tls.Config{ServerName: name, RootCAs: r.pool(), NextProtos: []string{"http/1.1"}})
	if err := c.HandshakeContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

func target(s *httptest.Server) string { return s.Listener.Addr().String() }

func get(t testing.TB, c *http.Client, url string, change func(*http.Request)) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(req)
	}
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

func slurp(t testing.TB, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestStreamsPassAsTheyCome: the server sends the head, waits until the client has it, then token for token. A proxy
// that holds anything back would wait for ever.
func TestStreamsPassAsTheyCome(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"text/event-stream", "application/x-ndjson", "application/octet-stream"} {
		for _, protocol := range []string{"h1", "h2", "plain"} {
			t.Run(kind+" "+protocol, func(t *testing.T) {
				t.Parallel()
				step := make(chan bool)
				handler := func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", kind)
					_ = http.NewResponseController(w).Flush()
					for i := range 5 {
						<-step
						fmt.Fprintf(w, "token %d\n", i)
						_ = http.NewResponseController(w).Flush()
					}
				}
				up := upstream(t, handler)
				if protocol == "plain" {
					up = httptest.NewServer(http.HandlerFunc(handler))
					t.Cleanup(up.Close)
				}
				p := start(t, nil, up)
				resp := get(t, p.client(t, protocol), up.URL, nil) // the head is here before any token
				lines := bufio.NewScanner(resp.Body)
				for i := range 5 {
					step <- true
					if !lines.Scan() || lines.Text() != "token "+strconv.Itoa(i) {
						t.Fatalf("token %d: %q %v", i, lines.Text(), lines.Err())
					}
				}
				slurp(t, resp.Body)
				x := p.tape.next(t)
				data := 0
				for _, e := range x.events {
					if e.Kind == traffic.EventData {
						data++
					}
				}
				if data != 5 || x.State != traffic.StateComplete {
					t.Errorf("%d pieces recorded, state %s", data, x.State)
				}
			})
		}
	}
}

func TestProtocolIsMirrored(t *testing.T) {
	t.Parallel()
	up := upstream(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) })
	p := start(t, nil, up)
	for protocol, want := range map[string]string{"h1": "HTTP/1.1", "h2": "HTTP/2.0"} {
		resp := get(t, p.client(t, protocol), up.URL, nil)
		if got := slurp(t, resp.Body); got != want || resp.Proto != want {
			t.Errorf("%s: client %s, server %s", protocol, resp.Proto, got)
		}
		if x := p.tape.next(t); x.Request.Proto != want || x.Response.Proto != want {
			t.Errorf("recorded %s, %s", x.Request.Proto, x.Response.Proto)
		}
	}
}

// TestOldServer: a client that speaks h2 is served although the server speaks only HTTP/1.1.
func TestOldServer(t *testing.T) {
	t.Parallel()
	up := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) }))
	t.Cleanup(up.Close)
	p := start(t, nil, up)
	resp := get(t, p.client(t, "h2"), up.URL, nil)
	if got := slurp(t, resp.Body); got != "HTTP/1.1" || resp.Proto != "HTTP/2.0" {
		t.Errorf("client %s, server %s", resp.Proto, got)
	}
	if x := p.tape.next(t); x.Request.Proto != "HTTP/2.0" || x.Response.Proto != "HTTP/1.1" {
		t.Errorf("recorded %s, %s", x.Request.Proto, x.Response.Proto)
	}
	both := p.client(t, "h2")
	both.Transport.(*http.Transport).Protocols.SetHTTP1(true)
	if resp := get(t, both, up.URL, nil); slurp(t, resp.Body) != "HTTP/1.1" || resp.Proto != "HTTP/1.1" {
		t.Errorf("once the server is known, a client that speaks both still gets %s", resp.Proto)
	}
}

func TestFramingAndEncodingStay(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(bytes.Repeat([]byte("compress me "), 1000))
	_ = z.Close()
	eachProtocol(t, func(t *testing.T, protocol string) {
		asked := make(chan http.Header, 8)
		up := upstream(t, func(w http.ResponseWriter, r *http.Request) {
			asked <- r.Header
			switch r.URL.Path {
			case "/gzip":
				w.Header().Set("Content-Encoding", "gzip")
				w.Header().Set("Content-Length", strconv.Itoa(packed.Len()))
				_, _ = w.Write(packed.Bytes())
			case "/204":
				w.WriteHeader(http.StatusNoContent)
			case "/304":
				w.Header().Set("Etag", `"x"`)
				w.WriteHeader(http.StatusNotModified)
			default:
				w.Header().Set("Content-Length", "1234")
			}
		})
		p := start(t, nil, up)
		c := p.client(t, protocol)

		resp := get(t, c, up.URL+"/gzip", func(r *http.Request) { r.Header.Set("User-Agent", "") })
		body := slurp(t, resp.Body)
		sent := <-asked
		if body != packed.String() || resp.ContentLength != int64(packed.Len()) || resp.Header.Get("Content-Encoding") != "gzip" {
			t.Errorf("gzip: %d bytes, length %d, %v", len(body), resp.ContentLength, resp.Header)
		}
		for name := range sent {
			t.Errorf("the server was sent %s: %q, which the client did not say", name, sent[name])
		}
		if _, ok := resp.Header["Content-Type"]; ok && protocol == "h1" && p.tape == nil {
			t.Error("a content type was invented")
		}
		p.tape.next(t)

		for path, status := range map[string]int{"/204": 204, "/304": 304} {
			resp := get(t, c, up.URL+path, nil)
			if got := slurp(t, resp.Body); resp.StatusCode != status || got != "" {
				t.Errorf("%s: %d %q", path, resp.StatusCode, got)
			}
			if x := p.tape.next(t); x.State != traffic.StateComplete || x.Response.Status != status {
				t.Errorf("%s recorded %s %d", path, x.State, x.Response.Status)
			}
		}
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodHead, up.URL+"/head", nil)
		head, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = head.Body.Close()
		if head.ContentLength != 1234 || p.tape.next(t).State != traffic.StateComplete {
			t.Errorf("HEAD has length %d", head.ContentLength)
		}
	})
}

// TestExpectContinue: the client sends its body only when the server has asked for it.
func TestExpectContinue(t *testing.T) {
	t.Parallel()
	up := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/no" {
			w.WriteHeader(http.StatusExpectationFailed)
			return
		}
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%d", len(body))
	})
	p := start(t, nil, up)
	c := p.secure(t, target(up), "example.com")
	fmt.Fprintf(c, "POST /yes HTTP/1.1\r\nHost: example.com\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
	br := bufio.NewReader(c)
	if line, err := br.ReadString('\n'); err != nil || line != "HTTP/1.1 100 Continue\r\n" {
		t.Fatalf("%q %v", line, err)
	}
	_, _ = br.ReadString('\n')
	fmt.Fprint(c, "hello")
	resp, err := http.ReadResponse(br, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := slurp(t, resp.Body); got != "5" {
		t.Errorf("the server got %s bytes", got)
	}
	fmt.Fprintf(c, "POST /no HTTP/1.1\r\nHost: example.com\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
	if line, err := br.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 417") {
		t.Errorf("%q %v", line, err)
	}
}

func TestBrokenAnswerBreaksForTheClient(t *testing.T) {
	t.Parallel()
	eachProtocol(t, func(t *testing.T, protocol string) {
		up := upstream(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/length" {
				w.Header().Set("Content-Length", "1000")
			}
			fmt.Fprint(w, "half")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		})
		p := start(t, nil, up)
		for _, path := range []string{"/chunked", "/length"} {
			resp := get(t, p.client(t, protocol), up.URL+path, nil)
			got, err := io.ReadAll(resp.Body)
			if string(got) != "half" || err == nil {
				t.Errorf("%s: client got %q and no error", path, got)
			}
			x := p.tape.next(t)
			if x.State != traffic.StateFailed || x.Fault == nil || x.Fault.Stage != traffic.StageResponse || string(x.response) != "half" {
				t.Errorf("%s: recorded %s %v %q", path, x.State, x.Fault, x.response)
			}
		}
	})
}

func TestCancelReachesTheServer(t *testing.T) {
	t.Parallel()
	eachProtocol(t, func(t *testing.T, protocol string) {
		arrived, gone := make(chan bool, 2), make(chan bool, 2)
		up := upstream(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/begun" {
				fmt.Fprint(w, "x")
				_ = http.NewResponseController(w).Flush()
			}
			arrived <- true
			<-r.Context().Done()
			gone <- true
			panic(http.ErrAbortHandler)
		})
		p := start(t, nil, up)
		for path, want := range map[string]traffic.State{"/silent": traffic.StateFailed, "/begun": traffic.StateClosed} {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			req, _ := http.NewRequestWithContext(ctx, http.MethodGet, up.URL+path, nil)
			client := p.client(t, protocol)
			if path == "/silent" {
				go func() {
					<-arrived
					cancel()
				}()
			}
			if resp, err := client.Do(req); err == nil {
				<-arrived
				cancel()
				_, _ = io.ReadAll(resp.Body)
				_ = resp.Body.Close()
			}
			select {
			case <-gone:
			case <-time.After(5 * time.Second):
				t.Fatal("the server was not told")
			}
			x := p.tape.next(t)
			if x.State != want || x.Fault == nil || x.Fault.Stage != traffic.StageClientGone {
				t.Errorf("%s: recorded %s %v", path, x.State, x.Fault)
			}
		}
	})
}

func TestServerThatIsNotThere(t *testing.T) {
	t.Parallel()
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	dead := l.Addr().String()
	_ = l.Close()
	untrusted := upstream(t, func(http.ResponseWriter, *http.Request) {})
	p := start(t, func(c *proxy.Config) { c.Upstream.Hosts = map[string]string{"example.com": target(untrusted)} })
	eachProtocol(t, func(t *testing.T, protocol string) {
		p := start(t, nil)
		for url, stage := range map[string]traffic.Stage{
			"https://" + dead:                    traffic.StageConnect,
			"https://no-such-name.invalid":       traffic.StageDNS,
			"https://" + target(untrusted):       traffic.StageTLS,
			"https://" + target(untrusted) + "/": traffic.StageTLS,
		} {
			resp := get(t, p.client(t, protocol), url, nil)
			text := slurp(t, resp.Body)
			if resp.StatusCode != 502 || resp.Header.Get("X-Assay-Error") != string(stage) || !strings.HasPrefix(text, "Assay: ") {
				t.Errorf("%s: %d %v %q", url, resp.StatusCode, resp.Header, text)
			}
			x := p.tape.next(t)
			if x.State != traffic.StateFailed || x.Fault.Stage != stage || x.Response != nil {
				t.Errorf("%s: recorded %s %v", url, x.State, x.Fault)
			}
			if stage == traffic.StageTLS && !strings.Contains(x.Fault.Reason, "accept the certificate for 127.0.0.1") {
				t.Errorf("no way out: %s", x.Fault.Reason)
			}
		}
	})
	p.Scope().AcceptCertificate("example.com")
	if resp := get(t, p.client(t), "https://example.com", nil); resp.StatusCode != 200 {
		t.Errorf("accepted certificate: %d", resp.StatusCode)
	}
	if x := p.tape.next(t); !x.Server.Unverified {
		t.Error("not marked as unverified")
	}
}

// TestFullDuplex: the server answers each line before the client sends the next, and both end with trailers.
func TestFullDuplex(t *testing.T) {
	t.Parallel()
	eachProtocol(t, func(t *testing.T, protocol string) {
		up := upstream(t, func(w http.ResponseWriter, r *http.Request) {
			_ = http.NewResponseController(w).EnableFullDuplex()
			w.Header().Set("Trailer", "Grpc-Status")
			w.WriteHeader(http.StatusOK)
			_ = http.NewResponseController(w).Flush()
			lines := bufio.NewScanner(r.Body)
			for lines.Scan() {
				fmt.Fprintf(w, "echo %s\n", lines.Text())
				_ = http.NewResponseController(w).Flush()
			}
			w.Header().Set("Grpc-Status", "0")
			w.Header().Set(http.TrailerPrefix+"Late", r.Trailer.Get("Sum")+" "+r.Header.Get("Te"))
		})
		p := start(t, nil, up)
		body, feed := io.Pipe()
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, up.URL, body)
		req.Header.Set("Te", "trailers")
		req.Trailer = http.Header{"Sum": nil}
		resp, err := p.client(t, protocol).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		lines := bufio.NewReader(resp.Body)
		for i := range 3 {
			fmt.Fprintf(feed, "%d\n", i)
			if line, err := lines.ReadString('\n'); err != nil || line != fmt.Sprintf("echo %d\n", i) {
				t.Fatalf("%q %v", line, err)
			}
		}
		req.Trailer.Set("Sum", "42")
		_ = feed.Close()
		slurp(t, lines)
		if resp.Trailer.Get("Grpc-Status") != "0" || resp.Trailer.Get("Late") != "42 trailers" {
			t.Errorf("trailers %v", resp.Trailer)
		}
		x := p.tape.next(t)
		if x.Response.Trailer.Get("Late") != "42 trailers" || x.Request.Trailer.Get("Sum") != "42" || x.State != traffic.StateComplete {
			t.Errorf("recorded %v %v %s", x.Request.Trailer, x.Response.Trailer, x.State)
		}
	})
}

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
