package bridge_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"go.uber.org/goleak"

	"assay/app/bridge"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Echo is a bound struct like those of the window.
type Echo struct{ release chan struct{} }

type (
	echoIn  struct{ Text string }
	echoOut struct{ Text string }
	number  struct{ Value float64 }
)

func (*Echo) Say(in echoIn) (echoOut, error)    { return echoOut(in), nil }
func (*Echo) Fail(in echoIn) (echoOut, error)   { return echoOut{}, errors.New(in.Text) }
func (*Echo) Panic(in echoIn) (echoOut, error)  { panic(in.Text) }
func (*Echo) NaN(struct{}) (number, error)      { return number{math.NaN()}, nil }
func (*Echo) Large(struct{}) (echoOut, error)   { return echoOut{strings.Repeat("x", 65<<20)}, nil }
func (e *Echo) Wait(in echoIn) (echoOut, error) { <-e.release; return echoOut(in), nil }

// Wrong has a method that a window could not call.
type Wrong struct{}

func (*Wrong) Two(_, _ string) error { return nil }

type served struct {
	*bridge.Bridge
	t      *testing.T
	origin string // http://127.0.0.1:port
	token  string
	echo   *Echo
}

func serve(t *testing.T) *served {
	t.Helper()
	echo := &Echo{release: make(chan struct{})}
	b, err := bridge.New(bridge.Options{
		Assets: fstest.MapFS{
			"index.html":       {Data: []byte(`<head><script type="module" src="/assets/main-1.js"></script></head>`)},
			"assets/main-1.js": {Data: []byte(`console.log(1)`)},
		},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			fmt.Fprintf(w, "%s %s %s", r.Method, r.URL.Path, body)
		}),
		Bound: []any{echo},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- b.Serve() }()
	t.Cleanup(func() {
		if err := errors.Join(b.Close(), <-done); err != nil {
			t.Error(err)
		}
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	})
	origin, token, found := strings.Cut(b.URL(), "/#")
	if !found || len(token) != 64 {
		t.Fatalf("%s has no token of 256 bits in its fragment", b.URL())
	}
	return &served{b, t, origin, token, echo}
}

func (s *served) ask(method, path string, header map[string]string) (*http.Response, string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.origin+path, strings.NewReader("body"))
	if err != nil {
		s.t.Fatal(err)
	}
	for name, value := range header {
		if name == "Host" {
			r.Host = value
		} else {
			r.Header.Set(name, value)
		}
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp, string(body)
}

func (s *served) dial(header map[string]string, protocols ...string) (*websocket.Conn, error) {
	o := &websocket.DialOptions{HTTPHeader: http.Header{}, Subprotocols: protocols}
	for name, value := range header {
		if name == "Host" {
			o.Host = value
		} else {
			o.HTTPHeader.Set(name, value)
		}
	}
	conn, resp, err := websocket.Dial(s.t.Context(), s.origin+"/bridge", o)
	if err != nil && resp != nil && resp.Body != nil {
		resp.Body.Close()
	}
	return conn, err
}

func (s *served) open() *websocket.Conn {
	s.t.Helper()
	conn, err := s.dial(map[string]string{"Origin": s.origin}, "assay", "assay.token."+s.token)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = conn.CloseNow() })
	conn.SetReadLimit(128 << 20)
	return conn
}

type answer struct {
	ID     uint64 `json:"id"`
	Result *struct {
		Text string
	} `json:"result"`
	Error string `json:"error"`
	Event string `json:"event"`
	Data  any    `json:"data"`
}

func (s *served) call(conn *websocket.Conn, method, arg string) answer {
	s.t.Helper()
	message := fmt.Sprintf(`{"id":7,"name":%q,"arg":%s}`, "bridge_test.Echo."+method, arg)
	if err := conn.Write(s.t.Context(), websocket.MessageText, []byte(message)); err != nil {
		s.t.Fatal(err)
	}
	return s.read(conn)
}

func (s *served) read(conn *websocket.Conn) (a answer) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	if err := wsjson.Read(ctx, conn, &a); err != nil {
		s.t.Fatal(err)
	}
	return a
}

