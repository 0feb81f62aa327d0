package callback_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"assay/scanner/callback"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const token = "k3v9q2"

// listen starts a listener that ends with the test.
func listen(t *testing.T) *callback.Listener {
	t.Helper()
	l, err := callback.Listen("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	return l
}

// curl runs the real program and gives what it printed.
func curl(t *testing.T, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("NOT RUN: curl is not installed; build/setup.sh installs it")
	}
	out, err := exec.CommandContext(t.Context(), path, append([]string{"-sS", "--noproxy", "*", "--max-time", "20"}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("curl %v: %v: %s", args, err, out)
	}
	return string(out)
}

// TestCarried sends requests of many shapes with curl: each carries the token somewhere.
func TestCarried(t *testing.T) {
	t.Parallel()
	base := func(l *callback.Listener) string { return "http://" + l.Host() }
	for name, c := range map[string]struct {
		args func(l *callback.Listener) []string
		line string // of the request
	}{
		"the address": {func(l *callback.Listener) []string { return []string{l.URL(token)} }, "GET /t/k3v9q2 HTTP/1.1"},
		"HEAD":        {func(l *callback.Listener) []string { return []string{"-I", l.URL(token)} }, "HEAD /t/k3v9q2 HTTP/1.1"},
		"OPTIONS *": {func(l *callback.Listener) []string {
			return []string{"-X", "OPTIONS", "--request-target", "*", "-H", "X-T: " + token, l.URL(token)}
		}, "OPTIONS * HTTP/1.1"},
		"more of a path":    {func(l *callback.Listener) []string { return []string{l.URL(token) + "/pixel.png?d=hello"} }, "GET /t/k3v9q2/pixel.png?d=hello HTTP/1.1"},
		"a path of its own": {func(l *callback.Listener) []string { return []string{base(l) + "/library/" + token + ":latest"} }, "GET /library/k3v9q2:latest HTTP/1.1"},
		"dots in the path":  {func(l *callback.Listener) []string { return []string{"--path-as-is", base(l) + "//a/../t/" + token} }, "GET //a/../t/k3v9q2 HTTP/1.1"},
		"query":             {func(l *callback.Listener) []string { return []string{base(l) + "/?id=" + token} }, "GET /?id=k3v9q2 HTTP/1.1"},
		"escaped address": {func(l *callback.Listener) []string {
			return []string{base(l) + "/fetch?u=http%3A%2F%2Fx%2Ft%2F" + token}
		}, "GET /fetch?u=http%3A%2F%2Fx%2Ft%2Fk3v9q2 HTTP/1.1"},
		"host": {func(l *callback.Listener) []string {
			return []string{"--resolve", l.HostOf(token) + ":127.0.0.1", "http://" + l.HostOf(token) + "/x"}
		}, "GET /x HTTP/1.1"},
		"host in large": {func(l *callback.Listener) []string {
			return []string{"-H", "Host: " + strings.ToUpper(l.HostOf(token)), base(l)}
		}, "GET / HTTP/1.1"},
		"header":            {func(l *callback.Listener) []string { return []string{"-H", "Referer: http://a/t/" + token, base(l)} }, "GET / HTTP/1.1"},
		"name before the @": {func(l *callback.Listener) []string { return []string{"http://" + token + "@" + l.Host() + "/"} }, "GET / HTTP/1.1"},
		"JSON body": {func(l *callback.Listener) []string {
			return []string{"-d", `{"seen":"http:\/\/x\/t\/` + token + `"}`, base(l) + "/hook"}
		}, "POST /hook HTTP/1.1"},
		"form": {func(l *callback.Listener) []string {
			return []string{"-F", "file=" + token + ";type=text/plain", base(l)}
		}, "POST / HTTP/1.1"},
		"body of many pieces": {func(l *callback.Listener) []string {
			return []string{"-H", "Transfer-Encoding: chunked", "-d", "a " + token + " z", base(l)}
		}, "POST / HTTP/1.1"},
		"PUT": {func(l *callback.Listener) []string { return []string{"-X", "PUT", "-d", "x", l.URL(token)} }, "PUT /t/k3v9q2 HTTP/1.1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := listen(t)
			l.URL(token)
			l.URL("another1")
			curl(t, c.args(l)...)
			hits := l.Hits(t.Context(), token, time.Minute)
			if len(hits) != 1 || hits[0].Token != token || hits[0].What != c.line || !strings.HasPrefix(hits[0].From, "127.0.0.1:") {
				t.Errorf("hits %+v, want one: %s", hits, c.line)
			}
			if others := l.Hits(t.Context(), "another1", 0); len(others) != 0 {
				t.Errorf("hits of another token: %+v", others)
			}
		})
	}
}

