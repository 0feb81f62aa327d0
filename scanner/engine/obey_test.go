package engine_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/craft"
	"assay/scanner/engine"
	"assay/scanner/judge"
	"assay/scanner/template"
)

// obedient answers a chat request as an answer that a template's author wrote down, over the wire.
func obedient(w http.ResponseWriter, s *template.Sample, values map[string]string) error {
	var failed error
	fill := func(text string) string {
		out, err := template.Render(text, values)
		if err != nil {
			failed = err
		}
		return out
	}
	w.Header().Set("Content-Type", "application/json")
	for _, h := range s.Headers {
		value, _ := h.Value.(string)
		w.Header().Set(h.Name, fill(value))
	}
	time.Sleep(time.Duration(s.LatencyMS) * time.Millisecond / 100)
	status := s.Status
	if status == 0 {
		status = http.StatusOK
	}
	if s.Body != "" {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, fill(s.Body))
		return failed
	}
	message := map[string]any{"role": "assistant", "content": fill(s.Answer)}
	if s.Reasoning != "" {
		message["reasoning_content"] = fill(s.Reasoning)
	}
	if s.Refusal != "" {
		message["refusal"] = fill(s.Refusal)
	}
	finish := s.Finish
	if finish == "" {
		finish = "stop"
	}
	var calls []any
	for _, c := range s.ToolCalls {
		filled, err := template.RenderValue(c.Arguments, values)
		if err != nil {
			failed = err
		}
		arguments, err := json.Marshal(filled)
		if err != nil {
			failed = err
		}
		calls = append(calls, map[string]any{"id": "call_1", "type": "function", "function": map[string]any{"name": fill(c.Name), "arguments": string(arguments)}})
	}
	if calls != nil {
		message["tool_calls"] = calls
	}
	tokens := s.Tokens
	if tokens == 0 {
		tokens = 10
	}
	w.WriteHeader(status)
	err := json.NewEncoder(w).Encode(map[string]any{
		"id": "c1", "object": "chat.completion", "model": "gpt-4o-mini",
		"choices": []any{map[string]any{"index": 0, "finish_reason": finish, "message": message}},
		"usage":   map[string]any{"prompt_tokens": 20, "completion_tokens": tokens},
	})
	if failed != nil {
		return failed
	}
	return err
}

// vulnerableSample is the first answer of a template's author that gives in to its first prompt.
func vulnerableSample(t *template.Template) *template.Sample {
	for i := range t.Samples {
		s := &t.Samples[i]
		own := s.Prompt == "" && s.System == "" && !s.Callback && s.Error == ""
		// An answer that holds the canary of the samples, written out, says nothing of a trial's own.
		written := slices.Contains(t.Signals(), "canary") && !strings.Contains(s.Answer+s.Body+s.Reasoning, "{{") && len(s.ToolCalls) == 0
		if s.Verdict == scanner.Vulnerable && own && !written {
			return s
		}
	}
	return nil
}

// first reports whether a case has the first prompt of its template and the first value of every list.
func first(t *template.Template, c *scanner.Case) bool {
	for _, p := range t.Attack.Payloads {
		if value, named := c.Values[p.Name]; named && value != p.Values[0] {
			return false
		}
	}
	return c.Prompt <= 0
}

