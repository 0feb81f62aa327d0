package guard_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"assay/scanner"
	"assay/scanner/guard"
	"assay/scanner/watch"
	"assay/traffic"
)

func TestRefusesImpossiblePolicies(t *testing.T) {
	t.Parallel()
	budget := &scanner.Allowance{Of: "requests", Most: 1, Within: scanner.Duration(time.Minute), Per: "all"}
	for _, c := range []struct {
		policy scanner.Policy
		why    string
	}{
		{scanner.Policy{Action: "stop"}, "no action"},
		{scanner.Policy{Action: scanner.Block, Side: "both"}, "no side"},
		{scanner.Policy{Action: scanner.Block, Where: "status:500"}, "status is not known before the answer"},
		{scanner.Policy{Action: scanner.Block, Where: "host:("}, "where"},
		{scanner.Policy{Action: scanner.Redact}, "names none"},
		{scanner.Policy{Action: scanner.Throttle, Side: scanner.InAnswer}, "cannot be throttled"},
		{scanner.Policy{Action: scanner.Block, Side: scanner.InAnswer, Budget: budget}, "before a request is sent"},
		{scanner.Policy{Action: scanner.Redact, Types: []string{"secret"}, Budget: budget}, "nothing to take out"},
		{scanner.Policy{Action: scanner.Block, Budget: &scanner.Allowance{Of: "words", Within: budget.Within, Per: "all"}}, "not of"},
		{scanner.Policy{Action: scanner.Block, Budget: &scanner.Allowance{Of: "usd", Within: budget.Within, Per: "head"}}, "not per"},
		{scanner.Policy{Action: scanner.Block, Budget: &scanner.Allowance{Of: "usd", Per: "all"}}, "within one second"},
		{scanner.Policy{Action: scanner.Block, Rules: []string{"none-such"}}, "none-such"},
		{scanner.Policy{Action: scanner.Block, Types: []string{"two words"}}, "no type"},
	} {
		c.policy.Name = "Mine"
		_, err := guard.New(guard.Options{Mode: scanner.GuardEnforce, Policies: []scanner.Policy{c.policy}})
		if err == nil || !strings.Contains(err.Error(), c.why) || !strings.Contains(err.Error(), "Mine") {
			t.Errorf("%+v: %v, expected it to say %q and the name", c.policy, err, c.why)
		}
	}
	if _, err := guard.New(guard.Options{Mode: "on"}); err == nil {
		t.Error("a mode that is none was taken")
	}
}

// TestErrorsOfProviders holds that a blocked client gets an error in its provider's shape.
func TestErrorsOfProviders(t *testing.T) {
	t.Parallel()
	o := enforce(scanner.Policy{Name: "No fruit", Action: scanner.Block, Where: "text:forbiddenfruit"})
	h := newHouse(t, o, says("fine"))
	for _, c := range []struct{ path, body, message, kind string }{
		{"/v1/chat/completions", chat("forbiddenfruit"), "error.message", "error.code"},
		{"/v1/responses", `{"model":"gpt-4o","input":"forbiddenfruit","stream":true}`, "error.message", "error.type"},
		{"/v1/messages", `{"model":"claude-sonnet-4-6","max_tokens":9,"messages":[{"role":"user","content":"forbiddenfruit"}]}`, "error.message", "error.type"},
		{"/v1beta/models/gemini-2.5-flash:generateContent", `{"contents":[{"role":"user","parts":[{"text":"forbiddenfruit"}]}]}`, "error.message", "error.status"},
		{"/v1beta/models/gemini-2.5-flash:streamGenerateContent", `{"contents":[{"role":"user","parts":[{"text":"forbiddenfruit"}]}]}`, "0.error.message", "0.error.status"},
		{"/api/chat", `{"model":"llama3.2","messages":[{"role":"user","content":"forbiddenfruit"}]}`, "error", ""},
		{"/mcp", `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"find","arguments":{"q":"forbiddenfruit"}}}`, "error.message", "error.code"},
		{"/model/anthropic.claude-3-haiku-20240307-v1:0/converse", `{"messages":[{"role":"user","content":[{"text":"forbiddenfruit"}]}]}`, "message", ""},
		{"/anything", `{"q":"forbiddenfruit","message":"forbiddenfruit please"}`, "error.message", "error.type"},
	} {
		resp, got := h.post(t, c.path, c.body)
		if resp.StatusCode != 403 || resp.Header.Get("X-Should-Retry") != "false" || !json.Valid([]byte(got)) ||
			!strings.Contains(gjson.Get(got, c.message).Str, `"No fruit"`) || c.kind != "" && !gjson.Get(got, c.kind).Exists() {
			if c.path == "/anything" && resp.StatusCode == 200 { // nobody said it in a form that is known
				continue
			}
			t.Errorf("%s: %d %v %s", c.path, resp.StatusCode, resp.Header, got)
		}
		if strings.HasPrefix(c.path, "/mcp") && gjson.Get(got, "id").Int() != 7 {
			t.Errorf("the error has another id: %s", got)
		}
	}
}

func zipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b) // into memory
	_ = w.Close()
	return out.Bytes()
}

// TestFailsAsConfigured holds that what cannot be looked at is stopped or passes as the policy says, and that the ruling
// says so.
func TestFailsAsConfigured(t *testing.T) {
	t.Parallel()
	hung := make(chan struct{})
	t.Cleanup(func() { close(hung) })
	bomb := zipped(bytes.Repeat([]byte(" "), 64<<20))
	for _, c := range []struct {
		name, body, coding, why string
		look                    func(*watch.Seen) *scanner.Sight
	}{
		{name: "too large", body: chat(strings.Repeat("large ", 1<<20)), why: "larger than 4 MiB"},
		{name: "gzip bomb", body: string(bomb), coding: "gzip", why: "without its content coding"},
		{name: "no gzip", body: "\x01\x02\x03 no gzip at all", coding: "gzip", why: "content coding"},
		{name: "broken gzip", body: string(zipped([]byte(chat(strings.Repeat("words ", 4000))))[:100]), coding: "gzip", why: "content coding"},
		{name: "unknown coding", body: chat("hello"), coding: "snail", why: "content coding"},
		{name: "a detector that panics", body: chat("hello"), why: "failed", look: func(*watch.Seen) *scanner.Sight { panic("no") }},
		{name: "a detector that hangs", body: chat("hello"), why: "too long", look: func(*watch.Seen) *scanner.Sight {
			<-hung
			return &scanner.Sight{}
		}},
	} {
		for _, closed := range []bool{false, true} {
			t.Run(fmt.Sprint(c.name, closed), func(t *testing.T) {
				t.Parallel()
				h := newHouse(t, enforce(scanner.Policy{Name: "P", Action: scanner.Block, Side: scanner.InRequest, Signs: []scanner.SignKind{scanner.SignInjection}, FailClosed: closed}), says("fine"))
				if c.look != nil {
					h.guard.Looking(150*time.Millisecond, c.look)
				}
				header := []string{}
				if c.coding != "" {
					header = []string{"Content-Encoding", c.coding}
				}
				resp, got := h.post(t, "/v1/chat/completions", c.body, header...)
				want := 200
				if closed {
					want = 403
				}
				if resp.StatusCode != want {
					t.Fatalf("%d %.200s", resp.StatusCode, got)
				}
				if !closed && h.received() != c.body {
					t.Errorf("the server got %d bytes, expected %d as they were", len(h.received()), len(c.body))
				}
				told := h.told()
				if len(told) != 1 || !strings.Contains(told[0].Reason, c.why) || told[0].Done != closed || !strings.Contains(told[0].Reason, "not looked at") {
					t.Errorf("rulings: %+v", told)
				}
			})
		}
	}
}

