package engine_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"assay/scanner"
	"assay/scanner/target"
)

// TestServerThatAnswersEverythingAlike faces the attacks on the API with a server that looks at nothing of a request: what
// it lets through shows no weakness. Its answers differ in their ids and times, as those of services do.
func TestServerThatAnswersEverythingAlike(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	store, tally := judged(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		i := n.Add(1)
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"id":"chatcmpl-%d","object":"chat.completion","created":%d,"choices":[{"index":0,"message":{"role":"assistant",`+
			`"content":"The museum opens at ten and closes at six."},"finish_reason":"stop"}]}`, 7*i, 1790000000+i)
	}, scanner.RunSpec{Suites: []string{"api"}, Trials: 1}, target.Options{})
	t.Logf("%+v", tally)
	if tally.Vulnerable > 0 || tally.Errored > 0 {
		report(t, store, scanner.Vulnerable, scanner.Errored)
		t.Errorf("%d vulnerable, %d errored", tally.Vulnerable, tally.Errored)
	}
	for _, c := range store.cases {
		if slices.Contains([]string{"method-changed", "content-type-changed", "oversized-input", "rate-limit-missing"}, c.Template) && c.Verdict != scanner.Unclear {
			t.Errorf("%s is %s (%s)", c.Template, c.Verdict, c.Reason)
		}
	}
}

// TestBurstWithALimitThatLifts lets the end of a burst through again: that there is a limit has been seen.
func TestBurstWithALimitThatLifts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		lib := library(t, `attack:
  requests:
    - {name: burst, repeat: {times: 30, parallel: 1}}`, `detect: {status: {in: ["2xx"]}}`, `samples:
  vulnerable: [{status: 200, answer: "Hello"}, {status: 201, answer: "Hello"}]
  resisted: [{status: 404, body: "{}"}, {status: 403, body: "{}"}]
`)
		var n atomic.Int64
		o, store := prepared(t, lib, scanner.RunSpec{Templates: []string{"one"}, Trials: 1}, func(*http.Request) (*http.Response, error) {
			if n.Add(1) == 20 {
				return answer(http.StatusTooManyRequests, `{}`), nil
			}
			return chat("Hello"), nil
		})
		p := ended(t, started(t, o), scanner.RunDone)
		if trial := store.trials[[2]int{1, 1}]; p.Tally.Resisted != 1 || trial.Requests != 30 {
			t.Errorf("%+v: %d requests, %s", p.Tally, trial.Requests, trial.Judgement.Reason)
		}
	})
}
