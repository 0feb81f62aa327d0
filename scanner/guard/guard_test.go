package guard_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"assay/proxy"
	"assay/proxy/ca"
	"assay/scanner"
	"assay/scanner/guard"
	"assay/traffic"
)

// secret is a key in the form of OpenAI's, made up.
const secret = "sk-proj-Zq8Lm3Xv7Nc2Rt5Yw9Bd4Fg6Hj1Kp0Sa8Ue3Io5Tl7Vb2Mx4Wz6Qy9"

// house is a server behind a proxy with a guard.
type house struct {
	guard  *guard.Guard
	url    string // of the proxy, in reverse mode
	events *events

	mu      sync.Mutex
	got     [][]byte // what the server received
	rulings []scanner.Ruling
	answer  http.HandlerFunc
}

// events keeps what the proxy recorded.
type events struct {
	mu   sync.Mutex
	last traffic.ID
	ends map[traffic.ID]*traffic.Exchange
	data map[traffic.ID][]byte // of answers
}

func (e *events) NextID() traffic.ID {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.last++
	return e.last
}

func (e *events) Record(ev traffic.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch ev.Kind {
	case traffic.EventEnd:
		e.ends[ev.ID] = ev.Exchange
	case traffic.EventData:
		if ev.Side == traffic.FromServer {
			e.data[ev.ID] = append(e.data[ev.ID], ev.Data...)
		}
	}
}

// authority is made once: no test speaks TLS.
var authority = sync.OnceValues(func() (*ca.Authority, error) { return ca.Load(testHome) })

func newHouse(t *testing.T, o guard.Options, answer http.HandlerFunc) *house {
	t.Helper()
	h := &house{answer: answer, events: &events{ends: map[traffic.ID]*traffic.Exchange{}, data: map[traffic.ID][]byte{}}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		h.mu.Lock()
		h.got = append(h.got, body)
		h.mu.Unlock()
		r.Body = io.NopCloser(bytes.NewReader(body))
		h.answer(w, r)
	}))
	t.Cleanup(server.Close)
	o.ID, o.Exchange = proxy.ExchangeID, proxy.ExchangeOf
	o.Tell = func(r scanner.Ruling) {
		h.mu.Lock()
		h.rulings = append(h.rulings, r)
		h.mu.Unlock()
	}
	var err error
	if h.guard, err = guard.New(o); err != nil {
		t.Fatal(err)
	}
	signs, err := authority()
	if err != nil {
		t.Fatal(err)
	}
	target, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	p, err := proxy.New(proxy.Config{Authority: signs, Reverse: target, Guard: h.guard, Recorder: h.events})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.url = "http://" + p.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		h.guard.Settle()
	})
	return h
}

// received is what the server got, all of it.
func (h *house) received() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return string(bytes.Join(h.got, []byte("\n")))
}

func (h *house) requests() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.got)
}

func (h *house) told() []scanner.Ruling {
	h.guard.Settle()
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]scanner.Ruling(nil), h.rulings...)
}

// post sends a chat request and returns its answer.
func (h *house) post(t *testing.T, path, body string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}, Timeout: 30 * time.Second}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%v after %q", err, got)
	}
	return resp, string(got)
}

func chat(text string) string {
	return fmt.Sprintf(`{"model":"gpt-4o-mini","messages":[{"role":"user","content":%q}]}`, text)
}

