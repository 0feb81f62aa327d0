package discover_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/discover"
	"assay/traffic"
)

// shot is an exchange as a test writes it: headers are lines.
type shot struct {
	method, url     string
	header          string
	body            string
	status          int
	answerHeader    string
	answer          string
	server          traffic.Server
	frames          []traffic.Frame
	lost            bool // the answer is not whole
	client          traffic.Client
	started         time.Duration
	noAnswer, isWeb bool
}

func lines(text string) (h traffic.Header) {
	for line := range strings.SplitSeq(text, "\n") {
		if name, value, ok := strings.Cut(line, ": "); ok {
			h = append(h, traffic.Field{Name: strings.TrimSpace(name), Value: value})
		}
	}
	return h
}

// ledger folds exchanges and keeps what the Book gives back.
type ledger struct {
	t         testing.TB
	book      *discover.Book
	now       time.Time
	next      traffic.ID
	endpoints map[scanner.EndpointID]*scanner.Endpoint
	changes   []scanner.Change
	of        map[traffic.ID]scanner.EndpointID
}

func newLedger(t testing.TB) *ledger {
	t.Helper()
	l := &ledger{
		t: t, now: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), endpoints: map[scanner.EndpointID]*scanner.Endpoint{},
		of: map[traffic.ID]scanner.EndpointID{},
	}
	book, err := discover.Open(nil, nil, discover.Options{Now: func() time.Time { return l.now }})
	if err != nil {
		t.Fatal(err)
	}
	l.book = book
	return l
}

// fold folds exchanges as one batch and returns the lines of the timeline it gave.
func (l *ledger) fold(shots ...shot) []scanner.Change {
	l.t.Helper()
	l.now = l.now.Add(time.Second)
	seen := make([]discover.Seen, 0, len(shots))
	for i := range shots {
		l.next++
		seen = append(seen, shots[i].seen(l.next, l.now))
	}
	return l.take(seen)
}

func (l *ledger) take(seen []discover.Seen) []scanner.Change {
	l.t.Helper()
	fold, err := l.book.Fold(seen)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, e := range fold.Endpoints {
		l.endpoints[e.ID] = e
	}
	maps.Copy(l.of, fold.Of)
	for from, into := range fold.Moved {
		for id, at := range l.of {
			if at == from {
				l.of[id] = into
			}
		}
	}
	l.changes = append(l.changes, fold.Changes...)
	return fold.Changes
}

func (s *shot) seen(id traffic.ID, now time.Time) discover.Seen {
	method, status := s.method, s.status
	if method == "" {
		method = "GET"
	}
	if status == 0 {
		status = 200
	}
	x := &traffic.Exchange{
		ID: id, Started: now.Add(s.started), Kind: traffic.KindHTTP, State: traffic.StateComplete, Server: s.server, Client: s.client,
		Request: traffic.Request{Method: method, URL: s.url, Header: lines(s.header), Body: traffic.Body{Size: int64(len(s.body))}},
	}
	if s.body != "" && !x.Request.Header.Has("Content-Type") {
		x.Request.Header = append(x.Request.Header, traffic.Field{Name: "Content-Type", Value: "application/json"})
	}
	in := llm.Input{Method: method, URL: s.url, RequestHeader: x.Request.Header, RequestBody: []byte(s.body), Ended: true, Frames: s.frames}
	seen := discover.Seen{Exchange: x, Request: []byte(s.body), Frames: s.frames}
	if s.isWeb {
		x.Kind, status = traffic.KindWebSocket, 101
	}
	if !s.noAnswer {
		x.Response = &traffic.Response{Status: status, Header: lines(s.answerHeader), Body: traffic.Body{Size: int64(len(s.answer))}}
		if s.answer != "" && !x.Response.Header.Has("Content-Type") {
			x.Response.Header = append(x.Response.Header, traffic.Field{Name: "Content-Type", Value: "application/json"})
		}
		if s.lost {
			x.Response.Body.Lost = "cut"
		}
		seen.Response = []byte(s.answer)
		in.Status, in.ResponseHeader, in.ResponseBody = status, x.Response.Header, seen.Response
	} else {
		x.State = traffic.StateFailed
	}
	conv := llm.Parse(in)
	seen.Conversation = &conv
	return seen
}