func TestCalls(t *testing.T) {
	t.Parallel()
	s := serve(t)
	conn := s.open()
	if a := s.call(conn, "Say", `{"Text":"<b>&\u2028"}`); a.ID != 7 || a.Result == nil || a.Result.Text != "<b>&\u2028" {
		t.Errorf("Say answered %+v", a)
	}
	if a := s.call(conn, "Fail", `{"Text":"{\"code\":\"busy\"}"}`); a.Error != `{"code":"busy"}` || a.Result != nil {
		t.Errorf("Fail answered %+v", a)
	}
	for method, want := range map[string]string{
		"Panic": "inside Assay: boom", "NaN": "cannot be sent", "Large": "too large", "Nope": "there is no method",
	} {
		a := s.call(conn, method, `{"Text":"boom"}`)
		if !strings.Contains(a.Error, want) || !strings.HasPrefix(a.Error, `{"code":`) {
			t.Errorf("%s answered %.200q", method, a.Error)
		}
	}
	if a := s.call(conn, "Say", `{"Text":5}`); !strings.Contains(a.Error, "does not take this") {
		t.Errorf("a wrong argument was answered %+v", a)
	}
	if a := s.call(conn, "Say", `null`); a.Result == nil || a.Result.Text != "" {
		t.Errorf("no argument was answered %+v", a)
	}
}

// TestCallsAtOnce needs every call to run while another waits, and every answer to reach its own call.
func TestCallsAtOnce(t *testing.T) {
	t.Parallel()
	s := serve(t)
	conn := s.open()
	const calls = 1000
	for i := range calls {
		method := "Say"
		if i%2 == 0 {
			method = "Wait"
		}
		message := fmt.Sprintf(`{"id":%d,"name":"bridge_test.Echo.%s","arg":{"Text":"%d"}}`, i, method, i)
		if err := conn.Write(t.Context(), websocket.MessageText, []byte(message)); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[uint64]bool{}
	for i := range calls {
		if i == calls/2 {
			close(s.echo.release) // all that do not wait have answered
		}
		a := s.read(conn)
		if seen[a.ID] || a.Result == nil || a.Result.Text != fmt.Sprint(a.ID) {
			t.Fatalf("answer %d is %+v", i, a)
		}
		seen[a.ID] = true
	}
}

func TestEmitReachesEveryTab(t *testing.T) {
	t.Parallel()
	s := serve(t)
	first, second := s.open(), s.open()
	s.call(first, "Say", `{}`) // both lines are known to the bridge
	s.call(second, "Say", `{}`)
	var together sync.WaitGroup
	for range 100 {
		together.Go(func() { s.Emit("pulse", map[string]int{"seq": 1}) })
	}
	together.Wait()
	for range 100 {
		for _, conn := range []*websocket.Conn{first, second} {
			if a := s.read(conn); a.Event != "pulse" || fmt.Sprint(a.Data) != "map[seq:1]" {
				t.Fatalf("the event arrived as %+v", a)
			}
		}
	}
	s.Emit("bad", math.NaN()) // told to the log; nobody is cut off
	if a := s.call(first, "Say", `{"Text":"on"}`); a.Result == nil || a.Result.Text != "on" {
		t.Errorf("after an event that cannot be sent: %+v", a)
	}
}

// TestSlowReader needs a window that does not read to be cut off, without anybody waiting for it.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	s := serve(t)
	slow, quick := s.open(), s.open()
	s.call(slow, "Say", `{}`)
	s.call(quick, "Say", `{}`)
	large := strings.Repeat("x", 64<<10)
	var waited time.Duration
	for range 500 { // more than the sockets' buffers and the backlog hold
		began := time.Now()
		s.Emit("large", large)
		waited += time.Since(began)
		if a := s.read(quick); a.Event != "large" {
			t.Fatalf("%+v", a)
		}
	}
	if waited > 10*time.Second {
		t.Errorf("Emit waited for a window that does not read: %s", waited)
	}
	slow.SetReadLimit(-1)
	for {
		if _, _, err := slow.Read(t.Context()); err != nil {
			return // cut off
		}
	}
}

func TestOnlyLoopback(t *testing.T) {
	t.Parallel()
	for _, listen := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "[::]:0", "example.com:0", "127.0.0.1"} {
		b, err := bridge.New(bridge.Options{Assets: fstest.MapFS{"index.html": {Data: []byte("<script>")}}, Listen: listen})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Listen(t.Context()); err == nil {
			t.Errorf("it listens on %s", listen)
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	page := fstest.MapFS{"index.html": {Data: []byte("<script>")}}
	for name, o := range map[string]bridge.Options{
		"no index":           {Assets: fstest.MapFS{}},
		"no script":          {Assets: fstest.MapFS{"index.html": {}}},
		"wrong method":       {Assets: page, Bound: []any{&Wrong{}}},
		"struct, no pointer": {Assets: page, Bound: []any{Wrong{}}},
	} {
		if _, err := bridge.New(o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