// says answers with a chat completion.
func says(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"id":"c1","object":"chat.completion","model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":%q},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30}}`, text)
	}
}

// streams answers with a stream of these deltas, one every gap.
func streams(gap time.Duration, deltas ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		flush := http.NewResponseController(w)
		for _, d := range deltas {
			fmt.Fprintf(w, "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"delta\":{\"content\":%q},\"finish_reason\":null}]}\n\n", d)
			_ = flush.Flush()
			select {
			case <-time.After(gap):
			case <-r.Context().Done():
				return
			}
		}
		fmt.Fprint(w, "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
	}
}

func enforce(policies ...scanner.Policy) guard.Options {
	for i := range policies {
		policies[i].On = true
		policies[i].ID = scanner.PolicyID(i + 1)
		if policies[i].Name == "" {
			policies[i].Name = fmt.Sprintf("policy %d", i+1)
		}
	}
	return guard.Options{Mode: scanner.GuardEnforce, Policies: policies}
}

func TestRedactsBeforeItLeaves(t *testing.T) {
	t.Parallel()
	h := newHouse(t, enforce(scanner.Policy{Name: "Secrets", Action: scanner.Redact, Types: []string{"secret"}}), says("fine"))
	body := `{"model":"gpt-4o-mini",  "messages":[{"role":"user","content":"My key is ` + secret + `\u002c and again ` + secret + ` ok"}], "n":1}`
	resp, got := h.post(t, "/v1/chat/completions", body)
	if resp.StatusCode != 200 || !strings.Contains(got, "fine") {
		t.Fatalf("%d %s", resp.StatusCode, got)
	}
	sent := h.received()
	if strings.Contains(sent, secret) {
		t.Fatalf("the key reached the server: %s", sent)
	}
	before, rest, _ := strings.Cut(sent, "[")
	if before != `{"model":"gpt-4o-mini",  "messages":` || !strings.HasSuffix(rest, ` ok"}], "n":1}`) || !strings.Contains(rest, `\u002c and again [`) {
		t.Errorf("bytes around the key were changed: %s", sent)
	}
	for _, r := range h.told() {
		if !r.Done || r.Side != scanner.InRequest || r.Exchange == 0 || strings.Contains(r.Reason, secret) {
			t.Errorf("%+v", r)
		}
	}
	if n := len(h.told()); n != 1 {
		t.Errorf("%d rulings, expected 1", n)
	}
}

func TestBlocks(t *testing.T) {
	t.Parallel()
	h := newHouse(t, enforce(scanner.Policy{Name: "Secrets", Action: scanner.Block, Types: []string{"secret"}}), says("fine"))
	resp, got := h.post(t, "/v1/chat/completions", chat("My key is "+secret))
	if resp.StatusCode != 403 || !strings.Contains(got, `"error":{"message":"Stopped by the policy \"Secrets\"`) || resp.Header.Get("X-Should-Retry") != "false" {
		t.Fatalf("%d %v %s", resp.StatusCode, resp.Header, got)
	}
	if h.requests() != 0 {
		t.Errorf("the server got %s", h.received())
	}
}

func TestStreamRedactsAcrossDeltas(t *testing.T) {
	t.Parallel()
	deltas := []string{"The key ", "is "}
	for i := 0; i < len(secret); i += 4 {
		deltas = append(deltas, secret[i:min(i+4, len(secret))])
	}
	deltas = append(deltas, " and", " that", " is", " all.")
	h := newHouse(t, enforce(scanner.Policy{Name: "Secrets", Action: scanner.Redact, Types: []string{"secret"}}), streams(15*time.Millisecond, deltas...))
	_, got := h.post(t, "/v1/chat/completions", `{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"hello there"}]}`)
	text := contents(got)
	if !strings.HasPrefix(text, "The key is [") || !strings.HasSuffix(text, "] and that is all.") || strings.Contains(text, "Zq8L") {
		t.Errorf("the client got %q", text)
	}
	if !strings.HasSuffix(got, "data: [DONE]\n\n") {
		t.Errorf("the stream ends with %q", got[max(0, len(got)-60):])
	}
}

func TestStreamIsCut(t *testing.T) {
	t.Parallel()
	deltas := append(strings.SplitAfter("The key is "+secret+" and that is all of it. ", " "), strings.SplitAfter(strings.Repeat("word ", 100), " ")...)
	h := newHouse(t, enforce(scanner.Policy{Name: "Secrets", Action: scanner.Block, Types: []string{"secret"}}), streams(5*time.Millisecond, deltas...))
	_, got := h.post(t, "/v1/chat/completions", `{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"hello there"}]}`)
	if text := contents(got); strings.Contains(text, "sk-") || !strings.HasPrefix(text, "The key is") {
		t.Errorf("the client got %q", text)
	}
	if !strings.Contains(got, `data: {"error":{"message":"Stopped by the policy`) {
		t.Errorf("the stream ends with %q", got[max(0, len(got)-200):])
	}
}

// contents joins the deltas of a stream.
func contents(stream string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(stream, "\n") {
		_, after, found := strings.Cut(line, `"delta":{"content":"`)
		if found {
			text, _, _ := strings.Cut(after, `"},"finish`)
			b.WriteString(strings.NewReplacer(`\n`, "\n", `\"`, `"`).Replace(text))
		}
	}
	return b.String()
}
