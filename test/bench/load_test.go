package main

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	t.Parallel()
	var times []time.Duration
	for i := range 100 {
		times = append(times, time.Duration(i)*time.Millisecond)
	}
	for p, want := range map[float64]time.Duration{0: 0, .5: 50 * time.Millisecond, .99: 99 * time.Millisecond, 1: 99 * time.Millisecond} {
		if got := percentile(times, p); got != want {
			t.Errorf("p%v: got %v, want %v", p, got, want)
		}
	}
	if got := percentile(nil, .5); got != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

// TestStreamDelays checks the yardstick itself: events come 5 ms apart, and none before it was sent.
func TestStreamDelays(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(upstreamHandler())
	t.Cleanup(server.Close)
	begun := time.Now()
	delays, err := oneStream(t.Context(), server.Client(), server.URL+"/stream?n=20&gap=5ms")
	if err != nil || len(delays) != 20 {
		t.Fatalf("%d events, %v", len(delays), err)
	}
	if took := time.Since(begun); took < 90*time.Millisecond {
		t.Errorf("20 events 5 ms apart took %v", took)
	}
	for _, d := range delays {
		if d < 0 {
			t.Errorf("an event arrived %v before it was sent", -d)
		}
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(upstreamHandler())
	t.Cleanup(server.Close)
	body := jsonOf(answerSize)
	if !json.Valid(body) || len(body) < answerSize-16 || len(body) > answerSize+16 {
		t.Errorf("a body of %d bytes, want about %d of JSON", len(body), answerSize)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	times, err := load(ctx, 2, func(ctx context.Context) error { return post(ctx, server.Client(), server.URL+"/json", body) })
	if err != nil || len(times) == 0 {
		t.Errorf("%d requests, %v", len(times), err)
	}
	if err := post(t.Context(), server.Client(), server.URL+"/nowhere", body); err == nil {
		t.Error("an answer of 404 counts as success")
	}
}
