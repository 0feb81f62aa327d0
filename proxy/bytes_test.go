package proxy_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"assay/traffic"
)

// TestRandomExchanges sends a thousand exchanges of random shape and compares what each party saw with the record.
func TestRandomExchanges(t *testing.T) {
	t.Parallel()
	up := upstream(t, answerRandomly)
	p := start(t, nil, up)
	const each = 500
	var wg sync.WaitGroup
	type seen struct{ up, down string }
	var mu sync.Mutex
	want := map[string]seen{}
	for _, protocol := range []string{"h1", "h2"} {
		client := p.client(t, protocol)
		client.Transport.(*http.Transport).MaxIdleConnsPerHost = 8
		for worker := range 4 {
			wg.Go(func() {
				rng := rand.New(rand.NewPCG(uint64(worker), 7))
				for i := range each / 4 {
					key := fmt.Sprintf("/%s/%d/%d", protocol, worker, i)
					body := randomBytes(rng)
					var reader io.Reader = bytes.NewReader(body)
					if i%2 == 0 {
						reader = io.MultiReader(reader) // length unknown: chunked
					}
					req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, fmt.Sprintf("%s%s?seed=%d", up.URL, key, rng.Uint64()), reader)
					resp, err := client.Do(req)
					if err != nil {
						t.Errorf("%s: %v", key, err)
						return
					}
					got, err := io.ReadAll(resp.Body)
					_ = resp.Body.Close()
					if err != nil || resp.Header.Get("X-Sum") != sum(body) {
						t.Errorf("%s: %d bytes up, %d down, %v", key, len(body), len(got), err)
					}
					mu.Lock()
					want[key] = seen{sum(body), sum(got)}
					mu.Unlock()
				}
			})
		}
	}
	wg.Wait()
	for range 2 * each {
		x := p.tape.next(t)
		path, _, _ := strings.Cut(strings.TrimPrefix(x.Request.URL, up.URL), "?")
		w := want[path]
		if x.State != traffic.StateComplete || sum(x.request) != w.up || sum(x.response) != w.down ||
			int64(len(x.request)) != x.Request.Body.Size || int64(len(x.response)) != x.Response.Body.Size {
			t.Errorf("%s: recorded %s %v, %d and %d bytes", path, x.State, x.Fault, len(x.request), len(x.response))
		}
	}
}

func answerRandomly(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("X-Sum", sum(body))
	seed, _ := strconv.ParseUint(r.URL.Query().Get("seed"), 10, 64)
	rng := rand.New(rand.NewPCG(seed, 3))
	out := randomBytes(rng)
	if rng.IntN(3) == 0 {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, _ = z.Write(out)
		_ = z.Close()
		out = packed.Bytes()
		w.Header().Set("Content-Encoding", "gzip")
	}
	if rng.IntN(2) == 0 {
		w.Header().Set("Content-Length", strconv.Itoa(len(out)))
		_, _ = w.Write(out)
		return
	}
	for len(out) > 0 {
		n := min(len(out), 1+rng.IntN(20000))
		_, _ = w.Write(out[:n])
		_ = http.NewResponseController(w).Flush()
		out = out[n:]
	}
}

func randomBytes(rng *rand.Rand) []byte {
	size := 0
	switch rng.IntN(4) {
	case 1:
		size = rng.IntN(100)
	case 2:
		size = rng.IntN(10_000)
	case 3:
		size = rng.IntN(200_000)
	}
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
	return b
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:8])
}