// TestOddBodies holds that what is no clean JSON is guarded as well and otherwise goes on as it is.
func TestOddBodies(t *testing.T) {
	t.Parallel()
	h := newHouse(t, enforce(scanner.Policy{Name: "Secrets", Action: scanner.Redact, Side: scanner.InRequest, Types: []string{"secret"}}), says("fine"))
	for _, c := range []struct{ name, media, body, want string }{
		{"broken JSON", "application/json", `{"key": "` + secret + `", "open": [1,`, `{"key": "[X]", "open": [1,`},
		{"no end", "application/json", `{"key": "` + secret, `{"key": "[X]`},
		{"invalid UTF-8", "application/json", "{\"a\":\"\xff\xfe " + secret + " \x80\"}", "{\"a\":\"\xff\xfe [X] \x80\"}"},
		{"a form", "application/x-www-form-urlencoded", "a=1&text=the+key+is+" + secret + "+ok&b=%zz", "a=1&text=the+key+is+%5BX%5D+ok&b=%zz"},
		{"plain", "text/plain", "the key is " + secret + "\n", "the key is [X]\n"},
		{"multipart", "multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\nkey " + secret + "\r\n--B--\r\n", "--B\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\nkey [X]\r\n--B--\r\n"},
		{"lines", "application/x-ndjson", "{\"a\":\"" + secret + "\"}\n{\"b\":\"" + secret + "\"}\n", "{\"a\":\"[X]\"}\n{\"b\":\"[X]\"}\n"},
		{"arguments in a string", "application/json", `{"arguments":"{\"api_key\":\"` + secret + `\"}"}`, `{"arguments":"{\"api_key\":\"[X]\"}"}`},
		{"nothing", "application/json", `{"a":"plain words"}`, `{"a":"plain words"}`},
	} {
		before := h.requests()
		h.post(t, "/upload", c.body, "Content-Type", c.media)
		h.mu.Lock()
		got := string(h.got[before])
		h.mu.Unlock()
		got = strings.NewReplacer("[OPENAI_PROJECT_KEY_1]", "[X]", "%5BOPENAI_PROJECT_KEY_1%5D", "%5BX%5D").Replace(got)
		if got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
}

// TestLyingLength holds that a request whose body breaks off is not sent as if it were whole.
func TestLyingLength(t *testing.T) {
	t.Parallel()
	h := newHouse(t, enforce(scanner.Policy{Name: "Secrets", Action: scanner.Redact, Types: []string{"secret"}}), says("fine"))
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n%s", chat("hello"))
	_ = conn.(*net.TCPConn).CloseWrite()
	_, _ = io.Copy(io.Discard, conn)
	conn.Close()
	resp, _ := h.post(t, "/v1/chat/completions", chat("still there?"))
	if resp.StatusCode != 200 {
		t.Errorf("afterwards: %d", resp.StatusCode)
	}
}

// TestUntouchedStreamsThrough holds that a request no policy has to do with is not held: its first byte is at the server
// while the client still writes.
func TestUntouchedStreamsThrough(t *testing.T) {
	t.Parallel()
	first := make(chan struct{})
	g, err := guard.New(enforce(scanner.Policy{Action: scanner.Block, Where: "host:elsewhere.example", Types: []string{"secret"}}))
	if err != nil {
		t.Fatal(err)
	}
	r, w := io.Pipe()
	go func() {
		fmt.Fprint(w, "begin ")
		<-first
		fmt.Fprint(w, secret)
		w.Close()
	}()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://here.example/v1/chat/completions", r)
	if err != nil {
		t.Fatal(err)
	}
	if resp := g.Request(req); resp != nil || req.Body != io.ReadCloser(r) {
		t.Error("the request was touched")
	}
	buf := make([]byte, 6)
	if _, err := io.ReadFull(req.Body, buf); err != nil || string(buf) != "begin " {
		t.Errorf("%q, %v", buf, err)
	}
	close(first)
	_, _ = io.Copy(io.Discard, req.Body)
	if g.Stats().Looked != 0 {
		t.Error("it was looked at")
	}
}

func TestMonitorChangesNothing(t *testing.T) {
	t.Parallel()
	o := enforce(
		scanner.Policy{Action: scanner.Redact, Types: []string{"secret"}},
		scanner.Policy{Action: scanner.Block, Side: scanner.InRequest, Where: "user:key"},
		scanner.Policy{Action: scanner.Approve, Side: scanner.InRequest, FailClosed: true},
	)
	o.Mode = scanner.GuardMonitor
	h := newHouse(t, o, says("and the answer has "+secret))
	body := chat("My key is " + secret)
	resp, got := h.post(t, "/v1/chat/completions", body)
	if resp.StatusCode != 200 || !strings.Contains(got, secret) || h.received() != body {
		t.Fatalf("something was changed: %d %s", resp.StatusCode, got)
	}
	sides := map[scanner.Side]int{}
	for _, r := range h.told() {
		if r.Done || r.Answer != "" {
			t.Errorf("done: %+v", r)
		}
		sides[r.Side]++
	}
	if sides[scanner.InRequest] != 3 || sides[scanner.InAnswer] != 1 {
		t.Errorf("rulings: %v", sides)
	}
	if err := h.guard.Set(scanner.GuardOff, o.Policies); err != nil {
		t.Fatal(err)
	}
	h.post(t, "/v1/chat/completions", body)
	if n := len(h.told()); n != 4 {
		t.Errorf("switched off it said more: %d", n)
	}
}

func TestBudgets(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	o := enforce(scanner.Policy{Name: "Slowly", Action: scanner.Throttle, Budget: &scanner.Allowance{Of: "requests", Most: 3, Within: scanner.Duration(time.Minute), Per: "actor"}})
	o.Now = func() time.Time { return now }
	h := newHouse(t, o, says("fine"))
	send := func(key string) *http.Response {
		resp, got := h.post(t, "/v1/messages", `{"model":"claude-sonnet-4-6","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}`, "X-Api-Key", key)
		if resp.StatusCode == 429 && gjson.Get(got, "error.type").Str != "rate_limit_error" {
			t.Errorf("no error of Anthropic's: %s", got)
		}
		return resp
	}
	for i := range 3 {
		if resp := send("key-of-ada-0001"); resp.StatusCode != 200 {
			t.Fatalf("request %d: %d", i, resp.StatusCode)
		}
	}
	resp := send("key-of-ada-0001")
	if resp.StatusCode != 429 || resp.Header.Get("Retry-After") != "60" || resp.Header.Get("X-Should-Retry") != "" {
		t.Errorf("%d, Retry-After %q", resp.StatusCode, resp.Header.Get("Retry-After"))
	}
	if resp := send("key-of-bob-0002"); resp.StatusCode != 200 {
		t.Errorf("somebody else: %d", resp.StatusCode)
	}
	now = now.Add(61 * time.Second)
	if resp := send("key-of-ada-0001"); resp.StatusCode != 200 {
		t.Errorf("a minute later: %d", resp.StatusCode)
	}
}

// TestSpending holds that budgets of tokens and dollars take what the answers say.
func TestSpending(t *testing.T) {
	t.Parallel()
	for _, of := range []scanner.Allowance{{Of: "tokens", Most: 50}, {Of: "usd", Most: 0.00002}} {
		of.Within, of.Per = scanner.Duration(time.Hour), "model"
		g, err := guard.New(enforce(scanner.Policy{Name: "Thrift", Action: scanner.Block, Where: "kind:llm", Budget: &of}))
		if err != nil {
			t.Fatal(err)
		}
		var passed int
		for range 4 { // each answer uses 30 tokens, which is 0.0000135 dollars
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://api.openai.com/v1/chat/completions", strings.NewReader(chat("hi")))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			if g.Request(req) != nil {
				continue
			}
			passed++
			w := httptest.NewRecorder()
			says("fine")(w, req)
			resp := w.Result()
			resp.Request = req
			g.Response(resp)
			if _, err := io.Copy(io.Discard, resp.Body); err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			g.Settle()
		}
		if passed != 2 {
			t.Errorf("%s: %d passed, expected 2", of.Of, passed)
		}
	}
}

