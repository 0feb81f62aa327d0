package app_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	trace "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"assay/app"
)

const plantedMail = "anna.smith@example.com"

// callsToExport is a project with so many calls of a model, and one exchange that is none.
func callsToExport(t testing.TB, n int) (*app.App, string) {
	t.Helper()
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a := &app.App{Home: home, Version: "test"}
	path := filepath.Join(t.TempDir(), "calls.assay")
	var lines bytes.Buffer
	line := func(url, request, response string) {
		data, err := json.Marshal(map[string]any{
			"method": "POST", "url": url, "request_headers": map[string]string{"Content-Type": "application/json", "Authorization": "Bearer sk-proj-4f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a"},
			"request_body": request, "status": 200, "response_headers": map[string]string{"Content-Type": "application/json"}, "response_body": response,
			"started": "2026-11-21T10:00:00Z", "duration_ms": 120,
		})
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(data, '\n'))
	}
	for i := range n {
		line("https://api.openai.com/v1/chat/completions", fmt.Sprintf(`{"model":"gpt-4o","messages":[{"role":"user","content":"Question %d of %s"}]}`, i, plantedMail),
			fmt.Sprintf(`{"id":"chatcmpl-%d","model":"gpt-4o","choices":[{"message":{"role":"assistant","content":"An answer."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3}}`, i))
	}
	line("https://shop.example/cart", `{"item":3}`, `{"ok":true}`)
	if _, err := a.Import(t.Context(), path, &lines, app.ImportOptions{Format: "jsonl", Name: "calls.jsonl"}); err != nil {
		t.Fatal(err)
	}
	return a, path
}

// store is a collector that answers as it is told to, and keeps what it took.
type store struct {
	*httptest.Server
	answer func(n int, w http.ResponseWriter) bool // of the n-th request, from 1; false when it took nothing
	mu     sync.Mutex
	n      int
	spans  []*trace.Span
	heads  []http.Header
	paths  []string
	bodies [][]byte
}

func newStore(t *testing.T, answer func(n int, w http.ResponseWriter) bool) *store {
	t.Helper()
	s := &store{answer: answer}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.n++
		s.heads, s.paths = append(s.heads, r.Header), append(s.paths, r.URL.Path)
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		data, err := io.ReadAll(z)
		if err != nil {
			t.Error(err)
		}
		var request collector.ExportTraceServiceRequest
		s.bodies = append(s.bodies, data)
		if err := proto.Unmarshal(data, &request); err != nil {
			t.Error(err)
		}
		if s.answer != nil && !s.answer(s.n, w) {
			return
		}
		s.spans = append(s.spans, request.GetResourceSpans()[0].GetScopeSpans()[0].GetSpans()...)
	}))
	t.Cleanup(s.Close)
	return s
}

func TestExportOTLP(t *testing.T) {
	t.Parallel()
	a, path := callsToExport(t, 600)
	s := newStore(t, nil)
	header := http.Header{"X-Tenant": {"blue"}}
	sum, err := a.ExportOTLP(t.Context(), path, app.OTLPOptions{Endpoint: s.URL + "/", Header: header})
	if err != nil {
		t.Fatal(err)
	}
	if sum.Exchanges != 601 || sum.Spans != 600 || sum.LeftOut != 1 || sum.Batches != 2 || sum.Tries != 2 || sum.Kinds["chat"] != 600 || len(s.spans) != 600 {
		t.Errorf("%+v; the store has %d spans", sum, len(s.spans))
	}
	if s.paths[0] != "/v1/traces" || s.heads[0].Get("X-Tenant") != "blue" || s.heads[0].Get("Content-Type") != "application/x-protobuf" {
		t.Errorf("to %s with %v", s.paths[0], s.heads[0])
	}
	for i, span := range s.spans {
		if i > 0 && span.GetStartTimeUnixNano() < s.spans[i-1].GetStartTimeUnixNano() {
			t.Fatal("the spans are out of order")
		}
		if text := span.String(); strings.Contains(text, "Question") || strings.Contains(text, "sk-proj") {
			t.Fatalf("what was said is sent: %s", text)
		}
	}
	first := spanIDs(s.spans)
	s.spans = nil
	if _, err := a.ExportOTLP(t.Context(), path, app.OTLPOptions{Endpoint: s.URL + "/v1/traces"}); err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(first, spanIDs(s.spans)) || len(first) != 600 {
		t.Errorf("sent again, %d ids are others", len(first))
	}
	if s.paths[2] != "/v1/traces" {
		t.Errorf("sent to %s", s.paths[2])
	}
}

func spanIDs(spans []*trace.Span) map[string]bool {
	ids := map[string]bool{}
	for _, s := range spans {
		ids[string(s.GetTraceId())+string(s.GetSpanId())] = true
	}
	return ids
}

