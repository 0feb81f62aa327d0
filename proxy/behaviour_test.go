package proxy_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
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