// only returns the one endpoint there is.
func (l *ledger) only() *scanner.Endpoint {
	l.t.Helper()
	if len(l.endpoints) != 1 {
		l.t.Fatalf("%d endpoints, want one: %v", len(l.endpoints), slices.Collect(maps.Values(l.endpoints)))
	}
	for _, e := range l.endpoints {
		return e
	}
	return nil
}

// last returns the endpoint of the last exchange.
func (l *ledger) last() *scanner.Endpoint {
	l.t.Helper()
	e := l.endpoints[l.of[l.next]]
	if e == nil {
		l.t.Fatalf("exchange %d has no endpoint", l.next)
	}
	return e
}

func TestFacts(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	l.fold(shot{
		method: "POST", url: "https://llm.internal/v1/chat/completions", header: "Authorization: Bearer ⟨cred:0123456789abcdef⟩\nUser-Agent: curl/8.1",
		body:         `{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"Hello"}],"tools":[{"type":"function","function":{"name":"run_shell"}}]}`,
		answerHeader: "Content-Type: text/event-stream\nX-RateLimit-Limit-Requests: 500\nRetry-After: 3",
		answer:       "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: [DONE]\n\n",
		server:       traffic.Server{Addr: "10.1.2.3:443", TLSVersion: "TLS 1.3", CertIssuer: "Test CA", CertExpiry: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
	}, shot{
		method: "POST", url: "https://llm.internal/v1/chat/completions", header: "Authorization: Bearer ⟨cred:0123456789abcdef⟩",
		body: `{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}`, noAnswer: true,
	}, shot{
		method: "POST", url: "https://llm.internal/v1/chat/completions", header: "Authorization: Bearer ⟨cred:0123456789abcdef⟩",
		body: `{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}`, status: 429, answer: `{"error":{"message":"slow down"}}`,
		answerHeader: "Retry-After: 9",
	})
	e := l.only()
	f := e.Facts
	if e.Kind != llm.KindLLM || e.Family != "openai.chat" || e.Access != scanner.AccessInternal {
		t.Errorf("kind %s, family %s, access %s", e.Kind, e.Family, e.Access)
	}
	check := func(what string, got, want any) {
		t.Helper()
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	check("models", f.Models, []string{"gpt-4o", "gpt-4o-mini"})
	check("tools", f.Tools, []string{"run_shell"})
	check("clients", f.Clients, []string{"curl"})
	check("addresses", f.Addresses, []string{"10.1.2.3:443"})
	check("statuses", f.Statuses, []scanner.Tally{{Value: "200", N: 1}, {Value: "429", N: 1}})
	check("auth", f.Auth, []scanner.Auth{{Kind: "bearer", Name: "authorization", N: 3, OK: 1, Last: 3}})
	check("tls", f.TLS, []scanner.TLS{{Version: "TLS 1.3", Issuer: "Test CA", Expiry: "2027-01-01T00:00:00Z", N: 1}})
	check("limits", f.RateLimit, []scanner.RateLimit{{Header: "x-ratelimit-limit-requests", Value: "500", Last: 1}, {Header: "retry-after", Value: "9", Last: 3}})
	check("media", f.Responses, []scanner.Tally{{Value: "text/event-stream", N: 1}, {Value: "application/json", N: 1}})
	check("asked", f.Requests, []scanner.Tally{{Value: "application/json", N: 3}})
	check("streamed, failed, unparsed", []int64{f.Streamed, f.Failed, f.Unparsed}, []int64{1, 1, 0})
	check("reasons", codes(e), "dangerous-tools")
}

func codes(e *scanner.Endpoint) string {
	var all []string
	for _, r := range e.Facts.Risks {
		all = append(all, r.Code)
	}
	return strings.Join(all, " ")
}

// TestWhatIsKeptIsACopy: storage writes while the Book goes on.
func TestWhatIsKeptIsACopy(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	call := shot{url: "https://a.example/x", header: "Origin: https://evil.test\nX-Api-Key: ⟨cred:1⟩", answerHeader: "Access-Control-Allow-Origin: *\nX-RateLimit-Limit: 1", answer: `{}`}
	l.fold(call)
	first := l.only()
	before := fmt.Sprintf("%+v %+v", first.Facts, *first.Facts.CORS)
	call.answerHeader = "Access-Control-Allow-Origin: https://evil.test\nAccess-Control-Allow-Credentials: true\nX-RateLimit-Limit: 2"
	l.fold(call)
	if after := fmt.Sprintf("%+v %+v", first.Facts, *first.Facts.CORS); after != before {
		t.Errorf("what was kept changed afterwards:\n%s\n%s", before, after)
	}
	if c := l.only().Facts.CORS; !c.Credentials || !slices.Equal(c.Origins, []string{"*", "reflected"}) {
		t.Errorf("CORS %+v", c)
	}
}

func TestUnparsed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, contentType, body string
		lost                    bool
		want                    int64
	}{
		{"whole", "application/json", `{"a":[1,2.5e3,true,null,"x\"y"]} `, false, 0},
		{"a scalar", "application/json", `"fine"`, false, 0},
		{"broken off", "application/json", `{"a":[1,2`, false, 1},
		{"broken off in a string", "application/problem+json", `{"a":"b`, false, 1},
		{"a page", "application/json", `<html></html>`, false, 1},
		{"two documents", "application/json", `{"a":1}{"b":2}`, false, 1},
		{"not a number", "application/json", `{"a":NaN}`, false, 1},
		{"a comma too many", "application/json", `[1,]`, false, 1},
		{"cut by the recorder", "application/json", `{"a":[1,2`, true, 0},
		{"it never said so", "text/plain", `{"a":[1,2`, false, 0},
		{"empty", "application/json", ``, false, 0},
		{"deep", "application/json", strings.Repeat("[", 5000) + strings.Repeat("]", 5000), false, 0},
		{"long and broken", "application/json", `{"a":"` + strings.Repeat("x", 300<<10), false, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLedger(t)
			l.fold(shot{url: "https://a.example/x", answerHeader: "Content-Type: " + tt.contentType, answer: tt.body, lost: tt.lost})
			if got := l.only().Facts.Unparsed; got != tt.want {
				t.Errorf("%d unparsed, want %d", got, tt.want)
			}
		})
	}
}