func TestExportOTLPContentIsRedacted(t *testing.T) {
	t.Parallel()
	a, path := callsToExport(t, 2)
	for _, c := range []struct {
		o             app.OTLPOptions
		said, address bool
	}{
		{app.OTLPOptions{}, false, false},
		{app.OTLPOptions{Reveal: true}, false, false},
		{app.OTLPOptions{Content: true}, true, false},
		{app.OTLPOptions{Content: true, Reveal: true}, true, true},
	} {
		s := newStore(t, nil)
		c.o.Endpoint = s.URL
		sum, err := a.ExportOTLP(t.Context(), path, c.o)
		if err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprint(s.spans)
		if strings.Contains(text, "Question 1") != c.said || strings.Contains(text, plantedMail) != c.address || strings.Contains(text, "sk-proj") {
			t.Errorf("%+v: said %v, address %v\n%.2000s", c.o, strings.Contains(text, "Question 1"), strings.Contains(text, plantedMail), text)
		}
		if (sum.Hidden > 0) != (c.o.Content && !c.o.Reveal) {
			t.Errorf("%+v: %d values were hidden", c.o, sum.Hidden)
		}
	}
}

func TestExportOTLPTriesAgain(t *testing.T) {
	t.Parallel()
	a, path := callsToExport(t, 3)
	asked := time.Time{}
	s := newStore(t, func(n int, w http.ResponseWriter) bool {
		switch n {
		case 1:
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			asked = time.Now()
			return false
		case 2:
			if wait := time.Since(asked); wait < 900*time.Millisecond {
				t.Errorf("it came back after %v", wait)
			}
			w.WriteHeader(http.StatusServiceUnavailable)
			return false
		}
		return true
	})
	sum, err := a.ExportOTLP(t.Context(), path, app.OTLPOptions{Endpoint: s.URL})
	if err != nil || sum.Tries != 3 || len(s.spans) != 3 {
		t.Errorf("%+v, %v; the store has %d spans", sum, err, len(s.spans))
	}
}

