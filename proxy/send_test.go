package proxy_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"assay/proxy"
	"assay/traffic"
)

// sender makes a sender that trusts the given servers, and its tape.
func sender(t testing.TB, change func(*proxy.SenderConfig), trust ...*httptest.Server) (*proxy.Sender, *tape) {
	t.Helper()
	tp := newTape()
	cfg := proxy.SenderConfig{Recorder: tp}
	for _, s := range trust {
		cfg.Upstream.Roots = append(cfg.Upstream.Roots, pemOf(s)...)
	}
	if change != nil {
		change(&cfg)
	}
	s, err := proxy.NewSender(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, tp
}

func request(method, url, proto, body string, fields ...string) traffic.Request {
	q := traffic.Request{Method: method, URL: url, Proto: proto, Body: traffic.Body{Data: []byte(body)}}
	for i := 0; i < len(fields); i += 2 {
		q.Header = append(q.Header, traffic.Field{Name: fields[i], Value: fields[i+1]})
	}
	return q
}

func send(t testing.TB, s *proxy.Sender, tp *tape, q traffic.Request) recorded {
	t.Helper()
	id, err := s.Send(t.Context(), q, traffic.SourceRepeater, nil)
	if err != nil {
		t.Fatal(err)
	}
	x := tp.next(t)
	if x.ID != id || x.Source != traffic.SourceRepeater {
		t.Errorf("exchange %d (want %d) of source %s", x.ID, id, x.Source)
	}
	return x
}

// TestSendWritesTheHeadAsEdited compares the bytes that reach a server with what was written.
func TestSendWritesTheHeadAsEdited(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		request traffic.Request
		want    string // HOST stands for the server's address
	}{
		"order and case": {
			request("POST", "http://HOST/v1/chat?b=%zz&a={x}", "HTTP/1.1", "hello", "x-b", "1", "HOST", "other.example", "content-LENGTH", "999", "X-A", "", "x-b", "2"),
			"POST /v1/chat?b=%zz&a={x} HTTP/1.1\r\nx-b: 1\r\nHOST: other.example\r\ncontent-LENGTH: 5\r\nX-A:\r\nx-b: 2\r\n\r\nhello",
		},
		"nothing but a line": {request("GET", "http://HOST", "HTTP/1.0", ""), "GET / HTTP/1.1\r\nHost: HOST\r\n\r\n"},
		"length is added":    {request("PUT", "http://HOST/", "HTTP/1.1", "ab", "A", "b"), "PUT / HTTP/1.1\r\nHost: HOST\r\nA: b\r\nContent-Length: 2\r\n\r\nab"},
		"chunked stays":      {request("POST", "http://HOST/", "HTTP/1.1", "ab", "Transfer-Encoding", "chunked", "Content-Length", "2"), "POST / HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"},
		"empty post":         {request("POST", "http://HOST/", "HTTP/1.1", "", "Host", "HOST", "Content-Length", "7"), "POST / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\n\r\n"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := make(chan string, 1)
			addr := listen(t, func(conn net.Conn) {
				var all []byte
				buf := make([]byte, 4096)
				for _ = conn.SetReadDeadline(time.Now().Add(300 * time.Millisecond)); ; {
					n, err := conn.Read(buf)
					if all = append(all, buf[:n]...); err != nil {
						break
					}
				}
				got <- string(all)
				_, _ = io.WriteString(conn, "HTTP/1.1 200 Fine\r\nx-odd-Case: 1\r\nContent-Length: 2\r\n\r\nok")
			})
			s, tp := sender(t, nil)
			q := c.request
			q.URL = strings.Replace(q.URL, "HOST", addr, 1)
			for i := range q.Header {
				q.Header[i].Value = strings.Replace(q.Header[i].Value, "HOST", addr, 1)
			}
			x := send(t, s, tp, q)
			if wire := <-got; wire != expand(c.want, addr) {
				t.Errorf("on the wire\n%q, want\n%q", wire, expand(c.want, addr))
			}
			if x.State != traffic.StateComplete || string(x.response) != "ok" || x.Response.Reason != "Fine" || x.Response.Header[0].Name != "x-odd-Case" {
				t.Errorf("recorded %s %v %q %v", x.State, x.Fault, x.response, x.Response)
			}
			if string(x.request) != string(q.Body.Data) || x.Request.URL != q.URL {
				t.Errorf("recorded request %s %q", x.Request.URL, x.request)
			}
			var head strings.Builder // what is recorded is what was sent
			for _, f := range x.Request.Header {
				head.WriteString(strings.TrimRight(f.Name+": "+f.Value, " ") + "\r\n")
			}
			if _, after, _ := strings.Cut(expand(c.want, addr), "\r\n"); !strings.HasPrefix(after, head.String()+"\r\n") {
				t.Errorf("recorded head %q, sent %q", head.String(), after)
			}
		})
	}
}

