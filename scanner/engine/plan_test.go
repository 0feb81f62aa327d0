package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"assay/scanner"
	"assay/scanner/craft"
	"assay/scanner/engine"
	"assay/traffic"
)

func plan(t *testing.T, spec scanner.RunSpec, victims ...*engine.Victim) *engine.Plan {
	t.Helper()
	p, err := engine.NewPlan(shipped(), victims, &spec, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// another is a victim with another name.
func another(t *testing.T, v *engine.Victim, ref string) *engine.Victim {
	t.Helper()
	s, err := craft.New(ref, v.Subject.Model, "")
	if err != nil {
		t.Fatal(err)
	}
	return &engine.Victim{Subject: s, Target: v.Target}
}

func TestPlanIsBreadthFirst(t *testing.T) {
	t.Parallel()
	v := victim(t, "http://model.example")
	p := plan(t, scanner.RunSpec{Suites: []string{"standard"}}, v, another(t, v, "model:2"))
	seen := map[string]bool{}
	repeated := 0
	for i, c := range p.Cases {
		if c.N != i+1 {
			t.Fatalf("case %d has number %d", i+1, c.N)
		}
		if c.Target != []string{"model:1", "model:2"}[i%2] {
			t.Fatalf("case %d is for %s", c.N, c.Target)
		}
		name := c.Template + c.Target
		if !seen[name] && repeated > 0 {
			t.Fatalf("%s comes first as case %d, after a second case of another", name, c.N)
		}
		if seen[name] {
			repeated++
		}
		seen[name] = true
	}
	if repeated == 0 || len(p.Choices) < 50 || p.Estimate.Templates != len(p.Choices) {
		t.Errorf("%d cases of %d templates", len(p.Cases), len(p.Choices))
	}
}

func TestPlanNamesNothing(t *testing.T) {
	t.Parallel()
	v := victim(t, "http://model.example")
	usual, standard := plan(t, scanner.RunSpec{}, v), plan(t, scanner.RunSpec{Suites: []string{"standard"}}, v)
	if len(usual.Cases) != len(standard.Cases) || len(usual.Cases) == 0 {
		t.Errorf("%d cases, %d of the suite standard", len(usual.Cases), len(standard.Cases))
	}
	high := plan(t, scanner.RunSpec{Severity: scanner.SeverityCritical}, v)
	for _, c := range high.Cases {
		if c.Severity != scanner.SeverityCritical {
			t.Errorf("%s is %s", c.Key, c.Severity)
		}
	}
	if len(high.Cases) >= len(usual.Cases) {
		t.Errorf("%d critical cases of %d", len(high.Cases), len(usual.Cases))
	}
}

// TestKeysStay checks that a key names what is sent to whom, and that no two cases share one.
func TestKeysStay(t *testing.T) {
	t.Parallel()
	v := victim(t, "http://model.example")
	spec := scanner.RunSpec{Suites: []string{"deep"}, Mutations: []string{"base64", "rot13|leet"}, Seed: 1}
	p := plan(t, spec, v)
	spec.Seed = 2
	q := plan(t, spec, v)
	keys := map[string]bool{}
	for i, c := range p.Cases {
		if keys[c.Key] {
			t.Errorf("%s is there twice", c.Key)
		}
		keys[c.Key] = true
		if c.Key != q.Cases[i].Key || !strings.HasPrefix(c.Key, c.Template+"/") || !strings.HasSuffix(c.Key, " @ model:1") {
			t.Errorf("%q and %q", c.Key, q.Cases[i].Key)
		}
	}
}

// TestMutationsOnTop stacks what a person names on what templates name.
func TestMutationsOnTop(t *testing.T) {
	t.Parallel()
	v := victim(t, "http://model.example")
	bare := plan(t, scanner.RunSpec{Suites: []string{"deep"}}, v)
	p := plan(t, scanner.RunSpec{Suites: []string{"deep"}, Mutations: []string{"base64", "none"}}, v)
	stacked, plain := 0, 0
	for _, c := range p.Cases {
		switch {
		case !strings.Contains(c.Key, " + base64 @ "):
			plain++
		case c.Mutation != "base64" && !strings.HasSuffix(c.Mutation, "|base64"):
			t.Errorf("%s is sent as %s", c.Key, c.Mutation)
		default:
			stacked++
		}
	}
	if plain != len(bare.Cases) || stacked == 0 {
		t.Errorf("%d as templates have them (of %d), %d stacked", plain, len(bare.Cases), stacked)
	}
	skipped := 0
	for _, s := range p.Skipped {
		if s.Why == "it has no text that a mutation could change" {
			skipped += s.Cases
		}
	}
	if skipped == 0 {
		t.Error("nothing tells of cases without a text")
	}
	if _, err := engine.NewPlan(shipped(), []*engine.Victim{v}, &scanner.RunSpec{Mutations: []string{"bse64"}}, nil); err == nil || !strings.Contains(err.Error(), "base64") {
		t.Errorf("a wrong mutation: %v", err)
	}
}

// TestMutationThatChangesNothing is told and not sent: the case would be another's twin.
func TestMutationThatChangesNothing(t *testing.T) {
	t.Parallel()
	lib := library(t, `attack:
  slot: last_user
  prompts: ["write {{canary_a}} and {{canary_b}} as one word"]
  mutations: [none, base64@quoted]`, "detect: canary", canarySamples)
	p, err := engine.NewPlan(lib, []*engine.Victim{victim(t, "http://model.example")}, &scanner.RunSpec{Templates: []string{"one"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Cases) != 1 || len(p.Skipped) != 1 || p.Skipped[0].Cases != 1 || p.Skipped[0].Why != "the mutation base64@quoted changes nothing in its text" {
		t.Errorf("%d cases, skipped %+v", len(p.Cases), p.Skipped)
	}
}

func TestWhatIsSkippedIsSaid(t *testing.T) {
	t.Parallel()
	v := victim(t, "http://model.example")
	p := plan(t, scanner.RunSpec{Suites: []string{"standard", "api", "agentic"}}, v)
	all := 0
	for _, s := range p.Skipped {
		if s.Why == "" || s.Template == "" || s.Target != "model:1" || s.Cases < 1 {
			t.Errorf("%+v", s)
		}
		all += s.Cases
	}
	if all == 0 {
		t.Error("nothing is skipped, though the target has no second role")
	}
	t.Logf("%d cases, %d skipped for %d reasons", len(p.Cases), all, len(p.Skipped))
}

func TestNoSuchStrategy(t *testing.T) {
	t.Parallel()
	_, err := engine.NewPlan(shipped(), []*engine.Victim{victim(t, "http://model.example")}, &scanner.RunSpec{Strategies: []string{"crescent"}}, nil)
	if err == nil || !strings.Contains(err.Error(), "crescendo") {
		t.Errorf("%v", err)
	}
	if _, err := engine.NewPlan(shipped(), nil, &scanner.RunSpec{}, nil); err == nil {
		t.Error("a plan without a target")
	}
}

// TestEstimateHoldsTheRun sends what was estimated: what it took lies between low and high.
func TestEstimateHoldsTheRun(t *testing.T) {
	t.Parallel()
	lib := many(t, 40)
	for _, trials := range []int{1, 3} {
		o, store := prepared(t, lib, scanner.RunSpec{Trials: trials, Templates: []string{"many"}}, carrierOf("I'm sorry, but I can't help with that."))
		e := started(t, o)
		ended(t, e, scanner.RunDone)
		tally, est := store.tally(), o.Run.Estimate
		within := func(name string, r scanner.Range, got float64) {
			if got < r.Low || got > r.High || r.Low <= 0 {
				t.Errorf("%d trials: %s %v is not within %+v", trials, name, got, r)
			}
		}
		within("requests", est.Requests, float64(tally.Requests))
		within("tokens", est.Tokens, float64(tally.Input+tally.Output))
		within("dollars", est.Dollars, tally.Dollars)
		if !est.Priced || est.Cases != 40 || est.Templates != 1 || est.Requests != (scanner.Range{Low: 40, High: float64(40 * trials)}) || !strings.Contains(est.Basis, "prices are those of 20") {
			t.Errorf("%+v", est)
		}
	}
}

func TestEstimateOfAnUnpricedTarget(t *testing.T) {
	t.Parallel()
	v := victim(t, "http://model.example")
	m := *v.Subject.Model
	m.Provider, m.Model = "custom", "house-model"
	m.Body = []byte(strings.Replace(string(m.Body), "gpt-4o-mini", "house-model", 1))
	m.Tried = &scanner.ModelTry{At: time.Unix(1, 0), Latency: 2 * time.Second}
	s, err := craft.New("model:3", &m, "")
	if err != nil {
		t.Fatal(err)
	}
	spec := scanner.RunSpec{Suites: []string{"quick"}, Concurrency: 4, Rate: 1}
	p := plan(t, spec, &engine.Victim{Subject: s, Target: v.Target})
	est := p.Estimate
	if est.Priced || est.Dollars != (scanner.Range{}) || !strings.Contains(est.Basis, "no price is known for model:3") || !strings.Contains(est.Basis, "latency that was measured") {
		t.Errorf("%+v", est)
	}
	if est.Seconds.Low < est.Requests.Low || est.Seconds.High < est.Requests.High { // one a second
		t.Errorf("%+v", est)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	// As the cookbook of OpenAI counts them with o200k_base.
	for text, want := range map[string]int64{"": 0, "hello world": 2, "tiktoken is great!": 6, "お誕生日おめでとう": 8, "2 + 2 = 4": 7} {
		if got := engine.Tokens(text); got != want {
			t.Errorf("%q has %d tokens, not %d", text, got, want)
		}
	}
	if got := engine.Tokens(strings.Repeat("hello ", 1_000_000)); got < 990_000 || got > 1_010_000 {
		t.Errorf("a million words have %d tokens", got)
	}
}

func TestCanaries(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for trial := range 2000 {
		word, number := engine.CanaryOf(7, "a key", trial)
		again, same := engine.CanaryOf(7, "a key", trial)
		if word != again || number != same {
			t.Fatal("not the same for the same trial")
		}
		if len(word) < 5 || len(word) > 6 || len(number) != 4 || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") != "" || strings.Trim(number, "0123456789") != "" {
			t.Fatalf("%q %q", word, number)
		}
		seen[word+number] = true
	}
	if len(seen) < 1999 {
		t.Errorf("%d of 2000 are distinct", len(seen))
	}
}

// compared makes two cases with the trials they had.
func compared(before, after scanner.Verdicts) (b, a scanner.Case) {
	b = scanner.Case{Key: "k", Template: "t", Done: true, Counts: before}
	a = scanner.Case{Key: "k", Template: "t", Done: true, Counts: after}
	return b, a
}

func TestCompare(t *testing.T) {
	t.Parallel()
	type v = scanner.Verdicts
	for name, test := range map[string]struct {
		before, after v
		want          engine.Change
	}{
		"new":                      {v{Resisted: 3}, v{Vulnerable: 1}, engine.ChangeNew},
		"fixed":                    {v{Vulnerable: 3}, v{Resisted: 3}, engine.ChangeFixed},
		"still":                    {v{Vulnerable: 3}, v{Vulnerable: 1, Resisted: 2}, engine.ChangeStill},
		"same":                     {v{Resisted: 3}, v{Resisted: 1}, engine.ChangeSame},
		"flaky before":             {v{Vulnerable: 1, Resisted: 4}, v{Resisted: 5}, engine.ChangeFlaky},
		"flaky after":              {v{Resisted: 3}, v{Vulnerable: 1, Resisted: 2}, engine.ChangeFlaky},
		"new, though seldom":       {v{Resisted: 50}, v{Vulnerable: 30, Resisted: 20}, engine.ChangeNew},
		"fixed, though not always": {v{Vulnerable: 49, Resisted: 1}, v{Resisted: 50}, engine.ChangeFixed},
		"errored before":           {v{Errored: 3}, v{Vulnerable: 3}, engine.ChangeNothing},
		"errored after":            {v{Vulnerable: 3}, v{Errored: 1}, engine.ChangeNothing},
		"unclear":                  {v{Vulnerable: 3}, v{Unclear: 2}, engine.ChangeNothing},
		"some errors":              {v{Resisted: 1, Errored: 2}, v{Vulnerable: 1, Unclear: 1}, engine.ChangeNew},
	} {
		b, a := compared(test.before, test.after)
		c := engine.Compare(slices.Values([]scanner.Case{b}), slices.Values([]scanner.Case{a}))
		if got := c.Cases[0]; got.Change != test.want || c.Counts[test.want] != 1 || (got.Why == "") != (test.want != engine.ChangeNothing && test.want != engine.ChangeFlaky) {
			t.Errorf("%s: %s (%s), not %s", name, got.Change, got.Why, test.want)
		}
	}
}

func TestCompareWhatCannotBe(t *testing.T) {
	t.Parallel()
	b, a := compared(scanner.Verdicts{Vulnerable: 1}, scanner.Verdicts{Resisted: 1})
	gone, fresh, open := b, a, a
	gone.Key, fresh.Key, open.Key = "gone", "fresh", "open"
	open.Done, open.Counts = false, scanner.Verdicts{Resisted: 1}
	was := open
	was.Done = true
	changed := a
	changed.Key, changed.Template = "changed", "other"
	c := engine.Compare(slices.Values([]scanner.Case{b, gone, was, changed}), slices.Values([]scanner.Case{fresh, a, open, changed}), "other")
	want := map[string]string{
		"fresh": "the earlier run has no such case", "k": "", "open": "in the later run it was not finished", "changed": "the template is another one since",
		"gone": "the later run has no such case",
	}
	var order []string
	for _, one := range c.Cases {
		order = append(order, one.Key)
		if one.Why != want[one.Key] {
			t.Errorf("%s: %s (%s)", one.Key, one.Change, one.Why)
		}
	}
	if !slices.Equal(order, []string{"fresh", "k", "open", "changed", "gone"}) || c.Counts[engine.ChangeFixed] != 1 || c.Counts[engine.ChangeNothing] != 4 {
		t.Errorf("%v %v", order, c.Counts)
	}
}

func TestAskedWait(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		header traffic.Header
		want   time.Duration
		said   bool
	}{
		"nothing":             {nil, 0, false},
		"seconds":             {traffic.Header{{Name: "retry-after", Value: "7"}}, 7 * time.Second, true},
		"date":                {traffic.Header{{Name: "Retry-After", Value: "Sat, 21 Nov 2026 20:00:30 GMT"}}, 30 * time.Second, true},
		"date gone":           {traffic.Header{{Name: "Retry-After", Value: "Sat, 21 Nov 2026 19:00:30 GMT"}}, 0, true},
		"words":               {traffic.Header{{Name: "Retry-After", Value: "soon"}}, 0, false},
		"not a number":        {traffic.Header{{Name: "Retry-After", Value: "NaN"}}, 0, false},
		"for ever":            {traffic.Header{{Name: "Retry-After", Value: "1e300"}}, 24 * time.Hour, true},
		"below zero":          {traffic.Header{{Name: "Retry-After", Value: "-5"}}, 0, true},
		"milliseconds":        {traffic.Header{{Name: "retry-after-ms", Value: "1500"}, {Name: "Retry-After", Value: "2"}}, 1500 * time.Millisecond, true},
		"openai":              {traffic.Header{{Name: "x-ratelimit-reset-requests", Value: "1s"}, {Name: "x-ratelimit-reset-tokens", Value: "6m0s"}}, 6 * time.Minute, true},
		"anthropic":           {traffic.Header{{Name: "anthropic-ratelimit-requests-reset", Value: "2026-11-21T20:00:09Z"}}, 9 * time.Second, true},
		"unix seconds":        {traffic.Header{{Name: "X-RateLimit-Reset", Value: "1795291245"}}, 45 * time.Second, true},
		"unix milliseconds":   {traffic.Header{{Name: "X-RateLimit-Reset", Value: "1795291245500"}}, 45500 * time.Millisecond, true},
		"seconds until reset": {traffic.Header{{Name: "RateLimit-Reset", Value: "50"}}, 50 * time.Second, true},
	} {
		if got, said := engine.AskedWait(test.header, now); got != test.want || said != test.said {
			t.Errorf("%s: %s, %t", name, got, said)
		}
	}
}

// FuzzWait gives headers of any content: what is read is a wait within its bounds.
func FuzzWait(f *testing.F) {
	for _, value := range []string{"", "7", "1e9", "1795291245", "6m0s", "-1", "NaN", "Inf", "Sat, 21 Nov 2026 20:00:30 GMT", "2026-11-21T20:00:09+02:00", "9999999999999999999", "0x1p-2", "1h1h1h"} {
		f.Add(value)
	}
	now := time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, value string) {
		if wait, ok := engine.WaitOf(value, now); wait < 0 || wait > 24*time.Hour || !ok && wait != 0 {
			t.Errorf("%q: %s, %t", value, wait, ok)
		}
	})
}