// TestAnswer checks that every answer is an empty page and leads nowhere.
func TestAnswer(t *testing.T) {
	t.Parallel()
	l := listen(t)
	for _, path := range []string{"/", "//", "/t", "/t/" + token, "/../t/x", "/a//b/./c"} {
		out := curl(t, "--path-as-is", "-i", "http://"+l.Host()+path)
		head, body, _ := strings.Cut(out, "\r\n\r\n")
		if !strings.HasPrefix(head, "HTTP/1.1 200") || body != "" || strings.Contains(head, "Location") {
			t.Errorf("%s is answered by %q", path, out)
		}
	}
}

// TestBefore asks for a token that was called before anybody gave it out.
func TestBefore(t *testing.T) {
	t.Parallel()
	l := listen(t)
	curl(t, "http://"+l.Host()+"/t/"+token)
	if hits := l.Hits(t.Context(), token, 0); len(hits) != 1 {
		t.Errorf("hits %+v", hits)
	}
	l.Forget(token)
	if hits := l.Hits(t.Context(), token, 0); len(hits) != 0 {
		t.Errorf("forgotten, and still %+v", hits)
	}
}

// TestWait checks how long Hits waits: until the first hit, the end of its context, of the listener, or of its grace.
func TestWait(t *testing.T) {
	t.Parallel()
	l, err := callback.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.URL(token)
	got := make(chan int)
	go func() { got <- len(l.Hits(context.Background(), token, time.Hour)) }()
	get(t, address)
	if n := <-got; n != 1 {
		t.Errorf("%d hits", n)
	}
	began := time.Now()
	if hits := l.Hits(t.Context(), "other", 30*time.Millisecond); len(hits) != 0 || time.Since(began) < 30*time.Millisecond {
		t.Errorf("%d hits after %v", len(hits), time.Since(began))
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { got <- len(l.Hits(ctx, "third", time.Hour)) }()
	cancel()
	<-got
	go func() { got <- len(l.Hits(context.Background(), "fourth", time.Hour)) }()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	<-got
}

func get(t *testing.T, address string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
}

// TestFlood calls one token often, and many that nobody gave out: what is kept is bounded, and the one that is waited
// for keeps its place.
func TestFlood(t *testing.T) {
	t.Parallel()
	l := listen(t)
	address := l.URL(token)
	for range 50 {
		get(t, address)
	}
	for i := range 1500 {
		get(t, fmt.Sprintf("http://%s/t/stray%d", l.Host(), i))
	}
	if n := len(l.Hits(t.Context(), token, 0)); n != 8 {
		t.Errorf("%d hits of the token are kept, want 8", n)
	}
	if n := len(l.Hits(t.Context(), "stray0", 0)); n != 0 {
		t.Errorf("%d hits of the first stray are still kept", n)
	}
	if n := len(l.Hits(t.Context(), "stray1499", 0)); n != 1 {
		t.Errorf("%d hits of the last stray", n)
	}
}

// TestBodyWithoutEnd sends a head that carries the token and a body that never ends: the hit is there at once, and Close
// does not wait for the body.
func TestBodyWithoutEnd(t *testing.T) {
	t.Parallel()
	l, err := callback.Listen("")
	if err != nil {
		t.Fatal(err)
	}
	l.URL(token)
	conn, err := net.Dial("tcp", l.Host())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "POST /t/%s HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\nbegin", token); err != nil {
		t.Fatal(err)
	}
	if hits := l.Hits(t.Context(), token, time.Minute); len(hits) != 1 {
		t.Errorf("hits %+v", hits)
	}
	began := time.Now()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("closing took %v", took)
	}
}

// TestRubbish sends what is no request.
func TestRubbish(t *testing.T) {
	t.Parallel()
	l := listen(t)
	for _, text := range []string{"\x16\x03\x01\x02\x00\x01\x00", "GET\r\n\r\n", strings.Repeat("A", 1<<17), "GET / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("y", 1<<17) + "\r\n\r\n"} {
		conn, err := net.Dial("tcp", l.Host())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, text) // the other side may have gone
		_ = conn.(*net.TCPConn).CloseWrite()
		_, _ = io.Copy(io.Discard, conn)
		_ = conn.Close()
	}
	get(t, l.URL(token))
	if hits := l.Hits(t.Context(), token, time.Minute); len(hits) != 1 {
		t.Errorf("hits %+v", hits)
	}
}

// TestAddress refuses addresses that others could reach.
func TestAddress(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", "192.168.1.1:0", "[::]:0", ":0", "example.com:80", "127.0.0.1"} {
		if l, err := callback.Listen(addr); err == nil {
			_ = l.Close()
			t.Errorf("listens on %s", addr)
		}
	}
}