func expand(text, addr string) string {
	text = strings.ReplaceAll(text, "HOST:", "\x00")
	return strings.ReplaceAll(strings.ReplaceAll(text, "HOST", addr), "\x00", "HOST:")
}

func TestSendSpeaksTheProtocolOfTheOriginal(t *testing.T) {
	t.Parallel()
	up := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s %s %q", r.Proto, r.Host, r.RequestURI, body, r.Header.Get("User-Agent"))
	})
	for proto, want := range map[string]string{"HTTP/1.1": "HTTP/1.1", "HTTP/2.0": "HTTP/2.0"} {
		s, tp := sender(t, nil, up)
		x := send(t, s, tp, request("POST", up.URL+"/p?q=1", proto, "body", "Host", "name.example", "Connection", "keep-alive", "X-Mixed", "v"))
		if got := string(x.response); got != want+` name.example /p?q=1 body ""` {
			t.Errorf("%s: the server saw %s", proto, got)
		}
		if x.Server.TLSVersion == "" || x.Server.CertSHA256 == "" || x.Request.Proto != want || x.Request.Host != "name.example" || x.Client.Process != "assay" {
			t.Errorf("%s: recorded %+v %+v", proto, x.Server, x.Request)
		}
		if want == "HTTP/2.0" && (x.Request.Header.Has("Connection") || x.Request.Header[0].Name != "x-mixed") {
			t.Errorf("recorded h2 head %v", x.Request.Header)
		}
	}
}

func TestSendFillsInCredentialsAndRecordsNone(t *testing.T) {
	t.Parallel()
	const placeholder = "⟨cred:0123456789abcdef⟩"
	seen := make(chan string, 1)
	up := upstream(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seen <- strings.Join([]string{r.RequestURI, r.Header.Get("Authorization"), string(body), r.Header.Get("Content-Length")}, "|")
	})
	s, tp := sender(t, func(c *proxy.SenderConfig) {
		c.Reveal = func(_ context.Context, p string) (string, error) {
			if p != placeholder {
				return "", errors.New("no such value")
			}
			return "sk-secret", nil
		}
	}, up)
	x := send(t, s, tp, request("POST", up.URL+"/?key="+placeholder, "HTTP/1.1", `{"k":"`+placeholder+`"}`, "Authorization", "Bearer "+placeholder))
	if got := <-seen; got != `/?key=sk-secret|Bearer sk-secret|{"k":"sk-secret"}|17` {
		t.Errorf("the server saw %s", got)
	}
	for _, e := range x.events {
		if text := fmt.Sprintf("%s %+v", e.Data, e.Exchange); strings.Contains(text, "sk-secret") {
			t.Errorf("an event holds the credential: %s", text)
		}
	}
	if x.Request.Header.Get("Authorization") != "Bearer "+placeholder || !strings.Contains(string(x.request), placeholder) || x.Request.Header.Get("Content-Length") != "17" {
		t.Errorf("recorded %v %q", x.Request.Header, x.request)
	}
	_, err := s.Send(t.Context(), request("GET", up.URL, "HTTP/1.1", "", "Authorization", "⟨cred:unknown⟩"), traffic.SourceRepeater, nil)
	if refused, ok := errors.AsType[*proxy.RequestError](err); !ok || !strings.Contains(refused.Reason, "⟨cred:unknown⟩") {
		t.Errorf("a credential without a value: %v", err)
	}
}

func TestSendShowsAStreamWhileItArrives(t *testing.T) {
	t.Parallel()
	next := make(chan bool)
	up := upstream(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for i := range 3 {
			fmt.Fprintf(w, "data: %d\n\n", i)
			_ = http.NewResponseController(w).Flush()
			<-next
		}
	})
	s, tp := sender(t, nil, up)
	begun := make(chan traffic.ID, 1)
	done := make(chan error, 1)
	go func() {
		_, err := s.Send(t.Context(), request("GET", up.URL, "HTTP/2.0", ""), traffic.SourceRepeater, func(id traffic.ID) { begun <- id })
		done <- err
	}()
	id := <-begun
	for i := range 3 {
		for deadline := time.Now().Add(5 * time.Second); !strings.Contains(tp.arrived(id), fmt.Sprintf("data: %d\n\n", i)); {
			if time.Now().After(deadline) {
				t.Fatalf("event %d was not recorded while the stream was open: %q", i, tp.arrived(id))
			}
			time.Sleep(time.Millisecond)
		}
		next <- true
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if x := tp.next(t); x.State != traffic.StateComplete || x.Timing.FirstByte == 0 {
		t.Errorf("%s %v", x.State, x.Fault)
	}
}

// arrived is what has been recorded of an answer's body so far.
func (tp *tape) arrived(id traffic.ID) string {
	tp.mu.Lock()
	defer tp.mu.Unlock()
	var b strings.Builder
	for _, e := range tp.events[id] {
		if e.Kind == traffic.EventData && e.Side == traffic.FromServer {
			b.Write(e.Data)
		}
	}
	return b.String()
}