func TestExportOTLPSaysWhatFailed(t *testing.T) {
	t.Parallel()
	a, path := callsToExport(t, 3)
	partial, err := proto.Marshal(&collector.ExportTraceServiceResponse{PartialSuccess: &collector.ExportTracePartialSuccess{RejectedSpans: 2, ErrorMessage: "too old\x1b[31m"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		answer func(int, http.ResponseWriter) bool
		tries  int
		want   string
	}{
		{"a wrong key", func(_ int, w http.ResponseWriter) bool {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte("no such key"))
			return false
		}, 1, "status 401: no such key"},
		{"another address", func(_ int, w http.ResponseWriter) bool {
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.WriteHeader(http.StatusFound)
			return false
		}, 1, "redirects are not followed"},
		{"a part", func(_ int, w http.ResponseWriter) bool {
			_, _ = w.Write(partial)
			return true
		}, 1, "rejected 2 of 3 spans: too old"},
	} {
		s := newStore(t, c.answer)
		_, err := a.ExportOTLP(t.Context(), path, app.OTLPOptions{Endpoint: s.URL})
		var told *app.Error
		if !errors.As(err, &told) || told.Code != app.CodeFailed || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\x1b") || s.n != c.tries {
			t.Errorf("%s: after %d tries %v", c.name, s.n, err)
		}
	}
	for _, o := range []app.OTLPOptions{
		{},
		{Endpoint: "127.0.0.1:4318"},
		{Endpoint: "ftp://x"},
		{Endpoint: "http://anna:secret@127.0.0.1"},
		{Endpoint: "http://127.0.0.1", Header: http.Header{"A b": {"x"}}},
		{Endpoint: "http://127.0.0.1", Header: http.Header{"A": {"s3cret\r\nx"}}},
		{Endpoint: "http://127.0.0.1", Query: "status:"},
	} {
		_, err := a.ExportOTLP(t.Context(), path, o)
		var told *app.Error
		if !errors.As(err, &told) || told.Code != app.CodeUsage || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestExportOTLPDryRun(t *testing.T) {
	t.Parallel()
	a, path := callsToExport(t, 3)
	s := newStore(t, nil)
	sum, err := a.ExportOTLP(t.Context(), path, app.OTLPOptions{Endpoint: s.URL, DryRun: true, Content: true})
	if err != nil || sum.Spans != 3 || sum.Tries != 0 || s.n != 0 || sum.Hidden == 0 {
		t.Errorf("%+v, %v; %d requests", sum, err, s.n)
	}
}

func TestExportOTLPStops(t *testing.T) {
	t.Parallel()
	a, path := callsToExport(t, 600)
	ctx, cancel := context.WithCancel(t.Context())
	s := newStore(t, func(_ int, w http.ResponseWriter) bool {
		cancel()
		w.WriteHeader(http.StatusServiceUnavailable)
		return false
	})
	if _, err := a.ExportOTLP(ctx, path, app.OTLPOptions{Endpoint: s.URL}); !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}

// TestExportOTLPToTheCollector sends spans to the receiver of the OpenTelemetry collector, which is built from its own modules
// (test/collector), and reads what that makes of them.
func TestExportOTLPToTheCollector(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it builds the receiver of the OpenTelemetry collector")
	}
	program := filepath.Join(t.TempDir(), "collector")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir = filepath.Join("..", "test", "collector")
	if out, err := build.CombinedOutput(); err != nil {
		if text := string(out); strings.Contains(text, "dial tcp") || strings.Contains(text, "module lookup disabled") || strings.Contains(text, "Forbidden") {
			t.Skipf("the collector's modules cannot be had: %s", text)
		}
		t.Fatalf("%v\n%s", err, out)
	}
	run := exec.CommandContext(t.Context(), program)
	stdin, err := run.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := run.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, 16<<20)
	var where struct{ Endpoint string }
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &where) != nil || where.Endpoint == "" {
		t.Fatalf("the collector said %s", lines.Text())
	}
	a, path := callsToExport(t, 5)
	sum, err := a.ExportOTLP(t.Context(), path, app.OTLPOptions{Endpoint: where.Endpoint, Content: true})
	if err != nil || sum.Spans != 5 {
		t.Fatalf("%+v, %v", sum, err)
	}
	if !lines.Scan() {
		t.Fatal("the collector received nothing")
	}
	var got struct {
		ResourceSpans []struct {
			ScopeSpans []struct {
				Spans []struct {
					Name, TraceID, SpanID string
					Kind                  int
					Attributes            []struct {
						Key   string
						Value struct{ StringValue, IntValue string }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(lines.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	spans := got.ResourceSpans[0].ScopeSpans[0].Spans
	if len(spans) != 5 || spans[0].Name != "chat gpt-4o" || spans[0].Kind != 3 || len(spans[0].TraceID) != 32 || len(spans[0].SpanID) != 16 {
		t.Fatalf("the collector read %+v", spans)
	}
	values := map[string]string{}
	for _, x := range spans[0].Attributes {
		values[x.Key] = x.Value.StringValue + x.Value.IntValue
	}
	if values["gen_ai.provider.name"] != "openai" || values["gen_ai.usage.input_tokens"] != "9" || !strings.Contains(values["gen_ai.input.messages"], "Question 0 of ⟨") {
		t.Errorf("the collector read %v", values)
	}
	if err := stdin.Close(); err != nil {
		t.Error(err)
	}
	if err := run.Wait(); err != nil {
		t.Errorf("the collector ended with %v", err)
	}
}

func BenchmarkExportOTLP(b *testing.B) {
	a, path := callsToExport(b, 2000)
	b.ResetTimer()
	for b.Loop() {
		sum, err := a.ExportOTLP(b.Context(), path, app.OTLPOptions{Endpoint: "http://127.0.0.1:1", DryRun: true})
		if err != nil || sum.Spans != 2000 {
			b.Fatal(sum, err)
		}
	}
	b.ReportMetric(float64(b.N)*2000/b.Elapsed().Seconds(), "exchanges/s")
}

// TestOTLPLeaks plants secrets and personal data in every field of a project, and in calls of models, and looks for them in
// what a collector gets.
func TestOTLPLeaks(t *testing.T) {
	t.Parallel()
	ctx, all := t.Context(), plants(3, 12)
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a := &app.App{Home: home, Version: "test"}
	p := leakProject(t, a, all)
	var lines bytes.Buffer
	for i := range all {
		one, next := all[i], all[(i+1)%len(all)]
		request, err := json.Marshal(map[string]any{
			"model": "m " + one.value, "user": one.value, "stop": []string{one.value}, "tools": []any{map[string]any{"type": "function", "function": map[string]any{"name": one.value, "description": one.sentence}}},
			"messages": []any{
				map[string]any{"role": "system", "content": one.sentence},
				map[string]any{"role": "user", "name": one.value, "content": next.sentence},
				map[string]any{"role": "assistant", "tool_calls": []any{map[string]any{"id": one.value, "type": "function", "function": map[string]any{"name": one.value, "arguments": `{"q":` + quote(one.sentence) + `}`}}}},
				map[string]any{"role": "tool", "tool_call_id": one.value, "content": one.value},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		response, err := json.Marshal(map[string]any{
			"id": one.value, "model": one.value, "choices": []any{map[string]any{"finish_reason": one.value, "message": map[string]any{"role": "assistant", "content": "Here: " + one.value}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		line, err := json.Marshal(map[string]any{
			"method": "POST", "url": "https://api.openai.com/v1/chat/completions?u=" + url.QueryEscape(one.value), "status": 200, "request_body": string(request), "response_body": string(response),
			"request_headers": map[string]string{"Content-Type": "application/json"}, "response_headers": map[string]string{"Content-Type": "application/json"},
		})
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(line, '\n'))
	}
	path := p.Store().Path()
	p.Close()
	if _, err := a.Import(ctx, path, &lines, app.ImportOptions{Format: "jsonl", Name: "calls.jsonl"}); err != nil {
		t.Fatal(err)
	}
	seeker := seek(all)
	for _, content := range []bool{false, true} {
		s := newStore(t, nil)
		sum, err := a.ExportOTLP(ctx, path, app.OTLPOptions{Endpoint: s.URL, Content: content})
		if err != nil || sum.Spans < int64(len(all)) {
			t.Fatalf("%+v, %v", sum, err)
		}
		var text strings.Builder
		for _, data := range s.bodies {
			text.Write(data)
		}
		seeker.find(t, fmt.Sprintf("what is sent with content %v", content), text.String())
	}
}