func TestListsAreBounded(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	var shots []shot
	for i := range 400 {
		shots = append(shots, shot{
			method: "POST", url: "https://a.example/v1/chat/completions",
			header:       fmt.Sprintf("Cookie: session_%d=⟨cred:%d⟩\nOrigin: https://o%d.test\nUser-Agent: agent%d/1\nX-Api-Key: ⟨cred:9⟩", i, i, i, i),
			body:         fmt.Sprintf(`{"model":"m%d%s","messages":[{"role":"user","content":"x"}]}`, i, strings.Repeat("y", 500)),
			answerHeader: fmt.Sprintf("Content-Type: text/x%d\nAccess-Control-Allow-Origin: https://p%d.test\nX-RateLimit-%d: 1", i, i, i),
			status:       200 + i, answer: "x", server: traffic.Server{Addr: fmt.Sprintf("10.0.%d.%d:1", i/256, i%256), TLSVersion: fmt.Sprintf("TLS %d", i)},
		})
	}
	l.fold(shots...)
	f := l.only().Facts
	if !f.Cut {
		t.Error("nothing says that lists are not whole")
	}
	for name, n := range map[string]int{
		"models": len(f.Models), "auth": len(f.Auth), "statuses": len(f.Statuses), "responses": len(f.Responses), "clients": len(f.Clients),
		"addresses": len(f.Addresses), "tls": len(f.TLS), "origins": len(f.CORS.Origins), "limits": len(f.RateLimit),
	} {
		if n < 8 || n > 256 {
			t.Errorf("%d %s", n, name)
		}
	}
	if len(f.Models[0]) > 200 {
		t.Errorf("a model's name has %d bytes", len(f.Models[0]))
	}
}