// TestSendRecordsWhatFails: whatever happens after something was sent is an exchange with a fault that says why.
func TestSendRecordsWhatFails(t *testing.T) {
	t.Parallel()
	gone := listen(t, func(net.Conn) {})
	broken := listen(t, func(c net.Conn) {
		_, _ = http.ReadRequest(bufio.NewReader(c))
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
	})
	secret := upstream(t, func(http.ResponseWriter, *http.Request) {})
	hang := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "begun")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	quick := func(c *proxy.SenderConfig) { c.Silence = 2 * time.Second }
	cases := map[string]struct {
		url    string
		change func(*proxy.SenderConfig)
		trust  []*httptest.Server
		cancel time.Duration
		state  traffic.State
		stage  traffic.Stage
		reason string
	}{
		"nothing listens": {url: "http://127.0.0.1:1/", state: traffic.StateFailed, stage: traffic.StageConnect, reason: "nothing listens"},
		"no name":         {url: "http://does-not-exist.invalid/", state: traffic.StateFailed, stage: traffic.StageDNS, reason: "does-not-exist.invalid"},
		"hangs up":        {url: "http://" + gone + "/", state: traffic.StateFailed, stage: traffic.StageResponse},
		"breaks off":      {url: "http://" + broken + "/", state: traffic.StateFailed, stage: traffic.StageResponse, reason: "broke off"},
		"certificate":     {url: secret.URL, state: traffic.StateFailed, stage: traffic.StageTLS, reason: "does not trust"},
		"silence":         {url: hang.URL, change: quick, trust: []*httptest.Server{hang}, state: traffic.StateClosed, stage: traffic.StageResponse, reason: "said nothing for 2s"},
		"stopped":         {url: hang.URL, trust: []*httptest.Server{hang}, cancel: 2 * time.Second, state: traffic.StateClosed, stage: traffic.StageClientGone, reason: "Sending was stopped"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tp := sender(t, c.change, c.trust...)
			ctx := t.Context()
			if c.cancel > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, c.cancel)
				defer cancel()
			}
			if _, err := s.Send(ctx, request("POST", c.url, "HTTP/1.1", "the request stays"), traffic.SourceRepeater, nil); err != nil {
				t.Fatal(err)
			}
			x := tp.next(t)
			if x.State != c.state || x.Fault == nil || x.Fault.Stage != c.stage || !strings.Contains(x.Fault.Reason, c.reason) {
				t.Errorf("recorded %s %+v", x.State, x.Fault)
			}
		})
	}
}

func TestSendRefusesWhatCannotBeSent(t *testing.T) {
	t.Parallel()
	s, tp := sender(t, nil)
	for name, q := range map[string]traffic.Request{
		"no scheme":   request("GET", "/path", "HTTP/1.1", ""),
		"scheme":      request("GET", "ftp://x.example/", "HTTP/1.1", ""),
		"no host":     request("GET", "https:///path", "HTTP/1.1", ""),
		"port":        request("GET", "https://x.example:99999/", "HTTP/1.1", ""),
		"space":       request("GET", "https://x.example/a b", "HTTP/1.1", ""),
		"line end":    request("GET", "https://x.example/\r\nX: y", "HTTP/1.1", ""),
		"method":      request("G T", "https://x.example/", "HTTP/1.1", ""),
		"no method":   request("", "https://x.example/", "HTTP/1.1", ""),
		"tunnel":      request("CONNECT", "https://x.example/", "HTTP/1.1", ""),
		"web socket":  request("GET", "https://x.example/", "HTTP/1.1", "", "Upgrade", "websocket"),
		"header name": request("GET", "https://x.example/", "HTTP/1.1", "", "bad name", "v"),
		"header line": request("GET", "https://x.example/", "HTTP/1.1", "", "X", "a\r\nb: c"),
	} {
		_, err := s.Send(t.Context(), q, traffic.SourceRepeater, nil)
		if refused, ok := errors.AsType[*proxy.RequestError](err); !ok || refused.Reason == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(tp.events) != 0 {
		t.Errorf("%d exchanges were recorded", len(tp.events))
	}
}

func TestCloseEndsWhatIsBeingSent(t *testing.T) {
	t.Parallel()
	up := upstream(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	s, tp := sender(t, nil, up)
	begun := make(chan traffic.ID, 1)
	done := make(chan error, 1)
	go func() {
		_, err := s.Send(t.Context(), request("GET", up.URL, "HTTP/1.1", ""), traffic.SourceRepeater, func(id traffic.ID) { begun <- id })
		done <- err
	}()
	<-begun
	s.Close()
	if x := tp.next(t); x.State != traffic.StateFailed || x.Fault == nil || x.Fault.Stage != traffic.StageCrash {
		t.Errorf("recorded %s %+v", x.State, x.Fault)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := s.Send(t.Context(), request("GET", up.URL, "HTTP/1.1", ""), traffic.SourceRepeater, nil); err == nil {
		t.Error("a closed sender sends")
	}
}
