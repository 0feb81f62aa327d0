package diff_test

import (
	"testing"

	"assay/llm"
	"assay/scanner/diff"
	"assay/traffic"
)

// FuzzCompare: whatever two servers send, comparing ends, never panics, and loses nothing of either text.
func FuzzCompare(f *testing.F) {
	f.Add(`{"id":1,"a":[{"b":"c"},2]}`, `{"id":2,"a":[{"b":"d"}]}`, "application/json", "/a/*/b")
	f.Add("data: {\"a\":1}\n\ndata: [DONE]\n\n", "data: {\"a\":2}\n\n", "text/event-stream", "ids")
	f.Add("I'm sorry, but I can't help", "I can’t\xff\x00 助", "text/plain", "usage")
	f.Add("[[[[", `{"a":`, "application/x-ndjson", "/")
	f.Fuzz(func(t *testing.T, a, b, contentType, ignore string) {
		sides := make([]diff.Side, 0, 2)
		for _, body := range []string{a, b} {
			header := traffic.Header{{Name: "Content-Type", Value: contentType}}
			c := llm.Parse(llm.Input{
				Method: "POST", URL: "https://api.openai.com/v1/chat/completions", Status: 200, Ended: true,
				RequestHeader: header, RequestBody: []byte(b), ResponseHeader: header, ResponseBody: []byte(body),
			})
			sides = append(sides, diff.Side{Status: 200, Header: header, Body: []byte(body), Said: &c})
		}
		diff.Compare(sides[0], sides[1], []string{ignore, diff.NoiseIDs, diff.NoiseDates})
		same := diff.Compare(sides[0], sides[0], nil)
		if !same.Bytes.Same || len(same.Bytes.Changes) > 0 || !sameMeaning(&same) {
			t.Errorf("%q differs from itself: %+v", a, same)
		}
		diff.Group(sides)
		sides[0].Request, sides[1].Request = true, true
		diff.Compare(sides[0], sides[1], nil)
		text := diff.CompareText(a, b)
		if x, y := joined(text); x != a || y != b {
			t.Errorf("the pieces of %q and %q make up %q and %q", a, b, x, y)
		}
	})
}
