package storage_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assay/storage"
	"assay/traffic"
)

func TestRecordAndRead(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p := open(t, path, storage.Options{})
	req, res := []byte(`{"model":"m","messages":[{"role":"user","content":"hi"}]}`), []byte(strings.Repeat(`{"x":1}`, 300))
	x := exchange("api.example.com", "/v1/chat?x=1", 200, req, res)
	id := record(p.Recorder(), x, 3)
	flush(t, p)
	check := func(p *storage.Project) {
		t.Helper()
		got, err := p.Exchange(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		want := *x
		want.ID = id
		want.Request.Body.Data = nil
		r := *x.Response
		r.Body.Data = nil
		want.Response = &r
		if diff := cmp.Diff(&want, got); diff != "" {
			t.Errorf("exchange (-want +got):\n%s", diff)
		}
		wantBody(t, p, id, traffic.FromClient, req)
		wantBody(t, p, id, traffic.FromServer, res)
		var at []time.Duration
		for s, err := range p.Segments(t.Context(), id, traffic.FromServer) {
			if err != nil {
				t.Fatal(err)
			}
			at = append(at, s.At)
		}
		if diff := cmp.Diff([]time.Duration{time.Millisecond, 2 * time.Millisecond, 3 * time.Millisecond}, at); diff != "" {
			t.Errorf("arrival times (-want +got):\n%s", diff)
		}
	}
	check(p)
	settle(t, p)
	check(p)
	rows, err := p.List(t.Context(), storage.Filter{})
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	r := rows[0]
	if r.ID != id || r.URL != x.Request.URL || r.Host != "api.example.com" || r.Path != "/v1/chat" || r.Status != 200 || r.State != traffic.StateComplete ||
		r.MIME != "application/json" || r.Method != "POST" || r.Duration != 50*time.Millisecond || r.RequestBytes != int64(len(req)) || r.Client != "python3" {
		t.Errorf("row %+v", r)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	check(open(t, path, storage.Options{ReadOnly: true}))
	again := open(t, path, storage.Options{MustExist: true})
	check(again)
	if next := again.Recorder().NextID(); next != id+1 {
		t.Errorf("the next id is %d", next)
	}
	if _, err := again.Exchange(t.Context(), 99); !errors.Is(err, storage.ErrNoExchange) {
		t.Error(err)
	}
	if found, err := again.Check(t.Context()); err != nil || len(found) > 0 {
		t.Error(found, err)
	}
}

// TestBodiesOfAllSizes keeps bodies byte for byte before and after they are packed, in one piece and in many.
func TestBodiesOfAllSizes(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	type sent struct {
		id       traffic.ID
		req, res []byte
	}
	var all []sent
	text := []byte(strings.Repeat("the quick brown fox ", 1<<17))
	history := []byte(`{"messages":[` + strings.Repeat(`{"role":"user","content":"hello \"there\" \\"},`, 60_000) + `{}]}`)
	for i, n := range []int{0, 1, 127, 128, 4095, 4096, 70_000, 1 << 20, 1<<20 + 1, 5 << 20} {
		for _, pieces := range []int{1, 7} {
			s := sent{req: random(uint64(i), n), res: text[:min(n, len(text))]}
			if pieces == 7 {
				s.req = history[:min(n, len(history))]
			}
			s.id = record(p.Recorder(), exchange("a.example", fmt.Sprintf("/%d/%d", n, pieces), 200, s.req, s.res), pieces)
			all = append(all, s)
		}
	}
	for _, when := range []func(testing.TB, *storage.Project){flush, settle} {
		when(t, p)
		for _, s := range all {
			wantBody(t, p, s.id, traffic.FromClient, s.req)
			wantBody(t, p, s.id, traffic.FromServer, s.res)
		}
	}
	if found, err := p.Check(t.Context()); err != nil || len(found) > 0 {
		t.Error(found, err)
	}
}

// TestStreamGrows reads a stream while it arrives and finds all of it afterwards.
func TestStreamGrows(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	r := p.Recorder()
	feedOfIDs := p.Committed()
	defer feedOfIDs.Close()
	x := exchange("s.example", "/stream", 200, []byte("{}"), nil)
	id := r.NextID()
	begin(r, id, x)
	feed(r, id, traffic.FromClient, []byte("{}"), 1)
	head := *x
	head.State = traffic.StateStreaming
	r.Record(traffic.Event{ID: id, Kind: traffic.EventHead, Exchange: &head})
	var want []byte
	for i := range 5 {
		token := fmt.Appendf(nil, "data: {\"i\":%d}\n\n", i)
		want = append(want, token...)
		r.Record(traffic.Event{ID: id, Kind: traffic.EventData, Side: traffic.FromServer, At: time.Duration(i) * time.Second, Data: token})
		deadline := time.Now().Add(20 * time.Second)
		for {
			got, _, err := p.ReadBody(t.Context(), id, traffic.FromServer, 0)
			if err == nil && bytes.Equal(got, want) {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("%q, want %q (%v)", got, want, err)
			}
			<-feedOfIDs.Signal()
		}
		got, err := p.Exchange(t.Context(), id)
		if err != nil || got.State != traffic.StateStreaming {
			t.Fatal(got.State, err)
		}
	}
	end := *x
	end.State = traffic.StateClosed
	r.Record(traffic.Event{ID: id, Kind: traffic.EventEnd, Exchange: &end})
	for _, when := range []func(testing.TB, *storage.Project){flush, settle} {
		when(t, p)
		wantBody(t, p, id, traffic.FromServer, want)
		n := 0
		for s, err := range p.Segments(t.Context(), id, traffic.FromServer) {
			if err != nil || s.At != time.Duration(n)*time.Second {
				t.Error(s.At, err)
			}
			n++
		}
		if n != 5 {
			t.Errorf("%d segments", n)
		}
	}
	ended, changed, missed := feedOfIDs.Take()
	if len(ended) != 1 || ended[0] != id || missed {
		t.Error(ended, changed, missed)
	}
}

func TestFrames(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	r := p.Recorder()
	x := exchange("w.example", "/ws", 101, nil, nil)
	x.Kind = traffic.KindWebSocket
	id := r.NextID()
	begin(r, id, x)
	var want []traffic.Frame
	for i := range 50 {
		f := traffic.Frame{
			Seq: i, Side: traffic.Side(i % 2), At: time.Duration(i) * 1234567, Opcode: 1, Compressed: i%3 == 0, Wire: i, Data: []byte(strings.Repeat("x", i)),
		}
		if i == 7 {
			f.Lost = "too large"
		}
		if i == 0 {
			f.Data = nil
		}
		want = append(want, f)
		g := f
		r.Record(traffic.Event{ID: id, Kind: traffic.EventFrame, Frame: &g})
		if i == 25 {
			flush(t, p)
		}
	}
	r.Record(traffic.Event{ID: id, Kind: traffic.EventEnd, Exchange: x})
	flush(t, p)
	got, err := p.Frames(t.Context(), id, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		if len(got[i].Data) == 0 {
			got[i].Data = nil
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if page, err := p.Frames(t.Context(), id, 10, 5); err != nil || len(page) != 5 || page[0].Seq != 10 {
		t.Error(page, err)
	}
}

// TestThousandExchanges records at random, in random pieces and interleaved, and reads everything back.
func TestThousandExchanges(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	rnd := rand.New(rand.NewPCG(1, 2))
	bodies := map[traffic.ID][2][]byte{}
	for i := range 1000 {
		b := [2][]byte{random(uint64(2*i), rnd.IntN(20_000)), bytes.Repeat([]byte{byte(i)}, rnd.IntN(20_000))}
		bodies[record(p.Recorder(), exchange(fmt.Sprintf("h%d.example", i%7), "/", 200, b[0], b[1]), 1+rnd.IntN(5))] = b
	}
	settle(t, p)
	for id, b := range bodies {
		wantBody(t, p, id, traffic.FromClient, b[0])
		wantBody(t, p, id, traffic.FromServer, b[1])
	}
	s := p.Recorder().Stats()
	if s.LostBytes != 0 || s.LostExchanges != 0 || s.Trouble != "" || s.QueuedBytes != 0 || s.JournalBytes != 0 {
		t.Errorf("%+v", s)
	}
	if total, err := p.Count(t.Context(), nil); err != nil || total.N != 1000 {
		t.Error(total, err)
	}
}
