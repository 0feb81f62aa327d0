package engine_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"assay/scanner"
	"assay/scanner/engine"
	"assay/scanner/target"
	"assay/test/honest"
)

// The four honest servers: what they do is known, so that every verdict about them can be checked.

// lastText is the text of the last message of a request, or of everything in it where it has none.
func lastText(body []byte) string {
	messages := gjson.GetBytes(body, "messages").Array()
	if len(messages) == 0 {
		return string(body)
	}
	content := messages[len(messages)-1].Get("content")
	if content.Type == gjson.String {
		return content.Str
	}
	var parts []string
	for _, p := range content.Array() {
		parts = append(parts, p.Get("text").Str)
	}
	return strings.Join(parts, "\n")
}

// proper is an API that is well made around its model: what attacks on the API look for is not there.
func proper(model http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Ratelimit-Remaining", "1000")
		switch {
		case r.Method != http.MethodPost:
			http.Error(w, `{"error":{"message":"method not allowed"}}`, http.StatusMethodNotAllowed)
		case r.URL.Path != "/v1/chat/completions":
			http.Error(w, `{"error":{"message":"there is nothing here"}}`, http.StatusNotFound)
		case !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json"):
			http.Error(w, `{"error":{"message":"unsupported media type"}}`, http.StatusUnsupportedMediaType)
		case r.ContentLength > 1<<20:
			http.Error(w, `{"error":{"message":"too large"}}`, http.StatusRequestEntityTooLarge)
		default:
			model(w, r)
		}
	}
}

// judged runs suites against a server and gives every trial.
func judged(t *testing.T, handler http.HandlerFunc, spec scanner.RunSpec, o target.Options) (*memory, scanner.RunTally) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	v := victim(t, server.URL)
	v.Subject.Model.Auth.Form = "none"
	to, err := target.New(v.Subject.Model, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(to.Close)
	v.Target = to
	spec.Seed = 7
	options, store := planned(t, v, spec)
	e, err := engine.Start(t.Context(), options)
	if state := wait(t, e, err); state != scanner.RunDone {
		t.Fatalf("%s: %s", state, e.Progress().Why)
	}
	tally := store.tally()
	if got := rounded(e.Progress().Tally); got != tally {
		t.Errorf("the run counts %+v, the project holds %+v", got, tally)
	}
	return store, tally
}

// report logs which templates came to a verdict, with an example of each.
func report(t *testing.T, m *memory, verdicts ...scanner.Verdict) {
	t.Helper()
	examples := map[string]string{}
	counts := map[string]int{}
	for _, key := range slices.SortedFunc(maps.Keys(m.trials), func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) }) {
		trial := m.trials[key]
		if !slices.Contains(verdicts, trial.Judgement.Verdict) {
			continue
		}
		c := m.cases[trial.Case-1]
		name := c.Template + " " + string(trial.Judgement.Verdict)
		counts[name]++
		if examples[name] == "" {
			sent := ""
			if len(trial.Sent) > 0 {
				sent = cmp.Or(trial.Sent[0].Text, trial.Sent[0].Plain)
			}
			examples[name] = fmt.Sprintf("%s status %d: %s\n  sent %.200q\n  answer %.300q\n  evidence %+v", c.Mutation, m.statuses[[2]int{trial.Case, trial.N}], trial.Judgement.Reason, sent, trial.Answer, trial.Judgement.Evidence)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(examples)) {
		t.Logf("%s (%d)\n  %s", name, counts[name], examples[name])
	}
}

// everything is the suites that the honest servers face.
var everything = []string{"standard", "api"}

func TestServerThatRefuses(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	store, tally := judged(t, proper(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		i := int(n.Add(1))
		quoted := lastText(body)
		switch form := honest.Refusals[i%len(honest.Refusals)]; i % 4 {
		case 1:
			quoted = quoted[:min(len(quoted), 80)]
		case 2:
			quoted = strings.ToUpper(quoted)
		case 3:
			// Only the end of it, which often is what the attack wants to hear: in quotes, or it would be said.
			if at := strings.Index(form, "%s"); at > 0 && strings.ContainsAny(form[max(0, at-3):at], "\"'“„«”‚「") {
				quoted = quoted[strings.LastIndexAny(quoted[:max(len(quoted)-1, 0)], "\n:")+1:]
			}
		}
		says(w, strings.ToValidUTF8(strings.Replace(honest.Refusals[i%len(honest.Refusals)], "%s", quoted, 1), ""))
	}), scanner.RunSpec{Suites: everything, Trials: 2}, target.Options{})
	t.Logf("%+v", tally)
	report(t, store, scanner.Vulnerable)
	if tally.Vulnerable > 0 || tally.Errored > 0 {
		report(t, store, scanner.Errored)
		t.Errorf("%d vulnerable, %d errored", tally.Vulnerable, tally.Errored)
	}
	if tally.Unclear*20 > tally.Cases {
		report(t, store, scanner.Unclear)
		t.Errorf("%d of %d unclear", tally.Unclear, tally.Cases)
	}
}

func TestServerThatAnswersTheQuestion(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	store, tally := judged(t, proper(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		says(w, innocents[int(n.Add(1))%len(innocents)])
	}), scanner.RunSpec{Suites: everything, Trials: 2}, target.Options{})
	t.Logf("%+v", tally)
	if tally.Vulnerable > 0 || tally.Errored > 0 {
		report(t, store, scanner.Vulnerable, scanner.Errored)
		t.Errorf("%d vulnerable, %d errored", tally.Vulnerable, tally.Errored)
	}
}

// fail answers as broken services do, another way each time.
func fail(w http.ResponseWriter, n int, text string) {
	w.Header().Set("Content-Type", "application/json")
	switch n % 9 {
	case 0:
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, `{"error":{"type":"rate_limit_error","message":"Rate limit reached for requests"}}`)
	case 1:
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = fmt.Fprintf(w, "<h1>could not process: %s</h1>", text)
	case 2:
		time.Sleep(300 * time.Millisecond) // longer than the run waits
		says(w, text)
	case 3:
		_, _ = io.WriteString(w, `{"choices":[{"message":{"role":"assistant","content":"`+text)
	case 4:
		w.Header().Set("Content-Type", "text/event-stream")
		piece, _ := json.Marshal(text)
		_, _ = fmt.Fprintf(w, "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":%s}}]}\n\n", piece)
	case 5:
		w.Header().Set("Content-Length", "100000")
		_, _ = io.WriteString(w, `{"choices":[{"message":{"role":"assistant","content":"`+text)
	case 6:
		w.WriteHeader(http.StatusOK)
	case 7:
		panic(http.ErrAbortHandler) // the connection ends without an answer
	case 8:
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, "<html>Bad gateway</html>")
	}
}

func TestServerThatFails(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	store, tally := judged(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fail(w, int(n.Add(1)), lastText(body))
	}, scanner.RunSpec{Suites: []string{"standard"}, Trials: 1, Concurrency: 32}, target.Options{Patience: 150 * time.Millisecond})
	t.Logf("%+v", tally)
	// To provoke an error is what verbose-error wants: one that tells nothing of the inside resists.
	wanted := 0
	for _, c := range store.cases {
		if c.Template == "verbose-error" && c.Verdict == scanner.Resisted {
			wanted++
		}
	}
	if tally.Errored+wanted != tally.Cases {
		report(t, store, scanner.Vulnerable, scanner.Resisted, scanner.Unclear)
		t.Errorf("%d of %d errored", tally.Errored, tally.Cases)
	}
}
