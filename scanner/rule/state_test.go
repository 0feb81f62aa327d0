package rule_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"reflect"
	"runtime"
	"testing"
	"time"

	"assay/scanner"
	"assay/scanner/rule"
	"assay/templates"
)

// unproven are the shipped rules, without their prose being proven.
func unproven(tb testing.TB) []*rule.Rule {
	tb.Helper()
	folder, err := fs.Sub(templates.Rules, "rules")
	if err != nil {
		tb.Fatal(err)
	}
	rules, problems := rule.Load(folder, nil)
	for _, p := range problems {
		tb.Error(p)
	}
	return rules
}

// crowd is traffic of many actors with many sorts of sign, the same for the same seed.
func crowd(seed uint64, n int) []*scanner.Sight {
	r := rand.New(rand.NewPCG(seed, 1))
	kinds := []scanner.SignKind{scanner.SignInjection, scanner.SignRefusal, scanner.SignAttack, scanner.SignToolCall, scanner.SignSecret}
	names := []string{"persona", "prompt_leak", "full", "sqli", "xss", "destructive", "fiction_frame"}
	var all []*scanner.Sight
	for i := range n {
		s := sight(i+1, time.Duration(i)*7*time.Second, fmt.Sprintf("user:%d", r.IntN(40)), 0)
		s.Kind, s.Model, s.Status = []string{"llm", "plain"}[r.IntN(2)], "gpt", []int{200, 401, 403, 404, 500}[r.IntN(5)]
		s.Conversation, s.Endpoint, s.Input, s.Output, s.Cost = s.Exchange%20+1, 3, int64(r.IntN(5000)), int64(r.IntN(9000)), int64(r.IntN(3_000_000))
		for range r.IntN(3) {
			s.Signs = append(s.Signs, scanner.Sign{
				Kind: kinds[r.IntN(len(kinds))], Name: names[r.IntN(len(names))], Side: []scanner.Side{scanner.InRequest, scanner.InAnswer}[r.IntN(2)], Role: "user", Score: r.Float64(), Why: "Something",
			})
		}
		all = append(all, s)
	}
	return all
}

// TestState goes on after Restore as if nothing had happened.
func TestState(t *testing.T) {
	t.Parallel()
	rules := unproven(t)
	whole, parts := newSet(t, nil, rules...), newSet(t, nil, rules...)
	matches, size := 0, 0
	for i, s := range crowd(1, 3000) {
		if i%500 == 499 {
			state, err := parts.State()
			if err != nil {
				t.Fatal(err)
			}
			size = len(state)
			parts = newSet(t, nil, rules...)
			if err := parts.Restore(state); err != nil {
				t.Fatal(err)
			}
		}
		want, got := whole.Observe(s, nil), parts.Observe(s, nil)
		if !reflect.DeepEqual(want, got) {
			t.Fatalf("exchange %d: %+v, not %+v", i, got, want)
		}
		matches += len(got)
	}
	if matches < 100 {
		t.Errorf("%d matches prove nothing", matches)
	}
	t.Logf("%d matches; a state has %d bytes", matches, size)
	if err := parts.Restore(nil); err != nil {
		t.Fatal(err)
	}
	if state, _ := parts.State(); len(state) > 16 {
		t.Errorf("nothing is forgotten: %d bytes", len(state))
	}
	for _, bad := range [][]byte{{9}, {1}, {1, 2, 3}, []byte("\x01\x00\x00\x00\x00\x00\x03abc")} {
		if err := parts.Restore(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

// TestFlood bounds memory, whoever comes.
func TestFlood(t *testing.T) {
	t.Parallel()
	set := newSet(t, nil, unproven(t)...)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range 20_000 {
		s := sight(i, time.Duration(i)*time.Millisecond, fmt.Sprintf("key:%d", i), 0.9)
		s.Kind, s.Model, s.Conversation, s.Endpoint = "llm", fmt.Sprint("model", i), s.Exchange, scanner.EndpointID(i)
		s.Host = fmt.Sprintf("%d.example", i)
		set.Observe(s, nil)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if set.Cut() == 0 {
		t.Error("nothing was cut, or nobody counted")
	}
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 200<<20 {
		t.Errorf("%d MB are held", grown>>20)
	}
	state, err := set.State()
	if err != nil || len(state) > 40<<20 {
		t.Errorf("the state has %d bytes, %v", len(state), err)
	}
	runtime.KeepAlive(set)
}

// FuzzRestore wants: no panic, and a set that works whatever it was given.
func FuzzRestore(f *testing.F) {
	rules := unproven(f)
	set := newSet(f, nil, rules...)
	for _, s := range crowd(2, 300) {
		set.Observe(s, nil)
	}
	state, err := set.State()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(state)
	f.Add(state[:len(state)/2])
	f.Add([]byte{1, 0, 0, 0, 0})
	probe := crowd(3, 20)
	f.Fuzz(func(t *testing.T, state []byte) {
		set := newSet(t, nil, rules...)
		err := set.Restore(state)
		for _, s := range probe {
			set.Observe(s, nil)
		}
		again, stateErr := set.State()
		if stateErr != nil {
			t.Fatal(stateErr)
		}
		if err == nil {
			if err := newSet(t, nil, rules...).Restore(again); err != nil {
				t.Errorf("what was written is not read: %v", err)
			}
		}
	})
}
