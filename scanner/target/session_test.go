package target_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/target"
	"assay/traffic"
)

func TestPlacesOfSessions(t *testing.T) {
	t.Parallel()
	in := llm.Input{
		URL: "https://a.example/s/old/x?sid=1&q=2", RequestBody: []byte(`{"a":{"b":"1"},"c":2}`),
		RequestHeader: traffic.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "Cookie", Value: "a=1; sid=2"}},
	}
	tests := []struct{ place, set, removed string }{
		{"/a/b", `{"a":{"b":"NEW"},"c":2}`, `{"a":{},"c":2}`},
		{"json:/d", `{"a":{"b":"1"},"c":2,"d":"NEW"}`, `{"a":{"b":"1"},"c":2}`},
		{"query:sid", "https://a.example/s/old/x?sid=NEW&q=2", "https://a.example/s/old/x?q=2"},
		{"header:X-S", "NEW", ""},
		{"cookie:sid", "a=1; sid=NEW", "a=1"},
		{"cookie:new", "a=1; sid=2; new=NEW", "a=1; sid=2"},
		{"path:old", "https://a.example/s/NEW/x?sid=1&q=2", ""},
	}
	show := func(place string, in llm.Input) string {
		switch {
		case strings.HasPrefix(place, "cookie:"):
			return in.RequestHeader.Get("Cookie")
		case strings.HasPrefix(place, "header:"):
			return in.RequestHeader.Get("X-S")
		case strings.HasPrefix(place, "query:"), strings.HasPrefix(place, "path:"):
			return in.URL
		}
		return string(in.RequestBody)
	}
	for _, tt := range tests {
		out, err := target.PutPlace(in, tt.place, "NEW")
		if err != nil || show(tt.place, out) != tt.set {
			t.Errorf("%s: %v %s", tt.place, err, show(tt.place, out))
		}
		if strings.HasPrefix(tt.place, "path:") {
			continue
		}
		if out, err = target.RemovePlace(in, tt.place); err != nil || show(tt.place, out) != tt.removed {
			t.Errorf("without %s: %v %s", tt.place, err, show(tt.place, out))
		}
	}
	if in.RequestHeader.Get("Cookie") != "a=1; sid=2" || string(in.RequestBody) != `{"a":{"b":"1"},"c":2}` {
		t.Error("what was given was changed")
	}
}

// TestSessionFails tells why no session could be opened: by a status, by silence, by a token that is not given.
func TestSessionFails(t *testing.T) {
	t.Parallel()
	var opened, asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/open":
			opened.Add(1)
			http.Error(w, `{"error":{"message":"no more sessions"}}`, http.StatusTooManyRequests)
		default:
			asked.Add(1)
			_, _ = w.Write([]byte(`{"reply":"Paris is it."}`))
		}
	}))
	defer server.Close()
	m := &scanner.Model{Method: http.MethodPost, URL: server.URL + "/chat", Body: []byte(`{"prompt":"Hello"}`), Slot: "json:/prompt"}
	made := reach(t, m, target.Options{})
	c := asCall(m, "", nil)
	c.Session = target.NewSession(&scanner.ModelSession{Open: []scanner.SessionRequest{{Method: http.MethodPost, URL: server.URL + "/open"}}, Token: "/id", Into: []string{"header:X-Session"}})
	a, err := made.Do(t.Context(), c)
	f, is := errors.AsType[*target.Failure](err)
	if !is || f.Code != target.CodeRateLimited || !strings.Contains(f.Error(), "no session") || a == nil || a.Status != http.StatusTooManyRequests || asked.Load() != 0 {
		t.Errorf("%+v %+v", f, a)
	}
	if _, err = made.Do(t.Context(), c); err == nil || opened.Load() != 2 {
		t.Errorf("%v: it was opened %d times", err, opened.Load())
	}
	c.Session = target.NewSession(&scanner.ModelSession{Open: []scanner.SessionRequest{{Method: http.MethodPost, URL: "http://127.0.0.1:1/open"}}, Token: "/id"})
	if _, err = made.Do(t.Context(), c); err == nil || asked.Load() != 0 {
		t.Errorf("%v", err)
	}
}

// FuzzPlaces sets, reads and takes out places of whatever request and answer.
func FuzzPlaces(f *testing.F) {
	f.Add("json:/a/b", `{"a":{"b":1}}`, "x", "https://a.example/?q=1")
	f.Add("cookie:a", `data: {"a":"b"}`+"\n\n", "x; y", "https://a.example/s/1")
	f.Add("path:1", `[]`, "/..", "https://a.example/s/1?x#y")
	f.Add("header:X-A", "", "a\r\nb", "")
	f.Add("name:a", `{"b":[{"a":5}]}`, "", "?")
	f.Add("form:f", "f=1&f=2", "&", "x")
	f.Fuzz(func(t *testing.T, place, body, text, url string) {
		if len(body) > 16<<10 {
			return
		}
		in := llm.Input{URL: url, RequestBody: []byte(body), RequestHeader: traffic.Header{{Name: "Cookie", Value: body}, {Name: "Content-Type", Value: text}}}
		for _, change := range []func() (llm.Input, error){
			func() (llm.Input, error) { return target.PutPlace(in, place, text) },
			func() (llm.Input, error) { return target.RemovePlace(in, place) },
		} {
			out, err := change()
			if err == nil && strings.HasPrefix(place, "json:") && json.Valid(in.RequestBody) && !json.Valid(out.RequestBody) {
				t.Fatalf("%q became %q", body, out.RequestBody)
			}
			if string(in.RequestBody) != body || in.RequestHeader.Get("Cookie") != body {
				t.Fatal("what was given was changed")
			}
		}
		target.ValueAt(&target.Answer{Body: []byte(body), Header: in.RequestHeader}, place)
	})
}