// TestMalformedAnswers: what a broken server sends ends as an error for the client, and as a fault in the record; the
// proxy lives on and other answers stay whole.
func TestMalformedAnswers(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		answer string
		state  traffic.State
		body   string // that must have reached client and record
	}{
		"bad chunk size":      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n", traffic.StateFailed, "abc"},
		"chunk cut off":       {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n9\r\ndef", traffic.StateFailed, "abcdef"},
		"length too large":    {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", traffic.StateFailed, "abc"},
		"length too small":    {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef", traffic.StateComplete, "abc"},
		"two lengths":         {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde", traffic.StateFailed, ""},
		"invalid header name": {"HTTP/1.1 200 OK\r\nbad name\x00: x\r\n\r\n", traffic.StateFailed, ""},
		"no status":           {"NONSENSE\r\n\r\n", traffic.StateFailed, ""},
		"nothing":             {"", traffic.StateFailed, ""},
		"endless head":        {"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 2<<20), traffic.StateFailed, ""},
		"until close":         {"HTTP/1.0 200 OK\r\n\r\nabc", traffic.StateComplete, "abc"},
		"endless hints":       {strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", 70000), traffic.StateFailed, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			up := listen(t, func(conn net.Conn) {
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					_, _ = io.WriteString(conn, c.answer)
				}
			})
			p := start(t, nil)
			resp, err := p.client(t).Get("http://" + up + "/")
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			x := p.tape.next(t)
			if x.State != c.state || (x.Fault == nil) != (c.state == traffic.StateComplete) {
				t.Errorf("recorded %s %v", x.State, x.Fault)
			}
			if resp.StatusCode == http.StatusBadGateway {
				if c.body != "" || c.state != traffic.StateFailed {
					t.Errorf("client got %q", got)
				}
				return
			}
			if string(got) != c.body || string(x.response) != c.body || (err == nil) != (c.state == traffic.StateComplete) {
				t.Errorf("client got %q %v, recorded %q", got, err, x.response)
			}
		})
	}
}

// TestMalformedRequests: what net/http refuses is answered by it and never reaches a server.
func TestMalformedRequests(t *testing.T) {
	t.Parallel()
	p := start(t, nil)
	for name, request := range map[string]string{
		"nonsense":     "G E T / HTTP/1.1\r\n\r\n",
		"two lengths":  "POST http://x.test/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
		"bad name":     "GET http://x.test/ HTTP/1.1\r\nHost: x\r\nbad name: 1\r\n\r\n",
		"endless head": "GET http://x.test/ HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("x", 1<<21),
		"scheme":       "GET ftp://x.test/ HTTP/1.1\r\nHost: x.test\r\n\r\n",
	} {
		c := p.dial(t)
		go func() { _, _ = io.WriteString(c, request) }()
		status, err := bufio.NewReader(c).ReadString('\n')
		if err != nil || !strings.HasPrefix(status, "HTTP/1.1 4") {
			t.Errorf("%s: %q %v", name, status, err)
		}
		_ = c.Close()
		if name == "two lengths" || name == "bad name" || name == "nonsense" {
			if x := p.tape.next(t); x.Fault == nil || x.Fault.Stage != traffic.StageRequest || (name != "nonsense" && x.Request.URL != "http://x.test/") {
				t.Errorf("%s: recorded %v %s", name, x.Fault, x.Request.URL)
			}
		}
	}
}

// TestBrokenUpload: a client that hangs up while sending.
func TestBrokenUpload(t *testing.T) {
	t.Parallel()
	up := upstream(t, func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
	p := start(t, nil, up)
	c := p.secure(t, target(up), "example.com")
	fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
	_ = c.Close()
	x := p.tape.next(t)
	if x.State != traffic.StateFailed || string(x.request) != "half" || x.Fault == nil {
		t.Errorf("recorded %s %v %q", x.State, x.Fault, x.request)
	}
}

// TestSlowReader: a client that reads slowly holds back the server, not memory; nothing is lost.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	const size = 4 << 20
	up := upstream(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, size)) })
	p := start(t, nil, up)
	resp := get(t, p.client(t), up.URL, nil)
	total := 0
	buf := make([]byte, 256<<10)
	for {
		n, err := resp.Body.Read(buf)
		total += n
		if err != nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if x := p.tape.next(t); total != size || len(x.response) != size || x.State != traffic.StateComplete {
		t.Errorf("client got %d bytes, recorded %d, %s", total, len(x.response), x.State)
	}
}
