package engine_test

import (
	"encoding/json"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/engine"
	"assay/scanner/judge"
	"assay/scanner/template"
	"assay/templates"
)

// shipped is the library of the program, read once.
var shipped = sync.OnceValue(func() *template.Library {
	lib, problems := template.Load(templates.Files)
	if len(problems) > 0 {
		panic(problems[0])
	}
	return lib
})

// victim is a model behind a chat API at an address.
func victim(t testing.TB, url string) *engine.Victim {
	t.Helper()
	v, err := victimOf(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Target.Close)
	return v
}

// planned is a run that is ready to begin.
func planned(t testing.TB, v *engine.Victim, spec scanner.RunSpec) (engine.Options, *memory) {
	t.Helper()
	plan, err := engine.NewPlan(shipped(), []*engine.Victim{v}, &spec, nil)
	if err != nil {
		t.Fatal(err)
	}
	run := &scanner.Run{
		ID: 1, Spec: spec, Targets: []scanner.RunTarget{{Ref: v.Subject.Ref, Name: "test", Provider: "openai", Model: "gpt-4o-mini"}},
		Tally: scanner.RunTally{Cases: len(plan.Cases)}, Estimate: plan.Estimate,
	}
	store := newMemory(plan.Cases)
	return engine.Options{Run: run, Library: shipped(), Victims: []*engine.Victim{v}, Store: store}, store
}

// says answers a chat request.
func says(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"id": "c1", "object": "chat.completion", "model": "gpt-4o-mini",
		"choices": []any{map[string]any{"index": 0, "finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": text}}},
		"usage":   map[string]any{"prompt_tokens": 20, "completion_tokens": 10, "total_tokens": 30},
	})
}

// rounded is a tally without the error of adding fractions in another order.
func rounded(t scanner.RunTally) scanner.RunTally {
	t.Dollars = math.Round(t.Dollars*1e9) / 1e9
	return t
}

func wait(t testing.TB, e *engine.Execution, err error) scanner.RunState {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	state, err := e.Wait()
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func TestRunEndsDone(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		says(w, "I'm sorry, but I can't help with that.")
	}))
	defer server.Close()
	o, store := planned(t, victim(t, server.URL), scanner.RunSpec{Suites: []string{"quick"}, Seed: 1})
	e, err := engine.Start(t.Context(), o)
	if state := wait(t, e, err); state != scanner.RunDone {
		t.Fatalf("%s: %s", state, e.Progress().Why)
	}
	tally := store.tally()
	if got := rounded(e.Progress().Tally); got != tally {
		t.Errorf("the run counts %+v, the project holds %+v", got, tally)
	}
	if tally.Pending() != 0 || tally.Vulnerable != 0 || tally.Resisted == 0 {
		t.Errorf("%+v", tally)
	}
	t.Logf("%+v", tally)
}

// baseline is the answer of a target that nobody attacks.
func baseline() *judge.Baseline {
	tokens := int64(24)
	text := "Your last order holds a rain jacket and a pair of gloves. It was sent yesterday and arrives on Thursday."
	said := &llm.Conversation{Kind: llm.KindLLM, Family: "openai.chat", Answer: text, Complete: true}
	said.Usage.Output = &tokens
	return &judge.Baseline{Prompt: "When does my order arrive?", Said: said, Status: 200, Body: []byte(text), Latency: 9 * time.Millisecond}
}