func TestApproval(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name             string
		yes, answered    bool
		closed           bool
		status, requests int
		answer           string
	}{
		{"yes", true, true, true, 200, 1, "yes"},
		{"no", false, true, false, 403, 0, "no"},
		{"nobody, open", false, false, false, 200, 1, "nobody"},
		{"nobody, closed", false, false, true, 403, 0, "nobody"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := enforce(
				scanner.Policy{Name: "Ask", Action: scanner.Approve, Side: scanner.InRequest, Where: "user:transfer", FailClosed: c.closed, Patience: scanner.Duration(50 * time.Millisecond)},
				scanner.Policy{Name: "Secrets", Action: scanner.Redact, Side: scanner.InRequest, Types: []string{"secret"}},
			)
			shown := make(chan guard.Question, 1)
			o.Ask = func(ctx context.Context, q guard.Question) (bool, bool) {
				shown <- q
				if !c.answered {
					<-ctx.Done()
				}
				return c.yes, c.answered
			}
			h := newHouse(t, o, says("fine"))
			resp, got := h.post(t, "/v1/chat/completions", chat("please transfer it, key "+secret))
			if resp.StatusCode != c.status || h.requests() != c.requests {
				t.Errorf("%d %s, %d requests", resp.StatusCode, got, h.requests())
			}
			if strings.Contains(h.received(), secret) {
				t.Error("what was agreed to went out with the secret")
			}
			if q := <-shown; strings.Contains(q.Shown, secret) || !strings.Contains(q.Shown, "please transfer it, key [") || q.Until.IsZero() {
				t.Errorf("shown: %+v", q)
			}
			if r := h.told()[0]; r.Answer != c.answer || !r.Done {
				t.Errorf("%+v", r)
			}
		})
	}
}

