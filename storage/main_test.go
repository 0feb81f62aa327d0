package storage_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"assay/storage"
	"assay/traffic"
)

func TestMain(m *testing.M) {
	if runChild() {
		return
	}
	goleak.VerifyTestMain(m)
}

// keys is a keychain in memory.
type keys struct {
	mu sync.Mutex
	m  map[string][]byte
}

func (k *keys) Get(_ context.Context, name string) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if v, ok := k.m[name]; ok {
		return v, nil
	}
	return nil, fmt.Errorf("no secret %s", name)
}

func (k *keys) Set(_ context.Context, name string, v []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.m == nil {
		k.m = map[string][]byte{}
	}
	k.m[name] = v
	return nil
}

// open makes a project in a folder of its own and closes it with the test.
func open(t testing.TB, path string, o storage.Options) *storage.Project {
	t.Helper()
	p, err := storage.Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func temp(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "p.assay")
}

// exchange returns a finished exchange with bodies.
func exchange(host, path string, status int, req, res []byte) *traffic.Exchange {
	x := &traffic.Exchange{
		Started: time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC),
		Source:  traffic.SourceProxy, Kind: traffic.KindHTTP, State: traffic.StateComplete,
		Client: traffic.Client{Addr: "127.0.0.1:5000", PID: 42, Process: "python3"},
		Server: traffic.Server{
			Addr: "10.0.0.1:443", TLSVersion: "TLS 1.3", Cipher: "TLS_AES_128_GCM_SHA256", ALPN: "h2", CertSHA256: "ab12",
			CertIssuer: "Test CA", CertNames: []string{host}, CertExpiry: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
		},
		Request: traffic.Request{
			Method: "POST", URL: "https://" + host + path, Proto: "HTTP/1.1", Host: host,
			Header: traffic.Header{{Name: "Host", Value: host}, {Name: "content-type", Value: "application/json"}, {Name: "X-b", Value: ""}},
			Body:   traffic.Body{Size: int64(len(req)), Kept: int64(len(req)), Data: req},
		},
		Response: &traffic.Response{
			Status: status, Reason: "OK", Proto: "HTTP/2.0",
			Header:  traffic.Header{{Name: "Content-Type", Value: "application/json; charset=utf-8"}, {Name: "x-request-id", Value: "r1"}},
			Trailer: traffic.Header{{Name: "Grpc-Status", Value: "0"}},
			Body:    traffic.Body{Size: int64(len(res)), Kept: int64(len(res)), Data: res},
		},
		Timing: traffic.Timing{Connect: time.Millisecond, Head: 20 * time.Millisecond, FirstByte: 21 * time.Millisecond, Done: 50 * time.Millisecond},
	}
	return x
}

// record plays an exchange to a recorder in pieces and returns its id.
func record(r *storage.Recorder, x *traffic.Exchange, pieces int) traffic.ID {
	id := r.NextID()
	begin(r, id, x)
	feed(r, id, traffic.FromClient, x.Request.Body.Data, pieces)
	if x.Response != nil {
		head := *x
		head.State = traffic.StateStreaming
		r.Record(traffic.Event{ID: id, Kind: traffic.EventHead, Exchange: &head})
		feed(r, id, traffic.FromServer, x.Response.Body.Data, pieces)
	}
	end := *x
	r.Record(traffic.Event{ID: id, Kind: traffic.EventEnd, Exchange: &end})
	return id
}

func begin(r *storage.Recorder, id traffic.ID, x *traffic.Exchange) {
	b := *x
	b.State, b.Response, b.Timing = traffic.StateOpen, nil, traffic.Timing{}
	r.Record(traffic.Event{ID: id, Kind: traffic.EventBegin, Exchange: &b})
}

func feed(r *storage.Recorder, id traffic.ID, side traffic.Side, data []byte, pieces int) {
	for i := range pieces {
		part := data[i*len(data)/pieces : (i+1)*len(data)/pieces]
		if len(part) > 0 {
			r.Record(traffic.Event{ID: id, Kind: traffic.EventData, Side: side, At: time.Duration(i+1) * time.Millisecond, Data: bytes.Clone(part)})
		}
	}
}

func flush(t testing.TB, p *storage.Project) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := p.Recorder().Flush(ctx); err != nil {
		t.Fatal(err)
	}
}

func settle(t testing.TB, p *storage.Project) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	if err := p.Settle(ctx); err != nil {
		t.Fatal(err)
	}
}

// wantBody compares a body with what travelled.
func wantBody(t testing.TB, p *storage.Project, id traffic.ID, side traffic.Side, want []byte) {
	t.Helper()
	body, err := p.Body(t.Context(), id, side)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(body)
	if err := body.Close(); err != nil {
		t.Error(err)
	}
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("exchange %d, %s: %d bytes (%v), want %d; they differ from byte %d", id, side, len(got), err, len(want), differ(got, want))
	}
	var joined []byte
	for s, err := range p.Segments(t.Context(), id, side) {
		if err != nil {
			t.Fatal(err)
		}
		joined = append(joined, s.Data...)
	}
	if !bytes.Equal(joined, want) {
		t.Fatalf("exchange %d, %s: segments have %d bytes, want %d", id, side, len(joined), len(want))
	}
}

func differ(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

func random(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 7))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}
