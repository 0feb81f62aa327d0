package engine_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"assay/scanner"
	"assay/scanner/target"
)

// TestWaysToFail runs a suite against services that fail in one way only: every case errors, in little time.
func TestWaysToFail(t *testing.T) {
	t.Parallel()
	send := func(status int, contentType, body string, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	const js = "application/json"
	hijacked := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, text)
			_ = conn.Close()
		}
	}
	endless := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("Content-Type", "text/event-stream")
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, text); err != nil {
					return
				}
				_ = http.NewResponseController(w).Flush()
				time.Sleep(10 * time.Millisecond)
			}
		}
	}
	for name, serve := range map[string]http.HandlerFunc{
		"429":               send(429, js, `{"error":{"message":"slow down"}}`, "Retry-After", "0"),
		"500":               send(500, "text/html", "<h1>Internal Server Error</h1>"),
		"502":               send(502, "text/html", "<html>Bad gateway</html>"),
		"503":               send(503, js, `{"error":{"type":"overloaded_error","message":"Overloaded"}}`, "Retry-After", "0"),
		"529":               send(529, js, `{}`),
		"401":               send(401, js, `{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":"invalid_api_key"}}`),
		"404":               send(404, js, `{"error":{"message":"The model does not exist","code":"model_not_found"}}`),
		"400":               send(400, js, `{"error":{"message":"Unrecognized request argument"}}`),
		"redirect":          send(302, "text/html", "<a>Found</a>", "Location", "/v1/chat/completions"),
		"login page":        send(200, "text/html; charset=utf-8", "<!doctype html><title>Sign in</title><form action=/login></form>"),
		"empty":             send(200, js, ""),
		"no content":        send(204, js, ""),
		"empty answer":      send(200, js, `{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":""},"finish_reason":"stop"}]}`),
		"no choice":         send(200, js, `{"object":"chat.completion","choices":[]}`),
		"error in a 200":    send(200, js, `{"error":{"message":"The server had an error","type":"server_error"}}`),
		"broken JSON":       send(200, js, `{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hel`),
		"cut stream":        send(200, "text/event-stream", "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"}}]}\n\n"),
		"error in a stream": send(200, "text/event-stream", "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"}}]}\n\ndata: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}\n\n"),
		"lies about length": send(200, js, `{"object":"chat`, "Content-Length", "5000"),
		"not what it says":  send(200, js, "hello", "Content-Encoding", "gzip"),
		"no HTTP":           hijacked("220 smtp.example ESMTP\r\n"),
		"closed":            hijacked(""),
		"half a head":       hijacked("HTTP/1.1 200 OK\r\nContent-Ty"),
		"never answers": func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // who does not read is not told that nobody waits any more
			<-r.Context().Done()
		},
		"never ends":           endless("data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n"),
		"too large":            send(200, js, `{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"`+strings.Repeat("a", 300_000)+`"}}]}`),
		"wait for ten minutes": send(429, js, `{}`, "Retry-After", "600"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			patience := time.Minute
			if strings.HasPrefix(name, "never") {
				patience = 150 * time.Millisecond
			}
			store, tally := judged(t, serve, scanner.RunSpec{Suites: []string{"quick"}, Trials: 1, Concurrency: 16}, target.Options{Patience: patience, Most: 200_000})
			if tally.Errored != tally.Cases || tally.Cases == 0 {
				report(t, store, scanner.Vulnerable, scanner.Resisted, scanner.Unclear)
				t.Errorf("%d of %d errored", tally.Errored, tally.Cases)
			}
			for _, trial := range store.trials {
				if trial.Judgement.Reason == "" || trial.Requests == 0 {
					t.Fatalf("%+v", trial)
				}
			}
			t.Log(store.trials[[2]int{1, 1}].Judgement.Reason)
		})
	}
}