// TestClientLeavesApproval holds that nothing is sent for a client that has gone.
func TestClientLeavesApproval(t *testing.T) {
	t.Parallel()
	o := enforce(scanner.Policy{Name: "Ask", Action: scanner.Approve, Side: scanner.InRequest})
	asked := make(chan struct{})
	o.Ask = func(ctx context.Context, _ guard.Question) (bool, bool) {
		close(asked)
		<-ctx.Done()
		return true, true // too late
	}
	h := newHouse(t, o, says("fine"))
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url+"/v1/chat/completions", strings.NewReader(chat("hi")))
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		<-asked
		cancel()
	}()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	if resp, err := client.Do(req); err == nil {
		resp.Body.Close()
		t.Error("the client got an answer")
	}
	for range 200 {
		if len(h.told()) > 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if h.requests() != 0 || len(h.told()) != 1 || h.told()[0].Answer != "nobody" {
		t.Errorf("%d requests were sent; %+v", h.requests(), h.told())
	}
}

// TestStrongestWins holds that of all that match the strongest is carried out, and every one is told.
func TestStrongestWins(t *testing.T) {
	t.Parallel()
	h := newHouse(t, enforce(
		scanner.Policy{Name: "a", Action: scanner.Monitor, Side: scanner.InRequest},
		scanner.Policy{Name: "b", Action: scanner.Redact, Side: scanner.InRequest, Types: []string{"secret"}},
		scanner.Policy{Name: "c", Action: scanner.Block, Side: scanner.InRequest, Types: []string{"secret"}},
		scanner.Policy{Name: "d", Action: scanner.Throttle, Side: scanner.InRequest, Where: "method=POST"},
		scanner.Policy{Name: "e", Action: scanner.Block, Models: []string{"claude*"}},
	), says("fine"))
	resp, got := h.post(t, "/v1/chat/completions", chat("key "+secret))
	if resp.StatusCode != 403 || !strings.Contains(got, `\"c\"`) {
		t.Errorf("%d %s", resp.StatusCode, got)
	}
	done := map[string]bool{}
	for _, r := range h.told() {
		done[r.Name] = r.Done
	}
	if fmt.Sprint(done) != "map[a:true b:false c:true d:false]" {
		t.Errorf("carried out: %v", done)
	}
}

// TestRecordsWhatHappened holds that the recording tells an answer of the guard from one of the server.
func TestRecordsWhatHappened(t *testing.T) {
	t.Parallel()
	h := newHouse(t, enforce(
		scanner.Policy{Name: "No fruit", Action: scanner.Block, Where: "text:forbiddenfruit"},
		scanner.Policy{Name: "No cards", Action: scanner.Block, Side: scanner.InAnswer, Types: []string{"CREDIT_CARD"}},
	), says("pay with 4111 1111 1111 1111 now"))
	h.post(t, "/v1/chat/completions", chat("forbiddenfruit"))
	resp, got := h.post(t, "/v1/chat/completions", chat("pay"))
	if resp.StatusCode != 403 || strings.Contains(got, "4111") {
		t.Errorf("%d %s", resp.StatusCode, got)
	}
	h.events.mu.Lock()
	defer h.events.mu.Unlock()
	blocked, answered := h.events.ends[1], h.events.ends[2]
	if blocked == nil || blocked.Fault == nil || blocked.Fault.Stage != traffic.StageGuard || !strings.Contains(blocked.Fault.Reason, "No fruit") || blocked.Response != nil {
		t.Errorf("blocked: %+v", blocked)
	}
	if answered == nil || answered.Fault == nil || answered.Fault.Stage != traffic.StageGuard || !strings.Contains(answered.Fault.Reason, "No cards") || answered.Response.Status != 200 || !bytes.Contains(h.events.data[2], []byte("4111")) {
		t.Errorf("answered: %+v", answered)
	}
}

// TestWebSockets holds that a session whose frames the guard does not read is told of, and stopped where that is asked.
func TestWebSockets(t *testing.T) {
	t.Parallel()
	for _, closed := range []bool{false, true} {
		g, err := guard.New(func() guard.Options {
			o := enforce(scanner.Policy{Name: "Secrets", Action: scanner.Redact, Types: []string{"secret"}, FailClosed: closed})
			o.Tell = func(r scanner.Ruling) {
				if r.Done != closed || !strings.Contains(r.Reason, "frames of WebSocket sessions") {
					t.Errorf("%+v", r)
				}
			}
			return o
		}())
		if err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://api.openai.com/v1/realtime?model=gpt-realtime", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Upgrade", "websocket")
		if resp := g.Request(req); (resp != nil) != closed {
			t.Errorf("closed %v: %v", closed, resp)
		}
		if s := g.Stats(); s.Unlooked != 1 || s.Rulings != 1 {
			t.Errorf("%+v", s)
		}
	}
}