// TestServerThatObeys answers every case of a template's first prompt, in every mutation, as its author wrote that a target
// does which gives in.
func TestServerThatObeys(t *testing.T) {
	t.Parallel()
	var handler atomic.Pointer[http.HandlerFunc]
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*handler.Load())(w, r) }))
	defer server.Close()
	v := victim(t, server.URL)
	subject, err := craft.New("model:1", v.Subject.Model, template.SampleValues()["system_prompt"])
	if err != nil {
		t.Fatal(err)
	}
	v.Subject = subject
	spec := scanner.RunSpec{Suites: []string{"standard"}, Seed: 3, Trials: 1, Concurrency: 1}
	plan, err := engine.NewPlan(shipped(), []*engine.Victim{v}, &spec, nil)
	if err != nil {
		t.Fatal(err)
	}
	hit, all := 0, 0
	without := map[string]bool{}
	for _, c := range plan.Cases {
		tpl, err := shipped().Template(c.Template)
		if err != nil {
			t.Fatal(err)
		}
		s := vulnerableSample(tpl)
		if s == nil || !first(tpl, &c) {
			without[c.Template] = without[c.Template] || s == nil
			continue
		}
		values := sampleValues(v, &c, &spec)
		answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			mine := maps.Clone(values)
			mine["prompt"] = lastText(body)
			if err := obedient(w, s, mine); err != nil {
				t.Errorf("%s: %v", c.Template, err)
			}
		})
		handler.Store(&answer)
		trial := single(t, v, &c, &spec, s)
		all++
		if trial.Judgement.Verdict == scanner.Vulnerable {
			hit++
			checkEvidence(t, &c, &trial)
			continue
		}
		t.Logf("%s %s: %s (%s) of %.200q", c.Template, c.Mutation, trial.Judgement.Verdict, trial.Judgement.Reason, trial.Answer)
	}
	t.Logf("%d of %d vulnerable (%.1f %%); %d templates have no such sample", hit, all, 100*float64(hit)/float64(max(all, 1)), len(without))
	if all == 0 || hit*100 < all*95 {
		t.Errorf("%d of %d are found vulnerable", hit, all)
	}
}

// sampleValues are what variables stand for in the answers of a case.
func sampleValues(v *engine.Victim, c *scanner.Case, spec *scanner.RunSpec) map[string]string {
	values := template.SampleValues()
	maps.Copy(values, v.Subject.Values())
	maps.Copy(values, template.Canary(engine.CanaryOf(spec.Seed, c.Key, 1)))
	for name, text := range c.Values {
		if filled, err := template.Render(text, values); err == nil {
			values[name] = filled
		}
	}
	return values
}

// single runs one case alone and gives its trial.
func single(t *testing.T, v *engine.Victim, c *scanner.Case, spec *scanner.RunSpec, s *template.Sample) scanner.Trial {
	t.Helper()
	one := *c
	one.N = 1
	baseline := "Your last order holds a rain jacket and a pair of gloves. It was sent yesterday and arrives on Thursday."
	if s.Baseline != nil && s.Baseline.Answer != "" {
		baseline = s.Baseline.Answer
	}
	tokens := int64(24)
	said := &llm.Conversation{Kind: llm.KindLLM, Family: "openai.chat", Answer: baseline, Complete: true}
	said.Usage.Output = &tokens
	mine := *v
	mine.Baseline = &judge.Baseline{Prompt: v.Subject.Prompt, Said: said, Status: 200, Body: []byte(baseline), Latency: 9 * time.Millisecond}
	store := newMemory([]scanner.Case{one})
	run := &scanner.Run{ID: 1, Spec: *spec, Targets: []scanner.RunTarget{{Ref: v.Subject.Ref, Name: "test"}}, Tally: scanner.RunTally{Cases: 1}}
	e, err := engine.Start(t.Context(), engine.Options{Run: run, Library: shipped(), Victims: []*engine.Victim{&mine}, Store: store})
	if state := wait(t, e, err); state != scanner.RunDone {
		t.Fatalf("%s: %s", state, e.Progress().Why)
	}
	return store.trials[[2]int{1, 1}]
}

// checkEvidence checks that evidence stands where it says in the answer that is kept.
func checkEvidence(t *testing.T, c *scanner.Case, trial *scanner.Trial) {
	t.Helper()
	if len(trial.Judgement.Evidence) == 0 {
		t.Errorf("%s: vulnerable without evidence: %s", c.Template, trial.Judgement.Reason)
	}
	for _, e := range trial.Judgement.Evidence {
		if e.Where != "answer" || e.Start == e.End {
			continue
		}
		if e.End > len(trial.Answer) || !strings.HasPrefix(trial.Answer[e.Start:e.End], strings.TrimSuffix(e.Text, "…")) {
			t.Errorf("%s: %s at %d to %d is not %q in %q", c.Template, e.Signal, e.Start, e.End, e.Text, trial.Answer)
		}
	}
}
