package proxy_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"assay/proxy"
	"assay/proxy/ca"
	"assay/traffic"
)

// tape is a recorder that keeps every event, and puts exchanges together the way storage does.
type tape struct {
	mu     sync.Mutex
	last   traffic.ID
	events map[traffic.ID][]traffic.Event
	ended  chan traffic.ID
}

func newTape() *tape {
	return &tape{events: map[traffic.ID][]traffic.Event{}, ended: make(chan traffic.ID, 1<<16)}
}

func (tp *tape) NextID() traffic.ID {
	tp.mu.Lock()
	defer tp.mu.Unlock()
	tp.last++
	return tp.last
}

func (tp *tape) Record(e traffic.Event) {
	tp.mu.Lock()
	defer tp.mu.Unlock()
	tp.events[e.ID] = append(tp.events[e.ID], e)
	if e.Kind == traffic.EventEnd {
		tp.ended <- e.ID
	}
}

// recorded is one whole exchange.
type recorded struct {
	traffic.Exchange
	request, response []byte
	frames            []traffic.Frame
	events            []traffic.Event
}

// next waits for the next exchange to end.
func (tp *tape) next(t testing.TB) recorded {
	t.Helper()
	select {
	case id := <-tp.ended:
		return tp.exchange(t, id)
	case <-time.After(10 * time.Second):
		t.Fatal("no exchange ended")
		return recorded{}
	}
}

func (tp *tape) exchange(t testing.TB, id traffic.ID) recorded {
	t.Helper()
	tp.mu.Lock()
	defer tp.mu.Unlock()
	r := recorded{events: slices.Clone(tp.events[id])}
	if r.events[0].Kind != traffic.EventBegin {
		t.Errorf("exchange %d begins with event %d", id, r.events[0].Kind)
	}
	ends := 0
	for _, e := range r.events {
		switch e.Kind {
		case traffic.EventData:
			if e.Side == traffic.FromClient {
				r.request = append(r.request, e.Data...)
			} else {
				r.response = append(r.response, e.Data...)
			}
		case traffic.EventFrame:
			r.frames = append(r.frames, *e.Frame)
		case traffic.EventEnd:
			ends++
			r.Exchange = *e.Exchange
		}
	}
	if ends != 1 {
		t.Errorf("exchange %d ended %d times", id, ends)
	}
	return r
}

// rig is a running proxy with its recorder.
type rig struct {
	*proxy.Server
	tape *tape
	ca   *ca.Authority
	addr string
	url  *url.URL
}

var testCA = sync.OnceValues(func() (*ca.Authority, error) { return ca.Load(testHome) })

var testHome string

// start runs a proxy that trusts the given test servers.
func start(t testing.TB, change func(*proxy.Config), trust ...*httptest.Server) *rig {
	t.Helper()
	authority, err := testCA()
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{tape: newTape(), ca: authority}
	cfg := proxy.Config{Authority: authority, Recorder: r.tape, Root: authority.PEM()}
	for _, s := range trust {
		cfg.Upstream.Roots = append(cfg.Upstream.Roots, pemOf(s)...)
	}
	if change != nil {
		change(&cfg)
	}
	if r.Server, err = proxy.New(cfg); err != nil {
		t.Fatal(err)
	}
	if err := r.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.addr = r.Addr().String()
	r.url = &url.URL{Scheme: "http", Host: r.addr}
	done := make(chan error, 1)
	go func() { done <- r.Serve(context.Background()) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := r.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return r
}

// client gives an HTTP client that uses and trusts the proxy.
func (r *rig) client(t testing.TB, protocols ...string) *http.Client {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AddCert(r.ca.Certificate())
	tr := &http.Transport{
		Proxy:              http.ProxyURL(r.url),
		TLSClientConfig:    &tls.Config{RootCAs: pool},
		DisableCompression: true,
		Protocols:          new(http.Protocols),
	}
	tr.Protocols.SetHTTP1(!slices.Contains(protocols, "h2"))
	tr.Protocols.SetHTTP2(slices.Contains(protocols, "h2"))
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// upstream starts a server with TLS that speaks h1 and h2.
func upstream(t testing.TB, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// eachProtocol runs a test over HTTP/1.1 and HTTP/2.
func eachProtocol(t *testing.T, f func(t *testing.T, protocol string)) {
	t.Helper()
	for _, protocol := range []string{"h1", "h2"} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			f(t, protocol)
		})
	}
}

func TestExchangeIsRecorded(t *testing.T) {
	t.Parallel()
	eachProtocol(t, func(t *testing.T, protocol string) {
		up := upstream(t, func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			w.Header().Set("X-Proto", r.Proto)
			fmt.Fprintf(w, "got %s", body)
		})
		p := start(t, nil, up)
		resp, err := p.client(t, protocol).Post(up.URL+"/v1/chat?a=1;b=%zz", "text/plain", strings.NewReader("hello"))
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if string(got) != "got hello" || resp.Header.Get("X-Proto") != resp.Proto {
			t.Errorf("client got %q over %s (upstream %s)", got, resp.Proto, resp.Header.Get("X-Proto"))
		}
		x := p.tape.next(t)
		if x.State != traffic.StateComplete || x.Fault != nil || x.Request.URL != up.URL+"/v1/chat?a=1;b=%zz" {
			t.Errorf("recorded %s %s %v", x.State, x.Request.URL, x.Fault)
		}
		if string(x.request) != "hello" || string(x.response) != "got hello" || x.Response.Body.Size != 9 || x.Request.Body.Size != 5 {
			t.Errorf("bodies %q %q", x.request, x.response)
		}
		if x.Server.CertSHA256 == "" || x.Server.TLSVersion != "TLS 1.3" || x.Timing.Head == 0 || x.Timing.Done < x.Timing.FirstByte {
			t.Errorf("server %+v timing %+v", x.Server, x.Timing)
		}
	})
}
