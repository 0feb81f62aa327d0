package target_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"assay/scanner/target"
)

// TestFindsAnswer tries services whose format nobody documented.
func TestFindsAnswer(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"/shape/flat": "/answer", "/shape/deep": "/result/items/1/value", "/shape/echo": "/data/msg", "/shape/noise": "/text",
		"/shape/odd": "/x/a~1b/c~0d", "/shape/list": "/0", "/shape/string": "body", "/shape/history": "/messages/1/text",
		"/text": "body", "/stream": "/w",
	}
	for path, want := range tests {
		t.Run(strings.Trim(path, "/"), func(t *testing.T) {
			t.Parallel()
			m := build(t, target.Draft{Provider: "custom", URL: faulty(t) + path, Body: []byte(`{"q":"{{prompt}}"}`)})
			made := reach(t, m, target.Options{})
			tried, err := made.Try(t.Context())
			if err != nil {
				t.Fatalf("%v: %+v", err, tried.Candidates)
			}
			if m.Answer != want || !strings.Contains(tried.Answer.Text, "Paris") || tried.Requests > 2 {
				t.Errorf("%q at %s after %d requests, want it at %s; candidates %+v", tried.Answer.Text, m.Answer, tried.Requests, want, tried.Candidates)
			}
			again, err := made.Send(t.Context(), target.Request{Prompt: "What is the capital of France?"})
			if err != nil || !strings.Contains(again.Text, "Paris") {
				t.Errorf("the next answer is read as %+v, %v", again, err)
			}
		})
	}
}

func FuzzCandidates(f *testing.F) {
	f.Add([]byte(`{"answer":"Paris is it."}`), "application/json")
	f.Add([]byte(`{"a/b":{"c~d":["x y z"]}}`), "")
	f.Add([]byte("data: {\"t\":\"Par\"}\n\ndata: {\"t\":\"is\"}\n\n"), "text/event-stream")
	f.Add([]byte("{\"t\":\"a\"}\n{\"t\":\"b c d\"}\n"), "application/x-ndjson")
	f.Add([]byte("Paris."), "text/plain")
	f.Add([]byte(strings.Repeat("[", 5000)), "application/json")
	f.Add([]byte(`"just words in a string"`), "application/json")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		if len(body) > 64<<10 {
			return
		}
		found := target.Candidates(body, contentType, "What is it?", "paris")
		if len(found) > 20 {
			t.Fatalf("%d candidates", len(found))
		}
		last := 1 << 30
		for _, c := range found {
			text, ok := target.TextAt(body, contentType, c.Pointer)
			if !ok || text != c.Text || c.Score > last || c.Score <= 0 {
				t.Fatalf("%+v reads as %q, %t", c, text, ok)
			}
			if utf8.Valid(body) && !utf8.ValidString(c.Text) {
				t.Fatalf("%q is no text", c.Text)
			}
			last = c.Score
		}
	})
}
